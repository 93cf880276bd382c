//! Schema texts in, one [`Schema`] out.
//!
//! Published schemas break the specification, so loading is tolerant: what does not
//! touch the user's operations becomes a warning with its position. Only a text that
//! is not GraphQL (or not an introspection answer) stops the load.

mod client;
mod defects;
mod deprecation;
mod differing;
mod index;
pub mod introspection;
mod reach;
mod store;
mod types;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, has_errors};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::scan::Kind;
use crate::syntax::{Origin, Places, message_of, syntax_errors};
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Node, name};
use reach::{Ambiguous, Excerpt};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::Stored;

pub use client::{CLIENT_MARK, Client, ClientSide};
pub use defects::defects;
pub use deprecation::{DEFAULT_REASON, deprecation, deprecation_reason};
pub use reach::Wanted;
pub use types::{Composite, CompositeKind, TypeSet, Types};

/// `@oneOf` is part of the September 2025 specification and unknown to apollo-compiler 1.33.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

/// A schema, with what is asked of it over and over already computed.
#[derive(Debug)]
pub struct Schema {
    definitions: Arc<Valid<apollo_compiler::Schema>>,
    /// Possible types of every composite type.
    pub types: Arc<Types>,
    /// Defects that did not stop the load.
    pub warnings: Vec<Diagnostic>,
    /// Directives that only the client knows.
    pub client_directives: HashSet<String>,
    /// True if `@client` may mark fields that nothing defines.
    pub leaves_client_fields_open: bool,
    /// The same without anything that only the client knows; `None` if there is nothing of the kind.
    server: Option<Box<Schema>>,
    /// Fields, and types by the field `""`, that are defined twice and differently.
    ambiguous: HashMap<(String, String), [Span; 2]>,
    scalars: Vec<String>,
    places: Places,
}

/// How much of a schema is loaded.
#[derive(Debug, Clone, Copy)]
pub enum Extent<'a> {
    /// All of it, with all that is wrong with it.
    Whole,
    /// What documents reach. Warnings are only about what could change their meaning.
    Reached(&'a Wanted),
}

