//! `graphwright lint`

mod baselines;
mod outputs;
mod selection;

use super::Exit;
use super::failure::Failure;
use super::project::{self, Selected, Selection, StandIn};
use super::projects::Chosen;
use super::report::Report;
use super::{names, projects};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::lint::baseline::Baseline;
use crate::lint::rule::Level;
use crate::lint::settings::{Active, Choice, Profiles, Shown};
use crate::lint::{Fixes, Linted, Project, Targets, fix, lint, rules};
use crate::load;
use crate::output;
use crate::schema::Schema;
use crate::source::Text;
use anyhow::Context;
use baselines::Baselines;
use clap::Args;
use outputs::{Counts, Outputs};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Validate and lint operations and schemas
///
/// Without paths, all `documents` of the configuration are linted. With paths, only those files are
/// linted. The rest of the project is still read to resolve fragments; violations that a changed
/// fragment causes in other files are reported.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  graphwright lint
  graphwright lint graphql/customers.graphql
  graphwright lint --fix
  graphwright lint --fix --unsafe-fixes --diff       # show what would change
  graphwright lint --staged                          # what is about to be committed
  graphwright lint --format github                   # in GitHub Actions
  graphwright lint --format human --format sarif=lint.sarif
  graphwright lint --schema schema.graphql queries/  # without a configuration
  graphwright lint --write-baseline                  # accept current findings; report new ones

Levels are set under [extensions.graphwright.lint] of graphql.config.toml; `graphwright rule` lists the rules.
A comment `# graphwright-ignore RULE: reason` suppresses a rule for the node that follows.

Exit codes: 0 clean or warnings only, 1 errors, 2 usage, configuration, or a file that cannot be read.")]
pub struct Arguments {
    /// Files or folders to lint [default: all documents of the configuration]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    project: project::ProjectArguments,
    /// Apply safe fixes: those that do not change what operations mean
    #[arg(long)]
    fix: bool,
    /// Also apply fixes that may change what an operation means
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change and exit 1 if anything would
    #[arg(long)]
    diff: bool,
    /// Output format: human, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle; `=FILE` writes to a
    /// file
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<String>,
    /// Also report violations of the specification in the schema
    #[arg(long)]
    with_schema: bool,
    /// Count findings by rule instead of listing them
    #[arg(long)]
    statistics: bool,
    /// Run only these rules or categories
    #[arg(long, value_name = "RULE|CATEGORY", value_delimiter = ',')]
    only: Vec<String>,
    /// Set the level of a rule or category: error, warn, info, off
    #[arg(long, value_name = "RULE|CATEGORY=LEVEL")]
    level: Vec<String>,
    /// Fail if there are more warnings than this
    #[arg(long, value_name = "COUNT")]
    max_warnings: Option<usize>,
    /// Report errors only
    #[arg(long)]
    errors_only: bool,
    /// Baseline of known findings, overriding the configuration
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all current findings to the baseline file
    #[arg(long, conflicts_with_all = ["paths", "only", "staged", "since", "stdin", "fix", "diff", "files_from"])]
    write_baseline: bool,
    /// Lint the files staged in git, as they are staged
    #[arg(long, conflicts_with_all = ["paths", "stdin"])]
    staged: bool,
    /// Lint the files that differ from a git revision
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["paths", "stdin", "staged"])]
    since: Option<String>,
    /// Read more paths from a file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Lint standard input instead of a file
    #[arg(long, requires = "stdin_filename", conflicts_with = "fix")]
    stdin: bool,
    /// File name to report for standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
    /// Print the active rules for a file with their levels and options
    #[arg(long, value_name = "FILE")]
    show_settings: Option<PathBuf>,
    /// Exit 0 even if there are findings
    #[arg(long)]
    exit_zero: bool,
}

pub fn run(arguments: Arguments, report: &Report) -> Exit {
    match all(&arguments, report) {
        Ok(_) if arguments.exit_zero => Exit::Clean,
        Ok(exit) => exit,
        Err(failure) => failure.tell(report),
    }
}

/// Lints every selected project and writes one report for all of them.
fn all(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let outputs = Outputs::parse(&arguments.format)?;
    let choice = choice(arguments)?;
    if let Some(file) = &arguments.show_settings {
        return show_settings(arguments, choice, file);
    }
    let progress = report.progress("linting");
    let selection::Selected { chosen, stand_in, skipped } = selection::select(arguments)?;
    if arguments.fix && arguments.staged && !stand_in.texts.is_empty() {
        let files = stand_in.texts.keys().map(|file| names::path_from_here(file).display().to_string());
        return Err(Failure::Usage(anyhow::anyhow!(
            "--fix writes to files that were edited after they were staged: {}; stage or stash the edits",
            files.collect::<Vec<_>>().join(", ")
        )));
    }
    let mut run = Run {
        arguments,
        report,
        choice,
        stand_in,
        baselines: Baselines::default(),
        diagnostics: Diagnostics::default(),
        counts: Counts { skipped, ..Counts::default() },
        exit: Exit::Clean,
    };
    let is_only_one = chosen.len() == 1;
    for chosen in chosen {
        match chosen.and_then(|chosen| run.project(&chosen)) {
            Err(failure) if is_only_one => return Err(failure),
            Err(failure) => run.fail(failure),
            Ok(()) => {}
        }
    }
    progress.finish_and_clear();
    if arguments.write_baseline && run.exit == Exit::Clean {
        return run.baselines.write(report);
    }
    run.tell(&outputs)
}

