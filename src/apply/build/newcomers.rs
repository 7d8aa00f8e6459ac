//! Windows that have opened while the hidden workspaces were built.

use super::{Build, WorkspaceBuild};
use crate::live::{Con, ConId, Desktop};
use crate::wm::command::Command;

impl Build {
    /// Takes windows that were not open `before` from the old workspaces to the new ones.
    pub(super) fn take_newcomers(&self, before: &Desktop, tree: &Con) -> Vec<Command> {
        // Where windows stay on the old workspace, so do these.
        let left = self
            .workspaces
            .iter()
            .filter(|build| !build.keeps_windows());
        let all = left.flat_map(|build| {
            let old = build.old_con().and_then(|id| tree.workspace_of_id(id));
            let windows = old.into_iter().flat_map(Con::windows);
            let new = windows.filter(|con| before.tree.find(con.id).is_none());
            new.map(|con| Command::MoveToWorkspace {
                con: con.id,
                workspace: build.hidden_name.clone(),
            })
        });
        all.collect()
    }

    /// The window among them that has the focus.
    pub(super) fn focused_newcomer(&self, before: &Desktop, tree: &Con) -> Option<ConId> {
        let focused = tree.focused_leaf();
        let is_new = focused.is_window() && before.tree.find(focused.id).is_none();
        let left = self
            .workspaces
            .iter()
            .filter(|build| !build.keeps_windows());
        let mut old = left.filter_map(WorkspaceBuild::old_con);
        let is_old = |id| {
            tree.workspace_of_id(id)
                .is_some_and(|con| con.find(focused.id).is_some())
        };
        (is_new && old.any(is_old)).then_some(focused.id)
    }
}
