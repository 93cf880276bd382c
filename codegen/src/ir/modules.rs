//! Names of operations and of the modules that they are in.
//!
//! Modules follow folders: `users/delete.graphql` is the module `users::delete`, so that a file of the same name in another
//! folder is another module. A file and the folder of its name, `users.graphql` and `users/`, share one, as in Rust. In a
//! single file there are no such modules: all operations are side by side.

use super::names::{Assigned, Candidate, assign};
use super::notes::Notes;
use crate::rust_name::{Piece, field_name, marked, spelled, type_name};
use crate::source::Span;
use std::collections::BTreeMap;
use std::path::Path;

/// Names of the modules that the output has besides those of operations and documents.
const RESERVED: [&str; 4] = ["types", "fragments", "graphwright", "mod"];
/// Every folder of the output has a `mod.rs`.
const RESERVED_BELOW: [&str; 1] = ["mod"];

/// A document that has operations.
#[derive(Debug)]
pub struct DocumentNames {
    /// Its path, below the folder that the modules follow.
    pub path: String,
    /// Its operations.
    pub operations: Vec<OperationName>,
}

/// What names an operation.
#[derive(Debug)]
pub struct OperationName {
    /// Its name in GraphQL; an anonymous operation has that of its file.
    pub name: String,
    /// True if it has none of its own.
    pub is_anonymous: bool,
    /// The name that the user wants.
    pub renamed: Option<String>,
    /// Where it is.
    pub span: Option<Span>,
}

/// The names of all operations.
#[derive(Debug)]
pub struct Layout {
    /// For each document, its module and those around it, and for each of its operations the struct and its module.
    pub documents: Vec<(Vec<String>, Vec<[String; 2]>)>,
    /// Names that are set and belong to something else in the same place.
    pub clashes: Vec<String>,
}

/// Names the operations of documents in one scope.
pub fn flat(documents: &[DocumentNames], notes: &mut Notes) -> Layout {
    let mut layout = Layout::new(documents);
    let all = documents.iter().enumerate();
    let entries = all.flat_map(|(at, document)| (0..document.operations.len()).map(move |of| Entry::Operation(at, of)));
    layout.scope(documents, &entries.collect::<Vec<_>>(), &RESERVED, notes);
    layout
}

/// Names the operations of documents, and a module for each document and each folder.
pub fn nested(documents: &[DocumentNames], notes: &mut Notes) -> Layout {
    let mut layout = Layout::new(documents);
    let mut root = Folder::default();
    for (at, document) in documents.iter().enumerate() {
        let (folders, _) = document.path.rsplit_once('/').unwrap_or(("", ""));
        let names = folders.split('/').filter(|name| !name.is_empty());
        let folder = names.fold(&mut root, |folder, name| folder.folders.entry(name.to_owned()).or_default());
        folder.files.push(at);
    }
    let mut open = vec![(Vec::new(), Some(&root), None)];
    while let Some((path, folder, document)) = open.pop() {
        let reserved: &[&str] = match folder {
            _ if path.is_empty() => &RESERVED,
            Some(_) => &RESERVED_BELOW,
            None => &[],
        };
        let entries = entries(documents, folder, document);
        let assigned = layout.scope(documents, &entries, reserved, notes);
        for (entry, names) in entries.into_iter().zip(assigned.names) {
            let (folder, document) = match entry {
                Entry::Operation(..) => continue,
                Entry::Folder { folder, document, .. } => (Some(folder), document),
                Entry::File(document) => (None, Some(document)),
            };
            let path: Vec<String> = path.iter().cloned().chain(names).collect();
            if let Some(document) = document {
                layout.documents[document].0.clone_from(&path);
            }
            open.push((path, folder, document));
        }
    }
    layout
}

/// A folder of documents.
#[derive(Debug, Default)]
struct Folder {
    folders: BTreeMap<String, Folder>,
    files: Vec<usize>,
}

/// Something that has a name in a module.
#[derive(Debug, Clone, Copy)]
enum Entry<'f> {
    /// An operation of a document.
    Operation(usize, usize),
    /// The module of a folder, and of the document of that name.
    Folder { name: &'f str, folder: &'f Folder, document: Option<usize> },
    /// The module of a document.
    File(usize),
}

/// What is in the module of a folder and a document.
fn entries<'f>(documents: &[DocumentNames], folder: Option<&'f Folder>, document: Option<usize>) -> Vec<Entry<'f>> {
    let operations = document.into_iter().flat_map(|at| (0..documents[at].operations.len()).map(move |of| (at, of)));
    let mut entries: Vec<Entry<'f>> = operations.map(|(at, of)| Entry::Operation(at, of)).collect();
    let Some(folder) = folder else { return entries };
    let of_stem = |name: &str| folder.files.iter().copied().filter(|at| stem(&documents[*at].path) == name).collect();
    let mut shared = Vec::new();
    for (name, below) in &folder.folders {
        let files: Vec<usize> = of_stem(name);
        let document = if let [only] = files.as_slice() { Some(*only) } else { None };
        shared.extend(document);
        entries.push(Entry::Folder { name, folder: below, document });
    }
    entries.extend(folder.files.iter().filter(|at| !shared.contains(*at)).map(|at| Entry::File(*at)));
    entries
}

