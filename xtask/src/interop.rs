//! `cargo xtask interop`: tests the client with third-party servers from npm and PyPI.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::folder;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server of a test, which is stopped when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Installs a server, starts it, and runs the tests against it.
pub fn run(servers: &[String]) -> Result<()> {
    for server in servers {
        let mut command = match server.as_str() {
            "strawberry" => strawberry()?,
            "yoga" => yoga()?,
            other => bail!("unknown server `{other}`; expected strawberry or yoga"),
        };
        let mut running =
            Running(command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {server}"))?);
        let output = running.0.stdout.take().context("the server has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        println!("{server} on {}", url.trim());
        let status = graphwright_fixtures::cargo()
            .args(["test", "-p", "graphwright-tests", "--test", "it", "--", "interop::", "--nocapture"])
            .env("GRAPHWRIGHT_INTEROP_URL", url.trim())
            .status()?;
        if !status.success() {
            bail!("the tests with {server} failed");
        }
    }
    Ok(())
}

fn target(name: &str) -> Result<PathBuf> {
    let target = folder().join("../target/interop").join(name);
    std::fs::create_dir_all(&target)?;
    Ok(target.canonicalize()?)
}

fn source(name: &str) -> PathBuf {
    folder().join("../tests/interop").join(name)
}

fn strawberry() -> Result<Command> {
    let target = target("strawberry")?;
    let python = target.join("bin/python");
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&target))?;
        done(Command::new(&python).args(["-m", "pip", "install", "-q", "strawberry-graphql", "starlette", "uvicorn"]))?;
    }
    let mut command = Command::new(python);
    command.arg(source("server.py"));
    Ok(command)
}

/// Returns the folder in which npm has installed GraphQL Yoga.
pub fn install_yoga() -> Result<PathBuf> {
    let target = target("yoga")?;
    if !target.join("node_modules/graphql-yoga").exists() {
        let install = ["install", "--silent", "--no-fund", "--no-audit", "graphql@16", "graphql-yoga@5"];
        done(Command::new("npm").args(install).current_dir(&target))?;
    }
    Ok(target)
}

fn yoga() -> Result<Command> {
    let target = install_yoga()?;
    let script = target.join("server.mjs");
    std::fs::copy(source("server.mjs"), &script)?;
    let mut command = Command::new("node");
    command.arg(script).current_dir(Path::new(&target));
    Ok(command)
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
    if !status.success() {
        bail!("{} ended with {status}", command.get_program().to_string_lossy());
    }
    Ok(())
}
