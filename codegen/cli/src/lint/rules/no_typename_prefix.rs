//! `no-typename-prefix`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoTypenamePrefix>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds fields whose name begins with the name of their type.",
    why: "`user { userName }` repeats `user`.",
    ..meta!("no-typename-prefix", Category::Style, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoTypenamePrefix {}

impl Rule for NoTypenamePrefix {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoTypenamePrefix {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let ty = of.text();
        let prefix = field.name.get(..ty.len());
        if prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(ty)) {
            cx.report(Some(&field.name), format!("the name of `{ty}.{}` begins with the name of its type", field.name));
        }
    }
}
