//! `require-nullable-result-in-root`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireNullableResultInRoot>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds non-null fields of the query and mutation types.",
    why: "If such a field fails, the response has no data at all. Lists are not reported.",
    ..meta!("require-nullable-result-in-root", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireNullableResultInRoot {}

impl Rule for RequireNullableResultInRoot {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RequireNullableResultInRoot {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let is_root = |operation: OperationType| cx.system.root(operation) == Some(of.text());
        if !of.is_object() || !(is_root(OperationType::Query) || is_root(OperationType::Mutation)) {
            return;
        }
        if let Type::NonNullNamed(_) = &field.ty {
            let message = format!("the type of `{}.{}` should be nullable", of.text(), field.name);
            cx.say(cx.finding(cx.type_span(&field.ty), message));
        }
    }
}
