//! Reads objects whose keys are known, in any order; fastest in the order in which they are asked for.

use super::leaf::known_type;
use super::{Failed, Presence, Read, Reader, Reason};
use crate::TypeName;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// A type that is read from an object.
pub trait Shape: Sized {
    /// The response keys of its own fields, in the order in which it reads them.
    const KEYS: &'static [&'static str];
    /// Whether other types are read from the same object: fragments, or the variants of an enum.
    const SHARED: bool;

    /// Reads the fields, each of the keys once.
    ///
    /// # Errors
    /// A value does not fit, or is missing.
    fn fields(fields: &mut Fields<'_, '_>) -> Result<Self, Failed>;
}

impl<T: Shape> Read for T {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Failed> {
        let mut object = Object::open(reader, T::SHARED)?;
        let value = T::fields(&mut Fields { reader, object: &mut object, keys: T::KEYS })?;
        object.close(reader)?;
        Ok(value)
    }
}

/// An entry of an object that has been read or skipped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    key: Key,
    /// The position of the value.
    value: usize,
}

/// The text of a key, between its quotes.
#[derive(Debug, Clone, Copy)]
struct Key {
    start: usize,
    end: usize,
}

/// An object that is being read.
#[derive(Debug)]
pub(super) struct Object {
    /// The position of its brace.
    start: usize,
    /// The position after the last entry that has been read or skipped.
    next: usize,
    /// The position of the value that is being read, if it is that of the entry at `next`.
    taken: Option<usize>,
    /// The key of that entry.
    key: Key,
    /// Whether entries that have been read are asked for again.
    shared: bool,
    ended: bool,
    first: bool,
    /// The number of passed entries of the objects around this one.
    before: usize,
    /// The same, with those of this one.
    passed: usize,
    /// The depth inside.
    depth: usize,
}

impl Object {
    #[inline(never)]
    fn open(reader: &mut Reader<'_>, shared: bool) -> Result<Self, Failed> {
        if reader.peek() != b'{' {
            return Err(reader.expected("an object"));
        }
        let start = reader.at;
        reader.enter()?;
        reader.at += 1;
        let passed = reader.passed.len();
        let (next, depth) = (reader.at, reader.depth);
        let key = Key { start, end: start };
        Ok(Self { start, next, taken: None, key, shared, ended: false, first: true, before: passed, passed, depth })
    }

    /// Notes that the value that was being read has been read.
    #[inline]
    fn settle(&mut self, reader: &mut Reader<'_>) {
        if let Some(value) = self.taken.take() {
            self.next = reader.at;
            if self.shared {
                self.pass(reader, Entry { key: self.key, value });
            }
        }
    }

    fn pass(&mut self, reader: &mut Reader<'_>, entry: Entry) {
        reader.passed.push(entry);
        self.passed = reader.passed.len();
    }

    /// Goes to the value of a key; false if it did not come. If it comes more than once, any may count.
    fn seek(&mut self, reader: &mut Reader<'_>, key: &str) -> Result<bool, Failed> {
        self.settle(reader);
        if !self.ended && self.take_next(reader, key) {
            return Ok(true);
        }
        if self.passed > self.before
            && let Some(value) = self.passed_value(reader, key)
        {
            reader.at = value;
            return Ok(true);
        }
        reader.at = self.next;
        while !self.ended {
            let Some((found, is_expected)) = self.entry(reader, key)? else { break };
            let value = reader.at;
            if is_expected || found.is_escaped(reader.text, key) {
                (self.taken, self.key) = (Some(value), found);
                return Ok(true);
            }
            reader.skip()?;
            self.next = reader.at;
            self.pass(reader, Entry { key: found, value });
        }
        Ok(false)
    }

    /// Goes to the value of a key if it is the next one, without white space before it, as in most responses.
    #[inline]
    fn take_next(&mut self, reader: &mut Reader<'_>, key: &str) -> bool {
        let text = reader.text.as_bytes();
        let quote = self.next + usize::from(!self.first);
        let (start, end) = (quote + 1, quote + 1 + key.len());
        let is_next = text.get(end..end + 2) == Some(b"\":")
            && text.get(start..end) == Some(key.as_bytes())
            && text.get(quote) == Some(&b'"')
            && (self.first || text.get(self.next) == Some(&b','));
        if is_next {
            reader.at = end + 2;
            reader.peek();
            (self.taken, self.key, self.first) = (Some(reader.at), Key { start, end }, false);
        }
        is_next
    }

    /// Returns the position of the value of a key that has been passed.
    fn passed_value(&self, reader: &Reader<'_>, key: &str) -> Option<usize> {
        let passed = reader.passed.get(self.before..)?;
        passed.iter().find(|entry| entry.key.is(reader.text, key)).map(|entry| entry.value)
    }

