//! Operations that ask for a page of a connection (Relay's "GraphQL Cursor Connections").
//!
//! First the connection is found in the document: the one field, reached without passing through a list, whose `after` or
//! `before` is a variable and that selects what is needed to go on. Then the ways to it in the generated types are
//! looked up; where they lead through an enum, or through what a directive may leave out, there is no pagination.

use super::lower::Lowerer;
use super::{ArmsPlace, Definition, Fragment, FragmentId, InputField, Leaf, Presence, Shape, ShapePath, ShapeRef, Ty};
use crate::convention::connection::{DIRECTIONS, Direction, EDGES, NODE, NODES, PAGE_INFO};
use crate::query::{SelectedField, SelectionSet};
use apollo_compiler::ast::{OperationDefinition, OperationType, Value};
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

/// How an operation goes from page to page.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination {
    /// The variable for the cursor: its Rust name, and whether it may be left out.
    pub cursor_variable: String,
    /// How it is left out.
    pub presence: Presence,
    /// From the data to the connection.
    pub connection: Vec<Step>,
    /// From there to the flag that there are more pages.
    pub has_more: Vec<Step>,
    /// From there to the cursor of the next page.
    pub cursor: Vec<Step>,
    /// How the cursor is kept.
    pub cursor_leaf: Leaf,
    /// From the connection to the list.
    pub items: Vec<Step>,
    /// True if items of the list can be null.
    pub nullable_items: bool,
    /// From an item to the node; nothing if the items are the nodes.
    pub node: Vec<Step>,
    /// The type of a node.
    pub node_shape: ShapePath,
}

/// A field on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its Rust name.
    pub field: String,
    /// True if it can be null.
    pub nullable: bool,
}

/// A connection in a document, by response keys.
struct Connection<'a> {
    way: Vec<&'a str>,
    variable: &'a Name,
    page_info: &'a str,
    has_more: &'a str,
    cursor: &'a str,
    items: &'a str,
    node: Option<&'a str>,
}

/// Where a way has come to.
struct Place<'d> {
    /// The definition that `shape` is of; none for that of the operation.
    fragment: Option<FragmentId>,
    ty: &'d Ty,
}

impl<'a> Lowerer<'a> {
    /// How an operation goes from page to page, once everything has its name.
    pub(super) fn pagination(
        &self,
        operation: &'a Node<OperationDefinition>,
        (root_shape, data): (ShapeRef, &Definition),
        variables: &[InputField],
        fragments: &[Fragment],
    ) -> Option<Pagination> {
        // Pages are sent one by one, and a subscription has no single response.
        if operation.operation_type == OperationType::Subscription {
            return None;
        }
        let root = self.schema.root(operation.operation_type)?;
        let fields: Vec<_> = self.documents.fields(SelectionSet::of_operation(self.schema, operation)).collect();
        let mut search = Search { way: Vec::new(), found: Vec::new(), left: MOST_FIELDS };
        self.connections(&fields, root, &mut search);
        let [connection] = search.found.as_slice() else { return None };
        let ways = Ways { data, fragments };
        let variable = variables.iter().find(|variable| variable.graphql == connection.variable.as_str())?;
        if !can_hold_text(&variable.ty) {
            return None;
        }
        let start = Place { fragment: None, ty: &Ty::Shape(root_shape) };
        let (way, place) = ways.along(&start, &connection.way)?;
        let (has_more, flag) = ways.along(&place, &[connection.page_info, connection.has_more])?;
        let (cursor, text) = ways.along(&place, &[connection.page_info, connection.cursor])?;
        let (items, list) = ways.along(&place, &[connection.items])?;
        let Ty::List(item) = list.ty else { return None };
        let (nullable_items, item) = without_null(item);
        let item = Place { fragment: list.fragment, ty: item };
        let (node, place) = match connection.node {
            Some(key) => ways.along(&item, &[key])?,
            None => (Vec::new(), item),
        };
        let (Ty::Leaf(Leaf::Boolean), Ty::Leaf(cursor_leaf)) = (flag.ty, text.ty) else { return None };
        let holds_text = matches!(cursor_leaf, Leaf::String | Leaf::Id | Leaf::Scalar(_));
        let Ty::Shape(shape) = place.ty else { return None };
        holds_text.then(|| Pagination {
            cursor_variable: variable.name.clone(),
            presence: variable.presence,
            connection: way,
            has_more,
            cursor,
            cursor_leaf: cursor_leaf.clone(),
            items,
            nullable_items,
            node,
            node_shape: ways.path(place.fragment, *shape),
        })
    }

    /// Looks for connections below some fields.
    fn connections(&self, fields: &[SelectedField<'a>], parent: &Name, search: &mut Search<'a>) {
        // Selection sets of one response key merge.
        let mut keys: IndexMap<&'a str, Vec<SelectedField<'a>>> = IndexMap::new();
        for field in fields {
            keys.entry(field.key()).or_default().push(*field);
        }
        for same in keys.values() {
            search.left = search.left.saturating_sub(same.len());
            let Some(field) = same.first().filter(|_| search.goes_on()) else { continue };
            let definition = self.schema.field(parent, &field.field.name);
            let Some(definition) = definition.filter(|of| !of.ty.is_list()) else { continue };
            let below = same.iter().flat_map(|other| self.below(*other));
            let below: Vec<SelectedField<'a>> = below.collect();
            if below.is_empty() {
                continue;
            }
            search.way.push(field.key());
            match connection(self, *field, &below, &search.way) {
                Some(connection) => search.found.push(connection),
                None => self.connections(&below, definition.ty.inner_named_type(), search),
            }
            search.way.pop();
        }
    }
}

/// Bounds of the search, since fragments that are spread in many places are walked in each. Connections nested deeper are
/// not paginated.
const MOST_FIELDS: usize = 10_000;
const MOST_LEVELS: usize = 12;

/// The state of looking for connections.
struct Search<'a> {
    way: Vec<&'a str>,
    found: Vec<Connection<'a>>,
    left: usize,
}

