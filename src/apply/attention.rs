//! Where the user's attention is: the focus and the visible workspaces.
//!
//! A run shows the layout's workspaces when it begins to wait. If the focus has moved by the end
//! of the wait, the user has gone on, and the focus stays there.

use crate::live::{Con, ConId, Desktop, WorkspaceRef};

/// The focus and the visible workspaces at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// The workspace with the focus.
    workspace: Option<Named>,
    /// The container with the focus.
    leaf: ConId,
    /// The visible workspaces.
    visible: Vec<Named>,
}

/// A workspace, which is the same if it has been renamed or rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    id: ConId,
    name: String,
}

impl Named {
    fn of(live: WorkspaceRef<'_>) -> Self {
        Self {
            id: live.con.id,
            name: live.con.name().to_owned(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.id == other.id || self.name == other.name
    }
}

impl Attention {
    /// The attention on this desktop.
    pub fn of(desktop: &Desktop) -> Self {
        let visible = desktop.workspaces().filter(|live| live.visible);
        Self {
            workspace: desktop.focused_workspace().map(Named::of),
            leaf: desktop.tree.focused_leaf().id,
            visible: visible.map(Named::of).collect(),
        }
    }

    /// True if the focus is on the same workspace.
    pub fn is_on(&self, other: &Self) -> bool {
        match (&self.workspace, &other.workspace) {
            (Some(one), Some(other)) => one.is(other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// True if the user has moved the focus since, or made another workspace visible.
    ///
    /// `took` returns true for a window of the layout that may have taken the focus when it
    /// opened. If windows of the layout open in view, `in_view` is true: the focus of windows then
    /// says nothing about the user.
    pub fn has_moved(&self, desktop: &Desktop, took: &dyn Fn(&Con) -> bool, in_view: bool) -> bool {
        let now = Self::of(desktop);
        let leaf = desktop.tree.focused_leaf();
        let has_taken = leaf.is_window() && took(leaf);
        if has_taken {
            return false;
        }
        let is_same = self.is_on(&now);
        let were_visible = |one: &Named| self.visible.iter().any(|before| before.is(one));
        !is_same
            || !in_view && leaf.is_window() && leaf.id != self.leaf
            || !now.visible.iter().all(were_visible)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{Tree, desktop, output, placeholder, win, workspace};

    fn live(left: [Tree; 2], right: [Tree; 2]) -> Desktop {
        let internal = output("internal-1", "1920x1080+0+0".parse().unwrap());
        let dp = output("DP-1", "1920x1080+1920+0".parse().unwrap());
        desktop([internal.workspaces(left), dp.workspaces(right)])
    }

    #[test]
    fn focus_of_the_user_is_noticed() {
        let here = || workspace("1", [win("a"), win("b")]);
        let there = || workspace("2", [win("c")]);
        let right = || [workspace("3", []).visible(), workspace("4", [win("d")])];
        let before = || live([here().focus([0, 1]).visible().focused(), there()], right());
        let attention = Attention::of(&before());
        let none: &[&str] = &[];
        let other_window = here().focus([1, 0]).visible().focused();
        let with_new = workspace("1", [win("a"), win("b"), win("new")]);
        let with_new = with_new.focus([2, 0, 1]).visible().focused();
        let with_place = workspace("1", [win("a"), win("b"), placeholder("p")]);
        let with_place = with_place.focus([2, 0, 1]).visible().focused();
        let other_right = [workspace("3", []), workspace("4", [win("d")]).visible()];
        let first = || here().focus([0, 1]).visible().focused();
        for (what, desktop, took, expected) in [
            ("nothing", before(), none, false),
            (
                "window",
                live([other_window.clone(), there()], right()),
                none,
                true,
            ),
            (
                "new window",
                live([with_new.clone(), there()], right()),
                none,
                true,
            ),
            ("slot", live([with_new, there()], right()), &["new"], false),
            ("place", live([with_place, there()], right()), none, false),
            (
                "workspace",
                live([here(), there().visible().focused()], right()),
                none,
                true,
            ),
            (
                "other output",
                live([first(), there()], other_right),
                none,
                true,
            ),
        ] {
            let took = |con: &Con| took.contains(&con.name());
            let found = attention.has_moved(&desktop, &took, false);
            assert_eq!(found, expected, "{what}");
            let is_window = what.contains("window");
            let found = attention.has_moved(&desktop, &took, true);
            assert_eq!(found, expected && !is_window, "{what} in view");
        }
    }
}
