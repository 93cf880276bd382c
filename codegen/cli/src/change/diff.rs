//! Compares two schemas and classifies every difference for an arbitrary client.
//!
//! A new definition is one change: its fields are not listed separately. The order of definitions, fields, arguments
//! and values is ignored.

use super::{Change, ChangeKind, Level, Subject};
use crate::schema::{Schema, TypeDefinition, deprecation_reason};
use apollo_compiler::ast::{
    Directive, DirectiveDefinition, DirectiveList, DirectiveLocation, FieldDefinition, InputValueDefinition,
    OperationType, Type, Value,
};
use apollo_compiler::coordinate::{DirectiveCoordinate, SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node};
use std::collections::BTreeMap;

/// Returns all changes, by coordinate in the order of the new schema; removals come last.
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut diff = Diff { old, new, changes: Vec::new() };
    diff.roots();
    diff.types();
    diff.directives();
    diff.changes
}

struct Diff<'a> {
    old: &'a Schema,
    new: &'a Schema,
    changes: Vec<Change>,
}

/// A location in the new or in the old schema.
#[derive(Clone, Copy)]
enum At {
    New(Option<SourceSpan>),
    Old(Option<SourceSpan>),
}

/// A kind of input value: its name, and the kinds of its changes.
#[derive(Clone, Copy)]
struct Words {
    what: &'static str,
    removed: ChangeKind,
    required_added: ChangeKind,
    optional_added: ChangeKind,
    defaulted_added: ChangeKind,
    changed: ChangeKind,
    widened: ChangeKind,
    default_changed: ChangeKind,
}

/// What fields, arguments and input fields have.
struct Member<'m> {
    description: Option<&'m Node<str>>,
    directives: &'m DirectiveList,
    ty: &'m Type,
}

impl<'m> From<&'m Node<FieldDefinition>> for Member<'m> {
    fn from(of: &'m Node<FieldDefinition>) -> Self {
        Self { description: of.description.as_ref(), directives: &of.directives, ty: &of.ty }
    }
}

impl<'m> From<&'m Node<InputValueDefinition>> for Member<'m> {
    fn from(of: &'m Node<InputValueDefinition>) -> Self {
        Self { description: of.description.as_ref(), directives: &of.directives, ty: &of.ty }
    }
}

const ARGUMENTS: Words = Words {
    what: "argument",
    removed: ChangeKind::ArgumentRemoved,
    required_added: ChangeKind::RequiredArgumentAdded,
    optional_added: ChangeKind::OptionalArgumentAdded,
    defaulted_added: ChangeKind::OptionalArgumentAdded,
    changed: ChangeKind::ArgumentTypeChanged,
    widened: ChangeKind::ArgumentTypeWidened,
    default_changed: ChangeKind::ArgumentDefaultChanged,
};

const INPUT_FIELDS: Words = Words {
    what: "input field",
    removed: ChangeKind::InputFieldRemoved,
    required_added: ChangeKind::RequiredInputFieldAdded,
    optional_added: ChangeKind::OptionalInputFieldAdded,
    defaulted_added: ChangeKind::DefaultedInputFieldAdded,
    changed: ChangeKind::InputFieldTypeChanged,
    widened: ChangeKind::InputFieldTypeWidened,
    default_changed: ChangeKind::InputFieldDefaultChanged,
};

const DIRECTIVE_ARGUMENTS: Words = Words {
    what: "argument",
    removed: ChangeKind::DirectiveArgumentRemoved,
    required_added: ChangeKind::RequiredDirectiveArgumentAdded,
    optional_added: ChangeKind::OptionalDirectiveArgumentAdded,
    defaulted_added: ChangeKind::OptionalDirectiveArgumentAdded,
    changed: ChangeKind::DirectiveArgumentTypeChanged,
    widened: ChangeKind::DirectiveArgumentTypeWidened,
    default_changed: ChangeKind::DirectiveArgumentDefaultChanged,
};

impl<'a> Diff<'a> {
    fn add(&mut self, kind: ChangeKind, subject: impl Into<Subject>, message: String, at: At) {
        let place = match at {
            At::New(location) => self.new.place(location),
            At::Old(location) => self.old.place(location),
        };
        let (level, subject) = (kind.level(), subject.into());
        self.changes.push(Change { kind, level, subject, message, before: None, after: None, place });
    }

