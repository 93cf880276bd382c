//! What the operations of a project use of a schema.
//!
//! In: a schema and documents that are valid against it. Out: every type with its members, and for each member the
//! operations that use it; every operation with its cost and depth. Fragments count for the operations that reach them.

use crate::document::{Documents, FragmentId};
use crate::lint::cost::{Cost, Model, Models};
use crate::lint::deprecation;
use crate::schema::Schema;
use crate::source::Sources;
use apollo_compiler::ast::{
    Argument, DirectiveList, InputValueDefinition, OperationDefinition, Selection, Type, Value,
};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Everything.
#[derive(Debug, Serialize)]
pub struct Usage {
    /// In the order of the schema.
    pub types: Vec<TypeUse>,
    /// In the order of the documents.
    pub operations: Vec<OperationUse>,
    /// Coordinates in use that are deprecated.
    pub deprecated: Vec<DeprecatedUse>,
    /// How many types, fields, arguments, input fields and enum values there are, and are used.
    pub totals: BTreeMap<&'static str, Total>,
}

/// How much of something is used.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Total {
    /// All of them.
    pub all: usize,
    /// Those that some operation uses.
    pub used: usize,
}

/// A type.
#[derive(Debug, Serialize)]
pub struct TypeUse {
    /// Its name.
    pub name: String,
    /// `object`, `interface`, `union`, `enum`, `input`, `scalar`
    pub kind: &'static str,
    /// How many operations use it.
    pub operations: usize,
    /// Its fields or values.
    pub members: Vec<MemberUse>,
}

/// A field, an input field or an enum value.
#[derive(Debug, Serialize)]
pub struct MemberUse {
    /// Its name.
    pub name: String,
    /// Its type; empty for an enum value.
    #[serde(rename = "type")]
    pub ty: String,
    /// How many operations use it.
    pub operations: usize,
    /// Why it should not be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// Its arguments, each with how many operations give it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<(String, usize)>,
}

/// An operation.
#[derive(Debug, Serialize)]
pub struct OperationUse {
    /// Its name.
    pub name: String,
    /// `query`, `mutation`, `subscription`
    pub kind: &'static str,
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// How deep its selection sets are nested.
    pub depth: usize,
    /// How many coordinates of the schema it uses.
    pub coordinates: usize,
    /// How many objects connections can give, as GitHub counts.
    pub nodes: f64,
    /// What it costs: objects 1, leafs 0, lists by their size.
    pub cost: f64,
    /// The way that costs most.
    pub dominating: Option<String>,
    /// True if the size of a page was assumed.
    pub assumed: bool,
    /// Deprecated coordinates that it uses.
    pub deprecated: Vec<String>,
}

/// A deprecated coordinate in use.
#[derive(Debug, Serialize)]
pub struct DeprecatedUse {
    /// Where in the schema.
    pub coordinate: String,
    /// Why.
    pub reason: String,
    /// The operations.
    pub operations: Vec<String>,
}

/// What some documents use.
pub fn usage(schema: &Schema, documents: &Documents, sources: &Sources) -> Usage {
    let mut all: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut operations = Vec::new();
    for file in 0..documents.files.len() {
        for operation in documents.operations(file) {
            let mut walk = Walk { schema, documents, sources, found: BTreeSet::new(), depth: 0, seen: HashSet::new() };
            walk.operation(file, operation);
            for coordinate in &walk.found {
                all.entry(coordinate.clone()).or_default().insert(operations.len());
            }
            operations.push(one(schema, documents, sources, file, operation, &walk));
        }
    }
    let mut usage = Usage { types: Vec::new(), operations, deprecated: Vec::new(), totals: BTreeMap::new() };
    for (name, ty) in
        schema.definitions().types.iter().filter(|(name, ty)| !name.starts_with("__") && !ty.is_built_in())
    {
        usage.add(name, ty, &all);
    }
    for (coordinate, users) in &all {
        let Some(reason) = reason(schema, coordinate) else { continue };
        let operations = users.iter().filter_map(|at| usage.operations.get(*at)).map(|one| one.name.clone());
        usage.deprecated.push(DeprecatedUse {
            coordinate: coordinate.clone(),
            reason,
            operations: operations.collect(),
        });
    }
    usage.deprecated.sort_by_key(|one| std::cmp::Reverse(one.operations.len()));
    usage
}

