//! Applies the fixes of findings, and proves that they change nothing else.
//!
//! Each round applies all fixes that do not overlap, then lints the changed files and those that use their fragments,
//! for the proof and for the next findings. A file that is worse than before keeps its text; later rounds apply fewer
//! of its fixes at once, until a faulty fix is alone and is refused. Refused fixes are tried again after others were
//! applied, so that a second run finds nothing to do.

mod edits;
mod proof;
mod schema;

use super::settings::{Profiles, Settings};
use super::{Baseline, File, Linted, Project, Run, Targets, parameters, rust};
use crate::diagnostic::{DefinedName, Diagnostic, Diagnostics, Edit, Fix, Safety};
use crate::source::{SourceId, Text};
use crate::syntax::outline;
use apollo_compiler::ast::Definition;
use edits::{Edited, keeps_comments};
use proof::{Knowledge, Worse, definition_at};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The fixes to apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    /// Fixes that keep the meaning of documents.
    Safe,
    /// All of them.
    All,
}

/// The result of fixing a project.
#[derive(Debug)]
pub struct Fixed {
    /// The project with its new texts.
    pub project: Project,
    /// The texts that changed, by file.
    pub texts: BTreeMap<String, Text>,
    /// The number of fixed findings by rule.
    pub made: BTreeMap<&'static str, usize>,
    /// Skipped fixes, each with its location and the reason.
    pub refused: Vec<String>,
    /// Changes that make calls of the generated code compile with another meaning.
    pub reordered: Vec<String>,
    /// The remaining findings.
    pub left: Linted,
}

/// A bound for rules whose fixes trigger each other.
const MOST_ROUNDS: usize = 1000;

/// Fixes a project.
///
/// # Errors
/// See [`super::lint`].
pub fn fix(
    project: &Project,
    profiles: &Profiles,
    targets: &Targets,
    settings: &Settings,
    baseline: Option<&Baseline>,
    which: Fixes,
) -> Result<Fixed, Diagnostics> {
    let task = Task { profiles, targets, settings, baseline, which };
    let schema::Fixed { project, texts, made, refused } = schema::fix(&task, project.clone())?;
    let mut fixer = Fixer::new(task, project);
    (fixer.texts, fixer.made) = (texts, made);
    fixer.refused_of_schema = refused;
    fixer.look()?;
    for _ in 0..MOST_ROUNDS {
        if !fixer.round()? && !fixer.reconsider()? {
            break;
        }
    }
    fixer.finish()
}

/// The fixes to apply, and the settings of the linter.
#[derive(Clone, Copy)]
struct Task<'a> {
    profiles: &'a Profiles,
    targets: &'a Targets,
    settings: &'a Settings,
    baseline: Option<&'a Baseline>,
    which: Fixes,
}

/// A fix that is being tried.
#[derive(Debug, Clone)]
struct Chosen {
    finding: Diagnostic,
    fix: Fix,
    /// The file of each edit.
    files: Vec<usize>,
}

/// Fixes that are tried together: those of a definition, by file and name, or those of a file without named
/// definitions.
type Unit = (usize, Option<String>);

/// The identity of a fix by its effect: file, offset of its first edit, rule, and title.
type Identity = (String, usize, &'static str, String);

/// The reason why a fix was refused.
#[derive(Debug)]
struct Refusal {
    reason: String,
    /// Whether it was the only fix tried.
    was_alone: bool,
    /// What it was tried in.
    units: Vec<Unit>,
}

/// What happened since all fixes could be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// No fix was applied.
    None,
    /// Fixes were applied, and then others refused.
    AppliedThenRefused,
    /// Fixes were applied, after all refusals.
    Applied,
}

struct Fixer<'a> {
    task: Task<'a>,
    project: Project,
    known: Knowledge,
    /// The findings of all files that have a fix.
    findings: Vec<Diagnostic>,
    /// The result of linting everything, unless texts have changed since.
    left: Option<Linted>,
    texts: BTreeMap<String, Text>,
    /// The original definitions of changed files.
    originals: BTreeMap<usize, Vec<Definition>>,
    made: BTreeMap<&'static str, usize>,
    /// Fixes that made a file worse.
    refused: BTreeMap<Identity, Refusal>,
    /// Fixes that would change the definitions of the schema.
    refused_of_schema: Vec<Identity>,
    /// The only fix to try next: it was refused together with others that may be at fault.
    suspect: Option<Identity>,
    /// Fixes that cannot be tried, with the reason.
    blocked: BTreeMap<Identity, String>,
    progress: Progress,
    /// The number of fixes to apply at once in a definition, if not all of them succeed together.
    limits: BTreeMap<Unit, usize>,
}

