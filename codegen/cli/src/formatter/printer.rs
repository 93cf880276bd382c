//! Documents of text, breaks and groups, and their printing within a width.
//!
//! This is Wadler's pretty printer in Prettier's variant: a group is printed on one line if it fits together with
//! the text up to the next possible break; otherwise its own breaks become newlines, and the groups inside are decided
//! separately.

use super::Style;
use unicode_width::UnicodeWidthStr;

/// A document to print.
#[derive(Debug)]
pub(super) enum Doc<'t> {
    /// Text without newlines.
    Text(&'t str),
    /// Text that is printed unchanged, including spaces at the ends of its lines.
    Verbatim(&'t str),
    /// Text that extends to the end of the line.
    Comment(&'t str),
    /// A space, or a newline if the group around it is broken.
    Line,
    /// Nothing, or a newline if the group around it is broken.
    SoftLine,
    /// A newline; it breaks the groups around it.
    HardLine,
    /// Breaks the groups around it.
    Break,
    /// A sequence.
    All(Vec<Doc<'t>>),
    /// A document whose lines are indented by one more level.
    Indent(Box<Doc<'t>>),
    /// A document that is printed on one line if it fits.
    Group { inner: Box<Doc<'t>>, is_broken: bool },
    /// Alternatives, depending on the group around it.
    IfBroken { broken: Box<Doc<'t>>, flat: &'t str },
    /// A document that is printed at the end of the line.
    AtLineEnd(Box<Doc<'t>>),
    /// A syntax node, to which comments can be attached; it is replaced before printing.
    Node(usize, Box<Doc<'t>>),
}

impl<'t> Doc<'t> {
    pub(super) fn group(parts: Vec<Doc<'t>>) -> Self {
        Self::Group { inner: Box::new(Self::All(parts)), is_broken: false }
    }

    pub(super) fn indent(parts: Vec<Doc<'t>>) -> Self {
        Self::Indent(Box::new(Self::All(parts)))
    }

    pub(super) fn nothing() -> Self {
        Self::All(Vec::new())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

type Command<'d, 't> = (usize, Mode, &'d Doc<'t>);

/// Returns the text of a document, with line feeds. Groups that contain a [`Doc::HardLine`] must be marked as broken.
pub(super) fn print(doc: &Doc<'_>, style: &Style) -> String {
    let mut printer = Printer {
        style,
        out: String::new(),
        kept: 0,
        column: 0,
        commands: vec![(0, Mode::Broken, doc)],
        at_line_end: Vec::new(),
        has_comment: false,
        must_measure: false,
    };
    printer.run();
    printer.out
}

struct Printer<'d, 't> {
    style: &'d Style,
    out: String,
    /// The length of the output whose trailing spaces are kept.
    kept: usize,
    column: usize,
    /// The documents to print, the next one last.
    commands: Vec<Command<'d, 't>>,
    /// The documents to print at the end of the line.
    at_line_end: Vec<Command<'d, 't>>,
    /// Whether a comment ends the line.
    has_comment: bool,
    /// Whether a newline was printed inside a group that should be on one line.
    must_measure: bool,
}

impl<'d, 't> Printer<'d, 't> {
    fn run(&mut self) {
        loop {
            let Some((level, mode, doc)) = self.commands.pop() else {
                if self.at_line_end.is_empty() {
                    return;
                }
                self.commands.extend(self.at_line_end.drain(..).rev());
                continue;
            };
            match doc {
                Doc::Text(text) => self.text(text),
                Doc::Verbatim(text) => {
                    self.text(text);
                    self.kept = self.out.len();
                }
                Doc::Comment(_) if self.has_comment || !self.at_line_end.is_empty() => {
                    self.commands.extend([(level, mode, doc), (level, mode, &Doc::HardLine)]);
                }
                Doc::Comment(text) => {
                    self.text(text);
                    self.has_comment = true;
                }
                Doc::All(parts) => self.commands.extend(parts.iter().rev().map(|part| (level, mode, part))),
                Doc::Indent(inner) => self.commands.push((level + 1, mode, inner)),
                Doc::Group { inner, is_broken } => self.group(level, mode, inner, *is_broken),
                Doc::IfBroken { broken, flat } => match mode {
                    Mode::Broken => self.commands.push((level, mode, broken)),
                    Mode::Flat => self.text(flat),
                },
                Doc::AtLineEnd(inner) => self.at_line_end.push((level, mode, inner)),
                Doc::Line if mode == Mode::Flat => self.text(" "),
                Doc::SoftLine if mode == Mode::Flat => {}
                Doc::Line | Doc::SoftLine | Doc::HardLine => {
                    self.must_measure |= mode == Mode::Flat;
                    if self.at_line_end.is_empty() {
                        self.newline(level);
                    } else {
                        self.commands.push((level, mode, doc));
                        self.commands.extend(self.at_line_end.drain(..).rev());
                    }
                }
                Doc::Break => {}
                Doc::Node(_, inner) => self.commands.push((level, mode, inner)),
            }
        }
    }

    fn group(&mut self, level: usize, mode: Mode, inner: &'d Doc<'t>, is_broken: bool) {
        let mode = if is_broken {
            Mode::Broken
        } else if mode == Mode::Flat && !self.must_measure {
            Mode::Flat
        } else {
            self.must_measure = false;
            if self.fits((level, Mode::Flat, inner)) { Mode::Flat } else { Mode::Broken }
        };
        self.commands.push((level, mode, inner));
    }

    /// Returns true if it fits on the line together with the text after it.
    fn fits(&self, command: Command<'d, 't>) -> bool {
        let Some(width) = self.style.width else { return true };
        let mut column = self.column;
        let mut has_space = false;
        let mut open = vec![command];
        let mut rest = self.commands.iter().rev();
        while column <= width {
            let Some((level, mode, doc)) = open.pop().or_else(|| rest.next().copied()) else { return true };
            let text = match doc {
                Doc::Text(text) | Doc::Comment(text) => text,
                Doc::Verbatim(text) => match text.split_once('\n') {
                    Some((first, _)) => return column + first.width() <= width,
                    None => text,
                },
                Doc::IfBroken { flat, .. } if mode == Mode::Flat => flat,
                Doc::IfBroken { broken, .. } => {
                    open.push((level, mode, broken));
                    continue;
                }
                Doc::HardLine => return true,
                Doc::Line | Doc::SoftLine if mode == Mode::Broken => return true,
                Doc::Line => {
                    has_space = true;
                    continue;
                }
                Doc::All(parts) => {
                    open.extend(parts.iter().rev().map(|part| (level, mode, part)));
                    continue;
                }
                Doc::Group { inner, is_broken } => {
                    open.push((level, if *is_broken { Mode::Broken } else { mode }, inner));
                    continue;
                }
                Doc::Indent(inner) | Doc::Node(_, inner) => {
                    open.push((level, mode, inner));
                    continue;
                }
                Doc::SoftLine | Doc::Break | Doc::AtLineEnd(_) => continue,
            };
            if !text.is_empty() {
                column += usize::from(std::mem::take(&mut has_space)) + text.width();
            }
        }
        false
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.width(),
            None => self.column + text.width(),
        };
    }

    /// Ends the line, removes its trailing spaces, and begins the next one.
    fn newline(&mut self, level: usize) {
        self.has_comment = false;
        let end = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(end.max(self.kept));
        self.out.push('\n');
        let unit = if self.style.uses_tabs { "\t".to_owned() } else { " ".repeat(self.style.tab_width) };
        self.out.push_str(&unit.repeat(level));
        self.column = level * self.style.tab_width;
    }
}
