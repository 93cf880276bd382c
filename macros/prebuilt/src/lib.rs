//! What generated code came from, as lines in its header, and whether that has changed since.
//!
//! `graphwright generate` writes a [`Manifest`] into its output; the macro with the feature `prebuilt`
//! reads it back and compares it with the disk. So this crate is compiled by users who compile nothing
//! else of the generator: it has one small dependency.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Where generated code came from. Paths are relative to some folder, with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Files.
    pub files: Vec<File>,
    /// Folders in which patterns looked for files.
    pub folders: Vec<Folder>,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Its path.
    pub path: String,
    /// The hash of its content: see [`hash`].
    pub hash: u64,
}

/// A folder whose files could become inputs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Folder {
    /// Its path.
    pub path: String,
    /// The hash of the names of the files in it that could be documents: see [`hash_names`].
    pub hash: u64,
}

/// The version that writes and reads manifests.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The hash of a text. The ends of lines do not matter, since version control changes them.
///
/// It is XXH3 (64 bits), which is specified and the same on all machines: it tells what has changed,
/// not what somebody forged.
pub fn hash(text: &str) -> u64 {
    if text.contains('\r') { xxh3_64(text.replace("\r\n", "\n").as_bytes()) } else { xxh3_64(text.as_bytes()) }
}

/// The hash of the names of the files below a folder that could be documents or schemas.
///
/// # Errors
/// The folder cannot be read.
pub fn hash_names(folder: &Path) -> io::Result<u64> {
    let mut names = Vec::new();
    collect_names(folder, "", &mut names)?;
    names.sort();
    Ok(xxh3_64(names.join("\n").as_bytes()))
}

fn collect_names(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" || name == "node_modules" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect_names(&entry.path(), &format!("{path}/"), names)?;
        } else if is_graphql(&name) {
            names.push(path);
        }
    }
    Ok(())
}

fn is_graphql(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("graphql" | "graphqls" | "gql" | "sdl"))
}

impl Manifest {
    /// The lines of a header.
    pub fn to_header(&self) -> String {
        if self.files.is_empty() && self.folders.is_empty() {
            return String::new();
        }
        let mut header = format!("// graphwright {VERSION}\n");
        for File { path, hash } in &self.files {
            // Writing to a string does not fail.
            let _ = writeln!(header, "// input {hash:016x} {path}");
        }
        for Folder { path, hash } in &self.folders {
            let _ = writeln!(header, "// names {hash:016x} {path}");
        }
        header
    }

    /// The manifest in the header of generated code, and the version that wrote it.
    pub fn read(code: &str) -> Option<(Self, &str)> {
        let mut lines = code.lines().skip_while(|line| !line.starts_with("// graphwright "));
        let version = lines.next()?.strip_prefix("// graphwright ")?;
        let mut manifest = Self::default();
        for line in lines {
            let entry = |line: &str| {
                let (hash, path) = line.split_once(' ')?;
                Some((u64::from_str_radix(hash, 16).ok()?, path.to_owned()))
            };
            if let Some((hash, path)) = line.strip_prefix("// input ").and_then(entry) {
                manifest.files.push(File { path, hash });
            } else if let Some((hash, path)) = line.strip_prefix("// names ").and_then(entry) {
                manifest.folders.push(Folder { path, hash });
            } else {
                break;
            }
        }
        Some((manifest, version))
    }

    /// What has changed since; `folder` is what the paths are relative to.
    pub fn changes(&self, folder: &Path) -> Vec<String> {
        let mut changes = Vec::new();
        for file in &self.files {
            match std::fs::read_to_string(folder.join(&file.path)) {
                Ok(text) if hash(&text) == file.hash => {}
                Ok(_) => changes.push(format!("{} has changed", file.path)),
                Err(error) => changes.push(format!("{} cannot be read: {error}", file.path)),
            }
        }
        for Folder { path, hash } in &self.folders {
            match hash_names(&folder.join(path)) {
                Ok(now) if now == *hash => {}
                Ok(_) => changes.push(format!("files were added to {path} or removed from it")),
                Err(error) => changes.push(format!("{path} cannot be read: {error}")),
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_was_written() {
        let manifest = Manifest {
            files: vec![File { path: "../a b.graphql".into(), hash: 7 }],
            folders: vec![Folder { path: "graphql".into(), hash: u64::MAX }],
        };
        let code = format!("// @generated\n{}\nmod a;\n// input nonsense\n", manifest.to_header());
        assert_eq!(Manifest::read(&code), Some((manifest, VERSION)));
        assert_eq!(Manifest::read("mod a;"), None);
        assert_eq!(hash("a\r\nb"), hash("a\nb"));
        assert_ne!(hash("a\nb"), hash("a\n b"));
    }
}
