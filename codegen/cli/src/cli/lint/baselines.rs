//! The baselines of a run. Several projects can share a baseline file.
//!
//! A baseline names files by paths relative to its own folder, so that packages that share it do not clash. If the
//! configuration has several projects, it also names the project.

use crate::cli::Exit;
use crate::cli::failure::Failure;
use crate::cli::projects::Chosen;
use crate::cli::report::{Report, counted};
use crate::diagnostic::Diagnostic;
use crate::files::{shown, way};
use crate::lint::baseline::{Baseline, Known};
use crate::lint::{Linted, Project};
use crate::output;
use anyhow::Context;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The default name of a new baseline file.
const NAME: &str = "graphwright-baseline.json";

/// Baselines by file.
#[derive(Default)]
pub struct Baselines(BTreeMap<PathBuf, Shared>);

/// A baseline file that projects share.
#[derive(Default)]
struct Shared {
    /// The entries of the file.
    known: Vec<Known>,
    /// The entries that belong to some project.
    claimed: BTreeSet<usize>,
    /// The entries to write.
    new: Vec<Known>,
    /// The projects for which entries are written.
    projects: BTreeSet<Option<String>>,
}

impl Baselines {
    /// Returns the entries of a project, with file names as in the project; `None` without a baseline.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(&mut self, chosen: &Chosen, flag: Option<&Path>, project: &Project) -> anyhow::Result<Option<Baseline>> {
        let config = &chosen.config;
        let Some(path) = configured(chosen, flag) else { return Ok(None) };
        let shared = self.shared(&path)?;
        let texts = project.files.iter().map(|file| file.source).chain(project.schema.iter().copied());
        let files: BTreeSet<&str> = texts.map(|text| project.sources.name(text)).collect();
        let mut own = Vec::new();
        for (at, known) in shared.known.iter().enumerate() {
            let file = shown(&way(&config.root, &folder(&path).join(&known.file)));
            let is_own = known.project.is_none() || known.project == config.project;
            if is_own && files.contains(file.as_str()) {
                shared.claimed.insert(at);
                own.push(Known { file, ..known.clone() });
            }
        }
        Ok(Some(Baseline { known: own }))
    }

    /// Adds the findings of a project to the entries to write.
    ///
    /// # Errors
    /// The file exists and cannot be read.
    pub fn add(
        &mut self,
        chosen: &Chosen,
        flag: Option<&Path>,
        linted: &Linted,
        project: &Project,
    ) -> anyhow::Result<()> {
        let config = &chosen.config;
        let path = configured(chosen, flag).unwrap_or_else(|| config.resolve(Path::new(NAME)));
        let shared = self.shared(&path)?;
        shared.projects.insert(config.project.clone());
        let baseline = Baseline::of(&linted.diagnostics.list, &linted.diagnostics.sources, &project.files);
        shared.new.extend(baseline.known.into_iter().map(|known| Known {
            file: shown(&way(folder(&path), &config.root.join(&known.file))),
            project: config.project.clone(),
            ..known
        }));
        Ok(())
    }

    /// Writes the files. Entries of other projects are kept.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(self, report: &Report) -> Result<Exit, Failure> {
        for (path, shared) in self.0 {
            let is_kept = |known: &Known| known.project.is_some() && !shared.projects.contains(&known.project);
            let mut known: Vec<Known> = shared.known.into_iter().filter(is_kept).chain(shared.new).collect();
            known.sort();
            let count: usize = known.iter().map(|known| known.count).sum();
            let text = serde_json::to_string_pretty(&Baseline { known }).map_err(anyhow::Error::from)? + "\n";
            output::write(&path, &text).map_err(anyhow::Error::from)?;
            report.info(format!("wrote {} to {}", counted(count, "finding"), path.display()));
        }
        Ok(Exit::Clean)
    }

    /// Returns diagnostics for entries whose file no longer exists.
    pub fn unclaimed(&self) -> Vec<Diagnostic> {
        let mut stale = Vec::new();
        for (path, shared) in &self.0 {
            let unclaimed = shared.known.iter().enumerate().filter(|(at, _)| !shared.claimed.contains(at));
            let gone = unclaimed.filter(|(_, known)| !folder(path).join(&known.file).exists());
            stale.extend(gone.map(|(_, known)| known.stale()));
        }
        stale
    }

    fn shared(&mut self, path: &Path) -> anyhow::Result<&mut Shared> {
        Ok(match self.0.entry(path.to_path_buf()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Shared { known: read(path)?, ..Shared::default() }),
        })
    }
}

/// Returns the file that a flag or else the configuration names.
fn configured(Chosen { config, lint, .. }: &Chosen, flag: Option<&Path>) -> Option<PathBuf> {
    let own = || lint.baseline.as_ref().map(|file| config.resolve(file));
    flag.map(Path::to_path_buf).or_else(own)
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn read(file: &Path) -> anyhow::Result<Vec<Known>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read the baseline {}", file.display())),
    };
    let baseline = serde_json::from_str::<Baseline>(&text);
    Ok(baseline.with_context(|| format!("invalid baseline {}", file.display()))?.known)
}
