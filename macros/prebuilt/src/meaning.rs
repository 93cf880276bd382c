//! The meaning of a text, independent of its layout: GraphQL tokens, settings, JSON without white space.

//!
//! Procedural macros run unoptimised, and schemas are large: long tokens are searched with the standard library, which
//! ships precompiled with optimisations, and other bytes are classified by a table.

use crate::block_string;

/// A GraphQL token, or a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'t> {
    /// A comment, without trailing spaces.
    Comment(&'t str),
    /// A token.
    Word(&'t str),
    /// The lines of a block string, without indentation and without empty lines around them; for a description, also
    /// without trailing spaces.
    Block(Vec<&'t str>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Ignored,
    Name,
    Digit,
    /// Characters inside numbers.
    Sign,
    Quote,
    Comment,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => Class::Ignored,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Name,
            b'0'..=b'9' => Class::Digit,
            b'-' | b'+' | b'.' => Class::Sign,
            b'"' => Class::Quote,
            b'#' => Class::Comment,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Calls `each` with all tokens and comments of a text in order. A separator before the first of several names
/// (`= | A | B`) has no meaning and is omitted.
pub fn tokens<'t>(text: &'t str, mut each: impl FnMut(Token<'t>)) {
    let bytes = text.as_bytes();
    let (mut previous, mut lists) = ("", 0_usize);
    let mut at = 0;
    while at < bytes.len() {
        let class = CLASSES[bytes[at] as usize];
        if class == Class::Ignored {
            at += 1;
            continue;
        }
        let start = at;
        at = end_of(text, start, class);
        let token = &text[start..at];
        match class {
            Class::Comment => {
                each(Token::Comment(token.trim_end()));
                continue;
            }
            Class::Quote if token.starts_with("\"\"\"") => {
                let is_value = lists > 0 || matches!(previous, ":" | "=");
                let lines = block_string::lines(block_string::content(token).unwrap_or_default());
                each(Token::Block(if is_value { lines } else { block_string::lines_of_description(lines) }));
            }
            Class::Other => match token {
                "\u{feff}" => continue,
                "|" | "&" if matches!(previous, "=" | "on" | "implements") => {}
                _ => {
                    lists += usize::from(token == "[");
                    lists = lists.saturating_sub(usize::from(token == "]"));
                    each(Token::Word(token));
                }
            },
            _ => each(Token::Word(token)),
        }
        previous = token;
    }
}

/// Returns the end of the token at an offset.
fn end_of(text: &str, start: usize, class: Class) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    match class {
        Class::Name => {
            while at < bytes.len() && matches!(CLASSES[bytes[at] as usize], Class::Name | Class::Digit) {
                at += 1;
            }
        }
        Class::Sign if bytes[start] == b'.' => {
            while at < bytes.len() && bytes[at] == b'.' {
                at += 1;
            }
        }
        Class::Digit | Class::Sign => {
            while at < bytes.len() && matches!(CLASSES[bytes[at] as usize], Class::Name | Class::Digit | Class::Sign) {
                at += 1;
            }
        }
        Class::Quote => at = start + string_length(&text[start..]),
        Class::Comment => {
            let line = text[start..].split('\n').next().unwrap_or_default();
            at = start + line.find('\r').unwrap_or(line.len());
        }
        Class::Ignored | Class::Other => at = start + next_length(&text[start..]),
    }
    at
}

/// Returns the length of a string or block string at the beginning of a text.
fn string_length(text: &str) -> usize {
    if !text.starts_with("\"\"\"") {
        return line_string_length(text);
    }
    let mut at = 3;
    while let Some(found) = text[at..].find("\"\"\"") {
        at += found + 3;
        if !text[..at - 3].ends_with('\\') {
            return at;
        }
    }
    text.len()
}

/// Returns the length of a string on one line, as in JSON.
fn line_string_length(text: &str) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(['"', '\\']) {
        at += found + 1;
        if text[..at].ends_with('"') {
            return at;
        }
        at += next_length(&text[at..]);
    }
    text.len()
}

fn next_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Returns the hash of a file's meaning. The file name determines the language.
///
/// In GraphQL, only comments with settings count.
pub fn hash(path: &str, text: &str) -> u64 {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) && ending == "json";
    let meaning = match ending {
        _ if is_json => of_json(text),
        "toml" | "yml" | "yaml" => of_settings(text),
        _ => of_graphql(text),
    };
    crate::hash(&meaning)
}

fn of_graphql(text: &str) -> String {
    let mut meaning = String::with_capacity(text.len());
    tokens(text, |token| {
        match &token {
            Token::Comment(comment) if comment.contains("@graphwright") => meaning.push_str(comment),
            Token::Comment(_) => return,
            Token::Word(word) => meaning.push_str(word),
            Token::Block(lines) => {
                meaning.push_str("\"\"\"");
                for line in lines {
                    meaning.push_str(line);
                    meaning.push('\n');
                }
            }
        }
        meaning.push('\n');
    });
    meaning
}

