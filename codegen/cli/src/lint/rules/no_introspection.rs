//! `no-introspection`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoIntrospection>(Meta {
    known_as: &["graphql-js/NoSchemaIntrospectionCustomRule"],
    what: "Finds operations that query the schema.",
    why: "Production servers often disable introspection, and code generated from a schema does not need it.",
    ..meta!("no-introspection", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoIntrospection {}

impl Rule for NoIntrospection {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, _: &Place<'a>) {
        let leads_there = of.is_some_and(|of| of.ty.inner_named_type().starts_with("__"));
        if leads_there || matches!(field.name.as_str(), "__schema" | "__type") {
            cx.say(cx.finding(cx.name(&field.name), format!("`{}` queries the schema", field.name)));
        }
    }
}
