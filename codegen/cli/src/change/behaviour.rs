//! Changes of behaviour, which neither validation nor types show: the same operation gets different responses.
//!
//! These are defaults of omitted arguments and input fields, scalars with a changed representation, and objects of
//! types that a selection set could not contain before.

use super::{Change, ChangeKind, Effect, Subject};
use crate::diagnostic::{Diagnostic, counted};
use crate::query::{Documents, Selected, SelectedField, SelectionSet};
use crate::schema::Schema;
use apollo_compiler::ast::{Argument, Definition, DirectiveList, FieldDefinition, Value};
use apollo_compiler::coordinate::{SchemaCoordinate, TypeAttributeCoordinate};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};
use std::collections::BTreeSet;

/// The changes that are checked individually.
const KINDS: [ChangeKind; 5] = [
    ChangeKind::ArgumentDefaultChanged,
    ChangeKind::DirectiveArgumentDefaultChanged,
    ChangeKind::InputFieldDefaultChanged,
    ChangeKind::DefaultedInputFieldAdded,
    ChangeKind::SpecifiedByChanged,
];

/// Returns the changes that affect documents, each with the affected operation or fragment.
pub fn behaviour(
    (old, new): (&Schema, &Schema),
    documents: &Documents,
    changes: &[Change],
) -> Vec<(String, Diagnostic)> {
    let changes = changes.iter().filter(|change| KINDS.contains(&change.kind)).collect();
    let mut walk = Walk { old, new, documents, changes, definition: "", found: Vec::new() };
    for definition in documents.files().flat_map(|(_, file)| &file.ast.definitions) {
        match definition {
            Definition::OperationDefinition(operation) => {
                walk.definition = operation.name.as_ref().map_or("", |name| name.as_str());
                walk.directives(&operation.directives);
                for variable in &operation.variables {
                    walk.directives(&variable.directives);
                    if let Some(default) = &variable.default_value {
                        walk.value(default, variable.ty.inner_named_type());
                    }
                }
                walk.set(SelectionSet::of_operation(old, operation));
            }
            Definition::FragmentDefinition(fragment) => {
                walk.definition = fragment.name.as_str();
                walk.directives(&fragment.directives);
                walk.set(SelectionSet::of_fragment(fragment));
            }
            _ => {}
        }
    }
    walk.found
}

struct Walk<'a> {
    old: &'a Schema,
    new: &'a Schema,
    documents: &'a Documents,
    changes: Vec<&'a Change>,
    /// The operation or fragment that is being walked.
    definition: &'a str,
    found: Vec<(String, Diagnostic)>,
}

impl<'a> Walk<'a> {
    fn add(&mut self, message: &str, location: Option<SourceSpan>, note: &str) {
        let finding = Effect::Behaves.diagnostic(message).at(self.documents.places.span(location), "");
        let finding = if note.is_empty() { finding } else { finding.note(note) };
        self.found.push((self.definition.to_owned(), finding));
    }

