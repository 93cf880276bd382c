//! `require-typename-on-abstract`

use super::prelude::*;

pub const ENTRY: Entry = entry::<RequireTypenameOnAbstract>(Meta {
    fixable: Fixable::Safe,
    what: "Finds selection sets on interfaces and unions that have type conditions but do not select `__typename`.",
    why: "Without it, the response does not identify the object type. `graphwright generate` adds it automatically; other clients do not.",
    ..meta!("require-typename-on-abstract", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireTypenameOnAbstract {}

impl Rule for RequireTypenameOnAbstract {
    fn set<'a>(&self, cx: &Cx<'a>, set: &SelectionSet<'a>) {
        let Some(parent) = set.parent else { return };
        let is_abstract = cx.schema.is_composite(parent) && !cx.schema.is_object(parent);
        if !is_abstract || matches!(set.owner, Owner::Inline(_)) {
            return;
        }
        let collected = cx.keys(*set);
        let narrows = collected.iter().any(|one| one.parent != Some(parent));
        if narrows && !collected.iter().any(|one| one.name == "__typename" && one.parent == Some(parent)) {
            let finding =
                cx.finding(cx.open_brace(set.owner), format!("the selection of `{parent}` lacks `__typename`"));
            cx.say(finding.fix(cx.insertion(set.owner, "__typename", Safety::Safe)));
        }
    }
}
