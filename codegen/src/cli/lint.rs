//! `graphwright lint`

use super::Exit;
use super::failure::Failure;
use super::project::{self, Selected};
use super::report::Report;
use crate::config::Config;
use crate::diagnostic::formats::{self, About, Format};
use crate::diagnostic::{Diagnostic, Diagnostics, Safety, Severity, render};
use crate::lint::baseline::Baseline;
use crate::lint::rule::Level;
use crate::lint::settings::{Choice, Profiles, Shown};
use crate::lint::{Fixes, Linted, fix, lint, rules};
use crate::output;
use crate::schema::{Extent, Schema};
use crate::source::Text;
use anyhow::Context;
use clap::Args;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Check operations by the specification's rules and by those of the configuration
///
/// Without paths, everything that the configuration names as `documents` is linted. With paths, only
/// those files; the rest of the project is still read, so that fragments are found, and what a
/// changed fragment breaks elsewhere is told.
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
  graphwright lint --write-baseline                  # accept what there is; new findings count

Levels are set under [extensions.graphwright.lint] of graphql.config.toml; `graphwright rule` lists the rules.
A comment `# graphwright-ignore RULE: reason` keeps a rule quiet about what follows it.

Exit codes: 0 clean or warnings only, 1 errors, 2 usage, configuration, or a file that cannot be read.")]
pub struct Arguments {
    /// Files or folders; all documents of the configuration unless given
    paths: Vec<PathBuf>,
    #[command(flatten)]
    project: project::ProjectArguments,
    /// Mend what can be mended without changing what operations mean
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff, also what changes what operations mean
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change, and change nothing; exit 1 if there is something
    #[arg(long)]
    diff: bool,
    /// How findings are told: human, compact, json, json-lines, sarif, github, gitlab, junit, checkstyle; into a file with `=FILE`
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<String>,
    /// Tell what is wrong with the schema, too, as far as the specification says so
    #[arg(long)]
    with_schema: bool,
    /// Count findings by rule instead of telling them
    #[arg(long)]
    statistics: bool,
    /// Run these rules, or the rules of these categories, only
    #[arg(long, value_name = "RULE|CATEGORY", value_delimiter = ',')]
    only: Vec<String>,
    /// Set the level of a rule, or of the rules of a category: error, warn, info, off
    #[arg(long, value_name = "RULE|CATEGORY=LEVEL")]
    level: Vec<String>,
    /// Fail if there are more warnings than this
    #[arg(long, value_name = "COUNT")]
    max_warnings: Option<usize>,
    /// Do not tell warnings
    #[arg(long)]
    errors_only: bool,
    /// Known findings, which do not count, instead of the configuration's file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings of now into the baseline
    #[arg(long, conflicts_with_all = ["paths", "only", "staged", "since", "stdin", "fix", "diff", "files_from"])]
    write_baseline: bool,
    /// The files that are staged in git, with the text that is staged
    #[arg(long, conflicts_with_all = ["paths", "stdin"])]
    staged: bool,
    /// The files that differ from a revision of git
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["paths", "stdin", "staged"])]
    since: Option<String>,
    /// More paths, one a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Lint the text of standard input instead of a file
    #[arg(long, requires = "stdin_filename", conflicts_with = "fix")]
    stdin: bool,
    /// The file that the text is of
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
    /// Print the rules that hold for a file, with levels and options
    #[arg(long, value_name = "FILE")]
    show_settings: Option<PathBuf>,
    /// Exit 0 whatever is found
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

/// Every project that is meant, one after the other.
fn all(arguments: &Arguments, report: &Report) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.format)?;
    let projects = arguments.project.projects()?;
    let is_text = |(format, file): &(Format, Option<PathBuf>)| {
        file.is_none() && matches!(format, Format::Human | Format::Compact | Format::JsonLines | Format::Github)
    };
    if projects.len() > 1 && (arguments.write_baseline || !outputs.iter().all(is_text)) {
        let names: Vec<&str> = projects.iter().flatten().map(String::as_str).collect();
        return Err(Failure::Usage(anyhow::anyhow!(
            "a report is about one project; choose one with --project: {}",
            names.join(", ")
        )));
    }
    let mut worst = Exit::Clean;
    for project in &projects {
        let exit = once(arguments, project.as_deref(), &outputs, report)?;
        worst = if exit as u8 > worst as u8 { exit } else { worst };
    }
    Ok(worst)
}

