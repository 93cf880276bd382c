//! `graphwright init`

use super::Exit;
use super::report::Report;
use crate::output;
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

const FILE: &str = "graphql.config.toml";

/// Write a commented configuration file
///
/// Prompts for values that flags do not set, if standard input is a terminal.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright init
  graphwright init --yes
  graphwright init --schema schema.graphql --documents 'graphql/**/*.graphql' --output src/api")]
pub struct Arguments {
    /// Schema file or glob
    #[arg(long, value_name = "GLOB")]
    schema: Option<String>,
    /// Document glob
    #[arg(long, value_name = "GLOB")]
    documents: Option<String>,
    /// Output folder, or one file ending in `.rs`
    #[arg(long, short, value_name = "PATH")]
    output: Option<String>,
    /// Endpoint from which `graphwright introspect` fetches the schema
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Use defaults for missing values instead of prompting
    #[arg(long, short)]
    yes: bool,
    /// Replace an existing configuration file
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match write(arguments) {
        Ok(()) => {
            report.info(format!(
                "wrote {FILE}; next: `graphwright introspect URL --out SCHEMA` if there is no schema file yet, then \
                 `graphwright generate`"
            ));
            Exit::Clean
        }
        Err(error) => {
            report.failure(&error);
            Exit::Usage
        }
    }
}

fn write(arguments: Arguments) -> anyhow::Result<()> {
    if Path::new(FILE).exists() && !arguments.force {
        anyhow::bail!("{FILE} already exists; --force replaces it");
    }
    let ask = !arguments.yes && std::io::stdin().is_terminal();
    let schema = answer(arguments.schema, ask, "Schema file", "schema.graphql")?;
    let documents = answer(arguments.documents, ask, "Documents", "graphql/**/*.graphql")?;
    let output = answer(arguments.output, ask, "Output folder, or file ending in .rs", "src/api")?;
    let url = answer(arguments.url, ask, "Endpoint to fetch the schema from (may be empty)", "")?;
    output::write(&PathBuf::from(FILE), &configuration(&schema, &documents, &output, &url))?;
    Ok(())
}

fn answer(given: Option<String>, ask: bool, question: &str, usual: &str) -> anyhow::Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !ask {
        return Ok(usual.to_owned());
    }
    let mut stderr = std::io::stderr().lock();
    let hint = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
    write!(stderr, "{question}{hint}: ")?;
    stderr.flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let line = line.trim();
    Ok(if line.is_empty() { usual.to_owned() } else { line.to_owned() })
}

fn configuration(schema: &str, documents: &str, output: &str, url: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let introspect = if url.is_empty() {
        "# [extensions.graphwright.introspect]\n# url = \"https://api.example.com/graphql\"\n\
         # headers = { Authorization = \"Bearer $API_TOKEN\" }   # read from the environment\n"
            .to_owned()
    } else {
        format!(
            "[extensions.graphwright.introspect]\nurl = {}\n\
             # headers = {{ Authorization = \"Bearer $API_TOKEN\" }}   # read from the environment\n",
            quoted(url)
        )
    };
    format!(
        "# Read by graphwright, and by editors with GraphQL support. Paths are relative to this file.\n\
         \n\
         # SDL or introspection JSON; a path, a glob, or a list of them.\n\
         schema = {schema}\n\
         # Operations and fragments.\n\
         documents = {documents}\n\
         \n\
         [extensions.graphwright.generate]\n\
         # A folder (one file for each document), or one file when it ends in `.rs`.\n\
         output = {output}\n\
         # More derives for the types of selection sets.\n\
         # derives = [\"Eq\"]   # `Eq` where no `Float` is selected\n\
         \n\
         # Rust types for scalars; a scalar that is not listed is kept as JSON.\n\
         [extensions.graphwright.scalars]\n\
         # DateTime = \"jiff::Timestamp\"\n\
         \n\
         # What `graphwright introspect` fetches when it is called without a URL.\n\
         {introspect}",
        schema = quoted(schema),
        documents = quoted(documents),
        output = quoted(output),
    )
}