    /// Sets the old and the new value of the last change.
    fn values(&mut self, before: Option<String>, after: Option<String>) {
        if let Some(last) = self.changes.last_mut() {
            (last.before, last.after) = (before, after);
        }
    }

    /// Adds a change with another level than that of its kind.
    fn add_as(&mut self, level: Level, kind: ChangeKind, subject: impl Into<Subject>, message: String, at: At) {
        self.add(kind, subject, message, at);
        if let Some(last) = self.changes.last_mut() {
            last.level = level;
        }
    }

    fn roots(&mut self) {
        let (old, new) = (self.old.schema_definition(), self.new.schema_definition());
        for (operation, before, after) in [
            (OperationType::Query, &old.query, &new.query),
            (OperationType::Mutation, &old.mutation, &new.mutation),
            (OperationType::Subscription, &old.subscription, &new.subscription),
        ] {
            let (subject, word) = (Subject::Root(operation), operation.name());
            match (before, after) {
                (Some(before), Some(after)) if before.name != after.name => {
                    let message =
                        format!("the root type for a {word} changed from `{}` to `{}`", before.name, after.name);
                    self.add(ChangeKind::RootTypeChanged, subject, message, At::New(after.name.location()));
                    self.values(Some(before.name.to_string()), Some(after.name.to_string()));
                }
                (None, Some(after)) => {
                    let message = format!("the root type `{}` for a {word} was added", after.name);
                    self.add(ChangeKind::RootTypeAdded, subject, message, At::New(after.name.location()));
                    self.values(None, Some(after.name.to_string()));
                }
                (Some(before), None) => {
                    let message = format!("the root type `{}` for a {word} was removed", before.name);
                    self.add(ChangeKind::RootTypeChanged, subject, message, At::Old(before.name.location()));
                    self.values(Some(before.name.to_string()), None);
                }
                _ => {}
            }
        }
        self.description(
            &Subject::Schema,
            "the schema",
            old.description.as_ref(),
            new.description.as_ref(),
            At::New(new.location()),
        );
        self.applied(
            &Subject::Schema,
            components(&old.directives),
            components(&new.directives),
            At::New(new.location()),
        );
    }

    fn types(&mut self) {
        let (old, new) = (self.old, self.new);
        let differing = new.type_names().filter(|name| !new.has_same_text(old, name));
        for after in differing.filter_map(|name| new.ty(name)) {
            let name = after.name();
            match old.ty(name) {
                Some(before) => self.ty(name, before, after),
                None => {
                    let message = format!("the {} `{name}` was added", word(after));
                    self.add(ChangeKind::TypeAdded, of_type(name), message, At::New(name.location()));
                    self.values(None, Some(word(after).to_owned()));
                }
            }
        }
        let removed = old.type_names().filter(|name| new.kind(name).is_none());
        for before in removed.filter_map(|name| old.ty(name)) {
            let name = before.name();
            let message = format!("the {} `{name}` was removed", word(before));
            self.add(ChangeKind::TypeRemoved, of_type(name), message, At::Old(name.location()));
            self.values(Some(word(before).to_owned()), None);
        }
    }

