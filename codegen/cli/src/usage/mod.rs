//! Reports which parts of a schema the operations of a project use.
//!
//! The input is a schema and documents that are valid against it. The output is every type with its members and the
//! operations that use each member, and every operation with its cost and depth. A fragment counts for the operations
//! that reach it.

mod walk;

use crate::lint::cost::{Cost, Model, Models};
use crate::query::{Documents, FileId};

use crate::schema::{Schema, TypeDefinition, TypeKind, deprecation};
use crate::source::{Position, Sources, Span};
use apollo_compiler::ast::{EnumValueDefinition, FieldDefinition, InputValueDefinition, OperationDefinition};
use apollo_compiler::coordinate::{FieldArgumentCoordinate, SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate};
use apollo_compiler::{Name, Node};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use walk::{Found, Walk};

/// The schema usage of a project.
#[derive(Debug, Serialize)]
pub struct Usage {
    /// The types, in the order of the schema.
    pub types: Vec<TypeUse>,
    /// The operations, in the order of the documents.
    pub operations: Vec<OperationUse>,
    /// Deprecated coordinates in use, most used first.
    pub deprecated: Vec<DeprecatedUse>,
    /// The numbers of existing and used types, fields, arguments, input fields and enum values.
    pub totals: BTreeMap<&'static str, Total>,
}

/// An operation, as its index in [`Usage::operations`], since several can have the same name in different files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct OperationId(usize);

/// The number of elements in use.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Total {
    /// All elements.
    pub all: usize,
    /// The elements that some operation uses.
    pub used: usize,
}

/// A type.
#[derive(Debug, Serialize)]
pub struct TypeUse {
    /// Its name.
    pub name: String,
    /// `object`, `interface`, `union`, `enum`, `input`, `scalar`
    pub kind: &'static str,
    /// The operations that use it.
    pub operations: Vec<OperationId>,
    /// Its fields or values.
    pub members: Vec<MemberUse>,
}

/// A field, an input field or an enum value.
#[derive(Debug, Serialize)]
pub struct MemberUse {
    /// Its name.
    pub name: String,
    /// Its type; `None` for an enum value.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// The operations that use it.
    pub operations: Vec<OperationId>,
    /// The deprecation reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// Its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<ArgumentUse>,
}

/// An argument of a field.
#[derive(Debug, Serialize)]
pub struct ArgumentUse {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The operations that set it.
    pub operations: Vec<OperationId>,
    /// The deprecation reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

/// An operation.
#[derive(Debug, Serialize)]
pub struct OperationUse {
    /// Its name; empty if it is anonymous.
    pub name: String,
    /// `query`, `mutation`, `subscription`
    pub kind: &'static str,
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The nesting depth of its selection sets.
    pub depth: usize,
    /// The number of schema coordinates that it uses.
    pub coordinates: usize,
    /// The maximum number of objects in connections, as GitHub counts.
    pub nodes: f64,
    /// The cost: objects 1, leaves 0, lists by their size.
    pub cost: f64,
    /// The most expensive path.
    pub dominating: Option<String>,
    /// Whether a page size was assumed.
    pub assumed: bool,
    /// Deprecated coordinates that it uses.
    pub deprecated: Vec<String>,
}

/// A deprecated coordinate in use.
#[derive(Debug, Serialize)]
pub struct DeprecatedUse {
    /// The schema coordinate.
    pub coordinate: String,
    /// The deprecation reason.
    pub reason: String,
    /// The locations of its uses.
    pub places: Vec<Place>,
    /// The operations that use it at any location.
    pub operations: Vec<OperationId>,
}

/// A location in a document.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The operations that reach it: for a location in a fragment, those that use the fragment.
    pub operations: Vec<OperationId>,
}

