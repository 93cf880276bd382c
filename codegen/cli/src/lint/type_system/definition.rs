//! A uniform view of type system definitions and extensions.

use crate::syntax::scan::Kind;
use apollo_compiler::ast::{
    Definition, Directive, DirectiveLocation, EnumValueDefinition, FieldDefinition, InputValueDefinition,
    OperationType, Type,
};
use apollo_compiler::{Name, Node};

/// A definition or an extension; parts that its kind does not have are empty.
#[derive(Debug, Clone, Copy)]
pub struct TypeDefinition<'a> {
    /// The kind of definition.
    pub kind: Kind,
    /// Whether it is an extension.
    pub is_extension: bool,
    /// The node itself.
    pub node: &'a Definition,
    /// The name; `schema` has none.
    pub name: Option<&'a Name>,
    /// The description.
    pub description: Option<&'a Node<str>>,
    /// The directives that are applied to it.
    pub directives: &'a [Node<Directive>],
    /// The interfaces of an object or interface, or the members of a union.
    pub names: &'a [Name],
    /// The fields of an object or interface.
    pub fields: &'a [Node<FieldDefinition>],
    /// The fields of an input object, or the arguments of a directive.
    pub inputs: &'a [Node<InputValueDefinition>],
    /// The values of an enum.
    pub values: &'a [Node<EnumValueDefinition>],
    /// The root operation types of a schema.
    pub roots: &'a [Node<(OperationType, Name)>],
    /// The locations of a directive definition.
    pub locations: &'a [DirectiveLocation],
}

impl<'a> TypeDefinition<'a> {
    /// Returns the definition in a node; `None` for operations and fragments.
    pub fn of(node: &'a Definition) -> Option<Self> {
        use Definition as D;
        let (kind, name, description, directives) = match node {
            D::SchemaDefinition(of) => (Kind::Schema, None, of.description.as_ref(), &of.directives.0),
            D::SchemaExtension(of) => (Kind::Schema, None, None, &of.directives.0),
            D::ScalarTypeDefinition(of) => (Kind::Scalar, Some(&of.name), of.description.as_ref(), &of.directives.0),
            D::ScalarTypeExtension(of) => (Kind::Scalar, Some(&of.name), None, &of.directives.0),
            D::ObjectTypeDefinition(of) => (Kind::Object, Some(&of.name), of.description.as_ref(), &of.directives.0),
            D::ObjectTypeExtension(of) => (Kind::Object, Some(&of.name), None, &of.directives.0),
            D::InterfaceTypeDefinition(of) => {
                (Kind::Interface, Some(&of.name), of.description.as_ref(), &of.directives.0)
            }
            D::InterfaceTypeExtension(of) => (Kind::Interface, Some(&of.name), None, &of.directives.0),
            D::UnionTypeDefinition(of) => (Kind::Union, Some(&of.name), of.description.as_ref(), &of.directives.0),
            D::UnionTypeExtension(of) => (Kind::Union, Some(&of.name), None, &of.directives.0),
            D::EnumTypeDefinition(of) => (Kind::Enum, Some(&of.name), of.description.as_ref(), &of.directives.0),
            D::EnumTypeExtension(of) => (Kind::Enum, Some(&of.name), None, &of.directives.0),
            D::InputObjectTypeDefinition(of) => {
                (Kind::InputObject, Some(&of.name), of.description.as_ref(), &of.directives.0)
            }
            D::InputObjectTypeExtension(of) => (Kind::InputObject, Some(&of.name), None, &of.directives.0),
            D::DirectiveDefinition(of) => {
                return Some(Self {
                    inputs: &of.arguments,
                    locations: &of.locations,
                    ..Self::bare(node, Kind::Directive, Some(&of.name), of.description.as_ref(), &[])
                });
            }
            D::OperationDefinition(_) | D::FragmentDefinition(_) => return None,
        };
        let mut this = Self::bare(node, kind, name, description, directives);
        match node {
            D::SchemaDefinition(of) => this.roots = &of.root_operations,
            D::SchemaExtension(of) => this.roots = &of.root_operations,
            D::ObjectTypeDefinition(of) => (this.names, this.fields) = (&of.implements_interfaces, &of.fields),
            D::ObjectTypeExtension(of) => (this.names, this.fields) = (&of.implements_interfaces, &of.fields),
            D::InterfaceTypeDefinition(of) => (this.names, this.fields) = (&of.implements_interfaces, &of.fields),
            D::InterfaceTypeExtension(of) => (this.names, this.fields) = (&of.implements_interfaces, &of.fields),
            D::UnionTypeDefinition(of) => this.names = &of.members,
            D::UnionTypeExtension(of) => this.names = &of.members,
            D::EnumTypeDefinition(of) => this.values = &of.values,
            D::EnumTypeExtension(of) => this.values = &of.values,
            D::InputObjectTypeDefinition(of) => this.inputs = &of.fields,
            D::InputObjectTypeExtension(of) => this.inputs = &of.fields,
            _ => {}
        }
        Some(this)
    }

