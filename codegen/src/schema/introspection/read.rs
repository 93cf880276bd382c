//! JSON text in, an introspection answer out (specification 4.2, Schema Introspection).

use super::sayable;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span, offset};
use serde::Deserialize;

/// `__schema`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Introspection {
    /// Description of the whole schema (October 2021).
    #[serde(default)]
    pub description: Option<String>,
    /// The root type of queries.
    pub query_type: Named,
    /// The root type of mutations.
    #[serde(default)]
    pub mutation_type: Option<Named>,
    /// The root type of subscriptions.
    #[serde(default)]
    pub subscription_type: Option<Named>,
    /// Every type, built-in ones included.
    pub types: Vec<TypeDefinition>,
    /// Every directive, built-in ones included.
    #[serde(default)]
    pub directives: Vec<Directive>,
    /// The parts of the result that SDL cannot express, each as a sentence; they are left out of the rest.
    #[serde(skip)]
    pub left_out: Vec<String>,
}

/// Anything of which only the name counts.
#[derive(Debug, Clone, Deserialize, PartialEq)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// `__Type` of a named type.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct TypeDefinition {
    /// `OBJECT`, `SCALAR`, and so on.
    pub kind: String,
    /// The name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Where a scalar is specified.
    #[serde(default, rename = "specifiedByURL")]
    pub specified_by_url: Option<String>,
    /// True for an input object of which exactly one field is given (September 2025).
    #[serde(default)]
    pub is_one_of: Option<bool>,
    /// Fields of an object or interface.
    #[serde(default)]
    pub fields: Option<Vec<Field>>,
    /// Fields of an input object.
    #[serde(default)]
    pub input_fields: Option<Vec<InputValue>>,
    /// Interfaces of an object or interface.
    #[serde(default)]
    pub interfaces: Option<Vec<Named>>,
    /// Values of an enum.
    #[serde(default)]
    pub enum_values: Option<Vec<EnumValue>>,
    /// Members of a union, implementers of an interface.
    #[serde(default)]
    pub possible_types: Option<Vec<Named>>,
}

/// `__Field`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<InputValue>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeReference,
    /// True if it should no longer be used.
    #[serde(default)]
    pub is_deprecated: bool,
    /// Why.
    #[serde(default)]
    pub deprecation_reason: Option<String>,
}

/// `__InputValue`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct InputValue {
    /// The name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeReference,
    /// The default value, as a GraphQL literal.
    #[serde(default)]
    pub default_value: Option<String>,
    /// True if it should no longer be used.
    #[serde(default)]
    pub is_deprecated: bool,
    /// Why.
    #[serde(default)]
    pub deprecation_reason: Option<String>,
}

/// `__EnumValue`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct EnumValue {
    /// The name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// True if it should no longer be used.
    #[serde(default)]
    pub is_deprecated: bool,
    /// Why.
    #[serde(default)]
    pub deprecation_reason: Option<String>,
}

/// `__Directive`
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Directive {
    /// The name, without `@`.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// True if it is repeatable.
    #[serde(default)]
    pub is_repeatable: Option<bool>,
    /// The locations that it is allowed on.
    #[serde(default)]
    pub locations: Vec<String>,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<InputValue>,
}

/// `__Type` in the place of a type reference.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct TypeReference {
    /// `LIST`, `NON_NULL`, or the kind of the named type.
    pub kind: String,
    /// The name of a named type.
    #[serde(default)]
    pub name: Option<String>,
    /// What a list or a non-null type wraps.
    #[serde(default)]
    pub of_type: Option<Box<TypeReference>>,
}

/// The answer with or without the envelope of a GraphQL response.
#[derive(Deserialize)]
struct Envelope {
    data: Option<Bare>,
    #[serde(rename = "__schema")]
    schema: Option<Introspection>,
    errors: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Bare {
    #[serde(rename = "__schema")]
    schema: Option<Introspection>,
}

/// Why a text is not an introspection answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It is not JSON, or not of the shape of an introspection answer.
    Json(serde_json::Error),
    /// A GraphQL response without data, with the text of its errors.
    Errors(String),
    /// JSON without `__schema`.
    NoSchema,
}

impl Error {
    /// The error as a finding in the text that was read.
    pub fn diagnostic(&self, source: SourceId, text: &str) -> Diagnostic {
        let at = match self {
            Self::Json(error) => offset(text, error.line(), error.column()),
            _ => 0,
        };
        let diagnostic = Diagnostic::error(Code::INTROSPECTION, self.to_string());
        diagnostic
            .at(Some(Span::new(source, at..at)), "")
            .help("an introspection answer is a JSON object with `__schema`, bare or inside `data`")
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(error) => {
                let text = error.to_string();
                let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
                write!(f, "not an introspection answer: {message}")
            }
            Self::Errors(errors) => write!(f, "the server answered with errors instead of a schema: {errors}"),
            Self::NoSchema => f.write_str("not an introspection answer: there is no `__schema`"),
        }
    }
}

impl std::error::Error for Error {}

/// Reads an introspection answer, bare or wrapped in `data`.
///
/// # Errors
/// See [`Error`].
pub fn read(text: &str) -> Result<Introspection, Error> {
    let envelope: Envelope = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(Error::Json)?;
    if let Some(mut schema) = envelope.schema.or(envelope.data.and_then(|data| data.schema)) {
        sayable::reduce(&mut schema);
        return Ok(schema);
    }
    match envelope.errors {
        Some(errors) => Err(Error::Errors(messages(&errors))),
        None => Err(Error::NoSchema),
    }
}

fn messages(errors: &serde_json::Value) -> String {
    let list = errors.as_array().into_iter().flatten();
    let messages: Vec<&str> = list.filter_map(|error| error.get("message")?.as_str()).collect();
    if messages.is_empty() { errors.to_string() } else { messages.join("; ") }
}
