//! `strict-id-in-types`

use super::prelude::*;

pub const ENTRY: Entry = entry::<StrictIdInTypes>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds object types that do not have exactly one identifier.",
    why: "Normalised caches need the identity of objects. Root operation types need no identifier.",
    ..meta!("strict-id-in-types", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StrictIdInTypes {
    /// The names of identifier fields.
    accepted_id_names: Vec<String>,
    /// The types of identifiers, which must be non-null.
    accepted_id_types: Vec<String>,
    /// Object types without an identifier.
    exceptions: Exceptions,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Exceptions {
    /// Type names.
    types: Vec<String>,
    /// Suffixes of type names.
    suffixes: Vec<String>,
}

impl Rule for StrictIdInTypes {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl Default for StrictIdInTypes {
    fn default() -> Self {
        Self {
            accepted_id_names: vec!["id".to_owned()],
            accepted_id_types: vec!["ID".to_owned()],
            exceptions: Exceptions::default(),
        }
    }
}

impl StrictIdInTypes {
    fn is_identifier(&self, field: &FieldDefinition) -> bool {
        let Type::NonNullNamed(ty) = &field.ty else { return false };
        let is_in = |list: &[String], name: &str| list.iter().any(|one| one == name);
        is_in(&self.accepted_id_names, &field.name) && is_in(&self.accepted_id_types, ty)
    }

    fn needs_none(&self, cx: &SchemaContext<'_>, name: &str) -> bool {
        cx.system.roots().any(|root| root == name)
            || self.exceptions.types.iter().any(|one| one == name)
            || self.exceptions.suffixes.iter().any(|one| name.ends_with(one.as_str()))
    }
}

impl SchemaRule for StrictIdInTypes {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let name = definition.text();
        if !definition.is_object() || definition.is_extension || self.needs_none(cx, name) {
            return;
        }
        let count = definition.fields.iter().filter(|field| self.is_identifier(field)).count();
        if count != 1 {
            let expected = format!(
                "a field {} of the type {}",
                self.accepted_id_names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "),
                self.accepted_id_types.iter().map(|ty| format!("`{ty}!`")).collect::<Vec<_>>().join(" or "),
            );
            cx.report(definition.name, format!("`{name}` has {count} identifiers; expected one: {expected}"));
        }
    }
}
