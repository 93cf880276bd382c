//! Which files a configuration means: the configuration file itself, and what its globs match.

use super::Config;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

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

/// The configuration file that counts in a folder: its own, or that of the nearest folder above.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().flat_map(|folder| FILE_NAMES.iter().map(|name| folder.join(name))).find(|path| path.is_file())
}

/// The configuration file that counts in the working directory, by its shortest name.
///
/// # Errors
/// The working directory cannot be found out.
pub fn find_here() -> std::io::Result<Option<PathBuf>> {
    let here = std::env::current_dir()?;
    Ok(find(&here).map(|path| from_here(&path)))
}

/// The shortest name of a path: relative to the working directory, if it is below it.
pub fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_path_buf()
}

/// The files that any of the patterns matches, sorted, without those that `exclude` matches.
///
/// A pattern without `*`, `?`, `[` or `{` is a path; a path that does not exist is returned
/// as it is, so that reading it reports it. Folders named `target`, `node_modules` or with a
/// leading dot are searched only if the pattern names them.
///
/// # Errors
/// The pattern that is not a glob, and why.
pub fn matching_files(root: &Path, patterns: &[String], exclude: &[String]) -> Result<Vec<PathBuf>, (String, String)> {
    let excluded = glob_set(exclude)?;
    let mut found = BTreeSet::new();
    for pattern in patterns {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        if !is_glob(pattern) {
            found.insert(PathBuf::from(pattern));
            continue;
        }
        let matcher = glob_set(std::slice::from_ref(&pattern.to_owned()))?;
        found.extend(walk(root, pattern).filter(|path| matcher.is_match(path)));
    }
    // One file by two ways is one file.
    if !found.iter().all(|path| is_shortest(path)) {
        found = found.into_iter().map(|path| shortest(root, path)).collect();
    }
    Ok(found.into_iter().filter(|path| !excluded.is_match(path)).collect())
}

/// True for a relative path that goes up only at its beginning.
fn is_shortest(path: &Path) -> bool {
    let below = path.components().skip_while(|part| *part == Component::ParentDir);
    path.is_relative() && below.into_iter().all(|part| part != Component::ParentDir)
}

/// The way from the root to a file, if it is the same file.
fn shortest(root: &Path, path: PathBuf) -> PathBuf {
    if is_shortest(&path) {
        return path;
    }
    let shorter = way(root, &root.join(&path));
    let is_same = std::fs::canonicalize(root.join(&path)).ok() == std::fs::canonicalize(root.join(&shorter)).ok();
    if is_same { shorter } else { path }
}

fn glob_set(patterns: &[String]) -> Result<GlobSet, (String, String)> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let trimmed = pattern.strip_prefix("./").unwrap_or(pattern);
        let glob = GlobBuilder::new(trimmed)
            .literal_separator(true)
            .build()
            .map_err(|error| (pattern.clone(), error.kind().to_string()))?;
        set.add(glob);
    }
    set.build().map_err(|error| (patterns.join(", "), error.to_string()))
}

/// The files below the folder that the pattern's fixed beginning names, relative to the root.
fn walk(root: &Path, pattern: &str) -> impl Iterator<Item = PathBuf> {
    let fixed = fixed_part(pattern);
    let depth = if pattern.contains("**") { usize::MAX } else { Path::new(pattern).components().count() };
    let root = root.to_path_buf();
    let start = root.join(&fixed);
    let fixed_depth = fixed.components().filter(|part| !matches!(part, Component::CurDir)).count();
    WalkDir::new(if start.as_os_str().is_empty() { PathBuf::from(".") } else { start.clone() })
        .max_depth(depth.saturating_sub(fixed_depth).max(1))
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !skipped(&entry.file_name().to_string_lossy()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() || (entry.path_is_symlink() && entry.path().is_file()))
        .filter_map(move |entry| {
            let below = entry.path().strip_prefix(&start).or_else(|_| entry.path().strip_prefix("."));
            below.ok().map(|below| fixed.join(below))
        })
}

/// The folder or file that the beginning of a pattern names, before anything that matches.
pub fn fixed_part(pattern: &str) -> PathBuf {
    let parts = Path::new(pattern).components();
    parts.take_while(|part| !is_glob(&part.as_os_str().to_string_lossy())).collect()
}

/// The folders that the modules of documents follow: for each pattern of `documents`, its fixed beginning. What is there
/// besides a document does not matter, so that its module stays where it is.
#[derive(Debug)]
pub struct ModuleRoots {
    root: PathBuf,
    patterns: Vec<(DocumentPattern, PathBuf)>,
}

#[derive(Debug)]
enum DocumentPattern {
    File(PathBuf),
    Glob(GlobSet),
}

impl ModuleRoots {
    /// The folders of a configuration.
    pub fn new(config: &Config) -> Self {
        let patterns = config.documents.iter().filter(|pattern| !pattern.starts_with('!')).filter_map(|pattern| {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let fixed = fixed_part(pattern);
            if !is_glob(pattern) {
                let folder = fixed.parent().map(Path::to_path_buf).unwrap_or_default();
                return Some((DocumentPattern::File(plain(&config.root.join(pattern))), folder));
            }
            // A pattern that is no glob has been reported where the files are read.
            let glob = glob_set(&[pattern.to_owned()]).ok()?;
            Some((DocumentPattern::Glob(glob), fixed))
        });
        Self { root: config.root.clone(), patterns: patterns.collect() }
    }

    /// The path of a document below the folder of the first pattern that names it, or below that of the configuration.
    pub fn below(&self, document: &str) -> String {
        let path = Path::new(document);
        let matching = self.patterns.iter().find(|(pattern, _)| match pattern {
            DocumentPattern::File(file) => plain(&self.root.join(path)) == *file,
            DocumentPattern::Glob(glob) => glob.is_match(path),
        });
        let below = matching.and_then(|(_, folder)| path.strip_prefix(folder).ok()).unwrap_or(path);
        let parts = below.components().filter(|part| matches!(part, Component::Normal(_)));
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    }
}

/// True if something in a pattern stands for several names.
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
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
fn plain(path: &Path) -> PathBuf {
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

fn skipped(name: &str) -> bool {
    name.starts_with('.') || name == "target" || name == "node_modules"
}
