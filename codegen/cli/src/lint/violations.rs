//! Violations of the specification, with the fixes that only the linter offers.

use super::context;
use crate::diagnostic::{Code, Diagnostic, Fix, Safety};
use crate::query::{Documents, FileId};
use crate::schema::Schema;
use crate::source::{Sources, Span};
use crate::syntax::tokens::Tokens;
use crate::validate::violations_in;
use rayon::prelude::*;
use std::collections::HashSet;

/// Returns the violations of the specification in all files, wherever the error is located.
pub(super) fn violations(schema: &Schema, documents: &Documents, sources: &Sources) -> Vec<Diagnostic> {
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
