//! What a schema says of one type.

use crate::syntax::scan::Kind;
use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::schema::{self, ComponentName, EnumType, ExtendedType, InputObjectType, ScalarType, UnionType};
use apollo_compiler::{Name, Node};

/// The kinds of types (specification, 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeKind {
    /// A scalar.
    Scalar,
    /// An object type.
    Object,
    /// An interface.
    Interface,
    /// A union.
    Union,
    /// An enum.
    Enum,
    /// An input object.
    InputObject,
}

impl TypeKind {
    /// The kind of type that a definition defines; `None` for directives and the schema itself.
    pub(super) fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Scalar => Self::Scalar,
            Kind::Object => Self::Object,
            Kind::Interface => Self::Interface,
            Kind::Union => Self::Union,
            Kind::Enum => Self::Enum,
            Kind::InputObject => Self::InputObject,
            Kind::Schema | Kind::Directive => return None,
        })
    }

    /// True for types whose values have selection sets.
    pub fn is_composite(self) -> bool {
        matches!(self, Self::Object | Self::Interface | Self::Union)
    }

    /// True for types of arguments and variables (specification, 3.4.2).
    pub fn is_input(self) -> bool {
        matches!(self, Self::Scalar | Self::Enum | Self::InputObject)
    }
}

/// The definition of a type, with its extensions. The fields of objects and interfaces are not in it: see
/// [`Schema::field`](super::Schema::field).
#[derive(Debug)]
pub enum TypeDefinition {
    /// A scalar.
    Scalar(Node<ScalarType>),
    /// An object type, without its fields.
    Object(FieldsType),
    /// An interface, without its fields.
    Interface(FieldsType),
    /// A union.
    Union(Node<UnionType>),
    /// An enum.
    Enum(Node<EnumType>),
    /// An input object.
    InputObject(Node<InputObjectType>),
}

/// An object type or an interface, without its fields.
#[derive(Debug)]
pub struct FieldsType {
    /// The name.
    pub name: Name,
    /// The description.
    pub description: Option<Node<str>>,
    /// The directives.
    pub directives: schema::DirectiveList,
    /// The interfaces that it declares to implement.
    pub implements: Vec<ComponentName>,
}

impl TypeDefinition {
    /// The kind of the type.
    pub fn kind(&self) -> TypeKind {
        match self {
            Self::Scalar(_) => TypeKind::Scalar,
            Self::Object(_) => TypeKind::Object,
            Self::Interface(_) => TypeKind::Interface,
            Self::Union(_) => TypeKind::Union,
            Self::Enum(_) => TypeKind::Enum,
            Self::InputObject(_) => TypeKind::InputObject,
        }
    }

    /// The name, at its place.
    pub fn name(&self) -> &Name {
        match self {
            Self::Scalar(of) => &of.name,
            Self::Object(of) | Self::Interface(of) => &of.name,
            Self::Union(of) => &of.name,
            Self::Enum(of) => &of.name,
            Self::InputObject(of) => &of.name,
        }
    }

    /// The description.
    pub fn description(&self) -> Option<&Node<str>> {
        match self {
            Self::Scalar(of) => of.description.as_ref(),
            Self::Object(of) | Self::Interface(of) => of.description.as_ref(),
            Self::Union(of) => of.description.as_ref(),
            Self::Enum(of) => of.description.as_ref(),
            Self::InputObject(of) => of.description.as_ref(),
        }
    }

    /// The directives.
    pub fn directives(&self) -> &schema::DirectiveList {
        match self {
            Self::Scalar(of) => &of.directives,
            Self::Object(of) | Self::Interface(of) => &of.directives,
            Self::Union(of) => &of.directives,
            Self::Enum(of) => &of.directives,
            Self::InputObject(of) => &of.directives,
        }
    }

    /// The definition as apollo-compiler has it, and its fields, if it is of a kind that has fields.
    pub(super) fn of(definition: ExtendedType) -> (Self, Vec<Node<FieldDefinition>>) {
        match definition {
            ExtendedType::Scalar(of) => (Self::Scalar(of), Vec::new()),
            ExtendedType::Union(of) => (Self::Union(of), Vec::new()),
            ExtendedType::Enum(of) => (Self::Enum(of), Vec::new()),
            ExtendedType::InputObject(of) => (Self::InputObject(of), Vec::new()),
            ExtendedType::Object(of) => {
                let fields = of.fields.values().map(|field| field.node.clone()).collect();
                let head = FieldsType {
                    name: of.name.clone(),
                    description: of.description.clone(),
                    directives: of.directives.clone(),
                    implements: of.implements_interfaces.iter().cloned().collect(),
                };
                (Self::Object(head), fields)
            }
            ExtendedType::Interface(of) => {
                let fields = of.fields.values().map(|field| field.node.clone()).collect();
                let head = FieldsType {
                    name: of.name.clone(),
                    description: of.description.clone(),
                    directives: of.directives.clone(),
                    implements: of.implements_interfaces.iter().cloned().collect(),
                };
                (Self::Interface(head), fields)
            }
        }
    }
}
