//! Where configuration files are, and the ways between folders.

use std::path::{Component, Path, PathBuf};

/// The names under which editors and this tool look for a configuration, in order of preference.
pub const FILE_NAMES: [&str; 9] = [
    "graphql.config.toml",
    "graphql.config.yml",
    "graphql.config.yaml",
    "graphql.config.json",
    ".graphqlrc.toml",
    ".graphqlrc.yml",
    ".graphqlrc.yaml",
    ".graphqlrc.json",
    ".graphqlrc",
];

/// Configurations that only JavaScript can read.
pub const OF_OTHERS: [&str; 8] = [
    "graphql.config.js",
    "graphql.config.cjs",
    "graphql.config.mjs",
    "graphql.config.ts",
    ".graphqlrc.js",
    ".graphqlrc.cjs",
    ".graphqlrc.mjs",
    ".graphqlrc.ts",
];

/// The configuration files that do not count, since the one that does is in the same folder.
pub fn passed_over(file: &Path) -> Vec<PathBuf> {
    let mut present = present_in(file.parent().unwrap_or(Path::new("")));
    // A file that was named counts, whatever is beside it.
    let is_first = present.next().is_some_and(|first| first == file);
    if is_first { present.collect() } else { Vec::new() }
}

/// The configuration file that counts in a folder: its own, or that of the nearest folder above.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(find_in)
}

/// The configuration file of a folder.
pub fn find_in(folder: &Path) -> Option<PathBuf> {
    present_in(folder).next()
}

/// The configuration files in a folder; the first one counts.
fn present_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FILE_NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file())
}

/// The shortest name of a path: relative to the working directory, if it is below it.
pub fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_path_buf()
}

/// A path that is relative to one folder, relative to another: that of the configuration.
pub fn from_folder(root: &Path, folder: &Path, path: &str) -> String {
    way(root, folder).join(path).to_string_lossy().replace('\\', "/")
}

/// The way from one folder to another.
pub fn way(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (plain(from), plain(to));
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// An absolute path without `.` and `..`.
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
