//! Code generation from a `build.rs`.
//!
//! In: a configuration file, or what the [`Builder`] is told. Out: a file in `OUT_DIR`, and the lines
//! on standard output by which Cargo knows when to run the script again.

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::files::Files;
use crate::{compile_with_defects, load, output};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Generates code in a build script.
///
/// ```no_run
/// // in build.rs
/// graphwright_codegen::Builder::new().schema("schema.graphql").documents("graphql/*.graphql").run();
/// ```
///
/// ```ignore
/// // src/main.rs
/// mod api {
///     include!(concat!(env!("OUT_DIR"), "/graphwright.rs"));
/// }
/// ```
///
/// Without anything said, the `graphql.config.toml` of the crate or of a folder above says it. The
/// script runs again when a document, the schema or the configuration changes, and when a file is
/// added to a folder that a glob searches.
#[derive(Debug, Default)]
pub struct Builder {
    config: Option<PathBuf>,
    project: Option<String>,
    schema: Vec<String>,
    documents: Vec<String>,
    file_name: Option<String>,
    adjust: Vec<fn(&mut Config)>,
}

impl Builder {
    /// Creates a builder that does what the configuration says.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the configuration file, relative to the crate.
    #[must_use]
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// Sets the project, if the configuration has several.
    #[must_use]
    pub fn project(mut self, name: impl Into<String>) -> Self {
        self.project = Some(name.into());
        self
    }

    /// Sets a schema file or a glob, relative to the crate, instead of the configuration's; may be called
    /// again for more.
    #[must_use]
    pub fn schema(mut self, pattern: impl Into<String>) -> Self {
        self.schema.push(pattern.into());
        self
    }

    /// Sets a document, or a glob, relative to the crate, instead of the configuration's; may be called
    /// again for more.
    #[must_use]
    pub fn documents(mut self, pattern: impl Into<String>) -> Self {
        self.documents.push(pattern.into());
        self
    }

    /// Sets the name of the file in `OUT_DIR`; `graphwright.rs` unless given.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Changes any other setting, after the configuration file has been read.
    #[must_use]
    pub fn configure(mut self, adjust: fn(&mut Config)) -> Self {
        self.adjust.push(adjust);
        self
    }

    /// Generates the file. If anything is wrong, prints what and where, and ends the process with
    /// exit code 1, which is how a build script fails.
    pub fn run(self) {
        if let Err(error) = self.try_run() {
            let (errors, more) = error.foremost();
            eprintln!("{errors}");
            if let Some(more) = more {
                eprintln!("{more}");
            }
            std::process::exit(1);
        }
    }

    /// Generates the file, and gives its path.
    ///
    /// # Errors
    /// Everything that is wrong with settings, schema and documents, or that the file cannot be written.
    pub fn try_run(self) -> Result<PathBuf, Diagnostics> {
        let crate_root = folder("CARGO_MANIFEST_DIR")?;
        let out = folder("OUT_DIR")?;
        let path = out.join(self.file_name.as_deref().unwrap_or("graphwright.rs"));
        let config = self.settings(&crate_root)?;
        for input in watched(&config) {
            println!("cargo::rerun-if-changed={}", input.display());
        }
        let inputs = load::read(&config)?;
        let (mut compiled, code) =
            compile_with_defects(&config, inputs, |compiled| output::file(&compiled.module, &config))?;
        compiled.warnings.list.retain(|one| one.severity != Severity::Info);
        let (warnings, more) = compiled.warnings.foremost();
        let text = format!("{warnings}\n{}", more.unwrap_or_default());
        for line in text.lines().filter(|line| !line.is_empty()) {
            println!("cargo::warning={line}");
        }
        let code = code.map_err(|error| failure(error.to_string()))?;
        if std::fs::read_to_string(&path).is_ok_and(|present| present == code) {
            return Ok(path);
        }
        output::write(&path, &code).map_err(|error| failure(error.to_string()))?;
        Ok(path)
    }

    fn settings(&self, crate_root: &Path) -> Result<Config, Diagnostics> {
        let complete = !self.schema.is_empty() && !self.documents.is_empty();
        let file = match &self.config {
            Some(path) => Some(crate_root.join(path)),
            None => config::find(crate_root),
        };
        let mut config = match &file {
            Some(file) => config::load(&crate::files::from_here(file), self.project.as_deref())?,
            None if complete => Config { root: crate::files::from_here(crate_root), ..Config::default() },
            None => {
                let message = "there is no graphql.config.toml in the crate or above";
                return Err(Diagnostics::single(
                    Default::default(),
                    Diagnostic::error("config", message)
                        .help("write one, or call `schema(…)` and `documents(…)` of the builder"),
                ));
            }
        };
        let absolute = |pattern: &String| crate::files::from_folder(&config.root, crate_root, pattern);
        let (schema, documents): (Vec<String>, Vec<String>) =
            (self.schema.iter().map(absolute).collect(), self.documents.iter().map(absolute).collect());
        if !schema.is_empty() {
            config.schema = schema;
        }
        if !documents.is_empty() {
            config.documents = documents;
        }
        self.adjust.iter().for_each(|adjust| adjust(&mut config));
        // One file, whatever `generate` makes.
        config.generate.output = Some(PathBuf::from("graphwright.rs"));
        Ok(config)
    }
}

/// Files and folders whose change makes another run necessary. Cargo looks at all files in a folder.
fn watched(config: &Config) -> BTreeSet<PathBuf> {
    let patterns = [&config.schema, &config.client_schema, &config.documents].map(|one| config.files(one));
    let patterns = patterns.iter().flatten().flat_map(Files::patterns);
    let places = patterns.map(|pattern| config.resolve(pattern.beginning()));
    places.chain(config.file.iter().map(|file| file.path.clone())).collect()
}

fn folder(variable: &str) -> Result<PathBuf, Diagnostics> {
    let value = std::env::var_os(variable).map(PathBuf::from);
    value.ok_or_else(|| failure(format!("{variable} is not set: this runs in a build script, by Cargo")))
}

fn failure(message: String) -> Diagnostics {
    Diagnostics::single(Default::default(), Diagnostic::error("build", message))
}