fn once(arguments: &Arguments, project: Option<&str>, outputs: &Outputs, report: &Report) -> Result<Exit, Failure> {
    let choice = choice(arguments)?;
    let config = arguments.project.config(project, &arguments.paths)?;
    let profiles = Profiles::new(&config.lint, choice).map_err(anyhow::Error::msg)?;
    if let Some(file) = &arguments.show_settings {
        return show_settings(&profiles, &config, file);
    }
    let progress = report.progress("linting");
    let selected = select(arguments, &config)?;
    if arguments.fix && arguments.staged && !selected.texts.is_empty() {
        let files: Vec<&str> = selected.texts.keys().map(String::as_str).collect();
        return Err(Failure::Usage(anyhow::anyhow!(
            "--fix writes to files, and these were edited since they were staged: {}; stage them, or stash the rest",
            files.join(", ")
        )));
    }
    let Selected { project, targets, mut problems, skipped } = project::read(&config, selected)?;
    let file = arguments.baseline.clone().or_else(|| config.lint.baseline.as_ref().map(|file| config.resolve(file)));
    let baseline = file.as_deref().filter(|_| !arguments.write_baseline).map(read_baseline).transpose()?.flatten();
    let settings = &config.lint;
    let is_changing = arguments.fix || arguments.diff;
    let (linted, changes) = if is_changing {
        let which = if arguments.unsafe_fixes { Fixes::All } else { Fixes::Safe };
        let fixed =
            fix(&project, &profiles, &targets, settings, baseline.as_ref(), which).map_err(Failure::Configuration)?;
        for refused in &fixed.refused {
            report.info(format!("not made, since the documents would not be valid after it: {refused}"));
        }
        for reordered in &fixed.reordered {
            report.warning(reordered);
        }
        (fixed.left, Some((fixed.texts, fixed.made)))
    } else {
        (lint(&project, &profiles, &targets, settings, baseline.as_ref()).map_err(Failure::Configuration)?, None)
    };
    progress.finish_and_clear();
    if arguments.write_baseline {
        return write_baseline(
            &file.unwrap_or_else(|| config.resolve(Path::new(BASELINE))),
            &linted,
            &project.files,
            report,
        );
    }
    let mut exit = Exit::Clean;
    if let Some((texts, made)) = &changes {
        exit = apply(arguments, &config, &project, texts, made, report)?;
    }
    if arguments.with_schema {
        problems.extend(defects(&project).map_err(Failure::Configuration)?);
    }
    let unreadable = problems.iter().any(|one| one.severity == Severity::Error);
    let Linted { mut diagnostics, suppressed, known, files } = linted;
    problems.append(&mut diagnostics.list);
    diagnostics.list = problems;
    let warnings = diagnostics.list.iter().filter(|one| one.severity == Severity::Warning).count();
    if arguments.errors_only {
        diagnostics.list.retain(|one| one.severity == Severity::Error);
    }
    if !arguments.diff {
        tell(arguments, outputs, &diagnostics, report)?;
        let told = Told { files, suppressed, known, skipped };
        summary(&diagnostics, &told, arguments, report);
    }
    let count = |severity| diagnostics.list.iter().filter(|one| one.severity == severity).count();
    let too_many = arguments.max_warnings.is_some_and(|most| warnings > most);
    Ok(match exit {
        _ if unreadable => Exit::Usage,
        Exit::Clean if !arguments.diff && (count(Severity::Error) > 0 || too_many) => Exit::Findings,
        exit => exit,
    })
}

/// What is wrong with a schema; places are right in the project's texts, since a run only adds to them.
fn defects(project: &crate::lint::Project) -> Result<Vec<Diagnostic>, Diagnostics> {
    let mut sources = project.sources.clone();
    let schema = Schema::load(&mut sources, &project.schema, project.client.clone(), Extent::Whole)
        .map_err(|list| Diagnostics::new(sources, list))?;
    Ok(schema.warnings)
}

const BASELINE: &str = "graphwright-baseline.json";

/// A format and the file that it goes to.
type Outputs = Vec<(Format, Option<PathBuf>)>;

