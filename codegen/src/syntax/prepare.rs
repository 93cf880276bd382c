//! Prepares a document for apollo-parser 0.8 without changing offsets.
//!
//! The parser does not support descriptions of executable definitions (September 2025, section 2.2):
//! they are read here and replaced by blanks. A byte order mark also becomes blanks.

use apollo_parser::{Lexer, Token, TokenKind};
use std::collections::HashMap;

/// A text that the parser supports, and the removed parts.
pub struct Prepared {
    pub text: String,
    pub descriptions: HashMap<usize, String>,
    pub imports: Vec<String>,
    /// Whether the text contains only white space and comments.
    pub is_empty: bool,
}

/// Removes the parts that the parser does not support.
pub fn prepare(text: &str) -> Prepared {
    let mut bytes = text.as_bytes().to_vec();
    if text.starts_with('\u{feff}') {
        blank(&mut bytes, 0..3);
    }
    let text_without_mark = String::from_utf8(bytes).expect("blanks keep UTF-8 valid");
    let mut descriptions = HashMap::new();
    let mut bytes = text_without_mark.as_bytes().to_vec();
    if text.contains('"') {
        for (description, follows) in find_descriptions(&text_without_mark) {
            let range = description.index()..description.index() + description.data().len();
            descriptions.insert(follows, string_value(description.data()));
            blank(&mut bytes, range);
        }
    }
    let text = String::from_utf8(bytes).expect("whole tokens are replaced by blanks");
    Prepared { imports: imports(&text), is_empty: is_empty(&text), text, descriptions }
}

/// Returns the text with blanks for its commas, which have no more meaning than white space (2.1.5); `None` if it
/// has none.
///
/// The parser rejects some of them: `{ a, : b }`, `..., on T`, `extend, type T`. Other texts need no replacement.
pub fn without_commas(text: &str) -> Option<String> {
    let commas = Lexer::new(text).filter_map(Result::ok).filter(|token| token.kind() == TokenKind::Comma);
    let commas: Vec<usize> = commas.map(|token| token.index()).collect();
    let mut bytes = text.as_bytes().to_vec();
    commas.iter().for_each(|at| bytes[*at] = b' ');
    (!commas.is_empty()).then(|| String::from_utf8(bytes).expect("commas and blanks are one byte each"))
}

/// Replaces a range by blanks, keeping line breaks, so that positions do not change.
fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    for byte in &mut bytes[range] {
        if *byte != b'\n' && *byte != b'\r' {
            *byte = b' ';
        }
    }
}

/// Returns the string tokens that describe an operation, a fragment or a variable, each with the offset of
/// the token after it.
fn find_descriptions(text: &str) -> Vec<(Token<'_>, usize)> {
    let tokens: Vec<Token<'_>> = Lexer::new(text).filter_map(Result::ok).filter(|token| !is_ignored(token)).collect();
    let mut found = Vec::new();
    let (mut curly, mut round, mut square) = (0_u32, 0_u32, 0_u32);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind() {
            TokenKind::LCurly => curly += 1,
            TokenKind::RCurly => curly = curly.saturating_sub(1),
            TokenKind::LParen => round += 1,
            TokenKind::RParen => round = round.saturating_sub(1),
            TokenKind::LBracket => square += 1,
            TokenKind::RBracket => square = square.saturating_sub(1),
            TokenKind::StringValue if curly == 0 && square == 0 => {
                let Some(next) = tokens.get(at + 1) else { continue };
                let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(Token::kind);
                let is_value = matches!(before, Some(TokenKind::Eq | TokenKind::Colon));
                let describes = match round {
                    0 => matches!(next.data(), "query" | "mutation" | "subscription" | "fragment"),
                    1 => next.kind() == TokenKind::Dollar && !is_value,
                    _ => false,
                };
                if describes {
                    found.push((token.clone(), next.index()));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_ignored(token: &Token<'_>) -> bool {
    matches!(token.kind(), TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma)
}

/// Returns the value of a string token, parsed as the only argument of a small document.
fn string_value(token: &str) -> String {
    let document = format!("{{ a(b: {token}) }}");
    let parsed = apollo_compiler::ast::Document::parse(document, "description");
    let parsed = parsed.unwrap_or_else(|found| found.partial);
    let operation = parsed.definitions.first().and_then(|definition| definition.as_operation_definition());
    let field = operation.and_then(|operation| operation.selection_set.first()).and_then(|field| field.as_field());
    let value = field.and_then(|field| field.arguments.first()).and_then(|argument| argument.value.as_str());
    value.unwrap_or_default().to_owned()
}

fn is_empty(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_start_matches([' ', '\t', ',']));
    lines.all(|line| line.is_empty() || line.starts_with('#'))
}

/// Returns the paths in lines like `#import "./fragments.graphql"` or `# import A, B from "fragments.graphql"`.
fn imports(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim_start).filter_map(|line| line.strip_prefix('#'));
    let imports = lines.map(str::trim_start).filter_map(|line| line.strip_prefix("import "));
    imports
        .filter_map(|rest| {
            let start = rest.find(['"', '\''])?;
            let quote = rest[start..].chars().next()?;
            let end = rest[start + 1..].find(quote)?;
            Some(rest[start + 1..start + 1 + end].to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_taken_out_and_nothing_moves() {
        let text = "\"\"\"\nÄ list\n\"\"\"\nquery A($x: Int = 1, \"how many\" $y: String = \"no\") { a(b: \"text\") }";
        let prepared = prepare(text);
        assert_eq!(prepared.text.len(), text.len());
        assert_eq!(prepared.text.find("query"), text.find("query"));
        assert!(prepared.text.contains("\"no\"") && prepared.text.contains("\"text\""));
        assert!(!prepared.text.contains("how many"));
        let query = text.find("query").expect("there is one");
        assert_eq!(prepared.descriptions[&query], "Ä list");
        assert_eq!(prepared.descriptions[&text.find("$y").expect("there is one")], "how many");
    }

    #[test]
    fn commas_in_strings_and_comments_stay() {
        let text = "{ a(b: \"x, y\", c: \"\"\"1, \\\"\"\", 2\"\"\") # d, e\n, : f }";
        let blanked = without_commas(text).expect("there are commas outside");
        assert_eq!(blanked, "{ a(b: \"x, y\"  c: \"\"\"1, \\\"\"\", 2\"\"\") # d, e\n  : f }");
        assert_eq!(without_commas("{ a } # b, c"), None);
    }

    #[test]
    fn import_lines_are_found() {
        let text = "#import \"./a.graphql\"\n# import X, Y from 'b.graphql'\n{ a }";
        assert_eq!(prepare(text).imports, ["./a.graphql", "b.graphql"]);
    }
}
