//! Schema texts in, one [`Schema`] out.
//!
//! Published schemas break the specification, so loading is tolerant: what does not
//! touch the user's operations becomes a warning with its position. Only a text that
//! is not GraphQL (or not an introspection answer) stops the load.

mod ambiguous;
mod built_in;
mod client;
mod defects;
mod definition;
mod deprecation;
mod index;
pub mod introspection;
mod lazy;
mod store;
mod types;
mod view;

use crate::diagnostic::{Diagnostic, Diagnostics, has_errors};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{Places, message_of, syntax_errors};
use apollo_compiler::ast::{DirectiveDefinition, FieldDefinition, OperationType};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{EnumType, InputObjectType, SchemaDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node};
use rustc_hash::FxHashSet;
use std::collections::HashSet;
use std::sync::Arc;
use store::Stored;
use view::View;

pub(crate) use built_in::SCALARS;
pub use client::{CLIENT_MARK, Client, ClientSide};
pub use defects::defects;
pub use definition::{FieldsType, TypeDefinition, TypeKind};
pub use deprecation::{DEFAULT_REASON, deprecation, deprecation_reason};
pub use types::{Composite, CompositeKind, TypeSet, Types};

/// A schema. Each definition is parsed when it is first asked for.
#[derive(Debug)]
pub struct Schema {
    stored: Arc<Stored>,
    /// The texts, as SDL.
    texts: Vec<SourceId>,
    /// Possible types of every composite type.
    pub types: Arc<Types>,
    /// Defects that did not stop the load, as far as loading finds them; see [`Schema::violations`].
    pub warnings: Vec<Diagnostic>,
    /// What introspection answers say and SDL cannot.
    left_out: Vec<Diagnostic>,
    /// The text with the directives of a client library.
    ready: Option<SourceId>,
    /// Directives that only the client knows.
    pub client_directives: HashSet<String>,
    /// True if `@client` may mark fields that nothing defines.
    pub leaves_client_fields_open: bool,
    /// The same without anything that only the client knows; `None` if there is nothing of the kind, or if this is it.
    server: Option<Box<Schema>>,
    is_server: bool,
}

impl Schema {
    /// Loads a schema from texts that are already in memory.
    ///
    /// A text whose first character is `{` is introspection JSON, any other is SDL; several
    /// texts make one schema. `client` is what only the client knows: SDL of directives, or more of
    /// it. Places of warnings and errors point into `sources`.
    ///
    /// Syntax errors are found where something is parsed: see [`Schema::syntax_errors`].
    ///
    /// # Errors
    /// Texts that are no SDL at all, JSON that is not an introspection answer, or no text at all.
    pub fn load(
        sources: &mut Sources,
        texts: &[SourceId],
        client: impl Into<ClientSide>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let client = client.into();
        let (mut texts, of_server) = (texts.to_vec(), texts.len());
        let ready = client.ready(sources);
        texts.extend(ready);
        texts.extend(client.own(sources));
        let stored = stored(sources, &texts, of_server);
        let (texts, left_out) = as_sdl(sources, &texts, &stored)?;
        let mut schema = Self::of(stored, texts);
        (schema.left_out, schema.ready) = (left_out, ready);
        schema.warnings = match schema.stored.index() {
            Some(_) => schema.left_out.clone(),
            // What the scan does not understand is parsed at once.
            None => schema.violations()?,
        };
        (schema.types, schema.server) = schema.sides();
        schema.leaves_client_fields_open = client.leaves_fields_open();
        for text in of_server..schema.texts.len() {
            match schema.stored.index() {
                Some(index) => schema.client_directives.extend(index.directives_in(text).map(str::to_owned)),
                None => schema.client_directives.extend(schema.stored.whole().directives(text).map(str::to_owned)),
            }
        }
        Ok(schema)
    }

    /// Loads two schemas at once.
    ///
    /// # Errors
    /// See [`Schema::load`].
    #[cfg(feature = "lint")]
    pub fn load_both(
        sources: &mut Sources,
        one: &[SourceId],
        other: &[SourceId],
    ) -> Result<(Self, Self), Vec<Diagnostic>> {
        let scanned = &*sources;
        // They are kept, so that they are not scanned again.
        let _kept = rayon::join(|| stored(scanned, one, one.len()), || stored(scanned, other, other.len()));
        Ok((Self::load(sources, one, "")?, Self::load(sources, other, "")?))
    }

    fn of(stored: Arc<Stored>, texts: Vec<SourceId>) -> Self {
        Self {
            stored,
            texts,
            types: Arc::default(),
            warnings: Vec::new(),
            left_out: Vec::new(),
            ready: None,
            client_directives: HashSet::new(),
            leaves_client_fields_open: false,
            server: None,
            is_server: false,
        }
    }