fn outputs(formats: &[String]) -> anyhow::Result<Outputs> {
    let one = |text: &String| {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text.as_str(), None),
        };
        Ok((name.parse::<Format>().map_err(anyhow::Error::msg)?, file))
    };
    let mut outputs: Outputs = formats.iter().map(one).collect::<anyhow::Result<_>>()?;
    anyhow::ensure!(
        outputs.iter().filter(|(_, file)| file.is_none()).count() <= 1,
        "only one format can go to standard output; give the others a file: `--format sarif=lint.sarif`"
    );
    anyhow::ensure!(
        outputs.iter().all(|(_, file)| file.as_ref().is_none_or(|file| !file.as_os_str().is_empty())),
        "the name of the file is missing: `--format sarif=lint.sarif`"
    );
    if outputs.iter().all(|(_, file)| file.is_some()) && outputs.is_empty() {
        // Hooks are read in passing.
        let is_hook = std::env::var_os("PRE_COMMIT").is_some();
        outputs.push((if is_hook { Format::Compact } else { Format::Human }, None));
    }
    Ok(outputs)
}

fn choice(arguments: &Arguments) -> anyhow::Result<Choice> {
    let named = |name: &str| rules::named(name).map_err(anyhow::Error::msg);
    let level = |text: &String| {
        let (name, level) = text.split_once('=').with_context(|| format!("`{text}` is not RULE=LEVEL"))?;
        let level: Level = serde_json::from_value(level.into())
            .map_err(|_| anyhow::anyhow!("`{level}` is no level: there are error, warn, info and off"))?;
        Ok(named(name)?.into_iter().map(|rule| (rule, level)).collect::<Vec<_>>())
    };
    Ok(Choice {
        only: arguments.only.iter().map(|name| named(name)).collect::<anyhow::Result<Vec<_>>>()?.concat(),
        levels: arguments.level.iter().map(level).collect::<anyhow::Result<Vec<_>>>()?.concat(),
    })
}

/// Which files are meant.
fn select(arguments: &Arguments, config: &Config) -> anyhow::Result<project::Selection> {
    let mut selection = project::Selection::default();
    if arguments.staged || arguments.since.is_some() {
        return project::of_git(config, arguments.since.as_deref());
    }
    if let (true, Some(file)) = (arguments.stdin, &arguments.stdin_filename) {
        let text = std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?;
        let path = project::from_root(config, file);
        selection.texts.insert(path, text.into());
        selection.paths = Some(vec![file.clone()]);
        return Ok(selection);
    }
    let mut paths = arguments.paths.clone();
    if let Some(file) = &arguments.files_from {
        let list = if file == Path::new("-") {
            std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?
        } else {
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?
        };
        paths.extend(list.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from));
        selection.paths = Some(paths);
    } else if !paths.is_empty() {
        selection.paths = Some(paths);
    }
    Ok(selection)
}

fn read_baseline(file: &Path) -> anyhow::Result<Option<Baseline>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read the baseline {}", file.display())),
    };
    serde_json::from_str(&text).map(Some).with_context(|| format!("the baseline {} is damaged", file.display()))
}

fn write_baseline(file: &Path, linted: &Linted, files: &[crate::lint::File], report: &Report) -> Result<Exit, Failure> {
    let baseline = Baseline::of(&linted.diagnostics.list, &linted.diagnostics.sources, files);
    let text = serde_json::to_string_pretty(&baseline).map_err(anyhow::Error::from)? + "\n";
    output::write(file, &text).map_err(anyhow::Error::from)?;
    let count: usize = baseline.known.iter().map(|known| known.count).sum();
    report.info(format!("wrote {count} findings to {}", file.display()));
    Ok(Exit::Clean)
}

/// Writes what fixes changed, or shows it.
fn apply(
    arguments: &Arguments,
    config: &Config,
    before: &crate::lint::Project,
    texts: &BTreeMap<String, Text>,
    made: &BTreeMap<&'static str, usize>,
    report: &Report,
) -> Result<Exit, Failure> {
    if arguments.diff {
        let mut shown = String::new();
        for (path, new) in texts {
            let old = before.whole_text(path);
            let diff = TextDiff::from_lines(old, &**new);
            shown += &diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
        }
        // A closed pipe is the reader's choice.
        let _ = std::io::stdout().lock().write_all(shown.as_bytes());
        return Ok(if texts.is_empty() { Exit::Clean } else { Exit::Findings });
    }
    for (path, new) in texts {
        output::write(&config.resolve(Path::new(path)), new).map_err(anyhow::Error::from)?;
    }
    let count: usize = made.values().sum();
    if count > 0 {
        let rules: Vec<String> = made.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        report.info(format!("mended {count} in {} files: {}", texts.len(), rules.join(", ")));
    }
    Ok(Exit::Clean)
}

