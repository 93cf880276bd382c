//! `graphwright introspect`

use super::Exit;
use super::failure::Failure;
use super::fmt;
use super::projects::ProjectFlags;
use super::report::Report;
use super::style::Styles;
use crate::config;
use crate::files::shown;
use crate::output;
use crate::schema::introspection::{self, Order, PROBE, Support};
use clap::{Args, ValueEnum};
use graphwright_core::{Client, Error, Response};
use serde_json::{Map, Value};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Fetch the schema of a server
///
/// Asks the server first which introspection features it supports, so that the schema is as complete
/// as the server allows. The file is replaced only by a complete schema.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright introspect https://api.example.com/graphql --out schema.graphql
  graphwright introspect https://api.example.com/graphql -H 'Authorization: $API_TOKEN' --format json
  graphwright introspect                     # URL and headers from graphql.config.toml

Without an Authorization header, the tokens of `graphwright auth login` are used, if there are any for the server.
A header value `$NAME` or `Bearer $NAME` takes NAME from the environment.")]
pub struct Arguments {
    /// GraphQL endpoint [default: `url` of [extensions.graphwright.introspect]]
    url: Option<String>,
    /// Send a request header, `Name: value`; may be repeated
    #[arg(short = 'H', long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// File to write the schema to [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Schema format: SDL, or the introspection response as JSON
    #[arg(long, value_enum, default_value_t = Format::Sdl)]
    format: Format,
    /// Sort definitions by name instead of keeping the server's order
    #[arg(long)]
    sort: bool,
    /// Wait at most this many seconds for a response
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    #[command(flatten)]
    project: ProjectFlags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Sdl,
    Json,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match fetch(&arguments, report) {
        Ok(()) => Exit::Clean,
        Err(failure) => failure.tell(report),
    }
}

fn fetch(arguments: &Arguments, report: &Report) -> Result<(), Failure> {
    let (url, headers) = target(arguments)?;
    let answer = answer_of(&url, headers, arguments.timeout, report)?;
    let (mut text, left_out) = written(&answer, arguments).map_err(Failure::Network)?;
    for message in left_out {
        report.info(format!("warning: {message}: omitted"));
    }
    if arguments.format == Format::Sdl {
        text = in_style(text, arguments.out.as_deref().unwrap_or(Path::new("schema.graphql")))?;
    }
    match &arguments.out {
        Some(path) => {
            if std::fs::read_to_string(path).is_ok_and(|present| present == text) {
                report.info(format!("{} is up to date", path.display()));
                return Ok(());
            }
            output::write(path, &text).map_err(anyhow::Error::from)?;
            report.info(format!("wrote {}", path.display()));
        }
        None => {
            let printed = std::io::stdout().lock().write_all(text.as_bytes());
            printed.map_err(|error| Failure::Usage(error.into()))?;
        }
    }
    Ok(())
}

/// Returns SDL formatted as `fmt` would write it to a file.
pub fn in_style(sdl: String, file: &Path) -> anyhow::Result<String> {
    let style = Styles::default().of(file)?;
    // A schema that the formatter rejects is still written.
    Ok(fmt::formatted("the schema", &sdl, &style).unwrap_or(sdl))
}

