//! `cargo xtask test` and `cargo xtask ci`.

use anyhow::{Result, bail};
use graphwright_fixtures::{cargo as plain_cargo, folder, without_cargo};
use std::process::Command;
use std::time::Instant;

/// Runs all tests.
pub fn test() -> Result<()> {
    cargo("tests", &["test", "--workspace"], &[])
}

/// Runs all checks that must pass before a change lands.
pub fn ci() -> Result<()> {
    crate::wording::run()?;
    cargo("formatting", &["fmt", "--all", "--check"], &[])?;
    let lints = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    cargo("lints", &lints, &[])?;
    let prebuilt = ["clippy", "-p", "graphwright-macros", "--no-default-features", "--", "-D", "warnings"];
    cargo("lints of the macros without the compiler", &prebuilt, &[])?;
    cargo("documentation", &["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    dependencies()?;
    test()?;
    slow_tests()?;
    crate::rule_docs::run(true)?;
    crate::hooks::run()?;
    crate::quickstart::run()
}

/// Runs slow tests, which need the machine for themselves, and `redis-server`, `chromium`, and
/// `dbus-run-session` with `gnome-keyring-daemon`.
fn slow_tests() -> Result<()> {
    keyring()?;
    // The whole workspace: for a part of it, dependencies would have other features and be built again.
    let tests = ["test", "--workspace", "--", "--nocapture", "--test-threads", "1"];
    cargo(
        "slow tests",
        &[tests.as_slice(), &["chaos::", "fleet::", "renewal::", "runtime::sixty", "throttle::", "usage::"]].concat(),
        &[("GRAPHWRIGHT_SLOW", "1")],
    )
}

/// Tests the token store with a keyring that exists only for the test.
fn keyring() -> Result<()> {
    const SCRIPT: &str = "printf %s test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
                          exec \"$CARGO\" test -q -p graphwright-core --features keyring --test keyring";
    let home = tempfile::tempdir()?;
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", SCRIPT]).env("CARGO", env!("CARGO")).env("GRAPHWRIGHT_KEYRING", "1");
    command.env("XDG_DATA_HOME", home.path()).current_dir(folder().join(".."));
    without_cargo(&mut command);
    if !command.status()?.success() {
        bail!("the keyring failed");
    }
    Ok(())
}

/// Checks with `cargo tree` that crates do not have forbidden dependencies.
fn dependencies() -> Result<()> {
    let rules: [(&str, &[&str], &[&str]); 6] = [
        ("graphwright-codegen", &[], &["clap", "reqwest", "tokio", "anyhow", "rayon", "schemars", "quick-xml"]),
        ("graphwright-codegen", &["--no-default-features"], &["prettyplease"]),
        ("graphwright", &["--no-default-features"], &["reqwest", "graphwright-codegen", "apollo-compiler", "syn@3"]),
        (
            "graphwright",
            &["--no-default-features", "--features", "macros"],
            &["clap", "reqwest", "tokio-macros", "prettyplease", "rayon", "schemars", "quick-xml"],
        ),
        (
            "graphwright",
            &["--no-default-features", "--features", "prebuilt"],
            &["graphwright-codegen", "apollo-parser", "url"],
        ),
        ("graphwright", &[], &["clap", "prettyplease", "graphwright-fixtures"]),
    ];
    for (package, features, forbidden) in rules {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "-e", "normal", "--prefix", "none", "-f", "{p}", "-p", package])
            .args(features)
            .current_dir(folder().join(".."))
            .output()?;
        let tree = String::from_utf8(tree.stdout)?;
        let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        if let Some(found) = forbidden.iter().find(|name| names.contains(name)) {
            bail!("{package} {} depends on {found}", features.join(" "));
        }
        println!(
            "{package} {}: {} crates",
            features.join(" "),
            names.iter().collect::<std::collections::BTreeSet<_>>().len()
        );
    }
    Ok(())
}

fn cargo(what: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    println!("\n== {what}: cargo {}", arguments.join(" "));
    let started = Instant::now();
    let status = plain_cargo().args(arguments).envs(variables.iter().copied()).status()?;
    println!("== {what}: {:.0?}", started.elapsed());
    if !status.success() {
        bail!("{what} failed");
    }
    Ok(())
}
