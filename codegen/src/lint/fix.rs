//! Mends what rules found, and makes sure that nothing else changes.
//!
//! Fixes that do not touch each other are made at once, then everything is linted again, until there is nothing to mend.
//! After each round the documents must be as valid as before, and, unless unsafe fixes were asked for, mean the same. If they
//! are not, the round is halved until the fix that is to blame is found; it is left out.

use super::meaning::meaning;
use super::parameters::{Parameters, parameters, reordered};
use super::settings::{Profiles, Settings};
use super::{Linted, Project, Targets, lint, type_system};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Safety, Severity};
use crate::document::Documents;
use crate::schema::{ClientSide, Extent, Schema};
use crate::source::{SourceId, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Which fixes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixes {
    /// Those that keep what documents mean.
    Safe,
    /// All of them.
    All,
}

/// What came of it.
#[derive(Debug)]
pub struct Fixed {
    /// The project with its new texts.
    pub project: Project,
    /// The texts that changed, by file.
    pub texts: BTreeMap<String, Text>,
    /// How often each rule was mended.
    pub made: BTreeMap<&'static str, usize>,
    /// Fixes after which a document would not be valid, or would mean something else.
    pub refused: Vec<String>,
    /// Changes of the generated code that compile, and mean something else.
    pub reordered: Vec<String>,
    /// What is left.
    pub left: Linted,
}

const MOST_ROUNDS: usize = 100;

/// Mends a project.
///
/// # Errors
/// See [`lint`].
pub fn fix(
    project: &Project,
    profiles: &Profiles,
    targets: &Targets,
    settings: &Settings,
    baseline: Option<&super::Baseline>,
    which: Fixes,
) -> Result<Fixed, Diagnostics> {
    let mut fixer = Fixer {
        project: Project { whole_schema: true, ..project.clone() },
        texts: BTreeMap::new(),
        made: BTreeMap::new(),
        refused: BTreeSet::new(),
        which,
    };
    let mut left = lint(&fixer.project, profiles, targets, settings, baseline)?;
    for _ in 0..MOST_ROUNDS {
        let chosen = fixer.chosen(&left.diagnostics.list);
        if chosen.is_empty() || !fixer.round(chosen) {
            break;
        }
        left = lint(&fixer.project, profiles, targets, settings, baseline)?;
    }
    let Fixer { project: after, texts, made, refused, .. } = fixer;
    let of = |project: &Project| parameters(&parsed(project).0);
    let reordered = if texts.is_empty() { Vec::new() } else { reordered(&of(project), &of(&after)) };
    Ok(Fixed { project: after, texts, made, refused: refused.into_iter().collect(), reordered, left })
}

struct Fixer {
    project: Project,
    texts: BTreeMap<String, Text>,
    made: BTreeMap<&'static str, usize>,
    refused: BTreeSet<String>,
    which: Fixes,
}

type Chosen = Vec<(&'static str, Fix)>;

impl Fixer {
    /// Fixes that do not touch each other, in the order of the findings.
    fn chosen(&self, list: &[Diagnostic]) -> Chosen {
        let mut taken: Vec<(SourceId, usize, usize, &str)> = Vec::new();
        let mut chosen: Chosen = Vec::new();
        for one in list {
            let Some(fix) = &one.fix else { continue };
            if self.which == Fixes::Safe && fix.safety == Safety::Unsafe {
                continue;
            }
            let ranges = fix.edits.iter().map(|edit| (edit.span.source, edit.span.start, edit.span.end, one.code));
            // Two that only meet would depend on their order; what one rule puts into one place is in order.
            let touches = |one: &(SourceId, usize, usize, &str)| {
                let is_same_place = |other: &(SourceId, usize, usize, &str)| one == other && one.1 == one.2;
                taken
                    .iter()
                    .any(|other| one.0 == other.0 && one.1 <= other.2 && other.1 <= one.2 && !is_same_place(other))
            };
            let is_refused = self.refused.contains(&self.described(one.code, fix));
            if is_refused || ranges.clone().any(|range| touches(&range)) || !self.fits(fix) {
                continue;
            }
            taken.extend(ranges);
            chosen.push((one.code, fix.clone()));
        }
        chosen
    }

    /// True unless a literal of Rust cannot take it.
    fn fits(&self, fix: &Fix) -> bool {
        fix.edits.iter().all(|edit| {
            let around = self
                .project
                .files
                .iter()
                .find(|file| file.source == edit.span.source)
                .and_then(|file| file.rust.as_ref());
            around.is_none_or(|around| {
                around.takes(&edit.text) && around.range.start <= edit.span.start && edit.span.end <= around.range.end
            })
        })
    }

    fn described(&self, rule: &str, fix: &Fix) -> String {
        let place = fix.edits.first().map(|edit| self.project.sources.place(edit.span)).unwrap_or_default();
        format!("{rule} at {place}: {}", fix.title)
    }

    /// Makes as many of some fixes as may be made; true if any was.
    fn round(&mut self, chosen: Chosen) -> bool {
        let before = self.state(&self.project);
        let mut open = vec![chosen];
        let mut good: Chosen = Vec::new();
        while let Some(batch) = open.pop() {
            let mut all = good.clone();
            all.extend(batch.iter().cloned());
            let (project, _) = self.with(&all);
            if self.keeps_schema(&project) && self.is_kept(&before, &self.state(&project)) {
                good = all;
            } else if let [(rule, fix)] = batch.as_slice() {
                let described = self.described(rule, fix);
                self.refused.insert(described);
            } else {
                let (left, right) = batch.split_at(batch.len() / 2);
                open.push(right.to_vec());
                open.push(left.to_vec());
            }
        }
        if good.is_empty() {
            return false;
        }
        let (project, texts) = self.with(&good);
        self.project = project;
        self.texts.extend(texts);
        for (rule, _) in good {
            *self.made.entry(rule).or_default() += 1;
        }
        true
    }

    /// The project after some fixes, and the texts that changed.
    fn with(&self, fixes: &Chosen) -> (Project, BTreeMap<String, Text>) {
        let mut edits: BTreeMap<String, Vec<(usize, usize, &str)>> = BTreeMap::new();
        for edit in fixes.iter().flat_map(|(_, fix)| &fix.edits) {
            let path = self.project.sources.name(edit.span.source).to_owned();
            edits.entry(path).or_default().push((edit.span.start, edit.span.end, &edit.text));
        }
        let mut texts: BTreeMap<String, Text> = BTreeMap::new();
        for (path, mut edits) in edits {
            edits.sort_by_key(|(start, end, _)| (*start, *end));
            let mut text = self.project.whole_text(&path).to_owned();
            for (start, end, new) in edits.into_iter().rev() {
                text.replace_range(start..end, new);
            }
            texts.insert(path, text.into());
        }
        (self.project.with_texts(&texts), texts)
    }

    fn state(&self, project: &Project) -> State {
        let mut sources = project.sources.clone();
        let (documents, problems) = parsed(project);
        let mut errors: BTreeMap<&'static str, usize> = BTreeMap::new();
        for one in problems.iter().filter(|one| one.severity == Severity::Error) {
            *errors.entry(one.code).or_default() += 1;
        }
        // No rule of the specification, and still nothing that a fix may bring about.
        let mut names: Vec<&str> = Vec::new();
        for file in &project.files {
            let text = project.sources.text(file.source);
            let operations = file.outline.definitions.iter().filter(|one| one.kind.is_operation());
            names.extend(operations.filter_map(|one| one.name.clone()).map(|name| &text[name]));
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        errors.insert("repeated names", all - names.len());
        let schema = Schema::load(&mut sources, &project.schema, project.client.clone(), Extent::Whole);
        let parameters = parameters(&documents);
        let Ok(schema) = schema else { return State { errors, meaning: BTreeMap::new(), parameters } };
        for one in crate::document::validate(&schema, &documents, &sources) {
            if one.code != "no-unused-fragments" {
                *errors.entry(one.code).or_default() += 1;
            }
        }
        State { errors, meaning: meaning(&schema, &documents), parameters }
    }

    /// True if the texts of the schema define the same as before.
    fn keeps_schema(&self, after: &Project) -> bool {
        let both = self.project.schema.iter().zip(&after.schema);
        let mut texts = both.map(|(before, now)| (self.project.sources.text(*before), after.sources.text(*now)));
        texts.all(|(before, now)| before == now || type_system::meaning(before) == type_system::meaning(now))
    }

    fn is_kept(&self, before: &State, after: &State) -> bool {
        let known = |code: &str| before.errors.get(code).copied().unwrap_or_default();
        let as_valid = after.errors.iter().all(|(code, count)| *count <= known(code));
        let is_same = || before.meaning == after.meaning && reordered(&before.parameters, &after.parameters).is_empty();
        as_valid && (self.which == Fixes::All || is_same())
    }
}

/// How valid documents are, and what they mean.
struct State {
    errors: BTreeMap<&'static str, usize>,
    meaning: BTreeMap<(String, usize), u64>,
    parameters: Parameters,
}

/// The documents of a project.
fn parsed(project: &Project) -> (Documents, Vec<Diagnostic>) {
    let texts: Vec<SourceId> = project.files.iter().map(|file| file.source).collect();
    Documents::parse_all(&project.sources, &texts, &[])
}

impl Project {
    /// The same project with other texts for some files.
    pub fn with_texts(&self, texts: &BTreeMap<String, Text>) -> Self {
        let mut new = Self { whole_schema: true, ..Self::default() };
        let mut copied = |id: &SourceId| {
            let name = self.sources.name(*id);
            new.sources.add(name, texts.get(name).unwrap_or_else(|| self.sources.text(*id)).clone())
        };
        new.schema = self.schema.iter().map(&mut copied).collect();
        let schema = self.client.schema.iter().map(&mut copied).collect();
        new.client = ClientSide { schema, ..self.client.clone() };
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for file in &self.files {
            let path = self.sources.name(file.source);
            match (&file.rust, texts.get(path)) {
                (Some(around), text) => {
                    if done.insert(path) {
                        new.add_rust(path, text.unwrap_or(&around.whole));
                    }
                }
                (None, Some(text)) => new.add(path, text.clone()),
                (None, None) => {
                    let source = new.sources.add(path, self.sources.text(file.source).clone());
                    new.files.push(super::File { source, outline: file.outline.clone(), rust: None });
                }
            }
        }
        new
    }
}
