//! Comments that suppress rules.
//!
//! | comment | where |
//! |---|---|
//! | `# graphwright-ignore RULE: reason` | alone on a line: the definition, selection or argument that follows;
//! otherwise: its line |
//! | `# graphwright-ignore-line`, `-next-line` | its line, the next one |
//! | `# graphwright-ignore-file` | the file |
//! | `# graphwright-disable`, `# graphwright-enable` | from one to the other |
//! | `# eslint-disable[-line, -next-line] @graphql-eslint/RULE` | as in ESLint |

use super::rules::{self, INVALID_SUPPRESSION, UNUSED_SUPPRESSION};
use super::settings::{Unknown, unknown};
use crate::diagnostic::{Code, Diagnostic, Fix, Safety};
use crate::source::{SourceId, Span, line_start, next_line};
use crate::syntax::tokens::Tokens;
use std::ops::Range;

/// A suppression comment.
#[derive(Debug)]
pub struct Suppression {
    /// The suppressed rules; empty for all rules.
    pub rules: Vec<&'static str>,
    /// The range in which they are suppressed.
    range: Range<usize>,
    /// The range of the comment.
    place: Range<usize>,
    /// The rules in `rules` that were suppressed; for all rules, those that were.
    used: Vec<&'static str>,
}

/// All suppression comments of a file.
#[derive(Debug, Default)]
pub struct Suppressions {
    list: Vec<Suppression>,
    /// The invalid comments.
    pub problems: Vec<Diagnostic>,
}

impl Suppressions {
    /// Reads the comments of a text.
    pub fn read(source: SourceId, text: &str, require_reasons: bool) -> Self {
        let mut all = Self::default();
        if !text.contains("graphwright-") && !text.contains("eslint-") {
            return all;
        }
        let tokens = Tokens::new(text);
        let mut open: Vec<(&'static str, usize, Range<usize>)> = Vec::new();
        for place in comments(text) {
            let words = text[place.clone()].trim_start_matches('#').trim();
            let Some(comment) = Comment::parse(words) else { continue };
            let names: Vec<&'static str> = all.names(source, text, &place, &comment);
            if names.is_empty() && !comment.rules.is_empty() {
                continue;
            }
            if require_reasons && comment.reason.is_empty() && comment.scope != Scope::Enable {
                let span = Span::new(source, place.clone());
                let finding = Diagnostic::warning(Code::new(INVALID_SUPPRESSION), "the suppression has no reason")
                    .at(Some(span), "");
                all.problems.push(finding.help("add a colon and the reason"));
            }
            let range = match comment.scope {
                Scope::File => 0..text.len(),
                Scope::Line => line_at(text, place.start),
                Scope::NextLine => line_at(text, line_at(text, place.start).end),
                Scope::Node if is_alone(text, &place) => node_after(text, &tokens, place.end),
                Scope::Node => closed_before(text, &tokens, place.start),
                Scope::Disable => {
                    let rules = if names.is_empty() { vec![""] } else { names };
                    open.extend(rules.into_iter().map(|rule| (rule, place.end, place.clone())));
                    continue;
                }
                Scope::Enable => {
                    let ends = |rule: &str| names.is_empty() || names.contains(&rule);
                    for (rule, start, comment) in open.extract_if(.., |(rule, ..)| ends(rule)) {
                        all.add(rule, start..place.start, comment);
                    }
                    continue;
                }
            };
            all.list.push(Suppression { rules: names, range, place, used: Vec::new() });
        }
        for (rule, start, comment) in open {
            all.add(rule, start..text.len(), comment);
        }
        all
    }

    fn add(&mut self, rule: &'static str, range: Range<usize>, place: Range<usize>) {
        let rules = if rule.is_empty() { Vec::new() } else { vec![rule] };
        self.list.push(Suppression { rules, range, place, used: Vec::new() });
    }

    /// Returns the rules that a comment names; adds problems for unknown names.
    fn names(
        &mut self,
        source: SourceId,
        text: &str,
        place: &Range<usize>,
        comment: &Comment<'_>,
    ) -> Vec<&'static str> {
        let mut found = Vec::new();
        for name in &comment.rules {
            match rules::find(name) {
                Some(entry) => found.push(entry.meta.name),
                None => {
                    let at = text[place.clone()].find(name).map_or(place.start, |at| place.start + at);
                    let span = Span::new(source, at..at + name.len());
                    let Unknown { message, help } = unknown("rule", name, rules::names());
                    let finding = Diagnostic::warning(Code::new(INVALID_SUPPRESSION), message).at(Some(span), "");
                    self.problems.push(finding.help(help));
                }
            }
        }
        found
    }

    /// Returns true if a finding is suppressed.
    pub fn covers(&mut self, finding: &Diagnostic) -> bool {
        let Some(label) = &finding.primary else { return false };
        let offset = label.span.start;
        let holds = |one: &&mut Suppression| {
            one.range.contains(&offset) && (one.rules.is_empty() || one.rules.contains(&finding.code.name()))
        };
        // Only the nearest comment counts as used.
        let nearest = self.list.iter_mut().filter(holds).min_by_key(|one| one.range.len());
        let Some(nearest) = nearest else { return false };
        nearest.used.push(finding.code.name());
        true
    }

