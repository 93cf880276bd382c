//! `no-unreachable-types`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoUnreachableTypes>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds types and directives that no request can use.",
    why: "A type that cannot be reached from the root operation types is a leftover or was never connected. It only bloats the schema.",
    ..meta!("no-unreachable-types", Category::Suspicious, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoUnreachableTypes {}

impl Rule for NoUnreachableTypes {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoUnreachableTypes {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let (name, reachable) = (definition.text(), cx.system.reachable());
        let is_reached = match definition.kind {
            Kind::Schema => true,
            Kind::Directive => reachable.directives.contains(name),
            _ => reachable.types.contains(name),
        };
        if !is_reached {
            let message = format!(
                "the {} {} is unreachable",
                kind_name(definition.kind),
                Element::definition(definition).coordinate()
            );
            cx.report(definition.name, message);
        }
    }
}
