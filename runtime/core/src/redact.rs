//! Redacts parts of a request in a server's messages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderValue;
use serde::Deserialize;
use serde_json::Value;

/// The replacement of redacted text.
const MARK: &str = "…";
/// The length up to which a text is replaced only in quotation marks, since it may be part of words.
const SHORT: usize = 4;
/// The length up to which a number is not replaced, since it may be a line, a count or a code.
const SHORT_NUMBER: usize = 5;
/// The length of a prefix of longer texts that is also replaced, since servers cut long values.
const BEGINNING: usize = 16;
/// The minimum length of a part of a header that is a secret by itself, such as the value of a cookie.
const SHORT_PART: usize = 6;
/// The maximum number of bytes shown of a message.
const MOST_SHOWN: usize = 4096;

/// The variables and secret headers of a request, to be redacted in messages.
///
/// ASCII letters match in both cases. Finding all texts in a message takes a binary search for each
/// byte, whatever their number.
pub(crate) struct Redaction {
    /// The texts, in lower case and sorted, so that texts with a common prefix are neighbours.
    texts: Vec<String>,
    /// For each text, the longest other one that is a prefix of it.
    shorter: Vec<Option<usize>>,
    /// The first bytes of the texts.
    firsts: [bool; 256],
}

/// A sent request, kept until a redaction is needed.
pub(crate) struct Sent {
    uri: http::Uri,
    secrets: Vec<HeaderValue>,
    body: Bytes,
}

impl Sent {
    pub fn of(request: &http::Request<Bytes>) -> Self {
        let secrets = request.headers().values().filter(|value| value.is_sensitive()).cloned().collect();
        Self { uri: request.uri().clone(), secrets, body: request.body().clone() }
    }

    pub fn redaction(&self) -> Redaction {
        Redaction::new(&self.body, self.secrets.iter(), crate::url::secrets(&self.uri.to_string()))
    }
}

impl Redaction {
    /// Reads the variables from the body of a request. `others` are further secrets, such as those of the URL.
    pub fn new<'h>(body: &[u8], headers: impl Iterator<Item = &'h HeaderValue>, others: Vec<String>) -> Self {
        #[derive(Deserialize)]
        struct Body {
            variables: Value,
        }
        let mut texts = Vec::new();
        if let Ok(body) = serde_json::from_slice::<Body>(body) {
            collect(&body.variables, &mut texts);
        }
        others.iter().for_each(|text| add(text, &mut texts));
        headers.filter_map(|value| value.to_str().ok()).for_each(|value| add_header(value, &mut texts));
        Self::of(texts)
    }

    fn of(mut texts: Vec<String>) -> Self {
        texts.iter_mut().for_each(|text| text.make_ascii_lowercase());
        texts.retain(|text| !text.is_empty());
        texts.sort_unstable();
        texts.dedup();
        let mut shorter: Vec<Option<usize>> = Vec::with_capacity(texts.len());
        let mut firsts = [false; 256];
        for (at, text) in texts.iter().enumerate() {
            let ancestors = std::iter::successors(at.checked_sub(1), |&before| shorter.get(before).copied().flatten());
            let longest = ancestors.into_iter().find(|&before| text.starts_with(&texts[before]));
            shorter.push(longest);
            firsts[usize::from(text.as_bytes()[0])] = true;
        }
        Self { texts, shorter, firsts }
    }

    /// Returns the text with redactions, up to the maximum length.
    pub fn apply(&self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        let mut shown = String::new();
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            if shown.len() > MOST_SHOWN {
                return shown + MARK;
            }
            match self.match_at(&lower[at..]) {
                0 => {
                    shown.push(character);
                    at += character.len_utf8();
                }
                length => {
                    let quoted = matches!(character, '"' | '\'' | '`') && text[at..at + length].ends_with(character);
                    let quote = if quoted { &text[at..=at] } else { "" };
                    shown.extend([quote, MARK, quote]);
                    at += length;
                }
            }
        }
        shown
    }

    /// Returns the length of the text, or of the prefix of a text, that a message begins with.
    fn match_at(&self, message: &str) -> usize {
        if !message.bytes().next().is_some_and(|first| self.firsts[usize::from(first)]) {
            return 0;
        }
        let next = self.texts.partition_point(|text| text.as_str() <= message);
        let neighbours = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|at| self.texts.get(at));
        let beginning = neighbours.map(|text| common(text, message)).filter(|length| *length >= BEGINNING).max();
        let mut whole = next.checked_sub(1);
        while let Some(at) = whole.filter(|at| !message.starts_with(&self.texts[*at])) {
            whole = self.shorter[at];
        }
        whole.map_or(0, |at| self.texts[at].len()).max(beginning.unwrap_or_default())
    }
}

