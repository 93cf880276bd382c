//! `cargo xtask quickstart`: the main job from end to end, on the local Prismatic server.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::{REFRESH_TOKEN, Server, Settings, folder};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Starts the server, fetches its schema, generates code, and runs the program built on it.
pub fn run() -> Result<()> {
    let server = Server::start(Settings::default())?;
    let url = server.url();
    println!("local Prismatic server on {url}");
    let root = folder().join("..").canonicalize()?;
    let schema = root.join("target/quickstart/schema.graphql");
    let api = root.join("target/quickstart/api");
    let config = PathBuf::from("fixtures/prismatic/graphql.config.toml");
    let token = server.access_token("local-user", 600);
    cargo("graphwright introspect", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright-cli", "--", "introspect"]);
        cargo.arg(format!("{url}/api")).args(["-H", "Authorization: Bearer $LOCAL_TOKEN", "--out"]).arg(&schema);
        cargo.env("LOCAL_TOKEN", token);
    })?;
    cargo("graphwright generate", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright-cli", "--", "generate", "--config"]);
        cargo.arg(&config).arg("--schema").arg(&schema).arg("--output").arg(&api);
    })?;
    // The program uses the checked-in code, which must be equal to the generated code.
    same_code(&api, &root.join("runtime/examples/prismatic/api"))?;
    cargo("the program built on it", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright", "--example", "prismatic"]);
        cargo.env("PRISMATIC_URL", &url).env("PRISM_REFRESH_TOKEN", REFRESH_TOKEN);
    })
}

/// Compares two outputs, ignoring the recorded inputs.
fn same_code(fresh: &Path, checked_in: &Path) -> Result<()> {
    for entry in std::fs::read_dir(fresh)? {
        let entry = entry?;
        let code = |path: &Path| -> Result<Vec<String>> {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok(text.lines().filter(|line| !line.starts_with("// ")).map(str::to_owned).collect())
        };
        if code(&entry.path())? != code(&checked_in.join(entry.file_name()))? {
            bail!(
                "{} differs from the code generated from the server's schema",
                checked_in.join(entry.file_name()).display()
            );
        }
    }
    Ok(())
}

fn cargo(what: &str, arguments: impl FnOnce(&mut Command)) -> Result<()> {
    println!("\n{what}");
    let mut command = graphwright_fixtures::cargo();
    arguments(&mut command);
    let status = command.status()?;
    if !status.success() {
        bail!("{what} ended with {status}");
    }
    Ok(())
}
