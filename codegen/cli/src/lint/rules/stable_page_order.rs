//! `stable-page-order`

use super::connections::{is_connection, is_followed};
use super::prelude::*;

pub const ENTRY: Entry = entry::<StablePageOrder>(Meta {
    what: "Finds lists that are read page by page without an order, where the field takes one.",
    why: "If nothing fixes the order, items can change their places between two pages: some come twice, and some never.",
    ..meta!("stable-page-order", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StablePageOrder {
    /// Names of arguments that set an order.
    arguments: Vec<String>,
}

impl Default for StablePageOrder {
    fn default() -> Self {
        Self { arguments: ["orderBy", "sortBy", "sort", "order"].map(str::to_owned).to_vec() }
    }
}

impl Rule for StablePageOrder {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, _: &Place<'a>) {
        let Some(of) = of.filter(|of| is_connection(cx, of) && is_followed(field)) else { return };
        let is_order = |name: &str| self.arguments.iter().any(|one| one == name);
        let Some(taken) = of.arguments.iter().find(|argument| is_order(&argument.name)) else { return };
        if !field.arguments.iter().any(|argument| is_order(&argument.name)) {
            let message = format!("the pages of `{}` have no order", field.name);
            cx.say(cx.finding(cx.name(&field.name), message).help(format!("give `{}: …`", taken.name)));
        }
    }
}
