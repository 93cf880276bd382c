//! Random safe changes of a schema: those that a server may make without asking its clients.
//!
//! They gather around the types that documents use, since nothing else can matter to a client.

use crate::random::Dice;
use apollo_compiler::ast::{EnumValueDefinition, FieldDefinition, InputValueDefinition, Type};
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::schema::{Component, ComponentName, ExtendedType, ObjectType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema, name};
use std::collections::{BTreeMap, BTreeSet};

/// A schema after some safe changes.
pub struct Evolved {
    /// The new schema.
    pub schema: Valid<Schema>,
    /// The changes, for messages.
    pub changes: Vec<String>,
    /// For each abstract type, the objects that it could not be before.
    pub newcomers: BTreeMap<String, Vec<String>>,
}

/// Returns the composite types and enums that documents use.
pub fn used_types<'a>(documents: impl IntoIterator<Item = &'a Valid<ExecutableDocument>>) -> BTreeSet<Name> {
    let mut used = BTreeSet::new();
    for document in documents {
        for operation in document.operations.iter() {
            add_types(&operation.selection_set, &mut used);
        }
        for fragment in document.fragments.values() {
            add_types(&fragment.selection_set, &mut used);
        }
    }
    used
}

fn add_types(set: &SelectionSet, used: &mut BTreeSet<Name>) {
    used.insert(set.ty.clone());
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                used.insert(field.ty().inner_named_type().clone());
                if !field.selection_set.is_empty() {
                    add_types(&field.selection_set, used);
                }
            }
            Selection::InlineFragment(inline) => add_types(&inline.selection_set, used),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Makes some of the safe changes that concern these types.
pub fn evolve(schema: &Schema, used: &BTreeSet<Name>, seed: u64) -> Evolved {
    let mut evolution = Evolution {
        dice: Dice(seed),
        schema: schema.clone(),
        abstract_types: kinds(schema, used, |ty| ty.is_interface() || ty.is_union()),
        objects: kinds(schema, used, ExtendedType::is_object),
        changes: Vec::new(),
        newcomers: BTreeMap::new(),
    };
    for ty in evolution.abstract_types.clone() {
        // A type without objects cannot be in a response.
        if evolution.dice.one_in(2) || !has_objects(schema, &ty) {
            evolution.add_object(&ty);
        }
        if evolution.dice.one_in(2) {
            evolution.add_possible_type(&ty);
        }
        if evolution.dice.one_in(4) {
            evolution.extend_interface(&ty);
        }
    }
    for ty in evolution.objects.clone() {
        evolution.change_object(&ty);
    }
    for ty in kinds(schema, used, ExtendedType::is_enum) {
        if evolution.dice.one_in(2) {
            evolution.add_value(&ty);
        }
    }
    let Evolution { schema, changes, newcomers, .. } = evolution;
    // Published schemas are not all valid; a safe change makes none worse.
    Evolved { schema: Valid::assume_valid(schema), changes, newcomers }
}

/// Returns the types of a kind; those of introspection are the specification's, and no schema changes them.
fn kinds(schema: &Schema, used: &BTreeSet<Name>, is: impl Fn(&ExtendedType) -> bool) -> Vec<Name> {
    let is = |ty: &ExtendedType| !ty.is_built_in() && is(ty);
    used.iter().filter(|name| schema.types.get(*name).is_some_and(is)).cloned().collect()
}

fn has_objects(schema: &Schema, ty: &Name) -> bool {
    let of_union = schema.get_union(ty).is_some_and(|union| !union.members.is_empty());
    of_union || schema.implementers_map().get(ty).is_some_and(|found| !found.objects.is_empty())
}

struct Evolution {
    dice: Dice,
    schema: Schema,
    /// Interfaces and unions that documents use.
    abstract_types: Vec<Name>,
    /// Objects that documents use.
    objects: Vec<Name>,
    changes: Vec<String>,
    newcomers: BTreeMap<String, Vec<String>>,
}

