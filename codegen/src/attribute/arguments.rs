//! The arguments of an attribute: documents, then settings.

use super::errors::Problem;
use crate::diagnostic::did_you_mean;
use crate::syntax::{is_text, outline};
use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Lit, LitStr, Token, braced, bracketed};

/// Parsed arguments.
#[derive(Default)]
pub struct Arguments {
    /// Paths, globs, folders, or the text of documents.
    pub documents: Vec<LitStr>,
    /// The configuration file.
    pub config: Option<LitStr>,
    /// The project of the configuration.
    pub project: Option<LitStr>,
    /// Schema files.
    pub schema: Vec<LitStr>,
    /// The output of `generate` with the same code; only its form matters here.
    pub output: Option<LitStr>,
    /// The other settings, which override the configuration.
    pub settings: Vec<Setting>,
}

/// `derives = ["Eq"]`
pub struct Setting {
    /// The key.
    pub key: Ident,
    /// The value, as in a configuration file.
    pub value: toml::Value,
    /// The span of the value.
    pub span: Span,
}

impl Arguments {
    /// Parses arguments.
    ///
    /// # Errors
    /// The invalid arguments.
    pub fn parse(tokens: TokenStream) -> Result<Self, Vec<Problem>> {
        let parser = Punctuated::<Argument, Token![,]>::parse_terminated;
        let all = syn::parse::Parser::parse2(parser, tokens).map_err(|error| vec![Problem::from(error)])?;
        let (mut arguments, mut problems) = (Self::default(), Vec::new());
        for argument in all {
            arguments.add(argument, &mut problems);
        }
        if let (Some(output), [_, ..]) = (&arguments.output, arguments.documents.as_slice()) {
            let message = "`output` applies to all configured documents and cannot be combined with other arguments";
            problems.push(Problem::new(output.span(), message));
        }
        if problems.is_empty() { Ok(arguments) } else { Err(problems) }
    }

    fn add(&mut self, argument: Argument, problems: &mut Vec<Problem>) {
        let (key, value, span) = match argument {
            Argument::Document(document) => return self.documents.push(document),
            Argument::Setting(key, value, span) => (key, value, span),
        };
        let name = key.to_string();
        let expected = match (name.as_str(), &value) {
            ("config", Value::Text(text)) => return once(&mut self.config, &key, text, problems),
            ("project", Value::Text(text)) => return once(&mut self.project, &key, text, problems),
            ("schema", Value::Text(text)) => return self.schema.push(text.clone()),
            ("schema", Value::List(items)) => {
                for item in items {
                    match item {
                        Value::Text(text) => self.schema.push(text.clone()),
                        _ => problems.push(Problem::new(span, "invalid `schema`; expected a path or a list of paths")),
                    }
                }
                return;
            }
            ("config", _) => {
                "invalid `config`; expected the path of a configuration file: `config = \"graphql.config.toml\"`"
            }
            ("project", _) => "invalid `project`; expected the name of a project: `project = \"api\"`",
            ("schema", _) => "invalid `schema`; expected a path or a list of paths: `schema = \"schema.graphql\"`",
            ("documents" | "operations", _) => {
                "documents come first and have no key: `operations(\"graphql/*.graphql\")`"
            }
            ("output", Value::Text(text)) => return once(&mut self.output, &key, text, problems),
            ("output", _) => {
                "invalid `output`; expected the output path of `graphwright generate`: `output = \"src/api\"`"
            }
            _ => return self.settings.push(Setting { key, value: value.into_toml(), span }),
        };
        problems.push(Problem::new(key.span(), expected));
    }

