//! The texts of a schema with everything that is known of them, kept for the process.
//!
//! All macros of a crate use the same schema, and a language server expands them over and over:
//! what depends on nothing but the texts is computed once. The key is the content, so that a file
//! that changes is a new entry.

use super::index::Index;
use super::introspection;
use crate::source::Text;
use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::{DiagnosticList, Valid};
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
    /// Unless a text is none, or is not what the scan understands.
    pub index: Option<Index>,
    whole: OnceLock<Whole>,
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
        Self { index: all.and_then(Index::new), originals, of_server, texts, whole: OnceLock::new() }
    }

    /// Everything, parsed when somebody first asks for it.
    pub fn whole(&self) -> &Whole {
        self.whole.get_or_init(|| Whole::new(self.texts.iter().flatten(), self.of_server))
    }
}

impl Whole {
    fn new<'a>(texts: impl Iterator<Item = &'a AsSdl>, of_server: usize) -> Self {
        let parsed: Vec<Parsed> = texts.map(|text| parse(&text.sdl)).collect();
        let documents: Vec<&Document> = parsed.iter().map(|parsed| &parsed.document).collect();
        let (server, client) = documents.split_at(of_server.min(documents.len()));
        let of_server = (!client.is_empty()).then(|| super::build(server, &[]).0);
        let (schema, mut errors) = super::build(server, client);
        let schema = schema.validate().map(Valid::into_inner).unwrap_or_else(|found| {
            errors.push(found.errors);
            found.partial
        });
        let defects = errors.iter().flat_map(DiagnosticList::iter);
        let defects = defects.map(|error| (error.error.to_string(), error.error.location())).collect();
        let assumed = |schema| Arc::new(Valid::assume_valid(super::with_is_one_of(schema)));
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
