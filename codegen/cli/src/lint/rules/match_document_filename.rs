//! `match-document-filename`

use super::prelude::*;
use std::path::Path;

pub const ENTRY: Entry = entry::<MatchDocumentFilename>(Meta {
    known_as: &["graphql-eslint"],
    what: "Finds files that are not named after their operation or fragment.",
    why: "A definition is easy to find if its file is named after it.",
    ..meta!("match-document-filename", Category::Style, Reads::Documents)
});

/// Without options, file names are in snake_case.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct MatchDocumentFilename {
    /// The required extension: `.graphql` or `.gql`.
    extension: Option<String>,
    /// Names of files with a query.
    query: Option<FileName>,
    /// Names of files with a mutation.
    mutation: Option<FileName>,
    /// Names of files with a subscription.
    subscription: Option<FileName>,
    /// Names of files with a fragment and no operation.
    fragment: Option<FileName>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum FileName {
    /// A style alone.
    Style(Style),
    /// A style with a prefix or suffix.
    Full(Full),
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Full {
    /// The style of joining words; without it, the name is kept as it is.
    style: Option<Style>,
    /// The text before the name.
    prefix: String,
    /// The text after the name.
    suffix: String,
}

impl Rule for MatchDocumentFilename {
    fn file(&self, cx: &Cx<'_>) {
        let path = Path::new(cx.path());
        let (Some(stem), Some(extension)) = (path.file_stem(), path.extension()) else { return };
        let (stem, extension) = (stem.to_string_lossy(), format!(".{}", extension.to_string_lossy()));
        if extension == ".rs" {
            return;
        }
        let start = Some(cx.span(0..0));
        if let Some(wanted) = self.extension.as_ref().filter(|wanted| **wanted != extension) {
            cx.say(cx.finding(start, format!("the file name ends in `{extension}`; expected `{wanted}`")));
        }
        let definitions = &cx.documents.file(cx.file).ast.definitions;
        let operation = definitions.iter().find_map(Definition::as_operation_definition);
        let fragment = definitions.iter().find_map(Definition::as_fragment_definition);
        let (name, settings) = match (operation, fragment) {
            (Some(operation), _) => {
                let settings = match operation.operation_type {
                    OperationType::Query => &self.query,
                    OperationType::Mutation => &self.mutation,
                    OperationType::Subscription => &self.subscription,
                };
                (operation.name.as_ref(), settings)
            }
            (None, Some(fragment)) => (Some(&fragment.name), &self.fragment),
            (None, None) => return,
        };
        let Some(name) = name else { return };
        let is_configured = self.query.is_some()
            || self.mutation.is_some()
            || self.subscription.is_some()
            || self.fragment.is_some()
            || self.extension.is_some();
        let full = match settings {
            Some(FileName::Style(style)) => Full { style: Some(*style), ..Full::default() },
            Some(FileName::Full(full)) => full.clone(),
            None if is_configured => return,
            None => Full { style: Some(Style::Snake), ..Full::default() },
        };
        // Without a style, the middle of the file name is kept as it is.
        let middle = match full.style {
            Some(style) => style.apply(name),
            None => stem.trim_start_matches(&full.prefix).trim_end_matches(&full.suffix).to_owned(),
        };
        let wanted = format!("{}{middle}{}", full.prefix, full.suffix);
        if wanted != stem {
            let message = format!("the file `{stem}{extension}` should be named `{wanted}{extension}`");
            cx.say(cx.finding(start, message).help(format!("the file contains `{name}`")));
        }
    }
}