impl<'a> Fixer<'a> {
    fn new(task: Task<'a>, project: Project) -> Self {
        Self {
            task,
            project,
            known: Knowledge::default(),
            findings: Vec::new(),
            left: None,
            texts: BTreeMap::new(),
            originals: BTreeMap::new(),
            made: BTreeMap::new(),
            refused: BTreeMap::new(),
            refused_of_schema: Vec::new(),
            suspect: None,
            blocked: BTreeMap::new(),
            progress: Progress::None,
            limits: BTreeMap::new(),
        }
    }

    /// Lints everything.
    fn look(&mut self) -> Result<(), Diagnostics> {
        let run = Run::new(&self.project, self.task.profiles, self.task.targets);
        let read = run.read()?;
        let left = run.linted(&read, self.task.settings, self.task.baseline)?;
        self.known.learn(&run, &read);
        self.findings = left.diagnostics.list.iter().filter(|one| one.fix.is_some()).cloned().collect();
        self.left = Some(left);
        Ok(())
    }

    /// Tries fixes; returns false if there are none to try.
    fn round(&mut self) -> Result<bool, Diagnostics> {
        let mut chosen = self.chosen();
        if chosen.is_empty() {
            return Ok(false);
        }
        let project = std::mem::take(&mut self.project);
        let result = self.tried(&project, &mut chosen);
        self.project = match result {
            Ok(Some(after)) => after,
            Ok(None) => project,
            Err(problems) => return Err(problems),
        };
        Ok(true)
    }

    /// Returns the project with those fixes applied that can be.
    fn tried(&mut self, before: &Project, chosen: &mut Vec<Chosen>) -> Result<Option<Project>, Diagnostics> {
        // First with all fixes; if files get worse, again without their fixes.
        while !chosen.is_empty() {
            let edited = edited(before, chosen);
            let Some(after) = before.with_texts(&texts(&edited)) else {
                let was_alone = chosen.len() == 1;
                for one in chosen.iter() {
                    self.refuse(before, one, "the Rust file would not have the same documents", was_alone);
                }
                return Ok(None);
            };
            let changed: FxHashSet<usize> = chosen.iter().flat_map(|one| one.files.iter().copied()).collect();
            let run = Run::around(&after, self.task.profiles, &changed, self.task.targets);
            self.learn_missing(before, &run)?;
            let read = run.read()?;
            let worse = self.known.worse(before, (&run, &read), (chosen, &edited), self.task.which);
            if worse.is_empty() {
                let linted = run.linted(&read, self.task.settings, self.task.baseline)?;
                for file in changed {
                    let original = self.known.definitions(file).to_vec();
                    self.originals.entry(file).or_insert(original);
                }
                self.known.learn(&run, &read);
                let looked_at: FxHashSet<SourceId> =
                    run.dependents.iter().map(|file| before.files[*file].source).collect();
                self.keep(&looked_at, linted, run.is_whole);
                self.record(before, chosen, &edited);
                return Ok(Some(after));
            }
            self.blame(before, &run, chosen, &worse);
        }
        Ok(None)
    }

    /// Reads files that no earlier run has read: those that use what a fix changes elsewhere.
    fn learn_missing(&mut self, before: &Project, run: &Run<'_>) -> Result<(), Diagnostics> {
        let missing: FxHashSet<usize> = run.dependents.iter().copied().filter(|file| !self.known.has(*file)).collect();
        if !missing.is_empty() {
            let run = Run::around(before, self.task.profiles, &missing, self.task.targets);
            let read = run.read()?;
            self.known.learn(&run, &read);
        }
        Ok(())
    }

