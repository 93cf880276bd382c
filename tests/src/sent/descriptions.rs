//! Descriptions of executable definitions.

/// Blanks out descriptions of operations, fragments and variables, which apollo-parser does not know.
pub fn without_descriptions(text: &str) -> String {
    let bytes = text.trim_start_matches('\u{feff}').as_bytes();
    let mut kept = bytes.to_vec();
    let (mut at, mut depth, mut before) = (0, 0_i32, b' ');
    while at < bytes.len() {
        let end = match bytes[at] {
            b'#' => at + bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len() - at),
            b'"' => {
                let end = end_of_string(bytes, at);
                if depth == 0 && !matches!(before, b':' | b'=' | b'[' | b',') {
                    kept[at..end].fill(b' ');
                }
                end
            }
            byte => {
                depth += i32::from(matches!(byte, b'{' | b'[')) - i32::from(matches!(byte, b'}' | b']'));
                at + 1
            }
        };
        if !bytes[at].is_ascii_whitespace() && bytes[at] != b'#' {
            before = bytes[at];
        }
        at = end;
    }
    String::from_utf8(kept).unwrap_or_default()
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let (quote, block) = if bytes[start..].starts_with(b"\"\"\"") { (3, true) } else { (1, false) };
    let mut at = start + quote;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'\\', b'"', b'"', b'"', ..] if block => at += 4,
            [b'\\', ..] if !block => at += 2,
            [b'"', b'"', b'"', ..] if block => return at + 3,
            [b'"', ..] if !block => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
