//! The command line as a whole: help, flags, colours, `init`.

use crate::support::Project;
use insta::assert_snapshot;

#[test]
fn help_has_examples_and_exit_codes() {
    let project = Project::small();
    assert_snapshot!(project.run(&["--help"]).stdout);
    assert_snapshot!(project.run(&["generate", "--help"]).stdout);
}

#[test]
fn unknown_flags_and_commands_are_usage_errors() {
    let project = Project::small();
    let ran = project.run(&["generate", "--chekc"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--check"), "{}", ran.stderr);
    assert_eq!(project.run(&["generat"]).code, 2);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let project = Project::small();
    project.write("ops/me.graphql", "query Me { nobody }");
    assert!(!project.run(&["generate"]).stderr.contains('\u{1b}'));
    assert!(project.run(&["generate", "--color", "always"]).stderr.contains("\u{1b}["));
    assert!(!project.run(&["generate", "--color", "never"]).stderr.contains('\u{1b}'));
}

#[test]
fn init_writes_a_configuration_that_works() {
    let project = Project::small();
    let refused = project.run(&["init", "--yes"]);
    assert_snapshot!(refused.shown(&[]), @"
    exit 2
    error: graphql.config.toml already exists; --force replaces it
    ");
    let ran = project.run(&[
        "init",
        "--force",
        "--schema",
        "schema.graphql",
        "--documents",
        "ops/*.graphql",
        "--output",
        "src/api",
        "--url",
        "https://example.com/graphql",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_snapshot!(project.read("graphql.config.toml"));
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(project.path("src/api/me.rs").exists());
}
