//! `cargo xtask contract`: tests the local server against its OpenAPI description, with schemathesis.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::{SESSION, Server, Settings, folder};
use std::env;
use std::process::Command;

/// Runs schemathesis (from PyPI; `SCHEMATHESIS` names it if it is not on the path).
pub fn run(examples: u32) -> Result<()> {
    let program = env::var("SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned());
    // Without a limit, since otherwise most responses would be 429; the limit has its own tests.
    let server = Server::start(Settings { requests_per_second: 0, ..Settings::default() })?;
    let token = server.access_token("local-user", 3600);
    // schemathesis keeps a cache in its working directory.
    let scratch = folder().join("../target/contract");
    std::fs::create_dir_all(&scratch)?;
    let program = match program.contains('/') {
        true => std::path::absolute(&program)?.display().to_string(),
        false => program,
    };
    let status = Command::new(&program)
        .current_dir(scratch)
        .arg("run")
        .arg(folder().join("prismatic/openapi.yml"))
        .args(["--url", &server.url()])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ])
        .args(["--max-examples", &examples.to_string()])
        .args(["--seed", "1", "--no-color"])
        .args(["-H", &format!("Authorization: Bearer {token}"), "-H", &format!("Cookie: session={SESSION}")])
        .status()
        .with_context(|| format!("cannot run {program}; install it with `pip install schemathesis`"))?;
    let stats = server.stats();
    println!("{} requests answered, {} unauthorized", stats.answered.len(), stats.unauthorized);
    if !status.success() {
        bail!("the server breaks its contract");
    }
    Ok(())
}
