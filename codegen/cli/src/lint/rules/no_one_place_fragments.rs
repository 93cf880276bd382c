//! `no-one-place-fragments`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoOnePlaceFragments>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds fragments that are spread in one place only.",
    why: "They could stand where they are spread. Leave the rule off where fragments live beside the code that needs them.",
    ..meta!("no-one-place-fragments", Category::Style, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoOnePlaceFragments {}

impl Rule for NoOnePlaceFragments {
    fn project(&self, index: &Index, uses: &Uses, found: &mut Vec<Diagnostic>) {
        for fragment in index.definitions.iter().filter(|one| one.kind == DefinedKind::Fragment) {
            let Some(name) = fragment.name.as_deref() else { continue };
            if let Some([only]) = uses.spread_in.get(name).map(Vec::as_slice) {
                let message = format!("the fragment `{name}` is used in one place only");
                let user = &index.definitions[*only];
                found.push(finding(ENTRY.meta.name, fragment.place, message).also(Some(user.place), "by this one"));
            }
        }
    }
}
