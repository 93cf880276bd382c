//! What each public name of generated code stands for, so that two outputs can be compared: after a safe change, a
//! name means what it meant before, or is gone.

use graphwright_codegen::ir::{Definition, InputField, Members, Module, Payload, Shape, ShapeRef, Ty};
use std::collections::BTreeMap;

/// The meanings of Rust paths.
type Meanings = BTreeMap<String, String>;

/// How the names of two outputs compare.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Names that mean something else: what they meant, and what they mean.
    pub changed: Vec<String>,
    /// Names that are gone.
    pub gone: Vec<String>,
    /// How many kept their meaning.
    pub kept: usize,
}

/// Compares the names of an output with those of an earlier one.
pub fn compare(old: &Module, new: &Module) -> Comparison {
    let (old, new) = (meanings(old), meanings(new));
    let mut comparison = Comparison::default();
    for (path, before) in old {
        match new.get(&path) {
            None => comparison.gone.push(format!("{path} ({before})")),
            Some(after) if *after == before => comparison.kept += 1,
            Some(after) => comparison.changed.push(format!("{path} was {before} and is {after}")),
        }
    }
    comparison
}

fn meanings(module: &Module) -> Meanings {
    let mut names = Names { module, all: Meanings::new() };
    for one in &module.enums {
        let path = format!("types::{}", one.name);
        names.add(path.clone(), format!("the enum {}", one.graphql));
        names.add(format!("{path}::{}", one.unknown), "any other value".to_owned());
        for value in &one.values {
            names.add(format!("{path}::{}", value.name), format!("the value {}", value.graphql));
        }
    }
    for one in &module.inputs {
        let path = format!("types::{}", one.name);
        names.add(path.clone(), format!("the input {}", one.graphql));
        names.inputs(&path, &one.fields);
    }
    for one in &module.scalars {
        names.add(format!("types::{}", one.name), format!("the scalar {}", one.graphql));
    }
    for document in &module.documents {
        for operation in &document.operations {
            let path = format!("{}::{}", document.module, operation.data.name);
            let (kind, name) = (operation.kind, &operation.name);
            names.add(path.clone(), format!("{kind:?} {name:?} of {}", document.source));
            names.inputs(&path, &operation.variables);
            names.definition(&document.module, &operation.data);
        }
    }
    for fragment in &module.fragments {
        names.add(format!("fragments::{}", fragment.name), format!("the fragment {}", fragment.graphql));
        names.definition("fragments", fragment);
    }
    names.all
}

struct Names<'a> {
    module: &'a Module,
    all: Meanings,
}

impl Names<'_> {
    fn add(&mut self, path: String, meaning: String) {
        self.all.insert(path, meaning);
    }

    fn inputs(&mut self, path: &str, fields: &[InputField]) {
        for field in fields {
            self.add(format!("{path}.{}", field.name), format!("the input {}", field.graphql));
            self.add(format!("{path}::{}()", field.setter), format!("the input {}", field.graphql));
        }
    }

    fn definition(&mut self, module: &str, definition: &Definition) {
        // A name stands for a place in the response, whatever else the type is called.
        let mut open = vec![(definition.root, "the data".to_owned())];
        let mut seen = Vec::new();
        let module = format!("{module}::{}", definition.module);
        while let Some((at, place)) = open.pop() {
            let ShapeRef::Local(index) = at else { continue };
            if seen.contains(&index) {
                continue;
            }
            seen.push(index);
            let shape = &definition.shapes[index];
            let path = format!("{module}::{}", shape.name);
            self.add(path.clone(), place.clone());
            self.members(&path, &place, &shape.members, &mut open);
            self.variants(&module, &place, shape, &mut open);
        }
    }

    fn variants(&mut self, module: &str, place: &str, shape: &Shape, open: &mut Vec<(ShapeRef, String)>) {
        let Some(arms) = &shape.arms else { return };
        let path = format!("{module}::{}", arms.name);
        self.add(path.clone(), format!("what depends on the type of {place}"));
        for (variant, payload) in arms.arms.iter().map(|arm| (arm.variant.as_str(), &arm.payload)).chain([("Other", &arms.other)]) {
            // Which types are in a group may change with the schema; what the group selects may not.
            let members = payload.members();
            let mut keys: Vec<&str> = members.fields.iter().map(|field| field.key.as_str()).collect();
            keys.extend(members.spreads.iter().map(|spread| self.module.fragments[spread.fragment].graphql.as_str()));
            keys.sort_unstable();
            let selected = format!("{variant} of {place}, with {}", keys.join(" "));
            self.add(format!("{path}::{variant}"), selected);
            if let Payload::Struct { name, members, .. } = payload {
                let path = format!("{module}::{name}");
                self.add(path.clone(), format!("{variant} of {place}"));
                self.members(&path, &format!("{variant} of {place}"), members, open);
            }
        }
    }

    fn members(&mut self, path: &str, place: &str, members: &Members, open: &mut Vec<(ShapeRef, String)>) {
        for field in &members.fields {
            self.add(format!("{path}.{}", field.name), format!("the key {}", field.key));
            if let Some(shape) = shape_of(&field.ty) {
                open.push((shape, format!("{} of {place}", field.key)));
            }
        }
        for spread in &members.spreads {
            let fragment = &self.module.fragments[spread.fragment].graphql;
            self.add(format!("{path}.{}", spread.name), format!("the fragment {fragment}"));
        }
    }
}

fn shape_of(ty: &Ty) -> Option<ShapeRef> {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => shape_of(inner),
        Ty::Leaf(_) => None,
        Ty::Shape(shape) => Some(*shape),
    }
}
