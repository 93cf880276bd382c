//! Selects the files to lint: given paths, standard input, files from git, or all.

use super::Arguments;
use crate::cli::failure::Failure;
use crate::cli::git::{Changed, Repository};
use crate::cli::project::{StandIn, is_document};
use crate::cli::projects::{Chosen, Split};
use crate::files::plain;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// The files to lint.
pub struct Selected {
    /// Projects with their paths, or the reasons why they cannot be read.
    pub chosen: Vec<Result<Chosen, Failure>>,
    /// The replacements for files on disk.
    pub stand_in: StandIn,
    /// The number of paths that belong to no project.
    pub skipped: usize,
}

/// Resolves flags and paths.
///
/// # Errors
/// There is no configuration, standard input or a list cannot be read, or git fails.
pub fn select(arguments: &Arguments) -> Result<Selected, Failure> {
    if arguments.staged {
        return staged(arguments);
    }
    if let Some(revision) = &arguments.since {
        let changed = Repository::of(Path::new("."))?.since(revision)?;
        return of_git(arguments, changed, StandIn::default());
    }
    let mut stand_in = StandIn::default();
    let paths = if let (true, Some(file)) = (arguments.stdin, &arguments.stdin_filename) {
        let text = std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?;
        stand_in.texts.insert(plain(file), text.into());
        stand_in.added = Some(plain(file));
        Some(vec![file.clone()])
    } else {
        paths(arguments)?
    };
    let Split { chosen, others } = arguments.project.projects(paths.as_deref())?;
    Ok(Selected { chosen, stand_in, skipped: others.len() })
}

/// Returns the paths of the command line and of `--files-from`; `None` without either.
fn paths(arguments: &Arguments) -> anyhow::Result<Option<Vec<PathBuf>>> {
    let mut paths = arguments.paths.clone();
    let Some(file) = &arguments.files_from else { return Ok((!paths.is_empty()).then_some(paths)) };
    let list = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?
    } else {
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
    };
    paths.extend(list.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from));
    Ok(Some(paths))
}

/// Selects the staged files. Projects are also read as staged: edited files come from the index, and untracked files
/// are ignored.
fn staged(arguments: &Arguments) -> Result<Selected, Failure> {
    let repository = Repository::of(Path::new("."))?;
    let (changed, edited) = repository.staged()?;
    let is_read = |file: &PathBuf| is_document(file) || has_ending(file, &["rs"]);
    if !changed.files.iter().chain(&changed.gone).any(|file| is_ours(file)) {
        return Ok(Selected { chosen: Vec::new(), stand_in: StandIn::default(), skipped: 0 });
    }
    let edited: Vec<PathBuf> = edited.into_iter().filter(is_read).collect();
    let texts = repository.texts(&edited)?;
    let stand_in = StandIn {
        texts: texts.into_iter().map(|(path, text)| (path, text.into())).collect(),
        only: Some(repository.index()?),
        added: None,
    };
    of_git(arguments, changed, stand_in)
}

fn of_git(arguments: &Arguments, changed: Changed, stand_in: StandIn) -> Result<Selected, Failure> {
    let files: Vec<PathBuf> = changed.files.into_iter().filter(|file| is_ours(file)).collect();
    let gone: Vec<PathBuf> = changed.gone.into_iter().filter(|file| is_document(file)).collect();
    let mut chosen = match files.is_empty() {
        true => Vec::new(),
        false => arguments.project.projects(Some(&files))?.chosen,
    };
    // Removing a fragment can break files that did not change.
    let of_gone = match gone.is_empty() {
        true => Vec::new(),
        false => arguments.project.projects(Some(&gone))?.chosen,
    };
    for one in of_gone {
        let one = one.map(|one| Chosen { paths: None, ..one });
        let is_same = |known: &Result<Chosen, Failure>| match (known, &one) {
            (Ok(known), Ok(one)) => known.config.root == one.config.root && known.config.project == one.config.project,
            _ => false,
        };
        match chosen.iter_mut().find(|known| is_same(known)) {
            Some(known) => *known = one,
            None => chosen.push(one),
        }
    }
    Ok(Selected { chosen, stand_in, skipped: 0 })
}

/// Returns true for files that projects consist of.
fn is_ours(file: &Path) -> bool {
    is_document(file) || has_ending(file, &["rs", "json", "sdl"])
}

fn has_ending(file: &Path, endings: &[&str]) -> bool {
    endings.iter().any(|ending| file.extension().is_some_and(|extension| extension == *ending))
}
