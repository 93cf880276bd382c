//! The linter: rules over documents, with levels, suppressions, fixes and a baseline.
//!
//! Its input is a configuration and the texts of a project; its output is diagnostics in a stable order. The index of
//! names covers all files, but only the linted files and those whose fragments they need are parsed. Rules of the
//! specification run in `validate`, as for `generate`; other rules run in one walk over each file, and rules
//! about the project once. This module reads and writes no files.

pub mod baseline;
pub mod cases;
pub(crate) mod context;
pub(crate) mod cost;
mod fix;
mod meaning;
pub(crate) mod names;
pub mod pages;
mod parameters;
pub mod presets;
pub(crate) mod project;
pub mod rule;
pub mod rules;
pub mod rust;
pub mod settings;
mod suppress;
pub(crate) mod text;
pub(crate) mod type_system;
mod walk;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Safety, Severity, has_errors};
use crate::query::{Documents, File as DocumentFile, FileId};
use crate::schema::{ClientSide, Schema};
use crate::source::{SourceId, Sources, Span, Text};
use crate::syntax::tokens::Tokens;
use crate::syntax::{Outline, outline};
use crate::validate::violations_in;
use baseline::Baseline;
use context::Cx;
use project::{Index, Related, Uses};
use rayon::prelude::*;
use rule::{Category, Level};
use rustc_hash::{FxHashMap, FxHashSet};
use settings::{Profile, Profiles};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use suppress::Suppressions;
use text::TextContext;
use type_system::walk::SchemaContext;
use type_system::{SchemaFiles, TypeSystem, UsedFields};

pub use fix::{Fixed, Fixes, fix};
pub use project::parse_all;

/// The texts of a project.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// All texts.
    pub sources: Sources,
    /// The texts of the schema.
    pub schema: Vec<SourceId>,
    /// The client-side extensions of the schema.
    pub client: ClientSide,
    /// Files with operations and fragments.
    pub files: Vec<File>,
}

/// A document: a file, or a literal in a Rust file.
#[derive(Debug, Clone)]
pub struct File {
    /// The text. For a literal, the text around it is replaced by blanks, so that offsets are those of the file.
    pub source: SourceId,
    /// The definitions in it.
    pub outline: Outline,
    /// The whole text of the Rust file.
    pub rust: Option<rust::Around>,
}

/// The files of a project to lint.
#[derive(Debug, Clone)]
pub enum Targets {
    /// All of them.
    All,
    /// These files. In other files that use their fragments, only violations of the specification are reported.
    Changed(HashSet<String>),
}

/// The result of linting.
#[derive(Debug, Default)]
pub struct Linted {
    /// The findings that count, ordered by file and position.
    pub diagnostics: Diagnostics,
    /// The number of findings that comments suppress.
    pub suppressed: usize,
    /// The number of findings in the baseline.
    pub known: usize,
    /// The number of linted files.
    pub files: usize,
}

impl Project {
    /// Adds a document of a file.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Text>) {
        let text = text.into();
        let outline = outline(&text);
        let source = self.sources.add(path, text);
        self.files.push(File { source, outline, rust: None });
    }

    /// Returns the whole text of a file.
    pub fn whole_text(&self, path: &str) -> &str {
        let file = self.files.iter().find(|file| self.sources.name(file.source) == path);
        let schema = || self.schema.iter().find(|text| self.sources.name(**text) == path);
        match file {
            Some(file) => file.rust.as_ref().map_or_else(|| self.sources.text(file.source), |around| &around.whole),
            None => schema().map_or("", |text| self.sources.text(*text)),
        }
    }

    /// Adds many files at once; their outlines are made in parallel.
    pub fn add_all(&mut self, texts: Vec<(String, Text)>) {
        let outlines: Vec<Outline> = texts.par_iter().map(|(_, text)| outline(text)).collect();
        for ((path, text), outline) in texts.into_iter().zip(outlines) {
            let source = self.sources.add(path, text);
            self.files.push(File { source, outline, rust: None });
        }
    }

    /// Adds the documents of a Rust file.
    pub fn add_rust(&mut self, path: &str, text: &Text) {
        for literal in rust::documents(text) {
            let outline = outline(&literal.text);
            let source = self.sources.add(path, literal.text);
            let around = rust::Around { whole: text.clone(), range: literal.range, raw: literal.raw };
            self.files.push(File { source, outline, rust: Some(around) });
        }
    }
}

