//! `migrate eslint` beside ESLint itself: configurations as projects have them, run by ESLint with graphql-eslint, and run here after
//! they were migrated.
//!
//! For each GraphQL file, the same rules have to hold at the same levels, and find the same on the same lines. Rules of the
//! specification, which run here always, are compared where ESLint runs them.

use crate::lint_peer::{Finding, Reasons, Texts};
use anyhow::{Context, Result, ensure};
use graphwright_cli::lint::rule::Category;
use graphwright_cli::lint::rules;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const JUDGE: &str = include_str!("judge.cjs");

/// Rules of version 3 that have other names since.
const OLD_NAMES: [(&str, &str); 2] = [
    ("no-case-insensitive-enum-values-duplicates", "unique-enum-value-names"),
    ("require-id-when-available", "require-selections"),
];

/// The paths of the linters.
#[derive(Debug)]
pub struct Tools {
    /// The folder with the packages of ESLint 9 and graphql-eslint 4.
    pub flat: PathBuf,
    /// The folder with the packages of ESLint 8 and graphql-eslint 3.
    pub legacy: PathBuf,
    /// Our binary.
    pub ours: PathBuf,
}

/// The result of one configuration.
#[derive(Debug, Default)]
pub struct Compared {
    /// The number of compared files.
    pub files: usize,
    /// The number of rules with the same level, summed over all files.
    pub rules: usize,
    /// The number of common findings.
    pub findings: usize,
    /// The number of findings of only one side with a reason.
    pub explained: usize,
    /// Files on which a rule of the peer ends with an exception.
    pub exceptions: Vec<String>,
    /// The other differences.
    pub differences: Vec<String>,
    /// The report of `migrate`.
    pub notes: String,
}

#[derive(Deserialize)]
struct Answer {
    ignored: bool,
    rules: BTreeMap<String, String>,
    findings: Vec<Found>,
    exception: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    line: usize,
    rule: String,
    level: String,
    message: String,
}

/// Returns the names of all configurations.
///
/// # Errors
/// Their folder cannot be read.
pub fn cases() -> Result<Vec<String>> {
    let entries = fs::read_dir(folder().join("cases"))?;
    let mut names: Vec<String> =
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

/// Returns the ESLint configurations of all cases: their names and texts.
///
/// # Errors
/// A file cannot be read.
pub fn configurations() -> Result<Vec<(String, String)>> {
    let all = read_all(&folder().join("cases"))?;
    let named = all.into_iter().map(|(path, text)| (path.rsplit('/').next().unwrap_or_default().to_owned(), text));
    Ok(named.filter(|(name, _)| name.contains("eslint") || name == "package.json").collect())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrate_peer")
}

/// Compares the two on a configuration, in a folder that is replaced: on the files of the own project, or on those of a
/// client, whose documents are copied to its `src`.
///
/// # Errors
/// A file cannot be read or written, or one of the two does not run.
pub fn compare(case: &str, client: Option<&Path>, at: &Path, tools: &Tools) -> Result<Compared> {
    if at.exists() {
        fs::remove_dir_all(at)?;
    }
    let texts = match client {
        None => own_project()?,
        Some(client) => project_of(client)?,
    };
    for (name, text) in texts.schema.iter().chain(&texts.documents) {
        write(&at.join(name), text)?;
    }
    let config = folder().join("cases").join(case);
    copy(&config, at)?;
    // Reports for programs name files from the repository's folder.
    fs::create_dir_all(at.join(".git"))?;
    let is_flat = !case.starts_with("legacy");
    let packages = if is_flat { &tools.flat } else { &tools.legacy };
    let eslint_folder = if case == "monorepo" { at.join("packages/web") } else { at.to_path_buf() };
    let files = files_below(&eslint_folder, &texts, at);
    let theirs = judge(&eslint_folder, packages, is_flat, &files)?;
    let notes = migrate(&eslint_folder, tools)?;
    let mut compared = Compared { files: files.len(), notes, ..Compared::default() };
    let ours = ours(at, tools)?;
    let exceptions: BTreeSet<(String, String)> = BTreeSet::new();
    let reasons = Reasons::new(&texts, &exceptions)?;
    for (file, answer) in &theirs {
        // `migrate` has to say which files are not a part of the project.
        if notes_name(&compared.notes, file) {
            continue;
        }
        let path = eslint_folder.join(file);
        let name = path.strip_prefix(at)?.to_string_lossy().replace('\\', "/");
        if let Some(exception) = &answer.exception {
            compared.exceptions.push(format!("{name}: {exception}"));
            continue;
        }
        let notes = compared.notes.clone();
        let is_left_out = |rule: &str| notes.lines().any(|line| line.contains(rule) && line.contains("not taken over"));
        compare_rules(&name, answer, &settings(at, &name, tools)?, is_left_out, &mut compared);
        compare_findings(&name, answer, ours.get(&name), &reasons, &mut compared);
    }
    Ok(compared)
}

fn notes_name(notes: &str, file: &str) -> bool {
    notes.lines().any(|line| line.contains("`documents` does not contain") && line.contains(file))
}

fn our_name(theirs: &str) -> Option<&'static str> {
    let name = OLD_NAMES.iter().find(|(old, _)| *old == theirs).map_or(theirs, |(_, new)| new);
    rules::find(name).map(|entry| entry.meta.name)
}

