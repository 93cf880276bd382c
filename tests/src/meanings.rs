//! The meanings of public names in generated code, as the code's communication with a server: documents, response keys,
//! enum values.
//!
//! Reads only tokens, independent of the rules by which names are chosen.

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Expr, Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Lit, Stmt, Type, Visibility};

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
    /// For each type and variant ("" for the type itself), the keys of fields.
    keys: BTreeMap<(String, String), BTreeMap<String, String>>,
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
                if name == "__slots" {
                    slots(items, &mut scope);
                } else if let Visibility::Public(_) = item.vis {
                    module(items, &format!("{path}{name}::"), fragments.get(&name).map(String::as_str), found)?;
                }
            }
            _ => {}
        }
    }
    for item in items.iter().filter_map(|item| if let Item::Impl(item) = item { Some(item) } else { None }) {
        implementation(item, path, &mut scope, found)?;
    }
    scope.members(path, fragment.unwrap_or("Data"), found);
    if let Some(fragment) = fragment {
        let of_it = scope.keys.iter().filter(|((name, _), _)| name == fragment || *name == format!("{fragment}On"));
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

/// Types of groups, from the hidden code that decodes: `TYPES` has pairs of a name and a group, and `OTHER` is there
/// where the groups are those of an enum.
fn slots(items: &[Item], scope: &mut Scope<'_>) {
    for item in items {
        let Item::Impl(item) = item else { continue };
        let constant = |wanted: &str| {
            item.items.iter().find_map(|item| match item {
                ImplItem::Const(item) if item.ident == wanted => Some(compact(&item.expr)),
                _ => None,
            })
        };
        let (Some(types), Some(_)) = (constant("TYPES"), constant("OTHER")) else { continue };
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for pair in types.split('(').skip(1) {
            let group = pair.rsplit_once("\",").map(|(_, group)| group.trim_matches(|c: char| !c.is_ascii_digit()));
            let Some(group) = group.and_then(|group| group.parse::<usize>().ok()) else { continue };
            if groups.len() <= group {
                groups.resize(group + 1, BTreeSet::new());
            }
            groups[group].extend(literals(pair));
        }
        scope.groups.insert(compact(&item.self_ty), groups);
    }
}

fn implementation(item: &ItemImpl, path: &str, scope: &mut Scope<'_>, found: &mut Meanings) -> Result<()> {
    let name = compact(&item.self_ty);
    let of = item.trait_.as_ref().map(|trait_| compact(&trait_.0)).unwrap_or_default();
    if of.ends_with("::Operation") {
        let constant = |wanted: &str| {
            item.items.iter().find_map(|item| match item {
                ImplItem::Const(item) if item.ident == wanted => Some(text(&item.expr)),
                _ => None,
            })
        };
        let document = constant("DOCUMENT").flatten().context("a document")?;
        found.insert(format!("{path}{name}"), Meaning::Operation(constant("NAME").flatten(), document));
    }
    for function in item.items.iter().filter_map(function) {
        let body = &function.block;
        match function.sig.ident.to_string().as_str() {
            "encode" => scope.encode(&name, &body.stmts)?,
            "serialize" => scope.serialize(&name, &body.stmts),
            "as_str" if scope.enums.contains_key(&name) => scope.values(&name, path, &body.stmts, found)?,
            "new" => {
                let parameters = function.sig.inputs.iter().filter_map(|input| match input {
                    FnArg::Typed(input) => Some(compact(&input.pat)),
                    FnArg::Receiver(_) => None,
                });
                // Fields are known when everything has been read: the names of parameters are those of fields.
                found.insert(format!("{path}{name}::new()"), Meaning::Parameters(parameters.collect()));
            }
            method if matches!(function.vis, Visibility::Public(_)) && body.stmts.len() == 2 => {
                let first = compact(&body.stmts[0]);
                if let Some((field, _)) = first.strip_prefix("self.").and_then(|rest| rest.split_once('=')) {
                    found.insert(format!("{path}{name}::{method}()"), Meaning::Key(format!("\u{1}{field}")));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

impl Scope<'_> {
    /// The keys of an output type.
    fn encode(&mut self, name: &str, statements: &[Stmt]) -> Result<()> {
        for statement in statements {
            let Stmt::Expr(Expr::Match(table), _) = statement else {
                self.keys.entry((name.to_owned(), String::new())).or_default().extend(keys(&compact(statement)));
                continue;
            };
            for arm in &table.arms {
                let pattern = compact(&arm.pat);
                let (of, variant) =
                    pattern.split('(').next().and_then(|path| path.rsplit_once("::")).context("a variant")?;
                let of = of.trim_start_matches("super::").to_owned();
                self.keys.entry((of, variant.to_owned())).or_default().extend(keys(&compact(&arm.body)));
            }
        }
        Ok(())
    }

    /// The keys of an input, or of the variants of one of which exactly one is given.
    fn serialize(&mut self, name: &str, statements: &[Stmt]) {
        for statement in statements {
            let said = compact(statement);
            for (_, rest) in said.match_indices("Self::").map(|(at, start)| said.split_at(at + start.len())) {
                let variant: String = rest.chars().take_while(|c| is_word(*c)).collect();
                let key = rest.split("=>").nth(1).and_then(|body| literals(body).into_iter().next());
                let Some(key) = key else { continue };
                self.keys.entry((name.to_owned(), String::new())).or_default().insert(variant, key);
            }
            for put in said.split("::put_").skip(1) {
                let field = put.split("&self.").nth(1).map(|rest| rest.chars().take_while(|c| is_word(*c)).collect());
                if let (Some(key), Some(field)) = (literals(put).into_iter().next(), field) {
                    self.keys.entry((name.to_owned(), String::new())).or_default().insert(field, key);
                }
            }
        }
    }

    fn values(&self, name: &str, path: &str, statements: &[Stmt], found: &mut Meanings) -> Result<()> {
        let Some(Stmt::Expr(Expr::Match(table), _)) = statements.last() else { bail!("as_str of {name}") };
        for arm in &table.arms {
            let pattern = compact(&arm.pat);
            let variant: String = pattern.trim_start_matches("Self::").chars().take_while(|c| is_word(*c)).collect();
            let meaning = text(&arm.body).map_or(Meaning::Ours("the value that it was given"), Meaning::Value);
            found.insert(format!("{path}{name}::{variant}"), meaning);
        }
        Ok(())
    }

    /// Members of everything, now that all keys are known.
    fn members(&self, path: &str, root: &str, found: &mut Meanings) {
        let no_keys = BTreeMap::new();
        for (name, item) in &self.structs {
            let own = self.keys.get(&(name.clone(), String::new())).unwrap_or(&no_keys);
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
            if let Some(own) = self.keys.get(&(name.clone(), String::new())) {
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
            let keys = self.keys.get(&(name.clone(), variant.ident.to_string()));
            let payload = fields(&variant.fields).find_map(|field| field_type(&field.ty));
            let (Some(keys), Some(payload)) = (keys, payload) else { continue };
            for (field, key) in keys {
                found.insert(format!("{path}{payload}.{field}"), Meaning::Key(key.clone()));
            }
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
                open.extend(self.below(&name, "", &item.fields, &way));
            }
            let Some(item) = self.enums.get(&name) else { continue };
            for variant in &item.variants {
                let Some(payload) = fields(&variant.fields).find_map(|field| field_type(&field.ty)) else { continue };
                if let Some(item) = self.structs.get(&payload) {
                    open.extend(self.below(&name, &variant.ident.to_string(), &item.fields, &way));
                    open.push((payload, way.clone()));
                }
            }
        }
    }

    /// Returns the types that fields lead to, with their ways; they are those of a type, or of one of its variants.
    fn below(&self, owner: &str, variant: &str, all: &Fields, way: &str) -> Vec<(String, String)> {
        let Some(keys) = self.keys.get(&(owner.to_owned(), variant.to_owned())) else { return Vec::new() };
        let found = fields(all).filter_map(|field| {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            match (field_type(&field.ty)?, keys.get(&name)) {
                (ty, Some(key)) => Some((ty, format!("{way}.{key}"))),
                // The enum beside common fields.
                (ty, None) => variant.is_empty().then(|| (ty, way.to_owned())),
            }
        });
        found.collect()
    }
}

/// `fields.field("key", &self.name)`, also `if let Some(value) = &self.name { fields.field("key", value) }`;
/// objects are written by `fields.object`.
fn keys(said: &str) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    let calls = ["fields.field(", "fields.object("];
    for (at, start) in calls.iter().flat_map(|call| said.match_indices(call)) {
        let (before, call) = (&said[..at], &said[at + start.len()..]);
        let Some(key) = literals(call).into_iter().next() else { continue };
        let argument = call.split_once(',').map_or("", |(_, rest)| rest);
        let from = if argument.starts_with("value)") { before.rsplit('&').next() } else { argument.strip_prefix('&') };
        let field = from.and_then(|from| from.split_once('.')).map_or("", |(_, field)| field);
        let field: String = field.chars().take_while(|c| is_word(*c)).collect();
        if !field.is_empty() {
            keys.insert(field, key);
        }
    }
    keys
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

fn function(item: &ImplItem) -> Option<&syn::ImplItemFn> {
    if let ImplItem::Fn(item) = item { Some(item) } else { None }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '#'
}

/// Returns tokens without the white space between them. No searched literal contains a space.
fn compact(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    text.split_whitespace().collect()
}

/// Returns the texts in quotes.
fn literals(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the text that an expression is, or that is handed to `Some`.
fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        Expr::Call(call) => call.args.first().and_then(text),
        _ => None,
    }
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