    fn bare(
        node: &'a Definition,
        kind: Kind,
        name: Option<&'a Name>,
        description: Option<&'a Node<str>>,
        directives: &'a [Node<Directive>],
    ) -> Self {
        let is_extension = node.is_extension_definition();
        Self {
            kind,
            is_extension,
            node,
            name,
            description,
            directives,
            names: &[],
            fields: &[],
            inputs: &[],
            values: &[],
            roots: &[],
            locations: &[],
        }
    }

    /// Returns the name as text; empty for `schema`.
    pub fn text(&self) -> &'a str {
        self.name.map(Name::as_str).unwrap_or_default()
    }

    /// Returns true for a definition or extension of an object type.
    pub fn is_object(&self) -> bool {
        self.kind == Kind::Object
    }

    /// Returns the field of a name.
    pub fn field(&self, name: &str) -> Option<&'a Node<FieldDefinition>> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The kind of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementKind {
    /// A definition or an extension.
    Definition(Kind),
    /// A field of an object or interface.
    Field,
    /// An argument of a field or of a directive definition.
    Argument,
    /// A field of an input object.
    InputField,
    /// A value of an enum.
    EnumValue,
}

/// A definition or a part of one: a node that can have a name, a description and directives.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// The kind of the element.
    pub kind: ElementKind,
    /// The name; `schema` has none.
    pub name: Option<&'a Name>,
    /// The description.
    pub description: Option<&'a Node<str>>,
    /// The directives that are applied to it.
    pub directives: &'a [Node<Directive>],
    /// The type of a field, an input field or an argument.
    pub ty: Option<&'a Type>,
    /// The definition that it is, or that contains it.
    pub definition: &'a TypeDefinition<'a>,
    /// The field that an argument belongs to.
    pub field: Option<&'a FieldDefinition>,
}

impl<'a> Element<'a> {
    /// Creates the element of a definition.
    pub fn definition(definition: &'a TypeDefinition<'a>) -> Self {
        Self {
            kind: ElementKind::Definition(definition.kind),
            name: definition.name,
            description: definition.description,
            directives: definition.directives,
            ty: None,
            definition,
            field: None,
        }
    }

    /// Creates the element of a field.
    pub fn field(definition: &'a TypeDefinition<'a>, field: &'a FieldDefinition) -> Self {
        Self {
            kind: ElementKind::Field,
            name: Some(&field.name),
            description: field.description.as_ref(),
            directives: &field.directives.0,
            ty: Some(&field.ty),
            definition,
            field: None,
        }
    }

    /// Creates the element of an input field, or of an argument of a field or of a directive definition.
    pub fn input(
        definition: &'a TypeDefinition<'a>,
        field: Option<&'a FieldDefinition>,
        input: &'a InputValueDefinition,
    ) -> Self {
        let kind = if definition.kind == Kind::InputObject { ElementKind::InputField } else { ElementKind::Argument };
        Self {
            kind,
            name: Some(&input.name),
            description: input.description.as_ref(),
            directives: &input.directives.0,
            ty: Some(&input.ty),
            definition,
            field,
        }
    }

    /// Creates the element of an enum value.
    pub fn value(definition: &'a TypeDefinition<'a>, value: &'a EnumValueDefinition) -> Self {
        Self {
            kind: ElementKind::EnumValue,
            name: Some(&value.value),
            description: value.description.as_ref(),
            directives: &value.directives.0,
            ty: None,
            definition,
            field: None,
        }
    }

    /// Returns the schema coordinate (specification, 3.14), in backticks.
    pub fn coordinate(&self) -> String {
        let of = self.definition.text();
        let name = self.name.map(Name::as_str).unwrap_or_default();
        let at = if self.definition.kind == Kind::Directive { "@" } else { "" };
        match (self.kind, self.field) {
            (ElementKind::Definition(Kind::Schema), _) => "`schema`".to_owned(),
            (ElementKind::Definition(_), _) => format!("`{at}{name}`"),
            (ElementKind::Argument, Some(field)) => format!("`{of}.{}({name}:)`", field.name),
            (ElementKind::Argument, None) => format!("`@{of}({name}:)`"),
            _ => format!("`{of}.{name}`"),
        }
    }
}

/// Returns the word for a kind of definition.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "schema",
        Kind::Directive => "directive",
        Kind::Scalar => "scalar",
        Kind::Object => "object type",
        Kind::Interface => "interface",
        Kind::Union => "union",
        Kind::Enum => "enum",
        Kind::InputObject => "input object",
    }
}