impl Layout {
    fn new(documents: &[DocumentNames]) -> Self {
        let empty =
            |document: &DocumentNames| (Vec::new(), vec![[String::new(), String::new()]; document.operations.len()]);
        Self { documents: documents.iter().map(empty).collect(), clashes: Vec::new() }
    }

    /// Names what is in one module, and keeps the names of its operations.
    fn scope(
        &mut self,
        documents: &[DocumentNames],
        entries: &[Entry<'_>],
        reserved: &[&str],
        notes: &mut Notes,
    ) -> Assigned {
        let candidates: Vec<Candidate> = entries.iter().map(|entry| entry.candidate(documents)).collect();
        let assigned = assign(reserved, &candidates, |at| entries[at].distinct(documents));
        for (entry, names) in entries.iter().zip(&assigned.names) {
            if let (Entry::Operation(document, operation), [name, module]) = (entry, names.as_slice()) {
                self.documents[*document].1[*operation] = [name.clone(), module.clone()];
            }
        }
        notes.add(&assigned, |at| entries[at].described(documents));
        self.clashes.extend(assigned.clashes.iter().cloned());
        assigned
    }
}

impl Entry<'_> {
    fn candidate(self, documents: &[DocumentNames]) -> Candidate {
        match self {
            Self::Operation(document, operation) => {
                let OperationName { name, renamed, .. } = &documents[document].operations[operation];
                pair(name).renamed(renamed.as_deref().map(fixed))
            }
            Self::Folder { name, .. } => Candidate::new(module_name(name)),
            Self::File(document) => Candidate::new(module_name(stem(&documents[document].path))),
        }
    }

    fn distinct(self, documents: &[DocumentNames]) -> Vec<String> {
        match self {
            Self::Operation(document, operation) => {
                let OperationName { name, is_anonymous, .. } = &documents[document].operations[operation];
                if !is_anonymous {
                    return distinct(name);
                }
                let path = without_extension(&documents[document].path).split('/').map(Piece::Name);
                let path: Vec<Piece<'_>> = path.chain([Piece::Word("file")]).collect();
                vec![spelled(&path), spelled(&[path.as_slice(), &[Piece::Word("data")]].concat())]
            }
            Self::Folder { name, .. } => vec![spelled(&[Piece::Name(name), Piece::Word("folder")])],
            Self::File(document) => {
                let path = documents[document].path.as_str();
                let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
                vec![spelled(&[Piece::Name(without_extension(name)), Piece::Word("file")])]
            }
        }
    }

    fn described(self, documents: &[DocumentNames]) -> (String, Option<Span>) {
        match self {
            Self::Operation(document, operation) => {
                let OperationName { name, is_anonymous, span, .. } = &documents[document].operations[operation];
                let what = if *is_anonymous {
                    format!("anonymous operation of `{}`", documents[document].path)
                } else {
                    format!("operation `{name}`")
                };
                (what, *span)
            }
            Self::Folder { name, .. } => (format!("folder `{name}`"), None),
            Self::File(document) => {
                let document = &documents[document];
                let span = document.operations.first().and_then(|first| first.span);
                (format!("file `{}`", document.path), span.map(|span| Span::new(span.source, 0..0)))
            }
        }
    }
}

/// A struct and its module, by the usual rule.
pub fn pair(graphql: &str) -> Candidate {
    Candidate::with_names(vec![type_name(graphql), field_name(graphql)])
}

/// A struct and its module, by the user's name for the struct.
pub fn fixed(wanted: &str) -> Vec<String> {
    let module = field_name(wanted);
    let module = if module == wanted { data(wanted) } else { module };
    vec![wanted.to_owned(), module]
}

/// A struct and its module, by the distinct rule.
pub fn distinct(graphql: &str) -> Vec<String> {
    vec![spelled(&[Piece::Name(graphql)]), data(graphql)]
}

/// The same, of something that only its file distinguishes.
pub fn distinct_in(graphql: &str, path: &str) -> Vec<String> {
    let path = without_extension(path).split('/').map(Piece::Name);
    let pieces: Vec<Piece<'_>> = [Piece::Name(graphql), Piece::Word("in")].into_iter().chain(path).collect();
    vec![spelled(&pieces), spelled(&[pieces.as_slice(), &[Piece::Word("data")]].concat())]
}

fn data(name: &str) -> String {
    spelled(&[Piece::Name(name), Piece::Word("data")])
}

fn module_name(name: &str) -> String {
    let name = ascii_name(name);
    if name.is_empty() { marked("document") } else { field_name(&name) }
}

/// A path without the usual extension, which goes without saying.
fn without_extension(path: &str) -> &str {
    path.strip_suffix(".graphql").unwrap_or(path)
}

fn stem(path: &str) -> &str {
    Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or(path)
}

/// A file name as something that can become a name.
pub fn ascii_name(stem: &str) -> String {
    let name: String =
        stem.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect();
    name.trim_matches('_').to_owned()
}
