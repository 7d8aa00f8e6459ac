//! The result of a run, slot by slot.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration::milliseconds;
use super::reason::Reason;
use super::remedy::Remedy;
use crate::compile::{Away, Contradiction};
use crate::diff::Difference;
use crate::layout::criteria::Misfit;
use crate::layout::shell_syntax::ShellSyntax;

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The layout's name.
    pub layout: String,
    /// All selected slots, in the order of the layout.
    pub slots: Vec<SlotReport>,
    /// The remaining differences.
    pub differences: Vec<Difference>,
    /// The kinds of differences, other than missing windows, that the run fixed.
    pub changed: BTreeSet<&'static str>,
    /// The costs.
    #[serde(flatten)]
    pub costs: Costs,
    /// The effects on windows that are not in the layout.
    #[serde(flatten)]
    pub beside: BesideLayout,
    /// The slots whose placeholders stay and wait for their windows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// What the user should know about monitors.
    #[serde(flatten)]
    pub monitors: OnMonitors,
    /// True if the run gave up after several rounds of repairs, each of which changed something.
    pub ran_out: bool,
    /// True if the user interrupted the run.
    pub interrupted: bool,
}

/// The costs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Costs {
    /// The total time, in milliseconds.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
    /// The processor time that this program used, in milliseconds. The rest of the time was spent
    /// waiting for i3, the X server and the programs.
    #[serde(rename = "own_ms", serialize_with = "milliseconds")]
    pub own: Duration,
    /// The number of commands sent to i3.
    pub commands: usize,
}

/// The effects of a run on windows that are not in the layout.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BesideLayout {
    /// The windows that were moved to another workspace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<Aside>,
    /// The other layouts that have windows for slots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Neighbour>,
    /// The slots whose program was started a second time by something else during the run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubled: Vec<String>,
    /// The number of windows that were asked to close.
    pub closed: usize,
}

/// What the user should know about the monitors of workspaces.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OnMonitors {
    /// The workspaces on another monitor because theirs is not connected.
    pub away: Vec<Away>,
    /// The workspaces for which the i3 config names another output.
    pub contradictions: Vec<Contradiction>,
}

/// Another layout that has windows for slots of this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Neighbour {
    /// The layout: `NAME` or `PROJECT/NAME` in the store, else the path of its file.
    pub layout: String,
    /// The slots that use its windows now.
    pub taken: Vec<String>,
    /// The slots that got a window of their own.
    pub kept: Vec<String>,
}

/// Windows that are not in the layout, together on another workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// The workspace that they were on.
    pub workspace: String,
    /// The workspace that they are on now.
    pub to: String,
}

/// The result for a slot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotReport {
    /// The slot's id.
    pub slot: String,
    /// Its workspace; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// The outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Notes about the start of its program, for any outcome.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Something that the user should know about a slot, also if it was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "kebab-case")]
pub enum Note {
    /// The program was started in another directory.
    OtherDirectory(OtherDirectory),
    /// The command has shell syntax.
    ShellSyntax(ShellSyntax),
    /// A rule of the i3 config will change the window when it gets another title.
    LaterRule {
        /// The title that `capture` saw.
        title: String,
        /// The line of the i3 config.
        line: String,
    },
}

/// The output of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramOutput {
    /// The first line that names a fault, else the last lines.
    #[serde(rename = "output")]
    pub lines: Vec<String>,
    /// The file with all output.
    #[serde(with = "crate::text::path")]
    pub log: PathBuf,
}

/// A working directory that cannot be used, and the directory used instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherDirectory {
    /// The directory of the layout.
    #[serde(with = "crate::text::path")]
    pub missing: PathBuf,
    /// The directory used instead.
    #[serde(with = "crate::text::path")]
    pub used: PathBuf,
}

/// The outcome for a slot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Its window was already open, on its workspace.
    Placed,
    /// Its window was open elsewhere, or floating instead of tiled, and was moved to its place.
    Adopted,
    /// Its program was started and opened the window.
    Launched {
        /// The time until the window opened, in milliseconds.
        #[serde(rename = "after_ms", serialize_with = "milliseconds")]
        after: Duration,
        /// The criteria of the slot that the window does not match. The window is in the slot
        /// because the slot's program opened it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        misfits: Vec<Misfit>,
    },
    /// It has no window.
    Missing {
        /// The reason.
        #[serde(rename = "why")]
        reason: Reason,
        /// The program's output, if there is any.
        #[serde(flatten)]
        output: Option<ProgramOutput>,
        /// The process that was started for it, if it is still running.
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        /// True if the layout counts as complete without it.
        optional: bool,
        /// The action needed before the next try, if known.
        #[serde(skip)]
        remedy: Option<Remedy>,
    },
    /// It has no window, nothing was started for it, and the layout counts as complete without it.
    LeftOut {
        /// The reason.
        #[serde(rename = "why")]
        reason: Reason,
    },
    /// Its window is open, but not in its place.
    Misplaced {
        /// The difference.
        #[serde(skip)]
        difference: Box<Difference>,
        /// The lines of the i3 config that may be the cause.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        causes: Vec<String>,
    },
}

impl Outcome {
    /// True if the slot has no window.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::LeftOut { .. })
    }
}

impl Report {
    /// The report without what a later run finds on the desktop: placeholders, and programs that still
    /// run. A nested desktop ends with them.
    #[must_use]
    pub fn of_nested_desktop(mut self) -> Self {
        self.kept.clear();
        for slot in &mut self.slots {
            if let Outcome::Missing { pid, .. } = &mut slot.outcome {
                *pid = None;
            }
        }
        self
    }

    /// True if nothing is missing and nothing differs.
    pub fn is_complete(&self) -> bool {
        !self.interrupted
            && self.slots.iter().all(|slot| match &slot.outcome {
                Outcome::Missing { optional, .. } => *optional,
                Outcome::Misplaced { .. } => false,
                Outcome::Placed
                | Outcome::Adopted
                | Outcome::Launched { .. }
                | Outcome::LeftOut { .. } => true,
            })
            && self.differences.is_empty()
    }

    /// True if the run has moved, opened or closed windows, or changed something else that a user sees.
    pub fn has_moved(&self) -> bool {
        let is_moved = |slot: &SlotReport| {
            matches!(
                slot.outcome,
                Outcome::Adopted | Outcome::Launched { .. } | Outcome::Misplaced { .. }
            )
        };
        !self.changed.is_empty()
            || !self.beside.aside.is_empty()
            || self.beside.closed > 0
            || self.slots.iter().any(is_moved)
    }

    /// The number of slots with a window in the right place.
    pub fn filled(&self) -> usize {
        self.slots
            .iter()
            .filter(|slot| {
                matches!(
                    slot.outcome,
                    Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. }
                )
            })
            .count()
    }
}
