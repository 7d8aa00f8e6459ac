//! The events of a run: everything that a run learns about the world.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::not_started::NotStarted;
use super::reason::Exit;
use super::report::{Note, ProgramOutput};
use super::unfinished::Unfinished;
use crate::compile::SlotIdx;
use crate::live::{Change, Con, Desktop, Process, ProcessId};
use crate::wm::WindowConfig;
use serde::{Deserialize, Serialize};

/// An event of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The time since the start of the run.
    pub at: Duration,
    /// The content.
    pub what: What,
}

/// The content of an event. All but the first and the last answer the action of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// The run begins.
    Begun {
        /// The id of this process.
        pid: u32,
        /// Its start time, in clock ticks since boot (proc(5), `starttime`). Without it, no window
        /// counts as opened by the user.
        started: Option<u64>,
    },
    /// The desktop, for [`Action::Observe`](super::Action::Observe).
    Seen {
        /// The desktop.
        desktop: Box<Desktop>,
        /// The watched processes that have ended since the last event.
        gone: Vec<ProcessId>,
    },
    /// i3's tree alone, for [`Action::ReadTree`](super::Action::ReadTree).
    Tree(Box<Con>),
    /// The programs of slots, for [`Action::Check`](super::Action::Check).
    Checked(Box<Checked>),
    /// The lines of the i3 config that change windows, for
    /// [`Action::ReadConfig`](super::Action::ReadConfig).
    Config(Box<WindowConfig>),
    /// A program was started, or not, for [`Action::Start`](super::Action::Start).
    Started {
        /// Its slot.
        slot: SlotIdx,
        /// Its process.
        result: Result<ProcessId, NotStarted>,
    },
    /// The output of a program, for [`Action::ReadOutput`](super::Action::ReadOutput).
    Output {
        /// Its slot.
        slot: SlotIdx,
        /// The part that names the fault.
        output: ProgramOutput,
    },
    /// Everything that has happened during [`Action::Wait`](super::Action::Wait), in order; empty
    /// when its time is over.
    Woken(Vec<Happening>),
}

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    /// i3 reports a change.
    Change(Change),
    /// A program of the run has exited.
    Exited {
        /// Its slot.
        slot: SlotIdx,
        /// The way in which it exited.
        exit: Exit,
    },
    /// A process has ended for which [`Action::Watch`](super::Action::Watch) asked.
    Gone(ProcessId),
    /// The user interrupts the run.
    Interrupt,
}

impl What {
    /// The slots that it is about.
    pub fn slots(&self) -> BTreeSet<SlotIdx> {
        match self {
            Self::Checked(checked) => {
                let programs = checked.programs.keys().chain(checked.new_windows.keys());
                programs.chain(&checked.apart).copied().collect()
            }
            Self::Started { slot, .. } | Self::Output { slot, .. } => BTreeSet::from([*slot]),
            Self::Woken(happenings) => {
                let slots = happenings.iter().map(|happening| match happening {
                    Happening::Exited { slot, .. } => Some(*slot),
                    Happening::Change(_) | Happening::Gone(_) | Happening::Interrupt => None,
                });
                slots.flatten().collect()
            }
            Self::Begun { .. } | Self::Seen { .. } | Self::Tree(_) | Self::Config(_) => {
                BTreeSet::new()
            }
        }
    }
}

/// Facts about the programs of slots, before any is started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// For each program that was asked for: notes about its start, or why it cannot be started.
    pub programs: BTreeMap<SlotIdx, Result<Vec<Note>, NotStarted>>,
    /// The command lines that open another window of the programs of these slots, where known.
    pub new_windows: BTreeMap<SlotIdx, Vec<String>>,
    /// The programs of earlier runs that are still running.
    pub earlier: Vec<Unfinished>,
    /// The slots to start whose commands are known to have a process each.
    #[serde(default)]
    pub apart: BTreeSet<SlotIdx>,
    /// The processes of the session that may be programs of slots.
    pub processes: Vec<Process>,
    /// The start of this process, in clock ticks since boot.
    pub now: Option<u64>,
}