    fn ty(&mut self, name: &Name, before: &'a TypeDefinition, after: &'a TypeDefinition) {
        let at = At::New(after.name().location());
        let subject = of_type(name);
        self.description(&subject, &format!("`{name}`"), before.description(), after.description(), at);
        if word(before) != word(after) {
            let message = format!("the kind of `{name}` changed from {} to {}", word(before), word(after));
            self.add(ChangeKind::TypeKindChanged, subject, message, at);
            self.values(Some(word(before).to_owned()), Some(word(after).to_owned()));
            return;
        }
        self.applied(&subject, components(before.directives()), components(after.directives()), at);
        match (before, after) {
            (TypeDefinition::Object(before), TypeDefinition::Object(after)) => {
                self.interfaces(name, &names(&before.implements), &names(&after.implements), at);
                self.fields(name);
            }
            (TypeDefinition::Interface(before), TypeDefinition::Interface(after)) => {
                self.interfaces(name, &names(&before.implements), &names(&after.implements), at);
                self.fields(name);
            }
            (TypeDefinition::Union(before), TypeDefinition::Union(after)) => {
                let (old, new) = (names(&before.members), names(&after.members));
                for member in new.iter().filter(|member| !old.contains(member)) {
                    self.add(
                        ChangeKind::UnionMemberAdded,
                        of_type(name),
                        format!("the member `{member}` was added to `{name}`"),
                        at,
                    );
                    self.values(None, Some((*member).to_owned()));
                }
                for member in old.iter().filter(|member| !new.contains(member)) {
                    self.add(
                        ChangeKind::UnionMemberRemoved,
                        of_type(name),
                        format!("the member `{member}` was removed from `{name}`"),
                        at,
                    );
                    self.values(Some((*member).to_owned()), None);
                }
            }
            (TypeDefinition::Enum(before), TypeDefinition::Enum(after)) => {
                for (value, of) in &after.values {
                    let coordinate = attribute(name, value);
                    let at = At::New(of.value.location());
                    match before.values.get(value) {
                        None => self.add(
                            ChangeKind::EnumValueAdded,
                            coordinate,
                            format!("the value `{value}` was added to `{name}`"),
                            at,
                        ),
                        Some(old) => {
                            let shown = format!("`{coordinate}`");
                            let subject = coordinate.into();
                            self.description(&subject, &shown, old.description.as_ref(), of.description.as_ref(), at);
                            self.applied(&subject, plain(&old.directives), plain(&of.directives), at);
                        }
                    }
                }
                for (value, of) in before.values.iter().filter(|(value, _)| !after.values.contains_key(*value)) {
                    let message = format!("the value `{value}` was removed from `{name}`");
                    self.add(
                        ChangeKind::EnumValueRemoved,
                        attribute(name, value),
                        message,
                        At::Old(of.value.location()),
                    );
                }
            }
            (TypeDefinition::InputObject(before), TypeDefinition::InputObject(after)) => {
                let old: Vec<&Node<InputValueDefinition>> = before.fields.values().map(|field| &field.node).collect();
                let new: Vec<&Node<InputValueDefinition>> = after.fields.values().map(|field| &field.node).collect();
                self.inputs(&old, &new, INPUT_FIELDS, |field| attribute(name, field).into());
            }
            _ => {}
        }
    }

    fn interfaces(&mut self, name: &Name, old: &[&str], new: &[&str], at: At) {
        for interface in new.iter().filter(|interface| !old.contains(interface)) {
            // No existing client can have selected a new interface.
            let level = match self.old.types.is_known(interface) {
                true => Level::Dangerous,
                false => Level::Safe,
            };
            self.add_as(
                level,
                ChangeKind::InterfaceAdded,
                of_type(name),
                format!("`{name}` now implements `{interface}`"),
                at,
            );
            self.values(None, Some((*interface).to_owned()));
        }
        for interface in old.iter().filter(|interface| !new.contains(interface)) {
            self.add(
                ChangeKind::InterfaceRemoved,
                of_type(name),
                format!("`{name}` no longer implements `{interface}`"),
                at,
            );
            self.values(Some((*interface).to_owned()), None);
        }
    }

    /// The fields of an object or interface; those that have the same text in both are not parsed.
    fn fields(&mut self, parent: &Name) {
        let (old, new) = (self.old, self.new);
        let is_same = |name: &str| {
            let text = new.field_text(parent, name);
            text.is_some() && old.field_text(parent, name) == text
        };
        for after in new.field_names(parent).filter(|name| !is_same(name)).filter_map(|name| new.field(parent, name)) {
            let name = &after.name;
            let coordinate = attribute(parent, name);
            let at = At::New(name.location());
            let Some(before) = old.field(parent, name) else {
                let message = format!("the field `{coordinate}: {}` was added", after.ty);
                self.add(ChangeKind::FieldAdded, coordinate, message, at);
                self.values(None, Some(after.ty.to_string()));
                continue;
            };
            let is_safe = gives_no_less(&before.ty, &after.ty);
            let retyped = if is_safe { ChangeKind::FieldTypeNarrowed } else { ChangeKind::FieldTypeChanged };
            self.member(&coordinate.clone().into(), [before.into(), after.into()], ("", retyped), at);
            let old: Vec<&Node<InputValueDefinition>> = before.arguments.iter().collect();
            let new: Vec<&Node<InputValueDefinition>> = after.arguments.iter().collect();
            self.inputs(&old, &new, ARGUMENTS, |argument| coordinate.with_argument(argument.clone()).into());
        }
        let removed = old.field_names(parent).filter(|name| !new.has_field(parent, name));
        for before in removed.filter_map(|name| old.field(parent, name)) {
            let coordinate = attribute(parent, &before.name);
            let message = format!("the field `{coordinate}` was removed");
            self.add(ChangeKind::FieldRemoved, coordinate, message, At::Old(before.name.location()));
            self.values(Some(before.ty.to_string()), None);
        }
    }

