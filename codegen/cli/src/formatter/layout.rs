//! Layouts shared by several kinds of syntax: lists, blocks, and strings of several lines.

use super::printer::Doc;
use graphwright_prebuilt::block_string;

/// Joins items with separators.
pub(super) fn joined<'t>(items: Vec<Doc<'t>>, separator: impl Fn() -> Vec<Doc<'t>>) -> Doc<'t> {
    let mut all = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            all.extend(separator());
        }
        all.push(item);
    }
    Doc::All(all)
}

/// Joins items with commas on one line, and without them on several lines.
pub(super) fn separated(items: Vec<Doc<'_>>) -> Doc<'_> {
    joined(items, || vec![Doc::IfBroken { broken: Box::new(Doc::nothing()), flat: ", " }, Doc::SoftLine])
}

pub(super) fn list<'t>(open: &'t str, items: Vec<Doc<'t>>, close: &'t str) -> Doc<'t> {
    if items.is_empty() {
        return empty(open, close);
    }
    let inner = Doc::indent(vec![Doc::SoftLine, separated(items)]);
    Doc::group(vec![Doc::Text(open), inner, Doc::SoftLine, Doc::Text(close)])
}

/// Returns brackets without content.
pub(super) fn empty<'t>(open: &'t str, close: &'t str) -> Doc<'t> {
    Doc::group(vec![Doc::Text(open), Doc::SoftLine, Doc::Text(close)])
}

/// Returns braces with each item on its own line.
pub(super) fn braces(items: Vec<Doc<'_>>) -> Doc<'_> {
    if items.is_empty() {
        return empty("{", "}");
    }
    let items = joined(items, || vec![Doc::HardLine]);
    Doc::All(vec![Doc::Text("{"), Doc::indent(vec![Doc::HardLine, items]), Doc::HardLine, Doc::Text("}")])
}

/// Returns a value of one token. A block string is indented like the code around it, unless that would change its
/// value.
pub(super) fn value_text(text: &str) -> Doc<'_> {
    let Some(content) = block_string::content(text) else { return Doc::Text(text) };
    let lines = block_string::lines(content);
    let written = format!("\n{}\n", lines.join("\n"));
    if block_string::lines(&written) == lines { block(&lines) } else { Doc::Verbatim(text) }
}

/// Returns a block string, with its quotes on separate lines.
pub(super) fn block<'t>(lines: &[&'t str]) -> Doc<'t> {
    let quotes = || Doc::Text("\"\"\"");
    let lines = lines.iter().map(|line| match line.ends_with([' ', '\t']) {
        true => Doc::Verbatim(line),
        false => Doc::Text(line),
    });
    joined([quotes()].into_iter().chain(lines).chain([quotes()]).collect(), || vec![Doc::HardLine])
}
