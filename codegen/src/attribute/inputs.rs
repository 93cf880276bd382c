//! Reads the settings and texts that the arguments of an attribute name.

use super::Surroundings;
use super::arguments::{Arguments, unknown};
use super::errors::{self, Problem};
use crate::config::{self, Config, SetError};
use crate::diagnostic::{Diagnostic, Diagnostics, has_errors};
use crate::files::from_folder;
use crate::load::{self, Inputs, Setting};
use crate::rust_name::type_name;
use crate::source::{Position, SourceId};
use crate::syntax::{is_text, outline};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use syn::LitStr;
use syn::ext::IdentExt;

/// The inputs of an attribute.
pub struct Texts {
    /// The configuration file with the overrides of the attribute.
    pub config: Config,
    /// The texts.
    pub inputs: Inputs,
    /// The literals that documents came from.
    literals: HashMap<SourceId, LitStr>,
    /// The span at which everything else is shown.
    place: Span,
}

impl Texts {
    /// Reads the inputs that arguments name.
    ///
    /// # Errors
    /// Invalid settings, or a configuration or files that cannot be read.
    pub fn read(arguments: &Arguments, surroundings: &Surroundings) -> Result<Self, Vec<Problem>> {
        let place = arguments.documents.first().map_or(Span::call_site(), LitStr::span);
        let mut texts = Self {
            config: configuration(arguments, surroundings, place)?,
            inputs: Inputs::default(),
            literals: HashMap::new(),
            place,
        };
        let mut problems = Vec::new();
        let schema = texts.config.schema.clone();
        texts.inputs.schema = texts.files(Setting::Schema, &schema, place, &mut problems);
        let client_schema = texts.config.client_schema.clone();
        if !client_schema.is_empty() {
            texts.inputs.client_schema = texts.files(Setting::ClientSchema, &client_schema, place, &mut problems);
        }
        if arguments.documents.is_empty() {
            let documents = texts.config.documents.clone();
            texts.inputs.documents = texts.files(Setting::Documents, &documents, place, &mut problems);
        } else {
            for literal in &arguments.documents {
                texts.document(literal, surroundings, &mut problems);
            }
            texts.library(&mut problems);
            texts.forget_other_settings();
        }
        if problems.is_empty() { Ok(texts) } else { Err(problems) }
    }

    /// Names the only operation after its struct.
    pub fn name_operation(&mut self, name: &Ident) {
        let texts = self.inputs.documents.iter().map(|id| self.inputs.sources.text(*id).to_string());
        for operation in texts.flat_map(|text| outline(&text).operations(&text)).collect::<Vec<_>>() {
            self.config.operations.entry(operation).or_default().rename = Some(name.unraw().to_string());
        }
        self.config.unnamed = Some(name.unraw().to_string());
    }

    /// Returns the Rust name of an operation.
    pub fn rust_name(&self, operation: &str) -> String {
        let renamed = self.config.operations.get(operation).and_then(|settings| settings.rename.clone());
        renamed.unwrap_or_else(|| type_name(operation))
    }

    fn document(&mut self, literal: &LitStr, surroundings: &Surroundings, problems: &mut Vec<Problem>) {
        let value = literal.value();
        if is_text(&value) {
            let (file, start) = (surroundings.locate)(literal.span())
                .unwrap_or_else(|| ("the attribute".to_owned(), Position { line: 1, column: 1 }));
            let id = self.inputs.sources.add_at(file, value, start);
            self.literals.insert(id, literal.clone());
            self.inputs.documents.push(id);
            return;
        }
        let pattern = if surroundings.crate_root.join(&value).is_dir() {
            format!("{}/**/*.{{graphql,gql}}", value.trim_end_matches('/'))
        } else {
            value
        };
        let pattern = from_folder(&self.config.root, &surroundings.crate_root, &pattern);
        for id in self.files(Setting::Documents, &[pattern], literal.span(), problems) {
            self.literals.insert(id, literal.clone());
            self.inputs.documents.push(id);
        }
    }

    fn files(
        &mut self,
        setting: Setting,
        patterns: &[String],
        place: Span,
        problems: &mut Vec<Problem>,
    ) -> Vec<SourceId> {
        let mut found = Vec::new();
        let ids = load::read_all(&self.config, setting, patterns, &mut self.inputs.sources, &mut found);
        let diagnostics = Diagnostics::new(self.inputs.sources.clone(), found);
        problems.extend(errors::problems(&diagnostics, |_| place));
        ids
    }

    /// Adds the fragments of the configuration that the documents spread but do not define.
    fn library(&mut self, problems: &mut Vec<Problem>) {
        if self.config.documents.is_empty() {
            return;
        }
        let mut found = Vec::new();
        self.inputs.library = load::library(&self.config, &mut self.inputs.sources, &self.inputs.documents, &mut found);
        if has_errors(&found) {
            let diagnostics = Diagnostics::new(self.inputs.sources.clone(), found);
            problems.extend(errors::problems(&diagnostics, |_| self.place));
        }
    }

