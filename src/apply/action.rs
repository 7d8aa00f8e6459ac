//! The actions of a run: everything that a run does to the world, or asks of it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::compile::{Program, SlotIdx};
use crate::live::{ConId, ProcessId, Seat, XId};
use crate::wm::command::Command;

/// An action of a run. Those that ask a question are answered by an [`Event`](super::Event), and
/// are the last of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Ask for the desktop.
    Observe,
    /// Ask for i3's tree alone, which is faster.
    ReadTree,
    /// Ask about programs before they are started.
    Check(Check),
    /// Ask for the lines of the i3 config that change windows.
    ReadConfig,
    /// Wait until something happens, at most until this time since the start of the run.
    Wait(Duration),

    /// Report the changes of the desktop from now on, as [`Happening`](super::Happening)s.
    Subscribe,
    /// Send these commands in one message.
    Send(Vec<Command>),
    /// Append layouts and send commands, in one message.
    Append(Vec<Piece>),
    /// Send these commands, which may remove placeholders; see
    /// [`Session::run_and_remove`](crate::session::Session::run_and_remove).
    Remove {
        /// The commands.
        commands: Vec<Command>,
        /// The placeholders among them that i3 has drawn.
        drawn: Vec<ConId>,
    },
    /// Wait until i3 has drawn everything; see
    /// [`Session::settle`](crate::session::Session::settle).
    Settle,
    /// Remove the urgency of placeholders' own windows, and set their titles.
    Label(Vec<(XId, Option<String>)>),
    /// Remember that a window is in a slot.
    Place {
        /// The window.
        window: XId,
        /// The slot.
        seat: Seat,
    },
    /// Start a program.
    Start(Box<Start>),
    /// Report when this process ends.
    Watch(ProcessId),
    /// Read what the program of a slot has printed.
    ReadOutput {
        /// The slot.
        slot: SlotIdx,
        /// The file.
        #[serde(with = "crate::text::path")]
        log: PathBuf,
    },
    /// Tell the user about the progress.
    Tell {
        /// The number of slots with a window.
        filled: usize,
        /// The slot that has been pending for the longest time.
        waiting: Option<SlotIdx>,
    },
    /// Tell the user that a slot is given up while others are still pending.
    GaveUp(SlotIdx),
    /// End the run with a report.
    Finish,
    /// End the run without a report.
    Fail(Failure),
}

impl Action {
    /// The number of commands and layouts that it sends to i3.
    pub const fn commands(&self) -> usize {
        match self {
            Self::Send(commands) | Self::Remove { commands, .. } => commands.len(),
            Self::Append(pieces) => pieces.len(),
            _ => 0,
        }
    }
}

/// Questions about programs. The slots are those of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The slots whose programs are to be started.
    pub programs: Vec<SlotIdx>,
    /// The slots whose programs may be asked for another window.
    pub new_windows: Vec<SlotIdx>,
}

/// A program to start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Its slot.
    pub slot: SlotIdx,
    /// The program.
    pub program: Program,
    /// The token in its environment, by which its windows are recognized.
    pub token: String,
    /// The file for its output.
    #[serde(with = "crate::text::path")]
    pub log: PathBuf,
}

/// A part of a message that appends layouts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// A layout to append, in i3's JSON.
    Layout(Value),
    /// A command.
    Command(Command),
}

/// The reason why a run ends without a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// i3 has not created all placeholders.
    NotBuilt {
        /// The names of the workspaces.
        workspaces: Vec<String>,
        /// The number of missing placeholders.
        missing: usize,
    },
    /// i3 cannot be reached any more.
    Gone(Gone),
}

/// The end of the connection to i3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Gone {
    /// i3 has restarted in place, so all windows are still managed.
    #[error("i3 restarted while the layout was being applied; no window was lost")]
    Restarted,
    /// i3 has announced its end.
    #[error("i3 ended while the layout was being applied")]
    Ended,
    /// The connection has ended without a word, as when i3 or the X server is killed.
    #[error("the connection to i3 ended while the layout was being applied: {0}")]
    Lost(String),
}
