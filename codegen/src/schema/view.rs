//! A side of a schema: all of it, or what the server knows of it.
//!
//! In: the [`Index`] of the texts, of which a side counts the first ones; or, where the scan does not understand a text,
//! definitions that were all parsed. Out: one definition at a time.

use super::built_in::{BUILT_IN, is_built_in};
use super::definition::{TypeDefinition, TypeKind};
use super::index::Index;
use super::lazy::{ByName, LazyType, ParsedPieces, Side};
use apollo_compiler::ast::{DirectiveDefinition, FieldDefinition, OperationType};
use apollo_compiler::schema::SchemaDefinition;
use apollo_compiler::{Name, Node};
use std::sync::OnceLock;

/// What one side knows.
#[derive(Debug)]
pub struct View {
    /// How many of the texts count.
    texts: usize,
    /// How many of them are the server's.
    of_server: usize,
    /// Types that are not as the index has them: all of them, or those that other texts extend.
    own: ByName<LazyType>,
    /// Whether `own` has all types.
    has_all: bool,
    directives: ByName<OnceLock<Option<Node<DirectiveDefinition>>>>,
    schema: OnceLock<Node<SchemaDefinition>>,
}

/// What views of the same texts share.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// The index of the texts; empty if the scan does not understand them.
    pub index: &'a Index,
    /// Where the places of what is parsed are kept.
    pub parsed: &'a ParsedPieces,
}

impl View {
    /// The side of the first texts.
    pub fn new(index: &Index, texts: usize, of_server: usize) -> Self {
        let own = index.names_after(texts).map(|name| (name.clone(), LazyType::default()));
        let directives = index.directive_names(texts).map(|name| (Name::new_unchecked(name), OnceLock::new()));
        let (own, directives) = (own.collect(), directives.collect());
        Self { texts, of_server, own, has_all: false, directives, schema: OnceLock::new() }
    }

    /// Everything that was parsed.
    pub fn of(schema: &apollo_compiler::Schema) -> Self {
        let own = schema.types.iter().filter(|(name, _)| !is_built_in(name));
        let directives = schema.directive_definitions.iter();
        Self {
            texts: 0,
            of_server: 0,
            own: own.map(|(name, ty)| (name.clone(), LazyType::known(ty.clone()))).collect(),
            has_all: true,
            directives: directives.map(|(name, of)| (name.clone(), OnceLock::from(Some(of.clone())))).collect(),
            schema: OnceLock::from(schema.schema_definition.clone()),
        }
    }

    fn side<'a>(&self, texts: Texts<'a>) -> Side<'a> {
        Side { index: texts.index, texts: self.texts, parsed: texts.parsed }
    }

    fn lazy<'a>(&'a self, texts: Texts<'a>, name: &str) -> Option<&'a LazyType> {
        if is_built_in(name) {
            return BUILT_IN.types.get(name);
        }
        match self.own.get(name) {
            Some(own) => (self.has_all || texts.index.kind(name, self.texts).is_some()).then_some(own),
            None => texts.index.ty(name),
        }
    }

    /// The definition of a type.
    pub fn ty<'a>(&'a self, texts: Texts<'a>, name: &str) -> Option<&'a TypeDefinition> {
        self.lazy(texts, name)?.definition(name, self.side(texts))
    }

    /// The kind of a type.
    pub fn kind(&self, texts: Texts<'_>, name: &str) -> Option<TypeKind> {
        match self.has_all || is_built_in(name) {
            true => self.ty(texts, name).map(TypeDefinition::kind),
            false => texts.index.kind(name, self.texts),
        }
    }

    /// The definition of a field, those of introspection included.
    pub fn field<'a>(&'a self, texts: Texts<'a>, ty: &str, field: &str) -> Option<&'a Node<FieldDefinition>> {
        let lazy = self.lazy(texts, ty)?;
        lazy.field(ty, field, self.side(texts)).or_else(|| self.meta_field(texts, ty, field))
    }

    /// True if a type has a field, those of introspection included.
    pub fn has_field(&self, texts: Texts<'_>, ty: &str, field: &str) -> bool {
        self.lazy(texts, ty).is_some_and(|lazy| {
            lazy.has_field(ty, field, self.side(texts)) || self.meta_field(texts, ty, field).is_some()
        })
    }

    /// Returns the text of a field; `None` if only a parser could find it.
    pub fn field_text<'a>(&self, texts: Texts<'a>, ty: &str, field: &str) -> Option<&'a str> {
        self.lazy(texts, ty)?.field_text(ty, field, self.side(texts))
    }

    fn meta_field(&self, texts: Texts<'_>, ty: &str, field: &str) -> Option<&'static Node<FieldDefinition>> {
        if !field.starts_with("__") || !self.kind(texts, ty)?.is_composite() {
            return None;
        }
        let is_query = self.root(texts, OperationType::Query).is_some_and(|query| query == ty);
        BUILT_IN.meta_field(field, is_query)
    }

    /// All fields of a type, in the order of the texts.
    pub fn fields<'a>(&'a self, texts: Texts<'a>, ty: &str) -> impl Iterator<Item = &'a Node<FieldDefinition>> {
        let side = self.side(texts);
        self.lazy(texts, ty).into_iter().flat_map(move |lazy| lazy.all_fields(ty, side))
    }

    /// The names of all fields of a type, in the order of the texts.
    pub fn field_names<'a>(&'a self, texts: Texts<'a>, ty: &str) -> impl Iterator<Item = &'a Name> {
        let side = self.side(texts);
        self.lazy(texts, ty).into_iter().flat_map(move |lazy| lazy.field_names(ty, side))
    }

    /// The names of the types that have a definition, in the order of the texts.
    pub fn type_names<'a>(&'a self, texts: Texts<'a>) -> impl Iterator<Item = &'a Name> {
        let of_index = texts.index.names_in(self.texts).filter(|name| !is_built_in(name));
        self.own.keys().filter(|_| self.has_all).chain(of_index)
    }

    /// The definition of a directive.
    pub fn directive<'a>(&'a self, texts: Texts<'a>, name: &str) -> Option<&'a Node<DirectiveDefinition>> {
        let own = self.directives.get(name);
        match own {
            Some(own) => own.get_or_init(|| self.side(texts).directive(name, self.of_server)).as_ref(),
            None => BUILT_IN.directives.get(name),
        }
    }

    /// The names of all directives.
    pub fn directive_names(&self) -> impl Iterator<Item = &str> {
        let of_specification = BUILT_IN.directives.keys().filter(|name| !self.directives.contains_key(*name));
        of_specification.chain(self.directives.keys()).map(|name| name.as_str())
    }

    /// What is said of the schema as a whole.
    pub fn schema(&self, texts: Texts<'_>) -> &Node<SchemaDefinition> {
        self.schema.get_or_init(|| self.side(texts).schema())
    }

    /// The root type of a kind of operation.
    pub fn root(&self, texts: Texts<'_>, operation: OperationType) -> Option<&Name> {
        let schema = self.schema(texts);
        let root = match operation {
            OperationType::Query => &schema.query,
            OperationType::Mutation => &schema.mutation,
            OperationType::Subscription => &schema.subscription,
        };
        root.as_ref().map(|root| &root.name)
    }

    /// What is ambiguous about a type.
    pub fn ambiguous<'a>(&'a self, texts: Texts<'a>, name: &str) -> &'a [super::ambiguous::Ambiguous] {
        self.lazy(texts, name).map(|lazy| lazy.ambiguous(name, self.side(texts))).unwrap_or_default()
    }
}
