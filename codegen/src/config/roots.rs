//! The folders that modules follow.

use super::Config;
use crate::files::Files;
use std::path::{Component, Path};

/// The folders that the modules of documents follow: for each pattern of `documents`, the folder that it begins with. What
/// else is there does not matter, so that a document's module stays where it is.
#[derive(Debug)]
pub struct ModuleRoots(Option<Files>);

impl ModuleRoots {
    /// Creates the folders of a configuration.
    pub fn new(config: &Config) -> Self {
        // A pattern that is no glob has been reported where the files are read.
        Self(Files::new(&config.root, &config.documents, &[]).ok())
    }

    /// Returns the path of a document below the folder of the first pattern that names it, or below that of the
    /// configuration.
    pub fn below(&self, document: &str) -> String {
        let path = Path::new(document);
        let folder = self.0.as_ref().and_then(|files| files.folder_of(path));
        let below = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        let parts = below.components().filter(|part| matches!(part, Component::Normal(_)));
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    }
}
