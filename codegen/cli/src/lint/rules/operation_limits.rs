//! `operation-limits`

use super::prelude::*;

pub const ENTRY: Entry = entry::<OperationLimits>(Meta {
    known_as: &["graphql-armor", "graphql-inspector"],
    what: "Finds operations with too many aliases, root fields, directives, fields or tokens.",
    why: "Many servers enforce such limits. Set the options to the limits of your server.",
    ..meta!("operation-limits", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct OperationLimits {
    /// The maximum number of fields with an alias, including fragments.
    aliases: Option<usize>,
    /// The maximum number of fields at the root.
    root_fields: Option<usize>,
    /// The maximum number of directives, including fragments.
    directives: Option<usize>,
    /// The maximum number of fields, counting each fragment as often as it is spread.
    fields: Option<usize>,
    /// The maximum number of tokens of the operation and the fragments that it reaches.
    tokens: Option<usize>,
}

#[derive(Debug, Default)]
struct Counts {
    aliases: usize,
    directives: usize,
    fields: usize,
    /// Selections of every kind.
    seen: usize,
}

impl Rule for OperationLimits {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let mut counts = Counts { directives: operation.directives.len(), ..Counts::default() };
        counts.add(cx, SelectionSet::of_operation(cx.schema, operation), &mut Vec::new());
        let root = operation.selection_set.iter().filter(|one| one.as_field().is_some()).count();
        let tokens = self.tokens.map(|_| {
            let own = cx.node(operation).map_or(0, |span| cx.tokens().count_in(span.range()));
            let fragments = cx.documents.reach(&operation.selection_set).into_iter();
            let theirs = fragments.filter_map(|id| {
                let span = cx.documents.place(&cx.documents.fragment(id).definition)?;
                Some(crate::syntax::tokens::Tokens::new(&cx.sources.text(span.source)[span.range()]).count())
            });
            own + theirs.sum::<usize>()
        });
        let all = [
            ("aliases", counts.aliases, self.aliases),
            ("fields at the root", root, self.root_fields),
            ("directives", counts.directives, self.directives),
            ("fields", counts.fields, self.fields),
            ("tokens", tokens.unwrap_or_default(), self.tokens),
        ];
        for (what, count, limit) in all {
            if let Some(limit) = limit.filter(|limit| count > *limit) {
                let name =
                    operation.name.as_ref().map_or_else(|| "the operation".to_owned(), |name| format!("`{name}`"));
                cx.say(cx.finding(
                    cx.operation_name(operation),
                    format!("{name} has too many {what}: {count}; the limit is {limit}"),
                ));
            }
        }
    }
}

impl Counts {
    fn add<'a>(&mut self, cx: &Cx<'a>, set: SelectionSet<'a>, way: &mut Vec<FragmentId>) {
        /// An upper bound above all real limits, since fragments can double the count at every level.
        const ENOUGH: usize = 200_000;
        for selected in set.members() {
            self.seen += 1;
            if self.seen > ENOUGH {
                return;
            }
            self.directives += selected.directives().len();
            match selected {
                Selected::Field(selected) => {
                    self.fields += 1;
                    self.aliases += usize::from(selected.field.alias.is_some());
                    self.add(cx, selected.below(None), way);
                }
                Selected::Inline { below, .. } => self.add(cx, below, way),
                Selected::Spread(spread) => {
                    let Ok(id) = cx.documents.resolve(spread) else { continue };
                    if !way.contains(&id) {
                        way.push(id);
                        self.add(cx, SelectionSet::of_fragment(&cx.documents.fragment(id).definition), way);
                        way.pop();
                    }
                }
            }
        }
    }
}
