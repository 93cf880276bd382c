//! The names under which files are reported: relative to the working directory for users, and relative to the root of
//! the repository for other programs, as code hosts expect.

use super::git::Repository;
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::files::{plain, shown, way};
use std::path::{Path, PathBuf};

/// Renames the files of a project's findings, from paths relative to its configuration to paths for users.
pub fn for_people(config: &Config, mut diagnostics: Diagnostics) -> Diagnostics {
    diagnostics.sources.rename(|name| from_here(&config.root, name));
    diagnostics
}

/// Renames the files of findings from paths for users to paths for other programs.
pub fn for_programs(mut diagnostics: Diagnostics) -> Diagnostics {
    let here = plain(Path::new("."));
    let root = Repository::root_above(&here).unwrap_or(&here).to_path_buf();
    diagnostics.sources.rename(|name| relative(&root, &here, name));
    diagnostics
}

/// Returns the path of a file, given relative to a folder, relative to the working directory.
pub fn from_here(folder: &Path, name: &str) -> String {
    relative(Path::new("."), folder, name)
}

/// Returns the path of a configuration file relative to the working directory.
pub fn path_from_here(path: &Path) -> PathBuf {
    way(Path::new("."), path)
}

fn relative(to: &Path, from: &Path, name: &str) -> String {
    let is_path = !name.is_empty() && !name.contains("://") && !name.starts_with("git:");
    if is_path { shown(&way(to, &from.join(name))) } else { name.to_owned() }
}
