//! The macros and the build script as their users have them: crates of their own, built by Cargo.

use crate::support::{Project, root, scratch_crate};
use graphwright_codegen::attribute::{self, Surroundings};
use graphwright_codegen::internal::{compile, config, load, output};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

const SCHEMA: &str = "type Query {\n  me: User\n}\n\ntype User {\n  id: ID!\n  name: String!\n  friends: [User!]!\n}\n";

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--message-format=json"])
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros/target"))
        .output()
        .unwrap()
}

/// Returns the messages of Cargo and the compiler.
fn messages(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn errors(output: &Output) -> Vec<String> {
    let messages = messages(output).into_iter().filter(|one| one["message"]["level"] == "error");
    messages.map(|one| one["message"]["rendered"].as_str().unwrap_or_default().to_owned()).collect()
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

#[test]
fn unused_fragments_are_warnings_of_the_compiler() {
    let folder = scratch_crate("unused", "");
    write(&folder, "schema.graphql", SCHEMA);
    write(&folder, "graphql.config.toml", "schema = \"schema.graphql\"\n");
    let unused: String = (0..30).map(|number| format!("fragment F{number} on User {{ id }}\n")).collect();
    write(&folder, "graphql/me.graphql", &format!("query Me {{ me {{ id }} }}\n{unused}"));
    let program = "#[graphwright::operations(\"graphql/me.graphql\")]\npub mod api {}\n";
    write(&folder, "src/lib.rs", program);
    let output = cargo(&folder, &["check"]);
    assert!(output.status.success(), "{:?}", errors(&output));
    let warnings: Vec<Value> =
        messages(&output).into_iter().filter(|one| one["message"]["level"] == "warning").collect();
    let texts: Vec<&str> = warnings.iter().filter_map(|one| one["message"]["message"].as_str()).collect();
    let of_fragments = texts.iter().filter(|text| text.contains("the fragment `F")).count();
    assert_eq!((of_fragments, texts.iter().filter(|text| text.ends_with("and 10 more")).count()), (20, 1), "{texts:?}");
    assert!(texts[0].contains("graphql/me.graphql:2:10"), "{}", texts[0]);
    assert_eq!(warnings[0]["message"]["spans"][0]["line_start"], 1, "at the attribute's argument");
}

#[test]
fn one_broken_module_among_twenty_is_the_only_one_with_errors() {
    let folder = scratch_crate("twenty", "");
    write(&folder, "schema.graphql", SCHEMA);
    write(&folder, "graphql.config.toml", "schema = \"schema.graphql\"\n");
    let mut program = String::new();
    let mut uses = String::new();
    for number in 0..20 {
        let field = if number == 7 { "nmae" } else { "name" };
        write(
            &folder,
            &format!("graphql/m{number}.graphql"),
            &format!("query Me{number} {{\n  me {{\n    id\n    {field}\n  }}\n}}\n"),
        );
        program += &format!("#[graphwright::operations(\"graphql/m{number}.graphql\")]\nmod m{number} {{}}\n");
        uses += &format!("    let _ = m{number}::Me{number}::new();\n");
        uses += &format!("    let _ = |data: m{number}::me{number}::Data| data.me.map(|me| me.id);\n");
    }
    write(&folder, "src/main.rs", &format!("#![deny(warnings)]\n{program}\nfn main() {{\n{uses}}}\n"));
    let output = cargo(&folder, &["check"]);
    let errors = errors(&output);
    let shown: Vec<&String> = errors.iter().filter(|error| !error.starts_with("error: aborting")).collect();
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert!(shown[0].contains("graphql/m7.graphql:4:5") && shown[0].contains("did you mean `name`?"), "{}", shown[0]);
    write(&folder, "graphql/m7.graphql", "query Me7 { me { id } }");
    let output = cargo(&folder, &["check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Returns the packages that were compiled, not taken as they were.
fn recompiled(folder: &Path) -> BTreeSet<String> {
    let output = cargo(folder, &["build"]);
    assert!(output.status.success(), "{}\n{:?}", String::from_utf8_lossy(&output.stderr), errors(&output));
    let artifacts =
        messages(&output).into_iter().filter(|one| one["reason"] == "compiler-artifact" && one["fresh"] == false);
    artifacts.map(|one| one["target"]["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_change_compiles_what_it_concerns_and_nothing_else() {
    let folder = scratch_crate("rebuild", "");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let member = |name: &str, more: &str| {
        manifest.replace("\"rebuild\"", &format!("\"{name}\"")).replace("[workspace]\n", "") + more
    };
    write(
        &folder,
        "Cargo.toml",
        "[workspace]\nmembers = [\"by_macro\", \"by_script\", \"neither\"]\nresolver = \"3\"\n",
    );
    std::fs::remove_dir_all(folder.join("src")).unwrap();
    write(&folder, "graphql.config.toml", "schema = \"schema.graphql\"\ndocuments = \"library/*.graphql\"\n");
    write(&folder, "schema.graphql", SCHEMA);
    write(&folder, "library/basic.graphql", "fragment Basic on User {\n  id\n}\n");
    write(&folder, "by_macro/Cargo.toml", &member("by_macro", ""));
    write(&folder, "by_macro/graphql/me.graphql", "query Me {\n  me {\n    ...Basic\n  }\n}\n");
    write(&folder, "by_macro/src/lib.rs", "#[graphwright::operations(\"graphql/me.graphql\")]\npub mod me {}\n");
    let codegen = root().join("codegen");
    let build = format!("\n[build-dependencies]\ngraphwright-codegen = {{ path = {codegen:?} }}\n");
    write(&folder, "by_script/Cargo.toml", &member("by_script", &build));
    write(
        &folder,
        "by_script/build.rs",
        "fn main() {\n    graphwright_codegen::Builder::new().documents(\"graphql/*.graphql\").run();\n}\n",
    );
    write(&folder, "by_script/graphql/me.graphql", "query Me {\n  me {\n    name\n  }\n}\n");
    write(&folder, "by_script/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/graphwright.rs\"));\n");
    write(&folder, "neither/Cargo.toml", &member("neither", ""));
    write(&folder, "neither/src/lib.rs", "pub use graphwright::Id;\n");

    recompiled(&folder);
    let ours = |names: BTreeSet<String>| {
        names.into_iter().filter(|name| name.contains("by_") || name == "neither").collect::<Vec<_>>()
    };
    let after = |change: &dyn Fn()| {
        // Cargo compares times of files, which are not finer than the clock.
        std::thread::sleep(std::time::Duration::from_millis(20));
        change();
        ours(recompiled(&folder))
    };
    assert!(after(&|| {}).is_empty(), "nothing has changed");
    let touched =
        after(&|| write(&folder, "by_macro/graphql/me.graphql", "query Me {\n  me {\n    id\n    ...Basic\n  }\n}\n"));
    assert_eq!(touched, ["by_macro"], "a document of the macro");
    let touched = after(&|| write(&folder, "library/basic.graphql", "fragment Basic on User {\n  id\n  name\n}\n"));
    assert_eq!(touched, ["by_macro"], "a fragment in another file");
    let touched = after(&|| write(&folder, "by_script/graphql/me.graphql", "query Me {\n  me {\n    id\n  }\n}\n"));
    assert_eq!(touched, ["by_script"], "a document of the build script");
    let touched = after(&|| write(&folder, "by_script/graphql/new.graphql", "query New {\n  me {\n    id\n  }\n}\n"));
    assert_eq!(touched, ["by_script"], "a new file in a folder");
    let touched = after(&|| write(&folder, "schema.graphql", &format!("{SCHEMA}\nscalar Date\n")));
    assert_eq!(touched, ["by_macro", "by_script"], "the schema");
    let touched = after(&|| {
        let config = "schema = \"schema.graphql\"\ndocuments = \"library/*.graphql\"\n\n[extensions.graphwright.generate]\nderives = [\"Eq\"]\n";
        write(&folder, "graphql.config.toml", config);
    });
    assert_eq!(touched, ["by_macro", "by_script"], "the configuration");
    let touched = after(&|| write(&folder, "neither/src/lib.rs", "pub use graphwright::{Id, Input};\n"));
    assert_eq!(touched, ["neither"], "another crate");

    // The build script's file is the one that `generate` writes, but for the paths.
    let built = std::fs::read_dir(Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros/target/debug/build")).unwrap();
    let built: Vec<String> = built
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("by_script"))
        .filter_map(|path| std::fs::read_to_string(path.join("out/graphwright.rs")).ok())
        .collect();
    let ran = Command::new(crate::support::binary())
        .args(["generate", "-q", "--documents", "by_script/graphql/*.graphql", "--output", "out.rs"])
        .current_dir(&folder)
        .status()
        .unwrap();
    assert!(ran.success());
    let generated = std::fs::read_to_string(folder.join("out.rs")).unwrap();
    assert!(built.iter().any(|built| without_paths(built) == without_paths(&generated)), "{built:?}\n{generated}");
}

/// Returns a file without white space, imports, attributes that allow lints, and all of a path that leads to a name that
/// modules import.
fn without_paths(code: &str) -> String {
    let mut text: String = without_origin(code).split_whitespace().collect();
    let quiet = "[cfg_attr(any(),rustfmt::skip)]";
    let allow = "[allow(forbidden_lint_groups,warnings,missing_copy_implementations,unreachable_pub,unused_qualifications,\
                 clippy::all,clippy::pedantic)]";
    for attribute in [quiet, allow] {
        text = text.replace(&format!("#!{attribute}"), "").replace(&format!("#{attribute}"), "");
    }
    let imports = ["use::graphwright::__private::prelude::*;", "use::graphwright::__privateas__rt;"];
    for gone in imports.into_iter().chain(["::core::option::", "::core::clone::", "::core::fmt::", "::core::cmp::"]) {
        text = text.replace(gone, "");
    }
    for gone in ["::core::hash::", "::std::string::", "::std::vec::", "self::", "super::"] {
        text = text.replace(gone, "");
    }
    text = text.replace("::graphwright::__private::", "__rt::").replace("::graphwright::", "");
    ["usefragments;", "usetypes;"].into_iter().fold(text, |text, import| text.replace(import, ""))
}

/// Returns a file without the lines that record its inputs.
fn without_origin(code: &str) -> String {
    code.lines().filter(|line| !line.starts_with("// ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_macro_makes_the_tokens_that_generate_writes() {
    let with_output = "output = \"api\"";
    for (documents, output, arguments) in [
        ("ops/me.graphql", "api.rs", "\"ops/me.graphql\""),
        ("ops", "api", with_output),
        // An output for the whole configuration also has its layout.
        ("ops", "api", ""),
    ] {
        let project = Project::small();
        project.write(
            "ops/users.graphql",
            "query Users($first: Int = 3) { users(first: $first) { ...F } }\nfragment F on User { id role }",
        );
        // Client-side selections are neither sent nor generated, from every entry point.
        project.write("client.graphql", "extend type User { isLoggedIn: Boolean! }");
        let me = project.read("ops/me.graphql").replacen("me {", "me @nonreactive { isLoggedIn", 1);
        assert!(me.contains("isLoggedIn"), "{me}");
        project.write("ops/me.graphql", me);
        let pattern = if documents.ends_with(".graphql") { documents } else { "ops/*.graphql" };
        let text = format!(
            "schema = \"schema.graphql\"\ndocuments = {pattern:?}\n\
             [extensions.graphwright]\nclient = \"apollo\"\nclient_schema = \"client.graphql\"\n\
             [extensions.graphwright.generate]\noutput = {output:?}\n"
        );
        project.write("graphql.config.toml", text);
        let config = config::load(&project.path("graphql.config.toml"), None).unwrap();
        let compiled = compile(&config, load::read(&config).unwrap()).unwrap();
        let wanted = output::nested_tokens(&compiled.module, &config).to_string();
        assert!(!wanted.contains("isLoggedIn") && !wanted.contains("nonreactive"), "{wanted}");
        let surroundings = Surroundings { crate_root: project.folder.path().to_owned(), locate: |_| None };
        let expanded =
            attribute::operations(arguments.parse().unwrap(), "mod api { use x; }".parse().unwrap(), &surroundings);
        let expanded = expanded.to_string();
        let body = expanded.strip_prefix("mod api { use x ; ").unwrap().strip_suffix('}').unwrap();
        let rest = body.strip_prefix(wanted.as_str()).unwrap_or_else(|| panic!("{body}\n\n{wanted}"));
        assert!(rest.trim().split(';').all(|one| one.is_empty() || one.trim().starts_with("const _")), "{rest}");

        // The code on disk is the same, formatted, but for the paths.
        assert_eq!(project.run(&["generate"]).code, 0);
        if output == "api.rs" {
            let wanted = output::file(&compiled.module, &config).unwrap();
            assert_eq!(without_paths(&project.read("api.rs")), without_paths(&wanted));
        }
    }
}

#[test]
fn modules_keep_what_they_hold_and_structs_become_operations() {
    let folder = scratch_crate("forms", "serde_json = \"1\"\n");
    write(&folder, "schema.graphql", SCHEMA);
    write(&folder, "graphql/me.graphql", "query Me {\n  me {\n    id\n    name\n  }\n}\n");
    write(&folder, "graphql/friends.graphql", "query Friends {\n  me {\n    friends {\n      name\n    }\n  }\n}\n");
    let roles = "type Query { user(role: Role): User pet: Pet } type User { id: ID role: Role } enum Role { GUEST }
        union Pet = Cat | Dog type Cat { lives: Int } type Dog { name: String }";
    write(&folder, "roles.graphql", roles);
    let program = r##"
        #![deny(warnings)]

        /// Documented by its user.
        #[graphwright::operations("graphql", schema = "schema.graphql", derives = ["Eq"])]
        pub(crate) mod api {
            use std::fmt::Display;

            impl Me {
                pub fn title(&self) -> impl Display { "me" }
            }
        }

        #[graphwright::operation(r#"query Renamed { me { id } }"#, schema = "schema.graphql")]
        pub struct Anything;

        mod private {
            #[graphwright::operation("{ me { name } }", schema = "schema.graphql")]
            struct Nameless;

            pub fn name(json: &str) -> String {
                let _ = Nameless::new();
                serde_json::from_str::<nameless::Data>(json).unwrap().me.unwrap().name
            }
        }

        // Types of the schema can be imported from elsewhere; Rust names are also names.
        mod elsewhere {
            #[graphwright::operation(
                "query Typed($role: Role) { user(role: $role) { role ...F } } fragment F on User { id }",
                schema = "roles.graphql"
            )]
            pub struct Typed;

            #[graphwright::operation("{ pet { ... on Cat { lives } } }", schema = "roles.graphql")]
            pub struct Pet;

            #[graphwright::operation("query Y { me { id } }", schema = "schema.graphql")]
            pub struct r#Raw;
        }

        fn main() {
            let typed = elsewhere::Typed::new().role(elsewhere::typed::types::Role::Guest);
            let _: (Option<elsewhere::typed::fragments::F>, _, elsewhere::Raw) = (None, typed, elsewhere::Raw::new());
            use graphwright::Operation;
            fn is_eq<T: Eq>(_: &T) {}
            let data: api::friends::Data = serde_json::from_str(r#"{"me":{"friends":[{"name":"Ada"}]}}"#).unwrap();
            is_eq(&data);
            println!("{} {}", api::Me::new().title(), data.me.unwrap().friends[0].name);
            println!("{} {:?}", Anything::DOCUMENT, Anything::NAME);
            println!("{}", private::name(r#"{"me":{"name":"Bob"}}"#));
            let _: Option<anything::Data> = None;
            // The type name determines the other fields: without it, a response is rejected rather than misread.
            for json in [r#"{"pet":{}}"#, r#"{"pet":{"lives":9}}"#] {
                println!("{}", serde_json::from_str::<elsewhere::pet::Data>(json).unwrap_err());
            }
        }
    "##;
    write(&folder, "src/main.rs", program);
    let output = cargo(&folder, &["build"]);
    assert!(output.status.success(), "{:#?}", errors(&output));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros/target/debug/forms");
    let output = Command::new(program).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "me Ada\nquery Renamed{me{id}} Some(\"Renamed\")\nBob\n\
         missing field `__typename` at `pet`\nmissing field `__typename` at `pet`\n"
    );
}

#[test]
fn prebuilt_code_is_used_as_long_as_it_is_up_to_date() {
    let folder = scratch_crate("ahead", "");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    write(&folder, "Cargo.toml", &manifest.replace("features = [\"macros\"]", "features = [\"prebuilt\"]"));
    write(&folder, "schema.graphql", SCHEMA);
    write(&folder, "graphql/me.graphql", "query Me {\n  me {\n    ...Basic\n  }\n}\n");
    write(&folder, "graphql/basic.graphql", "fragment Basic on User {\n  id\n}\n");
    for (output, path) in [("src/api", "api::me::Me"), ("src/api.rs", "api::Me")] {
        let config = format!(
            "schema = \"schema.graphql\"\ndocuments = \"graphql/*.graphql\"\n\n[extensions.graphwright.generate]\noutput = {output:?}\n"
        );
        write(&folder, "graphql.config.toml", &config);
        write(
            &folder,
            "src/main.rs",
            &format!(
                "#![deny(warnings)]\n#[graphwright::operations(output = {output:?})]\npub mod api {{}}\n\nfn main() {{\n    let _ = {path}::new();\n}}\n"
            ),
        );
        let generate = || {
            let ran =
                Command::new(crate::support::binary()).args(["generate", "-q"]).current_dir(&folder).status().unwrap();
            assert!(ran.success());
        };
        let missing = errors(&cargo(&folder, &["check"]));
        assert!(missing[0].contains("cannot read") && missing[0].contains("run `graphwright generate`"), "{missing:?}");
        generate();
        let output = cargo(&folder, &["check"]);
        assert!(output.status.success(), "{:#?}", errors(&output));
        for (file, old, new, told) in [
            ("graphql/basic.graphql", "id", "name", "graphql/basic.graphql has changed"),
            ("schema.graphql", "friends", "enemies", "schema.graphql has changed"),
            ("graphql.config.toml", "[extensions", "exclude = [\"x\"]\n[extensions", "graphql.config.toml has changed"),
        ] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            // Neither ends of lines nor comments are a change.
            write(&folder, file, &format!("# why\n\n{text}").replace('\n', "\r\n"));
            assert!(cargo(&folder, &["check"]).status.success(), "{file}");
            write(&folder, file, &text.replace(old, new));
            let shown = errors(&cargo(&folder, &["check"])).join("\n");
            assert!(shown.contains("is not up to date; run `graphwright generate`") && shown.contains(told), "{shown}");
            assert_eq!(shown.matches("error: ").count(), 1, "no error follows\n{shown}");
            generate();
            assert!(cargo(&folder, &["check"]).status.success(), "{file}");
            write(&folder, file, &text);
            generate();
        }
        write(&folder, "graphql/new.graphql", "query New {\n  me {\n    id\n  }\n}\n");
        // The compiler does not notice a new file, but a change of another input.
        write(&folder, "schema.graphql", SCHEMA);
        let shown = errors(&cargo(&folder, &["check"])).join("\n");
        assert!(shown.contains("graphql/new.graphql was added"), "{shown}");
        std::fs::remove_file(folder.join("graphql/new.graphql")).unwrap();
    }
}

#[test]
fn users_of_the_macros_compile_little() {
    let mut counts = BTreeMap::new();
    for features in ["macros", "prebuilt"] {
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "-e",
                "normal",
                "--prefix",
                "none",
                "-f",
                "{p}",
                "-p",
                "graphwright",
                "--no-default-features",
            ])
            .args(["--features", features])
            .current_dir(root())
            .output()
            .unwrap();
        let tree = String::from_utf8(tree.stdout).unwrap();
        let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        for unwanted in ["clap", "reqwest", "prettyplease", "indicatif", "notify", "similar", "anstream", "rustls"] {
            assert!(!names.contains(unwanted), "{features}: {unwanted}");
        }
        if features == "prebuilt" {
            assert!(
                !names.iter().any(|name| name.starts_with("apollo") || *name == "graphwright-codegen"),
                "{names:?}"
            );
        }
        counts.insert(features, names.len());
    }
    insta::assert_debug_snapshot!(counts);
}
