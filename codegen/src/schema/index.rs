//! A schema as an index of its texts: which definitions there are, and where.
//!
//! In: the texts of a schema. Out: an [`Index`] that answers what concerns all of a schema (which
//! types there are, which objects an interface can be) without anything having been parsed, and the
//! members of single definitions when they are asked for.

use super::definition::TypeKind;
use super::lazy::LazyType;
use super::types::{Composite, CompositeKind, Types};
use crate::source::Text;
use crate::syntax::scan::{self, Definition, Kind, Member};
use apollo_compiler::Name;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Where all definitions of a schema are.
#[derive(Debug, Default)]
pub struct Index {
    /// The texts, in the order in which they were given.
    pub texts: Vec<Text>,
    /// Which object types every composite type can be.
    pub types: Arc<Types>,
    definitions: Vec<Entry>,
    by_name: FxHashMap<Name, Places>,
    directives: FxHashMap<Name, Places>,
    schema: Vec<usize>,
}

/// Which definitions have one name, and what was parsed of them. Most names have one, for which nothing is allocated.
#[derive(Debug)]
struct Places {
    first: usize,
    more: Vec<usize>,
    ty: OnceLock<Box<LazyType>>,
}

impl Places {
    fn iter(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

/// A definition or extension in one of the texts.
#[derive(Debug)]
pub struct Entry {
    /// Which text.
    pub text: usize,
    /// What and where.
    pub definition: Definition,
    members: OnceLock<Option<Vec<Member>>>,
}

impl Index {
    /// The index of some SDL texts; `None` if one is not what the scan understands.
    pub fn new(texts: Vec<Text>) -> Option<Self> {
        let mut index = Self {
            texts,
            types: Arc::default(),
            definitions: Vec::new(),
            by_name: FxHashMap::default(),
            directives: FxHashMap::default(),
            schema: Vec::new(),
        };
        for text in 0..index.texts.len() {
            let definitions = scan::definitions(&index.texts[text])?;
            index.definitions.reserve(definitions.len());
            index.by_name.reserve(definitions.len());
            for definition in definitions {
                index.add(text, definition);
            }
        }
        index.types = Arc::new(Types::new(index.composites(usize::MAX).chain(introspection_types())));
        Some(index)
    }

    /// The composite types of the first texts alone.
    pub fn types_in(&self, texts: usize) -> Arc<Types> {
        let is_composite = |kind| matches!(kind, Kind::Object | Kind::Interface | Kind::Union);
        if !self.definitions.iter().any(|entry| entry.text >= texts && is_composite(entry.definition.kind)) {
            return self.types.clone();
        }
        Arc::new(Types::new(self.composites(texts).chain(introspection_types())))
    }

    fn add(&mut self, text: usize, definition: Definition) {
        let at = self.definitions.len();
        let names = match definition.kind {
            Kind::Schema => None,
            Kind::Directive => Some(&mut self.directives),
            _ => Some(&mut self.by_name),
        };
        match names {
            None => self.schema.push(at),
            Some(names) => {
                let name = Name::new_unchecked(&self.texts[text][definition.name.clone()]);
                match names.entry(name) {
                    Occupied(mut known) => known.get_mut().more.push(at),
                    Vacant(new) => {
                        new.insert(Places { first: at, more: Vec::new(), ty: OnceLock::new() });
                    }
                }
            }
        }
        self.definitions.push(Entry { text, definition, members: OnceLock::new() });
    }

    /// All definitions, in the order of the texts.
    pub fn entries(&self) -> &[Entry] {
        &self.definitions
    }

    /// Words of the text that a definition is in.
    pub fn words(&self, entry: &Entry, range: &Range<usize>) -> &str {
        self.texts[entry.text].get(range.clone()).unwrap_or_default()
    }

    /// The definition of a type and its extensions; a second definition is not among them.
    pub fn of_type(&self, name: &str) -> Vec<usize> {
        self.of_type_in(name, usize::MAX)
    }

    /// [`Index::of_type`], as if there were the first texts alone.
    pub fn of_type_in(&self, name: &str, texts: usize) -> Vec<usize> {
        let chosen = |places: &Places| self.chosen(places.iter().filter(|at| self.definitions[*at].text < texts));
        self.by_name.get(name).map(chosen).unwrap_or_default()
    }

    /// What was parsed of a type.
    pub fn ty(&self, name: &str) -> Option<&LazyType> {
        self.by_name.get(name).map(|places| &**places.ty.get_or_init(Box::default))
    }

    /// The kind of a type in the first texts.
    pub fn kind(&self, name: &str, texts: usize) -> Option<TypeKind> {
        let places = self.by_name.get(name)?;
        let entries = || places.iter().map(|at| &self.definitions[at]).filter(|entry| entry.text < texts);
        let chosen = entries().find(|entry| !entry.definition.is_extension).or_else(|| entries().next())?;
        TypeKind::of(chosen.definition.kind)
    }

    /// The names of the types that texts after the first ones define or extend.
    pub fn names_after(&self, texts: usize) -> impl Iterator<Item = &Name> {
        self.by_name
            .iter()
            .filter(move |(_, places)| places.iter().any(|at| self.definitions[at].text >= texts))
            .map(|(name, _)| name)
    }

    /// The names of the types of the first texts: those that are defined, then those that are only extended, each in the
    /// order of the texts.
    pub fn names_in(&self, texts: usize) -> impl Iterator<Item = &Name> {
        let named = move |is_extension: bool| {
            let is_meant = move |(_, entry): &(usize, &Entry)| {
                let is_type = TypeKind::of(entry.definition.kind).is_some();
                is_type && entry.text < texts && entry.definition.is_extension == is_extension
            };
            self.definitions.iter().enumerate().filter(is_meant).filter_map(move |(at, entry)| {
                let (name, places) = self.by_name.get_key_value(self.words(entry, &entry.definition.name))?;
                let is_first = places.more.is_empty() || self.of_type_in(name, texts).first() == Some(&at);
                is_first.then_some(name)
            })
        };
        named(false).chain(named(true))
    }

    /// True if another index has the same texts for a type.
    pub fn has_same_text(&self, other: &Self, name: &str) -> bool {
        let text = |index: &'_ Self, at: usize| {
            let entry = &index.definitions[at];
            index.words(entry, &entry.definition.range).trim().to_owned()
        };
        match (self.by_name.get(name), other.by_name.get(name)) {
            (Some(own), Some(others)) if own.more.is_empty() && others.more.is_empty() => {
                let (own, others) = (&self.definitions[own.first], &other.definitions[others.first]);
                let own = self.words(own, &own.definition.range).trim();
                own == other.words(others, &others.definition.range).trim()
            }
            _ => {
                let texts =
                    |index: &Self| index.of_type(name).into_iter().map(|at| text(index, at)).collect::<Vec<_>>();
                texts(self) == texts(other)
            }
        }
    }

    /// True if a field, an argument or an input field has a type.
    pub fn uses(&self, ty: &str) -> bool {
        let is_it = |entry: &Entry, member: &Member| self.words(entry, &member.ty) == ty;
        self.texts.iter().any(|text| text.contains(ty))
            && self.definitions.iter().filter(|entry| !matches!(entry.definition.kind, Kind::Enum | Kind::Schema)).any(
                |entry| {
                    self.each_member(entry).any(|member| {
                        is_it(entry, &member)
                            || self.arguments(entry, &member).flatten().any(|argument| is_it(entry, &argument))
                    })
                },
            )
    }

    /// Further definitions of a type, each beside the first, which counts.
    pub fn again(&self, name: &str) -> Vec<(&Entry, &Entry)> {
        let Some(places) = self.by_name.get(name) else { return Vec::new() };
        let mut definitions =
            places.iter().map(|at| &self.definitions[at]).filter(|entry| !entry.definition.is_extension);
        let Some(first) = definitions.next() else { return Vec::new() };
        definitions.map(|other| (first, other)).collect()
    }

    /// The definitions of a directive.
    pub fn of_directive(&self, name: &str) -> impl Iterator<Item = usize> + '_ {
        self.directives.get(name).into_iter().flat_map(Places::iter)
    }

