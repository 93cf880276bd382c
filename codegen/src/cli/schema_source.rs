//! Schemas by name: a file, a glob, an address, or a file of a revision of git.

use super::failure::Failure;
use super::introspect;
use super::report::Report;
use crate::diagnostic::Diagnostics;
use crate::files::{Files, Found};
use crate::schema::{ClientSide, Schema};
use crate::source::{SourceId, Sources};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How servers are asked.
pub struct Asking<'a> {
    /// `Name: value`
    pub headers: &'a [String],
    /// Seconds to wait for an answer.
    pub timeout: u64,
}

/// Adds the texts of a schema.
pub fn read(name: &str, asking: &Asking<'_>, sources: &mut Sources, report: &Report) -> Result<Vec<SourceId>, Failure> {
    if name.starts_with("http://") || name.starts_with("https://") {
        let headers = introspect::headers(asking.headers).map_err(Failure::Usage)?;
        let (sdl, _) = introspect::sdl_of(name, headers, asking.timeout, report)?;
        return Ok(vec![sources.add(name, sdl)]);
    }
    if let Some(place) = name.strip_prefix("git:") {
        let (revision, path) = place.split_once(':').context("a file of git is `git:REVISION:PATH`")?;
        return Ok(vec![sources.add(name, git_show(revision, path)?)]);
    }
    let files = Files::new(Path::new(""), &[name.to_owned()], &[]).map_err(anyhow::Error::from)?;
    let Found { files, unmatched } = files.find();
    if let Some((_, near_miss)) = unmatched.into_iter().next() {
        let help = near_miss.map(|near| format!("; {near}")).unwrap_or_default();
        return Err(Failure::Usage(anyhow::anyhow!("no file matches `{name}`{help}")));
    }
    let one = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(sources.add(file.to_string_lossy().replace('\\', "/"), text))
    };
    files.iter().map(one).collect::<anyhow::Result<_>>().map_err(Failure::Usage)
}

/// A schema, with what only the client knows.
pub fn load(sources: &mut Sources, texts: &[SourceId], client: ClientSide) -> Result<Schema, Failure> {
    Schema::load(sources, texts, client).map_err(|list| Failure::Configuration(Diagnostics::new(sources.clone(), list)))
}

fn git_show(revision: &str, path: &str) -> anyhow::Result<String> {
    // Relative to this folder, as people write it.
    let path = if path.starts_with("./") || path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    let output =
        Command::new("git").args(["show", &format!("{revision}:{path}")]).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git show {revision}:{path}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{revision}:{path} is not UTF-8"))
}