    /// Takes the next key and the colon after it, and says whether the key is the expected one: it is compared before its
    /// end is looked for. Returns nothing at the end of the object.
    #[inline]
    fn entry(&mut self, reader: &mut Reader<'_>, expected: &str) -> Result<Option<(Key, bool)>, Failed> {
        let text = reader.text.as_bytes();
        let next = reader.peek();
        if next == b'}' {
            self.ended = true;
            self.next = reader.at + 1;
            return Ok(None);
        }
        if !self.first {
            reader.take(b',', "`,` or `}`")?;
            reader.peek();
        }
        self.first = false;
        if text.get(reader.at) != Some(&b'"') {
            return Err(reader.expected("a key"));
        }
        let start = reader.at + 1;
        let end = start + expected.len();
        let is_expected = text.get(end) == Some(&b'"') && text.get(start..end) == Some(expected.as_bytes());
        let key = if is_expected {
            reader.at = end + 1;
            Key { start, end }
        } else {
            reader.skip_string()?;
            Key { start, end: reader.at - 1 }
        };
        reader.take(b':', "`:`")?;
        reader.peek();
        Ok(Some((key, is_expected)))
    }

    /// Skips the rest of the object.
    #[inline(never)]
    fn close(&mut self, reader: &mut Reader<'_>) -> Result<(), Failed> {
        self.settle(reader);
        reader.at = self.next;
        while !self.ended && self.entry(reader, "")?.is_some() {
            reader.skip()?;
            self.next = reader.at;
        }
        reader.at = self.next;
        reader.depth = self.depth - 1;
        reader.passed.truncate(self.before);
        Ok(())
    }

    /// Continues after a value that was not all there.
    fn recover(&mut self, reader: &mut Reader<'_>) -> Result<(), Failed> {
        reader.failure = None;
        reader.depth = self.depth;
        reader.passed.truncate(self.passed);
        self.leave(reader)
    }

    /// Skips the value that was found last.
    fn leave(&mut self, reader: &mut Reader<'_>) -> Result<(), Failed> {
        if let Some(value) = self.taken {
            reader.at = value;
            reader.skip()?;
        }
        Ok(())
    }
}

impl Key {
    /// True if this is the text of a key. Servers have no reason to escape a key, but may.
    #[inline]
    fn is(self, text: &str, key: &str) -> bool {
        self.end - self.start == key.len() && text.as_bytes().get(self.start..self.end) == Some(key.as_bytes())
            || self.is_escaped(text, key)
    }

    /// True if this is a key, written with escapes.
    #[inline]
    fn is_escaped(self, text: &str, key: &str) -> bool {
        // An escape is longer than the character.
        self.end - self.start > key.len()
            && text.as_bytes().get(self.start..self.end).is_some_and(|written| written.contains(&b'\\'))
            && self.unescaped_is(text, key)
    }

    #[cold]
    fn unescaped_is(self, text: &str, key: &str) -> bool {
        let quoted = text.get(self.start - 1..self.end + 1).unwrap_or_default();
        serde_json::from_str::<String>(quoted).is_ok_and(|written| written == key)
    }
}

/// The fields of an object, in the order of a type's keys.
#[derive(Debug)]
pub struct Fields<'f, 't> {
    reader: &'f mut Reader<'t>,
    object: &'f mut Object,
    /// The keys that have not been asked for.
    keys: &'static [&'static str],
}

impl<'t> Reader<'t> {
    /// Reads an object that nothing else is read from.
    pub(crate) fn object<T>(
        &mut self,
        keys: &'static [&'static str],
        read: impl FnOnce(&mut Fields<'_, 't>) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let mut object = Object::open(self, false)?;
        let value = read(&mut Fields { reader: self, object: &mut object, keys })?;
        object.close(self)?;
        Ok(value)
    }
}

