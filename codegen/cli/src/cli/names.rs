//! Under which names files are told: relative to the working directory for people, and for other programs relative to the
//! folder of the repository, from which code hosts look.

use super::git::Repository;
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::files::{plain, shown, way};
use std::path::{Path, PathBuf};

/// Findings about a project, whose names are relative to its configuration, for people.
pub fn for_people(config: &Config, mut diagnostics: Diagnostics) -> Diagnostics {
    diagnostics.sources.rename(|name| from_here(&config.root, name));
    diagnostics
}

/// Findings with names for people, for other programs.
pub fn for_programs(mut diagnostics: Diagnostics) -> Diagnostics {
    let here = plain(Path::new("."));
    let root = Repository::root_above(&here).unwrap_or(&here).to_path_buf();
    diagnostics.sources.rename(|name| relative(&root, &here, name));
    diagnostics
}

/// The name of a file, from a folder, in the working directory.
pub fn from_here(folder: &Path, name: &str) -> String {
    relative(Path::new("."), folder, name)
}

/// A path of a configuration file as a person would write it here.
pub fn path_from_here(path: &Path) -> PathBuf {
    way(Path::new("."), path)
}

fn relative(to: &Path, from: &Path, name: &str) -> String {
    let is_path = !name.is_empty() && !name.contains("://") && !name.starts_with("git:");
    if is_path { shown(&way(to, &from.join(name))) } else { name.to_owned() }
}
