//! From texts to documents.

use super::{Documents, File, names, spreads_in};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{Places, foreign, parse, prepare, syntax_errors};
use apollo_compiler::ast::{Definition, FragmentDefinition};
use apollo_compiler::validation::DiagnosticList;
use std::collections::{HashMap, HashSet};

impl Documents {
    /// Parses texts. All syntax errors of all texts are returned beside what could be parsed, and
    /// a warning for each text in which there is nothing.
    ///
    /// Of the texts in `library`, only the fragments count that the others need.
    pub fn parse(sources: &Sources, texts: &[SourceId], library: &[SourceId]) -> (Self, Vec<Diagnostic>) {
        Self::of_parsed(sources, texts.iter().map(|text| Parsed::new(sources, *text)), library)
    }

    /// [`Documents::parse`], with texts that were parsed by the caller, who may do so side by side.
    pub fn of_parsed(
        sources: &Sources,
        texts: impl IntoIterator<Item = Parsed>,
        library: &[SourceId],
    ) -> (Self, Vec<Diagnostic>) {
        let mut parsing = Parsing::default();
        let mut files = Vec::new();
        for text in texts {
            let source = text.source;
            match parsing.record(text) {
                Some(file) => files.push(file),
                None => parsing.problems.push(empty(sources, source)),
            }
        }
        let library: Vec<File> =
            library.iter().filter_map(|source| parsing.record(Parsed::new(sources, *source))).collect();
        let needed = needed(&files, &library);
        for mut file in library {
            file.ast.definitions.retain(|definition| match definition {
                Definition::FragmentDefinition(fragment) => needed.contains(fragment.name.as_str()),
                _ => false,
            });
            if !file.ast.definitions.is_empty() {
                file.is_partial = true;
                files.push(file);
            }
        }
        (Self::new(files, parsing.places), parsing.problems)
    }
}

/// Texts while they are parsed.
#[derive(Default)]
struct Parsing {
    places: Places,
    problems: Vec<Diagnostic>,
}

impl Parsing {
    /// Remembers where a text is, and its syntax errors; `None` if there is nothing in it.
    fn record(&mut self, text: Parsed) -> Option<File> {
        let (file, errors) = text.content?;
        self.places.record(&file.ast, file.source);
        self.problems.extend(errors.iter().flat_map(|errors| syntax_errors(errors, &self.places)));
        Some(file)
    }
}

/// A text that was parsed.
pub struct Parsed {
    source: SourceId,
    /// A file and its syntax errors; `None` if there is nothing in the text.
    content: Option<(File, Option<DiagnosticList>)>,
}

impl Parsed {
    /// Parses a text.
    pub fn new(sources: &Sources, source: SourceId) -> Self {
        let prepared = prepare(sources.text(source));
        if prepared.is_empty {
            return Self { source, content: None };
        }
        let (ast, errors) = parse(&prepared.text, sources.name(source));
        let (path, descriptions, imports) = (sources.name(source).to_owned(), prepared.descriptions, prepared.imports);
        let file = File { source, path, ast, descriptions, imports, is_partial: false };
        Self { source, content: Some((file, errors)) }
    }
}

/// The syntax errors of a text, be it documents or a schema.
pub fn syntax_of(sources: &Sources, source: SourceId) -> Vec<Diagnostic> {
    let mut places = Places::default();
    let Some((file, errors)) = Parsed::new(sources, source).content else { return Vec::new() };
    places.record(&file.ast, source);
    let errors: Vec<Diagnostic> = errors.iter().flat_map(|errors| syntax_errors(errors, &places)).collect();
    match foreign::recognize(sources.text(source)) {
        Some(foreign) if !errors.is_empty() => vec![foreign.diagnostic(source)],
        _ => errors,
    }
}

fn empty(sources: &Sources, source: SourceId) -> Diagnostic {
    let message = format!("{} holds no operation and no fragment", sources.name(source));
    Diagnostic::warning(Code::EMPTY_DOCUMENT, message).at(Some(Span::new(source, 0..0)), "")
}

/// The names of the fragments of a library that files lead to.
fn needed(files: &[File], library: &[File]) -> HashSet<String> {
    let mut open: Vec<&str> = files.iter().flat_map(|file| spreads_in(&file.ast)).collect();
    let mut fragments: HashMap<&str, Vec<&FragmentDefinition>> = HashMap::new();
    let definitions = library.iter().flat_map(|file| &file.ast.definitions);
    for fragment in definitions.filter_map(Definition::as_fragment_definition) {
        fragments.entry(&fragment.name).or_default().push(fragment);
    }
    let mut needed = HashSet::new();
    while let Some(name) = open.pop() {
        if needed.insert(name.to_owned()) {
            let meant = fragments.get(name).into_iter().flatten();
            open.extend(meant.flat_map(|fragment| names(&fragment.selection_set)));
        }
    }
    needed
}
