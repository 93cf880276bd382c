//! Operations: the struct that holds the variables, and what it implements.

use super::docs::docs_or;
use super::{Here, Renderer, ident};
use crate::ir::{Document, Operation, OperationKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Renderer<'_> {
    /// Returns the operations of a document.
    pub(super) fn document(&self, document: &Document) -> TokenStream {
        let operations = document.operations.iter().map(|operation| self.operation(operation));
        quote!(#(#operations)*)
    }

    fn operation(&self, operation: &Operation) -> TokenStream {
        let quiet = &self.quiet;
        let runtime = &self.runtime;
        let data = &operation.data;
        let (name, module) = (ident(&data.name), ident(&data.module));
        let kind = match operation.kind {
            OperationKind::Query => quote!(Query),
            OperationKind::Mutation => quote!(Mutation),
            OperationKind::Subscription => quote!(Subscription),
        };
        let undescribed = match &operation.name {
            Some(name) => format!("The {} `{name}`.", keyword(operation.kind)),
            None => format!("An anonymous {}.", keyword(operation.kind)),
        };
        let docs = docs_or(data.docs.as_deref(), &undescribed);
        let graphql = operation.name.as_ref().map_or_else(|| quote!(_), |name| quote!(#name));
        let here = Here { definition: data, up: quote!(self::#module::) };
        let variables = self.input_struct(&name, data.visibility, &operation.variables, &[], &docs, &here);
        let (document, id) = (&operation.document, &operation.id);
        let content = self.deeper(1).definition(data, operation.root);
        let visibility = super::visibility(data.visibility);
        let paginated = operation.pagination.as_ref().map(|pagination| self.paginated(&name, pagination, &here));
        let payload = self.payload(operation, &quote!(self::#module::Data));
        let module_docs = format!(" The response types of [`{}`].", data.name);
        quote! {
            #variables
            #runtime::__private::operation!(#name: #kind #graphql -> self::#module::Data, #id, #document);
            #paginated
            #payload
            #[doc = #module_docs]
            #quiet
            #visibility mod #module { #content }
        }
    }
}

fn keyword(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
    }
}
