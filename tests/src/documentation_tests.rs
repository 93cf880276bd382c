//! Whether rustdoc takes anything in generated code for a documentation test.

use crate::Failure;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// Asks rustdoc for the documentation tests of the crate of all cases; there must be none.
pub(crate) fn found(folder: &Path) -> Result<Option<Failure>> {
    let output = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--offline", "--", "--test"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTDOCFLAGS")
        .output()
        .context("cannot start cargo")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let none = output.status.success() && printed.contains("running 0 tests");
    Ok((!none).then(|| {
        let shown: String =
            format!("{printed}{}", String::from_utf8_lossy(&output.stderr)).chars().take(4000).collect();
        Failure { case: "documentation tests".to_owned(), message: shown }
    }))
}
