//! The SDL files of a schema, for schema rules.
//!
//! The files are parsed only if such a rule is on. All rules share one walk over each file; queries about the whole
//! schema use an index of its definitions. Both are linear in the length of the texts.

pub mod definition;
mod meaning;
pub mod reachable;
mod used;
pub mod walk;

use crate::convention::connection::{EDGES, is_connection_name};
use crate::schema::SCALARS;
use crate::source::{SourceId, Sources};
use crate::syntax::Places;
use crate::syntax::parse;
use crate::syntax::scan::Kind;
use apollo_compiler::Name;
use apollo_compiler::ast::{Document, FieldDefinition, OperationType};
use definition::TypeDefinition;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

pub use meaning::meaning;
pub use used::UsedFields;

/// The parsed SDL files of a schema.
#[derive(Debug)]
pub struct SchemaFiles {
    /// The files, in the order of the configuration.
    pub files: Vec<(SourceId, Document)>,
    /// The spans of the nodes of all files.
    pub places: Places,
}

impl SchemaFiles {
    /// Parses texts. Parts with syntax errors are missing, since loading the schema reports them.
    pub fn parse(sources: &Sources, texts: &[SourceId]) -> Self {
        let parse = |source: &SourceId| {
            let text = sources.text(*source);
            // The parser does not support byte order marks; blanks in its place keep all offsets.
            let plain = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
            (*source, parse(plain.as_deref().unwrap_or(text), "schema").0)
        };
        let files: Vec<(SourceId, Document)> = texts.par_iter().map(parse).collect();
        let mut places = Places::default();
        for (source, document) in &files {
            places.record(document, *source);
        }
        Self { files, places }
    }

    /// Returns the definitions of each file.
    pub fn definitions(&self) -> Vec<Vec<TypeDefinition<'_>>> {
        self.files
            .iter()
            .map(|(_, document)| document.definitions.iter().filter_map(TypeDefinition::of).collect())
            .collect()
    }
}

/// Returns true if a text of the schema is SDL, not an introspection response.
pub fn is_sdl(text: &str) -> bool {
    !text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// A type with all of its definitions and extensions.
#[derive(Debug, Default)]
pub struct TypeParts<'a> {
    /// The definitions and extensions, in the order of the files.
    pub parts: Vec<&'a TypeDefinition<'a>>,
}

impl<'a> TypeParts<'a> {
    /// Returns the first definition that is not an extension.
    pub fn definition(&self) -> Option<&'a TypeDefinition<'a>> {
        self.parts.iter().find(|part| !part.is_extension).copied()
    }

    /// Returns the kind of its definition, or of its first extension.
    pub fn kind(&self) -> Option<Kind> {
        self.definition().or(self.parts.first().copied()).map(|part| part.kind)
    }

    /// Returns the fields of all parts.
    pub fn fields(&self) -> impl Iterator<Item = &'a FieldDefinition> {
        self.parts.iter().flat_map(|part| part.fields.iter().map(|field| &**field))
    }
}

/// An index of the definitions of all files.
#[derive(Debug)]
pub struct TypeSystem<'a> {
    /// The types by name.
    pub types: FxHashMap<&'a str, TypeParts<'a>>,
    /// The directive definitions by name.
    pub directives: FxHashMap<&'a str, Vec<&'a TypeDefinition<'a>>>,
    /// The definitions and extensions of `schema`.
    pub schemas: Vec<&'a TypeDefinition<'a>>,
    /// The objects and interfaces that implement an interface, by the name of the interface.
    pub implementers: FxHashMap<&'a str, Vec<&'a str>>,
    reachable: OnceLock<reachable::Reachable<'a>>,
    edge_types: OnceLock<rustc_hash::FxHashSet<&'a str>>,
}

impl<'a> TypeSystem<'a> {
    /// Indexes the definitions of all files.
    pub fn new(definitions: &'a [Vec<TypeDefinition<'a>>]) -> Self {
        let mut this = Self {
            types: FxHashMap::default(),
            directives: FxHashMap::default(),
            schemas: Vec::new(),
            implementers: FxHashMap::default(),
            reachable: OnceLock::new(),
            edge_types: OnceLock::new(),
        };
        for one in definitions.iter().flatten() {
            match one.kind {
                Kind::Schema => this.schemas.push(one),
                Kind::Directive => this.directives.entry(one.text()).or_default().push(one),
                _ => this.types.entry(one.text()).or_default().parts.push(one),
            }
            if matches!(one.kind, Kind::Object | Kind::Interface) {
                for interface in one.names {
                    this.implementers.entry(interface).or_default().push(one.text());
                }
            }
        }
        this
    }

    /// Returns the name of a root operation type, if the schema has it (specification, 3.3.1).
    pub fn root(&self, operation: OperationType) -> Option<&'a str> {
        let roots = || self.schemas.iter().flat_map(|schema| schema.roots);
        if roots().next().is_some() {
            let root = roots().find(|root| root.0 == operation)?;
            return Some(root.1.as_str());
        }
        let usual = match operation {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let (name, _) = self.types.get_key_value(usual)?;
        (self.kind(usual) == Some(Kind::Object)).then_some(name)
    }

    /// Returns the names of the root operation types.
    pub fn roots(&self) -> impl Iterator<Item = &'a str> {
        let all = [OperationType::Query, OperationType::Mutation, OperationType::Subscription];
        all.into_iter().filter_map(|operation| self.root(operation))
    }

    /// Returns the kind of a type, built-in scalars included.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let defined = self.types.get(name).and_then(TypeParts::kind);
        defined.or_else(|| SCALARS.contains(&name).then_some(Kind::Scalar))
    }

    /// Returns the types and directives that are reachable from the root operation types and the directives of
    /// operations.
    pub fn reachable(&self) -> &reachable::Reachable<'a> {
        self.reachable.get_or_init(|| reachable::Reachable::new(self))
    }

    /// Returns the object types of the items in the field `edges` of connection types.
    pub fn edge_types(&self) -> &rustc_hash::FxHashSet<&'a str> {
        self.edge_types.get_or_init(|| {
            let connections = self.types.iter().filter(|(name, _)| is_connection_name(name));
            let connections = connections.filter(|(_, ty)| ty.kind() == Some(Kind::Object));
            let edges = connections.filter_map(|(_, ty)| ty.fields().find(|field| field.name == EDGES));
            let names = edges.map(|field| field.ty.inner_named_type());
            names.filter(|name| self.kind(name) == Some(Kind::Object)).map(Name::as_str).collect()
        })
    }
}
