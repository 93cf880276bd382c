//! Access tokens that a command prints.

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

/// The largest output that is read: tokens are small.
const MOST_BYTES: usize = 1 << 20;

/// The longest interval between questions whether the command has ended.
const PATIENCE: Duration = Duration::from_millis(20);

/// The output of a command, for example `prism me:token`.
///
/// The command's standard error is that of this process. If the renewal takes too long or is given up, the command is
/// killed; processes that it has started are not.
///
/// `Debug` does not show the arguments: they can hold secrets.
#[derive(Clone)]
pub struct CommandSource {
    program: OsString,
    arguments: Vec<OsString>,
}

impl CommandSource {
    /// Creates a source for a program that prints a token on standard output and nothing else. It is run without a shell.
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
            let message = format!("`{shown}`, which prints the token, cannot be run: {error}");
            super::classified(Error::authentication(message), &error)
        };
        let mut child = self.spawn().map_err(failed)?;
        let (done, output) = oneshot::channel();
        let (ended, status) = oneshot::channel();
        let stdout = child.stdout.take();
        let child = KilledOnDrop(Arc::new(Mutex::new(child)));
        let reaped = child.0.clone();
        // Two threads: a process that the command has left behind can hold the pipe after the command's end.
        std::thread::spawn(move || ended.send(reap(&reaped)));
        std::thread::spawn(move || done.send(read(stdout)));
        let broken = |_| io::Error::other("its thread broke down");
        let output = output.await.map_err(broken).and_then(|output| output).map_err(failed)?;
        if output.len() > MOST_BYTES {
            let message = format!("`{shown}`, which prints the token, printed more than {MOST_BYTES} bytes");
            return Err(Error::authentication(message));
        }
        let status = status.await.map_err(broken).and_then(|status| status).map_err(failed)?;
        if !status.success() {
            return Err(Error::authentication(format!("`{shown}`, which prints the token, failed: {status}")));
        }
        let text = String::from_utf8(output)
            .map_err(|_| Error::authentication(format!("`{shown}` printed no text where a token was expected")))?;
        token(&text, || format!("`{shown}` printed nothing where a token was expected"))
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

/// A child that is killed when this is dropped; [`reap`] reaps it. Killing one that has been reaped does nothing.
struct KilledOnDrop(Arc<Mutex<Child>>);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        let _ = lock(&self.0).kill();
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end of a child, which can be killed meanwhile.
fn reap(child: &Mutex<Child>) -> io::Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = lock(child).try_wait()? {
            return Ok(status);
        }
        std::thread::sleep((started.elapsed() / 8).clamp(Duration::from_millis(1), PATIENCE));
    }
}

/// Reads one byte more than the most that is allowed.
fn read(stdout: Option<ChildStdout>) -> io::Result<Vec<u8>> {
    let mut output = Vec::new();
    if let Some(stdout) = stdout {
        stdout.take(MOST_BYTES as u64 + 1).read_to_end(&mut output)?;
    }
    Ok(output)
}
