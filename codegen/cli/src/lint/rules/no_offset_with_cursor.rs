//! `no-offset-with-cursor`

use super::connections::argument;
use super::prelude::*;
use crate::convention::connection::DIRECTIONS;

pub const ENTRY: Entry = entry::<NoOffsetWithCursor>(Meta {
    what: "Finds fields that combine offset and cursor pagination.",
    why: "Servers differ in which of them takes precedence; pages may overlap or leave gaps.",
    ..meta!("no-offset-with-cursor", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoOffsetWithCursor {}

impl Rule for NoOffsetWithCursor {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, _: Option<&'a FieldDefinition>, _: &Place<'a>) {
        let offset = ["offset", "skip", "page"].iter().find_map(|name| argument(field, name));
        let cursor = DIRECTIONS.iter().find_map(|direction| argument(field, direction.cursor));
        if let (Some(offset), Some(cursor)) = (offset, cursor) {
            let message = format!("`{}` and `{}` both set the start of the page", offset.name, cursor.name);
            cx.say(cx.finding(cx.name(&offset.name), message).also(cx.name(&cursor.name), ""));
        }
    }
}
