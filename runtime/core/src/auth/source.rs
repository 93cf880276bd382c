//! Where access tokens come from.

use super::Tokens;
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::BoxFuture;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Gets access tokens.
pub trait TokenSource: Send + Sync + fmt::Debug + 'static {
    /// Gets an access token that may be used from now on.
    ///
    /// `known` is what there was before, a refresh token among it. An answer without refresh token keeps
    /// that one. The same access token as before says that there is no new one.
    fn renew<'a>(&'a self, known: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>>;

    /// SHIM
    fn old_tokens_end_at_once(&self) -> bool {
        false
    }

    /// Tells the server that the tokens must no longer be accepted.
    fn revoke<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Error>> {
        let _ = tokens;
        Box::pin(std::future::ready(Err(Error::authentication("tokens from here cannot be revoked"))))
    }
}

/// The value of an environment variable.
#[derive(Debug, Clone)]
pub struct EnvironmentSource {
    name: String,
}

impl EnvironmentSource {
    /// A token in a variable of the process.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl TokenSource for EnvironmentSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let name = &self.name;
        let token = match std::env::var(name) {
            Ok(text) => token(&text, || format!("the environment variable `{name}` is empty")),
            Err(std::env::VarError::NotPresent) => Err(Error::authentication(format!(
                "the environment variable `{name}`, which has the token, is not set"
            ))),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::authentication(format!("the environment variable `{name}` is not text")))
            }
        };
        Box::pin(std::future::ready(token))
    }
}

/// The content of a file, which somebody else may replace, as Kubernetes does with service account tokens.
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
}

impl FileSource {
    /// A file that has a token and nothing else; white space around it is ignored.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl TokenSource for FileSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let path = self.path.display();
        let token = match std::fs::read_to_string(&self.path) {
            Ok(text) => token(&text, || format!("the token file {path} is empty")),
            Err(error) => Err(Error::authentication(format!("the token file {path} cannot be read: {error}"))),
        };
        Box::pin(std::future::ready(token))
    }
}

/// What a command prints, for example `prism me:token`.
#[derive(Debug, Clone)]
pub struct CommandSource {
    program: OsString,
    arguments: Vec<OsString>,
}

impl CommandSource {
    /// A program that prints a token on standard output and nothing else. It is run without a shell.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), arguments: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn run(&self) -> Result<Tokens, Error> {
        let shown = self.program.display();
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| {
                Error::authentication(format!("`{shown}`, which prints the token, cannot be run: {error}"))
            })?;
        if !output.status.success() {
            let message = format!("`{shown}`, which prints the token, failed: {}", output.status);
            return Err(Error::authentication(message));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| Error::authentication(format!("`{shown}` printed no text where a token was expected")))?;
        token(&text, || format!("`{shown}` printed nothing where a token was expected"))
    }
}

impl TokenSource for CommandSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let (done, result) = tokio::sync::oneshot::channel();
        let command = self.clone();
        std::thread::spawn(move || done.send(command.run()));
        Box::pin(async move {
            result.await.unwrap_or_else(|_| Err(Error::authentication("the thread of the token command broke down")))
        })
    }
}

/// The token in a text, which must be one word.
fn token(text: &str, empty: impl Fn() -> String) -> Result<Tokens, Error> {
    match text.trim() {
        "" => Err(Error::authentication(empty())),
        token if token.contains(char::is_whitespace) => {
            Err(Error::authentication("where the token should be there is more than one word"))
        }
        token => Ok(Tokens::access(Secret::new(token))),
    }
}
