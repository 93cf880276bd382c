//! Compiles GraphQL operations to typed Rust.
//!
//! The pipeline is a chain of plain functions, each from data to data:
//! [`config`] → [`load`] → [`schema`] and [`document`] → [`ir`] → [`render`] → [`output`].
//! [`compile`] runs it up to the [`ir::Module`]; the command line, `build.rs` and the
//! macro are thin callers of it.

pub mod attribute;
#[cfg(feature = "format")]
mod build_script;
#[cfg(feature = "lint")]
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
mod foreign;
#[cfg(feature = "lint")]
pub mod formatter;
pub mod ir;
#[cfg(feature = "lint")]
pub mod lint;
pub mod load;
mod module_tree;
pub mod output;
pub mod print;
pub mod render;
pub mod rust_name;
pub mod schema;
pub mod source;
#[cfg(feature = "lint")]
pub mod usage;

#[cfg(feature = "format")]
pub use build_script::Builder;

use apollo_compiler::ast;
use apollo_compiler::schema::ExtendedType;
use config::{Config, Level};
use diagnostic::{Diagnostic, Diagnostics, Severity, has_errors};
use document::Documents;
use graphwright_prebuilt::Manifest;
use load::Inputs;
use schema::{ClientSide, Extent, Schema, Wanted};

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
    let schema = Schema::load(&mut sources, schema, ClientSide::new(config, client_schema), Extent::Whole).ok()?;
    if has_errors(&check_settings(config, &schema)) {
        return None;
    }
    // Without one thing, another may be missing.
    for _ in 0..ROUNDS {
        let found = document::validate(&schema, &documents, &sources);
        let problems: Vec<Diagnostic> =
            found.into_iter().filter(|one| !is_harmless(one)).filter_map(|one| levelled(config, one)).collect();
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
    matches!(diagnostic.code, "no-unused-variables" | "no-unused-fragments" | "provided-required-arguments")
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
        let defects = scope.spawn(|| schema::defects(&sources, &schema));
        let mut compiled = compile(config, inputs)?;
        let made = make(&compiled);
        compiled.warnings.list.extend(defects.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
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
    let schema = match Schema::load(&mut sources, &schema, ClientSide::new(config, &client_schema), extent) {
        Ok(schema) => schema,
        Err(mut list) => {
            list.append(&mut problems);
            return Err(sorted(sources, list));
        }
    };
    problems.extend(check_settings(config, &schema));
    let found = document::validate(&schema, &documents, &sources);
    let found = without_consequences(found, &problems);
    problems.extend(found.into_iter().filter_map(|one| levelled(config, one)));
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
    const OF_OTHERS: [&str; 3] = ["known-fragment-names", "no-unused-fragments", "no-unused-variables"];
    let place = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.source);
    let is_broken = |one: &&Diagnostic| one.code == "syntax" && one.severity == Severity::Error;
    let broken: Vec<_> = problems.iter().filter(is_broken).map(place).collect();
    if !broken.is_empty() {
        found.retain(|one| !broken.contains(&place(one)) && !OF_OTHERS.contains(&one.code));
    }
    found
}

/// Settings that mean nothing for this schema, or are no Rust.
fn check_settings(config: &Config, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(config.scalars.keys().filter_map(|name| check_scalar(name, schema)));
    for (name, settings) in &config.types {
        found.extend(check_type(name, schema, config));
        let wrong = settings.derives.iter().filter(|path| !ir::is_rust_path(path));
        found.extend(wrong.map(|path| not_a_derive(path)));
    }
    for (what, ty) in config.scalars.iter().chain(&config.fields).filter(|(_, ty)| !ir::is_rust_type(ty)) {
        found.push(Diagnostic::error("config", format!("`{ty}`, to which `{what}` is mapped, is not a Rust type")));
    }
    found.extend(config.fields.keys().filter_map(|coordinate| check_coordinate(coordinate, schema)));
    for path in &config.generate.derives {
        if !ir::is_rust_path(path) {
            found.push(not_a_derive(path));
        }
    }
    found
}

fn not_a_derive(path: &str) -> Diagnostic {
    Diagnostic::error("config", format!("`{path}` in `derives` is not the path of a derive"))
}

