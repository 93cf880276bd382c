//! What a run says: results on standard output, everything else on standard error.

use crate::diagnostic::{Diagnostics, Severity, render};
use anstream::{AutoStream, ColorChoice};
use clap::ColorChoice as Asked;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// A count with its noun, in the singular for one.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Where words go, and how.
#[derive(Debug)]
pub struct Report {
    asked: Asked,
    color: ColorChoice,
    quiet: bool,
}

impl Report {
    /// As asked by flags; without a flag, by the terminal and `NO_COLOR`.
    pub fn new(asked: Asked, quiet: bool) -> Self {
        let color = match asked {
            Asked::Auto => AutoStream::choice(&std::io::stderr()),
            Asked::Always => ColorChoice::Always,
            Asked::Never => ColorChoice::Never,
        };
        Self { asked, color, quiet }
    }

    /// True if nothing but errors is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// What a command is run for, on standard output.
    pub fn result(&self, text: &str) {
        let color = match self.asked {
            Asked::Auto => AutoStream::choice(&std::io::stdout()),
            Asked::Always => ColorChoice::Always,
            Asked::Never => ColorChoice::Never,
        };
        let mut stream = AutoStream::new(std::io::stdout().lock(), color);
        // A closed pipe is the reader's choice.
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// A sentence about what was done.
    pub fn info(&self, message: impl AsRef<str>) {
        if !self.quiet {
            self.line(message.as_ref());
        }
    }

    /// Why nothing more is done.
    pub fn error(&self, message: impl AsRef<str>) {
        // Escape codes are stripped by the stream where they are not wanted.
        self.line(&format!("\u{1b}[1;31merror\u{1b}[0m: {}", message.as_ref()));
    }

    /// What the user must look at, though the command has done what it was asked for.
    pub fn warning(&self, message: impl AsRef<str>) {
        self.line(&format!("\u{1b}[1;33mwarning\u{1b}[0m: {}", message.as_ref()));
    }

    /// An error and what caused it.
    pub fn failure(&self, error: &anyhow::Error) {
        self.error(format!("{error:#}"));
    }

    /// Diagnostics, and how many there are.
    pub fn diagnostics(&self, diagnostics: &Diagnostics) {
        let count = |severity| diagnostics.list.iter().filter(|one| one.severity == severity).count();
        let errors = count(Severity::Error);
        if diagnostics.list.is_empty() || (self.quiet && errors == 0) {
            return;
        }
        let (shown, more) = diagnostics.foremost();
        self.line(&render::styled(&shown));
        if let Some(more) = more {
            self.line(&format!("\n{more}"));
        }
        let counts: Vec<String> =
            [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")]
                .into_iter()
                .filter(|(severity, _)| count(*severity) > 0)
                .map(|(severity, what)| counted(count(severity), what))
                .collect();
        self.line(&format!("\n{}", counts.join(", ")));
    }

    /// A wheel that turns while something takes long, on terminals only.
    pub fn progress(&self, message: &'static str) -> ProgressBar {
        if self.quiet || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(message);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    fn line(&self, text: &str) {
        let mut stream = AutoStream::new(std::io::stderr().lock(), self.color);
        // Nobody is left to be told if this fails.
        let _ = writeln!(stream, "{text}");
    }
}