    /// Which objects types can be, and the side of the server.
    fn sides(&self) -> (Arc<Types>, Option<Box<Self>>) {
        let of_server = self.stored.server().map(|(_, types)| {
            let server = Self::of(self.stored.clone(), self.texts.clone());
            Box::new(Self { types: types.clone(), is_server: true, ..server })
        });
        (self.stored.all().1.clone(), of_server)
    }

    /// What is wrong with the schema by the specification: all of it is parsed and validated.
    ///
    /// # Errors
    /// All syntax errors, which hide everything else.
    pub fn violations(&self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let whole = self.stored.whole();
        let errors = self.all_syntax_errors();
        if has_errors(&errors) {
            return Err(errors);
        }
        let defects = whole
            .defects
            .iter()
            .map(|(message, place)| Diagnostic::warning("schema", message_of(message)).at(self.place(*place), ""));
        let mut found: Vec<Diagnostic> = self.left_out.iter().cloned().chain(defects).collect();
        // The directives of a client library give way to what others define: that is not the user's mistake.
        let source = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.source);
        found.retain(|one| self.ready.is_none() || source(one) != self.ready);
        Ok(found)
    }

    /// The syntax errors of all texts, if anything that was parsed so far has one: what is wrong with the rest of a schema is
    /// the business of those who publish it.
    pub fn syntax_errors(&self) -> Vec<Diagnostic> {
        if self.stored.shared().parsed.has_errors() { self.all_syntax_errors() } else { Vec::new() }
    }

    fn all_syntax_errors(&self) -> Vec<Diagnostic> {
        let mut files = Places::default();
        let parsed = &self.stored.whole().parsed;
        for (parsed, text) in parsed.iter().zip(&self.texts) {
            files.record(&parsed.document, *text);
        }
        let errors = parsed.iter().filter_map(|parsed| parsed.errors.as_ref());
        errors.flat_map(|errors| syntax_errors(errors, &files)).collect()
    }

    fn view(&self) -> &View {
        let of_server = if self.is_server { self.stored.server() } else { None };
        &of_server.unwrap_or_else(|| self.stored.all()).0
    }

    /// The schema as the server has it: without anything that only the client knows.
    pub fn server(&self) -> &Self {
        self.server.as_deref().unwrap_or(self)
    }

    /// True if there is anything that only the client knows.
    pub fn has_client_side(&self) -> bool {
        self.server.is_some()
    }

    /// All definitions, as apollo-compiler keeps them: everything is parsed.
    pub fn whole(&self) -> &Valid<apollo_compiler::Schema> {
        let whole = self.stored.whole();
        let of_server = whole.server.as_ref().filter(|_| self.is_server);
        of_server.unwrap_or(&whole.schema)
    }

    /// The place of a node of a definition.
    pub fn place(&self, location: Option<SourceSpan>) -> Option<Span> {
        let (text, range) = self.stored.shared().parsed.place(location?)?;
        self.texts.get(text).map(|text| Span::new(*text, range))
    }

    /// The definition of a type.
    pub fn ty(&self, name: &str) -> Option<&TypeDefinition> {
        self.view().ty(self.stored.shared(), name)
    }

    /// The kind of a type, which is known without its definition being parsed.
    pub fn kind(&self, name: &str) -> Option<TypeKind> {
        self.view().kind(self.stored.shared(), name)
    }

    /// True if there is a type of the name. A built-in scalar is a type of those schemas that use it.
    pub fn has_type(&self, name: &str) -> bool {
        match SCALARS.contains(&name) {
            true => self.stored.uses(name),
            false => self.kind(name).is_some(),
        }
    }

    /// The names of the types that have a definition, in the order of the texts.
    pub fn type_names(&self) -> impl Iterator<Item = &Name> {
        self.view().type_names(self.stored.shared())
    }

    /// The names of all types, the built-in ones included.
    pub fn all_type_names(&self) -> impl Iterator<Item = &str> {
        let of_specification = built_in::BUILT_IN.types.keys().map(|name| name.as_str());
        let own = self.type_names().map(|name| name.as_str());
        of_specification.filter(|name| self.has_type(name)).chain(own)
    }

    /// True for the name of a type that needs no definition.
    pub fn is_built_in(name: &str) -> bool {
        built_in::is_built_in(name)
    }

    /// The definition of an input object.
    pub fn input(&self, name: &str) -> Option<&InputObjectType> {
        if self.kind(name) != Some(TypeKind::InputObject) {
            return None;
        }
        match self.ty(name) {
            Some(TypeDefinition::InputObject(input)) => Some(input),
            _ => None,
        }
    }

    /// The definition of an enum.
    pub fn enumeration(&self, name: &str) -> Option<&EnumType> {
        match self.ty(name) {
            Some(TypeDefinition::Enum(definition)) => Some(definition),
            _ => None,
        }
    }

    /// The definition of a field, meta-fields included.
    pub fn field(&self, parent: &str, field: &str) -> Option<&Node<FieldDefinition>> {
        self.view().field(self.stored.shared(), parent, field)
    }

    /// True if a type has a field, meta-fields included.
    pub fn has_field(&self, parent: &str, field: &str) -> bool {
        self.view().has_field(self.stored.shared(), parent, field)
    }

    /// All fields of an object or interface, in the order of the texts.
    pub fn fields(&self, parent: &str) -> impl Iterator<Item = &Node<FieldDefinition>> {
        self.view().fields(self.stored.shared(), parent)
    }

    /// The names of all fields of an object or interface, in the order of the texts.
    pub fn field_names(&self, parent: &str) -> impl Iterator<Item = &Name> {
        self.view().field_names(self.stored.shared(), parent)
    }

    /// The definition of a directive.
    pub fn directive(&self, name: &str) -> Option<&Node<DirectiveDefinition>> {
        self.view().directive(self.stored.shared(), name)
    }

    /// The names of all directives, the built-in ones included.
    pub fn directive_names(&self) -> impl Iterator<Item = &str> {
        self.view().directive_names()
    }

    /// The root type of a kind of operation.
    pub fn root(&self, operation: OperationType) -> Option<&Name> {
        self.view().root(self.stored.shared(), operation)
    }

    /// What is said of the schema as a whole.
    pub fn schema_definition(&self) -> &Node<SchemaDefinition> {
        self.view().schema(self.stored.shared())
    }

    /// True if another schema defines a type in the same words; false if only the parser can tell.
    #[cfg(feature = "lint")]
    pub fn has_same_text(&self, other: &Self, name: &str) -> bool {
        let indices = self.stored.index().zip(other.stored.index());
        indices.is_some_and(|(own, other)| own.has_same_text(other, name))
    }

    /// The text of a field; `None` if only the parser can tell.
    #[cfg(feature = "lint")]
    pub fn field_text(&self, parent: &str, field: &str) -> Option<&str> {
        self.view().field_text(self.stored.shared(), parent, field)
    }

    /// The two definitions of a field, or of a type, that is defined twice and differently; the
    /// first of them is the one that is used.
    pub fn ambiguous(&self, ty: &str, field: Option<&str>) -> Option<[Span; 2]> {
        let all = self.view().ambiguous(self.stored.shared(), ty);
        let one = all.iter().find(|one| one.field.as_deref() == field)?;
        let [first, second] = one.places.clone().map(|(text, range)| Some(Span::new(*self.texts.get(text)?, range)));
        Some([first?, second?])
    }

    /// True if an input object, or one that it leads to, is defined twice and differently, or has such a field.
    pub fn leads_to_ambiguous(&self, input: &str) -> bool {
        let (mut seen, mut open) = (FxHashSet::default(), vec![input]);
        while let Some(name) = open.pop() {
            if self.stored.is_unambiguous(name) || seen.contains(name) {
                continue;
            }
            if !self.view().ambiguous(self.stored.shared(), name).is_empty() {
                return true;
            }
            seen.insert(name);
            let fields = self.input(name).into_iter().flat_map(|input| input.fields.values());
            open.extend(fields.map(|field| field.ty.inner_named_type().as_str()));
        }
        self.stored.are_unambiguous(seen);
        false
    }

    /// The names of all scalars, built in or not.
    pub fn scalars(&self) -> impl Iterator<Item = &str> {
        let own = self.type_names().filter(|name| self.kind(name) == Some(TypeKind::Scalar));
        own.map(|name| name.as_str()).chain(SCALARS)
    }

    /// True if values of the type have selection sets.
    pub fn is_composite(&self, name: &str) -> bool {
        self.kind(name).is_some_and(TypeKind::is_composite)
    }

    /// True for an object type.
    pub fn is_object(&self, name: &str) -> bool {
        self.kind(name) == Some(TypeKind::Object)
    }

    /// True if a type is marked as exactly-one-of.
    pub fn is_one_of(&self, input: &str) -> bool {
        self.input(input).is_some_and(|input| input.directives.has("oneOf"))
    }
}

/// Loads a whole schema for a caller that wants a [`Diagnostics`] on failure.
///
/// # Errors
/// See [`Schema::load`].
pub fn load(mut sources: Sources, texts: &[SourceId]) -> Result<(Schema, Sources), Diagnostics> {
    let loaded = Schema::load(&mut sources, texts, "");
    let checked = loaded.and_then(|mut schema| {
        schema.warnings = schema.violations()?;
        Ok(schema)
    });
    match checked {
        Ok(schema) => Ok((schema, sources)),
        Err(list) => Err(Diagnostics::new(sources, list)),
    }
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
                    Diagnostic::warning("schema", message.as_str()).at(place, "").help("it is left out")
                }));
            }
            Err(error) => problems.push(error.diagnostic(text, sources.text(text))),
        }
    }
    if problems.is_empty() { Ok((sdl, warnings)) } else { Err(problems) }
}
