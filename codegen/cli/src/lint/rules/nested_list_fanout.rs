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
        let root = cx.schema.root(operation.operation_type).map(|name| name.as_str());
        self.below(cx, root, &operation.selection_set, &mut Vec::new());
    }

    fn fragment<'a>(&self, cx: &Cx<'a>, fragment: &'a Node<FragmentDefinition>) {
        self.below(cx, Some(&fragment.type_condition), &fragment.selection_set, &mut Vec::new());
    }
}

impl NestedListFanout {
    fn below<'a>(&self, cx: &Cx<'a>, parent: Option<&'a str>, selections: &'a [Selection], lists: &mut Vec<&'a str>) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    if cx.schema.is_client_field(parent, field) {
                        continue;
                    }
                    let Some(of) = parent.and_then(|parent| cx.schema.field(parent, &field.name)) else { continue };
                    let ty = of.ty.inner_named_type();
                    let is_sized =
                        field.arguments.iter().any(|one| matches!(one.name.as_str(), "first" | "last" | "limit"));
                    // The page size of a connection limits its list.
                    let is_page = parent.is_some_and(is_connection_name);
                    let counts = of.ty.is_list() && cx.schema.is_composite(ty) && !is_sized && !is_page;
                    if counts {
                        lists.push(&field.name);
                        if lists.len() == self.max + 1 {
                            let way: Vec<String> = lists.iter().map(|name| format!("`{name}`")).collect();
                            let message = format!("nested lists without a size argument: {}", way.join(" × "));
                            cx.say(cx.finding(cx.name(&field.name), message));
                        }
                    }
                    self.below(cx, Some(ty), &field.selection_set, lists);
                    if counts {
                        lists.pop();
                    }
                }
                Selection::InlineFragment(inline) => {
                    let parent = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    self.below(cx, parent, &inline.selection_set, lists);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}
