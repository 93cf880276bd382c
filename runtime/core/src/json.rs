//! The text of responses: byte order marks and nesting depth.
//!
//! Decoding uses the stack of the thread for nested values. Selection sets are as deep as the
//! document, but a custom scalar can have any depth, so texts that are nested more deeply than a
//! limit are rejected before they are decoded.

use serde::Deserialize;
use serde_json::Deserializer;

/// The default maximum depth of a response.
pub(crate) const MOST_DEPTH: usize = 512;

/// The default maximum depth of serde_json.
pub(crate) const USUAL_DEPTH: usize = 127;

/// The reason why a text could not be decoded.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// It is nested too deeply.
    Depth,
    /// It is not JSON, or does not fit the type.
    Json(serde_json::Error),
}

/// Returns the text of a body without a byte order mark, which a reader may ignore (RFC 8259, section 8.1).
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Decodes a text with a maximum depth.
///
/// # Errors
/// It is nested more deeply, it is not JSON, or it does not fit the type.
pub(crate) fn decode<'a, T: Deserialize<'a>>(text: &'a str, most_depth: usize) -> Result<T, JsonError> {
    let mut deserializer = Deserializer::from_str(text);
    // The depth is only measured if serde_json fails because of it.
    let decoded = match most_depth {
        ..USUAL_DEPTH if depth(text.as_bytes()) > most_depth => return Err(JsonError::Depth),
        _ => whole(&mut deserializer),
    };
    match decoded {
        Err(error) if error.is_syntax() => match depth(text.as_bytes()) {
            ..=USUAL_DEPTH => Err(JsonError::Json(error)),
            depth if depth > most_depth => Err(JsonError::Depth),
            _ => whole(&mut deeper(text)).map_err(JsonError::Json),
        },
        decoded => decoded.map_err(JsonError::Json),
    }
}

fn whole<'a, T: Deserialize<'a>>(
    deserializer: &mut Deserializer<serde_json::de::StrRead<'a>>,
) -> Result<T, serde_json::Error> {
    let value = T::deserialize(&mut *deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Returns a deserializer for a text whose depth was measured.
fn deeper(text: &str) -> Deserializer<serde_json::de::StrRead<'_>> {
    let mut deserializer = Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    deserializer
}

/// Returns the maximum number of lists and objects that are open at once. It is exact for valid JSON; any other text
/// fails before the depth counted here.
fn depth(text: &[u8]) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert_eq!(depth(br#"{"a[[\"[{":[{"b":[]}]}"#), 4);
        assert_eq!(depth(br#""\\"[["#), 2);
        assert_eq!(depth(b"]]]["), 1);
    }

    #[test]
    fn texts_are_decoded_to_the_limit() {
        for (most, deepest) in [(512, 512), (64, 64), (127, 127), (128, 128)] {
            assert!(decode::<Value>(&nested(deepest), most).is_ok(), "{deepest}");
            assert!(matches!(decode::<Value>(&nested(deepest + 1), most), Err(JsonError::Depth)), "{deepest}");
        }
    }

    #[test]
    fn what_is_not_json_is_not_too_deep() {
        assert!(matches!(decode::<Value>("[1,]", 512), Err(JsonError::Json(_))));
        assert!(matches!(decode::<Value>("[] []", 512), Err(JsonError::Json(_))));
        assert!(matches!(decode::<Value>(&"[".repeat(1_000_000), 512), Err(JsonError::Depth)));
        assert!(matches!(decode::<Value>(&"[".repeat(200), 512), Err(JsonError::Json(_))));
    }
}
