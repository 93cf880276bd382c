//! Leaving out of a server's messages what it repeats of the request.

use http::HeaderValue;
use serde::Deserialize;
use serde_json::Value;

/// What is shown instead.
const MARK: &str = "…";
/// A text this short is replaced in quotation marks only: it may be a part of words.
const SHORT: usize = 4;
/// A number this short is left: it may be a line, a count or a code.
const SHORT_NUMBER: usize = 5;

/// The variables and secret headers of a request, to be left out of messages.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    /// The longest first: one may hold another.
    texts: Vec<String>,
}

impl Redaction {
    /// Reads the variables from the body of a request.
    pub fn new<'h>(body: &[u8], headers: impl Iterator<Item = &'h HeaderValue>) -> Self {
        #[derive(Deserialize)]
        struct Body {
            variables: Value,
        }
        let mut texts = Vec::new();
        if let Ok(body) = serde_json::from_slice::<Body>(body) {
            collect(&body.variables, &mut texts);
        }
        for value in headers.filter_map(|value| value.to_str().ok()) {
            texts.push(value.to_owned());
            // The credentials behind a scheme such as `Bearer`.
            texts.extend(value.split_once(' ').map(|(_, credentials)| credentials.trim().to_owned()));
        }
        texts.retain(|text| !text.is_empty());
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        Self { texts }
    }

    /// The text without them.
    pub fn apply(&self, text: &str) -> String {
        self.texts.iter().fold(text.to_owned(), |text, secret| match secret.chars().count() {
            ..SHORT => ['"', '\'', '`'].iter().fold(text, |text, quote| {
                text.replace(&format!("{quote}{secret}{quote}"), &format!("{quote}{MARK}{quote}"))
            }),
            _ => text.replace(secret.as_str(), MARK),
        })
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            // As text, and as JSON writes it.
            texts.push(text.clone());
            let escaped = value.to_string();
            texts.extend(escaped.strip_prefix('"').and_then(|text| text.strip_suffix('"')).map(str::to_owned));
        }
        Value::Number(number) => {
            let text = number.to_string();
            if text.len() >= SHORT_NUMBER {
                texts.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_left_out() {
        let body = br#"{"query":"q","variables":{"name":"Ada \"L\"","nick":"Bo","ssn":[123456789],"n":42}}"#;
        let bearer = HeaderValue::from_static("Bearer t0ken");
        let redaction = Redaction::new(body, [&bearer].into_iter());
        let shown = |text: &str| redaction.apply(text);
        assert_eq!(shown(r#"got "Ada \"L\"" from Bearer t0ken"#), r#"got "…" from …"#);
        assert_eq!(
            shown("token t0ken of \"Bo\", not of Bob, 123456789 of 42"),
            "token … of \"…\", not of Bob, … of 42"
        );
    }
}
