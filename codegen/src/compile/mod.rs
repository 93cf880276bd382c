//! From a configuration and texts to what is generated: the pipeline up to the [`ir::Module`].

mod settings;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, has_errors};
use crate::document::{self, Documents};
use crate::ir;
use crate::load::Inputs;
use crate::schema::{Extent, Schema, Wanted, defects};
use crate::source::Sources;
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
/// Of the schema, only what the documents reach is parsed. If anything is wrong, it is loaded whole,
/// since suggestions need it all. What is wrong with parts that nothing reaches: see [`compile_with_defects`].
///
/// # Errors
/// Everything that is wrong with the schema's syntax, the documents' syntax, or the documents
/// against the schema, with places; not just the first of it.
pub fn compile(config: &Config, inputs: Inputs) -> Result<Compiled, Diagnostics> {
    compile_reached(config, inputs.clone()).or_else(|_| compile_whole(config, inputs))
}

/// [`compile`] with the part of the schema that the documents reach.
///
/// # Errors
/// See [`compile`]; suggestions are missing where they would need the rest.
pub fn compile_reached(config: &Config, inputs: Inputs) -> Result<Compiled, Diagnostics> {
    let (documents, problems) = Documents::parse(&inputs.sources, &inputs.documents, &inputs.library);
    if has_errors(&problems) {
        return Err(Diagnostics::new(inputs.sources, problems));
    }
    let wanted = wanted(config, &documents);
    compile_with(config, inputs, (documents, problems), Extent::Reached(&wanted))
}

/// [`compile`] with all of the schema: the same result for more work.
///
/// # Errors
/// See [`compile`].
pub fn compile_whole(config: &Config, inputs: Inputs) -> Result<Compiled, Diagnostics> {
    let parsed = Documents::parse(&inputs.sources, &inputs.documents, &inputs.library);
    compile_with(config, inputs, parsed, Extent::Whole)
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
    let schema = Schema::load(&mut sources, schema, config.client_side(client_schema), Extent::Whole).ok()?;
    if has_errors(&check_settings(config, &schema)) {
        return None;
    }
    // Without one thing, another may be missing.
    for _ in 0..ROUNDS {
        let found = document::validate(&schema, &documents, &sources);
        let problems: Vec<Diagnostic> =
            found.into_iter().filter(|one| !is_harmless(one)).filter_map(|one| config.levelled(one)).collect();
        if !has_errors(&problems) {
            let lowered = ir::lower(config, &schema, &documents, &sources);
            return (!has_errors(&lowered.problems)).then_some(lowered.module);
        }
        documents = documents.without(&problems);
    }
    None
}

/// True for what changes nothing about types.
fn is_harmless(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, Code::NO_UNUSED_VARIABLES | Code::NO_UNUSED_FRAGMENTS | Code::PROVIDED_REQUIRED_ARGUMENTS)
}

/// [`compile`], with warnings about all of the schema, whoever reaches it: for those who can show them. They are looked for
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

/// The names that decide what is needed of the schema.
fn wanted(config: &Config, documents: &Documents) -> Wanted {
    let mut wanted = documents.names();
    for coordinate in config.fields.keys() {
        let (ty, field) = coordinate.split_once('.').unwrap_or((coordinate, ""));
        wanted.types.insert(ty.to_owned());
        wanted.fields.insert(field.to_owned());
    }
    wanted.types.extend(config.types.keys().cloned());
    wanted
}

fn compile_with(
    config: &Config,
    inputs: Inputs,
    (documents, mut problems): (Documents, Vec<Diagnostic>),
    extent: Extent<'_>,
) -> Result<Compiled, Diagnostics> {
    let Inputs { mut sources, schema, client_schema, manifest, warnings, .. } = inputs;
    problems.extend(warnings);
    let schema = match Schema::load(&mut sources, &schema, config.client_side(&client_schema), extent) {
        Ok(schema) => schema,
        Err(mut list) => {
            list.append(&mut problems);
            return Err(sorted(sources, list));
        }
    };
    problems.extend(check_settings(config, &schema));
    let found = document::validate(&schema, &documents, &sources);
    let found = without_consequences(found, &problems);
    problems.extend(found.into_iter().filter_map(|one| config.levelled(one)));
    if has_errors(&problems) {
        return Err(sorted(sources, problems));
    }
    let lowered = ir::lower(config, &schema, &documents, &sources);
    problems.extend(lowered.problems);
    if has_errors(&problems) {
        return Err(sorted(sources, problems));
    }
    problems.extend(lowered.notes);
    problems.extend(schema.warnings);
    Ok(Compiled { module: lowered.module, warnings: sorted(sources, problems), manifest })
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
