//! Compares the linter with graphql-eslint on the documents and schemas of real clients: the same rules with the same
//! options, finding by finding.
//!
//! Findings are compared by file, line and rule. A difference must have a [`Reason`], whose predicate reads only the
//! texts, not other findings.

mod corpus;
mod peer;
mod reasons;

use anyhow::{Context, Result};
use graphwright_cli::lint::rules;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use corpus::Texts;
pub use reasons::{Documents as Reasons, Reason};

/// The options that `flat/operations-all` sets, in our words.
const OPTIONS: [(&str, &str); 4] = [
    ("selection-set-depth", "max = 7"),
    (
        "alphabetize",
        "definitions = true\noperations = true\nfragments = true\nvariables = true\narguments = true\n\
         directive_arguments = true\ngroups = [\"...\", \"id\", \"*\", \"{\"]",
    ),
    (
        "match-document-filename",
        "query = \"kebab-case\"\nmutation = \"kebab-case\"\nsubscription = \"kebab-case\"\nfragment = \"kebab-case\"",
    ),
    (
        "naming-convention",
        "variables = \"camelCase\"\n\
         operations = { style = \"PascalCase\", forbidden_prefixes = [\"Query\", \"Mutation\", \"Subscription\", \"Get\"], \
         forbidden_suffixes = [\"Query\", \"Mutation\", \"Subscription\"] }\n\
         fragments = { style = \"PascalCase\", forbidden_prefixes = [\"Fragment\"], forbidden_suffixes = [\"Fragment\"] }",
    ),
];

/// The settings of ours that are `flat/schema-all`, `flat/schema-relay` and `no-unused-fields` there.
const SCHEMA_OPTIONS: &str =
    "extends = [\"schema-all\", \"relay\"]\n[extensions.graphwright.lint.rules]\nno-unused-fields = \"error\"\n";

/// The paths of the two linters.
#[derive(Debug)]
pub struct Tools {
    /// The folder with the packages of ESLint and graphql-eslint.
    pub packages: PathBuf,
    /// Our binary.
    pub ours: PathBuf,
}

/// The comparisons of a client.
#[derive(Debug)]
pub struct Client {
    /// The documents that do not parse. Neither linter gets them.
    pub unparsed: Vec<String>,
    /// The schema, and each group of documents.
    pub parts: Vec<Compared>,
}

/// A comparison of the findings in some files.
#[derive(Debug)]
pub struct Compared {
    /// The linted files: `schema`, or the folder of documents.
    pub name: String,
    /// The number of linted files.
    pub files: usize,
    /// The number of common findings.
    pub same: usize,
    /// The findings of one of them.
    pub differences: Vec<Difference>,
    /// The number of exceptions of the peer, by rule.
    pub exceptions: BTreeMap<String, usize>,
}

/// A finding that only one of the two has.
#[derive(Debug)]
pub struct Difference {
    /// Whether it is ours.
    pub is_ours: bool,
    /// File, line and rule, by our name.
    pub finding: Finding,
    /// The message.
    pub message: String,
    /// The reason of an intended difference.
    pub reason: Option<&'static str>,
}

/// File, line and rule. Some findings of the peer have no line.
pub type Finding = (String, Option<usize>, String);

type Findings = BTreeMap<Finding, String>;

/// The files of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operations,
    Schema,
}

/// Compares the two on the schema of a client and on each group of its documents; files go to a folder that is replaced.
///
/// # Errors
/// A file cannot be read or written, or one of the two does not run.
pub fn compare(client: &Path, folder: &Path, tools: &Tools) -> Result<Client> {
    let mut texts = Texts::read(client)?;
    let unparsed = texts.remove_unparsed();
    let mut parts = Vec::new();
    let groups: Vec<String> = texts.groups().into_iter().collect();
    for (kind, group) in [(Kind::Schema, "")].into_iter().chain(groups.iter().map(|group| (Kind::Operations, &**group)))
    {
        parts.push(compare_part(&mut texts, kind, group, folder, tools)?);
    }
    Ok(Client { unparsed, parts })
}