/// The findings in the projects so far.
struct Run<'r> {
    arguments: &'r Arguments,
    report: &'r Report,
    choice: Choice,
    stand_in: StandIn,
    baselines: Baselines,
    diagnostics: Diagnostics,
    counts: Counts,
    /// [`Exit::Usage`] if a file could not be read or parsed; [`Exit::Findings`] if `--diff` has printed changes.
    exit: Exit,
}

impl Run<'_> {
    fn project(&mut self, chosen: &Chosen) -> Result<(), Failure> {
        let Chosen { config, lint: settings, paths } = chosen;
        let profiles = profiles(chosen, self.choice.clone())?;
        let selection = Selection { paths: paths.clone(), rust: &settings.rust, stand_in: &self.stand_in };
        let Selected { mut project, targets, mut problems, skipped } = project::read(config, &selection)?;
        if self.stand_in.only.is_none() {
            problems.extend(idle_overrides(config, &profiles, &mut project));
        }
        let flag = self.arguments.baseline.as_deref();
        let baseline = match self.arguments.write_baseline {
            true => None,
            false => self.baselines.of(chosen, flag, &project)?,
        };
        let refused = |diagnostics| Failure::Configuration(names::for_people(config, diagnostics));
        let linted = match self.arguments.fix || self.arguments.diff {
            true => self.fix(chosen, &project, &profiles, &targets, baseline.as_ref())?,
            false => lint(&project, &profiles, &targets, settings, baseline.as_ref()).map_err(refused)?,
        };
        if self.arguments.write_baseline {
            self.baselines.add(chosen, flag, &linted, &project)?;
        }
        if self.arguments.with_schema {
            problems.extend(defects(&project).map_err(refused)?);
        }
        if problems.iter().any(|one| one.severity == Severity::Error) {
            self.exit = Exit::Usage;
        }
        let Linted { mut diagnostics, suppressed, known, files } = linted;
        problems.append(&mut diagnostics.list);
        diagnostics.list = problems;
        self.diagnostics.append(names::for_people(config, diagnostics));
        self.counts.add(Counts { files, suppressed, known, skipped });
        Ok(())
    }

    /// Applies fixes and returns the remaining findings.
    fn fix(
        &mut self,
        Chosen { config, lint, .. }: &Chosen,
        project: &Project,
        profiles: &Profiles,
        targets: &Targets,
        baseline: Option<&Baseline>,
    ) -> Result<Linted, Failure> {
        let which = if self.arguments.unsafe_fixes { Fixes::All } else { Fixes::Safe };
        let fixed = fix(project, profiles, targets, lint, baseline, which)
            .map_err(|diagnostics| Failure::Configuration(names::for_people(config, diagnostics)))?;
        outputs::tell_refused(&fixed.refused, self.report);
        for reordered in &fixed.reordered {
            self.report.warning(reordered);
        }
        if self.arguments.diff {
            let shown = differences(config, project, &fixed.texts);
            // A closed pipe is the reader's choice.
            let _ = std::io::stdout().lock().write_all(shown.as_bytes());
            self.exit = self.exit.and(if fixed.texts.is_empty() { Exit::Clean } else { Exit::Findings });
            return Ok(fixed.left);
        }
        // Temporary files of an interrupted run may be beside any document, changed or not.
        let path = |name: &str| config.resolve(Path::new(name));
        let files: Vec<PathBuf> = project.files.iter().map(|file| path(project.sources.name(file.source))).collect();
        output::remove_abandoned(files.iter().map(PathBuf::as_path));
        output::write_all(fixed.texts.iter().map(|(name, new)| (path(name), &**new))).map_err(anyhow::Error::from)?;
        outputs::tell_fixed(&fixed.made, fixed.texts.len(), self.report);
        Ok(fixed.left)
    }

    /// Records a failure that kept one project from being linted; the other projects are still linted.
    fn fail(&mut self, failure: Failure) {
        self.exit = Exit::Usage;
        match failure {
            Failure::Configuration(diagnostics) | Failure::Findings(diagnostics) => {
                self.diagnostics.append(diagnostics)
            }
            Failure::Usage(error) | Failure::Network(error) => self.report.failure(&error),
        }
    }

    /// Reports all findings.
    fn tell(mut self, outputs: &Outputs) -> Result<Exit, Failure> {
        let arguments = self.arguments;
        self.diagnostics.dedup();
        self.diagnostics.list.extend(self.baselines.unclaimed());
        let list = &mut self.diagnostics.list;
        let warnings = list.iter().filter(|one| one.severity == Severity::Warning).count();
        if arguments.errors_only {
            list.retain(|one| one.severity == Severity::Error);
        }
        let is_told = match self.exit {
            // Unreadable files were already reported, unless the diagnostics have a location.
            Exit::Usage => !self.diagnostics.list.is_empty(),
            _ => !arguments.diff,
        };
        if is_told {
            outputs.tell(arguments, &self.diagnostics, self.report)?;
            outputs::summary(&self.diagnostics, &self.counts, arguments, self.report);
        }
        let too_many = arguments.max_warnings.is_some_and(|most| warnings > most);
        Ok(match self.exit {
            Exit::Clean if !arguments.diff && (self.diagnostics.has_errors() || too_many) => Exit::Findings,
            exit => exit,
        })
    }
}

