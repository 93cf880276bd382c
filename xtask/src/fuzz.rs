//! `cargo xtask fuzz`: runs the fuzz targets on the installed toolchain.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::folder;
use std::process::Command;

/// The fuzz targets.
pub const TARGETS: [&str; 6] =
    ["schema_text", "document_text", "linted_text", "eslint_text", "introspection", "response"];

/// Fuzzes one target for some seconds, with cargo-fuzz. Its instrumentation requires unstable flags, which
/// `RUSTC_BOOTSTRAP` enables in a stable compiler.
pub fn run(target: &str, seconds: u32) -> Result<()> {
    let status = Command::new("cargo")
        .args(["fuzz", "run", "--fuzz-dir", ".", "-O", target, "--"])
        .args([&format!("-max_total_time={seconds}"), "-timeout=60", "-rss_limit_mb=2048", "-max_len=16000"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(folder().join("../tests/fuzz"))
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the target `{target}` ended with {status}; `cargo install cargo-fuzz` if there is no such command");
    }
    Ok(())
}
