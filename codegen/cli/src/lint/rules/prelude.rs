//! The names that every rule needs.

pub(crate) use super::super::context::{self, Cx, Place};
pub(crate) use super::super::names::{self, Pattern, Style};
pub(crate) use super::super::project::{Definition as ProjectDefinition, Index, Uses, finding};
pub(crate) use super::super::rule::{Category, Entry, Fixable, Level, Meta, Reads, Rule, SchemaRule, entry};
pub(crate) use super::super::text::TextContext;
pub(crate) use super::super::type_system::definition::{Element, ElementKind, TypeDefinition, kind_name};
pub(crate) use super::super::type_system::walk::SchemaContext;
pub use crate::diagnostic::{DefinedName, Diagnostic, Edit, Fix, Safety};
pub use crate::query::{FragmentId, Owner, Selected, SelectedField, SelectionSet};
pub use crate::source::Span;
pub use crate::syntax::DefinedKind;
pub(crate) use crate::syntax::scan::Kind;
pub use apollo_compiler::ast::{
    Argument, Definition, Directive, EnumValueDefinition, Field, FieldDefinition, FragmentDefinition, FragmentSpread,
    InlineFragment, InputValueDefinition, OperationDefinition, OperationType, Selection, Type, Value,
};
pub use apollo_compiler::{Name, Node};
pub use schemars::JsonSchema;
pub use serde::Deserialize;

/// Defines the metadata of a rule whose examples are files: `cases/RULE/invalid/example.graphql`, and the same under
/// `valid`.
macro_rules! meta {
    ($name:literal, $category:expr, $reads:expr) => {
        Meta {
            reads: $reads,
            bad: include_str!(concat!("cases/", $name, "/invalid/example.graphql")),
            good: include_str!(concat!("cases/", $name, "/valid/example.graphql")),
            ..Meta::new($name, $category)
        }
    };
}
pub(crate) use meta;
