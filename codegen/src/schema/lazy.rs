//! Types whose parts are parsed when they are first asked for.
//!
//! In: the [`Index`] of the texts of a schema. Out: definitions of types, and single fields: of a large type, operations
//! select few. What was parsed is kept for as long as the texts are.

use super::ambiguous::{self, Ambiguous};
use super::definition::TypeDefinition;
use super::index::{Entry, Index};
use super::store;
use crate::syntax::scan::Kind;
use apollo_compiler::ast::{Definition, DirectiveDefinition, Document, FieldDefinition};
use apollo_compiler::parser::{FileId, SourceSpan};
use apollo_compiler::schema::{ExtendedType, SchemaBuilder, SchemaDefinition};
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What has names, in its order.
pub type ByName<T> = IndexMap<Name, T, BuildHasherDefault<FxHasher>>;

/// What is known so far of a type.
#[derive(Debug, Default)]
pub struct LazyType {
    definition: OnceLock<Option<TypeDefinition>>,
    fields: OnceLock<Fields>,
    ambiguous: OnceLock<Vec<Ambiguous>>,
}

/// The fields of an object or interface.
#[derive(Debug, Default)]
struct Fields {
    by_name: ByName<LazyField>,
    /// The length of their texts.
    length: usize,
}

#[derive(Debug)]
enum LazyField {
    /// It was parsed with all of its type.
    Known(Node<FieldDefinition>),
    /// It is parsed when something asks for it.
    Written(WrittenField),
}

/// A field in a text.
#[derive(Debug)]
struct WrittenField {
    /// Which definition it is in.
    entry: usize,
    range: Range<usize>,
    parsed: OnceLock<Option<Node<FieldDefinition>>>,
}

impl LazyField {
    /// The definition, if it has been parsed and has no syntax error.
    fn definition(&self) -> Option<&Node<FieldDefinition>> {
        match self {
            Self::Known(definition) => Some(definition),
            Self::Written(field) => field.parsed.get()?.as_ref(),
        }
    }

    /// The field, if it has yet to be parsed.
    fn open(&self) -> Option<&WrittenField> {
        match self {
            Self::Written(field) if field.parsed.get().is_none() => Some(field),
            Self::Known(_) | Self::Written(_) => None,
        }
    }
}

impl LazyType {
    /// A type of which everything is known.
    pub fn known(definition: ExtendedType) -> Self {
        let (definition, fields) = TypeDefinition::of(definition);
        Self {
            definition: OnceLock::from(Some(definition)),
            fields: OnceLock::from(Fields::known(fields)),
            ambiguous: OnceLock::from(Vec::new()),
        }
    }

    /// The definition; `None` if it has a syntax error.
    pub fn definition(&self, name: &str, side: Side<'_>) -> Option<&TypeDefinition> {
        self.definition.get_or_init(|| side.definition(name)).as_ref()
    }

    /// The definition of a field; `None` if there is none, or if it has a syntax error.
    pub fn field(&self, name: &str, field: &str, side: Side<'_>) -> Option<&Node<FieldDefinition>> {
        /// A type as small as this is parsed at once: parsing has a price of its own.
        const SMALL: usize = 1024;
        let fields = self.fields(name, side);
        let lazy = fields.by_name.get(field)?;
        if lazy.open().is_some() {
            match fields.length {
                ..=SMALL => side.parse_fields(fields.by_name.values()),
                _ => side.parse_fields(std::iter::once(lazy)),
            }
        }
        lazy.definition()
    }

    /// True if there is a field of this name.
    pub fn has_field(&self, name: &str, field: &str, side: Side<'_>) -> bool {
        self.fields(name, side).by_name.contains_key(field)
    }

    /// The text of a field that is not parsed by the parser alone.
    pub fn field_text<'a>(&self, name: &str, field: &str, side: Side<'a>) -> Option<&'a str> {
        match self.fields(name, side).by_name.get(field)? {
            LazyField::Written(field) => Some(side.index.words(side.entry(field.entry), &field.range).trim()),
            LazyField::Known(_) => None,
        }
    }

    /// The names of all fields, in the order of the texts.
    pub fn field_names(&self, name: &str, side: Side<'_>) -> impl Iterator<Item = &Name> {
        self.fields(name, side).by_name.keys()
    }

    /// All fields, in the order of the texts.
    pub fn all_fields(&self, name: &str, side: Side<'_>) -> impl Iterator<Item = &Node<FieldDefinition>> {
        let fields = self.fields(name, side);
        side.parse_fields(fields.by_name.values());
        fields.by_name.values().filter_map(LazyField::definition)
    }

    /// What is defined twice and differently.
    pub fn ambiguous(&self, name: &str, side: Side<'_>) -> &[Ambiguous] {
        self.ambiguous.get_or_init(|| ambiguous::ambiguous(side.index, name))
    }

    fn fields(&self, name: &str, side: Side<'_>) -> &Fields {
        self.fields.get_or_init(|| side.fields(name))
    }
}