fn of_json(text: &str) -> String {
    let mut meaning = String::with_capacity(text.len());
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(start) = rest.find('"') {
        let (between, behind) = rest.split_at(start);
        meaning.extend(between.split_ascii_whitespace());
        let (string, behind) = behind.split_at(line_string_length(behind));
        meaning.push_str(string);
        rest = behind;
    }
    meaning.extend(rest.split_ascii_whitespace());
    meaning
}

/// Returns lines without comments and empty lines, unless strings of several lines could contain them.
fn of_settings(text: &str) -> String {
    let has_long_strings = text.contains("\"\"\"")
        || text.contains("'''")
        || text.lines().any(|line| line.trim_end().ends_with(['|', '>', '-', '+']));
    let lines = text.lines().map(str::trim_end);
    let counts = |line: &&str| has_long_strings || !(line.is_empty() || line.trim_start().starts_with('#'));
    lines.filter(counts).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::hash;

    fn assert_same(path: &str, texts: &[&str]) {
        for text in texts {
            assert_eq!(hash(path, texts[0]), hash(path, text), "{text}");
        }
    }

    fn assert_different(path: &str, texts: &[&str]) {
        for (at, text) in texts.iter().enumerate() {
            for other in &texts[..at] {
                assert_ne!(hash(path, other), hash(path, text), "{other} / {text}");
            }
        }
    }

    #[test]
    fn layout_and_comments_of_graphql_mean_nothing() {
        assert_same(
            "a.graphql",
            &[
                "query A($b: Int, $c: [Int!]) { d(e: \"# f, g\") { ...H } }",
                "\u{feff}query A(\r\n  $b: Int\r\n  $c: [Int!]\r\n) {\r\n  # why\r\n  d(e: \"# f, g\") {\r\n    ... H # what\r\n  }\r\n}\r\n",
            ],
        );
        assert_same(
            "a.graphqls",
            &[
                "\"\"\" A \\\"\"\" b \"\"\" type A implements & B { c: D } union E = | F | G directive @h on | FIELD",
                "\"\"\"\nA \\\"\"\" b\n\"\"\"\ntype A implements B {\n  c: D\n}\n\nunion E =\n  | F\n  | G\n\ndirective @h on FIELD\n",
            ],
        );
        assert_same("a.graphql", &["\"\"\"\n  a  \n  b\n\"\"\" scalar C", "\"\"\"a\r\n  b\"\"\"\rscalar C#d"]);
    }

    #[test]
    fn tokens_descriptions_values_and_settings_mean_something() {
        assert_different(
            "a.graphql",
            &[
                "{ a }",
                "{ a b }",
                "{ ab }",
                "{ a: b }",
                "{ a(b: \"c d\") }",
                "{ a(b: \"c  d\") }",
                "{ a(b: \"\"\"c  d\"\"\") }",
                "{ a(b: \"\"\"\n c  d\n\n e\"\"\") }",
                "{ a(b: \"\"\"\n c  d\n   \n e\"\"\") }",
                "{ a(b: [\"\"\"c \nd\"\"\"]) }",
                "{ a(b: [\"\"\"c\nd\"\"\"]) }",
                "{\n  # @graphwright(rename: \"b\")\n  a\n}",
                "{\n  # @graphwright(rename: \"c\")\n  a\n}",
            ],
        );
        assert_different(
            "a.graphql",
            &["\"a\" scalar B", "\"b\" scalar B", "\"\"\"a\"\"\" scalar B", "scalar B", "# a\nscalar B2"],
        );
    }

    #[test]
    fn json_and_settings() {
        assert_same("a.json", &["{\"a\": [1, \"b \\\" c\"]}", "{\n  \"a\": [\n    1,\n    \"b \\\" c\"\n  ]\n}\n"]);
        assert_different(
            "a.json",
            &["{\"a\": \"b\"}", "{\"a\": \" b\"}", "{\"a\": \"\\\\\", \"b\": 1}", "{\"a\": \"\\\\\", \"b\": 2}"],
        );
        assert_same("a.toml", &["a = 1\n[b]\nc = 2\n", "# why\r\na = 1\r\n\r\n[b]  \r\n  # d = 3\r\nc = 2\r\n"]);
        assert_different("a.toml", &["a = 1", "a = 2", "a = \"\"\"\n# b\n\"\"\"", "a = \"\"\"\n# c\n\"\"\""]);
        assert_different("a.yml", &["a: |\n  # b\n", "a: |\n  # c\n"]);
    }
}
