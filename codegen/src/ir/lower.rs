//! Checked documents in, a [`Module`] out.

use super::collect::Part;
use super::contributions::{Contribution, contributions};
use super::copies::too_many_copies;
use super::names::{Scope, name_definition, take_wanted};
use super::overrides::{Overrides, collect};
use super::scope::ScopeBuilder;
use super::slots::FragmentSlot;
use super::{
    Definition, Document, Leaf, Module, Operation, OperationKind, Route, Shape, ShapePath, ShapeRef, Target, Ty,
};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document::{Documents, FragmentId};
use crate::print::{self, Owner, owner};
use crate::rust_name::{field_name, type_name};
use crate::schema::Schema;
use crate::source::Sources;
use apollo_compiler::ast::{self, OperationDefinition, OperationType, Selection};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

/// What lowering gives.
#[derive(Debug)]
pub struct Lowered {
    /// The output.
    pub module: Module,
    /// What the user should know.
    pub problems: Vec<Diagnostic>,
}

/// Lowers every operation of every document, and the fragments and types that they use.
///
/// The documents must have passed validation against the schema. Problems that remain are
/// about the output: two operations of one name in a single file, for example.
pub fn lower(config: &Config, schema: &Schema, documents: &Documents, sources: &Sources) -> Lowered {
    let problems = too_many_copies(documents, sources);
    if !problems.is_empty() {
        return Lowered { module: Module::default(), problems };
    }
    let (overrides, problems) = collect(config, documents, sources);
    let mut lowerer = Lowerer {
        config,
        schema,
        documents,
        sources,
        overrides,
        problems,
        typename: HashSet::new(),
        used: IndexSet::new(),
        fragments: Vec::new(),
        by_id: HashMap::new(),
    };
    let mut files = Vec::new();
    for file in 0..documents.files.len() {
        let mut operations = Vec::new();
        for operation in documents.operations(file) {
            operations.push(lowerer.operation(file, operation));
        }
        if !operations.is_empty() {
            files.push((file, operations));
        }
    }
    lowerer.finish(files)
}

/// An operation whose document is printed when all fragments are known.
struct Pending<'a> {
    node: &'a Node<OperationDefinition>,
    definition: Definition,
}

/// The state of a whole run.
pub struct Lowerer<'a> {
    pub config: &'a Config,
    pub schema: &'a Schema,
    pub documents: &'a Documents,
    pub sources: &'a Sources,
    pub overrides: Overrides,
    pub problems: Vec<Diagnostic>,
    /// Owners of selection sets that are sent with `__typename`.
    pub typename: HashSet<Owner>,
    /// Enums, inputs and scalars in use.
    used: IndexSet<Name>,
    fragments: Vec<LoweredFragment<'a>>,
    by_id: HashMap<FragmentId, usize>,
}

struct LoweredFragment<'a> {
    id: FragmentId,
    definition: Definition,
    /// Where a response key is among those of the slots of its root.
    keys: HashMap<String, usize>,
    contributions: Rc<[Contribution<'a>]>,
}

impl<'a> Lowerer<'a> {
    fn operation(&mut self, file: usize, node: &'a Node<OperationDefinition>) -> Pending<'a> {
        let root = self.schema.definitions().root_operation(node.operation_type).cloned();
        let part = Part {
            selections: &node.selection_set,
            ty: root.unwrap_or_else(|| apollo_compiler::name!("Query")),
            conditions: Default::default(),
            owner: owner(node),
            file,
            local: true,
        };
        self.fragments_below(file, &node.selection_set);
        for variable in &node.variables {
            if self.overrides.of(variable).is_some_and(|settings| settings.ty.is_some()) {
                continue;
            }
            self.use_input(variable.ty.inner_named_type());
        }
        Pending { node, definition: self.definition(part, false) }
    }

    /// Lowers a selection set and everything below it. If printing turns out to add `__typename`
    /// where a shape was made without, the shapes are made again.
    fn definition(&mut self, part: Part<'a>, keep: bool) -> Definition {
        loop {
            let mut builder = ScopeBuilder {
                lowerer: self,
                shapes: Vec::new(),
                projections: Vec::new(),
                projected: HashSet::new(),
                plain: HashSet::new(),
            };
            let root = builder.scope(std::slice::from_ref(&part), keep);
            let ScopeBuilder { shapes, projections, plain, .. } = builder;
            if plain.is_disjoint(&self.typename) {
                return Definition {
                    graphql: String::new(),
                    name: String::new(),
                    module: String::new(),
                    docs: None,
                    derives: Vec::new(),
                    visibility: self.config.generate.visibility,
                    shapes,
                    root,
                    projections,
                };
            }
        }
    }

    /// Lowers the fragments that selections reach, those that others spread first: a chain of them
    /// is as deep as somebody writes it, and the stack is not.
    fn fragments_below(&mut self, file: usize, selections: &[Selection]) {
        for id in self.documents.bottom_up(self.sources, file, selections) {
            self.fragment_of(id);
        }
    }

    /// The fragment that a name means in a file, lowered.
    pub fn fragment(&mut self, file: usize, name: &str) -> Option<usize> {
        let id = self.documents.resolve(self.sources, file, name).ok()?;
        Some(self.fragment_of(id))
    }

    fn fragment_of(&mut self, id: FragmentId) -> usize {
        if let Some(known) = self.by_id.get(&id) {
            return *known;
        }
        let part = self.part(id);
        let mut definition = self.definition(part, true);
        definition.graphql = self.documents.fragment(id).definition.name.to_string();
        let keys = match definition.root {
            ShapeRef::Local(root) => definition.shapes[root].slots.keys.iter().enumerate(),
            ShapeRef::Fragment(_) => [].iter().enumerate(),
        };
        let keys = keys.map(|(at, key)| (key.key.clone(), at)).collect();
        let contributions = contributions(self, id);
        self.fragments.push(LoweredFragment { id, definition, keys, contributions });
        let index = self.fragments.len() - 1;
        self.by_id.insert(id, index);
        index
    }

    fn part(&self, id: FragmentId) -> Part<'a> {
        let fragment = self.documents.fragment(id);
        Part {
            selections: &fragment.definition.selection_set,
            ty: fragment.definition.type_condition.clone(),
            conditions: Default::default(),
            owner: owner(&fragment.definition),
            file: fragment.file,
            local: true,
        }
    }

