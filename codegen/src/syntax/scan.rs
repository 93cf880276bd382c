//! Finds the definitions of an SDL text without parsing it.
//!
//! The input is a text in the type system definition language (specification, section 3). The output is the ranges of
//! its top-level definitions, and on demand those of the members of one. Comments, strings and block strings are
//! recognized, since they may contain any character; everything else is skipped. The scan returns `None` for an
//! unsupported text: the parser reports its errors.
//!
//! Procedural macros run unoptimised: strings and comments are searched with the standard library, which ships
//! precompiled with optimisations, and other bytes are classified by a table.

use std::ops::Range;

/// The kind of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `schema`
    Schema,
    /// `directive`
    Directive,
    /// `scalar`
    Scalar,
    /// `type`
    Object,
    /// `interface`
    Interface,
    /// `union`
    Union,
    /// `enum`
    Enum,
    /// `input`
    InputObject,
}

/// A top-level definition or extension.
#[derive(Debug, Clone)]
pub struct Definition {
    /// What it defines or extends.
    pub kind: Kind,
    /// True for `extend …`.
    pub is_extension: bool,
    /// The name; empty for `schema`.
    pub name: Range<usize>,
    /// The whole definition, from its description to its last token.
    pub range: Range<usize>,
    /// The interfaces of an object or interface, the members of a union, the root types of a schema.
    pub names: Vec<Range<usize>>,
    /// The range between the braces; for a directive, between the parentheses.
    pub body: Option<Range<usize>>,
}

/// A field, an input field, an argument or an enum value.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: Range<usize>,
    /// The whole member, including its description.
    pub range: Range<usize>,
    /// The range between the parentheses after the name.
    pub arguments: Option<Range<usize>>,
    /// The named type inside the type; empty for an enum value.
    pub ty: Range<usize>,
    /// The range from the name to the end of the type and the default.
    pub signature: Range<usize>,
}

/// Returns the definitions of a text, in its order.
pub fn definitions(text: &str) -> Option<Vec<Definition>> {
    /// The size below which another thread costs more than it saves.
    const LARGE: usize = 256 * 1024;
    let halves = if text.len() < LARGE { None } else { in_halves(text) };
    halves.or_else(|| definitions_between(text, Scanner::new(text).at, text.len()).map(|(found, _)| found))
}

/// Scans with two threads. The second begins at an apparent definition; if that was inside a block string,
/// the results do not match up, and the text is scanned again.
fn in_halves(text: &str) -> Option<Vec<Definition>> {
    let half = (text.len() / 2..text.len()).find(|at| text.is_char_boundary(*at))?;
    let end_of_one = half + text[half..].find("\n}\n")? + 2;
    let mut scanner = Scanner { at: end_of_one, ..Scanner::new(text) };
    let start = scanner.next_token()?;
    std::thread::scope(|scope| {
        let second = scope.spawn(move || definitions_between(text, start, text.len()));
        let first = definitions_between(text, Scanner::new(text).at, start);
        let (mut found, end) = first?;
        let (rest, _) = second.join().ok()??;
        found.extend(rest);
        (end == start).then_some(found)
    })
}

/// Returns the definitions that begin in a part of a text, and the offset of the token after the last of them.
fn definitions_between(text: &str, start: usize, end: usize) -> Option<(Vec<Definition>, usize)> {
    let mut scanner = Scanner { at: start, ..Scanner::new(text) };
    let mut found = Vec::new();
    while let Some(start) = scanner.next_token().filter(|start| *start < end) {
        found.push(scanner.definition(start)?);
    }
    Some((found, scanner.at))
}

/// Returns the members of a body in order, up to `None` at the first unsupported one.
pub fn members<'a>(text: &'a str, kind: Kind, body: &Range<usize>) -> impl Iterator<Item = Option<Member>> + use<'a> {
    let text = text.get(..body.end).unwrap_or_default();
    let mut scanner = Scanner { text, bytes: text.as_bytes(), at: body.start };
    std::iter::from_fn(move || {
        let start = scanner.next_token()?;
        let member = scanner.member(start, kind);
        if member.is_none() {
            scanner.at = text.len();
        }
        Some(member)
    })
}

