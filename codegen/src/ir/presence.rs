//! What proves that a part of a response is there that a directive may leave out.
//!
//! A response does not say so itself. A fragment is there if all of its keys came, or if one of those came that nothing else
//! selects from the same object. A field is there if its key came; but if something else selects the key, only if all came
//! that it selects itself. What else selects from an object depends on where fragments are spread, so all operations are
//! walked, each object with all types that are read from it.

use super::{Definition, Field, FragmentId, Module, Operation, Payload, Shape, ShapeId, ShapeRef, Spread, Ty};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The definition that a shape is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    /// The operation that is being walked.
    Operation,
    Fragment(FragmentId),
}

/// The types that are read from an object, without those that they spread.
type Parts = BTreeSet<(Owner, ShapeId)>;

/// A type that is read from an object.
struct Node {
    owner: Owner,
    id: ShapeId,
    /// The node of the type that spreads it.
    parent: Option<usize>,
    /// The fragment, if a directive may leave it out.
    conditional: Option<FragmentId>,
}

/// What else is read from the objects of shapes with conditional parts.
#[derive(Default)]
struct Others {
    /// The keys that something else takes beside a conditional fragment, by the shape that spreads it.
    of_fragments: HashMap<(Owner, ShapeId, FragmentId), BTreeSet<String>>,
    /// Conditional fields whose key something else takes.
    fields: HashSet<(Owner, ShapeId, String)>,
}

/// Finds the keys that prove the presence of each conditional fragment.
pub fn settle(module: &mut Module) {
    let all = |definition: &Definition| definition.shapes.values().any(has_conditional);
    let operations = || module.documents.iter().flat_map(|document| &document.operations);
    if !module.fragments.iter().any(|fragment| all(&fragment.data)) && !operations().any(|one| all(&one.data)) {
        return;
    }
    let mut of_fragments = Others::default();
    let mut of_operations = Vec::new();
    for operation in operations() {
        let mut walk = Walk { module, operation, others: Others::default() };
        walk.operation();
        for (place, keys) in &walk.others.of_fragments {
            of_fragments.of_fragments.entry(*place).or_default().extend(keys.iter().cloned());
        }
        of_fragments.fields.extend(walk.others.fields.iter().cloned());
        of_operations.push(walk.others);
    }
    let keys: Vec<BTreeSet<String>> = module.fragments.iter().map(|fragment| fragment.keys.clone()).collect();
    for (at, fragment) in module.fragments.iter_mut().enumerate() {
        set(&mut fragment.data, Owner::Fragment(FragmentId(at)), &of_fragments, &keys);
    }
    let operations = module.documents.iter_mut().flat_map(|document| &mut document.operations);
    for (operation, others) in operations.zip(&of_operations) {
        set(&mut operation.data, Owner::Operation, others, &keys);
    }
}

fn has_conditional(shape: &Shape) -> bool {
    shape.all_spreads().iter().any(|spread| spread.conditional) || all_fields(shape).any(is_conditional_object)
}

fn is_conditional_object(field: &Field) -> bool {
    field.conditional && shape_of(&field.ty).is_some()
}

/// Sets what proves the parts of a definition.
fn set(definition: &mut Definition, owner: Owner, others: &Others, keys: &[BTreeSet<String>]) {
    for (id, shape) in &mut definition.shapes {
        let of_arms = shape.arms.iter_mut().flat_map(|arms| {
            let payloads = arms.arms.iter_mut().map(|arm| &mut arm.payload).chain([&mut arms.other]);
            payloads.filter_map(|payload| match payload {
                Payload::Struct { members, .. } => Some(members),
                Payload::Unit | Payload::TypeName | Payload::Fragment(_) => None,
            })
        });
        for members in [&mut shape.members].into_iter().chain(of_arms) {
            for spread in members.spreads.iter_mut().filter(|spread| spread.conditional) {
                let one = spread.held_by.unwrap_or(spread.fragment);
                let Some(taken) = others.of_fragments.get(&(owner, *id, one)) else { continue };
                let proofs = keys[one.0].difference(taken).filter(|key| *key != "__typename");
                spread.proofs = proofs.cloned().collect();
            }
            for field in members.fields.iter_mut().filter(|field| is_conditional_object(field)) {
                field.is_shared = others.fields.contains(&(owner, *id, field.key.clone()));
            }
        }
    }
}

struct Walk<'m> {
    module: &'m Module,
    operation: &'m Operation,
    others: Others,
}

impl<'m> Walk<'m> {
    fn operation(&mut self) {
        let mut open = vec![Parts::from([self.part(Owner::Operation, self.operation.root)])];
        let mut seen: HashSet<Parts> = open.iter().cloned().collect();
        while let Some(parts) = open.pop() {
            let nodes = self.nodes(&parts);
            self.note(&nodes);
            open.extend(self.below(&nodes).into_iter().filter(|below| seen.insert(below.clone())));
        }
    }

