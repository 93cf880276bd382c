//! Styles of names, and patterns for them.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt;

/// A style of joining the words of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Style {
    /// `userName`
    #[serde(rename = "camelCase")]
    Camel,
    /// `UserName`
    #[serde(rename = "PascalCase")]
    Pascal,
    /// `user_name`
    #[serde(rename = "snake_case")]
    Snake,
    /// `USER_NAME`
    #[serde(rename = "UPPER_CASE")]
    Upper,
    /// `user-name`; for files only.
    #[serde(rename = "kebab-case")]
    Kebab,
    /// As written; for files only.
    #[serde(rename = "matchDocumentStyle")]
    Match,
}

impl Style {
    /// Returns true if a name is in the style.
    pub fn fits(self, name: &str) -> bool {
        let Some(first) = name.chars().next() else { return true };
        let all = |fits: fn(char) -> bool| name.chars().all(fits);
        match self {
            Self::Camel => first.is_ascii_lowercase() && all(|next| next.is_ascii_alphanumeric()),
            Self::Pascal => first.is_ascii_uppercase() && all(|next| next.is_ascii_alphanumeric()),
            Self::Snake => {
                first.is_ascii_lowercase()
                    && all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '_')
            }
            Self::Upper => {
                first.is_ascii_uppercase()
                    && all(|next| next.is_ascii_uppercase() || next.is_ascii_digit() || next == '_')
            }
            Self::Kebab => all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '-'),
            Self::Match => true,
        }
    }

    /// Returns the name in the style.
    pub fn apply(self, name: &str) -> String {
        match self {
            Self::Camel => name.to_lower_camel_case(),
            Self::Pascal => name.to_upper_camel_case(),
            Self::Snake => name.to_snake_case(),
            Self::Upper => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::Match => name.to_owned(),
        }
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
            Self::Snake => "snake_case",
            Self::Upper => "UPPER_CASE",
            Self::Kebab => "kebab-case",
            Self::Match => "the style of the document",
        })
    }
}

/// Returns true if a text is a GraphQL name (2.1.9).
pub fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns a name in PascalCase.
pub fn pascal(name: &str) -> String {
    Style::Pascal.apply(name)
}

/// A regular expression of the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Regex::new(&text).map(Self).map_err(|error| format!("invalid regular expression `{text}`: {error}"))
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "regex" })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl Pattern {
    /// Returns true if it is found in a text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Returns the text without the first match.
    pub fn replace(&self, text: &str) -> String {
        self.0.replace(text, "").into_owned()
    }

    /// Returns the named groups of a match; `None` if the text does not match.
    pub fn groups(&self, text: &str) -> Option<Vec<(String, String)>> {
        let found = self.0.captures(text)?;
        let named = self.0.capture_names().flatten();
        Some(named.filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str().to_owned()))).collect())
    }
}
