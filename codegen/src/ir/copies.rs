//! How often one value of an answer would be held.
//!
//! A fragment is a field of whatever spreads it, and holds what it selects itself. Where fragments spread the same ones in
//! many ways, ways multiply at every level, and the values with them: two fragments that both spread the next two hold
//! 2^20 of the twentieth. That is an error before anything is generated.

use crate::diagnostic::{Code, Diagnostic};
use crate::query::{Documents, Follow, FragmentId, Selected, SelectionSet, spreads};
use crate::schema::Schema;
use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{FragmentSpread, OperationDefinition};
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most often that one value may be held: 14 levels of two fragments, or as many fragments in one selection set.
const MOST: u64 = 20_000;

/// Operations that hold a value of their answers more often than can be.
pub fn too_many_copies(schema: &Schema, documents: &Documents) -> Vec<Diagnostic> {
    let mut ways = Ways { documents, of: HashMap::new(), order: HashMap::new() };
    let mut found = Vec::new();
    for (_, operation) in documents.all_operations() {
        let set = SelectionSet::of_operation(schema, operation);
        ways.learn(set);
        if let Some(name) = ways.most_held(set) {
            found.push(diagnostic(documents, operation, name));
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
    /// How many fragments each leads to, itself included, counted once for each way: no value below it is held more often.
    of: HashMap<FragmentId, u64>,
    /// Fragments come after those that they spread.
    order: HashMap<FragmentId, usize>,
}

/// What one definition selects for a value.
struct Holder<'a> {
    sets: Vec<SelectionSet<'a>>,
    /// How often the value is held by it.
    times: u64,
}

/// The holders of a value, by the definition that they are part of.
type Holders<'a> = IndexMap<Option<FragmentId>, Holder<'a>>;

impl<'a> Ways<'a> {
    /// Counts the ways from the fragments that selections lead to.
    fn learn(&mut self, set: SelectionSet<'_>) {
        for id in self.documents.bottom_up(set.selections()) {
            if !self.of.contains_key(&id) {
                let ways = self.below(self.documents.fragment(id).spreads.iter()).saturating_add(1);
                self.order.insert(id, self.order.len());
                self.of.insert(id, ways);
            }
        }
    }

    fn below<'s>(&self, spreads: impl Iterator<Item = &'s Node<FragmentSpread>>) -> u64 {
        let ids = spreads.filter_map(|spread| self.documents.resolve(spread).ok());
        ids.filter_map(|id| self.of.get(&id)).fold(0, |sum, ways| sum.saturating_add(*ways))
    }

    /// The fragment or field that is held too often, if one is.
    fn most_held(&self, set: SelectionSet<'a>) -> Option<&'a Name> {
        let holder = Holder { sets: vec![set], times: 1 };
        let mut open: Vec<Holders<'a>> = vec![IndexMap::from([(None, holder)])];
        let mut known = HashSet::new();
        while let Some(holders) = open.pop() {
            let most = holders.values().fold(0_u64, |most, holder| {
                let below = holder.sets.iter().map(|set| self.below(spreads(set.selections())));
                let below = below.fold(1_u64, u64::saturating_add);
                most.saturating_add(holder.times.saturating_mul(below))
            });
            let key: Vec<_> = holders
                .values()
                .flat_map(|holder| holder.sets.iter().map(|set| (set.owner.id(), holder.times)))
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
            let holder = Holder { sets: vec![SelectionSet::of_fragment(&fragment.definition)], times };
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
        let mut walk = self.documents.walk(Follow::No);
        holder.sets.iter().for_each(|set| walk.enter(*set));
        for selected in walk {
            match selected {
                Selected::Field(field) if field.field.selection_set.is_empty() => {}
                Selected::Field(field) => {
                    let holders = keys.entry(field.key().as_str()).or_default();
                    let new = || Holder { sets: Vec::new(), times: holder.times };
                    holders.entry(id).or_insert_with(new).sets.push(field.below(None));
                }
                Selected::Spread(spread) => own.extend(self.documents.resolve(spread)),
                Selected::Inline { .. } => {}
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
