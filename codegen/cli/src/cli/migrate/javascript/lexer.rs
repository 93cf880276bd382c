//! Tokens of JavaScript, as far as they are needed to find the extent of literals.

use crate::cli::migrate::syntax::{Regex, SyntaxError};
use std::ops::Range;

/// A token with its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// The range in the text.
    pub range: Range<usize>,
    /// The kind of the token.
    pub kind: Kind,
    /// Whether a line break precedes it.
    pub is_first_in_line: bool,
}

/// The kind of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A name or a keyword.
    Name(String),
    /// A string, or a template without expressions.
    String(String),
    /// A template with expressions.
    Template,
    /// A number.
    Number(f64),
    /// A regular expression.
    Regex(Regex),
    /// `...`
    Spread,
    /// `=>`
    Arrow,
    /// Any other character.
    Punct(char),
    /// The end of the text.
    End,
}

impl Kind {
    /// Returns true if it is this character.
    pub fn is(&self, punct: char) -> bool {
        *self == Self::Punct(punct)
    }

    /// Returns true if it is this name.
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(own) if own == name)
    }

    /// Returns true if an expression can end with it, so that a slash after it is a division.
    pub fn ends_expression(&self) -> bool {
        match self {
            Self::Name(name) => !matches!(&**name, "return" | "typeof" | "case" | "in" | "of" | "default" | "await"),
            Self::String(_) | Self::Template | Self::Number(_) | Self::Regex(_) => true,
            Self::Punct(punct) => matches!(punct, ')' | ']' | '}'),
            Self::Spread | Self::Arrow | Self::End => false,
        }
    }
}

