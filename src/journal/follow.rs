//! Follows a command while its journal is written.

use std::fmt;

use super::entry::{Entry, Fact};
use super::items::{Item, Items};

/// Passes on what a command does, as soon as it is recorded.
pub struct Follower {
    items: Items,
    tell: Box<dyn FnMut(&Item)>,
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}

impl Follower {
    /// Calls `tell` with each action, with hooks and commands outside of runs, and with the end.
    pub fn new(tell: impl FnMut(&Item) + 'static) -> Self {
        Self {
            items: Items::default(),
            tell: Box::new(tell),
        }
    }

    /// Reads a line of the journal, which has no secrets any more.
    pub(super) fn line(&mut self, line: &str) {
        let Some(entry) = Entry::parse(line) else {
            return;
        };
        let items = self.items.of(&entry);
        if matches!(
            entry.fact,
            Fact::Actions(_) | Fact::Sent(_) | Fact::Seen(_) | Fact::Hook(_) | Fact::End(_)
        ) {
            items.iter().for_each(&mut self.tell);
        }
    }
}
