//! Errors and warnings for the compiler, and stubs for code that could not be generated.

use super::inputs::Texts;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, render};
use crate::ir::Module;
use crate::query::Documents;
use crate::render::ident;
use crate::rust_name::{field_name, type_name};
use crate::source::SourceId;
use apollo_compiler::ast::Definition;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

/// An error or a warning at a span of the user's Rust code.
#[derive(Debug)]
pub struct Problem {
    span: Span,
    message: String,
    level: Level,
}

/// Whether compilation fails.
#[derive(Debug, Clone, Copy)]
enum Level {
    Error,
    Warning,
}

impl Problem {
    /// Creates an error.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), level: Level::Error }
    }

    fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), level: Level::Warning }
    }

    /// Returns `compile_error!`, or for a warning, a use of a deprecated item, since stable Rust has no other warnings.
    pub fn into_tokens(self) -> TokenStream {
        let message = self.message;
        match self.level {
            Level::Error => quote_spanned!(self.span=> ::core::compile_error! { #message }),
            Level::Warning => quote_spanned! {self.span=>
                const _: () = {
                    #[deprecated(note = #message)]
                    const GRAPHQL: () = ();
                    GRAPHQL
                };
            },
        }
    }
}

impl From<syn::Error> for Problem {
    fn from(error: syn::Error) -> Self {
        Self::new(error.span(), error.to_string())
    }
}

/// Returns the errors among diagnostics; `place` returns the span at which each of them is shown.
pub fn problems(diagnostics: &Diagnostics, place: impl Fn(&Diagnostic) -> Span) -> Vec<Problem> {
    let errors = diagnostics.list.iter().filter(|one| one.severity == Severity::Error);
    errors.map(|error| Problem::new(place(error), text(diagnostics, error))).collect()
}

/// Returns the warnings about some texts, at most a few of them, and the number of the others.
pub fn warnings(
    mut diagnostics: Diagnostics,
    about: &[SourceId],
    place: impl Fn(Option<&Diagnostic>) -> Span,
) -> Vec<Problem> {
    let is_about = |one: &Diagnostic| one.primary.as_ref().is_some_and(|label| about.contains(&label.span.source));
    diagnostics.list.retain(|one| one.severity == Severity::Warning && is_about(one));
    let (foremost, more) = diagnostics.foremost();
    let mut problems: Vec<Problem> =
        foremost.list.iter().map(|one| Problem::warning(place(Some(one)), text(&foremost, one))).collect();
    problems.extend(more.map(|more| Problem::warning(place(None), more)));
    problems
}

/// Returns a diagnostic without its severity, which the compiler adds.
fn text(diagnostics: &Diagnostics, one: &Diagnostic) -> String {
    let text = render::plain(&Diagnostics::single(diagnostics.sources.clone(), one.clone()));
    text.strip_prefix(&format!("{}[{}]: ", one.severity.name(), one.code)).unwrap_or(&text).to_owned()
}

/// Returns stubs for the operations and fragments that could not be generated, so that the rest of
/// the crate has no errors about missing names.
pub fn stubs(texts: &Texts, rest: &Module) -> TokenStream {
    let (documents, _) = Documents::parse(&texts.inputs.sources, &texts.inputs.documents, &[]);
    let definitions = documents.files().flat_map(|(_, file)| &file.ast.definitions);
    let (mut operations, mut fragments) = (BTreeSet::new(), BTreeSet::new());
    for definition in definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let name = operation.name.as_ref().map(|name| texts.rust_name(name));
                operations.extend(name.or_else(|| texts.config.unnamed.clone()));
            }
            Definition::FragmentDefinition(fragment) => {
                fragments.insert(type_name(&fragment.name));
            }
            _ => {}
        }
    }
    for operation in rest.documents.iter().flat_map(|document| &document.operations) {
        operations.remove(&operation.data.name);
    }
    let operations = operations.iter().map(|name| {
        let (module, name) = (ident(&field_name(name)), ident(name));
        quote! {
            pub struct #name;
            impl #name { pub fn new() -> Self { Self } }
            pub mod #module { pub struct Data; }
        }
    });
    // If some fragments could be generated, the module already exists.
    let fragments = rest.fragments.is_empty().then(|| {
        let fragments = fragments.iter().map(|name| ident(name));
        quote! {
            pub mod fragments { #(pub struct #fragments;)* }
        }
    });
    let types = (rest.enums.is_empty() && rest.inputs.is_empty() && rest.scalars.is_empty()).then(|| {
        quote! {
            pub mod types {}
        }
    });
    quote!(#(#operations)* #fragments #types)
}