    /// Returns the arguments of a struct: one document as text.
    ///
    /// # Errors
    /// There is no document, there are several, or it is a path.
    pub fn one_operation(self, name: &Ident) -> Result<Self, Vec<Problem>> {
        match self.documents.as_slice() {
            [only] if is_text(&only.value()) => {
                let text = only.value();
                let definitions = outline(&text).definitions;
                let message = match definitions.iter().filter(|one| one.kind.is_operation()).count() {
                    0 if !definitions.is_empty() => {
                        "this document has no operation, only fragments; the struct requires an operation"
                    }
                    0 | 1 => return Ok(self),
                    _ => "a struct takes one operation; for several, use `operations(…)` on a module",
                };
                Err(vec![Problem::new(only.span(), message)])
            }
            [] => {
                let message = format!("missing operation; expected `operation(\"query {name} {{ … }}\")`");
                Err(vec![Problem::new(name.span(), message)])
            }
            [only] => Err(vec![Problem::new(
                only.span(),
                "a struct takes the text of its operation; for files, use `operations(…)` on a module",
            )]),
            [_, second, ..] => Err(vec![Problem::new(second.span(), "a struct takes one operation")]),
        }
    }
}

fn once(place: &mut Option<LitStr>, key: &Ident, text: &LitStr, problems: &mut Vec<Problem>) {
    if place.replace(text.clone()).is_some() {
        problems.push(Problem::new(key.span(), format!("duplicate argument `{key}`")));
    }
}

/// Returns the error for an unknown key; `known` are the known keys.
pub fn unknown(key: &Ident, known: &[&str]) -> Problem {
    let name = key.to_string();
    let ours = ["config", "project", "schema"];
    let known: Vec<&str> = ours.iter().chain(known).copied().collect();
    let help = did_you_mean(&name, known.iter().copied()).unwrap_or(format!("expected one of {}", known.join(", ")));
    Problem::new(key.span(), format!("unknown argument `{name}`\nhelp: {help}"))
}

enum Argument {
    Document(LitStr),
    Setting(Ident, Value, Span),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Document);
        }
        if !input.peek(syn::Ident) {
            return Err(input.error("expected a document (\"graphql/*.graphql\") or an argument (`schema = \"…\"`)"));
        }
        let key: Ident = input.parse()?;
        if !input.peek(Token![=]) {
            return Err(syn::Error::new(key.span(), format!("expected `{key} = …` or a document in quotes")));
        }
        input.parse::<Token![=]>()?;
        let span = input.span();
        Ok(Self::Setting(key, input.parse()?, span))
    }
}

enum Value {
    Text(LitStr),
    Bool(bool),
    Number(i64),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::token::Bracket) {
            let items;
            bracketed!(items in input);
            let items = Punctuated::<Value, Token![,]>::parse_terminated(&items)?;
            return Ok(Self::List(items.into_iter().collect()));
        }
        if input.peek(syn::token::Brace) {
            let entries;
            braced!(entries in input);
            let entries = Punctuated::<Entry, Token![,]>::parse_terminated(&entries)?;
            return Ok(Self::Table(entries.into_iter().map(|entry| (entry.key, entry.value)).collect()));
        }
        match input.parse::<Lit>() {
            Ok(Lit::Str(text)) => Ok(Self::Text(text)),
            Ok(Lit::Bool(value)) => Ok(Self::Bool(value.value)),
            Ok(Lit::Int(number)) => number.base10_parse().map(Self::Number),
            Ok(other) => Err(syn::Error::new(other.span(), EXPECTED)),
            Err(error) => Err(syn::Error::new(error.span(), EXPECTED)),
        }
    }
}

const EXPECTED: &str = "expected a string (\"…\"), a list ([\"…\"]) or a table ({ Name = \"…\" })";

/// `DateTime = "jiff::Timestamp"`
struct Entry {
    key: String,
    value: Value,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = if input.peek(LitStr) {
            input.parse::<LitStr>()?.value()
        } else {
            input.call(<Ident as syn::ext::IdentExt>::parse_any)?.to_string()
        };
        input.parse::<Token![=]>()?;
        Ok(Self { key, value: input.parse()? })
    }
}

impl Value {
    fn into_toml(self) -> toml::Value {
        match self {
            Self::Text(text) => toml::Value::String(text.value()),
            Self::Bool(value) => toml::Value::Boolean(value),
            Self::Number(number) => toml::Value::Integer(number),
            Self::List(items) => toml::Value::Array(items.into_iter().map(Value::into_toml).collect()),
            Self::Table(entries) => {
                toml::Value::Table(entries.into_iter().map(|(key, value)| (key, value.into_toml())).collect())
            }
        }
    }
}
