//! `require-deprecation-reason`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireDeprecationReason>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds `@deprecated` without a reason.",
    why: "The reason names the replacement for clients; the default reason is useless.",
    ..meta!("require-deprecation-reason", Category::Suspicious, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireDeprecationReason {}

impl Rule for RequireDeprecationReason {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RequireDeprecationReason {
    fn directive<'a>(&self, cx: &SchemaContext<'a>, on: &Element<'a>, directive: &'a Node<Directive>) {
        if directive.name != "deprecated" {
            return;
        }
        let is_blank = match directive.specified_argument_by_name("reason").map(|value| &**value) {
            Some(Value::String(reason)) => reason.trim().is_empty(),
            given => given.is_none(),
        };
        if is_blank {
            cx.report(Some(&directive.name), format!("the deprecation of {} has no reason", on.coordinate()));
        }
    }
}
