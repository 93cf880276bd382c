//! Renders diagnostics for users: source line, caret, help; with colours on request.

use super::{Diagnostic, Diagnostics, Label, Severity};
use crate::source::{SourceId, Sources, Span, line_end, line_start};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::borrow::Cow;
use std::ops::Range;

/// Renders with ANSI colours, and with links to rule pages if the terminal supports them.
pub fn linked(diagnostics: &Diagnostics, url: &dyn Fn(&str) -> Option<String>) -> String {
    let renderer = Renderer::styled();
    let one = |diagnostic: &Diagnostic| one(&diagnostics.sources, diagnostic, &renderer, url(diagnostic.code.name()));
    diagnostics.list.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

/// Renders without colours.
pub fn plain(diagnostics: &Diagnostics) -> String {
    render(diagnostics, &Renderer::plain())
}

/// Renders with ANSI colours, for terminals.
pub fn styled(diagnostics: &Diagnostics) -> String {
    render(diagnostics, &Renderer::styled())
}

fn render(diagnostics: &Diagnostics, renderer: &Renderer) -> String {
    let blocks: Vec<String> =
        diagnostics.list.iter().map(|diagnostic| one(&diagnostics.sources, diagnostic, renderer, None)).collect();
    blocks.join("\n\n")
}

fn one(sources: &Sources, diagnostic: &Diagnostic, renderer: &Renderer, url: Option<String>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.name());
    let title = match url {
        Some(url) => title.id_url(url),
        None => title,
    };
    let mut group = Group::with_title(title);
    for excerpt in excerpts(sources, diagnostic) {
        group = group.element(excerpt);
    }
    if let Some(note) = &diagnostic.note {
        group = group.element(Level::NOTE.message(note));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// Returns one excerpt per text, limited to the lines that the labels need, since texts can be megabytes long.
fn excerpts<'a>(
    sources: &'a Sources,
    diagnostic: &'a Diagnostic,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let labels: Vec<(&Label, AnnotationKind)> =
        (diagnostic.primary.iter().map(|label| (label, AnnotationKind::Primary)))
            .chain(diagnostic.secondary.iter().map(|label| (label, AnnotationKind::Context)))
            .collect();
    let mut order: Vec<SourceId> = Vec::new();
    for (label, _) in &labels {
        if !order.contains(&label.span.source) {
            order.push(label.span.source);
        }
    }
    order.into_iter().map(|source| excerpt(sources, source, &labels)).collect()
}

fn excerpt<'a>(
    sources: &'a Sources,
    source: SourceId,
    labels: &[(&'a Label, AnnotationKind)],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text: &str = sources.text(source);
    let here: Vec<_> = labels.iter().filter(|(label, _)| label.span.source == source).collect();
    let first = here.iter().map(|(label, _)| label.span.start).min().unwrap_or(0);
    let last = here.iter().map(|(label, _)| label.span.end).max().unwrap_or(0);
    let window = lines_around(text, first..last);
    let line = sources.position(Span::new(source, window.start..window.start)).line;
    let mut snippet = Snippet::source(shown(&text[window.clone()])).line_start(line).path(sources.name(source));
    for (label, kind) in here {
        let range = within(text, label.span.range(), &window);
        let mut annotation = kind.span(range);
        if !label.text.is_empty() {
            annotation = annotation.label(&label.text);
        }
        snippet = snippet.annotation(annotation);
    }
    snippet
}

/// Returns the whole lines that cover a range.
fn lines_around(text: &str, range: Range<usize>) -> Range<usize> {
    let start = floor(text, range.start.min(text.len()));
    let end = floor(text, range.end.clamp(start, text.len()));
    line_start(text, start)..line_end(text, end)
}

/// Returns a text of the same length without line breaks that are lone carriage returns.
fn shown(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('\r').filter(|(at, _)| !text[at + 1..].starts_with('\n')) {
        shown.push_str(&text[copied..at]);
        shown.push('\n');
        copied = at + 1;
    }
    if copied == 0 { Cow::Borrowed(text) } else { Cow::Owned(shown + &text[copied..]) }
}

/// Returns the range relative to the beginning of the window, on character boundaries and limited to
/// its first line, since carets below a whole definition are not helpful.
fn within(text: &str, range: Range<usize>, window: &Range<usize>) -> Range<usize> {
    let start = floor(text, range.start.clamp(window.start, window.end));
    let end = floor(text, range.end.clamp(start, window.end));
    start - window.start..line_end(text, start).min(end) - window.start
}

fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