/// Returns the length of the common prefix of two texts, on a character boundary.
fn common(one: &str, other: &str) -> usize {
    let mut length = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    while !other.is_char_boundary(length) {
        length -= 1;
    }
    length
}

/// Adds a text in the forms in which a server may repeat it: unchanged, escaped as in JSON, and urlencoded.
fn add(text: &str, texts: &mut Vec<String>) {
    if text.chars().count() < SHORT {
        texts.extend(['"', '\'', '`'].map(|quote| format!("{quote}{text}{quote}")));
        return;
    }
    let escaped = Value::from(text).to_string();
    let escaped = escaped.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(&escaped);
    let form: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    texts.extend([escaped.to_owned(), form.replace('+', "%20"), form].into_iter().filter(|form| form != text));
    texts.push(text.to_owned());
}

/// Adds the value of a header, the credentials after a scheme such as `Bearer`, user and password of `Basic`, and parts
/// such as the values of cookies.
fn add_header(value: &str, texts: &mut Vec<String>) {
    add(value, texts);
    if let Some((scheme, credentials)) = value.split_once(' ') {
        add(credentials.trim(), texts);
        let pair = STANDARD.decode(credentials.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"));
        if let Some(pair) = pair.and_then(|pair| String::from_utf8(pair).ok()) {
            pair.split_once(':').into_iter().for_each(|(_, password)| add(password, texts));
            add(&pair, texts);
        }
    }
    let parts = value.split([' ', ';', ',', '=']).filter(|part| part.len() > SHORT_PART);
    parts.for_each(|part| add(part, texts));
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => add(text, texts),
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
    use std::time::{Duration, Instant};

    fn redaction(body: &str, header: &'static str) -> Redaction {
        Redaction::new(body.as_bytes(), [&HeaderValue::from_static(header)].into_iter(), Vec::new())
    }

    #[test]
    fn what_was_sent_is_left_out() {
        let body = r#"{"query":"q","variables":{"name":"Ada \"L\"","nick":"Bo","ssn":[123456789],"n":42}}"#;
        let redaction = redaction(body, "Bearer t0ken");
        let shown = |text: &str| redaction.apply(text);
        assert_eq!(shown(r#"got "Ada \"L\"" from Bearer t0ken"#), r#"got "…" from …"#);
        assert_eq!(
            shown("token t0ken of \"Bo\", not of Bob, 123456789 of 42"),
            "token … of \"…\", not of Bob, … of 42"
        );
    }

    #[test]
    fn other_forms_are_left_out_as_well() {
        let body = r#"{"variables":{"a":"Ünï & Söhne/Co","b":"a very long text that is cut","c":"a very","d":"é"}}"#;
        let redaction = redaction(body, "Basic dXNlcjpwYXNzdzByZA==");
        let shown = |text: &str| redaction.apply(text);
        assert_eq!(shown("no Ünï & Söhne/co!"), "no …!");
        assert_eq!(shown("no %C3%9Cn%c3%af%20%26%20S%C3%B6hne%2FCo!"), "no …!");
        assert_eq!(shown("A VERY LONG TEXT th… is too long"), "…… is too long");
        assert_eq!(shown("a very short text, 'é' é"), "… short text, '…' é");
        assert_eq!(shown("user:passw0rd, passw0rd, dXNlcjpwYXNzdzByZA"), "…, …, …");
        assert!(shown(&"ü".repeat(100_000)).len() < 2 * MOST_SHOWN);
    }

    #[test]
    fn many_variables_and_long_messages_take_no_time() {
        let many: Vec<String> = (0..10_000).map(|at| format!("value {at} {}", "x".repeat(90))).collect();
        let nested: Vec<String> = (1..1_000).map(|length| "x".repeat(length)).collect();
        for variables in [many, nested] {
            let body = serde_json::json!({ "variables": variables }).to_string();
            let messages: Vec<String> = (0..10_000).map(|at| format!("bad value {at} {}", "x".repeat(85))).collect();
            let long = "value 99 ".repeat(120_000);
            let started = Instant::now();
            let redaction = redaction(&body, "Bearer t0ken");
            let shown: usize = messages.iter().map(|message| redaction.apply(message).len()).sum();
            assert!(shown < 1_000_000 && redaction.apply(&long).len() < 2 * MOST_SHOWN);
            // 100 ms in a release build; tests are not optimised.
            assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        }
    }
}
