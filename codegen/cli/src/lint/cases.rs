//! Examples of rules: texts with options and expected findings, as the rule pages show and the tests check them.
//!
//! ```text
//! type User { name: String @deprecated }
//! ## options
//! style = "inline"
//! ## findings
//! schema.graphql:1:28: the deprecation of `User.name` has no reason
//! ```
//!
//! The text before the first heading is `schema.graphql` for rules that check only schemas, and `example.graphql` for
//! others. Further headings are `## schema` and `## file: NAME`.

use super::rule::Reads;

/// An example.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Case<'t> {
    /// The schema, if it is not the one that all examples share.
    pub schema: Option<&'t str>,
    /// The documents by name.
    pub files: Vec<(&'t str, &'t str)>,
    /// The options of the rule, as TOML.
    pub options: &'t str,
    /// The expected findings: `FILE:LINE:COLUMN: MESSAGE`.
    pub findings: Vec<&'t str>,
}

const HEADING: &str = "## ";

impl<'t> Case<'t> {
    /// Reads the example of a rule.
    pub fn parse(text: &'t str, reads: Reads) -> Self {
        let mut case = Self::default();
        let first = if reads == Reads::Schema { "schema" } else { "file: example.graphql" };
        let mut rest = text;
        let mut heading = first;
        loop {
            let end = if rest.starts_with(HEADING) { Some(0) } else { rest.find("\n## ").map(|at| at + 1) };
            let content = rest[..end.unwrap_or(rest.len())].trim_end();
            // A text that begins with a heading has no default file.
            if heading != first || !content.is_empty() || end.is_none() {
                case.add(heading, content);
            }
            let Some(end) = end else { return case };
            let line = &rest[end + HEADING.len()..];
            let (name, after) = line.split_once('\n').unwrap_or((line, ""));
            (heading, rest) = (name.trim(), after);
        }
    }

    fn add(&mut self, heading: &'t str, content: &'t str) {
        match heading {
            "schema" => self.schema = Some(content),
            "options" => self.options = content,
            "findings" => self.findings = content.lines().collect(),
            _ => self.files.push((heading.trim_start_matches("file:").trim(), content)),
        }
    }

    /// Returns the texts to show: the schema, if it is the example's own, and the documents.
    pub fn texts(&self) -> Vec<(&'t str, &'t str)> {
        let schema = self.schema.map(|schema| ("schema.graphql", schema));
        schema.into_iter().chain(self.files.iter().copied()).collect()
    }
}
