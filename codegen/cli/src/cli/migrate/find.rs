//! Finds the ESLint configuration, its format, and its version of graphql-eslint.

use super::config::{System, Version};
use super::read::PLUGIN;
use super::syntax::{Entry, Module, Node, SyntaxError, Value};
use super::{javascript, yaml};
use std::path::{Path, PathBuf};

/// The names of configuration files, in ESLint's order of precedence.
const NAMES: [&str; 14] = [
    "eslint.config.js",
    "eslint.config.mjs",
    "eslint.config.cjs",
    "eslint.config.ts",
    "eslint.config.mts",
    "eslint.config.cts",
    "eslint.config.json",
    ".eslintrc.js",
    ".eslintrc.cjs",
    ".eslintrc.yaml",
    ".eslintrc.yml",
    ".eslintrc.json",
    ".eslintrc",
    PACKAGE,
];

const PACKAGE: &str = "package.json";

/// The format of a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JavaScript or TypeScript.
    JavaScript,
    /// JSON, with comments.
    Json,
    /// YAML, a superset of JSON.
    Yaml,
    /// `eslintConfig` in `package.json`.
    Package,
}

impl Format {
    /// Returns the format for a file name.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match &*extension {
            _ if name == PACKAGE => Self::Package,
            "js" | "cjs" | "mjs" | "ts" | "cts" | "mts" => Self::JavaScript,
            "json" | "jsonc" | "json5" => Self::Json,
            _ => Self::Yaml,
        }
    }

    /// Parses a text.
    ///
    /// # Errors
    /// The text is not of this format.
    pub fn read(self, text: &str) -> Result<Module, SyntaxError> {
        match self {
            Self::JavaScript => javascript::module(text),
            Self::Json => javascript::json(text),
            // `.eslintrc` usually contains JSON with comments rather than YAML.
            Self::Yaml if text.trim_start().starts_with(['{', '/']) => javascript::json(text),
            Self::Yaml => yaml::read(text),
            Self::Package => {
                let module = javascript::json(text)?;
                let exported = module.exported.and_then(|value| property(value, "eslintConfig"));
                Ok(Module { exported, ..Module::default() })
            }
        }
    }
}

fn property(node: Node, name: &str) -> Option<Node> {
    let Value::Object(entries) = node.value else { return None };
    entries.into_iter().rev().find_map(|entry| match entry {
        Entry::Property(key, node) if key.text == name => Some(node),
        _ => None,
    })
}

/// Returns the configuration system that a file belongs to.
pub fn system(path: &Path) -> System {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with("eslint.config.") { System::Flat } else { System::Legacy }
}

/// Returns the configuration of a folder or of the nearest folder above.
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(in_folder)
}

/// Returns the configuration file of a folder.
pub fn in_folder(folder: &Path) -> Option<PathBuf> {
    let is_one = |path: &PathBuf| {
        path.is_file() && (!path.ends_with(PACKAGE) || text(path).is_some_and(|text| has_configuration(&text)))
    };
    NAMES.iter().map(|name| folder.join(name)).find(is_one)
}

fn has_configuration(package: &str) -> bool {
    Format::Package.read(package).is_ok_and(|module| module.exported.is_some())
}

fn text(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// Returns the version of graphql-eslint in a folder: the installed one, or else the one in `package.json`.
pub fn version(folder: &Path, system: System) -> Version {
    let usual = match system {
        System::Flat => Version::Four,
        System::Legacy => Version::Three,
    };
    folder.ancestors().find_map(|folder| installed(folder).or_else(|| wanted(folder))).unwrap_or(usual)
}

fn installed(folder: &Path) -> Option<Version> {
    let package = json(&folder.join("node_modules").join(PLUGIN).join(PACKAGE))?;
    of_number(package.get("version")?.as_str()?)
}

fn wanted(folder: &Path) -> Option<Version> {
    let package = json(&folder.join(PACKAGE))?;
    let groups = ["dependencies", "devDependencies", "peerDependencies"];
    groups.iter().find_map(|group| of_number(package.get(group)?.get(PLUGIN)?.as_str()?))
}

fn json(path: &Path) -> Option<serde_json::Value> {
    serde_json::from_str(&text(path)?).ok()
}

/// Returns the major version of a version or version range.
fn of_number(version: &str) -> Option<Version> {
    let digits = version.trim_start_matches(|next: char| !next.is_ascii_digit());
    let number: u32 = digits.split(|next: char| !next.is_ascii_digit()).next()?.parse().ok()?;
    Some(if number < 4 { Version::Three } else { Version::Four })
}
