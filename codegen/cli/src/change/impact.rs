//! The impact of schema changes on the documents of a project.
//!
//! Documents are validated against both schemas: a violation only of the new one breaks an operation. Documents that
//! are valid against both are lowered to [`ir`](crate::ir) twice; where the results differ, the generated Rust differs.
//! The remaining changes are changes of [behaviour](super::behaviour).

use super::behaviour::behaviour;
use super::types::{Flat, Typed, definitions, reaching};
use super::{Change, ChangeKind, Level, Subject};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Severity, has_errors};
use crate::ir::Module;
use crate::query::{Documents, Selected, SelectedField, SelectionSet};
use crate::schema::Schema;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::outline;
use crate::usage::deprecated;
use crate::validate::validate;
use apollo_compiler::Name;
use apollo_compiler::ast::{Definition as Ast, Field, VariableDefinition};
use apollo_compiler::coordinate::TypeAttributeCoordinate;
use apollo_compiler::parser::SourceSpan;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The effect on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It becomes invalid.
    Breaks,
    /// Its Rust types change.
    Types,
    /// Its responses change.
    Behaves,
    /// It uses newly deprecated elements.
    Deprecated,
}

impl Effect {
    /// Returns the code of its diagnostics.
    pub fn code(self) -> Code {
        Code::new(match self {
            Self::Breaks => "operation-breaks",
            Self::Types => "types-change",
            Self::Behaves => "behaviour-changes",
            Self::Deprecated => "newly-deprecated",
        })
    }

    /// A diagnostic about it, without a place.
    pub fn diagnostic(self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code(), self.severity(), message)
    }

    fn severity(self) -> Severity {
        match self {
            Self::Breaks => Severity::Error,
            Self::Types | Self::Behaves => Severity::Warning,
            Self::Deprecated => Severity::Info,
        }
    }
}

/// The impact on a project.
#[derive(Debug, Default)]
pub struct Impact {
    /// The effects, ordered by file and position; at one position, the worst first.
    pub effects: Vec<(Effect, Diagnostic)>,
    /// The number of operations.
    pub operations: usize,
    /// The names of affected operations by effect.
    pub affected: BTreeMap<Effect, BTreeSet<String>>,
    /// Whether some documents are invalid against the old schema; these are skipped.
    pub has_broken_before: bool,
}

/// Returns the impact of changes on documents; `sources` must contain the texts of both schemas and of the documents.
pub fn impact(
    config: &Config,
    sources: &Sources,
    texts: &[SourceId],
    (old, new): (&Schema, &Schema),
    changes: &[Change],
) -> Impact {
    let (documents, problems) = Documents::parse(sources, texts, &[]);
    let mut search = Search {
        schema: new,
        sources,
        documents: &documents,
        changes,
        impact: Impact::default(),
        outlines: Vec::new(),
    };
    search.outlines = texts.iter().map(|id| (*id, outline(sources.text(*id)))).collect();
    search.impact.operations = documents.all_operations().count();
    let before = violations(config, old, &documents, sources);
    let after = violations(config, new, &documents, sources);
    search.impact.has_broken_before = has_errors(&problems) || has_errors(&before);
    let known: HashSet<_> = before.iter().map(|one| (one.code, one.primary.as_ref().map(|label| label.span))).collect();
    for one in after {
        if !known.contains(&(one.code, one.primary.as_ref().map(|label| label.span))) {
            search.breaks(one);
        }
    }
    if let Some((before, after)) = both(config, sources, texts, old, new) {
        search.types(&before, &after);
    }
    search.deprecations(old, new);
    for (definition, finding) in behaviour((old, new), &documents, changes) {
        search.add(Effect::Behaves, Some(definition), finding);
    }
    let mut impact = search.impact;
    impact.effects.sort_by(|(one, left), (other, right)| {
        let place = |diagnostic: &Diagnostic| {
            let span = diagnostic.primary.as_ref().map(|label| label.span);
            span.map(|span| (sources.name(span.source).to_owned(), span.start))
        };
        place(left).cmp(&place(right)).then(one.cmp(other)).then_with(|| left.message.cmp(&right.message))
    });
    impact.effects.dedup();
    impact
}

fn violations(config: &Config, schema: &Schema, documents: &Documents, sources: &Sources) -> Vec<Diagnostic> {
    let found = validate(schema, documents, sources);
    let found = found.into_iter().filter(|one| one.code != Code::NO_UNUSED_FRAGMENTS);
    found.filter_map(|one| config.levelled(one)).filter(|one| one.severity == Severity::Error).collect()
}

