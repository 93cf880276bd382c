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
        search.set(SelectionSet::of_operation(cx.schema, operation));
        let name = operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
        for place in search.places {
            let finding = cx.finding(place, format!("{name} exceeds the maximum depth of {}", self.max));
            cx.say(finding.also(cx.operation_name(operation), "in this operation"));
        }
    }
}

/// A selection set that is being searched.
struct Open<I> {
    rest: I,
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
    fn set(&mut self, set: SelectionSet<'a>) {
        // A chain of fragments can be longer than the stack allows.
        let mut open = vec![Open { rest: set.members(), depth: 0, through: None }];
        while let Some(Open { rest, depth, through }) = open.last_mut() {
            let (next, depth, through) = (rest.next(), *depth, *through);
            match next {
                None => {
                    open.pop();
                }
                Some(selected) if depth > self.rule.max => self.found(selected, through),
                Some(Selected::Field(selected)) => {
                    let name = &selected.field.name;
                    if !name.starts_with("__") && !self.rule.ignore.iter().any(|one| *one == **name) {
                        open.push(Open { rest: selected.below(None).members(), depth: depth + 1, through });
                    }
                }
                Some(Selected::Inline { below, .. }) => open.push(Open { rest: below.members(), depth, through }),
                Some(Selected::Spread(spread)) => {
                    let cx = self.cx;
                    let Ok(id) = cx.documents.resolve(spread) else { continue };
                    if self.known.get(&id).is_some_and(|known| *known >= depth) {
                        continue;
                    }
                    self.known.insert(id, depth);
                    let fragment = cx.documents.fragment(id);
                    let from_here = || cx.is_here(spread).then(|| cx.name(&spread.fragment_name)).flatten();
                    let through = if fragment.file == cx.file { None } else { through.or_else(from_here) };
                    let rest = SelectionSet::of_fragment(&fragment.definition).members();
                    open.push(Open { rest, depth, through });
                }
            }
        }
    }

    fn found(&mut self, selected: Selected<'a>, through: Option<Span>) {
        let place = through.or_else(|| match selected {
            Selected::Field(selected) => self.cx.name(selected.key()),
            Selected::Spread(spread) => self.cx.name(&spread.fragment_name),
            Selected::Inline { inline, .. } => self.cx.head(inline),
        });
        self.places.insert(place);
    }
}
