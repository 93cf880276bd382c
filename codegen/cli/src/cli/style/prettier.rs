//! Prettier's configuration: the nearest one above a file, with its overrides.

use super::Options;
use anyhow::{Context, bail};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The file names of configurations, in Prettier's order of precedence.
const NAMES: [&str; 20] = [
    "package.json",
    "package.yaml",
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.yml",
    ".prettierrc.yaml",
    ".prettierrc.json5",
    ".prettierrc.js",
    "prettier.config.js",
    ".prettierrc.ts",
    "prettier.config.ts",
    ".prettierrc.mjs",
    "prettier.config.mjs",
    ".prettierrc.mts",
    "prettier.config.mts",
    ".prettierrc.cjs",
    "prettier.config.cjs",
    ".prettierrc.cts",
    "prettier.config.cts",
    ".prettierrc.toml",
];

/// The result of the search above a file.
#[derive(Debug)]
pub(super) enum Found {
    /// A configuration.
    Config(Config),
    /// A file that is a program, or that names a package.
    NeedsJavaScript(PathBuf),
}

/// A configuration with its overrides.
#[derive(Debug)]
pub(super) struct Config {
    folder: PathBuf,
    options: Options,
    overrides: Vec<Override>,
}

#[derive(Debug)]
struct Override {
    files: GlobSet,
    excluded: GlobSet,
    options: Options,
}

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    #[serde(flatten)]
    options: Options,
    overrides: Vec<WrittenOverride>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenOverride {
    files: Patterns,
    #[serde(default)]
    exclude_files: Patterns,
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Patterns {
    One(String),
    Several(Vec<String>),
}

impl Default for Patterns {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

/// Finds the nearest configuration at or above a folder.
pub(super) fn find(folder: &Path) -> anyhow::Result<Option<Found>> {
    for folder in folder.ancestors() {
        for name in NAMES {
            let path = folder.join(name);
            if path.is_file()
                && let Some(found) = read(folder, &path).with_context(|| format!("cannot read {}", path.display()))?
            {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// Reads a configuration; `None` for a package manifest without one.
fn read(folder: &Path, path: &Path) -> anyhow::Result<Option<Found>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_manifest = name.starts_with("package.");
    let ending = name.strip_prefix(".prettierrc").unwrap_or(&name).rsplit_once('.').map(|(_, ending)| ending);
    let text = || std::fs::read_to_string(path);
    let value: Value = match ending {
        // An invalid manifest is left for npm to report.
        Some("json") if is_manifest => serde_json::from_str(&text()?).unwrap_or_default(),
        Some("yaml") if is_manifest => serde_norway::from_str(&text()?).unwrap_or_default(),
        Some("json") => serde_json::from_str(&text()?)?,
        Some("toml") => toml::from_str(&text()?)?,
        // YAML is a superset of JSON and of nearly all of JSON5.
        None | Some("yaml" | "yml" | "json5") => serde_norway::from_str(&text()?)?,
        Some(_) => return Ok(Some(Found::NeedsJavaScript(path.to_path_buf()))),
    };
    let value = match (is_manifest, value) {
        (true, mut manifest) => match manifest.get_mut("prettier").map(Value::take) {
            Some(value) if !value.is_null() => value,
            _ => return Ok(None),
        },
        (false, value) => value,
    };
    let written: Written = match value {
        Value::Null => Written::default(),
        // An npm package.
        Value::String(_) => return Ok(Some(Found::NeedsJavaScript(path.to_path_buf()))),
        value if value.is_object() => serde_json::from_value(value)?,
        _ => bail!("expected options and their values"),
    };
    let overrides = written.overrides.into_iter().map(|written| {
        let (files, excluded) = (globs(written.files)?, globs(written.exclude_files)?);
        Ok(Override { files, excluded, options: written.options })
    });
    let overrides = overrides.collect::<anyhow::Result<_>>()?;
    Ok(Some(Found::Config(Config { folder: folder.to_path_buf(), options: written.options, overrides })))
}

/// Compiles globs. A pattern without a slash matches file names in any folder.
fn globs(patterns: Patterns) -> anyhow::Result<GlobSet> {
    let patterns = match patterns {
        Patterns::One(pattern) => vec![pattern],
        Patterns::Several(patterns) => patterns,
    };
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.strip_prefix("./").unwrap_or(&pattern);
        let anywhere = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
        set.add(GlobBuilder::new(&anywhere).literal_separator(true).build()?);
    }
    Ok(set.build()?)
}

impl Config {
    /// Returns the options of a file; later overrides win.
    pub(super) fn options(&self, path: &Path) -> Options {
        let path = path.strip_prefix(&self.folder).unwrap_or(path);
        let matching = self.overrides.iter().filter(|one| one.files.is_match(path) && !one.excluded.is_match(path));
        matching.fold(self.options.clone(), |options, one| one.options.clone().or(options))
    }
}
