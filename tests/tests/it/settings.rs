//! Settings of single operations, fragments, fields and variables, in the configuration.

use crate::support::{Project, root};
use insta::assert_snapshot;

const CONFIGURATION: &str = r#"schema = "schema.graphql"
documents = "ops/*.graphql"

[extensions.graphwright.generate]
output = "out"
"#;

fn with_settings(settings: &str) -> Project {
    let project = Project::small();
    project.write("graphql.config.toml", format!("{CONFIGURATION}{settings}"));
    project.write(
        "ops/me.graphql",
        "query Me($count: Int) { me { ...Named role } users(first: $count) { id ...Named } }\n\nfragment Named on User { name }\n",
    );
    project
}

#[test]
fn the_configuration_sets_what_comments_set() {
    let project = with_settings(
        r#"visibility = "pub(crate)"

[extensions.graphwright.fields]
"User.id" = "::std::string::String"

[extensions.graphwright.operations.Me]
rename = "Myself"
derives = ["Eq"]
visibility = "pub"

[extensions.graphwright.operations.Me.variables.count]
rename = "at_most"
type = "u8"

[extensions.graphwright.operations.Me.fields."me"]
type_name = "Person"
derives = ["Hash"]

[extensions.graphwright.operations.Me.fields."me.role"]
rename = "rank"

[extensions.graphwright.fragments]
Named = { rename = "WithName", derives = ["Eq", "Hash"] }
"#,
    );
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let code = ["mod", "me", "fragments"].map(|file| project.read(&format!("out/{file}.rs"))).concat();
    let telling = ["struct ", "derive(", "    pub ", "mod ", "pub(crate)", "__rt::input!"];
    let lines: Vec<&str> = code.lines().filter(|line| telling.iter().any(|part| line.contains(part))).collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn settings_of_what_is_not_there_are_errors_with_suggestions() {
    let project = with_settings(
        r#"
[extensions.graphwright.fields]
"Usr.id" = "String"
"User.nmae" = "String"
"Query.me" = "String"
"id" = "String"
"User.name" = "not a type!"
"#,
    );
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
    let project = with_settings(
        r#"
[extensions.graphwright.operations.Mee]
rename = "X"

[extensions.graphwright.operations.Me.fields]
"me.rol" = { rename = "x" }
"users" = { visibility = "pub" }
"users.id" = { rename = "not-rust" }

[extensions.graphwright.operations.Me.variables]
cuont = { rename = "x" }

[extensions.graphwright.fragments.Namd]
rename = "X"
"#,
    );
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
}

#[test]
fn an_unknown_setting_is_an_error() {
    let project = with_settings("\n[extensions.graphwright.operations.Me.fields]\nme = { renam = \"x\" }\n");
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let project = with_settings(
        "\n[extensions.graphwright.operations.Me.fields]\nme = { rename = \"x\", type_name = \"Data\" }\nusers = { rename = \"x\" }\n",
    );
    project.write("ops/b.graphql", "query B(\n  # @graphwright(rename: \"b\")\n  $a: Int\n  # @graphwright(rename: \"b\")\n  $b: Int\n) { x: users(first: $a) { id } y: users(first: $b) { id } }\n");
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
}

/// One name in two files: nodes that only one of them has can be configured.
#[test]
fn settings_are_for_all_operations_of_a_name() {
    let project = with_settings("\n[extensions.graphwright.operations.Me.fields]\n\"you.name\" = { rename = \"x\" }\n");
    project.write("ops/other.graphql", "query Me { you: me { name } }\n");
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.read("out/other.rs").contains("pub x: "));
}

