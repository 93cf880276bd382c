//! The part of a schema that documents reach.
//!
//! In: an [`Index`], and the names that documents use ([`Wanted`]). Out: SDL of nothing but the
//! definitions and members that these names can mean ([`Reached`]), each with where it came from.
//! The part is a little too large (names are not looked at in their places) and never too small:
//! documents that are valid against it are valid against the whole, and mean the same.

use super::index::{Entry, Index};
use super::store;
use crate::syntax::scan::{Kind, Member};
use apollo_compiler::ast::{Definition, FieldDefinition, InputValueDefinition};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::Range;

/// The names that documents and settings use.
#[derive(Debug, Default, Clone)]
pub struct Wanted {
    /// Fields of selections.
    pub fields: FxHashSet<String>,
    /// Arguments of fields.
    pub arguments: FxHashSet<String>,
    /// Type conditions, and types of variables.
    pub types: FxHashSet<String>,
    /// Directives.
    pub directives: FxHashSet<String>,
    /// Ends of the names of more fields.
    pub field_endings: Vec<&'static str>,
    /// Whether fields that the reason of a deprecation names between backticks are wanted as well.
    pub replacements: bool,
}

impl Wanted {
    /// Adds what another one wants.
    pub fn add(&mut self, other: &Self) {
        self.fields.extend(other.fields.iter().cloned());
        self.arguments.extend(other.arguments.iter().cloned());
        self.types.extend(other.types.iter().cloned());
        self.directives.extend(other.directives.iter().cloned());
        self.field_endings.extend(&other.field_endings);
        self.replacements |= other.replacements;
    }

    fn has_field(&self, name: &str) -> bool {
        self.fields.contains(name) || self.field_endings.iter().any(|end| name.ends_with(end))
    }
}

/// A part of the texts.
#[derive(Debug)]
pub struct Reached {
    /// For each text the SDL of its part.
    pub excerpts: Vec<Excerpt>,
    /// Members that are defined twice, differently.
    pub ambiguous: Vec<Ambiguous>,
}

/// Pieces of a text.
#[derive(Debug, Default)]
pub struct Excerpt {
    /// The pieces, one behind the other.
    pub sdl: String,
    /// For each piece its offset in the excerpt, and in the text.
    pub pieces: Vec<(usize, usize)>,
}

/// A field, an input field, or a whole type that is defined twice, differently.
#[derive(Debug)]
pub struct Ambiguous {
    /// The type.
    pub ty: String,
    /// The field; `None` if the type is meant.
    pub field: Option<String>,
    /// Text and range of the first name, and of the second.
    pub places: [(usize, Range<usize>); 2],
}

/// The part that is wanted; `None` if it cannot be told without a parser.
pub fn reach(index: &Index, wanted: &Wanted) -> Option<Reached> {
    let mut search = Search { index, wanted, kept: BTreeMap::new(), seen: FxHashSet::default(), open: Vec::new() };
    search.roots();
    for name in &wanted.directives {
        search.directive(name)?;
    }
    search.open.extend(wanted.types.iter().cloned());
    let mut ambiguous = Vec::new();
    while let Some(name) = search.open.pop() {
        if search.seen.insert(name.clone()) {
            search.ty(&name, &mut ambiguous)?;
        }
    }
    Some(Reached { excerpts: excerpts(index, wanted, &search.kept), ambiguous })
}

/// What of a definition is kept.
enum Kept<'a> {
    Whole,
    Members(Vec<&'a Member>),
}

struct Search<'a> {
    index: &'a Index,
    wanted: &'a Wanted,
    /// By definition.
    kept: BTreeMap<usize, Kept<'a>>,
    seen: FxHashSet<String>,
    open: Vec<String>,
}

impl<'a> Search<'a> {
    /// The root types, and what says which they are.
    fn roots(&mut self) {
        let index = self.index;
        for &at in index.of_schema() {
            self.kept.insert(at, Kept::Whole);
            let entry = &index.entries()[at];
            self.open.extend(entry.definition.names.iter().map(|name| index.words(entry, name).to_owned()));
        }
        self.open.extend(["Query", "Mutation", "Subscription"].map(str::to_owned));
    }

    fn directive(&mut self, name: &str) -> Option<()> {
        let index = self.index;
        for at in index.of_directive(name) {
            self.kept.insert(at, Kept::Whole);
            self.types_of(at)?;
        }
        Some(())
    }