    fn inputs(
        &mut self,
        old: &[&'a Node<InputValueDefinition>],
        new: &[&'a Node<InputValueDefinition>],
        words: Words,
        coordinate: impl Fn(&Name) -> SchemaCoordinate,
    ) {
        let what = words.what;
        for after in new {
            let coordinate = coordinate(&after.name);
            let at = At::New(after.name.location());
            let Some(before) = old.iter().find(|before| before.name == after.name) else {
                let kind = match (after.is_required(), &after.default_value) {
                    (true, _) => words.required_added,
                    (false, Some(_)) => words.defaulted_added,
                    (false, None) => words.optional_added,
                };
                let message = format!("the {what} `{coordinate}` of type `{}` was added", after.ty);
                self.add(kind, coordinate, message, at);
                self.values(None, Some(after.ty.to_string()));
                continue;
            };
            let retyped = if takes_no_less(&before.ty, &after.ty) { words.widened } else { words.changed };
            let members = [(*before).into(), (*after).into()];
            self.member(&coordinate.clone().into(), members, (&format!("the {what} "), retyped), at);
            if before.default_value.as_deref().map(canonical) != after.default_value.as_deref().map(canonical) {
                let text =
                    |value: &Option<Node<Value>>| value.as_ref().map(|value| value.serialize().no_indent().to_string());
                let (from, to) = (text(&before.default_value), text(&after.default_value));
                let shown =
                    |value: &Option<String>| value.as_ref().map_or("nothing".to_owned(), |value| format!("`{value}`"));
                let message =
                    format!("the default of the {what} `{coordinate}` changed from {} to {}", shown(&from), shown(&to));
                self.add(words.default_changed, coordinate, message, at);
                self.values(from, to);
            }
        }
        for before in old.iter().filter(|before| !new.iter().any(|after| after.name == before.name)) {
            let coordinate = coordinate(&before.name);
            let message = format!("the {what} `{coordinate}` was removed");
            self.add(words.removed, coordinate, message, At::Old(before.name.location()));
            self.values(Some(before.ty.to_string()), None);
        }
    }

    /// Compares a member that both schemas have. The words before its coordinate are those of a change of its type, as
    /// is the kind.
    fn member(
        &mut self,
        subject: &Subject,
        [before, after]: [Member<'_>; 2],
        (what, retyped): (&str, ChangeKind),
        at: At,
    ) {
        self.description(subject, &format!("`{subject}`"), before.description, after.description, at);
        self.applied(subject, plain(before.directives), plain(after.directives), at);
        if before.ty != after.ty {
            let message = format!("the type of {what}`{subject}` changed from `{}` to `{}`", before.ty, after.ty);
            self.add(retyped, subject.clone(), message, at);
            self.values(Some(before.ty.to_string()), Some(after.ty.to_string()));
        }
    }

    fn directives(&mut self) {
        let (old, new) = (self.old, self.new);
        for after in new.directive_names().filter_map(|name| new.directive(name)) {
            let name = &after.name;
            match old.directive(name) {
                Some(before) => self.directive(name, before, after),
                None if after.location().is_none() => {}
                None => {
                    let message = format!("the directive `@{name}` was added");
                    self.add(ChangeKind::DirectiveAdded, of_directive(name), message, At::New(after.name.location()));
                }
            }
        }
        let removed = old.directive_names().filter(|name| new.directive(name).is_none());
        for before in removed.filter_map(|name| old.directive(name)) {
            let name = &before.name;
            let message = format!("the directive `@{name}` was removed");
            self.add(ChangeKind::DirectiveRemoved, of_directive(name), message, At::Old(before.name.location()));
        }
    }

    fn directive(&mut self, name: &Name, before: &'a Node<DirectiveDefinition>, after: &'a Node<DirectiveDefinition>) {
        let coordinate = DirectiveCoordinate { directive: name.clone() };
        let subject = of_directive(name);
        let at = At::New(after.name.location());
        let (from, to) = (before.description.as_ref(), after.description.as_ref());
        self.description(&subject, &format!("`{coordinate}`"), from, to, at);
        if before.repeatable != after.repeatable {
            let (kind, word) = match after.repeatable {
                true => (ChangeKind::DirectiveRepeatableAdded, "is now repeatable"),
                false => (ChangeKind::DirectiveRepeatableRemoved, "is no longer repeatable"),
            };
            self.add(kind, subject.clone(), format!("`{coordinate}` {word}"), at);
        }
        for location in after.locations.iter().filter(|one| !before.locations.contains(one)) {
            self.add(
                ChangeKind::DirectiveLocationAdded,
                subject.clone(),
                format!("`{coordinate}` can now be used on {location}"),
                at,
            );
            self.values(None, Some(location.to_string()));
        }
        for location in before.locations.iter().filter(|one| !after.locations.contains(one)) {
            let message = format!("`{coordinate}` can no longer be used on {location}");
            // A directive that only schemas use affects no operation.
            let level = if is_executable(*location) { Level::Breaking } else { Level::Dangerous };
            self.add_as(level, ChangeKind::DirectiveLocationRemoved, subject.clone(), message, at);
            self.values(Some(location.to_string()), None);
        }
        let old: Vec<&Node<InputValueDefinition>> = before.arguments.iter().collect();
        let new: Vec<&Node<InputValueDefinition>> = after.arguments.iter().collect();
        self.inputs(&old, &new, DIRECTIVE_ARGUMENTS, |argument| coordinate.with_argument(argument.clone()).into());
    }

    fn description(&mut self, subject: &Subject, what: &str, old: Option<&Node<str>>, new: Option<&Node<str>>, at: At) {
        let text = |one: Option<&Node<str>>| one.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let word = match (text(old), text(new)) {
            (old, new) if old == new => return,
            (None, _) => "now has a description",
            (_, None) => "no longer has a description",
            _ => "has a new description",
        };
        self.add(ChangeKind::DescriptionChanged, subject.clone(), format!("{what} {word}"), at);
        self.values(text(old), text(new));
    }

    /// Compares directives on a definition. Directives of the specification have kinds of their own.
    fn applied(&mut self, subject: &Subject, old: Vec<&Directive>, new: Vec<&Directive>, at: At) {
        let reason = |list: &[&Directive]| {
            let deprecated = list.iter().find(|one| one.name == "deprecated")?;
            Some(deprecation_reason(deprecated).to_owned())
        };
        let (before, after) = (reason(&old), reason(&new));
        if before != after {
            let (kind, message) = match (&before, &after) {
                (None, Some(reason)) => (ChangeKind::Deprecated, format!("`{subject}` is deprecated: {reason}")),
                (Some(_), Some(reason)) => (
                    ChangeKind::DeprecationReasonChanged,
                    format!("the deprecation reason of `{subject}` changed: {reason}"),
                ),
                (_, None) => (ChangeKind::DeprecationRemoved, format!("`{subject}` is no longer deprecated")),
            };
            self.add(kind, subject.clone(), message, at);
            self.values(before, after);
        }
        let has = |list: &[&Directive], name: &str| list.iter().any(|one| one.name == name);
        match (has(&old, "oneOf"), has(&new, "oneOf")) {
            (false, true) => self.add(
                ChangeKind::OneOfAdded,
                subject.clone(),
                format!("`{subject}` now accepts exactly one of its fields"),
                at,
            ),
            (true, false) => self.add(
                ChangeKind::OneOfRemoved,
                subject.clone(),
                format!("`{subject}` now accepts any of its fields"),
                at,
            ),
            _ => {}
        }
        let others = |list: &[&Directive]| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for one in list.iter().filter(|one| !matches!(one.name.as_str(), "deprecated" | "oneOf")) {
                *counts.entry(one.serialize().no_indent().to_string()).or_default() += 1;
            }
            counts
        };
        let (before, after) = (others(&old), others(&new));
        for (directive, count) in &after {
            if before.get(directive).is_none_or(|known| known < count) {
                self.add(kind_of(directive), subject.clone(), format!("`{subject}` now has `{directive}`"), at);
                self.values(None, Some(directive.clone()));
            }
        }
        for (directive, count) in &before {
            if after.get(directive).is_none_or(|known| known < count) {
                self.add(kind_of(directive), subject.clone(), format!("`{subject}` no longer has `{directive}`"), at);
                self.values(Some(directive.clone()), None);
            }
        }
    }
}

fn of_type(name: &Name) -> Subject {
    TypeCoordinate { ty: name.clone() }.into()
}

fn of_directive(name: &Name) -> Subject {
    DirectiveCoordinate { directive: name.clone() }.into()
}

fn attribute(parent: &Name, name: &Name) -> TypeAttributeCoordinate {
    TypeAttributeCoordinate { ty: parent.clone(), attribute: name.clone() }
}

/// Returns the kind of change of a directive on a definition.
fn kind_of(directive: &str) -> ChangeKind {
    if directive.starts_with("@specifiedBy") {
        ChangeKind::SpecifiedByChanged
    } else {
        ChangeKind::AppliedDirectiveChanged
    }
}

fn components(list: &apollo_compiler::schema::DirectiveList) -> Vec<&Directive> {
    list.iter().map(|one| &*one.node).collect()
}

fn plain(list: &DirectiveList) -> Vec<&Directive> {
    list.iter().map(|one| &**one).collect()
}

fn names<'n>(list: impl IntoIterator<Item = &'n apollo_compiler::schema::ComponentName>) -> Vec<&'n str> {
    list.into_iter().map(|one| one.name.as_str()).collect()
}

