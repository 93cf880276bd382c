//! Running the command line, and servers that misbehave.

use graphwright::Error;
use graphwright::auth::{TokenSource, Tokens};
use graphwright::transport::BoxFuture;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;

/// Returns the root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Returns the path of the `graphwright` binary, built once.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let cargo = graphwright_fixtures::cargo()
            .args(["build", "--quiet", "-p", "graphwright-cli", "--bin", "graphwright", "--message-format=json"])
            .output()
            .unwrap();
        let messages = String::from_utf8(cargo.stdout).unwrap();
        let executable = messages.lines().filter_map(|line| line.split("\"executable\":\"").nth(1)).next_back();
        PathBuf::from(executable.unwrap().split('"').next().unwrap())
    })
}

/// A project in a temporary folder.
pub struct Project {
    pub folder: TempDir,
}

impl Project {
    /// Creates the smallest project: a schema, a document, a configuration.
    pub fn small() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        project.write("schema.graphql", "type Query {\n  me: User\n  users(first: Int): [User!]!\n}\n\ntype User {\n  id: ID!\n  name: String\n  role: Role!\n}\n\nenum Role {\n  ADMIN\n  USER\n}\n");
        project.write("ops/me.graphql", "query Me {\n  me {\n    id\n    name\n  }\n}\n");
        project.write(
            "graphql.config.toml",
            "schema = \"schema.graphql\"\ndocuments = \"ops/*.graphql\"\n\n[extensions.graphwright.generate]\noutput = \"out\"\n",
        );
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs git in the folder, with an author of its own, and returns what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        let settings =
            ["user.name=Ada", "user.email=ada@example.com", "core.autocrlf=false", "init.defaultBranch=main"];
        let mut git = Command::new("git");
        git.args(settings.iter().flat_map(|setting| ["-c", setting]));
        let output = git.args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs `graphwright` in the folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }

    /// Runs `graphwright` in the folder, with something on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.folder.path());
        ["NO_COLOR", "PRE_COMMIT", "CLICOLOR_FORCE"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command
    }
}

/// The output of a run of the command line.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Exit code and standard error, as snapshots show them; ports and folders vary.
    pub fn shown(&self, vary: &[(&str, &str)]) -> String {
        let mut text = format!("exit {}\n{}", self.code, self.stderr);
        for (from, to) in vary {
            text = text.replace(from, to);
        }
        text
    }
}

/// The reaction of a server to a connection.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes.
    Send(String),
    /// Reads, and says nothing.
    Hang,
    /// Answers with this JSON after a while.
    Slow(Duration, &'static str),
}

/// Returns a response of HTTP/1.1 with a length.
pub fn http(status: &str, content_type: &str, body: &str) -> Act {
    Act::Send(format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

/// Returns a server that does the acts in turn, the last one from then on. It ends with the process.
pub fn misbehaving(acts: Vec<Act>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (at, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let act = acts[at.min(acts.len() - 1)].clone();
            std::thread::spawn(move || {
                read_request(&mut stream);
                match act {
                    Act::Send(bytes) => drop(stream.write_all(bytes.as_bytes())),
                    Act::Hang => std::thread::sleep(Duration::from_secs(60)),
                    Act::Slow(time, body) => {
                        std::thread::sleep(time);
                        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                        let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
                    }
                }
            });
        }
    });
    url
}

/// Reads a request as far as its headers say, and returns its body.
pub fn read_request(stream: &mut std::net::TcpStream) -> Vec<u8> {
    let mut seen = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let Ok(read) = stream.read(&mut chunk) else { return Vec::new() };
        if read == 0 {
            return Vec::new();
        }
        seen.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&seen).to_lowercase();
        let Some(end) = text.find("\r\n\r\n") else { continue };
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        if seen.len() >= end + 4 + length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            return seen.split_off(end + 4);
        }
    }
}

/// Returns an empty crate that depends on `graphwright` with nothing but its macros, below the folder of the
/// build, so that a second run finds what the first one compiled.
pub fn scratch_crate(name: &str, more: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let root = root();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         graphwright = {{ path = {:?}, default-features = false, features = [\"macros\"] }}\n{more}",
        root.join("runtime")
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// Tokens without end, counted.
#[derive(Debug)]
pub struct Counting(pub Arc<AtomicUsize>);

impl TokenSource for Counting {
    fn renew<'a>(&'a self, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<Tokens, Error>> {
        let number = self.0.fetch_add(1, SeqCst);
        Box::pin(std::future::ready(Ok(Tokens::access(format!("token-{number}")))))
    }
}
