//! What rules about lists in pages share (Relay's "GraphQL Cursor Connections").

use super::prelude::*;
use crate::schema::Wanted;

/// The arguments for the size of a page.
pub const SIZES: [&str; 2] = ["first", "last"];
/// The arguments for the place of a page.
pub const CURSORS: [&str; 2] = ["after", "before"];

/// The names that tell a connection.
pub fn wants(wanted: &mut Wanted) {
    wanted.fields.extend(
        ["pageInfo", "edges", "nodes", "hasNextPage", "hasPreviousPage", "endCursor", "startCursor"].map(str::to_owned),
    );
    wanted.arguments.extend(SIZES.iter().chain(&CURSORS).map(|name| (*name).to_owned()));
}

/// Returns true if a field gives a page of a list: its type is a connection, and it takes the size of the page.
pub fn is_connection(cx: &Cx<'_>, of: &FieldDefinition) -> bool {
    let ty = of.ty.inner_named_type();
    let is_named = ty.ends_with("Connection") || cx.has_field(ty, "pageInfo");
    is_named
        && (cx.has_field(ty, "edges") || cx.has_field(ty, "nodes"))
        && of.arguments.iter().any(|argument| SIZES.contains(&argument.name.as_str()))
}

/// An argument of a field.
pub fn argument<'f>(field: &'f Field, name: &str) -> Option<&'f Node<Argument>> {
    field.arguments.iter().find(|argument| argument.name == name)
}

/// Returns true if a page is asked for by its place, with a variable.
pub fn is_followed(field: &Field) -> bool {
    CURSORS.iter().any(|name| argument(field, name).is_some_and(|one| matches!(&*one.value, Value::Variable(_))))
}
