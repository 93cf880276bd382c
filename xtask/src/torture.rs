//! `cargo xtask torture`: mutations behind servers and proxies that fail in every way; each must run exactly once.

use crate::interop;
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

/// Installs Yoga from npm and runs the tests; `varnishd` must be there, from Debian's package `varnish`.
pub fn run() -> Result<()> {
    if Command::new("varnishd").arg("-V").output().is_err() {
        bail!("varnishd is not installed: apt-get install varnish");
    }
    let yoga = interop::install_yoga()?;
    let started = Instant::now();
    // Of the whole workspace, as the other slow tests: for a part of it, dependencies have other features and are built again.
    let status = graphwright_fixtures::cargo()
        .args(["test", "--workspace", "--", "--nocapture", "--test-threads", "1", "torture::"])
        .env("GRAPHWRIGHT_TORTURE", "1")
        .env("GRAPHWRIGHT_TORTURE_YOGA", yoga)
        .status()?;
    println!("== torture: {:.0?}", started.elapsed());
    if !status.success() {
        bail!("the torture failed");
    }
    Ok(())
}
