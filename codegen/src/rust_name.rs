//! Rust names for GraphQL names, independent of other names.
//!
//! Every name has two spellings. The *usual* one is idiomatic, and several GraphQL names can share it: `userID` and
//! `userId` are both `user_id`. The *distinct* one is the GraphQL name with a suffix, `userID_`: no two names
//! share it, and it is not the usual spelling of any name. `ir::names` decides which of the two is used.

use graphwright_prebuilt::hash;
use heck::{ToPascalCase, ToSnakeCase};

/// Returns the usual name of a struct, an enum or a variant.
pub fn type_name(graphql: &str) -> String {
    usual(graphql, pascal(graphql))
}

/// Returns the usual name of a field, a method or a module. Keywords are unchanged: rendering makes
/// them raw identifiers.
pub fn field_name(graphql: &str) -> String {
    let snake = graphql.to_snake_case();
    usual(graphql, valid(snake, "underscore"))
}

/// Returns a part of the usual name of a type, in upper camel case.
pub fn pascal(graphql: &str) -> String {
    valid(graphql.to_pascal_case(), "Underscore")
}

/// Returns the distinct name for a single GraphQL name: the name itself and an underscore.
///
/// No usual name ends like this, except those of `self`, `super` and `crate`, which have no other.
pub fn marked(graphql: &str) -> String {
    format!("{graphql}_")
}

fn usual(graphql: &str, name: String) -> String {
    if is_reserved_word(&name) { marked(graphql) } else { name }
}

/// Returns true for keywords that cannot be raw identifiers.
pub fn is_reserved_word(name: &str) -> bool {
    matches!(name, "self" | "Self" | "super" | "crate")
}

fn valid(name: String, empty: &str) -> String {
    match name.as_str() {
        "" => empty.to_owned(),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

/// A piece of a distinct name that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A name of GraphQL, or of a file or folder.
    Name(&'a str),
    /// A fixed word.
    Word(&'static str),
}

/// The fixed words.
const WORDS: [&str; 8] = ["and", "data", "file", "folder", "fragment", "in", "on", "other"];

/// Returns the distinct name for a sequence of names: `customers__nodes_`, `search__on__Node__and__Pet_`.
///
/// Two underscores separate the pieces. If the result would be ambiguous, a hash of the pieces follows: if a name
/// contains two underscores, begins or ends with one, is a fixed word, or is a file name with other characters.
pub fn spelled(pieces: &[Piece<'_>]) -> String {
    let text: Vec<String> = pieces.iter().map(|piece| piece.text()).collect();
    let text = text.join("__");
    let is_plain = match pieces {
        [only] => only.is_plain_alone(),
        _ => pieces.iter().all(Piece::is_plain),
    };
    if is_plain {
        return marked(&text);
    }
    // Lengths make the sequence of pieces unambiguous.
    let identity: Vec<String> = pieces.iter().map(Piece::identity).collect();
    let hash = hash(&identity.concat());
    let start = if text.starts_with(|first: char| first.is_ascii_digit()) { "_" } else { "" };
    format!("{start}{text}__x{:08x}", hash & 0xffff_ffff)
}

impl Piece<'_> {
    fn text(&self) -> String {
        let part = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
        match self {
            Self::Name(name) => name.chars().map(part).collect(),
            Self::Word(word) => (*word).to_owned(),
        }
    }

    fn is_plain(&self) -> bool {
        let Self::Name(name) = self else { return true };
        self.is_plain_alone() && !name.starts_with('_') && !name.ends_with('_') && !WORDS.contains(name)
    }

    /// Returns true if a distinct name of this piece alone is unambiguous.
    fn is_plain_alone(&self) -> bool {
        let Self::Name(name) = self else { return false };
        let is_identifier = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && !name.starts_with(|first: char| first.is_ascii_digit());
        is_identifier && !name.trim_matches('_').contains("__")
    }

    fn identity(&self) -> String {
        match self {
            Self::Name(name) => format!("{}:{name}", name.len()),
            Self::Word(word) => format!("={word}"),
        }
    }
}

/// Returns true if the name can only be used as a raw identifier, in any edition up to 2024.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 48] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_graphql_name_becomes_a_valid_rust_name() {
        let fields = ["userName", "user_name", "_2fa", "_", "__", "self", "Self", "type", "URLs", "name_Icontains"];
        let named: Vec<String> = fields.iter().map(|name| field_name(name)).collect();
        let expected = [
            "user_name",
            "user_name",
            "_2fa",
            "underscore",
            "underscore",
            "self_",
            "Self_",
            "type",
            "ur_ls",
            "name_icontains",
        ];
        assert_eq!(named, expected);
        assert_eq!(type_name("SELF"), "SELF_");
        assert_eq!(type_name("_2fa"), "_2fa");
    }

    #[test]
    fn distinct_names_are_never_usual_ones_and_differ() {
        let names = ["a", "A", "a_", "_a", "__a", "a_b", "aB", "a__b", "on", "_", "__", "self", "Self", "a_and_b"];
        let usual = |name: &str| [type_name(name), field_name(name)];
        for one in names {
            for other in names {
                assert!(
                    one == other || (marked(one) != marked(other) && !usual(other).contains(&marked(one))),
                    "{one} {other}"
                );
            }
        }
        let pieces = [
            vec![Piece::Name("a"), Piece::Name("b")],
            vec![Piece::Name("a__b")],
            vec![Piece::Name("a_b")],
            vec![Piece::Name("a")],
            vec![Piece::Name("a_")],
            vec![Piece::Name("_a")],
            vec![Piece::Name("on")],
            vec![Piece::Word("on")],
            vec![Piece::Name("a"), Piece::Word("on"), Piece::Name("b")],
            vec![Piece::Name("a"), Piece::Name("on"), Piece::Name("b")],
            vec![Piece::Name("a"), Piece::Name("_b")],
            vec![Piece::Name("a_"), Piece::Name("b")],
            vec![Piece::Name("a-b")],
            vec![Piece::Name("a.b")],
            vec![Piece::Name("2fa")],
        ];
        let mut spellings: Vec<String> = pieces.iter().map(|pieces| spelled(pieces)).collect();
        assert_eq!(spellings[0], "a__b_");
        assert!(
            spellings.iter().all(|name| name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()))
        );
        spellings.sort();
        spellings.dedup();
        assert_eq!(spellings.len(), pieces.len());
    }
}
