//! `cargo xtask bench`: measurements against other tools, each paired with ours in one run.

use anyhow::{Result, bail};
use graphwright_fixtures::folder;
use graphwright_tests::compile_bench::write_crates;
use graphwright_tests::lint_bench::write_project;
use graphwright_tests::lint_peer::Texts;
use graphwright_tests::macro_bench::{Tool, fetch_schema, write_crate};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Measures the cost of a call over reqwest alone.
pub fn runtime(calls: u32) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["run", "--release", "--quiet", "--", &calls.to_string()])
        .current_dir(folder().join("../benches/runtime"))
        .status()?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}

/// Measures decoding of large responses, compared with handwritten types and other generators.
pub fn decode(rounds: u32) -> Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(["run", "--release", "--quiet", "--", &rounds.to_string()])
        .current_dir(folder().join("../benches/decode"))
        // glibc's allocator keeps its memory: otherwise, page faults would be most of the noise.
        .envs(["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_"].map(|name| (name, "268435456")))
        .status()?;
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}

/// Measures compiling generated code, compared with the same types with serde's derives.
pub fn derives(operations: usize, rounds: u32) -> Result<()> {
    let crates = write_crates(&folder().join("../target/compile-bench"), operations)?;
    println!("{operations} operations, median of {rounds} rounds, seconds: ours, derives, ratio");
    for (what, arguments) in
        [("check", vec!["check"]), ("build", vec!["build"]), ("build --release", vec!["build", "--release"])]
    {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=rounds {
            for (folder, times) in crates.iter().zip(&mut times) {
                let taken = compiled(folder, &arguments, "0")?;
                // The first round also compiles the dependencies.
                if round > 0 {
                    times.push(taken);
                }
            }
        }
        let [ours, derived] = times.map(|mut times| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        });
        println!("{what:<16}{ours:>8.2}{derived:>8.2}{:>8.2}", ours / derived);
    }
    Ok(())
}

/// Returns the compile time after a change of the crate itself.
fn compiled(folder: &Path, arguments: &[&str], incremental: &str) -> Result<Duration> {
    let main = folder.join("src/main.rs");
    let text = std::fs::read_to_string(&main)?;
    std::fs::write(&main, format!("{}// {:?}\n", text.trim_end_matches(|last| last != '}'), Instant::now()))?;
    let started = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--offline"])
        .env("CARGO_INCREMENTAL", incremental)
        .env("CARGO_TARGET_DIR", folder.join("../target"))
        .current_dir(folder)
        .status()?;
    if !status.success() {
        bail!("{} does not compile", folder.display());
    }
    Ok(started.elapsed())
}

/// Measures compiling a crate with several modules after a change, with each tool; and from scratch.
pub fn compile(modules: &[usize], rounds: u32) -> Result<()> {
    let target = folder().join("../target/macro-bench");
    let schema = fetch_schema(&target.join("schema"))?;
    let kinds = [("check", vec!["check"]), ("build", vec!["build"]), ("build --release", vec!["build", "--release"])];
    for &count in modules {
        let crates = Tool::ALL.map(|tool| write_crate(&target, &schema, tool, count).map(|folder| (tool, folder)));
        let crates = crates.into_iter().collect::<Result<Vec<_>>>()?;
        for (_, folder) in &crates {
            run(Command::new(env!("CARGO")).args(["fetch", "--quiet"]).current_dir(folder))?;
        }
        println!("{count} modules, median of {rounds} rounds, seconds after a change of the crate, and of the macro's");
        for (what, arguments) in &kinds {
            let mut times: Vec<Vec<Duration>> = vec![Vec::new(); crates.len()];
            for round in 0..=rounds {
                for ((_, folder), times) in crates.iter().zip(&mut times) {
                    // Incremental, as in normal development.
                    let taken = compiled(folder, arguments, "1")?;
                    if round > 0 {
                        times.push(taken);
                    }
                }
            }
            let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
            let shown = crates.iter().zip(&medians);
            let shown: Vec<String> = shown
                .map(|((tool, _), time)| format!("{} {time:.2} ({:.2})", tool.name(), time / medians[0]))
                .collect();
            println!("  {what:<16}{}", shown.join(", "));
        }
    }
    println!("one module, from nothing, with all dependencies: crates, seconds with one job, with two");
    for tool in Tool::ALL {
        let folder = write_crate(&target, &schema, tool, 1)?;
        let [one, two] = ["1", "2"].map(|jobs| from_nothing(&folder, jobs));
        println!("  {:<16}{:>4} {:>6.1} {:>6.1}", tool.name(), crates_of(&folder)?, one?, two?);
    }
    Ok(())
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
}

