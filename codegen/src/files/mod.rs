//! Resolves the patterns of settings to files.
//!
//! A pattern is a path or a glob, relative to the folder of the configuration, independent of the working directory.
//! A file with exactly the name of a pattern takes precedence over its meaning as a glob: `app/[id]/a.graphql` is that
//! file, and `app/[id]/*.graphql` matches in that folder.

mod paths;

use crate::diagnostic::closest;
use globset::{Glob, GlobBuilder, GlobMatcher};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;
use walkdir::WalkDir;

pub use paths::{from_folder, from_here, plain, shown, way};

/// The error for an invalid pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAGlob {
    /// The pattern.
    pub pattern: String,
    /// The reason why it is invalid.
    pub reason: String,
}

impl std::fmt::Display for NotAGlob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "invalid glob `{}`: {}", self.pattern, self.reason)
    }
}

impl std::error::Error for NotAGlob {}

/// A path or a glob.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    meaning: Meaning,
}

/// A normalised pattern. All paths are relative to the configuration's folder, without `.` and `..`.
#[derive(Debug, Clone)]
enum Meaning {
    Path(PathBuf),
    Glob {
        /// The folder at the beginning of the pattern.
        folder: PathBuf,
        /// The rest of the pattern.
        rest: String,
        matcher: Box<Lazy>,
    },
}

/// A glob that is compiled on first use, since most files are outside the folders of other projects.
#[derive(Debug, Clone)]
struct Lazy {
    glob: Glob,
    compiled: OnceLock<GlobMatcher>,
}

impl Lazy {
    fn is_match(&self, path: &Path) -> bool {
        self.compiled.get_or_init(|| self.glob.compile_matcher()).is_match(path)
    }
}

impl Pattern {
    /// Parses a pattern of a configuration whose folder is `root`.
    ///
    /// # Errors
    /// It is neither a path nor a valid glob.
    pub fn new(root: &Path, written: &str) -> Result<Self, NotAGlob> {
        let root = or_here(root);
        let named = |path: PathBuf| Self { written: written.to_owned(), meaning: Meaning::Path(shortest(root, path)) };
        if !is_glob(written) || root.join(written).is_file() {
            return Ok(named(PathBuf::from(written)));
        }
        let mut folder = PathBuf::new();
        let mut parts = Path::new(written).components().peekable();
        while let Some(part) = parts.peek() {
            let next = folder.join(part);
            if is_glob(&part.as_os_str().to_string_lossy()) && !root.join(&next).is_dir() {
                break;
            }
            folder = next;
            parts.next();
        }
        let rest = parts.collect::<PathBuf>().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        if rest.is_empty() {
            return Ok(named(folder));
        }
        let glob = GlobBuilder::new(&rest).literal_separator(true).build();
        let glob = glob.map_err(|error| NotAGlob { pattern: written.to_owned(), reason: error.kind().to_string() })?;
        let matcher = Box::new(Lazy { glob, compiled: OnceLock::new() });
        let meaning = Meaning::Glob { folder: shortest(root, folder), rest, matcher };
        Ok(Self { written: written.to_owned(), meaning })
    }

    /// Returns the pattern as written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Returns the folder in which a glob searches, relative to the configuration's; `None` for a path.
    pub fn folder(&self) -> Option<&Path> {
        match &self.meaning {
            Meaning::Path(_) => None,
            Meaning::Glob { folder, .. } => Some(folder),
        }
    }

    /// Returns the file or folder at the beginning of the pattern, before any wildcard.
    pub fn beginning(&self) -> &Path {
        match &self.meaning {
            Meaning::Path(path) => path,
            Meaning::Glob { folder, .. } => folder,
        }
    }

    /// Returns true if the pattern matches a file. Does not access the disk.
    pub fn finds(&self, name: &Path) -> bool {
        match &self.meaning {
            Meaning::Path(path) => name == path,
            Meaning::Glob { folder, rest, matcher } => name.strip_prefix(folder).is_ok_and(|below| {
                let is_below = below.components().all(
                    |part| matches!(part, Component::Normal(name) if !is_passed_over(&name.to_string_lossy(), rest)),
                );
                is_below && matcher.is_match(below)
            }),
        }
    }

    /// Returns true if a setting that filters files applies to a file: the pattern matches its name, or names a
    /// folder that contains it.
    pub fn covers(&self, name: &Path) -> bool {
        match &self.meaning {
            Meaning::Path(path) => name.starts_with(path),
            Meaning::Glob { folder, matcher, .. } => {
                name.strip_prefix(folder).is_ok_and(|below| matcher.is_match(below))
            }
        }
    }