    /// Replaces the findings of files that were linted again.
    fn keep(&mut self, looked_at: &FxHashSet<SourceId>, linted: Linted, is_whole: bool) {
        let source = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.source);
        self.findings.retain(|one| source(one).is_none_or(|source| !looked_at.contains(&source)));
        self.findings.extend(linted.diagnostics.list.iter().filter(|one| one.fix.is_some()).cloned());
        self.left = is_whole.then_some(linted);
    }

    /// Records applied fixes.
    fn record(&mut self, before: &Project, chosen: &[Chosen], edited: &BTreeMap<String, Edited>) {
        for one in chosen {
            *self.made.entry(one.finding.code.name()).or_default() += 1;
            // After a success, more fixes may be applied at once.
            for unit in units(before, one) {
                self.limits.entry(unit).and_modify(|limit| *limit = limit.saturating_mul(2));
            }
        }
        let refused = std::mem::take(&mut self.refused);
        self.refused = (refused.into_iter())
            .map(|((path, offset, rule, title), refusal)| {
                let offset = edited.get(&path).map_or(offset, |edited| edited.moved(offset));
                ((path, offset, rule, title), refusal)
            })
            .collect();
        self.progress = Progress::Applied;
        self.texts.extend(texts(edited));
    }

    /// Removes the fixes of files that got worse. The only fix of a definition is refused; of several, half as many are
    /// applied at once from now on.
    fn blame(&mut self, before: &Project, run: &Run<'_>, chosen: &mut Vec<Chosen>, worse: &BTreeMap<usize, Worse>) {
        let was_alone = chosen.len() == 1;
        let all: Vec<Vec<Unit>> = chosen.iter().map(|one| units(before, one)).collect();
        let has_fixes = |unit: &Unit| all.iter().any(|units| units.contains(unit));
        let mut blamed: BTreeMap<Unit, &str> = BTreeMap::new();
        for (file, Worse { reason, definitions }) in worse {
            let units = definitions.iter().map(|at| (*file, Some(unit_name(&before.files[*file], before, *at))));
            let own: Vec<Unit> = units.filter(|unit| has_fixes(unit)).collect();
            if !own.is_empty() {
                blamed.extend(own.into_iter().map(|unit| (unit, reason.as_str())));
            } else if has_fixes(&(*file, None)) {
                blamed.insert((*file, None), reason);
            } else {
                // The cause is in a changed fragment of another file.
                let needed = run.index.related(&FxHashSet::from_iter([*file])).needed;
                blamed.extend(needed.into_iter().map(|file| ((file, None), reason.as_str())));
            }
        }
        let mut counts: BTreeMap<&Unit, usize> = BTreeMap::new();
        for unit in all.iter().flatten().filter(|unit| blamed.contains_key(unit)) {
            *counts.entry(unit).or_default() += 1;
        }
        let mut alone = Vec::new();
        let mut rest = Vec::new();
        for (one, units) in chosen.drain(..).zip(&all) {
            let mut of_blamed = units.iter().filter_map(|unit| Some((unit, blamed.get(unit)?)));
            match of_blamed.clone().next() {
                None => rest.push(one),
                Some(_) => alone.extend(of_blamed.find(|(unit, _)| counts[unit] == 1).map(|(_, why)| (one, *why))),
            }
        }
        *chosen = rest;
        for (one, reason) in &alone {
            self.refuse(before, one, reason, was_alone);
        }
        for (unit, count) in counts.into_iter().filter(|(_, count)| *count > 1) {
            self.limits.insert(unit.clone(), count / 2);
        }
    }

    fn refuse(&mut self, project: &Project, one: &Chosen, reason: &str, was_alone: bool) {
        let refusal = Refusal { reason: reason.to_owned(), was_alone, units: units(project, one) };
        self.refused.insert(identity(project, one.finding.code.name(), &one.fix), refusal);
        if self.progress == Progress::Applied {
            self.progress = Progress::AppliedThenRefused;
        }
    }

    /// Returns whether several refused fixes are in one definition: they may only be valid together.
    fn refused_together(&self) -> bool {
        let mut seen = FxHashSet::default();
        let units = self.refused.values().flat_map(|refusal| &refusal.units);
        units.filter(|(_, definition)| definition.is_some()).any(|unit| !seen.insert(unit))
    }

    /// Returns whether there is more to try: every fix that was refused, as a second run would try it, or findings that
    /// only a run over everything shows.
    fn reconsider(&mut self) -> Result<bool, Diagnostics> {
        let may_succeed = match self.progress {
            Progress::None => false,
            Progress::AppliedThenRefused => self.refused_together(),
            Progress::Applied => !self.refused.is_empty(),
        };
        if may_succeed {
            self.refused.clear();
            self.limits.clear();
            self.progress = Progress::None;
            return Ok(true);
        }
        let suspect = self.refused.iter().find(|(_, refusal)| !refusal.was_alone).map(|(identity, _)| identity.clone());
        if let Some(suspect) = suspect {
            self.refused.remove(&suspect);
            self.suspect = Some(suspect);
            return Ok(true);
        }
        let is_stale = self.left.is_none();
        if is_stale {
            self.look()?;
        }
        Ok(is_stale)
    }

    /// Chooses fixes that do not overlap. Small ones come first, since one that moves much text would block them.
    fn chosen(&mut self) -> Vec<Chosen> {
        let mut taken = Taken::default();
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut claimed: HashSet<DefinedName> = self.project.defined_names().collect();
        let mut counts: BTreeMap<Unit, usize> = BTreeMap::new();
        let of_source = self.project.numbers();
        let suspect = self.suspect.take();
        self.blocked.clear();
        let mut candidates: Vec<(&Diagnostic, &Fix)> =
            self.findings.iter().filter_map(|one| Some((one, one.fix.as_ref()?))).collect();
        candidates.sort_by_key(|(_, fix)| fix.edits.iter().map(|edit| edit.span.range().len()).sum::<usize>());
        for (finding, fix) in candidates {
            if self.task.which == Fixes::Safe && fix.safety == Safety::Unsafe {
                continue;
            }
            let identity = identity(&self.project, finding.code.name(), fix);
            if suspect.as_ref().is_some_and(|suspect| *suspect != identity) {
                continue;
            }
            let files: Option<Vec<usize>> =
                fix.edits.iter().map(|edit| of_source.get(&edit.span.source).copied()).collect();
            let (Some(files), false) = (files, self.refused.contains_key(&identity)) else { continue };
            if let Some(reason) = self.obstacle(finding, fix, &files) {
                self.blocked.insert(identity, reason.to_owned());
                continue;
            }
            // The rule chooses another name in the next round.
            if fix.defines.as_ref().is_some_and(|name| claimed.contains(&**name)) {
                continue;
            }
            let one = Chosen { finding: finding.clone(), fix: fix.clone(), files };
            let units = units(&self.project, &one);
            let is_full = |unit: &Unit| self.limits.get(unit).is_some_and(|limit| counts.get(unit) >= Some(limit));
            if units.iter().any(is_full) || !taken.take(finding.code.name(), &fix.edits) {
                continue;
            }
            claimed.extend(fix.defines.as_deref().cloned());
            for unit in units {
                *counts.entry(unit).or_default() += 1;
            }
            chosen.push(one);
        }
        chosen
    }

    /// Returns the reason why a fix cannot be tried, if any.
    fn obstacle(&self, finding: &Diagnostic, fix: &Fix, files: &[usize]) -> Option<&'static str> {
        let fits = fix.edits.iter().zip(files).all(|(edit, file)| {
            self.project.files[*file].rust.as_ref().is_none_or(|around| {
                around.takes(&edit.text) && around.range.start <= edit.span.start && edit.span.end <= around.range.end
            })
        });
        if !fits {
            return Some("the text cannot be written in the Rust literal");
        }
        let keeps_comments = keeps_comments(&self.project.sources, finding, fix);
        (!keeps_comments).then_some("comments would be lost")
    }

    fn finish(self) -> Result<Fixed, Diagnostics> {
        let Self { task, project, known, left, texts, originals, made, refused, refused_of_schema, blocked, .. } = self;
        let left = match left {
            Some(left) => left,
            None => super::lint(&project, task.profiles, task.targets, task.settings, task.baseline)?,
        };
        let reordered = originals.iter().flat_map(|(file, before)| {
            let of = |definitions: &[Definition]| parameters::parameters(*file, definitions);
            parameters::reordered(&of(before), &of(known.definitions(*file)))
        });
        let described = |((path, offset, rule, title), reason): (&Identity, &str)| {
            let position = crate::source::position(project.whole_text(path), *offset);
            format!("`{title}` ({rule} at {path}:{}:{}): {reason}", position.line, position.column)
        };
        let refused = refused.iter().map(|(identity, refusal)| (identity, refusal.reason.as_str()));
        let blocked = blocked.iter().map(|(identity, reason)| (identity, reason.as_str()));
        let of_schema =
            refused_of_schema.iter().map(|identity| (identity, "the definitions of the schema would change"));
        let mut all: Vec<(&Identity, &str)> = refused.chain(blocked).chain(of_schema).collect();
        all.sort();
        let (refused, reordered) = (all.into_iter().map(described).collect(), reordered.collect());
        Ok(Fixed { texts, made, refused, reordered, left, project })
    }
}

