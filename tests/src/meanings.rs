//! The meanings of public names in generated code, as the code's communication with a server: documents, response keys,
//! enum values.
//!
//! Reads only tokens, independent of the rules by which names are chosen.

use anyhow::{Context, Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Fields, Item, ItemEnum, ItemStruct, Type, Visibility};

/// The meaning of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// An operation: its name, and its document.
    Operation(Option<String>, String),
    /// A response key, or that of an input.
    Key(String),
    /// A value of an enum.
    Value(String),
    /// A variant for values of some types.
    Types(BTreeSet<String>),
    /// The selection sets of a type, each by the response keys that lead to it.
    Ways(BTreeSet<String>),
    /// A fragment, by all the response keys of its selection set.
    Selects(BTreeSet<String>),
    /// The keys of positional parameters.
    Parameters(Vec<String>),
    /// A fixed item of all code: the variant for other types, the field for parts that depend on the type.
    Ours(&'static str),
}

/// The meanings of all public paths.
pub type Meanings = BTreeMap<String, Meaning>;

/// Reads generated code.
///
/// # Errors
/// The text is not Rust, or has an unsupported form.
pub fn meanings(code: TokenStream) -> Result<Meanings> {
    let file: syn::File = syn::parse2(code).context("generated code")?;
    let mut found = Meanings::new();
    module(&file.items, "", None, &mut found)?;
    Ok(found)
}

/// The types of a module, before their meaning is known.
#[derive(Default)]
struct Scope<'a> {
    structs: BTreeMap<String, &'a ItemStruct>,
    enums: BTreeMap<String, &'a ItemEnum>,
    /// For each type, the keys of its fields.
    keys: BTreeMap<String, BTreeMap<String, String>>,
    /// For each enum, the types of its variants, in their order.
    groups: BTreeMap<String, Vec<BTreeSet<String>>>,
}

fn module(items: &[Item], path: &str, fragment: Option<&str>, found: &mut Meanings) -> Result<()> {
    let mut scope = Scope::default();
    // `pub use self::contact::Contact;` beside a module is a fragment.
    let fragments: BTreeMap<String, String> = items.iter().filter_map(imported).collect();
    for item in items {
        match item {
            Item::Struct(item) => {
                scope.structs.insert(item.ident.to_string(), item);
            }
            Item::Enum(item) => {
                scope.enums.insert(item.ident.to_string(), item);
            }
            Item::Mod(item) => {
                let name = item.ident.to_string();
                let (_, items) = item.content.as_ref().context("a module has a body")?;
                if let Visibility::Public(_) = item.vis {
                    module(items, &format!("{path}{name}::"), fragments.get(&name).map(String::as_str), found)?;
                }
            }
            _ => {}
        }
    }
    for item in items {
        if let Item::Macro(item) = item {
            let kind = item.mac.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            coding(&kind, &item.mac.tokens, path, &mut scope, found).with_context(|| compact(&item.mac.tokens))?;
        }
    }
    scope.members(path, fragment.unwrap_or("Data"), found);
    if let Some(fragment) = fragment {
        let of_arms = [fragment.to_owned(), format!("{fragment}On")];
        let of_arms = of_arms.iter().filter_map(|name| scope.enums.get(name)).flat_map(|item| &item.variants);
        let payloads = of_arms.flat_map(|variant| fields(&variant.fields).filter_map(|field| field_type(&field.ty)));
        let all: BTreeSet<String> = payloads.chain([fragment.to_owned()]).collect();
        let of_it = scope.keys.iter().filter(|(name, _)| all.contains(*name));
        // The type name is not a field if a variant implies it.
        let keys = of_it.flat_map(|(_, keys)| keys.values()).filter(|key| *key != "__typename").cloned().collect();
        found.insert(format!("{path}{fragment}"), Meaning::Selects(keys));
    }
    Ok(())
}

/// Returns the module and the name of a fragment.
fn imported(item: &Item) -> Option<(String, String)> {
    let Item::Use(item) = item else { return None };
    let path = compact(&item.tree);
    let (module, name) = path.strip_prefix("self::")?.split_once("::")?;
    Some((module.to_owned(), name.to_owned()))
}

