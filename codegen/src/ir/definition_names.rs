//! Names of everything in a definition: the fields and fragments of its structs, the variants of its enums, and the types
//! of its selection sets, which are named by path.

use super::arm_names;
use super::names::{Assigned, Candidate, assign};
use super::{Arms, Definition, Field, FragmentId, GroupId, Leaf, Members, Payload, ShapeId, ShapeRef, Spread, Ty};
use crate::rust_name::{Piece, field_name, is_reserved_word, pascal, spelled};

/// The name of the field for what depends on the type. It is kept free where there is none, since it could come to be.
const ON: &str = "on";
/// The name of the field for `__typename`, kept free for the same reason.
const TYPENAME: &str = "typename";
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

/// Names every shape that the root of a definition reaches, by its path, and every member.
///
/// `root` is the name of the root shape. Below a fragment and an operation alike, the path starts
/// again: `customers { nodes { id } }` gives `Customers` and `CustomersNodes`.
pub fn name_definition(definition: &mut Definition, root: &str, fragments: &[FragmentName]) -> Named {
    let mut namer = Namer {
        seen: vec![false; definition.shapes.len()],
        definition,
        fragments,
        types: Vec::new(),
        named: Named::default(),
    };
    if let ShapeRef::Local(index) = namer.definition.root {
        let below = Set::default();
        namer.seen[index.0] = true;
        namer.definition.shapes[index].name = root.to_owned();
        namer.shape(index, &below, root);
    }
    namer.name_types(root);
    namer.named
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

#[derive(Clone, Copy)]
enum TypePlace {
    Shape(ShapeId),
    /// The enum of a shape.
    Arms(ShapeId),
    /// The struct of a group of a shape.
    Payload(ShapeId, GroupId),
}

struct Namer<'a> {
    definition: &'a mut Definition,
    fragments: &'a [FragmentName],
    /// Shapes that have been walked: groups that select the same may share one.
    seen: Vec<bool>,
    types: Vec<TypeName>,
    named: Named,
}

