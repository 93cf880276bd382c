//! `wasteful-page-size`

use super::connections::{is_connection, is_followed, sizes};
use super::prelude::*;

pub const ENTRY: Entry = entry::<WastefulPageSize>(Meta {
    what: "Finds lists that are paginated with a small fixed page size.",
    why: "Every page takes a request, and requests are limited: at 20 a second, pages of 10 yield 200 items a second, pages of \
          100 yield 2,000.",
    ..meta!("wasteful-page-size", Category::Performance, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WastefulPageSize {
    /// The minimum page size.
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
                let finding = cx.finding(place, format!("pages of {value} take many requests"));
                cx.say(finding.help(format!("request {} or more, or make the size a variable", self.min)));
            }
        }
    }
}
