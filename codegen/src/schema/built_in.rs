//! What every schema has without defining it (specification, 3.5, 3.13 and 4.2).

use super::lazy::{ByName, LazyType};
use apollo_compiler::ast::{Definition, DirectiveDefinition, Document, FieldDefinition};
use apollo_compiler::schema::{Component, ExtendedType, SchemaBuilder};
use apollo_compiler::{Name, Node, Schema, name};
use std::sync::LazyLock;

/// `@oneOf` is part of the September 2025 specification and unknown to apollo-compiler 1.33.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

/// The scalars that need no definition (specification, 3.5).
pub const SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What every schema has.
pub struct BuiltIn {
    /// Scalars, and the types of introspection.
    pub types: ByName<LazyType>,
    /// Directives.
    pub directives: ByName<Node<DirectiveDefinition>>,
    typename: Node<FieldDefinition>,
    schema: Node<FieldDefinition>,
    ty: Node<FieldDefinition>,
}

/// See [`BuiltIn`].
pub static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let builder = SchemaBuilder::new().parse(ONE_OF, "built in");
    let schema = with_is_one_of(builder.build().unwrap_or_else(|found| found.partial));
    let meta = |name: &Name, arguments: Vec<_>, ty| {
        Node::new(FieldDefinition {
            description: None,
            name: name.clone(),
            arguments,
            ty,
            directives: Default::default(),
        })
    };
    let of_name = apollo_compiler::ast::InputValueDefinition {
        description: None,
        name: name!("name"),
        ty: Node::new(apollo_compiler::ty!(String!)),
        default_value: None,
        directives: Default::default(),
    };
    BuiltIn {
        typename: meta(&name!("__typename"), Vec::new(), apollo_compiler::ty!(String!)),
        schema: meta(&name!("__schema"), Vec::new(), apollo_compiler::ty!(__Schema!)),
        ty: meta(&name!("__type"), vec![Node::new(of_name)], apollo_compiler::ty!(__Type)),
        directives: schema.directive_definitions.into_iter().collect(),
        types: schema.types.into_iter().map(|(name, ty)| (name, LazyType::known(ty))).collect(),
    }
});

impl BuiltIn {
    /// A field of introspection that has no definition (specification, 4).
    pub fn meta_field(&self, field: &str, is_query: bool) -> Option<&Node<FieldDefinition>> {
        match field {
            "__typename" => Some(&self.typename),
            "__schema" => is_query.then_some(&self.schema),
            "__type" => is_query.then_some(&self.ty),
            _ => None,
        }
    }
}

/// True for the name of a type that needs no definition.
pub fn is_built_in(name: &str) -> bool {
    SCALARS.contains(&name) || (name.starts_with("__") && BUILT_IN.types.contains_key(name))
}

/// Adds `@oneOf` where no document defines it.
pub fn with_one_of<'a>(builder: SchemaBuilder, documents: impl IntoIterator<Item = &'a Document>) -> SchemaBuilder {
    let is_one_of = |definition: &Definition| {
        definition.as_directive_definition().is_some_and(|directive| directive.name == "oneOf")
    };
    match documents.into_iter().any(|document| document.definitions.iter().any(is_one_of)) {
        true => builder,
        false => builder.parse(ONE_OF, "built in"),
    }
}

/// Adds `__Type.isOneOf` (September 2025), which apollo-compiler 1.33 does not know.
pub fn with_is_one_of(mut schema: Schema) -> Schema {
    if let Some(ExtendedType::Object(object)) = schema.types.get_mut("__Type") {
        let definition = FieldDefinition {
            description: None,
            name: name!("isOneOf"),
            arguments: Vec::new(),
            ty: apollo_compiler::ty!(Boolean),
            directives: Default::default(),
        };
        object.make_mut().fields.entry(name!("isOneOf")).or_insert_with(|| Component::new(definition));
    }
    schema
}
