//! Real clients: a schema, folders of documents that may share fragments, and the verdicts of a
//! reference implementation.

use crate::additions::Texts;
use crate::{Case, Suite, inputs, random};
use anyhow::{Context, Result};
use apollo_compiler::validation::Valid;
use graphwright_codegen::config::Config;
use graphwright_codegen::diagnostic::{Diagnostic, Severity};
use graphwright_codegen::document::{Documents, outline, used_fragments, validate_file};
use graphwright_codegen::schema::introspection::{self, Order, to_sdl};
use graphwright_codegen::schema::{Extent, Schema};
use graphwright_codegen::source::{SourceId, Sources};
use graphwright_codegen::{Compiled, diagnostic::Diagnostics, ir};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// `expected.json`
#[derive(Deserialize, Default)]
struct Expected {
    #[serde(default)]
    files: BTreeMap<String, Verdict>,
}

#[derive(Deserialize)]
struct Verdict {
    status: String,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    errors: Vec<ExpectedError>,
}

#[derive(Deserialize)]
struct ExpectedError {
    rule: String,
    #[serde(default)]
    locations: Vec<ExpectedLocation>,
}

#[derive(Deserialize)]
struct ExpectedLocation {
    line: usize,
}

/// Adds a client: `schema.graphql` or `schema.json`, `operations/`, and what it has besides.
///
/// # Errors
/// A file cannot be read.
pub fn add_client(suite: &mut Suite, folder: &Path, responses: u64) -> Result<()> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let expected = match fs::read_to_string(folder.join("expected.json")) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Expected::default(),
    };
    let mut groups: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    documents(&folder.join("operations"), &mut |path| {
        let relative = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let group = expected.files.get(&relative).and_then(|verdict| verdict.group.clone());
        groups.entry(group.unwrap_or_default()).or_default().push(path.to_path_buf());
    })?;
    for (group, files) in groups {
        let name = if group.is_empty() { name.clone() } else { format!("{name}/{group}") };
        add_group(suite, &name, folder, &files, &expected, responses)?;
    }
    Ok(())
}

fn documents(folder: &Path, found: &mut impl FnMut(&Path)) -> Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            documents(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "graphql" || extension == "gql") {
            found(&path);
        }
    }
    Ok(())
}

fn add_group(
    suite: &mut Suite,
    name: &str,
    folder: &Path,
    files: &[PathBuf],
    expected: &Expected,
    responses: u64,
) -> Result<()> {
    let mut sources = Sources::default();
    let schema = ["schema.graphql", "schema.json"].iter().map(|name| folder.join(name)).find(|path| path.is_file());
    let schema = schema.context("a client has a schema")?;
    let schema_id = sources.add("schema", fs::read_to_string(&schema)?);
    let client = fs::read_to_string(folder.join("client.graphql")).unwrap_or_default();
    let loaded = match Schema::load(&mut sources, &[schema_id], &client, Extent::Whole) {
        Ok(schema) => schema,
        Err(list) => {
            suite.fail(name, format!("the schema does not load: {}", Diagnostics::new(sources, list)));
            return Ok(());
        }
    };
    let mut ids: Vec<(SourceId, String)> = Vec::new();
    for path in files {
        let relative = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        ids.push((sources.add(relative.clone(), fs::read_to_string(path)?), relative));
    }
    let by_need = |sources: &mut Sources, documents: &Documents| {
        let wanted = documents.names();
        Schema::load(sources, &[schema_id], &client, Extent::Reached(&wanted))
    };
    let good = check_verdicts(suite, name, &loaded, &by_need, &sources, &ids, expected);
    let (documents, _) = Documents::parse(&sources, &good, &[]);
    let mut config = Config::default();
    config.generate.output = Some(PathBuf::from("out"));
    config.generate.client_directives = client.clone();
    let lowered = ir::lower(&config, &loaded, &documents, &sources);
    match by_need(&mut sources, &documents) {
        Ok(reached) if ir::lower(&config, &reached, &documents, &sources).module == lowered.module => {}
        Ok(_) => suite.fail(name, "the schema by need generates something else"),
        Err(problems) => suite.fail(name, Diagnostics::new(sources.clone(), problems).to_string()),
    }
    if !lowered.problems.is_empty() {
        suite.fail(name, Diagnostics::new(sources.clone(), lowered.problems.clone()).to_string());
    }
    let schema = loaded.definitions();
    add_case(suite, name, lowered.module, config, schema, responses);
    Ok(())
}

