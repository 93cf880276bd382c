//! Real clients: a schema, folders of documents that may share fragments, and the verdicts of a
//! reference implementation.

use crate::additions::Texts;
use crate::evolve::{Evolved, evolve};
use crate::findings::{Finding, differences, rule_of};
use crate::meanings::{self, Meaning};
use crate::random::{Plan, Server};
use crate::sent::Source;
use crate::{Case, Sample, Suite, inputs, random};
use anyhow::{Context, Result};
use graphwright_codegen::config::Config;
use graphwright_codegen::diagnostic::{Diagnostic, Severity, has_errors};
use graphwright_codegen::internal::output;
use graphwright_codegen::internal::query::{Documents, FileId};
use graphwright_codegen::internal::schema::Schema;
use graphwright_codegen::internal::schema::introspection::{self, Order, to_sdl};
use graphwright_codegen::internal::syntax::outline;
use graphwright_codegen::internal::validate::{used_fragments, validate, validate_file};
use graphwright_codegen::internal::{Compiled, diagnostic::Diagnostics, ir};
use graphwright_codegen::source::{SourceId, Sources};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    /// Files that hold its fragments.
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    errors: Vec<ExpectedError>,
    /// The verdict with the directives of the client.
    with_client: Option<Box<Verdict>>,
}

#[derive(Deserialize)]
struct ExpectedError {
    rule: String,
    #[serde(default)]
    locations: Vec<ExpectedLocation>,
}

#[derive(Deserialize)]
struct ExpectedLocation {
    /// Another file than that of the verdict.
    file: Option<String>,
    line: usize,
}

impl ExpectedError {
    fn finding(&self, file: &str) -> Finding {
        let lines = self.locations.iter().map(|at| (at.file.clone().unwrap_or_else(|| file.to_owned()), at.line));
        Finding { rule: Some(rule_of(&self.rule)), lines: lines.collect() }
    }
}

