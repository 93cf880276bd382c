//! A run of graphql-eslint.
//!
//! It takes minutes on a schema of a megabyte. What it finds depends on nothing but the files, so it is kept.

use super::corpus::Texts;
use super::{Findings, Kind, Tools, our_name};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;

const SCRIPT: &str = include_str!("peer.mjs");

/// The findings of the peer.
#[derive(Debug, Default)]
pub struct Run {
    /// Its findings, by our names of the rules.
    pub found: Findings,
    /// The rules that it ran, by our names.
    pub rules: BTreeSet<String>,
    /// Files and rules that ended with an exception.
    pub exceptions: BTreeSet<(String, String)>,
    /// The reason why it did not lint any file: it loads the schema and all documents, or nothing.
    pub refused: Option<String>,
}

#[derive(Deserialize)]
struct Output {
    rules: Vec<String>,
    findings: Vec<Found>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Found {
    file: String,
    line: Option<usize>,
    rule: String,
    message: String,
}

#[derive(Deserialize)]
struct Exception {
    file: String,
    /// Empty if the file was not parsed.
    rule: String,
    message: String,
}

/// Writes the files of a part to a folder and lints them there.
pub fn run(part: &Texts, kind: Kind, folder: &Path, tools: &Tools) -> Result<Run> {
    part.write(folder)?;
    let mut hasher = DefaultHasher::new();
    let version = fs::read_to_string(tools.packages.join("node_modules/@graphql-eslint/eslint-plugin/package.json"))?;
    (SCRIPT, version, kind == Kind::Schema, &part.schema, &part.documents).hash(&mut hasher);
    let known = tools.packages.join("answers").join(format!("{:016x}.json", hasher.finish()));
    let json = match fs::read_to_string(&known) {
        Ok(json) => json,
        Err(_) => {
            let json = lint(part, kind, folder, tools)?;
            fs::create_dir_all(known.parent().unwrap_or(folder))?;
            fs::write(&known, &json)?;
            json
        }
    };
    read(&json)
}

fn lint(part: &Texts, kind: Kind, folder: &Path, tools: &Tools) -> Result<String> {
    // Packages are looked up from the script.
    let script = tools.packages.join("peer.mjs");
    fs::write(&script, SCRIPT)?;
    let schemas: Vec<String> = part.schema.keys().map(|name| format!("./{name}")).collect();
    let documents = if part.documents.is_empty() { "" } else { "./operations/**/*.graphql" };
    let mut node = Command::new("node");
    node.arg("--max-old-space-size=8192").arg(&script);
    node.arg(if kind == Kind::Schema { "schema" } else { "operations" });
    node.arg(serde_json::to_string(&schemas)?).arg(documents).args(part.files(kind)).current_dir(folder);
    let output = node.output().context("node does not run")?;
    anyhow::ensure!(
        output.status.success(),
        "graphql-eslint does not run: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).context("graphql-eslint writes something that is not UTF-8")
}

fn read(json: &str) -> Result<Run> {
    let output: Output = serde_json::from_str(json).context("the findings of graphql-eslint")?;
    let mut run = Run { rules: output.rules.iter().filter_map(|name| our_name(name)).collect(), ..Run::default() };
    for Found { file, line, rule, message } in output.findings {
        if let Some(rule) = our_name(&rule) {
            run.found.insert((file, line, rule), message);
        }
    }
    for Exception { file, rule, message } in output.exceptions {
        match our_name(&rule) {
            Some(rule) => {
                run.exceptions.insert((file, rule));
            }
            None if rule.is_empty() => run.refused = Some(message),
            None => {
                run.exceptions.insert((file, rule));
            }
        }
    }
    Ok(run)
}
