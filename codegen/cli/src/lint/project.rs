//! The index of definitions and uses by name, which rules about more than one file share.

use crate::diagnostic::{Code, Diagnostic};
use crate::query::{Documents, Parsed};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{DefinedKind, Outline};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// [`Documents::parse`], with texts that are parsed side by side.
pub fn parse_all(sources: &Sources, texts: &[SourceId], library: &[SourceId]) -> (Documents, Vec<Diagnostic>) {
    let parsed: Vec<Parsed> = texts.par_iter().map(|text| Parsed::new(sources, *text)).collect();
    Documents::of_parsed(sources, parsed, library)
}

/// All definitions of a project.
#[derive(Debug, Default)]
pub struct Index {
    /// The definitions, in the order of files, then of the text.
    pub definitions: Vec<Definition>,
    operations: ByName,
    fragments: ByName,
}

/// Definitions by name, as their indexes in [`Index::definitions`].
type ByName = FxHashMap<String, Vec<usize>>;

/// A definition in a file.
#[derive(Debug)]
pub struct Definition {
    /// The index of the file in the project.
    pub file: usize,
    /// The kind of definition.
    pub kind: DefinedKind,
    /// Its name.
    pub name: Option<String>,
    /// The span of its name, or of its keyword.
    pub place: Span,
    /// The span of the definition.
    pub range: Span,
    /// The span with its description and the comments directly above.
    pub with_comments: Span,
    /// Whether it contains comments or follows some directly.
    pub has_comments: bool,
    /// The fragments that it spreads, with the spans of the spreads.
    pub spreads: Vec<(String, Span)>,
}

impl Definition {
    /// Returns the names of the fragments that it spreads.
    pub fn spread_names(&self) -> impl Iterator<Item = &str> {
        self.spreads.iter().map(|(name, _)| name.as_str())
    }
}

/// The uses of fragments.
#[derive(Debug, Default)]
pub struct Uses {
    /// The fragment definitions that some operation reaches.
    pub reached: FxHashSet<usize>,
    /// The definitions that spread a fragment, once for each spread.
    pub spread_in: FxHashMap<String, Vec<usize>>,
}

impl Index {
    /// Adds the definitions of a file.
    pub fn add(&mut self, file: usize, sources: &Sources, source: SourceId, outline: &Outline) {
        let text = sources.text(source);
        for one in &outline.definitions {
            let name = one.name.clone().map(|name| text[name].to_owned());
            let place = one.name.clone().unwrap_or_else(|| one.head.clone());
            if let Some(name) = &name {
                let of_kind = if one.kind.is_operation() { &mut self.operations } else { &mut self.fragments };
                of_kind.entry(name.clone()).or_default().push(self.definitions.len());
            }
            let with_comments = super::context::comments_above(text, one.start)..one.range.end;
            self.definitions.push(Definition {
                file,
                kind: one.kind,
                name,
                place: Span::new(source, place),
                range: Span::new(source, one.range.clone()),
                // Settings are removed together with their node.
                has_comments: (text[with_comments.clone()].lines())
                    .any(|line| line.contains('#') && !line.contains("@graphwright")),
                with_comments: Span::new(source, with_comments),
                spreads: (one.spreads.iter())
                    .map(|name| (text[name.clone()].to_owned(), Span::new(source, name.clone())))
                    .collect(),
            });
        }
    }

    /// Returns the operations of a name.
    pub fn operations_named(&self, name: &str) -> impl Iterator<Item = &Definition> {
        self.operations.get(name).into_iter().flatten().map(|at| &self.definitions[*at])
    }

    /// Returns the fragments of a name.
    pub fn fragments_named(&self, name: &str) -> impl Iterator<Item = &Definition> {
        self.fragments.get(name).into_iter().flatten().map(|at| &self.definitions[*at])
    }

    /// Returns the operations that share a name, for each such name.
    pub fn repeated_operations(&self) -> impl Iterator<Item = Vec<&Definition>> {
        self.repeated(&self.operations)
    }

    /// Returns the fragments that share a name, for each such name.
    pub fn repeated_fragments(&self) -> impl Iterator<Item = Vec<&Definition>> {
        self.repeated(&self.fragments)
    }

    fn repeated<'i>(&'i self, of_kind: &'i ByName) -> impl Iterator<Item = Vec<&'i Definition>> {
        let shared = of_kind.values().filter(|list| list.len() > 1);
        shared.map(|list| list.iter().map(|at| &self.definitions[*at]).collect())
    }

    /// Returns the uses of fragments.
    pub fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        let mut open: Vec<usize> = Vec::new();
        for (at, definition) in self.definitions.iter().enumerate() {
            for (name, _) in &definition.spreads {
                uses.spread_in.entry(name.clone()).or_default().push(at);
            }
            if definition.kind.is_operation() {
                open.push(at);
            }
        }
        while let Some(at) = open.pop() {
            let definition = &self.definitions[at];
            for name in definition.spread_names() {
                let new = self.meant(definition.file, name).filter(|fragment| uses.reached.insert(*fragment));
                open.extend(new);
            }
        }
        uses
    }

    /// Returns the fragments that a spread in a file can resolve to: those of the file itself, else all of that name.
    fn meant(&self, file: usize, name: &str) -> impl Iterator<Item = usize> {
        let all = self.fragments.get(name).map(Vec::as_slice).unwrap_or_default();
        let is_own = move |at: &&usize| self.definitions[**at].file == file;
        let has_own = all.iter().any(|at| is_own(&at));
        all.iter().filter(move |at| !has_own || is_own(at)).copied()
    }

    /// Returns the files whose fragments some files need, and those that need theirs, transitively.
    pub fn related(&self, changed: &FxHashSet<usize>) -> Related {
        let mut dependents = changed.clone();
        let mut names: Vec<&str> = Vec::new();
        let fragments_of = |file: usize| {
            let own = self.definitions.iter().filter(move |one| one.file == file && one.kind == DefinedKind::Fragment);
            own.filter_map(|one| one.name.as_deref())
        };
        names.extend(changed.iter().flat_map(|file| fragments_of(*file)));
        let mut spread_in: FxHashMap<&str, Vec<&Definition>> = FxHashMap::default();
        for definition in &self.definitions {
            for name in definition.spread_names() {
                spread_in.entry(name).or_default().push(definition);
            }
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        while let Some(name) = names.pop() {
            if !seen.insert(name) {
                continue;
            }
            for user in spread_in.get(name).into_iter().flatten() {
                dependents.insert(user.file);
                if !user.kind.is_operation() {
                    names.extend(user.name.as_deref());
                }
            }
        }
        let mut needed: FxHashSet<usize> = FxHashSet::default();
        let of_dependents = self.definitions.iter().filter(|one| dependents.contains(&one.file));
        let mut open: Vec<&str> = of_dependents.flat_map(Definition::spread_names).collect();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                for fragment in self.fragments_named(name) {
                    needed.insert(fragment.file);
                    open.extend(fragment.spread_names());
                }
            }
        }
        Related { dependents, needed }
    }
}

/// Files related to changed ones.
#[derive(Debug)]
pub struct Related {
    /// The changed files, and files that use their fragments.
    pub dependents: FxHashSet<usize>,
    /// Files with fragments that the former need.
    pub needed: FxHashSet<usize>,
}

/// Returns a finding of a rule about the project.
pub fn finding(rule: &'static str, place: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(Code::new(rule), message).at(Some(place), "")
}