impl Evolution {
    /// A new object type that is possible where `ty` is, and in other places as well.
    fn add_object(&mut self, ty: &Name) {
        let Some(object) = self.fresh(&["Newcomer", "Other", "Unknown", "Data"]) else { return };
        let mut object = ObjectType {
            description: None,
            name: object,
            implements_interfaces: Default::default(),
            directives: Default::default(),
            fields: Default::default(),
        };
        let mut unions = Vec::new();
        for candidate in self.abstract_types.clone() {
            if candidate != *ty && !self.dice.one_in(3) {
                continue;
            }
            match &self.schema.types[&candidate] {
                ExtendedType::Union(_) => unions.push(candidate),
                _ => drop(self.implement(&mut object, &candidate)),
            }
        }
        if object.fields.is_empty() {
            let field = leaf_field(name!("id"), Type::NonNullNamed(name!("ID")));
            object.fields.insert(field.name.clone(), field);
        }
        for field in object.fields.values_mut() {
            self.narrow(&mut field.make_mut().ty);
        }
        let name = object.name.clone();
        let interfaces: Vec<Name> = object.implements_interfaces.iter().map(|one| one.name.clone()).collect();
        self.changes.push(object.to_string());
        self.schema.types.insert(name.clone(), ExtendedType::Object(Node::new(object)));
        for interface in interfaces {
            self.newcomers.entry(interface.to_string()).or_default().push(name.to_string());
        }
        for union in unions {
            self.join(&union, &name);
        }
    }

    /// An object type that was there before is possible where `ty` is.
    fn add_possible_type(&mut self, ty: &Name) {
        let objects = if self.dice.one_in(3) {
            self.schema.types.values().filter(|ty| ty.is_object() && !ty.is_built_in()).map(|ty| ty.name()).collect()
        } else {
            self.near()
        };
        let roots: Vec<&Name> =
            self.schema.schema_definition.iter_root_operations().map(|(_, name)| &name.name).collect();
        let objects: Vec<Name> = (objects.into_iter())
            .filter(|object| !roots.contains(object) && !self.schema.is_subtype(ty, object))
            .cloned()
            .collect();
        let Some(object) = self.dice.pick(&objects).cloned() else { return };
        if self.schema.types[ty].is_union() {
            self.join(ty, &object);
        } else if let Some(ExtendedType::Object(node)) = self.schema.types.get(&object) {
            let mut node = ObjectType::clone(node);
            let before = node.implements_interfaces.clone();
            if !self.implement(&mut node, ty) {
                return;
            }
            for gained in node.implements_interfaces.difference(&before) {
                self.changes.push(format!("type {object} implements {gained}"));
                self.newcomers.entry(gained.to_string()).or_default().push(object.to_string());
            }
            self.schema.types.insert(object, ExtendedType::Object(Node::new(node)));
        }
    }

    /// An interface, and everything that implements it, implements another one.
    fn extend_interface(&mut self, interface: &Name) {
        let Some(gained) = self.dice.pick(&self.abstract_types).cloned() else { return };
        let Some(ExtendedType::Interface(node)) = self.schema.types.get(interface) else { return };
        let is_related = |left: &Name, right: &Name| left == right || self.schema.is_subtype(left, right);
        if is_related(&gained, interface) || is_related(interface, &gained) {
            return;
        }
        let all = self.schema.types.values();
        if all.clone().any(|ty| ty.is_interface() && self.schema.is_subtype(interface, ty.name())) {
            return;
        }
        let objects = all.filter_map(ExtendedType::as_object);
        let objects: Vec<ObjectType> =
            objects.filter(|object| self.schema.is_subtype(interface, &object.name)).cloned().collect();
        let own = ObjectType {
            description: None,
            name: node.name.clone(),
            implements_interfaces: node.implements_interfaces.clone(),
            directives: Default::default(),
            fields: node.fields.clone(),
        };
        let mut changed = Vec::new();
        for mut object in objects.into_iter().chain([own]) {
            if !self.implement(&mut object, &gained) {
                return;
            }
            changed.push(object);
        }
        self.changes.push(format!("interface {interface} implements {gained}"));
        for object in changed {
            let before = self.schema.types.get(&object.name).cloned();
            let after = match before {
                Some(ExtendedType::Interface(mut node)) => {
                    let new = node.make_mut();
                    (new.implements_interfaces, new.fields) = (object.implements_interfaces, object.fields);
                    ExtendedType::Interface(node)
                }
                _ => {
                    self.newcomers.entry(gained.to_string()).or_default().push(object.name.to_string());
                    ExtendedType::Object(Node::new(object))
                }
            };
            self.schema.types.insert(after.name().clone(), after);
        }
    }