    /// What a fragment adds to a scope that spreads it.
    pub fn contributions(&self, fragment: usize) -> Rc<[Contribution<'a>]> {
        self.fragments[fragment].contributions.clone()
    }

    /// The type condition of a fragment.
    pub fn condition(&self, fragment: usize) -> &'a Name {
        &self.documents.fragment(self.fragments[fragment].id).definition.type_condition
    }

    /// True if the type name can be read from the fragment's own type.
    pub fn tells_typename(&self, fragment: usize) -> bool {
        let root = self.root(fragment);
        root.arms.is_some() || root.members.fields.iter().any(|field| field.key == "__typename" && !field.conditional)
    }

    /// The shape of a fragment's own selection set.
    pub fn root(&self, fragment: usize) -> &Shape {
        match self.fragments[fragment].definition.root {
            ShapeRef::Local(shape) => self.fragment_shape(fragment, shape),
            ShapeRef::Fragment(other) => self.root(other),
        }
    }

    /// A shape of a fragment.
    pub fn fragment_shape(&self, fragment: usize, shape: usize) -> &Shape {
        &self.fragments[fragment].definition.shapes[shape]
    }

    /// A path in which the root of a fragment is named by its index.
    pub fn full_path(&self, path: ShapePath) -> ShapePath {
        match path {
            ShapePath::Fragment(fragment, usize::MAX) => match self.fragments[fragment].definition.root {
                ShapeRef::Local(shape) => ShapePath::Fragment(fragment, shape),
                ShapeRef::Fragment(other) => self.full_path(ShapePath::Fragment(other, usize::MAX)),
            },
            other => other,
        }
    }

    /// The slot that a fragment keeps a key in, for objects of the given types.
    pub fn slot_of(&self, fragment: usize, key: &str, types: &[String]) -> Option<FragmentSlot> {
        let root = self.root(fragment);
        let group = root.arms.as_ref().map_or(0, |arms| {
            let arm = arms.arms.iter().position(|arm| types.iter().any(|ty| arm.types.contains(ty)));
            arm.unwrap_or(arms.arms.len())
        });
        let listed = self.fragments[fragment].keys.get(key).map(|at| &root.slots.keys[*at]);
        let target = match listed.map(|listed| &listed.route) {
            Some(Route::Slot(slot)) => Some(Target::Slot(*slot)),
            Some(Route::Nested(nested)) => Some(Target::Nested(*nested)),
            Some(Route::ByGroup(targets)) => targets.get(group).copied(),
            None => None,
        };
        match target {
            Some(Target::Slot(slot)) => {
                Some(FragmentSlot { nested: Vec::new(), slot, fragment, ty: root.slots.own[slot].clone() })
            }
            Some(Target::Nested(nested)) => self.nested_slot(root, nested, key, types),
            Some(Target::Skip) => None,
            None => (0..root.slots.nested.len()).find_map(|nested| self.nested_slot(root, nested, key, types)),
        }
    }

    fn nested_slot(&self, shape: &Shape, nested: usize, key: &str, types: &[String]) -> Option<FragmentSlot> {
        // Looking for what is not there would lead through all fragments below.
        if !self.root(shape.slots.nested[nested]).slots.known.contains(key) {
            return None;
        }
        let mut found = self.slot_of(shape.slots.nested[nested], key, types)?;
        found.nested.insert(0, nested);
        Some(found)
    }

    /// The leaf type of a scalar, enum or input object, which is then in use.
    pub fn leaf(&mut self, name: &Name) -> Leaf {
        let leaf = self.leaf_of(name);
        if matches!(leaf, Leaf::Enum(_) | Leaf::Scalar(_) | Leaf::Input(_)) {
            self.used.insert(name.clone());
        }
        leaf
    }

    /// The leaf type of a field: of that very selection, of the field of the schema, or of its type.
    pub fn leaf_of_field(&mut self, node: &Node<ast::Field>, parent: &Name, named: &Name) -> Leaf {
        let of_selection = self.overrides.of(node).and_then(|settings| settings.ty.as_ref());
        let of_field = || self.config.fields.get(&format!("{parent}.{}", node.name));
        match of_selection.or_else(of_field) {
            Some(ty) => Leaf::Rust(ty.clone()),
            None => self.leaf(named),
        }
    }

    /// Names an operation or a fragment, and applies what else is set for it.
    fn name<T>(
        &self,
        node: &Node<T>,
        definition: &mut Definition,
        usual: &str,
        names: &mut Scope,
        clashes: &mut Vec<String>,
    ) {
        let settings = self.overrides.of(node);
        if let Some(settings) = settings {
            definition.derives.clone_from(&settings.derives);
            definition.visibility = settings.visibility.unwrap_or(definition.visibility);
        }
        match settings.and_then(|settings| settings.rename.as_deref()) {
            Some(wanted) => {
                definition.name = take_wanted(names, wanted, clashes);
                definition.module = names.take(field_name(wanted));
            }
            None => {
                definition.name = names.take(type_name(usual));
                definition.module = names.take(field_name(usual));
            }
        }
    }

    /// The leaf type of a scalar, enum or input object.
    pub(super) fn leaf_of(&self, name: &Name) -> Leaf {
        if let Some(path) = self.config.scalars.get(name.as_str()) {
            return Leaf::Rust(path.clone());
        }
        match name.as_str() {
            "Int" => Leaf::Int,
            "Float" => Leaf::Float,
            "String" => Leaf::String,
            "Boolean" => Leaf::Boolean,
            "ID" => Leaf::Id,
            _ => match self.schema.definitions().types.get(name) {
                Some(ExtendedType::Enum(_)) => Leaf::Enum(name.to_string()),
                Some(ExtendedType::InputObject(_)) => Leaf::Input(name.to_string()),
                _ => Leaf::Scalar(name.to_string()),
            },
        }
    }

    /// Marks an input type, and all that it reaches, as in use.
    fn use_input(&mut self, name: &Name) {
        let mut open = vec![name.clone()];
        while let Some(name) = open.pop() {
            let known = self.used.contains(&name);
            self.leaf(&name);
            let input = self.schema.definitions().get_input_object(&name);
            if let (false, Some(input)) = (known, input) {
                let fields = input.fields.values().filter(|field| self.type_of_input(&input.name, field).is_none());
                open.extend(fields.map(|field| field.ty.inner_named_type().clone()));
            }
        }
    }

    fn finish(mut self, files: Vec<(usize, Vec<Pending<'a>>)>) -> Lowered {
        let mut module = Module {
            derives: self.config.generate.derives.clone(),
            visibility: self.config.generate.visibility,
            ..Module::default()
        };
        self.used.sort_unstable();
        self.types(&mut module);
        let mut names = Scope::default();
        let mut clashes = Vec::new();
        let mut fragments: Vec<Definition> = std::mem::take(&mut self.fragments)
            .into_iter()
            .map(|fragment| {
                let mut definition = fragment.definition;
                let node = &self.documents.fragment(fragment.id).definition;
                definition.docs = self.description(self.documents.fragment(fragment.id).file, node);
                let usual = definition.graphql.clone();
                self.name(node, &mut definition, &usual, &mut names, &mut clashes);
                definition
            })
            .collect();
        let fragment_names = modules(&fragments);
        for fragment in &mut fragments {
            let root = fragment.name.clone();
            clashes.extend(name_definition(fragment, &root, &fragment_names));
        }
        module.fragments = fragments;
        let mut problems = std::mem::take(&mut self.problems);
        let single = self.config.single_file();
        let mut seen: BTreeMap<String, &'a Node<OperationDefinition>> = BTreeMap::new();
        let mut shared = Scope::with(&RESERVED);
        let mut module_names = Scope::with(&RESERVED);
        for (file, operations) in files {
            let source = self.sources.name(self.documents.files[file].source).to_owned();
            if !single {
                shared = Scope::with(&RESERVED);
                seen.clear();
            }
            let mut lowered = Vec::new();
            for pending in operations {
                if let (true, Some(name)) = (single, &pending.node.name) {
                    if let Some(earlier) = seen.get(name.as_str()) {
                        problems.push(self.duplicate(name, earlier));
                    }
                    seen.insert(name.to_string(), pending.node);
                }
                lowered.push(self.finish_operation(file, pending, &mut shared, &module.fragments, &mut clashes));
            }
            let stem = Path::new(&source).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let wanted = field_name(&ascii_name(stem.as_deref().unwrap_or("document")));
            module.documents.push(Document { module: module_names.take(wanted), source, operations: lowered });
        }
        problems.extend(clashes.into_iter().map(|name| {
            let message = format!("the name `{name}`, which is set, belongs to something else in the same place");
            Diagnostic::error("config", message).help("choose another one, or set another name for the other one too")
        }));
        Lowered { module, problems }
    }

    fn duplicate(&self, name: &Name, earlier: &Node<OperationDefinition>) -> Diagnostic {
        let places = &self.documents.places;
        Diagnostic::error("unique-operation-names", format!("two operations are called `{name}`"))
            .at(places.span(name.location()), "the second one")
            .also(places.span(earlier.name.as_ref().and_then(|name| name.location())), "the first one")
            .help("rename one, or let `output` be a directory: then each document has a module of its own")
    }

    fn finish_operation(
        &self,
        file: usize,
        pending: Pending<'a>,
        names: &mut Scope,
        fragments: &[Definition],
        clashes: &mut Vec<String>,
    ) -> Operation {
        let Pending { node, mut definition } = pending;
        let plan = print::Plan { typename: &self.typename, client_directives: &self.schema.client_directives };
        let reached = self.documents.reach(self.sources, file, &node.selection_set);
        let spread: Vec<_> = reached.iter().map(|id| &self.documents.fragment(*id).definition).collect();
        let document = print::document(node, &spread, &plan);
        let wanted = node.name.as_ref().map(|name| name.to_string()).unwrap_or_else(|| self.anonymous(file, node));
        definition.graphql = node.name.as_ref().map(|name| name.to_string()).unwrap_or_default();
        definition.docs = self.description(file, node);
        clashes.extend(name_definition(&mut definition, "Data", &modules(fragments)));
        self.name(node, &mut definition, &wanted, names, clashes);
        let variables = self.variables(file, node, clashes);
        Operation {
            name: node.name.as_ref().map(|name| name.to_string()),
            kind: match node.operation_type {
                OperationType::Query => OperationKind::Query,
                OperationType::Mutation => OperationKind::Mutation,
                OperationType::Subscription => OperationKind::Subscription,
            },
            id: hex(&Sha256::digest(document.as_bytes())),
            document,
            pagination: self.pagination(file, node, &definition, &variables, fragments),
            payload_errors: self.payload_errors(file, node),
            variables,
            data: definition,
        }
    }

    /// A name for an operation that has none: that of its file.
    fn anonymous(&self, file: usize, node: &OperationDefinition) -> String {
        if let Some(name) = &self.config.unnamed {
            return name.clone();
        }
        let path = Path::new(self.sources.name(self.documents.files[file].source));
        let stem = path.file_stem().map(|stem| ascii_name(&stem.to_string_lossy())).unwrap_or_default();
        if stem.is_empty() { node.operation_type.name().to_owned() } else { stem }
    }

    /// The description before a definition.
    pub(super) fn description<T>(&self, file: usize, node: &Node<T>) -> Option<String> {
        let offset = node.location()?.offset();
        self.documents.files[file].descriptions.get(&offset).cloned()
    }

    pub(super) fn used_types(&self) -> impl Iterator<Item = &Name> {
        self.used.iter()
    }
}

/// Names of the modules that the output has besides those of operations and documents, and of the
/// file that holds them.
const RESERVED: [&str; 4] = ["types", "fragments", "graphwright", "mod"];

fn modules(fragments: &[Definition]) -> Vec<String> {
    fragments.iter().map(|fragment| fragment.module.clone()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file name as something that can become a name.
fn ascii_name(stem: &str) -> String {
    let name: String =
        stem.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect();
    name.trim_matches('_').to_owned()
}

/// The type of a value, without the outermost null.
pub fn without_null(ty: Ty) -> Ty {
    match ty {
        Ty::Nullable(inner) => *inner,
        other => other,
    }
}

/// True if a variable or input field must be given.
pub fn is_required(ty: &ast::Type, has_default: bool) -> bool {
    ty.is_non_null() && !has_default
}