/// Generates the documents that are valid against both schemas, once for each.
fn both(
    config: &Config,
    sources: &Sources,
    texts: &[SourceId],
    old: &Schema,
    new: &Schema,
) -> Option<(Module, Module)> {
    const ROUNDS: usize = 6;
    let (mut documents, _) = Documents::parse(sources, texts, &[]);
    for _ in 0..ROUNDS {
        let mut problems = violations(config, old, &documents, sources);
        problems.extend(violations(config, new, &documents, sources));
        if problems.is_empty() {
            let lower = |schema| crate::ir::lower(config, schema, &documents, sources).module;
            return Some((lower(old), lower(new)));
        }
        documents = documents.without(&problems);
    }
    None
}

struct Search<'a> {
    /// The new schema.
    schema: &'a Schema,
    sources: &'a Sources,
    documents: &'a Documents,
    changes: &'a [Change],
    impact: Impact,
    outlines: Vec<(SourceId, crate::syntax::Outline)>,
}

impl<'a> Search<'a> {
    fn add(&mut self, effect: Effect, definition: Option<String>, diagnostic: Diagnostic) {
        // An effect on a fragment counts for the operations that use it.
        let names = definition.map(|name| self.operations_with(&name)).unwrap_or_default();
        self.impact.affected.entry(effect).or_default().extend(names);
        self.impact.effects.push((effect, diagnostic));
    }

    /// Returns the operations with a name, and those that reach a fragment with that name.
    fn operations_with(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (_, operation) in self.documents.all_operations() {
            let own = operation.name.as_ref().map_or("", |name| name.as_str());
            let reaches = || {
                let mut reached = self.documents.reach(&operation.selection_set).into_iter();
                reached.any(|id| self.documents.fragment(id).definition.name == name)
            };
            if own == name || reaches() {
                found.push(own.to_owned());
            }
        }
        found
    }

    fn definition_at(&self, span: Span) -> Option<String> {
        let (_, outline) = self.outlines.iter().find(|(source, _)| *source == span.source)?;
        let around = outline.definitions.iter().find(|one| one.range.contains(&span.start))?;
        Some(around.name.clone().map_or(String::new(), |name| self.sources.text(span.source)[name].to_owned()))
    }

    fn breaks(&mut self, violation: Diagnostic) {
        let definition = violation.primary.as_ref().and_then(|label| self.definition_at(label.span));
        let why = self.cause(&violation);
        let violation = match why {
            Some(change) => violation.note(format!("the schema changed: {}", change.message)),
            None => violation,
        };
        // Which rule it breaks is in the message; it is reported as what it means for the operation.
        let effect = Effect::Breaks;
        let violation = Diagnostic { code: effect.code(), severity: effect.severity(), ..violation };
        self.add(effect, definition, violation);
    }

