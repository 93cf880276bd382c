//! `cargo xtask fixes`

use anyhow::Result;
use graphwright_tests::nasty;
use std::process::ExitCode;

/// Fixes random documents and prints what the judge found.
pub fn run(documents: usize, seed: u64) -> Result<ExitCode> {
    let totals = nasty::run(seed, documents)?;
    for failure in &totals.failures {
        println!("{failure}\n");
    }
    println!(
        "{} documents: {} fixes made, {} refused, {} failures",
        totals.documents,
        totals.made,
        totals.refused,
        totals.failures.len()
    );
    Ok(if totals.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