impl Fields {
    fn known(fields: impl IntoIterator<Item = Node<FieldDefinition>>) -> Self {
        let one = |field: Node<FieldDefinition>| (field.name.clone(), LazyField::Known(field));
        Self { by_name: fields.into_iter().map(one).collect(), length: 0 }
    }
}

/// The texts that count: all of them, or those of the server.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The index of all texts.
    pub index: &'a Index,
    /// How many of the texts count.
    pub texts: usize,
    /// Where the places of what is parsed are kept.
    pub parsed: &'a ParsedPieces,
}

impl<'a> Side<'a> {
    fn entries(&self, name: &str) -> Vec<usize> {
        self.index.of_type_in(name, self.texts)
    }

    fn entry(&self, at: usize) -> &'a Entry {
        &self.index.entries()[at]
    }

    fn definition(&self, name: &str) -> Option<TypeDefinition> {
        let mut excerpt = Excerpt::default();
        for at in self.entries(name) {
            let entry = self.entry(at);
            let range = &entry.definition.range;
            match (&entry.definition.body, entry.definition.kind) {
                (Some(body), Kind::Object | Kind::Interface) => {
                    excerpt.push(self.index, entry, range.start..body.start);
                    // Braces with nothing in them are not SDL.
                    excerpt.sdl.push_str("_: Int }\n");
                }
                _ => excerpt.push(self.index, entry, range.clone()),
            }
        }
        let mut schema = built(&self.parsed.parse(excerpt));
        Some(TypeDefinition::of(schema.types.swap_remove(name)?).0)
    }

    /// The fields of a type, none of them parsed; all of them parsed if the scan does not understand them.
    fn fields(&self, name: &str) -> Fields {
        let mut fields = Fields::default();
        for at in self.entries(name) {
            let entry = self.entry(at);
            if !matches!(entry.definition.kind, Kind::Object | Kind::Interface) {
                continue;
            }
            let Some(members) = self.index.members(entry) else { return self.parsed_fields(name) };
            for member in members {
                let name = Name::new_unchecked(self.index.words(entry, &member.name));
                fields.length += member.range.len();
                let new = || WrittenField { entry: at, range: member.range.clone(), parsed: OnceLock::new() };
                fields.by_name.entry(name).or_insert_with(|| LazyField::Written(new()));
            }
        }
        fields
    }

    fn parsed_fields(&self, name: &str) -> Fields {
        let mut excerpt = Excerpt::default();
        for at in self.entries(name) {
            let entry = self.entry(at);
            excerpt.push(self.index, entry, entry.definition.range.clone());
        }
        let mut schema = built(&self.parsed.parse(excerpt));
        let definition = schema.types.swap_remove(name);
        Fields::known(definition.map(|definition| TypeDefinition::of(definition).1).unwrap_or_default())
    }

    /// Parses those of some fields that are not parsed yet.
    fn parse_fields<'f>(&self, fields: impl Iterator<Item = &'f LazyField>) {
        let open: Vec<&WrittenField> = fields.filter_map(LazyField::open).collect();
        if open.is_empty() {
            return;
        }
        let mut excerpt = Excerpt { sdl: "type X {\n".to_owned(), ..Excerpt::default() };
        for field in &open {
            excerpt.push(self.index, self.entry(field.entry), field.range.clone());
        }
        excerpt.sdl.push('}');
        let document = self.parsed.parse(excerpt);
        let parsed = match document.definitions.first() {
            Some(Definition::ObjectTypeDefinition(object)) => object.fields.as_slice(),
            _ => &[],
        };
        // With a syntax error there may be fewer, and which they are means nothing.
        let is_whole = parsed.len() == open.len();
        for (at, field) in open.into_iter().enumerate() {
            // Another thread may have been faster.
            let _ = field.parsed.set(parsed.get(at).filter(|_| is_whole).cloned());
        }
    }

    /// The definition of a directive: of several, the client's last one, since it is the client that interprets it.
    pub fn directive(&self, name: &str, of_server: usize) -> Option<Node<DirectiveDefinition>> {
        let entries = || self.index.of_directive(name).filter(|at| self.entry(*at).text < self.texts);
        let last = entries().map(|at| self.entry(at).text).filter(|text| *text >= of_server).max();
        let chosen = entries().find(|at| last.is_none_or(|last| self.entry(*at).text == last))?;
        let mut excerpt = Excerpt::default();
        excerpt.push(self.index, self.entry(chosen), self.entry(chosen).definition.range.clone());
        let document = self.parsed.parse(excerpt);
        document.definitions.iter().find_map(Definition::as_directive_definition).cloned()
    }

    /// The root types, and what else is said of the schema as a whole.
    pub fn schema(&self) -> Node<SchemaDefinition> {
        let mut excerpt = Excerpt::default();
        for at in self.index.of_schema().iter().filter(|at| self.entry(**at).text < self.texts) {
            excerpt.push(self.index, self.entry(*at), self.entry(*at).definition.range.clone());
        }
        // Types by their usual names are root types where nothing says which are.
        for name in ["Query", "Mutation", "Subscription"] {
            if self.entries(name).first().is_some_and(|at| self.entry(*at).definition.kind == Kind::Object) {
                excerpt.sdl.push_str(&format!("type {name} {{ _: Int }}\n"));
            }
        }
        built(&self.parsed.parse(excerpt)).schema_definition
    }
}

