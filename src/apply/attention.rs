//! Where the user's attention is during a run: whether the user has moved the focus.
//!
//! i3 reports each change of the focus with any cause. Changes between the ticks around
//! own commands are those of the run ([`Change::OwnBegin`]). Others are explained by a window that
//! opens, closes or changes its title at the same time, maybe with a rule of the i3 config: i3
//! reports everything that one event causes without anything in between, a switch of the workspace
//! before the new window (`manage_window` in its `src/manage.c`). What is left is the user.

use crate::live::{Change, Con, ConId};

/// The state of the focus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attention {
    /// True if the user has moved the focus.
    moved: bool,
    /// The own commands whose changes follow, between the ticks around them.
    own: Own,
    /// The changes of the focus that the next change may explain.
    open: Vec<Option<ConId>>,
    /// The reason for the next change of the focus.
    reason: Reason,
    /// The window that has kept the focus while its workspace was rebuilt.
    lent: Option<ConId>,
}

/// The change before, if it explains that the focus moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reason {
    /// It does not.
    #[default]
    None,
    /// This window has opened or changed its title.
    Window(ConId),
    /// A window was closed, or the outputs have changed: any window may get the focus.
    Anything,
}

/// Own commands that i3 is performing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Own {
    /// There are none.
    #[default]
    None,
    /// They show no other workspace.
    Here,
    /// They may show another workspace.
    Showing,
}

impl Attention {
    /// True if the user has moved the focus.
    pub(super) fn has_moved(&self) -> bool {
        self.moved || !self.open.is_empty()
    }

    /// Forgets the changes so far.
    pub(super) fn restart(&mut self) {
        let lent = self.lent;
        *self = Self {
            lent,
            ..Self::default()
        };
    }

    /// Lets a window keep the focus until the end of the run.
    pub(super) const fn lend(&mut self, window: Option<ConId>) {
        self.lent = window;
    }

    /// True once if the focus is still on the window that was to keep it until the end.
    pub(super) fn takes_back(&mut self, focused: ConId) -> bool {
        !self.has_moved() && self.lent.take() == Some(focused)
    }

    /// Handles a change, in the order of i3's reports.
    pub(super) fn notice(&mut self, change: &Change) {
        match change {
            Change::OwnBegin { shows } => {
                self.close();
                self.own = if *shows { Own::Showing } else { Own::Here };
            }
            Change::OwnEnd => self.own = Own::None,
            // The user may be faster than the command after the tick.
            Change::WorkspaceFocused if self.own == Own::Here => self.moved = true,
            _ if self.own != Own::None => {}
            Change::WorkspaceFocused => self.focused(None),
            Change::WindowFocused(con) => self.focused(Some(*con)),
            Change::WindowNew(con) | Change::WindowTitle(con) => self.explain(con),
            Change::WindowClosed(_) => {
                self.close();
                self.reason = Reason::Anything;
            }
            Change::Outputs => {
                self.open.clear();
                self.reason = Reason::Anything;
            }
            Change::WindowUrgent(_) | Change::Shutdown { .. } | Change::Lost(_) => self.close(),
        }
    }

    /// The focus has moved to a window or, without one, to another workspace.
    fn focused(&mut self, window: Option<ConId>) {
        match self.reason {
            Reason::Anything if window.is_some() => self.reason = Reason::None,
            Reason::Anything => {}
            Reason::Window(con) if window == Some(con) => {}
            Reason::Window(_) | Reason::None => self.open.push(window),
        }
    }

    /// A window has opened or changed its title: with the focus, it explains the changes before.
    fn explain(&mut self, con: &Con) {
        let is_its = |window: &Option<ConId>| window.is_none_or(|window| window == con.id);
        if con.focused && self.open.iter().all(is_its) {
            self.open.clear();
        }
        self.close();
        self.reason = Reason::Window(con.id);
    }

    /// Nothing can explain the changes before any more.
    fn close(&mut self) {
        self.moved |= !self.open.is_empty();
        self.open.clear();
        self.reason = Reason::None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{one_output, win, workspace};

    #[test]
    fn only_the_user_moves_the_focus() {
        let live = one_output([workspace("1", [win("a").focused(), win("b")])]);
        let con = |name: &str| {
            let mut all = live.tree.windows();
            all.find(|con| con.name() == name).unwrap()
        };
        let new = |name: &str| Change::WindowNew(Box::new(con(name).clone()));
        let title = |name: &str| Change::WindowTitle(Box::new(con(name).clone()));
        let focus = |name: &str| Change::WindowFocused(con(name).id);
        let close = || Change::WindowClosed(ConId(99));
        let switch = || Change::WorkspaceFocused;
        let own = |shows| Change::OwnBegin { shows };
        for (what, changes, expected) in [
            ("nothing", vec![], false),
            ("a click", vec![focus("a")], true),
            ("a switch", vec![switch()], true),
            ("a switch to a window", vec![switch(), focus("b")], true),
            (
                "own commands",
                vec![own(true), switch(), focus("a"), Change::OwnEnd],
                false,
            ),
            (
                "a switch among own commands that show no other workspace",
                vec![own(false), focus("a"), switch(), Change::OwnEnd],
                true,
            ),
            (
                "own commands that show no other workspace",
                vec![own(false), focus("a"), Change::OwnEnd],
                false,
            ),
            (
                "a click after own commands",
                vec![own(true), focus("a"), Change::OwnEnd, focus("b")],
                true,
            ),
            (
                "a new window with the focus",
                vec![new("a"), focus("a")],
                false,
            ),
            (
                "a rule that follows a new window",
                vec![switch(), new("a"), focus("a")],
                false,
            ),
            (
                "a rule that draws before",
                vec![switch(), focus("a"), new("a")],
                false,
            ),
            (
                "a rule on a later title",
                vec![switch(), title("a"), focus("a")],
                false,
            ),
            (
                "a switch, and a hidden window later",
                vec![switch(), focus("a"), new("b")],
                true,
            ),
            (
                "a switch to an empty workspace, and a hidden window later",
                vec![switch(), new("b")],
                true,
            ),
            (
                "a click after a new window",
                vec![new("b"), focus("a")],
                true,
            ),
            ("a window was closed", vec![close(), focus("a")], false),
            (
                "a click after a window was closed",
                vec![close(), focus("a"), focus("b")],
                true,
            ),
            (
                "a switch, and a window is closed",
                vec![switch(), close()],
                true,
            ),
            (
                "outputs",
                vec![switch(), Change::Outputs, focus("a")],
                false,
            ),
        ] {
            let mut attention = Attention::default();
            for change in &changes {
                attention.notice(change);
            }
            assert_eq!(attention.has_moved(), expected, "{what}");
        }
    }
}
