//! URLs of servers.

use crate::auth::basic;
use crate::error::Error;
use http::HeaderValue;
use http::uri::Authority;

/// Parses the URL of a GraphQL endpoint. Hosts with non-ASCII letters are not converted, since that takes tables of a
/// megabyte, and their owners know the ASCII form.
pub fn endpoint(url: &str) -> Result<http::Uri, Error> {
    let uri: http::Uri = url.trim().parse().map_err(|error: http::uri::InvalidUri| {
        let hint = if !url.is_ascii() {
            " in ASCII (use `xn--…` for the host, `%…` in the path)"
        } else if url.contains("://") || url.trim().contains(char::is_whitespace) {
            ""
        } else {
            ": it has no `https://`"
        };
        Error::request(format!("`{}` is not a URL{hint}", without_secrets(url))).with_source(error)
    })?;
    match uri.scheme_str() {
        Some("http" | "https") if has_impossible_port(&uri) => {
            Err(Error::request(format!("`{}` is not a URL: expected a port up to 65535", without_secrets(url))))
        }
        Some("http" | "https") => Ok(uri),
        Some(_) => Err(Error::request(format!("`{}` is not an http or https URL", without_secrets(url)))),
        None => Err(Error::request(format!("`{}` is not a URL: it has no `https://`", without_secrets(url)))),
    }
}

/// Returns true if the port is out of range, which parsing a URL does not check.
fn has_impossible_port(uri: &http::Uri) -> bool {
    let end = uri.authority().and_then(|authority| authority.as_str().rsplit_once(':'));
    end.is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
        && uri.port_u16().is_none()
}

/// Returns a URL as it may be shown: without user, password and query. If an `@` after a `?` or `#` may belong to
/// either password or query, returns only the scheme.
pub fn without_secrets(url: &str) -> String {
    // Passwords may contain any character, so the last `@` ends them.
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = url.split_at(start);
    match rest.split_once(['?', '#']) {
        Some((_, query)) if query.contains('@') => format!("{scheme}…"),
        Some((rest, _)) => format!("{scheme}{}", after_user_info(rest)),
        None => format!("{scheme}{}", after_user_info(rest)),
    }
}

fn after_user_info(rest: &str) -> &str {
    rest.rsplit_once('@').map_or(rest, |(_, host)| host)
}

/// Splits `https://user:password@host/…` into the URL without user and password, which logs of HTTP libraries may show,
/// and the value of a Basic `Authorization` header (RFC 7617), which is marked as sensitive. Both are percent-decoded
/// (RFC 3986, 3.2.1).
pub(crate) fn split_credentials(uri: http::Uri) -> (http::Uri, Option<HeaderValue>) {
    let Some((user_info, host)) = uri.authority().and_then(|authority| authority.as_str().rsplit_once('@')) else {
        return (uri, None);
    };
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let pair = [&decoded(user), b":".as_slice(), &decoded(password)].concat();
    let credential = if pair == b":" { None } else { basic::value(&pair) };
    let Ok(authority) = host.parse::<Authority>() else { return (uri, credential) };
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(authority);
    (http::Uri::from_parts(parts).unwrap_or(uri), credential)
}

/// Returns the secrets in a URL, as written and percent-decoded: the password, or the user if there is no password, and
/// the values of the query.
pub(crate) fn secrets(url: &str) -> Vec<String> {
    let Ok(uri) = url.trim().parse::<http::Uri>() else { return Vec::new() };
    let user_info = uri.authority().and_then(|authority| authority.as_str().rsplit_once('@'));
    let password = user_info.map(|(info, _)| info.split_once(':').map_or(info, |(_, password)| password));
    let queries = uri.query().into_iter().flat_map(|query| query.split('&'));
    let values = queries.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
    let secrets = password.into_iter().chain(values).filter(|secret| !secret.is_empty());
    secrets.flat_map(|secret| [secret.to_owned(), String::from_utf8_lossy(&decoded(secret)).into_owned()]).collect()
}

/// Decodes percent escapes; other characters are unchanged.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(16 * high + low));
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn credentials_are_split_from_urls() {
        let split = |url: &str| {
            let (uri, credential) = split_credentials(url.parse().unwrap());
            let pair = credential.map(|value| {
                assert!(value.is_sensitive());
                let encoded = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
                String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap()
            });
            (uri.to_string(), pair)
        };
        let some = |url: &str, pair: &str| (url.to_owned(), Some(pair.to_owned()));
        assert_eq!(split("https://a.example/x?y=1"), ("https://a.example/x?y=1".to_owned(), None));
        assert_eq!(split("https://u:p@a.example:8080/x?y=1"), some("https://a.example:8080/x?y=1", "u:p"));
        assert_eq!(split("https://u%40b:p%2F%C3%A9%3a@[::1]:1/"), some("https://[::1]:1/", "u@b:p/é:"));
        assert_eq!(split("https://u@a.example/"), some("https://a.example/", "u:"));
        assert_eq!(split("https://:p@a.example/"), some("https://a.example/", ":p"));
        assert_eq!(split("https://u:100%@a.example/"), some("https://a.example/", "u:100%"));
    }
}