    /// The shape that a reference means, with its definition.
    fn part(&self, owner: Owner, shape: ShapeRef) -> (Owner, ShapeId) {
        match shape {
            ShapeRef::Local(shape) => (owner, shape),
            ShapeRef::Fragment(fragment) => (Owner::Fragment(fragment), self.module.fragments[fragment].root),
        }
    }

    fn shape(&self, owner: Owner, id: ShapeId) -> &'m Shape {
        match owner {
            Owner::Operation => &self.operation.data.shapes[&id],
            Owner::Fragment(fragment) => &self.module.fragments[fragment].data.shapes[&id],
        }
    }

    /// All types that are read from an object. A fragment that another one holds is part of that one.
    fn nodes(&self, parts: &Parts) -> Vec<Node> {
        let mut nodes: Vec<Node> =
            parts.iter().map(|(owner, id)| Node { owner: *owner, id: *id, parent: None, conditional: None }).collect();
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            let spreads: BTreeMap<FragmentId, Spread> = (self.shape(node.owner, node.id).all_spreads().into_iter())
                .filter(|spread| spread.held_by.is_none())
                .map(|spread| (spread.fragment, spread))
                .collect();
            nodes.extend(spreads.into_values().map(|spread| {
                let (owner, id) = self.part(Owner::Operation, ShapeRef::Fragment(spread.fragment));
                let conditional = spread.conditional.then_some(spread.fragment);
                Node { owner, id, parent: Some(at), conditional }
            }));
            at += 1;
        }
        nodes
    }

    /// Notes what else takes keys beside each conditional fragment.
    fn note(&mut self, nodes: &[Node]) {
        let shapes: Vec<&Shape> = nodes.iter().map(|node| self.shape(node.owner, node.id)).collect();
        if !shapes.iter().any(|shape| has_conditional(shape)) {
            return;
        }
        let keys: Vec<BTreeSet<&str>> = shapes.iter().map(|shape| own_keys(shape)).collect();
        let mut all: HashMap<&str, usize> = HashMap::new();
        keys.iter().flatten().for_each(|key| *all.entry(key).or_default() += 1);
        for (node, shape) in nodes.iter().zip(&shapes) {
            let shared = all_fields(shape).filter(|field| is_conditional_object(field));
            let shared = shared.filter(|field| all.get(field.key.as_str()).is_some_and(|count| *count > 1));
            self.others.fields.extend(shared.map(|field| (node.owner, node.id, field.key.clone())));
        }
        for (at, node) in nodes.iter().enumerate() {
            let Some((fragment, parent)) = node.conditional.zip(node.parent) else { continue };
            // Nodes come after those that spread them.
            let mut inside = vec![false; nodes.len()];
            inside[at] = true;
            let mut left = all.clone();
            for below in at..nodes.len() {
                inside[below] |= nodes[below].parent.is_some_and(|parent| inside[parent]);
                if inside[below] {
                    keys[below].iter().for_each(|key| *left.entry(key).or_default() -= 1);
                }
            }
            let others = left.into_iter().filter(|(_, count)| *count > 0).map(|(key, _)| key.to_owned());
            let place = (nodes[parent].owner, nodes[parent].id, fragment);
            self.others.of_fragments.entry(place).or_default().extend(others);
        }
    }

    /// The objects below an object, each with the types that are read from it.
    fn below(&self, nodes: &[Node]) -> Vec<Parts> {
        let mut below: BTreeMap<&str, Parts> = BTreeMap::new();
        for node in nodes {
            let shape = self.shape(node.owner, node.id);
            for field in all_fields(shape) {
                if let Some(shape) = shape_of(&field.ty) {
                    below.entry(&field.key).or_default().insert(self.part(node.owner, shape));
                }
            }
        }
        below.into_values().collect()
    }
}

fn own_keys(shape: &Shape) -> BTreeSet<&str> {
    all_fields(shape).map(|field| field.key.as_str()).collect()
}

/// The fields of a shape, those of its arms included.
fn all_fields(shape: &Shape) -> impl Iterator<Item = &Field> {
    let of_arms = shape.arms.iter().flat_map(|arms| arms.payloads().filter_map(|payload| payload.own_members()));
    [&shape.members].into_iter().chain(of_arms).flat_map(|members| &members.fields)
}

fn shape_of(ty: &Ty) -> Option<ShapeRef> {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) => shape_of(inner),
        Ty::Shape(shape) => Some(*shape),
        Ty::Leaf(_) => None,
    }
}
