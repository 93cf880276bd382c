//! Idiomatic Rust names for GraphQL names, one at a time: nothing here knows what else has a name.

use heck::{ToPascalCase, ToSnakeCase};

/// A name for a struct, an enum or a variant.
pub fn type_name(graphql: &str) -> String {
    valid(graphql.to_pascal_case(), "Underscore")
}

/// A name for a field, a method or a module. Keywords are left as they are: rendering makes
/// them raw.
pub fn field_name(graphql: &str) -> String {
    valid(graphql.to_snake_case(), "underscore")
}

fn valid(name: String, empty: &str) -> String {
    match name.as_str() {
        "" => empty.to_owned(),
        "self" | "Self" | "super" | "crate" => format!("{name}_"),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("_{name}"),
        _ => name,
    }
}

/// True if the name can only be used as a raw identifier, in any edition up to 2024.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 48] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
        "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
        "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}