/// A scanner that visits the tokens of a text.
pub struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Creates a scanner at the beginning of a text, after a byte order mark.
    pub fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, bytes: text.as_bytes(), at }
    }

    /// Skips a character that is not a token.
    pub fn skip(&mut self) {
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    fn definition(&mut self, start: usize) -> Option<Definition> {
        if self.peek()? == b'"' {
            self.string()?;
        }
        let mut keyword = self.name()?;
        let is_extension = &self.text[keyword.clone()] == "extend";
        if is_extension {
            keyword = self.name()?;
        }
        let kind = kind_of(&self.text[keyword.clone()])?;
        if kind == Kind::Directive {
            self.expect(b'@')?;
        }
        let name = if kind == Kind::Schema { keyword.end..keyword.end } else { self.name()? };
        let mut definition =
            Definition { kind, is_extension, name, range: start..start, names: Vec::new(), body: None };
        match kind {
            Kind::Directive => self.directive(&mut definition)?,
            Kind::Union => {
                self.directives()?;
                if self.eat(b'=') {
                    self.separated(b'|', &mut definition.names)?;
                }
            }
            Kind::Object | Kind::Interface => {
                if self.eat_keyword("implements") {
                    self.separated(b'&', &mut definition.names)?;
                    // Before 2018, interfaces were separated by white space.
                    while let Some(name) = self.maybe_name_of_old_list() {
                        definition.names.push(name);
                    }
                }
                self.directives()?;
                definition.body = self.body()?;
            }
            Kind::Schema => {
                self.directives()?;
                definition.body = self.body()?;
                if let Some(body) = &definition.body {
                    definition.names = members(self.text, kind, body).flatten().map(|member| member.ty).collect();
                }
            }
            Kind::Scalar => self.directives()?,
            Kind::Enum | Kind::InputObject => {
                self.directives()?;
                definition.body = self.body()?;
            }
        }
        definition.range.end = self.at;
        Some(definition)
    }

    fn directive(&mut self, definition: &mut Definition) -> Option<()> {
        if self.peek() == Some(b'(') {
            definition.body = Some(self.balanced()?);
        }
        self.eat_keyword("repeatable");
        self.eat_keyword("on").then_some(())?;
        let mut locations = Vec::new();
        self.separated(b'|', &mut locations)
    }

    fn member(&mut self, start: usize, kind: Kind) -> Option<Member> {
        if self.peek()? == b'"' {
            self.string()?;
        }
        let name = self.name()?;
        let mut member =
            Member { signature: name.clone(), name, range: start..start, arguments: None, ty: start..start };
        if kind != Kind::Enum {
            if self.peek() == Some(b'(') {
                member.arguments = Some(self.balanced()?);
            }
            self.expect(b':')?;
            member.ty = self.ty()?;
            if self.eat(b'=') {
                self.value()?;
            }
        }
        member.signature.end = self.at;
        self.directives()?;
        member.range.end = self.at;
        Some(member)
    }

    /// Skips a type and returns the name inside it.
    fn ty(&mut self) -> Option<Range<usize>> {
        while self.eat(b'[') {}
        let name = self.name()?;
        while self.eat(b'!') || self.eat(b']') {}
        Some(name)
    }

    fn value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(),
            b'[' | b'{' => self.balanced().map(drop),
            _ => {
                let start = self.at;
                self.at = self.skip_all(start, VALUE);
                (self.at > start).then_some(())
            }
        }
    }

    fn directives(&mut self) -> Option<()> {
        while self.eat(b'@') {
            self.name()?;
            if self.peek() == Some(b'(') {
                self.balanced()?;
            }
        }
        Some(())
    }

    fn body(&mut self) -> Option<Option<Range<usize>>> {
        if self.peek() == Some(b'{') { self.balanced().map(Some) } else { Some(None) }
    }

    /// Skips names with a separator between them, and optionally before the first.
    fn separated(&mut self, separator: u8, names: &mut Vec<Range<usize>>) -> Option<()> {
        self.eat(separator);
        names.push(self.name()?);
        while self.eat(separator) {
            names.push(self.name()?);
        }
        Some(())
    }

    /// Returns a name that does not begin the next definition:
    /// in `type A implements B C {`, `C` is followed by a name, `@` or `{`, and is not a keyword.
    fn maybe_name_of_old_list(&mut self) -> Option<Range<usize>> {
        let before = self.at;
        let name = self.name()?;
        if kind_of(&self.text[name.clone()]).is_some() || &self.text[name.clone()] == "extend" {
            self.at = before;
            return None;
        }
        Some(name)
    }

    /// Moves to the next token and returns its offset.
    pub fn next_token(&mut self) -> Option<usize> {
        loop {
            match *self.bytes.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                b'#' => self.comment(),
                _ => return Some(self.at),
            }
        }
    }

    /// Returns the first byte of the next token.
    pub fn peek(&mut self) -> Option<u8> {
        self.next_token().and_then(|at| self.bytes.get(at).copied())
    }

    /// Skips the next token if it is this byte.
    pub fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let before = self.at;
        let found = self.name().is_some_and(|name| &self.text[name] == keyword);
        if !found {
            self.at = before;
        }
        found
    }

    /// Returns the current offset.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Moves to another offset.
    pub fn go_to(&mut self, offset: usize) {
        self.at = offset;
    }

    /// Skips the next token if it is a name, and returns its range.
    pub fn name(&mut self) -> Option<Range<usize>> {
        let start = self.next_token()?;
        if self.bytes[start].is_ascii_digit() {
            return None;
        }
        let end = self.skip_all(start, NAME);
        self.at = end;
        (end > start).then_some(start..end)
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        self.at += line.find('\r').unwrap_or(line.len());
    }

    /// Skips the string that begins here.
    pub fn string(&mut self) -> Option<()> {
        if self.text[self.at..].starts_with("\"\"\"") {
            return self.block_string();
        }
        let mut at = self.at + 1;
        loop {
            let end = at + self.text.get(at..)?.find('"')?;
            let piece = &self.text[at..end];
            if piece.contains('\n') || piece.contains('\r') {
                return None;
            }
            if self.backslashes_before(end, self.at + 1).is_multiple_of(2) {
                self.at = end + 1;
                return Some(());
            }
            at = end + 1;
        }
    }

    fn block_string(&mut self) -> Option<()> {
        let mut at = self.at + 3;
        loop {
            let end = at + self.text.get(at..)?.find('"')?;
            if !self.text[end..].starts_with("\"\"\"") {
                at = end + 1;
            } else if self.bytes[end - 1] == b'\\' {
                at = end + 3;
            } else {
                self.at = end + 3;
                return Some(());
            }
        }
    }

    fn backslashes_before(&self, end: usize, start: usize) -> usize {
        self.bytes[start..end].iter().rev().take_while(|byte| **byte == b'\\').count()
    }

    /// Skips to the bracket that closes the current one, and returns the range between them.
    fn balanced(&mut self) -> Option<Range<usize>> {
        let start = self.next_token()?;
        let mut depth = 0_usize;
        self.at = start;
        loop {
            self.at = self.skip_all(self.at, FLAT);
            match *self.bytes.get(self.at)? {
                b'"' => self.string()?,
                b'#' => self.comment(),
                b'{' | b'(' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                _ => {
                    depth -= 1;
                    self.at += 1;
                    if depth == 0 {
                        return Some(start + 1..self.at - 1);
                    }
                }
            }
        }
    }

    /// Returns the offset of the first byte that is not in a class.
    fn skip_all(&self, mut at: usize, class: u8) -> usize {
        let bytes = self.bytes;
        while at < bytes.len() && CLASSES[bytes[at] as usize] & class != 0 {
            at += 1;
        }
        at
    }
}