    /// Everything that says what the root types are.
    pub fn of_schema(&self) -> &[usize] {
        &self.schema
    }

    /// The names of all directives, in the order of the texts.
    pub fn directive_names(&self, texts: usize) -> impl Iterator<Item = &str> {
        let entries = self.definitions.iter().filter(move |entry| entry.text < texts);
        let entries = entries.filter(|entry| entry.definition.kind == Kind::Directive);
        entries.map(|entry| self.words(entry, &entry.definition.name))
    }

    /// The names of the directives that a text defines.
    pub fn directives_in(&self, text: usize) -> impl Iterator<Item = &str> {
        let entries = self.definitions.iter().filter(move |entry| entry.text == text);
        let entries = entries.filter(|entry| entry.definition.kind == Kind::Directive);
        entries.map(|entry| self.words(entry, &entry.definition.name))
    }

    /// True if there is a type of the name, built in or not.
    pub fn has_type(&self, name: &str) -> bool {
        self.by_name.contains_key(name) || is_built_in(name)
    }

    /// The members of a definition: fields, input fields, enum values, arguments; none if it has no
    /// body. Outer `None`: they are not what the scan understands.
    pub fn members<'a>(&self, entry: &'a Entry) -> Option<&'a [Member]> {
        let members = entry.members.get_or_init(|| match &entry.definition.body {
            Some(body) => scan::members(&self.texts[entry.text], entry.definition.kind, body).collect(),
            None => Some(Vec::new()),
        });
        members.as_deref()
    }

    /// The members of a definition, one after the other, without keeping them.
    pub fn each_member(&self, entry: &Entry) -> impl Iterator<Item = Member> {
        let body = entry.definition.body.as_ref();
        body.into_iter().flat_map(|body| scan::members(&self.texts[entry.text], entry.definition.kind, body)).flatten()
    }

    /// The arguments of a field; `None` where they are not what the scan understands.
    pub fn arguments(&self, entry: &Entry, field: &Member) -> impl Iterator<Item = Option<Member>> {
        let body = field.arguments.as_ref();
        body.into_iter().flat_map(|body| scan::members(&self.texts[entry.text], Kind::InputObject, body))
    }

    /// The first definition and the extensions of its kind. An extension of nothing defines its type.
    fn chosen(&self, places: impl Iterator<Item = usize> + Clone) -> Vec<usize> {
        let kind = |at: usize| (self.definitions[at].definition.kind, self.definitions[at].definition.is_extension);
        let Some(definition) = places.clone().find(|at| !kind(*at).1).or_else(|| places.clone().next()) else {
            return Vec::new();
        };
        let extensions = places.filter(|at| kind(*at) == (kind(definition).0, true) && *at != definition);
        std::iter::once(definition).chain(extensions).collect()
    }

    /// Of the first texts, in the order of the types' first definitions.
    fn composites(&self, texts: usize) -> impl Iterator<Item = Composite> + '_ {
        let is_in = move |at: &usize| self.definitions[*at].text < texts;
        self.definitions.iter().enumerate().filter(move |(at, _)| is_in(at)).filter_map(move |(at, entry)| {
            let kind = match entry.definition.kind {
                Kind::Object => CompositeKind::Object,
                Kind::Interface => CompositeKind::Interface,
                Kind::Union => CompositeKind::Union,
                _ => return None,
            };
            let (name, places) = self.by_name.get_key_value(self.words(entry, &entry.definition.name))?;
            if name.starts_with("__") {
                return None;
            }
            let names = |at: usize| {
                let entry = &self.definitions[at];
                entry.definition.names.iter().map(|name| self.name(self.words(entry, name)))
            };
            let names = if places.more.is_empty() {
                names(at).collect()
            } else {
                let chosen: Vec<usize> = self.chosen(places.iter()).into_iter().filter(is_in).collect();
                if chosen.first() != Some(&at) {
                    return None;
                }
                chosen.into_iter().flat_map(names).collect()
            };
            Some(Composite { name: name.clone(), kind, names })
        })
    }

    /// The name of a type, whether there is one or not: allocated once.
    fn name(&self, name: &str) -> Name {
        self.by_name.get_key_value(name).map_or_else(|| Name::new_unchecked(name), |(known, _)| known.clone())
    }
}

const INTROSPECTION_OBJECTS: [&str; 6] =
    ["__Schema", "__Type", "__Field", "__InputValue", "__EnumValue", "__Directive"];

/// The object types of introspection (specification, 4.2), which every schema has.
fn introspection_types() -> impl Iterator<Item = Composite> {
    INTROSPECTION_OBJECTS.iter().map(|name| Composite {
        name: Name::new_unchecked(name),
        kind: CompositeKind::Object,
        names: Vec::new(),
    })
}

fn is_built_in(name: &str) -> bool {
    name.starts_with("__") || matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID")
}
