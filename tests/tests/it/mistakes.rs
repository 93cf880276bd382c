//! Errors that users of the macros see: every file of `tests/ui/mistakes` is a
//! program that does not compile, and its errors are a snapshot.

use crate::support::{root, scratch_crate};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

#[test]
fn mistakes_are_shown_at_their_place() {
    let folder = scratch_crate("mistakes", "");
    let ui = root().join("tests/ui");
    copy(&ui, &folder);
    std::fs::write(folder.join("graphql/latin1.graphql"), b"query Me {\n  # caf\xe9\n  me { id }\n}\n").unwrap();
    std::fs::create_dir_all(folder.join("src/bin")).unwrap();
    let mut expected = Vec::new();
    for file in std::fs::read_dir(ui.join("mistakes")).unwrap() {
        let file = file.unwrap().path();
        expected.push(file.file_stem().unwrap().to_string_lossy().into_owned());
        std::fs::copy(&file, folder.join("src/bin").join(file.file_name().unwrap())).unwrap();
    }
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--bins", "--keep-going", "--message-format=json"])
        .current_dir(&folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.parent().unwrap().join("target"))
        .output()
        .unwrap();
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let target = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            shown.entry(target).or_default().push(without_library(rendered).to_owned());
        }
    }
    assert!(expected.len() >= 25);
    for name in expected {
        let errors = shown
            .remove(&name)
            .unwrap_or_else(|| panic!("{name} compiles\n{}", String::from_utf8_lossy(&output.stderr)));
        let errors: Vec<String> = errors.into_iter().filter(|error| !error.starts_with("error: aborting")).collect();
        insta::with_settings!({ snapshot_path => "../../ui/snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, errors.join("\n\n"));
        });
    }
    assert!(shown.is_empty(), "{shown:?}");
}

/// Returns the error without its last notes, which quote the library: its path and its lines are not part of a
/// snapshot.
fn without_library(rendered: &str) -> &str {
    let end =
        rendered.find("\nnote: required by a bound").or_else(|| rendered.find("\nnote: the trait `SingleResponse`"));
    rendered[..end.unwrap_or(rendered.len())].trim_end()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), entry.path());
        if name == "mistakes" || name == "snapshots" {
            continue;
        }
        if path.is_dir() {
            std::fs::create_dir_all(to.join(&name)).unwrap();
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(path, to.join(name)).unwrap();
        }
    }
}
