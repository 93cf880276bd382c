//! Fields of one response key must be one field (5.3.2, Field Selection Merging).
//!
//! Every selection set of the file is taken with all that its fragments add to it, and the fields of
//! each response key are compared with each other, and what is selected below them in turn. Each
//! pair is compared once.

use super::{FragmentId, Rules, SAME_RESPONSE_SHAPE};
use crate::diagnostic::Diagnostic;
use crate::print::{Owner, owner};
use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, Definition, Field, FragmentDefinition, Selection, Type, Value};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A field, and what it is written against.
#[derive(Clone, Copy)]
struct Selected<'a> {
    field: &'a Node<Field>,
    /// The type it is selected from, if that is known.
    parent: Option<&'a str>,
    ty: Option<&'a Type>,
    /// The file that spreads below it are resolved from.
    file: usize,
}

/// The fields of a selection set by response key, those of its fragments too.
type Keys<'a> = Rc<IndexMap<&'a str, Vec<Selected<'a>>>>;

#[derive(Default)]
struct Merging<'a> {
    known: HashMap<Owner, Keys<'a>>,
    /// Pairs that were compared, and whether their parents exclude each other.
    compared: HashSet<(Owner, Owner, bool)>,
}

impl<'a> Rules<'a> {
    /// `overlapping-fields-can-be-merged`, `same-response-shape`.
    pub(super) fn merging(&mut self) {
        let mut merging = Merging::default();
        for definition in &self.documents.files[self.file].ast.definitions {
            let (selections, parent, owner) = match definition {
                Definition::OperationDefinition(operation) => {
                    let root = self.schema.definitions().root_operation(operation.operation_type);
                    (&operation.selection_set, root.map(|name| name.as_str()), owner(operation))
                }
                Definition::FragmentDefinition(fragment) => {
                    (&fragment.selection_set, Some(fragment.type_condition.as_str()), owner(fragment))
                }
                _ => continue,
            };
            self.within(&mut merging, owner, selections, parent, self.file);
        }
    }

    /// The same, in the selection set of one fragment.
    pub(super) fn merging_in(&mut self, fragment: &'a Node<FragmentDefinition>) {
        let condition = Some(fragment.type_condition.as_str());
        self.within(&mut Merging::default(), owner(fragment), &fragment.selection_set, condition, self.file);
    }

    /// Compares the fields of one selection set, and then those of the sets below it.
    fn within(
        &mut self,
        merging: &mut Merging<'a>,
        owner_of_set: Owner,
        selections: &'a [Selection],
        parent: Option<&'a str>,
        file: usize,
    ) {
        let keys = self.keys(merging, owner_of_set, selections, parent, file);
        for fields in keys.values() {
            for (at, right) in fields.iter().enumerate() {
                for left in &fields[..at] {
                    self.compare(merging, *left, *right, false, &mut Vec::new());
                }
            }
        }
        self.below(merging, selections, parent, file);
    }

