//! `cargo xtask lint-parity DIR`, `cargo xtask lint-peer DIR` and `cargo xtask diff-parity DIR`

use crate::bench;
use anyhow::{Result, bail};
use graphwright_fixtures::folder as fixtures;
use graphwright_tests::lint_peer;
use graphwright_tests::parity::{Compared, compare};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

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

/// Runs both linters over real projects; succeeds only if every difference has its reason.
pub fn peer(folder: &Path, only: &[String]) -> Result<ExitCode> {
    let root = fixtures().join("..");
    let target = root.join("target/lint-bench");
    std::fs::create_dir_all(&target)?;
    let build = ["build", "--release", "--quiet", "-p", "graphwright-codegen"];
    if !Command::new(env!("CARGO")).args(build).current_dir(&root).status()?.success() {
        bail!("graphwright does not compile");
    }
    let ours = root.join("target/release/graphwright").canonicalize()?;
    let tools = lint_peer::Tools { eslint: bench::eslint(&target)?, ours };
    let mut clients: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    clients.retain(|path| path.join("operations").is_dir());
    let is_wanted = |path: &Path| only.is_empty() || only.iter().any(|name| path.ends_with(name));
    clients.retain(|path| is_wanted(path));
    clients.sort();
    let (mut same, mut open) = (0, 0);
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for client in &clients {
        for group in lint_peer::groups(client)? {
            let compared = lint_peer::compare(client, &group, &target.join("peer"), &tools)?;
            let name = group.strip_prefix(folder).unwrap_or(&group).display();
            let (meant, different): (Vec<_>, Vec<_>) =
                compared.differences.iter().partition(|one| one.reason.is_some());
            println!(
                "{name}: {} documents, {} findings the same, {} different on purpose, {} different",
                compared.documents,
                compared.same,
                meant.len(),
                different.len()
            );
            if let Some(why) = &compared.refused {
                println!("  there, nothing is looked at: {}", why.lines().next().unwrap_or_default());
            }
            if !compared.dropped.is_empty() {
                println!("  there, an exception ends {}", compared.dropped.join(", "));
            }
            for one in &different {
                let (file, line, rule) = &one.finding;
                println!(
                    "  only {}: {file}:{line}: {rule}: {}",
                    if one.is_ours { "here" } else { "there" },
                    one.message
                );
            }
            meant.iter().filter_map(|one| one.reason).for_each(|reason| *reasons.entry(reason).or_default() += 1);
            same += compared.same;
            open += different.len();
        }
    }
    println!();
    for (reason, count) in &reasons {
        println!("{count:>6}  {reason}");
    }
    let meant: usize = reasons.values().sum();
    println!("{same} findings the same, {meant} different on purpose, {open} different");
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
