//! Formatting settings from `.editorconfig` files, as Prettier reads them.

use super::{EndOfLine, Options, Width};
use anyhow::Context;
use ec4rs::{ConfigFile, Properties, PropertiesSource, Section};
use std::path::{Path, PathBuf};

/// An `.editorconfig`.
pub(super) struct File {
    folder: PathBuf,
    sections: Vec<Section>,
}

/// Returns the files that apply in a folder, nearest first, up to a file marked as root or the root of the repository.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for folder in folder.ancestors() {
        let path = folder.join(".editorconfig");
        let mut is_root = folder.join(".git").exists() || folder.join(".hg").is_dir();
        if path.is_file() {
            let failed = || format!("cannot read {}", path.display());
            let file = ConfigFile::open(&path).with_context(failed)?;
            is_root |= file.reader.is_root;
            let sections = file.collect::<Result<_, _>>().with_context(failed)?;
            files.push(File { folder: folder.to_path_buf(), sections });
        }
        if is_root {
            break;
        }
    }
    Ok(files)
}

/// Returns the options of a file.
pub(super) fn options(files: &[File], path: &Path) -> Options {
    let mut properties = Properties::new();
    for File { folder, sections } in files.iter().rev() {
        let relative = path.strip_prefix(folder).unwrap_or(path);
        for section in sections {
            // Applying a parsed section cannot fail.
            let _ = section.apply_to(&mut properties, relative);
        }
    }
    let value = |key: &str| properties.get_raw_for_key(key).filter_unset().into_option().map(str::to_lowercase);
    let number = |text: &Option<String>| text.as_ref()?.parse().ok().filter(|number: &usize| *number > 0);
    let (style, size, tab) = (value("indent_style"), value("indent_size"), value("tab_width"));
    let use_tabs = match (style.as_deref(), size.as_deref(), &tab) {
        (Some("space"), ..) => Some(false),
        (Some("tab"), ..) | (_, Some("tab"), None) => Some(true),
        _ => None,
    };
    let size = number(&size);
    let tab = number(&tab).or(size);
    Options {
        width: match value("max_line_length") {
            Some(text) if text == "off" => Some(Width::Unlimited),
            text => number(&text).map(Width::Columns),
        },
        tab_width: if use_tabs == Some(false) { size.or(tab) } else { tab },
        use_tabs,
        bracket_spacing: None,
        end_of_line: match value("end_of_line").as_deref() {
            Some("lf") => Some(EndOfLine::Lf),
            Some("crlf") => Some(EndOfLine::Crlf),
            Some("cr") => Some(EndOfLine::Cr),
            _ => None,
        },
    }
}
