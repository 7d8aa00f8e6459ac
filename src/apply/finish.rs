//! The commands for everything that a build does not set: properties, floating places, the
//! scratchpad, focus and the visible workspaces.
//!
//! They are one message, so i3 renders once. The order prevents one command from undoing another:
//! places first, then properties, focus, visible workspaces and fullscreen.

mod adapt;
mod places;

pub use adapt::{adapt, to_adapt};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::leftovers::{is_temporary_name, show};
use crate::compile::{Plan, PlannedNode, PlannedWorkspace, SlotIdx};
use crate::diff::{Difference, Kind, PropertyChange, attributes};
use crate::live::{ConId, Desktop, WorkspaceRef};
use crate::matching::Assignment;
use crate::tree::{Attribute, Fullscreen, Kind as NodeKind};
use crate::wm::command::Command;

/// The handling of the focus during a restore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FocusMode {
    /// Restore the layout's focus.
    #[default]
    Restore,
    /// Keep the current focus and the visible workspaces.
    Keep,
    /// Restore the focus order of the workspaces that the user is not on, and keep the rest: the
    /// user has moved the focus during the run.
    Elsewhere,
}

/// The commands for these differences; empty if there is nothing to do. `round` counts the calls
/// of a run, from 0.
pub fn finish(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    differences: &[Difference],
    mode: FocusMode,
    round: usize,
) -> Vec<Command> {
    let mut finish = Finish::new(plan, desktop, assignment, round);
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
                | Command::Grow { .. }
                | Command::MoveTo { .. }
        )
    };
    if !finish.commands.iter().any(is_unsettled) {
        let fullscreen = std::mem::take(&mut finish.fullscreen);
        finish.commands.extend(fullscreen);
    }
    finish.commands
}

/// The commands that show the layout's workspaces while their windows are pending.
pub fn begin(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    differences: &[Difference],
) -> Vec<Command> {
    let mut finish = Finish::new(plan, desktop, assignment, 0);
    let to_show = workspaces_of(differences, &is_not_shown);
    if to_show.is_empty() && !differences.iter().any(is_other_workspace) {
        return Vec::new();
    }
    finish.show(false, &to_show);
    // i3 would put any new window into a focused container that has no window.
    let focus = plan.focus.as_deref().and_then(|name| plan.workspace(name));
    let live = focus.and_then(|planned| plan.live(desktop, planned));
    let live = live.filter(|live| live.con.focused_leaf().is_placeholder());
    let mut commands = finish.commands.iter();
    let has_window = commands.any(|command| matches!(command, Command::Focus(_)));
    if let Some(live) = live.filter(|_| !has_window) {
        finish.commands.push(Command::Focus(live.con.id));
    }
    finish.commands
}

/// The attribute to set for a difference. Marks of the user stay.
pub(super) fn to_set(change: &PropertyChange) -> Attribute {
    match (&change.before, &change.after) {
        (Attribute::Marks(planned), Attribute::Marks(present)) => {
            let missing = planned.iter().filter(|mark| !present.contains(mark));
            Attribute::Marks(missing.cloned().collect())
        }
        (before, _) => before.clone(),
    }
}

/// The workspaces of these differences.
fn workspaces_of<'d>(
    differences: &'d [Difference],
    is_meant: &dyn Fn(&Difference) -> bool,
) -> BTreeSet<&'d str> {
    let meant = differences.iter().filter(|one| is_meant(one));
    meant.filter_map(|one| one.workspace.as_deref()).collect()
}

/// True if a workspace is not visible.
const fn is_not_shown(difference: &Difference) -> bool {
    matches!(difference.kind, Kind::Hidden | Kind::NoWorkspace)
}

/// True if the focus is on another workspace than planned, or not on a window.
fn is_other_workspace(difference: &Difference) -> bool {
    matches!(difference.kind, Kind::Focus) && difference.con.is_none()
}

struct Finish<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    assignment: &'a Assignment,
    round: usize,
    commands: Vec<Command>,
    /// Fullscreen windows hide others from the focus, so their commands come last.
    fullscreen: Vec<Command>,
}

impl<'a> Finish<'a> {
    const fn new(
        plan: &'a Plan,
        desktop: &'a Desktop,
        assignment: &'a Assignment,
        round: usize,
    ) -> Self {
        Self {
            plan,
            desktop,
            assignment,
            round,
            commands: Vec::new(),
            fullscreen: Vec::new(),
        }
    }
}

impl Finish<'_> {
    fn property(&mut self, difference: &Difference) {
        let Some(con) = difference.con else { return };
        let Kind::Property(change) = &difference.kind else {
            return;
        };
        let attribute = to_set(change);
        let covers = !matches!(attribute, Attribute::Fullscreen(Fullscreen::None));
        if matches!(attribute, Attribute::Fullscreen(_)) && covers {
            self.fullscreen.extend(Command::set(con, attribute));
        } else {
            self.commands.extend(Command::set(con, attribute));
        }
    }

    fn focus(&mut self, differences: &[Difference], mode: FocusMode) {
        let is_unordered = |one: &Difference| one.kind == Kind::Focus && one.con.is_some();
        let unordered = workspaces_of(differences, &is_unordered);
        // Renaming can leave another workspace visible on an output.
        let mut moved = differences
            .iter()
            .any(|difference| matches!(difference.kind, Kind::WorkspaceOrder { .. }));
        let here = self.desktop.focused_workspace();
        let here = here.and_then(|live| self.plan.planned_for(self.desktop, live));
        let here = here.map(|planned| planned.name.as_str());
        for planned in &self.plan.workspaces {
            let name = planned.name.as_str();
            let may_order = match mode {
                FocusMode::Restore => true,
                FocusMode::Keep => false,
                FocusMode::Elsewhere => here != Some(name),
            };
            if unordered.contains(name) && may_order {
                self.order(planned);
                moved = true;
            }
        }
        let to_show = workspaces_of(differences, &is_not_shown);
        let other_workspace = differences.iter().any(is_other_workspace);
        match mode {
            FocusMode::Restore => {
                if moved || !to_show.is_empty() || other_workspace {
                    self.show(moved, &to_show);
                }
            }
            FocusMode::Keep | FocusMode::Elsewhere => {
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
        let slots = self.focus_order(planned);
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
        let order = self.focus_order(planned).into_iter();
        let window = order.rev().find_map(|idx| self.assignment.window(idx));
        self.commands.extend(window.map(Command::Focus));
    }

    /// The slots of a workspace in reverse focus order. A fullscreen window keeps the focus.
    fn focus_order(&self, planned: &PlannedWorkspace) -> Vec<SlotIdx> {
        let reachable = planned.reachable(&|idx| self.assignment.window(idx).is_some());
        let content = &reachable.as_ref().unwrap_or(planned).content;
        reversed(content.children(), &content.focus)
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
