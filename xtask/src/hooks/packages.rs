//! Tests a repository of five packages: pre-commit and lefthook on staged files of all of them at once, and the reports
//! for code hosts, each location of which must be in a file of the repository, at the right line.

use super::{identity, run_command};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PACKAGES: [&str; 5] = ["billing", "search", "shop", "users", "web/admin"];
const CONFIG: &str = "schema = \"schema.graphql\"\ndocuments = \"ops/*.graphql\"\n";
const SCHEMA: &str = "type Query {\n  me: User\n}\n\ntype User {\n  id: ID!\n  name: String\n}\n";
/// A document with an error in the third line.
const WRONG: &str = "query Wrong {\n  me {\n    nmae\n  }\n}\n";

/// The validator, among the modules of npm.
const MULTITOOL: &str = "@microsoft/sarif-multitool-linux/Sarif.Multitool";

/// Runs all tests.
pub fn run(hooks: &Path, scratch: &Path, pre_commit: &Path, binaries: &Path, tools: &Path) -> Result<()> {
    let npm = installed(tools)?;
    let packages = Packages { folder: scratch.join("packages"), binaries, scratch };
    packages.begin()?;
    packages.stage()?;
    packages.pre_commit(hooks, pre_commit)?;
    packages.lefthook(&npm)?;
    packages.reports(&npm)
}

/// Installs lefthook and Microsoft's multitool for SARIF from npm. Their scripts are not run: lefthook's would add its
/// hooks to the repository around the folder.
fn installed(tools: &Path) -> Result<PathBuf> {
    let folder = tools.join("hooks");
    let modules = folder.join("node_modules");
    if !modules.join("lefthook").is_dir() || !modules.join("@microsoft/sarif-multitool-linux").is_dir() {
        fs::create_dir_all(&folder)?;
        let packages = ["lefthook@2", "@microsoft/sarif-multitool@5"];
        run_command(
            Command::new("npm")
                .args(["install", "--silent", "--no-save", "--ignore-scripts"])
                .args(packages)
                .current_dir(&folder),
        )?;
    }
    // One of the scripts would have made it executable.
    run_command(Command::new("chmod").arg("+x").arg(modules.join(MULTITOOL)))?;
    Ok(modules)
}

struct Packages<'p> {
    folder: PathBuf,
    binaries: &'p Path,
    scratch: &'p Path,
}

