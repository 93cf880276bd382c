//! Renders a [`Module`] as tokens, independent of GraphQL.
//!
//! The output has three parts, which [`crate::output`] puts into files: `types` (enums,
//! inputs, scalars), `fragments`, and one module for each document. Inside them:
//!
//! ```text
//! types::{Role, CustomerInput, DateTime}
//! fragments::{Contact, contact::{…}}
//! <document>::{ListCustomers, list_customers::{Data, Customers, …}}
//! ```
//!
//! References between modules use `super`, since the position of the output in the user's crate is unknown;
//! all other paths are absolute.

mod answers;
mod coding;
mod docs;
mod input;
mod markdown;
mod operation;
mod selection;

use crate::config::Visibility;
use crate::ir::{Definition, Fragment, FragmentId, Leaf, Module, ShapeId, ShapePath, ShapeRef, Ty};
use crate::rust_name::is_keyword;
pub use docs::docs;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The parts of the output.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Enums, inputs and scalars.
    pub types: TokenStream,
    /// Fragments.
    pub fragments: TokenStream,
    /// The operations of each document, in the order of [`Module::documents`].
    pub documents: Vec<TokenStream>,
}

/// The nesting of the output, which determines how its parts refer to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// Every document is a module beside `types` and `fragments`, or below one.
    Modules,
    /// The operations are beside the modules `types` and `fragments`, in a file of their own.
    File,
    /// The same, inside of other code.
    Flat,
}

/// One part of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Enums, inputs and scalars.
    Types,
    /// Fragments.
    Fragments,
    /// The operations of a document, by its index in [`Module::documents`].
    Document(usize),
}

/// Renders everything.
pub fn render(module: &Module, runtime: &str, nesting: Nesting) -> Rendered {
    let part = |part| render_part(module, runtime, nesting, part);
    Rendered {
        types: part(Part::Types),
        fragments: part(Part::Fragments),
        documents: (0..module.documents.len()).map(|index| part(Part::Document(index))).collect(),
    }
}

/// Renders the fragments one by one, since the tokens of many fragments take much memory.
pub fn render_fragments<'m>(module: &'m Module, runtime: &str) -> impl Iterator<Item = TokenStream> + use<'m> {
    let renderer = Renderer::new(module, runtime, 1);
    module.fragments.iter().map(move |fragment| renderer.fragment_module(fragment))
}

/// Renders one part.
pub fn render_part(module: &Module, runtime: &str, nesting: Nesting, part: Part) -> TokenStream {
    let at = |depth| Renderer::new(module, runtime, depth);
    match (part, nesting) {
        (Part::Types, _) => Renderer { types: TokenStream::new(), ..at(1) }.types(),
        (Part::Fragments, _) => at(1).fragments(),
        (Part::Document(index), Nesting::Modules) => {
            let document = &module.documents[index];
            at(document.module.len()).document(document)
        }
        (Part::Document(index), Nesting::File) => at(0).document(&module.documents[index]),
        (Part::Document(index), Nesting::Flat) => {
            Renderer { quiet: quiet(), ..at(0) }.document(&module.documents[index])
        }
    }
}

/// The state shared by all rendering functions.
struct Renderer<'a> {
    module: &'a Module,
    /// Path of the runtime crate.
    runtime: TokenStream,
    /// The number of modules around the code, below the root of the output.
    depth: usize,
    /// The path to the module `types`; nothing in it.
    types: TokenStream,
    /// The attribute of top-level items, if no module around them has it.
    quiet: TokenStream,
}

impl<'a> Renderer<'a> {
    fn new(module: &'a Module, runtime: &str, depth: usize) -> Self {
        let runtime = runtime.parse().unwrap_or_else(|_| quote!(::graphwright));
        Self { module, runtime, depth, types: types_from(depth), quiet: TokenStream::new() }
    }

