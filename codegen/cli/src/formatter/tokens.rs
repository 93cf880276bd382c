//! Tokens and comments of a text, independent of its layout.

use crate::syntax::scan::Scanner;
use graphwright_prebuilt::meaning::{self, Token};
use std::ops::Range;

/// The tokens of a text, and its comments.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) tokens: Vec<Range<usize>>,
    pub(super) comments: Vec<Range<usize>>,
}

/// Returns the tokens; `None` if the text contains an invalid token.
pub(super) fn tokens(text: &str) -> Option<Tokens> {
    let mut scanner = Scanner::new(text);
    let mut all = Tokens::default();
    let mut from = scanner.offset();
    loop {
        let next = scanner.next_token();
        let gap = from..next.unwrap_or(text.len());
        let mut at = gap.start;
        while let Some(found) = text[at..gap.end].find('#') {
            let start = at + found;
            at = text[start..gap.end].find(['\n', '\r']).map_or(gap.end, |end| start + end);
            all.comments.push(start..at);
        }
        let Some(start) = next else { return Some(all) };
        let end = match text.as_bytes()[start] {
            b'"' => {
                scanner.string()?;
                scanner.offset()
            }
            b'.' => text[start..].starts_with("...").then_some(start + 3)?,
            b'-' | b'0'..=b'9' => {
                let number = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '+' | '.');
                start + text[start..].find(|next| !number(next)).unwrap_or(text.len() - start)
            }
            _ => match scanner.name() {
                Some(name) => name.end,
                None => start + text[start..].chars().next().map_or(1, char::len_utf8),
            },
        };
        scanner.go_to(end);
        all.tokens.push(start..end);
        from = end;
    }
}

/// The content that formatting must keep: the tokens in their order, and the comments.
///
/// Block strings and separators are compared by their meaning: see [`meaning::tokens`].
#[derive(Debug, PartialEq, Eq)]
pub struct Content {
    tokens: Vec<String>,
    /// The comments, sorted, since formatting may reorder them.
    comments: Vec<String>,
}

/// Returns the content of a text.
pub fn content(text: &str) -> Content {
    let mut content = Content { tokens: Vec::new(), comments: Vec::new() };
    meaning::tokens(text, |token| match token {
        Token::Word(word) => content.tokens.push(word.to_owned()),
        Token::Block(lines) => content.tokens.push(format!("\"\"\"{}", lines.join("\n"))),
        Token::Comment(comment) => content.comments.push(comment.to_owned()),
    });
    content.comments.sort();
    content
}
