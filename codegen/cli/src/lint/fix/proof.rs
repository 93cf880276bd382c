//! Proves that fixes change only what they should, for the definitions that they touch.
//!
//! A file must be as valid as before and keep its comments and definitions. Unless unsafe fixes are requested, its
//! definitions must keep their meaning. Files that use changed fragments are checked as well.

use super::edits::{Comments, Edited, add, comments_of, comments_of_edit};
use super::{Chosen, Fixes};
use crate::diagnostic::{Code, Severity};
use crate::lint::meaning::meaning;
use crate::lint::parameters::{parameters, reordered};
use crate::lint::{File, Project, Read, Run};
use crate::schema::Schema;
use crate::source::Span;
use apollo_compiler::ast::Definition;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The errors of a file, each by its rule and offset.
type Errors = Vec<(Code, usize)>;

/// The reason why a file is worse than before, and the indexes of its affected definitions; none if it is the whole
/// file.
#[derive(Debug, Default)]
pub struct Worse {
    pub reason: String,
    pub definitions: BTreeSet<usize>,
}

impl Worse {
    fn file(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), definitions: BTreeSet::new() }
    }
}

/// Returns the index of the definition at or after an offset.
pub fn definition_at(file: &File, offset: usize) -> usize {
    file.outline.definitions.partition_point(|one| one.range.end <= offset)
}

/// The state of a file before fixes.
#[derive(Debug, Default)]
pub struct Known {
    errors: Errors,
    definitions: Vec<Definition>,
}

/// The state of files by index.
#[derive(Debug, Default)]
pub struct Knowledge(FxHashMap<usize, Known>);

impl Knowledge {
    /// Returns true if a file was read.
    pub fn has(&self, file: usize) -> bool {
        self.0.contains_key(&file)
    }

    /// Returns the definitions of a file.
    pub fn definitions(&self, file: usize) -> &[Definition] {
        self.0.get(&file).map(|known| known.definitions.as_slice()).unwrap_or_default()
    }

    /// Records the files that a run has read.
    pub(in crate::lint) fn learn(&mut self, run: &Run<'_>, read: &Read) {
        self.0.extend(known(run, read));
    }

