//! Writes files atomically, so that an interruption leaves no file half-written.
//!
//! Texts are written to temporary files beside their targets, which are then renamed. A temporary file is locked while
//! its process runs: an unlocked one was left by a killed process, and the next run removes it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const PREFIX: &str = ".graphwright-";
const SUFFIX: &str = ".tmp";

/// Writes a file atomically: to a temporary file beside it, which is then renamed.
///
/// # Errors
/// The folder or the file cannot be written; the old file is unchanged.
pub fn write(path: &Path, content: &str) -> io::Result<()> {
    let (file, target) = staged(path, content)?;
    file.persist(target).map_err(|error| naming(path, error.error))?;
    Ok(())
}

/// Writes files after all of their texts are on disk; removes temporary files of killed processes.
///
/// # Errors
/// A folder or file cannot be written; if that happens before the first rename, all files are unchanged.
pub fn write_all<'a>(files: impl IntoIterator<Item = (PathBuf, &'a str)>) -> io::Result<()> {
    let files: Vec<(PathBuf, &str)> = files.into_iter().collect();
    remove_abandoned(files.iter().map(|(path, _)| path.as_path()));
    let staged: Vec<(NamedTempFile, PathBuf)> =
        files.iter().map(|(path, content)| staged(path, content)).collect::<io::Result<_>>()?;
    for (file, target) in staged {
        file.persist(&target).map_err(|error| naming(&target, error.error))?;
    }
    Ok(())
}

/// Removes temporary files of killed processes from the folders of some files.
pub fn remove_abandoned<'p>(files: impl IntoIterator<Item = &'p Path>) {
    let folders: BTreeSet<&Path> = files.into_iter().map(folder_of).collect();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
            // The process that writes a file holds its lock. A file that cannot be removed does no harm.
            if is_ours && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Returns an error that names the target file instead of the temporary file.
fn naming(path: &Path, error: io::Error) -> io::Error {
    let kind = error.kind();
    // Errors of the library for temporary files contain their names.
    let cause = if error.raw_os_error().is_some() { error } else { io::Error::from(kind) };
    io::Error::new(kind, format!("cannot write {}: {cause}", path.display()))
}

/// Writes a text to a locked temporary file, and returns it with the file that it will replace.
fn staged(path: &Path, content: &str) -> io::Result<(NamedTempFile, PathBuf)> {
    temporary(path, content).map_err(|error| naming(path, error))
}

fn temporary(path: &Path, content: &str) -> io::Result<(NamedTempFile, PathBuf)> {
    // For a symbolic link, its target is written.
    let target = if path.is_symlink() { std::fs::canonicalize(path)? } else { path.to_path_buf() };
    let folder = folder_of(&target);
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).permissions_like(&target);
    let mut file = builder.tempfile_in(folder)?;
    // Without file locks on the file system, no process can consider the file abandoned either.
    let _ = file.as_file().try_lock();
    if !file.path().exists() {
        // Another process removed the file before it was locked.
        file = builder.tempfile_in(folder)?;
        let _ = file.as_file().try_lock();
    }
    file.write_all(content.as_bytes())?;
    Ok((file, target))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives new files the default permissions instead of the private ones of temporary files.
trait PermissionsLike {
    fn permissions_like(&mut self, path: &Path) -> &mut Self;
}

impl PermissionsLike for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like(&mut self, path: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        let present = std::fs::metadata(path).map(|metadata| metadata.permissions());
        self.permissions(present.unwrap_or_else(|_| std::fs::Permissions::from_mode(0o666)))
    }

    #[cfg(not(unix))]
    fn permissions_like(&mut self, _: &Path) -> &mut Self {
        self
    }
}