/// Bytes of names.
const NAME: u8 = 1;
/// Bytes of names, numbers and variables.
const VALUE: u8 = 2;
/// Bytes other than brackets and the beginnings of strings and comments.
const FLAT: u8 = 4;

/// The classes of each byte, as a table, which is fast even without optimisation.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        let of = byte as u8;
        if of.is_ascii_alphanumeric() || of == b'_' {
            classes[byte] |= NAME | VALUE;
        }
        if matches!(of, b'-' | b'+' | b'.' | b'$') {
            classes[byte] |= VALUE;
        }
        if !matches!(of, b'{' | b'(' | b'[' | b'}' | b')' | b']' | b'"' | b'#') {
            classes[byte] |= FLAT;
        }
        byte += 1;
    }
    classes
};

fn kind_of(keyword: &str) -> Option<Kind> {
    Some(match keyword {
        "schema" => Kind::Schema,
        "directive" => Kind::Directive,
        "scalar" => Kind::Scalar,
        "type" => Kind::Object,
        "interface" => Kind::Interface,
        "union" => Kind::Union,
        "enum" => Kind::Enum,
        "input" => Kind::InputObject,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{definitions, definitions_between, in_halves};

    fn one_by_one(text: &str) -> String {
        format!("{:?}", definitions_between(text, 0, text.len()).unwrap().0)
    }

    #[test]
    fn two_threads_find_what_one_finds() {
        let types: String = (0..20_000).map(|number| format!("type T{number} {{\n  a: Int # }}\n}}\n")).collect();
        assert_eq!(format!("{:?}", in_halves(&types).unwrap()), one_by_one(&types));
        // An apparent end of a definition is in a description, so that the scan with two threads fails.
        let words: String = (0..20_000).map(|number| format!("word {number}\n}}\ntype X {{\n")).collect();
        let text = format!("type A {{ a: Int }}\n\"\"\"\n{words}\"\"\"\ntype B {{ b: Int }}\n");
        assert!(in_halves(&text).is_none());
        assert_eq!(format!("{:?}", definitions(&text).unwrap()), one_by_one(&text));
        // An invalid text in either half is rejected as before.
        assert!(definitions(&format!("{types}nothing")).is_none());
        assert!(definitions(&format!("nothing {types}")).is_none());
        // Between characters of several bytes.
        let text = format!("{types}# {}\n{types}", "ä".repeat(400_001));
        assert_eq!(format!("{:?}", definitions(&text).unwrap()), one_by_one(&text));
    }
}
