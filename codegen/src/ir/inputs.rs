//! Variables, input objects, enums and scalars: what operations send and which names they use.

use super::lower::{Lowerer, is_required, without_null};
use super::names::{Candidate, assign};
use super::notes::Notes;
use super::scope::wrap;
use super::{Enum, EnumValue, Input, InputField, Leaf, Module, Presence, Scalar, Ty};
use crate::query::FileId;
use crate::rust_name::{field_name, marked, type_name};
use crate::schema::{TypeDefinition, deprecation};
use apollo_compiler::ast::{self, InputValueDefinition, OperationDefinition};
use apollo_compiler::schema::{EnumType, InputObjectType, ScalarType};
use apollo_compiler::{Name, Node};
use std::collections::HashSet;

/// Names that the methods of an input's struct already have.
const METHODS: [&str; 3] = ["new", "default", "clone"];

/// The variant for values that the schema did not have.
const UNKNOWN: &str = "Unknown";

impl Lowerer<'_> {
    /// Emits the types that are in use, named in one scope.
    pub(super) fn types(&self, module: &mut Module, notes: &mut Notes) {
        let definitions: Vec<_> = self
            .used_types()
            .filter_map(|name| Some((name, self.schema.ty(name)?)))
            .filter(|(_, definition)| definition.kind().is_input())
            .collect();
        let candidates: Vec<_> = definitions.iter().map(|(name, _)| Candidate::new(type_name(name))).collect();
        let assigned = assign(&[], &candidates, |at| vec![marked(definitions[at].0)]);
        notes.add(&assigned, |at| {
            let (name, definition) = definitions[at];
            (format!("type `{name}`"), self.schema.place(definition.name().location()))
        });
        for ((_, definition), name) in definitions.into_iter().zip(assigned.single().cloned()) {
            match definition {
                TypeDefinition::Enum(definition) => module.enums.push(self.enumeration(definition, name, notes)),
                TypeDefinition::InputObject(definition) => module.inputs.push(self.input(definition, name, notes)),
                TypeDefinition::Scalar(definition) => module.scalars.push(self.scalar(definition, name)),
                _ => {}
            }
        }
    }

    fn scalar(&self, definition: &ScalarType, name: String) -> Scalar {
        let url = definition.directives.get("specifiedBy");
        let url = url.and_then(|directive| directive.specified_argument_by_name("url"));
        Scalar {
            graphql: definition.name.to_string(),
            name,
            docs: text(definition.description.as_ref()),
            specified_by: url.and_then(|url| url.as_str()).map(str::to_owned),
            derives: self.derives(&definition.name),
        }
    }

    /// The derives that are set for a type.
    fn derives(&self, name: &Name) -> Vec<String> {
        self.config.types.get(name.as_str()).map(|settings| settings.derives.clone()).unwrap_or_default()
    }

    fn enumeration(&self, definition: &EnumType, name: String, notes: &mut Notes) -> Enum {
        let all: Vec<_> = definition.values.values().collect();
        let candidates: Vec<_> = all.iter().map(|value| Candidate::new(type_name(&value.value))).collect();
        let assigned = assign(&[UNKNOWN], &candidates, |at| vec![marked(&all[at].value)]);
        notes.add(&assigned, |at| {
            let value = &all[at].value;
            (format!("value `{}.{value}`", definition.name), self.schema.place(value.location()))
        });
        let values = all.iter().zip(assigned.single()).map(|(value, name)| EnumValue {
            graphql: value.value.to_string(),
            name: name.clone(),
            docs: text(value.description.as_ref()),
            deprecated: deprecation(&value.directives).map(str::to_owned),
        });
        Enum {
            graphql: definition.name.to_string(),
            name,
            docs: text(definition.description.as_ref()),
            values: values.collect(),
            unknown: UNKNOWN.to_owned(),
            derives: self.derives(&definition.name),
        }
    }

    fn input(&self, definition: &InputObjectType, name: String, notes: &mut Notes) -> Input {
        let one_of = self.schema.is_one_of(&definition.name);
        let all: Vec<_> = definition.fields.values().collect();
        let distinct = |at: usize| vec![marked(&all[at].name)];
        let candidates =
            |usual: fn(&str) -> String| all.iter().map(|field| Candidate::new(usual(&field.name))).collect::<Vec<_>>();
        let fields = assign(&[], &candidates(field_name), distinct);
        let setters = if one_of {
            assign(&[], &candidates(type_name), distinct)
        } else {
            assign(&METHODS, &candidates(field_name), distinct)
        };
        notes.add(if one_of { &setters } else { &fields }, |at| {
            let field = &all[at].name;
            (format!("input field `{}.{field}`", definition.name), self.schema.place(field.location()))
        });
        let names = fields.single().zip(setters.single());
        let fields = all.iter().zip(names).map(|(field, (name, setter))| {
            let has_default = field.default_value.is_some();
            InputField {
                graphql: field.name.to_string(),
                name: name.clone(),
                setter: setter.clone(),
                ty: without_null(wrap(&field.ty, Ty::Leaf(self.leaf_of_input(&definition.name, field)))),
                presence: if one_of { Presence::Required } else { presence(&field.ty, has_default) },
                boxed: self.contains_itself(definition, &field.ty),
                docs: text(field.description.as_ref()),
                deprecated: deprecation(&field.directives).map(str::to_owned),
            }
        });
        Input {
            graphql: definition.name.to_string(),
            name,
            docs: text(definition.description.as_ref()),
            derives: self.derives(&definition.name),
            one_of,
            fields: fields.collect(),
        }
    }

    /// True if a value of the field's type can hold a value of the input without a list between.
    fn contains_itself(&self, input: &InputObjectType, ty: &ast::Type) -> bool {
        let mut open = vec![ty.clone()];
        let mut seen = HashSet::new();
        while let Some(ty) = open.pop() {
            if ty.is_list() {
                continue;
            }
            let name = ty.inner_named_type();
            if *name == input.name {
                return true;
            }
            let fields = self.schema.input(name);
            if let (true, Some(inner)) = (seen.insert(name.clone()), fields) {
                open.extend(inner.fields.values().map(|field| (*field.ty).clone()));
            }
        }
        false
    }

    /// The variables of an operation.
    pub(super) fn variables(
        &self,
        file: FileId,
        node: &Node<OperationDefinition>,
        notes: &mut Notes,
        clashes: &mut Vec<String>,
    ) -> Vec<InputField> {
        let distinct = |at: usize| vec![marked(&node.variables[at].name)];
        let renamed = |variable| self.overrides.of(variable).and_then(|settings| settings.rename.clone());
        let candidates: Vec<_> = (node.variables.iter())
            .map(|variable| {
                let wanted = renamed(variable).map(|name| vec![name]);
                Candidate::new(field_name(&variable.name)).renamed(wanted)
            })
            .collect();
        let fields = assign(&[], &candidates, distinct);
        // A field may be called like a method, its setter may not.
        let setter = |name: String| if METHODS.contains(&name.as_str()) { marked(&name) } else { name };
        let setters: Vec<_> = (node.variables.iter().zip(&candidates))
            .map(|(variable, candidate)| candidate.clone().renamed(renamed(variable).map(|name| vec![setter(name)])))
            .collect();
        let setters = assign(&METHODS, &setters, distinct);
        notes.add(&fields, |at| {
            let variable = &node.variables[at];
            (format!("variable `${}`", variable.name), self.documents.place(variable))
        });
        clashes.extend(setters.clashes.iter().cloned());
        let names = fields.single().zip(setters.single());
        let variables = node.variables.iter().zip(names).map(|(variable, (name, setter))| {
            let set = self.overrides.of(variable).and_then(|settings| settings.ty.clone());
            let leaf = set.map_or_else(|| self.leaf_of(variable.ty.inner_named_type()), Leaf::Rust);
            InputField {
                graphql: variable.name.to_string(),
                name: name.clone(),
                setter: setter.clone(),
                ty: without_null(wrap(&variable.ty, Ty::Leaf(leaf))),
                presence: presence(&variable.ty, variable.default_value.is_some()),
                boxed: false,
                docs: self.description(file, variable),
                deprecated: None,
            }
        });
        variables.collect()
    }

    /// The leaf type of a field of an input object: of that very field, or of its type.
    fn leaf_of_input(&self, input: &Name, field: &InputValueDefinition) -> Leaf {
        match self.type_of_input(input, field) {
            Some(ty) => Leaf::Rust(ty.clone()),
            None => self.leaf_of(field.ty.inner_named_type()),
        }
    }

    /// The Rust type that the configuration gives to a field of an input object.
    pub(super) fn type_of_input(&self, input: &Name, field: &InputValueDefinition) -> Option<&String> {
        self.config.fields.get(&format!("{input}.{}", field.name))
    }
}

fn text(description: Option<&Node<str>>) -> Option<String> {
    description.map(|text| text.to_string())
}

fn presence(ty: &ast::Type, has_default: bool) -> Presence {
    if is_required(ty, has_default) {
        Presence::Required
    } else if ty.is_non_null() {
        Presence::Optional
    } else {
        Presence::Nullable
    }
}