fn one(
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
    file: usize,
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
    OperationUse {
        name: operation.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: operation.operation_type.name(),
        file: sources.name(documents.files[file].source).to_owned(),
        line: place.map_or(1, |span| sources.position(span).line),
        depth: walk.depth,
        coordinates: walk.found.len(),
        nodes,
        cost: total,
        dominating: dominating.map(|way| way.factors),
        assumed: is_assumed,
        deprecated: walk.found.iter().filter(|one| reason(schema, one).is_some()).cloned().collect(),
    }
}

/// Why a coordinate of a field, argument, input field or enum value should not be used.
fn reason(schema: &Schema, coordinate: &str) -> Option<String> {
    let (ty, rest) = coordinate.split_once('.')?;
    let (member, argument) = match rest.split_once('(') {
        Some((member, argument)) => (member, Some(argument.trim_end_matches(":)"))),
        None => (rest, None),
    };
    let of = |directives: &DirectiveList| deprecation(directives).map(str::to_owned);
    match schema.definitions().types.get(ty)? {
        ExtendedType::Enum(values) => of(&values.values.get(member)?.directives),
        ExtendedType::InputObject(input) => of(&input.fields.get(member)?.directives),
        _ => {
            let field = schema.field(ty, member)?;
            match argument {
                Some(argument) => of(&field.arguments.iter().find(|one| one.name == argument)?.directives),
                None => of(&field.directives),
            }
        }
    }
}

impl Usage {
    fn add(&mut self, name: &Name, ty: &ExtendedType, all: &BTreeMap<String, BTreeSet<usize>>) {
        let count = |coordinate: &str| all.get(coordinate).map_or(0, BTreeSet::len);
        let mut members = Vec::new();
        let member =
            |member: &Name, ty: String, directives: &DirectiveList, arguments: &[Node<InputValueDefinition>]| {
                let coordinate = format!("{name}.{member}");
                MemberUse {
                    name: member.to_string(),
                    ty,
                    operations: count(&coordinate),
                    deprecated: deprecation(directives).map(str::to_owned),
                    arguments: arguments
                        .iter()
                        .map(|one| (one.name.to_string(), count(&format!("{coordinate}({}:)", one.name))))
                        .collect(),
                }
            };
        let (kind, members_kind) = match ty {
            ExtendedType::Object(object) => {
                members.extend(
                    object
                        .fields
                        .iter()
                        .map(|(name, of)| member(name, of.ty.to_string(), &of.directives, &of.arguments)),
                );
                ("object", "fields")
            }
            ExtendedType::Interface(interface) => {
                members.extend(
                    interface
                        .fields
                        .iter()
                        .map(|(name, of)| member(name, of.ty.to_string(), &of.directives, &of.arguments)),
                );
                ("interface", "fields")
            }
            ExtendedType::Union(_) => ("union", "fields"),
            ExtendedType::Scalar(_) => ("scalar", "fields"),
            ExtendedType::Enum(values) => {
                members.extend(values.values.iter().map(|(name, of)| member(name, String::new(), &of.directives, &[])));
                ("enum", "enum values")
            }
            ExtendedType::InputObject(input) => {
                members
                    .extend(input.fields.iter().map(|(name, of)| member(name, of.ty.to_string(), &of.directives, &[])));
                ("input", "input fields")
            }
        };
        let mut total = |what: &'static str, used: bool| {
            let total = self.totals.entry(what).or_default();
            total.all += 1;
            total.used += usize::from(used);
        };
        let operations = count(name);
        total("types", operations > 0);
        for member in &members {
            total(members_kind, member.operations > 0);
            for (_, given) in &member.arguments {
                total("arguments", *given > 0);
            }
        }
        self.types.push(TypeUse { name: name.to_string(), kind, operations, members });
    }
}

/// Collects the coordinates of one operation.
struct Walk<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    sources: &'a Sources,
    found: BTreeSet<String>,
    depth: usize,
    /// Fragments, with how deep they were met: less deep, they hold nothing new.
    seen: HashSet<(FragmentId, usize)>,
}

