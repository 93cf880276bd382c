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
mod date;
mod files;
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
mod violations;
mod walk;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::query::{Documents, FileId};
use crate::schema::Schema;
use crate::source::{SourceId, Sources, Span};
use baseline::Baseline;
use context::Cx;
use project::{Index, Related, Uses};
use rayon::prelude::*;
use rule::{Category, Level};
use rustc_hash::{FxHashMap, FxHashSet};
use settings::{Profile, Profiles};
use std::collections::{BTreeMap, HashSet};
use suppress::Suppressions;
use text::TextContext;
use type_system::walk::SchemaContext;
use type_system::{SchemaFiles, TypeSystem, UsedFields};
use violations::violations;

pub use date::{day, days, today};
pub use files::{File, Project};
pub use fix::{Fixed, Fixes, fix};
pub use project::parse_all;

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
    /// The index of each text's profile.
    of: FxHashMap<SourceId, usize>,
}

impl Rules {
    fn new(project: &Project, profiles: &Profiles, schema: &[SourceId]) -> Self {
        let mut known: FxHashMap<Vec<bool>, usize> = FxHashMap::default();
        let mut rules = Self { profiles: Vec::new(), of: FxHashMap::default() };
        let base = profiles.key("");
        known.insert(base.clone(), 0);
        rules.profiles.push(profiles.profile(&base));
        for source in project.files.iter().map(|file| file.source).chain(schema.iter().copied()) {
            let key = profiles.key(project.sources.name(source));
            let at = *known.entry(key.clone()).or_insert_with(|| {
                rules.profiles.push(profiles.profile(&key));
                rules.profiles.len() - 1
            });
            rules.of.insert(source, at);
        }
        rules
    }

    fn of(&self, text: SourceId) -> &Profile {
        &self.profiles[self.of[&text]]
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
    /// The SDL files of the schema.
    schema: Vec<SourceId>,
    rules: Rules,
    index: Index,
    /// The linted texts.
    chosen: FxHashSet<SourceId>,
    /// Indexes of the documents whose violations are also reported.
    dependents: FxHashSet<usize>,
    /// Indexes of the documents whose fragments those need.
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
        let source = |at: usize| project.files[at].source;
        let (chosen, dependents, needed, is_whole) = match targets {
            Targets::All => {
                let of_schema = schema.iter().copied().filter(|text| rules.of(*text).has_schema_rules());
                (all.clone().map(source).chain(of_schema).collect(), all.collect(), FxHashSet::default(), true)
            }
            Targets::Changed(paths) => {
                let is_chosen = |at: &usize| paths.contains(project.sources.name(source(*at)));
                let chosen: FxHashSet<usize> = all.filter(is_chosen).collect();
                let Related { dependents, needed } = index.related(&chosen);
                (chosen.into_iter().map(source).collect(), dependents, needed, false)
            }
        };
        Self { project, schema, rules, index, chosen, dependents, needed, is_whole }
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
        let is_target = |text: &SourceId| match within {
            Targets::All => true,
            Targets::Changed(paths) => paths.contains(project.sources.name(*text)),
        };
        run.chosen = dependents.iter().map(|at| project.files[*at].source).filter(is_target).collect();
        // The findings of schema rules are not computed again.
        let has_schema_rules = run.schema.iter().any(|text| run.rules.of(*text).has_schema_rules());
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
        let chosen = documents.files().filter(|(_, content)| self.chosen.contains(&content.source));
        let chosen: Vec<(FileId, SourceId)> = chosen.map(|(file, content)| (file, content.source)).collect();
        let per_file: Vec<Vec<Diagnostic>> = chosen
            .into_par_iter()
            .map(|(file, text)| {
                let cx = Cx::new(schema, documents, sources, file, (&self.index, uses));
                walk::walk(&cx, self.rules.of(text));
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
        let chosen = self.schema.iter().enumerate().filter(|(_, text)| self.chosen.contains(text));
        let chosen: Vec<(usize, SourceId)> = chosen.map(|(at, text)| (at, *text)).collect();
        let mut found = self.without_sdl();
        if chosen.is_empty() {
            return found;
        }
        let files = SchemaFiles::parse(sources, &self.schema);
        let definitions = files.definitions();
        let system = TypeSystem::new(&definitions);
        let used = UsedFields::new(schema, documents);
        let of_file = |&(at, source): &(usize, SourceId)| {
            let text = TextContext::new(sources, source, &files.places);
            let used = (!self.project.files.is_empty()).then_some(&used);
            let cx = SchemaContext::new(&system, &definitions[at], at == 0, used, text);
            type_system::walk::walk(&cx, self.rules.of(source));
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
        let dependents: FxHashSet<SourceId> = self.dependents.iter().map(|at| self.project.files[*at].source).collect();
        let names: HashSet<&str> = self.chosen.iter().map(|text| self.project.sources.name(*text)).collect();
        let mut linted = Linted { files: names.len(), ..Linted::default() };
        let mut by_text: BTreeMap<SourceId, Vec<Diagnostic>> =
            self.chosen.iter().map(|text| (*text, Vec::new())).collect();
        let mut list = Vec::new();
        for mut one in found {
            let text = one.primary.as_ref().map(|label| label.span.source);
            let Some(text) = text.filter(|text| self.rules.of.contains_key(text)) else {
                list.push(one);
                continue;
            };
            // A violation is reported if its file, or a file that uses it, was chosen.
            let mut places = one.secondary.iter().map(|label| label.span.source).chain([text]);
            let counts = is_violation(one.code.name()) && places.any(|text| dependents.contains(&text));
            if !self.chosen.contains(&text) && !counts {
                continue;
            }
            let profile = self.rules.of(text);
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
                by_text.entry(text).or_default().push(one);
            }
        }
        for (source, mut findings) in by_text {
            // Other errors in a text with syntax errors usually have the same cause.
            if findings.iter().any(|one| one.code == Code::SYNTAX) {
                findings.retain(|one| one.code == Code::SYNTAX);
            }
            let profile = self.rules.of(source);
            let mut suppressions = Suppressions::read(source, sources.text(source), settings.require_reasons);
            let before = findings.len();
            findings.retain(|one| !suppressions.covers(one));
            linted.suppressed += before - findings.len();
            if self.chosen.contains(&source) {
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
