//! Reads values without selection sets, lists and nulls.

use super::{Failed, Read, Reader};
use crate::{Id, TypeName};
use serde_json::Value;
use std::borrow::Cow;

/// Returns the position of the first byte that is special in a string, from a position in it: a quote, a backslash or a
/// control character; or of the end of the text. Eight bytes at a time, since most texts of responses are strings; and of
/// long ones as many as the compiler can compare at once.
#[inline]
pub(super) fn special(text: &[u8], from: usize) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The highest bit of a byte is set where that byte is 0; above the first such byte it may be wrong.
    let zero = |bytes: u64| bytes.wrapping_sub(EACH) & !bytes;
    let mut at = from;
    let mut short = 0;
    while let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        if short == 3 {
            at = special_in_long(text, at);
            short = 0;
            continue;
        }
        short += 1;
        let bytes = u64::from_le_bytes(*chunk);
        let control = bytes.wrapping_sub(EACH * 0x20) & !bytes;
        let quote = zero(bytes ^ (EACH * u64::from(b'"')));
        let backslash = zero(bytes ^ (EACH * u64::from(b'\\')));
        let found = (control | quote | backslash) & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).map_or(text.len(), |more| at + more)
}

/// Returns the end of a number that begins at a position (RFC 8259, section 6).
#[inline]
pub(super) fn number_end(text: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize| {
        let mut at = from;
        while text.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (at > from).then_some(at)
    };
    let first = start + usize::from(text.get(start) == Some(&b'-'));
    let mut end = if text.get(first) == Some(&b'0') { first + 1 } else { digits(first)? };
    if text.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = text.get(end) {
        let signed = matches!(text.get(end + 1), Some(b'+' | b'-'));
        end = digits(end + 1 + usize::from(signed))?;
    }
    Some(end)
}

/// Skips blocks without special bytes.
#[inline(never)]
fn special_in_long(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk::<32>) {
        let found = chunk.iter().fold(false, |found, byte| found | (*byte == b'"') | (*byte == b'\\') | (*byte < b' '));
        if found {
            break;
        }
        at += 32;
    }
    at
}

impl<'t> Reader<'t> {
    /// Reads the name of a type.
    pub(super) fn type_name(&mut self) -> Result<Cow<'t, str>, Failed> {
        if self.peek() != b'"' {
            return Err(self.expected("the name of a type"));
        }
        match self.plain_string() {
            Some(name) => Ok(Cow::Borrowed(name)),
            None => self.escaped_string().map(Cow::Owned),
        }
    }

    /// Reads a value of an enum, without a copy of its name.
    ///
    /// # Errors
    /// The value is not a string.
    #[inline]
    pub fn enum_value<T: for<'v> From<&'v str>>(&mut self, what: &'static str) -> Result<T, Failed> {
        self.string(what, |value| T::from(value))
    }
}

/// Returns a type name; a known one is not copied.
pub fn known_type(name: &str, known: &[&'static str]) -> TypeName {
    match known.iter().find(|known| **known == name) {
        Some(known) => TypeName::from_static(known),
        None => TypeName::from(name.to_owned()),
    }
}

impl Read for i32 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        reader.peek();
        let start = reader.at;
        match reader.number().and_then(|number| number.parse().ok()) {
            Some(value) => Ok(value),
            None => {
                reader.at = start;
                // It knows what is wrong.
                reader.serde_here()
            }
        }
    }
}

impl Read for f64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        reader.peek();
        let start = reader.at;
        match reader.number().and_then(|number| number.parse().ok()).filter(|value: &Self| value.is_finite()) {
            Some(value) => Ok(value),
            None => {
                reader.at = start;
                reader.serde_here()
            }
        }
    }
}

impl Read for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        reader.peek();
        let rest = reader.rest();
        let value = rest.starts_with("true");
        if !value && !rest.starts_with("false") {
            return Err(reader.expected("a boolean"));
        }
        reader.at += if value { 4 } else { 5 };
        Ok(value)
    }
}

impl Read for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        reader.string("a string", str::to_owned)
    }
}

impl Read for Id {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        match reader.peek() {
            b'"' => reader.string("an ID: a string or an integer", |text| Id::from(text)),
            _ => reader.serde_here(),
        }
    }
}

impl Read for Value {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        reader.serde()
    }
}

impl<T: Read> Read for Option<T> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        if reader.null() { Ok(None) } else { T::read(reader).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        let mut items = Self::new();
        let mut more = reader.open_list()?;
        while more {
            items.push(T::read(reader)?);
            more = reader.next_item()?;
        }
        Ok(items)
    }
}