impl<'a> Walk<'a> {
    fn operation(&mut self, file: usize, operation: &'a OperationDefinition) {
        for variable in &operation.variables {
            self.input(variable.ty.inner_named_type());
            if let Some(default) = &variable.default_value {
                self.value(default, &variable.ty);
            }
        }
        if let Some(root) = self.schema.definitions().root_operation(operation.operation_type) {
            self.found.insert(root.to_string());
            self.set(file, root, &operation.selection_set, 0);
        }
    }

    fn set(&mut self, file: usize, parent: &'a str, selections: &'a [Selection], depth: usize) {
        // A chain of fragments can be longer than the stack is deep.
        let mut open = vec![(file, parent, selections.iter(), depth)];
        while let Some((file, parent, rest, depth)) = open.last_mut() {
            let (file, parent, depth) = (*file, *parent, *depth);
            self.depth = self.depth.max(depth);
            match rest.next() {
                None => {
                    open.pop();
                }
                Some(Selection::Field(field)) => {
                    let Some(of) = self.schema.field(parent, &field.name) else { continue };
                    let coordinate = format!("{parent}.{}", field.name);
                    let ty = of.ty.inner_named_type();
                    if !field.name.starts_with("__") {
                        self.found.insert(ty.to_string());
                        self.arguments(&coordinate, &field.arguments, &of.arguments);
                        self.found.insert(coordinate);
                    }
                    open.push((file, ty, field.selection_set.iter(), depth + 1));
                }
                Some(Selection::InlineFragment(inline)) => {
                    let parent = inline.type_condition.as_ref().map_or(parent, |name| name.as_str());
                    self.found.insert(parent.to_owned());
                    open.push((file, parent, inline.selection_set.iter(), depth));
                }
                Some(Selection::FragmentSpread(spread)) => {
                    let Ok(id) = self.documents.resolve(self.sources, file, &spread.fragment_name) else { continue };
                    /// Fragments that spread each other end here.
                    const MOST: usize = 100;
                    if depth < MOST && self.seen.insert((id, depth)) {
                        let fragment = self.documents.fragment(id);
                        let condition = fragment.definition.type_condition.as_str();
                        self.found.insert(condition.to_owned());
                        open.push((fragment.file, condition, fragment.definition.selection_set.iter(), depth));
                    }
                }
            }
        }
    }

    fn arguments(&mut self, field: &str, given: &'a [Node<Argument>], of: &'a [Node<InputValueDefinition>]) {
        for argument in given {
            if let Some(of) = of.iter().find(|of| of.name == argument.name) {
                self.found.insert(format!("{field}({}:)", argument.name));
                self.input(of.ty.inner_named_type());
                self.value(&argument.value, &of.ty);
            }
        }
    }

    /// A type that is sent. Of an input object in a variable, every field can be sent.
    fn input(&mut self, name: &str) {
        self.found.insert(name.to_owned());
    }

    fn value(&mut self, value: &'a Value, ty: &'a Type) {
        let name = ty.inner_named_type();
        match (value, self.schema.definitions().types.get(name)) {
            (Value::Variable(_), Some(ExtendedType::InputObject(_))) => self.whole(name),
            (Value::List(items), _) => items.iter().for_each(|item| self.value(item, ty)),
            (Value::Object(fields), Some(ExtendedType::InputObject(input))) => {
                self.found.insert(name.to_string());
                for (field, value) in fields {
                    if let Some(of) = input.fields.get(field) {
                        self.found.insert(format!("{name}.{field}"));
                        self.input(of.ty.inner_named_type());
                        self.value(value, &of.ty);
                    }
                }
            }
            (Value::Enum(value), Some(ExtendedType::Enum(_))) => {
                self.found.insert(format!("{name}.{value}"));
            }
            _ => {}
        }
    }

    /// An input object that a variable brings: everything in it can be sent.
    fn whole(&mut self, name: &str) {
        let Some(input) = self.schema.definitions().get_input_object(name) else { return };
        for (field, of) in &input.fields {
            if self.found.insert(format!("{name}.{field}")) {
                let inner = of.ty.inner_named_type();
                self.found.insert(inner.to_string());
                self.whole(inner);
            }
        }
    }
}
