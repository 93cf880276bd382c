//! Checked documents in, a [`Module`] out.

use super::collect::{Conditions, Part};
use super::copies::too_many_copies;
use super::definition_names::{FragmentName, name_shapes};
use super::derives;
use super::judge::Judge;
use super::modules::{self, DocumentNames, OperationName};
use super::names::assign;
use super::notes::Notes;
use super::overrides::{Overrides, collect};
use super::scope::ScopeBuilder;
use super::sent::Sent;
use super::spreads::unified;
use super::{
    Definition, Document, Fragment, FragmentId, Leaf, Module, Operation, OperationKind, Shape, ShapeId, ShapeRef, Ty,
    Unnamed, presence, sharing,
};
use crate::config::{Config, ModuleRoots};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{self, Documents, FileId, SelectedField, SelectionSet};
use crate::rust_name::field_name;
use crate::schema::{Schema, TypeKind};
use crate::source::{Sources, Span};
use crate::syntax::NodeId;
use apollo_compiler::ast::{self, OperationDefinition, OperationType};
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// What lowering gives.
#[derive(Debug)]
pub struct Lowered {
    /// The output.
    pub module: Module,
    /// What the user should know.
    pub problems: Vec<Diagnostic>,
    /// What did not get its usual name.
    pub notes: Vec<Diagnostic>,
}

/// Lowers every operation of every document, and the fragments and types that they use.
///
/// The documents must have passed validation against the schema. Problems that remain are
/// about the output: two operations of one name in a single file, for example.
pub fn lower(config: &Config, schema: &Schema, documents: &Documents, sources: &Sources) -> Lowered {
    let (overrides, mut problems) = collect(config, schema, documents, sources);
    let for_server = documents.for_server(schema);
    problems.extend(for_server.problems);
    let documents = for_server.documents.as_ref().unwrap_or(documents);
    let unified = unified(documents, &overrides);
    let documents = unified.as_ref().unwrap_or(documents);
    let copies = too_many_copies(schema.server(), documents);
    if !copies.is_empty() {
        problems.extend(copies);
        return Lowered { module: Module::default(), problems, notes: Vec::new() };
    }
    let schema = schema.server();
    let mut lowerer = Lowerer {
        config,
        schema,
        documents,
        overrides,
        problems,
        typename: HashSet::new(),
        used: IndexSet::new(),
        fragments: Vec::new(),
        by_id: HashMap::new(),
    };
    let mut files = Vec::new();
    for (file, _) in documents.files() {
        let operations: Vec<_> = documents.operations(file).map(|operation| lowerer.operation(operation)).collect();
        if !operations.is_empty() {
            files.push((file, operations));
        }
    }
    let places = lowerer.overrides.derive_places().clone();
    let mut lowered = lowerer.finish(files);
    lowered.problems.extend(derives::check(&lowered.module, config, &places));
    lowered
}

/// An operation whose document is printed when all fragments are known.
struct Pending<'a> {
    node: &'a Node<OperationDefinition>,
    root: ShapeRef,
    draft: Draft,
}

/// The state of a whole run.
pub struct Lowerer<'a> {
    pub config: &'a Config,
    pub schema: &'a Schema,
    pub documents: &'a Documents,
    pub overrides: Overrides,
    pub problems: Vec<Diagnostic>,
    /// Owners of selection sets that are sent with `__typename`.
    pub typename: HashSet<NodeId>,
    /// Enums, inputs and scalars in use.
    used: IndexSet<Name>,
    fragments: Vec<LoweredFragment>,
    by_id: HashMap<query::FragmentId, FragmentId>,
}

struct LoweredFragment {
    id: query::FragmentId,
    root: ShapeId,
    draft: Draft,
}

/// The shapes of a definition that has no names yet.
pub struct Draft {
    pub shapes: Vec<Shape<Unnamed>>,
}

