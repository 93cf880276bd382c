//! `cargo xtask quickstart`: the main job from end to end, on the local Prismatic server.

use anyhow::{Result, bail};
use graphwright_fixtures::{REFRESH_TOKEN, Server, Settings, folder};
use std::path::PathBuf;
use std::process::Command;

/// Starts the server, fetches its schema, generates code, and runs the program built on it.
pub fn run() -> Result<()> {
    let server = Server::start(Settings::default())?;
    let url = server.url();
    println!("local Prismatic server on {url}");
    let root = folder().join("..").canonicalize()?;
    let schema = root.join("target/quickstart/schema.graphql");
    let config = PathBuf::from("fixtures/prismatic/graphql.config.toml");
    let token = server.access_token("local-user", 600);
    cargo("graphwright introspect", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright-codegen", "--", "introspect"]);
        cargo.arg(format!("{url}/api")).args(["-H", "Authorization: Bearer $LOCAL_TOKEN", "--out"]).arg(&schema);
        cargo.env("LOCAL_TOKEN", token);
    })?;
    cargo("graphwright generate", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright-codegen", "--", "generate", "--config"]);
        cargo.arg(&config).arg("--schema").arg(&schema);
    })?;
    cargo("the program built on it", |cargo| {
        cargo.args(["run", "-q", "-p", "graphwright", "--example", "prismatic"]);
        cargo.env("PRISMATIC_URL", &url).env("PRISM_REFRESH_TOKEN", REFRESH_TOKEN);
    })
}

fn cargo(what: &str, arguments: impl FnOnce(&mut Command)) -> Result<()> {
    println!("\n{what}");
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder().join(".."));
    arguments(&mut command);
    let status = command.status()?;
    if !status.success() {
        bail!("{what} ended with {status}");
    }
    Ok(())
}
