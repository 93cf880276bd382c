//! Output formats of diagnostics for other programs, one file for each.

mod checkstyle;
mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;

use crate::diagnostic::{Diagnostic, Diagnostics, Safety};
use crate::source::Position;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::str::FromStr;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Source lines and carets, for users.
    Human,
    /// One line for each finding, for users and editors.
    Compact,
    /// One JSON document.
    Json,
    /// One JSON document for each line.
    JsonLines,
    /// SARIF 2.1.0 (OASIS), which code hosts show.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report (the part of Code Climate's that it reads).
    Gitlab,
    /// JUnit XML: a test case for each finding.
    Junit,
    /// Checkstyle XML.
    Checkstyle,
}

/// Names of formats.
pub const NAMES: [(&str, Format); 9] = [
    ("human", Format::Human),
    ("compact", Format::Compact),
    ("json", Format::Json),
    ("json-lines", Format::JsonLines),
    ("sarif", Format::Sarif),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("junit", Format::Junit),
    ("checkstyle", Format::Checkstyle),
];

impl FromStr for Format {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, format)| *format).ok_or_else(|| {
            let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            format!("unknown format `{name}`; expected one of {}", known.join(", "))
        })
    }
}

/// The documentation of a code.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// A summary.
    pub what: String,
    /// The reason why it matters.
    pub why: String,
    /// The URL of its page.
    pub url: String,
}

/// Returns the documentation of a code.
pub type Describe<'d> = &'d dyn Fn(&str) -> Option<About>;

/// Returns the text of a format; empty for [`Format::Human`], which [`crate::diagnostic::render`] handles.
pub fn text(format: Format, diagnostics: &Diagnostics, describe: Describe<'_>) -> String {
    let findings = Finding::all(diagnostics);
    match format {
        Format::Human => String::new(),
        Format::Compact => findings.iter().map(compact).collect(),
        Format::Json => json::document(&findings, describe),
        Format::JsonLines => json::lines(&findings, describe),
        Format::Sarif => sarif::document(&findings, diagnostics, describe),
        Format::Github => findings.iter().map(github::line).collect(),
        Format::Gitlab => gitlab::document(&findings),
        Format::Junit => junit::document(&findings),
        Format::Checkstyle => checkstyle::document(&findings),
    }
}

/// A diagnostic with its resolved location.
struct Finding<'d> {
    diagnostic: &'d Diagnostic,
    /// The file, beginning and end; `None` for a finding about a whole run.
    place: Option<(&'d str, Position, Position)>,
    /// An identity that does not change when the line of the finding moves.
    fingerprint: String,
}

impl<'d> Finding<'d> {
    fn all(diagnostics: &'d Diagnostics) -> Vec<Self> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let sources = &diagnostics.sources;
        let one = |diagnostic: &'d Diagnostic| {
            let place = diagnostic.primary.as_ref().map(|label| {
                let end = crate::source::Span { start: label.span.end, ..label.span };
                (sources.name(label.span.source), sources.position(label.span), sources.position(end))
            });
            let file = place.map(|(file, ..)| file).unwrap_or_default();
            let words = format!("{}\0{file}\0{}", diagnostic.code, diagnostic.message);
            let count = seen.entry(words.clone()).or_default();
            *count += 1;
            let hash = Sha256::digest(format!("{words}\0{count}"));
            let fingerprint = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            Finding { diagnostic, place, fingerprint }
        };
        diagnostics.list.iter().map(one).collect()
    }

    fn severity(&self) -> &'static str {
        self.diagnostic.severity.name()
    }

    /// Returns the message with its note and help.
    fn full_message(&self) -> String {
        let more = [self.diagnostic.note.as_deref(), self.diagnostic.help.as_deref()];
        let parts: Vec<&str> =
            std::iter::once(self.diagnostic.message.as_str()).chain(more.into_iter().flatten()).collect();
        parts.join("; ")
    }

    fn fixable(&self) -> Option<&'static str> {
        self.diagnostic.fix.as_ref().map(|fix| if fix.safety == Safety::Safe { "safe" } else { "unsafe" })
    }
}

fn compact(finding: &Finding<'_>) -> String {
    let Diagnostic { code, message, .. } = finding.diagnostic;
    let place = finding.place.map(|(file, start, _)| format!("{file}:{}:{}: ", start.line, start.column));
    format!("{}{}[{code}]: {message}\n", place.unwrap_or_default(), finding.severity())
}
