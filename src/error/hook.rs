//! Hooks that failed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use miette::{Diagnostic, Severity};

use crate::apply::{Exit, NotStarted};
use crate::layout::HookEvent;
use crate::store::trust::TrustError;
use crate::text::path::quoted;

/// A hook that failed.
#[derive(Debug)]
pub struct HookFailure {
    /// The event.
    pub event: HookEvent,
    /// The command line, without the values of environment variables.
    pub command: String,
    /// The file that has the hook.
    pub place: String,
    /// The reason.
    pub reason: HookReason,
    /// The part of its output that names the fault.
    pub output: Option<HookOutput>,
}

/// Why a hook failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookReason {
    /// It exited with another code than 0.
    #[error("{}", ending(.0))]
    Exited(Exit),
    /// It could not be started.
    #[error("cannot be started: {0}")]
    NotStarted(String),
    /// It did not end in time.
    #[error("did not end within {} s and was ended", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The user interrupted it.
    #[error("was interrupted")]
    Interrupted,
    /// Other users can change it.
    #[error("was not run: {0}")]
    Untrusted(TrustError),
}

/// The output of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookOutput {
    /// The lines that name the fault, else the last ones.
    pub lines: Vec<String>,
    /// The file with all output.
    pub log: PathBuf,
}

fn ending(exit: &Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exited with code {code}"),
        Exit::Signal(signal) => format!("was killed by signal {signal}"),
        Exit::Unknown => "exited".to_owned(),
        Exit::Unwatched(error) => format!("cannot be watched: {error}"),
    }
}

impl From<&NotStarted> for HookReason {
    fn from(error: &NotStarted) -> Self {
        Self::NotStarted(error.to_string())
    }
}

impl fmt::Display for HookFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (event, command, reason) = (self.event.as_str(), &self.command, &self.reason);
        write!(f, "the {event} hook `{command}` {reason}")?;
        if self.event.must_succeed() {
            write!(f, "; nothing was changed")?;
        }
        Ok(())
    }
}

impl std::error::Error for HookFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let output = self.output.as_ref();
        output.map(|output| output as &(dyn std::error::Error + 'static))
    }
}

impl fmt::Display for HookOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its output: {}", self.lines.join("; "))
    }
}

impl std::error::Error for HookOutput {}

impl Diagnostic for HookFailure {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(CODE))
    }

    fn severity(&self) -> Option<Severity> {
        Some(if self.event.must_succeed() {
            Severity::Error
        } else {
            Severity::Warning
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let place = &self.place;
        Some(Box::new(match (&self.reason, &self.output) {
            (HookReason::Untrusted(error), _) => match error.help() {
                Some(help) => help.to_string(),
                None => format!("it is in {place}"),
            },
            (HookReason::TimedOut(_), _) => format!(
                "it is in {place}; set a longer `timeout`, or let it start long tasks in the background"
            ),
            (_, Some(output)) => format!(
                "it is in {place}; for all output, run `cat {}`",
                quoted(&output.log)
            ),
            _ => format!("it is in {place}"),
        }))
    }
}

/// The code of all failures. The test of the list of codes looks for the form `code("hook-failed")`.
const CODE: &str = "hook-failed";