/// Returns diagnostics for overrides that match no file.
fn idle_overrides(config: &Config, profiles: &Profiles, project: &mut Project) -> Vec<Diagnostic> {
    let sources = &project.sources;
    let files = project.files.iter().map(|file| file.source).chain(project.schema.iter().copied());
    let idle: Vec<String> =
        profiles.idle(files.map(|source| sources.name(source))).into_iter().map(str::to_owned).collect();
    let one = |pattern: &String| load::idle_pattern(config, "overrides", pattern, &mut project.sources);
    idle.iter().map(one).collect()
}

fn profiles(Chosen { config, lint, .. }: &Chosen, choice: Choice) -> Result<Profiles, Failure> {
    Profiles::in_folder(&config.root, lint, choice).map_err(|error| {
        let mut sources = crate::source::Sources::default();
        let place = config.place(&error.pattern, &mut sources);
        let problem = Diagnostic::error(Code::CONFIG, format!("{error}, in `overrides`")).at(place, "");
        Failure::Configuration(names::for_people(config, Diagnostics::single(sources, problem)))
    })
}

fn choice(arguments: &Arguments) -> anyhow::Result<Choice> {
    let named = |name: &str| rules::named(name).map_err(anyhow::Error::msg);
    let level = |text: &String| {
        let (name, level) =
            text.split_once('=').with_context(|| format!("invalid level `{text}`; expected RULE=LEVEL"))?;
        let level: Level = serde_json::from_value(level.into())
            .map_err(|_| anyhow::anyhow!("unknown level `{level}`; expected error, warn, info or off"))?;
        Ok(named(name)?.into_iter().map(|rule| (rule, level)).collect::<Vec<_>>())
    };
    Ok(Choice {
        only: arguments.only.iter().map(|name| named(name)).collect::<anyhow::Result<Vec<_>>>()?.concat(),
        levels: arguments.level.iter().map(level).collect::<anyhow::Result<Vec<_>>>()?.concat(),
    })
}

/// Returns the errors in a schema. Spans refer to the project's texts, since a run only adds texts.
fn defects(project: &Project) -> Result<Vec<Diagnostic>, Diagnostics> {
    let mut sources = project.sources.clone();
    let schema = Schema::load(&mut sources, &project.schema, project.client.clone());
    schema.and_then(|schema| schema.violations()).map_err(|list| Diagnostics::new(sources, list))
}

/// Returns the changes of fixes as a diff.
fn differences(config: &Config, before: &Project, texts: &BTreeMap<String, Text>) -> String {
    let mut shown = String::new();
    for (path, new) in texts {
        let diff = TextDiff::from_lines(before.whole_text(path), &**new);
        let name = names::from_here(&config.root, path);
        shown += &diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    }
    shown
}

/// Prints the active rules for a file, in the first project that contains it.
fn show_settings(arguments: &Arguments, choice: Choice, file: &Path) -> Result<Exit, Failure> {
    let split = arguments.project.projects(Some(&[file.to_path_buf()]))?;
    let first = split.chosen.into_iter().next();
    let chosen = first.ok_or_else(|| Failure::Usage(projects::none()))??;
    let profiles = profiles(&chosen, choice)?;
    let profile = profiles.profile(&profiles.key(&project::from_root(&chosen.config, file)));
    let one =
        |active: &Active| (active.entry.meta.name, Shown { level: active.level, options: active.options.clone() });
    let shown: BTreeMap<&str, Shown> = profile.active.iter().map(one).collect();
    let text = serde_json::to_string_pretty(&shown).map_err(anyhow::Error::from)?;
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(Exit::Clean)
}
