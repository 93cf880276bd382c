//! `require-nullable-fields-with-oneof`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireNullableFieldsWithOneof>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds non-null fields of types with `@oneOf`.",
    why: "Exactly one of the fields is set, so each of them may be absent (specification, 3.10).",
    ..meta!("require-nullable-fields-with-oneof", Category::Correctness, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireNullableFieldsWithOneof {}

impl Rule for RequireNullableFieldsWithOneof {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RequireNullableFieldsWithOneof {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let is_one_of = definition.directives.iter().any(|directive| directive.name == "oneOf");
        let has_fields = matches!(definition.kind, Kind::Object | Kind::InputObject);
        if definition.is_extension || !is_one_of || !has_fields {
            return;
        }
        let fields = definition.fields.iter().map(|field| Element::field(definition, field));
        let inputs = definition.inputs.iter().map(|input| Element::input(definition, None, input));
        for field in fields.chain(inputs).filter(|field| field.ty.is_some_and(Type::is_non_null)) {
            cx.report(field.name, format!("{} should be nullable, since its type has `@oneOf`", field.coordinate()));
        }
    }
}