/// The definitions of a document together with the extensions in it.
fn built(document: &Document) -> apollo_compiler::Schema {
    let builder = SchemaBuilder::new().adopt_orphan_extensions().ignore_builtin_redefinitions();
    builder.add_ast(document).build().unwrap_or_else(|found| found.partial)
}

/// Pieces of texts.
#[derive(Debug, Default)]
struct Excerpt {
    /// The pieces, one after the other.
    sdl: String,
    /// Where each piece begins in the excerpt, and where it is from.
    pieces: Vec<(usize, Origin)>,
}

/// A text, and an offset in it.
type Origin = (usize, usize);

impl Excerpt {
    /// Adds a piece of the text of a definition.
    fn push(&mut self, index: &Index, entry: &Entry, range: Range<usize>) {
        self.pieces.push((self.sdl.len(), (entry.text, range.start)));
        self.sdl.push_str(index.words(entry, &range));
        self.sdl.push('\n');
    }
}

/// Where everything that was parsed came from.
#[derive(Debug, Default)]
pub struct ParsedPieces {
    pieces: Mutex<FxHashMap<FileId, Vec<(usize, Origin)>>>,
    has_errors: AtomicBool,
}

impl ParsedPieces {
    fn parse(&self, excerpt: Excerpt) -> Document {
        // A text with nothing in it is not SDL.
        if excerpt.sdl.is_empty() {
            return Document::new();
        }
        let parsed = store::parse(&excerpt.sdl);
        self.record(&parsed.document, &excerpt.pieces);
        if parsed.errors.is_some() {
            self.has_errors.store(true, Ordering::Relaxed);
        }
        parsed.document
    }

    /// Remembers where a whole text is.
    pub fn record_text(&self, document: &Document, text: usize) {
        self.record(document, &[(0, (text, 0))]);
    }

    fn record(&self, document: &Document, pieces: &[(usize, Origin)]) {
        let mut known = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(document.sources.keys().map(|file| (*file, pieces.to_vec())));
    }

    /// True if anything that was parsed so far has a syntax error.
    pub fn has_errors(&self) -> bool {
        self.has_errors.load(Ordering::Relaxed)
    }

    /// The text of a place of the parser, and the range in it; built-in definitions have none.
    pub fn place(&self, location: SourceSpan) -> Option<(usize, Range<usize>)> {
        let known = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let pieces = known.get(&location.file_id())?;
        let offset = location.offset();
        let (start, (text, origin)) = pieces[..pieces.partition_point(|(start, _)| *start <= offset)].last()?;
        let start = offset - start + origin;
        Some((*text, start..start + (location.end_offset() - offset)))
    }
}
