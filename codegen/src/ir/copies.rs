//! How often one value of an answer would be held.
//!
//! A fragment is a field of whatever spreads it, and holds what it selects itself. Where fragments spread the same ones in
//! many ways, ways multiply at every level, and the values with them: two fragments that both spread the next two hold
//! 2^20 of the twentieth. That is an error before anything is generated.

use super::spreads::Spreads;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Documents, FragmentId, spreads};
use apollo_compiler::Name;
use apollo_compiler::ast::{OperationDefinition, Selection};
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most often that one value may be held: 14 levels of two fragments, or as many fragments in one selection set.
const MOST: u64 = 20_000;

/// Operations that hold a value of their answers more often than can be.
pub fn too_many_copies(documents: &Documents, targets: &Spreads<'_>) -> Vec<Diagnostic> {
    let mut ways = Ways { documents, targets, of: HashMap::new(), order: HashMap::new() };
    let mut found = Vec::new();
    for file in 0..documents.files.len() {
        for operation in documents.operations(file) {
            ways.learn(file, &operation.selection_set);
            if let Some(name) = ways.most_held(file, operation) {
                found.push(diagnostic(documents, operation, name));
            }
        }
    }
    found
}

fn diagnostic(documents: &Documents, operation: &OperationDefinition, name: &Name) -> Diagnostic {
    let place = |name: &Name| documents.places.span(name.location());
    let message = format!("fragments would hold one value of an answer more than {MOST} times");
    let diagnostic = Diagnostic::error(Code::TOO_MANY_COPIES, message).at(place(name), "this one");
    let of = operation.name.as_ref().and_then(place);
    diagnostic.also(of, "in the answer to this operation").help(
        "each fragment holds what it selects: spread a fragment in one place, not in several that are spread together",
    )
}

/// In how many ways fragments lead to fragments.
struct Ways<'a> {
    documents: &'a Documents,
    targets: &'a Spreads<'a>,
    /// How many fragments each leads to, itself included, counted once for each way: no value below it is held more often.
    of: HashMap<FragmentId, u64>,
    /// Fragments come after those that they spread.
    order: HashMap<FragmentId, usize>,
}

/// What one definition selects for a value.
struct Holder<'a> {
    file: usize,
    sets: Vec<&'a [Selection]>,
    /// How often the value is held by it.
    times: u64,
}

/// The holders of a value, by the definition that they are part of.
type Holders<'a> = IndexMap<Option<FragmentId>, Holder<'a>>;

impl<'a> Ways<'a> {
    /// Counts the ways from the fragments that selections lead to.
    fn learn(&mut self, file: usize, selections: &[Selection]) {
        for id in self.targets.bottom_up(file, selections) {
            if !self.of.contains_key(&id) {
                let fragment = self.documents.fragment(id);
                let ways = self.below(fragment.file, &fragment.definition.selection_set).saturating_add(1);
                self.order.insert(id, self.order.len());
                self.of.insert(id, ways);
            }
        }
    }

    fn below(&self, file: usize, selections: &[Selection]) -> u64 {
        let ids = spreads(selections).into_iter().filter_map(|name| self.resolve(file, name));
        ids.filter_map(|id| self.of.get(&id)).fold(0, |sum, ways| sum.saturating_add(*ways))
    }

    fn resolve(&self, file: usize, name: &str) -> Option<FragmentId> {
        self.targets.target(file, name)
    }

    /// The fragment or field that is held too often, if one is.
    fn most_held(&self, file: usize, operation: &'a OperationDefinition) -> Option<&'a Name> {
        let holder = Holder { file, sets: vec![&operation.selection_set], times: 1 };
        let mut open: Vec<Holders<'a>> = vec![IndexMap::from([(None, holder)])];
        let mut known = HashSet::new();
        while let Some(holders) = open.pop() {
            let most = holders.values().fold(0_u64, |most, holder| {
                let below = holder.sets.iter().map(|set| self.below(holder.file, set));
                let below = below.fold(1_u64, u64::saturating_add);
                most.saturating_add(holder.times.saturating_mul(below))
            });
            let key: Vec<_> = holders
                .values()
                .flat_map(|holder| holder.sets.iter().map(|set| (set.as_ptr(), holder.times)))
                .collect();
            if most > MOST && known.insert(key) {
                match self.value(holders) {
                    Ok(below) => open.extend(below),
                    Err(name) => return Some(name),
                }
            }
        }
        None
    }

    /// The holders of the values of each response key below a value; the name of a fragment or field that is held too
    /// often.
    fn value(&self, holders: Holders<'a>) -> Result<Vec<Holders<'a>>, &'a Name> {
        let mut keys: IndexMap<&'a str, Holders<'a>> = IndexMap::new();
        let mut spread: BTreeMap<usize, (FragmentId, u64)> = BTreeMap::new();
        let mut held = 0_u64;
        for (id, holder) in holders {
            self.walk(id, &holder, &mut keys, &mut spread);
        }
        // Those that spread others come first.
        while let Some((_, (id, times))) = spread.pop_last() {
            let fragment = self.documents.fragment(id);
            held = held.saturating_add(times);
            if held > MOST {
                return Err(&fragment.definition.name);
            }
            let holder = Holder { file: fragment.file, sets: vec![&fragment.definition.selection_set], times };
            self.walk(Some(id), &holder, &mut keys, &mut spread);
        }
        Ok(keys.into_values().collect())
    }

    /// Notes the fields and the spreads of one holder.
    fn walk(
        &self,
        id: Option<FragmentId>,
        holder: &Holder<'a>,
        keys: &mut IndexMap<&'a str, Holders<'a>>,
        spread: &mut BTreeMap<usize, (FragmentId, u64)>,
    ) {
        let mut own = IndexSet::new();
        let mut open = holder.sets.clone();
        while let Some(selections) = open.pop() {
            for selection in selections {
                match selection {
                    Selection::Field(field) if field.selection_set.is_empty() => {}
                    Selection::Field(field) => {
                        let holders = keys.entry(field.response_name().as_str()).or_default();
                        let new = || Holder { file: holder.file, sets: Vec::new(), times: holder.times };
                        holders.entry(id).or_insert_with(new).sets.push(&field.selection_set);
                    }
                    Selection::InlineFragment(inline) => open.push(&inline.selection_set),
                    Selection::FragmentSpread(spread) => own.extend(self.resolve(holder.file, &spread.fragment_name)),
                }
            }
        }
        for id in own {
            if let Some(order) = self.order.get(&id) {
                let (_, times) = spread.entry(*order).or_insert((id, 0));
                *times = times.saturating_add(holder.times);
            }
        }
    }
}
