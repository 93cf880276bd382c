//! Which files a command is about: the configuration's, those of flags, those that git names.

use super::failure::Failure;
use crate::config::{self, Config, way};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lint::{Project, Targets};
use crate::load::{self, Setting};
use crate::schema::ClientSide;
use crate::source::Text;
use anyhow::{Context, bail};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Flags that name a project.
#[derive(Debug, Args)]
pub struct ProjectArguments {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The project, if the configuration has several
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Schema file or glob, instead of the configuration's
    #[arg(long, value_name = "GLOB")]
    schema: Vec<String>,
}

impl ProjectArguments {
    /// The projects that are meant: the named one, or all that there are; `None` where there are no names.
    pub fn projects(&self) -> Result<Vec<Option<String>>, Failure> {
        let found = match &self.config {
            Some(file) => Some(file.clone()),
            None => config::find_here().map_err(anyhow::Error::from)?,
        };
        let names = match (&self.project, found) {
            (None, Some(file)) => config::projects(&file).map_err(Failure::Configuration)?,
            _ => Vec::new(),
        };
        Ok(if names.is_empty() { vec![self.project.clone()] } else { names.into_iter().map(Some).collect() })
    }

    /// The configuration with what flags override. Without a file, paths are documents.
    pub fn config(&self, project: Option<&str>, paths: &[PathBuf]) -> Result<Config, Failure> {
        let found = match &self.config {
            Some(file) => Some(file.clone()),
            None => config::find_here().map_err(anyhow::Error::from)?,
        };
        let mut config = match &found {
            Some(file) => config::load(file, project).map_err(Failure::Configuration)?,
            None if self.schema.is_empty() => {
                return Err(Failure::Usage(anyhow::anyhow!(
                    "there is no graphql.config.toml in this folder or above; `graphwright init` writes one, or give \
                     --schema and the files"
                )));
            }
            None => Config::default(),
        };
        if !self.schema.is_empty() {
            let from_here = |pattern: &String| config::from_folder(&config.root, Path::new("."), pattern);
            config.schema = self.schema.iter().map(from_here).collect();
        }
        if config.documents.is_empty() {
            config.documents = paths.iter().flat_map(|path| patterns(&config, path)).collect();
        }
        Ok(config)
    }
}

/// The configuration of a command that has no flags for its files.
pub fn configuration(file: Option<&Path>, project: Option<&str>) -> Result<Config, Failure> {
    let file = match file {
        Some(file) => file.to_path_buf(),
        None => {
            let found = config::find_here().map_err(anyhow::Error::from)?;
            found.context("there is no graphql.config.toml in this folder or above; `graphwright init` writes one")?
        }
    };
    config::load(&file, project).map_err(Failure::Configuration)
}

/// A path as patterns of documents.
fn patterns(config: &Config, path: &Path) -> Vec<String> {
    let name = from_root(config, path);
    if path.is_dir() {
        let prefix = if name.is_empty() { String::new() } else { format!("{name}/") };
        return ENDINGS.iter().map(|ending| format!("{prefix}**/*.{ending}")).collect();
    }
    vec![name]
}

/// The ends of the names of GraphQL files.
const ENDINGS: [&str; 3] = ["graphql", "gql", "graphqls"];

/// The name of a path below the configuration's folder.
pub fn from_root(config: &Config, path: &Path) -> String {
    way(&config.root, path).to_string_lossy().replace('\\', "/")
}

/// What is meant, before anything is read.
#[derive(Debug, Default)]
pub struct Selection {
    /// Files and folders; none means all of the project.
    pub paths: Option<Vec<PathBuf>>,
    /// Texts that stand for what is on the disk, by name below the configuration's folder.
    pub texts: BTreeMap<String, Text>,
    /// The files that there are, if not all that are on the disk.
    pub only: Option<HashSet<String>>,
}

/// A project that was read.
pub struct Selected {
    /// Its texts.
    pub project: Project,
    /// What of it is meant.
    pub targets: Targets,
    /// Files that cannot be read.
    pub problems: Vec<Diagnostic>,
    /// How many of the files that were named are not part of it.
    pub skipped: usize,
}