    /// The types of all members of a definition.
    fn types_of(&mut self, at: usize) -> Option<()> {
        let entry = &self.index.entries()[at];
        for member in self.index.members(entry)? {
            self.want(entry, &member.ty);
        }
        Some(())
    }

    fn want(&mut self, entry: &Entry, ty: &Range<usize>) {
        let name = self.index.words(entry, ty);
        if !self.seen.contains(name) {
            self.open.push(name.to_owned());
        }
    }

    fn ty(&mut self, name: &str, ambiguous: &mut Vec<Ambiguous>) -> Option<()> {
        let index = self.index;
        let mut all = Vec::new();
        for at in index.of_type(name) {
            let entry = &index.entries()[at];
            let members: Vec<&Member> = match entry.definition.kind {
                Kind::Object | Kind::Interface => {
                    let members = index.members(entry)?.iter();
                    let is_wanted = |member: &&Member| self.wanted.has_field(index.words(entry, &member.name));
                    let named: Vec<&str> = match self.wanted.replacements {
                        true => members
                            .clone()
                            .filter(is_wanted)
                            .flat_map(|one| named(index.words(entry, &one.range)))
                            .collect(),
                        false => Vec::new(),
                    };
                    let is_named = |member: &&Member| named.contains(&index.words(entry, &member.name));
                    members.filter(|member| is_wanted(member) || is_named(member)).collect()
                }
                Kind::InputObject => index.members(entry)?.iter().collect(),
                _ => {
                    self.kept.insert(at, Kept::Whole);
                    continue;
                }
            };
            for member in &members {
                self.member(entry, member)?;
            }
            all.extend(members.iter().map(|member| (entry, *member)));
            self.kept.insert(at, Kept::Members(members));
        }
        ambiguous.extend(ambiguous_fields(index, name, &all));
        ambiguous.extend(ambiguous_type(index, name));
        Some(())
    }

    /// The types that a field leads to.
    fn member(&mut self, entry: &'a Entry, member: &Member) -> Option<()> {
        self.want(entry, &member.ty);
        let index = self.index;
        for argument in index.arguments(entry, member) {
            let argument = argument?;
            if self.wanted.arguments.contains(index.words(entry, &argument.name)) {
                self.want(entry, &argument.ty);
            }
        }
        Some(())
    }
}

/// The names between backticks after `@deprecated`; of `User.name`, the last part.
fn named(member: &str) -> impl Iterator<Item = &str> {
    let reason = member.split_once("@deprecated").map(|(_, reason)| reason).unwrap_or_default();
    reason.split('`').skip(1).step_by(2).map(|name| name.rsplit('.').next().unwrap_or(name))
}

/// Everything that is defined twice and differently, whoever reaches it.
pub fn all_ambiguous(index: &Index) -> Vec<Ambiguous> {
    let mut found = Vec::new();
    for name in index.names() {
        let entries = index.of_type(name).into_iter().map(|at| &index.entries()[at]);
        let entries = entries.filter(|entry| entry.definition.kind != Kind::Enum);
        let members = entries
            .flat_map(|entry| index.members(entry).unwrap_or_default().iter().map(move |member| (entry, member)));
        found.extend(ambiguous_fields(index, name, &members.collect::<Vec<_>>()));
        found.extend(ambiguous_type(index, name));
    }
    found
}

fn ambiguous_fields(index: &Index, ty: &str, members: &[(&Entry, &Member)]) -> Vec<Ambiguous> {
    let mut first: FxHashMap<&str, (&Entry, &Member)> = FxHashMap::default();
    let mut found = Vec::new();
    for &(entry, member) in members {
        let field = index.words(entry, &member.name);
        let earlier = *first.entry(field).or_insert((entry, member));
        let is_second = !std::ptr::eq(earlier.1, member);
        if is_second && differ(index, entry.definition.kind, earlier, (entry, member)) {
            let places = [(earlier.0.text, earlier.1.name.clone()), (entry.text, member.name.clone())];
            found.push(Ambiguous { ty: ty.to_owned(), field: Some(field.to_owned()), places });
        }
    }
    found
}

fn ambiguous_type(index: &Index, name: &str) -> Vec<Ambiguous> {
    let others = index.again(name).into_iter().filter(|(first, second)| differ_as_types(index, first, second));
    let ambiguous = others.map(|(first, second)| Ambiguous {
        ty: name.to_owned(),
        field: None,
        places: [first, second].map(|entry| (entry.text, entry.definition.name.clone())),
    });
    ambiguous.collect()
}

