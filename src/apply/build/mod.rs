//! Decides which workspaces to rebuild, and how.
//!
//! A workspace that differs from the layout is built out of placeholders on a hidden workspace. One
//! IPC message then swaps the open windows in, renames the new workspace, shows it and removes the
//! placeholders left on the old workspace. i3 draws only at the end of a message or when it removes
//! a container, so no intermediate state is visible. A run that is killed before this message has
//! changed nothing.

mod adopt;
mod floating;
mod guests;
mod message;
mod newcomers;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use guests::{guests, is_ignored};

use super::leftovers::{self, TEMPORARY_PREFIX};
use crate::compile::append_json::{self, Guest, Label, Look};
use crate::compile::{Plan, PlannedFloating, PlannedWorkspace, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::geometry::Rect;
use crate::layout::numbered;
use crate::live::{Con, ConId, Defaults, Desktop};
use crate::matching::Assignment;
use crate::tree::{Attributes, Fullscreen};
use crate::wm::command::Command;

/// The handling of windows that are on the layout's workspaces but not in the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    numbered(&format!("before {workspace}"), " ", is_taken)
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
    /// The output on which to build it.
    pub output: Option<String>,
    /// The current workspace for it, which it replaces.
    pub old: Option<OldWorkspace>,
}

/// A workspace that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldWorkspace {
    /// Its container.
    pub con: ConId,
    /// True if it is visible.
    pub shown: bool,
    /// Its new name, which is temporary if no window stays on it.
    pub name: String,
    /// The number of windows that stay on it.
    pub aside: usize,
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
            Look::of(desktop),
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
    let old = live.map(|live| OldWorkspace {
        con: live.con.id,
        shown: live.visible,
        name: if aside > 0 {
            aside_name(desktop, live.con.name())
        } else {
            hidden_name.replace(":new:", ":old:")
        },
        aside,
    });
    let output = planned
        .output
        .clone()
        .or_else(|| live.map(|live| live.output.to_owned()));
    // A new workspace has no gaps of its own yet, whatever its name.
    let gaps = crate::diff::gaps(desktop, &planned)
        .or_else(|| live.and_then(|live| live.con.gaps))
        .filter(|_| desktop.workspaces().any(|live| live.con.gaps.is_some()));
    let (area, look) = (area(desktop, output.as_deref()), Look::of(desktop));
    WorkspaceBuild {
        json: append_json::workspace(plan, &planned, &hidden_name, &guests, area, look, gaps),
        hidden_name,
        adopted: adopted
            .into_iter()
            .filter_map(|(idx, con)| con.map(|con| (idx, con)))
            .collect(),
        pending: pending.into_iter().map(|(idx, _)| idx).collect(),
        guests,
        output,
        old,
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

/// The JSON of the container in which spent places are removed.
pub fn spent_box(desktop: &Desktop) -> Value {
    append_json::spent_box(&hidden_name(desktop, "spent"))
}

/// The JSON of labels for places.
pub fn labels(plan: &Plan, labels: &[Label], desktop: &Desktop) -> Value {
    append_json::labels(
        plan,
        labels,
        &hidden_name(desktop, "labels"),
        Look::of(desktop),
    )
}

impl Build {
    /// True if there is nothing to build.
    pub fn is_empty(&self) -> bool {
        self.workspaces.is_empty() && self.scratchpad.is_empty() && self.outdated.is_empty()
    }
}