/// Adds a client: `schema.graphql` or `schema.json`, `operations/`, and optional files.
///
/// # Errors
/// A file cannot be read.
pub fn add_client(suite: &mut Suite, folder: &Path, plan: Plan) -> Result<()> {
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
        add_group(suite, &name, folder, &files, &expected, plan)?;
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
    plan: Plan,
) -> Result<()> {
    let mut sources = Sources::default();
    let schema = ["schema.graphql", "schema.json"].iter().map(|name| folder.join(name)).find(|path| path.is_file());
    let schema = schema.context("a client has a schema")?;
    let schema_id = sources.add("schema", fs::read_to_string(&schema)?);
    let client = fs::read_to_string(folder.join("client.graphql")).unwrap_or_default();
    let loaded = match Schema::load(&mut sources, &[schema_id], &client) {
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
    let text = crate::parsed_at_once(sources.text(schema_id));
    let whole_id = sources.add("schema", text);
    let at_once = match Schema::load(&mut sources, &[whole_id], &client) {
        Ok(schema) => schema,
        Err(list) => {
            suite.fail(name, format!("the schema does not load: {}", Diagnostics::new(sources, list)));
            return Ok(());
        }
    };
    let good = check_verdicts(suite, name, [&loaded, &at_once], &sources, &ids, expected);
    // A file that is not valid may contain valid fragments that others use.
    let rest: Vec<SourceId> = ids.iter().map(|(id, _)| *id).filter(|id| !good.contains(id)).collect();
    let (documents, _) = Documents::parse(&sources, &good, &rest);
    let mut config = crate::as_specified();
    config.generate.output = Some(PathBuf::from("out"));
    config.generate.client_directives = client.clone();
    let lowered = ir::lower(&config, &loaded, &documents, &sources);
    if ir::lower(&config, &at_once, &documents, &sources).module != lowered.module {
        suite.fail(name, "the schema that is parsed at once generates something else");
    }
    if !lowered.problems.is_empty() {
        suite.fail(name, Diagnostics::new(sources.clone(), lowered.problems.clone()).to_string());
    }
    let schema = loaded.whole();
    let texts = ids.iter().map(|(id, relative)| {
        let needs = expected.files.get(relative).map(|verdict| verdict.needs.clone());
        (relative.as_str(), &**sources.text(*id), needs.unwrap_or_default())
    });
    let source = Source::new(texts, &client);
    suite.check_sent(name, &lowered.module, &source, schema, sources.text(schema_id), &config);
    let regenerate = |sdl: &str| {
        let mut sources = sources.clone();
        let id = sources.add("schema", sdl);
        let schema = Schema::load(&mut sources, &[id], &client)?;
        let found = validate(&schema, &documents, &sources);
        if has_errors(&found) { Err(found) } else { Ok(ir::lower(&config, &schema, &documents, &sources).module) }
    };
    let server = Server { schema, regenerate: &regenerate };
    add_case(suite, name, lowered.module, config.clone(), &server, plan);
    Ok(())
}

/// Compares our verdicts with the reference's, and returns the files that are valid for both. The schema by need and the
/// one that was parsed at once must have the same.
fn check_verdicts(
    suite: &mut Suite,
    name: &str,
    [schema, at_once]: [&Schema; 2],
    sources: &Sources,
    ids: &[(SourceId, String)],
    expected: &Expected,
) -> Vec<SourceId> {
    let has_client = !schema.client_directives.is_empty();
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
    let used = used_fragments(&documents);
    let index: HashMap<SourceId, FileId> = documents.files().map(|(id, file)| (file.source, id)).collect();
    for (at, file) in documents.files() {
        let found = |schema: &Schema| {
            let found = validate_file(schema, &documents, sources, at, &used);
            found.into_iter().map(|one| (one.code.name(), one.primary, one.message, one.help)).collect::<Vec<_>>()
        };
        if found(schema) != found(at_once) {
            suite.fail(&format!("{name}: {}", file.path), "the schema by need has another verdict");
        }
    }
    let mut good = Vec::new();
    for (id, relative) in ids {
        let errors = match (syntax.remove(id), index.get(id)) {
            (Some(errors), _) => errors,
            (None, Some(at)) => validate_file(schema, &documents, sources, *at, &used),
            (None, None) => continue,
        };
        let case = format!("{name}: {relative}");
        let Some(verdict) = expected.files.get(relative) else {
            if errors.is_empty() {
                good.push(*id);
            } else {
                suite.fail(&case, Diagnostics::new(sources.clone(), errors).to_string());
            }
            continue;
        };
        let verdict = verdict.with_client.as_deref().filter(|_| has_client).unwrap_or(verdict);
        let theirs = verdict.errors.iter().filter(|error| !is_used_elsewhere(error, sources, *id, ids));
        let theirs: Vec<Finding> = theirs.map(|error| error.finding(relative)).collect();
        let mut differences = differences(&theirs, &Finding::ours(sources, &errors));
        if verdict.status == "syntax_error" {
            // The reference stops at the first.
            differences.retain(|one| one.starts_with("missing"));
        }
        differences.retain(|one| !DIFFERENCES.iter().any(|(file, rule, _)| *file == relative && one.contains(rule)));
        if !differences.is_empty() {
            let shown = Diagnostics::new(sources.clone(), errors.iter().take(3).cloned().collect());
            suite.fail(&case, format!("the reference says {}\n{}\n{shown}", verdict.status, differences.join("\n")));
        }
        if errors.is_empty() {
            good.push(*id);
        } else {
            suite.totals.refused += usize::from(differences.is_empty());
        }
    }
    good
}

/// Intended differences: a file, a rule, and the reason.
const DIFFERENCES: [(&str, &str, &str); 1] = [(
    "operations/examples/artifact_builder.graphql",
    "scalar-leafs",
    "the reference gives the line of the selection set, we that of its field",
)];

/// Returns true if a fragment is reported as unused that another file uses: the reference looks at one file at a time.
fn is_used_elsewhere(error: &ExpectedError, sources: &Sources, file: SourceId, ids: &[(SourceId, String)]) -> bool {
    let line = error.locations.first().and_then(|at| sources.text(file).lines().nth(at.line.checked_sub(1)?));
    let name = line.and_then(|line| line.trim_start().strip_prefix("fragment ")?.split_whitespace().next());
    let Some(name) = name.filter(|_| error.rule == "NoUnusedFragments") else { return false };
    let spreads = |text: &str| {
        text.split("...").skip(1).any(|rest| {
            rest.trim_start().split(|letter: char| letter != '_' && !letter.is_alphanumeric()).next() == Some(name)
        })
    };
    ids.iter().any(|(id, _)| *id != file && spreads(sources.text(*id)))
}

/// Adds generated code, with random responses to every operation.
pub fn add_case(suite: &mut Suite, name: &str, module: ir::Module, config: Config, server: &Server<'_>, plan: Plan) {
    if plan.responses == 0 && plan.evolutions == 0 {
        // Verdicts only: nothing is compiled.
        suite.totals.operations += module.documents.iter().map(|document| document.operations.len()).sum::<usize>();
        return;
    }
    let operations: Vec<ir::Operation> =
        module.documents.iter().flat_map(|document| document.operations.iter().cloned()).collect();
    if operations.is_empty() {
        return;
    }
    let samples = responses(suite, name, &module, server, plan);
    let variables = operations.iter().enumerate().filter(|(_, operation)| !operation.variables.is_empty());
    let variables = variables.flat_map(|(index, operation)| {
        let seeds = if operations.len() > 10 { 0..1 } else { 0..4 };
        let module = &module;
        seeds.map(move |seed| (index, inputs::random(module, operation, seed + index as u64)))
    });
    let variables = variables.collect();
    let compiled = Compiled { module, warnings: Diagnostics::default(), manifest: Default::default() };
    let (name, schema) = (name.to_owned(), server.schema.clone());
    suite.cases.push(Case { name, compiled, config, schema, responses: samples, variables });
}

/// Random responses to each operation, of the server as it is and after changes.
pub fn responses(suite: &mut Suite, name: &str, module: &ir::Module, server: &Server<'_>, plan: Plan) -> Vec<Sample> {
    let schema = server.schema;
    let operations: Vec<ir::Operation> =
        module.documents.iter().flat_map(|document| document.operations.iter().cloned()).collect();
    let mut found = on_all_processors(&operations, |index, operation| {
        random::samples(schema, index, operation, plan.responses, index as u64)
    });
    let used = if plan.evolutions > 0 { random::types_of(schema, &operations) } else { BTreeSet::new() };
    for seed in (0..plan.evolutions).map(|round| plan.seed.wrapping_add(round)) {
        let evolved = evolve(schema, &used, seed);
        found.extend(on_all_processors(&operations, |index, operation| {
            random::evolved_samples(schema, &evolved, index, operation, seed)
                .with_context(|| format!("after the evolution of seed {seed}"))
        }));
        compare_names(suite, name, module, server, &evolved, seed);
    }
    let mut samples = Vec::new();
    for (operation, found) in operations.iter().cycle().zip(found) {
        match found {
            Ok(found) => samples.extend(found),
            Err(error) => suite.fail(name, format!("operation {:?}: {error:#}", operation.name)),
        }
    }
    samples
}

/// Generates for the new schema and checks that every old name has its old meaning, or is gone.
fn compare_names(
    suite: &mut Suite,
    name: &str,
    module: &ir::Module,
    server: &Server<'_>,
    evolved: &Evolved,
    seed: u64,
) {
    const MOST_SHOWN: usize = 5;
    // A field that is never null any more cannot share a key with one that still can be.
    const CONFLICTS: [&str; 2] = ["overlapping-fields-can-be-merged", "same-response-shape"];
    let sdl = evolved.schema.serialize().to_string();
    let new = match (server.regenerate)(&sdl) {
        Ok(new) => new,
        Err(found) => {
            suite.totals.conflicting += 1;
            let errors =
                found.iter().filter(|one| one.severity == Severity::Error && !CONFLICTS.contains(&one.code.name()));
            for one in errors.take(MOST_SHOWN) {
                let (code, message) = (one.code.name(), &one.message);
                suite.fail(name, format!("not valid after the evolution of seed {seed}: {message} ({code})"));
            }
            return;
        }
    };
    let config = crate::as_specified();
    // A type that gains an interface can move to another variant, whose name states its meaning.
    let meanings = |module| {
        let mut found = meanings::meanings(output::nested_tokens(module, &config))?;
        found.retain(|_, meaning| !matches!(meaning, Meaning::Types(_)));
        anyhow::Ok(found)
    };
    let (old, new) = match (meanings(module), meanings(&new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(error), _) | (_, Err(error)) => return suite.fail(name, format!("{error:#}")),
    };
    let compared = meanings::differences(&old, &new, false);
    suite.totals.names += old.len() - compared.gone.len() - compared.changed.len();
    suite.totals.gone += compared.gone.len();
    if !compared.changed.is_empty() {
        let shown: Vec<&str> = compared.changed.iter().take(MOST_SHOWN).map(String::as_str).collect();
        let (count, shown) = (compared.changed.len(), shown.join("\n"));
        let changes = evolved.changes.join("\n");
        let changes: String = changes.chars().take(1500).collect();
        suite.fail(
            name,
            format!(
                "{count} names have other meanings after the evolution of seed {seed}:\n{shown}\nchanges:\n{changes}"
            ),
        );
    }
}

/// Computes a value for each operation, in their order.
fn on_all_processors<T: Send>(
    operations: &[ir::Operation],
    make: impl Fn(usize, &ir::Operation) -> T + Sync,
) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let numbered: Vec<(usize, &ir::Operation)> = operations.iter().enumerate().collect();
    let share = numbered.len().div_ceil(threads).max(1);
    let make = &make;
    std::thread::scope(|scope| {
        let work: Vec<_> = numbered
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(|(index, one)| make(*index, one)).collect::<Vec<_>>()))
            .collect();
        work.into_iter().flat_map(|work| work.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// Returns the texts of a client's valid documents, some at a time: of each, the fragments of others that it needs are
/// in its library.
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

/// Returns those of some files with fragments that others need and do not define.
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
