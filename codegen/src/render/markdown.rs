//! Converts descriptions to Markdown that documentation tools only display: the text is kept, but nothing in it
//! is compiled, resolved or executed.
//!
//! The input is any text. The output is lines for a documentation comment, with these invariants:
//!
//! - A code block is one that [`Writer::code`] opens: at the left margin, with the language `text`. No other line can begin
//!   one: three backticks or tildes in a row are escaped, at most three spaces begin a line, and inside a line two
//!   spaces never follow each other.
//! - Every `<`, `[` and backtick is escaped, unless it belongs to a code span, an autolink or a link that
//!   [`inline`] writes, each on one line and with a target of `http` or `https`. So there is no HTML, no reference
//!   and no link definition.
//! - There are no tables, whose cells would divide code spans: the row of dashes is escaped.
//! - There are no control characters and none that reorder text.

/// Columns of a tab, in the indentation and in code.
const TAB: &str = "    ";

/// Returns the text as lines of Markdown.
pub fn lines(text: &str) -> Vec<String> {
    let text = clean(&text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut writer = Writer::default();
    let mut rest = text.trim_matches('\n').lines().peekable();
    while let Some(line) = rest.next() {
        let place = Place::of(line);
        if let Some(fence) = Fence::opened_by(place.content) {
            let mut code = Vec::new();
            while let Some(next) = rest.next_if(|next| place.holds(next)) {
                let next = place.inside(next);
                if fence.is_closed_by(next) {
                    break;
                }
                code.push(next);
            }
            writer.code(&code);
        } else if place.content.starts_with('|') {
            let mut table = vec![place.content];
            while let Some(next) = rest.next_if(|next| Place::of(next).content.starts_with('|')) {
                table.push(Place::of(next).content);
            }
            writer.code(&table);
        } else if writer.may_indent_code() && is_indented_code(line) {
            let mut code = vec![line];
            while let Some(next) = rest.next_if(|next| is_indented_code(next) || next.trim().is_empty()) {
                code.push(next);
            }
            let code: Vec<&str> = code.iter().map(|line| line.get(TAB.len()..).unwrap_or_default()).collect();
            writer.code(&code);
        } else {
            writer.prose(line);
        }
    }
    writer.finished()
}

/// Returns the text on one line, where blocks are not allowed.
pub fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    inline(&clean(&words.join(" ")))
}

/// Removes characters that change the meaning of the surrounding text, and replaces tabs by spaces.
fn clean(text: &str) -> String {
    let hidden = |character: char| {
        matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        ) || (character.is_control() && character != '\n')
    };
    text.replace('\t', TAB).chars().filter(|character| !hidden(*character)).collect()
}

/// The output lines.
#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    /// Whether the line is in a list: from an item to the next line that is not indented.
    in_list: bool,
}

impl Writer {
    /// Writes a line outside code.
    fn prose(&mut self, line: &str) {
        let content = line.trim();
        if content.is_empty() {
            return self.blank();
        }
        let indent = line.len() - line.trim_start().len();
        self.in_list = !Place::of(line).is_plain() || (self.in_list && indent > 0);
        let indent = " ".repeat(indent.min(3));
        let words: Vec<&str> = content.split_whitespace().collect();
        self.lines.push(format!("{indent}{}", inline(&words.join(" "))));
    }

    /// Writes a code block, whose fence is longer than any in the code.
    fn code(&mut self, code: &[&str]) {
        let longest = code.iter().map(|line| longest_run(line, '`')).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.blank();
        self.lines.push(format!("{fence}text"));
        let blank = |line: &&&str| line.trim().is_empty();
        let trailing = code.iter().rev().take_while(blank).count();
        self.lines.extend(code[..code.len() - trailing].iter().map(|line| line.trim_end().to_owned()));
        self.lines.push(fence);
        self.in_list = false;
        self.blank();
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Returns whether indented text is code: only after a blank line, and not in a list, where it may be a paragraph.
    fn may_indent_code(&self) -> bool {
        !self.in_list && self.lines.last().is_none_or(String::is_empty)
    }

    fn finished(mut self) -> Vec<String> {
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines
    }
}

fn is_indented_code(line: &str) -> bool {
    line.starts_with(TAB) && !line.trim().is_empty()
}

fn longest_run(line: &str, of: char) -> usize {
    line.split(|character| character != of).map(str::len).max().unwrap_or(0)
}

/// The block quotes and list items around the beginning of a line.
struct Place<'t> {
    /// The number of `>` before the content.
    quotes: usize,
    /// The column of the content after the last `>`.
    indent: usize,
    /// Whether a list item begins on the line.
    item: bool,
    content: &'t str,
}

impl<'t> Place<'t> {
    fn of(line: &'t str) -> Self {
        let mut place = Self { quotes: 0, indent: 0, item: false, content: line };
        loop {
            let trimmed = place.content.trim_start_matches(' ');
            place.indent += place.content.len() - trimmed.len();
            place.content = trimmed;
            if let Some(quoted) = trimmed.strip_prefix('>') {
                place = Self { quotes: place.quotes + 1, indent: 0, item: place.item, content: quoted };
            } else if let Some(item) = after_marker(trimmed) {
                place.indent += trimmed.len() - item.len();
                place.item = true;
                place.content = item;
            } else {
                return place;
            }
        }
    }

    /// Returns true if no block quote and no list begins here.
    fn is_plain(&self) -> bool {
        self.quotes == 0 && !self.item
    }

