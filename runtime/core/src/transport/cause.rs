//! Converts errors of reqwest to transport errors: the deepest cause, and whether the server may have the request.

use super::TransportError;
use super::chain::chain;
use std::error::Error;
use std::io;

/// Converts an error from before the response's headers. `target` names the server, and the proxy if there is one.
pub(super) fn no_response(target: &str, scheme: &str, error: reqwest::Error) -> TransportError {
    if error.is_builder() {
        return failure(format!("cannot send a request to {target}"), error).unsent().permanent();
    }
    if !error.is_connect() {
        let unprocessed = is_unprocessed(&error);
        let failure = failure(format!("no response from {target}"), error);
        return if unprocessed { failure.unsent() } else { failure };
    }
    match tls_error(&error) {
        Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)) if scheme == "https" => {
            let hint = "the server does not support TLS on this port; the URL may have to begin with `http://`";
            failure(format!("cannot connect to {target}: {hint}"), error).unsent().permanent()
        }
        _ => failure(format!("cannot connect to {target}"), error).unsent(),
    }
}

/// Converts an error from after the response's headers.
pub(super) fn broke_off(target: &str, error: reqwest::Error) -> TransportError {
    failure(format!("the response from {target} broke off"), error)
}

/// Returns true if the server has certainly not processed a request that was handed to a connection.
///
/// - RST_STREAM with REFUSED_STREAM guarantees it (RFC 9113, section 8.7).
/// - GOAWAY guarantees it for streams above its last stream identifier (section 6.8), whatever its error code. h2
///   reports
///   GOAWAY as the error of these streams only; for the others it reports how the connection ended.
/// - hyper cancels a request only before it has written any of it.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| {
        let http2 = cause.downcast_ref::<h2::Error>().is_some_and(|error| {
            let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            error.is_remote() && (refused || error.is_go_away())
        });
        http2 || cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
    })
}

fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())
}

fn failure(message: String, error: reqwest::Error) -> TransportError {
    let timeout = error.is_timeout();
    let failure = TransportError::new(message).because(deepest(error));
    if timeout { failure.timed_out() } else { failure }
}

/// Returns the deepest cause as a separate error: an I/O error if it is or was wrapped by one. The errors above it
/// only repeat which step failed. URLs are omitted, since they can contain secrets.
fn deepest(error: reqwest::Error) -> Box<dyn Error + Send + Sync> {
    let error = error.without_url();
    let text = chain(&error).last().map(text).unwrap_or_default();
    match chain(&error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last() {
        Some(io) => match io.raw_os_error() {
            Some(code) => Box::new(io::Error::from_raw_os_error(code)),
            None => Box::new(io::Error::new(io.kind(), text)),
        },
        None => text.into(),
    }
}

/// Returns the text of an error. The text of h2 contains the debug data of a GOAWAY frame, which the server can set to
/// anything (RFC 9113, section 6.8).
fn text(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<h2::Error>() {
        Some(h2) if h2.is_go_away() => {
            let reason = h2.reason().map_or_else(|| "no reason".to_owned(), |reason| reason.to_string());
            format!("the connection was ended by GOAWAY: {reason}")
        }
        _ => error.to_string(),
    }
}