    /// Returns the files on the disk, in any order. A path is returned even if it does not exist, so that reading it
    /// reports the error.
    ///
    /// Folders named `target`, `node_modules` or with a leading dot are searched only if the pattern names them.
    fn search(&self, root: &Path) -> Box<dyn Iterator<Item = PathBuf> + '_> {
        let (folder, rest) = match &self.meaning {
            Meaning::Path(path) => return Box::new(std::iter::once(path.clone())),
            Meaning::Glob { folder, rest, .. } => (folder, rest),
        };
        let depth = if rest.contains("**") { usize::MAX } else { Path::new(rest).components().count() };
        let start = or_here(root).join(folder);
        let entries = WalkDir::new(&start)
            .max_depth(depth)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || !is_passed_over(&entry.file_name().to_string_lossy(), rest))
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file() || (entry.path_is_symlink() && entry.path().is_file()));
        let names =
            entries.filter_map(move |entry| entry.path().strip_prefix(&start).ok().map(|below| folder.join(below)));
        Box::new(names.filter(|name| self.finds(name)))
    }

    /// Returns true if the pattern restricts the extensions of files, or is a path.
    pub fn names_an_ending(&self) -> bool {
        match &self.meaning {
            Meaning::Path(_) => true,
            Meaning::Glob { rest, .. } => {
                let ending = rest.rsplit_once('.').map_or("*", |(_, ending)| ending);
                !ending.is_empty() && !ending.contains(['*', '?', '/'])
            }
        }
    }

    /// Returns true if the pattern matches any file or folder on the disk.
    pub fn is_about_something(&self, root: &Path) -> bool {
        match &self.meaning {
            Meaning::Path(path) => or_here(root).join(path).exists(),
            Meaning::Glob { .. } => self.search(root).next().is_some(),
        }
    }

    /// Returns the pattern with another last part, if it is a glob.
    fn with_rest(&self, root: &Path, change: impl Fn(&str) -> String) -> Option<Self> {
        match &self.meaning {
            Meaning::Path(_) => None,
            Meaning::Glob { folder, rest, .. } => Self::new(root, &shown(&folder.join(change(rest)))).ok(),
        }
    }
}

/// The patterns of a setting, without those of `exclude`.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
    patterns: Vec<Pattern>,
    exclude: Vec<Pattern>,
}

/// The files that patterns match on the disk.
#[derive(Debug, Default)]
pub struct Found {
    /// Sorted, relative to the configuration's folder.
    pub files: Vec<PathBuf>,
    /// Patterns that match no file, each with a suggestion.
    pub unmatched: Vec<(Pattern, Option<String>)>,
}