    /// Returns the files that are worse after fixes, with the reasons.
    pub(in crate::lint) fn worse(
        &self,
        before: &Project,
        (run, read): (&Run<'_>, &Read),
        (chosen, edited): (&[Chosen], &BTreeMap<String, Edited>),
        which: Fixes,
    ) -> BTreeMap<usize, Worse> {
        let mut worse = BTreeMap::new();
        let after = known(run, read);
        for (&file, now) in &after {
            let old = before.sources.name(before.files[file].source);
            let place = |offset: usize| {
                let was = edited.get(old).map_or(offset, |edited| edited.was(offset));
                definition_at(&before.files[file], was)
            };
            let known = self.0.get(&file).map(|known| known.errors.as_slice()).unwrap_or_default();
            if let Some(found) = more(&before.files[file], known, &now.errors, place) {
                worse.insert(file, found);
            }
        }
        let mut comments: BTreeMap<usize, Comments> = BTreeMap::new();
        for (file, edit) in chosen.iter().flat_map(|one| one.files.iter().zip(&one.fix.edits)) {
            add(comments.entry(*file).or_default(), &comments_of_edit(&before.sources, edit));
        }
        for (file, changed) in comments {
            let now = after.get(&file).map(|now| now.definitions.as_slice()).unwrap_or_default();
            let edited = edited.get(before.sources.name(before.files[file].source));
            let place =
                |offset: usize| definition_at(&before.files[file], edited.map_or(offset, |edited| edited.was(offset)));
            let found = (self.changed_definitions(file, now, &read.schema, which, &place))
                .or_else(|| repeated_name(run, before, file))
                .or_else(|| lost_text(before, run.project, file, changed));
            if let Some(found) = found {
                worse.entry(file).or_insert(found);
            }
        }
        worse
    }

    /// Returns the problem with the new definitions of a file, if any.
    fn changed_definitions(
        &self,
        file: usize,
        after: &[Definition],
        schema: &Schema,
        which: Fixes,
        place: &dyn Fn(usize) -> usize,
    ) -> Option<Worse> {
        let before = self.definitions(file);
        if after.is_empty() && !before.is_empty() {
            return Some(Worse::file("the file would be empty; delete it if it is unused"));
        }
        if which == Fixes::All {
            return None;
        }
        // Definitions may be reordered, but keep their names.
        let mut left: BTreeMap<_, Vec<&Definition>> = BTreeMap::new();
        for definition in before.iter().rev() {
            left.entry(name_of(definition)).or_default().push(definition);
        }
        let mut changed = Worse::file("the meaning of the operation would change");
        for new in after {
            let old = left.get_mut(&name_of(new)).and_then(Vec::pop);
            if !old.is_some_and(|old| old == new || meaning(schema, old) == meaning(schema, new)) {
                changed.definitions.extend(new.location().map(|location| place(location.offset())));
            }
        }
        if !changed.definitions.is_empty() {
            return Some(changed);
        }
        if left.values().any(|left| !left.is_empty()) {
            return Some(Worse::file("a definition would be lost"));
        }
        reordered(&parameters(file, before), &parameters(file, after)).into_iter().next().map(Worse::file)
    }
}

/// Kind and name of a definition.
fn name_of(definition: &Definition) -> (&'static str, Option<&str>) {
    let name = definition.name().map(|name| name.as_str());
    match definition {
        Definition::OperationDefinition(operation) => (operation.operation_type.name(), name),
        _ => ("fragment", name),
    }
}

fn known(run: &Run<'_>, read: &Read) -> FxHashMap<usize, Known> {
    let of_source = run.project.numbers();
    // An empty text is not a document, but the file is known.
    let mut all: FxHashMap<usize, Known> = run.dependents.iter().map(|file| (*file, Known::default())).collect();
    for (_, file) in read.documents.files() {
        if let Some(known) = of_source.get(&file.source).and_then(|file| all.get_mut(file)) {
            known.definitions = file.ast.definitions.clone();
        }
    }
    let errors = read.problems.iter().filter(|one| one.severity == Severity::Error);
    for one in read.violations.iter().chain(errors) {
        // An error between two files may be reported at a fragment that did not change.
        let mut places = one.primary.iter().chain(&one.secondary).map(|label| label.span);
        let is_known = |span: &Span| of_source.get(&span.source).is_some_and(|file| all.contains_key(file));
        let place = places.find(is_known);
        if let Some(place) = place
            && let Some(known) = of_source.get(&place.source).and_then(|file| all.get_mut(file))
        {
            known.errors.push((one.code, place.start));
        }
    }
    all
}

/// Returns a rule that has more findings than before, and the definitions with more of them. `place` maps a position in
/// the new text to a definition of the old text.
fn more(file: &File, before: &[(Code, usize)], after: &Errors, place: impl Fn(usize) -> usize) -> Option<Worse> {
    let mut changes: BTreeMap<(Code, usize), isize> = BTreeMap::new();
    for (code, offset) in before {
        *changes.entry((*code, definition_at(file, *offset))).or_default() -= 1;
    }
    for (code, offset) in after {
        *changes.entry((*code, place(*offset))).or_default() += 1;
    }
    let of = |code: Code| changes.iter().filter(move |((other, _), _)| *other == code);
    let (worst, _) = changes.keys().find(|(code, _)| of(*code).map(|(_, by)| by).sum::<isize>() > 0)?;
    Some(Worse {
        reason: format!("the documents would have one more finding of `{worst}`"),
        definitions: of(*worst).filter(|(_, by)| **by > 0).map(|((_, definition), _)| *definition).collect(),
    })
}

/// Returns a problem if two operations in a project would share a name. No rule of the specification forbids that.
fn repeated_name(run: &Run<'_>, before: &Project, file: usize) -> Option<Worse> {
    let names = |project: &Project| {
        let file = &project.files[file];
        file.outline.operations(project.sources.text(file.source))
    };
    let (old, new) = (names(before), names(run.project));
    let taken = new.difference(&old).find(|name| run.index.operations_named(name).count() > 1)?;
    Some(Worse::file(format!("the name `{taken}` would be used by two operations")))
}

/// Returns a problem if a comment or the byte order mark would be lost.
fn lost_text(before: &Project, after: &Project, file: usize, changed: Comments) -> Option<Worse> {
    let text = |project: &'_ Project| project.sources.text(project.files[file].source).clone();
    let (old, new) = (text(before), text(after));
    let mut expected = comments_of(&old);
    add(&mut expected, &changed);
    if comments_of(&new) != expected {
        return Some(Worse::file("a comment would change"));
    }
    let is_marked = |text: &str| text.starts_with('\u{feff}');
    (is_marked(&old) != is_marked(&new)).then(|| Worse::file("the byte order mark would be lost"))
}
