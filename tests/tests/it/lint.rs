//! `graphwright lint`, as its users call it.

use crate::support::{Project, Ran, root};
use insta::assert_snapshot;
use serde_json::Value;
use std::process::Command;

/// Returns a project with a fragment in one file and an operation in another, and findings in both.
fn project() -> Project {
    let project = Project::small();
    project.write(
        "schema.graphql",
        "type Query {\n  me: User\n  users(first: Int, after: String): UserConnection!\n}\n\
         type Mutation { rename(name: String!): RenamePayload }\n\
         type RenamePayload { user: User errors: [Error!]! }\ntype Error { field: String! messages: [String!]! }\n\
         type User {\n  id: ID!\n  name: String\n  login: String @deprecated(reason: \"Use `name`.\")\n}\n\
         type UserConnection { nodes: [User!]! pageInfo: PageInfo! }\n\
         type PageInfo { hasNextPage: Boolean! endCursor: String }\n",
    );
    project.write("ops/me.graphql", "query Me {\n  me {\n    ...UserName\n    id\n    id\n  }\n}\n");
    project.write("ops/user.graphql", "fragment UserName on User {\n  name\n  login\n}\n");
    project
}

fn lint(project: &Project, arguments: &[&str]) -> Ran {
    project.run(&[&["lint"], arguments].concat())
}

/// Findings, a line each, and the exit code.
fn compact(project: &Project, arguments: &[&str]) -> String {
    let ran = lint(project, &[&["--format", "compact"], arguments].concat());
    format!("exit {}\n{}{}", ran.code, ran.stdout, if ran.stdout.is_empty() { ran.stderr } else { String::new() })
}

