//! The texts of a schema with everything that is known of them, kept for the process.
//!
//! All macros of a crate use the same schema, and a language server expands them over and over:
//! what depends on nothing but the texts is computed once. The key is the content, so that a file
//! that changes is a new entry.

use super::built_in;
use super::index::Index;
use super::introspection;
use super::lazy::ParsedPieces;
use super::types::Types;
use super::view::{Texts, View};
use crate::source::Text;
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::{DiagnosticList, Valid};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A text of a schema, as SDL.
#[derive(Debug)]
pub struct AsSdl {
    /// The SDL: the text itself, or what its introspection answer says.
    pub sdl: Text,
    /// True if it was an introspection answer.
    pub converted: bool,
    /// What an introspection answer says and SDL cannot.
    pub left_out: Vec<String>,
}

/// The texts of one schema.
#[derive(Debug)]
pub struct Stored {
    originals: Vec<Text>,
    /// How many of them, the first ones, are the server's; the rest only the client knows.
    pub of_server: usize,
    /// In the order in which they were given.
    pub texts: Vec<Result<AsSdl, introspection::Error>>,
    /// Empty if a text is not SDL, or is not what the scan understands.
    index: Index,
    is_scanned: bool,
    whole: OnceLock<Whole>,
    sides: OnceLock<Sides>,
    pieces: ParsedPieces,
    /// Of scalars that need no definition, whether anything uses them.
    uses: [OnceLock<bool>; built_in::SCALARS.len()],
    /// Input objects that lead to nothing ambiguous.
    unambiguous: Mutex<FxHashSet<String>>,
}

/// The sides of a schema.
#[derive(Debug)]
struct Sides {
    whole: (View, Arc<Types>),
    /// `None` if all texts are the server's.
    server: Option<(View, Arc<Types>)>,
}

/// Everything that the texts define.
#[derive(Debug)]
pub struct Whole {
    /// What could be parsed of each text.
    pub parsed: Vec<Parsed>,
    /// All of them together.
    pub schema: Arc<Valid<apollo_compiler::Schema>>,
    /// Those of the server, if there are others.
    pub server: Option<Arc<Valid<apollo_compiler::Schema>>>,
    /// What is wrong with them.
    pub defects: Vec<(String, Option<SourceSpan>)>,
}

/// A text that was parsed.
#[derive(Debug)]
pub struct Parsed {
    /// The part without syntax errors.
    pub document: Document,
    /// The syntax errors.
    pub errors: Option<DiagnosticList>,
}

impl Stored {
    /// What is known of some texts, of which the first `of_server` are the server's.
    pub fn of(originals: Vec<Text>, of_server: usize) -> Arc<Self> {
        static STORE: Mutex<Vec<Arc<Stored>>> = Mutex::new(Vec::new());
        /// A crate has one schema; a language server has those of a workspace and of some edits.
        const MOST: usize = 8;
        // Entries are complete when they are added, so a panic elsewhere leaves the list whole.
        let mut store = STORE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = store.iter().find(|known| known.originals == originals && known.of_server == of_server) {
            return known.clone();
        }
        let stored = Arc::new(Self::new(originals, of_server));
        if store.len() == MOST {
            store.remove(0);
        }
        store.push(stored.clone());
        stored
    }

    fn new(originals: Vec<Text>, of_server: usize) -> Self {
        let texts: Vec<_> = originals.iter().map(sdl).collect();
        let all: Option<Vec<Text>> = texts.iter().map(|text| text.as_ref().ok().map(|text| text.sdl.clone())).collect();
        let index = all.and_then(Index::new);
        Self {
            originals,
            of_server,
            texts,
            is_scanned: index.is_some(),
            index: index.unwrap_or_default(),
            whole: OnceLock::new(),
            sides: OnceLock::new(),
            pieces: ParsedPieces::default(),
            uses: Default::default(),
            unambiguous: Mutex::default(),
        }
    }

    /// Where everything is; `None` if that is known of what was parsed alone.
    pub fn index(&self) -> Option<&Index> {
        self.is_scanned.then_some(&self.index)
    }

