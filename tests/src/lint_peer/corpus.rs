//! The texts of a client: its schema as SDL, and its documents.

use super::Kind;
use crate::lint_bench::collect;
use anyhow::{Context, Result};
use apollo_compiler::parser::Parser;
use graphwright_codegen::internal::schema::introspection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The texts of a client, or of a part of its documents, by path.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// SDL files.
    pub schema: BTreeMap<String, String>,
    /// Documents: `operations/…`.
    pub documents: BTreeMap<String, String>,
}

impl Texts {
    /// Reads all files of a client.
    pub fn read(client: &Path) -> Result<Self> {
        let mut texts = Self::default();
        let json = client.join("schema.json");
        if json.is_file() {
            let answer = introspection::read(&fs::read_to_string(json)?)
                .map_err(|_| anyhow::anyhow!("{}: not an introspection result", client.display()))?;
            let sdl = introspection::to_sdl(&answer, introspection::Order::Server);
            texts.schema.insert("schema.graphql".to_owned(), sdl);
        }
        for name in ["schema.graphql", "client.graphql"] {
            if client.join(name).is_file() {
                texts.schema.insert(name.to_owned(), fs::read_to_string(client.join(name))?);
            }
        }
        let mut files: Vec<PathBuf> = Vec::new();
        collect(&client.join("operations"), &mut files)
            .with_context(|| format!("{} has no documents", client.display()))?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "graphql"));
        for file in &files {
            let path = file.strip_prefix(client)?.to_string_lossy().replace('\\', "/");
            texts.documents.insert(path, fs::read_to_string(file)?);
        }
        Ok(texts)
    }

    /// Returns the folders whose documents belong together: those below `operations`, or all of it if there are files
    /// directly in it.
    pub fn groups(&self) -> BTreeSet<String> {
        let below = self.documents.keys().map(|path| path.trim_start_matches("operations/"));
        let folders: Option<BTreeSet<String>> =
            below.map(|path| path.split_once('/').map(|(folder, _)| folder.to_owned())).collect();
        folders.unwrap_or_else(|| BTreeSet::from([String::new()]))
    }

    /// Returns the schema with the documents of a group; the empty name selects all of them.
    pub fn group(&self, name: &str) -> Self {
        let prefix = if name.is_empty() { "operations/".to_owned() } else { format!("operations/{name}/") };
        let mut part = self.clone();
        part.documents.retain(|path, _| path.starts_with(&prefix));
        part
    }

    /// Returns the files that are linted.
    pub(super) fn files(&self, kind: Kind) -> impl Iterator<Item = &String> {
        match kind {
            Kind::Operations => self.documents.keys(),
            Kind::Schema => self.schema.keys(),
        }
    }

    /// Removes the documents that do not parse (templates, mostly), and returns their names: with one of them, the peer
    /// loads no document at all.
    pub fn remove_unparsed(&mut self) -> Vec<String> {
        let parses = |path: &String, text: &String| Parser::new().parse_ast(text.clone(), path).is_ok();
        let removed: Vec<String> =
            self.documents.iter().filter(|(path, text)| !parses(path, text)).map(|(path, _)| path.clone()).collect();
        self.documents.retain(|path, _| !removed.contains(path));
        removed
    }

    /// Leaves one definition of everything that the schema defines twice.
    pub fn remove_repetitions(&mut self) {
        for (name, text) in &mut self.schema {
            let schema = apollo_compiler::Schema::parse(&*text, name).unwrap_or_else(|found| found.partial);
            *text = schema.serialize().to_string();
        }
    }

    /// Writes all files to a folder, which is replaced.
    pub fn write(&self, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        for (path, text) in self.schema.iter().chain(&self.documents) {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap_or(folder))?;
            fs::write(file, text)?;
        }
        Ok(())
    }
}
