//! Sentences about slots without a window.

use std::time::Duration;

use crate::apply::{Beside, BesideKind, Exit, Late, Reason};

/// Why a slot has no window, as the end of a sentence.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Interrupted => "`apply` was interrupted".to_owned(),
        Reason::Closed => "its window was closed during the run".to_owned(),
        Reason::NotOpen => "its window is not open, and it has no command".to_owned(),
        Reason::Rearrange => "its window is not open, and `--rearrange` was given".to_owned(),
        Reason::NoLaunch => "its window is not open, and `--no-launch` was given".to_owned(),
        Reason::Unresolved { cause } => cause.clone(),
        Reason::NotStarted(error) => error.to_string(),
        Reason::Exited {
            program,
            exit,
            after,
            beside,
        } => format!(
            "`{program}` {} after {:.1} s {}",
            ending(exit),
            after.as_secs_f64(),
            without(beside.as_ref())
        ),
        Reason::TimedOut {
            program,
            after,
            state,
            beside,
        } => {
            let late = late(program.as_deref(), *state, beside.as_ref());
            format!("timed out after {} s: {late}", tenths(*after))
        }
    }
}

fn late(program: Option<&str>, state: Late, beside: Option<&Beside>) -> String {
    let Some(program) = program else {
        return "no other program opened its window".to_owned();
    };
    let opened = beside.map_or_else(
        || "opened no matching window".to_owned(),
        |beside| format!("opened only {}", window(beside)),
    );
    match state {
        Late::Running(pid) => {
            format!("`{program}` is still running (process {pid}) but {opened}")
        }
        Late::HandedOver => format!("`{program}` exited with code 0 {}", without(beside)),
        Late::ClosedIts => {
            format!("its window was closed, and `{program}` opened no other window")
        }
        Late::Unknown => format!("`{program}` {opened}"),
    }
}

fn without(beside: Option<&Beside>) -> String {
    beside.map_or_else(
        || "without opening a matching window".to_owned(),
        |beside| format!("opening only {}", window(beside)),
    )
}

fn window(beside: &Beside) -> String {
    let what = match beside.kind {
        BesideKind::Splash => "a splash screen",
        BesideKind::Dialog => "a dialog",
        BesideKind::Helper => "a helper window",
    };
    format!("{what} (`{}`)", beside.title)
}

fn ending(exit: &Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exited with code {code}"),
        Exit::Signal(signal) => format!("was killed by signal {signal}"),
        Exit::Unknown => "exited".to_owned(),
        Exit::Unwatched(error) => format!("cannot be watched: {error}"),
    }
}

/// A duration in seconds, rounded to tenths.
fn tenths(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10.0).round() / 10.0
}
