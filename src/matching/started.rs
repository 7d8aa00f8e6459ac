//! The program started for a slot, and the windows that belong to it.

use crate::live::{Pid, WindowFacts};

/// The program that a run has started for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The value of the token variable in the program's environment; `None` if `apply` did not
    /// start it.
    pub token: Option<String>,
    /// The process that was started.
    pub pid: Option<Pid>,
}

impl Started {
    /// True if the program requested this window: its startup id has the token, or the
    /// environment of the shell inside it does.
    ///
    /// A program that delegates to a running instance passes on the startup id. The process is
    /// then that of the instance, which may belong to another slot.
    pub fn requested(&self, facts: &WindowFacts) -> bool {
        let Some(token) = &self.token else {
            return false;
        };
        let id = facts.startup_id.as_deref();
        let inside = facts.inside.as_ref();
        id.is_some_and(|id| id.contains(&format!("/{token}_")))
            || inside.is_some_and(|inside| inside.shell.token.as_ref() == Some(token))
    }

    /// True if the window belongs to the program, by the token in its process's environment or by
    /// descent.
    pub fn opened(&self, facts: &WindowFacts) -> bool {
        facts.process.as_ref().is_some_and(|process| {
            self.token.is_some() && process.token == self.token
                || self
                    .pid
                    .is_some_and(|pid| process.pid == Some(pid) || process.ancestors.contains(&pid))
        })
    }
}
