//! The Rust types of a module, by name and response path, so that those of two schemas can be compared.

use crate::ir::{Definition, InputField, Leaf, Members, Module, Payload, Presence, ShapeId, ShapeRef, Ty};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the inputs from which a type can be reached, including itself.
pub(super) fn reaching(module: &Module, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([name.to_owned()]);
    loop {
        let before = found.len();
        for input in &module.inputs {
            let mut names = BTreeSet::new();
            input.fields.iter().for_each(|field| names_in(&field.ty, &mut names));
            if names.iter().any(|name| found.contains(name)) {
                found.insert(input.graphql.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The types of a module by name.
#[derive(Default)]
pub(super) struct Flat {
    /// Types by definition and response path; variables begin with a dollar sign.
    pub fields: BTreeMap<(String, Vec<String>), Typed>,
    pub enums: BTreeMap<String, BTreeSet<String>>,
    pub inputs: BTreeMap<String, BTreeMap<String, String>>,
    /// The parameters of `new` of each input.
    pub parameters: BTreeMap<String, Vec<String>>,
}

pub(super) struct Typed {
    pub ty: String,
    /// The GraphQL names of enums, scalars and inputs in it.
    pub names: BTreeSet<String>,
    /// The kind of the leaf, since an enum and a scalar can have the same name.
    pub kinds: &'static str,
}

impl Flat {
    pub fn of(module: &Module) -> Self {
        let mut flat = Self::default();
        for operation in module.documents.iter().flat_map(|document| &document.operations) {
            let name = operation.name.clone().unwrap_or_default();
            for variable in &operation.variables {
                let mut names = BTreeSet::new();
                names_in(&variable.ty, &mut names);
                let typed = Typed { ty: input_type(variable), names, kinds: leaf_kind(&variable.ty) };
                flat.fields.insert((name.clone(), vec![format!("${}", variable.graphql)]), typed);
            }
            flat.definition(module, &name, operation.root, &operation.data);
        }
        for fragment in &module.fragments {
            flat.definition(module, &fragment.graphql, fragment.root.into(), &fragment.data);
        }
        for one in &module.enums {
            flat.enums.insert(one.graphql.clone(), one.values.iter().map(|value| value.graphql.clone()).collect());
        }
        for one in &module.inputs {
            let mut fields: BTreeMap<String, String> =
                one.fields.iter().map(|field| (field.graphql.clone(), input_type(field))).collect();
            if one.one_of {
                fields.insert("@oneOf".to_owned(), "enum".to_owned());
            }
            flat.inputs.insert(one.graphql.clone(), fields);
            let required = one.fields.iter().filter(|field| field.presence == Presence::Required && !one.one_of);
            flat.parameters.insert(one.graphql.clone(), required.map(|field| field.graphql.clone()).collect());
        }
        flat
    }

    fn definition(&mut self, module: &Module, name: &str, root: ShapeRef, definition: &Definition) {
        if let ShapeRef::Local(root) = root {
            self.shape(module, name, definition, root, &mut Vec::new());
        }
    }

    fn shape(&mut self, module: &Module, name: &str, definition: &Definition, shape: ShapeId, path: &mut Vec<String>) {
        let Some(shape) = definition.shapes.get(&shape) else { return };
        self.members(module, name, definition, &shape.members, path);
        let Some(arms) = &shape.arms else { return };
        for arm in &arms.arms {
            path.push(format!("... on {}", arm.variant));
            let typed = Typed { ty: arm.types.join(" | "), names: BTreeSet::new(), kinds: "types" };
            self.fields.insert((name.to_owned(), path.clone()), typed);
            if let Payload::Struct { members, .. } = &arm.payload {
                self.members(module, name, definition, members, path);
            }
            path.pop();
        }
    }

    fn members(
        &mut self,
        module: &Module,
        name: &str,
        definition: &Definition,
        members: &Members,
        path: &mut Vec<String>,
    ) {
        for field in &members.fields {
            path.push(field.key.clone());
            let mut names = BTreeSet::new();
            names_in(&field.ty, &mut names);
            let ty = type_text(module, &field.ty);
            let ty = if field.conditional { format!("Option<{ty}>") } else { ty };
            let typed = Typed { ty, names, kinds: leaf_kind(&field.ty) };
            self.fields.insert((name.to_owned(), path.clone()), typed);
            if let Some(below) = field.ty.local() {
                self.shape(module, name, definition, below, path);
            }
            path.pop();
        }
    }
}

/// Returns the operations and fragments of a module, without comments and attributes.
pub(super) fn definitions(module: &Module) -> BTreeMap<String, (ShapeRef, Definition)> {
    let operations = module.documents.iter().flat_map(|document| &document.operations);
    let operations =
        operations.map(|operation| (operation.name.clone().unwrap_or_default(), operation.root, &operation.data));
    let fragments =
        module.fragments.iter().map(|fragment| (fragment.graphql.clone(), fragment.root.into(), &fragment.data));
    operations
        .chain(fragments)
        .map(|(name, root, definition)| {
            let mut plain = definition.clone();
            plain.docs = None;
            for shape in plain.shapes.values_mut() {
                without_words(&mut shape.members);
                if let Some(arms) = &mut shape.arms {
                    let payloads = arms.arms.iter_mut().map(|arm| &mut arm.payload).chain([&mut arms.other]);
                    for payload in payloads {
                        if let Payload::Struct { members, .. } = payload {
                            without_words(members);
                        }
                    }
                }
            }
            (name, (root, plain))
        })
        .collect()
}

fn without_words(members: &mut Members) {
    for field in &mut members.fields {
        field.docs = None;
        field.is_shared = false;
        field.deprecated = None;
    }
    // These follow from what else is selected, and in which order.
    for spread in &mut members.spreads {
        spread.proofs.clear();
        spread.fields_before = 0;
    }
}

fn leaf_kind(ty: &Ty) -> &'static str {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => leaf_kind(inner),
        Ty::Leaf(Leaf::Enum(_)) => "the enum",
        Ty::Leaf(Leaf::Scalar(_)) => "the scalar",
        Ty::Leaf(Leaf::Input(_)) => "the input",
        Ty::Leaf(_) | Ty::Shape(_) => "the type",
    }
}

fn names_in(ty: &Ty, found: &mut BTreeSet<String>) {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => names_in(inner, found),
        Ty::Leaf(Leaf::Enum(name) | Leaf::Scalar(name) | Leaf::Input(name)) => {
            found.insert(name.clone());
        }
        Ty::Leaf(_) | Ty::Shape(_) => {}
    }
}

/// Returns a type as the generated code has it; a selection set is `{…}`.
fn type_text(module: &Module, ty: &Ty) -> String {
    match ty {
        Ty::Nullable(inner) => format!("Option<{}>", type_text(module, inner)),
        Ty::List(inner) => format!("Vec<{}>", type_text(module, inner)),
        Ty::Shape(ShapeRef::Local(_)) => "{…}".to_owned(),
        Ty::Shape(ShapeRef::Fragment(at)) => {
            module.fragments.get(at.0).map_or_else(String::new, |one| one.data.name.clone())
        }
        Ty::Leaf(leaf) => match leaf {
            Leaf::Int => "i32".to_owned(),
            Leaf::Float => "f64".to_owned(),
            Leaf::String | Leaf::TypeName => "String".to_owned(),
            Leaf::Boolean => "bool".to_owned(),
            Leaf::Id => "Id".to_owned(),
            Leaf::Enum(name) | Leaf::Scalar(name) | Leaf::Input(name) => {
                module.type_name(name).unwrap_or(name).to_owned()
            }
            Leaf::Rust(path) => path.clone(),
        },
    }
}

fn input_type(field: &InputField) -> String {
    let inner = match &field.ty {
        Ty::Leaf(Leaf::Enum(name) | Leaf::Scalar(name) | Leaf::Input(name)) => name.clone(),
        other => type_text(&Module::default(), other),
    };
    match field.presence {
        Presence::Required => inner,
        Presence::Optional => format!("Option<{inner}>"),
        Presence::Nullable => format!("Input<{inner}>"),
    }
}
