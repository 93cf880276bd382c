//! Several packages in one repository: each file has the nearest configuration, and a run is one report.

use crate::support::{Project, Ran, binary};
use insta::assert_snapshot;
use std::collections::BTreeSet;
use std::process::Command;

const PACKAGES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Returns a repository of five packages, each with a schema, a document and a configuration of its own.
fn repository() -> Project {
    let project = Project { folder: tempfile::tempdir().unwrap() };
    for name in PACKAGES {
        project.write(
            &format!("pkg/{name}/schema.graphql"),
            "type Query {\n  me: User\n}\ntype User {\n  id: ID!\n  name: String\n}\n",
        );
        project.write(&format!("pkg/{name}/q/a.graphql"), format!("query Q{name} {{\n  me {{ id id }}\n}}\n"));
        project.write(
            &format!("pkg/{name}/graphql.config.toml"),
            "schema = \"schema.graphql\"\ndocuments = \"q/*.graphql\"\n\n[extensions.graphwright.generate]\noutput = \"out\"\n",
        );
    }
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "All"]);
    project
}

fn run_in(project: &Project, folder: &str, arguments: &[&str]) -> Ran {
    let mut command = Command::new(binary());
    let output = command.args(arguments).current_dir(project.path(folder)).env_remove("PRE_COMMIT").output();
    Ran::from(output.unwrap())
}

fn found(ran: &Ran) -> Vec<String> {
    ran.stdout.lines().filter_map(|line| line.split(": ").next()).map(str::to_owned).collect()
}

#[test]
fn each_file_has_the_nearest_configuration() {
    let project = repository();
    let compact =
        |folder: &str, paths: &[&str]| run_in(&project, folder, &[&["lint", "--format", "compact"], paths].concat());
    assert_eq!(found(&compact(".", &["pkg/a/q/a.graphql"])), ["pkg/a/q/a.graphql:2:11"]);
    assert_eq!(found(&compact("pkg/b", &["../a/q/a.graphql"])), ["../a/q/a.graphql:2:11"]);
    let all = PACKAGES.map(|name| format!("pkg/{name}/q/a.graphql:2:11"));
    assert_eq!(found(&compact(".", &["pkg"])), all);
    assert_eq!(found(&compact(".", &[])), all);
    let some = ["pkg/c/q/a.graphql", "pkg/e/q/a.graphql"];
    let ran = compact(".", &some);
    assert_eq!(found(&ran), some.map(|name| format!("{name}:2:11")));
    assert!(ran.stderr.starts_with("2 warnings in 2 files\n"), "{}", ran.stderr);
    // A file without a configuration is not a failure, as with hooks.
    project.write("stray.graphql", "{ nonsense }");
    let ran = compact(".", &["stray.graphql", "pkg/a/q/a.graphql"]);
    assert_eq!((ran.code, found(&ran).len()), (0, 1));
    assert!(ran.stderr.contains("1 file not part of the project"), "{}", ran.stderr);
}