/// Reads the macros that say how types are read and written.
fn coding(kind: &str, tokens: &TokenStream, path: &str, scope: &mut Scope<'_>, found: &mut Meanings) -> Result<()> {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let name = all.first().context("a name")?.to_string();
    let body = all.iter().rev().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    });
    let entries = body.map(entries).unwrap_or_default();
    match kind {
        "operation" => {
            let literals: Vec<Option<String>> = all.iter().filter_map(literal).map(Some).collect();
            let (graphql, document) = match literals.as_slice() {
                [graphql, _, document] => (graphql.clone(), document.clone()),
                [_, document] => (None, document.clone()),
                _ => bail!("an operation"),
            };
            found.insert(format!("{path}{name}"), Meaning::Operation(graphql, document.context("a document")?));
        }
        "shape" | "one_of" | "input" => {
            let keys = scope.keys.entry(name.clone()).or_default();
            for entry in &entries {
                // Fragments have no key.
                let Some(key) = entry.iter().find_map(literal) else { continue };
                let field = entry.iter().find(|token| matches!(token, TokenTree::Ident(_))).context("a field")?;
                keys.insert(field.to_string(), key);
                // A type in parentheses has a setter.
                if entry.iter().any(
                    |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis),
                ) {
                    let is_arrow = |token: &TokenTree| token.to_string() == ">";
                    let renamed = entry.iter().rposition(is_arrow).and_then(|at| entry.get(at + 1));
                    let method = renamed.unwrap_or(field);
                    found.insert(format!("{path}{name}::{method}()"), Meaning::Key(format!("\u{1}{field}")));
                }
            }
            if kind == "input" {
                let Some(TokenTree::Group(parameters)) = all.get(1) else { bail!("parameters") };
                let parameters = self::entries(parameters.stream());
                let parameters = parameters.iter().filter_map(|parameter| Some(parameter.first()?.to_string()));
                // Fields are known when everything has been read: the names of parameters are those of fields.
                found.insert(format!("{path}{name}::new()"), Meaning::Parameters(parameters.collect()));
            }
        }
        "variants" => {
            let groups = entries.iter().take(entries.len() - 1);
            scope.groups.insert(name, groups.map(|entry| entry.iter().filter_map(literal).collect()).collect());
        }
        "enumeration" => {
            for entry in &entries {
                let variant = entry.first().context("a variant")?;
                let value = entry.iter().find_map(literal);
                let meaning = value.map_or(Meaning::Ours("the value that it was given"), Meaning::Value);
                found.insert(format!("{path}{name}::{variant}"), meaning);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Returns what commas and semicolons separate.
fn entries(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = vec![Vec::new()];
    for token in tokens {
        match (&token, entries.last_mut()) {
            (TokenTree::Punct(sign), _) if matches!(sign.as_char(), ',' | ';') => entries.push(Vec::new()),
            (_, Some(entry)) => entry.push(token),
            (_, None) => {}
        }
    }
    entries.retain(|entry| !entry.is_empty());
    entries
}

/// Returns the text of a literal.
fn literal(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|literal| literal.value())
}

impl Scope<'_> {
    /// Members of everything, now that all keys are known.
    fn members(&self, path: &str, root: &str, found: &mut Meanings) {
        let no_keys = BTreeMap::new();
        for (name, item) in &self.structs {
            let own = self.keys.get(name).unwrap_or(&no_keys);
            for (field, key) in own {
                found.insert(format!("{path}{name}.{field}"), Meaning::Key(key.clone()));
            }
            let is_on = |field: &syn::Field| matches!(field_type(&field.ty), Some(ty) if self.enums.contains_key(&ty));
            for field in fields(&item.fields) {
                let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                if !own.contains_key(&field_name) && is_on(field) {
                    found.insert(format!("{path}{name}.{field_name}"), Meaning::Ours("what depends on the type"));
                }
            }
            self.methods(&format!("{path}{name}::"), own, found);
        }
        for name in self.enums.keys() {
            // An input with exactly one field.
            if let Some(own) = self.keys.get(name) {
                for (variant, key) in own.iter().filter(|_| !self.groups.contains_key(name)) {
                    found.entry(format!("{path}{name}::{variant}")).or_insert(Meaning::Key(key.clone()));
                }
            }
        }
        if self.structs.contains_key(root) || self.enums.contains_key(root) {
            self.ways(root, path, found);
        }
        for (holder, groups) in &self.groups {
            self.variants(holder, groups, path, found);
        }
    }

    /// Setters and parameters by key, where they were by field.
    fn methods(&self, prefix: &str, keys: &BTreeMap<String, String>, found: &mut Meanings) {
        let of = |field: &str| keys.get(field).cloned().unwrap_or_else(|| format!("?{field}"));
        for (_, meaning) in found.range_mut(prefix.to_owned()..).take_while(|(path, _)| path.starts_with(prefix)) {
            match meaning {
                Meaning::Key(key) if key.starts_with('\u{1}') => *key = of(&key[1..]),
                Meaning::Parameters(all) => all.iter_mut().for_each(|field| *field = of(field)),
                _ => {}
            }
        }
    }

    /// The enum of a shape, and the types of its variants.
    fn variants(&self, holder: &str, groups: &[BTreeSet<String>], path: &str, found: &mut Meanings) {
        let of_struct = self.structs.get(holder).and_then(|item| {
            fields(&item.fields).find_map(|field| field_type(&field.ty).filter(|ty| self.enums.contains_key(ty)))
        });
        let name = if self.enums.contains_key(holder) { Some(holder.to_owned()) } else { of_struct };
        let Some((name, item)) = name.and_then(|name| Some((name.clone(), self.enums.get(&name)?))) else { return };
        for (at, variant) in item.variants.iter().enumerate() {
            let types = groups.get(at).cloned();
            let meaning = if at + 1 == item.variants.len() {
                Meaning::Ours("all other types")
            } else {
                Meaning::Types(types.unwrap_or_default())
            };
            found.insert(format!("{path}{name}::{}", variant.ident), meaning);
        }
    }

    /// The response keys that lead to each type.
    fn ways(&self, root: &str, path: &str, found: &mut Meanings) {
        let mut open = vec![(root.to_owned(), String::new())];
        let mut seen = BTreeSet::new();
        while let Some((name, way)) = open.pop() {
            if !seen.insert((name.clone(), way.clone())) {
                continue;
            }
            let place = found.entry(format!("{path}{name}")).or_insert_with(|| Meaning::Ways(BTreeSet::new()));
            if let Meaning::Ways(ways) = place {
                ways.insert(way.clone());
            }
            if let Some(item) = self.structs.get(&name) {
                open.extend(self.below(&name, &item.fields, &way));
            }
            let Some(item) = self.enums.get(&name) else { continue };
            for variant in &item.variants {
                let Some(payload) = fields(&variant.fields).find_map(|field| field_type(&field.ty)) else { continue };
                open.push((payload, way.clone()));
            }
        }
    }

    /// Returns the types that fields lead to, with their ways; they are those of a type, or of one of its variants.
    fn below(&self, owner: &str, all: &Fields, way: &str) -> Vec<(String, String)> {
        let no_keys = BTreeMap::new();
        let keys = self.keys.get(owner).unwrap_or(&no_keys);
        let found = fields(all).filter_map(|field| {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            match (field_type(&field.ty)?, keys.get(&name)) {
                (ty, Some(key)) => Some((ty, format!("{way}.{key}"))),
                // The enum beside common fields.
                (ty, None) => Some((ty, way.to_owned())),
            }
        });
        found.collect()
    }
}

