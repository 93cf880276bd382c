//! The fields of a selection set, wherever they are written: in it, in its inline fragments, in fragments.

use super::lower::Lowerer;
use apollo_compiler::ast::{self, Selection};
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

/// A field, and the file that its spreads are resolved from.
#[derive(Clone, Copy)]
pub(super) struct Selected<'a> {
    pub node: &'a Node<ast::Field>,
    file: usize,
}

impl<'a> Selected<'a> {
    pub fn key(&self) -> &'a str {
        self.node.alias.as_ref().unwrap_or(&self.node.name)
    }

    /// The fields below it.
    pub fn below(&self, lowerer: &Lowerer<'a>) -> Vec<Self> {
        selected(lowerer, self.file, &self.node.selection_set)
    }

    /// The variable that an argument is given.
    pub fn variable(&self, argument: &str) -> Option<&'a Name> {
        let argument = self.node.arguments.iter().find(|given| given.name == argument)?;
        match argument.value.as_ref() {
            ast::Value::Variable(name) => Some(name),
            _ => None,
        }
    }

    /// Its type, as a field of that one.
    pub fn ty(&self, lowerer: &Lowerer<'a>, parent: &Name) -> Option<&'a ast::Type> {
        lowerer.schema.field(parent, &self.node.name).map(|field| &field.ty)
    }
}

/// The fields of a selection set, each once.
pub(super) fn selected<'a>(lowerer: &Lowerer<'a>, file: usize, selections: &'a [Selection]) -> Vec<Selected<'a>> {
    let mut found: Vec<Selected<'a>> = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![(file, selections)];
    while let Some((file, selections)) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(node) => found.push(Selected { node, file }),
                Selection::InlineFragment(inline) => open.push((file, &inline.selection_set)),
                Selection::FragmentSpread(spread) => {
                    let id = lowerer.spreads.target(file, &spread.fragment_name);
                    if let Some(id) = id.filter(|id| seen.insert(*id)) {
                        let fragment = lowerer.documents.fragment(id);
                        open.push((fragment.file, &fragment.definition.selection_set));
                    }
                }
            }
        }
    }
    found
}
