//! All cases as one crate: written, compiled without warnings, and run.

use crate::inputs::{expression, raw};
use crate::{Case, Failure, Sample, presence};
use anyhow::{Context, Result, bail};
use graphwright_codegen::internal::ir::Operation;
use graphwright_codegen::internal::output;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<&'a RawValue>,
    /// Whether to show the decoded data.
    show: bool,
}

/// A line of its output.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    /// A line of work failed.
    Line(usize, String),
    /// The variables of a case did.
    Case(usize, String),
    /// The decoded data of a line of work.
    Shown(usize, String),
}

/// The failures, and the number of conditional fragments that were present as required.
pub type Outcomes = (Vec<Failure>, usize);

/// Writes the crate into a folder, compiles it, runs all responses.
pub fn compile_and_run(cases: &[Case], folder: &Path) -> Result<Outcomes> {
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
        return Ok((failures, 0));
    }
    let (found, fragments) = run(cases, &folder.join("target/debug/graphwright-cases"))?;
    failures.extend(found);
    Ok((failures, fragments))
}

/// Runs all responses through the program: as many at once as there are processors.
fn run(cases: &[Case], program: &Path) -> Result<Outcomes> {
    let all: Vec<(usize, &Sample)> =
        cases.iter().enumerate().flat_map(|(at, case)| case.responses.iter().map(move |sample| (at, sample))).collect();
    let programs = std::thread::available_parallelism().map_or(1, usize::from);
    let share = all.len().div_ceil(programs).max(1);
    let mut shares: Vec<&[(usize, &Sample)]> = all.chunks(share).collect();
    // Variables are checked even if there is no response.
    if shares.is_empty() {
        shares.push(&[]);
    }
    std::thread::scope(|scope| {
        let work =
            shares.iter().enumerate().map(|(at, share)| scope.spawn(move || run_share(cases, program, share, at)));
        let work: Vec<_> = work.collect();
        let (mut failures, mut fragments) = (Vec::new(), 0);
        for one in work {
            let Ok(found) = one.join() else { bail!("a thread panicked") };
            let (found, there) = found?;
            failures.extend(found);
            fragments += there;
        }
        Ok((failures, fragments))
    })
}

/// Runs some of the responses; the first share is asked for the variables too.
fn run_share(cases: &[Case], program: &Path, share: &[(usize, &Sample)], number: usize) -> Result<Outcomes> {
    let mut command = Command::new(program);
    command.args((number == 0).then_some("variables"));
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| program.display().to_string())?;
    let input = child.stdin.take().context("the program has an input")?;
    let (written, output) = std::thread::scope(|scope| {
        let writer = scope.spawn(move || -> Result<()> {
            let mut input = std::io::BufWriter::new(input);
            for (case, sample) in share {
                let Sample { operation, data, want, least, .. } = *sample;
                let sent = operation_of(&cases[*case], *operation).map(|operation| operation.document.as_str());
                let show = least.is_none() && sent.is_some_and(presence::has_conditional_spreads);
                let work = Work { case: *case, operation: *operation, data, want, least: least.as_deref(), show };
                serde_json::to_writer(&mut input, &work)?;
                input.write_all(b"\n")?;
            }
            Ok(input.flush()?)
        });
        let output = child.wait_with_output();
        (writer.join(), output)
    });
    let output = output?;
    let (mut failures, mut fragments) = (Vec::new(), 0);
    if !matches!(written, Ok(Ok(()))) {
        failures.push(Failure { case: "all".to_owned(), message: "the program did not read all".to_owned() });
    }
    let failed = |line: usize, message: String| {
        let (case, sample) = share.get(line).with_context(|| format!("no such line: {line}"))?;
        let shown = (short(&sample.data), short(&sample.want));
        let message = format!("{message}\n{}\ndata {}\nwant {}", sample.replay, shown.0, shown.1);
        anyhow::Ok(Failure { case: cases[*case].name.clone(), message })
    };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match serde_json::from_str(line)? {
            Outcome::Case(case, message) => {
                let name = cases.get(case).map_or("?", |case| case.name.as_str()).to_owned();
                failures.push(Failure { case: name, message });
            }
            Outcome::Line(line, message) => failures.push(failed(line, message)?),
            Outcome::Shown(line, debug) => match fragments_there(cases, share, line, &debug)? {
                Ok(there) => fragments += there,
                Err(message) => failures.push(failed(line, message)?),
            },
        }
    }
    if !output.status.success() {
        failures.push(Failure { case: "all".to_owned(), message: format!("the program ended with {}", output.status) });
    }
    Ok((failures, fragments))
}

