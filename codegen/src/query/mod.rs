//! Executable documents: parsed, their fragments found across files, and validated.
//!
//! Every file is validated by itself, together with the fragments that it needs from
//! other files: real projects hold the same operation name twice, and one document of
//! everything costs more than linear time.

mod parse;
mod recover;
mod server;
mod walk;

use crate::source::{SourceId, Span};
use crate::syntax::{NodeId, Places, selections};
use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, FragmentSpread, OperationDefinition, Selection};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashMap;
use std::path::Path;

pub use parse::{Parsed, syntax_of};
pub use server::ForServer;
pub use walk::{Follow, Owner, Selected, SelectedField, SelectionSet, Walk};

/// One file of executable definitions.
#[derive(Debug, Clone)]
pub struct File {
    /// Its text.
    pub source: SourceId,
    /// Its path when it was parsed, which decides what fragments its spreads mean.
    pub path: String,
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

/// A file of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(usize);

/// A fragment definition of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FragmentId(usize);

/// A fragment definition and its place.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// Its file.
    pub file: FileId,
    /// Its definition.
    pub definition: Node<FragmentDefinition>,
    /// Its spreads, at any depth, in the order of the text.
    pub spreads: Vec<Node<FragmentSpread>>,
}

/// All documents of a project, with the fragment that each spread means.
#[derive(Debug, Clone)]
pub struct Documents {
    /// In the order in which they were given.
    files: Vec<File>,
    /// In the order of files, then of definitions.
    fragments: Vec<Fragment>,
    /// Which text a place of a tree is in.
    pub places: Places,
    by_name: HashMap<String, Vec<FragmentId>>,
    /// What each spread means.
    meanings: FxHashMap<NodeId, Result<FragmentId, Unresolved>>,
}

/// Why a spread does not lead to one fragment.
#[derive(Debug, Clone)]
pub enum Unresolved {
    /// No file defines it.
    Unknown,
    /// Several files define it differently, and nothing says which one is meant.
    Ambiguous(Vec<FragmentId>),
}

impl Documents {
    /// Files of definitions that were parsed one by one; their places are unknown.
    pub fn of_definitions<const N: usize>(source: SourceId, files: [Vec<Definition>; N]) -> Self {
        let file = |definitions| {
            let mut ast = Document::new();
            ast.definitions = definitions;
            let (path, descriptions, imports) = (String::new(), HashMap::new(), Vec::new());
            File { source, path, ast, descriptions, imports, is_partial: false }
        };
        Self::new(files.into_iter().map(file).collect(), Places::default())
    }

    fn new(files: Vec<File>, places: Places) -> Self {
        let mut fragments = Vec::new();
        let mut by_name: HashMap<String, Vec<FragmentId>> = HashMap::new();
        for (file, content) in files.iter().enumerate() {
            for definition in content.ast.definitions.iter().filter_map(Definition::as_fragment_definition) {
                let id = FragmentId(fragments.len());
                by_name.entry(definition.name.to_string()).or_default().push(id);
                let spreads = spreads(&definition.selection_set).cloned().collect();
                fragments.push(Fragment { file: FileId(file), definition: definition.clone(), spreads });
            }
        }
        let mut documents = Self { files, fragments, places, by_name, meanings: FxHashMap::default() };
        let of_fragments = documents
            .fragments
            .iter()
            .flat_map(|fragment| fragment.spreads.iter().map(|spread| (fragment.file, spread)));
        let of_operations = documents.all_operations();
        let of_operations = of_operations
            .flat_map(|(file, operation)| spreads(&operation.selection_set).map(move |spread| (file, spread)));
        documents.meanings = (of_fragments.chain(of_operations))
            .map(|(file, spread)| (NodeId::of(spread), documents.meaning(file, &spread.fragment_name)))
            .collect();
        documents
    }

    /// The same documents, in which spreads of a fragment mean another one that says the same.
    #[must_use]
    pub fn with_equals(&self, equals: &HashMap<FragmentId, FragmentId>) -> Self {
        let mut documents = self.clone();
        for meaning in documents.meanings.values_mut().flatten() {
            *meaning = *equals.get(meaning).unwrap_or(meaning);
        }
        documents
    }

