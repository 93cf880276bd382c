//! Which object types a composite type can be, as sets that are cheap to intersect.

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use rustc_hash::FxHashMap;

/// A set of object types.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TypeSet(Vec<u64>);

impl TypeSet {
    fn insert(&mut self, index: usize) {
        let word = index / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (index % 64);
    }

    /// The types in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut words: Vec<u64> = self.0.iter().zip(&other.0).map(|(left, right)| left & right).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        Self(words)
    }

    /// True if the type is in the set.
    pub fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// True if no type is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// True if every type of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().enumerate().all(|(at, word)| word & !other.0.get(at).copied().unwrap_or_default() == 0)
    }

    /// True if the sets share a type.
    pub fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(left, right)| left & right != 0)
    }

    /// The types, in the schema's order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

impl FromIterator<usize> for TypeSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        let mut set = Self::default();
        for index in indices {
            set.insert(index);
        }
        set
    }
}

/// The possible types of every composite type of a schema (specification 5.5.2.3, GetPossibleTypes).
#[derive(Debug, Default)]
pub struct Types {
    objects: Vec<Name>,
    /// Where an object type is in `objects`; it is its only possible type.
    indices: FxHashMap<Name, usize>,
    /// Of interfaces and unions.
    possible: FxHashMap<Name, TypeSet>,
    interfaces: FxHashMap<Name, Vec<Name>>,
}

/// A composite type, and the names that it lists: of an object or interface those that it
/// implements, of a union its members.
#[derive(Debug, Clone)]
pub struct Composite {
    /// The name.
    pub name: Name,
    /// What it is.
    pub kind: CompositeKind,
    /// What it lists.
    pub names: Vec<Name>,
}

/// The kinds of types that have selection sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompositeKind {
    /// An object type.
    Object,
    /// An interface.
    Interface,
    /// A union.
    Union,
}

impl Types {
    /// Computes them from the definitions, in the schema's order.
    pub fn new(definitions: impl IntoIterator<Item = Composite>) -> Self {
        let mut types = Self::default();
        let mut unions = Vec::new();
        for Composite { name, kind, names } in definitions {
            match kind {
                CompositeKind::Object => {
                    let index = types.objects.len();
                    types.objects.push(name.clone());
                    types.indices.insert(name.clone(), index);
                    for interface in &names {
                        types.possible.entry(interface.clone()).or_default().insert(index);
                    }
                    if !names.is_empty() {
                        types.interfaces.insert(name, names);
                    }
                }
                CompositeKind::Interface => {
                    types.possible.entry(name.clone()).or_default();
                    if !names.is_empty() {
                        types.interfaces.insert(name, names);
                    }
                }
                CompositeKind::Union => unions.push((name, names)),
            }
        }
        for (name, members) in unions {
            let members = members.iter().filter_map(|member| types.indices.get(member).copied()).collect();
            types.possible.insert(name, members);
        }
        types
    }

    /// Computes them for a schema that apollo-compiler has built.
    pub fn of(schema: &Schema) -> Self {
        Self::new(schema.types.values().filter_map(|definition| {
            let (kind, names): (_, Vec<Name>) = match definition {
                ExtendedType::Object(object) => {
                    let names = object.implements_interfaces.iter().map(|name| name.name.clone());
                    (CompositeKind::Object, names.collect())
                }
                ExtendedType::Interface(interface) => {
                    let names = interface.implements_interfaces.iter().map(|name| name.name.clone());
                    (CompositeKind::Interface, names.collect())
                }
                ExtendedType::Union(union) => {
                    (CompositeKind::Union, union.members.iter().map(|member| member.name.clone()).collect())
                }
                _ => return None,
            };
            Some(Composite { name: definition.name().clone(), kind, names })
        }))
    }

    /// True if the schema has a composite type of the name, whatever of it was loaded.
    pub fn is_known(&self, name: &str) -> bool {
        self.indices.contains_key(name) || self.possible.contains_key(name)
    }

    /// The object types that a value of the type can be; empty for a type that is not composite.
    pub fn possible(&self, name: &str) -> TypeSet {
        match self.indices.get(name) {
            Some(index) => TypeSet::from_iter([*index]),
            None => self.possible.get(name).cloned().unwrap_or_default(),
        }
    }

    /// Every object type.
    pub fn objects(&self) -> TypeSet {
        (0..self.objects.len()).collect()
    }

    /// True if the name is that of an object type.
    pub fn is_object(&self, name: &str) -> bool {
        self.indices.contains_key(name)
    }

    /// The name of an object type.
    pub fn object(&self, index: usize) -> &Name {
        &self.objects[index]
    }

    /// True if every value of `narrow`, now and in future versions of the schema, is one of `wide`:
    /// it is the same type, or an interface that it declares to implement.
    pub fn always(&self, narrow: &str, wide: &str) -> bool {
        narrow == wide
            || self.interfaces.get(narrow).is_some_and(|interfaces| interfaces.iter().any(|name| name == wide))
    }
}
