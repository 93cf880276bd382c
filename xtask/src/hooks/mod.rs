//! `cargo xtask hooks`: tests the hooks of `.pre-commit-hooks.yaml` with the real pre-commit, in temporary
//! repositories.

mod packages;

use anyhow::{Context, Result, bail};
use graphwright_fixtures::{cargo, folder};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CONFIG: &str = "schema = \"schema.graphql\"\ndocuments = \"ops/*.{graphql,gql}\"\n\n\
                      [extensions.graphwright.generate]\noutput = \"src/api\"\n";
const SCHEMA: &str = "type Query { me: User }\ntype User { id: ID! name: String }\n";
const FRAGMENT: &str = "fragment UserName on User {\n  name\n}\n";
const OPERATION: &str = "query Me {\n  me {\n    ...UserName\n  }\n}\n";

/// Runs every hook on commits that must pass, and on commits that must fail.
pub fn run() -> Result<()> {
    let root = folder().join("..").canonicalize()?;
    let tool = pre_commit(&root)?;
    let build = ["build", "--quiet", "-p", "graphwright-cli"];
    run_command(cargo().args(build))?;
    let scratch = tempfile::tempdir()?;
    let repository = Repository { folder: scratch.path().to_owned(), tool, binaries: root.join("target/debug") };
    repository.begin(&root)?;
    repository.passes("a clean commit", "ops/other.gql", "query Other {\n  me {\n    id\n  }\n}\n")?;
    repository.fails(
        "an operation that is not valid",
        "ops/bad.graphql",
        "query Bad {\n  me {\n    nmae\n  }\n}\n",
        "nmae",
    )?;
    let broken = "fragment UserName on User {\n  nme\n}\n";
    repository.fails("a fragment that breaks another file", "ops/user.graphql", broken, "fields-on-correct-type")?;
    let elsewhere = "fragment UserName on Query {\n  me {\n    id\n  }\n}\n";
    repository.fails("a fragment that fits no more", "ops/user.graphql", elsewhere, "ops/me.graphql")?;
    repository.fails("a document out of style", "ops/ugly.graphql", "query Ugly{me{id}}\n", "graphwright-fmt")?;
    repository.fails(
        "code that is not up to date",
        "ops/new.graphql",
        "query New {\n  me {\n    id\n  }\n}\n",
        "not up to date",
    )?;
    let hooks = scratch.path().join("hooks");
    packages::run(&hooks, scratch.path(), &repository.tool, &repository.binaries, &root.join("target"))?;
    println!("the hooks do what they should");
    Ok(())
}

/// Installs pre-commit from PyPI in a virtual environment below `target`.
fn pre_commit(root: &Path) -> Result<PathBuf> {
    let venv = root.join("target/pre-commit");
    let tool = venv.join("bin/pre-commit");
    if !tool.is_file() {
        run_command(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run_command(Command::new(venv.join("bin/pip")).args(["install", "--quiet", "pre-commit>=4"]))?;
    }
    Ok(tool)
}

struct Repository {
    folder: PathBuf,
    tool: PathBuf,
    binaries: PathBuf,
}

impl Repository {
    fn begin(&self, root: &Path) -> Result<()> {
        let hooks = self.folder.join("hooks");
        // The hooks come from a separate repository, as for users.
        fs::create_dir_all(&hooks)?;
        fs::copy(root.join(".pre-commit-hooks.yaml"), hooks.join(".pre-commit-hooks.yaml"))?;
        self.git(&hooks, &["init", "-q"])?;
        self.git(&hooks, &["add", "."])?;
        self.git(&hooks, &["commit", "-qm", "hooks"])?;
        let revision = self.git(&hooks, &["rev-parse", "HEAD"])?;
        let project = self.folder.join("project");
        let ids = ["graphwright-lint", "graphwright-lint-rust", "graphwright-fmt", "graphwright-generate-check"];
        let list: String = ids.iter().map(|id| format!("      - id: {id}\n")).collect();
        let hooks = hooks.display();
        let settings = format!("repos:\n  - repo: {hooks}\n    rev: {}\n    hooks:\n{list}", revision.trim());
        for (name, text) in [
            (".pre-commit-config.yaml", settings.as_str()),
            ("graphql.config.toml", CONFIG),
            ("schema.graphql", SCHEMA),
            ("ops/user.graphql", FRAGMENT),
            ("ops/me.graphql", OPERATION),
        ] {
            self.write(name, text)?;
        }
        run_command(
            Command::new(self.binaries.join("graphwright")).args(["generate", "--quiet"]).current_dir(&project),
        )?;
        self.git(&project, &["init", "-q"])?;
        self.git(&project, &["add", "."])?;
        self.git(&project, &["commit", "-qm", "first"])?;
        run_command(Command::new(&self.tool).args(["install"]).current_dir(&project))
    }

    /// Commits one more file with its generated code.
    fn passes(&self, what: &str, file: &str, text: &str) -> Result<()> {
        self.write(file, text)?;
        let project = self.folder.join("project");
        run_command(
            Command::new(self.binaries.join("graphwright")).args(["generate", "--quiet"]).current_dir(&project),
        )?;
        self.git(&project, &["add", "."])?;
        self.git(&project, &["commit", "-qm", what]).with_context(|| format!("{what} was refused"))?;
        println!("{what}: passed");
        Ok(())
    }

    /// Makes a commit that must be rejected, for a reason in the output.
    fn fails(&self, what: &str, file: &str, text: &str, reason: &str) -> Result<()> {
        self.write(file, text)?;
        let project = self.folder.join("project");
        self.git(&project, &["add", file])?;
        match self.git(&project, &["commit", "-qm", what]) {
            Ok(_) => bail!("{what} was not refused"),
            Err(error) if !error.to_string().contains(reason) => {
                bail!("{what} was refused without `{reason}`: {error}")
            }
            Err(_) => println!("{what}: refused"),
        }
        self.git(&project, &["reset", "-q", "--hard", "HEAD"])?;
        Ok(())
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        let path = self.folder.join("project").join(file);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        Ok(fs::write(path, text)?)
    }

    /// Runs git, with our binary and pre-commit on the path.
    fn git(&self, folder: &Path, arguments: &[&str]) -> Result<String> {
        let path = std::env::var("PATH").unwrap_or_default();
        let own = [self.binaries.as_path(), self.tool.parent().unwrap_or(Path::new("."))];
        let path = format!("{}:{}:{path}", own[0].display(), own[1].display());
        let output = Command::new("git")
            .args(identity())
            .args(arguments)
            .current_dir(folder)
            .env("PATH", path)
            .env("PRE_COMMIT_HOME", self.folder.join("cache"))
            .output()?;
        let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            bail!("git {}: {told}", arguments.join(" "));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Returns the settings of the committer.
fn identity() -> [&'static str; 6] {
    ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"]
}

fn run_command(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