/// Returns the introspection response of a server.
fn answer_of(url: &str, headers: Vec<(String, String)>, timeout: u64, report: &Report) -> Result<Value, Failure> {
    let has_token = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let login = if has_token { None } else { super::auth::login_for(url) };
    let mut builder = Client::builder(url).timeout(Duration::from_secs(timeout));
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    if let Some(login) = login {
        builder = builder.authentication(login);
    }
    let client = builder.build().map_err(|error| Failure::Usage(error.into()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Usage(error.into()))?;
    let progress = report.progress("fetching the schema");
    let answer = runtime.block_on(introspect(&client)).map_err(Failure::Network)?;
    progress.finish_and_clear();
    Ok(answer)
}

/// Returns the schema of a server as SDL, and the parts that SDL cannot express.
pub fn sdl_of(
    url: &str,
    headers: Vec<(String, String)>,
    timeout: u64,
    report: &Report,
) -> Result<(String, Vec<String>), Failure> {
    let answer = answer_of(url, headers, timeout, report)?;
    sdl(&answer, Order::Server).map_err(Failure::Network)
}

fn sdl(answer: &Value, order: Order) -> anyhow::Result<(String, Vec<String>)> {
    let json = serde_json::to_string_pretty(&serde_json::json!({ "data": answer }))?;
    let schema = introspection::read(&json)?;
    let text = introspection::to_sdl(&schema, order);
    Ok((text, schema.left_out))
}

/// Returns the request headers of a configuration.
pub fn configured(config: &config::Config) -> anyhow::Result<Vec<(String, String)>> {
    let all = config.introspect.headers.iter();
    all.map(|(name, value)| Ok((name.clone(), from_environment(name, value)?))).collect()
}

/// Parses the request headers of the command line.
pub fn headers(given: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let one = |header: &String| {
        let (name, value) =
            header.split_once(':').ok_or_else(|| anyhow::anyhow!("invalid header; expected `Name: value`"))?;
        let (name, value) = (name.trim(), value.trim());
        Ok((name.to_owned(), from_environment(name, value)?))
    };
    given.iter().map(one).collect()
}

/// Returns the URL and the headers, from the command line or else from the configuration.
fn target(arguments: &Arguments) -> Result<(String, Vec<(String, String)>), Failure> {
    let mut all = Vec::new();
    let url = match &arguments.url {
        Some(url) => url.clone(),
        None => {
            let config = arguments.project.one()?;
            all.extend(configured(&config)?);
            let file = config.file.map_or_else(|| "the configuration".to_owned(), |file| shown(&file.path));
            config.introspect.url.ok_or_else(|| {
                anyhow::anyhow!(
                    "no endpoint; give a URL or set `url` under [extensions.graphwright.introspect] in {file}"
                )
            })?
        }
    };
    all.extend(headers(&arguments.headers)?);
    Ok((url, all))
}

/// Replaces a `$NAME` at the end of a header value.
fn from_environment(header: &str, value: &str) -> anyhow::Result<String> {
    let (before, name) = match value.rsplit_once('$') {
        Some((before, name)) if before.is_empty() || before.ends_with(' ') => (before, name),
        _ => return Ok(value.to_owned()),
    };
    let is_name =
        !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if !is_name {
        return Ok(value.to_owned());
    }
    let found = std::env::var(name)
        .map_err(|_| anyhow::anyhow!("the environment variable `{name}` for header `{header}` is not set"))?;
    Ok(format!("{before}{found}"))
}

/// Asks which features the server supports, then sends the full introspection query. If the first request fails,
/// sends a query that every server supports.
async fn introspect(client: &Client) -> anyhow::Result<Value> {
    let probe: Result<Response<Value>, Error> = client.execute_raw(PROBE, &Map::new(), None).await;
    let support = match probe {
        Ok(Response { data: Some(data), .. }) => Support::from_probe(&data),
        Ok(_) => Support::default(),
        Err(error) if error.status().is_some_and(|status| status == 400 || status == 422) => Support::default(),
        Err(error) => return Err(error.into()),
    };
    let query = introspection::query(support);
    let response: Response<Value> = client.execute_raw(&query, &Map::new(), Some("IntrospectionQuery")).await?;
    Ok(response.into_result()?)
}

/// Returns the schema as text, and the parts that it cannot express.
fn written(answer: &Value, arguments: &Arguments) -> anyhow::Result<(String, Vec<String>)> {
    let order = if arguments.sort { Order::Sorted } else { Order::Server };
    let (text, left_out) = sdl(answer, order)?;
    Ok(match arguments.format {
        Format::Json if arguments.sort => (format!("{}\n", serde_json::to_string_pretty(&sorted(answer))?), Vec::new()),
        Format::Json => (format!("{}\n", serde_json::to_string_pretty(answer)?), Vec::new()),
        Format::Sdl => (text, left_out),
    })
}

/// Sorts lists of named items by name.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), sorted(field))).collect(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            if items.iter().all(|item| item.get("name").is_some_and(Value::is_string)) {
                items.sort_by(|left, right| {
                    let name = |item: &Value| item.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                    name(left).cmp(&name(right))
                });
            }
            Value::Array(items)
        }
        other => other.clone(),
    }
}
