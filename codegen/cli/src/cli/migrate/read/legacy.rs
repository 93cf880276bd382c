//! Reads `.eslintrc*` and `eslintConfig`: one table with `extends`, `rules` and `overrides`.

use super::blocks::Scope;
use super::resolve::{Meaning, is_foreign};
use super::rules::Rules;
use super::{PREFIX, Reader};
use crate::cli::migrate::config::{Cascade, Files, Located};
use crate::cli::migrate::note::{About, BadGlob, Part};
use crate::cli::migrate::syntax::{Entry, Item, Node, Value};

/// Popular shared configurations that have no rules for GraphQL.
const OTHERS: [&str; 6] = ["airbnb", "google", "next", "prettier", "react-app", "standard"];

impl<'m> Reader<'m> {
    /// Reads a configuration file.
    pub fn legacy_root(&mut self, exported: &'m Node) {
        let is_root = match self.resolve(exported) {
            Meaning::Value(Node { value: Value::Object(entries), .. }) => {
                let root = entries.iter().find_map(|entry| match entry {
                    Entry::Property(key, node) if key.text == "root" => Some(&node.value),
                    _ => None,
                });
                root == Some(&Value::Bool(true))
            }
            _ => false,
        };
        self.config.cascade = if is_root { Cascade::Ends } else { Cascade::GoesOn };
        self.legacy_config(exported, &Scope::all());
    }

    /// Reads a table: its base configurations, rules and overrides, in the order in which they apply.
    pub fn legacy_config(&mut self, node: &'m Node, scope: &Scope) {
        let meaning = self.resolve(node);
        let Meaning::Value(object @ Node { value: Value::Object(entries), .. }) = &meaning else {
            return self.unknown(node, &meaning, &Part::Config);
        };
        let properties = self.properties(entries, &Part::Config);
        let find = |name: &str| properties.iter().find(|property| property.key.text == name).cloned();
        if let Some(Meaning::Value(Node { value: Value::String(name), .. })) =
            find("parser").map(|parser| parser.meaning)
        {
            self.uses_plugin |= name.contains(PREFIX);
        }
        if let Some(processor) = find("processor") {
            self.processor(&processor, scope);
        }
        if !scope.may_have_graphql() {
            return;
        }
        if let Some(extends) = find("extends") {
            self.legacy_extends(extends.node, scope);
        }
        if let Some(options) = find("parserOptions") {
            self.parser_options(&options);
        }
        if let Some(property) = find("reportUnusedDisableDirectives") {
            self.unused_directives(&property);
        }
        if let Some(property) = find("noInlineConfig") {
            self.note(&property.key.range, About::NoSetting("noInlineConfig".to_owned()));
        }
        if let Some(rules) = find("rules") {
            let at = self.span(&object.range);
            let found = self.rules(rules.node, &rules.meaning);
            self.block(at, scope, found);
        }
        if let Some(ignores) = find("ignorePatterns") {
            let patterns = self.globs(ignores.node, "ignorePatterns");
            self.config.ignores.extend(in_all_folders(patterns));
        }
        if let Some(overrides) = find("overrides") {
            self.overrides(overrides.node, &overrides.meaning, scope);
        }
    }

    fn overrides(&mut self, node: &'m Node, meaning: &Meaning<'m>, scope: &Scope) {
        let part = Part::Property("overrides".to_owned());
        let Meaning::Value(Node { value: Value::Array(items), .. }) = meaning else {
            return self.unknown(node, meaning, &part);
        };
        for item in items {
            match item {
                Item::Value(node) => self.one_override(node, scope),
                Item::Spread(node) => match self.resolve(node) {
                    Meaning::Value(Node { value: Value::Array(items), .. }) => {
                        for item in items {
                            let (Item::Value(node) | Item::Spread(node)) = item;
                            self.one_override(node, scope);
                        }
                    }
                    other => self.unknown(node, &other, &part),
                },
            }
        }
    }

    fn one_override(&mut self, node: &'m Node, outer: &Scope) {
        let part = Part::Property("overrides".to_owned());
        let meaning = self.resolve(node);
        let Meaning::Value(Node { value: Value::Object(entries), .. }) = &meaning else {
            return self.unknown(node, &meaning, &part);
        };
        let properties = self.properties(entries, &part);
        let find = |name: &str| properties.iter().find(|property| property.key.text == name).cloned();
        let Some(files) = find("files") else { return self.unexpected(node, &part, "`files`") };
        if matches!(outer.files, Files::Matching(_)) {
            let about = About::Glob { glob: "files".to_owned(), why: BadGlob::Conjunction };
            return self.note(&files.key.range, about);
        }
        let globs = in_all_folders(self.globs(files.node, "files"));
        let mut scope = Scope { files: Files::Matching(globs), ignores: Vec::new() };
        if let Some(excluded) = find("excludedFiles") {
            scope.ignores = in_all_folders(self.globs(excluded.node, "excludedFiles"));
        }
        self.legacy_config(node, &scope);
    }

    /// Reads the names of shared configurations.
    pub fn legacy_extends(&mut self, node: &'m Node, scope: &Scope) {
        let part = Part::Property("extends".to_owned());
        for name in self.strings(node, &part) {
            if let Some(preset) = name.value.strip_prefix("plugin:@graphql-eslint/") {
                let own = self.preset(preset, name.at);
                self.block(name.at, scope, Rules { own, others: Vec::new() });
            } else if !is_other(&name.value) {
                self.note(&name.at.range(), About::SharedConfig(name.value));
            }
        }
    }
}

/// Extends patterns: in the old system, a pattern without a slash matches names in all folders.
fn in_all_folders(mut globs: Vec<Located<String>>) -> Vec<Located<String>> {
    for Located { value: glob, .. } in &mut globs {
        if !glob.trim_end_matches('/').contains('/') {
            let (not, name) = glob.strip_prefix('!').map_or(("", &**glob), |name| ("!", name));
            *glob = format!("{not}**/{name}");
        }
    }
    globs
}

/// Returns true for shared configurations that are known to have no rules for GraphQL.
fn is_other(name: &str) -> bool {
    let package = name.split('/').next().unwrap_or_default();
    let plain = package.strip_prefix("eslint-config-").unwrap_or(package);
    name.starts_with("plugin:")
        || name.starts_with("eslint:")
        || is_foreign(name)
        || OTHERS
            .iter()
            .any(|other| plain == *other || plain.strip_prefix(other).is_some_and(|rest| rest.starts_with('-')))
}