/// Loads the part of a schema that documents reach.
type ByNeed<'a> = dyn Fn(&mut Sources, &Documents) -> Result<Schema, Vec<Diagnostic>> + 'a;

/// Compares our verdicts with the reference's, and returns the files that are valid for both.
fn check_verdicts(
    suite: &mut Suite,
    name: &str,
    schema: &Schema,
    by_need: &ByNeed<'_>,
    sources: &Sources,
    ids: &[(SourceId, String)],
    expected: &Expected,
) -> Vec<SourceId> {
    let mut syntax: HashMap<SourceId, Vec<Diagnostic>> = HashMap::new();
    for (id, _) in ids {
        let (_, problems) = Documents::parse(sources, &[*id], &[]);
        let errors: Vec<Diagnostic> = problems.into_iter().filter(|one| one.severity == Severity::Error).collect();
        if !errors.is_empty() {
            syntax.insert(*id, errors);
        }
    }
    let parsed: Vec<SourceId> = ids.iter().map(|(id, _)| *id).filter(|id| !syntax.contains_key(id)).collect();
    let (documents, _) = Documents::parse(sources, &parsed, &[]);
    let used = used_fragments(&documents, sources);
    let index: HashMap<SourceId, usize> =
        documents.files.iter().enumerate().map(|(at, file)| (file.source, at)).collect();
    let reached = match by_need(&mut sources.clone(), &documents) {
        Ok(reached) => reached,
        Err(problems) => {
            suite.fail(name, Diagnostics::new(sources.clone(), problems).to_string());
            return Vec::new();
        }
    };
    for at in 0..documents.files.len() {
        // Suggestions need the rest of the schema; what is wrong, and where, does not.
        let found = |schema: &Schema| {
            let found = validate_file(schema, &documents, sources, at, &used);
            found.into_iter().map(|one| (one.code, one.primary)).collect::<Vec<_>>()
        };
        if found(schema) != found(&reached) {
            let file = sources.name(documents.files[at].source);
            suite.fail(&format!("{name}: {file}"), "the schema by need has another verdict");
        }
    }
    let mut good = Vec::new();
    for (id, relative) in ids {
        let errors = match (syntax.remove(id), index.get(id)) {
            (Some(errors), _) => errors,
            (None, Some(at)) => validate_file(schema, &documents, sources, *at, &used),
            (None, None) => continue,
        };
        let verdict = expected.files.get(relative);
        let case = format!("{name}: {relative}");
        match (verdict, errors.is_empty()) {
            (Some(verdict), empty) if (verdict.status == "valid") != empty && verdict.status != "empty" => {
                let rules: HashSet<&str> = verdict.errors.iter().map(|error| error.rule.as_str()).collect();
                let shown = Diagnostics::new(sources.clone(), errors.into_iter().take(3).collect());
                suite.fail(&case, format!("the reference says {} {rules:?}\n{shown}", verdict.status));
            }
            (Some(verdict), false) => {
                let lines: HashSet<usize> =
                    verdict.errors.iter().flat_map(|error| &error.locations).map(|location| location.line).collect();
                let ours: HashSet<usize> = errors
                    .iter()
                    .flat_map(|error| error.primary.iter().chain(&error.secondary))
                    .map(|label| sources.position(label.span).line)
                    .collect();
                if lines.is_disjoint(&ours) {
                    suite.fail(&case, format!("refused at lines {ours:?} instead of {lines:?}"));
                } else {
                    suite.totals.refused += 1;
                }
            }
            (None, false) => {
                let shown = Diagnostics::new(sources.clone(), errors);
                suite.fail(&case, shown.to_string());
            }
            (_, true) => good.push(*id),
        }
    }
    good
}

