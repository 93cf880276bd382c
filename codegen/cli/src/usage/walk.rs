//! The parts of a schema that one operation uses.

use crate::query::{Documents, FragmentId, Selected, SelectedField, SelectionSet};
use crate::schema::{Schema, TypeDefinition};
use crate::source::Span;
use apollo_compiler::ast::{Argument, InputValueDefinition, OperationDefinition, Type, Value};
use apollo_compiler::coordinate::{SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate};
use apollo_compiler::{Name, Node};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Parts of a schema with the spans of their uses.
pub(super) type Found = HashMap<SchemaCoordinate, BTreeSet<Span>>;

/// Collects the elements that one operation uses.
pub(super) struct Walk<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    /// The elements written in the operation and its fragments.
    pub written: Found,
    /// The elements that variables may use.
    pub brought: Found,
    pub depth: usize,
    /// Visited fragments, each with its depth; visiting them at a lower depth finds nothing new.
    seen: HashSet<(FragmentId, usize)>,
}

impl<'a> Walk<'a> {
    pub fn of(schema: &'a Schema, documents: &'a Documents, operation: &'a Node<OperationDefinition>) -> Self {
        let (written, brought) = (Found::new(), Found::new());
        let mut walk = Self { schema, documents, written, brought, depth: 0, seen: HashSet::new() };
        walk.operation(operation);
        walk
    }

    fn operation(&mut self, operation: &'a Node<OperationDefinition>) {
        for variable in &operation.variables {
            self.ty(variable.ty.inner_named_type());
            if let Some(default) = &variable.default_value {
                self.value(default, &variable.ty, self.place(&variable.name));
            }
        }
        let set = SelectionSet::of_operation(self.schema, operation);
        set.parent.into_iter().for_each(|root| self.ty(root));
        self.set(set);
    }

    fn place(&self, name: &Name) -> Option<Span> {
        self.documents.places.span(name.location())
    }

    fn found(&mut self, coordinate: impl Into<SchemaCoordinate>, place: Option<Span>) {
        self.written.entry(coordinate.into()).or_default().extend(place);
    }

    /// Records a type. Types cannot be deprecated, so no span is needed.
    fn ty(&mut self, name: &Name) {
        self.found(TypeCoordinate { ty: name.clone() }, None);
    }

    fn set(&mut self, set: SelectionSet<'a>) {
        // A chain of fragments can be longer than the stack allows.
        let mut open = vec![(set.members(), 0)];
        while let Some((rest, depth)) = open.last_mut() {
            let depth = *depth;
            self.depth = self.depth.max(depth);
            match rest.next() {
                None => {
                    open.pop();
                }
                Some(Selected::Field(selected)) => {
                    let SelectedField { field, parent } = selected;
                    let Some((parent, of)) = parent.zip(selected.definition(self.schema)) else { continue };
                    if !field.name.starts_with("__") {
                        let coordinate = TypeAttributeCoordinate { ty: parent.clone(), attribute: field.name.clone() };
                        self.ty(of.ty.inner_named_type());
                        self.arguments(&coordinate, &field.arguments, &of.arguments);
                        self.found(coordinate, self.place(&field.name));
                    }
                    open.push((selected.below(Some(of)).members(), depth + 1));
                }
                Some(Selected::Inline { below, .. }) => {
                    below.parent.into_iter().for_each(|parent| self.ty(parent));
                    open.push((below.members(), depth));
                }
                Some(Selected::Spread(spread)) => {
                    let Ok(id) = self.documents.resolve(spread) else { continue };
                    /// The maximum depth, which ends recursive fragments.
                    const MOST: usize = 100;
                    if depth < MOST && self.seen.insert((id, depth)) {
                        let fragment = &self.documents.fragment(id).definition;
                        self.ty(&fragment.type_condition);
                        open.push((SelectionSet::of_fragment(fragment).members(), depth));
                    }
                }
            }
        }
    }

    fn arguments(
        &mut self,
        field: &TypeAttributeCoordinate,
        given: &'a [Node<Argument>],
        of: &'a [Node<InputValueDefinition>],
    ) {
        for argument in given {
            if let Some(of) = of.iter().find(|of| of.name == argument.name) {
                let place = self.place(&argument.name);
                self.found(field.clone().with_argument(argument.name.clone()), place);
                self.ty(of.ty.inner_named_type());
                self.value(&argument.value, &of.ty, place);
            }
        }
    }

    /// Records a value with its type and span; for a variable, everything in its input object can be sent.
    fn value(&mut self, value: &'a Value, ty: &'a Type, place: Option<Span>) {
        let name = ty.inner_named_type();
        match (value, self.schema.ty(name)) {
            (Value::Variable(_), Some(TypeDefinition::InputObject(_))) => self.whole(name, place),
            (Value::List(items), _) => items.iter().for_each(|item| self.value(item, ty, place)),
            (Value::Object(fields), Some(TypeDefinition::InputObject(input))) => {
                self.ty(name);
                for (field, value) in fields {
                    if let Some(of) = input.fields.get(field) {
                        let place = self.place(field);
                        self.found(TypeAttributeCoordinate { ty: name.clone(), attribute: field.clone() }, place);
                        self.ty(of.ty.inner_named_type());
                        self.value(value, &of.ty, place);
                    }
                }
            }
            (Value::Enum(value), Some(TypeDefinition::Enum(_))) => {
                let place = self.place(value);
                self.found(TypeAttributeCoordinate { ty: name.clone(), attribute: value.clone() }, place);
            }
            _ => {}
        }
    }

    /// Records an input object that a variable contains.
    fn whole(&mut self, name: &'a Name, place: Option<Span>) {
        let mut seen = HashSet::from([name]);
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            let Some(input) = self.schema.input(name) else { continue };
            for (field, of) in &input.fields {
                let inner = of.ty.inner_named_type();
                let coordinate = TypeAttributeCoordinate { ty: name.clone(), attribute: field.clone() };
                self.brought.entry(coordinate.into()).or_default().extend(place);
                self.brought.entry(TypeCoordinate { ty: inner.clone() }.into()).or_default();
                if seen.insert(inner) {
                    open.push(inner);
                }
            }
        }
    }
}