/// Returns the schema usage of documents.
pub fn usage(schema: &Schema, documents: &Documents, sources: &Sources) -> Usage {
    let mut users = Users::default();
    let mut usage =
        Usage { types: Vec::new(), operations: Vec::new(), deprecated: Vec::new(), totals: BTreeMap::new() };
    for (file, operation) in documents.all_operations() {
        let walk = Walk::of(schema, documents, operation);
        let id = OperationId(usage.operations.len());
        usage.operations.push(one(schema, documents, sources, file, operation, &walk));
        users.add(id, walk.written);
        users.add(id, walk.brought);
    }
    for (name, kind) in schema.type_names().filter_map(|name| Some((name, schema.kind(name)?))) {
        usage.add(schema, name, kind, &users);
    }
    usage.deprecated = users.deprecated(schema, sources);
    usage
}

/// The uses of all parts of a schema.
#[derive(Default)]
struct Users {
    of: HashMap<SchemaCoordinate, Uses>,
}

/// The uses of a part of a schema.
#[derive(Default)]
struct Uses {
    operations: BTreeSet<OperationId>,
    places: BTreeMap<Span, BTreeSet<OperationId>>,
}

impl Users {
    fn add(&mut self, id: OperationId, found: Found) {
        for (coordinate, places) in found {
            let uses = self.of.entry(coordinate).or_default();
            uses.operations.insert(id);
            for place in places {
                uses.places.entry(place).or_default().insert(id);
            }
        }
    }

    fn of(&self, coordinate: impl Into<SchemaCoordinate>) -> Vec<OperationId> {
        self.of.get(&coordinate.into()).map(|uses| list(&uses.operations)).unwrap_or_default()
    }

    fn deprecated(&self, schema: &Schema, sources: &Sources) -> Vec<DeprecatedUse> {
        let one = |(coordinate, uses): (&SchemaCoordinate, &Uses)| {
            let place = |(span, operations): (&Span, &BTreeSet<OperationId>)| {
                let Position { line, column } = sources.position(*span);
                Place { file: sources.name(span.source).to_owned(), line, column, operations: list(operations) }
            };
            Some(DeprecatedUse {
                coordinate: coordinate.to_string(),
                reason: reason(schema, coordinate)?,
                places: uses.places.iter().map(place).collect(),
                operations: list(&uses.operations),
            })
        };
        let mut found: Vec<DeprecatedUse> = self.of.iter().filter_map(one).collect();
        found.sort_by(|one, other| {
            let by_use = other.operations.len().cmp(&one.operations.len());
            by_use.then_with(|| one.coordinate.cmp(&other.coordinate))
        });
        found
    }
}

fn list(operations: &BTreeSet<OperationId>) -> Vec<OperationId> {
    operations.iter().copied().collect()
}

fn one(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: FileId,
    operation: &Node<OperationDefinition>,
    walk: &Walk<'_>,
) -> OperationUse {
    let weights = BTreeMap::new();
    let index = crate::lint::project::Index::default();
    let uses = index.uses();
    let cx = crate::lint::context::Cx::new(schema, documents, sources, file, (&index, &uses));
    let Cost { total, dominating, is_assumed, nodes } =
        Model::new(Models::Weights, &weights, None, None).of(&cx, operation);
    let place = operation.name.as_ref().and_then(|name| documents.places.span(name.location()));
    let place = place.or_else(|| documents.place(operation));
    let found: HashSet<&SchemaCoordinate> = walk.written.keys().chain(walk.brought.keys()).collect();
    let deprecated = found.iter().filter(|one| reason(schema, one).is_some());
    let mut deprecated: Vec<String> = deprecated.map(ToString::to_string).collect();
    deprecated.sort_unstable();
    OperationUse {
        name: operation.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: operation.operation_type.name(),
        file: sources.name(documents.file(file).source).to_owned(),
        line: place.map_or(1, |span| sources.position(span).line),
        depth: walk.depth,
        coordinates: found.len(),
        nodes,
        cost: total,
        dominating: dominating.map(|way| way.factors),
        assumed: is_assumed,
        deprecated,
    }
}

