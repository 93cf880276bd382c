//! The attribute macros, as functions from tokens to tokens.
//!
//! The input is an attribute's arguments and the item below it. The output is the item with generated code in it or
//! beside it, and code that makes the compiler rebuild the crate when an input changes; or a `compile_error!` for
//! each error at its span, and stubs that avoid errors in the rest of the crate. The macro crate only wraps these
//! functions: it depends on the compiler, this module does not.

mod arguments;
mod errors;
mod inputs;
mod item;

use crate::compile::{compile, compile_rest};
use crate::output;
use crate::rust_name::field_name;
use crate::source::Position;
use arguments::Arguments;
use errors::{Problem, stubs};
use inputs::{Texts, tracked};
use item::{Module, Struct};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use std::path::PathBuf;
use syn::ext::IdentExt;

/// Information that only the compiler has.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The folder of the user's `Cargo.toml`: paths in attributes are relative to it.
    pub crate_root: PathBuf,
    /// Returns the file of a token and its position there.
    pub locate: fn(Span) -> Option<(String, Position)>,
}

/// `#[operations("graphql/customers.graphql")] mod customers {}`: generated code in a module.
pub fn operations(arguments: TokenStream, item: TokenStream, surroundings: &Surroundings) -> TokenStream {
    let module = match Module::parse(item.clone()) {
        Ok(module) => module,
        Err(problem) => return with(vec![problem], item),
    };
    let arguments = match Arguments::parse(arguments) {
        Ok(arguments) => arguments,
        Err(problems) => return with(problems, module.with(TokenStream::new())),
    };
    match expand(&arguments, surroundings, |_| {}) {
        Ok(Expanded { problems, tokens, .. }) => with(problems, module.with(tokens)),
        Err(problems) => with(problems, module.with(TokenStream::new())),
    }
}

/// `#[operation(r#"query Me { me { name } }"#)] pub struct Me;`: the struct is the operation.
pub fn operation(arguments: TokenStream, item: TokenStream, surroundings: &Surroundings) -> TokenStream {
    let item = match Struct::parse(item.clone()) {
        Ok(item) => item,
        Err(problem) => return with(vec![problem], item),
    };
    let plain = field_name(&item.name.unraw().to_string());
    if item.name.unraw() == plain.as_str() {
        let message =
            format!("the module `{plain}` contains the types of the data; name the struct in upper camel case");
        return with(vec![Problem::new(item.name.span(), message)], TokenStream::new());
    }
    let arguments = match Arguments::parse(arguments).and_then(|arguments| arguments.one_operation(&item.name)) {
        Ok(arguments) => arguments,
        Err(problems) => return with(problems, item.original),
    };
    let expanded = expand(&arguments, surroundings, |texts| texts.name_operation(&item.name));
    let Expanded { problems, tokens, shared } = match expanded {
        Ok(expanded) => expanded,
        Err(problems) => return with(problems, item.original),
    };
    let (attributes, visibility, name) = (&item.attributes, &item.visibility, &item.name);
    let (module, hidden) = (crate::render::ident(&plain), format_ident!("__{plain}"));
    let shared = shared.iter().map(|name| format_ident!("{name}"));
    with(
        problems,
        quote! {
            #[doc(hidden)]
            mod #hidden { #tokens }
            #(#attributes)*
            #visibility use self::#hidden::#name;
            #[doc = " The types of the operation's data; `types` and `fragments` contain all others."]
            #visibility mod #module {
                pub use super::#hidden::#module::*;
                #(pub use super::#hidden::#shared;)*
            }
        },
    )
}

fn with(problems: Vec<Problem>, tokens: TokenStream) -> TokenStream {
    let problems = problems.into_iter().map(Problem::into_tokens);
    quote!(#(#problems)* #tokens)
}

/// The expansion of an attribute.
struct Expanded {
    problems: Vec<Problem>,
    tokens: TokenStream,
    /// The modules shared by operations, if there are any.
    shared: Vec<&'static str>,
}

/// Generates code; for invalid documents, the code of the valid parts.
///
/// # Errors
/// The documents cannot be read.
fn expand(
    arguments: &Arguments,
    surroundings: &Surroundings,
    adjust: impl FnOnce(&mut Texts),
) -> Result<Expanded, Vec<Problem>> {
    let mut texts = Texts::read(arguments, surroundings)?;
    adjust(&mut texts);
    let tracked = tracked(&texts, surroundings);
    let (problems, tokens, shared) = match compile(&texts.config, texts.inputs.clone()) {
        Ok(compiled) => {
            let module = &compiled.module;
            let has = [(output::has_types(module), "types"), (!module.fragments.is_empty(), "fragments")];
            let shared = has.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect();
            let tokens = output::nested_tokens(module, &texts.config);
            (texts.warnings(compiled.warnings), tokens, shared)
        }
        Err(diagnostics) => {
            let rest = compile_rest(&texts.config, &texts.inputs).unwrap_or_default();
            let (tokens, stubs) = (output::nested_tokens(&rest, &texts.config), stubs(&texts, &rest));
            (texts.problems(&diagnostics), quote!(#tokens #stubs), vec!["types", "fragments"])
        }
    };
    Ok(Expanded { problems, tokens: quote!(#tokens #tracked), shared })
}
