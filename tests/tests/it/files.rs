//! Patterns of a configuration match the same files from every working directory, in every command.

use crate::support::{Project, Ran, binary};
use insta::assert_snapshot;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// Returns a package below the temporary folder, with a document in each place that a pattern may be about.
fn package() -> Project {
    const DOCUMENTS: [&str; 14] = [
        "pkg/a.graphql",
        "pkg/b.graphql",
        "pkg/c.gql",
        "pkg/.hidden.graphql",
        "pkg/app/x/one.graphql",
        "pkg/app/[id]/a.graphql",
        "pkg/app/[id]/b.graphql",
        "pkg/app/i/c.graphql",
        "pkg/lib/two.graphql",
        "pkg/lib/deep/three.graphql",
        "pkg/legacy/old.graphql",
        "pkg/node_modules/m/m.graphql",
        "pkg/with space/w.graphql",
        "shared/s.graphql",
    ];
    let project = Project { folder: tempfile::tempdir().unwrap() };
    for (number, path) in DOCUMENTS.iter().enumerate() {
        // The last field is not in the schema, so that each command that reads the file names it.
        project.write(path, format!("query Q{number} {{me me   nope}}"));
    }
    project.write("pkg/lib/notes.md", "# Notes");
    project.write("pkg/app/page.tsx", "export const a = 1;");
    project.write("pkg/main.graphqls", "type Query { me: Int }");
    project.write("pkg/schema/part.graphqls", "extend type Query { you: Int }");
    project.write("elsewhere/empty", "");
    project
}

/// The package's folder, one below, the one above, and one that has nothing to do with it.
const FOLDERS: [&str; 4] = ["pkg", "pkg/lib/deep", ".", "elsewhere"];

fn configured(project: &Project, documents: &str, more: &str) {
    let config = format!("schema = \"main.graphqls\"\ndocuments = {documents}\n{more}");
    project.write("pkg/graphql.config.toml", config);
}

fn run(project: &Project, folder: &str, arguments: &[&str]) -> Ran {
    let config = project.path("pkg/graphql.config.toml");
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(project.path(folder)).env_remove("PRE_COMMIT");
    match folder {
        "." => command.args(["--config", "pkg/graphql.config.toml"]),
        "elsewhere" => command.arg("--config").arg(config),
        _ => &mut command,
    };
    Ran::from(command.output().unwrap())
}

/// Files, named from a working directory, as the configuration would name them.
fn from_package<'n>(project: &Project, folder: &str, names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
    let package = project.path("pkg").canonicalize().unwrap();
    let one = |name: &str| {
        let path = project.path(folder).join(name);
        let path = path.canonicalize().unwrap_or_else(|error| panic!("{name} from {folder}: {error}"));
        match path.strip_prefix(&package) {
            Ok(below) => below.display().to_string(),
            Err(_) => {
                PathBuf::from("..").join(path.strip_prefix(package.parent().unwrap()).unwrap()).display().to_string()
            }
        }
    };
    names.map(one).collect()
}

/// Returns the files that a command reads, by its messages about each of them.
fn read_by(project: &Project, folder: &str, command: &str) -> BTreeSet<String> {
    match command {
        "lint" => {
            let ran = run(project, folder, &["lint", "--format", "compact", "--only", "fields-on-correct-type"]);
            let names =
                ran.stdout.lines().filter(|line| line.contains("error[")).filter_map(|line| line.split(':').next());
            from_package(project, folder, names)
        }
        "generate" => {
            let ran = run(project, folder, &["generate", "--stdout"]);
            let places = ran.stderr.lines().filter_map(|line| line.split_once("--> "));
            let documents = places.map(|(_, place)| place).filter(|place| !place.contains("graphql.config"));
            from_package(project, folder, documents.filter_map(|place| place.split(':').next()))
        }
        "fmt" => {
            let ran = run(project, folder, &["fmt", "--check"]);
            from_package(project, folder, ran.stdout.lines())
        }
        _ => {
            let ran = run(project, folder, &["usage", "--json"]);
            let usage: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
            let operations = usage["operations"].as_array().cloned().unwrap_or_default();
            from_package(project, folder, operations.iter().filter_map(|one| one["file"].as_str()))
        }
    }
}