    fn of_kind(&self, kinds: &[ChangeKind]) -> Vec<&'a Change> {
        self.changes.iter().copied().filter(|change| kinds.contains(&change.kind)).collect()
    }

    fn set(&mut self, set: SelectionSet<'a>) {
        for selected in set.members() {
            self.directives(selected.directives());
            match selected {
                Selected::Field(selected) => {
                    let definition = selected.definition(self.old);
                    if let Some((parent, definition)) = selected.parent.zip(definition) {
                        self.field(selected, parent, definition);
                    }
                    self.set(selected.below(definition));
                }
                Selected::Inline { below, .. } => self.set(below),
                Selected::Spread(_) => {}
            }
        }
    }

    fn field(&mut self, selected: SelectedField<'a>, parent: &Name, definition: &'a FieldDefinition) {
        let (field, ty) = (selected.field, definition.ty.inner_named_type());
        let location = field.name.location();
        let coordinate = TypeAttributeCoordinate { ty: parent.clone(), attribute: field.name.clone() };
        let argument = |of: &SchemaCoordinate| match of {
            SchemaCoordinate::FieldArgument(of) => (of.field_coordinate() == coordinate).then(|| of.argument.clone()),
            _ => None,
        };
        self.defaults(argument, &field.arguments, location);
        self.scalars(ty, location);
        self.objects(ty, location);
        for argument in &field.arguments {
            if let Some(of) = definition.argument_by_name(&argument.name) {
                self.value(&argument.value, of.ty.inner_named_type());
            }
        }
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for one in directives {
            let argument = |of: &SchemaCoordinate| match of {
                SchemaCoordinate::DirectiveArgument(of) => (of.directive == one.name).then(|| of.argument.clone()),
                _ => None,
            };
            self.defaults(argument, &one.arguments, one.name.location());
            let Some(of) = self.old.directive(&one.name) else { continue };
            for argument in &one.arguments {
                if let Some(of) = of.arguments.iter().find(|of| of.name == argument.name) {
                    self.value(&argument.value, of.ty.inner_named_type());
                }
            }
        }
    }

    /// Checks defaults of omitted arguments; `argument` returns the name if a coordinate is that of an argument here.
    fn defaults(
        &mut self,
        argument: impl Fn(&SchemaCoordinate) -> Option<Name>,
        given: &[Node<Argument>],
        location: Option<SourceSpan>,
    ) {
        for change in self.of_kind(&[ChangeKind::ArgumentDefaultChanged, ChangeKind::DirectiveArgumentDefaultChanged]) {
            let Subject::Part(coordinate) = &change.subject else { continue };
            if argument(coordinate).is_some_and(|argument| !given.iter().any(|one| one.name == argument)) {
                self.add(&change.message, location, "the operation omits it");
            }
        }
    }

    /// Checks defaults of input fields that an input object in the document omits.
    fn value(&mut self, value: &'a Node<Value>, ty: &str) {
        match &**value {
            Value::List(items) => items.iter().for_each(|item| self.value(item, ty)),
            Value::Object(fields) => {
                for change in
                    self.of_kind(&[ChangeKind::InputFieldDefaultChanged, ChangeKind::DefaultedInputFieldAdded])
                {
                    let Subject::Part(SchemaCoordinate::TypeAttribute(of)) = &change.subject else { continue };
                    if of.ty == ty && !fields.iter().any(|(name, _)| *name == of.attribute) {
                        self.add(&change.message, value.location(), "it is omitted here");
                    }
                }
                let Some(input) = self.old.input(ty) else { return };
                for (name, value) in fields {
                    if let Some(of) = input.fields.get(name) {
                        self.value(value, of.ty.inner_named_type());
                    }
                }
            }
            _ => {}
        }
    }

    /// Checks scalars with a changed representation.
    fn scalars(&mut self, ty: &str, location: Option<SourceSpan>) {
        for change in self.of_kind(&[ChangeKind::SpecifiedByChanged]) {
            if change.subject.ty().is_some_and(|name| name == ty) {
                self.add(&change.message, location, "");
            }
        }
    }

    /// Checks objects that a selection set could not contain before.
    fn objects(&mut self, ty: &str, location: Option<SourceSpan>) {
        /// The maximum number of listed types.
        const MOST: usize = 4;
        if self.new.is_object(ty) {
            return;
        }
        let of = |schema: &'a Schema| {
            let possible = schema.types.possible(ty);
            possible.iter().map(|index| schema.types.object(index).as_str()).collect::<BTreeSet<&str>>()
        };
        let (before, after) = (of(self.old), of(self.new));
        let added: Vec<&str> = after.difference(&before).copied().collect();
        if added.is_empty() || before.is_empty() {
            return;
        }
        let mut shown = added.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match added.len().saturating_sub(MOST) {
            0 => {}
            1 => shown += " and 1 other",
            more => shown += &format!(" and {more} others"),
        }
        let count = counted(added.len(), "more type");
        self.add(&format!("`{ty}` can be {count}: {shown}"), location, "");
    }
}
