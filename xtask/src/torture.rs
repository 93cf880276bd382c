//! `cargo xtask torture`: sends mutations through servers and proxies that fail in every possible manner; each must run
//! exactly once.

use crate::interop;
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

/// Installs Yoga from npm and runs the tests; `varnishd` from Debian's package `varnish` must be installed.
pub fn run() -> Result<()> {
    if Command::new("varnishd").arg("-V").output().is_err() {
        bail!("varnishd is not installed: apt-get install varnish");
    }
    let yoga = interop::install_yoga()?;
    let started = Instant::now();
    // The whole workspace, as for the other slow tests: for a part of it, dependencies would have other features and be
    // built again.
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
