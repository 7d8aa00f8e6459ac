//! Decides which workspaces to rebuild, and how.
//!
//! A workspace that differs from the layout is built out of placeholders on a hidden workspace. One
//! IPC message then swaps the open windows in, renames the new workspace, shows it and removes the
//! placeholders left on the old workspace. i3 draws only at the end of a message or when it removes
//! a container, so no intermediate state is visible. A run that is killed before this message has
//! changed nothing.

mod floating;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::action::Piece;
use super::leftovers::{self, TEMPORARY_PREFIX};
use crate::compile::append_json::{self, Guest, Label, Look, guest_mark};
use crate::compile::{Plan, PlannedFloating, PlannedWorkspace, SlotIdx, monitors, slot_ids};
use crate::diff::{Difference, Kind};
use crate::geometry::Rect;
use crate::live::{Con, ConId, Defaults, Desktop, WorkspaceRef};
use crate::matching::Assignment;
use crate::tree::{Attributes, Fullscreen};
use crate::wm::command::Command;

/// The handling of windows that are on the layout's workspaces but not in the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Keep them, beside the layout.
    #[default]
    Merge,
    /// Move them together to a workspace with another name; see [`aside_name`].
    Replace,
    /// Close them, as if the user had closed them.
    Close,
}

/// The name of the workspace for windows that are not in the layout. It has no number, so the
/// number still leads to the layout. If a workspace has this name already, a number is appended.
pub fn aside_name(desktop: &Desktop, workspace: &str) -> String {
    let is_taken = |name: &str| desktop.workspace(name).is_some();
    slot_ids::numbered(&format!("before {workspace}"), " ", is_taken)
}

/// Everything to build at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Build {
    /// The workspaces.
    pub workspaces: Vec<WorkspaceBuild>,
    /// Pending scratchpad windows, and scratchpad containers with several windows that differ from
    /// the layout.
    pub scratchpad: Vec<PlannedFloating>,
    /// The open windows to swap into them.
    pub scratchpad_adopted: Vec<(SlotIdx, ConId)>,
    /// The JSON of the hidden workspace for them.
    pub scratchpad_json: Option<Value>,
    /// The JSON of the waiting placeholders.
    pub waiting_json: Option<Value>,
    /// Placeholders kept by an earlier run, whose slots now have a window or are pending again.
    pub outdated: Vec<ConId>,
}

/// A workspace to rebuild.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceBuild {
    /// The workspace, with only the slots that are open or expected.
    pub planned: PlannedWorkspace,
    /// The JSON for `append_layout`.
    pub json: Value,
    /// Its name while it is hidden.
    pub hidden_name: String,
    /// The open windows to swap in.
    pub adopted: Vec<(SlotIdx, ConId)>,
    /// The slots whose windows are pending.
    pub pending: Vec<SlotIdx>,
    /// The other content of the current workspace, which stays beside the layout.
    pub guests: Vec<Guest>,
    /// The current workspace for it, which it replaces.
    pub old: Option<ConId>,
    /// The output on which to build it.
    pub output: Option<String>,
    /// The new name of the current workspace with this name, if one exists. It is temporary if no
    /// window stays on that workspace.
    pub replaced: Option<String>,
    /// The number of windows that stay on the old workspace.
    pub aside: usize,
    /// True if the old workspace is visible.
    pub shown: bool,
}

