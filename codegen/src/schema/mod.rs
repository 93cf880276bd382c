//! Schema texts in, one [`Schema`] out.
//!
//! Published schemas break the specification, so loading is tolerant: what does not
//! touch the user's operations becomes a warning with its position. Only a text that
//! is not GraphQL (or not an introspection answer) stops the load.

pub mod introspection;
mod types;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, has_errors};
use crate::source::{SourceId, Sources, Span};
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::{FileId, Parser, SourceSpan};
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Node, name};
use std::collections::{HashMap, HashSet};

pub use types::{TypeSet, Types};

/// `@oneOf` is part of the September 2025 specification and unknown to apollo-compiler 1.33.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

/// A schema, with what is asked of it over and over already computed.
#[derive(Debug)]
pub struct Schema {
    definitions: Valid<apollo_compiler::Schema>,
    /// Possible types of every composite type.
    pub types: Types,
    /// Defects that did not stop the load.
    pub warnings: Vec<Diagnostic>,
    /// Directives that only the client knows.
    pub client_directives: HashSet<String>,
}

/// Which of our texts a file of the parser is.
#[derive(Debug, Default, Clone)]
pub struct Files(HashMap<FileId, SourceId>);

impl Files {
    /// Remembers the text of a parsed document.
    pub fn record(&mut self, document: &Document, source: SourceId) {
        self.0.extend(document.sources.keys().map(|file| (*file, source)));
    }

    /// A place of the parser as a place in our texts; built-in definitions have none.
    pub fn span(&self, location: Option<SourceSpan>) -> Option<Span> {
        let location = location?;
        let source = *self.0.get(&location.file_id())?;
        Some(Span { source, start: location.offset(), end: location.end_offset() })
    }
}

impl Schema {
    /// Loads a schema from texts that are already in memory.
    ///
    /// A text whose first character is `{` is introspection JSON, any other is SDL; several
    /// texts make one schema. `client_directives` is more SDL for directives that only the
    /// client knows. Places of warnings and errors point into `sources`.
    ///
    /// # Errors
    /// Syntax errors, JSON that is not an introspection answer, or no text at all.
    pub fn load(sources: &mut Sources, texts: &[SourceId], client_directives: &str) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut documents = Vec::new();
        let mut left_out = Vec::new();
        for &text in texts {
            match sdl(sources, text) {
                Ok((text, mut warnings)) => {
                    documents.push(text);
                    left_out.append(&mut warnings);
                }
                Err(diagnostic) => problems.push(diagnostic),
            }
        }
        let client =
            (!client_directives.trim().is_empty()).then(|| sources.add("client_directives", client_directives));
        documents.extend(client);
        let mut files = Files::default();
        let mut parsed = Vec::new();
        for text in documents {
            let (document, mut errors) = parse(sources, text, &mut files);
            problems.append(&mut errors);
            parsed.push(document);
        }
        if has_errors(&problems) {
            return Err(problems);
        }
        let mut schema = Self::build(&parsed, &files);
        schema.warnings.append(&mut left_out);
        if client.is_some() {
            let definitions = parsed.last().map(|document| document.definitions.as_slice()).unwrap_or_default();
            let directives = definitions.iter().filter_map(Definition::as_directive_definition);
            schema.client_directives = directives.map(|directive| directive.name.to_string()).collect();
        }
        Ok(schema)
    }

    fn build(documents: &[Document], files: &Files) -> Self {
        let mut builder = apollo_compiler::Schema::builder().adopt_orphan_extensions().ignore_builtin_redefinitions();
        if !documents.iter().any(defines_one_of) {
            builder = builder.parse(ONE_OF, "built in");
        }
        for document in documents {
            builder = builder.add_ast(document);
        }
        let mut warnings = Vec::new();
        let schema = builder.build().unwrap_or_else(|found| {
            warnings.extend(warnings_from(&found.errors, files));
            found.partial
        });
        let schema = schema.validate().map(Valid::into_inner).unwrap_or_else(|found| {
            warnings.extend(warnings_from(&found.errors, files));
            found.partial
        });
        let schema = with_is_one_of(schema);
        Self {
            types: Types::new(&schema),
            definitions: Valid::assume_valid(schema),
            warnings,
            client_directives: HashSet::new(),
        }
    }

    /// The definitions, as apollo-compiler keeps them.
    pub fn definitions(&self) -> &Valid<apollo_compiler::Schema> {
        &self.definitions
    }

    /// The definition of a field, meta-fields included.
    pub fn field(&self, parent: &str, field: &str) -> Option<&Node<FieldDefinition>> {
        self.definitions.type_field(parent, field).ok().map(|component| &component.node)
    }

    /// True if values of the type have selection sets.
    pub fn is_composite(&self, name: &str) -> bool {
        use ExtendedType::{Interface, Object, Union};
        matches!(self.definitions.types.get(name), Some(Object(_) | Interface(_) | Union(_)))
    }

    /// True if a type is marked as exactly-one-of.
    pub fn is_one_of(&self, input: &str) -> bool {
        self.definitions.get_input_object(input).is_some_and(|input| input.directives.has("oneOf"))
    }
}

