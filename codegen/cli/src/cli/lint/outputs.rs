//! The output of findings, and their summary.

use super::Arguments;
use crate::cli::failure::Failure;
use crate::cli::names;
use crate::cli::report::{Report, counted};
use crate::diagnostic::{Diagnostic, Diagnostics, Safety, Severity, render};
use crate::formats::{self, About, Format};
use crate::lint::rules;
use crate::output;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Formats, each with its output file.
pub struct Outputs(Vec<(Format, Option<PathBuf>)>);

impl Outputs {
    /// Parses `FORMAT` and `FORMAT=FILE`.
    pub fn parse(formats: &[String]) -> anyhow::Result<Self> {
        let one = |text: &String| {
            let (name, file) = match text.split_once('=') {
                Some((name, file)) => (name, Some(PathBuf::from(file))),
                None => (text.as_str(), None),
            };
            Ok((name.parse::<Format>().map_err(anyhow::Error::msg)?, file))
        };
        let mut outputs: Vec<(Format, Option<PathBuf>)> = formats.iter().map(one).collect::<anyhow::Result<_>>()?;
        anyhow::ensure!(
            outputs.iter().filter(|(_, file)| file.is_none()).count() <= 1,
            "only one format can go to standard output; write the others to a file: `--format sarif=lint.sarif`"
        );
        anyhow::ensure!(
            outputs.iter().all(|(_, file)| file.as_ref().is_none_or(|file| !file.as_os_str().is_empty())),
            "missing file name; expected FORMAT=FILE, such as `--format sarif=lint.sarif`"
        );
        if outputs.iter().all(|(_, file)| file.is_some()) && outputs.is_empty() {
            // The output of hooks should be short.
            let is_hook = std::env::var_os("PRE_COMMIT").is_some();
            outputs.push((if is_hook { Format::Compact } else { Format::Human }, None));
        }
        Ok(Self(outputs))
    }
}

impl Outputs {
    /// Reports findings in every requested format.
    pub fn tell(&self, arguments: &Arguments, diagnostics: &Diagnostics, report: &Report) -> Result<(), Failure> {
        if arguments.statistics {
            report.result(&statistics(diagnostics));
            return Ok(());
        }
        let for_programs = names::for_programs(diagnostics.clone());
        // `--quiet` applies to the output for users; programs get all findings.
        let mut for_people = diagnostics.clone();
        if report.is_quiet() {
            for_people.list.retain(|one| one.severity == Severity::Error);
        }
        for (format, file) in &self.0 {
            match (format, file) {
                (Format::Human, None) if for_people.list.is_empty() => {}
                (Format::Human, None) => report.result(&format!(
                    "{}\n\n",
                    render::linked(&for_people, &|code| describe(code).map(|about| about.url))
                )),
                (Format::Human, Some(file)) => {
                    output::write(file, &format!("{}\n", render::plain(diagnostics))).map_err(anyhow::Error::from)?;
                }
                (format, file) => {
                    let names = if *format == Format::Compact { diagnostics } else { &for_programs };
                    let text = formats::text(*format, names, &describe);
                    match file {
                        None => report.result(&text),
                        Some(file) => output::write(file, &text).map_err(anyhow::Error::from)?,
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reports the applied fixes.
pub fn tell_fixed(made: &BTreeMap<&'static str, usize>, files: usize, report: &Report) {
    let count: usize = made.values().sum();
    if count > 0 {
        let rules: Vec<String> = made.iter().map(|(rule, count)| format!("{rule}: {count}")).collect();
        report.info(format!(
            "fixed {} in {} ({})",
            counted(count, "problem"),
            counted(files, "file"),
            rules.join(", ")
        ));
    }
}

/// Reports skipped fixes. The list is limited, so that the findings stay on the screen.
pub fn tell_refused(refused: &[String], report: &Report) {
    const MOST: usize = 20;
    for refused in refused.iter().take(MOST) {
        report.info(format!("skipped the fix {refused}"));
    }
    if refused.len() > MOST {
        report.info(format!("more skipped fixes: {}", refused.len() - MOST));
    }
}

/// Returns the documentation of a rule.
pub fn describe(code: &str) -> Option<About> {
    let meta = &rules::find(code)?.meta;
    Some(About { what: meta.what.to_owned(), why: meta.why.to_owned(), url: meta.url() })
}

fn statistics(diagnostics: &Diagnostics) -> String {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in &diagnostics.list {
        let (all, fixable) = counts.entry(one.code.name()).or_default();
        *all += 1;
        *fixable += usize::from(one.fix.is_some());
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(code, (all, _))| (std::cmp::Reverse(*all), *code));
    let line = |(code, (all, fixable)): (&str, (usize, usize))| {
        let fixable = if fixable == 0 { String::new() } else { format!(" ({fixable} fixable)") };
        format!("{all:>6}  {code}{fixable}\n")
    };
    counts.into_iter().map(line).collect()
}

/// The numbers of the summary.
#[derive(Debug, Default)]
pub struct Counts {
    pub files: usize,
    pub suppressed: usize,
    pub known: usize,
    pub skipped: usize,
}

impl Counts {
    /// Adds the numbers of another project.
    pub fn add(&mut self, Self { files, suppressed, known, skipped }: Self) {
        self.files += files;
        self.suppressed += suppressed;
        self.known += known;
        self.skipped += skipped;
    }
}

/// Reports the number of findings and how many are fixable.
pub fn summary(diagnostics: &Diagnostics, told: &Counts, arguments: &Arguments, report: &Report) {
    let of = |severity| diagnostics.list.iter().filter(|one| one.severity == severity).count();
    let (errors, warnings, infos) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
    let mut parts = Vec::new();
    if errors + warnings + infos == 0 && !arguments.errors_only {
        parts.push("no findings".to_owned());
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
        (false, 1.., 0) => report.info(format!("{safe} fixable with --fix")),
        (false, 1.., 1..) => report.info(format!("{safe} fixable with --fix, {not_safe} more with --unsafe-fixes")),
        (_, _, 1..) if !arguments.unsafe_fixes => report.info(format!("{not_safe} fixable with --fix --unsafe-fixes")),
        _ => {}
    }
    if diagnostics.list.iter().any(|one| rules::find(one.code.name()).is_some()) {
        report.info("`graphwright rule NAME` explains a rule");
    }
}