impl Search<'_> {
    fn goes_on(&self) -> bool {
        self.left > 0 && self.found.len() < 2 && self.way.len() < MOST_LEVELS
    }
}

fn connection<'a>(
    lowerer: &Lowerer<'a>,
    field: SelectedField<'a>,
    below: &[SelectedField<'a>],
    way: &[&'a str],
) -> Option<Connection<'a>> {
    let named =
        |fields: &[SelectedField<'a>], name: &str| fields.iter().find(|field| field.field.name == name).copied();
    let page_info = named(below, PAGE_INFO.0)?;
    let info: Vec<_> = lowerer.below(page_info).collect();
    let (variable, has_more, cursor) = DIRECTIONS.iter().find_map(|direction| {
        let Direction { cursor, has_more, next, .. } = direction;
        Some((variable(field, cursor)?, named(&info, has_more)?.key(), named(&info, next)?.key()))
    })?;
    let (items, node) = match (named(below, NODES), named(below, EDGES)) {
        (Some(nodes), _) => (nodes.key(), None),
        (None, Some(edges)) => {
            (edges.key(), Some(named(&lowerer.below(edges).collect::<Vec<_>>(), NODE)?.key().as_str()))
        }
        (None, None) => return None,
    };
    Some(Connection { way: way.to_vec(), variable, page_info: page_info.key(), has_more, cursor, items, node })
}

/// The variable that an argument of a field is given.
fn variable<'a>(field: SelectedField<'a>, argument: &str) -> Option<&'a Name> {
    let argument = field.field.arguments.iter().find(|given| given.name == argument)?;
    match argument.value.as_ref() {
        Value::Variable(name) => Some(name),
        _ => None,
    }
}

/// The generated types that ways lead through.
struct Ways<'d> {
    data: &'d Definition,
    fragments: &'d [Fragment],
}

impl<'d> Ways<'d> {
    /// Follows response keys. Nulls on the way are noted in the steps; those of the last one too.
    fn along(&self, from: &Place<'d>, keys: &[&str]) -> Option<(Vec<Step>, Place<'d>)> {
        let mut steps = Vec::new();
        let mut place = Place { fragment: from.fragment, ty: from.ty };
        for key in keys {
            let Ty::Shape(shape) = place.ty else { return None };
            place = self.field(place.fragment, *shape, key, &mut steps)?;
        }
        Some((steps, place))
    }

    /// The way from a shape to the value of a response key: a field, or one of a fragment that the shape holds.
    fn field(
        &self,
        fragment: Option<FragmentId>,
        shape: ShapeRef,
        key: &str,
        steps: &mut Vec<Step>,
    ) -> Option<Place<'d>> {
        let (fragment, shape) = self.shape(fragment, shape)?;
        if shape.arms.as_ref().is_some_and(|arms| arms.place == ArmsPlace::Alone) {
            return None;
        }
        if let Some(field) = shape.members.fields.iter().find(|field| field.key == key) {
            let (nullable, ty) = without_null(&field.ty);
            steps.push(Step { field: field.name.clone(), nullable });
            return (!field.conditional).then_some(Place { fragment, ty });
        }
        for spread in shape.members.spreads.iter().filter(|spread| !spread.conditional) {
            let before = steps.len();
            steps.push(Step { field: spread.name.clone(), nullable: false });
            let root = self.fragments.get(spread.fragment.0)?.root;
            if let Some(place) = self.field(Some(spread.fragment), root.into(), key, steps) {
                return Some(place);
            }
            steps.truncate(before);
        }
        None
    }

    fn shape(&self, fragment: Option<FragmentId>, shape: ShapeRef) -> Option<(Option<FragmentId>, &'d Shape)> {
        match shape {
            ShapeRef::Local(index) => {
                let definition = match fragment {
                    Some(fragment) => &self.fragments.get(fragment.0)?.data,
                    None => self.data,
                };
                Some((fragment, definition.shapes.get(&index)?))
            }
            ShapeRef::Fragment(other) => Some((Some(other), self.fragments.get(other.0)?.shape())),
        }
    }

    fn path(&self, fragment: Option<FragmentId>, shape: ShapeRef) -> ShapePath {
        match (fragment, shape) {
            (None, ShapeRef::Local(shape)) => ShapePath::Here(shape),
            (Some(fragment), ShapeRef::Local(shape)) => ShapePath::Fragment(fragment, shape),
            (_, ShapeRef::Fragment(other)) => ShapePath::Fragment(other, self.fragments[other.0].root),
        }
    }
}

fn without_null(ty: &Ty) -> (bool, &Ty) {
    match ty {
        Ty::Nullable(inner) => (true, inner),
        other => (false, other),
    }
}

fn can_hold_text(ty: &Ty) -> bool {
    matches!(ty, Ty::Leaf(Leaf::String | Leaf::Id | Leaf::Scalar(_)))
}