/// Seconds of an unoptimised build into an empty folder.
fn from_nothing(folder: &Path, jobs: &str) -> Result<f64> {
    let target = folder.join("../clean");
    if target.exists() {
        std::fs::remove_dir_all(&target)?;
    }
    let started = Instant::now();
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "-j", jobs])
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(folder)
        .status()?;
    if !status.success() {
        bail!("{} does not compile", folder.display());
    }
    Ok(started.elapsed().as_secs_f64())
}

/// Returns the number of crates compiled for a crate, including itself and those of its build script.
fn crates_of(folder: &Path) -> Result<usize> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-e", "normal,build", "--prefix", "none", "-f", "{p}"])
        .current_dir(folder)
        .output()?;
    let tree = String::from_utf8(tree.stdout)?;
    let names = tree.lines().filter(|line| !line.is_empty()).map(|line| line.trim_end_matches(" (*)"));
    Ok(names.collect::<std::collections::BTreeSet<_>>().len())
}

/// Measures `graphwright generate` as a process, compared with graphql_client, on GitHub's schema.
pub fn generate(rounds: u32) -> Result<()> {
    let target = folder().join("../target/macro-bench");
    let schema = fetch_schema(&target.join("schema"))?;
    let root = folder().join("..");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "-p", "graphwright-cli"])
        .current_dir(&root)
        .status()?;
    let peers = target.join("peers");
    if !peers.join("bin/graphql-client").is_file() {
        let install = ["install", "--quiet", "--root", &peers.display().to_string(), "graphql_client_cli"];
        if !Command::new(env!("CARGO")).args(install).status()?.success() {
            bail!("graphql_client_cli does not compile");
        }
    }
    if !built.success() {
        bail!("graphwright does not compile");
    }
    let ours = root.join("target/release/graphwright").canonicalize()?;
    let theirs = peers.join("bin/graphql-client").canonicalize()?;
    for count in [1, 50] {
        let folder = write_crate(&target, &schema, Tool::Prebuilt, count)?;
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            std::fs::remove_dir_all(folder.join("src/api"))?;
            let started = Instant::now();
            run(Command::new(&ours).args(["generate", "--quiet"]).current_dir(&folder))?;
            times[0].push(started.elapsed());
            let started = Instant::now();
            for number in 0..count {
                let document = format!("graphql/m{number}.graphql");
                let arguments =
                    ["generate", "--schema-path", "schema.graphql", "--output-directory", "graphql", &document];
                run(Command::new(&theirs).args(arguments).current_dir(&folder))?;
            }
            times[1].push(started.elapsed());
        }
        let [ours_taken, theirs_taken] = times.map(|mut times| median(&mut times) * 1000.0);
        let memory = |command: &mut Command| -> Result<String> {
            let output = command.current_dir(&folder).output()?;
            Ok(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned())
        };
        let time = ["-f", "%M KB"];
        let our_memory = memory(Command::new("/usr/bin/time").args(time).arg(&ours).args(["generate", "--quiet"]))?;
        let arguments =
            ["generate", "--schema-path", "schema.graphql", "--output-directory", "graphql", "graphql/m0.graphql"];
        let their_memory = memory(Command::new("/usr/bin/time").args(time).arg(&theirs).args(arguments))?;
        println!(
            "{count} documents, milliseconds (median of {rounds}): ours {ours_taken:.1}, graphql_client {theirs_taken:.1}, \
             ratio {:.2}; peak memory {our_memory}, {their_memory}",
            ours_taken / theirs_taken
        );
    }
    Ok(())
}

