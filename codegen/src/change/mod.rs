//! When the API moves: what is different between two schemas, and what of it matters to the operations of a project.
//!
//! [`diff`] compares schemas and judges each change for an arbitrary client. [`impact`] joins the changes with documents:
//! which of them are no longer valid, and where the generated code would have other types.

pub mod accepted;
mod behaviour;
mod diff;
mod impact;
mod kinds;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use apollo_compiler::Name;
use apollo_compiler::ast::OperationType;
use apollo_compiler::coordinate::{FieldArgumentCoordinate, SchemaCoordinate, TypeAttributeCoordinate, TypeCoordinate};
use std::fmt;

pub use diff::diff;
pub use impact::{Effect, Impact, impact};
pub use kinds::ChangeKind;

/// What a change means to a client of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Some valid operation is refused now, or gets an answer that it could not get before.
    Breaking,
    /// No operation breaks; some behave differently.
    Dangerous,
    /// Nobody notices who does not look.
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

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The schema definition.
    Schema,
    /// The root type of a kind of operation.
    Root(OperationType),
    /// Anything that has a schema coordinate: `Query.users(first:)`.
    Part(SchemaCoordinate),
}

impl Subject {
    /// Returns the type that it is, or that it is in.
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

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind it is.
    pub kind: ChangeKind,
    /// What it means.
    pub level: Level,
    /// Where in the schema.
    pub subject: Subject,
    /// What is different.
    pub message: String,
    /// What was there: a type, a default, a name, a text.
    pub before: Option<String>,
    /// What is there now.
    pub after: Option<String>,
    /// The place in the new schema, or of what is gone in the old one.
    pub place: Option<Span>,
}

impl Change {
    /// As a diagnostic: breaking changes are errors, dangerous ones warnings.
    pub fn diagnostic(&self) -> Diagnostic {
        let severity = match self.level {
            Level::Breaking => Severity::Error,
            Level::Dangerous => Severity::Warning,
            Level::Safe => Severity::Info,
        };
        let mut diagnostic = Diagnostic::error(self.kind.name(), self.message.as_str()).at(self.place, "");
        diagnostic.severity = severity;
        if self.level == Level::Safe { diagnostic } else { diagnostic.note(self.kind.why()) }
    }
}