    /// Objects that documents use, and those that can be where documents have an abstract type.
    fn near(&self) -> Vec<&Name> {
        let is_near = |object: &ObjectType| {
            self.objects.contains(&object.name)
                || self.abstract_types.iter().any(|ty| self.schema.is_subtype(ty, &object.name))
        };
        let objects = self.schema.types.values().filter_map(ExtendedType::as_object);
        objects.filter(|object| is_near(object)).map(|object| &object.name).collect()
    }

    fn join(&mut self, union: &Name, object: &Name) {
        let Some(ExtendedType::Union(node)) = self.schema.types.get_mut(union) else { return };
        let at = self.dice.below(node.members.len() + 1);
        if node.make_mut().members.shift_insert(at, ComponentName::from(object.clone())) {
            self.changes.push(format!("union {union} | {object}"));
            self.newcomers.entry(union.to_string()).or_default().push(object.to_string());
        }
    }

    /// Adds an interface, and those that it implements, with their fields; nothing if a field of that name has
    /// another type.
    fn implement(&self, object: &mut ObjectType, interface: &Name) -> bool {
        let Some(ExtendedType::Interface(node)) = self.schema.types.get(interface) else { return false };
        let names = std::iter::once(interface.clone());
        let names: Vec<Name> = names.chain(node.implements_interfaces.iter().map(|one| one.name.clone())).collect();
        let mut fields = object.fields.clone();
        for name in &names {
            let Some(ExtendedType::Interface(node)) = self.schema.types.get(name) else { return false };
            for (key, field) in &node.fields {
                match fields.get_mut(key) {
                    None => drop(fields.insert(key.clone(), field.clone())),
                    Some(own) => {
                        if !self.fits(&own.ty, &field.ty) {
                            if !self.fits(&field.ty, &own.ty) || self.is_existing(&object.name) {
                                return false;
                            }
                            own.make_mut().ty = field.ty.clone();
                        }
                        for argument in &field.arguments {
                            match own.arguments.iter().find(|own| own.name == argument.name) {
                                Some(own) if own.ty != argument.ty => return false,
                                Some(_) => {}
                                None if argument.is_required() => return false,
                                None => own.make_mut().arguments.push(argument.clone()),
                            }
                        }
                    }
                }
            }
        }
        object.fields = fields;
        object.implements_interfaces.extend(names.into_iter().map(ComponentName::from));
        true
    }

    fn is_existing(&self, name: &Name) -> bool {
        self.schema.types.contains_key(name)
    }

    /// Returns true if a field may have this type where an interface has that one.
    fn fits(&self, own: &Type, wanted: &Type) -> bool {
        match (own, wanted) {
            (Type::NonNullNamed(own), Type::NonNullNamed(wanted) | Type::Named(wanted))
            | (Type::Named(own), Type::Named(wanted)) => own == wanted || self.schema.is_subtype(wanted, own),
            (Type::NonNullList(own), Type::NonNullList(wanted) | Type::List(wanted))
            | (Type::List(own), Type::List(wanted)) => self.fits(own, wanted),
            _ => false,
        }
    }

    /// The type of a new object's field may say more than the interface does.
    fn narrow(&mut self, ty: &mut Type) {
        if self.dice.one_in(4) {
            *ty = ty.clone().non_null();
        }
        if let Type::Named(name) | Type::NonNullNamed(name) = ty
            && self.dice.one_in(4)
        {
            let objects: Vec<&Name> = self.near();
            let possible: Vec<Name> =
                objects.into_iter().filter(|object| self.schema.is_subtype(name, object)).cloned().collect();
            if let Some(object) = self.dice.pick(&possible) {
                *name = object.clone();
            }
        }
    }

