//! Orphans: temporary files of a token file that processes left when they ended too early, and their recovery.

use crate::auth::Tokens;
use crate::auth::tokens::Stored;
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// The content of a token file or of an orphan.
pub(super) struct Kept {
    /// The tokens; `None` if the content is incomplete.
    pub tokens: Option<Tokens>,
    pub modified: SystemTime,
}

impl Kept {
    /// Reads a file; `None` if it does not exist.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let modified = file.metadata()?.modified()?;
        let mut text = Vec::new();
        io::Read::read_to_end(&mut file, &mut text)?;
        Ok(Some(Self { tokens: Stored::parse(&text), modified }))
    }
}

/// Creates a temporary file beside a token file: `tokens.json.PROCESS-NUMBER`.
pub(super) fn create(of: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let mut name = of.as_os_str().to_owned();
        name.push(format!(".{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
        let path = PathBuf::from(name);
        match private().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            // An earlier process, or one in another container, had the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Returns the temporary files of a token file, including those of earlier versions (`tokens.json.PROCESS`). A folder
/// that cannot be listed has none.
pub(super) fn paths(of: &Path) -> Vec<PathBuf> {
    let Some(name) = of.file_name() else { return Vec::new() };
    let entries = std::fs::read_dir(folder(of)).into_iter().flatten().flatten();
    let orphans = entries.filter(|entry| is_temporary(&entry.file_name(), name));
    orphans.map(|entry| of.with_file_name(entry.file_name())).collect()
}

fn is_temporary(name: &OsStr, of: &OsStr) -> bool {
    let ending = name.as_encoded_bytes().strip_prefix(of.as_encoded_bytes()).and_then(|rest| rest.strip_prefix(b"."));
    ending.is_some_and(|ending| {
        let numbers: Vec<&[u8]> = ending.split(|byte| *byte == b'-').collect();
        numbers.len() <= 2 && numbers.iter().all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
    })
}

/// Returns the newest complete orphan. Unreadable ones are incomplete.
pub(super) fn newest(of: &Path) -> Option<Kept> {
    newest_with_path(of).map(|(_, orphan)| orphan)
}

fn newest_with_path(of: &Path) -> Option<(PathBuf, Kept)> {
    let read = paths(of).into_iter().filter_map(|path| Some((Kept::read(&path).ok()??, path)));
    let complete = read.filter(|(orphan, _)| orphan.tokens.is_some());
    complete.max_by_key(|(orphan, _)| orphan.modified).map(|(orphan, path)| (path, orphan))
}

/// Renames the newest complete orphan, unless the file is newer, and removes the others. The caller holds the
/// lock.
pub(super) fn recover(of: &Path) -> io::Result<()> {
    if paths(of).is_empty() {
        return Ok(());
    }
    if let Some((path, orphan)) = newest_with_path(of) {
        let file = Kept::read(of)?;
        if file.is_none_or(|file| orphan.modified >= file.modified) {
            match std::fs::rename(&path, of) {
                // A save without the lock has renamed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other?,
            }
            sync_folder(of)?;
        }
    }
    for path in paths(of) {
        // An orphan that cannot be removed is older than the file, or incomplete, and is ignored.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// Flushes the folder of a file to the disk, so that a rename in it survives a power failure. Errors of file systems
/// that do not support it are ignored, and so is Windows, where the standard library cannot open folders.
pub(super) fn sync_folder(of: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder(of)).and_then(|folder| folder.sync_all()) {
        Err(error) => match error.kind() {
            io::ErrorKind::InvalidInput
            | io::ErrorKind::Unsupported
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        },
        Ok(()) => Ok(()),
    }
}

fn folder(of: &Path) -> &Path {
    match of.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Options for files that only their owner can read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Returns a builder of folders that only their owner can read.
pub(super) fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
