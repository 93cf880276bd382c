//! Reads JSON texts (RFC 8259) into generated types, value by value.
//!
//! serde's way to decode makes code for every type, for each deserializer that it is decoded with. Here, there is one
//! concrete [`Reader`], and the code of a type is a line for each of its fields. The reader finds keys, delimiters and plain
//! strings itself, and skips values; escapes, scalars of the user and everything that does not fit go to serde_json, which
//! knows what is wrong with it. `cargo xtask json` compares the two.
//!
//! After a failure, the reader knows the reason and the position; [`Failed`] only says that there was one.

mod leaf;
mod object;
mod place;

use crate::json::{self, JsonError};
pub use leaf::known_type;
pub use object::{Fields, Shape};
pub(crate) use place::Place;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;
use std::fmt;

/// A type that is read from a JSON text.
pub trait Read: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// The value does not fit; the reader knows why.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed>;
}

/// Reading failed, for a reason that the reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

/// The reason why a text could not be read.
#[derive(Debug)]
pub(crate) enum Reason {
    /// Something else was expected.
    Expected {
        /// What was expected, with its article.
        what: &'static str,
        /// What came, with its article.
        found: &'static str,
    },
    /// A response key that is always sent did not come.
    Missing(&'static str),
    /// The text is nested too deeply.
    Depth,
    /// The reason of serde.
    Serde(serde_json::Error),
}

/// The treatment of keys that did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// The object was selected: only a value that can be null may be omitted, as some servers do with nulls.
    Selected,
    /// Whether the object was selected is unknown: it was if every key came.
    Unknown,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { what, found } => write!(f, "expected {what}, found {found}"),
            Self::Missing(key) => write!(f, "missing field `{key}`"),
            Self::Depth => f.write_str("it is nested too deeply"),
            Self::Serde(error) => fmt::Display::fmt(error, f),
        }
    }
}

/// A JSON text that is being read.
#[derive(Debug)]
pub struct Reader<'t> {
    text: &'t str,
    /// The position of the next byte.
    at: usize,
    /// The number of open lists and objects.
    depth: usize,
    most_depth: usize,
    presence: Presence,
    /// Entries of the open objects that can be asked for later, those of the outermost object first.
    passed: Vec<object::Entry>,
    /// The first failure, and its position.
    failure: Option<(usize, Reason)>,
}

impl<'t> Reader<'t> {
    /// Creates a reader that fails where lists and objects are nested more deeply than `most_depth`.
    pub(crate) fn new(text: &'t str, most_depth: usize) -> Self {
        let presence = Presence::Selected;
        Self { text, at: 0, depth: 0, most_depth, presence, passed: Vec::new(), failure: None }
    }

