//! `graphwright lint` on SDL files of the schema.

use crate::support::Project;

const SCHEMA: &str = "type Query {\n  users: [user]\n}\ntype user {\n  login: String @deprecated\n  name: String\n}\n";

/// Returns a project with these settings of the linter and this schema.
fn project(settings: &str, schema: &str) -> Project {
    let project = Project::small();
    let configuration = format!(
        "schema = \"schema.graphql\"\ndocuments = \"ops/*.graphql\"\n[extensions.graphwright.lint]\n{settings}"
    );
    project.write("graphql.config.toml", configuration);
    project.write("schema.graphql", schema);
    project.write("ops/me.graphql", "query Users { users { name } }\n");
    project
}

const ONE_RULE: &str = "extends = [\"none\"]\nrules = { require-deprecation-reason = \"error\" }\n";

/// Findings, a line each, and the exit code.
fn compact(project: &Project, arguments: &[&str]) -> String {
    let ran = project.run(&[&["lint", "--format", "compact"], arguments].concat());
    format!("exit {}\n{}", ran.code, ran.stdout)
}

#[test]
fn schemas_are_checked_where_a_rule_for_them_is_on() {
    assert_eq!(compact(&project("", SCHEMA), &[]), "exit 0\n");
    assert_eq!(
        compact(&project(ONE_RULE, SCHEMA), &[]),
        "exit 1\nschema.graphql:5:18: error[require-deprecation-reason]: the deprecation of `user.login` has no reason\n"
    );
    let all = compact(&project("extends = [\"schema\"]\n", SCHEMA), &[]);
    assert!(
        all.contains("schema.graphql:4:6: error[naming-convention]: the name of `user` should be in PascalCase"),
        "{all}"
    );
    assert!(all.contains("schema.graphql:4:6: error[strict-id-in-types]"), "{all}");
    assert!(!all.contains("ops/"), "{all}");
}

#[test]
fn a_schema_that_is_named_is_checked_and_a_document_alone_is_not_about_it() {
    let project = project(ONE_RULE, SCHEMA);
    assert!(compact(&project, &["schema.graphql"]).starts_with("exit 1"));
    assert_eq!(compact(&project, &["ops/me.graphql"]), "exit 0\n");
}

#[test]
fn comments_suppress_findings_in_schemas() {
    let ignored = SCHEMA.replace("  login", "  # graphwright-ignore require-deprecation-reason: old\n  login");
    assert_eq!(compact(&project(ONE_RULE, &ignored), &[]), "exit 0\n");
    let described = SCHEMA.replace(
        "type user",
        "# graphwright-ignore require-deprecation-reason: old\n\"\"\"\nA person.\n\"\"\"\ntype user",
    );
    assert_eq!(compact(&project(ONE_RULE, &described), &[]), "exit 0\n");
    let of_eslint =
        SCHEMA.replace("  login", "  # eslint-disable-next-line @graphql-eslint/require-deprecation-reason\n  login");
    assert_eq!(compact(&project(ONE_RULE, &of_eslint), &[]), "exit 0\n");
    let unused = format!("# graphwright-ignore require-deprecation-reason: none\n{SCHEMA}");
    let settings =
        "extends = [\"none\"]\nrules = { require-deprecation-reason = \"error\", unused-suppression = \"warn\" }\n";
    assert!(compact(&project(settings, &unused), &[]).contains("schema.graphql:1:1: warning[unused-suppression]"));
}

#[test]
fn overrides_levels_and_the_baseline_hold_for_schemas() {
    let quiet = format!(
        "{ONE_RULE}[[extensions.graphwright.lint.overrides]]\nfiles = [\"schema.*\"]\nrules = {{ require-deprecation-reason = \"off\" }}\n"
    );
    assert_eq!(compact(&project(&quiet, SCHEMA), &[]), "exit 0\n");
    let known = project(&format!("{ONE_RULE}baseline = \"known.json\"\n"), SCHEMA);
    assert!(
        compact(&known, &["--level", "require-deprecation-reason=warn"])
            .starts_with("exit 0\nschema.graphql:5:18: warning")
    );
    assert_eq!(known.run(&["lint", "--write-baseline"]).code, 0);
    assert_eq!(compact(&known, &[]), "exit 0\n");
    known.write("schema.graphql", SCHEMA.replace("@deprecated", ""));
    assert!(compact(&known, &[]).contains("stale-baseline"));
}

#[test]
fn categories_stand_for_their_rules() {
    let project = project("extends = [\"schema\"]\n", SCHEMA);
    let found = compact(&project, &["--only", "suspicious"]);
    assert_eq!(
        found,
        "exit 1\nschema.graphql:5:18: error[require-deprecation-reason]: the deprecation of `user.login` has no reason\n"
    );
    let without = compact(&project, &["--level", "suspicious=off"]);
    assert!(!without.contains("require-deprecation-reason") && without.contains("strict-id-in-types"), "{without}");
    let listed = project.run(&["rule", "performance"]);
    assert!(listed.stdout.contains("query-cost") && !listed.stdout.contains("no-deprecated"), "{}", listed.stdout);
    assert!(project.run(&["rule"]).stdout.contains("Categories"));
    let unknown = project.run(&["lint", "--only", "performence"]);
    assert!(unknown.stderr.contains("did you mean `performance`?"), "{}", unknown.stderr);
}

#[test]
fn a_schema_is_sorted_if_no_comment_would_lose_its_place() {
    let settings = "extends = [\"none\"]\n[extensions.graphwright.lint.rules.alphabetize]\nschema = { object_fields = true, enum_values = true }\n";
    let schema = "type Query { users: user }\nenum Role {\n  \"May do all.\"\n  B\n  A\n}\ntype user {\n  name: Int # of b\n  a: Int\n}\n";
    let project = project(settings, schema);
    assert_eq!(project.run(&["lint", "--fix"]).code, 0);
    assert_eq!(
        project.read("schema.graphql"),
        "type Query { users: user }\nenum Role {\n  A\n  \"May do all.\"\n  B\n}\ntype user {\n  name: Int # of b\n  a: Int\n}\n"
    );
}

#[test]
fn an_introspection_result_is_no_text_for_schema_rules() {
    let project = project(ONE_RULE, SCHEMA);
    let json = r#"{"__schema":{"queryType":{"name":"Query"},"types":[{"kind":"OBJECT","name":"Query","interfaces":[],"fields":[{"name":"users","args":[],"type":{"kind":"SCALAR","name":"String"},"isDeprecated":false}]},{"kind":"SCALAR","name":"String"}],"directives":[]}}"#;
    project.write("schema.graphql", json);
    project.write("ops/me.graphql", "query Users { users }\n");
    let found = compact(&project, &[]);
    assert_eq!(found.matches("schema rules require SDL").count(), 1, "{found}");
    assert!(found.starts_with("exit 0"), "{found}");
}
