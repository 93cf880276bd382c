//! Addresses of servers.

use crate::error::Error;

/// The address of a GraphQL endpoint. Hosts with letters beyond ASCII are not converted: that takes tables of a
/// megabyte, and their owners know the ASCII form.
pub fn endpoint(url: &str) -> Result<http::Uri, Error> {
    let uri: http::Uri = url.trim().parse().map_err(|error: http::uri::InvalidUri| {
        let hint = if url.is_ascii() { "" } else { " in ASCII (write `xn--…` for the host, `%…` in the path)" };
        Error::request(format!("`{}` is not a URL{hint}", without_secrets(url))).with_source(error)
    })?;
    match uri.scheme_str() {
        Some("http" | "https") if has_impossible_port(&uri) => {
            Err(Error::request(format!("`{}` is not a URL: a port is a number up to 65535", without_secrets(url))))
        }
        Some("http" | "https") => Ok(uri),
        Some(_) => Err(Error::request(format!("`{}` is not an http or https URL", without_secrets(url)))),
        None => Err(Error::request(format!("`{}` is not a URL: it has no `https://`", without_secrets(url)))),
    }
}

/// SHIM
pub fn split_credentials(uri: http::Uri) -> (http::Uri, Option<crate::auth::Credential>) {
    (uri, None)
}

/// True if digits behind the host are no port: that is not looked at when a URL is parsed.
fn has_impossible_port(uri: &http::Uri) -> bool {
    let end = uri.authority().and_then(|authority| authority.as_str().rsplit_once(':'));
    end.is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
        && uri.port_u16().is_none()
}

/// A URL as it may be shown: without user, password and query.
pub fn without_secrets(url: &str) -> String {
    // Passwords may hold anything, so the last `@` is what ends them.
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let (scheme, rest) = url.split_at(start);
    let rest = rest.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{}", rest.split(['?', '#']).next().unwrap_or_default())
}
