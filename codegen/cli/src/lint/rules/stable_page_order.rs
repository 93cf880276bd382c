//! `stable-page-order`

use super::connections::{is_connection, is_followed};
use super::prelude::*;

pub const ENTRY: Entry = entry::<StablePageOrder>(Meta {
    what: "Finds paginated lists without an order argument that the field supports.",
    why: "Without a fixed order, items can move between two pages, so that some appear twice and others never.",
    ..meta!("stable-page-order", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StablePageOrder {
    /// The names of arguments that set an order.
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
            let message = format!("`{}` is paginated without an order", field.name);
            cx.say(cx.finding(cx.name(&field.name), message).help(format!("set `{}: …`", taken.name)));
        }
    }
}