    /// Returns unused comments and unused names in comments; `runs` tests which rules did run.
    pub fn unused(&self, source: SourceId, text: &str, runs: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for one in &self.list {
            let unused: Vec<&str> =
                one.rules.iter().copied().filter(|rule| !one.used.contains(rule) && runs(rule)).collect();
            let is_whole = if one.rules.is_empty() { one.used.is_empty() } else { unused.len() == one.rules.len() };
            if !is_whole && unused.is_empty() {
                continue;
            }
            let span = Span::new(source, one.place.clone());
            let message = match unused.as_slice() {
                [] => "unused suppression".to_owned(),
                names => format!("unused suppression of `{}`", names.join("`, `")),
            };
            let range = super::context::without_line(text, one.place.clone());
            let fix = Fix::new(Safety::Safe, "remove the comment", Span::new(source, range), "");
            let finding = Diagnostic::warning(Code::new(UNUSED_SUPPRESSION), message).at(Some(span), "");
            found.push(if is_whole { finding.fix(Some(fix)) } else { finding.help("remove the name") });
        }
        found
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Node,
    Line,
    NextLine,
    File,
    Disable,
    Enable,
}

struct Comment<'t> {
    scope: Scope,
    rules: Vec<&'t str>,
    reason: &'t str,
}

impl<'t> Comment<'t> {
    fn parse(words: &'t str) -> Option<Self> {
        const OURS: [(&str, Scope); 6] = [
            ("graphwright-ignore-next-line", Scope::NextLine),
            ("graphwright-ignore-line", Scope::Line),
            ("graphwright-ignore-file", Scope::File),
            ("graphwright-ignore", Scope::Node),
            ("graphwright-disable", Scope::Disable),
            ("graphwright-enable", Scope::Enable),
        ];
        const ESLINT: [(&str, Scope); 4] = [
            ("eslint-disable-next-line", Scope::NextLine),
            ("eslint-disable-line", Scope::Line),
            ("eslint-disable", Scope::Disable),
            ("eslint-enable", Scope::Enable),
        ];
        let rest_of = |list: &[(&'static str, Scope)]| {
            list.iter().find_map(|(word, scope)| {
                let rest = words.strip_prefix(word)?;
                (rest.is_empty() || rest.starts_with([' ', ':', '\t'])).then_some((*scope, rest))
            })
        };
        if let Some((scope, rest)) = rest_of(&OURS) {
            let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
            let rules = names.split([',', ' ', '\t']).filter(|name| !name.is_empty()).collect();
            return Some(Self { scope, rules, reason: reason.trim() });
        }
        let (scope, rest) = rest_of(&ESLINT)?;
        let (names, reason) = rest.split_once("--").unwrap_or((rest, ""));
        let names: Vec<&str> = names.split([',', ' ', '\t']).filter(|name| !name.is_empty()).collect();
        // Rules of other plugins are ignored.
        let ours: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("@graphql-eslint/")).collect();
        (names.is_empty() || !ours.is_empty()).then_some(Self { scope, rules: ours, reason: reason.trim() })
    }
}

/// Returns the comments of a text.
pub(super) fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut scanner = crate::syntax::scan::Scanner::new(text);
    let mut from = 0;
    loop {
        let next = scanner.next_token();
        let gap_end = next.unwrap_or(text.len());
        let mut at = from;
        while let Some(hash) = text.get(at..gap_end).and_then(|gap| gap.find('#')).map(|hash| at + hash) {
            let end = text[hash..].find(['\n', '\r']).map_or(text.len(), |end| hash + end);
            found.push(hash..end);
            at = end;
        }
        let Some(start) = next else { return found };
        if text.as_bytes()[start] == b'"' {
            if scanner.string().is_none() {
                return found;
            }
        } else {
            scanner.skip();
        }
        from = scanner.offset();
    }
}

fn line_at(text: &str, offset: usize) -> Range<usize> {
    line_start(text, offset)..next_line(text, offset)
}

/// Returns the line of a comment; after a closing bracket, the range from the line of the opening one.
fn closed_before(text: &str, tokens: &Tokens, offset: usize) -> Range<usize> {
    let line = line_at(text, offset);
    let end = tokens.end_before(offset);
    match tokens.opening_of(end) {
        Some(open) => line_at(text, open).start..line.end,
        None => line,
    }
}

fn is_alone(text: &str, place: &Range<usize>) -> bool {
    text[line_at(text, place.start).start..place.start].trim().is_empty()
}

/// Returns the definition, selection or argument that begins after an offset.
fn node_after(text: &str, tokens: &Tokens, offset: usize) -> Range<usize> {
    let Some(start) = tokens.start_after(offset) else { return offset..text.len() };
    let (mut at, mut depth) = (start, 0_usize);
    let mut last = start;
    loop {
        match text.as_bytes()[at] {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' if depth == 0 => return start..at,
            b'}' | b')' | b']' => depth -= 1,
            _ => {}
        }
        let end = tokens.end_of(at).unwrap_or(text.len());
        let Some(next) = tokens.start_after(at) else { return start..text.len() };
        // A description belongs to its definition; a string after a colon or an equals sign is a value.
        let is_description = text.as_bytes()[at] == b'"' && !matches!(text.as_bytes()[last], b':' | b'=');
        let goes_on = is_description
            || matches!(text.as_bytes()[next], b'{' | b'(' | b'@' | b':' | b'$' | b'=' | b'|' | b'&')
            || matches!(text.as_bytes()[last], b':' | b'@' | b'.' | b'=');
        let is_head = depth == 0 && matches!(&text[at..end], "query" | "mutation" | "subscription" | "fragment" | "on");
        if depth == 0 && text[end..next].contains(['\n', '\r']) && !goes_on && !is_head {
            return start..end;
        }
        last = at;
        at = next;
    }
}
