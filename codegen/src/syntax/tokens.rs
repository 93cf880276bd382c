//! The tokens of a document by offset, which syntax trees do not keep.

use crate::syntax::scan::Scanner;

/// The significant tokens of a text: without white space, commas and comments.
#[derive(Debug)]
pub struct Tokens(Vec<(usize, usize)>, Vec<u8>);

impl Tokens {
    /// Returns the tokens up to the first invalid one.
    pub fn new(text: &str) -> Self {
        let mut scanner = Scanner::new(text);
        let (mut places, mut first) = (Vec::new(), Vec::new());
        while let Some(start) = scanner.next_token() {
            let byte = text.as_bytes()[start];
            let end = match byte {
                b'"' => match scanner.string() {
                    Some(()) => scanner.offset(),
                    None => break,
                },
                b'.' => {
                    while text.as_bytes().get(scanner.offset()) == Some(&b'.') {
                        scanner.skip();
                    }
                    scanner.offset()
                }
                b'-' | b'0'..=b'9' => {
                    let rest = &text[start..];
                    let number = |byte: char| byte.is_ascii_alphanumeric() || matches!(byte, '-' | '+' | '.' | '_');
                    let length = rest.find(|byte: char| !number(byte)).unwrap_or(rest.len());
                    scanner.go_to(start + length);
                    start + length
                }
                _ => match scanner.name() {
                    Some(name) => name.end,
                    None => {
                        scanner.skip();
                        scanner.offset()
                    }
                },
            };
            places.push((start, end));
            first.push(byte);
        }
        Self(places, first)
    }

    /// Returns the end of the last token that begins before an offset.
    pub fn end_before(&self, offset: usize) -> usize {
        let at = self.0.partition_point(|(start, _)| *start < offset);
        at.checked_sub(1).map_or(0, |at| self.0[at].1)
    }

    /// Returns the last token that begins before an offset.
    pub fn before(&self, offset: usize) -> Option<std::ops::Range<usize>> {
        let at = self.0.partition_point(|(start, _)| *start < offset).checked_sub(1)?;
        self.0.get(at).map(|(start, end)| *start..*end)
    }

    /// Returns the end of the token at an offset, or of the first one after it.
    pub fn end_of(&self, offset: usize) -> Option<usize> {
        let at = self.0.partition_point(|(start, _)| *start < offset);
        self.0.get(at).map(|(_, end)| *end)
    }

    /// Returns the beginning of the token after the one at an offset.
    pub fn start_after(&self, offset: usize) -> Option<usize> {
        let at = self.0.partition_point(|(start, _)| *start <= offset);
        self.0.get(at).map(|(start, _)| *start)
    }

    /// Returns the beginning of the last token that begins before an offset.
    pub fn start_before(&self, offset: usize) -> Option<usize> {
        let at = self.0.partition_point(|(start, _)| *start < offset);
        at.checked_sub(1).map(|at| self.0[at].0)
    }

    /// Returns the first token in a range that begins with a byte.
    pub fn find(&self, byte: u8, range: std::ops::Range<usize>) -> Option<usize> {
        let from = self.0.partition_point(|(start, _)| *start < range.start);
        let tokens = self.0[from..].iter().zip(&self.1[from..]).take_while(|((start, _), _)| *start < range.end);
        tokens.filter(|(_, first)| **first == byte).map(|((start, _), _)| *start).next()
    }

    /// Returns the pair of braces that ends at `end`, inside a node that begins at `start`.
    pub fn braces_at_end(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let last = self.0.partition_point(|(start, _)| *start < end).checked_sub(1)?;
        if self.1[last] != b'}' {
            return None;
        }
        let mut depth = 0_usize;
        for at in (0..=last).rev().take_while(|at| self.0[*at].0 >= start) {
            match self.1[at] {
                b'}' => depth += 1,
                b'{' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some((self.0[at].0, self.0[last].0));
            }
        }
        None
    }

    /// Returns the opening bracket that matches the token before an offset.
    pub fn opening_of(&self, end: usize) -> Option<usize> {
        let last = self.0.partition_point(|(start, _)| *start < end).checked_sub(1)?;
        let mut depth = 0_usize;
        for at in (0..=last).rev() {
            match self.1[at] {
                b'}' | b')' | b']' => depth += 1,
                b'{' | b'(' | b'[' if depth > 0 => depth -= 1,
                _ if at == last => return None,
                _ => {}
            }
            if depth == 0 {
                return Some(self.0[at].0);
            }
        }
        None
    }

    /// Returns the number of tokens.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of tokens in a range.
    pub fn count_in(&self, range: std::ops::Range<usize>) -> usize {
        let place = |offset| self.0.partition_point(|(start, _)| *start < offset);
        place(range.end) - place(range.start)
    }
}