fn compare_part(texts: &mut Texts, kind: Kind, group: &str, folder: &Path, tools: &Tools) -> Result<Compared> {
    let mut part = texts.group(group);
    let mut theirs = peer::run(&part, kind, folder, tools)?;
    if theirs.refused.is_some() {
        // The peer looks at nothing if a field is defined twice: both get the schema without repetitions.
        texts.remove_repetitions();
        part = texts.group(group);
        theirs = peer::run(&part, kind, folder, tools)?;
    }
    if let Some(message) = &theirs.refused {
        anyhow::bail!("graphql-eslint refuses the schema or a document: {message}");
    }
    let ours = ours(&part, kind, &theirs.rules, folder, tools)?;
    let files = part.files(kind).count();
    let name = if kind == Kind::Schema { "schema".to_owned() } else { format!("operations/{group}") };
    let same = theirs.found.keys().filter(|finding| ours.contains_key(*finding)).count();
    let mut exceptions: BTreeMap<String, usize> = BTreeMap::new();
    for (_, rule) in &theirs.exceptions {
        *exceptions.entry(rule.clone()).or_default() += 1;
    }
    let documents = reasons::Documents::new(&part, &theirs.exceptions)?;
    let mut differences = Vec::new();
    for (is_ours, mine, other) in [(false, &theirs.found, &ours), (true, &ours, &theirs.found)] {
        for (finding, message) in mine.iter().filter(|(finding, _)| !other.contains_key(*finding)) {
            let (finding, message) = (finding.clone(), message.clone());
            let reason = documents.reason(is_ours, &finding, &message);
            differences.push(Difference { is_ours, finding, message, reason });
        }
    }
    Ok(Compared { name, files, same, differences, exceptions })
}

fn our_name(theirs: &str) -> Option<String> {
    let entry = rules::find(theirs)?;
    Some(entry.meta.name.to_owned())
}

fn ours(part: &Texts, kind: Kind, used: &BTreeSet<String>, folder: &Path, tools: &Tools) -> Result<Findings> {
    let mut config = format!(
        "schema = {}\ndocuments = \"operations/**/*.graphql\"\n[extensions.graphwright.lint]\n",
        serde_json::to_string(&part.schema.keys().collect::<Vec<_>>())?
    );
    match kind {
        Kind::Schema => config += SCHEMA_OPTIONS,
        Kind::Operations => {
            config += "extends = [\"none\"]\n";
            for rule in used {
                let options =
                    OPTIONS.iter().find(|(name, _)| name == rule).map(|(_, options)| *options).unwrap_or_default();
                config += &format!("[extensions.graphwright.lint.rules.{rule}]\nlevel = \"error\"\n{options}\n");
            }
        }
    }
    fs::write(folder.join("graphql.config.toml"), config)?;
    // Reports for programs name files from the repository's folder: here, from this one.
    fs::create_dir_all(folder.join(".git"))?;
    let output = Command::new(&tools.ours).args(["lint", "--format", "json"]).current_dir(folder).output()?;
    let all: Vec<Value> = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("graphwright does not run: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut found = Findings::new();
    for one in &all {
        // One meaning, two codes: allowing one does not imply allowing the other.
        let rule =
            one["rule"].as_str().unwrap_or_default().replace("same-response-shape", "overlapping-fields-can-be-merged");
        let file = one["place"]["file"].as_str().unwrap_or_default().to_owned();
        if used.contains(&rule) && part.files(kind).any(|one| *one == file) {
            let line = one["place"]["start"]["line"].as_u64().and_then(|line| usize::try_from(line).ok());
            let message = one["message"].as_str().unwrap_or_default().to_owned();
            found.insert((file, line, rule), message);
        }
    }
    Ok(found)
}
