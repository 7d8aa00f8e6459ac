//! The programs that a run has started.

use std::path::PathBuf;
use std::process::Child;

use super::{launch, logs};
use crate::apply::event::Happening;
use crate::compile::SlotIdx;

/// The programs that a run has started.
#[derive(Debug, Default)]
pub(super) struct Programs {
    /// Those that have not ended, with their slots.
    running: Vec<(SlotIdx, Child)>,
    /// Their logs, also of those that have ended.
    logs: Vec<PathBuf>,
    /// True if some of them are not saved for the next run yet.
    is_unsaved: bool,
}

impl Programs {
    /// True if some of them are not saved for the next run yet.
    pub(super) const fn has_unsaved(&self) -> bool {
        self.is_unsaved
    }

    /// The same; from now on, they count as saved.
    pub(super) fn take_unsaved(&mut self) -> bool {
        std::mem::take(&mut self.is_unsaved)
    }

    /// Adds a program, or one that could not be started but may have a log.
    pub(super) fn add(&mut self, slot: SlotIdx, child: Option<Child>, log: PathBuf) {
        self.is_unsaved = true;
        self.running.extend(child.map(|child| (slot, child)));
        self.logs.push(log);
    }

    /// The programs that have ended since the last call, with their exits.
    pub(super) fn ended(&mut self) -> Vec<Happening> {
        let mut ended = Vec::new();
        self.running.retain_mut(|(slot, child)| {
            let (slot, exit) = (*slot, launch::ended(child));
            let is_running = exit.is_none();
            ended.extend(exit.map(|exit| Happening::Exited { slot, exit }));
            is_running
        });
        ended
    }

    /// Shortens logs that have become long.
    pub(super) fn shorten_logs(&self) {
        for log in &self.logs {
            logs::shorten(log);
        }
    }
}