impl Packages<'_> {
    /// Commits valid documents.
    fn begin(&self) -> Result<()> {
        for package in PACKAGES {
            self.write(&format!("packages/{package}/graphql.config.toml"), CONFIG)?;
            self.write(&format!("packages/{package}/schema.graphql"), SCHEMA)?;
            self.write(&format!("packages/{package}/ops/right.graphql"), "query Right {\n  me {\n    name\n  }\n}\n")?;
        }
        self.git(&["init", "-q"])?;
        self.git(&["add", "."])?;
        self.git(&["commit", "-qm", "first"])?;
        Ok(())
    }

    /// Stages an invalid document in each package.
    fn stage(&self) -> Result<()> {
        for package in PACKAGES {
            self.write(&wrong(package), WRONG)?;
        }
        self.git(&["add", "."])?;
        Ok(())
    }

    fn pre_commit(&self, hooks: &Path, tool: &Path) -> Result<()> {
        let revision = output(Command::new("git").args(["rev-parse", "HEAD"]).current_dir(hooks))?;
        let revision = String::from_utf8(revision.stdout)?;
        let settings = format!(
            "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: graphwright-lint\n      - id: graphwright-fmt\n",
            hooks.display(),
            revision.trim()
        );
        self.write(".pre-commit-config.yaml", &settings)?;
        self.git(&["add", ".pre-commit-config.yaml"])?;
        let mut command = self.command(tool);
        command.arg("run").env("PRE_COMMIT_HOME", self.scratch.join("cache"));
        self.refuses("pre-commit", &mut command)
    }

    fn lefthook(&self, npm: &Path) -> Result<()> {
        let settings = "pre-commit:\n  commands:\n    graphwright:\n      glob: \"*.{graphql,gql,graphqls,rs}\"\n      \
                        run: graphwright lint --format compact --fix {staged_files}\n      stage_fixed: true\n";
        self.write("lefthook.yml", settings)?;
        let mut command = self.command(&npm.join(".bin/lefthook"));
        command.args(["run", "pre-commit", "--no-tty"]).env("CI", "1");
        self.refuses("lefthook", &mut command)
    }

    /// Runs a hook that must reject the commit, and name the location in every package.
    fn refuses(&self, what: &str, command: &mut Command) -> Result<()> {
        let ran = output(command)?;
        let told = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        ensure!(!ran.status.success(), "{what} let wrong documents pass: {told}");
        for package in PACKAGES {
            let place = format!("{}:3:5", wrong(package));
            ensure!(told.contains(&place), "{what} does not name {place}: {told}");
        }
        println!("{what}, staged files of {} packages: refused, every place named", PACKAGES.len());
        Ok(())
    }

    /// Checks every format, from the repository's folder and from that of a package.
    fn reports(&self, npm: &Path) -> Result<()> {
        for (format, places) in [
            ("github", of_github as fn(&str) -> Result<Vec<Place>>),
            ("gitlab", of_gitlab),
            ("sarif", of_sarif),
            ("json", of_json),
        ] {
            for folder in [".", "packages/shop"] {
                let mut command = self.command(&self.binaries.join("graphwright"));
                command
                    .args(["lint", "--format", format])
                    .args(PACKAGES.map(|name| self.folder.join("packages").join(name)));
                let ran = output(command.current_dir(self.folder.join(folder)))?;
                let text = String::from_utf8(ran.stdout)?;
                let places = places(&text).with_context(|| format!("{format} in {folder}: {text}"))?;
                self.check(&places).with_context(|| format!("{format} in {folder}"))?;
                if format == "sarif" {
                    self.validate(npm, &text)?;
                }
            }
            println!("{format}: {} places, each in a file of the repository, at the right line", PACKAGES.len());
        }
        Ok(())
    }

    /// Checks that each location is a file relative to the repository, and that its line has the error.
    fn check(&self, places: &[Place]) -> Result<()> {
        let files: BTreeSet<&str> = places.iter().map(|place| place.file.as_str()).collect();
        ensure!(files.len() == PACKAGES.len(), "{} files of {} are named", files.len(), PACKAGES.len());
        for Place { file, line } in places {
            let text =
                fs::read_to_string(self.folder.join(file)).with_context(|| format!("there is no file {file}"))?;
            let text = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            ensure!(text.contains("nmae"), "{file}:{line} is `{text}`");
        }
        Ok(())
    }

    /// Runs Microsoft's validator with the rules of GitHub's code scanning, which must find no errors and no warnings.
    fn validate(&self, npm: &Path, sarif: &str) -> Result<()> {
        let file = self.scratch.join("lint.sarif");
        fs::write(&file, sarif)?;
        let mut command = Command::new(npm.join(MULTITOOL));
        command.arg("validate").arg(&file).args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]);
        // Debian has no ICU by default, which the tool's runtime would need for other languages.
        let ran = output(command.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"))?;
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        ensure!(told.contains("Analysis completed successfully"), "the multitool did not finish: {told}");
        let found: Vec<&str> =
            told.lines().filter(|line| line.contains(": error ") || line.contains(": warning ")).collect();
        ensure!(found.is_empty(), "the SARIF is not what GitHub wants: {}", found.join("\n"));
        Ok(())
    }

    /// Returns a program with our binary on its path.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.current_dir(&self.folder).env("PATH", format!("{}:{path}", self.binaries.display()));
        command
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        Ok(fs::write(path, text)?)
    }

    fn git(&self, arguments: &[&str]) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        run_command(Command::new("git").args(identity()).args(arguments).current_dir(&self.folder))
    }
}

fn wrong(package: &str) -> String {
    format!("packages/{package}/ops/wrong.graphql")
}

fn output(command: &mut Command) -> Result<Output> {
    command.output().with_context(|| format!("{command:?}"))
}

/// A location in a report.
struct Place {
    file: String,
    line: usize,
}

/// Parses `::error file=…,line=…,…`.
fn of_github(text: &str) -> Result<Vec<Place>> {
    let one = |line: &str| {
        let value = |key: &str| Some(line.split_once(key)?.1.split([',', ':']).next()?.to_owned());
        Some(Place { file: value("file=")?, line: value(",line=")?.parse().ok()? })
    };
    text.lines().map(|line| one(line).with_context(|| format!("no place in `{line}`"))).collect()
}

fn of_gitlab(text: &str) -> Result<Vec<Place>> {
    places(text, "", "/location/path", "/location/lines/begin")
}

fn of_sarif(text: &str) -> Result<Vec<Place>> {
    let place = "/locations/0/physicalLocation";
    places(text, "/runs/0/results", &format!("{place}/artifactLocation/uri"), &format!("{place}/region/startLine"))
}

fn of_json(text: &str) -> Result<Vec<Place>> {
    places(text, "", "/place/file", "/place/start/line")
}

/// Returns the locations in a JSON document, given JSON Pointers to the list, and in each entry to the file and the
/// line.
fn places(text: &str, list: &str, file: &str, line: &str) -> Result<Vec<Place>> {
    let document: Value = serde_json::from_str(text)?;
    let Some(Value::Array(list)) = document.pointer(list) else { bail!("there is no list") };
    let one = |entry: &Value| {
        let line = usize::try_from(entry.pointer(line)?.as_u64()?).ok()?;
        Some(Place { file: entry.pointer(file)?.as_str()?.to_owned(), line })
    };
    list.iter().map(|entry| one(entry).with_context(|| format!("no place in {entry}"))).collect()
}
