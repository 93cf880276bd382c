//! What every rule needs.

pub(crate) use super::super::context::{self, Cx, Owner, Place, Set};
pub(crate) use super::super::names::{self, Pattern, Style};
pub(crate) use super::super::project::{Definition as ProjectDefinition, Index, Uses, finding};
pub(crate) use super::super::rule::{Category, Entry, Fixable, Level, Meta, Rule, entry};
pub use crate::diagnostic::{DefinedName, Diagnostic, Edit, Fix, Safety};
pub use crate::document::{DefinedKind, FragmentId};
pub use crate::source::Span;
pub use apollo_compiler::ast::{
    Argument, Definition, Directive, EnumValueDefinition, Field, FieldDefinition, FragmentDefinition, FragmentSpread,
    InlineFragment, InputValueDefinition, OperationDefinition, OperationType, Selection, Value,
};
pub use apollo_compiler::{Name, Node};
pub use schemars::JsonSchema;
pub use serde::Deserialize;
