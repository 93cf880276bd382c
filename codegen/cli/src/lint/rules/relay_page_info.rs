//! `relay-page-info`

use super::prelude::*;
use crate::convention::connection::{BACKWARD, Direction, FORWARD, PAGE_INFO};

pub const ENTRY: Entry = entry::<RelayPageInfo>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds schemas whose `PageInfo` is missing or does not follow the Relay connection specification.",
    why: "Clients request pages until `hasNextPage` or `hasPreviousPage` is false, and continue from `endCursor` or `startCursor`.",
    ..meta!("relay-page-info", Category::Correctness, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RelayPageInfo {}

impl Rule for RelayPageInfo {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RelayPageInfo {
    fn file(&self, cx: &SchemaContext<'_>) {
        // Report a missing type once, not for every file.
        if cx.is_first && !cx.system.types.contains_key(PAGE_INFO.1) {
            cx.say(cx.finding(Some(cx.span(0..0)), "the schema lacks the type `PageInfo`"));
        }
    }

    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        if definition.text() != PAGE_INFO.1 || definition.kind == Kind::Directive {
            return;
        }
        if !definition.is_object() {
            cx.report(definition.name, "`PageInfo` should be an object type");
            return;
        }
        if definition.is_extension {
            return;
        }
        let is_flag = |ty: &Type| matches!(ty, Type::NonNullNamed(name) if name == "Boolean");
        let is_cursor = |ty: &Type| matches!(ty, Type::Named(name) if cx.system.kind(name) == Some(Kind::Scalar));
        for Direction { has_more: name, .. } in [BACKWARD, FORWARD] {
            check(cx, definition, name, "`Boolean!`", is_flag);
        }
        for Direction { next: name, .. } in [BACKWARD, FORWARD] {
            check(cx, definition, name, "a nullable `String` or another nullable scalar", is_cursor);
        }
    }
}

fn check<'a>(
    cx: &SchemaContext<'a>,
    definition: &'a TypeDefinition<'a>,
    name: &str,
    expected: &str,
    fits: impl Fn(&Type) -> bool,
) {
    match definition.field(name) {
        None => {
            cx.report(definition.name, format!("`PageInfo` lacks the field `{name}`, whose type should be {expected}"))
        }
        Some(field) if !fits(&field.ty) => {
            cx.report(Some(&field.name), format!("the type of `PageInfo.{name}` should be {expected}"));
        }
        Some(_) => {}
    }
}
