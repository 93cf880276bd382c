//! Executable documents: parsed, their fragments found across files, and validated.
//!
//! Every file is validated by itself, together with the fragments that it needs from
//! other files: real projects hold the same operation name twice, and one document of
//! everything costs more than linear time.

mod recover;
mod rules;
mod server;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{Places, foreign, parse, prepare, syntax_errors};
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, OperationDefinition, Selection};
use apollo_compiler::validation::DiagnosticList;
use std::collections::{HashMap, HashSet};
use std::path::Path;

pub use rules::{used_fragments, validate, validate_file, violations_in};
pub use server::ForServer;

/// One file of executable definitions.
#[derive(Debug, Clone)]
pub struct File {
    /// Its text.
    pub source: SourceId,
    /// Its definitions.
    pub ast: Document,
    /// Descriptions of operations, fragments and variables (September 2025) by the offset of what
    /// follows them; apollo-compiler 1.33 refuses them, so they are taken out before it parses.
    pub descriptions: HashMap<usize, String>,
    /// Paths in `#import "…"` lines.
    pub imports: Vec<String>,
    /// True if unused definitions were removed.
    pub is_partial: bool,
}

/// A fragment definition of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FragmentId(pub usize);

/// Where a fragment is defined.
#[derive(Debug)]
pub struct Fragment {
    /// Index of its file in [`Documents::files`].
    pub file: usize,
    /// Its definition.
    pub definition: Node<FragmentDefinition>,
}

/// All documents of a project.
#[derive(Debug, Default)]
pub struct Documents {
    /// In the order in which they were given.
    pub files: Vec<File>,
    /// In the order of files, then of definitions.
    pub fragments: Vec<Fragment>,
    /// Which text a place of a tree is in.
    pub places: Places,
    by_name: HashMap<String, Vec<FragmentId>>,
}

