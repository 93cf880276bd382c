//! Lists that are read in pages: connections, from Relay's "GraphQL Cursor Connections Specification".
//!
//! Schemas follow it more or less: some have `nodes` beside or instead of `edges`, some have one direction.

use apollo_compiler::ast::FieldDefinition;

/// A way through the pages of a list.
#[derive(Debug)]
pub struct Direction {
    /// The argument with the size of a page.
    pub size: &'static str,
    /// The argument with the cursor at which a page begins.
    pub cursor: &'static str,
    /// The field of `PageInfo` that is true if there are more pages.
    pub has_more: &'static str,
    /// The field of `PageInfo` with the cursor of the next page.
    pub next: &'static str,
}

/// From the first page on.
pub const FORWARD: Direction = Direction { size: "first", cursor: "after", has_more: "hasNextPage", next: "endCursor" };
/// From the last page back.
pub const BACKWARD: Direction =
    Direction { size: "last", cursor: "before", has_more: "hasPreviousPage", next: "startCursor" };
/// Both directions.
pub const DIRECTIONS: [&Direction; 2] = [&FORWARD, &BACKWARD];

/// The field of a connection that leads on, and the name of its type.
pub const PAGE_INFO: (&str, &str) = ("pageInfo", "PageInfo");
/// The field of a connection with the edges.
pub const EDGES: &str = "edges";
/// The field of a connection with the nodes themselves.
pub const NODES: &str = "nodes";
/// The field of an edge with the node.
pub const NODE: &str = "node";
/// The field of an edge with its cursor.
pub const CURSOR: &str = "cursor";

/// True if a type is a connection by its name.
pub fn is_connection_name(ty: &str) -> bool {
    ty.ends_with("Connection")
}

/// True if a type is an edge by its name.
pub fn is_edge_name(ty: &str) -> bool {
    ty.ends_with("Edge")
}

/// True if a field of a connection is one of the lists whose length is the size of the page.
pub fn is_page_list(field: &str) -> bool {
    [EDGES, NODES].contains(&field)
}

/// True if a field takes the size of a page.
pub fn takes_size(field: &FieldDefinition) -> bool {
    DIRECTIONS.iter().any(|direction| field.argument_by_name(direction.size).is_some())
}

/// True if a type is a connection by its name or its fields.
pub fn is_connection(ty: &str, has_field: impl Fn(&str) -> bool) -> bool {
    (is_connection_name(ty) || has_field(PAGE_INFO.0)) && [EDGES, NODES].into_iter().any(has_field)
}