/// The mapping of the object type counts, in whatever order the document selects.
#[test]
fn a_mapping_of_an_object_type_goes_before_that_of_its_interface() {
    let project = with_settings("\n[extensions.graphwright.fields]\n\"N.d\" = \"u8\"\n\"B.d\" = \"u16\"\n");
    project.write(
        "schema.graphql",
        "type Query { n: N }\ninterface N { d: Int }\ntype A implements N { d: Int }\ntype B implements N { d: Int }\n",
    );
    for document in ["query Me { n { d ... on B { d } } }", "query Me { n { ... on B { d } d } }"] {
        project.write("ops/me.graphql", document);
        let ran = project.run(&["generate"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let code = project.read("out/me.rs");
        assert!(code.contains("pub d: Option<u8>") && code.contains("pub d: Option<u16>"));
    }
}

fn with_types(settings: &str) -> Project {
    let project = with_settings(settings);
    project.write(
        "schema.graphql",
        "type Query { me: User users(first: Int, role: Role, by: By): [User!]! }\n\
         type User { id: ID! name: String role: Role! score: Float at: Date }\n\
         enum Role { ADMIN USER }\nscalar Date\ninput By { least: Int weight: Float! }\n",
    );
    project.write(
        "ops/me.graphql",
        "query Me($count: Int, $role: Role, $by: By) {\n  me {\n    ...Named\n    role\n  }\n  \
         users(first: $count, role: $role, by: $by) {\n    id\n    at\n    score\n    ...Named\n  }\n}\n\n\
         fragment Named on User {\n  name\n}\n",
    );
    project
}

#[test]
fn enums_inputs_and_scalars_can_be_given_derives() {
    let project = with_types(
        r#"
[extensions.graphwright.types]
Role = { derives = ["PartialOrd", "Ord", "::core::hash::Hash"] }
By = { derives = ["PartialOrd"] }
Date = { derives = ["Hash"] }

[extensions.graphwright.fields]
"By.least" = "i64"

[extensions.graphwright.fragments]
Named = { derives = ["Eq", "PartialOrd", "Ord", "Hash"] }

[extensions.graphwright.operations.Me.fields]
me = { derives = ["Eq", "PartialOrd", "Ord", "Hash"] }
"#,
    );
    let ran = project.run(&["generate"]);
    // `Input` has no order.
    assert!(
        ran.code == 2 && ran.stderr.contains("`PartialOrd` cannot be derived for the input object `By`"),
        "{ran:?}"
    );
    let config = project.read("graphql.config.toml").replace("By = { derives = [\"PartialOrd\"] }", "");
    project.write("graphql.config.toml", config);
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    project.write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"derives\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
             graphwright = {{ path = {:?}, default-features = false }}\n[workspace]\n[lib]\npath = \"lib.rs\"\n",
            root().join("runtime")
        ),
    );
    std::fs::copy(root().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
    project.write(
        "lib.rs",
        "#![no_implicit_prelude]\n#[path = \"out/mod.rs\"]\npub mod api;\n\
         pub fn ordered<T: ::core::cmp::Ord + ::core::hash::Hash>() {}\n\
         pub fn all() { ordered::<api::types::Role>(); ordered::<api::me::me::Me>(); ordered::<api::fragments::Named>(); }\n",
    );
    let check = std::process::Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .current_dir(project.folder.path())
        .env("CARGO_TARGET_DIR", root().join("target/editions"))
        .output()
        .unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn derives_that_do_not_compile_are_errors_at_the_setting() {
    let project = with_types(
        r#"
[extensions.graphwright.types]
Role = { derives = ["Ord", "Copy", "Default"] }
By = { derives = ["Eq", "Default"] }
Date = { derives = ["Ord"] }

[extensions.graphwright.operations.Me]
derives = ["Copy"]
"#,
    );
    let document = project.read("ops/me.graphql");
    let document = document.replace("  users(", "  # @graphwright(derives: [\"Eq\", \"serde::Serialize\"])\n  users(");
    project.write("ops/me.graphql", document);
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
}

#[test]
fn only_scalars_are_mapped_and_only_types_that_are_there_have_settings() {
    let project = with_types(
        r#"
[extensions.graphwright.scalars]
Role = "String"
User = "String"
Dat = "String"
Date = "String"

[extensions.graphwright.types]
Rol = { derives = ["Ord"] }
User = { derives = ["Ord"] }
Date = { derives = ["Ord"] }
By = { derives = ["not a path"] }
"#,
    );
    assert_snapshot!(project.run(&["generate"]).shown(&[]));
}
