//! The project's own cases: Markdown files of schemas and documents, see `fixtures/cases/README.md`.

use crate::findings::{Finding, differences};
use crate::sent::Source;
use crate::{Plan, Sample, Server, Suite, clients, generate};
use anyhow::{Context, Result, bail};
use graphwright_codegen::config::Level;
use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_codegen::internal::schema;
use graphwright_codegen::source::Sources;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::fs;
use std::path::{Path, PathBuf};

/// A section of a file.
struct Section {
    title: String,
    /// The contents of its `graphql` blocks.
    blocks: Vec<String>,
    /// The lines of its `json` blocks.
    answers: Vec<String>,
}

/// An answer to the first operation of a case.
#[derive(Deserialize)]
struct Answer {
    data: Box<RawValue>,
    /// The expected encoding, if it differs.
    want: Option<Box<RawValue>>,
}

/// Adds every section of every `*.md` file that has blocks.
///
/// # Errors
/// A file cannot be read, or a section has no document.
pub fn add_cases(suite: &mut Suite, folder: &Path, plan: Plan) -> Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let file = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut sections = sections(&text).into_iter();
        let Some(common) = sections.next().and_then(|section| section.blocks.into_iter().next()) else { continue };
        for section in sections {
            let name = format!("{file}: {}", section.title);
            let (schema, document) = match section.blocks.as_slice() {
                [document] => (&common, document),
                [schema, document] => (schema, document),
                _ => bail!("{name}: a section has a document, or a schema and a document"),
            };
            let cases = suite.cases.len();
            add_case(suite, &name, schema, document, plan)?;
            for answer in section.answers.iter().filter(|line| !line.trim().is_empty()) {
                let Answer { data, want } =
                    serde_json::from_str(answer).with_context(|| format!("{name}: {answer}"))?;
                let Some(case) = suite.cases.get_mut(cases) else { continue };
                let (want, replay) = (want.unwrap_or_else(|| data.clone()), "an answer of the case".to_owned());
                let variables = serde_json::Map::new();
                case.responses.push(Sample { operation: 0, data, want, least: None, variables, replay });
            }
        }
    }
    Ok(())
}

fn add_case(suite: &mut Suite, name: &str, schema: &str, document: &str, plan: Plan) -> Result<()> {
    let mut config = crate::as_specified();
    config.generate.output = Some(PathBuf::from("out"));
    if name.contains(": allowed: ") {
        config.generate.same_response_shape = Level::Allow;
    }
    let compiled = generate(&config, &[("schema.graphql", schema)], &[("query.graphql", document)]);
    let refused = name.contains(": refused: ");
    match compiled {
        Err(diagnostics) if refused => {
            let expected = marked(name, document)?;
            let differences = differences(&expected, &Finding::ours(&diagnostics.sources, &diagnostics.list));
            if differences.is_empty() {
                suite.totals.refused += 1;
            } else {
                suite.fail(name, format!("{}\n{diagnostics}", differences.join("\n")));
            }
        }
        Err(diagnostics) => suite.fail(name, format!("refused: {diagnostics}")),
        Ok(_) if refused => suite.fail(name, "accepted, and must be refused"),
        Ok(compiled) => {
            let mut sources = Sources::default();
            let (id, sdl) = (sources.add("schema.graphql", schema), schema);
            let schema = schema::load(sources, &[id]).map_err(|error: Diagnostics| anyhow::anyhow!("{error}"))?.0;
            let source = Source::single(document);
            suite.check_sent(name, &compiled.module, &source, schema.whole(), sdl, &config);
            let regenerate = |sdl: &str| {
                let new = generate(&config, &[("schema.graphql", sdl)], &[("query.graphql", document)]);
                new.map(|compiled| compiled.module).map_err(|found| found.list)
            };
            let server = Server { schema: schema.whole(), regenerate: &regenerate };
            clients::add_case(suite, name, compiled.module, config.clone(), &server, plan);
        }
    }
    Ok(())
}

/// Returns the errors that the lines of a document are marked with: `# here: RULE`.
fn marked(name: &str, document: &str) -> Result<Vec<Finding>> {
    let mut expected = Vec::new();
    for (at, line) in document.lines().enumerate() {
        let Some((_, rules)) = line.split_once("# here") else { continue };
        let rules =
            rules.strip_prefix(": ").with_context(|| format!("{name}: `# here` needs a rule: `# here: RULE`"))?;
        for rule in rules.split(", ") {
            let lines = [("query.graphql".to_owned(), at + 1)].into();
            expected.push(Finding { rule: Some(rule.to_owned()), lines });
        }
    }
    if expected.is_empty() {
        bail!("{name}: no line is marked");
    }
    Ok(expected)
}

/// Returns the sections of a file; the text before the first `##` is also one. A block ends at a fence
/// on its own line, so that descriptions may contain fences only between triple quotes.
fn sections(text: &str) -> Vec<Section> {
    let section = |title: &str| Section { title: title.to_owned(), blocks: Vec::new(), answers: Vec::new() };
    let mut sections = vec![section("")];
    let mut block: Option<(String, bool)> = None;
    let mut described = false;
    for line in text.lines() {
        match &mut block {
            Some((content, json)) if line.trim() == "```" && !described => {
                if let Some(section) = sections.last_mut() {
                    match json {
                        true => section.answers.extend(content.lines().map(str::to_owned)),
                        false => section.blocks.push(std::mem::take(content)),
                    }
                }
                block = None;
            }
            Some((content, _)) => {
                if line.matches("\"\"\"").count() % 2 == 1 {
                    described = !described;
                }
                content.push_str(line);
                content.push('\n');
            }
            None => match line.trim() {
                "```graphql" | "```json" => block = Some((String::new(), line.trim() == "```json")),
                _ => sections.extend(line.strip_prefix("## ").map(section)),
            },
        }
    }
    sections
}
