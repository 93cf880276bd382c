//! `no-unused-fields`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoUnusedFields>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds fields that no document of the project selects.",
    why: "If one repository contains the schema and all of its clients, such a field can be removed. \
          The rule does not run if only some documents are linted, or if there are none.",
    ..meta!("no-unused-fields", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoUnusedFields {
    /// Regular expressions for schema coordinates (`Type.field`) that may be unused.
    ignore: Vec<Pattern>,
}

impl Rule for NoUnusedFields {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoUnusedFields {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let Some(used) = cx.used else { return };
        if used.contains(cx.system, of.text(), &field.name) {
            return;
        }
        let coordinate = format!("{}.{}", of.text(), field.name);
        if !self.ignore.iter().any(|pattern| pattern.is_match(&coordinate)) {
            cx.report(Some(&field.name), format!("no document selects `{coordinate}`"));
        }
    }
}
