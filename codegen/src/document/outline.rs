//! What a document defines and spreads, by name, without parsing it.

use crate::schema::scan::Scanner;
use std::collections::BTreeSet;

/// Names in a document.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Operations that have a name.
    pub operations: BTreeSet<String>,
    /// Fragments that are defined.
    pub fragments: BTreeSet<String>,
    /// Fragments that are spread.
    pub spreads: BTreeSet<String>,
}

/// Reads names; of a text that is no document, those before what is wrong.
pub fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let mut scanner = Scanner::new(text);
    let mut depth = 0_usize;
    while let Some(byte) = scanner.peek() {
        match byte {
            b'"' => {
                if scanner.string().is_none() {
                    return outline;
                }
            }
            b'.' => {
                while scanner.eat(b'.') {}
                match scanner.name() {
                    Some(name) if &text[name.clone()] != "on" => outline.spreads.insert(text[name].to_owned()),
                    _ => false,
                };
            }
            b'{' | b'(' | b'[' => {
                depth += 1;
                scanner.eat(byte);
            }
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                scanner.eat(byte);
            }
            _ => match (scanner.name(), depth) {
                (Some(keyword), 0) => {
                    let list = match &text[keyword] {
                        "query" | "mutation" | "subscription" => &mut outline.operations,
                        "fragment" => &mut outline.fragments,
                        _ => continue,
                    };
                    list.extend(scanner.name().map(|name| text[name].to_owned()));
                }
                (Some(_), _) => {}
                (None, _) => scanner.skip(),
            },
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_comments_and_strings_are_not() {
        let text = "# fragment No on X\nquery A($q: S = \"fragment B on C {\") { fragment { ...D ... on E { ...F@a } } }\n\
                    \"\"\"query G { }\"\"\" fragment H on I { query }\n{ anonymous }";
        let found = outline(text);
        let names = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(
            (names(&found.operations), names(&found.fragments), names(&found.spreads)),
            ("A".into(), "H".into(), "D F".into())
        );
    }
}
