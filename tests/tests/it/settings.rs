//! Settings of single operations, fragments, fields and variables, in the configuration.

use crate::support::Project;
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
Named = { rename = "WithName" }
"#,
    );
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let code = ["mod", "me", "fragments"].map(|file| project.read(&format!("out/{file}.rs"))).concat();
    let telling = ["struct ", "derive(", "    pub ", "mod ", "pub(crate)"];
    let uninteresting = ["fn ", "pub s0", "pub s1", "pub s2", "pub f0", "Default", "pub mod __slots"];
    let lines = code.lines().filter(|line| telling.iter().any(|part| line.contains(part)));
    let lines: Vec<&str> = lines.filter(|line| !uninteresting.iter().any(|part| line.contains(part))).collect();
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

/// One name in two files: what only one of them has can be set.
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
        assert!(
            code.contains("pub d: ::core::option::Option<u8>") && code.contains("pub d: ::core::option::Option<u16>")
        );
    }
}