/// A name in `scalars` that is not that of a scalar.
fn check_scalar(name: &str, schema: &Schema) -> Option<Diagnostic> {
    if schema.scalars().any(|scalar| scalar == name) {
        return None;
    }
    let Some(definition) = schema.definitions().types.get(name) else {
        // One configuration may serve several schemas, as with macros.
        let unknown = Diagnostic::warning("config", format!("the schema has no scalar `{name}`, which `scalars` maps"));
        return Some(match diagnostic::did_you_mean(name, schema.scalars()) {
            Some(help) => unknown.help(help),
            None => unknown,
        });
    };
    let wrong = Diagnostic::error("config", format!("`{name}` in `scalars` is {}, not a scalar", kind_of(definition)));
    Some(match definition {
        ExtendedType::Enum(_) => wrong.help("map single fields of the enum under `fields`"),
        _ => wrong,
    })
}

/// A name in `types` that is not that of a type that has settings.
fn check_type(name: &str, schema: &Schema, config: &Config) -> Option<Diagnostic> {
    let types = &schema.definitions().types;
    let wrong = |message: String| Some(Diagnostic::error("config", message));
    match types.get(name) {
        Some(ExtendedType::Scalar(_)) if config.scalars.contains_key(name) => {
            wrong(format!("`{name}` has settings in `types`, but `scalars` maps it to a type of yours"))
        }
        Some(ExtendedType::Scalar(scalar)) if !scalar.is_built_in() => None,
        Some(ExtendedType::Enum(_) | ExtendedType::InputObject(_)) => None,
        Some(definition) => {
            let help = "the settings there are for enums, input objects and custom scalars; derives for selection sets are set \
                        for operations, fragments and fields";
            wrong(format!("`{name}` in `types` is {}", kind_of(definition))).map(|wrong| wrong.help(help))
        }
        None => {
            let message = format!("the schema has no type `{name}`, which `types` has settings for");
            let known = types.keys().map(|name| name.as_str());
            wrong(message).map(|wrong| match diagnostic::did_you_mean(name, known) {
                Some(help) => wrong.help(help),
                None => wrong,
            })
        }
    }
}

fn kind_of(definition: &ExtendedType) -> &'static str {
    match definition {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(_) => "an object type",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input object",
    }
}

/// A schema coordinate that is no field with a leaf type.
fn check_coordinate(coordinate: &str, schema: &Schema) -> Option<Diagnostic> {
    let types = &schema.definitions().types;
    let wrong = |message: String| Diagnostic::error("config", message);
    let Some((parent, field)) = coordinate.split_once('.') else {
        let message = format!("`{coordinate}` in `fields` is not the coordinate of a field");
        return Some(wrong(message).help("write the type and the field: `Customer.createdAt`"));
    };
    let with_help = |diagnostic: Diagnostic, help: Option<String>| match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    let Some(definition) = types.get(parent) else {
        let message = format!("the schema has no type `{parent}`, of which `fields` maps a field");
        let known = types.keys().map(|name| name.as_str());
        return Some(with_help(wrong(message), diagnostic::did_you_mean(parent, known)));
    };
    let fields: Vec<(&str, &ast::Type)> = match definition {
        ExtendedType::Object(object) => object.fields.iter().map(|(name, field)| (name.as_str(), &field.ty)).collect(),
        ExtendedType::Interface(interface) => {
            interface.fields.iter().map(|(name, field)| (name.as_str(), &field.ty)).collect()
        }
        ExtendedType::InputObject(input) => {
            input.fields.iter().map(|(name, field)| (name.as_str(), &*field.ty)).collect()
        }
        _ => Vec::new(),
    };
    match fields.iter().find(|(name, _)| *name == field) {
        None => {
            let message = format!("`{parent}` has no field `{field}`, which `fields` maps");
            Some(with_help(wrong(message), diagnostic::did_you_mean(field, fields.iter().map(|(name, _)| *name))))
        }
        Some((_, ty)) if schema.is_composite(ty.inner_named_type()) => {
            Some(wrong(format!("`{coordinate}` in `fields` has a selection set, so it cannot be mapped")))
        }
        Some(_) => None,
    }
}

/// A violation at the level that the configuration gives it.
pub(crate) fn levelled(config: &Config, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
    let level = match diagnostic.code {
        document::SAME_RESPONSE_SHAPE => config.generate.same_response_shape,
        "no-unused-fragments" => config.generate.unused_fragments,
        "no-unused-variables" => config.generate.unused_variables,
        _ => Level::Error,
    };
    match level {
        Level::Error => {}
        Level::Warn => diagnostic.severity = Severity::Warning,
        Level::Allow => return None,
    }
    Some(diagnostic)
}

fn sorted(sources: source::Sources, list: Vec<Diagnostic>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(sources, list);
    diagnostics.sort();
    diagnostics
}