    /// Returns the change that causes a violation: the worst one of the nearest part of the schema that has any.
    fn cause(&self, violation: &Diagnostic) -> Option<&'a Change> {
        violation.about.iter().find_map(|part| {
            let of_part = self.changes.iter().filter(|change| {
                change.level != Level::Safe && matches!(&change.subject, Subject::Part(changed) if changed == part)
            });
            of_part.min_by_key(|change| change.level)
        })
    }

    fn types(&mut self, before: &Module, after: &Module) {
        let (old, new) = (Flat::of(before), Flat::of(after));
        for (key, ty) in &new.fields {
            let Some(was) = old.fields.get(key) else { continue };
            let place = self.place(&key.0, &key.1);
            let shown = shown(&key.1);
            if was.ty != ty.ty || was.kinds != ty.kinds {
                let message = match was.ty == ty.ty {
                    true => format!("the Rust type of {shown} changes from {} to {} `{}`", was.kinds, ty.kinds, ty.ty),
                    false => format!("the Rust type of {shown} changes from `{}` to `{}`", was.ty, ty.ty),
                };
                let finding = Effect::Types.diagnostic(message).at(place, "");
                let finding = self.explained(finding, &key.0, &key.1);
                self.add(Effect::Types, Some(key.0.clone()), finding);
            }
        }
        self.variants(&old, &new);
        self.rest(before, after);
        for (name, values) in &new.enums {
            let Some(was) = old.enums.get(name) else { continue };
            let added: Vec<&String> = values.difference(was).collect();
            let removed: Vec<&String> = was.difference(values).collect();
            // Inputs that contain the enum also count.
            let reaching = reaching(after, name);
            for (list, word) in [(added, "has the new value"), (removed, "no longer has the value")] {
                for value in list {
                    let message = format!("the enum `{name}` {word} `{value}`");
                    self.shared(Effect::Types, &message, &new, |ty| {
                        ty.names.iter().any(|used| reaching.contains(used))
                    });
                }
            }
        }
        for (name, fields) in &new.inputs {
            let Some(was) = old.inputs.get(name) else { continue };
            let mut messages = Vec::new();
            for (field, ty) in fields {
                match was.get(field) {
                    None => messages.push(format!("the input `{name}` has the new field `{field}: {ty}`")),
                    Some(was) if was != ty => {
                        messages.push(format!(
                            "the Rust type of the field `{field}` of the input `{name}` changes from `{was}` to `{ty}`"
                        ));
                    }
                    Some(_) => {}
                }
            }
            for field in was.keys().filter(|field| !fields.contains_key(*field)) {
                messages.push(format!("the input `{name}` no longer has the field `{field}`"));
            }
            if let (Some(was), Some(now)) = (old.parameters.get(name), new.parameters.get(name))
                && was != now
                && was.iter().collect::<BTreeSet<_>>() == now.iter().collect()
            {
                let (was, now) = (was.join(", "), now.join(", "));
                messages.push(format!("the parameters of `new` for the input `{name}` change from ({was}) to ({now})"));
            }
            let reaching = reaching(after, name);
            for message in messages {
                self.shared(Effect::Types, &message, &new, |ty| ty.names.iter().any(|used| reaching.contains(used)));
            }
        }
        for change in self.changes.iter().filter(|change| change.kind == ChangeKind::InputFieldDefaultChanged) {
            let Some(input) = change.subject.ty() else { continue };
            let reaching = reaching(after, input);
            self.shared(Effect::Behaves, &change.message, &new, |ty| {
                ty.names.iter().any(|used| reaching.contains(used))
            });
        }
    }

    /// Adds a change of a type that several definitions share to each of them, at its first use.
    fn shared(&mut self, effect: Effect, message: &str, all: &Flat, uses: impl Fn(&Typed) -> bool) {
        let mut users: BTreeMap<&str, Vec<Option<Span>>> = BTreeMap::new();
        for ((definition, path), _) in all.fields.iter().filter(|(_, ty)| uses(ty)) {
            users.entry(definition).or_default().push(self.place(definition, path));
        }
        for (definition, mut places) in users {
            places.sort_by_key(|place| place.map(|span| span.start));
            let mut finding = effect.diagnostic(message).at(places.first().copied().flatten(), "used here");
            for place in places.iter().skip(1).take(4) {
                finding = finding.also(*place, "");
            }
            self.add(effect, Some(definition.to_owned()), finding);
        }
    }

    /// Compares the variants of enums for selection sets.
    fn variants(&mut self, old: &Flat, new: &Flat) {
        let definitions: BTreeSet<&str> = old.fields.keys().map(|(name, _)| name.as_str()).collect();
        for (from, to, word) in [(old, new, "no longer has the Rust variant"), (new, old, "has the new Rust variant")] {
            for (definition, path) in from.fields.keys().filter(|key| !to.fields.contains_key(*key)) {
                let Some((last, before)) = path.split_last() else { continue };
                let Some(variant) = last.strip_prefix("... on ").filter(|_| definitions.contains(definition.as_str()))
                else {
                    continue;
                };
                let of = if before.is_empty() { format!("`{definition}`") } else { shown(before) };
                let finding = Effect::Types.diagnostic(format!("{of} {word} `{variant}`"));
                let finding = finding.at(self.place(definition, before), "");
                self.add(Effect::Types, Some(definition.clone()), finding);
            }
        }
    }

    /// Reports definitions whose code changes for other reasons.
    fn rest(&mut self, before: &Module, after: &Module) {
        let told: BTreeSet<String> = (self.impact.effects.iter())
            .filter(|(effect, _)| *effect == Effect::Types)
            .filter_map(|(_, diagnostic)| self.definition_at(diagnostic.primary.as_ref()?.span))
            .collect();
        let old = definitions(before);
        for (name, definition) in definitions(after) {
            if !told.contains(&name) && old.get(&name).is_some_and(|old| *old != definition) {
                let message = format!("the Rust types of `{name}` change");
                let finding = Effect::Types.diagnostic(message).at(self.place(&name, &[]), "");
                self.add(Effect::Types, Some(name), finding);
            }
        }
    }

    /// Reports newly deprecated elements in use.
    fn deprecations(&mut self, old: &Schema, new: &Schema) {
        let of = |schema| deprecated(schema, self.documents);
        let known: HashSet<Span> = of(old).into_iter().map(|(_, _, place)| place).collect();
        for (coordinate, reason, place) in of(new) {
            if !known.contains(&place) {
                let message = format!("`{coordinate}` is newly deprecated: {}", reason.trim());
                let finding = Effect::Deprecated.diagnostic(message).at(Some(place), "");
                self.add(Effect::Deprecated, self.definition_at(place), finding);
            }
        }
    }

    /// Returns a finding about the type of a field, with the schema change of that field as a note.
    fn explained(&self, finding: Diagnostic, definition: &str, path: &[String]) -> Diagnostic {
        let Some(Found::Field { parent, field }) = self.find(definition, path) else { return finding };
        let subject = Subject::from(TypeAttributeCoordinate { ty: parent.clone(), attribute: field.name.clone() });
        let mut of_field = self.changes.iter().filter(|change| change.subject == subject);
        let change =
            of_field.find(|change| matches!(change.kind, ChangeKind::FieldTypeChanged | ChangeKind::FieldTypeNarrowed));
        match change {
            Some(change) => finding.note(format!("the schema changed: {}", change.message)),
            None => finding,
        }
    }

    /// Returns the span of a response path, or of a variable, in a definition.
    fn place(&self, definition: &str, path: &[String]) -> Option<Span> {
        let location = match self.find(definition, path)? {
            Found::Variable(variable) => variable.name.location(),
            Found::Field { field, .. } => field.response_name().location(),
            Found::Definition(location) => location,
        };
        self.documents.places.span(location)
    }

    /// Returns the node at a response path or of a variable, or else the definition.
    fn find(&self, definition: &str, path: &[String]) -> Option<Found<'a>> {
        for one in self.documents.files().flat_map(|(_, file)| &file.ast.definitions) {
            let (name, set, location) = match one {
                Ast::OperationDefinition(operation) => {
                    let name = operation.name.as_ref().map_or("", |name| name.as_str());
                    let variable = path.first().and_then(|first| first.strip_prefix('$'));
                    if let Some(variable) = variable.filter(|_| name == definition) {
                        let found = operation.variables.iter().find(|one| one.name == variable);
                        return found.map(|found| Found::Variable(found));
                    }
                    (name, SelectionSet::of_operation(self.schema, operation), operation.location())
                }
                Ast::FragmentDefinition(fragment) => {
                    (fragment.name.as_str(), SelectionSet::of_fragment(fragment), fragment.location())
                }
                _ => continue,
            };
            if name == definition {
                let field = field_at(self.schema, set, path);
                return Some(field.unwrap_or(Found::Definition(location)));
            }
        }
        None
    }
}

/// The node at a path.
enum Found<'a> {
    Variable(&'a VariableDefinition),
    Field { parent: &'a Name, field: &'a Field },
    Definition(Option<SourceSpan>),
}

/// Returns the field at a response path, through inline fragments.
fn field_at<'a>(schema: &'a Schema, set: SelectionSet<'a>, path: &[String]) -> Option<Found<'a>> {
    let (first, rest) = path.split_first()?;
    // Variants are not response keys: their selections are in inline fragments, or beside them.
    if first.starts_with("... on ") {
        return field_at(schema, set, rest);
    }
    set.members().find_map(|selected| match selected {
        Selected::Field(selected) if selected.key() == first.as_str() => {
            if rest.is_empty() {
                let SelectedField { field, parent } = selected;
                return parent.map(|parent| Found::Field { parent, field });
            }
            field_at(schema, selected.below(selected.definition(schema)), rest)
        }
        Selected::Inline { below, .. } => field_at(schema, below, path),
        _ => None,
    })
}

/// Returns a path as it is shown to users.
fn shown(path: &[String]) -> String {
    match path.first() {
        Some(first) if first.starts_with('$') => format!("the variable `{first}`"),
        _ => format!("`{}`", path.join(".")),
    }
}
