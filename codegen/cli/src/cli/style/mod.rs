//! The formatting style of a file: from flags, Prettier's configuration and `.editorconfig`, in this order.
//!
//! Files, precedence and defaults are Prettier's, so that a project that uses both tools has one set of settings.

mod editorconfig;
mod prettier;

use crate::formatter::{LineEnding, Style};
use anyhow::Context;
use prettier::Found;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, Mutex, PoisonError};

/// The options of one source. Missing options come from the next source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    #[serde(rename = "printWidth")]
    width: Option<Width>,
    tab_width: Option<usize>,
    use_tabs: Option<bool>,
    bracket_spacing: Option<bool>,
    end_of_line: Option<EndOfLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "usize")]
enum Width {
    Columns(usize),
    Unlimited,
}

impl From<usize> for Width {
    fn from(columns: usize) -> Self {
        Self::Columns(columns)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum EndOfLine {
    Lf,
    Crlf,
    Cr,
    Auto,
}

impl Options {
    /// Returns these options, with missing ones taken from others.
    fn or(self, other: Self) -> Self {
        Self {
            width: self.width.or(other.width),
            tab_width: self.tab_width.or(other.tab_width),
            use_tabs: self.use_tabs.or(other.use_tabs),
            bracket_spacing: self.bracket_spacing.or(other.bracket_spacing),
            end_of_line: self.end_of_line.or(other.end_of_line),
        }
    }

    fn style(self) -> Style {
        let default = Style::default();
        Style {
            width: match self.width {
                None => default.width,
                Some(Width::Columns(columns)) => Some(columns),
                Some(Width::Unlimited) => None,
            },
            tab_width: self.tab_width.unwrap_or(default.tab_width),
            uses_tabs: self.use_tabs.unwrap_or(default.uses_tabs),
            has_bracket_spacing: self.bracket_spacing.unwrap_or(default.has_bracket_spacing),
            line_ending: match self.end_of_line {
                None => default.line_ending,
                Some(EndOfLine::Lf) => LineEnding::Lf,
                Some(EndOfLine::Crlf) => LineEnding::Crlf,
                Some(EndOfLine::Cr) => LineEnding::Cr,
                Some(EndOfLine::Auto) => LineEnding::Auto,
            },
        }
    }
}

/// The settings that apply in a folder.
#[derive(Default)]
struct Folder {
    prettier: Option<prettier::Config>,
    editorconfig: Vec<editorconfig::File>,
}

/// The styles of files. The settings of each folder are read once.
#[derive(Default)]
pub struct Styles {
    width: Option<usize>,
    folders: Mutex<HashMap<PathBuf, Arc<Folder>>>,
    unread: Mutex<BTreeSet<PathBuf>>,
}

impl Styles {
    /// Creates styles whose width, if given, overrides all files.
    pub fn new(width: Option<usize>) -> Self {
        Self { width, ..Self::default() }
    }

    /// Returns the style of a file, which need not exist.
    ///
    /// # Errors
    /// A Prettier configuration or an `.editorconfig` is invalid or cannot be read.
    pub fn of(&self, path: &Path) -> anyhow::Result<Style> {
        let path = absolute(path).with_context(|| format!("{} has no absolute path", path.display()))?;
        let folder = self.folder(path.parent().unwrap_or(Path::new("/")))?;
        let flags = Options { width: self.width.map(Width::Columns), ..Options::default() };
        let prettier = folder.prettier.as_ref().map(|config| config.options(&path)).unwrap_or_default();
        Ok(flags.or(prettier).or(editorconfig::options(&folder.editorconfig, &path)).style())
    }

    /// Returns warnings about configurations that were not read.
    pub fn warnings(&self) -> Vec<String> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let warning = |file: &PathBuf| {
            let file = file.display();
            format!(
                "ignored {file}, since it requires JavaScript; set `printWidth` in .prettierrc, or `max_line_length` in .editorconfig"
            )
        };
        unread.iter().map(warning).collect()
    }

    fn folder(&self, path: &Path) -> anyhow::Result<Arc<Folder>> {
        let known = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut folder = Folder { prettier: None, editorconfig: editorconfig::files(path)? };
        match prettier::find(path)? {
            Some(Found::Config(config)) => folder.prettier = Some(config),
            Some(Found::NeedsJavaScript(file)) => {
                self.unread.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
            }
            None => {}
        }
        let folder = Arc::new(folder);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_path_buf(), folder.clone());
        Ok(folder)
    }
}