/// Decides what to build.
///
/// `expected` has the slots that have no window yet and will get one.
pub fn build(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    differences: &[Difference],
    expected: &dyn Fn(SlotIdx) -> bool,
    mode: Mode,
) -> Build {
    let present = |idx: SlotIdx| assignment.window(idx).is_some();
    let keep = |idx: SlotIdx| present(idx) || expected(idx);
    let (outdated, held): (BTreeMap<_, _>, BTreeMap<_, _>) =
        kept(plan, desktop).partition(|&(idx, _)| keep(idx));
    let is_cause = |difference: &Difference| match (&difference.kind, difference.idx) {
        (Kind::Missing, Some(idx)) => expected(idx),
        (Kind::Extra { .. }, _) => mode == Mode::Replace,
        _ => difference.needs_build(),
    };
    let differing: BTreeSet<&str> = differences
        .iter()
        .filter(|difference| is_cause(difference))
        .filter_map(|difference| difference.workspace.as_deref())
        .collect();
    let open = Open {
        assignment,
        held: &held,
        outdated: &outdated,
    };
    let workspaces: Vec<WorkspaceBuild> = plan
        .workspaces
        .iter()
        .enumerate()
        .filter(|(_, planned)| differing.contains(planned.name.as_str()))
        .map(|(position, planned)| {
            let keep = |idx: SlotIdx| keep(idx) || held.contains_key(&idx);
            (position, planned.with_slots(&keep))
        })
        // An empty workspace needs no build; `finish` shows it.
        .filter(|(_, planned)| !planned.content.is_empty())
        .map(|(position, planned)| workspace_build(plan, desktop, open, position, planned, mode))
        .collect();
    let is_wrong = |slots: &[SlotIdx]| {
        differences.iter().any(|difference| {
            difference.idx.is_some_and(|idx| slots.contains(&idx))
                && matches!(difference.kind, Kind::Moved { .. } | Kind::Arranged { .. })
        })
    };
    let slots_of =
        |floating: &PlannedFloating| -> Vec<SlotIdx> { floating.node.leaves().copied().collect() };
    let scratchpad: Vec<PlannedFloating> = plan
        .scratchpad
        .iter()
        .filter_map(|floating| floating.clone().retain(&|idx| keep(*idx)))
        .filter(|floating| {
            let slots = slots_of(floating);
            let is_container = floating.node.as_container().is_some();
            slots.iter().any(|&idx| !present(idx)) || is_container && is_wrong(&slots)
        })
        .collect();
    let hidden: Vec<SlotIdx> = scratchpad.iter().flat_map(slots_of).collect();
    let scratchpad_adopted: Vec<(SlotIdx, ConId)> = hidden
        .iter()
        .filter_map(|&idx| Some((idx, assignment.window(idx)?)))
        .collect();
    let scratchpad_json = (!scratchpad.is_empty()).then(|| {
        let all: Vec<&PlannedFloating> = scratchpad.iter().collect();
        append_json::scratchpad(
            plan,
            &all,
            &hidden_name(desktop, "scratchpad"),
            look(desktop),
        )
    });
    let pending: Vec<SlotIdx> = workspaces
        .iter()
        .flat_map(|build| &build.pending)
        .chain(&hidden)
        .copied()
        .filter(|&idx| !present(idx))
        .collect();
    Build {
        waiting_json: append_json::waiting(plan, &pending, &hidden_name(desktop, "waiting")),
        workspaces,
        scratchpad,
        scratchpad_adopted,
        scratchpad_json,
        outdated: outdated.into_values().collect(),
    }
}

/// The placeholders that an earlier run of this layout kept.
fn kept(plan: &Plan, desktop: &Desktop) -> impl Iterator<Item = (SlotIdx, ConId)> {
    let slots = plan.slots();
    let marks: BTreeMap<String, SlotIdx> =
        slots.map(|(idx, _)| (plan.seat(idx).mark(), idx)).collect();
    let all = desktop.tree.descendants();
    all.filter(|con| leftovers::is_kept(con))
        .filter_map(move |con| Some((con.of_mark(&marks)?, con.id)))
}

/// The existing windows and placeholders of the slots.
#[derive(Clone, Copy)]
struct Open<'a> {
    /// Their windows.
    assignment: &'a Assignment,
    /// Placeholders that were kept and stay.
    held: &'a BTreeMap<SlotIdx, ConId>,
    /// Placeholders that were kept and are removed.
    outdated: &'a BTreeMap<SlotIdx, ConId>,
}

