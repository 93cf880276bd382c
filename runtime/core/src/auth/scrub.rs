//! Removes secrets from texts of servers.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// The maximum number of characters shown of a server's text.
const MOST: usize = 300;

/// Replaces secrets by `…`, even if they are urlencoded or in base64. Control characters are removed, and long texts
/// are cut.
pub(super) fn scrub(text: &str, secrets: &[&str]) -> String {
    let mut forms: Vec<String> = secrets.iter().filter(|secret| !secret.is_empty()).flat_map(forms).collect();
    // A secret that is a prefix of another one must not leave the rest of that one.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    let scrubbed = forms.iter().fold(text.to_owned(), |text, form| text.replace(form.as_str(), "…"));
    let shown: Vec<char> = scrubbed.chars().filter(|character| !character.is_control()).collect();
    let cut = if shown.len() > MOST { "…" } else { "" };
    shown.into_iter().take(MOST).chain(cut.chars()).collect()
}

/// Returns the forms in which a server can repeat a secret.
fn forms(secret: &&str) -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent = form.replace('+', "%20");
    let lower = with_lowercase_escapes(&percent);
    let in_base64 = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD].map(|engine| engine.encode(secret));
    [(*secret).to_owned(), secret.trim().to_owned(), form, percent, lower]
        .into_iter()
        .chain(in_base64)
        .filter(|form| !form.is_empty())
        .collect()
}

/// Converts `%2F` to `%2f`, as some servers write it.
fn with_lowercase_escapes(percent: &str) -> String {
    let mut parts = percent.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (escape, rest) = part.split_at(part.len().min(2));
        text + "%" + &escape.to_ascii_lowercase() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::scrub;

    #[test]
    fn secrets_are_replaced_in_all_their_forms() {
        let shown = |text: &str| scrub(text, &["s3cr/t+ é", "s3cr"]);
        assert_eq!(shown("bad s3cr/t+ é!"), "bad …!");
        assert_eq!(shown("bad s3cr%2Ft%2B+%C3%A9!"), "bad …!");
        assert_eq!(shown("bad s3cr%2Ft%2B%20%C3%A9!"), "bad …!");
        assert_eq!(shown("bad s3cr%2ft%2b%20%c3%a9!"), "bad …!");
        assert_eq!(shown("bad czNjci90KyDDqQ==!"), "bad …!");
        assert_eq!(shown("bad czNjci90KyDDqQ!"), "bad …!");
        assert_eq!(shown("bad s3cr!"), "bad …!");
        assert_eq!(shown("two\nlines"), "twolines");
        assert_eq!(shown(&"x".repeat(1000)).chars().count(), 301);
    }
}