#[test]
fn a_fragment_is_used_by_those_who_can_mean_it() {
    let project = project();
    project.write("ops/other.graphql", "query Other { me { ...Own } }\nfragment Own on User { id }\n");
    project.write("ops/third.graphql", "fragment Own on User { name }\nfragment Name on User { name }\n");
    project.write("ops/fourth.graphql", "query Fourth { me { id ...Name } }\n");
    assert_snapshot!(compact(&project, &["--only", "no-unused-fragments"]), @r"
    exit 0
    ops/third.graphql:1:10: warning[no-unused-fragments]: no operation uses the fragment `Own`
    ");
}

#[test]
fn findings_are_shown_in_their_source() {
    let ran = lint(&project(), &[]);
    assert_snapshot!(format!("{}{}", ran.stdout, ran.shown(&[])), @r"
    warning[no-duplicate-fields]: `id` is selected twice
     --> ops/me.graphql:5:5
      |
    4 |     id
      |     -- first here
    5 |     id
      |     ^^

    warning[no-deprecated]: `User.login` is deprecated
     --> ops/user.graphql:3:3
      |
    3 |   login
      |   ^^^^^
      |
      = note: the schema says: Use `name`.

    exit 0
    2 warnings in 2 files
    1 fixable with --fix, 1 more with --unsafe-fixes
    `graphwright rule NAME` explains a rule
    ");
}

#[test]
fn errors_fail_and_warnings_only_if_asked() {
    let project = project();
    assert_eq!(lint(&project, &[]).code, 0);
    assert_eq!(lint(&project, &["--max-warnings", "1"]).code, 1);
    assert_eq!(lint(&project, &["--max-warnings", "2"]).code, 0);
    assert_eq!(lint(&project, &["--level", "no-deprecated=error"]).code, 1);
    assert_eq!(lint(&project, &["--level", "no-deprecated=error", "--exit-zero"]).code, 0);
    assert_snapshot!(compact(&project, &["--only", "no-deprecated"]), @r"
    exit 0
    ops/user.graphql:3:3: warning[no-deprecated]: `User.login` is deprecated
    ");
}

#[test]
fn one_broken_file_hides_nothing_of_the_others() {
    let project = project();
    project.write("ops/broken.graphql", "query Broken { me { name }\nquery { users(");
    project.write("ops/binary.graphql", [b'q', 0xff, 0xfe]);
    project.write("ops/empty.graphql", "# nothing\n");
    project.write("ops/unknown.graphql", "query Unknown { me { nmae } }\n");
    assert_snapshot!(compact(&project, &[]), @r"
    exit 2
    ops/binary.graphql:1:1: error[unreadable]: ops/binary.graphql:1: invalid UTF-8 at byte 1
    ops/broken.graphql:2:15: error[syntax]: expected `)`, found the end of the file
    ops/broken.graphql:2:15: error[syntax]: expected `}`, found the end of the file
    ops/broken.graphql:2:15: error[syntax]: expected an Argument
    ops/empty.graphql:1:1: warning[empty-document]: ops/empty.graphql holds no operation and no fragment
    ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice
    ops/unknown.graphql:1:22: error[fields-on-correct-type]: type `User` has no field `nmae`
    ops/user.graphql:3:3: warning[no-deprecated]: `User.login` is deprecated
    ");
}

#[test]
fn a_schema_that_is_none_is_told_once() {
    let project = project();
    project.write("schema.graphql", "type Query {");
    assert_snapshot!(lint(&project, &[]).shown(&[]), @r"
    exit 2
    error[syntax]: expected Field Definition
     --> schema.graphql:1:13
      |
    1 | type Query {
      |             ^

    error[syntax]: expected `}`, found the end of the file
     --> schema.graphql:1:13
      |
    1 | type Query {
      |             ^

    2 errors
    ");
    std::fs::remove_file(project.path("schema.graphql")).unwrap();
    assert_snapshot!(lint(&project, &[]).shown(&[]), @r#"
    exit 2
    error[unreadable]: cannot read schema.graphql: no such file
     --> graphql.config.toml:1:11
      |
    1 | schema = "schema.graphql"
      |           ^^^^^^^^^^^^^^
      |
      = help: paths are relative to the folder of the configuration; `graphwright introspect URL --out schema.graphql` fetches a schema

    1 error
    "#);
}

#[test]
fn comments_keep_rules_quiet_and_unused_ones_are_told() {
    let project = project();
    project.write(
        "ops/user.graphql",
        "fragment UserName on User {\n  name\n  # graphwright-ignore no-deprecated: shown until March\n  login\n}\n\
         # eslint-disable-next-line @graphql-eslint/no-deprecated\nquery A { me { login } }\n\
         query B { me { login } } # graphwright-ignore-line no-deprecated\n\
         # graphwright-disable no-deprecated\nquery C { me { login } }\n# graphwright-enable no-deprecated\n\
         query D { me { login } }\n# graphwright-ignore no-depricated\nquery E { me { name } }\n\
         # graphwright-ignore no-deprecated, no-duplicate-fields\nquery F { me { login } }\n\
         # graphwright-ignore\nquery G { me { name } }\n",
    );
    assert_snapshot!(compact(&project, &["ops/user.graphql"]), @r"
    exit 0
    ops/user.graphql:12:16: warning[no-deprecated]: `User.login` is deprecated
    ops/user.graphql:13:22: warning[invalid-suppression]: unknown rule `no-depricated`
    ops/user.graphql:15:1: warning[unused-suppression]: unused suppression of `no-duplicate-fields`
    ops/user.graphql:17:1: warning[unused-suppression]: unused suppression
    ");
    assert_eq!(lint(&project, &["--fix", "ops/user.graphql"]).code, 0);
    let text = project.read("ops/user.graphql");
    assert!(!text.contains("# graphwright-ignore\n") && text.contains("no-depricated"), "{text}");
}

#[test]
fn a_whole_file_can_be_left_out() {
    let project = project();
    project.write(
        "ops/user.graphql",
        "# graphwright-ignore-file no-deprecated: generated\nfragment UserName on User { login }\n",
    );
    assert_snapshot!(compact(&project, &["ops/user.graphql"]), @r"
    exit 0
    no findings in 1 file (1 suppressed by comments)
    ");
}

#[test]
fn safe_fixes_keep_comments_and_unsafe_ones_wait_to_be_asked() {
    let project = project();
    project.write("ops/me.graphql", "query Me {\n  me {\n    # who\n    id # first\n    id # second\n    ...UserName\n  }\n  users(after: \"x\") { nodes { id } }\n}\n");
    let shown = lint(&project, &["--diff"]);
    assert_eq!(shown.code, 1);
    assert_snapshot!(shown.stdout, @r#"
    --- a/ops/me.graphql
    +++ b/ops/me.graphql
    @@ -2,7 +2,7 @@
       me {
         # who
         id # first
    -    id # second
    +    # second
         ...UserName
       }
       users(after: "x") { nodes { id } }
    "#);
    let ran = lint(&project, &["--fix"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 0
    fixed 1 problem in 1 file (no-duplicate-fields: 1)
    2 warnings in 2 files
    2 fixable with --fix --unsafe-fixes
    `graphwright rule NAME` explains a rule
    ");
    lint(&project, &["--fix", "--unsafe-fixes"]);
    assert_snapshot!(project.read("ops/me.graphql"), @r#"
    query Me {
      me {
        # who
        id # first
        # second
        ...UserName
      }
      users(first: 50, after: "x") { nodes { id } }
    }
    "#);
}

#[test]
fn what_is_known_does_not_count_and_what_is_mended_is_told() {
    let project = project();
    assert_eq!(lint(&project, &["--write-baseline"]).code, 0);
    let config = project.read("graphql.config.toml");
    project.write(
        "graphql.config.toml",
        format!("{config}\n[extensions.graphwright.lint]\nbaseline = \"graphwright-baseline.json\"\n"),
    );
    // Lines move, and the findings are still known.
    project
        .write("ops/user.graphql", "\n\nfragment UserName on User {\n  name\n  login\n}\nquery New { me { login } }\n");
    assert_snapshot!(compact(&project, &[]), @r"
    exit 0
    ops/user.graphql:7:18: warning[no-deprecated]: `User.login` is deprecated
    ");
    project.write("ops/user.graphql", "fragment UserName on User {\n  name\n}\n");
    assert_snapshot!(compact(&project, &[]), @r"
    exit 0
    warning[stale-baseline]: the baseline contains a finding of `no-deprecated` in ops/user.graphql that no longer occurs
    ");
}

#[test]
fn every_command_checks_the_settings_of_the_linter_and_the_library_skips_them() {
    let project = project();
    let config = project.read("graphql.config.toml");
    let wrong = format!("{config}\n[extensions.graphwright.lint.rules]\nno-depricated = \"warn\"\n");
    project.write("graphql.config.toml", &wrong);
    for command in ["generate", "lint", "fmt", "usage", "manifest"] {
        let ran = project.run(&[command]);
        let output = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, 2, "{command}: {output}");
        assert!(output.contains("error[unknown-key]: unknown rule `no-depricated`"), "{command}: {output}");
        assert!(output.contains("graphql.config.toml:8:1\n"), "{command}: {output}");
    }
    // As build scripts and macros do.
    graphwright_codegen::config::load(&project.path("graphql.config.toml"), None).unwrap();
    let unknown = wrong.replace("lint.rules", "lnit.rules");
    let told = graphwright_codegen::config::parse("graphql.config.toml".as_ref(), &unknown, None).unwrap_err();
    assert!(told.to_string().contains("unknown key `lnit`"), "{told}");
}

#[test]
fn settings_are_checked_where_they_stand() {
    let with = |lint: &str| {
        let project = project();
        let config = project.read("graphql.config.toml");
        project.write("graphql.config.toml", format!("{config}\n[extensions.graphwright.lint]\n{lint}"));
        project
    };
    let shown = |text: &str| lint(&with(text), &[]).shown(&[]);
    assert_snapshot!(shown("rules = { no-depricated = \"warn\" }\n"), @r#"
    exit 2
    error[unknown-key]: unknown rule `no-depricated`
     --> graphql.config.toml:8:11
      |
    8 | rules = { no-depricated = "warn" }
      |           ^^^^^^^^^^^^^
      |
      = help: did you mean `no-deprecated`?

    1 error
    "#);
    assert_snapshot!(shown("rules = { no-deprecated = \"loud\" }\n"), @r#"
    exit 2
    error[config]: unknown level "loud"; expected "error", "warn", "info" or "off"
     --> graphql.config.toml:8:27
      |
    8 | rules = { no-deprecated = "loud" }
      |                           ^^^^^^

    1 error
    "#);
    assert_snapshot!(shown("rules = { selection-set-depth = { maximum = 3 } }\n"), @r"
    exit 2
    error[unknown-key]: unknown key `maximum`
     --> graphql.config.toml:8:33
      |
    8 | rules = { selection-set-depth = { maximum = 3 } }
      |                                 ^^^^^^^^^^^^^^^
      |
      = help: expected one of max, ignore

    1 error
    ");
    assert_snapshot!(shown("rules = { scalar-leafs = \"off\" }\n"), @r#"
    exit 2
    error[config]: `scalar-leafs` is a rule of the specification, whose level is always error
     --> graphql.config.toml:8:26
      |
    8 | rules = { scalar-leafs = "off" }
      |                          ^^^^^

    1 error
    "#);
    assert_snapshot!(shown("extends = [\"recomended\"]\n"), @r#"
    exit 2
    error[unknown-key]: unknown preset `recomended`
     --> graphql.config.toml:8:11
      |
    8 | extends = ["recomended"]
      |           ^^^^^^^^^^^^^^
      |
      = help: did you mean `recommended`?

    1 error
    "#);
    assert_snapshot!(shown("[[extensions.graphwright.lint.overrides]]\nfiles = [\"a[\"]\nrules = {}\n"), @r#"
    exit 2
    error[config]: invalid glob `a[`: unclosed character class; missing ']', in `overrides`
     --> graphql.config.toml:9:11
      |
    9 | files = ["a["]
      |           ^^

    1 error
    "#);
    let quiet = with(
        "[[extensions.graphwright.lint.overrides]]\nfiles = [\"ops/user.*\"]\nrules = { no-deprecated = \"off\" }\n",
    );
    assert_snapshot!(compact(&quiet, &[]), @r"
    exit 0
    ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice
    ");
    assert_snapshot!(lint(&project(), &["--only", "no-depricated"]).shown(&[]), @r"
    exit 2
    error: unknown rule `no-depricated`; did you mean `no-deprecated`?
    ");
}

#[test]
fn a_fragment_that_changed_is_checked_where_it_is_used() {
    let project = project();
    project.write("ops/user.graphql", "fragment UserName on UserConnection {\n  nodes { id }\n}\n");
    assert_snapshot!(compact(&project, &["ops/user.graphql"]), @r"
    exit 1
    ops/me.graphql:3:5: error[possible-fragment-spreads]: the fragment `UserName` is on `UserConnection`, which a `User` can never be
    ");
    // Findings in files that are not named are not reported, unless they are violations.
    project.write("ops/user.graphql", "fragment UserName on User {\n  name\n}\n");
    assert_snapshot!(compact(&project, &["ops/user.graphql"]), @r"
    exit 0
    no findings in 1 file
    ");
    project.write("README.md", "");
    project.write("elsewhere.graphql", "{ nothing }");
    assert_snapshot!(compact(&project, &["README.md", "elsewhere.graphql"]), @r"
    exit 0
    no findings in 0 files (2 files not part of the project)
    ");
}

#[test]
fn what_is_staged_is_linted_as_it_is_staged() {
    let project = project();
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "first"]);
    assert_snapshot!(compact(&project, &["--staged"]), @r"
    exit 0
    no findings in 0 files
    ");
    // Staged with an error; fixed on disk only.
    project.write("ops/user.graphql", "fragment UserName on User {\n  nmae\n}\n");
    project.git(&["add", "."]);
    project.write("ops/user.graphql", "fragment UserName on User {\n  name\n}\n");
    assert_snapshot!(compact(&project, &["--staged"]), @r"
    exit 1
    ops/user.graphql:2:3: error[fields-on-correct-type]: type `User` has no field `nmae`
    ");
    assert_snapshot!(compact(&project, &["--since", "HEAD"]), @r"
    exit 0
    no findings in 1 file
    ");
    // A fragment that is removed is missed where it is used.
    project.git(&["rm", "-qf", "ops/user.graphql"]);
    assert_snapshot!(compact(&project, &["--staged"]), @r"
    exit 1
    ops/me.graphql:3:8: error[known-fragment-names]: there is no fragment `UserName`
    ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice
    ");
}

#[test]
fn editors_lint_what_is_not_saved() {
    let project = project();
    let arguments = ["lint", "--stdin", "--stdin-filename", "ops/me.graphql", "--format", "compact"];
    let ran = project.run_with(&arguments, "query Me { me { ...UserName nmae } }");
    assert_snapshot!(ran.stdout, @r"ops/me.graphql:1:29: error[fields-on-correct-type]: type `User` has no field `nmae`");
}

#[test]
fn documents_in_rust_are_linted_in_their_place() {
    let project = project();
    project.write(
        "src/main.rs",
        "#[graphwright::operation(r#\"\n    query Who {\n        me { ...UserName login }\n        me { login }\n    }\n\"#)]\npub struct Who;\n\n\
         #[graphwright::operation(\"query Short { me { id id } }\")]\npub struct Short;\n",
    );
    let config = project.read("graphql.config.toml");
    project
        .write("graphql.config.toml", format!("{config}\n[extensions.graphwright.lint]\nrust = [\"src/**/*.rs\"]\n"));
    assert_snapshot!(compact(&project, &["src"]), @r"
    exit 0
    src/main.rs:3:26: warning[no-deprecated]: `User.login` is deprecated
    src/main.rs:4:9: warning[no-duplicate-fields]: `me` is selected twice, in two parts
    src/main.rs:4:14: warning[no-deprecated]: `User.login` is deprecated
    src/main.rs:9:49: warning[no-duplicate-fields]: `id` is selected twice
    ");
    assert_eq!(lint(&project, &["--fix", "src/main.rs"]).code, 0);
    assert!(project.read("src/main.rs").contains("#[graphwright::operation(\"query Short { me { id } }\")]"));
}

#[test]
fn other_programs_read_what_was_found() {
    let project = project();
    project.write("ops/bad.graphql", "query Bad { me { nmae <&> } }\n");
    let of = |format: &str| lint(&project, &["--format", format]).stdout;
    let json: Value = serde_json::from_str(&of("json")).unwrap();
    let lines: Vec<Value> = of("json-lines").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json.as_array().unwrap(), &lines);
    let deprecated = lines.iter().find(|one| one["rule"] == "no-deprecated").unwrap();
    assert_eq!(deprecated["place"]["start"], serde_json::json!({ "line": 3, "column": 3, "offset": 37 }));
    assert_snapshot!(of("github"), @r#"
    ::error file=ops/bad.graphql,line=1,col=23,endLine=1,endColumn=24,title=syntax::Unexpected character "<"
    ::error file=ops/bad.graphql,line=1,col=24,endLine=1,endColumn=25,title=syntax::expected `}`, got &
    ::error file=ops/bad.graphql,line=1,col=24,endLine=1,endColumn=25,title=syntax::expected a StringValue, Name or OperationDefinition
    ::error file=ops/bad.graphql,line=1,col=25,endLine=1,endColumn=26,title=syntax::Unexpected character ">"; 2 more syntax errors not shown
    ::warning file=ops/me.graphql,line=5,col=5,endLine=5,endColumn=7,title=no-duplicate-fields::`id` is selected twice
    ::warning file=ops/user.graphql,line=3,col=3,endLine=3,endColumn=8,title=no-deprecated::`User.login` is deprecated; the schema says: Use `name`.
    "#);
    let gitlab: Vec<Value> = serde_json::from_str(&of("gitlab")).unwrap();
    assert!(gitlab.iter().all(|one| one["fingerprint"].as_str().is_some_and(|print| print.len() == 32)));
    let sarif: Value = serde_json::from_str(&of("sarif")).unwrap();
    // One of its patterns is not a regular expression: it has an extra bracket.
    let schema: Value = serde_json::from_str(&sarif_schema().replace("{2}]?$", "{2}?$")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&sarif).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for format in ["junit", "checkstyle"] {
        let text = of(format);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        assert_eq!(text.matches("no-deprecated").count(), 1, "{format}");
    }
    let written = lint(&project, &["--format", "human", "--format", "sarif=out/lint.sarif", "-q"]);
    assert!(written.stdout.contains("error[syntax]"));
    assert_eq!(serde_json::from_str::<Value>(&project.read("out/lint.sarif")).unwrap(), sarif);
    assert_snapshot!(lint(&project, &["--statistics"]).stdout, @r"
    4  syntax
    1  no-deprecated (1 fixable)
    1  no-duplicate-fields (1 fixable)
    ");
    assert_snapshot!(lint(&project, &["--format", "xml"]).shown(&[]), @r"
    exit 2
    error: unknown format `xml`; expected one of human, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle
    ");
}

/// Returns the schema of SARIF 2.1.0, as a package of its types carries it.
fn sarif_schema() -> String {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1"]).current_dir(root()).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap()
}

#[test]
fn a_project_without_a_configuration_has_flags() {
    let project = project();
    std::fs::remove_file(project.path("graphql.config.toml")).unwrap();
    assert_snapshot!(lint(&project, &["ops"]).shown(&[]), @r"
    exit 2
    error: no graphql.config.toml in this folder, above or below it; `graphwright init` writes one, or give --schema and the files
    ");
    assert_snapshot!(compact(&project, &["--schema", "schema.graphql", "ops"]), @r"
    exit 0
    ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice
    ops/user.graphql:3:3: warning[no-deprecated]: `User.login` is deprecated
    ");
}

#[test]
fn rules_explain_themselves() {
    let project = Project::small();
    assert_snapshot!(project.run(&["rule", "selection-set-depth"]).stdout, @r"
    # selection-set-depth

    Finds operations whose selection sets, including fragments, are nested too deeply.

    Servers reject deep operations, and a deep operation can often be split.

    | category | checks | in `recommended` | fix | elsewhere |
    |---|---|---|---|---|
    | restriction | documents | off | none | graphql-eslint |

    ## Wrong

    With these options:

    ```toml
    [extensions.graphwright.lint.rules.selection-set-depth]
    max = 2
    ```

    ```graphql
    query Deep { viewer { manager { manager { name } } } }
    ```

    ## Right

    ```graphql
    query Flat { viewer { manager { name } } }
    ```

    ## Options

    | option | | type | default |
    |---|---|---|---|
    | `ignore` | Fields whose selections are not counted. | list of string | `[]` |
    | `max` | The maximum depth; fields at the root have depth 0. | integer | `7` |
    ");
    assert_snapshot!(project.run(&["rule", "selection-set-deep"]).shown(&[]), @r"
    exit 2
    error: unknown rule `selection-set-deep`; did you mean `selection-set-depth`?
    ");
    let schema: Value = serde_json::from_str(&project.run(&["rule", "--schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = serde_json::json!({ "extends": ["strict"], "rules": { "no-deprecated": "warn", "selection-set-depth": { "level": "error", "max": 3 }, "naming-convention": { "query": { "style": "camelCase" } } } });
    assert!(
        validator.is_valid(&good),
        "{:?}",
        validator.iter_errors(&good).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    assert!(!validator.is_valid(&serde_json::json!({ "rules": { "no-depricated": "warn" } })));
    assert!(!validator.is_valid(&serde_json::json!({ "rules": { "selection-set-depth": { "maximum": 1 } } })));
}

#[test]
fn files_are_put_into_one_style() {
    let project = project();
    project.write("ops/me.graphql", "query   Me{me{id,...UserName}}");
    project.write("ops/broken.graphql", "query {");
    let check = project.run(&["fmt", "--check"]);
    assert_snapshot!(format!("{}{}", check.stdout, check.shown(&[])), @r"
    ops/me.graphql
    exit 1
    error[syntax]: expected at least one Selection in Selection Set
     --> ops/broken.graphql:1:8
      |
    1 | query {
      |        ^

    error[syntax]: expected `}`, found the end of the file
     --> ops/broken.graphql:1:8
      |
    1 | query {
      |        ^

    2 errors
    1 file would change, 1 unchanged, 1 skipped because of errors
    ");
    project.run(&["fmt"]);
    assert_snapshot!(project.read("ops/me.graphql"), @r"
    query Me {
      me {
        id
        ...UserName
      }
    }
    ");
    assert_eq!(project.read("ops/broken.graphql"), "query {");
}

#[test]
fn the_schema_is_linted_if_asked() {
    let project = project();
    let schema = project.read("schema.graphql");
    project.write("schema.graphql", format!("{schema}type Unfinished implements Nowhere {{ a: Missing }}\n"));
    assert_eq!(lint(&project, &["--only", "no-deprecated"]).stdout.matches("Nowhere").count(), 0);
    assert_snapshot!(compact(&project, &["--with-schema", "--only", "no-deprecated"]), @r"
    exit 0
    schema.graphql:15:28: warning[schema]: cannot find type `Nowhere`
    schema.graphql:15:41: warning[schema]: cannot find type `Missing`
    ops/user.graphql:3:3: warning[no-deprecated]: `User.login` is deprecated
    ");
}

/// The examples of GitHub's page on node limits, on a schema of the same shape.
#[test]
fn costs_are_those_that_servers_count() {
    let project = project();
    let connection = |node: &str| {
        format!(
            "type {node}Connection {{ edges: [{node}Edge] pageInfo: PageInfo! totalCount: Int! }}\ntype {node}Edge {{ node: {node} }}\n"
        )
    };
    let field = |name: &str, ty: &str| format!("{name}(first: Int, after: String): {ty}Connection!");
    let schema = format!(
        "type Query {{ viewer: User! }}\ntype User {{ login: String {} {} }}\n\
         type Repository {{ name: String {} {} }}\ntype Issue {{ title: String {} }}\ntype Comment {{ body: String }}\n\
         type PageInfo {{ hasNextPage: Boolean! endCursor: String }}\n{}{}{}{}",
        field("repositories", "Repository"),
        field("followers", "User"),
        field("pullRequests", "Issue"),
        field("issues", "Issue"),
        field("comments", "Comment"),
        connection("User"),
        connection("Repository"),
        connection("Issue"),
        connection("Comment"),
    );
    project.write("schema.graphql", schema);
    let comments = "edges { node { title comments(first: 10) { edges { node { body } } } } }";
    project.write("ops/me.graphql", "query Simple { viewer { repositories(first: 50) { edges { repository: node { name issues(first: 10) { totalCount edges { node { title } } } } } } } }");
    project.write("ops/user.graphql", format!("query Complex {{ viewer {{ repositories(first: 50) {{ edges {{ repository: node {{ name pullRequests(first: 20) {{ {comments} }} ...Issues }} }} }} followers(first: 10) {{ edges {{ node {{ login }} }} }} }} }}\nfragment Issues on Repository {{ issues(first: 20) {{ totalCount {comments} }} }}\nquery Assumed($n: Int) {{ viewer {{ repositories(first: $n) {{ totalCount }} }} }}\nquery Exempt {{ viewer {{ repositories(first: 9) {{ totalCount }} }} }}"));
    let config = project.read("graphql.config.toml");
    let with = |options: &str| {
        project.write("graphql.config.toml", format!("{config}\n[extensions.graphwright.lint]\nextends = [\"none\"]\n[extensions.graphwright.lint.rules.query-cost]\nmax = 0\nexempt = {{ Exempt = \"2999-12-31\" }}\n{options}\n"));
        compact(&project, &[])
    };
    assert_snapshot!(with("model = \"github\""), @r"
    exit 1
    ops/me.graphql:1:7: error[query-cost]: `Simple` costs 550 nodes, more than 0
    ops/user.graphql:1:7: error[query-cost]: `Complex` costs 22,060 nodes, more than 0
    ops/user.graphql:3:7: error[query-cost]: `Assumed` costs 100 nodes, more than 0
    ");
    assert_snapshot!(with("model = \"github-points\"\nassume_page_size = 10"), @r"
    exit 1
    ops/me.graphql:1:7: error[query-cost]: `Simple` costs 1 points, more than 0
    ops/user.graphql:1:7: error[query-cost]: `Complex` costs 21 points, more than 0
    ops/user.graphql:3:7: error[query-cost]: `Assumed` costs 1 points, more than 0
    ");
    assert_snapshot!(with("model = \"weights\"\nweights = { \"Comment\" = 5, \"User.followers\" = 100 }"), @r"
    exit 1
    ops/me.graphql:1:7: error[query-cost]: `Simple` costs 602 points, more than 0
    ops/user.graphql:1:7: error[query-cost]: `Complex` costs 104,262 points, more than 0
    ops/user.graphql:3:7: error[query-cost]: `Assumed` costs 2 points, more than 0
    ");
    assert_snapshot!(lint(&project, &["--errors-only"]).stdout, @r"
    error[query-cost]: `Simple` costs 602 points, more than 0
     --> ops/me.graphql:1:7
      |
    1 | query Simple { viewer { repositories(first: 50) { edges { repository: node { name issues(first: 10) { totalCount edges { node { title...
      |       ^^^^^^
      |
      = note: most expensive path: repositories 50 × issues 10: 550 (91 %)
      = help: request smaller pages or fewer fields

    error[query-cost]: `Complex` costs 104,262 points, more than 0
     --> ops/user.graphql:1:7
      |
    1 | query Complex { viewer { repositories(first: 50) { edges { repository: node { name pullRequests(first: 20) { edges { node { title com...
      |       ^^^^^^^
      |
      = note: most expensive path: repositories 50 × pullRequests 20 × comments 10: 51,000 (49 %)
      = help: request smaller pages or fewer fields

    error[query-cost]: `Assumed` costs 2 points, more than 0
     --> ops/user.graphql:3:7
      |
    3 | query Assumed($n: Int) { viewer { repositories(first: $n) { totalCount } } }
      |       ^^^^^^^
      |
      = note: most expensive path: repositories 100: 1 (50 %)
      = help: request smaller pages; page sizes set by variables were assumed
    ");
}

#[test]
fn staged_files_are_those_of_the_whole_project_wherever_one_stands() {
    let project = project();
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "first"]);
    project.write("ops/me.graphql", "query Me {\n  me {\n    ...UserName\n    id\n    id\n  }\n}\n# staged\n");
    project.git(&["add", "."]);
    project.write("below/notes.txt", "");
    let ran = Command::new(crate::support::binary())
        .args(["lint", "--staged", "--format", "compact"])
        .current_dir(project.path("below"))
        .output()
        .unwrap();
    assert_snapshot!(String::from_utf8(ran.stdout).unwrap(), @r"../ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice");
    // Later edits are not lost.
    project.write("ops/me.graphql", "query Me { me { ...UserName id id } }\n# not staged\n");
    assert_snapshot!(lint(&project, &["--staged", "--fix"]).shown(&[]), @r"
    exit 2
    error: --fix writes to files that were edited after they were staged: ops/me.graphql; stage or stash the edits
    ");
    assert!(project.read("ops/me.graphql").ends_with("# not staged\n"));
    // A file on disk that was removed from the index is ignored.
    project.git(&["rm", "-q", "--cached", "ops/user.graphql"]);
    assert_snapshot!(compact(&project, &["--staged", "--only", "known-fragment-names"]), @r"
    exit 1
    ops/me.graphql:3:8: error[known-fragment-names]: there is no fragment `UserName`
    ");
    let elsewhere = self::project();
    assert_snapshot!(lint(&elsewhere, &["--staged"]).shown(&[]), @r"
    exit 2
    error: not a git repository
    ");
}

#[test]
fn settings_in_comments_go_with_what_they_are_about() {
    let project = project();
    project.write(
        "ops/me.graphql",
        "query Me {\n  me {\n    id\n    # @graphwright(rename: \"x\")\n    id\n    name\n  }\n}\n",
    );
    project.write("ops/user.graphql", "# @graphwright(rename: \"Zzz\")\nfragment UserName on User { name }\nquery Vars(\n  # @graphwright(type: \"u16\")\n  $n: Int\n  $m: Int\n) { users(first: $m, after: null) { nodes { id } } }\n");
    lint(&project, &["--fix"]);
    assert!(project.read("ops/me.graphql").contains("    # @graphwright(rename: \"x\")\n    id\n"));
    lint(&project, &["--fix", "--unsafe-fixes"]);
    assert_snapshot!(project.read("ops/user.graphql"), @r"
    query Vars(
      $m: Int
    ) { users(first: $m, after: null) { nodes { id } } }
    ");
}

#[cfg(unix)]
#[test]
fn links_stay_links() {
    let project = project();
    project.write("real.graphql", "query L{me{id}}");
    std::os::unix::fs::symlink(project.path("real.graphql"), project.path("ops/link.graphql")).unwrap();
    project.run(&["fmt"]);
    assert!(project.path("ops/link.graphql").is_symlink());
    assert!(project.read("real.graphql").starts_with("query L {\n"));
}

#[test]
fn a_fix_brings_about_no_other_mistake() {
    let project = project();
    let schema = project.read("schema.graphql").replace("me: User", "me: User other(id: ID!): User");
    project.write("schema.graphql", schema);
    project.write(
        "ops/me.graphql",
        "query H { mee { ...UserName } othr { id } }\nquery a_b { me { id } }\nquery aB { me { id } }\n",
    );
    lint(&project, &["--fix", "--unsafe-fixes", "--level", "naming-convention=warn"]);
    assert_snapshot!(project.read("ops/me.graphql"), @r"
    query H { me { ...UserName } othr { id } }
    query a_b { me { id } }
    query AB { me { id } }
    ");
}

#[test]
fn a_comment_behind_a_bracket_is_about_what_it_closes() {
    let project = project();
    project.write(
        "ops/user.graphql",
        "fragment UserName on User { name login } # graphwright-ignore no-deprecated: shown\n",
    );
    let quiet = compact(&project, &["ops/user.graphql"]);
    project.run(&["fmt"]);
    assert_eq!(compact(&project, &["ops/user.graphql"]), quiet);
    assert!(project.read("ops/user.graphql").contains("} # graphwright"));
}

#[test]
fn mistakes_on_the_command_line_are_told() {
    let project = project();
    assert_snapshot!(lint(&project, &["ops/typo.graphql"]).shown(&[]), @r"
    exit 2
    error: cannot read ops/typo.graphql: no such file
    ");
    assert_snapshot!(lint(&project, &["--format", "json", "--format", "sarif"]).shown(&[]), @r"
    exit 2
    error: only one format can go to standard output; write the others to a file: `--format sarif=lint.sarif`
    ");
    assert_snapshot!(lint(&project, &["--format", "json="]).shown(&[]), @r"
    exit 2
    error: missing file name; expected FORMAT=FILE, such as `--format sarif=lint.sarif`
    ");
    assert_eq!(lint(&project, &["--write-baseline", "ops"]).code, 2);
    assert_eq!(lint(&project, &["--max-warnings", "0", "--errors-only"]).code, 1);
}

#[test]
fn all_projects_of_a_configuration_are_linted() {
    let project = project();
    project.write("other/other.graphql", "query Other { me { login } }\n");
    project.write("graphql.config.toml", "[projects.one]\nschema = \"schema.graphql\"\ndocuments = \"ops/*.graphql\"\n[projects.two]\nschema = \"schema.graphql\"\ndocuments = \"other/*.graphql\"\n");
    assert_snapshot!(compact(&project, &[]), @r"
    exit 0
    ops/me.graphql:5:5: warning[no-duplicate-fields]: `id` is selected twice
    ops/user.graphql:3:3: warning[no-deprecated]: `User.login` is deprecated
    other/other.graphql:1:20: warning[no-deprecated]: `User.login` is deprecated
    ");
    assert_snapshot!(compact(&project, &["other/other.graphql"]), @r"
    exit 0
    other/other.graphql:1:20: warning[no-deprecated]: `User.login` is deprecated
    ");
    // A report is one document, whatever the number of projects.
    let ran = lint(&project, &["--format", "json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, list.len()), (0, 3));
    assert_eq!(lint(&project, &["--format", "json", "--project", "two"]).code, 0);
}

#[test]
fn a_conflict_with_a_fragment_of_another_file_is_found() {
    let project = project();
    let schema = project.read("schema.graphql").replace("login: String", "avatar(size: Int): String login: String");
    project.write("schema.graphql", schema);
    project.write("ops/user.graphql", "fragment UserName on User { a: avatar(size: 1) }\n");
    project.write("ops/me.graphql", "query Me { me { a: avatar(size: 2) ...UserName } }\n");
    let only = ["--only", "overlapping-fields-can-be-merged", "--format", "compact"];
    let ran = lint(&project, &only);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("`a` is selected with different arguments"), "{}", ran.stdout);
}