/// Why a spread does not lead to one fragment.
#[derive(Debug)]
pub enum Unresolved {
    /// No file defines it.
    Unknown,
    /// Several files define it differently, and nothing says which one is meant.
    Ambiguous(Vec<FragmentId>),
}

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
        let mut documents = Self::default();
        let mut problems = Vec::new();
        for text in texts {
            let source = text.source;
            match documents.record(text, &mut problems) {
                Some(file) => documents.add(file),
                None => problems.push(empty(sources, source)),
            }
        }
        documents.parse_library(sources, library, &mut problems);
        (documents, problems)
    }

    /// Remembers where a text is, and adds its syntax errors; `None` if there is nothing in it.
    fn record(&mut self, text: Parsed, problems: &mut Vec<Diagnostic>) -> Option<File> {
        let (file, errors) = text.content?;
        self.places.record(&file.ast, file.source);
        problems.extend(errors.iter().flat_map(|errors| syntax_errors(errors, &self.places)));
        Some(file)
    }

    /// Of some texts, the fragments that the documents so far need.
    fn parse_library(&mut self, sources: &Sources, library: &[SourceId], problems: &mut Vec<Diagnostic>) {
        let mut files = Vec::new();
        for &source in library {
            files.extend(self.record(Parsed::new(sources, source), problems));
        }
        let needed = self.needed(&files);
        for mut file in files {
            file.ast.definitions.retain(|definition| match definition {
                Definition::FragmentDefinition(fragment) => needed.contains(fragment.name.as_str()),
                _ => false,
            });
            if !file.ast.definitions.is_empty() {
                file.is_partial = true;
                self.add(file);
            }
        }
    }

    /// The names of the fragments of other files that those of `self` lead to.
    fn needed(&self, library: &[File]) -> HashSet<String> {
        let mut open: Vec<&str> = self.files.iter().flat_map(|file| spreads_in(&file.ast)).collect();
        let mut fragments: HashMap<&str, Vec<&FragmentDefinition>> = HashMap::new();
        let definitions = library.iter().flat_map(|file| &file.ast.definitions);
        for fragment in definitions.filter_map(Definition::as_fragment_definition) {
            fragments.entry(&fragment.name).or_default().push(fragment);
        }
        let mut needed = HashSet::new();
        while let Some(name) = open.pop() {
            if needed.insert(name.to_owned()) {
                let meant = fragments.get(name).into_iter().flatten();
                open.extend(meant.flat_map(|fragment| spreads(&fragment.selection_set)));
            }
        }
        needed
    }

    /// Files of definitions that were parsed one by one; their places are unknown.
    pub fn of_definitions<const N: usize>(source: SourceId, files: [Vec<Definition>; N]) -> Self {
        let mut documents = Self::default();
        for definitions in files {
            let mut ast = Document::new();
            ast.definitions = definitions;
            let (descriptions, imports) = (HashMap::new(), Vec::new());
            documents.add(File { source, ast, descriptions, imports, is_partial: false });
        }
        documents
    }

    fn add(&mut self, file: File) {
        let index = self.files.len();
        for definition in &file.ast.definitions {
            if let Definition::FragmentDefinition(fragment) = definition {
                let id = FragmentId(self.fragments.len());
                self.by_name.entry(fragment.name.to_string()).or_default().push(id);
                self.fragments.push(Fragment { file: index, definition: fragment.clone() });
            }
        }
        self.files.push(file);
    }

    /// The definition of a fragment.
    pub fn fragment(&self, id: FragmentId) -> &Fragment {
        &self.fragments[id.0]
    }

    /// All fragments.
    pub fn fragment_ids(&self) -> impl Iterator<Item = FragmentId> {
        (0..self.fragments.len()).map(FragmentId)
    }

    /// The fragments that a file defines.
    pub fn fragments_of(&self, file: usize) -> impl Iterator<Item = (FragmentId, &Fragment)> {
        // They are in the order of files.
        let start = self.fragments.partition_point(|fragment| fragment.file < file);
        let own = self.fragments[start..].iter().take_while(move |fragment| fragment.file == file);
        own.enumerate().map(move |(at, fragment)| (FragmentId(start + at), fragment))
    }

    /// True if another file defines a fragment of the same name.
    pub fn is_name_shared(&self, id: FragmentId) -> bool {
        let name = self.fragment(id).definition.name.as_str();
        self.by_name
            .get(name)
            .is_some_and(|ids| ids.iter().any(|other| self.fragment(*other).file != self.fragment(id).file))
    }

    /// True if any file defines a fragment of this name.
    pub fn has_fragment(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The operations of a file.
    pub fn operations(&self, file: usize) -> impl Iterator<Item = &Node<OperationDefinition>> {
        self.files[file].ast.definitions.iter().filter_map(Definition::as_operation_definition)
    }

    /// The description before a definition of a file.
    pub fn description<T>(&self, file: usize, node: &Node<T>) -> Option<&str> {
        self.files[file].descriptions.get(&node.location()?.offset()).map(String::as_str)
    }

    /// The place of a node.
    pub fn place<T>(&self, node: &Node<T>) -> Option<Span> {
        self.places.span(node.location())
    }

    /// The fragment that a name means in a file: one of the file itself, else one that it imports,
    /// else the only one of the project (or any of several that are equal), else the one that is
    /// nearest by folder.
    ///
    /// # Errors
    /// There is none, or there are several that differ.
    pub fn resolve(&self, sources: &Sources, file: usize, name: &str) -> Result<FragmentId, Unresolved> {
        let all = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        if let Some(own) = all.iter().find(|id| self.fragment(**id).file == file) {
            return Ok(*own);
        }
        let imported = all.iter().find(|id| self.imports(sources, file, self.fragment(**id).file));
        match (imported, all) {
            (Some(imported), _) => Ok(*imported),
            (None, []) => Err(Unresolved::Unknown),
            (None, [only]) => Ok(*only),
            (None, [first, rest @ ..]) => {
                let same = |id: &FragmentId| self.fragment(*id).definition == self.fragment(*first).definition;
                match self.nearest(sources, file, all) {
                    _ if rest.iter().all(same) => Ok(*first),
                    Some(nearest) => Ok(nearest),
                    None => Err(Unresolved::Ambiguous(all.to_vec())),
                }
            }
        }
    }

    /// The one fragment that shares more folders with a file than the others do.
    fn nearest(&self, sources: &Sources, file: usize, all: &[FragmentId]) -> Option<FragmentId> {
        let folders = |file: usize| Path::new(sources.name(self.files[file].source)).parent().map(Path::components);
        let shared = |id: &FragmentId| {
            let (Some(mine), Some(theirs)) = (folders(file), folders(self.fragment(*id).file)) else { return 0 };
            mine.zip(theirs).take_while(|(mine, theirs)| mine == theirs).count()
        };
        let most = all.iter().map(shared).max()?;
        let mut nearest = all.iter().filter(|id| shared(id) == most);
        nearest.next().filter(|_| nearest.next().is_none()).copied()
    }

    fn imports(&self, sources: &Sources, file: usize, other: usize) -> bool {
        let this = Path::new(sources.name(self.files[file].source));
        let wanted = Path::new(sources.name(self.files[other].source));
        let folder = this.parent().unwrap_or(Path::new(""));
        self.files[file].imports.iter().any(|import| {
            let relative = import.trim_start_matches("./");
            folder.join(relative) == wanted || wanted.ends_with(relative.trim_start_matches("../"))
        })
    }

    /// The fragments that selections reach, in the order in which they are met; spreads that lead
    /// nowhere are left out, since validation reports them.
    pub fn reach(&self, sources: &Sources, file: usize, selections: &[Selection]) -> Vec<FragmentId> {
        self.walk(sources, file, selections).met
    }

    /// The same, each after those that it spreads.
    pub fn bottom_up(&self, sources: &Sources, file: usize, selections: &[Selection]) -> Vec<FragmentId> {
        self.walk(sources, file, selections).left
    }

    fn walk(&self, sources: &Sources, file: usize, selections: &[Selection]) -> Walked {
        let mut walked = Walked::default();
        let mut seen = HashSet::new();
        let mut open = vec![(None, file, spreads(selections).into_iter())];
        // A chain of fragments can be longer than the stack is deep.
        while let Some((id, file, names)) = open.last_mut() {
            let Some(name) = names.next() else {
                walked.left.extend(*id);
                open.pop();
                continue;
            };
            let Ok(id) = self.resolve(sources, *file, name) else { continue };
            if seen.insert(id) {
                walked.met.push(id);
                let fragment = self.fragment(id);
                open.push((Some(id), fragment.file, spreads(&fragment.definition.selection_set).into_iter()));
            }
        }
        walked
    }
}

