//! The settings: `graphql.config.*` and its overrides.
//!
//! The input is a configuration file in the format of [graphql-config], or the
//! defaults. The output is one [`Config`], the only settings that the pipeline sees. Flags,
//! macro attributes and `build.rs` override it.
//!
//! [graphql-config]: https://the-guild.dev/graphql/config/docs

mod file;
mod locate;
mod roots;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::files::{Files, NotAGlob};
use crate::schema::ClientSide;
use crate::source::{SourceId, Sources, Span, Text};
use file::Patterns;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use crate::schema::Client;
pub use file::{load, parse};
pub use locate::{FILE_NAMES, find};

// What is hidden here and below is for the rest of the workspace, as `internal` is.
#[doc(hidden)]
pub use file::{LintSection, load_all_with_lint, load_with_lint, parse_with_lint};
#[doc(hidden)]
pub use locate::{OF_OTHERS, find_in, passed_over};
#[doc(hidden)]
pub use roots::ModuleRoots;

/// All settings.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The folder that relative paths refer to: that of the configuration file.
    pub root: PathBuf,
    /// The configuration file, if there is one.
    pub file: Option<ConfigFile>,
    /// The name of the project, if the file has several.
    pub project: Option<String>,
    /// Schema files or globs: SDL (`.graphql`, `.graphqls`, `.gql`, `.sdl`) or introspection JSON.
    pub schema: Vec<String>,
    /// Files or globs of executable documents.
    pub documents: Vec<String>,
    /// Globs of files that `documents` must not match.
    pub exclude: Vec<String>,
    /// The client library whose directives documents use in addition to those of the schema.
    pub client: Option<Client>,
    /// Files or globs of client-side SDL: fields and types that are never sent.
    pub client_schema: Vec<String>,
    /// The settings of `generate`.
    pub generate: Generate,
    /// The settings of `introspect` without a URL.
    pub introspect: Introspect,
    /// Rust types for scalars, by GraphQL name: `DateTime = "jiff::Timestamp"`.
    ///
    /// `Int`, `Float`, `String`, `Boolean` and `ID` can also be mapped. The type must be
    /// `Clone + Debug + PartialEq + Serialize + Deserialize`.
    pub scalars: BTreeMap<String, String>,
    /// Rust types for the leaf types of single fields, by schema coordinate: of outputs
    /// (`Customer.createdAt`) and of input objects (`CustomerInput.birthday`).
    pub fields: BTreeMap<String, String>,
    /// The settings of single enums, input objects and scalars, by GraphQL name.
    pub types: BTreeMap<String, TypeSettings>,
    /// The settings of single operations, by GraphQL name.
    pub operations: BTreeMap<String, DefinitionSettings>,
    /// The settings of single fragments, by GraphQL name.
    pub fragments: BTreeMap<String, DefinitionSettings>,
    /// The name of an anonymous operation; the default is that of its file.
    pub unnamed: Option<String>,
}

/// A configuration file.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// The path.
    pub path: PathBuf,
    /// The content.
    pub text: Text,
}

/// The error for an invalid setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetError {
    /// No such setting; the known settings.
    Unknown(Vec<String>),
    /// An invalid value, and the reason.
    Value(String),
}

/// `[extensions.graphwright.operations.NAME]`, `[extensions.graphwright.fragments.NAME]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DefinitionSettings {
    /// See [`Override::derives`].
    pub derives: Vec<String>,
    /// See [`Override::visibility`].
    pub visibility: Option<Visibility>,
    /// See [`Override::rename`].
    pub rename: Option<String>,
    /// The settings of single fields, by their path of response keys: `customers.nodes.id`.
    pub fields: BTreeMap<String, Override>,
    /// The settings of single variables, by name.
    pub variables: BTreeMap<String, Override>,
}

/// `[extensions.graphwright.types.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypeSettings {
    /// Additional derives for the Rust type.
    pub derives: Vec<String>,
}

/// The settings of a single operation, fragment, field or variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "expected settings such as `{ rename = \"other\" }`")]
pub struct Override {
    /// Additional derives for the types of its selection sets.
    pub derives: Vec<String>,
    /// The visibility of an operation or a fragment: `pub` or `pub(crate)`.
    pub visibility: Option<Visibility>,
    /// Another Rust name.
    pub rename: Option<String>,
    /// Another Rust type, for a leaf field or a variable.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Another name for the Rust type of a field's selection set.
    pub type_name: Option<String>,
}

/// The visibility of generated code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Visibility {
    /// Public.
    #[default]
    #[serde(rename = "pub")]
    Public,
    /// Visible in the crate.
    #[serde(rename = "pub(crate)")]
    Crate,
}

