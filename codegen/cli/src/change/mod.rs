//! Schema changes: the differences between two schemas, and their impact on the operations of a project.
//!
//! [`diff`] compares schemas and classifies each change for an arbitrary client. [`impact`] combines the changes with
//! documents: which of them become invalid, and where the generated types change.

pub mod accepted;
mod behaviour;
mod diff;
mod impact;
mod kinds;
mod types;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use apollo_compiler::Name;
use apollo_compiler::ast::OperationType;
use apollo_compiler::coordinate::{FieldArgumentCoordinate, SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate};
use std::fmt;

pub use diff::diff;
pub use impact::{Effect, Impact, impact};
pub use kinds::ChangeKind;

/// The effect of a change on an arbitrary client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Some valid operation becomes invalid, or gets a response that was impossible before.
    Breaking,
    /// No operation breaks; some behave differently.
    Dangerous,
    /// No existing operation is affected.
    Safe,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Dangerous => "dangerous",
            Self::Safe => "safe",
        })
    }
}

/// The subject of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The schema definition.
    Schema,
    /// The root type of a kind of operation.
    Root(OperationType),
    /// An element with a schema coordinate: `Query.users(first:)`.
    Part(SchemaCoordinate),
}

impl Subject {
    /// Returns the type that it is, or that contains it.
    pub fn ty(&self) -> Option<&Name> {
        match self {
            Self::Part(SchemaCoordinate::Type(TypeCoordinate { ty }))
            | Self::Part(SchemaCoordinate::TypeAttribute(TypeAttributeCoordinate { ty, .. }))
            | Self::Part(SchemaCoordinate::FieldArgument(FieldArgumentCoordinate { ty, .. })) => Some(ty),
            _ => None,
        }
    }
}

impl<T: Into<SchemaCoordinate>> From<T> for Subject {
    fn from(coordinate: T) -> Self {
        Self::Part(coordinate.into())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema => f.write_str("schema"),
            Self::Root(operation) => f.write_str(operation.name()),
            Self::Part(coordinate) => write!(f, "{coordinate}"),
        }
    }
}

/// A difference between two schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The kind of change.
    pub kind: ChangeKind,
    /// The effect on clients.
    pub level: Level,
    /// The changed element of the schema.
    pub subject: Subject,
    /// A description of the change.
    pub message: String,
    /// The old value: a type, a default, a name or a text.
    pub before: Option<String>,
    /// The new value.
    pub after: Option<String>,
    /// The span in the new schema; for a removal, in the old one.
    pub place: Option<Span>,
}

impl Change {
    /// Returns the change as a diagnostic: breaking changes are errors, dangerous ones warnings.
    pub fn diagnostic(&self) -> Diagnostic {
        let severity = match self.level {
            Level::Breaking => Severity::Error,
            Level::Dangerous => Severity::Warning,
            Level::Safe => Severity::Info,
        };
        let diagnostic = Diagnostic::new(self.kind.code(), severity, self.message.as_str()).at(self.place, "");
        if self.level == Level::Safe { diagnostic } else { diagnostic.note(self.kind.why()) }
    }
}
