//! `unique-enum-value-names`

use super::prelude::*;
use rustc_hash::FxHashMap;

pub const ENTRY: Entry = entry::<UniqueEnumValueNames>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds enum values that differ only by case.",
    why: "In many languages, both would have the same name.",
    ..meta!("unique-enum-value-names", Category::Suspicious, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct UniqueEnumValueNames {}

impl Rule for UniqueEnumValueNames {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for UniqueEnumValueNames {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let mut seen: FxHashMap<String, &Name> = FxHashMap::default();
        for value in definition.values {
            let first = *seen.entry(value.value.to_ascii_lowercase()).or_insert(&value.value);
            if !std::ptr::eq(first, &raw const value.value) {
                let message = format!("`{}.{}` differs from `{first}` only by case", definition.text(), value.value);
                cx.report(Some(&value.value), message);
            }
        }
    }
}
