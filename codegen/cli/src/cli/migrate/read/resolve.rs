//! Resolves names.

use super::{PLUGIN, Reader};
use crate::cli::migrate::note::{About, Part};
use crate::cli::migrate::syntax::{Base, Binding, Call, Entry, Key, Node, Path, Unread, Value};

/// The maximum length of a chain of names.
const MAX_STEPS: usize = 32;

/// The meaning of a value with its references resolved.
#[derive(Debug, Clone)]
pub enum Meaning<'m> {
    /// A literal.
    Value(&'m Node),
    /// A part of graphql-eslint, by its member path.
    Plugin(Vec<String>),
    /// A part of a package that has no rules for GraphQL.
    Foreign,
    /// A call.
    Call(&'m Call),
    /// An expression that is evaluated at run time.
    Unread(Unread),
    /// A value from another file or package.
    Imported {
        /// The name as written.
        name: String,
        /// The file or package.
        module: String,
    },
    /// A name that is not a constant of the file.
    Undefined(String),
}

/// A property of a table with its spreads expanded.
#[derive(Debug, Clone)]
pub struct Property<'m> {
    /// The name of the property.
    pub key: Key,
    /// The meaning of its value.
    pub meaning: Meaning<'m>,
    /// The value as written.
    pub node: &'m Node,
}

/// The result of looking up a member in an entry of a table.
enum Found<'m> {
    Meaning(Meaning<'m>),
    Nothing,
}

