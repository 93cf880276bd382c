//! `selection-set-depth`

use super::prelude::*;
use indexmap::IndexSet;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<SelectionSetDepth>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds operations whose selection sets, including fragments, are nested too deeply.",
    why: "Servers reject deep operations, and a deep operation can often be split.",
    ..meta!("selection-set-depth", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct SelectionSetDepth {
    /// The maximum depth; fields at the root have depth 0.
    max: usize,
    /// Fields whose selections are not counted.
    ignore: Vec<String>,
}

impl Default for SelectionSetDepth {
    fn default() -> Self {
        Self { max: 7, ignore: Vec::new() }
    }
}

impl Rule for SelectionSetDepth {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let mut search = Search { rule: self, cx, known: HashMap::new(), places: IndexSet::new() };
        search.selections(&operation.selection_set, State { file: cx.file, depth: 0, through: None });
        let name = operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
        for place in search.places {
            let finding = cx.finding(place, format!("{name} exceeds the maximum depth of {}", self.max));
            cx.say(finding.also(cx.operation_name(operation), "in this operation"));
        }
    }
}

#[derive(Clone, Copy)]
struct State {
    file: usize,
    depth: usize,
    /// The spread that leads to another file.
    through: Option<Span>,
}

struct Search<'s, 'a> {
    rule: &'s SelectionSetDepth,
    cx: &'s Cx<'a>,
    /// The depth at which each fragment was visited; visiting it at a lower depth finds nothing new.
    known: HashMap<FragmentId, usize>,
    /// The positions that are too deep, without duplicates; for another file, the spread that leads there.
    places: IndexSet<Option<Span>>,
}

impl<'a> Search<'_, 'a> {
    fn selections(&mut self, selections: &'a [Selection], state: State) {
        // A chain of fragments can be longer than the stack allows.
        let mut open = vec![(selections.iter(), state)];
        while let Some((rest, state)) = open.last_mut() {
            let (next, state) = (rest.next(), *state);
            match next {
                None => {
                    open.pop();
                }
                Some(selection) if state.depth > self.rule.max => self.found(selection, state),
                Some(Selection::Field(field)) => {
                    let is_ignored =
                        field.name.starts_with("__") || self.rule.ignore.iter().any(|one| *one == *field.name);
                    if !is_ignored {
                        open.push((field.selection_set.iter(), State { depth: state.depth + 1, ..state }));
                    }
                }
                Some(Selection::InlineFragment(inline)) => open.push((inline.selection_set.iter(), state)),
                Some(Selection::FragmentSpread(spread)) => {
                    let (cx, name) = (self.cx, &spread.fragment_name);
                    let Ok(id) = cx.documents.resolve(cx.sources, state.file, name) else { continue };
                    if self.known.get(&id).is_some_and(|depth| *depth >= state.depth) {
                        continue;
                    }
                    self.known.insert(id, state.depth);
                    let fragment = cx.documents.fragment(id);
                    let through = if state.file == cx.file { cx.name(name) } else { state.through };
                    let below = State { file: fragment.file, depth: state.depth, through };
                    open.push((fragment.definition.selection_set.iter(), below));
                }
            }
        }
    }

    fn found(&mut self, selection: &'a Selection, state: State) {
        let place = match selection {
            _ if state.file != self.cx.file => state.through,
            Selection::Field(field) => self.cx.name(field.response_name()),
            Selection::FragmentSpread(spread) => self.cx.name(&spread.fragment_name),
            Selection::InlineFragment(inline) => self.cx.head(inline),
        };
        self.places.insert(place);
    }
}
