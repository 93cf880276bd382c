//! `nested-list-fanout`

use super::prelude::*;
use crate::convention::connection::is_connection_name;

pub const ENTRY: Entry = entry::<NestedListFanout>(Meta {
    what: "Finds lists nested more than two levels deep without a size argument.",
    why: "Their lengths multiply: three nested lists of a hundred items are a million objects, and often a database query for \
          each (the \"n + 1\" problem of resolvers).",
    ..meta!("nested-list-fanout", Category::Performance, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NestedListFanout {
    /// The maximum number of nested lists.
    max: usize,
}

impl Default for NestedListFanout {
    fn default() -> Self {
        Self { max: 2 }
    }
}

impl Rule for NestedListFanout {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        self.below(cx, SelectionSet::of_operation(cx.schema, operation), &mut Vec::new());
    }

    fn fragment<'a>(&self, cx: &Cx<'a>, fragment: &'a Node<FragmentDefinition>) {
        self.below(cx, SelectionSet::of_fragment(fragment), &mut Vec::new());
    }
}

impl NestedListFanout {
    fn below<'a>(&self, cx: &Cx<'a>, set: SelectionSet<'a>, lists: &mut Vec<&'a str>) {
        for selected in set.members() {
            match selected {
                Selected::Field(selected) => self.field(cx, selected, lists),
                Selected::Inline { below, .. } => self.below(cx, below, lists),
                Selected::Spread(_) => {}
            }
        }
    }

    fn field<'a>(&self, cx: &Cx<'a>, selected: SelectedField<'a>, lists: &mut Vec<&'a str>) {
        let SelectedField { field, parent } = selected;
        if cx.schema.is_client_field(parent, field) {
            return;
        }
        let Some((parent, of)) = parent.zip(selected.definition(cx.schema)) else { return };
        let is_sized = field.arguments.iter().any(|one| matches!(one.name.as_str(), "first" | "last" | "limit"));
        // The page size of a connection limits its list.
        let is_unlimited = of.ty.is_list() && !is_sized && !is_connection_name(parent);
        let counts = is_unlimited && cx.schema.is_composite(of.ty.inner_named_type());
        if counts {
            lists.push(&field.name);
            if lists.len() == self.max + 1 {
                let way: Vec<String> = lists.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("nested lists without a size argument: {}", way.join(" × "));
                cx.say(cx.finding(cx.name(&field.name), message));
            }
        }
        self.below(cx, selected.below(Some(of)), lists);
        if counts {
            lists.pop();
        }
    }
}