/// Lints a project.
///
/// # Errors
/// The schema cannot be read, so that nothing can be checked.
pub fn lint(
    project: &Project,
    profiles: &Profiles,
    targets: &Targets,
    settings: &settings::Settings,
    baseline: Option<&Baseline>,
) -> Result<Linted, Diagnostics> {
    Run::new(project, profiles, targets).run(settings, baseline)
}

/// The rules of all files, with each profile once.
struct Rules {
    profiles: Vec<Profile>,
    /// The index of each file's profile.
    of: Vec<usize>,
}

impl Rules {
    fn new(project: &Project, profiles: &Profiles, schema: &[SourceId]) -> Self {
        let mut known: FxHashMap<Vec<bool>, usize> = FxHashMap::default();
        let mut rules = Self { profiles: Vec::new(), of: Vec::new() };
        let base = profiles.key("");
        known.insert(base.clone(), 0);
        rules.profiles.push(profiles.profile(&base));
        for source in project.files.iter().map(|file| file.source).chain(schema.iter().copied()) {
            let key = profiles.key(project.sources.name(source));
            let at = *known.entry(key.clone()).or_insert_with(|| {
                rules.profiles.push(profiles.profile(&key));
                rules.profiles.len() - 1
            });
            rules.of.push(at);
        }
        rules
    }

    fn of(&self, file: usize) -> &Profile {
        &self.profiles[self.of[file]]
    }
}

/// The parsed files of a run, validated by the rules of the specification.
struct Read {
    sources: Sources,
    documents: Documents,
    /// The errors in texts that do not parse or are empty.
    problems: Vec<Diagnostic>,
    schema: Schema,
    violations: Vec<Diagnostic>,
}

struct Run<'p> {
    project: &'p Project,
    /// The SDL files of the schema; their indexes follow those of the documents.
    schema: Vec<SourceId>,
    rules: Rules,
    index: Index,
    /// Indexes of the linted files.
    chosen: FxHashSet<usize>,
    /// Files whose violations are also reported.
    dependents: FxHashSet<usize>,
    needed: FxHashSet<usize>,
    is_whole: bool,
}

impl<'p> Run<'p> {
    fn new(project: &'p Project, profiles: &Profiles, targets: &Targets) -> Self {
        let mut index = Index::default();
        for (at, file) in project.files.iter().enumerate() {
            index.add(at, &project.sources, file.source, &file.outline);
        }
        let schema = project.schema.iter().copied().filter(|text| type_system::is_sdl(project.sources.text(*text)));
        let schema: Vec<SourceId> = schema.collect();
        let rules = Rules::new(project, profiles, &schema);
        let all = 0..project.files.len();
        let (chosen, dependents, needed, is_whole) = match targets {
            Targets::All => {
                let has_rules = |at: &usize| rules.of(*at).has_schema_rules();
                let of_schema = (all.end..all.end + schema.len()).filter(has_rules);
                (all.clone().chain(of_schema).collect(), all.collect(), FxHashSet::default(), true)
            }
            Targets::Changed(paths) => {
                let is_chosen = |at: &usize| paths.contains(project.sources.name(project.files[*at].source));
                let chosen: FxHashSet<usize> = all.filter(is_chosen).collect();
                let related = index.related(&chosen);
                (chosen, related.dependents, related.needed, false)
            }
        };
        Self { project, schema, rules, index, chosen, dependents, needed, is_whole }
    }

    /// Returns the source of a document or an SDL file.
    fn source(&self, number: usize) -> SourceId {
        let after = number.checked_sub(self.project.files.len());
        after.map_or_else(|| self.project.files[number].source, |number| self.schema[number])
    }

    /// Returns the indexes of the SDL files.
    fn of_sdl(&self) -> Range<usize> {
        let documents = self.project.files.len();
        documents..documents + self.schema.len()
    }

    fn numbers(&self) -> FxHashMap<SourceId, usize> {
        (0..self.of_sdl().end).map(|number| (self.source(number), number)).collect()
    }

    fn run(&self, settings: &settings::Settings, baseline: Option<&Baseline>) -> Result<Linted, Diagnostics> {
        let read = self.read()?;
        self.linted(&read, settings, baseline)
    }

