//! The commands for everything that a build does not set: properties, floating places, the
//! scratchpad, focus and the visible workspaces.
//!
//! They are one message, so i3 renders once. The order prevents one command from undoing another:
//! places first, then properties, focus, visible workspaces and fullscreen.

use std::collections::BTreeSet;

use super::leftovers::{is_temporary_name, show};
use crate::compile::{Plan, PlannedFloating, PlannedNode, PlannedWorkspace, SlotIdx};
use crate::diff::{Difference, Kind, Location, PropertyChange, attributes};
use crate::geometry::Rect;
use crate::live::{ConId, Desktop, WorkspaceRef, workspace_number};
use crate::matching::Assignment;
use crate::tree::{Attribute, Fullscreen, Kind as NodeKind};
use crate::wm::command::Command;

/// The handling of the focus during a restore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FocusMode {
    /// Restore the layout's focus.
    #[default]
    Restore,
    /// Keep the current focus and the visible workspaces.
    Keep,
}

/// The commands for these differences; empty if there is nothing to do.
pub fn finish(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    differences: &[Difference],
    mode: FocusMode,
) -> Vec<Command> {
    let mut finish = Finish {
        plan,
        desktop,
        assignment,
        commands: Vec::new(),
        fullscreen: Vec::new(),
    };
    for difference in differences {
        finish.place(difference);
    }
    for difference in differences {
        finish.property(difference);
    }
    finish.focus(differences, mode);
    // Nothing can be verified behind a fullscreen window. Where a border or a place was just set,
    // the next round verifies it first.
    let is_unsettled = |command: &Command| {
        matches!(
            command,
            Command::Set {
                attribute: Attribute::Border(_),
                ..
            } | Command::ResizeSet { .. }
                | Command::MoveTo { .. }
        )
    };
    if !finish.commands.iter().any(is_unsettled) {
        let fullscreen = std::mem::take(&mut finish.fullscreen);
        finish.commands.extend(fullscreen);
    }
    finish.commands
}

struct Finish<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    assignment: &'a Assignment,
    commands: Vec<Command>,
    /// Fullscreen windows hide others from the focus, so their commands come last.
    fullscreen: Vec<Command>,
}

