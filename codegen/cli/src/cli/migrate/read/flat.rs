//! Reads `eslint.config.*`: a list of configurations, each for some files.

use super::Reader;
use super::blocks::Scope;
use super::resolve::{Meaning, Property};
use super::rules::Rules;
use crate::cli::migrate::config::{Files, Located};
use crate::cli::migrate::note::{About, BadGlob, Part};
use crate::cli::migrate::syntax::{Base, Binding, Call, CallKind, Item, MAX_DEPTH, Node, Path, Value};
use crate::lint::rule::Level;

/// The packages whose functions create configurations.
const MAKERS: [&str; 4] = ["eslint/config", "@eslint/config-helpers", "typescript-eslint", "@eslint/eslintrc"];

impl<'m> Reader<'m> {
    /// Reads the list.
    pub fn flat(&mut self, exported: &'m Node) {
        // ESLint reports unused suppression comments by default.
        self.config.unused_directives = Some(Level::Warn);
        self.find_prefixes(exported, 0);
        self.configs(exported, &Scope::all(), 0);
    }

    /// Finds the names under which the plugin is registered. They apply to all blocks, including earlier ones.
    fn find_prefixes(&mut self, node: &'m Node, depth: usize) {
        if depth == MAX_DEPTH {
            return;
        }
        match self.resolve(node) {
            Meaning::Value(Node { value: Value::Array(items), .. }) => {
                for item in items {
                    let (Item::Value(node) | Item::Spread(node)) = item;
                    self.find_prefixes(node, depth + 1);
                }
            }
            Meaning::Call(call) => {
                for item in &call.arguments {
                    let (Item::Value(node) | Item::Spread(node)) = item;
                    self.find_prefixes(node, depth + 1);
                }
            }
            Meaning::Value(Node { value: Value::Object(entries), .. }) => {
                // Unreadable values are noted when the blocks are read.
                let known = self.notes.len();
                let properties = self.properties(entries, &Part::Config);
                let plugins = properties.iter().find(|property| property.key.text == "plugins");
                for property in plugins.and_then(|plugins| self.table_of(plugins)).unwrap_or_default() {
                    if matches!(&property.meaning, Meaning::Plugin(members) if members.is_empty()) {
                        self.uses_plugin = true;
                        if !self.prefixes.contains(&property.key.text) {
                            let at = self.span(&property.key.range);
                            self.config.renamed = Some(Located { at, value: property.key.text.clone() });
                        }
                        self.prefixes.insert(property.key.text);
                    }
                }
                self.notes.truncate(known);
            }
            _ => {}
        }
    }

    /// Reads an element of the list: a configuration, a list, a preset, or a call that returns one of these.
    fn configs(&mut self, node: &'m Node, scope: &Scope, depth: usize) {
        if depth == MAX_DEPTH {
            return;
        }
        let meaning = self.resolve(node);
        match &meaning {
            Meaning::Value(found) => match &found.value {
                Value::Array(items) => self.all(items, scope, depth + 1),
                Value::Object(_) => self.config(found, scope, depth + 1),
                Value::Null | Value::Bool(false) => {}
                _ => self.unexpected(node, &Part::Config, "a table or a list of tables"),
            },
            Meaning::Plugin(members) => match members.as_slice() {
                [configs, name] if configs == "configs" => {
                    let at = self.span(&node.range);
                    let own = self.preset(name, at);
                    self.block(at, scope, Rules { own, others: Vec::new() });
                }
                _ => self.unknown(node, &meaning, &Part::Config),
            },
            Meaning::Call(call) => self.call(node, call, scope, depth + 1),
            other => self.unknown(node, other, &Part::Config),
        }
    }

    fn all(&mut self, items: &'m [Item], scope: &Scope, depth: usize) {
        for item in items {
            let (Item::Value(node) | Item::Spread(node)) = item;
            self.configs(node, scope, depth);
        }
    }

    fn call(&mut self, node: &'m Node, call: &'m Call, scope: &Scope, depth: usize) {
        let members: Vec<&str> = call.callee.members.iter().map(String::as_str).collect();
        match (self.origin(call), members.as_slice()) {
            (Some(Origin::Maker), ["config"]) => self.all(&call.arguments, scope, depth),
            (Some(Origin::Imported(name)), []) if name == "defineConfig" => self.all(&call.arguments, scope, depth),
            (Some(Origin::Imported(name)), []) if name == "globalIgnores" => {
                if let Some(Item::Value(patterns)) = call.arguments.first() {
                    let ignores = self.globs(patterns, "ignores");
                    self.config.ignores.extend(ignores);
                }
            }
            // A configuration of the old system, wrapped for the new one.
            (Some(Origin::Compat), ["extends"]) => {
                for item in &call.arguments {
                    let (Item::Value(node) | Item::Spread(node)) = item;
                    self.legacy_extends(node, scope);
                }
            }
            (Some(Origin::Compat), ["config"]) => {
                for item in &call.arguments {
                    let (Item::Value(node) | Item::Spread(node)) = item;
                    self.legacy_config(node, scope);
                }
            }
            (Some(Origin::Compat), ["plugins" | "env"]) => {}
            _ => self.unknown(node, &Meaning::Call(call), &Part::Config),
        }
    }

