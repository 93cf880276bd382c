//! The root folders of modules.

use super::Config;
use crate::files::Files;
use std::path::{Component, Path};

/// The folders that the modules of documents are relative to: for each pattern of `documents`, the folder at its
/// beginning.
/// They do not depend on existing files, so that a document's module is stable.
#[derive(Debug)]
pub struct ModuleRoots(Option<Files>);

impl ModuleRoots {
    /// Creates the root folders of a configuration.
    pub fn new(config: &Config) -> Self {
        // Invalid globs are reported when the files are read.
        Self(Files::new(&config.root, &config.documents, &[]).ok())
    }

    /// Returns the path of a document relative to the folder of the first pattern that matches it, or to that of the
    /// configuration.
    pub fn below(&self, document: &str) -> String {
        let path = Path::new(document);
        let folder = self.0.as_ref().and_then(|files| files.folder_of(path));
        let below = folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        let parts = below.components().filter(|part| matches!(part, Component::Normal(_)));
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    }
}
