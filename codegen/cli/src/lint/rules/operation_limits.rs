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
        counts.add(cx, cx.file, &operation.selection_set, &mut Vec::new());
        let root = operation.selection_set.iter().filter(|one| one.as_field().is_some()).count();
        let tokens = self.tokens.map(|_| {
            let own = cx.node(operation).map_or(0, |span| cx.tokens().count_in(span.range()));
            let fragments = cx.reach(&operation.selection_set).into_iter();
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
    fn add<'a>(&mut self, cx: &Cx<'a>, file: usize, selections: &'a [Selection], way: &mut Vec<FragmentId>) {
        /// An upper bound above all real limits, since fragments can double the count at every level.
        const ENOUGH: usize = 200_000;
        for selection in selections {
            self.seen += 1;
            if self.seen > ENOUGH {
                return;
            }
            match selection {
                Selection::Field(field) => {
                    self.fields += 1;
                    self.aliases += usize::from(field.alias.is_some());
                    self.directives += field.directives.len();
                    self.add(cx, file, &field.selection_set, way);
                }
                Selection::InlineFragment(inline) => {
                    self.directives += inline.directives.len();
                    self.add(cx, file, &inline.selection_set, way);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives += spread.directives.len();
                    let Ok(id) = cx.documents.resolve(cx.sources, file, &spread.fragment_name) else { continue };
                    if !way.contains(&id) {
                        way.push(id);
                        let fragment = cx.documents.fragment(id);
                        self.add(cx, fragment.file, &fragment.definition.selection_set, way);
                        way.pop();
                    }
                }
            }
        }
    }
}
