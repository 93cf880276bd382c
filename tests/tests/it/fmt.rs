//! `graphwright fmt`: the source of the style, staged files, and unchanged files.

use crate::support::Project;
use insta::assert_snapshot;

/// Its widest line has 61 columns.
const WIDE: &str = "{ field(one: \"aaaaaaaaaaaa\", two: \"bbbbbbbbbbbb\", three: 1) { id } }";
const ON_ONE_LINE: &str = "{\n  field(one: \"aaaaaaaaaaaa\", two: \"bbbbbbbbbbbb\", three: 1) {\n    id\n  }\n}\n";
const BROKEN: &str =
    "{\n  field(\n    one: \"aaaaaaaaaaaa\"\n    two: \"bbbbbbbbbbbb\"\n    three: 1\n  ) {\n    id\n  }\n}\n";

/// Formats a file in a folder with other files, and returns the result.
fn formatted(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let project = Project { folder: tempfile::tempdir().unwrap() };
    project.write(".editorconfig", "root = true\n");
    project.write("package.json", "{\"prettier\": {}}");
    project.write("app/a.graphql", WIDE);
    for (name, text) in files {
        project.write(name, text);
    }
    let ran = project.run(&[&["fmt", "app/a.graphql"], arguments].concat());
    assert_eq!((ran.code, ran.stderr.trim()), (0, "1 file formatted, 0 unchanged"), "{files:?}");
    project.read("app/a.graphql")
}

#[test]
fn the_width_is_that_of_the_flag_of_prettier_or_of_the_editor() {
    for (files, arguments, expected) in [
        (&[] as &[_], &[] as &[_], ON_ONE_LINE),
        (&[], &["--width", "40"], BROKEN),
        (&[(".editorconfig", "root = true\n[*]\nmax_line_length = 40\n")], &[], BROKEN),
        (&[(".editorconfig", "root = true\n[*.ts]\nmax_line_length = 40\n")], &[], ON_ONE_LINE),
        (&[(".editorconfig", "root = true\n[app/**.{gql,graphql}]\nmax_line_length = 40\n")], &[], BROKEN),
        (&[(".editorconfig", "[*]\nmax_line_length = 40\n"), ("app/.editorconfig", "root = true\n")], &[], ON_ONE_LINE),
        (&[(".editorconfig", "[*]\nmax_line_length = 40\n"), ("app/.git/HEAD", "")], &[], ON_ONE_LINE),
        (
            &[(".editorconfig", "[*]\nmax_line_length = 40\n"), ("app/.editorconfig", "[*]\nmax_line_length = off\n")],
            &[],
            ON_ONE_LINE,
        ),
        (&[("app/.prettierrc", "printWidth: 40")], &[], BROKEN),
        (&[("app/.prettierrc", "printWidth: 40")], &["--width", "70"], ON_ONE_LINE),
        (&[("app/.prettierrc", "{ \"printWidth\": 40 }")], &[], BROKEN),
        (&[(".prettierrc.json", "{ \"printWidth\": 40 }"), ("package.json", "{}")], &[], BROKEN),
        (&[("app/.prettierrc.yaml", "printWidth: 40\n")], &[], BROKEN),
        (&[("app/.prettierrc.toml", "printWidth = 40\n")], &[], BROKEN),
        (&[("app/.prettierrc.json5", "{ printWidth: 40, }")], &[], BROKEN),
        (&[("package.json", "{\"prettier\": {\"printWidth\": 40}}")], &[], BROKEN),
        (&[("package.json", "{\"prettier\": {\"printWidth\": 40}}"), ("app/package.json", "{}")], &[], BROKEN),
        // The nearest one alone counts, and the first of a folder.
        (
            &[("package.json", "{\"prettier\": {\"printWidth\": 40}}"), ("app/.prettierrc", "useTabs: false")],
            &[],
            ON_ONE_LINE,
        ),
        (&[("app/.prettierrc", "printWidth: 40"), ("app/.prettierrc.toml", "printWidth = 70")], &[], BROKEN),
        (
            &[("app/.prettierrc", "printWidth: 70"), (".editorconfig", "root = true\n[*]\nmax_line_length = 40\n")],
            &[],
            ON_ONE_LINE,
        ),
        (
            &[("app/.prettierrc", "useTabs: false"), (".editorconfig", "root = true\n[*]\nmax_line_length = 40\n")],
            &[],
            BROKEN,
        ),
        (&[("app/.prettierrc", "overrides:\n  - files: '*.graphql'\n    options: { printWidth: 40 }\n")], &[], BROKEN),
        (
            &[
                (
                    ".prettierrc",
                    "overrides:\n  - files: ['app/*.graphql']\n    excludeFiles: a.graphql\n    options: { printWidth: 40 }\n",
                ),
                ("package.json", "{}"),
            ],
            &[],
            ON_ONE_LINE,
        ),
    ] {
        assert_eq!(formatted(files, arguments), expected, "{files:?} {arguments:?}");
    }
}