    /// Returns true if a later line is in the same block quotes and in the same list item.
    fn holds(&self, line: &str) -> bool {
        let Some(inside) = self.after_quotes(line) else { return false };
        let indent = inside.len() - inside.trim_start().len();
        !self.item || inside.trim().is_empty() || indent > 1
    }

    /// Returns a later line without the quotes and the indentation.
    fn inside<'l>(&self, line: &'l str) -> &'l str {
        let inside = self.after_quotes(line).unwrap_or(line);
        let indent = inside.len() - inside.trim_start_matches(' ').len();
        inside.get(indent.min(self.indent)..).unwrap_or_default()
    }

    fn after_quotes<'l>(&self, mut line: &'l str) -> Option<&'l str> {
        for _ in 0..self.quotes {
            line = line.trim_start_matches(' ').strip_prefix('>')?;
        }
        Some(line)
    }
}

/// Returns the text after the marker of a list item.
fn after_marker(text: &str) -> Option<&str> {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let marked = match digits {
        0 => text.strip_prefix(['-', '*', '+']),
        1..=9 => text.get(digits..)?.strip_prefix(['.', ')']),
        _ => None,
    };
    marked.filter(|rest| rest.starts_with(' '))
}

/// The opening fence of a code block.
struct Fence {
    character: char,
    length: usize,
}

impl Fence {
    fn opened_by(content: &str) -> Option<Self> {
        let character = content.chars().next().filter(|character| matches!(character, '`' | '~'))?;
        let info = content.trim_start_matches(character);
        let length = content.len() - info.len();
        // A backtick after the fence makes it a code span.
        (length >= 3 && !(character == '`' && info.contains('`'))).then_some(Self { character, length })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let content = line.trim();
        let rest = content.trim_start_matches(self.character);
        rest.is_empty() && content.len() >= self.length
    }
}

/// Escapes one line of text, except code spans, emphasis and links to the web.
fn inline(text: &str) -> String {
    // Without letters and digits, it may be the delimiter row of a table.
    let may_divide = !text.contains(|character: char| character.is_alphanumeric());
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        // A backtick before a code span would extend its fence.
        let span = if out.ends_with('`') { None } else { code_span(rest) };
        if let Some((written, after)) = span.or_else(|| link(rest)).or_else(|| web_address(rest)) {
            out.push_str(&written);
            rest = after;
            continue;
        }
        let run = rest.len() - rest.trim_start_matches(character).len();
        let after = &rest[character.len_utf8()..];
        rest = match (character, after.chars().next()) {
            ('\\', Some(escaped)) if escaped.is_ascii_punctuation() => {
                out.extend(['\\', escaped]);
                &after[escaped.len_utf8()..]
            }
            ('\\' | '<' | '[', _) | ('!', Some('[')) => {
                out.extend(['\\', character]);
                after
            }
            ('`', _) => {
                out.push_str(&"\\`".repeat(run));
                &rest[run..]
            }
            ('|', _) if may_divide => {
                out.push_str("\\|");
                after
            }
            ('~', _) if run >= 3 => {
                out.push_str(&"\\~".repeat(run));
                &rest[run..]
            }
            _ => {
                out.push(character);
                after
            }
        };
    }
    out
}

/// Returns a code span at the beginning of a text, and the text after it.
fn code_span(text: &str) -> Option<(String, &str)> {
    let run = text.len() - text.trim_start_matches('`').len();
    if run == 0 || run > 2 {
        return None;
    }
    let (fence, inside) = text.split_at(run);
    let mut from = 0;
    while let Some(found) = inside.get(from..)?.find('`') {
        let start = from + found;
        let length = inside[start..].len() - inside[start..].trim_start_matches('`').len();
        if length == run {
            let (content, after) = (&inside[..start], &inside[start + run..]);
            return (!content.trim().is_empty()).then(|| (format!("{fence}{content}{fence}"), after));
        }
        if length >= 3 {
            return None;
        }
        from = start + length;
    }
    None
}

/// Returns `[text](https://…)` at the beginning of a text, and the text after it.
fn link(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(['[', ']', '`', '\\', '<'])?;
    let (label, target) = (&inside[..end], inside[end..].strip_prefix("](")?);
    let length = address_length(target);
    let after = target.get(length..)?.strip_prefix(')')?;
    (length > 0 && !label.trim().is_empty()).then(|| (format!("[{label}](<{}>)", &target[..length]), after))
}

/// Returns `<https://…>` or `https://…` at the beginning of a text, and the text after it.
fn web_address(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('<').unwrap_or(text);
    let length = address_length(inside);
    let (address, after) = inside.split_at(length);
    if address.is_empty() {
        return None;
    }
    if inside.len() < text.len()
        && let Some(after) = after.strip_prefix('>')
    {
        return Some((format!("<{address}>"), after));
    }
    if inside.len() < text.len() {
        return None;
    }
    // Trailing punctuation belongs to the sentence.
    let bare = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    (!bare.ends_with("//")).then(|| (format!("<{bare}>"), &text[bare.len()..]))
}

/// Returns the length of the URL at the beginning of a text; 0 if there is none.
fn address_length(text: &str) -> usize {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme));
    let Some(scheme) = scheme else { return 0 };
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(character);
    let mut length = text.len() - text.trim_start_matches(is_part).len();
    // A parenthesis that closes one before the URL is not part of it.
    let mut depth = 0_i32;
    for (at, character) in text[..length].char_indices() {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            length = at;
            break;
        }
    }
    if length > scheme.len() { length } else { 0 }
}
