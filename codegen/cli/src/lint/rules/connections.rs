//! What rules about [connections](crate::convention::connection) share.

use super::prelude::*;
use crate::convention::connection::{self, DIRECTIONS};

/// True if a field gives a page of a list: its type is a connection, and it takes the size of the page.
pub fn is_connection(cx: &Cx<'_>, of: &FieldDefinition) -> bool {
    let ty = of.ty.inner_named_type();
    connection::is_connection(ty, |name| cx.has_field(ty, name)) && connection::takes_size(of)
}

/// An argument of a field.
pub fn argument<'f>(field: &'f Field, name: &str) -> Option<&'f Node<Argument>> {
    field.arguments.iter().find(|argument| argument.name == name)
}

/// True if an argument of a field is given as a variable.
pub fn is_variable(field: &Field, name: &str) -> bool {
    argument(field, name).is_some_and(|one| matches!(&*one.value, Value::Variable(_)))
}

/// The arguments of a field with the size of a page.
pub fn sizes(field: &Field) -> impl Iterator<Item = &Node<Argument>> {
    DIRECTIONS.iter().filter_map(|direction| argument(field, direction.size))
}

/// True if a page is asked for by its place, with a variable.
pub fn is_followed(field: &Field) -> bool {
    DIRECTIONS.iter().any(|direction| is_variable(field, direction.cursor))
}
