//! From a configuration and texts to what is generated: the pipeline up to the [`ir::Module`].

mod settings;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, has_errors};
use crate::ir;
use crate::load::Inputs;
use crate::query::Documents;
use crate::schema::{Schema, defects};
use crate::source::Sources;
use crate::validate::validate;
use graphwright_prebuilt::Manifest;
use settings::check_settings;

/// A module, and what the user should know about how it came to be.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// What is to be generated.
    pub module: ir::Module,
    /// Warnings, and notes on names that are not the usual ones.
    pub warnings: Diagnostics,
    /// What it came from; see [`Inputs::manifest`].
    pub manifest: Manifest,
}

/// Checks documents against a schema and lowers them.
///
/// Of the schema, only what the documents reach is parsed. What is wrong with parts that nothing reaches: see
/// [`compile_with_defects`].
///
/// # Errors
/// Everything that is wrong with the schema's syntax, the documents' syntax, or the documents
/// against the schema, with places; not just the first of it.
pub fn compile(config: &Config, inputs: Inputs) -> Result<Compiled, Diagnostics> {
    let Inputs { mut sources, schema, client_schema, documents, library, manifest, warnings, .. } = inputs;
    let (documents, mut problems) = Documents::parse(&sources, &documents, &library);
    problems.extend(warnings);
    let schema = match Schema::load(&mut sources, &schema, config.client_side(&client_schema)) {
        Ok(schema) => schema,
        Err(mut list) => {
            list.append(&mut problems);
            return Err(sorted(sources, list));
        }
    };
    let before = problems.len();
    problems.extend(check_settings(config, &schema));
    let found = validate(&schema, &documents, &sources);
    let found = without_consequences(found, &problems);
    problems.extend(found.into_iter().filter_map(|one| config.levelled(one)));
    if !has_errors(&problems) {
        let lowered = ir::lower(config, &schema, &documents, &sources);
        problems.extend(lowered.problems);
        if !has_errors(&problems) && schema.syntax_errors().is_empty() {
            problems.extend(lowered.notes);
            problems.extend(schema.warnings);
            return Ok(Compiled { module: lowered.module, warnings: sorted(sources, problems), manifest });
        }
    }
    // What a definition with a syntax error defines is not known: what else was found about documents may follow from it.
    let mut of_schema = schema.syntax_errors();
    if !of_schema.is_empty() {
        problems.truncate(before);
        problems.append(&mut of_schema);
    }
    Err(sorted(sources, problems))
}

/// What can be generated of documents that [`compile`] refuses: everything but the selections,
/// variables and definitions that are wrong. Nothing, if texts or settings are.
pub fn compile_rest(config: &Config, inputs: &Inputs) -> Option<ir::Module> {
    const ROUNDS: usize = 5;
    let Inputs { sources, schema, client_schema, documents, library, .. } = inputs;
    let mut sources = sources.clone();
    let (mut documents, problems) = Documents::parse(&sources, documents, library);
    if has_errors(&problems) {
        return None;
    }
    let schema = Schema::load(&mut sources, schema, config.client_side(client_schema)).ok()?;
    if has_errors(&check_settings(config, &schema)) {
        return None;
    }
    // Without one thing, another may be missing.
    for _ in 0..ROUNDS {
        let found = validate(&schema, &documents, &sources);
        let problems: Vec<Diagnostic> =
            found.into_iter().filter(|one| !is_harmless(one)).filter_map(|one| config.levelled(one)).collect();
        if !has_errors(&problems) {
            let lowered = ir::lower(config, &schema, &documents, &sources);
            let is_right = !has_errors(&lowered.problems) && schema.syntax_errors().is_empty();
            return is_right.then_some(lowered.module);
        }
        documents = documents.without(&problems);
    }
    None
}

/// True for what changes nothing about types.
fn is_harmless(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, Code::NO_UNUSED_VARIABLES | Code::NO_UNUSED_FRAGMENTS | Code::PROVIDED_REQUIRED_ARGUMENTS)
}

/// Does the same as [`compile`], with warnings about the whole schema, used or not, for callers that can show them. They are looked for
/// while something is made of what was compiled.
///
/// # Errors
/// See [`compile`].
pub fn compile_with_defects<T>(
    config: &Config,
    inputs: Inputs,
    make: impl FnOnce(&Compiled) -> T,
) -> Result<(Compiled, T), Diagnostics> {
    // The texts of a run are only ever added to, so these places stay right.
    let sources = inputs.sources.clone();
    let schema: Vec<_> = inputs.schema.iter().chain(&inputs.client_schema).copied().collect();
    std::thread::scope(|scope| {
        let found = scope.spawn(|| defects(&sources, &schema));
        let mut compiled = compile(config, inputs)?;
        let made = make(&compiled);
        compiled.warnings.list.extend(found.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        compiled.warnings.sort();
        Ok((compiled, made))
    })
}

/// Violations without those that texts with syntax errors lead to: in them, something is missing, and what others miss may
/// be in them.
fn without_consequences(mut found: Vec<Diagnostic>, problems: &[Diagnostic]) -> Vec<Diagnostic> {
    const OF_OTHERS: [Code; 3] = [Code::KNOWN_FRAGMENT_NAMES, Code::NO_UNUSED_FRAGMENTS, Code::NO_UNUSED_VARIABLES];
    let place = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.source);
    let is_broken = |one: &&Diagnostic| one.code == Code::SYNTAX && one.severity == Severity::Error;
    let broken: Vec<_> = problems.iter().filter(is_broken).map(place).collect();
    if !broken.is_empty() {
        found.retain(|one| !broken.contains(&place(one)) && !OF_OTHERS.contains(&one.code));
    }
    found
}

fn sorted(sources: Sources, list: Vec<Diagnostic>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(sources, list);
    diagnostics.sort();
    diagnostics
}