fn word(ty: &TypeDefinition) -> &'static str {
    match ty {
        TypeDefinition::Scalar(_) => "scalar",
        TypeDefinition::Object(_) => "object type",
        TypeDefinition::Interface(_) => "interface",
        TypeDefinition::Union(_) => "union",
        TypeDefinition::Enum(_) => "enum",
        TypeDefinition::InputObject(_) => "input object",
    }
}

fn is_executable(location: DirectiveLocation) -> bool {
    use DirectiveLocation::{
        Field, FragmentDefinition, FragmentSpread, InlineFragment, Mutation, Query, Subscription, VariableDefinition,
    };
    matches!(
        location,
        Query
            | Mutation
            | Subscription
            | Field
            | FragmentDefinition
            | FragmentSpread
            | InlineFragment
            | VariableDefinition
    )
}

/// Returns true if every value of the new type is also a value of the old type.
fn gives_no_less(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::Named(old), Type::Named(new) | Type::NonNullNamed(new)) => old == new,
        (Type::NonNullNamed(old), Type::NonNullNamed(new)) => old == new,
        (Type::List(old), Type::List(new) | Type::NonNullList(new)) => gives_no_less(old, new),
        (Type::NonNullList(old), Type::NonNullList(new)) => gives_no_less(old, new),
        _ => false,
    }
}

/// Returns true if the new type accepts every value of the old type.
fn takes_no_less(old: &Type, new: &Type) -> bool {
    match (old, new) {
        (Type::NonNullNamed(old), Type::Named(new) | Type::NonNullNamed(new)) => old == new,
        (Type::Named(old), Type::Named(new)) => old == new,
        (Type::NonNullList(old), Type::List(new) | Type::NonNullList(new)) => takes_no_less(old, new),
        (Type::List(old), Type::List(new)) => takes_no_less(old, new),
        _ => false,
    }
}

/// Returns the canonical text of a value, independent of the order of fields.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut all: Vec<String> =
                fields.iter().map(|(name, field)| format!("{name}:{}", canonical(field))).collect();
            all.sort();
            format!("{{{}}}", all.join(","))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| canonical(item)).collect::<Vec<_>>().join(","))
        }
        other => other.serialize().no_indent().to_string(),
    }
}
