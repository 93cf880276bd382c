//! `cargo xtask corpus DIR`

use anyhow::{Result, bail};
use graphwright_tests::{Suite, add_invented, cases, clients, folders};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs every case below a folder; succeeds only if nothing failed.
pub fn run(folder: &Path, responses: u64) -> Result<ExitCode> {
    let mut suite = Suite::default();
    if folder.join("index.tsv").is_file() && folder.join("docs").is_dir() {
        folders::add_units(&mut suite, folder)?;
    } else if has_cases(folder) {
        folders::add_conformance(&mut suite, folder)?;
    } else if folder.join("operations").is_dir() {
        clients::add_client(&mut suite, folder, responses)?;
    } else if has_files(folder, "md") {
        cases::add_cases(&mut suite, folder, responses)?;
    } else if let Some(clients) = client_folders(folder) {
        for client in clients {
            clients::add_client(&mut suite, &client, responses)?;
        }
    } else {
        bail!("{} holds neither cases nor clients", folder.display());
    }
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    finish(suite, &name)
}

/// Runs operations that nobody wrote.
pub fn invent(seed: u64, operations: usize, responses: u64) -> Result<ExitCode> {
    let mut suite = Suite::default();
    let dropped = add_invented(&mut suite, seed, operations, responses)?;
    println!("{dropped} documents were not valid");
    finish(suite, "invented")
}

/// Compiles and runs a suite and prints what failed; the last line has the totals.
fn finish(mut suite: Suite, name: &str) -> Result<ExitCode> {
    suite.run(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/corpus").join(name))?;
    for failure in &suite.failures {
        println!("FAIL {failure}");
    }
    println!("{}, {} failures", suite.totals, suite.failures.len());
    Ok(if suite.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The folders of clients below a folder.
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
