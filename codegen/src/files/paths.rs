//! Relative paths, and their notation.

use std::path::{Component, Path, PathBuf};

/// Returns the shortest name of a path: relative to the working directory, if it is below it.
pub fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_path_buf()
}

/// Converts a path relative to one folder to a path relative to the configuration's folder.
pub fn from_folder(root: &Path, folder: &Path, path: &str) -> String {
    way(root, folder).join(path).to_string_lossy().replace('\\', "/")
}

/// Returns the relative path from one folder to another.
pub fn way(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (plain(from), plain(to));
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Returns an absolute path without `.` and `..`.
pub fn plain(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut parts = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            Component::CurDir => {}
            part => parts.push(part),
        }
    }
    parts
}

/// Returns a path as configurations write it: the same on every system.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