    /// Returns a renderer for code inside more modules.
    fn deeper(&self, by: usize) -> Renderer<'a> {
        Renderer {
            module: self.module,
            runtime: self.runtime.clone(),
            depth: self.depth + by,
            types: types_from(self.depth + by),
            quiet: TokenStream::new(),
        }
    }

    /// Returns the path to the root of the output.
    fn root(&self) -> TokenStream {
        root_from(self.depth)
    }

    /// Returns the type of a value, relative to the module of its definition or a deeper one.
    fn ty(&self, ty: &Ty, here: &Here<'_>) -> TokenStream {
        match ty {
            Ty::Nullable(inner) => {
                let inner = self.ty(inner, here);
                quote!(::core::option::Option<#inner>)
            }
            Ty::List(inner) => {
                let inner = self.ty(inner, here);
                quote!(::std::vec::Vec<#inner>)
            }
            Ty::Leaf(leaf) => self.leaf(leaf),
            Ty::Shape(ShapeRef::Local(shape)) => here.shape(*shape),
            Ty::Shape(ShapeRef::Fragment(fragment)) => self.fragment(*fragment),
        }
    }

    fn leaf(&self, leaf: &Leaf) -> TokenStream {
        let runtime = &self.runtime;
        match leaf {
            Leaf::Int => quote!(i32),
            Leaf::Float => quote!(f64),
            Leaf::String => quote!(::std::string::String),
            Leaf::Boolean => quote!(bool),
            Leaf::Id => quote!(#runtime::Id),
            Leaf::TypeName => quote!(#runtime::TypeName),
            Leaf::Rust(path) => path.parse().unwrap_or_else(|_| quote!(::std::string::String)),
            Leaf::Enum(name) | Leaf::Scalar(name) | Leaf::Input(name) => {
                let (types, name) = (&self.types, ident(self.module.type_name(name).unwrap_or(name)));
                quote!(#types #name)
            }
        }
    }

    /// Returns the path to a fragment's own type.
    fn fragment(&self, fragment: FragmentId) -> TokenStream {
        let root = self.root();
        let name = ident(&self.module.fragments[fragment].data.name);
        quote!(#root fragments::#name)
    }

    /// Returns the type of a shape, relative to the module of a definition.
    fn path(&self, path: ShapePath, here: &Here<'_>) -> TokenStream {
        match path {
            ShapePath::Here(shape) => here.shape(shape),
            ShapePath::Fragment(fragment, shape) => {
                let Fragment { root, data: definition, .. } = &self.module.fragments[fragment];
                if *root == shape {
                    return self.fragment(fragment);
                }
                let root = self.root();
                let (module, name) = (ident(&definition.module), ident(&definition.shapes[&shape].name));
                quote!(#root fragments::#module::#name)
            }
        }
    }
}

/// Returns the path from code inside of modules to the root of the output.
fn root_from(depth: usize) -> TokenStream {
    let up = (0..depth).map(|_| quote!(super::));
    if depth == 0 { quote!(self::) } else { quote!(#(#up)*) }
}

fn types_from(depth: usize) -> TokenStream {
    let root = root_from(depth);
    quote!(#root types::)
}

/// The definition whose shapes are being rendered, and the path to its module.
struct Here<'a> {
    definition: &'a Definition,
    /// Empty in the module itself, `super::` in one below.
    up: TokenStream,
}

impl Here<'_> {
    fn shape(&self, shape: ShapeId) -> TokenStream {
        self.named(&self.definition.shapes[&shape].name)
    }

    fn named(&self, name: &str) -> TokenStream {
        let (up, name) = (&self.up, ident(name));
        quote!(#up #name)
    }
}

/// Returns an identifier; keywords become raw identifiers.
pub fn ident(name: &str) -> Ident {
    if is_keyword(name) { Ident::new_raw(name, Span::call_site()) } else { Ident::new(name, Span::call_site()) }
}

/// Returns the visibility of an item.
pub fn visibility(visibility: Visibility) -> TokenStream {
    match visibility {
        Visibility::Public => quote!(pub),
        Visibility::Crate => quote!(pub(crate)),
    }
}

/// Returns the attributes of every module and top-level item: the output compiles under `deny(warnings)` anywhere,
/// and `cargo fmt` does not change it.
///
/// A lint that the user forbids by name cannot be allowed (E0453), so only unavoidable lints are allowed: those that
/// depend on the user's names and on the position of the code. `forbidden_lint_groups` makes exceptions for forbidden
/// groups. The condition of `cfg_attr` is never true, and rustfmt ignores it: under `no_implicit_prelude`, the compiler
/// would not find `rustfmt`.
pub fn quiet() -> TokenStream {
    quote! {
        #[cfg_attr(any(), rustfmt::skip)]
        #[allow(
            forbidden_lint_groups, warnings, missing_copy_implementations, unreachable_pub, unused_qualifications, clippy::all,
            clippy::pedantic
        )]
    }
}

/// [`quiet`] at the beginning of a file, for it and all modules below.
#[cfg(feature = "format")]
pub fn quiet_inside() -> TokenStream {
    quote! {
        #![cfg_attr(any(), rustfmt::skip)]
        #![allow(
            forbidden_lint_groups, warnings, missing_copy_implementations, unreachable_pub, unused_qualifications, clippy::all,
            clippy::pedantic
        )]
    }
}
