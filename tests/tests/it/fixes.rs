//! The parts of files that `lint --fix` must not change.

use crate::support::Project;
use graphwright_tests::nasty;

#[test]
fn hard_documents_keep_their_meaning_their_comments_and_their_line_endings() {
    // `cargo xtask fixes` takes more.
    let totals = nasty::run(0, 60).unwrap();
    assert!(
        totals.failures.is_empty(),
        "{} failures\n{}",
        totals.failures.len(),
        totals.failures[..totals.failures.len().min(3)].join("\n\n")
    );
    assert!(totals.made > 300, "{totals:?}");
}

#[test]
fn fixes_that_can_only_be_made_together_are_made_in_the_first_run() {
    // Two `login` of one response name, in a definition in which other fixes are refused.
    let totals = nasty::run(5078, 1).unwrap();
    assert!(totals.failures.is_empty(), "{}", totals.failures.join("\n\n"));
}

fn project() -> Project {
    let project = Project::small();
    project.write("schema.graphql", "type Query { me: User }\ntype User { id: ID! name: String }\n");
    project
}

#[test]
fn files_keep_their_line_endings_and_what_a_killed_run_left_is_removed() {
    let project = project();
    project.write(
        "ops/me.graphql",
        "\u{feff}query Me {\r\n  me {\r\n    id id # twice\r\n    ... on User { name }\r\n  }\r\n}\r\n",
    );
    project.write("ops/.graphwright-killed.tmp", "query Me {");
    let ran = project.run(&["lint", "--fix"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        project.read("ops/me.graphql"),
        "\u{feff}query Me {\r\n  me {\r\n    id # twice\r\n    name\r\n  }\r\n}\r\n"
    );
    assert!(!project.path("ops/.graphwright-killed.tmp").exists());
}

#[test]
fn a_temporary_file_of_a_process_that_lives_stays() {
    let project = project();
    project.write("ops/me.graphql", "query Me { me { id id } }\n");
    project.write("ops/.graphwright-alive.tmp", "");
    let file = std::fs::File::open(project.path("ops/.graphwright-alive.tmp")).unwrap();
    file.lock().unwrap();
    project.run(&["lint", "--fix"]);
    assert!(project.path("ops/.graphwright-alive.tmp").exists());
    assert_eq!(project.read("ops/me.graphql"), "query Me { me { id } }\n");
}

#[test]
fn fixes_that_would_lose_comments_are_skipped_with_the_reason() {
    let project = project();
    let twice = "id @include(if: true)\n id @include(\n # b\n if: true)";
    project.write("ops/me.graphql", format!("query Me {{ me {{ {twice} }} }}\n"));
    let before = project.read("ops/me.graphql");
    let ran = project.run(&["lint", "--fix"]);
    assert_eq!(project.read("ops/me.graphql"), before);
    assert!(ran.stderr.contains("skipped the fix `remove the second `id``"), "{}", ran.stderr);
    assert!(ran.stderr.contains("comments would be lost"), "{}", ran.stderr);
}

#[test]
fn a_file_of_unused_fragments_is_not_emptied() {
    let project = project();
    project.write("ops/me.graphql", "query Me { me { id } }\nfragment Old on User { id }\n");
    project.write("ops/old.graphql", "fragment Older on User { id }\nfragment Oldest on User { ...Older }\n");
    project.run(&["lint", "--fix", "--unsafe-fixes"]);
    assert_eq!(project.read("ops/me.graphql").trim_end(), "query Me { me { id } }");
    assert!(project.read("ops/old.graphql").contains("fragment Older"));
}

#[test]
fn a_text_that_does_not_parse_is_never_clean() {
    let project = project();
    project.write("ops/me.graphql", "query Me { me { id }\n");
    let ran = project.run(&["lint", "--only", "no-deprecated", "--format", "compact"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("error[syntax]"), "{}", ran.stdout);
}

#[test]
fn rules_have_the_names_of_graphql_eslint_in_settings_too() {
    let project = project();
    project.write("ops/me.graphql", "query Me { me { id id } }\n");
    let config = project.read("graphql.config.toml");
    let rules = "[extensions.graphwright.lint.rules]\n\"@graphql-eslint/no-duplicate-fields\" = \"error\"\n";
    project.write("graphql.config.toml", format!("{config}\n{rules}"));
    let ran = project.run(&["lint", "--format", "compact"]);
    assert!(ran.stdout.contains("error[no-duplicate-fields]"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn unused_fragments_are_warnings_of_generate_of_which_twenty_are_shown() {
    let project = project();
    let unused: String = (0..25).map(|at| format!("fragment Unused{at} on User {{ id }}\n")).collect();
    project.write("ops/me.graphql", format!("query Me {{ me {{ id }} }}\n{unused}"));
    let ran = project.run(&["generate", "--stdout"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("warning[no-unused-fragments]").count(), 20);
    assert!(ran.stderr.contains("and 5 more\n\n25 warnings"), "{}", ran.stderr);
}

#[test]
fn entities_are_no_payloads_and_lists_of_named_items_are_bounded() {
    let project = project();
    project.write(
        "schema.graphql",
        "type Query { trials(id: ID, userId: ID, first: Int, limit: Int, where: Where): TrialConnection! }\n\
         type Mutation { run: Task rename: RenamePayload }\n\
         type Task { id: ID! errors: [TaskError!]! } type TaskError { id: ID! message: String }\n\
         type RenamePayload { id: ID errors: [Problem!]! } type Problem { message: String }\n\
         input Where { id: Match name: Match } input Match { eq: ID neq: ID }\n\
         type TrialConnection { nodes: [Trial!]! } type Trial { id: ID }\n",
    );
    project.write(
        "ops/me.graphql",
        "mutation M { run { id } rename { id } }\n\
         query Q($id: ID!) {\n  a: trials(id: $id) { nodes { id } }\n  b: trials(limit: 3) { nodes { id } }\n  \
         c: trials(where: { id: { eq: $id } }) { nodes { id } }\n  d: trials(where: { id: { neq: $id } }) { nodes { id } }\n  \
         e: trials(userId: $id) { nodes { id } }\n}\n",
    );
    let ran = project.run(&["lint", "--only", "mutation-payload-errors,unbounded-list", "--format", "compact"]);
    let places: Vec<&str> = ran.stdout.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["ops/me.graphql:1:25", "ops/me.graphql:6:6", "ops/me.graphql:7:6"], "{}", ran.stdout);
}

#[test]
fn payload_errors_that_a_fix_selects_are_those_that_generated_code_reads() {
    for list in ["errors", "userErrors", "problems"] {
        let project = Project::small();
        let schema = format!(
            "type Query {{ a: Int }}\ntype Mutation {{ rename(name: String!): RenamePayload }}\n\
             type RenamePayload {{ ok: Boolean {list}: [Problem!]! }}\ntype Problem {{ path: [String!] message: String! }}\n"
        );
        project.write("schema.graphql", schema);
        project.write("ops/me.graphql", "mutation Rename($name: String!) { rename(name: $name) { ok } }\n");
        project.run(&["lint", "--fix", "--unsafe-fixes", "--only", "mutation-payload-errors"]);
        let document = project.read("ops/me.graphql");
        assert!(document.contains(&format!("{list} {{ path message }}")), "{document}");
        assert_eq!(project.run(&["generate"]).code, 0);
        let code = project.read("out/me.rs");
        assert!(code.contains("__rt::payload!"), "generated code reads `{list}`");
    }
}

/// The findings of `lint`, each with the title of its fix, and what `--fix` makes of the document.
fn offered_and_made(project: &Project, rule: &str) -> (Vec<(String, Option<String>)>, String) {
    let ran = project.run(&["lint", "ops/me.graphql", "--only", rule, "--format", "json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let one = |one: &serde_json::Value| (text(&one["message"]).unwrap(), text(&one["fix"]["title"]));
    let before = project.read("ops/me.graphql");
    project.run(&["lint", "ops/me.graphql", "--only", rule, "--fix", "--unsafe-fixes"]);
    let after = project.read("ops/me.graphql");
    project.write("ops/me.graphql", before);
    (list.iter().map(one).collect(), after)
}

#[test]
fn a_fix_is_offered_where_it_is_made_whatever_other_documents_name() {
    let project = project();
    project.write(
        "schema.graphql",
        "type Query { me: User, other(length: Int): User }\n\
         type User {\n  id: ID!\n  nick(size: Int): String @deprecated(reason: \"Use `name`.\")\n  name(length: Int): String\n  \
         oldTitle: String @deprecated(reason: \"Use `User.title`.\")\n  title: String\n}\n",
    );
    project.write("ops/me.graphql", "query Me { me { nick oldTitle } }\n");
    let alone = offered_and_made(&project, "no-deprecated");
    // The arguments of `name` are others, though the document gives none.
    let offered = [
        ("`User.nick` is deprecated".to_owned(), None),
        ("`User.oldTitle` is deprecated".to_owned(), Some("select `title` instead".to_owned())),
    ];
    assert_eq!(alone, (offered.to_vec(), "query Me { me { nick oldTitle: title } }\n".to_owned()));
    project.write("ops/other.graphql", "query Other { other(length: 1) { name(length: 2) title } }\n");
    assert_eq!(offered_and_made(&project, "no-deprecated"), alone);
}

#[test]
fn required_selections_are_found_that_no_document_names() {
    let project = project();
    project.write(
        "schema.graphql",
        "type Query { me: Actor, other: Team }\ninterface Actor { name: String }\n\
         type User implements Actor { id: ID! name: String }\ntype Team implements Actor { id: ID! name: String }\n",
    );
    project.write("ops/me.graphql", "query Me { me { ... on User { name } } }\n");
    let alone = offered_and_made(&project, "require-selections");
    assert_eq!(alone.0, [("the selection of `Actor` lacks `id`".to_owned(), None)]);
    project.write("ops/other.graphql", "query Other { other { id } }\n");
    assert_eq!(offered_and_made(&project, "require-selections"), alone);
}
