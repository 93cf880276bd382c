//! The formatter beside Prettier: the same texts in the same style, byte by byte.

use crate::lint_bench::collect;
use crate::random::Dice;
use anyhow::{Context, Result, bail};
use graphwright_cli::formatter::{self, Style};
use graphwright_codegen::internal::query::syntax_of;
use graphwright_codegen::source::Sources;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reads texts and options, and writes Prettier's result for each text, or null.
const SCRIPT: &str = "import fs from 'node:fs';
import * as prettier from 'prettier';
const { texts, options } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const results = [];
for (const text of texts) {
  results.push(await prettier.format(text, { ...options, parser: 'graphql' }).catch(() => null));
}
fs.writeFileSync(process.argv[3], JSON.stringify(results));
";

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Compared {
    /// Texts that both format alike.
    pub same: usize,
    /// Texts that both format, each in its own way, for a known reason.
    pub explained: BTreeMap<&'static str, Vec<String>>,
    /// Texts that both format differently, without a known reason.
    pub different: Vec<Difference>,
    /// Texts that one of the two, or both, do not format, by program.
    pub refused: BTreeMap<&'static str, Vec<String>>,
    /// Results of Prettier that ours changes.
    pub theirs_changed: Vec<String>,
    /// Our results that Prettier changes, except those in `explained`.
    pub ours_changed: Vec<String>,
}

/// A text that is formatted in two ways.
#[derive(Debug)]
pub struct Difference {
    /// The location of the text.
    pub name: String,
    /// Prettier's result.
    pub theirs: String,
    /// Our result.
    pub ours: String,
}

/// Returns all texts of folders: files of GraphQL, and strings in files of JSON that are GraphQL.
///
/// # Errors
/// A file cannot be read.
pub fn texts(folders: &[PathBuf]) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for folder in folders {
        let mut files = Vec::new();
        collect(folder, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if matches!(ending, "graphql" | "gql" | "graphqls") {
                let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
                texts.push((name, text));
            } else if ending == "json" {
                let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
                if let Ok(value) = serde_json::from_str(&text) {
                    strings(&name, &value, &mut texts);
                }
            }
        }
    }
    Ok(texts)
}

/// The strings in JSON that look like GraphQL and parse.
fn strings(name: &str, value: &Value, texts: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if text.contains(['{', '@']) && text.contains(char::is_whitespace) && parses(text) => {
            texts.push((format!("{name}#{}", texts.len()), text.clone()));
        }
        Value::Array(items) => items.iter().for_each(|item| strings(name, item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| strings(name, field, texts)),
        _ => {}
    }
}

fn parses(text: &str) -> bool {
    let mut sources = Sources::default();
    let id = sources.add("text", text);
    syntax_of(&sources, id).is_empty()
}

/// Compares both on texts; `prettier` is a folder in which npm has installed it.
///
/// # Errors
/// Prettier does not run.
pub fn compare(texts: &[(String, String)], style: &Style, prettier: &Path) -> Result<Compared> {
    let mut compared = Compared::default();
    let theirs = run_prettier(prettier, texts.iter().map(|(_, text)| text.as_str()), style)?;
    let mut both = Vec::new();
    for ((name, text), theirs) in texts.iter().zip(theirs) {
        let ours = if parses(text) { formatter::format(text, style) } else { None };
        match (theirs, ours) {
            (Some(theirs), Some(ours)) => both.push((name, text, theirs, ours)),
            (None, Some(_)) => compared.refused.entry("Prettier").or_default().push(name.clone()),
            (Some(_), None) => compared.refused.entry("graphwright").or_default().push(name.clone()),
            (None, None) => compared.refused.entry("both").or_default().push(name.clone()),
        }
    }
    // A text that both format alike is Prettier's own result.
    let differing = || both.iter().filter(|(_, _, theirs, ours)| theirs != ours);
    let mut again = run_prettier(prettier, differing().map(|(_, _, theirs, _)| theirs.as_str()), style)?.into_iter();
    let of_ours = run_prettier(prettier, both.iter().map(|(.., ours)| ours.as_str()), style)?;
    for ((name, text, theirs, ours), of_ours) in both.into_iter().zip(of_ours) {
        if formatter::content(text) != formatter::content(&ours) {
            bail!("{name}: tokens or comments are lost");
        }
        if formatter::format(&ours, style).as_ref() != Some(&ours) {
            bail!("{name}: a second run changes the result of the first one");
        }
        if theirs == ours {
            // If Prettier changes its own result, there is no common result.
            compared.same += usize::from(of_ours.as_ref() == Some(&ours));
            if of_ours.as_ref() != Some(&ours) {
                compared.explained.entry(UNSTABLE).or_default().push(name.clone());
            }
            continue;
        }
        let again = again.next().flatten();
        let reason = reason(text, &theirs, again.as_deref(), &ours);
        if again.as_ref() == Some(&theirs) && formatter::format(&theirs, style).as_ref() != Some(&theirs) {
            compared.theirs_changed.push(name.clone());
        }
        if of_ours.as_ref() != Some(&ours) && reason.is_none() {
            compared.ours_changed.push(name.clone());
        }
        match reason {
            Some(reason) => compared.explained.entry(reason).or_default().push(name.clone()),
            None => compared.different.push(Difference { name: name.clone(), theirs, ours }),
        }
    }
    Ok(compared)
}

