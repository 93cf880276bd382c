//! Operations without spreads: each is an inline fragment instead.

use anyhow::{Context, Result, bail};
use apollo_compiler::ast::{DirectiveList, Field, FragmentDefinition, InlineFragment, OperationDefinition, Selection};
use apollo_compiler::{Node, Schema};

/// The most selections of an expanded operation: the specification sets no bound.
const MOST_SELECTIONS: usize = 200_000;

/// Replaces spreads by inline fragments.
pub struct Expansion<'a, F> {
    schema: &'a Schema,
    fragment: F,
    /// Fragments around, to find cycles.
    open: Vec<(String, String)>,
    selections: usize,
}

impl<'a, F: Fn(&str, &str) -> Option<(String, &'a Node<FragmentDefinition>)>> Expansion<'a, F> {
    pub fn new(schema: &'a Schema, fragment: F) -> Self {
        Self { schema, fragment, open: Vec::new(), selections: 0 }
    }

    pub fn operation(mut self, operation: &OperationDefinition, file: &str) -> Result<OperationDefinition> {
        let mut expanded = operation.clone();
        expanded.selection_set = self.selections(&operation.selection_set, file)?;
        Ok(expanded)
    }

    fn selections(&mut self, selections: &[Selection], file: &str) -> Result<Vec<Selection>> {
        self.selections += selections.len();
        if self.selections > MOST_SELECTIONS {
            bail!("expands to more than {MOST_SELECTIONS} selections");
        }
        let expanded = selections.iter().map(|selection| match selection {
            Selection::Field(field) => {
                let set = self.selections(&field.selection_set, file)?;
                Ok(Selection::Field(Node::new(Field { selection_set: set, ..Field::clone(field) })))
            }
            Selection::InlineFragment(inline) => {
                let set = self.selections(&inline.selection_set, file)?;
                Ok(Selection::InlineFragment(Node::new(InlineFragment {
                    selection_set: set,
                    ..InlineFragment::clone(inline)
                })))
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name.as_str();
                let (home, fragment) = (self.fragment)(file, name).with_context(|| format!("no fragment {name}"))?;
                let open = (home, name.to_owned());
                if self.open.contains(&open) || !self.schema.types.contains_key(&fragment.type_condition) {
                    bail!("the fragment {name} cannot be spread");
                }
                self.open.push(open.clone());
                let set = self.selections(&fragment.selection_set, &open.0)?;
                self.open.pop();
                let directives = spread.directives.0.iter().chain(&fragment.directives.0).cloned().collect();
                Ok(Selection::InlineFragment(Node::new(InlineFragment {
                    type_condition: Some(fragment.type_condition.clone()),
                    directives: DirectiveList(directives),
                    selection_set: set,
                })))
            }
        });
        expanded.collect()
    }
}
