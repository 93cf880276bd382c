//! `graphwright auth`, and commands that use its tokens.

use crate::support::binary;
use graphwright_fixtures::{REFRESH_TOKEN, SESSION, Server, Settings};
use insta::assert_snapshot;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command with a folder for tokens and something on standard input: exit code and all output.
fn run(folder: &Path, server: &Server, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(binary())
        .args(arguments)
        .env("GRAPHWRIGHT_AUTH_DIR", folder)
        .env("PRISMATIC_URL", server.url())
        .env_remove("PRISMATIC_TENANT_ID")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = format!(
        "exit {}: {}{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    for secret in [REFRESH_TOKEN, SESSION, "wrong-token"] {
        assert!(!text.contains(secret) && !text.contains("eyJ"), "{text}");
    }
    text.replace(server.url().trim_start_matches("http://"), "SERVER")
}

#[test]
fn logging_in_and_out() {
    let server = Server::start(Settings::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], input: &str| run(folder.path(), &server, arguments, input);
    assert_snapshot!(run(&["auth", "status"], ""), @"exit 1: not logged in to SERVER");
    assert_snapshot!(run(&["auth", "refresh"], ""), @"exit 2: error: not logged in to SERVER; run `graphwright auth login`");
    assert_snapshot!(run(&["auth", "login"], ""), @"exit 2: error: standard input is empty; expected a refresh token");
    assert_snapshot!(run(&["auth", "login"], "wrong-token\n"), @"exit 3: error: the access token cannot be renewed, log in again: the token endpoint answered 401 Unauthorized: The refresh token is not valid.");
    assert_snapshot!(run(&["auth", "login"], &format!("{REFRESH_TOKEN}\n")), @"exit 0: logged in to SERVER; the access token expires in 7 days and is refreshed then");
    assert_snapshot!(run(&["auth", "status"], ""), @"exit 0: logged in to SERVER; the access token expires in 7 days and is refreshed then");
    assert_snapshot!(run(&["auth", "refresh"], ""), @"exit 0: refreshed; the access token expires in 7 days and is refreshed then");
    let schema = folder.path().join("schema.graphql");
    let (url, path) = (format!("{}/api", server.url()), schema.display().to_string());
    let fetched = run(&["introspect", &url, "--out", &path], "");
    assert!(fetched.starts_with("exit 0") && schema.exists(), "{fetched}");
    assert_snapshot!(run(&["auth", "revoke"], ""), @"exit 0: logged out of SERVER; all your refresh tokens are revoked");
    assert_snapshot!(run(&["auth", "status"], ""), @"exit 1: not logged in to SERVER");
    assert_snapshot!(run(&["auth", "login", "--session"], SESSION), @"exit 0: logged in to SERVER; the access token expires in 15 min and cannot be refreshed");
}
