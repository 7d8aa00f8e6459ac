//! What became of each slot.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use crate::compile::Launch;
use crate::diff::Difference;
use crate::layout::criteria::Misfit;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The layout's name.
    pub layout: String,
    /// All slots that were meant, in the order of the layout.
    pub slots: Vec<SlotReport>,
    /// What is still not as it shall be.
    pub differences: Vec<Difference>,
    /// What else than missing windows was not right before, and is now.
    pub changed: BTreeSet<&'static str>,
    /// How long it took, all in all, in milliseconds.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
    /// Our own part of that: the processor time that this program used, in
    /// milliseconds. The rest is waiting for i3, the X server and the programs.
    #[serde(rename = "own_ms", serialize_with = "milliseconds")]
    pub own: Duration,
    /// How many commands i3 was sent.
    pub commands: usize,
    /// Where the windows are that the layout does not know, when they had to go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<Aside>,
    /// The slots whose placeholders stay and wait for their windows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// How many windows that the layout does not know were asked to close.
    pub closed: usize,
    /// Whether a person stopped it.
    pub interrupted: bool,
}

/// Windows that the layout does not know and that stay together elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// The workspace that they were on.
    pub workspace: String,
    /// The workspace that they are on now.
    pub to: String,
}

/// What became of a slot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotReport {
    /// The slot.
    pub slot: String,
    /// Its workspace; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of a slot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Its window was open already, on its workspace.
    Placed,
    /// Its window was open elsewhere, or floating instead of tiled, and was brought in.
    Adopted,
    /// Its program was started and its window came.
    Launched {
        /// How long the window took, in milliseconds.
        #[serde(rename = "after_ms", serialize_with = "milliseconds")]
        after: Duration,
        /// The criteria of the slot that the window does not fulfil: the place is its own
        /// all the same, as its program is the slot's.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        misfits: Vec<Misfit>,
    },
    /// It has no window.
    Missing {
        /// Why.
        reason: String,
        /// The last lines that the program wrote.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        output: Vec<String>,
        /// The process that was started for it, where it still runs.
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        /// Whether the layout counts as complete without it.
        optional: bool,
        /// What has to be done before it is tried again, where that is known.
        #[serde(skip)]
        remedy: Option<Remedy>,
    },
    /// It has no window, nothing was started for it, and the layout counts as complete
    /// without it.
    LeftOut {
        /// Why.
        reason: String,
    },
    /// Its window is there, but not in its place.
    Misplaced {
        /// How it differs.
        reason: String,
    },
}

impl Outcome {
    /// Whether the slot has no window.
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::LeftOut { .. })
    }
}

/// Without what no other run fills a slot, either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Its window has to be opened, or it needs a command.
    OpenOrCommand,
    /// These variables have to be set.
    Set(Vec<String>),
}

impl Remedy {
    /// What a slot that is started so needs, whatever has happened.
    pub fn of(launch: &Launch) -> Option<Self> {
        match launch {
            Launch::Elsewhere => Some(Self::OpenOrCommand),
            Launch::Unresolved { unset, .. } if !unset.is_empty() => Some(Self::Set(unset.clone())),
            Launch::Program(_) | Launch::Unresolved { .. } => None,
        }
    }
}

impl Report {
    /// Whether everything is as it shall be.
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

    /// How many slots have their window in its place.
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

fn milliseconds<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // A tenth of a millisecond is as much as a measurement on a desktop means.
    let tenths = (duration.as_secs_f64() * 10_000.0).round() / 10.0;
    serializer.serialize_f64(tenths)
}
