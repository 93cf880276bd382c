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
use std::fmt;

pub use diff::diff;
pub use impact::{Effect, Impact, impact};
pub use kinds::{KINDS, Kind, kind};

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

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind it is.
    pub kind: &'static Kind,
    /// What it means.
    pub level: Level,
    /// Where in the schema, as a schema coordinate: `Query.users(first:)`.
    pub coordinate: String,
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
        let mut diagnostic = Diagnostic::error(self.kind.name, self.message.as_str()).at(self.place, "");
        diagnostic.severity = severity;
        if self.level == Level::Safe { diagnostic } else { diagnostic.note(self.kind.why) }
    }

    /// The names of its coordinate: type, field, argument.
    pub fn names(&self) -> Vec<&str> {
        self.coordinate.split(['.', '(', ':', ')', '@']).filter(|name| !name.is_empty()).collect()
    }
}