    /// New fields and arguments, and values that are never null any more.
    fn change_object(&mut self, ty: &Name) {
        let Some(ExtendedType::Object(node)) = self.schema.types.get(ty) else { return };
        let mut object = ObjectType::clone(node);
        let names: Vec<Name> = object.fields.keys().cloned().collect();
        if self.dice.one_in(3) {
            let base = self.dice.pick(&names).map_or("field", Name::as_str).to_owned();
            if let Some(added) = self.dice.pick(&spellings(&base)).filter(|name| !object.fields.contains_key(*name)) {
                let at = self.dice.below(names.len() + 1);
                object.fields.shift_insert(at, added.clone(), leaf_field(added.clone(), Type::Named(name!("String"))));
                self.changes.push(format!("field {ty}.{added}"));
            }
        }
        for name in names {
            let Some(field) = object.fields.get_mut(&name) else { continue };
            if self.dice.one_in(8) {
                let argument = self.dice.pick(&[name!("added"), name!("first"), name!("First")]).cloned();
                let argument = argument.filter(|name| field.arguments.iter().all(|own| own.name != *name));
                if let Some(argument) = argument {
                    self.changes.push(format!("argument {ty}.{name}({argument}:)"));
                    let at = self.dice.below(field.arguments.len() + 1);
                    field.make_mut().arguments.insert(at, optional_argument(argument));
                }
            }
            // A type that no object can be of has no value but null; neither has an object that needs one.
            let named = field.ty.inner_named_type();
            let are_all_possible = || self.abstract_types.iter().all(|ty| has_objects(&self.schema, ty));
            let has_values =
                self.schema.types.get(named).is_some_and(|ty| ty.is_leaf() || (ty.is_object() && are_all_possible()));
            if self.dice.one_in(8) && has_values && !field.ty.is_non_null() {
                self.changes.push(format!("{ty}.{name} is never null"));
                let field = field.make_mut();
                field.ty = field.ty.clone().non_null();
            }
        }
        self.schema.types.insert(ty.clone(), ExtendedType::Object(Node::new(object)));
    }

    /// Adds a value at any position, likely with a name similar to that of another.
    fn add_value(&mut self, ty: &Name) {
        let Some(ExtendedType::Enum(node)) = self.schema.types.get_mut(ty) else { return };
        let names: Vec<Name> = node.values.keys().cloned().collect();
        let mut candidates = vec![name!("NEWCOMER"), name!("UNKNOWN"), name!("Other")];
        candidates.extend(self.dice.pick(&names).into_iter().flat_map(|name| spellings(name)));
        candidates.retain(|name| !names.contains(name));
        let Some(value) = self.dice.pick(&candidates) else { return };
        let definition =
            EnumValueDefinition { description: None, value: value.clone(), directives: Default::default() };
        let at = self.dice.below(names.len() + 1);
        node.make_mut().values.shift_insert(at, value.clone(), Component::new(definition));
        self.changes.push(format!("value {ty}.{value}"));
    }

    fn fresh(&mut self, names: &[&str]) -> Option<Name> {
        let base = *self.dice.pick(names)?;
        let numbered = (0..).map(|at| if at == 0 { base.to_owned() } else { format!("{base}{at}") });
        numbered.filter_map(|name| Name::new(&name).ok()).find(|name| !self.schema.types.contains_key(name))
    }
}

/// Other names that conventions of Rust may spell as this one.
fn spellings(name: &str) -> Vec<Name> {
    let capital = |text: &str| {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    let pascal: String = name.split('_').map(|word| capital(&word.to_lowercase())).collect();
    let spelled = [
        name.to_lowercase(),
        name.to_uppercase(),
        capital(name),
        pascal,
        format!("{name}_"),
        format!("_{name}"),
        name.replace('_', ""),
        format!("{name}2"),
    ];
    spelled
        .iter()
        .filter(|other| *other != name && !other.starts_with("__"))
        .filter_map(|other| Name::new(other).ok())
        .collect()
}

fn leaf_field(name: Name, ty: Type) -> Component<FieldDefinition> {
    Component::new(FieldDefinition {
        description: None,
        name,
        arguments: Vec::new(),
        ty,
        directives: Default::default(),
    })
}

fn optional_argument(name: Name) -> Node<InputValueDefinition> {
    Node::new(InputValueDefinition {
        description: None,
        name,
        ty: Node::new(Type::Named(name!("Int"))),
        default_value: None,
        directives: Default::default(),
    })
}
