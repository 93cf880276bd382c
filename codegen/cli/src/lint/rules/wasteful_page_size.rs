//! `wasteful-page-size`

use super::connections::{is_connection, is_followed, sizes};
use super::prelude::*;

pub const ENTRY: Entry = entry::<WastefulPageSize>(Meta {
    what: "Finds lists that are read page by page in small pages of a fixed size.",
    why: "Every page is a request, and requests are limited: at 20 a second, pages of 10 are 200 items a second, pages of \
          100 are 2,000.",
    ..meta!("wasteful-page-size", Category::Performance, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WastefulPageSize {
    /// The smallest page that is not wasteful.
    min: i64,
}

impl Default for WastefulPageSize {
    fn default() -> Self {
        Self { min: 50 }
    }
}

impl Rule for WastefulPageSize {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, _: &Place<'a>) {
        if !of.is_some_and(|of| is_connection(cx, of)) || !is_followed(field) {
            return;
        }
        for size in sizes(field) {
            if let Some(value) = size.value.to_i32().filter(|value| i64::from(*value) < self.min) {
                let place = cx.documents.place(&size.value);
                let finding = cx.finding(place, format!("every page of {value} is a request of its own"));
                cx.say(finding.help(format!("ask for {} or more, or make the size a variable", self.min)));
            }
        }
    }
}