#[test]
fn one_package_that_cannot_be_read_hides_nothing_of_the_others() {
    let project = repository();
    project.write("pkg/b/graphql.config.toml", "schema = \"gone.graphql\"\ndocuments = \"q/*.graphql\"\n");
    project.write("pkg/d/graphql.config.toml", "shcema = 1\n");
    assert_snapshot!(run_in(&project, ".", &["lint", "--format", "compact"]).stdout, @r"
    pkg/a/q/a.graphql:2:11: warning[no-duplicate-fields]: `id` is selected twice
    pkg/b/graphql.config.toml:1:11: error[unreadable]: cannot read gone.graphql: no such file
    pkg/c/q/a.graphql:2:11: warning[no-duplicate-fields]: `id` is selected twice
    pkg/d/graphql.config.toml:1:1: error[unknown-key]: unknown key `shcema`
    pkg/e/q/a.graphql:2:11: warning[no-duplicate-fields]: `id` is selected twice
    ");
    assert_eq!(run_in(&project, ".", &["lint"]).code, 2);
}

#[test]
fn reports_for_programs_name_files_from_the_repository() {
    let project = repository();
    let places = |text: &str| -> BTreeSet<String> {
        let text = text.split(['"', '=', ',', '<', ' ']).filter(|part| part.ends_with(".graphql"));
        text.map(str::to_owned).collect()
    };
    for format in ["github", "gitlab", "sarif", "json", "json-lines", "junit", "checkstyle"] {
        for folder in [".", "pkg", "pkg/a", "pkg/a/q"] {
            let arguments = ["lint", "--format", format, "--only", "no-duplicate-fields"];
            let ran = run_in(&project, folder, &arguments);
            let named = places(&ran.stdout);
            let packages: &[&str] = if folder.starts_with("pkg/") { &PACKAGES[..1] } else { &PACKAGES };
            let expected: BTreeSet<String> = packages.iter().map(|name| format!("pkg/{name}/q/a.graphql")).collect();
            assert_eq!(named, expected, "{format} in {folder}\n{}", ran.stdout);
            assert!(named.iter().all(|name| project.path(name).is_file()));
        }
    }
    // Findings of packages are different ones, though their words and names are the same.
    let json = run_in(&project, ".", &["lint", "--format", "json"]).stdout;
    let list: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let fingerprints: BTreeSet<&str> = list.iter().filter_map(|one| one["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), 5);
}

#[test]
fn staged_files_of_all_packages_are_one_question_to_git() {
    let project = repository();
    for name in PACKAGES {
        project.write(&format!("pkg/{name}/q/b.graphql"), format!("query New{name} {{ me {{ nme }} }}\n"));
    }
    project.git(&["add", "."]);
    // The staged text is linted, not the one on disk.
    project.write("pkg/a/q/b.graphql", "query Newa { me { name } }\n");
    let staged = ["lint", "--staged", "--format", "compact"];
    let all = PACKAGES.map(|name| format!("pkg/{name}/q/b.graphql:1:19"));
    let ran = run_in(&project, ".", &staged);
    assert_eq!((ran.code, found(&ran)), (1, all.to_vec()));
    let ran = run_in(&project, "pkg/c", &staged);
    let from_c = PACKAGES
        .map(|name| if name == "c" { "q/b.graphql:1:19".into() } else { format!("../{name}/q/b.graphql:1:19") });
    assert_eq!(found(&ran).into_iter().collect::<BTreeSet<_>>(), from_c.into_iter().collect());

    // A git that counts how often it is asked.
    let real = String::from_utf8(Command::new("sh").args(["-c", "command -v git"]).output().unwrap().stdout).unwrap();
    project.write("bin/git", format!("#!/bin/sh\necho x >> \"$COUNT\"\nexec {} \"$@\"\n", real.trim()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(project.path("bin/git"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", project.path("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(binary());
        command.args(staged).current_dir(project.folder.path()).env("PATH", path).env("COUNT", project.path("count"));
        assert_eq!(command.output().unwrap().status.code(), Some(1));
        let count = project.read("count").lines().count();
        assert!((1..=4).contains(&count), "{count} processes");
    }
}

#[test]
fn a_staged_file_is_linted_with_the_projects_that_name_it() {
    let project = repository();
    project.write(
        "graphql.config.toml",
        "[projects.one]\nschema = \"pkg/a/schema.graphql\"\ndocuments = \"one/*.graphql\"\n\n\
         [projects.two]\nschema = \"pkg/b/schema.graphql\"\ndocuments = [\"two/*.graphql\", \"one/shared.graphql\"]\n",
    );
    project.write("one/a.graphql", "query A { me { id id } }\n");
    project.write("one/shared.graphql", "query S { me { id id } }\n");
    project.write("two/b.graphql", "query B { me { id id } }\n");
    project.write("neither/c.graphql", "query C { me { id id } }\n");
    let lint = |paths: &[&str]| found(&run_in(&project, ".", &[&["lint", "--format", "compact"], paths].concat()));
    assert_eq!(lint(&["one/a.graphql"]), ["one/a.graphql:1:19"]);
    // One finding, whether one project has the file or two.
    assert_eq!(lint(&["one/shared.graphql"]), ["one/shared.graphql:1:19"]);
    assert_eq!(lint(&["neither/c.graphql"]), [""; 0]);
    assert_eq!(lint(&["two", "one/a.graphql"]), ["one/a.graphql:1:19", "two/b.graphql:1:19"]);
    project.git(&["add", "two", "graphql.config.toml"]);
    assert_eq!(lint(&["--staged"]), ["two/b.graphql:1:19"]);
}

#[test]
fn every_command_is_about_all_projects() {
    let project = repository();
    let ran = run_in(&project, ".", &["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(PACKAGES.iter().all(|name| project.path(&format!("pkg/{name}/out/mod.rs")).is_file()));
    project.write("pkg/d/q/b.graphql", "query New { me { name } }\n");
    let ran = run_in(&project, ".", &["generate", "--check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("pkg/d: 2 files not up to date"), "{}", ran.stderr);
    let ran = run_in(&project, ".", &["manifest", "--format", "map"]);
    assert_eq!(ran.stdout.matches("query ").count(), 6);
    let ran = run_in(&project, ".", &["fmt", "--check"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 6));
    assert!(ran.stdout.lines().all(|name| project.path(name).is_file()));
    let changed = project.read("pkg/a/schema.graphql").replace("  id: ID!\n", "");
    project.write("new.graphql", changed);
    let ran = run_in(&project, ".", &["check", "--against", "new.graphql", "--format", "compact"]);
    assert_eq!((ran.code, found(&ran).len()), (1, 10), "{}{}", ran.stdout, ran.stderr);
    let ran = run_in(&project, ".", &["generate", "--output", "elsewhere"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("several projects are selected; choose one with --config pkg/a/graphql.config.toml or"),
        "{}",
        ran.stderr
    );
    // Two projects must not take each other's output for their own old one.
    project.write(
        "graphql.config.toml",
        "[projects.one]\nschema = \"pkg/a/schema.graphql\"\ndocuments = \"pkg/a/q/*.graphql\"\n\
         extensions.graphwright.generate.output = \"all\"\n\
         [projects.two]\nschema = \"pkg/b/schema.graphql\"\ndocuments = \"pkg/b/q/*.graphql\"\n\
         extensions.graphwright.generate.output = \"all/two\"\n",
    );
    assert_snapshot!(run_in(&project, ".", &["generate"]).shown(&[]), @r"
    exit 2
    error: projects one and two have the same output, all/two
    ");
}

#[test]
fn packages_can_share_a_baseline() {
    let project = repository();
    let shared = ["--baseline", "baseline.json"];
    let write = run_in(&project, ".", &[&["lint", "--write-baseline"], shared.as_slice()].concat());
    assert_eq!((write.code, write.stderr.as_str()), (0, "wrote 5 findings to baseline.json\n"));
    project.write("pkg/b/q/new.graphql", "query New { me { name name } }\n");
    let ran = run_in(&project, ".", &[&["lint", "--format", "compact"], shared.as_slice()].concat());
    assert_eq!(found(&ran), ["pkg/b/q/new.graphql:1:23"]);
    let ran = run_in(&project, "pkg/b", &["lint", "--format", "compact", "--baseline", "../../baseline.json"]);
    assert_eq!(found(&ran), ["q/new.graphql:1:23"]);
    std::fs::remove_file(project.path("pkg/c/q/a.graphql")).unwrap();
    project.write("pkg/c/q/c.graphql", "query C { me { name } }\n");
    let ran = run_in(&project, ".", &[&["lint", "--format", "compact"], shared.as_slice()].concat());
    assert!(
        ran.stdout.contains(
            "warning[stale-baseline]: the baseline contains a finding of `no-duplicate-fields` in pkg/c/q/a.graphql"
        ),
        "{}",
        ran.stdout
    );
}
