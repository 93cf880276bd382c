//! `graphwright auth`

use super::Exit;
use super::report::Report;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use graphwright_core::auth::{FileStore, Renewing, TokenStore, Tokens};
use graphwright_core::http::Uri;
use graphwright_core::prismatic::{self, DEFAULT_URL, Login};
use graphwright_core::{Error, Secret};
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Log in to Prismatic's API for commands that query a server
///
/// The tokens of each server are stored in a file that only you can read, in `graphwright/auth` below the configuration
/// folder of the user, or in GRAPHWRIGHT_AUTH_DIR. `graphwright introspect` uses them and refreshes expired ones.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  prism me:token --type refresh | graphwright auth login
  graphwright auth login https://app.eu-west-1.prismatic.io --session
  graphwright auth status
  graphwright auth revoke

No command prints a token.")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read a refresh token from standard input, exchange it, and store both tokens
    Login {
        #[command(flatten)]
        server: Server,
        /// Read the web application's `session` cookie instead (short-lived, not refreshed)
        #[arg(long)]
        session: bool,
    },
    /// Report whether tokens are stored and when they expire
    Status {
        #[command(flatten)]
        server: Server,
    },
    /// Refresh the access token now
    Refresh {
        #[command(flatten)]
        server: Server,
    },
    /// Revoke all your refresh tokens on the server and delete the stored ones
    Revoke {
        #[command(flatten)]
        server: Server,
    },
}

#[derive(Debug, Args)]
struct Server {
    /// URL of the stack [default: PRISMATIC_URL, or https://app.prismatic.io]
    url: Option<String>,
    /// Tenant to log in to [default: PRISMATIC_TENANT_ID]
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,
}

impl Server {
    fn url(&self) -> String {
        self.url.clone().or_else(|| variable("PRISMATIC_URL")).unwrap_or_else(|| DEFAULT_URL.to_owned())
    }

    fn login(&self, tokens: Tokens) -> Login {
        let login = Login::new(self.url(), tokens);
        match self.tenant.clone().or_else(|| variable("PRISMATIC_TENANT_ID")) {
            Some(tenant) => login.tenant(tenant),
            None => login,
        }
    }
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match act(&arguments.command, report) {
        Ok(exit) => exit,
        Err(error) => {
            report.failure(&error);
            if error.is::<Error>() { Exit::Network } else { Exit::Usage }
        }
    }
}

fn act(command: &Command, report: &Report) -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match command {
        Command::Login { server, session } => {
            let store = store(&server.url())?;
            let what = if *session { "session" } else { "refresh token" };
            let secret = read_secret(what)?;
            let tokens = match session {
                true => runtime.block_on(prismatic::session_tokens(&server.url(), &secret))?,
                // The new refresh token replaces the tokens of an earlier login.
                false => runtime.block_on(server.login(Tokens::refresh(secret)).renewing().build().renew())?,
            };
            runtime.block_on(store.save(&tokens))?;
            report.info(format!("logged in to {}; {}", shown(&server.url()), lifetime(&tokens)));
        }
        Command::Status { server } => match runtime.block_on(store(&server.url())?.load())? {
            Some(tokens) => {
                report.info(format!("logged in to {}; {}", shown(&server.url()), lifetime(&tokens)));
                if tokens.is_expired() && tokens.refresh.is_none() {
                    return Ok(Exit::Findings);
                }
            }
            None => {
                report.info(format!("not logged in to {}", shown(&server.url())));
                return Ok(Exit::Findings);
            }
        },
        Command::Refresh { server } => {
            let tokens = runtime.block_on(kept(server, &runtime)?.renew())?;
            report.info(format!("refreshed; {}", lifetime(&tokens)));
        }
        Command::Revoke { server } => {
            runtime.block_on(kept(server, &runtime)?.revoke())?;
            report.info(format!("logged out of {}; all your refresh tokens are revoked", shown(&server.url())));
        }
    }
    Ok(Exit::Clean)
}

/// Returns the stored tokens of an earlier login.
fn kept(server: &Server, runtime: &tokio::runtime::Runtime) -> Result<Renewing> {
    let store = store(&server.url())?;
    match runtime.block_on(store.load())? {
        Some(tokens) => Ok(server.login(tokens).renewing().store(store).build()),
        None => bail!("not logged in to {}; run `graphwright auth login`", shown(&server.url())),
    }
}

/// Returns the login that an earlier `auth login` stored for a server, if any.
pub fn login_for(url: &str) -> Option<Renewing> {
    let store = store(url).ok().filter(|store| store.path().exists())?;
    let server = Server { url: Some(url.to_owned()), tenant: None };
    Some(server.login(Tokens::default()).renewing().store(store).build())
}

/// Returns the token store of a server: one file for each origin, so that tokens are never sent to another one.
fn store(url: &str) -> Result<FileStore> {
    let uri: Uri = url.trim().parse().with_context(|| format!("`{}` is not a URL", shown(url)))?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { bail!("`{}` is not a URL", shown(url)) };
    let port = uri.port_u16().map(|port| format!("_{port}")).unwrap_or_default();
    let host: String = host.chars().map(|letter| if letter == ':' { '_' } else { letter }).collect();
    Ok(FileStore::new(folder()?.join(format!("{scheme}_{host}{port}.json"))))
}

fn folder() -> Result<PathBuf> {
    if let Some(folder) = variable("GRAPHWRIGHT_AUTH_DIR") {
        return Ok(folder.into());
    }
    let config = match variable("XDG_CONFIG_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::home_dir().context("the home folder is unknown; set GRAPHWRIGHT_AUTH_DIR")?.join(".config"),
    };
    Ok(config.join("graphwright/auth"))
}

/// Reads a secret from a terminal without echo, or from a pipe.
fn read_secret(what: &str) -> Result<Secret> {
    let text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{what}: "))?
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).with_context(|| format!("cannot read the {what}"))?;
        text
    };
    match text.trim() {
        "" => bail!("standard input is empty; expected a {what}"),
        secret => Ok(Secret::new(secret)),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// Returns the host of a URL, without parts that may be secret.
fn shown(url: &str) -> String {
    let rest = url.split("://").last().unwrap_or_default();
    let host = rest.rsplit('@').next().unwrap_or_default();
    host.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

fn lifetime(tokens: &Tokens) -> String {
    let renewal = if tokens.refresh.is_some() { "and is refreshed then" } else { "and cannot be refreshed" };
    let Some(end) = tokens.expires_at else { return format!("the access token has no known expiry {renewal}") };
    match end.duration_since(SystemTime::now()) {
        Ok(left) => format!("the access token expires in {} {renewal}", in_words(left)),
        Err(_) => format!("the access token has expired {renewal}")
            .replace("and is refreshed then", "and is refreshed when it is used"),
    }
}

fn in_words(time: Duration) -> String {
    let minutes = time.as_secs().div_ceil(60);
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}
