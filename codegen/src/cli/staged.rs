//! What is staged in git: the files, and the text of those that were edited since.

use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

/// The files that are staged in the repository of the current folder.
pub struct Staged {
    root: PathBuf,
    files: BTreeSet<PathBuf>,
    edited: BTreeSet<PathBuf>,
}

impl Staged {
    /// Asks git.
    ///
    /// # Errors
    /// The current folder is not in a repository, or git fails.
    pub fn read() -> anyhow::Result<Self> {
        let root = git(Path::new(""), &["rev-parse", "--show-toplevel"])?;
        let root = PathBuf::from(root.trim_end_matches('\n'));
        let names = |arguments: &[&str]| {
            let output = git(&root, &[&["diff", "--name-only", "--no-renames", "-z"], arguments].concat())?;
            let names = output.split('\0').filter(|name| !name.is_empty());
            anyhow::Ok(names.map(|name| root.join(name)).collect())
        };
        Ok(Self { files: names(&["--cached", "--diff-filter=ACMR", "--"])?, edited: names(&["--"])?, root })
    }

    /// True if the file is staged.
    pub fn contains(&self, file: &Path) -> bool {
        self.path(file).is_ok_and(|path| self.files.contains(&path))
    }

    /// True if the file was edited after it was staged.
    pub fn is_edited(&self, file: &Path) -> bool {
        self.path(file).is_ok_and(|path| self.edited.contains(&path))
    }

    /// The text of a file as it is staged.
    ///
    /// # Errors
    /// git fails, or the text is not UTF-8.
    pub fn text(&self, file: &Path) -> anyhow::Result<String> {
        let path = self.path(file)?;
        if !self.edited.contains(&path) {
            return std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", file.display()));
        }
        let name = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        git(&self.root, &["show", &format!(":{name}")])
    }

    /// Stages files, which are as they were staged but for what was just written.
    ///
    /// # Errors
    /// git fails.
    pub fn stage(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let paths = files.iter().map(|file| Ok(self.path(file)?.to_string_lossy().into_owned()));
        let paths = paths.collect::<anyhow::Result<Vec<String>>>()?;
        let arguments: Vec<&str> = ["add", "--"].into_iter().chain(paths.iter().map(String::as_str)).collect();
        git(&self.root, &arguments).map(drop)
    }

    /// The path of a file as git has it, which knows no links to folders.
    fn path(&self, file: &Path) -> anyhow::Result<PathBuf> {
        let path = absolute(file)?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        Ok(folder.join(path.file_name().unwrap_or_default()))
    }
}

fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("git");
    if !folder.as_os_str().is_empty() {
        command.current_dir(folder);
    }
    let output = command.args(arguments).output().context("cannot run git")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("git reports: {}", message.lines().next().unwrap_or_default().trim());
    }
    String::from_utf8(output.stdout).context("git prints something that is not UTF-8")
}
