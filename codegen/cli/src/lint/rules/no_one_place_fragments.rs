//! `no-one-place-fragments`

use super::prelude::*;

pub const ENTRY: Entry = entry::<NoOnePlaceFragments>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds fragments that are spread only once.",
    why: "Their selections could replace the spread. Leave the rule off if fragments are colocated with the code that uses them.",
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
                let message = format!("the fragment `{name}` is spread only once");
                let user = &index.definitions[*only];
                found.push(
                    finding(ENTRY.meta.name, fragment.place, message)
                        .also(Some(user.place), "spread in this definition"),
                );
            }
        }
    }
}
