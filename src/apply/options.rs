//! The user's options for a run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::build::Mode;
use super::finish::FocusMode;
use super::scope::Scope;
use crate::compile::{Plan, SlotIdx};
use crate::matching::Reuse;

/// The handling of slots whose window is not open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// Start their programs.
    #[default]
    Start,
    /// Start nothing; the layout counts as incomplete.
    Report,
    /// Start nothing; the layout counts as complete without them.
    Skip,
}

/// The user's options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The timeout for each window whose slot does not set one.
    pub timeout: Duration,
    /// The timeout for all windows together, regardless of their slots.
    pub total_timeout: Option<Duration>,
    /// Keep placeholders for windows that miss the timeout.
    pub keep_placeholders: bool,
    /// The handling of slots without a window.
    pub missing: Missing,
    /// The open windows that may be used.
    pub reuse: Reuse,
    /// The handling of focus and visible workspaces.
    pub focus: FocusMode,
    /// The selected part of the layout.
    pub scope: Scope,
    /// The handling of windows that are not in the layout.
    pub mode: Mode,
}

impl Options {
    /// The time that a slot's window may take to open.
    pub(super) fn timeout_of(&self, plan: &Plan, idx: SlotIdx) -> Duration {
        plan.slot(idx).timeout.unwrap_or(self.timeout)
    }
}
