//! `require-type-pattern-with-oneof`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireTypePatternWithOneof>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds object types with `@oneOf` that lack the fields `ok` and `error`.",
    why: "The result pattern has one field for success and one for failure. \
          The specification allows `@oneOf` only on input objects, so this rule is for servers that define the directive themselves.",
    ..meta!("require-type-pattern-with-oneof", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireTypePatternWithOneof {}

impl Rule for RequireTypePatternWithOneof {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RequireTypePatternWithOneof {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let is_one_of = definition.directives.iter().any(|directive| directive.name == "oneOf");
        if !definition.is_object() || definition.is_extension || !is_one_of {
            return;
        }
        for name in ["error", "ok"].into_iter().filter(|name| definition.field(name).is_none()) {
            cx.report(definition.name, format!("`{}` has `@oneOf` but lacks the field `{name}`", definition.text()));
        }
    }
}
