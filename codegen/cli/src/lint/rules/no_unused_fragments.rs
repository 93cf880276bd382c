//! `no-unused-fragments`

use super::prelude::*;
use std::collections::BTreeSet;

pub const ENTRY: Entry = entry::<NoUnusedFragments>(Meta {
    recommended: Level::Warn,
    usual: Level::Warn,
    fixable: Fixable::Unsafe,
    known_as: &["graphql-js/NoUnusedFragmentsRule", "graphql-eslint"],
    what: "Finds fragments that no operation of the project uses, directly or through other fragments.",
    why: "They are dead code; the specification forbids unused fragments in a request (5.5.1.4).",
    ..meta!("no-unused-fragments", Category::Validity, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct NoUnusedFragments {}

impl Rule for NoUnusedFragments {
    fn project(&self, index: &Index, uses: &Uses, found: &mut Vec<Diagnostic>) {
        let is_unused = |at: &usize| index.definitions[*at].kind == DefinedKind::Fragment && !uses.reached.contains(at);
        let unused: Vec<usize> = (0..index.definitions.len()).filter(is_unused).collect();
        let removable = removable(index, uses, &unused);
        for at in unused {
            let fragment = &index.definitions[at];
            let Some(name) = fragment.name.as_deref() else { continue };
            let found_here =
                finding(ENTRY.meta.name, fragment.place, format!("no operation uses the fragment `{name}`"));
            let fix = Fix::new(Safety::Unsafe, format!("remove `{name}`"), fragment.with_comments, "");
            let found_here = match fragment.has_comments {
                true => found_here.note("`--fix` keeps it, since its comments would be lost"),
                false => found_here,
            };
            found.push(found_here.fix(removable.contains(&at).then_some(fix)));
        }
    }
}

/// Returns the removable fragments: without comments, not the last definitions of a file, and together with all
/// fragments that spread them.
fn removable(index: &Index, uses: &Uses, unused: &[usize]) -> BTreeSet<usize> {
    let mut removable: BTreeSet<usize> =
        unused.iter().copied().filter(|at| !index.definitions[*at].has_comments).collect();
    loop {
        let kept = |at: &usize| !removable.contains(at);
        let lasting: BTreeSet<usize> =
            (0..index.definitions.len()).filter(kept).map(|at| index.definitions[at].file).collect();
        let is_needed = |at: &usize| {
            let name = index.definitions[*at].name.as_deref().unwrap_or_default();
            uses.spread_in.get(name).into_iter().flatten().any(kept)
        };
        let before = removable.len();
        let stays = |at: &usize| !lasting.contains(&index.definitions[*at].file) || is_needed(at);
        let staying: Vec<usize> = removable.iter().copied().filter(stays).collect();
        for at in staying {
            removable.remove(&at);
        }
        if removable.len() == before {
            return removable;
        }
    }
}
