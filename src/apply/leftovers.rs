//! Leftovers of interrupted runs, and the commands that clear them.
//!
//! Everything is found in the tree: placeholders by their marks, hidden workspaces by their names.
//! Windows of programs are moved to a visible workspace, never closed.

use std::collections::BTreeSet;

pub use crate::live::TEMPORARY_PREFIX;
use crate::live::mark::{
    SPENT_MARK_PREFIX, WAITING_BOX_MARK, WAITING_MARK_PREFIX, is_slot_mark, is_temporary_mark,
};
use crate::live::{Con, ConId, Desktop, WorkspaceRef, workspace_number};
use crate::wm::command::Command;

/// The leftovers to clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clear {
    /// Everything that exists only during a run.
    Run,
    /// The same, and kept placeholders.
    All,
}

/// The commands that clear them; empty if there is nothing to clear.
pub fn commands(desktop: &Desktop, clear: Clear) -> Vec<Command> {
    let mut commands = Vec::new();
    let home = home_workspace(desktop);
    let mut strays = BTreeSet::new();
    for workspace in desktop.workspaces() {
        if !is_temporary_name(workspace.con) {
            continue;
        }
        for con in workspace.con.descendants() {
            if con.is_window() {
                commands.push(Command::MoveToWorkspace {
                    con: con.id,
                    workspace: home.clone(),
                });
            } else if con.is_placeholder() {
                // A rule of the i3 config or the user may have removed its mark.
                strays.insert(con.id);
            }
        }
    }
    let is_hidden = |con: &Con| {
        desktop
            .scratchpad()
            .is_some_and(|scratchpad| scratchpad.find(con.id).is_some())
    };
    for con in desktop.tree.descendants() {
        if con.is_placeholder() {
            let is_ours = if is_kept(con) {
                clear == Clear::All
            } else {
                // A rule of the i3 config or the user may have removed the mark.
                let is_unmarked = || (con.swallows || con.window.is_none()) && is_hidden(con);
                con.has_own_mark() || strays.contains(&con.id) || is_unmarked()
            };
            if is_ours {
                commands.extend(removal(con, is_hidden(con)));
            }
            continue;
        }
        if con.has_mark(|mark| mark.starts_with(WAITING_MARK_PREFIX)) {
            // The window opened after the run had ended, so nothing moved it to its place.
            commands.push(Command::MoveToWorkspace {
                con: con.id,
                workspace: home.clone(),
            });
            commands.push(Command::Floating {
                con: con.id,
                on: false,
            });
        }
        if is_emptied(con) {
            // It ends with its last child.
            continue;
        }
        let marks = con.attributes.marks.iter();
        let temporary = marks.filter(|mark| is_temporary_mark(mark));
        commands.extend(temporary.map(|mark| Command::Unmark {
            con: con.id,
            mark: mark.clone(),
        }));
    }
    commands.extend(leave_temporary_workspaces(desktop, &home));
    commands
}

/// The container with all waiting placeholders.
pub fn waiting_box(scratchpad: &Con) -> Option<&Con> {
    let mut all = scratchpad.descendants();
    all.find(|con| con.has_mark(|mark| mark == WAITING_BOX_MARK))
}

/// True for the container of waiting placeholders if nothing stays in it.
fn is_emptied(con: &Con) -> bool {
    let mut windows = con.windows();
    con.has_mark(|mark| mark == WAITING_BOX_MARK)
        && windows.all(|con| con.has_mark(|mark| mark.starts_with(WAITING_MARK_PREFIX)))
}

/// True for the place of a slot after its window has replaced it.
pub fn is_spent(con: &Con) -> bool {
    con.is_placeholder() && con.has_mark(|mark| mark.starts_with(SPENT_MARK_PREFIX))
}

/// Takes spent places out of a tree, and the container that had no others. i3 does the same.
pub fn forget_spent(tree: &mut Con) {
    let is_empty_box = |con: &Con| con.is_leaf() && con.has_mark(|mark| mark == WAITING_BOX_MARK);
    for con in tree.nodes.iter_mut().chain(&mut tree.floating_nodes) {
        forget_spent(con);
    }
    tree.nodes
        .retain(|con| !is_spent(con) && !is_empty_box(con));
    tree.floating_nodes.retain(|frame| !frame.is_leaf());
}