/// `[extensions.graphwright.generate]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Generate {
    /// A folder, or a single file if the name ends in `.rs`; relative to the configuration file.
    pub output: Option<PathBuf>,
    /// The derives of all structs, and of the enums of selection sets; the default is `["Clone", "Debug"]`.
    pub default_derives: Vec<String>,
    /// Additional derives for the types of selection sets, for example `["PartialEq", "Eq"]`.
    pub derives: Vec<String>,
    /// The visibility of operations, fragments and types, and of the modules that contain them.
    pub visibility: Visibility,
    /// Client-side directives, as SDL; they are validated but not sent.
    pub client_directives: String,
    /// The level if one response key has different types in mutually exclusive types:
    /// `... on A { x: text } ... on B { x: number }`. The specification forbids it
    /// (SameResponseShape, 5.3.2), but many clients do it, and the generated code supports it.
    pub same_response_shape: Level,
    /// The level for unused fragments (5.5.1.4): a warning by default, since they are never sent.
    pub unused_fragments: Level,
    /// The level for unused variables of an operation (5.8.4).
    pub unused_variables: Level,
    /// The path of the runtime in generated code; the default is `::graphwright`.
    pub runtime: Option<String>,
}

impl Default for Generate {
    fn default() -> Self {
        Self {
            output: None,
            default_derives: vec!["Clone".to_owned(), "Debug".to_owned()],
            derives: Vec::new(),
            visibility: Visibility::default(),
            client_directives: String::new(),
            same_response_shape: Level::Error,
            unused_fragments: Level::Warn,
            unused_variables: Level::Error,
            runtime: None,
        }
    }
}

/// The level of a violation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An error: nothing is generated.
    #[default]
    Error,
    /// A warning.
    Warn,
    /// Not reported.
    Allow,
}

/// `[extensions.graphwright.introspect]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Introspect {
    /// The GraphQL endpoint.
    pub url: Option<String>,
    /// Request headers. The value `$NAME` is read from that environment variable.
    pub headers: BTreeMap<String, String>,
}

impl Config {
    /// Overrides one setting: `scalars` and `fields` by entry, those of `generate` as a whole.
    ///
    /// # Errors
    /// There is no such setting, or the value is invalid.
    pub fn set(&mut self, key: &str, value: toml::Value) -> Result<(), SetError> {
        let wrong = |error: toml::de::Error| SetError::Value(error.message().trim().to_owned());
        match key {
            "client" => {
                self.client = Some(value.try_into().map_err(wrong)?);
                return Ok(());
            }
            "client_schema" => {
                self.client_schema = value.try_into::<Patterns>().map_err(wrong)?.into();
                return Ok(());
            }
            _ => {}
        }
        if let Some(map) = match key {
            "scalars" => Some(&mut self.scalars),
            "fields" => Some(&mut self.fields),
            _ => None,
        } {
            map.extend(value.try_into::<BTreeMap<String, String>>().map_err(wrong)?);
            return Ok(());
        }
        let present = toml::Value::try_from(&self.generate).map_err(|error| SetError::Value(error.to_string()))?;
        let mut table = match present {
            toml::Value::Table(table) => table,
            _ => toml::Table::new(),
        };
        table.insert(key.to_owned(), value);
        let changed: Result<Generate, _> = table.try_into();
        self.generate = changed.map_err(|error| match file::unknown_key(error.message()) {
            Some((_, known)) => {
                let known = known.into_iter().map(str::to_owned);
                SetError::Unknown(
                    known.chain(["scalars", "fields", "client", "client_schema"].map(str::to_owned)).collect(),
                )
            }
            None => wrong(error),
        })?;
        Ok(())
    }

    /// Returns a violation with its configured level.
    #[doc(hidden)]
    pub fn levelled(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let level = match diagnostic.code {
            Code::SAME_RESPONSE_SHAPE => self.generate.same_response_shape,
            Code::NO_UNUSED_FRAGMENTS => self.generate.unused_fragments,
            Code::NO_UNUSED_VARIABLES => self.generate.unused_variables,
            _ => Level::Error,
        };
        match level {
            Level::Error => {}
            Level::Warn => diagnostic.severity = Severity::Warning,
            Level::Allow => return None,
        }
        Some(diagnostic)
    }

    /// Returns the client settings; `schema` are the texts of `client_schema`.
    #[doc(hidden)]
    pub fn client_side(&self, schema: &[SourceId]) -> ClientSide {
        let directives = self.generate.client_directives.clone();
        ClientSide { client: self.client, schema: schema.to_vec(), directives }
    }

    /// Returns a path of the configuration, made absolute or at least relative to the working directory.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        if self.root.as_os_str().is_empty() { path.to_path_buf() } else { self.root.join(path) }
    }

    /// Returns the files that patterns of this project match.
    ///
    /// # Errors
    /// A pattern is not a glob.
    #[doc(hidden)]
    pub fn files(&self, patterns: &[String]) -> Result<Files, NotAGlob> {
        Files::new(&self.root, patterns, &self.exclude)
    }

    /// Returns the span of a pattern of this project in the configuration file, which is added to the sources.
    #[doc(hidden)]
    pub fn place(&self, pattern: &str, sources: &mut Sources) -> Option<Span> {
        let file = self.file.as_ref()?;
        let range = file::pattern_in(&file.text, self.project.as_deref(), pattern)?;
        let name = file.path.file_name()?.to_string_lossy().into_owned();
        Some(Span::new(sources.add(name, file.text.clone()), range))
    }

    /// Returns true if the output is a single file.
    pub fn single_file(&self) -> bool {
        self.generate.output.as_ref().is_some_and(|path| path.extension().is_some_and(|extension| extension == "rs"))
    }
}