    fn below(&mut self, merging: &mut Merging<'a>, selections: &'a [Selection], parent: Option<&'a str>, file: usize) {
        for selection in selections {
            match selection {
                Selection::Field(field) if !field.selection_set.is_empty() => {
                    let definition = parent.and_then(|parent| self.schema.field(parent, &field.name));
                    let below = definition.map(|definition| definition.ty.inner_named_type().as_str());
                    self.within(merging, owner(field), &field.selection_set, below, file);
                }
                Selection::InlineFragment(inline) => {
                    let below = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    self.below(merging, &inline.selection_set, below, file);
                }
                Selection::Field(_) | Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// The fields of a selection set by response key.
    fn keys(
        &self,
        merging: &mut Merging<'a>,
        owner: Owner,
        selections: &'a [Selection],
        parent: Option<&'a str>,
        file: usize,
    ) -> Keys<'a> {
        if let Some(known) = merging.known.get(&owner) {
            return known.clone();
        }
        let mut keys = IndexMap::new();
        self.collect(selections, parent, file, &mut HashSet::new(), &mut keys);
        let keys = Rc::new(keys);
        merging.known.insert(owner, keys.clone());
        keys
    }

    fn collect(
        &self,
        selections: &'a [Selection],
        parent: Option<&'a str>,
        file: usize,
        seen: &mut HashSet<FragmentId>,
        keys: &mut IndexMap<&'a str, Vec<Selected<'a>>>,
    ) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let definition = parent.and_then(|parent| self.schema.field(parent, &field.name));
                    let selected = Selected { field, parent, ty: definition.map(|definition| &definition.ty), file };
                    let same = keys.entry(field.response_name().as_str()).or_default();
                    // A leaf that is there already adds nothing to compare.
                    let is_copy = |other: &Selected<'a>| {
                        other.parent == parent
                            && other.field.name == field.name
                            && other.field.arguments == field.arguments
                            && field.selection_set.is_empty()
                            && other.field.selection_set.is_empty()
                    };
                    if !same.iter().any(is_copy) {
                        same.push(selected);
                    }
                }
                Selection::InlineFragment(inline) => {
                    let below = inline.type_condition.as_ref().map(|name| name.as_str()).or(parent);
                    self.collect(&inline.selection_set, below, file, seen, keys);
                }
                Selection::FragmentSpread(spread) => {
                    let Ok(id) = self.documents.resolve(self.sources, file, &spread.fragment_name) else { continue };
                    if seen.insert(id) {
                        let fragment = self.documents.fragment(id);
                        let definition = &fragment.definition;
                        let parent = Some(definition.type_condition.as_str());
                        self.collect(&definition.selection_set, parent, fragment.file, seen, keys);
                    }
                }
            }
        }
    }

    /// Compares two fields of one response key; `above` are the pairs of fields that they are below.
    fn compare(
        &mut self,
        merging: &mut Merging<'a>,
        left: Selected<'a>,
        right: Selected<'a>,
        exclusive: bool,
        above: &mut Vec<(Selected<'a>, Selected<'a>)>,
    ) {
        let pair = (owner(left.field), owner(right.field));
        let exclusive = exclusive || self.exclude_each_other(left.parent, right.parent);
        let ordered = if pair.0 <= pair.1 { pair } else { (pair.1, pair.0) };
        // What holds for fields that are both there holds for those that exclude each other too.
        let known = |exclusive| merging.compared.contains(&(ordered.0, ordered.1, exclusive));
        if pair.0 == pair.1 || known(false) || (exclusive && known(true)) {
            return;
        }
        merging.compared.insert((ordered.0, ordered.1, exclusive));
        if !exclusive && left.field.name != right.field.name {
            let (one, other) = (&left.field.name, &right.field.name);
            let message = format!("`{}` cannot be both `{one}` and `{other}`", right.field.response_name());
            self.conflict("overlapping-fields-can-be-merged", message, left, right, above);
            return;
        }
        if !exclusive && !same_arguments(&left.field.arguments, &right.field.arguments) {
            let message = format!("`{}` is selected with different arguments", right.field.response_name());
            self.conflict("overlapping-fields-can-be-merged", message, left, right, above);
            return;
        }
        if let (Some(one), Some(other)) = (left.ty, right.ty)
            && !self.same_shape(one, other)
        {
            let message = format!("`{}` cannot be of both types `{one}` and `{other}`", right.field.response_name());
            self.conflict(SAME_RESPONSE_SHAPE, message, left, right, above);
            return;
        }
        let below = |rules: &Self, merging: &mut Merging<'a>, one: Selected<'a>| {
            let parent = one.ty.map(|ty| ty.inner_named_type().as_str());
            rules.keys(merging, owner(one.field), &one.field.selection_set, parent, one.file)
        };
        let (lefts, rights) = (below(self, merging, left), below(self, merging, right));
        above.push((left, right));
        for (key, lefts) in lefts.iter() {
            for right in rights.get(key).into_iter().flatten() {
                for left in lefts {
                    self.compare(merging, *left, *right, exclusive, above);
                }
            }
        }
        above.pop();
    }

    /// True if no object is of both types: both are object types, and different ones.
    fn exclude_each_other(&self, left: Option<&str>, right: Option<&str>) -> bool {
        let (Some(left), Some(right)) = (left, right) else { return false };
        let is_object = |name: &str| self.schema.definitions().get_object(name).is_some();
        left != right && is_object(left) && is_object(right)
    }

    /// SameResponseShape (5.3.2) of the types themselves.
    fn same_shape(&self, left: &Type, right: &Type) -> bool {
        match (left, right) {
            (Type::NonNullList(left), Type::NonNullList(right)) | (Type::List(left), Type::List(right)) => {
                self.same_shape(left, right)
            }
            (Type::NonNullNamed(left), Type::NonNullNamed(right)) | (Type::Named(left), Type::Named(right)) => {
                left == right || (self.schema.is_composite(left) && self.schema.is_composite(right))
            }
            _ => false,
        }
    }

    fn conflict(
        &mut self,
        rule: &'static str,
        message: String,
        left: Selected<'a>,
        right: Selected<'a>,
        above: &[(Selected<'a>, Selected<'a>)],
    ) {
        let place = |rules: &Self, one: Selected<'a>| rules.name(one.field.response_name());
        let (first, second) = (place(self, left), place(self, right));
        let mut diagnostic = Diagnostic::error(rule, message).at(second, "").also(first, "the other one");
        for (left, right) in above {
            let why = format!("these merge: both are `{}`", left.field.response_name());
            diagnostic = diagnostic.also(place(self, *left), why).also(place(self, *right), "");
        }
        self.found.push(if rule == SAME_RESPONSE_SHAPE {
            diagnostic.help("give one of them an alias; `same_response_shape = \"warn\"` lets it pass")
        } else {
            diagnostic.help("give one of them an alias")
        });
    }
}

/// The same arguments with the same values, in any order.
fn same_arguments(left: &[Node<Argument>], right: &[Node<Argument>]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .all(|one| right.iter().any(|other| other.name == one.name && same_value(&other.value, &one.value)))
}

/// The same value; the order of an object's fields does not matter.
fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.iter().any(|(other, same)| other == name && same_value(value, same)))
        }
        (left, right) => left == right,
    }
}
