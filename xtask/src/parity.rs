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
    let build = ["build", "--release", "--quiet", "-p", "graphwright-cli"];
    if !Command::new(env!("CARGO")).args(build).current_dir(&root).status()?.success() {
        bail!("graphwright does not compile");
    }
    let ours = root.join("target/release/graphwright").canonicalize()?;
    bench::eslint(&target)?;
    let tools = lint_peer::Tools { packages: target.canonicalize()?, ours };
    let mut clients: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    clients.retain(|path| path.join("operations").is_dir());
    let is_wanted = |path: &Path| only.is_empty() || only.iter().any(|name| path.ends_with(name));
    clients.retain(|path| is_wanted(path));
    clients.sort();
    let mut totals = Totals::default();
    for client in &clients {
        let name = client.strip_prefix(folder).unwrap_or(client).display().to_string();
        let lint_peer::Client { unparsed, parts } = lint_peer::compare(client, &target.join("peer"), &tools)?;
        if let Some(first) = unparsed.first() {
            println!("{name}: {} documents that do not parse left out, such as {first}", unparsed.len());
        }
        totals.clients += 1;
        totals.unparsed += unparsed.len();
        parts.iter().for_each(|compared| totals.add(&name, compared));
    }
    totals.print();
    Ok(if totals.unexplained == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The results of all comparisons with the peer.
#[derive(Default)]
struct Totals {
    clients: usize,
    files: usize,
    unparsed: usize,
    same: usize,
    reasons: BTreeMap<&'static str, usize>,
    exceptions: BTreeMap<String, usize>,
    unexplained: usize,
}

impl Totals {
    fn add(&mut self, client: &str, compared: &lint_peer::Compared) {
        let unexplained: Vec<_> = compared.differences.iter().filter(|one| one.reason.is_none()).collect();
        println!(
            "{client}/{}: {} files, {} findings agreed, {} differences with a reason, {} unexplained",
            compared.name,
            compared.files,
            compared.same,
            compared.differences.len() - unexplained.len(),
            unexplained.len()
        );
        for one in &unexplained {
            let (file, line, rule) = &one.finding;
            let side = if one.is_ours { "here" } else { "there" };
            let line = line.map_or_else(|| "?".to_owned(), |line| line.to_string());
            println!("  only {side}: {file}:{line}: {rule}: {}", one.message.replace('\n', " "));
        }
        for reason in compared.differences.iter().filter_map(|one| one.reason) {
            *self.reasons.entry(reason).or_default() += 1;
        }
        for (rule, count) in &compared.exceptions {
            *self.exceptions.entry(rule.clone()).or_default() += count;
        }
        self.files += compared.files;
        self.same += compared.same;
        self.unexplained += unexplained.len();
    }

    fn print(&self) {
        println!("\nDifferences by reason:");
        for (reason, count) in &self.reasons {
            println!("{count:>6}  {reason}");
        }
        println!("\nExceptions of the peer:");
        for (rule, count) in &self.exceptions {
            println!("{count:>6}  {rule}");
        }
        let explained: usize = self.reasons.values().sum();
        println!(
            "\n{} clients, {} files ({} that do not parse left out): {} findings agreed, {explained} differences with a \
             reason, {} unexplained",
            self.clients, self.files, self.unparsed, self.same, self.unexplained
        );
    }
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
