//! What the user asked for: `graphql.config.*` and what overrides it.
//!
//! In: a configuration file in the format of [graphql-config], or nothing but the
//! defaults. Out: one [`Config`], the only settings that the pipeline sees. Flags,
//! macro attributes and `build.rs` all end here.
//!
//! [graphql-config]: https://the-guild.dev/graphql/config/docs

mod file;
mod locate;
mod roots;

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::SAME_RESPONSE_SHAPE;
use crate::files::{Files, NotAGlob};
use crate::schema::{Client, ClientSide};
use crate::source::{SourceId, Sources, Span, Text};
use file::Patterns;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use file::{load, load_all, parse};
pub use locate::{FILE_NAMES, OF_OTHERS, find, find_in, passed_over};
pub use roots::ModuleRoots;

/// Everything that decides what is generated.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The folder that relative paths start from: the one of the configuration file.
    pub root: PathBuf,
    /// The file that this came from, if it came from one.
    pub file: Option<ConfigFile>,
    /// The name of the project, where the file has several.
    pub project: Option<String>,
    /// Schema files or globs: SDL (`.graphql`, `.graphqls`, `.gql`, `.sdl`) or introspection JSON.
    pub schema: Vec<String>,
    /// Files or globs of executable documents.
    pub documents: Vec<String>,
    /// Globs of files that `documents` must not match.
    pub exclude: Vec<String>,
    /// The client library whose directives documents use besides those of the schema.
    pub client: Option<Client>,
    /// Files or globs of SDL that only the client knows: fields and types that are never sent.
    pub client_schema: Vec<String>,
    /// What `generate` does.
    pub generate: Generate,
    /// What `introspect` does when it is called without a URL.
    pub introspect: Introspect,
    /// Rust types for scalars, by GraphQL name: `DateTime = "jiff::Timestamp"`.
    ///
    /// `Int`, `Float`, `String`, `Boolean` and `ID` may be given too. The type must be
    /// `Clone + Debug + PartialEq + Serialize + Deserialize`.
    pub scalars: BTreeMap<String, String>,
    /// Rust types for the leafs of single fields, by schema coordinate: of outputs
    /// (`Customer.createdAt`) and of input objects (`CustomerInput.birthday`).
    pub fields: BTreeMap<String, String>,
    /// Settings of single enums, input objects and scalars, by GraphQL name.
    pub types: BTreeMap<String, TypeSettings>,
    /// Settings of single operations, by GraphQL name.
    pub operations: BTreeMap<String, DefinitionSettings>,
    /// Settings of single fragments, by GraphQL name.
    pub fragments: BTreeMap<String, DefinitionSettings>,
    /// What `lint` does.
    #[cfg(feature = "lint")]
    pub lint: crate::lint::settings::Settings,
    /// The name of an operation that has none; that of its file unless given.
    pub unnamed: Option<String>,
}

/// A configuration file that was read.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub text: Text,
}

/// A setting that cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetError {
    /// There is none of this name; these there are.
    Unknown(Vec<String>),
    /// The value is not one, and why.
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
    /// What holds for single fields, by the response keys that lead to them: `customers.nodes.id`.
    pub fields: BTreeMap<String, Override>,
    /// What holds for single variables, by name.
    pub variables: BTreeMap<String, Override>,
}

/// `[extensions.graphwright.types.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypeSettings {
    /// More derives for the Rust type.
    pub derives: Vec<String>,
}

/// How one operation, fragment, field or variable is generated differently.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "expected settings such as `{ rename = \"other\" }`")]
pub struct Override {
    /// More derives for the types of its selection sets.
    pub derives: Vec<String>,
    /// `pub` or `pub(crate)`: of an operation or a fragment.
    pub visibility: Option<Visibility>,
    /// Another Rust name.
    pub rename: Option<String>,
    /// Another Rust type: of a field that is a leaf, or of a variable.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// Another name for the Rust type of a field's selection set.
    pub type_name: Option<String>,
}

/// Who can see what is generated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Visibility {
    /// Everyone.
    #[default]
    #[serde(rename = "pub")]
    Public,
    /// The crate that it is generated into.
    #[serde(rename = "pub(crate)")]
    Crate,
}

/// `[extensions.graphwright.generate]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Generate {
    /// A directory, or one file when the name ends in `.rs`; relative to the configuration file.
    pub output: Option<PathBuf>,
    /// More derives for the types of selection sets, for example `["Eq", "Hash"]`.
    pub derives: Vec<String>,
    /// Who can see operations, fragments and types, and the modules that they are in.
    pub visibility: Visibility,
    /// Directives that only the client knows, as SDL; they are checked, and not sent.
    pub client_directives: String,
    /// What it is when one response key has different types in types that exclude each other:
    /// `... on A { x: text } ... on B { x: number }`. The specification forbids it
    /// (SameResponseShape, 5.3.2); many clients do it, and the generated code can take it.
    pub same_response_shape: Level,
    /// What it is when no operation uses a fragment (5.5.1.4): a warning unless configured, since it is never sent.
    pub unused_fragments: Level,
    /// What it is when an operation does not use one of its variables (5.8.4).
    pub unused_variables: Level,
    /// The path under which the generated code finds the runtime; `::graphwright` unless given.
    pub runtime: Option<String>,
}

impl Default for Generate {
    fn default() -> Self {
        Self {
            output: None,
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

/// How much a violation matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing is generated.
    #[default]
    Error,
    /// Said, and the work goes on.
    Warn,
    /// Not said.
    Allow,
}

/// `[extensions.graphwright.introspect]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Introspect {
    /// The GraphQL endpoint.
    pub url: Option<String>,
    /// Request headers. A value may be `$NAME`: it is then read from that environment variable.
    pub headers: BTreeMap<String, String>,
}

impl Config {
    /// Overrides one setting: `scalars` and `fields` entry by entry, those of `generate` as a whole.
    ///
    /// # Errors
    /// There is no such setting, or the value is none for it.
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

    /// Returns a violation at the level that the configuration gives it.
    pub fn levelled(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let level = match diagnostic.code {
            SAME_RESPONSE_SHAPE => self.generate.same_response_shape,
            "no-unused-fragments" => self.generate.unused_fragments,
            "no-unused-variables" => self.generate.unused_variables,
            _ => Level::Error,
        };
        match level {
            Level::Error => {}
            Level::Warn => diagnostic.severity = Severity::Warning,
            Level::Allow => return None,
        }
        Some(diagnostic)
    }

    /// What it says about the client; `schema` are the texts of its `client_schema`.
    pub fn client_side(&self, schema: &[SourceId]) -> ClientSide {
        let directives = self.generate.client_directives.clone();
        ClientSide { client: self.client, schema: schema.to_vec(), directives }
    }

    /// Returns a path of the configuration, made absolute or at least relative to the working directory.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        if self.root.as_os_str().is_empty() { path.to_path_buf() } else { self.root.join(path) }
    }

    /// Returns the files that patterns of this project mean.
    ///
    /// # Errors
    /// A pattern that is not a glob.
    pub fn files(&self, patterns: &[String]) -> Result<Files, NotAGlob> {
        Files::new(&self.root, patterns, &self.exclude)
    }

    /// Where a pattern of this project is written in the configuration file, which becomes one of the sources.
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
