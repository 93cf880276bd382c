//! Documents in Rust: the literals of `#[graphwright::operation("…")]` and `#[graphwright::operations("…")]`.

use crate::source::Text;
use crate::syntax::is_text;
use std::ops::Range;

/// A literal that contains a document.
#[derive(Debug, Clone)]
pub struct Literal {
    /// The document, with blanks for the text around it: offsets are those of the file.
    pub text: String,
    /// The range between the quotes.
    pub range: Range<usize>,
    /// The number of hashes of a raw literal; `None` if it is not raw.
    pub raw: Option<usize>,
}

/// The text around a document in a Rust file.
#[derive(Debug, Clone)]
pub struct Around {
    /// The text of the file.
    pub whole: Text,
    /// The range of the document.
    pub range: Range<usize>,
    /// See [`Literal::raw`].
    pub raw: Option<usize>,
}

impl Around {
    /// Returns true if a text can be inserted into the literal unchanged.
    pub fn takes(&self, text: &str) -> bool {
        match self.raw {
            Some(hashes) => !text.contains(&format!("\"{}", "#".repeat(hashes))),
            None => !text.contains(['"', '\\']),
        }
    }
}

/// Returns the documents of a Rust text.
pub fn documents(text: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    if !text.contains("operation") {
        return found;
    }
    let mut scanner = Scanner { text, at: 0 };
    let mut before: Vec<&str> = Vec::new();
    while let Some(token) = scanner.next() {
        match token {
            Token::Word(word) | Token::Other(word) => before.push(word),
            Token::Literal { .. } => before.push("\"\""),
        }
        let is_open = matches!(before.as_slice(), [.., "operation" | "operations", "("]);
        if is_open && is_attribute(&before[..before.len() - 2]) {
            scanner.arguments(&mut found);
            before.clear();
        }
        if before.len() > 64 {
            before.drain(..32);
        }
    }
    found
}

/// Returns true for `#[` followed by a path.
fn is_attribute(before: &[&str]) -> bool {
    let path = before.iter().rev().take_while(|token| **token != "[" && **token != "(");
    let length = path.clone().count();
    let is_path =
        path.clone().all(|token| *token == ":" || token.chars().all(|next| next.is_alphanumeric() || next == '_'));
    let start = before.len() - length;
    // `#[cfg_attr(test, operation("…"))]` also counts.
    is_path && start >= 2 && (before[start - 1] == "(" || (before[start - 1] == "[" && before[start - 2] == "#"))
}

enum Token<'t> {
    Word(&'t str),
    Other(&'t str),
    Literal { range: Range<usize>, raw: Option<usize> },
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    /// Finds the literals among the arguments without a key.
    fn arguments(&mut self, found: &mut Vec<Literal>) {
        let (mut depth, mut is_value) = (1_usize, false);
        while let Some(token) = self.next() {
            match token {
                Token::Other("(" | "[" | "{") => depth += 1,
                Token::Other(")" | "]" | "}") => depth -= 1,
                Token::Other("=") => is_value = true,
                Token::Other(",") if depth == 1 => is_value = false,
                Token::Literal { range, raw } if depth == 1 && !is_value => {
                    let text = self.document(&range, raw);
                    if is_text(&text[range.clone()]) {
                        found.push(Literal { text, range, raw });
                    }
                }
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Returns the document of a literal. Escapes are replaced by their value and blanks, so that offsets do not
    /// change.
    fn document(&self, range: &Range<usize>, raw: Option<usize>) -> String {
        let blank = |text: &str| -> String {
            text.bytes().map(|byte| if byte == b'\n' || byte == b'\r' { char::from(byte) } else { ' ' }).collect()
        };
        let inner = &self.text[range.clone()];
        let inner = match raw {
            Some(_) => inner.to_owned(),
            None => inner
                .replace("\\\"", " \"")
                .replace("\\n", "  ")
                .replace("\\t", "  ")
                .replace("\\r", "  ")
                .replace("\\\n", " \n"),
        };
        format!("{}{inner}{}", blank(&self.text[..range.start]), blank(&self.text[range.end..]))
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.rest();
            let first = rest.chars().next()?;
            if first.is_whitespace() {
                self.at += first.len_utf8();
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.block_comment();
            } else {
                return Some(self.token(first));
            }
        }
    }

    fn block_comment(&mut self) {
        let (mut depth, mut at) = (0_usize, self.at);
        while let Some(next) = self.text[at..].find(['/', '*']).map(|next| at + next) {
            match self.text.get(next..next + 2) {
                Some("/*") => depth += 1,
                Some("*/") => depth -= 1,
                _ => {
                    at = next + 1;
                    continue;
                }
            }
            at = next + 2;
            if depth == 0 {
                self.at = at;
                return;
            }
        }
        self.at = self.text.len();
    }

    fn token(&mut self, first: char) -> Token<'t> {
        let (start, rest) = (self.at, self.rest());
        let prefix = rest.len() - rest.trim_start_matches(['b', 'c']).len();
        let after = &rest[prefix.min(1)..];
        let hashes = after.strip_prefix('r').map(|raw| raw.len() - raw.trim_start_matches('#').len());
        if let Some(hashes) = hashes
            && after[1 + hashes..].starts_with('"')
        {
            let from = start + prefix.min(1) + 1 + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = self.text[from..].find(&close).map_or(self.text.len(), |end| from + end);
            self.at = (end + close.len()).min(self.text.len());
            return Token::Literal { range: from..end, raw: Some(hashes) };
        }
        if first == '"' || (prefix == 1 && after.starts_with('"')) {
            let from = start + prefix.min(1) + 1;
            let end = self.end_of_string(from);
            self.at = (end + 1).min(self.text.len());
            return Token::Literal { range: from..end, raw: None };
        }
        if first == '\'' {
            return self.quote();
        }
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        self.at += length;
        let word = &rest[..length];
        if first.is_alphanumeric() || first == '_' { Token::Word(word) } else { Token::Other(word) }
    }

    fn end_of_string(&self, from: usize) -> usize {
        let mut escaped = false;
        for (at, next) in self.text[from..].char_indices() {
            match next {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return from + at,
                _ => {}
            }
        }
        self.text.len()
    }

    /// Reads a character literal or a lifetime.
    fn quote(&mut self) -> Token<'t> {
        let (start, rest) = (self.at, self.rest());
        let mut inner = rest[1..].chars();
        let length = match (inner.next(), inner.next()) {
            (Some('\\'), Some(escaped)) => {
                let from = 2 + escaped.len_utf8();
                rest[from..].find('\'').map_or(rest.len(), |end| from + end + 1)
            }
            (Some(only), Some('\'')) => 2 + only.len_utf8(),
            _ => 1,
        };
        self.at = start + length;
        Token::Other(&rest[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_attributes_are_found_where_they_are() {
        let text = "// #[operation(\"{ no }\")]\n#[graphwright::operation(r#\"query Me { me(a: \"b\") }\"#, derives = [\"{ no }\"])]\nstruct Me<'a>;\n\
                    fn operation(a: char) { operation('\"'); let _ = \"#[operation(\\\"{ no }\\\")]\"; }\n\
                    #[operations(\"a.graphql\", \"{ you(a: \\\"b\\\") }\")] mod x {}";
        let found = documents(text);
        let shown: Vec<&str> = found.iter().map(|literal| literal.text.trim()).collect();
        assert_eq!(shown, ["query Me { me(a: \"b\") }", "{ you(a:  \"b \") }"]);
        assert!(found.iter().all(|literal| literal.text.len() == text.len()));
        assert_eq!(&text[found[0].range.clone()], shown[0]);
    }
}
