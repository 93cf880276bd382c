//! `cargo xtask bench sizes`: measures how time and memory of `lint` and `generate` scale with documents.
//!
//! Each family of documents has three sizes, each twice the one before. The exponent describes the growth of CPU time
//! from the first to the last: 1 is linear, 2 quadratic. The largest size must be within the limits.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::folder;
use graphwright_tests::sizes::{ALL, Growing};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The limit for the largest size.
const MOST_SECONDS: f64 = 1.0;
const MOST_MEBIBYTES: f64 = 200.0;
const MOST_EXPONENT: f64 = 1.3;
/// The time below which growth cannot be measured, since starting a process takes a good part of it.
const LEAST_SECONDS: f64 = 0.02;
/// The limit of CPU time for a process.
const LONGEST_SECONDS: u32 = 30;

/// The resources that a process used.
#[derive(Clone, Copy)]
struct Taken {
    /// CPU time.
    seconds: f64,
    mebibytes: f64,
}

/// Runs all families, or those whose names contain a text, with a program or with the current build.
pub fn run(only: Option<&str>, program: Option<&Path>, rounds: u32) -> Result<()> {
    let program = match program {
        Some(program) => program.canonicalize()?,
        None => built()?,
    };
    println!("CPU seconds at a quarter, at half and at the whole of the size; growth exponent; peak memory");
    let mut failures = 0;
    for growing in ALL.iter().filter(|growing| only.is_none_or(|only| growing.name.contains(only))) {
        for command in ["lint", "generate"] {
            failures += usize::from(!line(&program, growing, command, rounds)?);
        }
    }
    if failures > 0 {
        bail!(
            "{failures} of them are over the limits: {MOST_SECONDS} s, {MOST_MEBIBYTES} MiB, exponent {MOST_EXPONENT}"
        );
    }
    Ok(())
}

fn built() -> Result<PathBuf> {
    let root = folder().join("..");
    let build = ["build", "--release", "--quiet", "-p", "graphwright-cli"];
    if !Command::new(env!("CARGO")).args(build).current_dir(&root).status()?.success() {
        bail!("graphwright does not compile");
    }
    Ok(root.join("target/release/graphwright").canonicalize()?)
}

/// Measures one command on one family, and prints it; returns false if it exceeds the limits.
fn line(program: &Path, growing: &Growing, command: &str, rounds: u32) -> Result<bool> {
    let sizes = [growing.most / 4, growing.most / 2, growing.most];
    let mut taken = Vec::new();
    for size in sizes {
        match best(program, growing, size, command, rounds) {
            Ok(one) => taken.push(one),
            Err(error) => {
                println!("{:<36}{command:<10}{size:>7}: {error:#}", growing.name);
                return Ok(false);
            }
        }
    }
    let [quarter, half, whole] = taken[..] else { bail!("there are three sizes") };
    let exponent = exponent(quarter.seconds, whole.seconds);
    let is_over = whole.seconds > MOST_SECONDS || whole.mebibytes > MOST_MEBIBYTES || exponent > MOST_EXPONENT;
    println!(
        "{:<36}{command:<10}{:>7}{:>9.3}{:>9.3}{:>9.3}   n^{exponent:.2}{:>8.1} MiB{}",
        growing.name,
        growing.most,
        quarter.seconds,
        half.seconds,
        whole.seconds,
        whole.mebibytes,
        if is_over { "  over the limits" } else { "" }
    );
    Ok(!is_over)
}

fn exponent(first: f64, last: f64) -> f64 {
    if last < LEAST_SECONDS { 0.0 } else { (last / first.max(0.001)).log2() / 2.0 }
}

/// Returns the fastest of some rounds, each into an empty folder.
fn best(program: &Path, growing: &Growing, size: usize, command: &str, rounds: u32) -> Result<Taken> {
    let mut best: Option<Taken> = None;
    for _ in 0..rounds.max(1) {
        let project = tempfile::tempdir()?;
        growing.write(size, project.path())?;
        let taken = timed(program, command, project.path())?;
        best = Some(best.map_or(taken, |best| Taken {
            seconds: best.seconds.min(taken.seconds),
            mebibytes: best.mebibytes.max(taken.mebibytes),
        }));
    }
    best.context("there is a round")
}

/// Measures CPU time with bash, which has a resolution of milliseconds; and peak memory with `time`.
fn timed(program: &Path, command: &str, folder: &Path) -> Result<Taken> {
    const SCRIPT: &str =
        "TIMEFORMAT='%3U %3S'; ulimit -t $1; shift; time /usr/bin/time -q -f %M -o memory \"$@\" >output 2>&1";
    let output = Command::new("bash")
        .args(["-c", SCRIPT, "bash", &LONGEST_SECONDS.to_string()])
        .arg(program)
        .args([command, "--quiet"])
        .current_dir(folder)
        .output()?;
    let told = std::fs::read_to_string(folder.join("output"))?;
    match output.status.code() {
        // Findings are not a failure, and neither is a document that is rejected with an error.
        Some(0) => {}
        Some(1) if command == "lint" || told.contains("error[too-many-copies]") => {}
        // Killed, by one signal or the other.
        Some(137 | 152) => bail!("not done in {LONGEST_SECONDS} s"),
        code => bail!("exit code {code:?}: {}", told.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()),
    }
    let times = String::from_utf8(output.stderr)?;
    let seconds = times.split_whitespace().filter_map(|time| time.parse::<f64>().ok()).sum();
    let memory: f64 = std::fs::read_to_string(folder.join("memory"))?.trim().parse()?;
    Ok(Taken { seconds, mebibytes: memory / 1024.0 })
}
