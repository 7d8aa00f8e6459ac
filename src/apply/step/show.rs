//! Shows the layout's workspaces while windows are pending, and leaves the focus to a user who goes
//! on meanwhile.

use std::rc::Rc;

use crate::apply::finish::{FocusMode, begin};
use crate::apply::state::{Look, SlotState, State};
use crate::diff::Kind;
use crate::live::Desktop;

impl State<'_> {
    /// Shows the layout's workspaces. From now on, the focus is the user's.
    pub(super) fn show_workspaces(&mut self, desktop: &Rc<Desktop>) {
        self.calm(&desktop.tree);
        if self.setup.options.focus == FocusMode::Restore {
            let mut look = self.look(Rc::clone(desktop));
            // i3 would show a window that still waits in the scratchpad for its place.
            let is_open = |idx| matches!(self.slots.get(&idx), Some(SlotState::Open { .. }));
            look.assignment.retain(|idx, _| is_open(idx));
            let (assignment, found) = (&look.assignment, &look.differences);
            let commands = begin(self.setup.plan, desktop, assignment, found);
            self.send(commands);
        }
        self.attention.restart();
        self.look_around(desktop);
    }

    /// The handling of the focus at the end.
    pub(super) fn focus_mode(&mut self, look: &Look) -> FocusMode {
        if self.has_followed_a_rule(look) {
            self.attention.restart();
        }
        match self.setup.options.focus {
            FocusMode::Restore if self.attention.has_moved() => FocusMode::Elsewhere,
            mode => mode,
        }
    }

    /// True if a new window of a slot has the focus elsewhere: a rule of the i3 config has moved it,
    /// and the focus with it.
    fn has_followed_a_rule(&self, look: &Look) -> bool {
        let focused = look.desktop.tree.focused_leaf().id;
        look.differences.iter().any(|one| {
            let state = one.idx.and_then(|idx| self.slots.get(&idx));
            one.con == Some(focused)
                && matches!(one.kind, Kind::Moved { .. })
                && matches!(state, Some(SlotState::Placed(_)))
        })
    }
}
