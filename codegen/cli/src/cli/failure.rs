//! The reasons for which a command ends early, and their exit codes.

use super::Exit;
use super::report::Report;
use crate::diagnostic::Diagnostics;

/// The reason for which a command has no result.
pub enum Failure {
    /// The configuration, or a file that it names, is invalid.
    Configuration(Diagnostics),
    /// The documents are invalid.
    Findings(Diagnostics),
    /// The command line is invalid, or a file cannot be used.
    Usage(anyhow::Error),
    /// A request to a server failed.
    Network(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Usage(error)
    }
}

impl Failure {
    /// Reports the failure and returns its exit code.
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