/// Measures `graphwright lint` as a process with all rules, compared with graphql-eslint with all of its rules for
/// operations.
pub fn lint(counts: &[usize], peer_most: usize, rounds: u32) -> Result<()> {
    let root = folder().join("..");
    let target = root.join("target/lint-bench");
    let schema = fetch_schema(&root.join("target/macro-bench/schema"))?;
    let shared = std::env::var_os("GRAPHWRIGHT_SHARED").map_or_else(|| root.join("../shared"), Into::into);
    run(Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "-p", "graphwright-cli"])
        .current_dir(&root))?;
    std::fs::create_dir_all(&target)?;
    let theirs = eslint(&target)?;
    let ours = root.join("target/release/graphwright").canonicalize()?;
    println!("whole process, all rules, GitHub's schema: median of {rounds} rounds, peak memory; peers once each");
    for &count in counts {
        let project = target.join(format!("n{count}"));
        write_project(&project, &schema, &shared, count)?;
        let changed: Vec<String> = (0..3.min(count)).map(|number| format!("q/document{number}.graphql")).collect();
        let all = |command: &mut Command| timed(command.current_dir(&project), 1);
        let (ours_all, memory) =
            timed(Command::new(&ours).args(["lint", "--statistics", "-q"]).current_dir(&project), rounds)?;
        let (ours_changed, _) = timed(
            Command::new(&ours).args(["lint", "--statistics", "-q"]).args(&changed).current_dir(&project),
            rounds,
        )?;
        print!(
            "{count:>5} documents: ours {:.1} ms, {memory}; {} changed {:.1} ms",
            ours_all * 1e3,
            changed.len(),
            ours_changed * 1e3
        );
        if count <= peer_most {
            let mut eslint = Command::new("node");
            eslint.env("NODE_OPTIONS", "--max-old-space-size=8192").arg(&theirs).arg("q");
            let (taken, memory) = all(&mut eslint)?;
            print!("; graphql-eslint {:.1} s, {memory}: {:.0} times as long", taken, taken / ours_all);
        }
        println!();
    }
    Ok(())
}

/// The maximum ratio of fixing to linting.
const MOST_OVER_LINT: f64 = 5.0;

