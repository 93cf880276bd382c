//! Where the payloads of a mutation say what was wrong with its input.
//!
//! Recognized is a [list of errors](crate::convention::payload_errors), directly in the payload, of texts or of objects of
//! which a `message` or `messages` is selected.

use super::lower::Lowerer;
use super::selected::{Selected, selected};
use crate::convention::payload_errors::{FIELDS, MESSAGES, is_error_list};
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
    pub(super) fn payload_errors(&self, file: usize, operation: &'a Node<OperationDefinition>) -> Vec<PayloadErrors> {
        let root = self.schema.root(OperationType::Mutation);
        let Some(root) = root.filter(|_| operation.operation_type == OperationType::Mutation) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for mutation in selected(self, file, &operation.selection_set) {
            let Some(ty) = mutation.ty(self, root).filter(|ty| !ty.is_list()) else { continue };
            let payload = ty.inner_named_type();
            for errors in mutation.below(self) {
                if let Some(errors) = self.errors_of(mutation.key(), payload, &errors)
                    && !found.contains(&errors)
                {
                    found.push(errors);
                }
            }
        }
        found
    }

    fn errors_of(&self, mutation: &str, payload: &Name, list: &Selected<'a>) -> Option<PayloadErrors> {
        let ty = list.ty(self, payload).filter(|ty| is_error_list(&list.node.name, ty))?;
        let texts = ty.inner_named_type() == "String";
        let below = list.below(self);
        let key = |names: &[&str]| {
            let named = |name: &&str| below.iter().find(|field| field.node.name == **name);
            names.iter().find_map(named).map(|field| field.key().to_owned())
        };
        let messages = key(&MESSAGES);
        (texts || messages.is_some()).then(|| PayloadErrors {
            payload: mutation.to_owned(),
            errors: list.key().to_owned(),
            field: key(&FIELDS),
            messages,
        })
    }
}
