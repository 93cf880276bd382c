//! What each public name of generated code stands for, so that two outputs can be compared: after a safe change, a
//! name means what it meant before, or is gone.

use graphwright_codegen::ir::{Definition, InputField, Members, Module, Payload, Shape, ShapeRef, Ty};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The meanings of Rust paths.
type Meanings = BTreeMap<String, Meaning>;

/// What a path stands for.
#[derive(Debug, PartialEq)]
struct Meaning {
    text: String,
    /// What else it must go on to have; it may have more.
    holds: BTreeSet<String>,
}

/// How the names of two outputs compare.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Names that mean something else: what they meant, and what they mean.
    pub changed: Vec<String>,
    /// How many are gone.
    pub gone: usize,
    /// How many kept their meaning.
    pub kept: usize,
}

/// Compares the names of an output with those of an earlier one.
pub fn compare(old: &Module, new: &Module) -> Comparison {
    let (old, new) = (meanings(old), meanings(new));
    let mut comparison = Comparison::default();
    for (path, before) in old {
        match new.get(&path) {
            None => comparison.gone += 1,
            Some(after) if after.text == before.text && after.holds.is_superset(&before.holds) => comparison.kept += 1,
            Some(after) => comparison.changed.push(format!("{path} was {before} and is {after}")),
        }
    }
    comparison
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holds: Vec<&str> = self.holds.iter().map(String::as_str).collect();
        write!(f, "{}", self.text)?;
        if holds.is_empty() { Ok(()) } else { write!(f, " with {}", holds.join(", ")) }
    }
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
    fn add(&mut self, path: String, text: String) {
        self.all.insert(path, Meaning { text, holds: BTreeSet::new() });
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
        for (variant, payload) in
            arms.arms.iter().map(|arm| (arm.variant.as_str(), &arm.payload)).chain([("Other", &arms.other)])
        {
            // A type that gains an interface gains what is selected for it.
            let members = payload.members();
            let keys = members.fields.iter().map(|field| field.key.clone());
            let fragments = members.spreads.iter().map(|spread| self.module.fragments[spread.fragment].graphql.clone());
            let meaning = Meaning { text: format!("a variant of {place}"), holds: keys.chain(fragments).collect() };
            self.all.insert(format!("{path}::{variant}"), meaning);
            if let Payload::Struct { name, members, .. } = payload {
                let path = format!("{module}::{name}");
                self.add(path.clone(), format!("a variant of {place}"));
                self.members(&path, place, members, open);
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
