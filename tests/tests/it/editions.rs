//! Generated code compiles without a warning under both editions, whatever the user denies.

use crate::support::{Project, root};
use std::process::Command;

fn compiles(edition: &str, output: &str) {
    let project = Project::small();
    let operations = root().join("fixtures/prismatic/operations/*.graphql");
    let ran = project.run(&[
        "generate",
        "--schema",
        root().join("fixtures/prismatic/schema.graphql").to_str().unwrap(),
        "--documents",
        operations.to_str().unwrap(),
        "--output",
        output,
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let path = if output.ends_with(".rs") { output.to_owned() } else { format!("{output}/mod.rs") };
    project.write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"edition\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n[dependencies]\n\
             graphwright = {{ path = {:?}, default-features = false }}\n[workspace]\n[lib]\npath = \"lib.rs\"\n",
            root().join("runtime")
        ),
    );
    std::fs::copy(root().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
    project.write(
        "lib.rs",
        format!("//! Docs.\n#![deny(warnings, missing_docs)]\n#[path = {path:?}]\n/// The API.\npub mod api;\n"),
    );
    let check = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .current_dir(project.folder.path())
        .env("CARGO_TARGET_DIR", root().join("target/editions"))
        .output()
        .unwrap();
    assert!(check.status.success(), "edition {edition}: {}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn edition_2021_in_one_file() {
    compiles("2021", "api.rs");
}

#[test]
fn edition_2024_in_a_folder() {
    compiles("2024", "api");
}
