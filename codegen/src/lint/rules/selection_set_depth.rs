//! `selection-set-depth`

use super::prelude::*;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<SelectionSetDepth>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds operations whose selection sets are nested too deeply, fragments included.",
    why: "Servers refuse deep operations, and a deep one is often several in one.",
    bad: "query Deep { viewer { manager { manager { name } } } }",
    good: "query Flat { viewer { manager { name } } }",
    options: "max = 2",
    ..Meta::new("selection-set-depth", Category::Restriction)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct SelectionSetDepth {
    /// The greatest depth; fields at the root have depth 0.
    max: usize,
    /// Fields below which nothing counts.
    ignore: Vec<String>,
}

impl Default for SelectionSetDepth {
    fn default() -> Self {
        Self { max: 7, ignore: Vec::new() }
    }
}

impl Rule for SelectionSetDepth {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let start = State { file: cx.file, depth: 0, through: None };
        let Some(place) = self.too_deep(cx, &operation.selection_set, start, &mut HashMap::new()) else { return };
        let name = operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
        let finding = cx.finding(place, format!("{name} is nested more than {} deep", self.max));
        cx.say(finding.also(cx.operation_name(operation), "in this operation"));
    }
}

#[derive(Clone, Copy)]
struct State {
    file: usize,
    depth: usize,
    /// The spread in the operation's own file that led here.
    through: Option<Span>,
}

impl SelectionSetDepth {
    /// The place of the first field that is too deep.
    fn too_deep<'a>(
        &self,
        cx: &Cx<'a>,
        selections: &'a [Selection],
        state: State,
        // How deep each fragment was looked at: less deep, it holds nothing new.
        known: &mut HashMap<FragmentId, usize>,
    ) -> Option<Option<Span>> {
        for selection in selections {
            let found = match selection {
                Selection::Field(field)
                    if field.name.starts_with("__") || self.ignore.iter().any(|one| *one == *field.name) =>
                {
                    None
                }
                Selection::Field(field) => {
                    if state.depth > self.max {
                        return Some(state.through.or_else(|| cx.name(field.response_name())));
                    }
                    self.too_deep(cx, &field.selection_set, State { depth: state.depth + 1, ..state }, known)
                }
                Selection::InlineFragment(inline) => {
                    let found = self.too_deep(cx, &inline.selection_set, state, known);
                    // Everything in it is too deep, so it is.
                    let is_all = state.depth > self.max && state.through.is_none();
                    found.map(|place| if is_all { cx.head(inline) } else { place })
                }
                Selection::FragmentSpread(spread) => {
                    let Ok(id) = cx.documents.resolve(cx.sources, state.file, &spread.fragment_name) else { continue };
                    if known.get(&id).is_some_and(|depth| *depth >= state.depth) || state.depth > self.max + 1 {
                        continue;
                    }
                    known.insert(id, state.depth);
                    let fragment = cx.documents.fragment(id);
                    let through = state.through.or_else(|| cx.name(&spread.fragment_name));
                    let below = State { file: fragment.file, depth: state.depth, through };
                    self.too_deep(cx, &fragment.definition.selection_set, below, known)
                }
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}