impl Open<'_> {
    fn con(self, idx: SlotIdx) -> Option<ConId> {
        let window = self.assignment.window(idx);
        window.or_else(|| self.held.get(&idx).copied())
    }

    fn is_outdated(self, con: &Con) -> bool {
        self.outdated.values().any(|&id| id == con.id)
    }

    fn is_known(self, con: &Con) -> bool {
        self.assignment.slot(con.id).is_some() || self.held.values().any(|&id| id == con.id)
    }
}

/// A name for a hidden workspace. No workspace begins like it, because i3 would append `_1` to a
/// duplicate.
fn hidden_name(desktop: &Desktop, part: &str) -> String {
    let prefix = |number: usize| format!("{TEMPORARY_PREFIX}new:{number}:");
    let is_free = |prefix: &String| {
        let mut all = desktop.workspaces();
        !all.any(|live| live.con.name().starts_with(prefix.as_str()))
    };
    // One of them is free, because there are fewer workspaces.
    let numbers = 0..=desktop.workspaces().count();
    let free = numbers.map(prefix).find(is_free);
    free.unwrap_or_default() + part
}

fn workspace_build(
    plan: &Plan,
    desktop: &Desktop,
    open: Open<'_>,
    position: usize,
    planned: PlannedWorkspace,
    mode: Mode,
) -> WorkspaceBuild {
    let live = plan.live(desktop, &planned);
    let (adopted, pending): (Vec<_>, Vec<_>) = planned
        .slots()
        .map(|idx| (idx, open.con(idx)))
        .partition(|(_, con)| con.is_some());
    let all = live.map_or_else(Vec::new, |live| {
        guests(desktop, live, &planned, open, mode != Mode::Merge)
    });
    let (guests, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|guest| {
        let con = desktop.tree.find(guest.con);
        mode == Mode::Merge
            || con.is_some_and(|con| con.windows().any(|con| is_ignored(desktop, con)))
    });
    let hidden_name = hidden_name(desktop, &position.to_string());
    let aside = if mode == Mode::Replace {
        others.len()
    } else {
        0
    };
    let replaced = live.map(|live| {
        if aside > 0 {
            aside_name(desktop, live.con.name())
        } else {
            hidden_name.replace(":new:", ":old:")
        }
    });
    let output = planned
        .output
        .clone()
        .or_else(|| live.map(|live| live.output.to_owned()));
    // A new workspace has no gaps of its own yet, whatever its name.
    let gaps = crate::diff::gaps(desktop, &planned)
        .or_else(|| live.and_then(|live| live.con.gaps))
        .filter(|_| desktop.workspaces().any(|live| live.con.gaps.is_some()));
    let (area, look) = (area(desktop, output.as_deref()), look(desktop));
    WorkspaceBuild {
        json: append_json::workspace(plan, &planned, &hidden_name, &guests, area, look, gaps),
        hidden_name,
        adopted: adopted
            .into_iter()
            .filter_map(|(idx, con)| con.map(|con| (idx, con)))
            .collect(),
        pending: pending.into_iter().map(|(idx, _)| idx).collect(),
        guests,
        old: live.map(|live| live.con.id),
        output,
        replaced,
        aside,
        shown: live.is_some_and(|live| live.visible),
        planned,
    }
}

/// The future area of a workspace on this output: that of the visible workspace, which excludes
/// bars.
fn area(desktop: &Desktop, output: Option<&str>) -> Rect {
    let output = output
        .and_then(|name| desktop.output(name))
        .or_else(|| desktop.primary_output());
    desktop
        .workspaces()
        .find(|live| live.visible && output.is_some_and(|output| output.name == live.output))
        .map(|live| live.con.rect)
        .filter(|rect| rect.width > 0 && rect.height > 0)
        .or_else(|| output.map(|output| output.rect))
        .unwrap_or(Rect::new(0, 0, 640, 480))
}

