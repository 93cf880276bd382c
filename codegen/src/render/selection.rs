//! The public types of selection sets: structs, and enums for parts that depend on the type.

use super::docs::{deprecated, docs, docs_or};
use super::{Here, Renderer, ident};
use crate::ir::{
    Arms, ArmsPlace, Definition, Field, Fragment, Members, ON_FIELD, Payload, Shape, ShapeRef, Spread, TYPENAME_FIELD,
    Tag, Trait,
};
use indexmap::IndexSet;
use proc_macro2::TokenStream;
use quote::quote;

impl Renderer<'_> {
    /// Returns the module `fragments`.
    pub(super) fn fragments(&self) -> TokenStream {
        let fragments = self.module.fragments.iter().map(|fragment| self.fragment_module(fragment));
        quote!(#(#fragments)*)
    }

    /// Returns the module of a fragment, and its type beside it.
    pub(super) fn fragment_module(&self, fragment: &Fragment) -> TokenStream {
        let definition = &fragment.data;
        let (module, name) = (ident(&definition.module), ident(&definition.name));
        let content = self.deeper(1).definition(definition, fragment.root.into());
        let visibility = super::visibility(definition.visibility);
        let doc = format!(" Types of the fragment `{}`.", fragment.graphql);
        quote! {
            #visibility use self::#module::#name;
            #[doc = #doc]
            #visibility mod #module { #content }
        }
    }

    /// Returns the content of the module of a definition.
    pub(super) fn definition(&self, definition: &Definition, root: ShapeRef) -> TokenStream {
        let runtime = &self.runtime;
        let here = Here { definition, up: TokenStream::new() };
        let types = definition.shapes.iter().rev().map(|(id, shape)| {
            let is_root = root == ShapeRef::Local(*id);
            self.shape(shape, is_root.then_some(definition.docs.as_deref()).flatten(), &here)
        });
        let coding = definition.shapes.iter().rev().map(|(id, shape)| {
            let coding = self.coding(shape);
            let name = ident(&shape.name);
            let root = (root == ShapeRef::Local(*id)).then(|| quote!(__rt::root!(#name);));
            quote!(#coding #root)
        });
        let alias = match root {
            ShapeRef::Fragment(fragment) => {
                let path = self.fragment(fragment);
                let docs = docs("The response of the operation, which is a fragment.");
                Some(quote!(#docs pub type Data = #path;))
            }
            ShapeRef::Local(_) => None,
        };
        let coding: TokenStream = coding.collect();
        let import = (!coding.is_empty()).then(|| quote!(use #runtime::__private as __rt;));
        quote! {
            #import
            #alias
            #(#types)*
            #coding
        }
    }

    fn shape(&self, shape: &Shape, description: Option<&str>, here: &Here<'_>) -> TokenStream {
        let selects = format!("Selects from `{}`.", shape.on_type);
        let docs = docs_or(description, &selects);
        let derives = self.derives(shape, here);
        let arms = shape.arms.as_ref().map(|arms| self.arms(arms, shape, &docs, here));
        let on = match shape.arms.as_ref().map(|arms| &arms.place) {
            Some(ArmsPlace::Alone) => return quote!(#arms),
            Some(ArmsPlace::Inside { name }) => {
                let (field, name) = (ident(ON_FIELD), ident(name));
                Some(quote!(#[doc = " The fields that depend on the type."] pub #field: #name,))
            }
            None => None,
        };
        let name = ident(&shape.name);
        let members = self.members(&shape.members, here);
        quote! {
            #docs
            #derives
            pub struct #name { #members #on }
            #arms
        }
    }

    fn arms(&self, arms: &Arms, shape: &Shape, described: &TokenStream, here: &Here<'_>) -> TokenStream {
        let name = ident(shape.arms_name(arms));
        let derives = self.derives(shape, here);
        let docs = match arms.place {
            ArmsPlace::Alone => described.clone(),
            ArmsPlace::Inside { .. } => docs(&format!("The fields of a `{}` that depend on its type.", shape.on_type)),
        };
        let variants = arms.arms.iter().map(|arm| {
            let variant = ident(&arm.variant);
            let payload = self.payload_type(&arm.payload, here);
            let names = arm.types.iter().take(8).map(|ty| format!("`{ty}`")).collect::<Vec<_>>().join(", ");
            let more = if arm.types.len() > 8 { ", …" } else { "" };
            let doc = format!(" {names}{more}.");
            quote!(#[doc = #doc] #variant #payload,)
        });
        let other = self.payload_type(&arms.other, here);
        let structs = arms.payloads().map(|payload| self.payload_struct(payload, shape, here));
        quote! {
            #docs
            #derives
            pub enum #name {
                #(#variants)*
                #[doc = " Any other type: one that selects nothing more, or one that the schema did not have."]
                Other #other,
            }
            #(#structs)*
        }
    }

    fn payload_type(&self, payload: &Payload, here: &Here<'_>) -> TokenStream {
        match payload {
            Payload::Unit => TokenStream::new(),
            Payload::TypeName => {
                let runtime = &self.runtime;
                quote!((#runtime::TypeName))
            }
            Payload::Fragment(spread) => {
                let path = self.fragment(spread.fragment);
                quote!((#path))
            }
            Payload::Struct { name, .. } => {
                let name = here.named(name);
                quote!((#name))
            }
        }
    }

    fn payload_struct(&self, payload: &Payload, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let Payload::Struct { name, tag, members } = payload else { return TokenStream::new() };
        let name = ident(name);
        let derives = self.derives(shape, here);
        let runtime = &self.runtime;
        let docs = docs(&format!("Selects from `{}`, for some of its types.", shape.on_type));
        let typename = (*tag == Tag::Field).then(|| {
            let field = ident(TYPENAME_FIELD);
            quote!(#[doc = " The name of the concrete type."] pub #field: #runtime::TypeName,)
        });
        let members = self.members(members, here);
        quote! {
            #docs
            #derives
            pub struct #name { #typename #members }
        }
    }

    fn members(&self, members: &Members, here: &Here<'_>) -> TokenStream {
        let fields = members.fields.iter().map(|field| self.field(field, here));
        let spreads = members.spreads.iter().map(|spread| self.spread(spread));
        quote!(#(#fields)* #(#spreads)*)
    }

    fn field(&self, field: &Field, here: &Here<'_>) -> TokenStream {
        let docs = docs_or(field.docs.as_deref(), &format!("The field `{}`.", field.key));
        let deprecated = deprecated(field.deprecated.as_deref());
        let name = ident(&field.name);
        let ty = optional(self.ty(&field.ty, here), field.conditional);
        quote!(#docs #deprecated pub #name: #ty,)
    }

    fn spread(&self, spread: &Spread) -> TokenStream {
        let name = ident(&spread.name);
        let ty = optional(self.fragment(spread.fragment), spread.conditional);
        let doc = format!(" The fragment `{}`.", self.module.fragments[spread.fragment].graphql);
        quote!(#[doc = #doc] pub #name: #ty,)
    }

    /// Returns the default derives, and those of the settings in general, of the definition, and of the field.
    fn derives(&self, shape: &Shape, here: &Here<'_>) -> TokenStream {
        let all = [&self.module.default_derives, &self.module.derives, &here.definition.derives, &shape.derives];
        derives(&[], all.into_iter().flatten())
    }
}

/// Returns the default derives of a kind of types and additional ones, without duplicates. Those of the standard
/// library are absolute paths, since the prelude may be disabled.
pub(super) fn derives<'a>(usual: &[Trait], extra: impl IntoIterator<Item = &'a String>) -> TokenStream {
    let usual = usual.iter().filter_map(|derived| absolute(*derived));
    let extra = extra.into_iter().flat_map(|path| {
        let derived = Trait::named(path);
        let implied = derived.and_then(Trait::implied).and_then(absolute);
        implied.into_iter().chain([derived.and_then(absolute).unwrap_or(path)])
    });
    let paths: IndexSet<&str> = usual.chain(extra).collect();
    let paths: Vec<TokenStream> = paths.into_iter().filter_map(|path| path.parse().ok()).collect();
    if paths.is_empty() { TokenStream::new() } else { quote!(#[derive(#(#paths),*)]) }
}

fn absolute(derived: Trait) -> Option<&'static str> {
    Some(match derived {
        Trait::Clone => "::core::clone::Clone",
        Trait::Copy => "::core::marker::Copy",
        Trait::Debug => "::core::fmt::Debug",
        Trait::Default => "::core::default::Default",
        Trait::PartialEq => "::core::cmp::PartialEq",
        Trait::Eq => "::core::cmp::Eq",
        Trait::PartialOrd => "::core::cmp::PartialOrd",
        Trait::Ord => "::core::cmp::Ord",
        Trait::Hash => "::core::hash::Hash",
        Trait::Serialize | Trait::Deserialize => return None,
    })
}

pub(super) fn optional(ty: TokenStream, conditional: bool) -> TokenStream {
    if conditional { quote!(::core::option::Option<#ty>) } else { ty }
}
