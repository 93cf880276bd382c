//! Names of everything in a definition: the fields and fragments of its structs, the variants of its enums, and the types
//! of its selection sets, which are named by path.

use super::arm_names;
use super::lower::Draft;
use super::names::{Assigned, Candidate, assign};
use super::{
    Arm, Arms, ArmsPlace, Field, FragmentId, GroupId, Leaf, Members, ON_FIELD, Payload, Shape, ShapeId, ShapeRef,
    Spread, TYPENAME_FIELD, Ty, Unnamed,
};
use crate::rust_name::{Piece, field_name, is_reserved_word, pascal, spelled};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The variant for all other types.
const OTHER: &str = "Other";

/// How a fragment is named.
#[derive(Debug)]
pub struct FragmentName {
    /// Its name in GraphQL.
    pub graphql: String,
    /// Its type.
    pub name: String,
    /// The usual name of the fields that hold it.
    pub field: String,
}

/// What came of naming a definition.
#[derive(Debug, Default)]
pub struct Named {
    /// What did not get its usual name.
    pub renamed: Vec<Renamed>,
    /// Names that are set and belong to something else in the same place.
    pub clashes: Vec<String>,
}

/// Things of one definition that have no usual name because they share it, or because it is ours.
#[derive(Debug)]
pub struct Renamed {
    /// The usual name.
    pub usual: String,
    /// The things.
    pub things: Vec<Thing>,
}

/// Something with a distinct name.
#[derive(Debug)]
pub struct Thing {
    /// The response keys that lead to the selection set that it is in, or is the type of.
    pub way: Vec<String>,
    /// What it is.
    pub what: What,
    /// Its name in Rust.
    pub rust: String,
}

/// What has a name in a definition.
#[derive(Debug, Clone)]
pub enum What {
    /// A response key.
    Key(String),
    /// A spread of a fragment.
    Spread(FragmentId),
    /// An arm, by its conditions.
    Arm(Vec<String>),
    /// The type of a selection set, or of a part of it.
    Type,
}

/// Names every shape that the root of a draft reaches, by its path, and every member; the other shapes are dropped.
///
/// The root has its name already. Below a fragment and an operation alike, the path starts
/// again: `customers { nodes { id } }` gives `Customers` and `CustomersNodes`.
pub fn name_shapes(
    draft: &Draft,
    (root, name): (ShapeRef, &str),
    fragments: &[FragmentName],
) -> (BTreeMap<ShapeId, Shape>, Named) {
    let mut namer = Namer {
        draft,
        fragments,
        shapes: BTreeSet::new(),
        types: Vec::new(),
        members: HashMap::new(),
        variants: HashMap::new(),
        named: Named::default(),
    };
    let mut types = HashMap::new();
    if let ShapeRef::Local(id) = root {
        types.insert(TypePlace::Shape(id), name.to_owned());
        namer.shapes.insert(id);
        namer.shape(id, &Set::default(), name);
    }
    namer.name_types(name, &mut types);
    let Namer { shapes, members, variants, named, .. } = namer;
    let names = Names { fragments, types, members, variants };
    (shapes.into_iter().map(|id| (id, names.shape(id, &draft.shapes[id]))).collect(), named)
}

/// Where a selection set is.
#[derive(Debug, Clone, Default)]
struct Set {
    /// Begins the usual names of the types below it.
    prefix: String,
    path: Vec<Segment>,
    keys: Vec<String>,
}

/// A step from the root of a definition to a type.
#[derive(Debug, Clone)]
enum Segment {
    Key(String),
    Arm(Vec<String>),
    /// What all other types have.
    Other,
    /// The enum.
    On,
}

/// A type that needs a name.
struct TypeName {
    place: TypePlace,
    usual: String,
    wanted: Option<String>,
    path: Vec<Segment>,
    keys: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum TypePlace {
    Shape(ShapeId),
    /// The enum of a shape.
    Arms(ShapeId),
    /// The struct of a group of a shape.
    Payload(ShapeId, GroupId),
}

/// Where members are: in a shape, or in the payload of one of its groups.
type MembersPlace = (ShapeId, Option<GroupId>);

struct Namer<'a> {
    draft: &'a Draft,
    fragments: &'a [FragmentName],
    /// Shapes that have been walked: groups that select the same may share one.
    shapes: BTreeSet<ShapeId>,
    types: Vec<TypeName>,
    /// The names of the fields and then of the fragments in a place.
    members: HashMap<MembersPlace, Vec<String>>,
    variants: HashMap<ShapeId, Vec<String>>,
    named: Named,
}

impl<'a> Namer<'a> {
    /// Names the members of a shape, and notes the types that it and everything below it need.
    fn shape(&mut self, id: ShapeId, set: &Set, usual: &str) {
        let shape = &self.draft.shapes[id];
        self.members((id, None), &shape.members, set);
        if let Some(arms) = &shape.arms {
            if let ArmsPlace::Inside { .. } = arms.place {
                self.push(TypePlace::Arms(id), set, Segment::On, format!("{usual}On"));
            }
            self.arms(id, arms, set);
        }
    }

