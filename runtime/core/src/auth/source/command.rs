//! Access tokens from the output of a command.

use super::{TokenSource, token};
use crate::auth::Tokens;
use crate::error::Error;
use crate::transport::BoxFuture;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The maximum size of the output, since tokens are small.
const MOST_BYTES: usize = 1 << 20;

/// The longest interval between checks whether the command has ended.
const PATIENCE: Duration = Duration::from_millis(20);

/// The output of a command, for example `prism me:token`.
///
/// The command shares the standard error of this process. If the renewal takes too long or is cancelled, the command is
/// killed; processes that it has started are not.
///
/// `Debug` does not show the arguments, which can contain secrets.
#[derive(Clone)]
pub struct CommandSource {
    program: OsString,
    arguments: Vec<OsString>,
}

impl CommandSource {
    /// Creates a source for a program that prints only a token on standard output. It is run without a shell.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self { program: program.into(), arguments: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn spawn(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()
    }

    async fn run(&self) -> Result<Tokens, Error> {
        let shown = self.program.display();
        let failed = |error: io::Error| {
            let message = format!("cannot run the token command `{shown}`: {error}");
            super::classified(Error::authentication(message), &error)
        };
        let mut child = self.spawn().map_err(failed)?;
        let (done, output) = oneshot::channel();
        let (ended, status) = oneshot::channel();
        let stdout = child.stdout.take();
        let child = KilledOnDrop(Arc::new(Mutex::new(child)));
        let reaped = child.0.clone();
        // Two threads, since a process that the command has left running can hold the pipe after the command's end.
        std::thread::spawn(move || ended.send(reap(&reaped)));
        std::thread::spawn(move || done.send(read(stdout)));
        let broken = |_| io::Error::other("its thread panicked");
        let output = output.await.map_err(broken).and_then(|output| output).map_err(failed)?;
        if output.len() > MOST_BYTES {
            let message = format!("the token command `{shown}` printed more than {MOST_BYTES} bytes");
            return Err(Error::authentication(message));
        }
        let status = status.await.map_err(broken).and_then(|status| status).map_err(failed)?;
        if !status.success() {
            return Err(Error::authentication(format!("the token command `{shown}` failed: {status}")));
        }
        let text = String::from_utf8(output).map_err(|_| {
            Error::authentication(format!("the token command `{shown}` printed invalid UTF-8; expected a token"))
        })?;
        token(&text, || format!("the token command `{shown}` printed nothing; expected a token"))
    }
}

impl fmt::Debug for CommandSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandSource")
            .field("program", &self.program)
            .field("arguments", &self.arguments.len())
            .finish()
    }
}

impl TokenSource for CommandSource {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        Box::pin(self.run())
    }
}

/// A child that is killed when this is dropped, and that [`reap`] reaps. Killing a reaped child does nothing.
struct KilledOnDrop(Arc<Mutex<Child>>);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        let _ = lock(&self.0).kill();
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end of a child, which can be killed while waiting.
fn reap(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        std::thread::sleep((started.elapsed() / 8).clamp(Duration::from_millis(1), PATIENCE));
    }
}

/// Reads at most one byte more than the maximum.
fn read(stdout: Option<ChildStdout>) -> io::Result<Vec<u8>> {
    let mut output = Vec::new();
    if let Some(stdout) = stdout {
        stdout.take(MOST_BYTES as u64 + 1).read_to_end(&mut output)?;
    }
    Ok(output)
}
