//! `no-hashtag-description`

use super::prelude::*;
use crate::lint::suppress;
use crate::source::{line_start, lines_before};

pub const ENTRY: Entry = entry::<NoHashtagDescription>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds comments that seem to be meant as descriptions.",
    why: "Tools and introspection show descriptions (`\"…\"`, `\"\"\"…\"\"\"`), but not comments. \
          A comment directly above a name is reported, unless other code precedes it on its line.",
    ..meta!("no-hashtag-description", Category::Suspicious, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoHashtagDescription {}

impl Rule for NoHashtagDescription {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for NoHashtagDescription {
    fn file(&self, cx: &SchemaContext<'_>) {
        let text = cx.text();
        for comment in suppress::comments(text) {
            let content = text[comment.clone()].trim_start_matches('#').trim_start();
            let is_setting = content.starts_with("eslint") || content.starts_with("graphwright");
            let is_alone = text[line_start(text, comment.start)..comment.start].trim().is_empty();
            if is_alone && !is_setting && is_above_name(text, comment.end) {
                cx.say(cx.finding(Some(cx.span(comment)), "this comment is not a description; expected a string"));
            }
        }
    }
}

/// Returns true if a name begins on the line after an offset.
fn is_above_name(text: &str, offset: usize) -> bool {
    let rest = &text[offset..];
    let next = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
    let lines = lines_before(rest, rest.len() - next.len());
    lines < 2 && next.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
}
