//! `graphwright usage` and `graphwright manifest`.

use crate::support::Project;
use graphwright_cli::lint::rules::EXAMPLE_SCHEMA;
use insta::assert_snapshot;
use serde_json::Value;

fn project() -> Project {
    let project = Project::small();
    project.write("schema.graphql", EXAMPLE_SCHEMA);
    project.write("ops/me.graphql", "query Me {\n  viewer { ...Person friends(first: 10) { nodes { name } } }\n}\n\nfragment Person on User {\n  id\n  login\n}\n");
    project.write("ops/more.graphql", "query Guests($n: Int) { users(first: $n, role: GUEST) { nodes { ...Person } } }\n\nmutation Rename($input: RenameUserInput!) { renameUser(input: $input) { errors { field } } }\n");
    project
}

#[test]
fn what_operations_use_is_counted_through_fragments_and_inputs() {
    let project = project();
    let ran = project.run(&["usage"]);
    assert_snapshot!(format!("{}{}", ran.stdout, ran.shown(&[])), @r"
    arguments           4 of     16 used (25 %)
    enum values         1 of      5 used (20 %)
    fields             10 of     34 used (29 %)
    input fields        3 of      3 used (100 %)
    types               8 of     15 used (53 %)

    deprecated and in use:
      User.login in 2 operations: Use `name` instead. Removal on 2020-01-01 UTC.
        ops/me.graphql:7:3
      Role.GUEST in 1 operation: Guests are members now.
        ops/more.graphql:1:48

          cost    nodes depth  operation
    ~      101      100     3  Guests  (users 100)
            12       10     4  Me  (friends 10)
    ~       11        0     3  Rename  (errors 10)

    ~: assumes the page size, since a variable sets it
    exit 0
    ");
    let usage: Value = serde_json::from_str(&project.run(&["usage", "--json"]).stdout).unwrap();
    let of = |ty: &str, member: &str| {
        let types = usage["types"].as_array().unwrap();
        let ty = types.iter().find(|one| one["name"] == ty).unwrap();
        let member = ty["members"].as_array().unwrap().iter().find(|one| one["name"] == member).unwrap();
        member.clone()
    };
    let named = |ids: &Value| -> Vec<String> {
        let name = |id: &Value| usage["operations"][id.as_u64().unwrap() as usize]["name"].as_str().unwrap().to_owned();
        ids.as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(named(&of("User", "login")["operations"]), ["Me", "Guests"], "through the fragment");
    assert!(named(&of("User", "email")["operations"]).is_empty());
    assert_eq!(named(&of("RenameUserInput", "nickname")["operations"]), ["Rename"], "a variable can bring it");
    assert_eq!(named(&of("Role", "GUEST")["operations"]), ["Guests"]);
    let first = &of("User", "friends")["arguments"][0];
    assert_eq!((first["name"].as_str(), named(&first["operations"])), (Some("first"), vec!["Me".to_owned()]));
    assert_eq!(named(&usage["deprecated"][0]["operations"]), ["Me", "Guests"]);
    assert_eq!(named(&usage["deprecated"][0]["places"][0]["operations"]), ["Me", "Guests"]);
}

#[test]
fn deprecated_arguments_and_input_fields_count() {
    let project = Project::small();
    let schema = "type Query { f(old: Int @deprecated(reason: \"Use `new`.\"), new: Int, in: In): Int }\ninput In { a: Int @deprecated b: Int }\n";
    project.write("schema.graphql", schema);
    project.write("ops/f.graphql", "query F { f(old: 1, in: {a: 1}) }\nquery G($in: In) { f(new: 1, in: $in) }\n");
    let ran = project.run(&["usage"]);
    let list = ran.stdout.split("\n\n").find(|part| part.starts_with("deprecated"));
    assert_snapshot!(list.unwrap_or_default(), @r"
    deprecated and in use:
      In.a in 2 operations: No longer supported
        ops/f.graphql:1:26
        ops/f.graphql:2:30
      Query.f(old:) in 1 operation: Use `new`.
        ops/f.graphql:1:13
    ");
}

#[test]
fn the_page_needs_nothing_else() {
    let project = project();
    let schema = format!(
        "{EXAMPLE_SCHEMA}\nextend type Team {{ a: Int @deprecated(reason: \"</script><script>alert(1)</script><!-- \") }}\n"
    );
    project.write("schema.graphql", schema);
    project.write("ops/team.graphql", "query T { viewer { teams { a } } }\n");
    assert_eq!(project.run(&["usage", "--html", "usage.html"]).code, 0);
    let page = project.read("usage.html");
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"));
    assert_eq!(page.matches("</script>").count(), 2, "texts of the schema cannot end a script");
    if std::env::var_os("GRAPHWRIGHT_SLOW").is_none() {
        return;
    }
    // In a browser: the tables are filled, and there are no errors.
    let dom = in_browser(&project, "");
    assert!(dom.contains(">User.login</code>"), "deprecated use is listed");
    assert!(dom.matches("class=\"tile\"").count() > 10, "the map has tiles");
    assert!(dom.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "texts are texts");
    // From a coordinate to its operations, and back.
    let dom = in_browser(&project, "#coordinate=User.login");
    let detail = &dom[dom.find("<aside").unwrap()..];
    assert!(detail.contains("Used by 2 operations") && detail.contains(">Guests</code>"), "{detail}");
    let dom = in_browser(&project, "#operation=1");
    let detail = &dom[dom.find("<aside").unwrap()..];
    assert!(detail.contains("ops/more.graphql:1") && detail.contains(">login</code>"), "{detail}");
}

/// The page as a browser has built it.
fn in_browser(project: &Project, address: &str) -> String {
    let url = format!("file://{}{address}", project.path("usage.html").display());
    let output = std::process::Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=3000",
            "--enable-logging=stderr",
            "--dump-dom",
            &url,
        ])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!told.contains("CONSOLE") && !told.contains("Uncaught"), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn operations_of_one_name_and_projects_of_one_name_are_told_apart() {
    let project = Project { folder: tempfile::tempdir().unwrap() };
    let schema = "type Query { a: Int b: Int }\n";
    for folder in ["one", "two"] {
        project.write(&format!("{folder}/schema.graphql"), schema);
        project.write(&format!("{folder}/q/a.graphql"), "query Same { a }\n");
        let config = "[projects.api]\nschema = \"schema.graphql\"\ndocuments = \"q/*.graphql\"\n";
        project.write(&format!("{folder}/graphql.config.toml"), config);
    }
    project.write("two/q/b.graphql", "query Same { b }\n");
    let ran = project.run(&["usage", "one", "two"]);
    let rows: Vec<_> = ran.stdout.lines().filter(|line| line.contains("Same") || line.contains("api")).collect();
    assert_snapshot!(rows.join("\n"), @r"
    one:api
             0        0     1  Same
    two:api
             0        0     1  Same  two/q/a.graphql:1
             0        0     1  Same  two/q/b.graphql:1
    ");
    let usage: Value = serde_json::from_str(&project.run(&["usage", "--json", "one", "two"]).stdout).unwrap();
    assert_eq!(usage["one:api"]["operations"].as_array().map(Vec::len), Some(1));
    assert_eq!(usage["two:api"]["operations"].as_array().map(Vec::len), Some(2));
    assert_eq!(usage["two:api"]["types"][0]["members"][1]["operations"], serde_json::json!([1]), "Query.b");
    assert_eq!(project.run(&["usage", "--html", "usage.html", "one", "two"]).code, 0);
    let page = project.read("usage.html");
    assert!(page.contains(r#""project":"one:api""#) && page.contains(r#""project":"two:api""#));
}

#[test]
fn the_manifest_has_the_documents_of_the_code() {
    let project = project();
    let ran = project.run(&["manifest", "--out", "operations.json"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 0
    wrote 3 documents to operations.json
    ");
    let manifest: Value = serde_json::from_str(&project.read("operations.json")).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&manifest["operations"][1]).unwrap(), @r#"
    {
      "body": "query Me{viewer{...Person friends(first:10){nodes{name}}}}fragment Person on User{id login}",
      "id": "bf01093fdc97fb3b97dbe7e6927eb2edb7eb3068539f95ef0de81e6b074e3fbc",
      "name": "Me",
      "type": "query"
    }
    "#);
    project.run(&["generate"]);
    let code = project.read("out/me.rs");
    for operation in manifest["operations"].as_array().unwrap().iter().filter(|one| one["name"] == "Me") {
        assert!(code.contains(operation["id"].as_str().unwrap()), "the hash is that of the code");
    }
    assert_eq!(project.run(&["manifest", "--out", "operations.json", "--check"]).code, 0);
    let text = project.read("ops/me.graphql").replace("  id\n", "");
    project.write("ops/me.graphql", text);
    let stale = project.run(&["manifest", "--out", "operations.json", "--check"]);
    assert_eq!((stale.code, stale.stdout.matches("\n-      \"id\"").count()), (1, 2), "{}", stale.stdout);
    let map: Value = serde_json::from_str(&project.run(&["manifest", "--format", "map"]).stdout).unwrap();
    assert_eq!(map.as_object().unwrap().len(), 3);
    project.write("ops/me.graphql", "query Me { viewer { nmae } }\n");
    assert_eq!(project.run(&["manifest", "--out", "operations.json"]).code, 1);
}
