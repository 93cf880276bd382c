//! Where the payloads of a mutation say what was wrong with its input.
//!
//! Recognized is a [list of errors](crate::convention::payload_errors), directly in the payload, of texts or of objects of
//! which a `message` or `messages` is selected.

use super::lower::Lowerer;
use crate::convention::payload_errors::{FIELDS, MESSAGES, is_error_list};
use crate::query::{SelectedField, SelectionSet};
use apollo_compiler::ast::{OperationDefinition, OperationType};
use apollo_compiler::{Name, Node};

/// A list of errors in a payload, by response keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadErrors {
    /// The mutation.
    pub payload: String,
    /// The list.
    pub errors: String,
    /// What names the field of the input, in each.
    pub field: Option<String>,
    /// What holds the text; none if each is a text itself.
    pub messages: Option<String>,
}

impl<'a> Lowerer<'a> {
    /// All such lists of an operation; none if it is not a mutation.
    pub(super) fn payload_errors(&self, operation: &'a Node<OperationDefinition>) -> Vec<PayloadErrors> {
        if operation.operation_type != OperationType::Mutation {
            return Vec::new();
        }
        let mut found = Vec::new();
        for mutation in self.documents.fields(SelectionSet::of_operation(self.schema, operation)) {
            let Some(definition) = mutation.definition(self.schema).filter(|of| !of.ty.is_list()) else { continue };
            let payload = definition.ty.inner_named_type();
            for errors in self.documents.fields(mutation.below(Some(definition))) {
                if let Some(errors) = self.errors_of(mutation.key(), payload, errors)
                    && !found.contains(&errors)
                {
                    found.push(errors);
                }
            }
        }
        found
    }

    fn errors_of(&self, mutation: &str, payload: &Name, list: SelectedField<'a>) -> Option<PayloadErrors> {
        let definition = self.schema.field(payload, &list.field.name);
        let definition = definition.filter(|of| is_error_list(&list.field.name, &of.ty))?;
        let texts = definition.ty.inner_named_type() == "String";
        let below: Vec<SelectedField<'a>> = self.documents.fields(list.below(Some(definition))).collect();
        let key = |names: &[&str]| {
            let named = |name: &&str| below.iter().find(|field| field.field.name == **name);
            names.iter().find_map(named).map(|field| field.key().to_string())
        };
        let messages = key(&MESSAGES);
        (texts || messages.is_some()).then(|| PayloadErrors {
            payload: mutation.to_owned(),
            errors: list.key().to_string(),
            field: key(&FIELDS),
            messages,
        })
    }
}