/// Reads a project.
///
/// # Errors
/// There is no schema, or a pattern is none.
pub fn read(config: &Config, selection: Selection) -> Result<Selected, Failure> {
    let mut project = Project::default();
    let mut problems = Vec::new();
    project.schema = load::read_all(config, Setting::Schema, &config.schema, &mut project.sources, &mut problems);
    let client = load::read_client_schema(config, &mut project.sources, &mut problems);
    project.client = ClientSide::new(config, &client);
    let mut files: BTreeSet<PathBuf> = match config.documents.is_empty() && !config.lint.rust.is_empty() {
        true => BTreeSet::new(),
        false => load::files(config, Setting::Documents, &config.documents, &mut problems).into_iter().collect(),
    };
    if problems.iter().any(|one| one.severity == Severity::Error) {
        return Err(Failure::Configuration(Diagnostics::new(project.sources, problems)));
    }
    let rust = config::matching_files(&config.root, &config.lint.rust, &config.exclude)
        .map_err(|(pattern, reason)| anyhow::anyhow!("`{pattern}` in `rust` is not a glob: {reason}"))?;
    let mut rust: BTreeSet<PathBuf> = rust.into_iter().collect();
    let schema: HashSet<String> = project.schema.iter().map(|id| project.sources.name(*id).to_owned()).collect();
    files.retain(|file| !schema.contains(&*file.to_string_lossy()));
    if let Some(only) = &selection.only {
        files.retain(|file| only.contains(&*file.to_string_lossy()));
        rust.retain(|file| only.contains(&*file.to_string_lossy()));
    }
    let (targets, skipped) = match &selection.paths {
        None => (Targets::All, 0),
        Some(paths) => {
            let missing =
                paths.iter().find(|path| !path.exists() && !selection.texts.contains_key(&from_root(config, path)));
            if let Some(missing) = missing {
                return Err(Failure::Usage(anyhow::anyhow!(
                    "cannot read {}: there is no such file",
                    missing.display()
                )));
            }
            chosen(config, paths, &schema, &files, &mut rust)
        }
    };
    let disk: Vec<PathBuf> =
        files.iter().filter(|file| !selection.texts.contains_key(&*file.to_string_lossy())).cloned().collect();
    let mut texts: BTreeMap<String, Text> =
        load::read_files(config, &disk, &mut project.sources, &mut problems).into_iter().collect();
    for (path, text) in &selection.texts {
        if files.contains(Path::new(path)) || is_document(path) {
            texts.insert(path.clone(), text.clone());
        }
    }
    project.add_all(texts.into_iter().collect());
    let rust: Vec<PathBuf> = rust.into_iter().collect();
    for (path, text) in load::read_files(config, &rust, &mut project.sources, &mut problems) {
        project.add_rust(&path, selection.texts.get(&path).unwrap_or(&text));
    }
    Ok(Selected { project, targets, problems, skipped })
}

fn is_document(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(&format!(".{ending}")))
}

/// What paths mean in a project: everything if one is of the schema.
fn chosen(
    config: &Config,
    paths: &[PathBuf],
    schema: &HashSet<String>,
    files: &BTreeSet<PathBuf>,
    rust: &mut BTreeSet<PathBuf>,
) -> (Targets, usize) {
    let mut names = HashSet::new();
    let mut skipped = 0;
    for path in paths {
        let name = from_root(config, path);
        if schema.contains(&name) {
            return (Targets::All, 0);
        }
        if path.is_dir() {
            let inside = |file: &&PathBuf| name.is_empty() || file.starts_with(&name);
            let inside = files.iter().chain(rust.iter()).filter(inside);
            names.extend(inside.map(|file| file.to_string_lossy().replace('\\', "/")));
        } else if name.ends_with(".rs") {
            rust.insert(PathBuf::from(&name));
            names.insert(name);
        } else {
            skipped += usize::from(!files.contains(Path::new(&name)));
            names.insert(name);
        }
    }
    (Targets::Changed(names), skipped)
}

/// The files that are staged, or that differ from a revision. With `--staged`, the whole project is read as it is staged:
/// what was edited since comes from the index, and what is not in the index does not count.
///
/// # Errors
/// git fails.
pub fn of_git(config: &Config, since: Option<&str>) -> anyhow::Result<Selection> {
    let git = Git { root: &config.root };
    let diff =
        |more: &[&str]| git.names(&[&["diff", "--name-only", "--no-renames", "--relative", "-z"], more].concat());
    let of = match since {
        Some(revision) => vec!["--merge-base", revision],
        None => vec!["--cached"],
    };
    let mut changed = diff(&[&["--diff-filter=ACMR"], of.as_slice(), &["--"]].concat())?;
    let gone = diff(&[&["--diff-filter=D"], of.as_slice(), &["--"]].concat())?;
    let mut selection = Selection::default();
    if since.is_some() {
        changed.extend(git.names(&["ls-files", "--others", "--exclude-standard", "-z", "--"])?);
    } else {
        let is_read = |name: &&String| is_document(name) || name.ends_with(".rs");
        for name in diff(&["--"])?.iter().filter(is_read) {
            selection.texts.insert(name.clone(), git.run(&["show", &format!(":./{name}")])?.into());
        }
        selection.only = Some(git.names(&["ls-files", "-z", "--"])?.into_iter().collect());
    }
    // Fragments of a removed file are missed by files that nobody changed.
    if !gone.iter().any(|name| is_document(name)) {
        let is_ours =
            |name: &String| is_document(name) || [".rs", ".json", ".sdl"].iter().any(|ending| name.ends_with(ending));
        selection.paths =
            Some(changed.iter().filter(|name| is_ours(name)).map(|name| config.root.join(name)).collect());
    }
    Ok(selection)
}

/// git, in the folder of the configuration.
struct Git<'a> {
    root: &'a Path,
}

impl Git<'_> {
    fn names(&self, arguments: &[&str]) -> anyhow::Result<Vec<String>> {
        let output = self.run(arguments)?;
        Ok(output.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new("git");
        if !self.root.as_os_str().is_empty() {
            command.current_dir(self.root);
        }
        let inside =
            Command::new("git").args(["rev-parse", "--is-inside-work-tree"]).output().context("cannot run git")?;
        if !inside.status.success() {
            bail!("this is no git repository");
        }
        let output = command.args(arguments).output().context("cannot run git")?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            bail!("git says: {}", told.lines().next().unwrap_or_default().trim());
        }
        String::from_utf8(output.stdout).context("git names or shows something that is not UTF-8")
    }
}