/// Returns the type of the same module that a field leads to, through options and lists.
fn field_type(ty: &Type) -> Option<String> {
    let text = compact(ty);
    let last = text.trim_end_matches('>').rsplit(['<', ',']).next()?;
    let is_local = !last.contains("super::") && !last.starts_with("::");
    (is_local && last.chars().all(is_word)).then(|| last.to_owned())
}

fn fields(fields: &Fields) -> impl Iterator<Item = &syn::Field> {
    fields.iter().filter(|field| field.ident.as_ref().is_none_or(|name| name != "__rt"))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '#'
}

/// Returns tokens without the white space between them. No searched literal contains a space.
fn compact(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.split_whitespace().collect()
}

/// The meanings that no longer apply.
#[derive(Debug, Default)]
pub struct Differences {
    /// Paths that mean something else.
    pub changed: Vec<String>,
    /// Paths that are gone.
    pub gone: Vec<String>,
}

/// Compares the meanings of code before and after something was added. `is_touched` is true if documents were.
pub fn differences(before: &Meanings, after: &Meanings, is_touched: bool) -> Differences {
    let mut differences = Differences::default();
    for (path, old) in before {
        let Some(new) = after.get(path) else {
            differences.gone.push(path.clone());
            continue;
        };
        let is_kept = match (old, new) {
            (Meaning::Operation(old_name, old), Meaning::Operation(new_name, new)) => {
                let is_same = |new, old| without_type_names(new) == without_type_names(old);
                old_name == new_name && if is_touched { has_all(new, old) } else { is_same(new, old) }
            }
            // A type can be that of more selection sets, and a condition can be true of more or fewer types.
            (Meaning::Ways(old), Meaning::Ways(new)) => old.is_subset(new) || new.is_subset(old),
            (Meaning::Types(old), Meaning::Types(new)) => {
                if is_touched {
                    old.is_subset(new) || new.is_subset(old)
                } else {
                    old.is_subset(new)
                }
            }
            (Meaning::Selects(old), Meaning::Selects(new)) => old.is_subset(new),
            // With another number of parameters, no call compiles.
            (Meaning::Parameters(old), Meaning::Parameters(new)) => old == new || old.len() != new.len(),
            (old, new) => old == new,
        };
        if !is_kept {
            differences.changed.push(format!("{path}: {old:?} became {new:?}"));
        }
    }
    differences
}

/// Returns the tokens of a document without type names: where printing adds them depends on the schema, and means
/// nothing.
fn without_type_names(document: &str) -> Vec<&str> {
    let tokens = document.split_inclusive(|character: char| !is_word(character)).flat_map(|part| {
        let word = part.trim_end_matches(|character: char| !is_word(character));
        [word, part[word.len()..].trim()]
    });
    tokens.filter(|token| !token.is_empty() && *token != "__typename").collect()
}

/// Returns true if a document has everything that another has, but type names.
fn has_all(large: &str, small: &str) -> bool {
    fn count(text: &str) -> BTreeMap<&str, usize> {
        let mut tokens = BTreeMap::new();
        for token in without_type_names(text) {
            *tokens.entry(token).or_default() += 1;
        }
        tokens
    }
    let all = count(large);
    count(small).iter().all(|(token, count)| all.get(token).is_some_and(|found| found >= count))
}