#[test]
fn patterns_mean_the_same_files_from_every_folder_in_every_command() {
    const A: &str = "a.graphql";
    const AB: &str = "a.graphql b.graphql";
    const ID: &str = "app/[id]/a.graphql app/[id]/b.graphql";
    const APP: &str = "app/[id]/a.graphql app/[id]/b.graphql app/i/c.graphql app/x/one.graphql";
    const LIB: &str = "lib/deep/three.graphql lib/two.graphql";
    let table: [(&str, &str); 30] = [
        ("'a.graphql'", A),
        ("'./a.graphql'", A),
        ("'lib/../a.graphql'", A),
        ("'../pkg/a.graphql'", A),
        ("['a.graphql', './a.graphql', '*.graphql']", AB),
        ("'*.graphql'", AB),
        ("'./*.graphql'", AB),
        ("'{a,b}.graphql'", AB),
        ("'[ab].graphql'", AB),
        ("'?.graphql'", AB),
        ("'*.{graphql,gql}'", "a.graphql b.graphql c.gql"),
        ("'*'", "a.graphql b.graphql c.gql"),
        ("['*.graphql', '!b.graphql']", A),
        ("'.hidden.graphql'", ".hidden.graphql"),
        ("'lib/**'", LIB),
        ("'lib/**/*.graphql'", LIB),
        ("'./lib/**/*.graphql'", LIB),
        ("'lib/*.graphql'", "lib/two.graphql"),
        ("'{app,lib}/**'", &format!("{APP} {LIB}")),
        ("'*/x/*.graphql'", "app/x/one.graphql"),
        ("'**/one.graphql'", "app/x/one.graphql"),
        ("'app/*/*.graphql'", APP),
        ("'app/[id]/a.graphql'", "app/[id]/a.graphql"),
        ("'app/[id]/*.graphql'", ID),
        ("'app/[[]id]/*.graphql'", ID),
        ("'**/with space/*.graphql'", "with space/w.graphql"),
        ("'node_modules/m/*.graphql'", "node_modules/m/m.graphql"),
        ("'../shared/*.graphql'", "../shared/s.graphql"),
        ("'../{shared,pkg/lib}/*.graphql'", "../shared/s.graphql lib/two.graphql"),
        (
            "'**/*.graphql'",
            &format!("{AB} {APP} {LIB} legacy/old.graphql with space/w.graphql").replace("with space", "with_space"),
        ),
    ];
    let project = package();
    for (documents, expected) in table {
        configured(&project, documents, "");
        let expected: BTreeSet<String> = match expected {
            "with space/w.graphql" => BTreeSet::from([expected.to_owned()]),
            _ => expected.split(' ').map(|name| name.replace("with_space", "with space")).collect(),
        };
        for folder in FOLDERS {
            for command in ["lint", "generate", "fmt", "usage"] {
                let read = read_by(&project, folder, command);
                assert_eq!(read, expected, "documents = {documents}, `{command}` in {folder}");
            }
        }
    }
}

#[test]
fn schemas_excludes_and_overrides_are_anchored_like_documents() {
    let project = package();
    for schema in
        ["main.graphqls", "./main.graphqls", "*.graphqls", "./*.graphqls", "{main,other}.graphqls", "../pkg/*.graphqls"]
    {
        project.write("pkg/graphql.config.toml", format!("schema = \"{schema}\"\ndocuments = \"a.graphql\"\n"));
        for folder in FOLDERS {
            assert_eq!(
                read_by(&project, folder, "lint"),
                BTreeSet::from(["a.graphql".to_owned()]),
                "{schema} in {folder}"
            );
        }
    }
    let all = "['lib/**', 'legacy/**', '../shared/*.graphql']";
    let rest: BTreeSet<String> = ["lib/two.graphql", "lib/deep/three.graphql"].map(str::to_owned).into();
    for exclude in [
        "['legacy/**', '../shared/**']",
        "['./legacy/*', '../shared']",
        "['legacy', '../shared/s.graphql']",
        "['{legacy,../shared}/**', '**/s.graphql', 'legacy/']",
    ] {
        configured(&project, all, &format!("exclude = {exclude}\n"));
        for folder in FOLDERS {
            for command in ["lint", "generate", "fmt", "usage"] {
                assert_eq!(read_by(&project, folder, command), rest, "exclude = {exclude}, `{command}` in {folder}");
            }
        }
    }
    for files in ["legacy/**", "./legacy/*.graphql", "legacy", "*/old.graphql", "**/old.graphql"] {
        let overrides = format!(
            "[[extensions.graphwright.lint.overrides]]\nfiles = ['{files}', '../shared/**']\nrules = {{ no-duplicate-fields = 'off' }}\n"
        );
        configured(&project, all, &overrides);
        for folder in FOLDERS {
            let ran = run(&project, folder, &["lint", "--format", "compact"]);
            let found = ran.stdout.lines().filter(|line| line.contains("[no-duplicate-fields]"));
            let found = found.filter_map(|line| line.split(':').next());
            assert_eq!(from_package(&project, folder, found), rest, "overrides for {files} in {folder}");
        }
    }
}

