//! All cases as one crate: written, compiled without warnings, and run.

use crate::{Case, Failure};
use anyhow::{Context, Result, bail};
use graphwright_codegen::output;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One line of the work that the crate is given.
#[derive(Serialize)]
struct Work<'a> {
    case: usize,
    operation: usize,
    data: &'a RawValue,
    want: &'a RawValue,
}

/// One line of what it prints: only failures.
#[derive(Deserialize)]
struct Outcome {
    line: usize,
    message: String,
}

/// Writes the crate into a folder, compiles it, runs all responses.
pub fn compile_and_run(cases: &[Case], folder: &Path) -> Result<Vec<Failure>> {
    let mut failures = Vec::new();
    write_crate(cases, folder, &mut failures)?;
    let build = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("RUSTFLAGS")
        .output()
        .context("cannot start cargo")?;
    if !build.status.success() {
        failures.extend(compile_errors(cases, &String::from_utf8_lossy(&build.stderr)));
        return Ok(failures);
    }
    let program = folder.join("target/debug/graphwright-cases");
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| program.display().to_string())?;
    let mut input = child.stdin.take().context("the program has an input")?;
    let mut lines = Vec::new();
    let mut text = String::new();
    for (at, case) in cases.iter().enumerate() {
        for sample in &case.responses {
            let work = Work { case: at, operation: sample.operation, data: &sample.data, want: &sample.want };
            text.push_str(&serde_json::to_string(&work)?);
            text.push('\n');
            lines.push((case, sample));
        }
    }
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    if let Err(error) = writer.join().unwrap_or(Ok(())) {
        failures.push(Failure { case: "all".to_owned(), message: format!("the program did not read all: {error}") });
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Outcome { line, message } = serde_json::from_str(line)?;
        let Some((case, sample)) = lines.get(line) else { bail!("no such line: {line}") };
        let message =
            format!("{message}\n{}\ndata {}\nwant {}", sample.replay, short(&sample.data), short(&sample.want));
        failures.push(Failure { case: case.name.clone(), message });
    }
    if !output.status.success() {
        failures.push(Failure { case: "all".to_owned(), message: format!("the program ended with {}", output.status) });
    }
    Ok(failures)
}

fn short(json: &RawValue) -> String {
    json.get().chars().take(1500).collect()
}

fn write_crate(cases: &[Case], folder: &Path, failures: &mut Vec<Failure>) -> Result<()> {
    let source = folder.join("src");
    // What an earlier run with other cases left would be compiled too.
    if source.exists() {
        std::fs::remove_dir_all(&source)?;
    }
    std::fs::create_dir_all(&source)?;
    let runtime = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize()?;
    let lock = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, folder.join("Cargo.lock"))?;
    let manifest = format!(
        "[package]\nname = \"graphwright-cases\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n\
         graphwright = {{ path = {:?}, default-features = false }}\n\
         serde_json = {{ version = \"1\", features = [\"preserve_order\", \"raw_value\", \"float_roundtrip\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\n\
         [workspace]\n\n[profile.dev]\ndebug = false\nincremental = false\n",
        runtime.display().to_string()
    );
    write_if_changed(&folder.join("Cargo.toml"), &manifest)?;
    let mut main = String::from(MAIN);
    let mut arms = String::new();
    for (at, case) in cases.iter().enumerate() {
        let mut config = case.config.clone();
        config.generate.output = Some(PathBuf::from(format!("case_{at}")));
        let files = match output::files(&case.compiled.module, &config) {
            Ok(files) => files,
            Err(error) => {
                failures.push(Failure { case: case.name.clone(), message: error.to_string() });
                continue;
            }
        };
        let folder = source.join(format!("case_{at}"));
        std::fs::create_dir_all(&folder)?;
        for (path, content) in &files {
            write_if_changed(&source.join(path), content)?;
        }
        let _ = writeln!(main, "mod case_{at};");
        let documents = case.compiled.module.documents.iter();
        let operations = documents.flat_map(|document| {
            document.operations.iter().map(|operation| (raw(&document.module), raw(&operation.data.name)))
        });
        for (index, (module, name)) in operations.enumerate() {
            let _ = writeln!(arms, "        ({at}, {index}) => check::<case_{at}::{module}::{name}>(data, want),");
        }
    }
    let _ = write!(
        main,
        "fn run(case: usize, operation: usize, data: &str, want: &str) -> Result<(), String> {{\n    \
         match (case, operation) {{\n{arms}        _ => Err(\"no such operation\".to_owned()),\n    }}\n}}\n"
    );
    write_if_changed(&source.join("main.rs"), &main)
}