impl Namer<'_> {
    /// Names the members of a shape, and notes the types that it and everything below it need.
    fn shape(&mut self, index: ShapeId, set: &Set, usual: &str) {
        let mut shape = self.definition.shapes[index].clone();
        self.members(&mut shape.members, set);
        if let Some(arms) = &mut shape.arms {
            arms.field = ON.to_owned();
            if !arms.alone {
                self.push(TypePlace::Arms(index), set, Segment::On, format!("{usual}On"));
            }
            self.arms(index, arms, set);
        }
        let place = &mut self.definition.shapes[index];
        (place.members, place.arms) = (shape.members, shape.arms);
    }

    fn arms(&mut self, index: ShapeId, arms: &mut Arms, set: &Set) {
        let all: Vec<Vec<String>> = arms.arms.iter().map(|arm| arm.conditions.clone()).collect();
        let candidates: Vec<Candidate> = all.iter().map(|one| Candidate::new(arm_names::usual(one))).collect();
        let assigned = assign(&[OTHER], &candidates, |at| vec![arm_names::distinct(&all[at])]);
        self.note(&assigned, set, |at| What::Arm(all[at].clone()));
        for (at, (arm, name)) in arms.arms.iter_mut().zip(assigned.single()).enumerate() {
            arm.variant.clone_from(name);
            let usual = format!("{}{}", set.prefix, arm_names::usual_part(&arm.conditions));
            self.payload(&mut arm.payload, (index, GroupId(at)), set, (Segment::Arm(arm.conditions.clone()), usual));
        }
        let rest = GroupId(arms.arms.len());
        self.payload(&mut arms.other, (index, rest), set, (Segment::Other, format!("{}{OTHER}", set.prefix)));
    }

    fn payload(&mut self, payload: &mut Payload, place: (ShapeId, GroupId), set: &Set, named: (Segment, String)) {
        match payload {
            Payload::Unit | Payload::TypeName => {}
            Payload::Fragment(spread) => spread.name.clone_from(&self.fragments[spread.fragment.0].field),
            Payload::Struct { typename, members, .. } => {
                if let Some(typename) = typename {
                    *typename = TYPENAME.to_owned();
                }
                self.push(TypePlace::Payload(place.0, place.1), set, named.0, named.1);
                self.members(members, set);
            }
        }
    }

    fn push(&mut self, place: TypePlace, set: &Set, segment: Segment, usual: String) {
        let path = set.path.iter().cloned().chain([segment]).collect();
        self.types.push(TypeName { place, usual, wanted: None, path, keys: set.keys.clone() });
    }

    fn members(&mut self, members: &mut Members, set: &Set) {
        let of_field = |field: &Field| {
            let ours = is_typename(field).then(|| TYPENAME.to_owned());
            Candidate::new(field_name(&field.key)).renamed(field.renamed.clone().or(ours).map(|name| vec![name]))
        };
        let of_spread = |spread: &Spread| {
            let usual = self.fragments[spread.fragment.0].field.clone();
            Candidate::new(usual).renamed(spread.renamed.clone().map(|name| vec![name]))
        };
        let candidates: Vec<Candidate> =
            members.fields.iter().map(of_field).chain(members.spreads.iter().map(of_spread)).collect();
        let reserved: &[&str] = if members.fields.iter().any(is_typename) { &[ON] } else { &[ON, TYPENAME] };
        let what = |at: usize| match members.fields.get(at) {
            Some(field) => What::Key(field.key.clone()),
            None => What::Spread(members.spreads[at - members.fields.len()].fragment),
        };
        let assigned = assign(reserved, &candidates, |at| {
            vec![match what(at) {
                What::Spread(fragment) => {
                    spelled(&[Piece::Name(&self.fragments[fragment.0].name), Piece::Word("fragment")])
                }
                What::Key(key) => spelled(&[Piece::Name(&key)]),
                What::Arm(_) | What::Type => String::new(),
            }]
        });
        self.note(&assigned, set, what);
        let fields = members.fields.iter_mut().map(|field| &mut field.name);
        let spreads = members.spreads.iter_mut().map(|spread| &mut spread.name);
        fields.chain(spreads).zip(assigned.single()).for_each(|(place, name)| place.clone_from(name));
        for field in &members.fields {
            self.below(field, set);
        }
    }

    /// Notes the type of a field with a selection set, and walks it.
    fn below(&mut self, field: &Field, set: &Set) {
        let Some(index) = field.ty.local().filter(|index| !std::mem::replace(&mut self.seen[index.0], true)) else {
            return;
        };
        let mut below = set.clone();
        below.keys.push(field.key.clone());
        let mut usual = set.prefix.clone();
        if !field.conditions.is_empty() {
            usual.push_str(&arm_names::usual_part(&field.conditions));
            below.path.push(Segment::Arm(field.conditions.clone()));
        }
        usual.push_str(&pascal(&field.key));
        below.path.push(Segment::Key(field.key.clone()));
        let wanted = self.definition.shapes[index].renamed.clone();
        below.prefix = wanted.clone().unwrap_or_else(|| usual.clone());
        let (path, keys) = (below.path.clone(), below.keys.clone());
        let prefix = below.prefix.clone();
        self.types.push(TypeName { place: TypePlace::Shape(index), usual, wanted, path, keys });
        self.shape(index, &below, &prefix);
    }

    /// Names all types, which share a module.
    fn name_types(&mut self, root: &str) {
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
            self.set_name(one.place, name);
        }
        for shape in &mut self.definition.shapes {
            let name = shape.name.clone();
            if let Some(arms) = shape.arms.as_mut().filter(|arms| arms.alone) {
                arms.name = name;
            }
        }
    }

    fn set_name(&mut self, place: TypePlace, new: String) {
        match place {
            TypePlace::Shape(index) => self.definition.shapes[index].name = new,
            TypePlace::Arms(index) => {
                if let Some(arms) = &mut self.definition.shapes[index].arms {
                    arms.name = new;
                }
            }
            TypePlace::Payload(index, group) => {
                let arms = self.definition.shapes[index].arms.as_mut();
                let payload = arms.map(|arms| match arms.arms.get_mut(group.0) {
                    Some(arm) => &mut arm.payload,
                    None => &mut arms.other,
                });
                if let Some(Payload::Struct { name, .. }) = payload {
                    *name = new;
                }
            }
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

fn is_typename(field: &Field) -> bool {
    field.key == "__typename" && field.renamed.is_none() && field.ty == Ty::Leaf(Leaf::TypeName)
}
