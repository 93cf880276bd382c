//! Selects the projects of a command: by flag, by the given paths, or by the working directory.

use super::failure::Failure;
use super::names::path_from_here;
use crate::config::{self, Config};
use crate::files::{is_of_tools, plain, shown, way};
use crate::lint::settings::Settings;
use clap::Args;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Flags that select projects.
#[derive(Debug, Clone, Args)]
pub struct ProjectFlags {
    /// Configuration file [default: the nearest one above each path or this folder, else all below]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Select one project of the configuration
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
}

/// A project, and the selected part of it.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Its settings.
    pub config: Config,
    /// Those of the linter.
    pub lint: Settings,
    /// Files and folders; `None` selects the whole project.
    pub paths: Option<Vec<PathBuf>>,
}

/// Paths grouped by project.
pub struct Split {
    /// The projects with their own paths, or the reasons why they cannot be read.
    pub chosen: Vec<Result<Chosen, Failure>>,
    /// Paths that belong to no project.
    pub others: Vec<PathBuf>,
}

impl ProjectFlags {
    /// Returns true if a configuration file is named.
    pub fn names_a_file(&self) -> bool {
        self.config.is_some()
    }

    /// Returns all selected projects if no paths are given.
    ///
    /// # Errors
    /// There is no configuration, or one of them cannot be read.
    pub fn all(&self) -> Result<Vec<Config>, Failure> {
        self.each()?.into_iter().map(|one| one.map(|chosen| chosen.config)).collect()
    }

    /// Returns all selected projects, or the reasons why they cannot be read, if no paths are given.
    ///
    /// # Errors
    /// There is no configuration.
    pub fn each(&self) -> Result<Vec<Result<Chosen, Failure>>, Failure> {
        let mut all = Vec::new();
        for file in self.found()? {
            match self.load(&file) {
                Ok(projects) => all.extend(projects.into_iter().map(Ok)),
                Err(failure) => all.push(Err(failure)),
            }
        }
        Ok(all)
    }

    /// Returns the only selected project.
    ///
    /// # Errors
    /// As for [`ProjectFlags::all`], or if there are several.
    pub fn one(&self) -> Result<Config, Failure> {
        let mut all = self.all()?;
        match (all.pop(), all.len()) {
            (Some(only), 0) => Ok(only),
            (last, _) => {
                let choice = |config: &Config| match (&config.project, &config.file) {
                    (Some(name), _) => format!("--project {name}"),
                    (None, Some(file)) => format!("--config {}", shown(&file.path)),
                    (None, None) => label(config),
                };
                let choices: Vec<String> = all.iter().chain(&last).map(choice).collect();
                Err(Failure::Usage(anyhow::anyhow!(
                    "several projects are selected; choose one with {}",
                    choices.join(" or ")
                )))
            }
        }
    }

    /// Returns the configuration files if no paths are given.
    pub fn found(&self) -> Result<Vec<PathBuf>, Failure> {
        let here = plain(Path::new("."));
        let found = match &self.config {
            Some(file) => vec![file.clone()],
            None => match config::find(&here) {
                Some(file) => vec![path_from_here(&file)],
                None => below(&here),
            },
        };
        if found.is_empty() {
            return Err(Failure::Usage(none()));
        }
        Ok(found)
    }

    /// Groups paths by the nearest configuration above each, and by the files that its projects name.
    pub fn of_paths(&self, paths: &[PathBuf]) -> Split {
        let mut nearest = Nearest::default();
        let mut of_file: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        let mut others = Vec::new();
        for path in paths {
            let files = match &self.config {
                Some(file) => vec![file.clone()],
                None => nearest.of(path),
            };
            if files.is_empty() {
                others.push(path.clone());
            }
            for file in files {
                of_file.entry(file).or_default().push(path.clone());
            }
        }
        let mut chosen = Vec::new();
        for (file, paths) in of_file {
            match self.load(&file) {
                Ok(projects) => split(projects, paths, &mut chosen, &mut others),
                Err(failure) => chosen.push(Err(failure)),
            }
        }
        Split { chosen, others }
    }

    /// Loads the projects of a configuration file, each as a whole.
    fn load(&self, file: &Path) -> Result<Vec<Chosen>, Failure> {
        let loaded = match &self.project {
            Some(name) => config::load_with_lint(file, Some(name)).map(|project| vec![project]),
            None => config::load_all_with_lint(file),
        };
        let projects = loaded.map_err(Failure::Configuration)?.into_iter();
        Ok(projects.map(|(config, lint)| Chosen { config, lint, paths: None }).collect())
    }
}