#[test]
fn a_pattern_that_means_nothing_is_told_at_its_line_with_what_comes_near() {
    let project = package();
    let told = |documents: &str, more: &str| {
        configured(&project, documents, more);
        let ran = run(&project, "pkg", &["lint", "--only", "no-deprecated"]);
        ran.shown(&[])
            .lines()
            .chain(ran.stdout.lines())
            .filter(|line| !line.contains("no findings") && !line.trim().is_empty() && line.trim() != "|")
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_snapshot!(told("['a.graphql', 'lib/*.gql']", ""), @r"
    exit 0
    1 warning in 1 file
    warning[unmatched-pattern]: no file matches `lib/*.gql` of `documents`
     --> graphql.config.toml:2:28
    2 | documents = ['a.graphql', 'lib/*.gql']
      |                            ^^^^^^^^^
      = help: `lib/*.{graphql,gql,graphqls}` matches 1 file
    ");
    assert_snapshot!(told("['a.graphql', 'lib/o*.graphql', 'app/*.graphql']", ""), @r"
    exit 0
    2 warnings in 1 file
    warning[unmatched-pattern]: no file matches `lib/o*.graphql` of `documents`
     --> graphql.config.toml:2:28
    2 | documents = ['a.graphql', 'lib/o*.graphql', 'app/*.graphql']
      |                            ^^^^^^^^^^^^^^
      = help: paths are relative to the folder of the configuration
    warning[unmatched-pattern]: no file matches `app/*.graphql` of `documents`
     --> graphql.config.toml:2:46
    2 | documents = ['a.graphql', 'lib/o*.graphql', 'app/*.graphql']
      |                                              ^^^^^^^^^^^^^
      = help: `app/**/*.graphql` matches 4 files
    ");
    assert_snapshot!(told("'aa.graphql'", ""), @r"
    exit 2
    error[unreadable]: cannot read aa.graphql: no such file
     --> graphql.config.toml:2:14
    2 | documents = 'aa.graphql'
      |              ^^^^^^^^^^
      = help: did you mean `a.graphql`?
    1 error
    ");
    assert_snapshot!(told("'lob/*.graphql'", ""), @r"
    exit 2
    error[config]: no file matches `lob/*.graphql` of `documents`
     --> graphql.config.toml:2:14
    2 | documents = 'lob/*.graphql'
      |              ^^^^^^^^^^^^^
      = help: did you mean `lib`?
    1 error
    ");
    assert_snapshot!(told("['a.graphql', 'two.graphql']", ""), @r"
    exit 2
    error[unreadable]: cannot read two.graphql: no such file
     --> graphql.config.toml:2:28
    2 | documents = ['a.graphql', 'two.graphql']
      |                            ^^^^^^^^^^^
      = help: did you mean `lib/two.graphql`?
    1 error
    ");
    assert_snapshot!(told("['a.graphql', 'legacy/*.graphql']", "exclude = ['legacy', 'lagacy/**']"), @r"
    exit 0
    2 warnings in 1 file
    warning[unmatched-pattern]: no file matches `legacy/*.graphql` of `documents`
     --> graphql.config.toml:2:28
    2 | documents = ['a.graphql', 'legacy/*.graphql']
      |                            ^^^^^^^^^^^^^^^^
      = help: `legacy` excludes its matches
    warning[unmatched-pattern]: no file matches `lagacy/**` of `exclude`
     --> graphql.config.toml:3:23
    3 | exclude = ['legacy', 'lagacy/**']
      |                       ^^^^^^^^^
      = help: did you mean `legacy`?
    ");
    assert_snapshot!(told("'pkg/lib/*.graphql'", ""), @r"
    exit 2
    error[config]: no file matches `pkg/lib/*.graphql` of `documents`
     --> graphql.config.toml:2:14
    2 | documents = 'pkg/lib/*.graphql'
      |              ^^^^^^^^^^^^^^^^^
      = help: paths are relative to the folder of the configuration
    1 error
    ");
    assert_snapshot!(told("'app/**/*.{tsx,graphql}'", ""), @r"
    exit 0
    1 warning in 4 files
    warning[unmatched-pattern]: `app/**/*.{tsx,graphql}` matches app/page.tsx, which is ignored since it is not GraphQL
     --> graphql.config.toml:2:14
    2 | documents = 'app/**/*.{tsx,graphql}'
      |              ^^^^^^^^^^^^^^^^^^^^^^
    ");
    assert_snapshot!(told("'[a'", ""), @r"
    exit 2
    error[config]: invalid glob `[a`: unclosed character class; missing ']'
     --> graphql.config.toml:2:14
    2 | documents = '[a'
      |              ^^
    1 error
    ");
    assert_snapshot!(
        told(
            "'a.graphql'",
            "[[extensions.graphwright.lint.overrides]]\nfiles = ['legcy/**']\nrules = { no-duplicate-fields = 'off' }\n"
        ),
        @r"
    exit 0
    1 warning in 1 file
    warning[unmatched-pattern]: no file matches `legcy/**` of `overrides`
     --> graphql.config.toml:4:11
    4 | files = ['legcy/**']
      |           ^^^^^^^^
      = help: did you mean `legacy`?
    "
    );
}

#[test]
fn a_misspelt_schema_is_told_at_its_line() {
    let project = package();
    project.write("pkg/graphql.config.yml", "schema: mian.graphqls\ndocuments: a.graphql\n");
    let ran =
        Command::new(binary()).args(["generate", "--stdout"]).current_dir(project.path("pkg/lib")).output().unwrap();
    assert_snapshot!(Ran::from(ran).shown(&[]), @r"
    exit 2
    error[unreadable]: cannot read mian.graphqls: no such file
     --> ../graphql.config.yml:1:9
      |
    1 | schema: mian.graphqls
      |         ^^^^^^^^^^^^^
      |
      = help: did you mean `main.graphqls`?

    1 error
    ");
}