#[test]
fn indentation_and_ends_of_lines_are_configured_too() {
    let tabs = ON_ONE_LINE.replace("  ", "\t");
    assert_eq!(formatted(&[("app/.editorconfig", "[*]\nindent_style = tab\n")], &[]), tabs);
    assert_eq!(formatted(&[("app/.prettierrc", "useTabs: true")], &[]), tabs);
    let wide = ON_ONE_LINE.replace("  ", "    ");
    assert_eq!(formatted(&[("app/.editorconfig", "[*]\nindent_style = space\nindent_size = 4\n")], &[]), wide);
    assert_eq!(formatted(&[("app/.editorconfig", "[*]\nindent_size = 4\n")], &[]), wide);
    assert_eq!(
        formatted(&[("app/.prettierrc", "tabWidth: 4"), ("app/.editorconfig", "[*]\nindent_size = 3\n")], &[]),
        wide
    );
    let crlf = ON_ONE_LINE.replace('\n', "\r\n");
    assert_eq!(formatted(&[("app/.editorconfig", "[*]\nend_of_line = crlf\n")], &[]), crlf);
    assert_eq!(formatted(&[("app/.prettierrc", "endOfLine: crlf")], &[]), crlf);
    assert_eq!(
        formatted(&[("app/.prettierrc", "endOfLine: auto"), ("app/a.graphql", &WIDE.replace(' ', "\r\n"))], &[]),
        crlf
    );
    assert_eq!(formatted(&[("app/a.graphql", &WIDE.replace(' ', "\r\n"))], &[]), ON_ONE_LINE);
}

#[test]
fn what_needs_javascript_is_named_and_what_is_wrong_is_an_error() {
    let project = Project::small();
    project.write("package.json", "{}");
    project.write("prettier.config.mjs", "export default { printWidth: 40 };\n");
    let ran = project.run(&["fmt"]);
    let folder = project.folder.path().canonicalize().unwrap();
    let folder = folder.to_string_lossy();
    assert_snapshot!(ran.shown(&[(&folder, "FOLDER")]), @r"
    exit 0
    0 files formatted, 1 unchanged
    warning: ignored FOLDER/prettier.config.mjs, since it requires JavaScript; set `printWidth` in .prettierrc, or `max_line_length` in .editorconfig
    ");
    assert_eq!(project.run(&["fmt", "--width", "100"]).stderr.trim(), "0 files formatted, 1 unchanged");
    project.write(".prettierrc", "printWidth: wide\n");
    assert_snapshot!(project.run(&["fmt"]).shown(&[(&folder, "FOLDER")]), @r#"
    exit 2
    error: cannot read FOLDER/.prettierrc: invalid type: string "wide", expected usize
    0 files formatted, 0 unchanged, 1 skipped because of errors
    "#);
}

#[test]
fn other_languages_are_one_message() {
    let project = Project::small();
    project.write("a.tsx", "const a = <b>{c}</b>;\n");
    project.write("b.rs", "fn main() {}\n");
    assert_snapshot!(project.run(&["fmt", "ops/me.graphql", "a.tsx", "b.rs"]).shown(&[]), @r"
    exit 2
    error: a.tsx, b.rs: not a GraphQL file; expected a name that ends in .graphql, .gql, .graphqls, .sdl
    ");
}

#[test]
fn standard_input_is_formatted_as_a_file() {
    let project = Project::small();
    project.write(".editorconfig", "root = true\n[narrow/*]\nmax_line_length = 40\n");
    project.write("package.json", "{\"prettier\": {}}");
    for (arguments, expected) in [(&[] as &[&str], ON_ONE_LINE), (&["--stdin-filename", "narrow/a.graphql"], BROKEN)] {
        let ran = project.run_with(&[&["fmt", "--stdin"], arguments].concat(), WIDE);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, expected, ""));
    }
}

#[test]
fn what_is_staged_is_formatted_and_staged_and_nothing_else() {
    let project = Project::small();
    project.git(&["init", "--quiet"]);
    project.git(&["add", "."]);
    project.git(&["commit", "--quiet", "--message", "first"]);
    project.write("ops/staged.graphql", "query Staged{me{id}}");
    project.write("ops/other.graphql", "query Other{me{id}}");
    project.git(&["add", "ops/staged.graphql"]);
    let check = project.run(&["fmt", "--staged", "--check"]);
    assert_eq!((check.code, check.stdout.trim()), (1, "ops/staged.graphql"));
    let ran = project.run(&["fmt", "--staged"]);
    assert_eq!((ran.code, ran.stderr.trim()), (0, "1 file formatted and staged, 0 unchanged"));
    let formatted = "query Staged {\n  me {\n    id\n  }\n}\n";
    assert_eq!(project.git(&["show", ":ops/staged.graphql"]), formatted);
    assert_eq!(project.read("ops/staged.graphql"), formatted);
    assert_eq!(project.read("ops/other.graphql"), "query Other{me{id}}");

    // Half of the edits are staged: neither half may get lost, nor into the commit.
    project.write("ops/staged.graphql", "query Staged{me{name}}");
    project.git(&["add", "ops/staged.graphql"]);
    project.write("ops/staged.graphql", "query Staged{me{name role}}");
    let ran = project.run(&["fmt", "--staged"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 2
    error: these files were edited after they were staged, so nothing was formatted: ops/staged.graphql; stage or stash the edits, or use --check, which reads the staged text
    ");
    assert_eq!(project.git(&["show", ":ops/staged.graphql"]), "query Staged{me{name}}");
    assert_eq!(project.read("ops/staged.graphql"), "query Staged{me{name role}}");
    let check = project.run(&["fmt", "--staged", "--diff"]);
    assert_eq!(check.code, 1);
    assert!(check.stdout.contains("-query Staged{me{name}}\n") && !check.stdout.contains("role"), "{}", check.stdout);
}
