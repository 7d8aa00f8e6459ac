//! The lines of a journal.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::look::Look;
use crate::apply::{Action, Options};
use crate::compile::Plan;
use crate::live::{ConId, XId};
use crate::records::Window;
use crate::wm::command::Command;

/// A line of a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The time since the start of the command, in milliseconds.
    pub ms: f64,
    /// The content.
    pub fact: Fact,
}

impl Entry {
    /// Reads a line; `None` if it is damaged, or of another version of the program.
    pub fn parse(line: &str) -> Option<Self> {
        let mut line: Map<String, Value> = serde_json::from_str(line).ok()?;
        let ms = line.remove("ms")?.as_f64()?;
        let fact = serde_json::from_value(Value::Object(line)).ok()?;
        Some(Self { ms, fact })
    }
}

/// The content of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The command; always the first line.
    Start(Start),
    /// The desktop on which it runs.
    Session(SessionId),
    /// The layout.
    Layout(LayoutFile),
    /// A plan of the layout for the monitors.
    Plan(Box<Plan>),
    /// The options of the run.
    Options(Options),
    /// A look at the desktop.
    Seen(Look),
    /// An event of the run; its looks at the desktop are changes of the ones before, too.
    Event {
        /// The time since the start of the run, in microseconds.
        at: u64,
        /// The content; see [`What`](crate::apply::What).
        what: Value,
    },
    /// The actions that follow from the event before.
    Actions(Vec<Action>),
    /// Commands that were sent outside of a run's steps.
    Sent(Vec<Command>),
    /// The windows in slots at the end of a run, with the evidence.
    Matched(Vec<Matched>),
    /// A hook that ran.
    Hook(HookRecord),
    /// The result that the command printed.
    Result(Value),
    /// The end of the command; always the last line.
    End(Box<Ended>),
}

/// The start of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The version of the program.
    pub version: String,
    /// The command, such as `apply`.
    pub command: String,
    /// The arguments after the program's name, without secrets.
    pub arguments: Vec<String>,
    /// The time in milliseconds since 1970.
    pub at: u64,
    /// The process.
    pub pid: u32,
    /// Its start, in clock ticks since boot (proc(5), `starttime`).
    pub started: Option<u64>,
}

/// The session of a run. Windows can be moved back only in the same session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionId {
    /// The value of `DISPLAY`.
    pub display: String,
    /// i3's process, which stays the same when i3 restarts in place.
    pub i3: I3Process,
}

/// The process of i3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct I3Process {
    /// Its id.
    pub pid: u32,
    /// Its start, in clock ticks since boot (proc(5), `starttime`).
    pub started: Option<u64>,
}

/// The layout of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutFile {
    /// The name on the command line.
    pub name: String,
    /// See [`Plan::identity`].
    pub identity: Option<String>,
    /// The file.
    #[serde(with = "crate::text::path::optional")]
    pub path: Option<PathBuf>,
    /// The hash of its content.
    pub hash: String,
}

/// A hook that ran, or should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookRecord {
    /// The event.
    pub event: String,
    /// The program and its arguments, without the values of environment variables.
    pub command: Vec<String>,
    /// The file that has the hook.
    pub place: String,
    /// Why it failed; `None` if it succeeded.
    pub failed: Option<String>,
    /// The time that it took, in milliseconds.
    pub took: u64,
    /// Its output.
    pub output: String,
}

/// The window of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The id of the slot.
    pub slot: String,
    /// The slot's workspace; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// The window, with proof against a later window of the same id.
    pub window: Window,
    /// Its container.
    pub con: ConId,
    /// Its title.
    pub title: String,
    /// The reasons, the strongest first.
    pub evidence: Vec<String>,
}

/// The end of a command, with everything that lists of runs need.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// The exit code.
    pub exit: u8,
    /// The error that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// True if it did nothing, because another run was active, or because its arguments name something
    /// that does not exist.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub refused: bool,
    /// The layout, as on the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// The number of windows that were restored or captured.
    pub windows: usize,
    /// The number of slots.
    pub slots: usize,
    /// The number of commands sent to i3.
    pub commands: usize,
    /// The slots for which programs were started, or should have been.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub programs: Vec<Program>,
}

/// The start of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// The name of the program file.
    pub name: String,
    /// The time until its window opened, in milliseconds; `None` if none came.
    pub ms: Option<f64>,
    /// The window.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub window: Option<XId>,
}
