//! Facts about windows that the desktop does not show.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Started;
use crate::compile::SlotIdx;
use crate::live::{WindowFacts, XId};

/// The open windows that may be used for a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reuse {
    /// None: every program is started.
    None,
    /// Windows that an earlier run placed in the slot.
    Recorded,
    /// Windows that an earlier run placed in the slot, or with the same command and working directory, on any
    /// workspace; and windows that match the criteria on the slot's workspace. None that another
    /// layout has placed.
    #[default]
    Workspace,
    /// Every window that matches the criteria, even if another layout has placed it.
    All,
}

/// Facts about windows that the desktop does not show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The open windows that may be used.
    pub reuse: Reuse,
    /// The slots that may take windows which other layouts have placed, because their program
    /// opened none of their own.
    pub borrow: Option<&'a BTreeSet<SlotIdx>>,
    /// The run, while it starts programs.
    pub run: Option<InRun<'a>>,
}

/// A run that starts programs.
#[derive(Clone, Copy, Debug)]
pub struct InRun<'a> {
    /// The windows that were open before the run.
    pub before: &'a BTreeSet<XId>,
    /// The start of the run, in clock ticks since boot.
    pub began: Option<u64>,
    /// The programs that the run has started.
    pub started: &'a BTreeMap<SlotIdx, Started>,
    /// The slots that wait for their window, or got it in this run.
    pub expected: &'a BTreeSet<SlotIdx>,
    /// The slots whose programs exited with code 0, probably after delegating to a running
    /// instance.
    pub handed_over: &'a BTreeSet<SlotIdx>,
}

impl From<Reuse> for Known<'_> {
    fn from(reuse: Reuse) -> Self {
        Self {
            reuse,
            ..Self::default()
        }
    }
}

impl Known<'_> {
    /// The run, if it may have opened this window.
    pub(super) fn run_of(&self, window: Option<XId>) -> Option<&InRun<'_>> {
        let run = self.run.as_ref()?;
        let is_new = window.is_some_and(|window| !run.before.contains(&window));
        is_new.then_some(run)
    }

    /// True if a slot may take a window that another layout has placed.
    pub(super) fn may_borrow(&self, idx: SlotIdx) -> bool {
        self.reuse == Reuse::All || self.borrow.is_some_and(|slots| slots.contains(&idx))
    }
}

impl InRun<'_> {
    /// True if the user has opened the window during the run: its program was started in the
    /// session after the run began, and not by the run. (A program that was already running, or
    /// that the session bus has started, may well open a window for a slot.)
    pub fn is_opened_by_user(&self, facts: &WindowFacts) -> bool {
        let is_new = facts.process.as_ref().is_some_and(|process| {
            process.from_session
                && process.token.is_none()
                && process
                    .started
                    .zip(self.began)
                    .is_some_and(|(started, began)| started >= began)
        });
        let mut programs = self.started.values();
        is_new && !programs.any(|one| one.requested(facts) || one.opened(facts))
    }
}
