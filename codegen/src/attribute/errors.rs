//! Mistakes as the compiler's errors, and what stands in for code that could not be made.

use super::inputs::Texts;
use crate::diagnostic::{Diagnostics, Severity, render};
use crate::document::Documents;
use crate::ir::Module;
use crate::render::ident;
use crate::rust_name::{field_name, type_name};
use apollo_compiler::ast::Definition;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::BTreeSet;

/// Something wrong, at a place of the user's Rust.
#[derive(Debug)]
pub struct Problem {
    span: Span,
    message: String,
}

impl Problem {
    /// Something wrong.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    /// `compile_error!`
    pub fn into_tokens(self) -> TokenStream {
        let message = self.message;
        quote_spanned!(self.span=> ::core::compile_error! { #message })
    }
}

impl From<syn::Error> for Problem {
    fn from(error: syn::Error) -> Self {
        Self::new(error.span(), error.to_string())
    }
}

/// The errors among diagnostics; `place` is where in the Rust code each of them is shown.
pub fn problems(diagnostics: &Diagnostics, place: impl Fn(&crate::diagnostic::Diagnostic) -> Span) -> Vec<Problem> {
    let errors = diagnostics.list.iter().filter(|one| one.severity == Severity::Error);
    errors
        .map(|error| {
            let one = Diagnostics::single(diagnostics.sources.clone(), error.clone());
            let text = render::plain(&one);
            // The compiler says "error" itself.
            let text = text.strip_prefix(&format!("error[{}]: ", error.code)).unwrap_or(&text).to_owned();
            Problem::new(place(error), text)
        })
        .collect()
}

/// Stand-ins for the operations and fragments that nothing could be generated of, so that the rest of
/// the crate has no errors of its own about missing names.
pub fn stubs(texts: &Texts, rest: &Module) -> TokenStream {
    let (documents, _) = Documents::parse(&texts.inputs.sources, &texts.inputs.documents, &[]);
    let definitions = documents.files.iter().flat_map(|file| &file.ast.definitions);
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
    // Where some fragments could be made, the module is there already.
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
