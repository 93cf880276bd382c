//! Generated code about responses beyond their types: pagination, and errors in payloads.

use super::{Here, Renderer, ident};
use crate::ir::{Leaf, Operation, Pagination, Presence, ShapeRef, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Renderer<'_> {
    /// Renders `Paginated` for an operation.
    pub(super) fn paginated(&self, name: &Ident, pagination: &Pagination, here: &Here<'_>) -> TokenStream {
        let runtime = &self.runtime;
        let node_type = self.path(pagination.node_shape, here);
        let (variable, how) = (ident(&pagination.cursor_variable), presence(pagination.presence));
        let [connection, more, cursor, items, node] =
            [&pagination.connection, &pagination.has_more, &pagination.cursor, &pagination.items, &pagination.node]
                .map(|steps| way(steps));
        let item = pagination.nullable_items.then(|| quote!(?));
        let kind = if let Leaf::Scalar(_) = pagination.cursor_leaf { quote!(json) } else { quote!(text) };
        quote! {
            #runtime::__private::paginated!(#name by #variable #how -> #node_type {
                data [#connection]; more [#more]; cursor [#cursor] #kind; items [#items]; item [#item #node]
            });
        }
    }

    /// Renders `Payload` for the data of an operation. Data that is only a fragment has no own implementation.
    pub(super) fn payload(&self, operation: &Operation, data: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        if operation.payload_errors.is_empty() || matches!(operation.root, ShapeRef::Fragment(_)) {
            return TokenStream::new();
        }
        let key = |key: &Option<String>| key.as_ref().map_or_else(|| quote!(_), |key| quote!(#key));
        let places = operation.payload_errors.iter().map(|place| {
            let (payload, errors) = (&place.payload, &place.errors);
            let (field, messages) = (key(&place.field), key(&place.messages));
            quote!([#payload] #errors #field #messages)
        });
        quote!(#runtime::__private::payload!(#data { #(#places),* });)
    }
}

/// Returns the fields on a way, with `?` after those that can be null.
fn way(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| {
        let (field, null) = (ident(&step.field), step.nullable.then(|| quote!(?)));
        quote!(.#field #null)
    });
    steps.collect()
}

/// Returns the sign of the presence of an input.
pub(super) fn presence(presence: Presence) -> TokenStream {
    match presence {
        Presence::Required => quote!(=),
        Presence::Optional => quote!(?),
        Presence::Nullable => quote!(:),
    }
}