/// The placeholders which these commands remove and i3 has drawn in this tree.
pub fn drawn(commands: &[Command], tree: &Con) -> Vec<ConId> {
    let removed = commands.iter().filter_map(Command::removed);
    removed
        .filter(|&id| tree.find(id).is_some_and(|con| con.window.is_some()))
        .collect()
}

/// True for a placeholder that a run kept on purpose. It has the mark that its window will get.
pub fn is_kept(con: &Con) -> bool {
    con.is_placeholder() && con.has_mark(is_slot_mark)
}

/// The commands that remove a placeholder. A placeholder that i3 has drawn is hidden first: it can
/// only be removed safely while nothing else happens to it; see
/// [`crate::session::Session::settle`].
pub fn removal(con: &Con, is_hidden: bool) -> Vec<Command> {
    let title = con
        .properties
        .as_ref()
        .and_then(|properties| properties.title.clone())
        .filter(|title| !title.is_empty());
    let kill = match title {
        Some(title) => Command::KillKept { con: con.id, title },
        None => Command::KillPlaceholder(con.id),
    };
    let hide = (con.window.is_some() && !is_hidden).then_some(Command::MoveToScratchpad(con.id));
    hide.into_iter().chain([kill]).collect()
}

/// Leaves temporary workspaces that are visible. An output always shows a workspace, so another one
/// takes its place, and i3 removes the empty one.
fn leave_temporary_workspaces(desktop: &Desktop, home: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    for shown in desktop
        .workspaces()
        .filter(|workspace| workspace.visible && is_temporary_name(workspace.con))
    {
        let other = desktop
            .workspaces()
            .find(|other| other.output == shown.output && !is_temporary_name(other.con));
        match other {
            Some(other) => commands.push(Command::ShowWorkspace(other.con.name().to_owned())),
            None => commands.push(Command::RenameWorkspace {
                from: shown.con.name().to_owned(),
                to: desktop.free_number(commands.len()),
            }),
        }
    }
    // i3 removes an empty workspace when it is left, so a hidden one is shown first.
    for hidden in desktop.workspaces().filter(|workspace| {
        !workspace.visible
            && is_temporary_name(workspace.con)
            && workspace
                .con
                .descendants()
                .all(|con| con.id == workspace.con.id)
    }) {
        let mut workspaces = desktop.workspaces();
        let visible = workspaces.find(|other| other.visible && other.output == hidden.output);
        let shown = [Some(hidden), visible];
        let names = shown
            .into_iter()
            .flatten()
            .map(|one| one.con.name().to_owned());
        commands.extend(names.map(Command::ShowWorkspace));
    }
    if let Some(focused) = desktop.focused_workspace()
        && !commands.is_empty()
        && !is_temporary_name(focused.con)
    {
        commands.push(Command::ShowWorkspace(home.to_owned()));
    }
    commands
}

/// Shows a workspace of the desktop, which has this name now. If no other workspace has its number,
/// the command uses the number: a daemon may rename the workspace at any time.
pub fn show(desktop: &Desktop, workspace: ConId, name: &str) -> Command {
    let number = workspace_number(name);
    let same = |live: &WorkspaceRef<'_>| workspace_number(live.con.name()) == number;
    let mut same = desktop.workspaces().filter(same);
    let first = same.next().map(|live| live.con.id);
    if number.is_some() && first == Some(workspace) && same.next().is_none() {
        Command::ShowNumber(name.to_owned())
    } else {
        Command::ShowWorkspace(name.to_owned())
    }
}

/// True for a workspace that exists only during a run.
pub fn is_temporary_name(workspace: &Con) -> bool {
    workspace.has_reserved_name()
}

/// The workspace for windows found on a temporary workspace: the focused one, else the first that
/// is not temporary.
fn home_workspace(desktop: &Desktop) -> String {
    desktop
        .focused_workspace()
        .into_iter()
        .chain(desktop.workspaces())
        .find(|workspace| !is_temporary_name(workspace.con))
        .map_or_else(
            || desktop.free_number(0),
            |workspace| workspace.con.name().to_owned(),
        )
}
