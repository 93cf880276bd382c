//! `cargo xtask lint-parity DIR` and `cargo xtask diff-parity DIR`

use anyhow::Result;
use graphwright_tests::parity::{Compared, compare};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// Compares case by case; succeeds only if every difference has its reason.
pub fn run(folder: &Path) -> Result<ExitCode> {
    let all = compare(folder)?;
    let mut by_rule: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut open = 0;
    for one in &all {
        let counts = by_rule.entry(&one.rule).or_default();
        let kind = match one {
            Compared { lines: Some((theirs, ours)), .. } if theirs == ours => 0,
            Compared { lines: Some(_), reason: Some(_), .. } => 1,
            Compared { lines: None, .. } => 2,
            Compared { .. } => 3,
        };
        counts[kind] += 1;
        if let (1 | 3, Some((theirs, ours))) = (kind, &one.lines) {
            let why = one.reason.unwrap_or("NO REASON");
            println!("{}: lines {theirs:?} there, {ours:?} here: {why}", one.id);
        }
        open += usize::from(kind == 3);
    }
    println!("\n{:45}{:>8}{:>12}{:>14}{:>12}", "rule", "same", "on purpose", "not compared", "different");
    for (rule, [same, meant, skipped, different]) in &by_rule {
        println!("{rule:45}{same:>8}{meant:>12}{skipped:>14}{different:>12}");
    }
    let total = |at: usize| by_rule.values().map(|counts| counts[at]).sum::<usize>();
    println!("{:45}{:>8}{:>12}{:>14}{:>12}", "all", total(0), total(1), total(2), total(3));
    Ok(if open == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares changes pair by pair; succeeds only if every difference has its reason.
pub fn diff(folder: &Path) -> Result<ExitCode> {
    let all = graphwright_tests::diff_parity::compare(folder)?;
    let (mut same, mut meant, mut open) = (0, 0, 0);
    for one in &all {
        match (one.differences.as_slice(), one.reason) {
            ([], _) => same += 1,
            (differences, reason) => {
                meant += usize::from(reason.is_some());
                open += usize::from(reason.is_none());
                println!("{} ({}): {}: {}", one.id, one.name, differences.join("; "), reason.unwrap_or("NO REASON"));
            }
        }
    }
    println!("{} pairs: {same} the same, {meant} different on purpose, {open} different", all.len());
    Ok(if open == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