impl<'m> Reader<'m> {
    /// Returns the meaning of a value.
    pub fn resolve(&self, node: &'m Node) -> Meaning<'m> {
        self.follow(node, 0)
    }

    fn follow(&self, node: &'m Node, steps: usize) -> Meaning<'m> {
        match &node.value {
            Value::Path(path) => self.path(path, steps),
            Value::Call(call) => Meaning::Call(call),
            Value::Unread(unread) => Meaning::Unread(*unread),
            _ => Meaning::Value(node),
        }
    }

    fn path(&self, path: &'m Path, steps: usize) -> Meaning<'m> {
        let undefined = || Meaning::Undefined(path.to_string());
        let left = self.references.get();
        if steps == MAX_STEPS || left == 0 {
            return undefined();
        }
        self.references.set(left - 1);
        let start = match &path.base {
            Base::Module(module) => return imported(module, &[], &path.members, path),
            Base::Name(name) => self.module.bindings.get(name),
        };
        match start {
            None => undefined(),
            Some(Binding::Import(Path { base: Base::Module(module), members })) => {
                imported(module, members, &path.members, path)
            }
            Some(Binding::Import(_)) => undefined(),
            Some(Binding::Constant(node)) => {
                let mut meaning = self.follow(node, steps + 1);
                for member in &path.members {
                    meaning = self.member(meaning, member, path, steps + 1);
                }
                meaning
            }
        }
    }

    fn member(&self, of: Meaning<'m>, member: &str, path: &Path, steps: usize) -> Meaning<'m> {
        match of {
            Meaning::Plugin(mut members) => {
                members.push(member.to_owned());
                Meaning::Plugin(members)
            }
            Meaning::Value(Node { value: Value::Object(entries), .. }) => match self.find(entries, member, steps) {
                Found::Meaning(meaning) => meaning,
                Found::Nothing => Meaning::Undefined(path.to_string()),
            },
            Meaning::Imported { module, .. } => Meaning::Imported { name: path.to_string(), module },
            other @ (Meaning::Foreign | Meaning::Unread(_)) => other,
            _ => Meaning::Undefined(path.to_string()),
        }
    }

    /// Returns the property of a name; the last one wins.
    fn find(&self, entries: &'m [Entry], member: &str, steps: usize) -> Found<'m> {
        if steps == MAX_STEPS {
            return Found::Nothing;
        }
        for entry in entries.iter().rev() {
            match entry {
                Entry::Property(key, node) if key.text == member => {
                    return Found::Meaning(self.follow(node, steps + 1));
                }
                Entry::Property(..) => {}
                Entry::Unread(_, unread) => return Found::Meaning(Meaning::Unread(*unread)),
                Entry::Spread(node) => match self.follow(node, steps + 1) {
                    Meaning::Value(Node { value: Value::Object(entries), .. }) => {
                        if let Found::Meaning(meaning) = self.find(entries, member, steps + 1) {
                            return Found::Meaning(meaning);
                        }
                    }
                    Meaning::Plugin(mut members) => {
                        members.push(member.to_owned());
                        return Found::Meaning(Meaning::Plugin(members));
                    }
                    other => return Found::Meaning(other),
                },
            }
        }
        Found::Nothing
    }

    /// Returns the properties of a table without duplicates; the last one of a name wins. Notes unreadable ones.
    pub fn properties(&mut self, entries: &'m [Entry], part: &Part) -> Vec<Property<'m>> {
        let mut found = Vec::new();
        self.collect(entries, part, &mut found, 0);
        found
    }

    fn collect(&mut self, entries: &'m [Entry], part: &Part, found: &mut Vec<Property<'m>>, steps: usize) {
        let add = |property: Property<'m>, found: &mut Vec<Property<'m>>| {
            found.retain(|known| known.key.text != property.key.text);
            found.push(property);
        };
        for entry in entries {
            match entry {
                Entry::Property(key, node) => {
                    add(Property { key: key.clone(), meaning: self.resolve(node), node }, found);
                }
                Entry::Unread(range, why) => self.note(range, About::Unread { part: part.clone(), why: *why }),
                Entry::Spread(node) => match self.resolve(node) {
                    Meaning::Value(Node { value: Value::Object(entries), .. }) if steps < MAX_STEPS => {
                        self.collect(entries, part, found, steps + 1);
                    }
                    // A preset of the new system contains only rules.
                    Meaning::Plugin(mut members) if members.first().is_some_and(|first| first == "configs") => {
                        members.push("rules".to_owned());
                        let key = Key { range: node.range.clone(), text: "rules".to_owned() };
                        add(Property { key, meaning: Meaning::Plugin(members), node }, found);
                    }
                    other => self.unknown(node, &other, part),
                },
            }
        }
    }

    /// Notes a value that cannot be resolved.
    pub fn unknown(&mut self, node: &Node, meaning: &Meaning<'_>, part: &Part) {
        let part = part.clone();
        let about = match meaning {
            Meaning::Foreign => return,
            Meaning::Unread(why) => About::Unread { part, why: *why },
            Meaning::Imported { name, module } => About::Imported { part, name: name.clone(), module: module.clone() },
            Meaning::Undefined(name) => About::Undefined { part, name: name.clone() },
            Meaning::Call(call) => About::Called { part, name: call.callee.to_string() },
            Meaning::Plugin(members) => {
                let name = members.join(".");
                About::Undefined { part, name: format!("{PLUGIN} {name}") }
            }
            Meaning::Value(_) => About::Unexpected { part, expected: "another type" },
        };
        self.note(&node.range, about);
    }
}

fn imported<'m>(module: &str, first: &[String], then: &[String], path: &Path) -> Meaning<'m> {
    if module == PLUGIN {
        let members = first.iter().chain(then).filter(|member| *member != "default");
        return Meaning::Plugin(members.cloned().collect());
    }
    if is_foreign(module) {
        return Meaning::Foreign;
    }
    Meaning::Imported { name: path.to_string(), module: module.to_owned() }
}

/// Returns true for packages that are known to have no rules for GraphQL files: ESLint's own, and plugins for other
/// languages.
pub fn is_foreign(module: &str) -> bool {
    let name = module.strip_prefix('@').and_then(|rest| rest.split_once('/')).map_or(module, |(_, name)| name);
    let is_plugin = name.starts_with("eslint-plugin") || name == "parser";
    (is_plugin && module != PLUGIN)
        || module.starts_with("@eslint/")
        || module.starts_with("@typescript-eslint/")
        || ["typescript-eslint", "globals", "eslint-config-prettier", "eslint-config-prettier/flat"].contains(&module)
}