/// Adds what was generated, with random responses to every operation.
pub fn add_case(
    suite: &mut Suite,
    name: &str,
    module: ir::Module,
    config: Config,
    schema: &Valid<apollo_compiler::Schema>,
    responses: u64,
) {
    if responses == 0 {
        // Verdicts only: nothing is compiled.
        suite.totals.operations += module.documents.iter().map(|document| document.operations.len()).sum::<usize>();
        return;
    }
    let operations: Vec<ir::Operation> =
        module.documents.iter().flat_map(|document| document.operations.iter().cloned()).collect();
    if operations.is_empty() {
        return;
    }
    let mut samples = Vec::new();
    for (operation, found) in operations.iter().zip(samples_of_all(schema, &operations, responses)) {
        match found {
            Ok(found) => samples.extend(found),
            Err(error) => suite.fail(name, format!("operation {:?}: {error:#}", operation.name)),
        }
    }
    let variables = operations.iter().enumerate().filter(|(_, operation)| !operation.variables.is_empty());
    let variables = variables.flat_map(|(index, operation)| {
        let seeds = if operations.len() > 10 { 0..1 } else { 0..4 };
        let module = &module;
        seeds.map(move |seed| (index, inputs::random(module, operation, seed + index as u64)))
    });
    let variables = variables.collect();
    let compiled = Compiled { module, warnings: Diagnostics::default(), manifest: Default::default() };
    suite.cases.push(Case { name: name.to_owned(), compiled, config, responses: samples, variables });
}

/// Random responses to each operation, on all processors.
fn samples_of_all(
    schema: &Valid<apollo_compiler::Schema>,
    operations: &[ir::Operation],
    responses: u64,
) -> Vec<Result<Vec<crate::Sample>>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let numbered: Vec<(usize, &ir::Operation)> = operations.iter().enumerate().collect();
    let share = numbered.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work: Vec<_> = numbered
            .chunks(share)
            .map(|share| {
                scope.spawn(move || {
                    let samples = |(index, operation): &(usize, &ir::Operation)| {
                        random::samples(schema, *index, operation, responses, *index as u64)
                    };
                    share.iter().map(samples).collect::<Vec<_>>()
                })
            })
            .collect();
        work.into_iter().flat_map(|work| work.join().unwrap_or_default()).collect()
    })
}

/// The texts of a client's valid documents, some at a time: of each, the fragments of others that it needs are in its library.
///
/// # Errors
/// A file cannot be read.
pub fn texts(folder: &Path, at_once: usize) -> Result<Vec<Texts>> {
    let expected: Expected = match fs::read_to_string(folder.join("expected.json")) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Expected::default(),
    };
    let schema = match fs::read_to_string(folder.join("schema.graphql")) {
        Ok(sdl) => sdl,
        Err(_) => {
            let text = fs::read_to_string(folder.join("schema.json"))?;
            to_sdl(&introspection::read(&text).map_err(|error| anyhow::anyhow!("{error}"))?, Order::Server)
        }
    };
    let client = fs::read_to_string(folder.join("client.graphql")).unwrap_or_default();
    let mut groups: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut unreadable = Ok(());
    documents(&folder.join("operations"), &mut |path| {
        let relative = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let verdict = expected.files.get(&relative);
        if verdict.is_some_and(|verdict| verdict.status != "valid") {
            return;
        }
        let group = verdict.and_then(|verdict| verdict.group.clone()).unwrap_or_default();
        match fs::read_to_string(path) {
            Ok(text) => groups.entry(group).or_default().push((relative, text)),
            Err(error) => unreadable = Err(error),
        }
    })?;
    unreadable?;
    let mut all = Vec::new();
    for files in groups.into_values() {
        for chunk in files.chunks(at_once) {
            let library = library(chunk, &files);
            all.push(Texts { schema: schema.clone(), client: client.clone(), documents: chunk.to_vec(), library });
        }
    }
    Ok(all)
}

/// Of some files, those with fragments that others need and do not define.
fn library(documents: &[(String, String)], files: &[(String, String)]) -> Vec<(String, String)> {
    let others: Vec<_> = files.iter().filter(|file| !documents.contains(file)).collect();
    let mut library: Vec<(String, String)> = Vec::new();
    let mut open: Vec<String> = documents.iter().flat_map(|(_, text)| outline(text).spreads(text)).collect();
    let mut seen: HashSet<String> = documents.iter().flat_map(|(_, text)| outline(text).fragments(text)).collect();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        for file in others.iter().filter(|(_, text)| outline(text).fragments(text).contains(&name)) {
            open.extend(outline(&file.1).spreads(&file.1));
            if !library.contains(file) {
                library.push((*file).clone());
            }
        }
    }
    library
}