    /// Parses the linted files and validates them by the rules of the specification.
    fn read(&self) -> Result<Read, Diagnostics> {
        let mut sources = self.project.sources.clone();
        let (main, library) = self.parsed_files();
        let (documents, problems) = parse_all(&sources, &main, &library);
        let schema = Schema::load(&mut sources, &self.project.schema, self.project.client.clone());
        let schema = schema.map_err(|list| Diagnostics::new(sources.clone(), list))?;
        let mut seen = HashSet::new();
        let mut violations = violations(&schema, &documents, &sources);
        violations.retain(|one| seen.insert((one.code, one.primary.clone(), one.message.clone())));
        Ok(Read { sources, documents, problems, schema, violations })
    }

    /// Runs the other rules over the parsed files.
    ///
    /// # Errors
    /// A definition of the schema that was looked at has a syntax error: nothing that was found can be trusted then.
    fn linted(
        &self,
        read: &Read,
        settings: &settings::Settings,
        baseline: Option<&Baseline>,
    ) -> Result<Linted, Diagnostics> {
        let uses = self.index.uses();
        let mut found = read.violations.clone();
        found.extend(self.found(read, &uses));
        found.extend(read.problems.iter().cloned());
        found.extend(self.of_project(&uses));
        found.extend(self.of_schema(read));
        let errors = read.schema.syntax_errors();
        if !errors.is_empty() {
            return Err(Diagnostics::new(read.sources.clone(), errors));
        }
        Ok(self.judge(found, read.sources.clone(), settings, baseline))
    }

    /// Creates a run over changed files and those that use their fragments, limited to `within`.
    fn around(project: &'p Project, profiles: &Profiles, changed: &FxHashSet<usize>, within: &Targets) -> Self {
        let mut run = Self::new(project, profiles, &Targets::Changed(HashSet::new()));
        let Related { dependents, needed } = run.index.related(changed);
        let is_target = |at: &usize| match within {
            Targets::All => true,
            Targets::Changed(paths) => paths.contains(project.sources.name(project.files[*at].source)),
        };
        run.chosen = dependents.iter().copied().filter(is_target).collect();
        // The findings of schema rules are not computed again.
        let has_schema_rules = run.of_sdl().any(|number| run.rules.of(number).has_schema_rules());
        let has_all = dependents.len() == project.files.len() && !has_schema_rules;
        run.is_whole = matches!(within, Targets::All) && has_all;
        (run.dependents, run.needed) = (dependents, needed);
        run
    }

    fn parsed_files(&self) -> (Vec<SourceId>, Vec<SourceId>) {
        let source = |at: usize| self.project.files[at].source;
        let mut main: Vec<usize> = self.dependents.iter().copied().collect();
        main.sort_unstable();
        let mut library: Vec<usize> = self.needed.difference(&self.dependents).copied().collect();
        library.sort_unstable();
        (main.into_iter().map(source).collect(), library.into_iter().map(source).collect())
    }

    /// Returns the findings of rules about files.
    fn found(&self, read: &Read, uses: &Uses) -> Vec<Diagnostic> {
        let Read { sources, documents, schema, .. } = read;
        let of_source = self.numbers();
        let files: Vec<(FileId, &DocumentFile)> = documents.files().collect();
        let per_file: Vec<Vec<Diagnostic>> = files
            .into_par_iter()
            .map(|(file, content)| {
                let number = of_source.get(&content.source).copied();
                let Some(number) = number.filter(|number| self.chosen.contains(number)) else { return Vec::new() };
                let cx = Cx::new(schema, documents, sources, file, (&self.index, uses));
                walk::walk(&cx, self.rules.of(number));
                cx.finish()
            })
            .collect();
        per_file.into_iter().flatten().collect()
    }

    /// Returns the findings of rules about the project.
    fn of_project(&self, uses: &Uses) -> Vec<Diagnostic> {
        let mut seen: HashSet<&'static str> = HashSet::new();
        let mut found = Vec::new();
        for active in self.rules.profiles.iter().flat_map(|profile| &profile.active) {
            if seen.insert(active.entry.meta.name) {
                active.rule.project(&self.index, uses, &mut found);
            }
        }
        found
    }

    /// Returns the findings of schema rules in the SDL files.
    fn of_schema(&self, read: &Read) -> Vec<Diagnostic> {
        let Read { schema, documents, sources, .. } = read;
        let chosen: Vec<usize> = self.of_sdl().filter(|number| self.chosen.contains(number)).collect();
        let mut found = self.without_sdl();
        if chosen.is_empty() {
            return found;
        }
        let files = SchemaFiles::parse(sources, &self.schema);
        let definitions = files.definitions();
        let system = TypeSystem::new(&definitions);
        let used = UsedFields::new(schema, documents);
        let of_file = |number: &usize| {
            let at = number - self.project.files.len();
            let text = TextContext::new(sources, self.schema[at], &files.places);
            let used = (!self.project.files.is_empty()).then_some(&used);
            let cx = SchemaContext::new(&system, &definitions[at], at == 0, used, text);
            type_system::walk::walk(&cx, self.rules.of(*number));
            cx.finish()
        };
        let per_file: Vec<Vec<Diagnostic>> = chosen.par_iter().map(of_file).collect();
        found.extend(per_file.into_iter().flatten());
        found
    }

