//! `cargo xtask corpus DIR`

use anyhow::{Result, bail};
use graphwright_tests::{
    Plan, Suite, Totals, add_invented, cases, clients, folders, graphql_js, invented_texts, verdicts,
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs every case in a folder; succeeds only if nothing failed. The last line contains the totals.
pub fn run(folder: &Path, plan: Plan) -> Result<ExitCode> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut run = Run::new(&name);
    let mut suite = Suite::default();
    if folder.join("index.tsv").is_file() && folder.join("docs").is_dir() {
        folders::add_units(&mut suite, folder, plan)?;
    } else if folder.join("INDEX.json").is_file() {
        verdicts::add_verdicts(&mut suite, folder)?;
    } else if has_cases(folder) {
        folders::add_conformance(&mut suite, folder)?;
    } else if folder.join("operations").is_dir() {
        clients::add_client(&mut suite, folder, plan)?;
    } else if has_files(folder, "md") {
        cases::add_cases(&mut suite, folder, plan)?;
    } else if let Some(clients) = client_folders(folder) {
        // One client at a time, since all responses to all clients do not fit in memory.
        for client in clients {
            let mut suite = Suite::default();
            clients::add_client(&mut suite, &client, plan)?;
            let name = client.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let (totals, failures) = run.add(suite)?;
            println!("{name}: {totals}, {failures} failures");
        }
        return Ok(run.finish());
    } else {
        bail!("{} holds neither cases nor clients", folder.display());
    }
    run.add(suite)?;
    Ok(run.finish())
}

/// Prints the output of [`invent`] for one seed.
pub fn print_invented(seed: u64) {
    let (sdl, documents) = invented_texts(seed);
    println!("{sdl}");
    for (at, document) in documents.iter().enumerate() {
        println!("# {at}\n{document}");
    }
}

/// Runs random operations, some hundreds at a time.
pub fn invent(seed: u64, operations: usize, plan: Plan) -> Result<ExitCode> {
    const AT_ONCE: usize = 500;
    let mut run = Run::new(&format!("invented-{seed}"));
    let (mut next, mut left) = (seed, operations);
    while left > 0 {
        let mut suite = Suite::default();
        let invented = add_invented(&mut suite, next, left.min(AT_ONCE), plan)?;
        let (totals, failures) = run.add(suite)?;
        println!(
            "seeds {next} to {}: {totals}, {failures} failures; {} documents were not valid",
            invented.next - 1,
            invented.dropped
        );
        next = invented.next;
        left = left.saturating_sub(invented.added);
    }
    Ok(run.finish())
}

/// A run of suites that are compiled and run one after the other.
struct Run {
    folder: PathBuf,
    totals: Totals,
    failures: usize,
}

impl Run {
    fn new(name: &str) -> Self {
        if let Err(error) = graphql_js::install() {
            println!("graphql-js is not available; apollo-compiler validates the requests: {error:#}");
        }
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/corpus").join(name);
        Self { folder, totals: Totals::default(), failures: 0 }
    }

    /// Compiles and runs a suite, and prints failures.
    fn add(&mut self, mut suite: Suite) -> Result<(Totals, usize)> {
        suite.run(&self.folder)?;
        for failure in &suite.failures {
            println!("FAIL {failure}");
        }
        self.totals += suite.totals;
        self.failures += suite.failures.len();
        Ok((suite.totals, suite.failures.len()))
    }

    fn finish(self) -> ExitCode {
        println!("{}, {} failures", self.totals, self.failures);
        if self.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Returns the folders of clients below a folder.
fn client_folders(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> = folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|folder| folder.join("operations").is_dir());
    folders.sort();
    (!folders.is_empty()).then_some(folders)
}

fn has_files(folder: &Path, extension: &str) -> bool {
    let is = |path: &Path| path.extension().is_some_and(|found| found == extension) && !path.ends_with("README.md");
    folder.read_dir().is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| is(&entry.path()))))
}

fn has_cases(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.path().join("query.graphql").is_file()))
    })
}