fn operation_of(case: &Case, index: usize) -> Option<&Operation> {
    case.compiled.module.documents.iter().flat_map(|document| &document.operations).nth(index)
}

/// Looks for the conditional fragments that decoded data must hold.
fn fragments_there(
    cases: &[Case],
    share: &[(usize, &Sample)],
    line: usize,
    debug: &str,
) -> Result<Result<usize, String>> {
    let (case, sample) = share.get(line).with_context(|| format!("no such line: {line}"))?;
    let case = &cases[*case];
    let operation = operation_of(case, sample.operation).context("no such operation")?;
    let answer = serde_json::from_str(sample.want.get())?;
    Ok(presence::check(&case.schema, &case.compiled.module, operation, &sample.variables, &answer, debug))
}

fn short(json: &RawValue) -> String {
    json.get().chars().take(1500).collect()
}

fn write_crate(cases: &[Case], folder: &Path, failures: &mut Vec<Failure>) -> Result<()> {
    let source = folder.join("src");
    // Code of an earlier run with other cases would also be compiled.
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
         [workspace]\n\n[profile.dev]\ndebug = false\nincremental = false\n\n[profile.dev.package.\"*\"]\nopt-level = 2\n",
        runtime.display().to_string()
    );
    write_if_changed(&folder.join("Cargo.toml"), &manifest)?;
    let mut main = String::from(MAIN);
    let mut arms = String::new();
    let mut variables = String::new();
    for (at, case) in cases.iter().enumerate() {
        let mut config = case.config.clone();
        config.generate.output = Some(PathBuf::from(format!("case_{at}")));
        let files = match output::files(&case.compiled, &config) {
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
        let module = &case.compiled.module;
        let documents = module.documents.iter();
        let operations: Vec<_> = documents
            .flat_map(|document| document.operations.iter().map(|operation| (&document.module, operation)))
            .collect();
        for (index, wanted) in &case.variables {
            let Some((document, operation)) = operations.get(*index) else { continue };
            let Some(made) = expression(module, &format!("crate::case_{at}"), document, operation, wanted) else {
                continue;
            };
            let _ = writeln!(variables, "    says({at}, &{made}, {:?});", wanted.to_string());
        }
        for (index, (document, operation)) in operations.into_iter().enumerate() {
            let path: Vec<String> = document.iter().chain([&operation.data.name]).map(|name| raw(name)).collect();
            let path = path.join("::");
            let _ = writeln!(arms, "        ({at}, {index}) => check::<case_{at}::{path}>(work),");
        }
    }
    let _ = write!(
        main,
        "#[allow(unused_variables)]\n\
         fn run(case: usize, operation: usize, work: &Work) -> Result<String, String> {{\n    \
         match (case, operation) {{\n{arms}        _ => Err(\"no such operation\".to_owned()),\n    }}\n}}\n"
    );
    // Many small functions: a compiler takes long for one that is huge.
    let lines: Vec<&str> = variables.lines().collect();
    let parts = lines
        .chunks(20)
        .enumerate()
        .map(|(at, lines)| format!("#[allow(deprecated)]\nfn says_{at}() {{\n{}\n}}\n", lines.join("\n")));
    let parts: Vec<String> = parts.collect();
    let calls: String = (0..parts.len()).map(|at| format!("says_{at}();")).collect();
    let _ = write!(main, "{}\nfn say_all() {{ {calls} }}\n", parts.concat());
    write_if_changed(&source.join("main.rs"), &main)
}

fn write_if_changed(path: &Path, content: &str) -> Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
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
const MAIN: &str = include_str!("crate_of/main.rs.in");