/// Returns the deprecation reason of a field, argument, input field or enum value.
fn reason(schema: &Schema, coordinate: &SchemaCoordinate) -> Option<String> {
    let directives = match coordinate {
        SchemaCoordinate::TypeAttribute(TypeAttributeCoordinate { ty, attribute }) => match schema.ty(ty)? {
            TypeDefinition::Object(_) | TypeDefinition::Interface(_) => &schema.field(ty, attribute)?.directives,
            TypeDefinition::InputObject(input) => &input.fields.get(attribute)?.directives,
            TypeDefinition::Enum(of) => &of.values.get(attribute)?.directives,
            _ => return None,
        },
        SchemaCoordinate::FieldArgument(FieldArgumentCoordinate { ty, field, argument }) => {
            &schema.field(ty, field)?.argument_by_name(argument)?.directives
        }
        _ => return None,
    };
    deprecation(directives).map(str::to_owned)
}

impl Usage {
    fn add(&mut self, schema: &Schema, name: &Name, kind: TypeKind, users: &Users) {
        let attribute = |attribute: &Name| TypeAttributeCoordinate { ty: name.clone(), attribute: attribute.clone() };
        let argument = |field: &Name, of: &Node<InputValueDefinition>| ArgumentUse {
            name: of.name.to_string(),
            ty: of.ty.to_string(),
            operations: users.of(attribute(field).with_argument(of.name.clone())),
            deprecated: deprecation(&of.directives).map(str::to_owned),
        };
        let field = |of: &FieldDefinition| MemberUse {
            name: of.name.to_string(),
            ty: Some(of.ty.to_string()),
            operations: users.of(attribute(&of.name)),
            deprecated: deprecation(&of.directives).map(str::to_owned),
            arguments: of.arguments.iter().map(|one| argument(&of.name, one)).collect(),
        };
        let input_field = |of: &InputValueDefinition| MemberUse {
            name: of.name.to_string(),
            ty: Some(of.ty.to_string()),
            operations: users.of(attribute(&of.name)),
            deprecated: deprecation(&of.directives).map(str::to_owned),
            arguments: Vec::new(),
        };
        let value = |of: &EnumValueDefinition| MemberUse {
            name: of.value.to_string(),
            ty: None,
            operations: users.of(attribute(&of.value)),
            deprecated: deprecation(&of.directives).map(str::to_owned),
            arguments: Vec::new(),
        };
        let fields = || schema.fields(name).map(|of| field(of)).collect();
        let (kind, members_kind, members): (_, _, Vec<MemberUse>) = match kind {
            TypeKind::Object => ("object", "fields", fields()),
            TypeKind::Interface => ("interface", "fields", fields()),
            TypeKind::Union => ("union", "fields", Vec::new()),
            TypeKind::Scalar => ("scalar", "fields", Vec::new()),
            TypeKind::Enum => {
                let values = schema.enumeration(name).into_iter().flat_map(|of| of.values.values());
                ("enum", "enum values", values.map(|of| value(of)).collect())
            }
            TypeKind::InputObject => {
                let fields = schema.input(name).into_iter().flat_map(|of| of.fields.values());
                ("input", "input fields", fields.map(|of| input_field(of)).collect())
            }
        };
        let mut total = |what: &'static str, operations: &[OperationId]| {
            let total = self.totals.entry(what).or_default();
            total.all += 1;
            total.used += usize::from(!operations.is_empty());
        };
        let operations = users.of(TypeCoordinate { ty: name.clone() });
        total("types", &operations);
        for member in &members {
            total(members_kind, &member.operations);
            for argument in &member.arguments {
                total("arguments", &argument.operations);
            }
        }
        self.types.push(TypeUse { name: name.to_string(), kind, operations, members });
    }
}

/// Returns the deprecated elements that operations use, with the reason and the span.
pub fn deprecated(schema: &Schema, documents: &Documents) -> Vec<(SchemaCoordinate, String, Span)> {
    let mut found = Found::new();
    for (_, operation) in documents.all_operations() {
        for (coordinate, places) in Walk::of(schema, documents, operation).written {
            found.entry(coordinate).or_default().extend(places);
        }
    }
    let reasons = found.into_iter().filter_map(|(one, places)| Some((reason(schema, &one)?, one, places)));
    let each = reasons
        .flat_map(|(reason, one, places)| places.into_iter().map(move |place| (one.clone(), reason.clone(), place)));
    let mut each: Vec<_> = each.collect();
    each.sort_by_key(|(coordinate, _, place)| (*place, coordinate.to_string()));
    each
}