/// The fragments of a walk in depth.
#[derive(Default)]
struct Walked {
    /// In the order in which they are met.
    met: Vec<FragmentId>,
    /// In the order in which all that they spread has been walked.
    left: Vec<FragmentId>,
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
        let (descriptions, imports) = (prepared.descriptions, prepared.imports);
        Self { source, content: Some((File { source, ast, descriptions, imports, is_partial: false }, errors)) }
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

/// The names of all spreads of a document.
fn spreads_in(document: &Document) -> Vec<&str> {
    let selections = document.definitions.iter().map(|definition| match definition {
        Definition::OperationDefinition(operation) => spreads(&operation.selection_set),
        Definition::FragmentDefinition(fragment) => spreads(&fragment.selection_set),
        _ => Vec::new(),
    });
    selections.flatten().collect()
}

/// The names of all spreads in selections, at any depth, in the order of the text.
pub fn spreads(selections: &[Selection]) -> Vec<&str> {
    let mut names = Vec::new();
    let mut open: Vec<&Selection> = selections.iter().rev().collect();
    while let Some(selection) = open.pop() {
        match selection {
            Selection::FragmentSpread(spread) => names.push(spread.fragment_name.as_str()),
            Selection::Field(field) => open.extend(field.selection_set.iter().rev()),
            Selection::InlineFragment(inline) => open.extend(inline.selection_set.iter().rev()),
        }
    }
    names
}
