//! The message that swaps the open windows into hidden workspaces and shows them.

use std::collections::BTreeMap;

use super::{Build, WorkspaceBuild, floating};
use crate::apply::leftovers;
use crate::compile::append_json::{Guest, guest_mark};
use crate::compile::{Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop, WorkspaceRef};
use crate::tree::Fullscreen;
use crate::wm::command::Command;

impl Build {
    /// The message that swaps the open windows in and shows the result.
    ///
    /// `tree` is i3's tree with the hidden workspaces, `desktop` is the state before.
    pub fn adopt_commands(&self, plan: &Plan, desktop: &Desktop, tree: &Con) -> Vec<Command> {
        let placeholder = |mark: &str| Some(tree.placeholder(mark)?.id);
        let mut commands = Vec::new();
        let mut left = Vec::new();
        let mut swapped = BTreeMap::new();
        let swaps = self.swaps(plan);
        // While a window covers all outputs, i3 keeps workspaces that become empty.
        let covering: Vec<ConId> = tree
            .descendants()
            .filter(|con| con.attributes.fullscreen == Fullscreen::Global)
            .filter(|con| !swaps.iter().any(|(swapped, _)| *swapped == con.id))
            .map(|con| con.id)
            .collect();
        let uncover = |&con: &ConId| Command::fullscreen(con, Fullscreen::None);
        commands.extend(covering.iter().map(uncover));
        for (con, mark) in swaps {
            if let Some(with) = placeholder(&mark) {
                commands.extend(adopt(tree, con, with));
                swapped.insert(with, con);
                left.push(Command::KillPlaceholder(with));
            }
        }
        // The last container to be hidden is the first to be shown.
        for floating in self.scratchpad.iter().rev() {
            let one = floating.node.leaves().find_map(|idx| {
                let mut adopted = self.scratchpad_adopted.iter();
                let adopted = adopted.find_map(|(own, con)| (own == idx).then_some(*con));
                adopted.or_else(|| placeholder(&plan.place_mark(*idx)))
            });
            // i3 moves the entire floating container.
            commands.extend(one.map(Command::MoveToScratchpad));
        }
        commands.extend(self.take_newcomers(desktop, tree));
        for build in &self.workspaces {
            let name = build.name(tree).to_owned();
            if let Some(old) = &build.old {
                commands.push(Command::RenameWorkspace {
                    from: name.clone(),
                    to: old.name.clone(),
                });
            }
            commands.push(Command::RenameWorkspace {
                from: build.hidden_name.clone(),
                to: name,
            });
            // Renaming moves a workspace to the output that the config assigns to the name.
            // Otherwise this command has no effect.
            let hidden = tree
                .descendants()
                .find(|con| con.name() == build.hidden_name);
            if let (Some(hidden), Some(output)) = (hidden, &build.output) {
                commands.push(Command::MoveWorkspaceToOutput {
                    con: hidden.id,
                    output: output.clone(),
                });
                if desktop.outputs.len() > 1 {
                    commands.extend(floating::positions(hidden, &swapped));
                }
            }
        }
        for con in self.outdated.iter().filter_map(|&id| tree.find(id)) {
            commands.extend(leftovers::removal(con, false));
        }
        commands.extend(self.show_commands(desktop, tree));
        let newcomer = self.focused_newcomer(desktop, tree);
        let focused = newcomer.or_else(|| self.focused_window(desktop, tree));
        let focus = focused.map(Command::Focus);
        commands.extend(focus.or_else(|| self.leave_places(desktop, tree)));
        let cover = |con| Command::fullscreen(con, Fullscreen::Global);
        commands.extend(covering.into_iter().map(cover));
        // i3 draws after each container that it removes (`tree_close_internal` in i3's
        // `src/tree.c`), so this comes last, when everything is in its final state.
        commands.extend(left);
        commands
    }