/// The look of windows on this desktop. The height of a title bar is taken from any existing one.
fn look(desktop: &Desktop) -> Look {
    let title = desktop
        .tree
        .descendants()
        .map(|con| con.deco_rect.height)
        .max()
        .filter(|&height| height > 0);
    Look {
        title: title.unwrap_or(Look::default().title),
        border: desktop.defaults.border,
        floating_border: desktop.defaults.floating_border,
    }
}

/// The JSON of a replacement place, for a slot whose place is occupied.
pub fn place_again(plan: &Plan, idx: SlotIdx, rect: Rect, desktop: &Desktop) -> Value {
    append_json::place(
        plan,
        idx,
        rect,
        &hidden_name(desktop, &format!("place:{}", idx.0)),
    )
}

/// The commands that give a kept placeholder the properties of its slot, for the window that it
/// waits for.
pub fn kept_commands(
    con: ConId,
    planned: &Attributes,
    floating: bool,
    defaults: Defaults,
) -> Vec<Command> {
    let default = defaults.border_of(floating);
    let planned = Attributes {
        border: planned.border.or(Some(default)),
        // Fullscreen would cover the existing windows.
        fullscreen: Fullscreen::None,
        ..planned.clone()
    };
    let pairs = planned.each().into_iter().zip(Attributes::default().each());
    let set = pairs.filter(|(planned, default)| planned != default);
    set.flat_map(|(attribute, _)| Command::set(con, attribute))
        .collect()
}

/// The JSON of labels for places.
pub fn labels(plan: &Plan, labels: &[Label], desktop: &Desktop) -> Value {
    append_json::labels(plan, labels, &hidden_name(desktop, "labels"), look(desktop))
}

fn is_ignored(desktop: &Desktop, con: &Con) -> bool {
    desktop.ignored.contains(&con.id)
}

/// The largest containers on the workspace without a window of the plan. With `apart`, only those
/// that have ignored windows or no windows.
fn guests(
    desktop: &Desktop,
    live: WorkspaceRef<'_>,
    planned: &PlannedWorkspace,
    open: Open<'_>,
    apart: bool,
) -> Vec<Guest> {
    // Placeholders of other programs wait for their windows beside the layout.
    let is_foreign = |con: &Con| {
        con.is_window() || con.is_placeholder() && con.swallows && !open.is_outdated(con)
    };
    let foreign = |con: &Con| {
        con.descendants().any(is_foreign) && con.descendants().all(|con| !open.is_known(con))
    };
    let is_mixed = |con: &Con| {
        let mut windows = con.descendants().filter(|con| is_foreign(con));
        let first = windows.next().map(|con| is_ignored(desktop, con));
        first.is_some_and(|first| windows.any(|con| is_ignored(desktop, con) != first))
    };
    let mut found = Vec::new();
    let mut stack: Vec<&Con> = live.con.nodes.iter().rev().collect();
    while let Some(con) = stack.pop() {
        if foreign(con) && !(apart && is_mixed(con)) {
            found.push(Guest {
                con: con.id,
                rect: None,
            });
        } else {
            stack.extend(con.nodes.iter().rev());
        }
    }
    let from = desktop.output(live.output);
    let to = planned.output.as_deref();
    let to = to.and_then(|name| desktop.output(name));
    let moved = |rect: Rect| match (from, to) {
        (Some(from), Some(to)) if from != to => {
            monitors::fit(rect.relative_to(from.rect), Some(from.rect), to.rect)
                .absolute_in(to.rect)
        }
        _ => rect,
    };
    for frame in &live.con.floating_nodes {
        // Sticky windows follow their output without a command.
        if let Some(inner) = frame.nodes.first()
            && foreign(frame)
            && !inner.attributes.sticky
        {
            found.push(Guest {
                con: inner.id,
                rect: Some(moved(frame.rect)),
            });
        }
    }
    found
}