fn identity(project: &Project, rule: &'static str, fix: &Fix) -> Identity {
    let place = fix.edits.first().map(|edit| (project.sources.name(edit.span.source), edit.span.start));
    let (path, offset) = place.unwrap_or_default();
    (path.to_owned(), offset, rule, fix.title.clone())
}

/// Returns the units of a fix: the definitions that it changes, with their files.
fn units(project: &Project, one: &Chosen) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for (file, edit) in one.files.iter().zip(&one.fix.edits) {
        let of = &project.files[*file];
        units.extend([(*file, None), (*file, Some(unit_name(of, project, definition_at(of, edit.span.start))))]);
    }
    units.sort();
    units.dedup();
    units
}

/// Returns the name of the definition with an index, or the index.
fn unit_name(file: &File, project: &Project, at: usize) -> String {
    let name = file.outline.definitions.get(at).and_then(|one| one.name.clone());
    name.map_or_else(|| at.to_string(), |name| project.sources.text(file.source)[name].to_owned())
}

/// Returns the files that fixes change, with their new texts.
fn edited(project: &Project, chosen: &[Chosen]) -> BTreeMap<String, Edited> {
    let mut edits: BTreeMap<&str, (usize, Vec<&Edit>)> = BTreeMap::new();
    for (file, edit) in chosen.iter().flat_map(|one| one.files.iter().zip(&one.fix.edits)) {
        edits.entry(project.sources.name(edit.span.source)).or_insert((*file, Vec::new())).1.push(edit);
    }
    let one = |(path, (file, edits)): (&str, (usize, Vec<&Edit>))| {
        (path.to_owned(), Edited::new(project.files[file].whole_text(project), edits))
    };
    edits.into_iter().map(one).collect()
}