/// Returns true for rules that run whatever is configured.
fn is_of_specification(rule: &str) -> bool {
    rules::find(rule).is_some_and(|entry| entry.meta.category == Category::Validity)
}

fn compare_rules(
    file: &str,
    theirs: &Answer,
    ours: &BTreeMap<String, String>,
    is_left_out: impl Fn(&str) -> bool,
    compared: &mut Compared,
) {
    let wanted: BTreeMap<&str, &String> =
        theirs.rules.iter().filter_map(|(name, level)| Some((our_name(name)?, level))).collect();
    for (rule, level) in &wanted {
        match ours.get(*rule) {
            Some(own) if own == *level => compared.rules += 1,
            None if is_left_out(rule) => {}
            other => compared.differences.push(format!("{file}: {rule} is {level} there, {other:?} here")),
        }
    }
    for (rule, level) in ours {
        let is_known = wanted.contains_key(rule.as_str()) || is_of_specification(rule) || rule == "unused-suppression";
        if !is_known {
            compared.differences.push(format!("{file}: {rule} is {level} here, off there"));
        }
    }
}

fn compare_findings(
    file: &str,
    theirs: &Answer,
    ours: Option<&OfFile>,
    reasons: &Reasons<'_>,
    compared: &mut Compared,
) {
    let empty = OfFile::new();
    let ours = ours.unwrap_or(&empty);
    let runs = |rule: &str| theirs.rules.keys().filter_map(|name| our_name(name)).any(|name| name == rule);
    let mut wanted: BTreeMap<(usize, String), (&str, &str)> = BTreeMap::new();
    for found in &theirs.findings {
        if let Some(rule) = our_name(&found.rule) {
            wanted.insert((found.line, rule.to_owned()), (&found.level, &found.message));
        }
    }
    // In graphwright, a comment for a rule that is off is not unused.
    let is_of_rule_that_is_off =
        |message: &str| message.starts_with("Unused") && !theirs.rules.keys().any(|rule| message.contains(&**rule));
    let is_v3 = theirs.rules.contains_key("require-id-when-available");
    let mut differ = |is_ours: bool, (line, rule): &(usize, String), message: &str| {
        let finding: Finding = (file.to_owned(), Some(*line), rule.clone());
        // The schema is not a document here, and version 3 does not check the selections of fragments.
        let is_known = match &**rule {
            "executable-definitions" => !is_ours && file == "schema.graphql",
            "require-selections" => is_ours && is_v3 && reasons.is_fragment(file, *line),
            _ => false,
        };
        if is_known || is_of_rule_that_is_off(message) || reasons.reason(is_ours, &finding, message).is_some() {
            compared.explained += 1;
        } else {
            let side = if is_ours { "here" } else { "there" };
            compared.differences.push(format!("only {side}: {file}:{line}: {rule}: {message}"));
        }
    };
    let mut same = 0;
    for (place, (level, message)) in &wanted {
        match ours.get(place) {
            Some((own, _)) if own == level => same += 1,
            Some((own, _)) => differ(true, place, &format!("{own} here, {level} there: {message}")),
            None => differ(false, place, message),
        }
    }
    for (place, (_, message)) in ours {
        let (_, rule) = place;
        let is_compared = !theirs.ignored && (!is_of_specification(rule) || runs(rule))
            || (theirs.ignored && !is_of_specification(rule));
        if is_compared && !wanted.contains_key(place) && rule != "syntax" {
            differ(true, place, message);
        }
    }
    compared.findings += same;
}

