//! `deprecated-removal-due`

use super::prelude::*;
use crate::schema::deprecation;

pub const ENTRY: Entry = entry::<DeprecatedRemovalDue>(Meta {
    recommended: Level::Warn,
    what: "Finds deprecated fields whose announced removal date has passed or is near.",
    why: "From that date on, the operation may fail at any time. GitHub's schema announces a date for every deprecation.",
    ..meta!("deprecated-removal-due", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct DeprecatedRemovalDue {
    /// The number of days before the removal at which findings start.
    days: i64,
}

impl Default for DeprecatedRemovalDue {
    fn default() -> Self {
        Self { days: 30 }
    }
}

impl Rule for DeprecatedRemovalDue {
    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, of: Option<&'a FieldDefinition>, _: &Place<'a>) {
        let Some(of) = of else { return };
        let Some((day, date)) = deprecation(&of.directives).and_then(date_in) else { return };
        let left = day - super::super::today();
        if left > self.days {
            return;
        }
        let when = match left {
            ..0 => format!("was to be removed on {date}"),
            _ => format!("will be removed on {date}"),
        };
        cx.say(cx.finding(cx.name(&field.name), format!("`{}` {when}", field.name)));
    }
}

/// Returns the first date of the form 2026-01-31 after a word such as "removal", also as days since 1970. Other dates
/// in reasons are mostly those of the deprecation.
fn date_in(text: &str) -> Option<(i64, &str)> {
    let is_date = |word: &&str| word.len() == 10 && word.bytes().filter(|byte| *byte == b'-').count() == 2;
    let after = text.to_lowercase().find("remov").unwrap_or(text.len());
    let words = text.get(after..).unwrap_or_default().split(|next: char| !next.is_ascii_digit() && next != '-');
    let date = words.into_iter().find(is_date)?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let is_possible = (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_possible.then(|| (super::super::days(year, month, day), date))
}