    /// What the sides share.
    pub fn shared(&self) -> Texts<'_> {
        Texts { index: &self.index, parsed: &self.pieces }
    }

    /// All of the schema, and which objects its types can be.
    pub fn all(&self) -> &(View, Arc<Types>) {
        &self.sides().whole
    }

    /// What the server knows, if there is anything else.
    pub fn server(&self) -> Option<&(View, Arc<Types>)> {
        self.sides().server.as_ref()
    }

    fn sides(&self) -> &Sides {
        let has_client = self.of_server < self.texts.len();
        self.sides.get_or_init(|| match self.index() {
            Some(index) => Sides {
                whole: (View::new(index, self.texts.len(), self.of_server), index.types.clone()),
                server: has_client
                    .then(|| (View::new(index, self.of_server, self.of_server), index.types_in(self.of_server))),
            },
            None => {
                let whole = self.whole();
                let side =
                    |schema: &Arc<Valid<apollo_compiler::Schema>>| (View::of(schema), Arc::new(Types::of(schema)));
                Sides { whole: side(&whole.schema), server: whole.server.as_ref().map(side) }
            }
        })
    }

    /// Everything, parsed when somebody first asks for it.
    pub fn whole(&self) -> &Whole {
        self.whole.get_or_init(|| {
            let whole = Whole::new(self.texts.iter().flatten(), self.of_server);
            for (text, parsed) in whole.parsed.iter().enumerate() {
                self.pieces.record_text(&parsed.document, text);
            }
            whole
        })
    }

    /// True if anything uses a built-in scalar.
    pub fn uses(&self, scalar: &str) -> bool {
        let Some(at) = built_in::SCALARS.iter().position(|name| *name == scalar) else { return false };
        *self.uses[at].get_or_init(|| match self.index() {
            // Introspection uses these.
            Some(_) if matches!(scalar, "String" | "Boolean") => true,
            Some(index) => index.uses(scalar),
            None => self.whole().schema.types.contains_key(scalar),
        })
    }

    /// True if it is known that an input object leads to nothing ambiguous.
    pub fn is_unambiguous(&self, input: &str) -> bool {
        self.unambiguous.lock().unwrap_or_else(PoisonError::into_inner).contains(input)
    }

    /// Remembers input objects that lead to nothing ambiguous.
    pub fn are_unambiguous<'n>(&self, inputs: impl IntoIterator<Item = &'n str>) {
        let mut known = self.unambiguous.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(inputs.into_iter().map(str::to_owned));
    }
}

impl Whole {
    fn new<'a>(texts: impl Iterator<Item = &'a AsSdl>, of_server: usize) -> Self {
        let parsed: Vec<Parsed> = texts.map(|text| parse(&text.sdl)).collect();
        let documents: Vec<&Document> = parsed.iter().map(|parsed| &parsed.document).collect();
        let (server, client) = documents.split_at(of_server.min(documents.len()));
        let of_server = (!client.is_empty()).then(|| build(server, &[]).0);
        let (schema, mut errors) = build(server, client);
        let schema = schema.validate().map(Valid::into_inner).unwrap_or_else(|found| {
            errors.push(found.errors);
            found.partial
        });
        let defects = errors.iter().flat_map(DiagnosticList::iter);
        let defects = defects.map(|error| (error.error.to_string(), error.error.location())).collect();
        let assumed = |schema| Arc::new(Valid::assume_valid(built_in::with_is_one_of(schema)));
        Self { parsed, schema: assumed(schema), server: of_server.map(assumed), defects }
    }

    /// The directives that a text defines.
    pub fn directives(&self, text: usize) -> impl Iterator<Item = &str> {
        let definitions =
            self.parsed.get(text).map(|parsed| parsed.document.definitions.as_slice()).unwrap_or_default();
        definitions.iter().filter_map(Definition::as_directive_definition).map(|directive| directive.name.as_str())
    }
}

/// Parses a text of type system definitions.
pub fn parse(text: &str) -> Parsed {
    let plain = text.strip_prefix('\u{feff}').map(|rest| format!("   {rest}"));
    let (document, errors) = crate::syntax::parse(plain.as_deref().unwrap_or(text), "schema");
    Parsed { document, errors }
}

/// The SDL of a text: itself, or what its introspection answer says, with what it could not say.
fn sdl(text: &Text) -> Result<AsSdl, introspection::Error> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return Ok(AsSdl { sdl: text.clone(), converted: false, left_out: Vec::new() });
    }
    let answer = introspection::read(text)?;
    let sdl = introspection::to_sdl(&answer, introspection::Order::Server);
    Ok(AsSdl { sdl: sdl.into(), converted: true, left_out: answer.left_out })
}

/// One schema of several documents, as far as it can be made, and what is wrong with it. Where both define a directive, the
/// client's definition counts: it is the client that interprets it.
fn build(server: &[&Document], client: &[&Document]) -> (apollo_compiler::Schema, Vec<DiagnosticList>) {
    let documents = without_shadowed(server, client);
    let mut builder = apollo_compiler::Schema::builder().adopt_orphan_extensions().ignore_builtin_redefinitions();
    builder = built_in::with_one_of(builder, documents.iter().map(|document| &**document));
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
