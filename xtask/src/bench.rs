//! `cargo xtask bench`: measurements against other tools, each paired with ours in one run.

use anyhow::{Result, bail};
use graphwright_fixtures::folder;
use graphwright_tests::compile_bench::write_crates;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

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

/// Compiling generated code, against the same types with serde's derives.
pub fn compile(operations: usize, rounds: u32) -> Result<()> {
    let crates = write_crates(&folder().join("../target/compile-bench"), operations)?;
    println!("{operations} operations, median of {rounds} rounds, seconds: ours, derives, ratio");
    for (what, arguments) in
        [("check", vec!["check"]), ("build", vec!["build"]), ("build --release", vec!["build", "--release"])]
    {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=rounds {
            for (folder, times) in crates.iter().zip(&mut times) {
                let taken = compiled(folder, &arguments)?;
                // The first round compiles the dependencies too.
                if round > 0 {
                    times.push(taken);
                }
            }
        }
        let [ours, derived] = times.map(|mut times| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        });
        println!("{what:<16}{ours:>8.2}{derived:>8.2}{:>8.2}", ours / derived);
    }
    Ok(())
}

/// How long it takes after a change of the crate itself.
fn compiled(folder: &Path, arguments: &[&str]) -> Result<Duration> {
    let main = folder.join("src/main.rs");
    let text = std::fs::read_to_string(&main)?;
    std::fs::write(&main, format!("{}// {:?}\n", text.trim_end_matches(|last| last != '}'), Instant::now()))?;
    let started = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--offline"])
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.join("../target"))
        .current_dir(folder)
        .status()?;
    if !status.success() {
        bail!("{} does not compile", folder.display());
    }
    Ok(started.elapsed())
}