impl Finish<'_> {
    fn place(&mut self, difference: &Difference) {
        if let Kind::WorkspaceOrder { before, after } = &difference.kind {
            self.sort_workspaces(before, after);
        }
        if let (Kind::Output { before, .. }, Some(con)) = (&difference.kind, difference.con)
            && self.is_empty(difference.workspace.as_deref())
        {
            // Other workspaces are rebuilt on the right output.
            self.commands.push(Command::MoveWorkspaceToOutput {
                con,
                output: before.clone(),
            });
        }
        if let (Kind::Layout { of, .. }, Some(con)) = (&difference.kind, difference.con)
            && of.is_empty()
        {
            let planned = difference.workspace.as_deref();
            let planned = planned.and_then(|name| self.plan.workspace(name));
            let layout = planned.map(|planned| planned.content.layout);
            self.commands
                .extend(layout.map(|layout| Command::Layout { con, layout }));
        }
        let (Some(con), Some(idx)) = (difference.con, difference.idx) else {
            return;
        };
        let floating = self.planned_floating(idx);
        let rect = floating.and_then(|floating| floating.rect);
        let is_hidden = self.plan.slot(idx).workspace.is_none();
        match &difference.kind {
            Kind::Rect { .. } if is_hidden => self.move_to_scratchpad(con, rect),
            Kind::Rect { .. } => self.set_rect(con, rect),
            Kind::Moved {
                before: Location::Scratchpad | Location::Shown(_),
                ..
            } => {
                self.move_to_scratchpad(con, rect);
                if !is_hidden {
                    self.commands.push(Command::ShowScratchpad(con));
                    self.set_rect(con, rect);
                }
            }
            _ => {}
        }
    }

    /// Puts workspaces that i3 does not sort by number into the order of the layout.
    ///
    /// i3 attaches a workspace again when it is renamed, even to its current name. It puts a
    /// workspace without a number after all others. It puts a workspace with a number before those
    /// with the same number, or after them since 4.24 (`_con_attach` in i3's `src/con.c`).
    fn sort_workspaces(&mut self, before: &[String], after: &[String]) {
        let right = before.iter().zip(after).take_while(|(one, two)| one == two);
        let mut wrong: Vec<&String> = before.iter().skip(right.count()).collect();
        let numbered = before.iter().any(|name| workspace_number(name).is_some());
        if numbered && !self.desktop.version.attaches_behind_same_number() {
            wrong = before.iter().rev().collect();
        }
        for name in wrong {
            let planned = self.plan.workspace(name);
            let Some(live) = planned.and_then(|planned| self.plan.live(self.desktop, planned))
            else {
                continue;
            };
            let name = live.con.name().to_owned();
            self.commands.push(Command::RenameWorkspace {
                from: name.clone(),
                to: name,
            });
            // Renaming moves a workspace to the output that the config assigns to the name.
            self.commands.push(Command::MoveWorkspaceToOutput {
                con: live.con.id,
                output: live.output.to_owned(),
            });
        }
    }

    /// True if the plan has no window on the workspace.
    fn is_empty(&self, workspace: Option<&str>) -> bool {
        workspace
            .and_then(|name| self.plan.workspace(name))
            .is_some_and(|planned| planned.content.is_empty())
    }

    /// Hides a window so that i3 shows it again at `rect`.
    fn move_to_scratchpad(&mut self, con: ConId, rect: Option<Rect>) {
        let hidden = self
            .desktop
            .scratchpad()
            .is_some_and(|scratchpad| scratchpad.find(con).is_some());
        if rect.is_some() {
            self.commands.push(if hidden {
                Command::ShowScratchpad(con)
            } else {
                Command::Floating { con, on: true }
            });
            self.set_rect(con, rect);
        } else if hidden {
            return;
        }
        self.commands.push(Command::MoveToScratchpad(con));
    }

    /// Sets a floating window's place; its size first, because i3 grows a window
    /// around where it is.
    fn set_rect(&mut self, con: ConId, rect: Option<Rect>) {
        let Some(rect) = rect else { return };
        let (x, y, width, height) = (rect.x, rect.y, rect.width, rect.height);
        self.commands.extend([
            Command::ResizeSet { con, width, height },
            Command::MoveTo { con, x, y },
        ]);
    }

    fn planned_floating(&self, idx: SlotIdx) -> Option<&PlannedFloating> {
        self.plan
            .workspaces
            .iter()
            .flat_map(|workspace| &workspace.content.floating)
            .chain(&self.plan.scratchpad)
            .find(|floating| floating.node.leaves().any(|leaf| *leaf == idx))
    }

    fn property(&mut self, difference: &Difference) {
        let Some(con) = difference.con else { return };
        let Kind::Property(PropertyChange { before, after }) = &difference.kind else {
            return;
        };
        let attribute = match (before, after) {
            (Attribute::Marks(planned), Attribute::Marks(present)) => {
                let missing = planned.iter().filter(|mark| !present.contains(mark));
                Attribute::Marks(missing.cloned().collect())
            }
            _ => before.clone(),
        };
        let covers = !matches!(attribute, Attribute::Fullscreen(Fullscreen::None));
        if matches!(attribute, Attribute::Fullscreen(_)) && covers {
            self.fullscreen.extend(Command::set(con, attribute));
        } else {
            self.commands.extend(Command::set(con, attribute));
        }
    }

    fn focus(&mut self, differences: &[Difference], mode: FocusMode) {
        let workspaces_of = |is_meant: &dyn Fn(&Difference) -> bool| -> BTreeSet<&str> {
            let meant = differences.iter().filter(|one| is_meant(one));
            meant.filter_map(|one| one.workspace.as_deref()).collect()
        };
        let unordered = workspaces_of(&|one| one.kind == Kind::Focus && one.con.is_some());
        // Renaming can leave another workspace visible on an output.
        let mut moved = differences
            .iter()
            .any(|difference| matches!(difference.kind, Kind::WorkspaceOrder { .. }));
        for planned in &self.plan.workspaces {
            if unordered.contains(planned.name.as_str()) && mode == FocusMode::Restore {
                self.order(planned);
                moved = true;
            }
        }
        let to_show = workspaces_of(&|one| matches!(one.kind, Kind::Hidden | Kind::NoWorkspace));
        let other_workspace = differences
            .iter()
            .any(|difference| matches!(difference.kind, Kind::Focus) && difference.con.is_none());
        match mode {
            FocusMode::Restore => {
                if moved || !to_show.is_empty() || other_workspace {
                    self.show(moved, &to_show);
                }
            }
            FocusMode::Keep => {
                if moved {
                    self.show_what_was_shown();
                }
                if !self.commands.is_empty() {
                    let focused = self.desktop.focused_workspace();
                    let show = focused.map(|live| self.show_live(live));
                    self.commands.extend(show);
                }
            }
        }
    }

    /// Sets the focus order of a workspace, by focusing its windows from the last to the first.
    fn order(&mut self, planned: &PlannedWorkspace) {
        let slots = reversed(planned.content.children(), &planned.content.focus);
        let windows = slots.into_iter();
        let windows: Vec<(SlotIdx, ConId)> = windows
            .filter_map(|idx| Some((idx, self.assignment.window(idx)?)))
            .collect();
        for &(idx, con) in &windows {
            let live = self.desktop.tree.find(con);
            let mode = live.map(|con| con.attributes.fullscreen);
            if let Some(mode @ (Fullscreen::Output | Fullscreen::Global)) = mode {
                self.commands
                    .insert(0, Command::fullscreen(con, Fullscreen::None));
                // Restore the previous value, unless it is a difference, which `property` handles.
                let planned = attributes::of_slot(self.plan, idx);
                if planned.is_none_or(|planned| planned.fullscreen == mode) {
                    self.fullscreen.push(Command::fullscreen(con, mode));
                }
            }
        }
        let focus = windows.into_iter().map(|(_, con)| Command::Focus(con));
        self.commands.extend(focus);
    }

    /// Shows the plan's workspaces, the focused one last.
    fn show(&mut self, all: bool, to_show: &BTreeSet<&str>) {
        if all {
            // Focusing windows has shown their workspaces. Outputs that are not in the plan return
            // to the workspace that was visible.
            self.show_what_was_shown();
        }
        for planned in self
            .plan
            .workspaces
            .iter()
            .filter(|planned| planned.visible)
        {
            let missing = self.plan.live(self.desktop, planned).is_none();
            if !all && !to_show.contains(planned.name.as_str()) {
                continue;
            }
            if missing && let Some(output) = &planned.output {
                self.commands.push(Command::FocusOutput(output.clone()));
            }
            self.commands.push(self.show_planned(planned));
        }
        let focus = self.plan.focus.as_deref();
        let focus = focus.and_then(|name| self.plan.workspace(name));
        let focused = || {
            let live = self.desktop.focused_workspace()?;
            // The layout may show another workspace on the same output.
            let visible = self.plan.workspaces.iter().filter(|one| one.visible);
            let mut shown = visible.filter(|one| all || to_show.contains(one.name.as_str()));
            shown
                .find(|planned| self.output_of(planned) == Some(live.output))
                .or_else(|| self.plan.planned_for(self.desktop, live))
        };
        let show = if let Some(planned) = focus.or_else(focused) {
            self.focus_window_of(planned);
            Some(self.show_planned(planned))
        } else {
            let live = self.desktop.focused_workspace();
            live.map(|live| self.show_live(live))
        };
        self.commands.extend(show);
    }

    fn show_live(&self, live: WorkspaceRef<'_>) -> Command {
        show(self.desktop, live.con.id, live.con.name())
    }

    /// Shows a workspace of the plan, which i3 creates if it does not exist.
    fn show_planned(&self, planned: &PlannedWorkspace) -> Command {
        let live = self.plan.live(self.desktop, planned);
        live.map_or_else(
            || Command::ShowWorkspace(planned.name.clone()),
            |live| self.show_live(live),
        )
    }

    /// The output of a planned workspace. i3 creates a new workspace on the focused output.
    fn output_of<'f>(&'f self, planned: &'f PlannedWorkspace) -> Option<&'f str> {
        let live = self.plan.live(self.desktop, planned);
        let live = live.or_else(|| self.desktop.focused_workspace());
        let planned = planned.output.as_deref();
        planned.or_else(|| Some(live?.output))
    }

    fn show_what_was_shown(&mut self) {
        let shown = self
            .desktop
            .workspaces()
            .filter(|live| live.visible && !is_temporary_name(live.con))
            .map(|live| self.show_live(live));
        let shown: Vec<Command> = shown.collect();
        self.commands.extend(shown);
    }

    /// Focuses the window to which the focus order of a workspace leads.
    fn focus_window_of(&mut self, planned: &PlannedWorkspace) {
        let window = reversed(planned.content.children(), &planned.content.focus)
            .into_iter()
            .rev()
            .find_map(|idx| self.assignment.window(idx));
        self.commands.extend(window.map(Command::Focus));
    }
}

/// The slots below these children, in reverse focus order: the focused one comes last.
fn reversed<'n>(children: impl Iterator<Item = &'n PlannedNode>, focus: &[usize]) -> Vec<SlotIdx> {
    let children: Vec<&PlannedNode> = children.collect();
    focus
        .iter()
        .rev()
        .filter_map(|&position| children.get(position))
        .flat_map(|node| match &node.kind {
            NodeKind::Leaf(idx) => vec![*idx],
            NodeKind::Container(container) => reversed(container.nodes.iter(), &container.focus),
        })
        .collect()
}