impl Schema {
    /// Loads a schema from texts that are already in memory.
    ///
    /// A text whose first character is `{` is introspection JSON, any other is SDL; several
    /// texts make one schema. `client` is what only the client knows: SDL of directives, or more of
    /// it. Places of warnings and errors point into `sources`.
    ///
    /// # Errors
    /// Syntax errors, JSON that is not an introspection answer, or no text at all.
    pub fn load(
        sources: &mut Sources,
        texts: &[SourceId],
        client: impl Into<ClientSide>,
        extent: Extent<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let client = client.into();
        let (mut texts, of_server) = (texts.to_vec(), texts.len());
        let ready = client.ready(sources);
        texts.extend(ready);
        texts.extend(client.own(sources));
        let stored = stored(sources, &texts, of_server);
        let (texts, warnings) = as_sdl(sources, &texts, &stored)?;
        let reached = match (extent, &stored.index) {
            (Extent::Reached(wanted), Some(index)) => reach::reach(index, wanted).map(|reached| (index, reached)),
            _ => None,
        };
        let mut schema = match reached {
            Some((index, reached)) => Self::part(index, reached, &texts, of_server)?,
            None => Self::whole(&stored, &texts)?,
        };
        schema.warnings.splice(0..0, warnings);
        // A ready set gives way to what others define: that is not the user's mistake.
        let is_ready = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.source) == ready;
        schema.warnings.retain(|one| ready.is_none() || !is_ready(one));
        schema.leaves_client_fields_open = client.leaves_fields_open();
        for text in of_server..texts.len() {
            match &stored.index {
                Some(index) => schema.client_directives.extend(index.directives_in(text).map(str::to_owned)),
                None => schema.client_directives.extend(stored.whole().directives(text).map(str::to_owned)),
            }
        }
        Ok(schema)
    }

    /// Loads of two schemas what is different in them: enough to compare them, and nothing else.
    ///
    /// # Errors
    /// See [`Schema::load`].
    pub fn load_differing(
        sources: &mut Sources,
        old: &[SourceId],
        new: &[SourceId],
    ) -> Result<(Self, Self), Vec<Diagnostic>> {
        let (old_stored, new_stored) = {
            let sources = &*sources;
            side_by_side(|| stored(sources, old, old.len()), || stored(sources, new, new.len()))
        };
        let (old, _) = as_sdl(sources, old, &old_stored)?;
        let (new, _) = as_sdl(sources, new, &new_stored)?;
        let parts = match (&old_stored.index, &new_stored.index) {
            (Some(before), Some(after)) => differing::differing(before, after).map(|parts| (before, after, parts)),
            _ => None,
        };
        let (before, after) = match parts {
            Some((old_index, new_index, (before, after))) => side_by_side(
                || Self::part(old_index, before, &old, old.len()),
                || Self::part(new_index, after, &new, new.len()),
            ),
            None => side_by_side(|| Self::whole(&old_stored, &old), || Self::whole(&new_stored, &new)),
        };
        Ok((before?, after?))
    }

    fn whole(stored: &Stored, texts: &[SourceId]) -> Result<Self, Vec<Diagnostic>> {
        let whole = stored.whole();
        let mut files = Places::default();
        for (parsed, text) in whole.parsed.iter().zip(texts) {
            files.record(&parsed.document, *text);
        }
        let errors = whole.parsed.iter().filter_map(|parsed| parsed.errors.as_ref());
        let errors: Vec<Diagnostic> = errors.flat_map(|errors| syntax_errors(errors, &files)).collect();
        if has_errors(&errors) {
            return Err(errors);
        }
        let warnings = whole
            .defects
            .iter()
            .map(|(message, place)| Diagnostic::warning(Code::SCHEMA, message_of(message)).at(files.span(*place), ""));
        let (types, ambiguous) = match &stored.index {
            Some(index) => (index.types.clone(), places(reach::all_ambiguous(index), texts)),
            None => (Arc::new(Types::of(&whole.schema)), HashMap::new()),
        };
        let scalars = whole.schema.types.iter().filter(|(_, ty)| ty.is_scalar() && !ty.is_built_in());
        let scalars = scalars.map(|(name, _)| name.as_str()).chain(BUILT_IN_SCALARS).map(str::to_owned);
        let of_server = whole.server.as_ref().map(|definitions| {
            let types = match &stored.index {
                Some(index) => index.types_in(stored.of_server),
                None => Arc::new(Types::of(definitions)),
            };
            (definitions.clone(), types)
        });
        let schema = Self {
            types,
            warnings: warnings.collect(),
            client_directives: HashSet::new(),
            leaves_client_fields_open: false,
            server: None,
            ambiguous,
            scalars: scalars.collect(),
            definitions: whole.schema.clone(),
            places: files,
        };
        Ok(schema.beside(of_server))
    }

    /// Adds the part that the server knows.
    fn beside(mut self, of_server: Option<(Arc<Valid<apollo_compiler::Schema>>, Arc<Types>)>) -> Self {
        self.server = of_server.map(|(definitions, types)| {
            Box::new(Self {
                definitions,
                types,
                warnings: Vec::new(),
                client_directives: HashSet::new(),
                leaves_client_fields_open: false,
                server: None,
                ambiguous: self.ambiguous.clone(),
                scalars: self.scalars.clone(),
                places: self.places.clone(),
            })
        });
        self
    }

    fn part(
        index: &index::Index,
        reached: reach::Reached,
        texts: &[SourceId],
        of_server: usize,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut files = Places::default();
        let (mut server, mut client) = (Vec::new(), Vec::new());
        let mut problems = Vec::new();
        for (at, (Excerpt { sdl, pieces }, source)) in reached.excerpts.into_iter().zip(texts).enumerate() {
            // A text with nothing in it is not SDL.
            if sdl.is_empty() {
                continue;
            }
            let parsed = store::parse(&sdl);
            files.record_excerpt(&parsed.document, Origin { source: *source, pieces });
            problems.extend(parsed.errors.iter().flat_map(|errors| syntax_errors(errors, &files)));
            if at < of_server { &mut server } else { &mut client }.push(parsed.document);
        }
        if has_errors(&problems) {
            return Err(problems);
        }
        let definitions = |client: &[Document]| {
            let (schema, _) = build(&server.iter().collect::<Vec<_>>(), &client.iter().collect::<Vec<_>>());
            Arc::new(Valid::assume_valid(with_is_one_of(schema)))
        };
        let has_client = of_server < texts.len();
        let of_server = has_client.then(|| (definitions(&[]), index.types_in(of_server)));
        let schema = Self {
            definitions: definitions(&client),
            types: index.types.clone(),
            warnings: Vec::new(),
            client_directives: HashSet::new(),
            leaves_client_fields_open: false,
            server: None,
            ambiguous: places(reached.ambiguous, texts),
            scalars: index.names_of(Kind::Scalar).chain(BUILT_IN_SCALARS).map(str::to_owned).collect(),
            places: files,
        };
        Ok(schema.beside(of_server))
    }

    /// The schema as the server has it: without anything that only the client knows.
    pub fn server(&self) -> &Self {
        self.server.as_deref().unwrap_or(self)
    }

    /// True if there is anything that only the client knows.
    pub fn has_client_side(&self) -> bool {
        self.server.is_some()
    }

    /// The definitions, as apollo-compiler keeps them.
    pub fn definitions(&self) -> &Valid<apollo_compiler::Schema> {
        &self.definitions
    }

    /// The place of a node of the definitions.
    pub fn place(&self, location: Option<SourceSpan>) -> Option<Span> {
        self.places.span(location)
    }

    /// The definition of a field, meta-fields included.
    pub fn field(&self, parent: &str, field: &str) -> Option<&Node<FieldDefinition>> {
        self.definitions.type_field(parent, field).ok().map(|component| &component.node)
    }

    /// The two definitions of a field, or of a type, that is defined twice and differently; the
    /// first of them is the one that is used.
    pub fn ambiguous(&self, ty: &str, field: Option<&str>) -> Option<[Span; 2]> {
        if !self.has_ambiguous() {
            return None;
        }
        self.ambiguous.get(&(ty.to_owned(), field.unwrap_or_default().to_owned())).copied()
    }

    /// True if anything at all is defined twice and differently.
    pub fn has_ambiguous(&self) -> bool {
        !self.ambiguous.is_empty()
    }

    /// The names of all scalars, built in or not.
    pub fn scalars(&self) -> impl Iterator<Item = &str> {
        self.scalars.iter().map(String::as_str)
    }

    /// True if values of the type have selection sets.
    pub fn is_composite(&self, name: &str) -> bool {
        use ExtendedType::{Interface, Object, Union};
        matches!(self.definitions.types.get(name), Some(Object(_) | Interface(_) | Union(_)))
    }

    /// True if a type is marked as exactly-one-of.
    pub fn is_one_of(&self, input: &str) -> bool {
        self.definitions.get_input_object(input).is_some_and(|input| input.directives.has("oneOf"))
    }
}

