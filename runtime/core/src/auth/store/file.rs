//! Tokens in a file that only its owner can read, safe with several processes and crashes.

use super::orphans::{self, Kept, private, private_folder, sync_folder};
use super::{StoreLock, TokenStore};
use crate::auth::Tokens;
use crate::auth::tokens::Stored;
use crate::error::{Error, ErrorKind};
use crate::time::Sleep;
use crate::transport::BoxFuture;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The interval between attempts to take a lock that another process holds.
const PATIENCE: Duration = Duration::from_millis(20);

/// The maximum number of attempts to save: another process's recovery can take temporary files of a save without the
/// lock.
const ATTEMPTS: u32 = 50;

/// Stores tokens in a file with mode 0600, which is replaced atomically.
///
/// A second file beside it, whose name ends in `.lock`, is locked during a renewal, so that only one of several
/// processes renews at a time.
///
/// A save writes a temporary file beside the file, flushes it to the disk and renames it. If the process ends before the
/// rename, the complete temporary file is not lost: [`TokenStore::load`] returns the newest complete tokens, by the time
/// of modification, and [`TokenStore::lock`] moves them to their place and removes the remaining temporary files. On
/// Unix, the folder is flushed as well.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// Creates a store in this file. Missing folders are created by the first save or lock.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    fn read(&self) -> Result<Option<Tokens>, Error> {
        // The file is read last, so that an orphan that another process has just renamed is found in its place.
        let orphan = orphans::newest(&self.path);
        let file = Kept::read(&self.path).map_err(|error| self.failed("cannot be read", &error))?;
        match (file, orphan) {
            (Some(file), Some(orphan)) if orphan.modified >= file.modified => Ok(orphan.tokens),
            (Some(file), _) => file.tokens.map(Some).ok_or_else(|| self.damaged()),
            (None, orphan) => Ok(orphan.and_then(|orphan| orphan.tokens)),
        }
    }

    fn write(&self, tokens: &Tokens) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(&Stored::from(tokens))
            .map_err(|error| Error::request("the tokens cannot be written").with_source(error))?;
        let mut outcome = self.prepare().and_then(|()| self.replace(&text));
        for _ in 1..ATTEMPTS {
            // The recovery of another process has taken the temporary file.
            if !matches!(&outcome, Err(error) if error.kind() == io::ErrorKind::NotFound) {
                break;
            }
            outcome = self.prepare().and_then(|()| self.replace(&text));
        }
        outcome.map_err(|error| self.failed("cannot be written", &error))
    }

    /// Replaces the file atomically.
    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let (path, mut file) = orphans::create(&self.path)?;
        if let Err(error) = file.write_all(text).and_then(|()| file.sync_all()) {
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        drop(file);
        // If this fails, the temporary file remains: it may contain the only valid refresh token.
        std::fs::rename(&path, &self.path)?;
        sync_folder(&self.path)
    }

    fn prepare(&self) -> io::Result<()> {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => private_folder().create(folder),
            _ => Ok(()),
        }
    }

    fn remove(&self) -> io::Result<()> {
        // Remove orphans first: they would replace the missing file.
        let removed = orphans::paths(&self.path).into_iter().chain([self.path.clone()]).try_for_each(|path| {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        });
        removed.and_then(|()| sync_folder(&self.path))
    }

    async fn wait_for_lock(&self) -> Result<StoreLock, Error> {
        let path = self.beside(".lock");
        let failed = |error: &io::Error| self.failed("cannot be locked", error);
        self.prepare().map_err(|error| failed(&error))?;
        let file = private().write(true).create(true).truncate(false).open(&path).map_err(|error| failed(&error))?;
        loop {
            match File::try_lock(&file) {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => Sleep::new(PATIENCE).await,
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
        orphans::recover(&self.path).map_err(|error| self.failed("cannot be recovered", &error))?;
        Ok(Box::new(file))
    }

    fn failed(&self, what: &str, error: &io::Error) -> Error {
        Error::authentication(format!("the token file {} {what}: {error}", self.path.display()))
    }

    /// Returns the error for damaged content. Neither the text, which contains tokens, nor serde's message, which
    /// quotes it, is shown.
    fn damaged(&self) -> Error {
        Error::new(ErrorKind::Decode, format!("the token file {} is damaged", self.path.display()))
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Error>> {
        Box::pin(std::future::ready(self.read()))
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(std::future::ready(self.write(tokens)))
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Error>> {
        let cleared = self.remove().map_err(|error| self.failed("cannot be removed", &error));
        Box::pin(std::future::ready(cleared))
    }

    fn lock(&self) -> BoxFuture<'_, Result<StoreLock, Error>> {
        Box::pin(self.wait_for_lock())
    }
}