impl Files {
    /// Returns the files that any of the patterns matches; `!pattern` in the list is the same as `exclude`.
    ///
    /// # Errors
    /// A pattern is not a glob.
    pub fn new(root: &Path, patterns: &[String], exclude: &[String]) -> Result<Self, NotAGlob> {
        let not = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!'));
        let exclude = exclude.iter().map(String::as_str).chain(not);
        let patterns = patterns.iter().filter(|pattern| !pattern.starts_with('!'));
        Ok(Self {
            root: root.to_path_buf(),
            patterns: patterns.map(|pattern| Pattern::new(root, pattern)).collect::<Result<_, _>>()?,
            exclude: exclude.map(|pattern| Pattern::new(root, pattern)).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the patterns.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Returns true if the patterns match a file. Does not access the disk.
    pub fn contains(&self, name: &Path) -> bool {
        self.patterns.iter().any(|pattern| pattern.finds(name)) && !self.excludes(name)
    }

    fn excludes(&self, name: &Path) -> bool {
        self.exclude.iter().any(|pattern| pattern.covers(name))
    }

    /// Returns the files on the disk. A path that does not exist is included, so that reading it reports the error.
    pub fn find(&self) -> Found {
        let mut files = BTreeSet::new();
        let mut unmatched = Vec::new();
        for pattern in &self.patterns {
            let mut excluded = None;
            let mut is_idle = true;
            for file in pattern.search(&self.root) {
                if self.excludes(&file) {
                    excluded = Some(file);
                } else {
                    is_idle = false;
                    files.insert(file);
                }
            }
            if is_idle {
                unmatched.push((pattern.clone(), self.near_miss(pattern, excluded.as_deref())));
            }
        }
        Found { files: files.into_iter().collect(), unmatched }
    }

    /// Returns a suggestion for a pattern that matches no file.
    pub fn near_miss(&self, pattern: &Pattern, excluded: Option<&Path>) -> Option<String> {
        if let Some(file) = excluded {
            let by = self.exclude.iter().find(|one| one.covers(file))?;
            return Some(format!("`{}` excludes its matches", by.written()));
        }
        let Meaning::Glob { folder, rest, .. } = &pattern.meaning else {
            return self.near_path(pattern.beginning());
        };
        if !or_here(&self.root).join(folder).is_dir() {
            return self.near_path(folder);
        }
        let any_depth = |rest: &str| match rest.rsplit_once('/') {
            Some((folders, file)) => format!("{folders}/**/{file}"),
            None => format!("**/{rest}"),
        };
        let any_ending = |rest: &str| match rest.rsplit_once('.') {
            Some((name, _)) if !rest.ends_with('/') => format!("{name}.{{graphql,gql,graphqls}}"),
            _ => rest.to_owned(),
        };
        let guesses = [
            pattern.with_rest(&self.root, any_depth).filter(|_| !rest.contains("**")),
            pattern.with_rest(&self.root, any_ending),
            pattern.with_rest(&self.root, |rest| any_depth(&any_ending(rest))),
        ];
        let found = guesses.into_iter().flatten().find_map(|guess| {
            match guess.search(&self.root).filter(|file| !self.excludes(file)).count() {
                0 => None,
                1 => Some(format!("`{}` matches 1 file", guess.written)),
                count => Some(format!("`{}` matches {count} files", guess.written)),
            }
        });
        let from_here = || {
            let here = Pattern::new(Path::new("."), &pattern.written).ok()?;
            here.search(Path::new(".")).next()?;
            let way = way(&self.root, Path::new(".")).join(&pattern.written);
            let is_other = way != Path::new(&pattern.written);
            is_other.then(|| {
                format!("patterns are relative to the configuration's folder; did you mean `{}`?", shown(&way))
            })
        };
        found.or_else(from_here)
    }

    /// Returns a suggestion for a path that does not exist: the same name elsewhere, or a similar one in its folder.
    fn near_path(&self, path: &Path) -> Option<String> {
        let near = self.elsewhere(path).or_else(|| self.similar(path))?;
        Some(format!("did you mean `{}`?", shown(&near)))
    }

    fn similar(&self, path: &Path) -> Option<PathBuf> {
        let root = or_here(&self.root);
        let mut present = PathBuf::new();
        let mut parts = path.components();
        let wanted = parts.by_ref().find(|part| {
            let next = present.join(part);
            let is_missing = !root.join(&next).exists();
            if !is_missing {
                present = next;
            }
            is_missing
        })?;
        let wanted = wanted.as_os_str().to_string_lossy();
        let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        // The common extension must not make `a.graphql` similar to `b.graphql`.
        let is_similar =
            |name: &String| stem(name) == stem(&wanted) || !closest(&stem(&wanted), [&*stem(name)]).is_empty();
        let names = std::fs::read_dir(root.join(&present)).into_iter().flatten();
        let names = names.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
        let names: Vec<String> = names.filter(is_similar).collect();
        let near = closest(&wanted, names.iter().map(String::as_str)).first().copied()?;
        Some(present.join(near).join(parts.as_path()).components().collect())
    }

    /// Returns the folder at the beginning of the first pattern that matches a file.
    pub fn folder_of(&self, file: &Path) -> Option<&Path> {
        let pattern = self.patterns.iter().find(|pattern| pattern.finds(file))?;
        Some(match &pattern.meaning {
            Meaning::Path(path) => path.parent().unwrap_or(Path::new("")),
            Meaning::Glob { folder, .. } => folder,
        })
    }

    /// Returns a file of the same name in another folder.
    fn elsewhere(&self, path: &Path) -> Option<PathBuf> {
        let name = globset::escape(path.file_name()?.to_str()?);
        let anywhere = Pattern::new(&self.root, &format!("**/{name}")).ok()?;
        anywhere.search(&self.root).next()
    }
}

/// Returns true if a pattern contains wildcards.
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
}

/// Returns true for a name that a glob skips unless it names it.
fn is_passed_over(name: &str, glob: &str) -> bool {
    is_of_tools(name) && !glob.split('/').any(|part| part == name)
}

/// Returns true for the names of folders and files that tools generate, which are not searched.
pub fn is_of_tools(name: &str) -> bool {
    name.starts_with('.') || name == "target" || name == "node_modules"
}

/// Returns the folder of a configuration; the working directory if it has none.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Returns the relative path from the root to a file, if it leads to the same file.
fn shortest(root: &Path, path: PathBuf) -> PathBuf {
    if path.components().all(|part| matches!(part, Component::Normal(_))) {
        return path;
    }
    let shorter = way(root, &root.join(&path));
    let real = |path: &Path| std::fs::canonicalize(plain(&root.join(path))).ok();
    let written = std::fs::canonicalize(root.join(&path)).ok();
    if written.is_none() || written == real(&shorter) { shorter } else { path }
}
