//! `no-unused-fragments`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoUnusedFragments>(Meta {
    recommended: Level::Warn,
    usual: Level::Warn,
    fixable: Fixable::Unsafe,
    known_as: &["graphql-js/NoUnusedFragmentsRule", "graphql-eslint"],
    what: "Finds fragments that no operation of the project reaches.",
    why: "Nobody sends them; the specification forbids them in a document that is sent (5.5.1.4).",
    ..meta!("no-unused-fragments", Category::Validity, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoUnusedFragments {}

impl Rule for NoUnusedFragments {
    fn project(&self, index: &Index, uses: &Uses, found: &mut Vec<Diagnostic>) {
        let fragments = index.definitions.iter().enumerate().filter(|(_, one)| one.kind == DefinedKind::Fragment);
        for (_, fragment) in fragments.filter(|(at, _)| !uses.reached.contains(at)) {
            let Some(name) = fragment.name.as_deref() else { continue };
            let message = format!("no operation uses the fragment `{name}`");
            let fix = Fix::new(Safety::Unsafe, format!("remove `{name}`"), fragment.with_comments, "");
            found.push(finding(ENTRY.meta.name, fragment.place, message).fix(Some(fix)));
        }
    }
}