    /// Reads the whole text as one value.
    ///
    /// # Errors
    /// The value does not fit, or something follows it.
    pub(crate) fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Result<T, Failed>) -> Result<T, (usize, Reason)> {
        let read = read(&mut self).and_then(|value| match self.peek() {
            0 if self.at == self.text.len() => Ok(value),
            _ => Err(self.expected("the end of the text")),
        });
        let unknown = (self.at, Reason::Expected { what: "a value", found: "something else" });
        read.map_err(|Failed| self.failure.take().unwrap_or(unknown))
    }

    /// Notes the reason of a failure here.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, reason: Reason) -> Failed {
        let at = self.at;
        self.failure.get_or_insert((at, reason));
        Failed
    }

    /// Fails at something that is not what was expected.
    #[cold]
    #[inline(never)]
    fn expected(&mut self, what: &'static str) -> Failed {
        let found = match self.peek() {
            b'"' => "a string",
            b'{' => "an object",
            b'[' => "a list",
            b'n' => "null",
            b't' | b'f' => "a boolean",
            b'-' | b'0'..=b'9' => "a number",
            _ => "something else",
        };
        self.fail(Reason::Expected { what, found })
    }

    /// Skips white space, and returns the next byte; 0 at the end.
    #[inline(always)]
    fn peek(&mut self) -> u8 {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte > b' ' => *byte,
            _ => self.peek_after_space(),
        }
    }

    #[inline(never)]
    fn peek_after_space(&mut self) -> u8 {
        let text = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = text.get(self.at) {
            self.at += 1;
        }
        text.get(self.at).copied().unwrap_or(0)
    }

    /// Returns the rest of the text.
    fn rest(&self) -> &'t str {
        // Positions are those of ASCII characters or of the end.
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes a delimiter.
    #[inline]
    fn take(&mut self, byte: u8, name: &'static str) -> Result<(), Failed> {
        match self.peek() == byte {
            true => self.at += 1,
            false => return Err(self.expected(name)),
        }
        Ok(())
    }

    /// Enters a list or an object.
    #[inline]
    fn enter(&mut self) -> Result<(), Failed> {
        self.depth += 1;
        if self.depth > self.most_depth { Err(self.fail(Reason::Depth)) } else { Ok(()) }
    }

    /// Takes a null, if one is next.
    #[inline]
    fn null(&mut self) -> bool {
        let null = self.peek() == b'n' && self.rest().starts_with("null");
        if null {
            self.at += 4;
        }
        null
    }

    /// Reads a string, without a copy unless it contains escapes.
    #[inline]
    fn string<T>(&mut self, what: &'static str, with: impl FnOnce(&str) -> T) -> Result<T, Failed> {
        if self.peek() != b'"' {
            return Err(self.expected(what));
        }
        match self.plain_string() {
            Some(text) => Ok(with(text)),
            None => self.escaped_string().map(|text| with(&text)),
        }
    }

    /// Takes a string without escapes, which begins here.
    #[inline]
    fn plain_string(&mut self) -> Option<&'t str> {
        let start = self.at + 1;
        let end = leaf::special(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    #[cold]
    #[inline(never)]
    fn escaped_string(&mut self) -> Result<String, Failed> {
        self.serde_here()
    }

    /// Skips a value.
    fn skip(&mut self) -> Result<(), Failed> {
        // The lists and objects that are open, by their closing brackets.
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                b'{' => {
                    self.at += 1;
                    if self.peek() != b'}' {
                        open.push(b'}');
                        self.skip_key()?;
                        continue;
                    }
                    self.at += 1;
                }
                b'[' => {
                    self.at += 1;
                    if self.peek() != b']' {
                        open.push(b']');
                        continue;
                    }
                    self.at += 1;
                }
                b'"' => self.skip_string()?,
                _ => self.skip_literal()?,
            }
            while let Some(close) = open.last() {
                match self.peek() {
                    b',' => {
                        self.at += 1;
                        if *close == b'}' {
                            self.peek();
                            self.skip_key()?;
                        }
                        break;
                    }
                    byte if byte == *close => {
                        self.at += 1;
                        open.pop();
                    }
                    _ => return Err(self.expected("`,` or the end of a list or an object")),
                }
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Failed> {
        if self.peek() != b'"' {
            return Err(self.expected("a key"));
        }
        self.skip_string()?;
        self.take(b':', "`:`")
    }

    fn skip_string(&mut self) -> Result<(), Failed> {
        match self.plain_string() {
            Some(_) => Ok(()),
            None => self.serde_here::<IgnoredAny>().map(drop),
        }
    }

    /// Skips a number, a boolean or a null.
    fn skip_literal(&mut self) -> Result<(), Failed> {
        if self.number().is_some() {
            return Ok(());
        }
        let rest = self.rest();
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word));
        match word {
            Some(word) => self.at += word.len(),
            None => return Err(self.expected("a value")),
        }
        Ok(())
    }

    /// Takes a number (RFC 8259, section 6), if one is next.
    #[inline]
    fn number(&mut self) -> Option<&'t str> {
        self.peek();
        let end = leaf::number_end(self.text.as_bytes(), self.at)?;
        let number = self.text.get(self.at..end);
        self.at = end;
        number
    }

    /// Reads a value with serde, for example a scalar of the user.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn serde<T: DeserializeOwned>(&mut self) -> Result<T, Failed> {
        self.peek();
        let start = self.at;
        if self.most_depth.saturating_sub(self.depth) < json::USUAL_DEPTH {
            return self.serde_measured(start);
        }
        match self.serde_here() {
            Ok(value) => Ok(value),
            Err(Failed) => self.serde_measured(start),
        }
    }

    /// Reads a value with serde_json's own maximum depth.
    #[inline]
    fn serde_here<'v, T: Deserialize<'v>>(&mut self) -> Result<T, Failed>
    where
        't: 'v,
    {
        let mut values = Deserializer::from_str(self.rest()).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => Err(self.fail_by(error)),
            None => Err(self.expected("a value")),
        }
    }

    /// Notes a failure of serde, at the last byte that it read.
    #[cold]
    #[inline(never)]
    fn fail_by(&mut self, error: serde_json::Error) -> Failed {
        let lines = self.rest().split_inclusive('\n').take(error.line().saturating_sub(1));
        let before: usize = lines.map(str::len).sum();
        let at = self.at + (before + error.column()).saturating_sub(1);
        self.failure.get_or_insert((at, Reason::Serde(error)));
        Failed
    }

    /// Reads a value whose depth is measured before, unless it is that of most values.
    #[cold]
    fn serde_measured<T: DeserializeOwned>(&mut self, start: usize) -> Result<T, Failed> {
        self.failure = None;
        self.at = start;
        self.skip()?;
        let value = self.text.get(start..self.at).unwrap_or_default();
        json::decode(value, self.most_depth.saturating_sub(self.depth)).map_err(|error| {
            self.at = start;
            match error {
                JsonError::Depth => self.fail(Reason::Depth),
                JsonError::Json(error) => self.fail_by(error),
            }
        })
    }

    /// Reads the items of a list.
    #[inline(never)]
    fn open_list(&mut self) -> Result<bool, Failed> {
        if self.peek() != b'[' {
            return Err(self.expected("a list"));
        }
        self.at += 1;
        self.enter()?;
        if self.peek() == b']' {
            self.close_list();
            return Ok(false);
        }
        Ok(true)
    }

    /// Goes to the next item of a list; false at its end.
    #[inline(never)]
    fn next_item(&mut self) -> Result<bool, Failed> {
        match self.peek() {
            b',' => self.at += 1,
            b']' => {
                self.close_list();
                return Ok(false);
            }
            _ => return Err(self.expected("`,` or `]`")),
        }
        Ok(true)
    }

    fn close_list(&mut self) {
        self.at += 1;
        self.depth -= 1;
    }
}
