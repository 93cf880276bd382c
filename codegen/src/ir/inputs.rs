//! Variables, input objects, enums and scalars: what operations send and which names they use.

use super::lower::{Lowerer, is_required, without_null};
use super::names::{Scope, take_wanted};
use super::scope::{deprecation, wrap};
use super::{Enum, EnumValue, Input, InputField, Leaf, Module, Presence, Scalar, Ty};
use crate::print::{Owner, owner};
use crate::rust_name::{field_name, type_name};
use apollo_compiler::ast::{self, InputValueDefinition, OperationDefinition};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node};
use std::collections::{HashMap, HashSet};

/// Names that the methods of an input's struct already have.
const METHODS: [&str; 3] = ["new", "default", "clone"];

impl Lowerer<'_> {
    /// Emits the types that are in use, named in one scope.
    pub(super) fn types(&self, module: &mut Module) {
        let mut names = Scope::default();
        for graphql in self.used_types() {
            let Some(definition) = self.schema.definitions().types.get(graphql) else { continue };
            let name = names.take(type_name(graphql));
            let docs = definition.description().map(|text| text.to_string());
            let settings = self.config.types.get(graphql.as_str());
            let derives = settings.map(|settings| settings.derives.clone()).unwrap_or_default();
            match definition {
                ExtendedType::Enum(definition) => {
                    let mut variants = Scope::default();
                    let values = definition.values.values().map(|value| EnumValue {
                        graphql: value.value.to_string(),
                        name: variants.take(type_name(&value.value)),
                        docs: value.description.as_ref().map(|text| text.to_string()),
                        deprecated: deprecation(&value.directives),
                    });
                    let values: Vec<EnumValue> = values.collect();
                    let unknown = variants.take("Unknown".to_owned());
                    module.enums.push(Enum { graphql: graphql.to_string(), name, docs, values, unknown, derives });
                }
                ExtendedType::InputObject(definition) => {
                    module.inputs.push(Input { derives, ..self.input(definition, name, docs) });
                }
                ExtendedType::Scalar(definition) => {
                    let url = definition.directives.get("specifiedBy");
                    let url = url.and_then(|directive| directive.specified_argument_by_name("url"));
                    let specified_by = url.and_then(|url| url.as_str()).map(str::to_owned);
                    module.scalars.push(Scalar { graphql: graphql.to_string(), name, docs, specified_by, derives });
                }
                _ => {}
            }
        }
    }

    fn input(&self, definition: &InputObjectType, name: String, docs: Option<String>) -> Input {
        let one_of = self.schema.is_one_of(&definition.name);
        let mut fields = Scope::default();
        let mut setters = Scope::with(&METHODS);
        let fields = definition.fields.values().map(|field| {
            let has_default = field.default_value.is_some();
            InputField {
                graphql: field.name.to_string(),
                name: fields.take(field_name(&field.name)),
                setter: if one_of {
                    setters.take(type_name(&field.name))
                } else {
                    setters.take(field_name(&field.name))
                },
                ty: without_null(wrap(&field.ty, Ty::Leaf(self.leaf_of_input(&definition.name, field)))),
                presence: if one_of { Presence::Required } else { presence(&field.ty, has_default) },
                boxed: self.contains_itself(definition, &field.ty),
                docs: field.description.as_ref().map(|text| text.to_string()),
                deprecated: deprecation(&field.directives),
            }
        });
        Input {
            graphql: definition.name.to_string(),
            name,
            docs,
            derives: Vec::new(),
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
            let fields = self.schema.definitions().get_input_object(name);
            if let (true, Some(inner)) = (seen.insert(name.clone()), fields) {
                open.extend(inner.fields.values().map(|field| (*field.ty).clone()));
            }
        }
        false
    }

    /// The variables of an operation.
    pub(super) fn variables(
        &self,
        file: usize,
        node: &Node<OperationDefinition>,
        clashes: &mut Vec<String>,
    ) -> Vec<InputField> {
        let mut fields = Scope::default();
        let mut setters = Scope::with(&METHODS);
        let renamed = |variable| self.overrides.of(variable).and_then(|settings| settings.rename.clone());
        // The names that the user wants come first, so that they are had.
        let wanted: HashMap<Owner, (String, String)> = (node.variables.iter())
            .filter_map(|variable| Some((owner(variable), renamed(variable)?)))
            .map(|(owner, name)| (owner, (take_wanted(&mut fields, &name, clashes), setters.take(name))))
            .collect();
        let variables = node.variables.iter().map(|variable| {
            let usual = || (fields.take(field_name(&variable.name)), setters.take(field_name(&variable.name)));
            let (name, setter) = wanted.get(&owner(variable)).cloned().unwrap_or_else(usual);
            let set = self.overrides.of(variable).and_then(|settings| settings.ty.clone());
            let leaf = set.map_or_else(|| self.leaf_of(variable.ty.inner_named_type()), Leaf::Rust);
            InputField {
                graphql: variable.name.to_string(),
                name,
                setter,
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

fn presence(ty: &ast::Type, has_default: bool) -> Presence {
    if is_required(ty, has_default) {
        Presence::Required
    } else if ty.is_non_null() {
        Presence::Optional
    } else {
        Presence::Nullable
    }
}