    fn arms(&mut self, id: ShapeId, arms: &'a Arms<Unnamed>, set: &Set) {
        let all: Vec<&[String]> = arms.arms.iter().map(|arm| arm.conditions.as_slice()).collect();
        let candidates: Vec<Candidate> = all.iter().map(|one| Candidate::new(arm_names::usual(one))).collect();
        let assigned = assign(&[OTHER], &candidates, |at| vec![arm_names::distinct(all[at])]);
        self.note(&assigned, set, |at| What::Arm(all[at].to_vec()));
        for (group, payload) in arms.payloads().enumerate() {
            let (segment, usual) = match all.get(group) {
                Some(conditions) => (Segment::Arm(conditions.to_vec()), arm_names::usual_part(conditions)),
                None => (Segment::Other, OTHER.to_owned()),
            };
            if let Payload::Struct { members, .. } = payload {
                let group = GroupId(group);
                self.push(TypePlace::Payload(id, group), set, segment, format!("{}{usual}", set.prefix));
                self.members((id, Some(group)), members, set);
            }
        }
        self.variants.insert(id, assigned.single().cloned().collect());
    }

    fn push(&mut self, place: TypePlace, set: &Set, segment: Segment, usual: String) {
        let path = set.path.iter().cloned().chain([segment]).collect();
        self.types.push(TypeName { place, usual, wanted: None, path, keys: set.keys.clone() });
    }

    fn members(&mut self, place: MembersPlace, members: &'a Members<Unnamed>, set: &Set) {
        let of_field = |field: &Field<Unnamed>| {
            let ours = is_typename(field).then(|| TYPENAME_FIELD.to_owned());
            Candidate::new(field_name(&field.key)).renamed(field.renamed.clone().or(ours).map(|name| vec![name]))
        };
        let of_spread = |spread: &Spread<Unnamed>| {
            let usual = self.fragments[spread.fragment.0].field.clone();
            Candidate::new(usual).renamed(spread.renamed.clone().map(|name| vec![name]))
        };
        let candidates: Vec<Candidate> =
            members.fields.iter().map(of_field).chain(members.spreads.iter().map(of_spread)).collect();
        let reserved: &[&str] =
            if members.fields.iter().any(is_typename) { &[ON_FIELD] } else { &[ON_FIELD, TYPENAME_FIELD] };
        let distinct = |at: usize| match members.fields.get(at) {
            Some(field) => spelled(&[Piece::Name(&field.key)]),
            None => {
                let fragment = members.spreads[at - members.fields.len()].fragment;
                spelled(&[Piece::Name(&self.fragments[fragment.0].name), Piece::Word("fragment")])
            }
        };
        let assigned = assign(reserved, &candidates, |at| vec![distinct(at)]);
        self.note(&assigned, set, |at| match members.fields.get(at) {
            Some(field) => What::Key(field.key.clone()),
            None => What::Spread(members.spreads[at - members.fields.len()].fragment),
        });
        self.members.insert(place, assigned.single().cloned().collect());
        for field in &members.fields {
            self.below(field, set);
        }
    }

    /// Notes the type of a field with a selection set, and walks it.
    fn below(&mut self, field: &Field<Unnamed>, set: &Set) {
        let Some(id) = field.ty.local().filter(|id| self.shapes.insert(*id)) else { return };
        let mut below = set.clone();
        below.keys.push(field.key.clone());
        let mut usual = set.prefix.clone();
        if !field.conditions.is_empty() {
            usual.push_str(&arm_names::usual_part(&field.conditions));
            below.path.push(Segment::Arm(field.conditions.clone()));
        }
        usual.push_str(&pascal(&field.key));
        below.path.push(Segment::Key(field.key.clone()));
        let wanted = self.draft.shapes[id].renamed.clone();
        below.prefix = wanted.clone().unwrap_or_else(|| usual.clone());
        let (path, keys) = (below.path.clone(), below.keys.clone());
        let prefix = below.prefix.clone();
        self.types.push(TypeName { place: TypePlace::Shape(id), usual, wanted, path, keys });
        self.shape(id, &below, &prefix);
    }

    /// Names all types, which share a module.
    fn name_types(&mut self, root: &str, names: &mut HashMap<TypePlace, String>) {
        let types = std::mem::take(&mut self.types);
        let candidates: Vec<Candidate> = (types.iter())
            .map(|one| Candidate::new(one.usual.clone()).renamed(one.wanted.clone().map(|name| vec![name])))
            .collect();
        let assigned = assign(&[root], &candidates, |at| vec![distinct(&types[at].path)]);
        self.named.clashes.extend(assigned.clashes.iter().cloned());
        for collision in &assigned.collisions {
            let thing = |at: &usize| Thing {
                way: types[*at].keys.clone(),
                what: What::Type,
                rust: assigned.names[*at].concat(),
            };
            let things = collision.members.iter().map(thing).collect();
            self.named.renamed.push(Renamed { usual: collision.usual.clone(), things });
        }
        for (one, name) in types.iter().zip(assigned.single()) {
            // `Self` cannot be an identifier.
            let name = if is_reserved_word(name) { distinct(&one.path) } else { name.clone() };
            names.insert(one.place, name);
        }
    }

