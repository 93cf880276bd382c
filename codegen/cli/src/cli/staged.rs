//! The staged files, for a command that writes files, and the staged text of those that were edited later.

use super::git::Repository;
use anyhow::Context;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf, absolute};

/// The staged files in the repository of the current folder.
pub struct Staged {
    repository: Repository,
    files: BTreeSet<PathBuf>,
    edited: BTreeMap<PathBuf, String>,
}

impl Staged {
    /// Queries git.
    ///
    /// # Errors
    /// The current folder is not in a repository, or git fails.
    pub fn read() -> anyhow::Result<Self> {
        let repository = Repository::of(Path::new("."))?;
        let (changed, edited) = repository.staged()?;
        let files: BTreeSet<PathBuf> = changed.files.into_iter().collect();
        let edited: Vec<PathBuf> = edited.into_iter().filter(|file| files.contains(file)).collect();
        let edited = repository.texts(&edited)?;
        Ok(Self { repository, files, edited })
    }

    /// Returns true if the file is staged.
    pub fn contains(&self, file: &Path) -> bool {
        path(file).is_ok_and(|path| self.files.contains(&path))
    }

    /// Returns true if the file was edited after it was staged.
    pub fn is_edited(&self, file: &Path) -> bool {
        path(file).is_ok_and(|path| self.edited.contains_key(&path))
    }

    /// Returns the staged text of a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn text(&self, file: &Path) -> anyhow::Result<String> {
        let path = path(file)?;
        match self.edited.get(&path) {
            Some(text) => Ok(text.clone()),
            None => std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// Stages files that differ from the index only by what was just written.
    ///
    /// # Errors
    /// git fails.
    pub fn stage(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        let paths = files.iter().map(|file| path(file)).collect::<anyhow::Result<Vec<_>>>()?;
        self.repository.stage(&paths)
    }
}

/// Returns the path of a file with symbolic links to folders resolved, as git names it.
fn path(file: &Path) -> anyhow::Result<PathBuf> {
    let path = absolute(file)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    Ok(folder.join(path.file_name().unwrap_or_default()))
}
