//! The definitions and spreads of a document, by name and range, without parsing it.

use crate::syntax::scan::Scanner;
use std::collections::BTreeSet;
use std::ops::Range;

/// The definitions of a document, in its order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Operations and fragments. Invalid names, such as keywords, are not rejected.
    pub definitions: Vec<Defined>,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defined {
    /// The kind of definition.
    pub kind: DefinedKind,
    /// Its keyword, or the opening brace of an anonymous query.
    pub head: Range<usize>,
    /// Its name.
    pub name: Option<Range<usize>>,
    /// The names of the fragments that it spreads.
    pub spreads: Vec<Range<usize>>,
    /// The range from the keyword to the closing brace.
    pub range: Range<usize>,
    /// The start offset: that of its description, if it has one.
    pub start: usize,
}

/// Kinds of executable definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinedKind {
    /// `query`, or a selection set without a keyword.
    Query,
    /// `mutation`
    Mutation,
    /// `subscription`
    Subscription,
    /// `fragment`
    Fragment,
}

impl DefinedKind {
    /// Returns true unless it is a fragment.
    pub fn is_operation(self) -> bool {
        self != Self::Fragment
    }

    /// Returns the keyword.
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
            Self::Fragment => "fragment",
        }
    }
}

impl Outline {
    /// Returns the names of operations.
    pub fn operations(&self, text: &str) -> BTreeSet<String> {
        self.names(text, true)
    }

    /// Returns the names of fragments.
    pub fn fragments(&self, text: &str) -> BTreeSet<String> {
        self.names(text, false)
    }

    /// Returns the names of the spread fragments.
    pub fn spreads(&self, text: &str) -> BTreeSet<String> {
        let all = self.definitions.iter().flat_map(|definition| &definition.spreads);
        all.map(|name| text[name.clone()].to_owned()).collect()
    }

    fn names(&self, text: &str, of_operations: bool) -> BTreeSet<String> {
        let wanted = self.definitions.iter().filter(|one| one.kind.is_operation() == of_operations);
        wanted.filter_map(|one| one.name.clone()).map(|name| text[name].to_owned()).collect()
    }
}

/// Reads the definitions of a text, up to the first syntax error.
pub fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let mut scanner = Scanner::new(text);
    let mut depth = 0_usize;
    // Whether the scanner is between the keyword of a definition and its braces.
    let mut is_open = false;
    let mut description = None;
    while let Some(start) = scanner.next_token() {
        match text.as_bytes()[start] {
            b'"' => {
                if scanner.string().is_none() {
                    return outline;
                }
                description = Some(start).filter(|_| depth == 0 && !is_open);
            }
            b'.' => {
                while scanner.eat(b'.') {}
                if let Some(name) = scanner.name().filter(|name| &text[name.clone()] != "on")
                    && let Some(last) = outline.definitions.last_mut()
                {
                    last.spreads.push(name);
                }
            }
            byte @ (b'{' | b'(' | b'[') => {
                if byte == b'{' && depth == 0 && !is_open {
                    outline.add(DefinedKind::Query, start..start + 1, None, description.take());
                }
                depth += 1;
                scanner.eat(byte);
            }
            byte @ (b'}' | b')' | b']') => {
                depth = depth.saturating_sub(1);
                scanner.eat(byte);
                if byte == b'}' && depth == 0 {
                    is_open = false;
                    outline.end(start + 1);
                }
            }
            _ => match (scanner.name(), depth) {
                (Some(keyword), 0) if !is_open => {
                    let kind = match &text[keyword.clone()] {
                        "query" => DefinedKind::Query,
                        "mutation" => DefinedKind::Mutation,
                        "subscription" => DefinedKind::Subscription,
                        "fragment" => DefinedKind::Fragment,
                        _ => continue,
                    };
                    let name = match scanner.peek() {
                        Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => scanner.name(),
                        _ => None,
                    };
                    outline.add(kind, keyword, name, description.take());
                    is_open = true;
                }
                (Some(_), _) => {}
                (None, _) => scanner.skip(),
            },
        }
    }
    outline
}

impl Outline {
    fn add(&mut self, kind: DefinedKind, head: Range<usize>, name: Option<Range<usize>>, description: Option<usize>) {
        let start = description.unwrap_or(head.start);
        let range = head.start..name.as_ref().unwrap_or(&head).end;
        self.definitions.push(Defined { kind, head, name, spreads: Vec::new(), range, start });
    }

    fn end(&mut self, end: usize) {
        if let Some(last) = self.definitions.last_mut() {
            last.range.end = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_comments_and_strings_are_not() {
        let text = "# fragment No on X\nquery A($q: S = \"fragment B on C {\") { fragment { ...D ... on E { ...F@a } } }\n\
                    \"\"\"query G { }\"\"\" fragment H on I { query }\n{ anonymous }";
        let found = outline(text);
        let names = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(
            (names(found.operations(text)), names(found.fragments(text)), names(found.spreads(text))),
            ("A".into(), "H".into(), "D F".into())
        );
        let kinds: Vec<_> = found.definitions.iter().map(|one| (one.kind.word(), &text[one.range.clone()])).collect();
        assert_eq!(kinds[1..], [("fragment", "fragment H on I { query }"), ("query", "{ anonymous }")]);
    }
}
