//! The program started for a slot, and the windows that belong to it.

use crate::live::{Pid, WindowFacts};

/// The program that a run has started for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The value of the token variable in the program's environment.
    pub token: String,
    /// The process that was started.
    pub pid: Option<Pid>,
}

/// True if the started program requested this window: its startup id has the token, or the
/// environment of the shell inside it does.
pub(super) fn asked_for(facts: &WindowFacts, started: &Started) -> bool {
    let id = facts.startup_id.as_deref();
    let inside = facts.inside.as_ref();
    id.is_some_and(|id| id.contains(&format!("/{}_", started.token)))
        || inside.is_some_and(|inside| inside.shell.token.as_deref() == Some(&started.token))
}

/// True if the window belongs to the started program, by the token in its process's environment or
/// by descent.
pub(super) fn opened_by(facts: &WindowFacts, started: &Started) -> bool {
    facts.process.as_ref().is_some_and(|process| {
        process.token.as_deref() == Some(&started.token)
            || started
                .pid
                .is_some_and(|pid| process.pid == Some(pid) || process.ancestors.contains(&pid))
    })
}
