//! Files whose content does not match their names: reported in one message instead of many syntax errors.

use crate::support::Project;

const CONFLICT: &str = "query Me {\n<<<<<<< HEAD\n  me { id }\n=======\n  me { name }\n>>>>>>> other\n}\n";
const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n";
const PAGE: &str = "\n<!DOCTYPE html>\n<html><body>Log in</body></html>\n";

/// Returns the output of commands for a file with this text, first as a document, then as the schema.
fn told(text: impl AsRef<[u8]>) -> [String; 4] {
    let one = |file: &str, command: &str| {
        let project = Project::small();
        project.write(file, &text);
        let ran = project.run(&[command]);
        assert_eq!(ran.code, 2, "{file}: {}{}", ran.stdout, ran.stderr);
        ran.stdout + &ran.stderr
    };
    [
        one("ops/me.graphql", "generate"),
        one("ops/me.graphql", "lint"),
        one("schema.graphql", "generate"),
        one("schema.graphql", "lint"),
    ]
}

#[test]
fn what_is_not_graphql_is_said_once_at_its_line() {
    for (text, message, line) in [
        (CONFLICT, "the file contains a merge conflict", ":2:1"),
        (POINTER, "the file is a Git LFS pointer; its content was not fetched", ":1:1"),
        (PAGE, "the file is an HTML page", ":2:1"),
    ] {
        for told in told(text) {
            assert!(told.contains(message) && told.contains(line), "{told}");
            assert!(told.contains("1 error") && !told.contains("[syntax]"), "{told}");
        }
    }
    let project = Project::small();
    project.write("ops/me.graphql", CONFLICT);
    let ran = project.run(&["fmt"]);
    assert!(ran.code == 1 && ran.stderr.contains("contains a merge conflict"), "{}", ran.stderr);
    assert_eq!(project.read("ops/me.graphql"), CONFLICT);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain("{ a }".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for told in told(utf16) {
        assert!(told.contains("is encoded in UTF-16; save it in UTF-8"), "{told}");
    }
}

#[test]
fn conflicts_in_strings_are_text() {
    let project = Project::small();
    let schema = project.read("schema.graphql");
    project.write("schema.graphql", format!("\"\"\"\n<<<<<<< a\n=======\n>>>>>>> b\n\"\"\"\nscalar A\n{schema}"));
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn configurations_that_are_not_read_are_named() {
    let project = Project::small();
    project.write("graphql.config.yml", "schema: other.graphql\n");
    for command in ["generate", "lint"] {
        let ran = project.run(&[command]);
        let told = ran.stdout + &ran.stderr;
        assert_eq!(ran.code, 0, "{told}");
        assert!(told.contains("ignored graphql.config.yml, since graphql.config.toml takes precedence"), "{told}");
    }
    // A file that is named counts.
    let config = "schema: schema.graphql\ndocuments: ops/*.graphql\nextensions:\n  graphwright:\n    generate:\n      output: out\n";
    project.write("graphql.config.yml", config);
    let ran = project.run(&["generate", "--config", "graphql.config.yml"]);
    assert!(ran.code == 0 && !ran.stderr.contains("ignored"), "{}", ran.stderr);

    let misspelt = Project::small();
    let config = misspelt.read("graphql.config.toml").replace("extensions.graphwright", "extensions.graphwrigth");
    misspelt.write("graphql.config.toml", format!("{config}[extensions.codegen]\nanything = 1\n"));
    let ran = misspelt.run(&["generate"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("unknown key `graphwrigth`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `graphwright`?"), "{}", ran.stderr);

    let program = Project::small();
    std::fs::rename(program.path("graphql.config.toml"), program.path("graphql.config.ts")).unwrap();
    for command in ["generate", "lint", "fmt", "check"] {
        let ran = program.run(&[command]);
        assert_eq!(ran.code, 2);
        assert!(
            ran.stderr.contains("graphql.config.ts is a program, and configurations are not executed"),
            "{command}: {}",
            ran.stderr
        );
    }
}

#[test]
fn differences_of_schemas_have_coordinates_and_values() {
    let project = Project::small();
    let schema = project.read("schema.graphql");
    let new = schema
        .replace("name: String", "name: String!")
        .replace("first: Int", "first: Int = 20")
        .replace("  USER\n", "");
    project.write("new.graphql", new);
    let ran = project.run(&["diff", "schema.graphql", "new.graphql", "--format", "json", "--all"]);
    let changes: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
    let values: Vec<[String; 4]> = changes
        .iter()
        .map(|change| {
            ["kind", "coordinate", "before", "after"].map(|key| change[key].as_str().unwrap_or("-").to_owned())
        })
        .collect();
    assert_eq!(
        values,
        [
            ["enum-value-removed", "Role.USER", "-", "-"],
            ["argument-default-changed", "Query.users(first:)", "-", "20"],
            ["field-type-narrowed", "User.name", "String", "String!"],
        ]
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let project = Project::small();
    let ran = project.run(&["usage", "--html", "/proc/self/usage.html"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot write /proc/self/usage.html: "), "{}", ran.stderr);
    assert!(!ran.stderr.contains(".tmp"), "no temporary file is named: {}", ran.stderr);
}

#[test]
fn a_schema_is_read_as_it_is_staged_or_given() {
    let project = Project::small();
    let schema = project.read("schema.graphql");
    let ran =
        project.run_with(&["lint", "--stdin", "--stdin-filename", "schema.graphql"], &schema.replace("name", "nick"));
    assert!(ran.stdout.contains("type `User` has no field `name`"), "{}", ran.stdout);
    project.git(&["init", "--quiet"]);
    project.git(&["add", "."]);
    project.write("schema.graphql", schema.replace("name", "nick"));
    let ran = project.run(&["lint", "--staged"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    project.git(&["add", "."]);
    project.write("schema.graphql", &schema);
    assert_eq!(project.run(&["lint", "--staged"]).code, 1, "what is staged does not fit");
}

#[test]
fn lines_end_with_carriage_returns_too() {
    let project = Project::small();
    project.write("ops/me.graphql", "query Me {\r  me {\r    id\r    nmae\r  }\r}\r");
    let ran = project.run(&["lint"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(" --> ops/me.graphql:4:5\n  |\n4 |     nmae\n"), "{}", ran.stdout);
}
