//! Helpers of rules about paginated lists (Relay's "GraphQL Cursor Connections").

use super::prelude::*;
use crate::schema::Wanted;

/// The arguments for the size of a page.
pub const SIZES: [&str; 2] = ["first", "last"];
/// The arguments for the start of a page.
pub const CURSORS: [&str; 2] = ["after", "before"];

/// Adds the names that identify a connection.
pub fn wants(wanted: &mut Wanted) {
    wanted.fields.extend(
        ["pageInfo", "edges", "nodes", "hasNextPage", "hasPreviousPage", "endCursor", "startCursor"].map(str::to_owned),
    );
    wanted.arguments.extend(SIZES.iter().chain(&CURSORS).map(|name| (*name).to_owned()));
}

/// Returns true if a field returns a page: its type is a connection, and it has an argument for the page size.
pub fn is_connection(cx: &Cx<'_>, of: &FieldDefinition) -> bool {
    let ty = of.ty.inner_named_type();
    let is_named = ty.ends_with("Connection") || cx.has_field(ty, "pageInfo");
    is_named
        && (cx.has_field(ty, "edges") || cx.has_field(ty, "nodes"))
        && of.arguments.iter().any(|argument| SIZES.contains(&argument.name.as_str()))
}

/// Returns an argument of a field.
pub fn argument<'f>(field: &'f Field, name: &str) -> Option<&'f Node<Argument>> {
    field.arguments.iter().find(|argument| argument.name == name)
}

/// Returns true if the start of the page is a variable.
pub fn is_followed(field: &Field) -> bool {
    CURSORS.iter().any(|name| argument(field, name).is_some_and(|one| matches!(&*one.value, Value::Variable(_))))
}
