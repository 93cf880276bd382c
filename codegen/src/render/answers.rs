//! Generated code about responses beyond their types: pagination, and errors in payloads.

use super::{Here, Renderer, ident};
use crate::ir::{Leaf, Operation, Pagination, Presence, ShapeRef, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Renderer<'_> {
    /// Renders `Paginated` for an operation.
    pub(super) fn paginated(&self, name: &Ident, pagination: &Pagination, here: &Here<'_>) -> TokenStream {
        let (quiet, runtime) = (&self.quiet, &self.runtime);
        let node = self.path(pagination.node_shape, here);
        let nothing = quote!(return ::core::option::Option::None);
        let way = Way::borrowing(&pagination.connection, quote!(data), &nothing);
        let (to_connection, connection) = (way.statements, way.place);
        let way = Way::borrowing(&pagination.has_more, quote!(connection), &nothing);
        let (to_flag, flag) = (way.statements, way.place);
        let has_more = if way.borrowed { quote!(*#flag) } else { flag };
        let no_cursor = quote!(break 'cursor ::core::option::Option::None);
        let way = Way::borrowing(&pagination.cursor, quote!(connection), &no_cursor);
        let (to_cursor, text) = (way.statements, way.place);
        let text = match pagination.cursor_leaf {
            Leaf::Scalar(_) => quote!(#text.0.as_str()),
            _ => quote!(::core::option::Option::Some(#text.as_str())),
        };
        let cursor = if to_cursor.is_empty() { text } else { quote!('cursor: { #to_cursor #text }) };
        let empty = quote!(return ::std::vec::Vec::new());
        let way = Way::moving(&pagination.connection, quote!(data), &empty);
        let (moved, last) = (way.statements, way.place);
        let way = Way::moving(&pagination.items, last, &empty);
        let (listed, items) = (way.statements, way.place);
        let nodes = nodes(pagination, &items);
        let variable = ident(&pagination.cursor_variable);
        let given = quote!(::core::convert::From::from(cursor));
        let given = match pagination.presence {
            Presence::Required => given,
            Presence::Optional => quote!(::core::option::Option::Some(#given)),
            Presence::Nullable => quote!(#runtime::Input::Value(#given)),
        };
        quote! {
            #quiet
            impl #runtime::Paginated for #name {
                type Node = #node;
                fn page_info(data: &Self::Data) -> ::core::option::Option<#runtime::PageInfo<'_>> {
                    #to_connection
                    let connection = &#connection;
                    #to_flag
                    ::core::option::Option::Some(#runtime::PageInfo { has_more: #has_more, cursor: #cursor })
                }
                fn into_nodes(data: Self::Data) -> ::std::vec::Vec<Self::Node> {
                    #moved
                    #listed
                    #nodes
                }
                fn set_cursor(&mut self, cursor: &str) { self.#variable = #given; }
            }
        }
    }

    /// Renders `Payload` for the data of an operation. Data that is only a fragment has no own implementation.
    pub(super) fn payload(&self, operation: &Operation, data: &TokenStream) -> TokenStream {
        let (quiet, runtime) = (&self.quiet, &self.runtime);
        if operation.payload_errors.is_empty() || matches!(operation.root, ShapeRef::Fragment(_)) {
            return TokenStream::new();
        }
        let key = |key: &Option<String>| match key {
            Some(key) => quote!(::core::option::Option::Some(#key)),
            None => quote!(::core::option::Option::None),
        };
        let places = operation.payload_errors.iter().map(|place| {
            let (payload, errors) = (&place.payload, &place.errors);
            let (field, messages) = (key(&place.field), key(&place.messages));
            quote!(#runtime::PayloadErrors { payload: &[#payload], errors: #errors, field: #field, messages: #messages })
        });
        quote! {
            #quiet
            impl #runtime::Payload for #data {
                const ERRORS: &'static [#runtime::PayloadErrors] = &[#(#places),*];
            }
        }
    }
}

/// A path through fields: statements that return early at a null, and the expression at its end.
struct Way {
    statements: TokenStream,
    place: TokenStream,
    /// Whether the expression is already a reference.
    borrowed: bool,
}

impl Way {
    fn borrowing(steps: &[Step], from: TokenStream, otherwise: &TokenStream) -> Self {
        Self::along(steps, from, otherwise, quote!(&))
    }

    fn moving(steps: &[Step], from: TokenStream, otherwise: &TokenStream) -> Self {
        Self::along(steps, from, otherwise, TokenStream::new())
    }

    fn along(steps: &[Step], from: TokenStream, otherwise: &TokenStream, take: TokenStream) -> Self {
        let mut way = Self { statements: TokenStream::new(), place: from, borrowed: false };
        for step in steps {
            let (field, place) = (ident(&step.field), &way.place);
            let place = quote!(#place.#field);
            way.borrowed = step.nullable && !take.is_empty();
            way.place = match step.nullable {
                true => {
                    way.statements
                        .extend(quote!(let ::core::option::Option::Some(value) = #take #place else { #otherwise };));
                    quote!(value)
                }
                false => place,
            };
        }
        way
    }
}

/// Returns the nodes in a list of items.
fn nodes(pagination: &Pagination, items: &TokenStream) -> TokenStream {
    let iterator = quote!(::core::iter::IntoIterator::into_iter(#items));
    let iterator = match pagination.nullable_items {
        true => quote!(::core::iter::Iterator::flatten(#iterator)),
        false => iterator,
    };
    if pagination.node.is_empty() {
        return match pagination.nullable_items {
            true => quote!(::core::iter::Iterator::collect(#iterator)),
            false => items.clone(),
        };
    }
    let way = Way::moving(&pagination.node, quote!(item), &quote!(return ::core::option::Option::None));
    let (taken, node) = (way.statements, way.place);
    quote! {
        ::core::iter::Iterator::collect(::core::iter::Iterator::filter_map(#iterator, |item| {
            #taken
            ::core::option::Option::Some(#node)
        }))
    }
}