impl<'a> Lowerer<'a> {
    fn operation(&mut self, node: &'a Node<OperationDefinition>) -> Pending<'a> {
        let set = SelectionSet::of_operation(self.schema, node);
        // Those that others spread come first: a chain of them can be deeper than the stack.
        for id in self.documents.bottom_up(set.selections()) {
            self.fragment(id);
        }
        for variable in &node.variables {
            if self.overrides.of(variable).is_some_and(|settings| settings.ty.is_some()) {
                continue;
            }
            self.use_input(variable.ty.inner_named_type());
        }
        let (root, draft) = self.draft(set, |builder, part| builder.scope(part));
        Pending { node, root, draft }
    }

    /// Lowers a selection set and everything below it. If printing turns out to add `__typename`
    /// where a shape was made without, the shapes are made again.
    fn draft<R: Copy + Into<ShapeRef>>(
        &mut self,
        set: SelectionSet<'a>,
        lower: impl Fn(&mut ScopeBuilder<'_, 'a>, &[Part<'a>]) -> R,
    ) -> (R, Draft) {
        loop {
            let mut builder = ScopeBuilder { lowerer: self, shapes: Vec::new(), plain: HashSet::new() };
            let root = lower(&mut builder, &[Part { set, conditions: Conditions::default() }]);
            if builder.plain.is_disjoint(&builder.lowerer.typename) {
                return (root, Draft { shapes: builder.shapes });
            }
        }
    }

    /// A fragment, lowered.
    pub fn fragment(&mut self, id: query::FragmentId) -> FragmentId {
        if let Some(known) = self.by_id.get(&id) {
            return *known;
        }
        let fragment = &self.documents.fragment(id).definition;
        let (root, draft) = self.draft(SelectionSet::of_fragment(fragment), |builder, part| builder.shape(part));
        let index = FragmentId(self.fragments.len());
        self.fragments.push(LoweredFragment { id, root, draft });
        self.by_id.insert(id, index);
        index
    }

    /// The fields below a field, those of fragments included.
    pub(super) fn below(&self, field: SelectedField<'a>) -> impl Iterator<Item = SelectedField<'a>> {
        self.documents.fields(field.below(field.definition(self.schema)))
    }

    /// True if the type name can be read from the fragment's own type.
    pub fn tells_typename(&self, fragment: FragmentId) -> bool {
        let root = self.root(fragment);
        root.arms.is_some() || root.members.fields.iter().any(|field| field.key == "__typename" && !field.conditional)
    }

    /// The shape of a fragment's own selection set.
    pub fn root(&self, fragment: FragmentId) -> &Shape<Unnamed> {
        self.fragment_shape(fragment, self.fragments[fragment.0].root)
    }

    /// A shape of a fragment.
    pub fn fragment_shape(&self, fragment: FragmentId, shape: ShapeId) -> &Shape<Unnamed> {
        &self.fragments[fragment.0].draft.shapes[shape]
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

    /// An operation or a fragment, from its draft and its names.
    fn definition<T>(
        &self,
        (file, node): (FileId, &Node<T>),
        [name, module]: [String; 2],
        shapes: BTreeMap<ShapeId, Shape>,
    ) -> Definition {
        let settings = self.overrides.of(node);
        let visibility = settings.and_then(|settings| settings.visibility);
        Definition {
            name,
            module,
            docs: self.description(file, node),
            derives: settings.map(|settings| settings.derives.clone()).unwrap_or_default(),
            visibility: visibility.unwrap_or(self.config.generate.visibility),
            shapes,
        }
    }

    /// The name that the user wants for an operation or a fragment.
    fn renamed<T>(&self, node: &Node<T>) -> Option<&str> {
        self.overrides.of(node).and_then(|settings| settings.rename.as_deref())
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
            _ => match self.schema.kind(name) {
                Some(TypeKind::Enum) => Leaf::Enum(name.to_string()),
                Some(TypeKind::InputObject) => Leaf::Input(name.to_string()),
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
            let input = self.schema.input(&name);
            if let (false, Some(input)) = (known, input) {
                let fields = input.fields.values().filter(|field| self.type_of_input(&input.name, field).is_none());
                open.extend(fields.map(|field| field.ty.inner_named_type().clone()));
            }
        }
    }

    fn finish(mut self, files: Vec<(FileId, Vec<Pending<'a>>)>) -> Lowered {
        let mut module = Module {
            default_derives: self.config.generate.default_derives.clone(),
            derives: self.config.generate.derives.clone(),
            visibility: self.config.generate.visibility,
            ..Module::default()
        };
        let (mut notes, mut clashes) = (Notes::default(), Vec::new());
        self.used.sort_unstable();
        self.types(&mut module, &mut notes);
        let fragments = std::mem::take(&mut self.fragments);
        let typename = std::mem::take(&mut self.typename);
        let ids: Vec<query::FragmentId> = fragments.iter().map(|fragment| fragment.id).collect();
        let mut judge = Judge::new(self.config, self.schema);
        let sent = Sent::new(self.schema, self.documents, &typename, &ids);
        let names = self.name_fragments(fragments, &mut module, &mut notes, &mut clashes);
        let single = self.config.single_file();
        let mut problems = std::mem::take(&mut self.problems);
        let duplicates = if single { self.duplicates(&files) } else { Vec::new() };
        let documents = self.document_names(&files);
        let layout =
            if single { modules::flat(&documents, &mut notes) } else { modules::nested(&documents, &mut notes) };
        if duplicates.is_empty() {
            clashes.extend(layout.clashes);
        }
        problems.extend(duplicates);
        for ((file, operations), (path, pairs)) in files.into_iter().zip(layout.documents) {
            let source = self.documents.file(file).path.clone();
            let mut lowered = Vec::new();
            for (pending, pair) in operations.into_iter().zip(pairs) {
                let fragments = (module.fragments.as_slice(), names.as_slice());
                let node = pending.node;
                let operation =
                    self.finish_operation((file, pair), pending, &sent, fragments, &mut notes, &mut clashes);
                problems.extend(sent.problems(&mut judge, node, &operation.document));
                lowered.push(operation);
            }
            module.documents.push(Document { module: path, source, operations: lowered });
        }
        presence::settle(&mut module);
        clashes.sort();
        clashes.dedup();
        problems.extend(clashes.into_iter().map(|name| {
            let message = format!("the configured name `{name}` is already taken in this scope");
            Diagnostic::error(Code::CONFIG, message)
                .help("choose another one, or set another name for the other one too")
        }));
        Lowered { module, problems, notes: notes.into_diagnostics() }
    }

    /// Names the fragments and what is in them, and moves them to the module. Two files may define different ones of one name.
    fn name_fragments(
        &self,
        fragments: Vec<LoweredFragment>,
        module: &mut Module,
        notes: &mut Notes,
        clashes: &mut Vec<String>,
    ) -> Vec<FragmentName> {
        let all: Vec<_> = fragments.iter().map(|fragment| self.documents.fragment(fragment.id)).collect();
        let candidates: Vec<_> = (all.iter())
            .map(|fragment| {
                let wanted = self.renamed(&fragment.definition);
                modules::pair(&fragment.definition.name).renamed(wanted.map(modules::fixed))
            })
            .collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        all.iter().for_each(|fragment| *count.entry(&fragment.definition.name).or_default() += 1);
        let roots = ModuleRoots::new(self.config);
        let path = |at: usize| roots.below(&self.documents.file(all[at].file).path);
        let assigned = assign(&[], &candidates, |at| {
            let name = all[at].definition.name.as_str();
            if count.get(name) == Some(&1) { modules::distinct(name) } else { modules::distinct_in(name, &path(at)) }
        });
        notes.add(&assigned, |at| {
            let name = &all[at].definition.name;
            (format!("fragment `{name}`"), self.documents.places.span(name.location()))
        });
        clashes.extend(assigned.clashes.iter().cloned());
        let mut names = Vec::new();
        for (fragment, pair) in all.iter().zip(&assigned.names) {
            let usual = self.renamed(&fragment.definition).unwrap_or(&fragment.definition.name);
            names.push(FragmentName {
                graphql: fragment.definition.name.to_string(),
                name: pair[0].clone(),
                field: field_name(usual),
            });
        }
        for ((lowered, fragment), pair) in fragments.into_iter().zip(all).zip(assigned.names) {
            let node = &fragment.definition;
            let pair = [pair[0].clone(), pair[1].clone()];
            let (shapes, named) = name_shapes(&lowered.draft, (lowered.root.into(), &pair[0]), &names);
            self.note_definition(notes, &named, SelectionSet::of_fragment(node), &names);
            clashes.extend(named.clashes);
            let place = (fragment.file, node);
            let data = self.definition(place, pair, shapes);
            let root = &data.shapes[&lowered.root];
            let (keys, repeats) = (sharing::keys(root, &module.fragments), sharing::repeats(root, &module.fragments));
            let graphql = node.name.to_string();
            module.fragments.push(Fragment { graphql, root: lowered.root, data, keys, repeats });
        }
        names
    }

    /// What the names of operations and modules come from.
    fn document_names(&self, files: &[(FileId, Vec<Pending<'a>>)]) -> Vec<DocumentNames> {
        let roots = ModuleRoots::new(self.config);
        let of_operation = |file: FileId, node: &Node<OperationDefinition>| OperationName {
            name: node.name.as_ref().map(|name| name.to_string()).unwrap_or_else(|| self.anonymous(file, node)),
            is_anonymous: node.name.is_none() && self.config.unnamed.is_none(),
            renamed: self.renamed(node).map(str::to_owned),
            span: match &node.name {
                Some(name) => self.documents.places.span(name.location()),
                None => self.documents.place(node).map(|span| Span::new(span.source, span.start..span.start)),
            },
        };
        let documents = files.iter().map(|(file, operations)| DocumentNames {
            path: roots.below(&self.documents.file(*file).path),
            operations: operations.iter().map(|pending| of_operation(*file, pending.node)).collect(),
        });
        documents.collect()
    }

    /// Operations that cannot be side by side in a single file.
    fn duplicates(&self, files: &[(FileId, Vec<Pending<'a>>)]) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut seen: BTreeMap<&str, &Node<OperationDefinition>> = BTreeMap::new();
        for pending in files.iter().flat_map(|(_, operations)| operations) {
            let Some(name) = &pending.node.name else { continue };
            if let Some(earlier) = seen.insert(name.as_str(), pending.node) {
                problems.push(self.duplicate(name, earlier));
            }
        }
        problems
    }

    fn duplicate(&self, name: &Name, earlier: &Node<OperationDefinition>) -> Diagnostic {
        let places = &self.documents.places;
        Diagnostic::error(Code::UNIQUE_OPERATION_NAMES, format!("two operations are called `{name}`"))
            .at(places.span(name.location()), "the second one")
            .also(places.span(earlier.name.as_ref().and_then(|name| name.location())), "the first one")
            .help("rename one, or let `output` be a directory: then each document has a module of its own")
    }

    fn finish_operation(
        &self,
        (file, pair): (FileId, [String; 2]),
        pending: Pending<'a>,
        sent: &Sent<'_>,
        (fragments, names): (&[Fragment], &[FragmentName]),
        notes: &mut Notes,
        clashes: &mut Vec<String>,
    ) -> Operation {
        let Pending { node, root, draft } = pending;
        let document = sent.document(node);
        let (shapes, named) = name_shapes(&draft, (root, "Data"), names);
        self.note_definition(notes, &named, SelectionSet::of_operation(self.schema, node), names);
        clashes.extend(named.clashes);
        let definition = self.definition((file, node), pair, shapes);
        let variables = self.variables(file, node, notes, clashes);
        Operation {
            name: node.name.as_ref().map(|name| name.to_string()),
            kind: match node.operation_type {
                OperationType::Query => OperationKind::Query,
                OperationType::Mutation => OperationKind::Mutation,
                OperationType::Subscription => OperationKind::Subscription,
            },
            id: hex(&Sha256::digest(document.as_bytes())),
            document,
            pagination: self.pagination(node, (root, &definition), &variables, fragments),
            payload_errors: self.payload_errors(node),
            variables,
            root,
            data: definition,
        }
    }

    /// A name for an operation that has none: that of its file.
    fn anonymous(&self, file: FileId, node: &OperationDefinition) -> String {
        if let Some(name) = &self.config.unnamed {
            return name.clone();
        }
        let path = Path::new(&self.documents.file(file).path);
        let stem = path.file_stem().map(|stem| modules::ascii_name(&stem.to_string_lossy())).unwrap_or_default();
        if stem.is_empty() { node.operation_type.name().to_owned() } else { stem }
    }

    /// The description before a definition.
    pub(super) fn description<T>(&self, file: FileId, node: &Node<T>) -> Option<String> {
        self.documents.description(file, node).map(str::to_owned)
    }

    pub(super) fn used_types(&self) -> impl Iterator<Item = &Name> {
        self.used.iter()
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
