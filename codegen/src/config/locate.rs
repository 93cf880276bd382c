//! Finds configuration files.

use std::path::{Path, PathBuf};

/// The file names of configurations, in order of precedence.
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

/// The file names of configurations that require JavaScript.
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

/// Returns the ignored configuration files in the same folder.
pub fn passed_over(file: &Path) -> Vec<PathBuf> {
    let mut present = present_in(file.parent().unwrap_or(Path::new("")));
    // A named file is used, regardless of others.
    let is_first = present.next().is_some_and(|first| first == file);
    if is_first { present.collect() } else { Vec::new() }
}

/// Returns the effective configuration file of a folder: its own, or that of the nearest folder above.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(find_in)
}

/// Returns the configuration file of a folder.
pub fn find_in(folder: &Path) -> Option<PathBuf> {
    present_in(folder).next()
}

/// Returns the configuration files in a folder; the first one is used.
fn present_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FILE_NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file())
}