/// Texts like that have no style yet.
const UNSTABLE: &str = "Prettier changes its own result, or refuses it";

/// Returns the reason of a difference, if it is intended.
fn reason(text: &str, theirs: &str, again: Option<&str>, ours: &str) -> Option<&'static str> {
    if again != Some(theirs) {
        return Some(UNSTABLE);
    }
    // Lines are the same, but for those in which we keep an escape.
    let mut lines = theirs.lines().zip(ours.lines());
    let has_escapes = theirs.lines().count() == ours.lines().count()
        && lines.all(|(theirs, ours)| theirs == ours || (ours.contains('\\') && decoded(ours) == decoded(theirs)));
    if has_escapes {
        return Some("Prettier writes the characters of escapes in strings");
    }
    let of_text = formatter::content(text);
    if formatter::content(theirs) == of_text {
        return None;
    }
    let comments = |text: &str| text.matches("#").count();
    if comments(theirs) == comments(text) && meaningful(theirs) == meaningful(text) {
        return Some("Prettier changes white space in the value of a block string");
    }
    theirs.lines().any(|line| line.matches("# ").count() > 1).then_some("Prettier writes two comments as one")
}

/// Returns a text without white space and other characters without meaning.
fn meaningful(text: &str) -> String {
    text.chars().filter(|next| !next.is_whitespace() && !",|&".contains(*next)).collect()
}

/// Returns a line with its escapes as characters.
fn decoded(line: &str) -> String {
    let mut units = Vec::new();
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        let decoded = match next {
            '\\' => match rest.next() {
                Some('u') => {
                    let digits: String = rest.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).unwrap_or_default());
                    continue;
                }
                Some('t') => '\t',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                other => other.unwrap_or('\\'),
            },
            other => other,
        };
        units.extend(decoded.encode_utf16(&mut [0; 2]).iter());
    }
    String::from_utf16_lossy(&units)
}

fn run_prettier<'a>(folder: &Path, texts: impl Iterator<Item = &'a str>, style: &Style) -> Result<Vec<Option<String>>> {
    let options = json!({
        "printWidth": style.width,
        "tabWidth": style.tab_width,
        "useTabs": style.uses_tabs,
        "bracketSpacing": style.has_bracket_spacing,
    });
    let texts: Vec<&str> = texts.collect();
    fs::write(folder.join("input.json"), json!({ "texts": texts, "options": options }).to_string())?;
    fs::write(folder.join("run.mjs"), SCRIPT)?;
    let arguments = ["run.mjs", "input.json", "output.json"];
    if !Command::new("node").args(arguments).current_dir(folder).status().context("cannot run node")?.success() {
        bail!("Prettier does not run");
    }
    let results = fs::read_to_string(folder.join("output.json"))?;
    Ok(serde_json::from_str(&results)?)
}

/// Returns the same texts with comments, empty lines and commas at random places between tokens.
pub fn disturbed(texts: &[(String, String)], seed: u64) -> Vec<(String, String)> {
    const MOST: usize = 4_000;
    let mut random = Dice(seed);
    let short = texts.iter().filter(|(_, text)| text.len() < MOST);
    short.map(|(name, text)| (name.clone(), disturb(text, &mut random))).collect()
}

fn disturb(text: &str, random: &mut Dice) -> String {
    let mut new = String::new();
    let mut rest = text;
    let mut comments = 0;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' if rest.starts_with("\"\"\"") => {
                rest[3..].replace("\\\"\"\"", "????").find("\"\"\"").map_or(rest.len(), |end| end + 6)
            }
            '"' => rest[1..].replace("\\\\", "??").replace("\\\"", "??").find('"').map_or(rest.len(), |end| end + 2),
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '.' => 3.min(rest.len()),
            other => other.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        new.push_str(token);
        rest = behind;
        if (next.is_whitespace() || "{}()[]:=|&!,".contains(next)) && random.below(12) == 0 {
            comments += 1;
            match random.below(5) {
                0 => new.push('\n'),
                1 => new.push_str("\n\n"),
                2 => new.push_str(&format!(" # {comments}\n")),
                3 => new.push_str(&format!("\n# {comments}\n")),
                _ => new.push_str(" ,\t"),
            }
        }
    }
    new
}
