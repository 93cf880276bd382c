//! Block strings: their content without indentation (specification, 2.9.4).

/// Returns the content between the quotes if a token is a block string.
pub fn content(token: &str) -> Option<&str> {
    token.strip_prefix("\"\"\"")?.strip_suffix("\"\"\"")
}

/// Returns the lines of a block string, without common indentation and without empty lines around them.
pub fn lines(content: &str) -> Vec<&str> {
    let mut lines = lines_as_written(content);
    let is_blank = |line: &&str| indentation(line) == line.len();
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indentation(line)).min().unwrap_or(0);
    for line in lines.iter_mut().skip(1) {
        *line = line.get(common..).unwrap_or_default();
    }
    let Some(last) = lines.iter().rposition(|line| !is_blank(line)) else { return Vec::new() };
    lines.truncate(last + 1);
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(0);
    lines.drain(..first);
    lines
}

/// Returns lines without trailing spaces; a single line also without leading spaces.
pub fn lines_of_description(mut lines: Vec<&str>) -> Vec<&str> {
    for line in &mut lines {
        while let Some(shorter) = line.strip_suffix(' ').or_else(|| line.strip_suffix('\t')) {
            *line = shorter;
        }
    }
    if let [only] = lines.as_mut_slice() {
        *only = &only[indentation(only)..];
    }
    lines
}

fn lines_as_written(content: &str) -> Vec<&str> {
    if !content.contains('\r') {
        return content.split('\n').collect();
    }
    // A lone carriage return also ends a line.
    content.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).collect()
}

/// Returns the number of spaces and tabs at the beginning of a line.
fn indentation(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() && matches!(bytes[at], b' ' | b'\t') {
        at += 1;
    }
    at
}
