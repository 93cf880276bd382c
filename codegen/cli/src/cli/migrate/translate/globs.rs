//! Translates globs of ESLint and of graphql-config.

use crate::cli::migrate::note::BadGlob;
use crate::files::Pattern;
use std::path::Path;

/// The extensions of GraphQL files.
const EXTENSIONS: [&str; 4] = ["graphql", "gql", "graphqls", "sdl"];

/// Translates a glob of `files`.
pub fn files(glob: &str, prefix: &str) -> Result<String, BadGlob> {
    below(&plain(glob)?, prefix)
}

/// Translates a pattern of excluded files to globs for the files and for all files in matching folders.
pub fn ignored(pattern: &str, prefix: &str) -> Result<Vec<String>, BadGlob> {
    let pattern = plain(pattern)?;
    let (pattern, is_folder) = match pattern.strip_suffix('/') {
        Some(folder) => (folder.to_owned(), true),
        None => (pattern, false),
    };
    let mut globs = Vec::new();
    if !is_folder {
        globs.push(below(&pattern, prefix)?);
    }
    if !pattern.ends_with("**") {
        globs.push(below(&format!("{pattern}/**"), prefix)?);
    }
    Ok(globs)
}

/// Returns a path or glob of a project relative to the written configuration.
pub fn in_project(glob: &str, prefix: &str) -> String {
    let (not, glob) = match glob.strip_prefix('!') {
        Some(rest) => ("!", rest),
        None => ("", glob),
    };
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    if prefix.is_empty() || Path::new(glob).is_absolute() {
        return format!("{not}{glob}");
    }
    format!("{not}{prefix}/{glob}")
}

/// Returns the glob of all files below a folder.
pub fn everything(prefix: &str) -> String {
    if prefix.is_empty() { "**/*".to_owned() } else { format!("{prefix}/**/*") }
}

/// Returns true if a glob applies to all folders and restricts names only by their extension.
pub fn is_everywhere(glob: &str, prefix: &str) -> bool {
    let all = everything(prefix);
    glob.strip_prefix(&*all)
        .or_else(|| (glob == all.trim_end_matches("/*")).then_some(""))
        .is_some_and(|extension| extension.is_empty() || extension.starts_with('.') && !extension.contains('/'))
}

/// Returns a document glob without extensions of other languages, and whether it had any.
pub fn graphql_part(glob: &str) -> (Option<String>, bool) {
    let Some((start, extensions)) = glob.rsplit_once('.').filter(|(_, extension)| !extension.contains('/')) else {
        return (Some(glob.to_owned()), false);
    };
    let list = extensions.strip_prefix(['{', '(']).map(|list| list.trim_end_matches(['}', ')']));
    let Some(list) = list else {
        let is_other = is_other(extensions);
        return ((!is_other).then(|| glob.to_owned()), is_other);
    };
    let all: Vec<&str> = list.split([',', '|']).map(str::trim).collect();
    let own: Vec<&str> = all.iter().copied().filter(|extension| !is_other(extension)).collect();
    let start = start.strip_suffix('@').unwrap_or(start);
    let kept = match own.as_slice() {
        [] => None,
        [one] => Some(format!("{start}.{one}")),
        several => Some(format!("{start}.{{{}}}", several.join(","))),
    };
    (kept, own.len() < all.len())
}

fn is_other(extension: &str) -> bool {
    !extension.contains(['*', '?', '[', '{']) && !EXTENSIONS.contains(&extension)
}

/// Rewrites minimatch patterns that have a plain equivalent.
fn plain(glob: &str) -> Result<String, BadGlob> {
    let glob = glob.trim_start_matches("./");
    if glob.starts_with('!') {
        return Err(BadGlob::Negated);
    }
    if glob.starts_with("../") {
        return Err(BadGlob::Outside);
    }
    let mut text = String::new();
    let mut open: Vec<char> = Vec::new();
    let mut rest = glob.trim_start_matches('/').chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '@' if rest.peek() == Some(&'(') => {
                rest.next();
                open.push('(');
                text.push('{');
            }
            '?' | '*' | '+' | '!' if rest.peek() == Some(&'(') => return Err(BadGlob::Extended),
            '(' => {
                open.push(' ');
                text.push('(');
            }
            ')' => text.push(if open.pop() == Some('(') { '}' } else { ')' }),
            '|' if open.last() == Some(&'(') => text.push(','),
            other => text.push(other),
        }
    }
    Ok(text)
}

fn below(glob: &str, prefix: &str) -> Result<String, BadGlob> {
    let glob = if prefix.is_empty() { glob.to_owned() } else { format!("{prefix}/{glob}") };
    match Pattern::new(Path::new(""), &glob) {
        Ok(_) => Ok(glob),
        Err(_) => Err(BadGlob::Invalid),
    }
}