/// Gives each project the paths that it names; a single project gets all of them.
fn split(
    projects: Vec<Chosen>,
    paths: Vec<PathBuf>,
    chosen: &mut Vec<Result<Chosen, Failure>>,
    others: &mut Vec<PathBuf>,
) {
    if let [_] = projects.as_slice() {
        chosen.extend(projects.into_iter().map(|project| Ok(Chosen { paths: Some(paths.clone()), ..project })));
        return;
    }
    let mut is_meant = vec![false; paths.len()];
    for project in projects {
        let mut own = Vec::new();
        for (path, is_meant) in paths.iter().zip(&mut is_meant) {
            if path.is_dir() || names(&project, path) {
                *is_meant = true;
                own.push(path.clone());
            }
        }
        if !own.is_empty() {
            chosen.push(Ok(Chosen { paths: Some(own), ..project }));
        }
    }
    others.extend(paths.into_iter().zip(is_meant).filter(|(_, is_meant)| !is_meant).map(|(path, _)| path));
}

/// Returns true if a setting of a project names a file.
fn names(Chosen { config, lint, .. }: &Chosen, path: &Path) -> bool {
    let name = way(&config.root, path);
    let settings = [&config.schema, &config.client_schema, &config.documents, &lint.rust];
    // Invalid patterns are reported when files are read, so this project must not be skipped.
    settings.into_iter().any(|patterns| config.files(patterns).map_or(true, |files| files.contains(&name)))
}

/// Returns the label of a project among several: its folder, its name, or `folder:name`, since configurations in two
/// folders can have projects of the same name.
pub fn label(config: &Config) -> String {
    let folder = shown(&config.root);
    match (&config.project, folder.as_str()) {
        (None, "" | ".") => ".".to_owned(),
        (None, _) => folder,
        (Some(name), "" | ".") => name.clone(),
        (Some(name), _) => format!("{folder}:{name}"),
    }
}

/// Returns the label of a project if there are several.
pub fn label_among(config: &Config, all: &[Config]) -> Option<String> {
    (all.len() > 1).then(|| label(config))
}

/// Returns the prefix of a line about a project.
pub fn prefix(label: Option<&str>) -> String {
    label.map_or_else(String::new, |label| format!("{label}: "))
}

/// Returns the error for a missing configuration.
pub fn none() -> anyhow::Error {
    let here = plain(Path::new("."));
    let programs = here.ancestors().flat_map(|folder| config::OF_OTHERS.iter().map(|name| folder.join(name)));
    match programs.into_iter().find(|path| path.is_file()) {
        Some(file) => anyhow::anyhow!(
            "{} is a program, and configurations are not executed; move its settings to a graphql.config.toml \
             (`graphwright init` writes one)",
            path_from_here(&file).display()
        ),
        None => {
            anyhow::anyhow!("no graphql.config.toml in this folder, above or below it; `graphwright init` writes one")
        }
    }
}

/// A cache of configurations by folder.
#[derive(Default)]
struct Nearest {
    of: HashMap<PathBuf, Option<PathBuf>>,
}

impl Nearest {
    /// Returns the configurations of a path: the nearest one above, and all below a folder.
    fn of(&mut self, path: &Path) -> Vec<PathBuf> {
        let place = plain(path);
        if !path.is_dir() {
            return place.parent().and_then(|folder| self.above(folder)).into_iter().collect();
        }
        let mut files: Vec<PathBuf> = self.above(&place).into_iter().collect();
        files.extend(below(&place).into_iter().filter(|file| !files.contains(file)).collect::<Vec<_>>());
        files
    }

    fn above(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.of.get(folder) {
            return known.clone();
        }
        let found = match config::find_in(folder) {
            Some(file) => Some(path_from_here(&file)),
            None => folder.parent().and_then(|parent| self.above(parent)),
        };
        self.of.insert(folder.to_path_buf(), found.clone());
        found
    }
}

/// Returns the effective configuration of a folder and of each folder below.
fn below(folder: &Path) -> Vec<PathBuf> {
    let folders = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            entry.file_type().is_dir() && (entry.depth() == 0 || !is_of_tools(&entry.file_name().to_string_lossy()))
        })
        .filter_map(Result::ok);
    folders.filter_map(|folder| config::find_in(folder.path())).map(|file| path_from_here(&file)).collect()
}
