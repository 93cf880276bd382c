//! `description-style`

use super::prelude::*;

pub const ENTRY: Entry = entry::<DescriptionStyle>(Meta {
    fixable: Fixable::Safe,
    known_as: &["graphql-eslint"],
    what: "Finds descriptions that do not use the configured string syntax.",
    why: "A consistent style is easier to read. A fix is available if the text stays the same.",
    ..meta!("description-style", Category::Style, Reads::Schema)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct DescriptionStyle {
    /// The string syntax of descriptions.
    style: DescriptionSyntax,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum DescriptionSyntax {
    /// Block strings, `"""…"""`.
    #[default]
    Block,
    /// Inline strings, `"…"`.
    Inline,
}

impl Rule for DescriptionStyle {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl SchemaRule for DescriptionStyle {
    fn element<'a>(&self, cx: &SchemaContext<'a>, element: &Element<'a>) {
        let Some(span) = element.description.and_then(|description| cx.node(description)) else { return };
        let written = &cx.text()[span.range()];
        let (is_block, new) = match written.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
            Some(content) => (true, inline(content)),
            None => (false, block(written.trim_matches('"'))),
        };
        let (found, expected) = match self.style {
            DescriptionSyntax::Block if !is_block => ("inline", "block"),
            DescriptionSyntax::Inline if is_block => ("block", "inline"),
            _ => return,
        };
        let message = format!("the description of {} is {found}; expected {expected}", element.coordinate());
        let fix =
            new.and_then(|new| cx.replacement(Some(span), new, format!("write it as {expected} string"), Safety::Safe));
        cx.say(cx.finding(Some(span), message).fix(fix));
    }
}

/// Converts the content of a string to a block string, unless it has escapes.
fn block(content: &str) -> Option<String> {
    (!content.contains('\\') && !content.trim().is_empty()).then(|| format!("\"\"\"{content}\"\"\""))
}

/// Converts the content of a block string to a string, if it is one line without characters to escape.
fn inline(content: &str) -> Option<String> {
    let line = content.trim_matches(['\n', '\r', ' ', '\t']);
    (!line.contains(['\n', '\r', '\\', '"']) && !line.is_empty()).then(|| format!("\"{line}\""))
}
