//! `require-field-of-type-query-in-mutation-result`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireFieldOfTypeQueryInMutationResult>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds mutations whose payload has no field of the query type.",
    why: "With such a field, a client can fetch related changes in the same request as the mutation. Only object types are checked.",
    ..meta!("require-field-of-type-query-in-mutation-result", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireFieldOfTypeQueryInMutationResult {}

impl Rule for RequireFieldOfTypeQueryInMutationResult {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for RequireFieldOfTypeQueryInMutationResult {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let is_mutation = of.is_object() && cx.system.root(OperationType::Mutation) == Some(of.text());
        let Some(query) = cx.system.root(OperationType::Query).filter(|_| is_mutation) else { return };
        let result = field.ty.inner_named_type();
        let payload = cx.system.types.get(result.as_str()).filter(|ty| ty.kind() == Some(Kind::Object));
        if payload.is_some_and(|ty| !ty.fields().any(|field| field.ty.inner_named_type() == query)) {
            let message = format!("`{result}`, which `{}` returns, has no field of the type `{query}`", field.name);
            cx.report(Some(result), message);
        }
    }
}