    /// Returns a note if schema rules are on and a text of the schema is not SDL.
    fn without_sdl(&self) -> Vec<Diagnostic> {
        let is_other = |text: &&SourceId| !self.schema.contains(text);
        let has_rules = self.is_whole && self.rules.profiles[0].has_schema_rules();
        let other = self.project.schema.iter().find(is_other).filter(|_| has_rules);
        let note = |text: &SourceId| {
            let mut note =
                Diagnostic::warning(Code::SCHEMA, "schema rules require SDL; this is an introspection result")
                    .at(Some(Span::new(*text, 0..0)), "")
                    .help("`graphwright introspect` writes SDL");
            note.severity = Severity::Info;
            note
        };
        other.map(note).into_iter().collect()
    }

    /// Applies levels, comments and the baseline, and sorts the findings.
    fn judge(
        &self,
        found: Vec<Diagnostic>,
        sources: Sources,
        settings: &settings::Settings,
        baseline: Option<&Baseline>,
    ) -> Linted {
        let of_source = self.numbers();
        let names: HashSet<&str> = self.chosen.iter().map(|at| self.project.sources.name(self.source(*at))).collect();
        let mut linted = Linted { files: names.len(), ..Linted::default() };
        let mut by_file: BTreeMap<usize, Vec<Diagnostic>> = self.chosen.iter().map(|at| (*at, Vec::new())).collect();
        let mut list = Vec::new();
        for mut one in found {
            let file = one.primary.as_ref().and_then(|label| of_source.get(&label.span.source)).copied();
            let Some(file) = file else {
                list.push(one);
                continue;
            };
            // A violation is reported if its file, or a file that uses it, was chosen.
            let is_about = |file: &usize| self.dependents.contains(file);
            let mut others = one.secondary.iter().filter_map(|label| of_source.get(&label.span.source));
            let counts = is_violation(one.code.name()) && (is_about(&file) || others.any(is_about));
            if !self.chosen.contains(&file) && !counts {
                continue;
            }
            let profile = self.rules.of(file);
            let active = profile.active.iter().find(|active| active.entry.meta.name == one.code.name());
            let level = match active {
                Some(active) if !active.rule.keeps(&one, &sources) => Level::Off,
                Some(active) => active.level,
                // A syntax error is always reported, whichever rules are selected.
                None if one.code == Code::SYNTAX => Level::Error,
                None => Level::Off,
            };
            if let Some(severity) = walk::severity(level) {
                one.severity = severity;
                by_file.entry(file).or_default().push(one);
            }
        }
        for (file, mut findings) in by_file {
            let source = self.source(file);
            // Other errors in a text with syntax errors usually have the same cause.
            if findings.iter().any(|one| one.code == Code::SYNTAX) {
                findings.retain(|one| one.code == Code::SYNTAX);
            }
            let profile = self.rules.of(file);
            let mut suppressions = Suppressions::read(source, sources.text(source), settings.require_reasons);
            let before = findings.len();
            findings.retain(|one| !suppressions.covers(one));
            linted.suppressed += before - findings.len();
            if self.chosen.contains(&file) {
                let runs = |rule: &str| self.runs(profile, rule);
                let mut about = suppressions.unused(source, sources.text(source), runs);
                about.append(&mut suppressions.problems);
                findings.extend(about.into_iter().filter_map(|mut one| {
                    one.severity = walk::severity(profile.level(one.code.name()))?;
                    Some(one)
                }));
            }
            list.extend(findings);
        }
        sort(&mut list, &sources);
        list.dedup();
        if let Some(baseline) = baseline {
            linted.known = baseline.take(&mut list, &sources, &self.project.files, self.is_whole);
        }
        let mut sources = sources;
        for file in &self.project.files {
            if let Some(around) = &file.rust {
                sources.set_text(file.source, around.whole.clone());
            }
        }
        linted.diagnostics = Diagnostics::new(sources, list);
        linted
    }

