//! The output of a run: results on standard output, everything else on standard error.

pub use crate::diagnostic::counted;
use crate::diagnostic::{Diagnostics, Severity, render};
use anstream::{AutoStream, ColorChoice};
use clap::ColorChoice as Asked;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// The output settings of a run.
#[derive(Debug)]
pub struct Report {
    asked: Asked,
    color: ColorChoice,
    quiet: bool,
}

impl Report {
    /// Creates a report as requested by flags, or else by the terminal and `NO_COLOR`.
    pub fn new(asked: Asked, quiet: bool) -> Self {
        let color = match asked {
            Asked::Auto => AutoStream::choice(&std::io::stderr()),
            Asked::Always => ColorChoice::Always,
            Asked::Never => ColorChoice::Never,
        };
        Self { asked, color, quiet }
    }

    /// Returns true if only errors are reported.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints the result of the command on standard output.
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

    /// Reports progress or success.
    pub fn info(&self, message: impl AsRef<str>) {
        if !self.quiet {
            self.line(message.as_ref());
        }
    }

    /// Reports the error that ends the command.
    pub fn error(&self, message: impl AsRef<str>) {
        // The stream strips escape codes if colours are off.
        self.line(&format!("\u{1b}[1;31merror\u{1b}[0m: {}", message.as_ref()));
    }

    /// Reports a problem that does not fail the command.
    pub fn warning(&self, message: impl AsRef<str>) {
        self.line(&format!("\u{1b}[1;33mwarning\u{1b}[0m: {}", message.as_ref()));
    }

    /// Reports an error and its causes.
    pub fn failure(&self, error: &anyhow::Error) {
        self.error(format!("{error:#}"));
    }

    /// Reports diagnostics and their number.
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

    /// Shows a spinner, on terminals only.
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
        // An error of standard error cannot be reported.
        let _ = writeln!(stream, "{text}");
    }
}
