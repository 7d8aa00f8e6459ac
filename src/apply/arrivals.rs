//! The changes on the desktop since the run last observed it.

use std::time::Duration;

/// The changes since the latest look.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// The time of the look.
    pub(super) looked_at: Duration,
    windows: usize,
    is_pending: bool,
}

impl Arrivals {
    /// No change since a look at this time.
    pub(super) fn at(looked_at: Duration) -> Self {
        Self {
            looked_at,
            ..Self::default()
        }
    }

    /// Notes a change: a new window, or anything else.
    pub(super) const fn note(&mut self, is_window: bool) {
        self.is_pending = true;
        if is_window {
            self.windows += 1;
        }
    }

    /// True if anything has changed.
    pub(super) const fn is_pending(&self) -> bool {
        self.is_pending
    }

    /// The number of new windows.
    pub(super) const fn windows(&self) -> usize {
        self.windows
    }
}