    /// The containers that are swapped in, and the marks of their places.
    fn swaps(&self, plan: &Plan) -> Vec<(ConId, String)> {
        let of_slot = |&(idx, con): &(SlotIdx, ConId)| (con, plan.place_mark(idx));
        let of_guest = |guest: &Guest| (guest.con, guest_mark(guest.con));
        let workspaces = self.workspaces.iter().flat_map(|build| {
            let slots = build.adopted.iter().map(of_slot);
            slots.chain(build.guests.iter().map(of_guest))
        });
        let hidden = self.scratchpad_adopted.iter().map(of_slot);
        workspaces.chain(hidden).collect()
    }

    /// The window that has the focus, if it is swapped into a new workspace: the focus would stay
    /// with its place, and the user's keys would go nowhere.
    pub fn focused_window(&self, desktop: &Desktop, tree: &Con) -> Option<ConId> {
        let focused = desktop.focused_workspace()?.con.id;
        let mut workspaces = self.workspaces.iter();
        let build = workspaces.find(|build| build.old_con() == Some(focused))?;
        let leaf = tree.focused_leaf();
        let adopted = build.adopted.iter().map(|(_, con)| *con);
        let mut moved = adopted.chain(build.guests.iter().map(|guest| guest.con));
        let has_leaf = |con: ConId| {
            tree.find(con)
                .is_some_and(|con| con.find(leaf.id).is_some())
        };
        (leaf.is_window() && moved.any(has_leaf)).then_some(leaf.id)
    }

    /// Moves the focus from a place to its workspace. i3 would put any new window into a focused
    /// container that has no window.
    fn leave_places(&self, desktop: &Desktop, tree: &Con) -> Option<Command> {
        let focused = desktop.focused_workspace()?;
        let build = self
            .workspaces
            .iter()
            .find(|build| build.old_con() == Some(focused.con.id))?;
        let hidden = tree
            .descendants()
            .find(|con| con.name() == build.hidden_name)?;
        (!build.pending.is_empty()).then_some(Command::Focus(hidden.id))
    }

    /// Shows the new workspaces where the old ones were visible, and returns to the workspace that
    /// the user was on.
    fn show_commands(&self, desktop: &Desktop, tree: &Con) -> Vec<Command> {
        let shown = self.workspaces.iter().filter_map(|build| {
            let old = build.old.as_ref().filter(|old| old.shown)?;
            Some(leftovers::show(desktop, old.con, build.name(tree)))
        });
        let mut commands: Vec<Command> = shown.collect();
        if !commands.is_empty() {
            let focused = desktop.focused_workspace();
            let show = |live: WorkspaceRef<'_>| {
                leftovers::show(desktop, live.con.id, present_name(tree, live.con))
            };
            commands.extend(focused.map(show));
        }
        commands
    }
}

impl WorkspaceBuild {
    /// The container of the workspace that it replaces.
    pub(super) fn old_con(&self) -> Option<ConId> {
        self.old.as_ref().map(|old| old.con)
    }

    /// True if windows stay on the workspace that it replaces.
    pub(super) fn keeps_windows(&self) -> bool {
        self.old.as_ref().is_some_and(|old| old.aside > 0)
    }

    /// The name of the workspace: that of the current workspace in this newer tree, which may have
    /// been renamed meanwhile, else the planned name.
    fn name<'a>(&'a self, tree: &'a Con) -> &'a str {
        let old = self.old_con().and_then(|old| tree.workspace_of_id(old));
        old.map_or(self.planned.name.as_str(), Con::name)
    }
}

/// The name of a workspace in a newer tree.
fn present_name<'a>(tree: &'a Con, workspace: &'a Con) -> &'a str {
    tree.workspace_of_id(workspace.id)
        .unwrap_or(workspace)
        .name()
}

/// Swaps an open container with a placeholder.
fn adopt(tree: &Con, con: ConId, with: ConId) -> impl Iterator<Item = Command> {
    let live = tree.find(con);
    let is_fullscreen = live.is_some_and(|con| con.attributes.fullscreen != Fullscreen::None);
    // i3 gives the fullscreen mode to the container that is swapped in.
    let uncover = is_fullscreen.then_some(Command::fullscreen(con, Fullscreen::None));
    uncover.into_iter().chain([Command::Swap { con, with }])
}
