//! Recognizes texts that are not GraphQL in spite of their file names, to report one clear error instead of many syntax
//! errors.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};
use std::ops::Range;

/// A recognized text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The range that identifies it.
    pub place: Range<usize>,
    /// The error message.
    pub message: &'static str,
    /// The suggestion.
    pub help: &'static str,
}

impl Foreign {
    /// Returns the diagnostic about the text.
    pub fn diagnostic(self, source: SourceId) -> Diagnostic {
        Diagnostic::error(Code::UNREADABLE, self.message).at(Some(Span::new(source, self.place)), "").help(self.help)
    }
}

/// Recognizes a text that cannot be GraphQL; `None` for those that may be.
pub fn recognize(text: &str) -> Option<Foreign> {
    let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
    let trimmed = &text[start..];
    let line = start..start + trimmed.lines().next().unwrap_or_default().len();
    if trimmed.starts_with("version https://git-lfs.github.com/spec/") {
        let message = "the file is a Git LFS pointer; its content was not fetched";
        return Some(Foreign { place: line, message, help: "run `git lfs pull`" });
    }
    let begins_with = |tag: &str| trimmed.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag));
    if ["<!doctype html", "<html", "<head", "<body"].into_iter().any(begins_with) {
        let message = "the file is an HTML page";
        let help = "servers send HTML for a wrong URL or a login; fetch the schema with `graphwright \
                    introspect`";
        return Some(Foreign { place: line, message, help });
    }
    let place = conflict(text)?;
    let help = "resolve the conflict and remove the lines with <<<<<<<, ======= and >>>>>>>";
    Some(Foreign { place, message: "the file contains a merge conflict", help })
}

/// Returns the first line of a merge conflict outside strings.
fn conflict(text: &str) -> Option<Range<usize>> {
    let place = marked(text)?;
    let mut errors = apollo_parser::Lexer::new(text).filter_map(Result::err);
    errors.any(|error| error.index() == place.start).then_some(place)
}

/// Returns the first line of a merge conflict anywhere.
fn marked(text: &str) -> Option<Range<usize>> {
    let (mut begin, mut has_middle, mut at) = (None, false, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with("<<<<<<< ") {
            (begin, has_middle) = (Some(at..at + line.trim_end().len()), false);
        } else if line.starts_with("=======") {
            has_middle = true;
        } else if line.starts_with(">>>>>>> ") && has_middle && begin.is_some() {
            return begin;
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::recognize;

    #[test]
    fn a_conflict_in_a_string_is_text() {
        let lines = "<<<<<<< ours\n=======\n>>>>>>> theirs\n";
        assert!(recognize(&format!("query Q {{ a }}\n{lines}")).is_some_and(|one| one.message.contains("merge")));
        assert_eq!(recognize(&format!("\"\"\"\n{lines}\"\"\"\ntype Query {{ a: Int }}")), None);
        assert_eq!(recognize("query Q { a } # <<<<<<< ours"), None);
    }
}
