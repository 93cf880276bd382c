//! `require-page-info`

use super::connections::{is_connection, is_variable};
use super::prelude::*;
use crate::convention::connection::{CURSOR, DIRECTIONS, Direction, EDGES, PAGE_INFO};

pub const ENTRY: Entry = entry::<RequirePageInfo>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Unsafe,
    what: "Finds paginated connections that do not select the `pageInfo` fields for the next page.",
    why: "Without `pageInfo { hasNextPage endCursor }`, a client cannot detect or request the next page.",
    ..meta!("require-page-info", Category::Correctness, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequirePageInfo {}

impl Rule for RequirePageInfo {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, _: &Place<'a>) {
        let Some(of) = of.filter(|of| is_connection(cx, of)) else { return };
        let directions = DIRECTIONS.iter().filter(|direction| is_variable(field, direction.cursor));
        // With both arguments, the direction is unknown.
        let [Direction { has_more, next, .. }] = directions.collect::<Vec<_>>()[..] else { return };
        let ty = of.ty.inner_named_type();
        if !cx.has_field(ty, PAGE_INFO.0) {
            return;
        }
        let collected = cx.collect(SelectionSet { owner: Owner::Field(field), parent: Some(ty) });
        let named = |name: &'static str| collected.iter().filter(move |one| one.selected.field.name == name);
        let below = |one: &context::Collected<'a>| cx.documents.fields(one.selected.below(None));
        let selects =
            |name: &str| named(PAGE_INFO.0).any(|info| below(info).any(|selected| selected.field.name == name));
        // The cursor of an edge can also be used for the next page.
        let has_edge_cursor = named(EDGES).any(|edges| below(edges).any(|selected| selected.field.name == CURSOR));
        let missing: Vec<&str> =
            [*has_more, *next].into_iter().filter(|name| !(selects(name) || name == next && has_edge_cursor)).collect();
        // An unrelated type of that name may have other fields.
        let info = cx.schema.field(ty, PAGE_INFO.0).map(|info| info.ty.inner_named_type().as_str()).unwrap_or_default();
        if missing.is_empty() || !missing.iter().all(|name| cx.has_field(info, name)) {
            return;
        }
        let message =
            format!("`{}` is paginated but does not select `pageInfo {{ {} }}`", field.name, missing.join(" "));
        let fix = match named(PAGE_INFO.0).find(|info| info.through.is_none()) {
            Some(info) => cx.insertion(Owner::Field(info.selected.field), &missing.join(" "), Safety::Unsafe),
            None => cx.insertion(Owner::Field(field), &format!("pageInfo {{ {} }}", missing.join(" ")), Safety::Unsafe),
        };
        cx.say(cx.finding(cx.name(&field.name), message).fix(fix));
    }
}
