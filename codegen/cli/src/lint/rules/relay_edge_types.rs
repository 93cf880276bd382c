//! `relay-edge-types`

use super::prelude::*;
use crate::convention::connection::{CURSOR, EDGES, NODE, is_connection_name, is_edge_name};

pub const ENTRY: Entry = entry::<RelayEdgeTypes>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds edge types that do not follow the Relay connection specification.",
    why: "An edge is an object type with a field `node`, which is not a list, and a scalar field `cursor`. \
          An edge type is the type of the items in `edges` of a connection.",
    ..meta!("relay-edge-types", Category::Correctness, Reads::Schema)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RelayEdgeTypes {
    /// Whether names of edge types must end with `Edge`.
    with_edge_suffix: bool,
    /// Whether the type of `node`, if it is an object type, must implement `Node`.
    should_implement_node: bool,
    /// Whether fields may return only lists of edge types.
    list_type_can_wrap_only_edge_type: bool,
}

impl Rule for RelayEdgeTypes {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl Default for RelayEdgeTypes {
    fn default() -> Self {
        Self { with_edge_suffix: true, should_implement_node: true, list_type_can_wrap_only_edge_type: true }
    }
}

impl SchemaRule for RelayEdgeTypes {
    fn definition<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let name = definition.text();
        if !definition.is_object() || !cx.system.edge_types().contains(name) {
            return;
        }
        self.node(cx, definition);
        cursor(cx, definition);
        if self.with_edge_suffix && !is_edge_name(name) {
            cx.report(definition.name, format!("the name of the edge type `{name}` should end with `Edge`"));
        }
    }

    fn field<'a>(&self, cx: &SchemaContext<'a>, of: &'a TypeDefinition<'a>, field: &'a Node<FieldDefinition>) {
        let item = field.ty.inner_named_type();
        let is_edges = of.is_object() && is_connection_name(of.text()) && field.name == EDGES;
        if is_edges && cx.system.kind(item) != Some(Kind::Object) {
            cx.report(Some(item), format!("the edge type `{item}` should be an object type"));
        }
        if self.list_type_can_wrap_only_edge_type && field.ty.is_list() && !cx.system.edge_types().contains(&**item) {
            let message = format!("`{}.{}` is a list of `{item}`, which is not an edge type", of.text(), field.name);
            cx.say(cx.finding(cx.type_span(&field.ty), message));
        }
    }
}

impl RelayEdgeTypes {
    fn node<'a>(&self, cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
        let name = definition.text();
        let Some(node) = definition.field(NODE) else {
            cx.report(definition.name, format!("the edge type `{name}` lacks the field `node`"));
            return;
        };
        if node.ty.is_list() {
            cx.report(Some(&node.name), format!("`{name}.node` should not be a list"));
        } else if self.should_implement_node {
            let ty = node.ty.inner_named_type();
            let parts = cx.system.types.get(ty.as_str()).filter(|_| cx.system.kind(ty) == Some(Kind::Object));
            if parts.is_some_and(|ty| !ty.parts.iter().flat_map(|part| part.names).any(|name| name == "Node")) {
                cx.report(definition.name, format!("the type `{ty}` of `{name}.node` should implement `Node`"));
            }
        }
    }
}

fn cursor<'a>(cx: &SchemaContext<'a>, definition: &'a TypeDefinition<'a>) {
    let name = definition.text();
    match definition.field(CURSOR) {
        None => cx.report(definition.name, format!("the edge type `{name}` lacks the field `cursor`")),
        Some(cursor) if cursor.ty.is_list() || cx.system.kind(cursor.ty.inner_named_type()) != Some(Kind::Scalar) => {
            cx.report(Some(&cursor.name), format!("the type of `{name}.cursor` should be `String` or another scalar"));
        }
        Some(_) => {}
    }
}