fn raw(name: &str) -> String {
    if graphwright_codegen::ir::is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

fn write_if_changed(path: &Path, content: &str) -> Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    std::fs::write(path, content).with_context(|| path.display().to_string())
}

/// Errors of the compiler by case: the first of each.
fn compile_errors(cases: &[Case], text: &str) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for block in text.split("\n\n") {
        let number = block.split("case_").nth(1).and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
        let case = number.and_then(|number| number.parse::<usize>().ok()).and_then(|at| cases.get(at));
        let name = case.map_or("?", |case| case.name.as_str());
        if block.starts_with("error") && !failures.iter().any(|known| known.case == name) {
            failures.push(Failure { case: name.to_owned(), message: format!("does not compile: {block}") });
        }
    }
    if failures.is_empty() {
        failures.push(Failure { case: "?".to_owned(), message: format!("does not compile: {text}") });
    }
    failures
}

/// The program: reads lines of work, prints a line for each failure.
const MAIN: &str = r#"#![deny(warnings)]
use graphwright::Operation;
use serde_json::value::RawValue;
use serde_json::Value;
use std::io::{BufRead, Write};

#[derive(serde::Deserialize)]
struct Work<'a> {
    case: usize,
    operation: usize,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(borrow)]
    want: &'a RawValue,
}

fn main() {
    let stdin = std::io::stdin().lock();
    let mut stdout = std::io::stdout().lock();
    for (line, text) in stdin.lines().enumerate() {
        let text = text.expect("text");
        let work: Work = serde_json::from_str(&text).expect("work");
        if let Err(message) = run(work.case, work.operation, work.data.get(), work.want.get()) {
            let outcome = serde_json::json!({ "line": line, "message": message });
            writeln!(stdout, "{outcome}").expect("written");
        }
    }
}

fn check<O: Operation>(data: &str, want: &str) -> Result<(), String> {
    let wanted: Value = serde_json::from_str(want).map_err(|e| e.to_string())?;
    round_trip::<O>(data, &wanted).map_err(|e| format!("as it came: {e}"))?;
    round_trip::<O>(want, &wanted).map_err(|e| format!("as asked: {e}"))?;
    let reversed = reversed(&wanted);
    round_trip::<O>(&reversed.to_string(), &wanted).map_err(|e| format!("keys reversed: {e}"))?;
    let value: O::Data = serde_json::from_value(reversed).map_err(|e| format!("from a value: {e}"))?;
    same(&serde_json::to_value(&value).map_err(|e| e.to_string())?, &wanted).map_err(|e| format!("from a value: {e}"))
}

fn round_trip<O: Operation>(text: &str, want: &Value) -> Result<(), String> {
    let decoded: O::Data = serde_json::from_str(text).map_err(|e| format!("decode: {e}"))?;
    let encoded = serde_json::to_string(&decoded).map_err(|e| format!("encode: {e}"))?;
    let again: Value = serde_json::from_str(&encoded).map_err(|e| format!("encoded: {e}: {encoded}"))?;
    same(&again, want)?;
    if encoded.matches("\"__typename\"").count() > want.to_string().matches("\"__typename\"").count() {
        return Err(format!("a key twice: {encoded}"));
    }
    Ok(())
}

fn same(got: &Value, want: &Value) -> Result<(), String> {
    differ("$", got, want).map_or(Ok(()), Err)
}

fn differ(path: &str, got: &Value, want: &Value) -> Option<String> {
    match (got, want) {
        (Value::Object(got), Value::Object(want)) => {
            if let Some(key) = want.keys().find(|key| !got.contains_key(*key)) {
                return Some(format!("{path}.{key} is lost"));
            }
            if let Some(key) = got.keys().find(|key| !want.contains_key(*key)) {
                return Some(format!("{path}.{key} is invented"));
            }
            want.iter().find_map(|(key, want)| differ(&format!("{path}.{key}"), &got[key], want))
        }
        (Value::Array(got), Value::Array(want)) if got.len() == want.len() => {
            got.iter().zip(want).enumerate().find_map(|(at, (got, want))| differ(&format!("{path}[{at}]"), got, want))
        }
        (Value::Number(got), Value::Number(want)) if got.as_f64() == want.as_f64() => None,
        (got, want) if got == want => None,
        (got, want) => Some(format!("{path}: {got} instead of {want}")),
    }
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

"#;