impl Build {
    /// True if there is nothing to build.
    pub fn is_empty(&self) -> bool {
        self.workspaces.is_empty() && self.scratchpad.is_empty() && self.outdated.is_empty()
    }

    /// The message that creates the placeholders which wait for windows.
    pub fn waiting_message(&self) -> Option<Vec<Piece>> {
        let json = self.waiting_json.as_ref()?;
        let hide = Command::WaitingToScratchpad;
        Some(vec![Piece::Layout(json.clone()), Piece::Command(hide)])
    }

    /// The message that creates the hidden workspaces; empty if there are none.
    pub fn message(&self, desktop: &Desktop) -> Vec<Piece> {
        let focused = desktop.focused_workspace();
        let focused = focused.map(|live| live.output.to_owned());
        let workspaces = self.workspaces.iter();
        let workspaces = workspaces.map(|build| (build.output.clone(), &build.json));
        // Its rects are relative to the primary output. When it moves to the scratchpad, i3 scales
        // them from the output that it is on.
        let primary = desktop.primary_output().map(|output| output.name.clone());
        let hidden = self.scratchpad_json.iter();
        let hidden = hidden.map(|json| (primary.clone(), json));
        let mut pieces = Vec::new();
        let mut current = focused.clone();
        for (output, json) in workspaces.chain(hidden) {
            if output.is_some() && output != current {
                let focus = output.clone().map(Command::FocusOutput);
                pieces.extend(focus.map(Piece::Command));
                current = output;
            }
            pieces.push(Piece::Layout(json.clone()));
        }
        if current != focused {
            let focus = focused.map(Command::FocusOutput);
            pieces.extend(focus.map(Piece::Command));
        }
        pieces
    }