/// Compares the CPU time of `graphwright lint --fix --unsafe-fixes` with that of `graphwright lint`, with all rules.
pub fn fixes(clients: &Path, rounds: u32) -> Result<ExitCode> {
    let root = folder().join("..");
    run(Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "-p", "graphwright-cli"])
        .current_dir(&root))?;
    let ours = root.join("target/release/graphwright").canonicalize()?;
    let mut worst: f64 = 0.0;
    println!(
        "CPU milliseconds (least of {rounds} rounds): lint, lint --fix --unsafe-fixes --diff, ratio, fixes skipped"
    );
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(clients)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    names.retain(|path| path.join("operations").is_dir());
    names.sort();
    for client in names {
        let texts = Texts::read(&client)?;
        for group in texts.groups() {
            let project = root.join("target/fix-bench");
            write_client(&project, &texts.group(&group))?;
            let cpu = |arguments: &[&str]| cpu_time(Command::new(&ours).args(arguments).current_dir(&project), rounds);
            let (lint, _) = cpu(&["lint", "--statistics", "-q"])?;
            let (fixed, told) = cpu(&["lint", "--fix", "--unsafe-fixes", "--diff"])?;
            worst = worst.max(fixed / lint);
            let name = client.strip_prefix(clients).unwrap_or(&client).join(&group).display().to_string();
            let skipped = told.lines().filter(|line| line.starts_with("skipped")).count();
            println!("{name:<60}{:>8.0}{:>8.0}{:>6.1}{skipped:>5}", lint * 1e3, fixed * 1e3, fixed / lint);
        }
    }
    println!("the worst ratio is {worst:.1}, the limit {MOST_OVER_LINT}");
    Ok(if worst <= MOST_OVER_LINT { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes a project with a client's documents and all rules.
fn write_client(project: &Path, texts: &Texts) -> Result<()> {
    texts.write(project)?;
    let schemas: Vec<&String> = texts.schema.keys().collect();
    let lint = "[extensions.graphwright.lint]\nextends = [\"all\"]\n";
    let config = format!("schema = {schemas:?}\ndocuments = \"operations/**/*.graphql\"\n{lint}");
    std::fs::write(project.join("graphql.config.toml"), config)?;
    Ok(())
}

/// Returns the CPU seconds of a process, the least of some rounds, and its last output, whatever its exit code.
fn cpu_time(command: &mut Command, rounds: u32) -> Result<(f64, String)> {
    // The shell's clock has milliseconds, that of /usr/bin/time hundredths.
    let mut wrapped = Command::new("bash");
    wrapped.args(["-c", "TIMEFORMAT='%3U %3S'; time \"$0\" \"$@\""]);
    wrapped.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    let (mut least, mut told) = (f64::INFINITY, String::new());
    for _ in 0..rounds.max(1) {
        let output = wrapped.output()?;
        told = String::from_utf8_lossy(&output.stderr).into_owned();
        let times = told.lines().last().unwrap_or_default().split(' ').map(str::parse::<f64>);
        least = least.min(times.collect::<Result<Vec<f64>, _>>()?.into_iter().sum::<f64>().max(0.001));
    }
    Ok((least, told))
}

/// Installs packages without running their scripts.
const NPM_INSTALL: [&str; 4] = ["install", "--silent", "--no-save", "--ignore-scripts"];

/// Returns the script of ESLint with graphql-eslint, which npm puts into a folder.
pub fn eslint(target: &Path) -> Result<PathBuf> {
    if !target.join("node_modules/@graphql-eslint").is_dir() {
        let packages = ["eslint@9", "@graphql-eslint/eslint-plugin@4", "graphql@16"];
        run(Command::new("npm").args(NPM_INSTALL).args(packages).current_dir(target))?;
    }
    Ok(target.join("node_modules/eslint/bin/eslint.js").canonicalize()?)
}

/// Measures `graphwright diff` as a process on two versions of GitHub's schema, compared with graphql-inspector.
pub fn diff(old: &str, new: &str, rounds: u32) -> Result<()> {
    let root = folder().join("..");
    let target = root.join("target/diff-bench");
    std::fs::create_dir_all(&target)?;
    let build = ["build", "--release", "--quiet", "-p", "graphwright-cli"];
    run(Command::new(env!("CARGO")).args(build).current_dir(&root))?;
    if !target.join("node_modules/@graphql-inspector").is_dir() {
        let packages = ["@graphql-inspector/cli", "graphql@16"];
        run(Command::new("npm").args(NPM_INSTALL).args(packages).current_dir(&target))?;
    }
    for version in [old, new] {
        let package = target.join(version);
        if !package.join("package/schema.graphql").is_file() {
            std::fs::create_dir_all(&package)?;
            let name = format!("@octokit/graphql-schema@{version}");
            run(Command::new("npm").args(["pack", "--silent", &name]).current_dir(&package))?;
            run(Command::new("sh").args(["-c", "tar xzf ./*.tgz"]).current_dir(&package))?;
        }
    }
    let ours = root.join("target/release/graphwright").canonicalize()?;
    let theirs = target.join("node_modules/.bin/graphql-inspector").canonicalize()?;
    let files = [old, new].map(|version| format!("{version}/package/schema.graphql"));
    let (ours_taken, memory) = timed(Command::new(&ours).arg("diff").args(&files).current_dir(&target), rounds)?;
    let (theirs_taken, their_memory) =
        timed(Command::new(&theirs).arg("diff").args(&files).current_dir(&target), rounds.min(5))?;
    let told = |program: &Path| -> Result<String> {
        let output = Command::new(program).arg("diff").args(&files).current_dir(&target).output()?;
        Ok(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    };
    let (our_words, their_words) = (told(&ours)?, told(&theirs)?);
    println!(
        "{old} to {new}: ours {:.0} ms, {memory}; graphql-inspector {:.0} ms, {their_memory}: {:.0} times as long",
        ours_taken * 1e3,
        theirs_taken * 1e3,
        theirs_taken / ours_taken
    );
    println!("ours: {}", our_words.lines().last().unwrap_or_default());
    println!("graphql-inspector: {}", their_words.lines().find(|line| line.contains("changes (")).unwrap_or_default());
    Ok(())
}

/// Returns the seconds (median) and peak memory of a process, whatever its exit code.
fn timed(command: &mut Command, rounds: u32) -> Result<(f64, String)> {
    let mut wrapped = Command::new("/usr/bin/time");
    wrapped.args(["-f", "%M"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            wrapped.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    let (mut times, mut memory) = (Vec::new(), 0_u64);
    for _ in 0..rounds.max(1) {
        let started = Instant::now();
        let output = wrapped.output()?;
        times.push(started.elapsed());
        if output.status.code().is_none_or(|code| code > 1) {
            bail!("{wrapped:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let told = String::from_utf8_lossy(&output.stderr).lines().last().and_then(|line| line.trim().parse().ok());
        memory = memory.max(told.unwrap_or_default());
    }
    Ok((median(&mut times), format!("{} MiB", memory / 1024)))
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