    /// Returns true if a rule could have found something. With a part of the files, some suppressions cannot be known
    /// to be unused.
    fn runs(&self, profile: &Profile, rule: &str) -> bool {
        profile.level(rule) != Level::Off
            && (self.is_whole || !matches!(rule, "no-unused-fragments" | "no-one-place-fragments"))
    }
}

/// Returns the violations of the specification in all files, wherever the error is located.
fn violations(schema: &Schema, documents: &Documents, sources: &Sources) -> Vec<Diagnostic> {
    let used = HashSet::new();
    let files: Vec<FileId> = documents.files().filter(|(_, file)| !file.is_partial).map(|(id, _)| id).collect();
    let of_files: Vec<Vec<Diagnostic>> = files
        .into_par_iter()
        .map(|file| {
            let mut found = violations_in(schema, documents, sources, file, &used);
            // The index decides this rule: other files may use a fragment.
            found.retain(|one| one.code != Code::NO_UNUSED_FRAGMENTS);
            for one in found.iter_mut().filter(|one| one.code == Code::NO_UNUSED_VARIABLES) {
                let place = one.primary.as_ref().map(|label| label.span);
                one.fix = place.and_then(|place| removed_variable(place, documents, sources.text(place.source)));
            }
            found
        })
        .collect();
    of_files.into_iter().flatten().chain(documents.client_only_selection_sets(schema)).collect()
}

/// Returns true for rules of the specification.
pub fn is_violation(code: &str) -> bool {
    rules::find(code).is_some_and(|entry| entry.meta.category == Category::Validity) && code != "no-unused-fragments"
}

/// Sorts by file, position and rule.
fn sort(list: &mut [Diagnostic], sources: &Sources) {
    list.sort_by(|one, other| {
        let place = |one: &Diagnostic| {
            one.primary
                .as_ref()
                .map(|label| (sources.name(label.span.source).to_owned(), label.span.start, label.span.end))
        };
        place(one).cmp(&place(other)).then(one.code.cmp(&other.code)).then_with(|| one.message.cmp(&other.message))
    });
}

/// Returns a fix that removes an unused variable.
fn removed_variable(span: Span, documents: &Documents, text: &str) -> Option<Fix> {
    let (file, _) = documents.files().find(|(_, file)| file.source == span.source)?;
    let mut operations = documents.operations(file);
    let (operation, variable) = operations.find_map(|operation| {
        let is_it = |variable: &&apollo_compiler::Node<_>| {
            documents.place(variable).is_some_and(|place| place.start == span.start)
        };
        Some((operation, operation.variables.iter().find(is_it)?))
    })?;
    let tokens = Tokens::new(text);
    let end = tokens.end_before(documents.place(variable)?.end);
    // Remove its description as well.
    let before = tokens.before(span.start)?;
    let (start, opening) = match text[before.clone()].ends_with('"') {
        true => (before.start, tokens.before(before.start)?),
        false => (span.start, before),
    };
    let range = match operation.variables.len() {
        // GraphQL does not allow empty parentheses.
        1 => opening.start..tokens.end_of(end)?,
        _ => {
            let above = context::comments_above(text, start).min(start);
            let rest = &text[end..];
            let after = rest.trim_start_matches([' ', '\t', ',']);
            // Also remove a comment after it on the same line, and settings above it.
            let comment = if after.starts_with('#') { after.find(['\n', '\r']).unwrap_or(after.len()) } else { 0 };
            let end = if comment == 0 { end } else { text.len() - after.len() + comment };
            let has_settings = text[above..start].contains("@graphwright");
            context::without_line(text, if has_settings { above..end } else { start..end })
        }
    };
    Some(Fix::new(Safety::Unsafe, "remove the variable", Span::new(span.source, range), ""))
}

/// Returns the current day as days since 1970, in UTC.
pub fn today() -> i64 {
    const DAY: u64 = 86_400;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs() / DAY).unwrap_or_default()
}

/// Returns a day of the Gregorian calendar, as days since 1970 (Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns a day written as 2026-01-31, as days since 1970.
pub fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(str::parse::<i64>);
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        (Ok(year), Ok(month @ 1..=12), Ok(day @ 1..=31), None) => Some(days(year, month, day)),
        _ => None,
    }
}

/// Returns true if anything in a list is an error.
pub fn fails(list: &[Diagnostic]) -> bool {
    has_errors(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!((days(1970, 1, 1), days(2000, 3, 1), days(2026, 12, 31)), (0, 11_017, 20_818));
    }
}
