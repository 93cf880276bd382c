//! Code generation from a `build.rs`.
//!
//! The input is a configuration file, or the settings of the [`Builder`]. The output is a file in `OUT_DIR`, and lines
//! on standard output from which Cargo learns when to run the script again.

use crate::compile::compile_with_defects;
use crate::config::{self, Config};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::files::Files;
use crate::{load, output};
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
/// Without settings, the `graphql.config.toml` of the crate or of a folder above applies. The
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
    /// Creates a builder that uses the configuration file.
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

    /// Adds a schema file or glob, relative to the crate, replacing the configuration's; may be called
    /// several times.
    #[must_use]
    pub fn schema(mut self, pattern: impl Into<String>) -> Self {
        self.schema.push(pattern.into());
        self
    }

    /// Adds a document or glob, relative to the crate, replacing the configuration's; may be called
    /// several times.
    #[must_use]
    pub fn documents(mut self, pattern: impl Into<String>) -> Self {
        self.documents.push(pattern.into());
        self
    }

    /// Sets the name of the file in `OUT_DIR`; the default is `graphwright.rs`.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Changes any other setting, after the configuration file was read.
    #[must_use]
    pub fn configure(mut self, adjust: fn(&mut Config)) -> Self {
        self.adjust.push(adjust);
        self
    }

    /// Generates the file. Prints all errors and exits with code 1 if there are any, so that the
    /// build script fails.
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

    /// Generates the file and returns its path.
    ///
    /// # Errors
    /// All errors in settings, schema and documents, or an error if the file cannot be written.
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
                let message = "no graphql.config.toml in the crate or above it";
                return Err(Diagnostics::single(
                    Default::default(),
                    Diagnostic::error(Code::CONFIG, message)
                        .help("create one, or call `schema(…)` and `documents(…)` on the builder"),
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
        // The output is one file, regardless of the setting for `generate`.
        config.generate.output = Some(PathBuf::from("graphwright.rs"));
        Ok(config)
    }
}

/// Returns the files and folders whose change requires another run. Cargo watches all files in a folder.
fn watched(config: &Config) -> BTreeSet<PathBuf> {
    let patterns = [&config.schema, &config.client_schema, &config.documents].map(|one| config.files(one));
    let patterns = patterns.iter().flatten().flat_map(Files::patterns);
    let places = patterns.map(|pattern| config.resolve(pattern.beginning()));
    places.chain(config.file.iter().map(|file| file.path.clone())).collect()
}

fn folder(variable: &str) -> Result<PathBuf, Diagnostics> {
    let value = std::env::var_os(variable).map(PathBuf::from);
    value.ok_or_else(|| failure(format!("{variable} is not set; call this from a build script that Cargo runs")))
}

fn failure(message: String) -> Diagnostics {
    Diagnostics::single(Default::default(), Diagnostic::error(Code::BUILD, message))
}
