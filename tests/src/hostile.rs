//! Invariants for any text from outside: fuzzing calls these functions, and so do the
//! tests, with the findings of fuzzing.

use crate::generate;
use graphwright_cli::formats::{self, Format};
use graphwright_cli::formatter;
use graphwright_cli::lint::settings::{Choice, Profiles, Settings};
use graphwright_cli::lint::{Fixes, Project, Targets, fix};
use graphwright_codegen::config::{Config, Level};
use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_codegen::diagnostic::render::plain;
use graphwright_codegen::internal::query::syntax_of;
use graphwright_codegen::internal::schema::introspection::{Order, read, to_sdl};
use graphwright_codegen::internal::syntax::outline;
use graphwright_codegen::internal::{output, schema, source::Sources};

/// An ESLint configuration is read and translated, or rejected; the result is a valid configuration.
///
/// # Errors
/// A violated invariant.
pub fn eslint_text(name: &str, text: &str) -> Result<(), String> {
    graphwright_cli::cli::migrate::hostile(name, text)
}

/// A schema text loads or is rejected; operations against it are compiled or rejected; all
/// diagnostics can be rendered.
///
/// # Errors
/// A violated invariant.
pub fn schema_text(text: &str) -> Result<(), String> {
    for document in ["{ __typename }", "query Q { __schema { types { name fields { name } } } }"] {
        document_against(text, document)?;
    }
    Ok(())
}

/// A document is compiled or rejected against a schema that has everything; the generated
/// code is Rust, and the sent document is valid.
///
/// # Errors
/// A violated invariant.
pub fn document_text(text: &str) -> Result<(), String> {
    const SCHEMA: &str = include_str!("../../fixtures/schemas/kitchen_sink.graphql");
    document_against(SCHEMA, text)
}

fn document_against(schema_text: &str, document: &str) -> Result<(), String> {
    let mut config = Config::default();
    config.generate.output = Some("out".into());
    config.generate.same_response_shape = Level::Allow;
    outline(document);
    let mut sources = Sources::default();
    let text = sources.add("schema.graphql", schema_text);
    let defects = schema::defects(&sources, &[text]);
    plain(&Diagnostics::new(sources, defects));
    let compiled = match generate(&config, &[("schema.graphql", schema_text)], &[("query.graphql", document)]) {
        Ok(compiled) => compiled,
        Err(diagnostics) if diagnostics.list.iter().any(|one| one.code.name() == "by-need") => {
            return Err(plain(&diagnostics));
        }
        Err(diagnostics) if plain(&diagnostics).is_empty() => return Err("refused without a word".to_owned()),
        Err(_) => return Ok(()),
    };
    plain(&compiled.warnings);
    output::files(&compiled, &config).map_err(|error| error.to_string())?;
    for operation in compiled.module.documents.iter().flat_map(|document| &document.operations) {
        let sent = operation.document.as_str();
        let again = generate(&config, &[("schema.graphql", schema_text)], &[("sent.graphql", sent)]);
        let again = again.map_err(|error| format!("what is sent is refused: {error}\n{sent}"))?;
        let sent_again = again.module.documents.first().and_then(|document| document.operations.first());
        if sent_again.is_none_or(|again| again.document != sent) {
            return Err(format!("printing is not stable: {sent}\n{sent_again:?}"));
        }
    }
    Ok(())
}

/// Lints any text with all rules, fixes and formats it: as a document, and as a Rust file. The formatted text has the
/// same tokens, and the fixed text is at least as valid.
///
/// # Errors
/// A violated invariant.
pub fn linted_text(text: &str) -> Result<(), String> {
    const SCHEMA: &str = include_str!("../../fixtures/schemas/kitchen_sink.graphql");
    const SETTINGS: &str =
        "extends = [\"all\"]\nrules = { query-cost = { model = \"github\" }, operation-limits = { tokens = 9 } }";
    let settings: Settings = toml::from_str(SETTINGS).map_err(|error| error.to_string())?;
    let profiles = Profiles::new(&settings, Choice::default()).map_err(|error| error.to_string())?;
    let mut project = Project::default();
    project.schema.push(project.sources.add("schema.graphql", SCHEMA));
    project.add("document.graphql", text);
    project.add_rust("main.rs", &format!("#[operation(r#\"{text}\"#)] struct A;\n{text}").into());
    for which in [Fixes::Safe, Fixes::All] {
        let fixed =
            fix(&project, &profiles, &Targets::All, &settings, None, which).map_err(|error| error.to_string())?;
        plain(&fixed.left.diagnostics);
        for format in [Format::Json, Format::Sarif, Format::Junit, Format::Github, Format::Gitlab, Format::Compact] {
            formats::text(format, &fixed.left.diagnostics, &|_| None);
        }
    }
    let mut sources = Sources::default();
    let id = sources.add("document.graphql", text);
    if syntax_of(&sources, id).is_empty()
        && let Some(new) = formatter::format(text, &formatter::Style::default())
    {
        if formatter::content(text) != formatter::content(&new) {
            return Err(format!("formatting lost something: {new}"));
        }
        if formatter::format(&new, &formatter::Style::default()).as_ref() != Some(&new) {
            return Err(format!("formatting is not stable: {new}"));
        }
    }
    Ok(())
}

/// An introspection response is rejected, or becomes SDL that parses.
///
/// # Errors
/// A violated invariant.
pub fn introspection(text: &str) -> Result<(), String> {
    let Ok(answer) = read(text) else { return Ok(()) };
    let sdl = to_sdl(&answer, Order::Server);
    let mut sources = Sources::default();
    let id = sources.add("schema.json", text);
    schema::load(sources, &[id]).map(drop).map_err(|error| format!("our own SDL does not parse: {error}\n{sdl}"))
}
