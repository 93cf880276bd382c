//! `no-scalar-result-type-on-mutation`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoScalarResultTypeOnMutation>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds mutations that return a scalar.",
    why: "An object type can return the new state and errors, and can get more fields later; a scalar cannot.",
    ..meta!("no-scalar-result-type-on-mutation", Category::Style, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoScalarResultTypeOnMutation {}

impl Rule for NoScalarResultTypeOnMutation {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoScalarResultTypeOnMutation {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let ty = field.ty.inner_named_type();
        let is_mutation = of.is_object() && cx.system.root(OperationType::Mutation) == Some(of.text());
        if is_mutation && cx.system.kind(ty) == Some(Kind::Scalar) {
            cx.report(Some(ty), format!("the mutation `{}` returns the scalar `{ty}`", field.name));
        }
    }
}
