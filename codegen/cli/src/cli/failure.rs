//! Why a command ends early, and the exit code of each reason.

use super::Exit;
use super::report::Report;
use crate::diagnostic::Diagnostics;

/// Why there is no result.
pub enum Failure {
    /// The configuration, or a file that it names, is wrong.
    Configuration(Diagnostics),
    /// The documents are wrong.
    Findings(Diagnostics),
    /// The command cannot be understood, or a file cannot be used.
    Usage(anyhow::Error),
    /// A server did not give what was wanted.
    Network(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Usage(error)
    }
}

impl Failure {
    /// Says what it is.
    pub fn tell(&self, report: &Report) -> Exit {
        match self {
            Self::Configuration(diagnostics) | Self::Findings(diagnostics) => report.diagnostics(diagnostics),
            Self::Usage(error) | Self::Network(error) => report.failure(error),
        }
        match self {
            Self::Configuration(_) | Self::Usage(_) => Exit::Usage,
            Self::Findings(_) => Exit::Findings,
            Self::Network(_) => Exit::Network,
        }
    }
}