/// True unless two members of one name have the same type and the same arguments.
fn differ(index: &Index, kind: Kind, first: (&Entry, &Member), second: (&Entry, &Member)) -> bool {
    let keyword = if kind == Kind::InputObject { "input" } else { "type" };
    let words = |(entry, member): (&Entry, &Member)| index.words(entry, &member.signature).to_owned();
    let parsed = store::parse(&format!("{keyword} X {{ {}\n{}\n }}", words(first), words(second))).document;
    match parsed.definitions.first() {
        Some(Definition::ObjectTypeDefinition(object)) => match object.fields.as_slice() {
            [first, second] => !same_field(first, second),
            _ => true,
        },
        Some(Definition::InputObjectTypeDefinition(input)) => match input.fields.as_slice() {
            [first, second] => !same_value(first, second),
            _ => true,
        },
        _ => true,
    }
}

fn same_field(first: &FieldDefinition, second: &FieldDefinition) -> bool {
    first.ty == second.ty
        && first.arguments.len() == second.arguments.len()
        && first.arguments.iter().all(|one| second.arguments.iter().any(|other| same_value(one, other)))
}

fn same_value(first: &InputValueDefinition, second: &InputValueDefinition) -> bool {
    first.name == second.name && first.ty == second.ty && first.default_value == second.default_value
}

/// True unless two definitions of one type define the same.
fn differ_as_types(index: &Index, first: &Entry, second: &Entry) -> bool {
    let kind = first.definition.kind;
    let names = |entry: &Entry| {
        let names = entry.definition.names.iter().map(|name| index.words(entry, name).to_owned());
        names.collect::<FxHashSet<String>>()
    };
    let (Some(ours), Some(theirs)) = (index.members(first), index.members(second)) else { return true };
    let same = |one: &Member, other: &Member| {
        index.words(first, &one.name) == index.words(second, &other.name)
            && (kind == Kind::Enum || !differ(index, kind, (first, one), (second, other)))
    };
    kind != second.definition.kind
        || names(first) != names(second)
        || ours.len() != theirs.len()
        || !ours.iter().all(|one| theirs.iter().any(|other| same(one, other)))
}

/// A member with the arguments that are given somewhere or that must be given.
fn push_member(excerpt: &mut Excerpt, index: &Index, wanted: &Wanted, entry: &Entry, member: &Member) {
    let Some(arguments) = &member.arguments else {
        return excerpt.push(index.words(entry, &member.range), member.range.start);
    };
    let is_kept = |argument: &Member| {
        let signature = index.words(entry, &argument.signature);
        wanted.arguments.contains(index.words(entry, &argument.name)) || is_required(signature)
    };
    let kept: Vec<Member> = index.arguments(entry, member).flatten().filter(is_kept).collect();
    // Parentheses with nothing in them are not SDL.
    let (open, close) =
        if kept.is_empty() { (arguments.start - 1, arguments.end + 1) } else { (arguments.start, arguments.end) };
    excerpt.push(index.words(entry, &(member.range.start..open)), member.range.start);
    for argument in kept {
        excerpt.push(index.words(entry, &argument.range), argument.range.start);
    }
    excerpt.push(index.words(entry, &(close..member.range.end)), close);
}

/// True for `name: Type!` without a default, and for what looks like it: too many are no harm.
fn is_required(signature: &str) -> bool {
    signature.contains('!')
}

fn excerpts(index: &Index, wanted: &Wanted, kept: &BTreeMap<usize, Kept<'_>>) -> Vec<Excerpt> {
    let mut excerpts: Vec<Excerpt> = index.texts.iter().map(|_| Excerpt::default()).collect();
    for (at, kept) in kept {
        let entry = &index.entries()[*at];
        let excerpt = &mut excerpts[entry.text];
        let range = &entry.definition.range;
        match (kept, &entry.definition.body) {
            (Kept::Members(members), Some(body)) => {
                excerpt.push(index.words(entry, &(range.start..body.start)), range.start);
                // Braces with nothing in them are not SDL.
                let some = if members.is_empty() { index.members(entry).unwrap_or_default().first() } else { None };
                for member in members.iter().copied().chain(some) {
                    push_member(excerpt, index, wanted, entry, member);
                }
                excerpt.push("}", body.end);
            }
            _ => excerpt.push(index.words(entry, range), range.start),
        }
    }
    excerpts
}

impl Excerpt {
    /// Adds words of a text that begin at an offset.
    pub fn push(&mut self, words: &str, start: usize) {
        self.pieces.push((self.sdl.len(), start));
        self.sdl.push_str(words);
        self.sdl.push('\n');
    }
}
