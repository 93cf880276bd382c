//! `no-duplicate-fields`

use super::prelude::*;
use std::collections::HashMap;

pub const ENTRY: Entry = entry::<NoDuplicateFields>(Meta {
    recommended: Level::Warn,
    fixable: Fixable::Safe,
    known_as: &["graphql-eslint", "biome/noDuplicateFields"],
    what: "Finds duplicate fields in a selection set, and duplicate variables and arguments.",
    why: "The second one has no effect: it is a leftover or a typo. If an object field is selected in two parts, \
          both count, but readers of the first part may miss the second.",
    ..meta!("no-duplicate-fields", Category::Suspicious, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoDuplicateFields {}

impl Rule for NoDuplicateFields {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        for (at, variable) in operation.variables.iter().enumerate() {
            if operation.variables[..at].iter().any(|earlier| earlier.name == variable.name) {
                let message = format!("the variable `${}` is defined twice", variable.name);
                cx.say(cx.finding(cx.name(&variable.name), message));
            }
        }
    }

    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        let mut known: HashMap<&'a Name, &'a Node<Field>> = HashMap::new();
        for field in set.selections().iter().filter_map(Selection::as_field) {
            let key = field.response_name();
            let first = *known.entry(key).or_insert(field);
            if std::ptr::eq(first, field) {
                continue;
            }
            let is_merged = !field.selection_set.is_empty() && field.selection_set != first.selection_set;
            let note = if is_merged { ", in two parts" } else { "" };
            let finding = cx
                .finding(cx.name(key), format!("`{key}` is selected twice{note}"))
                .also(cx.name(first.response_name()), "first here");
            let fix = (field == first)
                .then(|| cx.removal(cx.node(field), format!("remove the second `{key}`"), Safety::Safe));
            cx.say(finding.fix(fix.flatten()));
        }
    }

    fn field<'a>(&self, cx: &Cx<'a>, field: &'a Node<Field>, _: Option<&'a FieldDefinition>, _: &Place<'a>) {
        for (at, argument) in field.arguments.iter().enumerate() {
            if field.arguments[..at].iter().any(|earlier| earlier.name == argument.name) {
                cx.say(cx.finding(cx.name(&argument.name), format!("the argument `{}` is given twice", argument.name)));
            }
        }
    }
}
