//! `no-root-type`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoRootType>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds root operation types that the project forbids.",
    why: "Forbid mutations on a read-only server, or subscriptions on a server without streaming.",
    ..meta!("no-root-type", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoRootType {
    /// The operations whose root types are forbidden.
    disallow: Vec<Operation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Operation {
    /// The mutation type.
    Mutation,
    /// The subscription type.
    Subscription,
}

impl Rule for NoRootType {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoRootType {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let mut operations = self.disallow.iter().map(|operation| match operation {
            Operation::Mutation => OperationType::Mutation,
            Operation::Subscription => OperationType::Subscription,
        });
        let name = definition.text();
        if definition.is_object() && operations.any(|operation| cx.system.root(operation) == Some(name)) {
            cx.report(definition.name, format!("the root operation type `{name}` is forbidden"));
        }
    }
}
