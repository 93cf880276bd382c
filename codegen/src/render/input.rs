//! Inputs: variables, input objects, enums; and custom scalars of both directions.

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
            joints: Vec::new(),
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
            quote!(#name: impl ::core::convert::Into<#ty>)
        });
        let initial = fields.iter().map(|field| {
            let name = ident(&field.name);
            let value = match (field.presence, field.boxed) {
                (Presence::Required, false) => quote!(#name.into()),
                (Presence::Required, true) => quote!(::std::boxed::Box::new(#name.into())),
                (Presence::Optional, _) => quote!(::core::option::Option::None),
                (Presence::Nullable, _) => quote!(#runtime::Input::Omitted),
            };
            quote!(#name: #value,)
        });
        let derives = derives(Trait::OF_STRUCTS, extra);
        let derives_default = extra.iter().any(|path| Trait::named(path) == Some(Trait::Default));
        let default = (required.is_empty() && !derives_default).then(|| {
            quote! {
                #quiet
                impl ::core::default::Default for #name {
                    fn default() -> Self { Self::new() }
                }
            }
        });
        let setters = fields.iter().filter(|field| field.presence != Presence::Required);
        let setters = setters.map(|field| self.setter(field, here));
        let entries = fields.iter().map(|field| entry(field, runtime));
        let map = if fields.is_empty() { quote!(map) } else { quote!(mut map) };
        quote! {
            #docs
            #quiet
            #derives
            #visibility struct #name { #(#members)* }
            #quiet
            impl #name {
                #[doc = " Creates a value with the required fields; all others are omitted."]
                pub fn new(#(#parameters),*) -> Self { Self { #(#initial)* } }
                #(#setters)*
            }
            #default
            #quiet
            impl #runtime::__private::Serialize for #name {
                fn serialize<S: #runtime::__private::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    let #map = #runtime::__private::Serializer::serialize_map(serializer, ::core::option::Option::None)?;
                    #(#entries)*
                    #runtime::__private::SerializeMap::end(map)
                }
            }
        }
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

    fn setter(&self, field: &InputField, here: &Here<'_>) -> TokenStream {
        let runtime = &self.runtime;
        let (setter, name, ty) = (ident(&field.setter), ident(&field.name), self.ty(&field.ty, here));
        let docs = docs_or(field.docs.as_deref(), &format!("Sets `{}`.", field.graphql));
        let deprecated = deprecated(field.deprecated.as_deref());
        let (parameter, value) = match (field.presence, field.boxed) {
            (Presence::Optional, false) => (quote!(#ty), quote!(::core::option::Option::Some(value.into()))),
            (Presence::Optional, true) => {
                (quote!(#ty), quote!(::core::option::Option::Some(::std::boxed::Box::new(value.into()))))
            }
            (_, false) => (quote!(#runtime::Input<#ty>), quote!(value.into())),
            (_, true) => (quote!(#runtime::Input<#ty>), quote!(value.into().map(::std::boxed::Box::new))),
        };
        quote! {
            #docs
            #deprecated
            #[must_use]
            pub fn #setter(mut self, value: impl ::core::convert::Into<#parameter>) -> Self {
                self.#name = #value;
                self
            }
        }
    }

    /// Returns an enum for an input with exactly one field.
    fn one_of(&self, input: &Input, docs: &TokenStream, here: &Here<'_>) -> TokenStream {
        let name = ident(&input.name);
        let derives = derives(Trait::OF_STRUCTS, &input.derives);
        let variants = input.fields.iter().map(|field| {
            let (variant, ty) = (ident(&field.setter), self.input_type(field, here));
            let (docs, deprecated) = (described(field), deprecated(field.deprecated.as_deref()));
            quote!(#docs #deprecated #variant(#ty),)
        });
        let cases = input.fields.iter().map(|field| {
            let (variant, key) = (ident(&field.setter), &field.graphql);
            quote!(Self::#variant(value) => __rt::SerializeMap::serialize_entry(&mut map, #key, value)?,)
        });
        quote! {
            #docs
            #derives
            pub enum #name { #(#variants)* }
            impl __rt::Serialize for #name {
                fn serialize<S: __rt::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    let mut map = __rt::Serializer::serialize_map(serializer, ::core::option::Option::Some(1))?;
                    match self { #(#cases)* }
                    __rt::SerializeMap::end(map)
                }
            }
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
            impl #name {
                #[doc = " Returns the GraphQL name of the value."]
                pub fn as_str(&self) -> &str {
                    match self {
                        #(Self::#variants_out => #names,)*
                        Self::#unknown(value) => value.as_str(),
                    }
                }
            }
            impl ::core::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    match value {
                        #(#names => Self::#variants_out,)*
                        other => Self::#unknown(::std::string::String::from(other)),
                    }
                }
            }
            impl ::core::fmt::Display for #name {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
            impl<'de> __rt::Deserialize<'de> for #name {
                fn deserialize<D: __rt::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    __rt::decode_enum(deserializer, #graphql, |value| ::core::convert::From::from(value))
                }
            }
            impl __rt::Serialize for #name {
                fn serialize<S: __rt::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }
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
            impl<T: ::core::convert::Into<__rt::Value>> ::core::convert::From<T> for #name {
                fn from(value: T) -> Self { Self(value.into()) }
            }
            impl<'de> __rt::Deserialize<'de> for #name {
                fn deserialize<D: __rt::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    <__rt::Value as __rt::Deserialize<'de>>::deserialize(deserializer).map(Self)
                }
            }
            impl __rt::Serialize for #name {
                fn serialize<S: __rt::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    __rt::Serialize::serialize(&self.0, serializer)
                }
            }
        }
    }
}

/// Returns the documentation of a variable or of a field of an input object.
fn described(field: &InputField) -> TokenStream {
    docs_or(field.docs.as_deref(), &format!("The input `{}`.", field.graphql))
}

fn entry(field: &InputField, runtime: &TokenStream) -> TokenStream {
    let (key, name) = (&field.graphql, ident(&field.name));
    let write = match field.presence {
        Presence::Required => quote!(put_required),
        Presence::Optional => quote!(put_optional),
        Presence::Nullable => quote!(put_input),
    };
    quote!(#runtime::__private::#write(&mut map, #key, &self.#name)?;)
}
