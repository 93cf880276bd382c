//! Validation by graphql-js, where Node and the package are at hand: one process for all documents.

use crate::Failure;
use anyhow::{Context, Result, bail};
use graphwright_fixtures::folder;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Documents to validate, with their schemas.
#[derive(Default)]
pub struct Documents {
    /// Each as its file has it: SDL or introspection JSON.
    schemas: Vec<String>,
    documents: Vec<Document>,
}

struct Document {
    case: String,
    /// Index of the schema.
    schema: usize,
    text: String,
    /// Whether fields in conflict are errors.
    conflicts: bool,
}

impl Documents {
    /// Adds a document; those of one schema come one after the other.
    pub fn add(&mut self, case: &str, schema: &str, text: &str, conflicts: bool) {
        if self.schemas.last().is_none_or(|last| last != schema) {
            self.schemas.push(schema.to_owned());
        }
        let schema = self.schemas.len() - 1;
        self.documents.push(Document { case: case.to_owned(), schema, text: text.to_owned(), conflicts });
    }

    /// Returns the number of documents.
    pub fn count(&self) -> usize {
        self.documents.len()
    }

    /// Runs graphql-js; [`is_installed`] says whether it can.
    ///
    /// # Errors
    /// Node cannot be run, or does not answer.
    pub fn validate(&self) -> Result<Vec<Failure>> {
        let script = installed().join("validate.mjs");
        std::fs::copy(folder().join("../tests/interop/validate.mjs"), &script)?;
        let mut node = Command::new("node");
        let mut node = node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("node")?;
        let (input, output) = (node.stdin.take().context("an input")?, node.stdout.take().context("an output")?);
        let lines = std::thread::scope(|scope| {
            let written = scope.spawn(move || self.write(input));
            let lines: std::io::Result<Vec<String>> = BufReader::new(output).lines().collect();
            written.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            anyhow::Ok(lines?)
        })?;
        if !node.wait()?.success() || lines.len() != self.documents.len() {
            bail!("graphql-js answered {} of {} documents", lines.len(), self.documents.len());
        }
        let mut failures = Vec::new();
        for (document, line) in self.documents.iter().zip(&lines) {
            let messages: Vec<String> = serde_json::from_str(line)?;
            if !messages.is_empty() {
                let message = format!("graphql-js refuses what is sent: {}\n{}", messages.join("\n"), document.text);
                failures.push(Failure { case: document.case.clone(), message });
            }
        }
        Ok(failures)
    }

    fn write(&self, input: impl Write) -> Result<()> {
        let mut input = std::io::BufWriter::new(input);
        let mut given = None;
        for Document { schema, text, conflicts, .. } in &self.documents {
            if given != Some(schema) {
                given = Some(schema);
                writeln!(input, "{}", json!({ "schema": self.schemas[*schema] }))?;
            }
            writeln!(input, "{}", json!({ "document": text, "conflicts": conflicts }))?;
        }
        Ok(input.flush()?)
    }
}

/// Returns true if graphql-js has been installed before; see [`install`].
pub fn is_installed() -> bool {
    installed().join("node_modules/graphql").is_dir()
}

/// Installs graphql-js with npm, once.
///
/// # Errors
/// There is no npm, or it fails.
pub fn install() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    std::fs::create_dir_all(installed())?;
    let arguments = ["install", "--silent", "--no-fund", "--no-audit", "graphql@16"];
    let status = Command::new("npm").args(arguments).current_dir(installed()).status().context("npm")?;
    if !status.success() {
        bail!("npm ended with {status}");
    }
    Ok(())
}

fn installed() -> PathBuf {
    folder().join("../target/interop/graphql")
}