    /// A file.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0]
    }

    /// All files, in the order in which they were given.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(at, file)| (FileId(at), file))
    }

    /// The definition of a fragment.
    pub fn fragment(&self, id: FragmentId) -> &Fragment {
        &self.fragments[id.0]
    }

    /// All fragments, in the order of files, then of definitions.
    pub fn fragments(&self) -> impl Iterator<Item = (FragmentId, &Fragment)> {
        self.fragments.iter().enumerate().map(|(at, fragment)| (FragmentId(at), fragment))
    }

    /// The fragments that a file defines.
    pub fn fragments_of(&self, file: FileId) -> impl Iterator<Item = (FragmentId, &Fragment)> {
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
    pub fn operations(&self, file: FileId) -> impl Iterator<Item = &Node<OperationDefinition>> {
        self.file(file).ast.definitions.iter().filter_map(Definition::as_operation_definition)
    }

    /// The operations of all files, in their order.
    pub fn all_operations(&self) -> impl Iterator<Item = (FileId, &Node<OperationDefinition>)> {
        self.files().flat_map(|(file, _)| self.operations(file).map(move |operation| (file, operation)))
    }

    /// The description before a definition of a file.
    pub fn description<T>(&self, file: FileId, node: &Node<T>) -> Option<&str> {
        self.file(file).descriptions.get(&node.location()?.offset()).map(String::as_str)
    }

    /// The place of a node.
    pub fn place<T>(&self, node: &Node<T>) -> Option<Span> {
        self.places.span(node.location())
    }

    /// The fragment that a spread means.
    ///
    /// # Errors
    /// No fragment has the name, or several do and differ. A spread of other documents is unknown here.
    pub fn resolve(&self, spread: &Node<FragmentSpread>) -> Result<FragmentId, &Unresolved> {
        let meaning = self.meanings.get(&NodeId::of(spread)).map(Result::as_ref);
        meaning.unwrap_or(Err(&Unresolved::Unknown)).copied()
    }

    /// The fragment that a name means in a file: one of the file itself, else one that it imports,
    /// else the only one of the project (or any of several that are equal), else the one that is
    /// nearest by folder.
    fn meaning(&self, file: FileId, name: &str) -> Result<FragmentId, Unresolved> {
        let all = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        if let Some(own) = all.iter().find(|id| self.fragment(**id).file == file) {
            return Ok(*own);
        }
        let imported = all.iter().find(|id| self.imports(file, self.fragment(**id).file));
        match (imported, all) {
            (Some(imported), _) => Ok(*imported),
            (None, []) => Err(Unresolved::Unknown),
            (None, [only]) => Ok(*only),
            (None, [first, rest @ ..]) => {
                let same = |id: &FragmentId| self.fragment(*id).definition == self.fragment(*first).definition;
                match self.nearest(file, all) {
                    _ if rest.iter().all(same) => Ok(*first),
                    Some(nearest) => Ok(nearest),
                    None => Err(Unresolved::Ambiguous(all.to_vec())),
                }
            }
        }
    }

    /// The one fragment that shares more folders with a file than the others do.
    fn nearest(&self, file: FileId, all: &[FragmentId]) -> Option<FragmentId> {
        let folders = |file: FileId| Path::new(&self.file(file).path).parent().map(Path::components);
        let shared = |id: &FragmentId| {
            let (Some(mine), Some(theirs)) = (folders(file), folders(self.fragment(*id).file)) else { return 0 };
            mine.zip(theirs).take_while(|(mine, theirs)| mine == theirs).count()
        };
        let most = all.iter().map(shared).max()?;
        let mut nearest = all.iter().filter(|id| shared(id) == most);
        nearest.next().filter(|_| nearest.next().is_none()).copied()
    }

    fn imports(&self, file: FileId, other: FileId) -> bool {
        let (this, wanted) = (Path::new(&self.file(file).path), Path::new(&self.file(other).path));
        let folder = this.parent().unwrap_or(Path::new(""));
        self.file(file).imports.iter().any(|import| {
            let relative = import.trim_start_matches("./");
            folder.join(relative) == wanted || wanted.ends_with(relative.trim_start_matches("../"))
        })
    }

    /// The fragments that selections reach, in the order in which they are met; spreads that lead
    /// nowhere are left out, since validation reports them.
    pub fn reach(&self, selections: &[Selection]) -> Vec<FragmentId> {
        self.fragments_below(selections).met
    }

    /// The same, each after those that it spreads.
    pub fn bottom_up(&self, selections: &[Selection]) -> Vec<FragmentId> {
        self.fragments_below(selections).left
    }

    fn fragments_below(&self, selections: &[Selection]) -> Walked {
        let mut walked = Walked::default();
        let mut seen = FxHashSet::default();
        let start: Vec<Node<FragmentSpread>> = spreads(selections).cloned().collect();
        let mut open = vec![(None, start.iter())];
        // A chain of fragments can be longer than the stack is deep.
        while let Some((id, spreads)) = open.last_mut() {
            let Some(spread) = spreads.next() else {
                walked.left.extend(*id);
                open.pop();
                continue;
            };
            let Ok(id) = self.resolve(spread) else { continue };
            if seen.insert(id) {
                walked.met.push(id);
                open.push((Some(id), self.fragment(id).spreads.iter()));
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

/// The names of all spreads of a document.
pub fn spreads_in(document: &Document) -> impl Iterator<Item = &str> {
    let selections = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&operation.selection_set),
        Definition::FragmentDefinition(fragment) => Some(&fragment.selection_set),
        _ => None,
    });
    selections.flat_map(|selections| names(selections))
}

fn names(selections: &[Selection]) -> impl Iterator<Item = &str> {
    spreads(selections).map(|spread| spread.fragment_name.as_str())
}

/// All spreads in selections, at any depth, in the order of the text.
pub fn spreads(selections: &[Selection]) -> impl Iterator<Item = &Node<FragmentSpread>> {
    selections::all(selections).filter_map(Selection::as_fragment_spread)
}
