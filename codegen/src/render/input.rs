//! Inputs: variables, input objects, enums; and custom scalars of both directions.

use super::answers::presence;
use super::coding::by;
use super::docs::{deprecated, docs_or};
use super::selection::derives;
use super::{Here, Renderer, ident};
use crate::config::Visibility;
use crate::ir::{Definition, Enum, Input, InputField, Presence, Scalar, Trait};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

impl Renderer<'_> {
    /// Returns the module `types`.
    pub(super) fn types(&self) -> TokenStream {
        let runtime = &self.runtime;
        let nothing = Definition {
            name: String::new(),
            module: String::new(),
            docs: None,
            derives: Vec::new(),
            visibility: Visibility::Public,
            shapes: BTreeMap::new(),
        };
        let here = Here { definition: &nothing, up: TokenStream::new() };
        let enums = self.module.enums.iter().map(|one| self.enumeration(one));
        let scalars = self.module.scalars.iter().map(|one| self.scalar(one));
        let inputs = self.module.inputs.iter().map(|input| {
            let name = ident(&input.name);
            let docs = docs_or(input.docs.as_deref(), &format!("The input object `{}`.", input.graphql));
            if input.one_of {
                self.one_of(input, &docs, &here)
            } else {
                self.input_struct(&name, Visibility::Public, &input.fields, &input.derives, &docs, &here)
            }
        });
        quote! {
            use #runtime::__private as __rt;
            #(#enums)*
            #(#inputs)*
            #(#scalars)*
        }
    }

    /// Returns a struct with a constructor for required fields and setters for the rest.
    pub(super) fn input_struct(
        &self,
        name: &Ident,
        visibility: Visibility,
        fields: &[InputField],
        extra: &[String],
        docs: &TokenStream,
        here: &Here<'_>,
    ) -> TokenStream {
        let quiet = &self.quiet;
        let runtime = &self.runtime;
        let visibility = super::visibility(visibility);
        let members = fields.iter().map(|field| {
            let (name, ty) = (ident(&field.name), self.input_type(field, here));
            let (docs, deprecated) = (described(field), deprecated(field.deprecated.as_deref()));
            quote!(#docs #deprecated pub #name: #ty,)
        });
        let required: Vec<&InputField> = fields.iter().filter(|field| field.presence == Presence::Required).collect();
        let parameters = required.iter().map(|field| {
            let (name, ty) = (ident(&field.name), self.ty(&field.ty, here));
            quote!(#name: #ty)
        });
        let derives = derives(&[], self.module.default_derives.iter().chain(extra));
        let derives_default =
            self.module.default_derives.iter().chain(extra).any(|path| Trait::named(path) == Some(Trait::Default));
        let default = (required.is_empty() && !derives_default).then(|| quote!(default));
        let entries = fields.iter().map(|field| self.entry(field, here));
        quote! {
            #docs
            #quiet
            #derives
            #visibility struct #name { #(#members)* }
            #runtime::__private::input!(#name(#(#parameters),*) #default { #(#entries),* });
        }
    }

    fn entry(&self, field: &InputField, here: &Here<'_>) -> TokenStream {
        let (name, key, how) = (ident(&field.name), &field.graphql, presence(field.presence));
        let by = if field.boxed { quote!(boxed) } else { by(&field.ty) };
        if field.presence == Presence::Required {
            return quote!(#name #how #key #by);
        }
        let ty = self.ty(&field.ty, here);
        let setter = (field.setter != field.name).then(|| {
            let setter = ident(&field.setter);
            quote!(=> #setter)
        });
        let deprecated = deprecated(field.deprecated.as_deref());
        quote!(#deprecated #name #how #key (#ty) #by #setter)
    }

    fn input_type(&self, field: &InputField, here: &Here<'_>) -> TokenStream {
        let runtime = &self.runtime;
        let ty = self.ty(&field.ty, here);
        let ty = if field.boxed { quote!(::std::boxed::Box<#ty>) } else { ty };
        match field.presence {
            Presence::Required => ty,
            Presence::Optional => quote!(::core::option::Option<#ty>),
            Presence::Nullable => quote!(#runtime::Input<#ty>),
        }
    }

    /// Returns an enum for an input with exactly one field.
    fn one_of(&self, input: &Input, docs: &TokenStream, here: &Here<'_>) -> TokenStream {
        let name = ident(&input.name);
        let derives = derives(&[], self.module.default_derives.iter().chain(&input.derives));
        let variants = input.fields.iter().map(|field| {
            let (variant, ty) = (ident(&field.setter), self.input_type(field, here));
            let (docs, deprecated) = (described(field), deprecated(field.deprecated.as_deref()));
            quote!(#docs #deprecated #variant(#ty),)
        });
        let cases = input.fields.iter().map(|field| {
            let (variant, key, by) = (ident(&field.setter), &field.graphql, by(&field.ty));
            quote!(#variant = #key #by)
        });
        quote! {
            #docs
            #derives
            pub enum #name { #(#variants)* }
            __rt::one_of!(#name { #(#cases),* });
        }
    }

    fn enumeration(&self, one: &Enum) -> TokenStream {
        let name = ident(&one.name);
        let described = docs_or(one.docs.as_deref(), &format!("The enum `{}`.", one.graphql));
        let unknown = ident(&one.unknown);
        let derives = derives(Trait::OF_ENUMS, &one.derives);
        let variants = one.values.iter().map(|value| {
            let variant = ident(&value.name);
            let docs = docs_or(value.docs.as_deref(), &format!("The value `{}`.", value.graphql));
            let deprecated = deprecated(value.deprecated.as_deref());
            quote!(#docs #deprecated #variant,)
        });
        let (variants_out, names): (Vec<Ident>, Vec<&String>) =
            one.values.iter().map(|value| (ident(&value.name), &value.graphql)).unzip();
        let graphql = &one.graphql;
        quote! {
            #described
            #derives
            pub enum #name {
                #(#variants)*
                #[doc = " A value that the schema did not have when this code was generated."]
                #unknown(::std::string::String),
            }
            __rt::enumeration!(#name #graphql { #(#variants_out = #names),*; #unknown });
        }
    }

    fn scalar(&self, one: &Scalar) -> TokenStream {
        let name = ident(&one.name);
        let derives = derives(Trait::OF_SCALARS, &one.derives);
        let specified = one.specified_by.as_ref().map(|url| format!("Specified by <{url}>."));
        let described = match (&one.docs, specified) {
            (Some(docs), Some(specified)) => format!("{docs}\n\n{specified}"),
            (Some(docs), None) => docs.clone(),
            (None, Some(specified)) => specified,
            (None, None) => String::new(),
        };
        let docs = docs_or(Some(&described), &format!("The scalar `{}`, as JSON.", one.graphql));
        quote! {
            #docs
            #derives
            pub struct #name(pub __rt::Value);
            __rt::scalar!(#name);
        }
    }
}

/// Returns the documentation of a variable or of a field of an input object.
fn described(field: &InputField) -> TokenStream {
    docs_or(field.docs.as_deref(), &format!("The input `{}`.", field.graphql))
}
