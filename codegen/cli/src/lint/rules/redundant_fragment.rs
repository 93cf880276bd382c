//! `redundant-fragment`

use super::prelude::*;
use crate::source::line_start;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<RedundantFragment>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Safe,
    what: "Finds inline fragments whose type condition narrows nothing, and duplicate spreads.",
    why: "Their selections could be part of the enclosing selection set; generated code has an extra type for each.",
    ..meta!("redundant-fragment", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RedundantFragment {}

impl Rule for RedundantFragment {
    fn inline<'a>(&self, cx: &Cx<'a>, inline: &'a Node<InlineFragment>, place: &Place<'a>) {
        let Some(parent) = place.set.parent.filter(|_| inline.directives.is_empty()) else { return };
        let is_same = match &inline.type_condition {
            None => true,
            Some(condition) => cx.schema.types.always(parent, condition),
        };
        // An interface field can have a wider type than that of an implementing object.
        let is_plain = inline.type_condition.as_ref().is_none_or(|condition| condition == parent);
        if !is_same {
            return;
        }
        let message = match &inline.type_condition {
            Some(condition) => format!("every `{parent}` is a `{condition}`, so the fragment adds nothing"),
            None => "the fragment has no condition and adds nothing".to_owned(),
        };
        let braces = cx.braces(Owner::Inline(inline)).filter(|_| is_plain);
        let fix = cx.node(inline).zip(braces).map(|(whole, (open, close))| {
            let inner = cx.span(open + 1..close);
            let text = cx.text()[inner.range()].trim();
            let mut new = dedented(cx.text(), whole, text);
            // A comment extends to the end of its line; it must not absorb the following text.
            let last = &text[text.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
            if last.contains('#')
                && !cx.text()[whole.end..].trim_start_matches([' ', '\t', ',']).starts_with(['\n', '\r'])
            {
                new.push('\n');
            }
            Fix::new(Safety::Safe, "replace it by its selections", whole, new)
        });
        cx.say(cx.finding(cx.head(inline), message).fix(fix));
    }

    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        let mut known: HashMap<&'a Node<FragmentSpread>, &'a Node<FragmentSpread>> = HashMap::new();
        for spread in set.selections().iter().filter_map(Selection::as_fragment_spread) {
            let Some(earlier) = known.insert(spread, spread) else { continue };
            let name = &spread.fragment_name;
            let finding = cx.finding(cx.name(name), format!("the fragment `{name}` is spread twice"));
            let fix = cx.removal(cx.node(spread), "remove the second spread", Safety::Safe);
            cx.say(finding.also(cx.name(&earlier.fragment_name), "first here").fix(fix));
        }
    }
}

/// Returns selections indented by one level less.
fn dedented(text: &str, outer: Span, inner: &str) -> String {
    let indent = &text[line_start(text, outer.start)..outer.start];
    let lines: Vec<&str> = inner.lines().collect();
    let deeper = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let Some(least) = deeper.map(|line| line.len() - line.trim_start().len()).min() else { return inner.to_owned() };
    let extra = least.saturating_sub(indent.len());
    if !indent.trim().is_empty() {
        return inner.to_owned();
    }
    let rest = lines
        .iter()
        .skip(1)
        .map(|line| line.get(extra.min(line.len() - line.trim_start().len())..).unwrap_or_default());
    lines.first().copied().into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}
