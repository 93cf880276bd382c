//! Valid, unique, idiomatic Rust names for any GraphQL name.

use super::{Arms, Definition, Field, Members, Payload, ShapeRef, Ty};
use crate::rust_name::{field_name, type_name};
use std::collections::HashSet;

/// Hands out names of one scope, each once.
#[derive(Debug, Default)]
pub struct Scope {
    used: HashSet<String>,
}

impl Scope {
    /// A scope in which some names are already taken.
    pub fn with(reserved: &[&str]) -> Self {
        Self { used: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The name, or the name with the first free number behind it.
    pub fn take(&mut self, wanted: String) -> String {
        if self.used.insert(wanted.clone()) {
            return wanted;
        }
        let separator =
            if wanted.ends_with(|last: char| last.is_ascii_digit()) || is_snake(&wanted) { "_" } else { "" };
        let mut number = 2_u32;
        loop {
            let candidate = format!("{wanted}{separator}{number}");
            if self.used.insert(candidate.clone()) {
                return candidate;
            }
            number += 1;
        }
    }
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|first: char| first.is_lowercase() || first == '_')
}

/// Names every shape that the root of a definition reaches, by its path, and every member.
///
/// `root` is the name of the root shape. Below a fragment and an operation alike, the path starts
/// anew: `customers { nodes { id } }` gives `Customers` and `CustomersNodes`.
///
/// Returns the names that the user wants and that something else has already.
pub fn name_definition(definition: &mut Definition, root: &str, fragment_names: &[String]) -> Vec<String> {
    let mut namer = Namer { definition, types: Scope::with(&[root]), fragment_names, clashes: Vec::new() };
    if let ShapeRef::Local(index) = namer.definition.root {
        namer.shape(index, root.to_owned(), "");
    }
    namer.clashes
}

/// A name that the user wants, noted if it is not to be had.
pub fn take_wanted(scope: &mut Scope, wanted: &str, clashes: &mut Vec<String>) -> String {
    let name = scope.take(wanted.to_owned());
    if name != wanted {
        clashes.push(wanted.to_owned());
    }
    name
}

struct Namer<'a> {
    definition: &'a mut Definition,
    types: Scope,
    fragment_names: &'a [String],
    clashes: Vec<String>,
}

impl Namer<'_> {
    /// Names a shape and everything below it; `prefix` begins the names of what is below.
    fn shape(&mut self, index: usize, name: String, prefix: &str) {
        let mut shape = self.definition.shapes[index].clone();
        shape.name = name.clone();
        let mut fields = Scope::default();
        self.members(&mut shape.members, prefix, &mut fields);
        if let Some(arms) = &mut shape.arms {
            arms.field = fields.take("on".to_owned());
            arms.name = if arms.alone { name } else { self.types.take(format!("{}On", shape.name)) };
            self.arms(arms, prefix);
        }
        self.definition.shapes[index] = shape;
    }

    fn arms(&mut self, arms: &mut Arms, prefix: &str) {
        let mut variants = Scope::with(&["Other"]);
        for arm in &mut arms.arms {
            arm.variant = variants.take(type_name(&arm.variant));
            let name = arm.variant.clone();
            self.payload(&mut arm.payload, &format!("{prefix}{name}"));
        }
        self.payload(&mut arms.other, &format!("{prefix}Other"));
    }

    fn payload(&mut self, payload: &mut Payload, path: &str) {
        match payload {
            Payload::Unit | Payload::TypeName => {}
            Payload::Fragment(spread) => spread.name = field_name(&self.fragment_names[spread.fragment]),
            Payload::Struct { name, typename, members } => {
                *name = self.types.take(path.to_owned());
                let prefix = name.clone();
                let mut fields = Scope::default();
                if let Some(typename) = typename {
                    *typename = fields.take("typename".to_owned());
                }
                self.members(members, &prefix, &mut fields);
            }
        }
    }

    fn members(&mut self, members: &mut Members, prefix: &str, names: &mut Scope) {
        // The names that the user wants come first, so that they are had.
        let fields = members.fields.iter_mut().map(|field| {
            let usual = member_name(field);
            (&mut field.name, &field.renamed, usual)
        });
        let spreads = members.spreads.iter_mut().map(|spread| {
            let usual = field_name(&self.fragment_names[spread.fragment]);
            (&mut spread.name, &spread.renamed, usual)
        });
        let mut all: Vec<_> = fields.chain(spreads).collect();
        for (name, renamed, _) in &mut all {
            if let Some(renamed) = renamed {
                **name = take_wanted(names, renamed, &mut self.clashes);
            }
        }
        for (name, _, usual) in all.into_iter().filter(|(_, renamed, _)| renamed.is_none()) {
            *name = names.take(usual);
        }
        for field in &members.fields {
            // Groups that select the same may share a shape: it is named where it is met first.
            if let Some(index) = local(&field.ty).filter(|index| self.definition.shapes[*index].name.is_empty()) {
                let renamed = self.definition.shapes[index].renamed.clone();
                let name = match renamed {
                    Some(renamed) => take_wanted(&mut self.types, &renamed, &mut self.clashes),
                    None => self.types.take(format!("{prefix}{}", type_name(&field.key))),
                };
                self.shape(index, name.clone(), &name);
            }
        }
    }
}

fn member_name(field: &Field) -> String {
    field_name(&field.key)
}

/// The shape of the same definition that a type leads to.
pub fn local(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => local(inner),
        Ty::Shape(ShapeRef::Local(index)) => Some(*index),
        Ty::Shape(ShapeRef::Fragment(_)) | Ty::Leaf(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_graphql_name_becomes_a_valid_rust_name() {
        let fields = ["userName", "user_name", "_2fa", "_", "__", "self", "Self", "type", "URLs", "name_Icontains"];
        let named: Vec<String> = fields.iter().map(|name| field_name(name)).collect();
        assert_eq!(
            named,
            [
                "user_name",
                "user_name",
                "_2fa",
                "underscore",
                "underscore",
                "self_",
                "self_",
                "type",
                "ur_ls",
                "name_icontains"
            ]
        );
        assert_eq!(type_name("SELF"), "Self_");
        assert_eq!(type_name("_2fa"), "_2fa");
    }

    #[test]
    fn a_scope_gives_each_name_once() {
        let mut scope = Scope::with(&["Other"]);
        let names = ["Other", "a", "a", "a", "B", "B", "B2"].map(|name| scope.take(name.to_owned()));
        assert_eq!(names, ["Other2", "a", "a_2", "a_3", "B", "B2", "B2_2"]);
    }
}