/// Loads a schema for a caller that wants a [`Diagnostics`] on failure.
///
/// # Errors
/// See [`Schema::load`].
pub fn load(mut sources: Sources, texts: &[SourceId]) -> Result<(Schema, Sources), Diagnostics> {
    match Schema::load(&mut sources, texts, "") {
        Ok(schema) => Ok((schema, sources)),
        Err(list) => Err(Diagnostics::new(sources, list)),
    }
}

/// The SDL of a text: itself, or what its introspection answer says, with what it could not say.
fn sdl(sources: &mut Sources, text: SourceId) -> Result<(SourceId, Vec<Diagnostic>), Diagnostic> {
    let content = sources.text(text).clone();
    if !content.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return Ok((text, Vec::new()));
    }
    let answer = introspection::read(&content).map_err(|error| error.diagnostic(text, &content))?;
    let name = format!("{} (as SDL)", sources.name(text));
    let warnings = answer.left_out.iter().map(|message| {
        Diagnostic::warning("schema", message.as_str()).at(Some(Span::new(text, 0..0)), "").help("it is left out")
    });
    let warnings = warnings.collect();
    Ok((sources.add(name, introspection::to_sdl(&answer, introspection::Order::Server)), warnings))
}

fn parse(sources: &Sources, text: SourceId, files: &mut Files) -> (Document, Vec<Diagnostic>) {
    let content = sources.text(text);
    let plain = content.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let (document, errors) = match Parser::new().parse_ast(plain.as_deref().unwrap_or(content), sources.name(text)) {
        Ok(document) => (document, None),
        Err(found) => (found.partial, Some(found.errors)),
    };
    files.record(&document, text);
    (document.clone(), errors.map(|errors| syntax_errors(&errors, files)).unwrap_or_default())
}

/// The first syntax errors of a text: those that follow from them help nobody.
pub(crate) fn syntax_errors(errors: &DiagnosticList, files: &Files) -> Vec<Diagnostic> {
    const MOST: usize = 5;
    let first = errors.iter().take(MOST).map(|error| {
        Diagnostic::error("syntax", crate::document::message_of(&error.error.to_string()))
            .at(files.span(error.error.location()), "")
    });
    let mut list: Vec<Diagnostic> = first.collect();
    if errors.len() > MOST
        && let Some(last) = list.last_mut()
    {
        last.note = Some(format!("{} more syntax errors in this text are not shown", errors.len() - MOST));
    }
    list
}

fn defines_one_of(document: &Document) -> bool {
    document.definitions.iter().any(|definition| match definition {
        Definition::DirectiveDefinition(directive) => directive.name == "oneOf",
        _ => false,
    })
}

fn warnings_from(errors: &DiagnosticList, files: &Files) -> Vec<Diagnostic> {
    errors
        .iter()
        .map(|error| {
            let mut diagnostic = Diagnostic::error("schema", crate::document::message_of(&error.error.to_string()))
                .at(files.span(error.error.location()), "");
            diagnostic.severity = Severity::Warning;
            diagnostic
        })
        .collect()
}

/// Adds `__Type.isOneOf` (September 2025), which apollo-compiler 1.33 does not know.
fn with_is_one_of(mut schema: apollo_compiler::Schema) -> apollo_compiler::Schema {
    if let Some(ExtendedType::Object(object)) = schema.types.get_mut("__Type") {
        let definition = FieldDefinition {
            description: None,
            name: name!("isOneOf"),
            arguments: Vec::new(),
            ty: apollo_compiler::ty!(Boolean),
            directives: Default::default(),
        };
        object.make_mut().fields.entry(name!("isOneOf")).or_insert_with(|| Component::new(definition));
    }
    schema
}