impl<'t> Fields<'_, 't> {
    /// Goes to the value of the next key; false if it did not come.
    #[inline]
    fn find(&mut self) -> Result<bool, Failed> {
        let Some((key, rest)) = self.keys.split_first() else { return Ok(false) };
        self.keys = rest;
        self.object.seek(self.reader, key)
    }

    #[cold]
    #[inline(never)]
    fn missing(&mut self, key: &'static str) -> Failed {
        self.reader.at = self.object.start;
        self.reader.fail(Reason::Missing(key))
    }

    #[inline(never)]
    fn find_required(&mut self) -> Result<(), Failed> {
        let keys = self.keys;
        if self.find()? { Ok(()) } else { Err(self.missing(keys.first().copied().unwrap_or_default())) }
    }

    /// Goes to the value of the next key, unless it is null.
    #[inline(never)]
    fn find_nullable(&mut self) -> Result<bool, Failed> {
        let keys = self.keys;
        if self.find()? {
            return Ok(!self.reader.null());
        }
        match self.reader.presence {
            Presence::Selected => Ok(false),
            Presence::Unknown => Err(self.missing(keys.first().copied().unwrap_or_default())),
        }
    }

    /// [`find`](Self::find), once for all types.
    #[inline(never)]
    fn find_optional(&mut self) -> Result<bool, Failed> {
        self.find()
    }

    /// Reads a field that is never null.
    ///
    /// # Errors
    /// The value is missing or does not fit.
    pub fn required<T: Read>(&mut self) -> Result<T, Failed> {
        self.find_required()?;
        T::read(self.reader)
    }

    /// Reads a field that can be null.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn nullable<T: Read>(&mut self) -> Result<Option<T>, Failed> {
        if self.find_nullable()? { T::read(self.reader).map(Some) } else { Ok(None) }
    }

    /// [`nullable`](Self::nullable) with a function.
    pub(crate) fn nullable_by<T>(
        &mut self,
        read: fn(&mut Reader<'_>) -> Result<T, Failed>,
    ) -> Result<Option<T>, Failed> {
        if self.find_nullable()? { read(self.reader).map(Some) } else { Ok(None) }
    }

    /// Reads a field that a directive may leave out.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn optional<T: Read>(&mut self) -> Result<Option<T>, Failed> {
        if self.find_optional()? { T::read(self.reader).map(Some) } else { Ok(None) }
    }

    /// Reads a field that a directive may leave out, and that may have come for something else that selects less of it: it
    /// is there if all came that it selects.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn optional_if_complete<T: Read>(&mut self) -> Result<Option<T>, Failed> {
        if !self.find_optional()? {
            return Ok(None);
        }
        self.if_complete(|fields| T::read(fields.reader))
    }

    /// Reads something that may be there in part, for something else.
    fn if_complete<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Failed>) -> Result<Option<T>, Failed> {
        let presence = std::mem::replace(&mut self.reader.presence, Presence::Unknown);
        let read = read(self);
        self.reader.presence = presence;
        match read {
            Ok(value) => Ok(Some(value)),
            Err(Failed) if matches!(self.reader.failure, Some((_, Reason::Missing(_)))) => {
                self.object.recover(self.reader)?;
                Ok(None)
            }
            Err(Failed) => Err(Failed),
        }
    }

    /// [`required`](Self::required) for a type that serde reads.
    ///
    /// # Errors
    /// The value is missing or does not fit.
    pub fn required_serde<T: DeserializeOwned>(&mut self) -> Result<T, Failed> {
        self.find_required()?;
        self.reader.serde()
    }

    /// [`nullable`](Self::nullable) for a type that serde reads.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn nullable_serde<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failed> {
        if self.find_nullable()? { self.reader.serde().map(Some) } else { Ok(None) }
    }

    /// [`optional`](Self::optional) for a type that serde reads.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn optional_serde<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failed> {
        if self.find_optional()? { self.reader.serde().map(Some) } else { Ok(None) }
    }

    /// Reads a field `__typename`; the known names are not copied.
    ///
    /// # Errors
    /// The value is missing or is not a string.
    pub fn required_name(&mut self, known: &[&'static str]) -> Result<TypeName, Failed> {
        self.find_required()?;
        Ok(known_type(&self.reader.type_name()?, known))
    }

    /// [`required_name`](Self::required_name) for a field that a directive may leave out.
    ///
    /// # Errors
    /// The value is not a string.
    pub fn optional_name(&mut self, known: &[&'static str]) -> Result<Option<TypeName>, Failed> {
        if self.find_optional()? { Ok(Some(known_type(&self.reader.type_name()?, known))) } else { Ok(None) }
    }

    /// Reads the name of the object's type, for an enum.
    ///
    /// # Errors
    /// The name is missing or is not a string.
    pub fn type_name(&mut self) -> Result<Cow<'t, str>, Failed> {
        match self.object.seek(self.reader, "__typename")? {
            true => self.reader.type_name(),
            false => Err(self.missing("__typename")),
        }
    }

    /// Reads another type from the same object: a fragment, or what depends on the type of the object.
    ///
    /// # Errors
    /// A value is missing or does not fit.
    pub fn spread<T: Shape>(&mut self) -> Result<T, Failed> {
        T::fields(&mut Fields { reader: &mut *self.reader, object: &mut *self.object, keys: T::KEYS })
    }

    /// Reads a fragment that a directive may leave out. It is there if all of its keys came, or if one of those came that
    /// nothing else selects.
    ///
    /// # Errors
    /// A value does not fit, or is missing although the fragment is there.
    pub fn spread_if<T: Shape>(&mut self, only: &[&str]) -> Result<Option<T>, Failed> {
        match self.if_complete(Self::spread)? {
            Some(value) => Ok(Some(value)),
            None if self.has_one(only)? => self.spread().map(Some),
            None => Ok(None),
        }
    }

    fn has_one(&mut self, keys: &[&str]) -> Result<bool, Failed> {
        for key in keys {
            if self.object.seek(self.reader, key)? {
                self.object.leave(self.reader)?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}