/// Returns all tokens of a text; the last one is [`Kind::End`].
///
/// # Errors
/// A string, template, regular expression or comment is unterminated.
pub fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens: Vec<Token> = Vec::new();
    loop {
        let is_first_in_line = lexer.skip_blanks()?;
        let start = lexer.at;
        let after_expression = tokens.last().is_some_and(|last| last.kind.ends_expression());
        let kind = lexer.token(after_expression)?;
        let is_end = kind == Kind::End;
        tokens.push(Token { range: start..lexer.at, kind, is_first_in_line });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error<T>(&self, start: usize, message: &str) -> Result<T, SyntaxError> {
        Err(SyntaxError { range: start..(start + 1).min(self.text.len()).max(start), message: message.to_owned() })
    }

    /// Skips white space and comments; returns true if they contain a line break.
    fn skip_blanks(&mut self) -> Result<bool, SyntaxError> {
        let mut has_newline = false;
        loop {
            let rest = self.rest();
            let is_hashbang = self.at == 0 && rest.starts_with("#!");
            if rest.starts_with("//") || is_hashbang {
                self.at += rest.find(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let Some(end) = rest.find("*/") else { return self.error(self.at, "unterminated comment") };
                has_newline |= rest[..end].contains(['\n', '\r']);
                self.at += end + 2;
            } else {
                match rest.chars().next() {
                    Some(blank) if blank.is_whitespace() || blank == '\u{feff}' => {
                        has_newline |= matches!(blank, '\n' | '\r' | '\u{2028}' | '\u{2029}');
                        self.at += blank.len_utf8();
                    }
                    _ => return Ok(has_newline),
                }
            }
        }
    }

    fn token(&mut self, after_expression: bool) -> Result<Kind, SyntaxError> {
        let Some(first) = self.next() else { return Ok(Kind::End) };
        match first {
            '"' | '\'' => self.string(first).map(Kind::String),
            '`' => self.template(),
            '/' if !after_expression => self.regex(),
            '0'..='9' => self.number(),
            '.' if self.rest().starts_with("...") => Ok(self.take(3, Kind::Spread)),
            '.' if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => self.number(),
            '=' if self.rest().starts_with("=>") => Ok(self.take(2, Kind::Arrow)),
            first if is_name_start(first) => {
                let rest = self.rest();
                let more = &rest[first.len_utf8()..];
                let end = rest.len() - more.trim_start_matches(is_name_part).len();
                let name = rest[..end].to_owned();
                Ok(self.take(end, Kind::Name(name)))
            }
            other => Ok(self.take(other.len_utf8(), Kind::Punct(other))),
        }
    }

    fn take(&mut self, length: usize, kind: Kind) -> Kind {
        self.at += length;
        kind
    }

    fn number(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let rest = self.rest();
        let mut end = 0;
        for (at, next) in rest.char_indices() {
            let is_sign = matches!(next, '+' | '-') && rest[..at].ends_with(['e', 'E']) && !rest.starts_with("0x");
            if !(next.is_ascii_alphanumeric() || matches!(next, '.' | '_') || is_sign) {
                break;
            }
            end = at + next.len_utf8();
        }
        let text = rest[..end].replace('_', "");
        let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(|number| number as f64);
        let number = match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("0x") => radix(&text[2..], 16),
            Some("0o") => radix(&text[2..], 8),
            Some("0b") => radix(&text[2..], 2),
            _ => text.trim_end_matches('n').parse().ok(),
        };
        self.at += end;
        match number {
            Some(number) => Ok(Kind::Number(number)),
            None => self.error(start, "invalid number"),
        }
    }

    fn string(&mut self, quote: char) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut content = String::new();
        loop {
            match self.next() {
                Some('\\') => self.escape(start, &mut content)?,
                Some(next) if next == quote => {
                    self.at += 1;
                    return Ok(content);
                }
                None | Some('\n' | '\r') => return self.error(start, "unterminated string"),
                Some(next) => {
                    content.push(next);
                    self.at += next.len_utf8();
                }
            }
        }
    }

    /// Reads an escape sequence.
    fn escape(&mut self, start: usize, content: &mut String) -> Result<(), SyntaxError> {
        self.at += 1;
        let Some(next) = self.next() else { return self.error(start, "unterminated string") };
        self.at += next.len_utf8();
        match next {
            'n' => content.push('\n'),
            't' => content.push('\t'),
            'r' => content.push('\r'),
            'b' => content.push('\u{8}'),
            'f' => content.push('\u{c}'),
            'v' => content.push('\u{b}'),
            '0' => content.push('\0'),
            'x' => content.push(self.hexadecimal(2)?),
            'u' if self.rest().starts_with('{') => {
                let length = self.rest().find('}').unwrap_or(0);
                self.at += 1;
                let code = self.hexadecimal(length.saturating_sub(1))?;
                self.at += 1;
                content.push(code);
            }
            'u' => content.push(self.hexadecimal(4)?),
            // A line continuation.
            '\n' => {}
            '\r' => self.at += usize::from(self.rest().starts_with('\n')),
            other => content.push(other),
        }
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<char, SyntaxError> {
        let code = self.rest().get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(code) = code else { return self.error(self.at, "expected hexadecimal digits of a character") };
        self.at += digits;
        // An unpaired surrogate is not a character.
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Reads a template. Nested expressions are skipped without recursion.
    fn template(&mut self) -> Result<Kind, SyntaxError> {
        /// The owner of an open bracket.
        #[derive(PartialEq)]
        enum In {
            Template,
            Braces,
        }
        let start = self.at;
        self.at += 1;
        let mut open = vec![In::Template];
        let mut content = String::new();
        let mut has_expressions = false;
        while let Some(innermost) = open.last() {
            let is_template = *innermost == In::Template;
            match self.next() {
                None => return self.error(start, "unterminated template"),
                Some('\\') => self.escape(start, &mut content)?,
                Some('`') => {
                    self.at += 1;
                    if is_template {
                        open.pop();
                    } else {
                        open.push(In::Template);
                    }
                }
                Some('$') if is_template && self.rest().starts_with("${") => {
                    self.at += 2;
                    has_expressions = true;
                    open.push(In::Braces);
                }
                Some(quote @ ('"' | '\'')) if !is_template => drop(self.string(quote)?),
                Some('/') if !is_template && (self.rest().starts_with("/*") || self.rest().starts_with("//")) => {
                    self.skip_blanks()?;
                }
                Some(next) => {
                    match next {
                        '{' if !is_template => open.push(In::Braces),
                        '}' if !is_template => drop(open.pop()),
                        _ => content.push(next),
                    }
                    self.at += next.len_utf8();
                }
            }
        }
        Ok(if has_expressions { Kind::Template } else { Kind::String(content) })
    }

    fn regex(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let mut in_class = false;
        let mut is_escaped = false;
        for (at, next) in self.text[start + 1..].char_indices() {
            match next {
                '\n' | '\r' => break,
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let end = start + 1 + at;
                    let pattern = self.text[start + 1..end].to_owned();
                    self.at = end + 1;
                    let rest = self.rest();
                    let length = rest.find(|next| !is_name_part(next)).unwrap_or(rest.len());
                    let flags = rest[..length].to_owned();
                    self.at += length;
                    return Ok(Kind::Regex(Regex { pattern, flags }));
                }
                _ => {}
            }
        }
        // In types and markup, a slash means something else, but no value that is read begins with one.
        Ok(self.take(1, Kind::Punct('/')))
    }
}

fn is_name_start(next: char) -> bool {
    next.is_alphabetic() || matches!(next, '_' | '$' | '#' | '@')
}

fn is_name_part(next: char) -> bool {
    next.is_alphanumeric() || matches!(next, '_' | '$' | '\u{200c}' | '\u{200d}')
}
