//! Projects for the benchmark of the linter: many documents against GitHub's schema.

use anyhow::{Context, Result, bail};
use graphwright_codegen::internal::syntax::outline;
use std::fs;
use std::path::{Path, PathBuf};

/// Settings of graphql-eslint with all rules for operations.
const ESLINT: &str = "import plugin from '@graphql-eslint/eslint-plugin';
export default [{
  files: ['**/*.graphql'],
  languageOptions: {
    parser: plugin.parser,
    parserOptions: { graphQLConfig: { schema: './schema.graphql', documents: './q/*.graphql' } },
  },
  plugins: { '@graphql-eslint': plugin },
  rules: plugin.configs['flat/operations-all'].rules,
}];
";

/// Writes a project with so many documents, for both linters.
///
/// The documents are those of GitHub's clients among the given cases that are valid, again and again under other names.
///
/// # Errors
/// There are no documents, or a file cannot be written.
pub fn write_project(folder: &Path, schema: &Path, shared: &Path, count: usize) -> Result<()> {
    let texts = documents(&shared.join("corpus/github"))?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("q"))?;
    for number in 0..count {
        let text = &texts[number % texts.len()];
        let text = renamed(text, &format!("{}x{}", number % texts.len(), number / texts.len()));
        fs::write(folder.join(format!("q/document{number}.graphql")), text)?;
    }
    fs::write(folder.join("schema.graphql"), without_repetitions(&fs::read_to_string(schema)?))?;
    let config = "schema = \"schema.graphql\"\ndocuments = \"q/*.graphql\"\n[extensions.graphwright.lint]\nextends = [\"all\"]\n";
    fs::write(folder.join("graphql.config.toml"), config)?;
    fs::write(folder.join("eslint.config.mjs"), ESLINT)?;
    Ok(())
}

/// Returns an SDL text in which everything is defined once: GitHub's has fields twice, and the peer looks at nothing
/// then.
fn without_repetitions(text: &str) -> String {
    let schema = apollo_compiler::Schema::parse(text, "schema.graphql").unwrap_or_else(|found| found.partial);
    schema.serialize().to_string()
}

/// Returns the documents of a client that are valid by themselves.
fn documents(client: &Path) -> Result<Vec<String>> {
    let expected = fs::read_to_string(client.join("expected.json"))
        .context("the documents are among the given cases: set GRAPHWRIGHT_SHARED to their folder")?;
    let expected: serde_json::Value = serde_json::from_str(&expected)?;
    let mut files: Vec<PathBuf> = Vec::new();
    collect(&client.join("operations"), &mut files)?;
    files.sort();
    let is_valid = |file: &PathBuf| {
        let name = file.strip_prefix(client).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let short = name.trim_start_matches("operations/");
        let of = |key: &str| expected["files"].get(key).filter(|one| one["status"] == "valid");
        of(&name).or_else(|| of(short)).is_some_and(|one| one["needs"].as_array().is_none_or(Vec::is_empty))
    };
    let texts: Vec<String> =
        files.iter().filter(|file| is_valid(file)).map(fs::read_to_string).collect::<Result<_, _>>()?;
    if texts.is_empty() {
        bail!("{} has no valid documents", client.display());
    }
    Ok(texts)
}

/// All files below a folder.
///
/// # Errors
/// A folder cannot be read.
pub fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Returns the text with another end on the name of each operation, fragment and spread.
fn renamed(text: &str, end: &str) -> String {
    let outline = outline(text);
    let names = outline.definitions.iter().flat_map(|one| one.name.iter().chain(&one.spreads));
    let mut ends: Vec<usize> = names.map(|name| name.end).collect();
    ends.sort_unstable();
    let mut text = text.to_owned();
    for at in ends.into_iter().rev() {
        text.insert_str(at, end);
    }
    text
}
