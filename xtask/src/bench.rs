//! `cargo xtask bench`: measurements against other tools, each paired with ours in one run.

use anyhow::{Result, bail};
use graphwright_fixtures::folder;
use std::process::Command;

/// Decoding of large responses, against types written by hand and other generators.
pub fn decode(rounds: u32) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["run", "--release", "--quiet", "--", &rounds.to_string()])
        .current_dir(folder().join("../benches/decode"))
        // The allocator of glibc keeps what it has: page faults would be most of the noise.
        .envs(["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_"].map(|name| (name, "268435456")))
        .status()?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}
