//! `require-deprecation-date`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireDeprecationDate>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds `@deprecated` without a removal date, and deprecated elements whose removal date has passed.",
    why: "With a date, clients know how long they can wait, and it ensures that the schema is cleaned up. The format is DD/MM/YYYY.",
    ..meta!("require-deprecation-date", Category::Restriction, Reads::Schema)
});

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireDeprecationDate {
    /// The argument of `@deprecated` that contains the date.
    argument: String,
}

impl Rule for RequireDeprecationDate {
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        Some(self)
    }
}

impl Default for RequireDeprecationDate {
    fn default() -> Self {
        Self { argument: "deletionDate".to_owned() }
    }
}

impl SchemaRule for RequireDeprecationDate {
    fn directive<'a>(&self, cx: &SchemaContext<'a>, on: &Element<'a>, directive: &'a Node<Directive>) {
        if directive.name != "deprecated" {
            return;
        }
        let of = on.coordinate();
        let Some(value) = directive.specified_argument_by_name(&self.argument) else {
            cx.report(Some(&directive.name), format!("the deprecation of {of} has no `{}`", self.argument));
            return;
        };
        let written = value.as_str().unwrap_or_default();
        match removal(written) {
            None => {
                let message = format!("invalid removal date of {of}; expected DD/MM/YYYY");
                cx.say(cx.finding(cx.node(value), message));
            }
            Some(day) if day < crate::lint::today() => {
                cx.report(on.name, format!("{of} can be removed; its removal date was {written}"));
            }
            Some(_) => {}
        }
    }
}

/// Parses a date in the format DD/MM/YYYY as days since 1970.
fn removal(written: &str) -> Option<i64> {
    let mut parts = written.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let has_form = (day.len(), month.len(), year.len(), parts.next()) == (2, 2, 4, None);
    has_form.then(|| crate::lint::day(&format!("{year}-{month}-{day}"))).flatten()
}
