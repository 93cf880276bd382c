//! `input-name`

use super::prelude::*;

pub const ENTRY: Entry = entry::<InputName>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds mutation arguments that are not named `input`, and optionally input types that are not named after the mutation.",
    why: "A single `input` argument makes all mutations look alike, and input types easy to find.",
    ..meta!("input-name", Category::Style, Reads::Schema)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct InputName {
    /// Whether the type of the argument must be named after the field: `renameUser` takes a `renameUserInput`.
    check_input_type: bool,
    /// Whether the case of the first letter of the type's name matters.
    case_sensitive_input_type: bool,
    /// Whether fields of the query type are checked.
    check_queries: bool,
    /// Whether fields of the mutation type are checked.
    check_mutations: bool,
}

impl Rule for InputName {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl Default for InputName {
    fn default() -> Self {
        Self { check_input_type: false, case_sensitive_input_type: true, check_queries: false, check_mutations: true }
    }
}

impl InputName {
    fn looks_at(&self, cx: &SchemaContext<'_>, of: &TypeDefinition<'_>) -> bool {
        let is = |operation: OperationType| cx.system.root(operation) == Some(of.text());
        self.check_mutations && is(OperationType::Mutation) || self.check_queries && is(OperationType::Query)
    }
}

impl SchemaRule for InputName {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        if !self.looks_at(cx, of) {
            return;
        }
        for argument in &field.arguments {
            let name = &argument.name;
            if name != "input" {
                let message =
                    format!("the argument `{name}` of `{}.{}` should be named `input`", of.text(), field.name);
                cx.report(Some(name), message);
            }
            let (ty, expected) = (argument.ty.inner_named_type(), format!("{}Input", field.name));
            let is_other = match self.case_sensitive_input_type {
                true => ty.as_str() != expected,
                false => !ty.eq_ignore_ascii_case(&expected),
            };
            if self.check_input_type && is_other {
                cx.report(Some(ty), format!("the input type `{ty}` should be named `{expected}`"));
            }
        }
    }
}