fn texts(edited: &BTreeMap<String, Edited>) -> BTreeMap<String, Text> {
    edited.iter().map(|(path, edited)| (path.clone(), edited.text.clone().into())).collect()
}

/// The ranges that chosen fixes change.
#[derive(Default)]
struct Taken<'f>(HashMap<SourceId, BTreeMap<usize, Inserted<'f>>>);

/// The end of a range, the rule, and the new texts.
type Inserted<'f> = (usize, &'static str, Vec<&'f str>);

impl<'f> Taken<'f> {
    /// Takes all ranges of a fix unless one of them touches a taken range.
    fn take(&mut self, rule: &'static str, edits: &'f [Edit]) -> bool {
        if edits.iter().any(|edit| self.touches(rule, edit)) {
            return false;
        }
        for edit in edits {
            let of_source = self.0.entry(edit.span.source).or_default();
            let entry = of_source.entry(edit.span.start).or_insert((edit.span.end, rule, Vec::new()));
            entry.2.push(&edit.text);
        }
        true
    }

    /// Returns whether ranges touch: the result of adjacent edits would depend on their order, except insertions of one
    /// rule.
    fn touches(&self, rule: &str, edit: &Edit) -> bool {
        let span = edit.span;
        let before = self.0.get(&span.source).and_then(|taken| taken.range(..=span.end).next_back());
        let Some((start, (end, other, texts))) = before else { return false };
        let is_insertion = span.start == span.end && (*start, *end) == (span.start, span.end) && *other == rule;
        *end >= span.start && (!is_insertion || texts.contains(&edit.text.as_str()))
    }
}

impl File {
    /// Returns the text of the file that contains it.
    fn whole_text<'p>(&'p self, project: &'p Project) -> &'p Text {
        self.rust.as_ref().map_or_else(|| project.sources.text(self.source), |around| &around.whole)
    }
}

impl Project {
    fn defined_names(&self) -> impl Iterator<Item = DefinedName> {
        self.files.iter().flat_map(|file| {
            let text = self.sources.text(file.source);
            let named = file.outline.definitions.iter().filter_map(|one| Some((one.kind, one.name.clone()?)));
            named.map(|(kind, name)| match kind.is_operation() {
                true => DefinedName::Operation(text[name].to_owned()),
                false => DefinedName::Fragment(text[name].to_owned()),
            })
        })
    }

    /// Returns the project with new texts for some files; `None` if a Rust file would have more or fewer documents.
    fn with_texts(&self, texts: &BTreeMap<String, Text>) -> Option<Self> {
        let mut new = self.clone();
        let mut literals: BTreeMap<&str, std::vec::IntoIter<rust::Literal>> = BTreeMap::new();
        for (file, new_file) in self.files.iter().zip(&mut new.files) {
            let path = self.sources.name(file.source);
            let Some(text) = texts.get(path) else { continue };
            let (text, rust) = match file.rust {
                None => (text.clone(), None),
                Some(_) => {
                    let of_path = literals.entry(path).or_insert_with(|| rust::documents(text).into_iter());
                    let literal = of_path.next()?;
                    let around = rust::Around { whole: text.clone(), range: literal.range, raw: literal.raw };
                    (literal.text.into(), Some(around))
                }
            };
            let outline = outline(&text);
            *new_file = File { source: new.sources.add(path, text), outline, rust };
        }
        literals.values_mut().all(|rest| rest.next().is_none()).then_some(new)
    }
}