/// The scalars that need no definition (specification, 3.5).
pub const BUILT_IN_SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// Loads a whole schema for a caller that wants a [`Diagnostics`] on failure.
///
/// # Errors
/// See [`Schema::load`].
pub fn load(mut sources: Sources, texts: &[SourceId]) -> Result<(Schema, Sources), Diagnostics> {
    match Schema::load(&mut sources, texts, "", Extent::Whole) {
        Ok(schema) => Ok((schema, sources)),
        Err(list) => Err(Diagnostics::new(sources, list)),
    }
}

/// What two functions return, of which one runs on a thread of its own.
fn side_by_side<A, B: Send>(one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        (one(), other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// What is known of some texts, of which the first are the server's.
fn stored(sources: &Sources, texts: &[SourceId], of_server: usize) -> Arc<Stored> {
    Stored::of(texts.iter().map(|text| sources.text(*text).clone()).collect(), of_server)
}

/// The texts as SDL, and what introspection answers could not say in it.
fn as_sdl(
    sources: &mut Sources,
    texts: &[SourceId],
    stored: &Stored,
) -> Result<(Vec<SourceId>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut sdl, mut warnings, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (&text, known) in texts.iter().zip(&stored.texts) {
        match known {
            Ok(known) => {
                let name = format!("{} (as SDL)", sources.name(text));
                sdl.push(if known.converted { sources.add(name, known.sdl.clone()) } else { text });
                warnings.extend(known.left_out.iter().map(|message| {
                    let place = Some(Span::new(text, 0..0));
                    Diagnostic::warning(Code::SCHEMA, message.as_str()).at(place, "").help("it is left out")
                }));
            }
            Err(error) => problems.push(error.diagnostic(text, sources.text(text))),
        }
    }
    if problems.is_empty() { Ok((sdl, warnings)) } else { Err(problems) }
}

/// By type and field, which is empty where the type is meant.
fn places(ambiguous: Vec<Ambiguous>, texts: &[SourceId]) -> HashMap<(String, String), [Span; 2]> {
    let place = |(text, range): (usize, std::ops::Range<usize>)| Span::new(texts[text], range);
    ambiguous.into_iter().map(|one| ((one.ty, one.field.unwrap_or_default()), one.places.map(place))).collect()
}

/// One schema of several documents, as far as it can be made, and what is wrong with it. Where both define a directive, the
/// client's definition counts: it is the client that interprets it.
fn build(server: &[&Document], client: &[&Document]) -> (apollo_compiler::Schema, Vec<DiagnosticList>) {
    let documents = without_shadowed(server, client);
    let mut builder = apollo_compiler::Schema::builder().adopt_orphan_extensions().ignore_builtin_redefinitions();
    if !documents.iter().any(|document| defines_one_of(document)) {
        builder = builder.parse(ONE_OF, "built in");
    }
    for document in &documents {
        builder = builder.add_ast(document);
    }
    match builder.build() {
        Ok(schema) => (schema, Vec::new()),
        Err(found) => (found.partial, vec![found.errors]),
    }
}

/// The documents without directives that a later text of the client defines again.
fn without_shadowed<'a>(server: &[&'a Document], client: &[&'a Document]) -> Vec<Cow<'a, Document>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut documents = Vec::new();
    let all: Vec<&Document> = server.iter().chain(client).copied().collect();
    for (at, document) in all.into_iter().enumerate().rev() {
        let directives = || document.definitions.iter().filter_map(Definition::as_directive_definition);
        let is_shadowed = |definition: &Definition| {
            definition.as_directive_definition().is_some_and(|directive| seen.contains(directive.name.as_str()))
        };
        let kept = if document.definitions.iter().any(is_shadowed) {
            let mut document = document.clone();
            document.definitions.retain(|definition| !is_shadowed(definition));
            Cow::Owned(document)
        } else {
            Cow::Borrowed(document)
        };
        documents.push(kept);
        // What the server itself defines twice is a defect of its schema.
        if at >= server.len() {
            seen.extend(directives().map(|directive| directive.name.as_str()));
        }
    }
    documents.reverse();
    documents
}

fn defines_one_of(document: &Document) -> bool {
    document.definitions.iter().any(|definition| match definition {
        Definition::DirectiveDefinition(directive) => directive.name == "oneOf",
        _ => false,
    })
}

/// Adds `__Type.isOneOf` (September 2025), which apollo-compiler 1.33 does not know.
fn with_is_one_of(mut schema: apollo_compiler::Schema) -> apollo_compiler::Schema {
    if let Some(ExtendedType::Object(object)) = schema.types.get_mut("__Type") {
        let definition = FieldDefinition {
            description: None,
            name: name!("isOneOf"),
            arguments: Vec::new(),
            ty: apollo_compiler::ty!(Boolean),
            directives: Default::default(),
        };
        object.make_mut().fields.entry(name!("isOneOf")).or_insert_with(|| Component::new(definition));
    }
    schema
}
