//! Programs that a run has started and that had no window when it ended.
//!
//! The next run waits for them instead of starting them a second time, because they may only be
//! slow. They are recorded by process id and start time, which together are unique.
//! Pure; `execute::started_file` has the file.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::underway::MILLISECONDS_PER_TICK;
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Desktop, Pid, ProcessId};
use crate::matching::Started;

/// A program that was started for a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The layout; see [`Plan::name_of_seats`].
    pub layout: String,
    /// The slot's id.
    pub slot: String,
    /// The hash of the command line, which can contain secrets.
    pub command: u64,
    /// Its process.
    pub pid: u32,
    /// The start time of the process, in clock ticks since boot (proc(5)).
    pub started: u64,
    /// The token in its environment.
    pub token: String,
}

impl Unfinished {
    /// The hash of a command line.
    pub(super) fn command(argv: &[String]) -> u64 {
        let mut hasher = DefaultHasher::new();
        argv.hash(&mut hasher);
        hasher.finish()
    }

    /// True if the plan has the slot with the same command.
    pub(super) fn is_in(&self, plan: &Plan) -> bool {
        plan.slots().any(|(_, slot)| match &slot.launch {
            Launch::Program(program) => {
                slot.id == self.slot && Self::command(&program.argv) == self.command
            }
            Launch::Elsewhere | Launch::Unresolved { .. } => false,
        })
    }

    /// The program, as the run that started it records it.
    pub(super) fn as_started(&self) -> Started {
        Started {
            token: Some(self.token.clone()),
            pid: Some(Pid(self.pid)),
        }
    }

    /// Its process.
    pub(super) const fn process(&self) -> ProcessId {
        ProcessId {
            pid: Pid(self.pid),
            started: self.started,
        }
    }

    /// The time since its start. `now` is in clock ticks since boot.
    pub(super) fn age(&self, now: u64) -> Duration {
        Duration::from_millis(
            now.saturating_sub(self.started)
                .saturating_mul(MILLISECONDS_PER_TICK),
        )
    }

    /// True if a window of the program is open.
    fn has_window(&self, desktop: &Desktop) -> bool {
        let started = self.as_started();
        let mut windows = desktop.tree.windows().filter(|con| con.is_main_window());
        windows.any(|con| {
            let facts = desktop.facts(con);
            facts.is_some_and(|facts| started.opened(facts))
        })
    }
}

/// The program that an earlier run has started for the slot, if it has no window yet.
pub(super) fn find<'a>(
    all: &'a [Unfinished],
    plan: &Plan,
    idx: SlotIdx,
    desktop: &Desktop,
) -> Option<&'a Unfinished> {
    let slot = plan.slot(idx);
    let Launch::Program(program) = &slot.launch else {
        return None;
    };
    let command = Unfinished::command(&program.argv);
    all.iter().find(|one| {
        one.layout == plan.name_of_seats()
            && one.slot == slot.id
            && one.command == command
            && !one.has_window(desktop)
    })
}
