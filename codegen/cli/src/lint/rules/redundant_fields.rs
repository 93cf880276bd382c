//! `redundant-fields`

use super::prelude::*;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<RedundantFields>(Meta {
    usual: Level::Info,
    fixable: Fixable::Unsafe,
    what: "Finds fields that a fragment in the same selection set already selects.",
    why: "They add nothing to the response. Generated code has a field for each, which may be intended.",
    ..meta!("redundant-fields", Category::Style, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RedundantFields {}

impl Rule for RedundantFields {
    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        let (Some(parent), true) = (set.parent, set.selections().iter().any(|one| one.as_fragment_spread().is_some()))
        else {
            return;
        };
        let types = &cx.schema.types;
        let possible = types.possible(parent);
        let mut given: HashMap<&Node<Field>, &Node<FragmentSpread>> = HashMap::new();
        for spread in set.selections().iter().filter_map(Selection::as_fragment_spread) {
            let Some(id) = cx.documents.resolve(spread).ok().filter(|_| spread.directives.is_empty()) else {
                continue;
            };
            let fragment = &cx.documents.fragment(id).definition;
            if possible.is_subset(&types.possible(&fragment.type_condition)) {
                let fields = fragment.selection_set.iter().filter_map(Selection::as_field);
                for leaf in fields.filter(|leaf| leaf.selection_set.is_empty() && leaf.name != "__typename") {
                    given.entry(leaf).or_insert(spread);
                }
            }
        }
        for field in set.selections().iter().filter_map(Selection::as_field) {
            if let Some((other, spread)) = given.get_key_value(field) {
                let name = &spread.fragment_name;
                let message = format!("`{}` is also selected by the fragment `{name}`", other.response_name());
                let finding = cx.finding(cx.name(field.response_name()), message).also(cx.name(name), "spread here");
                cx.say(finding.fix(cx.removal(cx.node(field), "remove it", Safety::Unsafe)));
            }
        }
    }
}
