//! The linter beside graphql-eslint, on the documents of real clients: the same rules with the same options, finding by finding.

use crate::lint_bench::collect;
use anyhow::{Context, Result, bail};
use graphwright_codegen::document::outline;
use graphwright_codegen::lint::rules;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All rules for operations, but for those that have been seen to end with an exception.
const ESLINT: &str = "import plugin from '@graphql-eslint/eslint-plugin';
const rules = { ...plugin.configs['flat/operations-all'].rules, '@graphql-eslint/known-fragment-names': 'error' };
for (const rule of DROPPED) delete rules['@graphql-eslint/' + rule];
export default [{
  files: ['**/*.graphql'],
  languageOptions: {
    parser: plugin.parser,
    parserOptions: { graphQLConfig: { schema: SCHEMAS, documents: './operations/**/*.graphql' } },
  },
  plugins: { '@graphql-eslint': plugin },
  rules,
}];
";

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

/// Where the two are.
#[derive(Debug)]
pub struct Tools {
    /// The script of ESLint; the plugin is beside it.
    pub eslint: PathBuf,
    /// Our binary.
    pub ours: PathBuf,
}

/// How one project went.
#[derive(Debug)]
pub struct Compared {
    /// How many files it has.
    pub documents: usize,
    /// Findings of both, by file, line and rule.
    pub same: usize,
    /// Those of one of them.
    pub differences: Vec<Difference>,
    /// Rules of the peer that ended with an exception.
    pub dropped: Vec<String>,
    /// Why the peer did not look at it at all.
    pub refused: Option<String>,
}

/// A finding that only one of the two has.
#[derive(Debug)]
pub struct Difference {
    /// Whether it is ours.
    pub is_ours: bool,
    /// File, line and rule, by our name.
    pub finding: Finding,
    /// What is said.
    pub message: String,
    /// Why it is so on purpose.
    pub reason: Option<&'static str>,
}

/// File, line and rule.
pub type Finding = (String, u64, String);

/// The folders of a client whose documents belong together.
///
/// # Errors
/// It has no `operations`.
pub fn groups(client: &Path) -> Result<Vec<PathBuf>> {
    let root = client.join("operations");
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .with_context(|| format!("{} has no documents", client.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(if folders.is_empty() { vec![root] } else { folders })
}

/// Runs both over a group of a client's documents, in a folder that is written anew.
///
/// # Errors
/// A file cannot be read or written, or one of the two does not run.
pub fn compare(client: &Path, group: &Path, folder: &Path, tools: &Tools) -> Result<Compared> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut schemas = Vec::new();
    for name in ["schema.graphql", "schema.json", "client.graphql"] {
        if client.join(name).is_file() {
            fs::copy(client.join(name), folder.join(name))?;
            schemas.push(name);
        }
    }
    let mut files = Vec::new();
    collect(group, &mut files)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "graphql"));
    let mut texts = BTreeMap::new();
    for file in &files {
        let path = Path::new("operations").join(file.strip_prefix(group)?);
        let text = fs::read_to_string(file)?;
        fs::create_dir_all(folder.join(&path).parent().unwrap_or(folder))?;
        fs::write(folder.join(&path), &text)?;
        texts.insert(path.to_string_lossy().replace('\\', "/"), text);
    }
    let Run { found: theirs, used, dropped, refused } = eslint(folder, &schemas, tools)?;
    if refused.is_some() {
        return Ok(Compared { documents: texts.len(), same: 0, differences: Vec::new(), dropped, refused });
    }
    let ours = ours(folder, &schemas, &used, tools)?;
    let same = theirs.keys().filter(|finding| ours.contains_key(*finding)).count();
    let mut compared = Compared { documents: texts.len(), same, differences: Vec::new(), dropped, refused };
    let knows = Known { texts: &texts, ours: &ours, theirs: &theirs };
    for (is_ours, mine, other) in [(false, &theirs, &ours), (true, &ours, &theirs)] {
        for (finding, message) in mine.iter().filter(|(finding, _)| !other.contains_key(*finding)) {
            let reason = knows.reason(is_ours, finding, message);
            compared.differences.push(Difference {
                is_ours,
                finding: finding.clone(),
                message: message.clone(),
                reason,
            });
        }
    }
    Ok(compared)
}

type Findings = BTreeMap<Finding, String>;

/// A run of the peer.
struct Run {
    found: Findings,
    /// The rules that it ran.
    used: BTreeSet<String>,
    dropped: Vec<String>,
    refused: Option<String>,
}