    /// Removes settings for definitions in other documents.
    fn forget_other_settings(&mut self) {
        let ids = self.inputs.documents.iter().chain(&self.inputs.library);
        let (mut operations, mut fragments) = (BTreeSet::new(), BTreeSet::new());
        for text in ids.map(|id| self.inputs.sources.text(*id)) {
            let outline = outline(text);
            operations.extend(outline.operations(text));
            fragments.extend(outline.fragments(text));
        }
        self.config.operations.retain(|name, _| operations.contains(name));
        self.config.fragments.retain(|name, _| fragments.contains(name));
    }

    /// Returns diagnostics, each at its literal, or at its exact span if the compiler supports it.
    pub fn problems(&self, diagnostics: &Diagnostics) -> Vec<Problem> {
        errors::problems(diagnostics, |diagnostic| self.span(diagnostic))
    }

    /// Returns warnings about the documents, each at its literal.
    pub fn warnings(&self, diagnostics: Diagnostics) -> Vec<Problem> {
        let place = |one: Option<&Diagnostic>| one.map_or(self.place, |one| self.span(one));
        errors::warnings(diagnostics, &self.inputs.documents, place)
    }

    fn span(&self, diagnostic: &Diagnostic) -> Span {
        let label = diagnostic.primary.as_ref();
        let Some((label, literal)) = label.and_then(|label| Some((label, self.literals.get(&label.span.source)?)))
        else {
            return self.place;
        };
        let token: Literal = literal.token();
        let words = content_start(&token.to_string())
            .filter(|_| is_text(&literal.value()))
            .and_then(|start| token.subspan(start + label.span.start..start + label.span.end));
        words.unwrap_or(literal.span())
    }
}

/// Returns the offset of a literal's content, if the content has no escapes.
fn content_start(token: &str) -> Option<usize> {
    let start = token.find('"')? + 1;
    (token.starts_with('r') || !token.contains('\\')).then_some(start)
}

fn configuration(arguments: &Arguments, surroundings: &Surroundings, place: Span) -> Result<Config, Vec<Problem>> {
    let file = match &arguments.config {
        Some(path) => Some((surroundings.crate_root.join(path.value()), path.span())),
        None => config::find(&surroundings.crate_root).map(|path| (path, place)),
    };
    let project = arguments.project.as_ref().map(LitStr::value);
    let mut config = match &file {
        Some((path, place)) => config::load(&crate::files::from_here(path), project.as_deref())
            .map_err(|diagnostics| errors::problems(&diagnostics, |_| *place))?,
        None => Config { root: crate::files::from_here(&surroundings.crate_root), ..Config::default() },
    };
    // Code in a module is one file, unless it replaces the output of `generate`.
    let folder = config.generate.output.take().filter(|_| arguments.documents.is_empty());
    config.generate.output = Some(match &arguments.output {
        Some(output) => PathBuf::from(output.value()),
        None => folder.unwrap_or_else(|| PathBuf::from("graphwright.rs")),
    });
    let mut problems = Vec::new();
    for setting in &arguments.settings {
        match config.set(&setting.key.to_string(), setting.value.clone()) {
            // Paths in an attribute are relative to the crate.
            Ok(()) if setting.key == "client_schema" => {
                let from_root = |path: &String| from_folder(&config.root, &surroundings.crate_root, path);
                config.client_schema = config.client_schema.iter().map(from_root).collect();
            }
            Ok(()) => {}
            Err(SetError::Unknown(known)) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                problems.push(unknown(&setting.key, &known));
            }
            Err(SetError::Value(message)) => {
                problems.push(Problem::new(setting.span, format!("`{}`: {message}", setting.key)));
            }
        }
    }
    if !arguments.schema.is_empty() {
        let schema =
            arguments.schema.iter().map(|path| from_folder(&config.root, &surroundings.crate_root, &path.value()));
        config.schema = schema.collect();
    }
    if config.schema.is_empty() && problems.is_empty() {
        let message = "missing schema\nhelp: add `schema = \"schema.graphql\"`, here or in a graphql.config.toml";
        problems.push(Problem::new(place, message));
    }
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

/// Returns constants that include every input, so that the compiler rebuilds the crate when one changes.
pub fn tracked(texts: &Texts, surroundings: &Surroundings) -> TokenStream {
    let Inputs { sources, schema, client_schema, documents, library, .. } = &texts.inputs;
    let way = crate::files::way(&surroundings.crate_root, &texts.config.root);
    let is_file = |id: &&SourceId| texts.literals.get(id).is_none_or(|literal| !is_text(&literal.value()));
    let all = schema.iter().chain(client_schema).chain(documents).chain(library);
    let files = all.filter(is_file).map(|id| way.join(sources.name(*id)));
    let config = texts.config.file.iter().filter_map(|file| file.path.file_name()).map(|name| way.join(name));
    let files = files.chain(config).map(|file| {
        let path = format!("/{}", file.to_string_lossy().replace('\\', "/"));
        quote!(
            const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path));
        )
    });
    quote!(#(#files)*)
}
