//! Tokens in a file that only its owner can read, safe under several processes.

use super::super::tokens::Stored;
use super::{StoreLock, TokenStore};
use crate::auth::Tokens;
use crate::error::Error;
use crate::time::Sleep;
use crate::transport::BoxFuture;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a lock that another process holds is tried.
const PATIENCE: Duration = Duration::from_millis(20);

/// Keeps tokens in a file with mode 0600, which is replaced as a whole. A second file beside it, with `.lock` at the
/// end of its name, sees to it that of several processes one renews.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// A store in this file; folders are made when something is kept.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    fn read(&self) -> Result<Option<Tokens>, Error> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("cannot be read", &error)),
        };
        // The text holds tokens, and serde's messages show pieces of what they did not expect.
        let stored = serde_json::from_slice::<Stored>(&text)
            .map_err(|_| Error::authentication(format!("the token file {} is damaged", self.path.display())))?;
        Ok(Some(stored.into()))
    }

    fn write(&self, tokens: &Tokens) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(&Stored::from(tokens))
            .map_err(|error| Error::request("the tokens cannot be written").with_source(error))?;
        let fresh = self.beside(&format!(".{}", std::process::id()));
        let written = self.prepare().and_then(|()| {
            let _ = std::fs::remove_file(&fresh);
            let mut file = private().write(true).create_new(true).open(&fresh)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&fresh, &self.path)
        });
        written.map_err(|error| {
            let _ = std::fs::remove_file(&fresh);
            self.failed("cannot be written", &error)
        })
    }

    fn prepare(&self) -> io::Result<()> {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => private_folder().create(folder),
            _ => Ok(()),
        }
    }

    async fn wait_for_lock(&self) -> Result<StoreLock, Error> {
        let path = self.beside(".lock");
        let failed = |error: &io::Error| self.failed("cannot be locked", error);
        self.prepare().map_err(|error| failed(&error))?;
        let file = private().write(true).create(true).truncate(false).open(&path).map_err(|error| failed(&error))?;
        loop {
            match File::try_lock(&file) {
                Ok(()) => return Ok(Box::new(file)),
                Err(TryLockError::WouldBlock) => Sleep::new(PATIENCE).await,
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
    }

    fn failed(&self, what: &str, error: &io::Error) -> Error {
        Error::authentication(format!("the token file {} {what}: {error}", self.path.display()))
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
        let cleared = match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed("cannot be removed", &error)),
            _ => Ok(()),
        };
        Box::pin(std::future::ready(cleared))
    }

    fn lock(&self) -> BoxFuture<'_, Result<StoreLock, Error>> {
        Box::pin(self.wait_for_lock())
    }
}

/// Files that only their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn private_folder() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
