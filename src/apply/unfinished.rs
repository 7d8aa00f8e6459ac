//! Programs that a run has started and that had no window when it ended.
//!
//! The next run waits for them instead of starting them a second time, because they may only be
//! slow. They are recorded in a file of the session, by process id and start time, which together
//! are unique.
#![expect(clippy::disallowed_methods, reason = "keeps the files of a run")]

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::event::ProcessId;
use super::runtime::{Runtime, write_private};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Desktop, Pid, Processes};
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

fn file(runtime: &Runtime) -> PathBuf {
    runtime.file("started", "json")
}

/// The programs of earlier runs that are still running; none if the file cannot be read.
pub(super) fn read(runtime: &Runtime, processes: &dyn Processes) -> Vec<Unfinished> {
    let text = fs::read(file(runtime)).unwrap_or_default();
    let mut all: Vec<Unfinished> = serde_json::from_slice(&text).unwrap_or_default();
    all.retain(|one| processes.runs(Pid(one.pid), one.started));
    all
}

/// Records programs for the next run.
pub(super) fn write(runtime: &Runtime, all: &[Unfinished]) -> io::Result<()> {
    let text = serde_json::to_vec(all).unwrap_or_default();
    write_private(&file(runtime), &text)
}