    fn note(&mut self, assigned: &Assigned, set: &Set, what: impl Fn(usize) -> What) {
        self.named.clashes.extend(assigned.clashes.iter().cloned());
        for collision in &assigned.collisions {
            let thing =
                |at: &usize| Thing { way: set.keys.clone(), what: what(*at), rust: assigned.names[*at].concat() };
            let things = collision.members.iter().map(thing).collect();
            self.named.renamed.push(Renamed { usual: collision.usual.clone(), things });
        }
    }
}

/// The names of everything in a draft.
struct Names<'a> {
    fragments: &'a [FragmentName],
    types: HashMap<TypePlace, String>,
    members: HashMap<MembersPlace, Vec<String>>,
    variants: HashMap<ShapeId, Vec<String>>,
}

impl Names<'_> {
    fn shape(&self, id: ShapeId, draft: &Shape<Unnamed>) -> Shape {
        Shape {
            name: self.types[&TypePlace::Shape(id)].clone(),
            renamed: draft.renamed.clone(),
            derives: draft.derives.clone(),
            on_type: draft.on_type.clone(),
            members: self.members((id, None), &draft.members),
            arms: draft.arms.as_ref().map(|arms| self.arms(id, arms)),
        }
    }

    fn arms(&self, id: ShapeId, draft: &Arms<Unnamed>) -> Arms {
        let place = match draft.place {
            ArmsPlace::Alone => ArmsPlace::Alone,
            ArmsPlace::Inside { .. } => ArmsPlace::Inside { name: self.types[&TypePlace::Arms(id)].clone() },
        };
        let arms = draft.arms.iter().zip(&self.variants[&id]).enumerate().map(|(group, (arm, variant))| Arm {
            variant: variant.clone(),
            conditions: arm.conditions.clone(),
            types: arm.types.clone(),
            payload: self.payload(id, GroupId(group), &arm.payload),
        });
        Arms { place, arms: arms.collect(), other: self.payload(id, GroupId(draft.arms.len()), &draft.other) }
    }

    fn payload(&self, id: ShapeId, group: GroupId, draft: &Payload<Unnamed>) -> Payload {
        match draft {
            Payload::Unit => Payload::Unit,
            Payload::TypeName => Payload::TypeName,
            Payload::Fragment(spread) => {
                Payload::Fragment(named_spread(spread, self.fragments[spread.fragment.0].field.clone()))
            }
            Payload::Struct { tag, members, .. } => Payload::Struct {
                name: self.types[&TypePlace::Payload(id, group)].clone(),
                tag: *tag,
                members: self.members((id, Some(group)), members),
            },
        }
    }

    fn members(&self, place: MembersPlace, draft: &Members<Unnamed>) -> Members {
        let (of_fields, of_spreads) = self.members[&place].split_at(draft.fields.len());
        let field = |(field, name): (&Field<Unnamed>, &String)| Field {
            key: field.key.clone(),
            name: name.clone(),
            renamed: field.renamed.clone(),
            conditions: field.conditions.clone(),
            ty: field.ty.clone(),
            conditional: field.conditional,
            is_shared: false,
            docs: field.docs.clone(),
            deprecated: field.deprecated.clone(),
        };
        Members {
            fields: draft.fields.iter().zip(of_fields).map(field).collect(),
            spreads: (draft.spreads.iter().zip(of_spreads))
                .map(|(spread, name)| named_spread(spread, name.clone()))
                .collect(),
        }
    }
}

fn named_spread(draft: &Spread<Unnamed>, name: String) -> Spread {
    Spread {
        fragment: draft.fragment,
        name,
        renamed: draft.renamed.clone(),
        conditional: draft.conditional,
        held_by: draft.held_by,
        fields_before: draft.fields_before,
        proofs: Vec::new(),
    }
}

/// The distinct name of a type: the path that leads to it.
fn distinct(path: &[Segment]) -> String {
    let mut pieces = Vec::new();
    for segment in path {
        match segment {
            Segment::Key(key) => pieces.push(Piece::Name(key)),
            Segment::Arm(conditions) => {
                pieces.push(Piece::Word("on"));
                pieces.extend(arm_names::pieces(conditions));
            }
            Segment::Other => pieces.extend([Piece::Word("on"), Piece::Word("other")]),
            Segment::On => pieces.push(Piece::Word("on")),
        }
    }
    spelled(&pieces)
}

fn is_typename(field: &Field<Unnamed>) -> bool {
    field.key == "__typename" && field.renamed.is_none() && field.ty == Ty::Leaf(Leaf::TypeName)
}