fn eslint(folder: &Path, schemas: &[&str], tools: &Tools) -> Result<Run> {
    let mut dropped: Vec<String> = Vec::new();
    loop {
        let schemas: Vec<String> = schemas.iter().map(|name| format!("./{name}")).collect();
        let config = ESLINT
            .replace("SCHEMAS", &serde_json::to_string(&schemas)?)
            .replace("DROPPED", &serde_json::to_string(&dropped)?);
        fs::write(folder.join("eslint.config.mjs"), config)?;
        let run = |arguments: &[&str]| {
            let mut node = Command::new("node");
            node.env("NODE_OPTIONS", "--max-old-space-size=8192")
                .arg(&tools.eslint)
                .args(arguments)
                .current_dir(folder);
            node.output()
        };
        let output = run(&["--format", "json", "operations"])?;
        let Ok(files) = serde_json::from_slice::<Vec<Value>>(&output.stdout) else {
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let rule = told.split_once("Rule: \"@graphql-eslint/").and_then(|(_, rest)| rest.split('"').next());
            match rule {
                Some(rule) if !dropped.iter().any(|one| one == rule) => dropped.push(rule.to_owned()),
                _ => bail!("graphql-eslint does not run: {told}"),
            }
            continue;
        };
        let shown = run(&["--print-config", "operations/any.graphql"])?;
        let shown: Value = serde_json::from_slice(&shown.stdout).context("the rules of graphql-eslint")?;
        let used = shown["rules"].as_object().into_iter().flatten().filter_map(|(name, _)| our_name(name)).collect();
        let mut found = Findings::new();
        let mut refused = None;
        for file in &files {
            let path = Path::new(file["filePath"].as_str().unwrap_or_default());
            let path = path.strip_prefix(folder.canonicalize()?).unwrap_or(path).to_string_lossy().replace('\\', "/");
            for one in file["messages"].as_array().into_iter().flatten() {
                if one["fatal"] == true {
                    refused.get_or_insert(one["message"].as_str().unwrap_or_default().to_owned());
                }
                let Some(rule) = one["ruleId"].as_str().and_then(our_name) else { continue };
                let message = one["message"].as_str().unwrap_or_default().to_owned();
                found.insert((path.clone(), one["line"].as_u64().unwrap_or_default(), rule), message);
            }
        }
        return Ok(Run { found, used, dropped, refused });
    }
}

fn our_name(theirs: &str) -> Option<String> {
    let entry = rules::find(theirs.trim_start_matches("@graphql-eslint/"))?;
    Some(entry.meta.name.to_owned())
}

fn ours(folder: &Path, schemas: &[&str], used: &BTreeSet<String>, tools: &Tools) -> Result<Findings> {
    let mut config = format!(
        "schema = {}\ndocuments = \"operations/**/*.graphql\"\n[extensions.graphwright.lint]\nextends = [\"none\"]\n",
        serde_json::to_string(schemas)?
    );
    for rule in used {
        let options = OPTIONS.iter().find(|(name, _)| name == rule).map(|(_, options)| *options).unwrap_or_default();
        config += &format!("[extensions.graphwright.lint.rules.{rule}]\nlevel = \"error\"\n{options}\n");
    }
    fs::write(folder.join("graphql.config.toml"), config)?;
    let output = Command::new(&tools.ours).args(["lint", "--format", "json"]).current_dir(folder).output()?;
    let all: Vec<Value> = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("graphwright does not run: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut found = Findings::new();
    for one in &all {
        // One meaning, two codes: who allows the one may not want to allow the other.
        let rule =
            one["rule"].as_str().unwrap_or_default().replace("same-response-shape", "overlapping-fields-can-be-merged");
        if used.contains(&rule) {
            let file = one["place"]["file"].as_str().unwrap_or_default().to_owned();
            let line = one["place"]["start"]["line"].as_u64().unwrap_or_default();
            found.insert((file, line, rule), one["message"].as_str().unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

/// What can explain a difference.
struct Known<'a> {
    texts: &'a BTreeMap<String, String>,
    ours: &'a Findings,
    theirs: &'a Findings,
}

impl Known<'_> {
    fn reason(&self, is_ours: bool, (file, line, rule): &Finding, message: &str) -> Option<&'static str> {
        let text = self.texts.get(file)?;
        let written = usize::try_from(*line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?)).unwrap_or("");
        let other = if is_ours { self.theirs } else { self.ours };
        let is_told_elsewhere = || other.keys().any(|(there, _, one)| there == file && one == rule);
        let named = message.split(['"', '`', '\'']).nth(1).unwrap_or_default();
        match rule.as_str() {
            "require-selections" if !is_ours && message.contains("add to used fragment") => {
                Some("what a fragment lacks is told in the file of the fragment, once")
            }
            "require-selections" if !is_ours && self.spreads_unknown(text) => {
                Some("a fragment that nobody knows may select it")
            }
            "require-selections" if !is_ours && selects_type_only(text, *line) => {
                Some("nothing but `__typename` is selected: there is no object to keep")
            }
            "selection-set-depth" if is_told_elsewhere() => {
                Some("in another file: told at the spread, where the peer gives a line of the other file")
            }
            "overlapping-fields-can-be-merged" if is_told_elsewhere() => {
                Some("a conflict is told at its second place, once, and the first is beside it")
            }
            "scalar-leafs" if is_told_elsewhere() => Some("told at the field's name, where the peer has its brace"),
            "known-fragment-names" | "no-duplicate-fields" if !is_ours && !written.contains(named) => {
                Some("the peer gives a line of another file")
            }
            "no-unused-fragments" if !is_ours && !outline(text).fragments(text).contains(named) => {
                Some("the peer gives a line of another file")
            }
            "no-unused-fragments" if is_ours && crashed(self.theirs, rule) => Some("the peer ends with an exception"),
            "no-unused-fragments" if !is_ours && message.starts_with("Cannot read") => {
                Some("the peer ends with an exception")
            }
            "naming-convention" if !is_ours && written.contains(" on __") => Some("the name is the schema's"),
            _ => None,
        }
    }

    /// True if a text spreads a fragment that no text defines.
    fn spreads_unknown(&self, text: &str) -> bool {
        let known: BTreeSet<String> = self.texts.values().flat_map(|text| outline(text).fragments(text)).collect();
        outline(text).spreads(text).iter().any(|name| !known.contains(name))
    }
}

fn crashed(findings: &Findings, rule: &str) -> bool {
    findings.iter().any(|((_, _, one), message)| one == rule && message.starts_with("Cannot read"))
}

fn selects_type_only(text: &str, line: u64) -> bool {
    let rest = text.lines().skip(usize::try_from(line).unwrap_or_default()).map(str::trim);
    let below: Vec<&str> = rest.take(2).collect();
    below == ["__typename", "}"]
}