fn tell(arguments: &Arguments, outputs: &Outputs, diagnostics: &Diagnostics, report: &Report) -> Result<(), Failure> {
    if arguments.statistics {
        report.result(&statistics(diagnostics));
        return Ok(());
    }
    // `--quiet` is for people; programs get everything.
    let mut for_people = diagnostics.clone();
    if report.is_quiet() {
        for_people.list.retain(|one| one.severity == Severity::Error);
    }
    for (format, file) in outputs {
        match (format, file) {
            (Format::Human, None) if for_people.list.is_empty() => {}
            (Format::Human, None) => report
                .result(&format!("{}\n\n", render::linked(&for_people, &|code| describe(code).map(|about| about.url)))),
            (Format::Human, Some(file)) => {
                output::write(file, &format!("{}\n", render::plain(diagnostics))).map_err(anyhow::Error::from)?;
            }
            (format, None) => report.result(&formats::text(*format, diagnostics, &describe)),
            (format, Some(file)) => {
                output::write(file, &formats::text(*format, diagnostics, &describe)).map_err(anyhow::Error::from)?;
            }
        }
    }
    Ok(())
}

/// What is said about a rule.
pub fn describe(code: &str) -> Option<About> {
    let meta = &rules::find(code)?.meta;
    Some(About { what: meta.what.to_owned(), why: meta.why.to_owned(), url: meta.url() })
}

fn statistics(diagnostics: &Diagnostics) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in &diagnostics.list {
        let (all, fixable) = counts.entry(one.code).or_default();
        *all += 1;
        *fixable += usize::from(one.fix.is_some());
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(code, (all, _))| (std::cmp::Reverse(*all), *code));
    let line = |(code, (all, fixable)): (&str, (usize, usize))| {
        let fixable = if fixable == 0 { String::new() } else { format!(" ({fixable} can be mended)") };
        format!("{all:>6}  {code}{fixable}\n")
    };
    counts.into_iter().map(line).collect()
}

/// Numbers of the summary.
struct Told {
    files: usize,
    suppressed: usize,
    known: usize,
    skipped: usize,
}

fn summary(diagnostics: &Diagnostics, told: &Told, arguments: &Arguments, report: &Report) {
    let counted = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    let of = |severity| diagnostics.list.iter().filter(|one| one.severity == severity).count();
    let (errors, warnings, infos) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
    let mut parts = Vec::new();
    if errors + warnings + infos == 0 && !arguments.errors_only {
        parts.push("nothing found".to_owned());
    }
    parts.extend((arguments.errors_only && errors == 0).then(|| "no errors".to_owned()));
    parts.extend((errors > 0).then(|| counted(errors, "error")));
    parts.extend((warnings > 0).then(|| counted(warnings, "warning")));
    parts.extend((infos > 0).then(|| counted(infos, "remark")));
    let mut more = Vec::new();
    more.extend((told.suppressed > 0).then(|| format!("{} suppressed by comments", told.suppressed)));
    more.extend((told.known > 0).then(|| format!("{} in the baseline", told.known)));
    more.extend((told.skipped > 0).then(|| format!("{} not part of the project", counted(told.skipped, "file"))));
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    report.info(format!("{} in {}{more}", parts.join(", "), counted(told.files, "file")));
    let fixable = |safety| {
        let all = diagnostics.list.iter().filter_map(|one: &Diagnostic| one.fix.as_ref());
        all.filter(|fix| fix.safety == safety).count()
    };
    let (safe, not_safe) = (fixable(Safety::Safe), fixable(Safety::Unsafe));
    match (arguments.fix, safe, not_safe) {
        (false, 1.., 0) => report.info(format!("{safe} can be mended with --fix")),
        (false, 1.., 1..) => {
            report.info(format!("{safe} can be mended with --fix, {not_safe} more with --unsafe-fixes"))
        }
        (_, _, 1..) if !arguments.unsafe_fixes => {
            report.info(format!("{not_safe} can be mended with --fix --unsafe-fixes"))
        }
        _ => {}
    }
    if diagnostics.list.iter().any(|one| rules::find(one.code).is_some()) {
        report.info("`graphwright rule NAME` explains a rule");
    }
}

fn show_settings(profiles: &Profiles, config: &Config, file: &Path) -> Result<Exit, Failure> {
    let profile = profiles.profile(&profiles.key(&project::from_root(config, file)));
    let one = |active: &crate::lint::settings::Active| {
        (active.entry.meta.name, Shown { level: active.level, options: active.options.clone() })
    };
    let shown: BTreeMap<&str, Shown> = profile.active.iter().map(one).collect();
    let text = serde_json::to_string_pretty(&shown).map_err(anyhow::Error::from)?;
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(Exit::Clean)
}
