//! Queries to git. Each takes one process, whatever the number of projects.

use anyhow::{Context, bail, ensure};
use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A git repository.
pub struct Repository {
    root: PathBuf,
}

/// The difference between two states of the repository.
#[derive(Debug, Default)]
pub struct Changed {
    /// New and changed files.
    pub files: Vec<PathBuf>,
    /// Removed files.
    pub gone: Vec<PathBuf>,
}

impl Repository {
    /// Returns the repository that contains a folder.
    ///
    /// # Errors
    /// git cannot be run, or the folder is not in a repository.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let output = Command::new("git")
            .current_dir(folder)
            .args(["rev-parse", "--show-toplevel"])
            .output()
            .context("cannot run git")?;
        ensure!(output.status.success(), "not a git repository");
        let root = String::from_utf8(output.stdout).context("the path of the repository is not UTF-8")?;
        Ok(Self { root: PathBuf::from(root.trim_end_matches(['\n', '\r'])) })
    }

    /// Returns the nearest folder above that contains `.git`, without running git.
    pub fn root_above(folder: &Path) -> Option<&Path> {
        folder.ancestors().find(|folder| folder.join(".git").exists())
    }

    /// Returns the staged changes, and the files whose text on disk differs from the index.
    pub fn staged(&self) -> anyhow::Result<(Changed, Vec<PathBuf>)> {
        // Format: https://git-scm.com/docs/git-status#_porcelain_format_version_2
        let arguments =
            ["status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules"];
        let output = self.text(&arguments)?;
        let (mut changed, mut edited) = (Changed::default(), Vec::new());
        for entry in output.split('\0') {
            // `1 XY sub mH mI mW hH hI path`; an unmerged file, `u XY …`, has two more fields and no staged text.
            let Some(rest) = entry.strip_prefix("1 ") else { continue };
            let mut fields = rest.splitn(8, ' ');
            let (Some(states), Some(path)) = (fields.next(), fields.nth(6)) else { continue };
            let path = self.root.join(path);
            match states.as_bytes() {
                [b'.', _] => {}
                [b'D', _] => changed.gone.push(path.clone()),
                _ => changed.files.push(path.clone()),
            }
            if !states.ends_with('.') {
                edited.push(path);
            }
        }
        Ok((changed, edited))
    }

    /// Returns the difference from the merge base with a revision, untracked files included.
    pub fn since(&self, revision: &str) -> anyhow::Result<Changed> {
        let arguments = ["diff", "--name-status", "--no-renames", "-z", "--merge-base", revision, "--"];
        let output = self.text(&arguments)?;
        let mut fields = output.split('\0');
        let mut changed = Changed::default();
        while let (Some(state), Some(path)) = (fields.next().filter(|state| !state.is_empty()), fields.next()) {
            let list = if state == "D" { &mut changed.gone } else { &mut changed.files };
            list.push(self.root.join(path));
        }
        let untracked = self.text(&["ls-files", "--others", "--exclude-standard", "-z", "--"])?;
        changed.files.extend(self.paths(&untracked));
        Ok(changed)
    }

    /// Returns all files of the index.
    pub fn index(&self) -> anyhow::Result<HashSet<PathBuf>> {
        Ok(self.paths(&self.text(&["ls-files", "-z", "--"])?).collect())
    }

    /// Returns the staged texts of files.
    pub fn texts(&self, files: &[PathBuf]) -> anyhow::Result<BTreeMap<PathBuf, String>> {
        let mut texts = BTreeMap::new();
        if files.is_empty() {
            return Ok(texts);
        }
        let mut names = String::new();
        for file in files {
            let name = file.strip_prefix(&self.root).unwrap_or(file).to_string_lossy().replace('\\', "/");
            ensure!(!name.contains('\n'), "the file name {} contains a line break", file.display());
            names += &format!(":{name}\n");
        }
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run git")?;
        let mut input = child.stdin.take().context("cannot write to git")?;
        // git writes while it reads: alternating writes and reads on one thread could deadlock.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(names.as_bytes()));
            child.wait_with_output()
        });
        let output = output.context("cannot run git")?.stdout;
        let mut rest = output.as_slice();
        for file in files {
            // `<hash> blob <size>\n<content>\n`, or `<name> missing\n`: https://git-scm.com/docs/git-cat-file#_batch_output
            let end = rest.iter().position(|byte| *byte == b'\n').context("the output of git ends early")?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            if head.ends_with(" missing") {
                continue;
            }
            let size = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
            let size = size.filter(|size| *size < rest.len()).context("unexpected output of git")?;
            let text = String::from_utf8(rest[..size].to_vec())
                .with_context(|| format!("the staged text of {} is not UTF-8", file.display()))?;
            texts.insert(file.clone(), text);
            rest = &rest[size + 1..];
        }
        Ok(texts)
    }

    /// Stages files as they are on disk.
    pub fn stage(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> =
            files.iter().map(|file| file.to_str().context("a file name is not UTF-8")).collect::<Result<_, _>>()?;
        self.text(&[&["add", "--"], names.as_slice()].concat()).map(drop)
    }

    fn paths<'a>(&'a self, list: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        list.split('\0').filter(|name| !name.is_empty()).map(|name| self.root.join(name))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // Another process, such as an editor that watches the index, may hold its lock.
        command.current_dir(&self.root).arg("--no-optional-locks").args(arguments);
        command
    }

    fn text(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(arguments).output().context("cannot run git")?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            bail!("git failed: {}", told.lines().next().unwrap_or_default().trim());
        }
        String::from_utf8(output.stdout).context("the output of git is not UTF-8")
    }
}
