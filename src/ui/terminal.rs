//! Edge: standard output, standard error, and questions to the user.
#![expect(clippy::disallowed_methods, reason = "prints and asks")]

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::os::fd::AsFd;

use miette::Diagnostic;
use serde_json::{Value, json};

use super::Paint;
use super::diagnostic::{to_json, to_text};
use super::lines::{Label, line};
use super::words::{hide_in, hide_in_message};
use crate::error::Error;

/// True if a person can type on standard input.
pub fn has_person() -> bool {
    is_attended(io::stdin())
}

/// True for a terminal in whose foreground this program runs (tcgetpgrp(3)). A program that i3 has
/// started may have the terminal from which `startx` was called, but is in a session of its own
/// there (setsid(2)), so nobody would see a question.
fn is_attended(stream: impl AsFd) -> bool {
    let foreground = rustix::termios::tcgetpgrp(stream);
    foreground.is_ok_and(|group| group == rustix::process::getpgrp())
}

/// The standard streams, and whether to use colours.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each describes one stream")]
pub struct Ui {
    color_out: bool,
    color_err: bool,
    terminal_err: bool,
    terminal_in: bool,
    json: bool,
    /// True if only results, warnings and errors are printed.
    pub quiet: bool,
}

impl Ui {
    /// Checks the standard streams. `plain` disables colours, as `NO_COLOR` does. `dumb` is a
    /// terminal that cannot move its cursor (`TERM=dumb`). With `json`, the output is for a
    /// program: messages and questions are suppressed, and errors are JSON.
    pub fn new(plain: bool, dumb: bool, json: bool) -> Self {
        let terminal_err = is_attended(io::stderr());
        Self {
            color_out: io::stdout().is_terminal() && !plain && !dumb,
            color_err: io::stderr().is_terminal() && !plain && !dumb,
            terminal_err: terminal_err && !dumb,
            terminal_in: terminal_err && has_person() && !json,
            json,
            quiet: false,
        }
    }

    /// Colours for standard output.
    pub const fn paint(&self) -> Paint {
        Paint(self.color_out)
    }

    /// Colours for standard error.
    pub const fn paint_err(&self) -> Paint {
        Paint(self.color_err)
    }

    /// True if the progress line can be drawn.
    pub const fn draws(&self) -> bool {
        self.terminal_err
    }

    /// True if the user can be asked questions.
    pub const fn can_ask(&self) -> bool {
        self.terminal_in
    }

    /// The columns of the terminal on standard output; 80 if there is none.
    pub fn width(&self) -> usize {
        /// The width of a text that goes to a file or to another program.
        const DEFAULT: usize = 80;
        let size = rustix::termios::tcgetwinsize(io::stdout());
        let columns = size.map_or(0, |size| usize::from(size.ws_col));
        if columns == 0 { DEFAULT } else { columns }
    }

    /// Prints data.
    pub fn out(&self, text: &str) -> Result<(), Error> {
        self.out_bytes(text.as_bytes())
    }

    /// Prints data that need not be text.
    pub fn out_bytes(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        stdout
            .write_all(bytes)
            .and_then(|()| stdout.flush())
            .map_err(Error::Output)
    }

    /// Prints a value as JSON, without secrets.
    pub fn json(&self, value: &Value) -> Result<(), Error> {
        let mut value = value.clone();
        hide_in(&mut value);
        self.out(&format!("{value:#}\n"))
    }

    /// Prints a message of one or more lines, without secrets.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Prints a message about a problem, without secrets.
    pub fn complain(&self, text: &str) {
        if !self.json {
            Self::print_err(&hide_in_message(text));
        }
    }

    /// Prints a line about an action, also if the output is for a program: the user has asked for
    /// it. On a terminal, a line about the progress may be there; it is overwritten.
    pub fn trace(&self, line: &str) {
        if line.is_empty() {
            return;
        }
        let clear = if self.terminal_err { "\r\x1b[2K" } else { "" };
        Self::print_err(&format!("{clear}{}", hide_in_message(line)));
    }

    /// Prints the error that ended a command.
    pub fn error(&self, error: &Error) {
        if self.json {
            self.json_errors(&to_json(error));
        } else {
            self.complain(&to_text(error, self.paint_err()));
        }
    }

    /// Prints a warning for people; JSON output has its warnings in the result.
    pub fn warning(&self, warning: &dyn Diagnostic) {
        self.complain(&to_text(warning, self.paint_err()));
    }

    /// Prints errors as JSON on standard error, so that standard output has either the result or
    /// nothing.
    pub fn json_errors(&self, errors: &[Value]) {
        let mut value = json!({ "errors": errors });
        hide_in(&mut value);
        Self::print_err(&format!("{value:#}"));
    }

    fn print_err(text: &str) {
        let mut stderr = io::stderr().lock();
        // If standard error cannot be written, there is nowhere to report it.
        let _ = stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.write_all(if text.ends_with('\n') { b"" } else { b"\n" }));
    }

    /// Prints a warning.
    pub fn warn(&self, text: &str) {
        self.complain(&line(Label::Warning, text, self.paint_err()));
    }

    /// Prints a note.
    pub fn note(&self, text: &str) {
        self.say(&line(Label::Note, text, self.paint_err()));
    }

    /// Prints a hint.
    pub fn hint(&self, text: &str) {
        self.say(&line(Label::Hint, text, self.paint_err()));
    }

    /// Asks for a line; `None` at the end of the input.
    pub fn prompt(&self, question: &str) -> Option<String> {
        let mut stderr = io::stderr().lock();
        // Without an answer, the input has ended.
        let _ = write!(stderr, "{question}");
        let _ = stderr.flush();
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim().to_owned())
    }

    /// True if standard output is a terminal.
    pub fn is_terminal_out(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Asks a yes-or-no question; an empty answer means `default`.
    pub fn ask(&self, question: &str, default: bool) -> bool {
        let choice = if default { "[Y/n]" } else { "[y/N]" };
        let mut stderr = io::stderr().lock();
        // In one write, so that what is typed early is not shown inside of it. Without an answer, the
        // default applies.
        let prompt = format!("{question} {choice} ");
        let _ = stderr.write_all(prompt.as_bytes());
        let _ = stderr.flush();
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer).is_err() {
            return default;
        }
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => true,
            "" if answer.ends_with('\n') => default,
            _ => false,
        }
    }
}
