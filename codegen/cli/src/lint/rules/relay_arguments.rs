//! `relay-arguments`

use super::prelude::*;
use crate::convention::connection::{DIRECTIONS, Direction, is_connection_name};

pub const ENTRY: Entry = entry::<RelayArguments>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds fields that return a connection and lack pagination arguments, or whose pagination arguments have the wrong type.",
    why: "Clients such as Relay paginate every connection with `first` and `after`, or `last` and `before`. \
          The types are those of the Relay connection specification: `Int`, and `String` or another scalar.",
    ..meta!("relay-arguments", Category::Correctness, Reads::Schema)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RelayArguments {
    /// Whether fields need the arguments for both directions.
    include_both: bool,
}

impl Rule for RelayArguments {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl Default for RelayArguments {
    fn default() -> Self {
        Self { include_both: true }
    }
}

impl SchemaRule for RelayArguments {
    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        if !is_connection_name(field.ty.inner_named_type()) {
            return;
        }
        let has = |name: &str| field.argument_by_name(name).is_some();
        if !DIRECTIONS.iter().any(|direction| has(direction.size) && has(direction.cursor)) {
            let message = format!(
                "`{}.{}` returns a connection but lacks the arguments `first` and `after`, or `last` and `before`",
                of.text(),
                field.name
            );
            cx.report(Some(&field.name), message);
            return;
        }
        for Direction { size, cursor, .. } in DIRECTIONS {
            if self.include_both || has(size) || has(cursor) {
                check(cx, of, field, size, "`Int`", |ty| ty == "Int");
                check(cx, of, field, cursor, "`String` or another scalar", |ty| {
                    cx.system.kind(ty) == Some(Kind::Scalar)
                });
            }
        }
    }
}

/// Reports an argument that is missing or has the wrong type.
fn check<'a>(
    cx: &SchemaContext<'a>,
    of: &'a TypeDefinition<'a>,
    field: &'a FieldDefinition,
    name: &str,
    expected: &str,
    fits: impl Fn(&str) -> bool,
) {
    let coordinate = format!("{}.{}", of.text(), field.name);
    match field.argument_by_name(name) {
        None => {
            let message = format!("`{coordinate}` lacks the argument `{name}`; expected {expected}");
            cx.report(Some(&field.name), message);
        }
        Some(argument) if argument.ty.is_list() || !fits(argument.ty.inner_named_type()) => {
            cx.report(Some(&argument.name), format!("the type of `{coordinate}({name}:)` should be {expected}"));
        }
        Some(_) => {}
    }
}
