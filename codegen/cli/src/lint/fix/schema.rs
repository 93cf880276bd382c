//! Fixes in SDL files of the schema, which may only reorder definitions and their members.

use super::{Fixes, Identity, Taken, Task, identity};
use crate::diagnostic::{Diagnostics, Fix, Safety};
use crate::lint::{Project, Run, type_system};
use crate::source::Text;
use std::collections::BTreeMap;

/// The result of fixing the schema.
#[derive(Default)]
pub struct Fixed {
    pub project: Project,
    /// The texts that changed, by file.
    pub texts: BTreeMap<String, Text>,
    /// The number of fixed findings by rule.
    pub made: BTreeMap<&'static str, usize>,
    /// Fixes that would change the definitions of a file.
    pub refused: Vec<Identity>,
}

/// Fixes the linted SDL files.
///
/// # Errors
/// See [`super::super::lint`].
pub fn fix(task: &Task<'_>, project: Project) -> Result<Fixed, Diagnostics> {
    let mut fixed = Fixed { project, ..Fixed::default() };
    while let Some(project) = round(task, &mut fixed)? {
        fixed.project = project;
    }
    Ok(fixed)
}

/// Returns the project after another round; `None` if there is nothing to fix.
fn round(task: &Task<'_>, fixed: &mut Fixed) -> Result<Option<Project>, Diagnostics> {
    let project = &fixed.project;
    let run = Run::new(project, task.profiles, task.targets);
    if !run.schema.iter().any(|text| run.chosen.contains(text)) {
        return Ok(None);
    }
    let linted = run.linted(&run.read()?, task.settings, task.baseline)?;
    let mut taken = Taken::default();
    let mut texts: BTreeMap<String, Text> = BTreeMap::new();
    let mut chosen: BTreeMap<&str, Vec<(&'static str, &Fix)>> = BTreeMap::new();
    for finding in &linted.diagnostics.list {
        let Some(fix) = finding.fix.as_ref().filter(|fix| task.which == Fixes::All || fix.safety == Safety::Safe)
        else {
            continue;
        };
        let Some(source) = fix.edits.first().map(|edit| edit.span.source) else { continue };
        let is_new =
            run.schema.contains(&source) && !fixed.refused.contains(&identity(project, finding.code.name(), fix));
        if is_new && taken.take(finding.code.name(), &fix.edits) {
            chosen.entry(project.sources.name(source)).or_default().push((finding.code.name(), fix));
        }
    }
    for (path, fixes) in chosen {
        let before = project.whole_text(path);
        let keeps = |text: &str| {
            let meaning = type_system::meaning(text);
            meaning.is_some() && meaning == type_system::meaning(before)
        };
        let all = edited(before, fixes.iter().map(|(_, fix)| *fix));
        let (made, text) = match keeps(&all) {
            true => (fixes, all),
            // Try the fixes one by one until one succeeds.
            false => {
                let each = fixes.iter().map(|one| (vec![*one], edited(before, std::iter::once(one.1))));
                let (good, bad): (Vec<_>, Vec<_>) = each.partition(|(_, text)| keeps(text));
                fixed
                    .refused
                    .extend(bad.iter().flat_map(|(one, _)| one).map(|(code, fix)| identity(project, code, fix)));
                match good.into_iter().next() {
                    Some(first) => first,
                    None => continue,
                }
            }
        };
        for (code, _) in made {
            *fixed.made.entry(code).or_default() += 1;
        }
        texts.insert(path.to_owned(), text.into());
    }
    if texts.is_empty() {
        return Ok(None);
    }
    let project = project.with_schema(&texts);
    fixed.texts.extend(texts);
    Ok(Some(project))
}

fn edited<'f>(text: &str, fixes: impl Iterator<Item = &'f Fix>) -> String {
    let mut edits: Vec<_> = fixes.flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut new = text.to_owned();
    for edit in edits.into_iter().rev() {
        new.replace_range(edit.span.range(), &edit.text);
    }
    new
}

impl Project {
    /// Returns the project with new texts for some files of the schema.
    fn with_schema(&self, texts: &BTreeMap<String, Text>) -> Self {
        let mut new = self.clone();
        for id in new.schema.iter_mut().chain(&mut new.client.schema) {
            let path = self.sources.name(*id);
            if let Some(text) = texts.get(path) {
                *id = new.sources.add(path, text.clone());
            }
        }
        new
    }
}