fn judge(folder: &Path, packages: &Path, is_flat: bool, files: &[String]) -> Result<BTreeMap<String, Answer>> {
    let modules = folder.join("node_modules");
    std::os::unix::fs::symlink(packages.join("node_modules"), &modules)?;
    fs::write(folder.join("judge.cjs"), JUDGE)?;
    let output = Command::new("node")
        .args(["judge.cjs", if is_flat { "flat" } else { "legacy" }])
        .args(files)
        .current_dir(folder)
        .output()
        .context("node does not run")?;
    ensure!(output.status.success(), "ESLint does not run: {}", String::from_utf8_lossy(&output.stderr));
    fs::remove_file(folder.join("judge.cjs"))?;
    serde_json::from_slice(&output.stdout).context("the answer of ESLint")
}

fn migrate(folder: &Path, tools: &Tools) -> Result<String> {
    let output = Command::new(&tools.ours).args(["migrate", "eslint"]).current_dir(folder).output()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "`migrate eslint` fails: {told}");
    fs::remove_file(folder.join("node_modules"))?;
    Ok(told)
}

/// Returns the rules that hold for a file, with their levels.
fn settings(at: &Path, file: &str, tools: &Tools) -> Result<BTreeMap<String, String>> {
    let output = Command::new(&tools.ours).args(["lint", "--show-settings", file]).current_dir(at).output()?;
    let shown: BTreeMap<String, Value> = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("graphwright does not run: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(shown.into_iter().map(|(rule, one)| (rule, one["level"].as_str().unwrap_or_default().to_owned())).collect())
}

/// The findings in a file: line and rule, with level and message.
type OfFile = BTreeMap<(usize, String), (String, String)>;

type Ours = BTreeMap<String, OfFile>;

/// Our findings, by file.
fn ours(at: &Path, tools: &Tools) -> Result<Ours> {
    let output = Command::new(&tools.ours).args(["lint", "--format", "json"]).current_dir(at).output()?;
    let all: Vec<Value> = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("graphwright does not run: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut found = Ours::new();
    for one in &all {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rule = text(&one["rule"]).replace("same-response-shape", "overlapping-fields-can-be-merged");
        let line = one["place"]["start"]["line"].as_u64().and_then(|line| usize::try_from(line).ok());
        let level = text(&one["severity"]).replace("warning", "warn");
        found
            .entry(text(&one["place"]["file"]))
            .or_default()
            .insert((line.unwrap_or_default(), rule), (level, text(&one["message"])));
    }
    Ok(found)
}

/// Returns the files that ESLint is asked about: those of the project below its configuration.
fn files_below(folder: &Path, texts: &Texts, at: &Path) -> Vec<String> {
    let all = texts.schema.keys().chain(texts.documents.keys());
    let below = all.filter_map(|name| at.join(name).strip_prefix(folder).ok().map(Path::to_path_buf));
    below.map(|path| path.to_string_lossy().replace('\\', "/")).collect()
}

fn own_project() -> Result<Texts> {
    let root = folder().join("project");
    let mut texts = Texts::default();
    for (name, text) in read_all(&root)? {
        let part = if name == "schema.graphql" { &mut texts.schema } else { &mut texts.documents };
        part.insert(name, text);
    }
    Ok(texts)
}

/// Returns the schema of a client, and its documents in the folder where the configurations look for them.
fn project_of(client: &Path) -> Result<Texts> {
    let mut texts = Texts::read(client)?;
    texts.remove_repetitions();
    let documents = std::mem::take(&mut texts.documents);
    texts.documents = documents
        .into_iter()
        .map(|(name, text)| (format!("src/queries/{}", name.trim_start_matches("operations/")), text))
        .collect();
    Ok(texts)
}

fn read_all(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for (name, text) in read_all(from)? {
        write(&to.join(name), &text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    fs::write(path, text).with_context(|| path.display().to_string())
}