    /// The marks that must be in the tree after the hidden workspaces are created.
    pub fn expected_marks(&self, plan: &Plan) -> Vec<String> {
        let workspaces = self.workspaces.iter().flat_map(|build| {
            let slots = build.planned.slots().map(|idx| plan.place_mark(idx));
            slots.chain(build.guests.iter().map(|guest| guest_mark(guest.con)))
        });
        let scratchpad = self
            .scratchpad
            .iter()
            .flat_map(|floating| floating.node.leaves().copied())
            .map(|idx| plan.place_mark(idx));
        // Not those of waiting placeholders: a rule of the i3 config may remove their marks, and
        // their windows are also identified by other evidence.
        workspaces.chain(scratchpad).collect()
    }

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
        for build in &self.workspaces {
            let name = build.name(tree).to_owned();
            if let Some(replaced) = &build.replaced {
                commands.push(Command::RenameWorkspace {
                    from: name.clone(),
                    to: replaced.clone(),
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
        commands.extend(self.leave_places(desktop, tree));
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

    /// Moves the focus from a place to its workspace. i3 would put any new window into a focused
    /// container that has no window.
    fn leave_places(&self, desktop: &Desktop, tree: &Con) -> Option<Command> {
        let focused = desktop.focused_workspace()?;
        let build = self
            .workspaces
            .iter()
            .find(|build| build.old == Some(focused.con.id))?;
        let hidden = tree
            .descendants()
            .find(|con| con.name() == build.hidden_name)?;
        (!build.pending.is_empty()).then_some(Command::Focus(hidden.id))
    }

    /// Shows the new workspaces where the old ones were visible, and returns to the workspace that
    /// the user was on.
    fn show_commands(&self, desktop: &Desktop, tree: &Con) -> Vec<Command> {
        let mut commands: Vec<Command> = self
            .workspaces
            .iter()
            .filter(|build| build.shown)
            .map(|build| {
                let name = build.name(tree);
                let show = |old| leftovers::show(desktop, old, name);
                let by_name = || Command::ShowWorkspace(name.to_owned());
                build.old.map_or_else(by_name, show)
            })
            .collect();
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
    /// The name of the workspace: that of the current workspace in this newer tree, which may have
    /// been renamed meanwhile, else the planned name.
    fn name<'a>(&'a self, tree: &'a Con) -> &'a str {
        let old = self.old.and_then(|old| tree.find(old));
        old.map_or(self.planned.name.as_str(), Con::name)
    }
}

/// The name of a workspace in a newer tree.
fn present_name<'a>(tree: &'a Con, workspace: &'a Con) -> &'a str {
    tree.find(workspace.id).unwrap_or(workspace).name()
}

/// Swaps an open container with a placeholder.
fn adopt(tree: &Con, con: ConId, with: ConId) -> impl Iterator<Item = Command> {
    let live = tree.find(con);
    let is_fullscreen = live.is_some_and(|con| con.attributes.fullscreen != Fullscreen::None);
    // i3 gives the fullscreen mode to the container that is swapped in.
    let uncover = is_fullscreen.then_some(Command::fullscreen(con, Fullscreen::None));
    uncover.into_iter().chain([Command::Swap { con, with }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::live::build::{one_output, placeholder, win, workspace};
    use crate::matching::{Reuse, match_windows};
    use crate::testing::plan;

    #[test]
    fn containers_are_removed_after_everything_is_shown() {
        let shown = || workspace("1", [win("b"), win("a")]).visible().focus([0, 1]);
        let live = one_output([shown()]);
        let plan = plan(
            "version: 1\nworkspaces:\n  - name: '1'\n    visible: true\n    nodes:\n\
             \x20     - { id: a, swallow: { instance: ^a$ } }\n\
             \x20     - { id: b, swallow: { instance: ^b$ } }\n",
            &live,
        );
        let assignment = match_windows(&plan, &live, Reuse::All);
        let differences = diff(&plan, &live, &assignment);
        let build = build(
            &plan,
            &live,
            &assignment,
            &differences,
            &|_| false,
            Mode::Merge,
        );
        let places =
            ["a", "b"].map(|name| placeholder(name).mark(&format!("_i3pm:place:test:{name}")));
        let hidden = workspace(&build.workspaces[0].hidden_name, places);
        let tree = one_output([shown(), hidden]).tree;
        let commands = build.adopt_commands(&plan, &live, &tree);
        let position = |is_it: &dyn Fn(&Command) -> bool| commands.iter().position(is_it);
        let show = commands
            .iter()
            .rposition(|command| matches!(command, Command::ShowNumber(_)));
        let kill = position(&|command| matches!(command, Command::KillPlaceholder(_)));
        assert!(show.is_some() && show < kill, "{commands:#?}");
    }

    #[test]
    fn workspace_keeps_its_present_name() {
        let shown = |name: &str| {
            workspace(name, [win("b"), win("a")])
                .visible()
                .focus([0, 1])
        };
        let live = one_output([shown("1: web")]);
        let plan = plan(
            "version: 1\nworkspaces:\n  - name: '1'\n    nodes:\n\
             \x20     - { id: a, swallow: { instance: ^a$ } }\n\
             \x20     - { id: b, swallow: { instance: ^b$ } }\n",
            &live,
        );
        let assignment = match_windows(&plan, &live, Reuse::All);
        let differences = diff(&plan, &live, &assignment);
        let no = |_| false;
        let build = build(&plan, &live, &assignment, &differences, &no, Mode::Merge);
        // A daemon renames it before the windows are swapped in.
        for name in ["1: web", "1: A, B"] {
            let tree = one_output([shown(name)]).tree;
            let commands = build.adopt_commands(&plan, &live, &tree);
            let renamed: Vec<(&str, &str)> = commands
                .iter()
                .filter_map(|command| match command {
                    Command::RenameWorkspace { from, to } => Some((from.as_str(), to.as_str())),
                    _ => None,
                })
                .collect();
            let [(old, _), (_, new)] = renamed.as_slice() else {
                panic!("{commands:#?}");
            };
            assert_eq!((*old, *new), (name, name));
            assert!(commands.contains(&Command::ShowNumber(name.to_owned())));
        }
    }
}
