//! `cargo xtask names`: compares names in generated code before and after additions to schemas and documents.

use anyhow::Result;
use graphwright_tests::additions::{Outcome, Texts, add_all, generated};
use graphwright_tests::{clients, invented_texts};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The number of documents of a client that are compared together.
const AT_ONCE: usize = 20;

/// Adds items to the clients of a folder or, without one, to random schemas. Succeeds if no name changes its meaning.
pub fn run(folder: Option<&Path>, seed: u64, schemas: u64, rounds: usize) -> Result<ExitCode> {
    let mut outcome = Outcome::default();
    match folder {
        Some(folder) => corpus(&mut outcome, folder, seed, rounds)?,
        None => {
            for seed in seed..seed + schemas {
                add_all(&mut outcome, &format!("seed {seed}"), &invented(seed)?, seed, rounds)?;
            }
        }
    }
    for failure in &outcome.failures {
        println!("FAIL {failure}");
    }
    println!("{outcome}");
    Ok(if outcome.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn corpus(outcome: &mut Outcome, folder: &Path, seed: u64, rounds: usize) -> Result<()> {
    let mut folders: Vec<PathBuf> = folder.read_dir()?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.retain(|folder| folder.join("operations").is_dir());
    folders.sort();
    for client in folders {
        let name = client.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let all = clients::texts(&client, AT_ONCE)?;
        let share = (rounds / all.len().max(1)).max(10);
        for (at, texts) in all.iter().take(rounds.div_ceil(share)).enumerate() {
            add_all(outcome, &name, texts, seed + at as u64, share)?;
        }
        eprintln!("{name}: {} failures so far", outcome.failures.len());
    }
    Ok(())
}

/// Returns the documents of a seed that are valid by themselves, in folders.
fn invented(seed: u64) -> Result<Texts> {
    let (schema, all) = invented_texts(seed);
    let mut texts = Texts { schema, ..Texts::default() };
    for (at, text) in all.into_iter().enumerate() {
        let document = (format!("f{}/q{at}.graphql", at % 3), text);
        let alone = Texts { schema: texts.schema.clone(), documents: vec![document.clone()], ..Texts::default() };
        if generated(&alone)?.is_some() {
            texts.documents.push(document);
        }
    }
    Ok(texts)
}