    /// Returns the origin of a function, if it is known.
    fn origin(&self, call: &Call) -> Option<Origin> {
        let name = match &call.callee.base {
            Base::Name(name) => name,
            Base::Module(module) => return MAKERS.contains(&&**module).then_some(Origin::Maker),
        };
        match self.module.bindings.get(name)? {
            Binding::Import(path) => from_module(path),
            Binding::Constant(Node { value: Value::Path(path), .. }) => from_module(path),
            Binding::Constant(Node { value: Value::Call(made), .. }) => {
                let is_compat = made.kind == CallKind::Constructor && made.callee.to_string().ends_with("FlatCompat");
                is_compat.then_some(Origin::Compat)
            }
            Binding::Constant(_) => None,
        }
    }

    /// Reads one configuration.
    fn config(&mut self, object: &'m Node, outer: &Scope, depth: usize) {
        let Value::Object(entries) = &object.value else { return };
        let properties = self.properties(entries, &Part::Config);
        let is_ignores_alone = properties.iter().all(|one| matches!(&*one.key.text, "ignores" | "name"));
        let find = |name: &str| properties.iter().find(|property| property.key.text == name).cloned();
        let mut scope = outer.clone();
        if let Some(ignores) = find("ignores") {
            let globs = self.globs(ignores.node, "ignores");
            if is_ignores_alone {
                self.config.ignores.extend(globs);
                return;
            }
            scope.ignores.extend(globs);
        }
        if let Some(files) = find("files") {
            let unread = self.notes.len();
            let globs = self.globs(files.node, "files");
            if globs.is_empty() && self.notes.len() > unread {
                // The files of the rest are unknown.
                return;
            }
            if matches!(outer.files, Files::Matching(_)) {
                let glob = "files".to_owned();
                let why = BadGlob::Conjunction;
                self.note(&files.key.range, About::Glob { glob, why });
                return;
            }
            scope.files = Files::Matching(globs);
        }
        if let Some(processor) = find("processor") {
            self.processor(&processor, &scope);
        }
        if !scope.may_have_graphql() {
            return;
        }
        self.options(&properties);
        if let Some(extends) = find("extends") {
            self.extends(extends.node, &scope, depth);
        }
        if let Some(rules) = find("rules") {
            let at = self.span(&object.range);
            let found = self.rules(rules.node, &rules.meaning);
            self.block(at, &scope, found);
        }
    }

    fn options(&mut self, properties: &[Property<'m>]) {
        for property in properties {
            match &*property.key.text {
                "languageOptions" => {
                    let Some(options) = self.table_of(property) else { continue };
                    if let Some(parser) = options.iter().find(|option| option.key.text == "parser") {
                        self.uses_plugin |= matches!(parser.meaning, Meaning::Plugin(_));
                    }
                    for option in options.iter().filter(|option| option.key.text == "parserOptions") {
                        self.parser_options(option);
                    }
                }
                "linterOptions" => {
                    for option in self.table_of(property).unwrap_or_default() {
                        match &*option.key.text {
                            "reportUnusedDisableDirectives" => self.unused_directives(&option),
                            name => self.note(&option.key.range, About::NoSetting(format!("linterOptions.{name}"))),
                        }
                    }
                }
                name @ ("basePath" | "language") => {
                    self.note(&property.key.range, About::NoSetting(name.to_owned()));
                }
                _ => {}
            }
        }
    }

    /// Reads `extends` of a configuration: preset names and configurations.
    fn extends(&mut self, node: &'m Node, scope: &Scope, depth: usize) {
        let part = Part::Property("extends".to_owned());
        match self.resolve(node) {
            Meaning::Value(Node { value: Value::Array(items), .. }) if depth < MAX_DEPTH => {
                for item in items {
                    let (Item::Value(node) | Item::Spread(node)) = item;
                    self.extends(node, scope, depth + 1);
                }
            }
            Meaning::Value(found @ Node { value: Value::String(name), .. }) => {
                let own = name.split_once('/').and_then(|(first, rest)| match rest.split_once('/') {
                    // `@scope/preset`, `@scope/flat/preset`, `prefix/preset`
                    _ if self.prefixes.contains(first) => Some(rest),
                    Some((second, rest)) if self.prefixes.contains(&format!("{first}/{second}")) => Some(rest),
                    _ => None,
                });
                let at = self.span(&node.range);
                match own {
                    Some(preset) => {
                        let own = self.preset(preset, at);
                        self.block(at, scope, Rules { own, others: Vec::new() });
                    }
                    None => self.note(&found.range, About::SharedConfig(name.clone())),
                }
            }
            Meaning::Value(Node { value: Value::Object(_), .. }) | Meaning::Plugin(_) | Meaning::Call(_) => {
                self.configs(node, scope, depth);
            }
            other => self.unknown(node, &other, &part),
        }
    }
}

/// The origin of a function.
enum Origin {
    /// A member of a package that creates configurations.
    Maker,
    /// A name imported from such a package.
    Imported(String),
    /// A compatibility wrapper for the old system.
    Compat,
}

fn from_module(path: &Path) -> Option<Origin> {
    let Base::Module(module) = &path.base else { return None };
    if !MAKERS.contains(&&**module) {
        return None;
    }
    Some(match path.members.as_slice() {
        [name] => Origin::Imported(name.clone()),
        _ => Origin::Maker,
    })
}
