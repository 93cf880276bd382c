//! ESLint selectors that name definitions: `FieldDefinition[parent.name.value=Query]`.

use super::rules::{Target, pattern};
use crate::cli::migrate::config::Literal;
use crate::cli::migrate::note::NoCounterpart;
use crate::cli::migrate::syntax::Regex;
use serde_json::json;

/// A node kind with attribute tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// The kind; empty for any.
    pub kind: String,
    /// The attributes with their tests.
    pub tests: Vec<(String, Test)>,
}

/// The test of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `=text`
    Equals(String),
    /// `=/pattern/flags`
    Matches(Regex),
}

impl Selector {
    /// Parses the selectors of a list; `None` for a selector that is more than a kind with tests.
    pub fn list(text: &str) -> Vec<Option<Self>> {
        let mut parts = Vec::new();
        let (mut depth, mut start, mut in_pattern) = (0usize, 0, false);
        for (at, next) in text.char_indices() {
            match next {
                '/' if depth > 0 => in_pattern = !in_pattern,
                '[' if !in_pattern => depth += 1,
                ']' if !in_pattern => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    parts.push(&text[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&text[start..]);
        parts.into_iter().map(|part| Self::parse(part.trim())).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        let end = text.find('[').unwrap_or(text.len());
        let kind = text[..end].trim();
        if !kind.chars().all(|next| next.is_ascii_alphanumeric()) {
            return None;
        }
        let mut rest = &text[end..];
        let mut tests = Vec::new();
        while let Some(inner) = rest.strip_prefix('[') {
            let (path, value) = inner.split_once('=')?;
            let path = path.trim();
            if !path.chars().all(|next| next.is_ascii_alphanumeric() || next == '.') {
                return None;
            }
            let value = value.trim_start();
            let (test, after) = match value.strip_prefix('/') {
                Some(regex) => {
                    let close = closing_slash(regex)?;
                    let (flags, after) = regex[close + 1..].split_once(']')?;
                    let regex = Regex { pattern: regex[..close].to_owned(), flags: flags.trim().to_owned() };
                    (Test::Matches(regex), after)
                }
                None => {
                    let (text, after) = value.split_once(']')?;
                    let text = text.trim().trim_matches(['"', '\'']);
                    (Test::Equals(text.to_owned()), after)
                }
            };
            tests.push((path.to_owned(), test));
            rest = after.trim_start();
        }
        rest.is_empty().then_some(Self { kind: kind.to_owned(), tests })
    }

    /// Returns a regular expression for the schema coordinates that the selector matches.
    fn coordinates(&self) -> Option<String> {
        let mut kind = self.kind.clone();
        let (mut parent, mut name) = (None, None);
        for (path, test) in &self.tests {
            match (&**path, test) {
                ("type" | "kind", Test::Equals(own)) => kind.clone_from(own),
                ("parent.name.value", test) => parent = Some(test),
                ("name.value", test) => name = Some(test),
                _ => return None,
            }
        }
        let parent = match parent {
            Some(test) => Some(inside(test)?),
            None => None,
        };
        let name = match name {
            Some(test) => Some(inside(test)?),
            None => None,
        };
        let any = || "[^.]+".to_owned();
        let is_type = kind.ends_with("TypeDefinition");
        Some(match &*kind {
            "FieldDefinition" | "EnumValueDefinition" | "InputValueDefinition" | "" => {
                format!("^{}\\.{}$", parent.unwrap_or_else(any), name.unwrap_or_else(any))
            }
            "DirectiveDefinition" if parent.is_none() => format!("^@{}$", name.unwrap_or_else(any)),
            _ if is_type && parent.is_none() => format!("^{}$", name.unwrap_or_else(any)),
            _ => return None,
        })
    }
}

/// Returns a test of a name as part of a larger anchored regular expression.
fn inside(test: &Test) -> Option<String> {
    let regex = match test {
        Test::Equals(text) => return Some(regex::escape(text)),
        Test::Matches(regex) => regex,
    };
    let own = &regex.pattern;
    let begins = own.starts_with('^');
    let ends = own.ends_with('$') && !own.ends_with("\\$");
    let core = own.strip_prefix('^').unwrap_or(own);
    let core = if ends { &core[..core.len() - 1] } else { core };
    // Inside a longer expression, an anchor or an alternative would have another meaning.
    let is_plain = !core.contains(['^', '$']) && (!(begins || ends) || !has_outer_alternative(core));
    if !is_plain {
        return None;
    }
    let core = pattern(&Regex { pattern: format!("(?:{core})"), flags: regex.flags.clone() })?;
    let core = if regex.flags.contains('i') { format!("(?:{core})") } else { core };
    let before = if begins { "" } else { "[^.]*?" };
    let after = if ends { "" } else { "[^.]*" };
    Some(format!("{before}{core}{after}"))
}

fn has_outer_alternative(pattern: &str) -> bool {
    let mut depth = 0usize;
    let mut is_escaped = false;
    for next in pattern.chars() {
        match next {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn closing_slash(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, next)| {
        let is_close = next == '/' && !is_escaped;
        is_escaped = next == '\\' && !is_escaped;
        is_close.then_some(at)
    })
}

/// Translates a list of selectors of ignored nodes.
pub fn ignore(target: &mut Target<'_>, option: &str, value: &Literal) {
    let mut patterns = Vec::new();
    for selector in value.strings() {
        let all: Option<Vec<String>> =
            Selector::list(&selector.value).into_iter().map(|one| one.and_then(|one| one.coordinates())).collect();
        match all {
            Some(all) => patterns.extend(all),
            None => target.missing(selector.at, &format!("{option}: {}", selector.value), NoCounterpart::Selector),
        }
    }
    if !patterns.is_empty() {
        target.options.insert("ignore".to_owned(), json!(patterns));
    }
}

/// Returns the option of `require-description` for a node kind.
pub fn description_option(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "types" => "types",
        "ObjectTypeDefinition" => "objects",
        "InterfaceTypeDefinition" => "interfaces",
        "UnionTypeDefinition" => "unions",
        "EnumTypeDefinition" => "enums",
        "ScalarTypeDefinition" => "scalars",
        "InputObjectTypeDefinition" => "input_objects",
        "DirectiveDefinition" => "directives",
        "FieldDefinition" => "fields",
        "InputValueDefinition" => "input_values",
        "EnumValueDefinition" => "enum_values",
        "OperationDefinition" => "operations",
        _ => return None,
    })
}
