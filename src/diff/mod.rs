//! Comparison of a plan with the live tree.
//!
//! `apply` and `diff` use the same list of differences. If it is empty, there is nothing to do. It
//! includes windows that are not in the layout, which matter to `apply` only if it moves or closes
//! them.

pub(crate) mod attributes;
mod containers;
mod difference;
mod left_out;
mod render;
mod shape;
#[cfg(test)]
mod tests;
mod windows;
mod workspace_order;

pub use difference::{Difference, Kind, Location, PropertyChange};
pub use left_out::{lacks_only_windows, without_optional};
pub use render::{change, sentence, sign};
pub(crate) use windows::rounded_size;

use std::collections::BTreeSet;

use crate::compile::{Plan, PlannedNode, PlannedWorkspace, SlotIdx};
use crate::live::{Con, ConId, Desktop, GapSizes, WorkspaceRef};
use crate::matching::Assignment;
use crate::tree::Node;

/// All differences, workspace by workspace in the order of the plan.
pub fn diff(plan: &Plan, desktop: &Desktop, assignment: &Assignment) -> Vec<Difference> {
    let mut differ = Differ {
        plan,
        desktop,
        assignment,
        found: Vec::new(),
    };
    for planned in &plan.workspaces {
        differ.workspace(planned);
    }
    for floating in &plan.scratchpad {
        differ.hidden(floating);
    }
    for (before, after) in workspace_order::disorders(plan, desktop) {
        let first = before.first().cloned();
        let kind = Kind::WorkspaceOrder { before, after };
        differ.push(first.as_deref(), None, None, kind);
    }
    differ.focused_workspace();
    differ.found
}

/// The planned gaps of a workspace, in the form that i3 reports; `None` if the gaps of the
/// i3 config are unknown.
pub(crate) fn gaps(desktop: &Desktop, planned: &PlannedWorkspace) -> Option<GapSizes> {
    let config = desktop.gaps.as_ref()?;
    Some(config.relative(config.of(&planned.name).with(planned.gaps)))
}

struct Differ<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    assignment: &'a Assignment,
    found: Vec<Difference>,
}

impl Differ<'_> {
    fn push(
        &mut self,
        workspace: Option<&str>,
        idx: Option<SlotIdx>,
        con: Option<ConId>,
        kind: Kind,
    ) {
        self.found.push(Difference {
            workspace: workspace.map(str::to_owned),
            slot: idx.map(|idx| self.plan.slot(idx).id.clone()),
            idx,
            con,
            kind,
        });
    }

    fn workspace(&mut self, planned: &PlannedWorkspace) {
        let start = self.found.len();
        self.workspace_as_it_is(planned);
        let mut found = self.found.iter().skip(start);
        if found.any(|one| one.kind == Kind::Focus)
            && let Some(reachable) = planned.reachable(&|idx| self.has_window(idx))
        {
            self.found.truncate(start);
            self.workspace_as_it_is(&reachable);
        }
    }

    fn workspace_as_it_is(&mut self, planned: &PlannedWorkspace) {
        let name = Some(planned.name.as_str());
        let Some(live) = self.plan.live(self.desktop, planned) else {
            if !planned.content.is_empty() || planned.visible {
                self.push(name, None, None, Kind::NoWorkspace);
            }
            self.slots(planned);
            return;
        };
        let con = Some(live.con.id);
        if let Some(output) = &planned.output
            && output != live.output
        {
            let kind = Kind::Output {
                before: output.clone(),
                after: live.output.to_owned(),
            };
            self.push(name, None, con, kind);
        }
        self.gaps(planned, live);
        if planned.visible && !live.visible {
            self.push(name, None, con, Kind::Hidden);
        }
        self.slots(planned);
        for floating in &planned.content.floating {
            self.floating(floating, planned);
        }
        self.tiling(planned, live);
        self.workspace_focus(planned, live);
        self.extras(planned, live);
    }

    fn gaps(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        // Gaps are invisible on a workspace without windows.
        let has_windows = planned.slots().any(|idx| self.has_window(idx));
        if let (Some(before), Some(after), Some(config)) = (
            gaps(self.desktop, planned),
            live.con.gaps,
            &self.desktop.gaps,
        ) && before != after
            && has_windows
        {
            let text = |reported| {
                let sizes = config.absolute(reported);
                format!(
                    "inner {}, top {}, right {}, bottom {}, left {}",
                    sizes.inner, sizes.top, sizes.right, sizes.bottom, sizes.left
                )
            };
            let kind = Kind::Gaps {
                before: text(before),
                after: text(after),
            };
            self.push(Some(&planned.name), None, Some(live.con.id), kind);
        }
    }

    /// The focus order among the tiling and floating children of a workspace.
    fn workspace_focus(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let slots_of_con = |id: &ConId| -> Option<BTreeSet<SlotIdx>> {
            let child = live.con.children().find(|child| child.id == *id)?;
            let cons = child.descendants();
            Some(
                cons.filter_map(|con| self.assignment.slot(con.id))
                    .collect(),
            )
        };
        let slots_of_node = |node: &&PlannedNode| -> BTreeSet<SlotIdx> {
            let slots = node.leaves().copied();
            slots.filter(|&idx| self.has_window(idx)).collect()
        };
        let children: Vec<&PlannedNode> = planned.content.children().collect();
        let positions = planned.content.focus.iter();
        let before: Vec<BTreeSet<SlotIdx>> = positions
            .filter_map(|&position| children.get(position).map(slots_of_node))
            .filter(|slots| !slots.is_empty())
            .collect();
        let after: Vec<BTreeSet<SlotIdx>> = live
            .con
            .focus
            .iter()
            .filter_map(slots_of_con)
            .filter(|slots| !slots.is_empty())
            .collect();
        let same_children =
            before.iter().collect::<BTreeSet<_>>() == after.iter().collect::<BTreeSet<_>>();
        if same_children && before != after {
            self.push(Some(&planned.name), None, Some(live.con.id), Kind::Focus);
        }
    }

    fn extras(&mut self, planned: &PlannedWorkspace, live: WorkspaceRef<'_>) {
        let extras = live.con.windows().filter(|con| {
            self.assignment.slot(con.id).is_none() && !self.desktop.ignored.contains(&con.id)
        });
        for con in extras {
            let window = con.properties.as_ref().and_then(|properties| {
                let title = properties.title.clone().filter(|title| !title.is_empty());
                title.or_else(|| properties.class.clone())
            });
            let window = window.unwrap_or_else(|| "a window without a name".to_owned());
            let kind = Kind::Extra { window };
            self.push(Some(&planned.name), None, Some(con.id), kind);
        }
    }

    fn focused_workspace(&mut self) {
        let live = self.desktop.focused_workspace();
        let planned = live.and_then(|live| self.plan.planned_for(self.desktop, live));
        let planned = planned.map(|planned| planned.name.as_str());
        let Some(expected) = self.plan.focus.as_deref().or(planned) else {
            return;
        };
        // i3 can focus a workspace or a container; a layout means a window.
        let mut cons = self.desktop.tree.descendants();
        let is_on_window = cons.find(|con| con.focused).is_none_or(Con::is_leaf);
        let is_there = planned == Some(expected);
        if !is_there || !is_on_window {
            self.push(Some(expected), None, None, Kind::Focus);
        }
    }

    fn has_window(&self, idx: SlotIdx) -> bool {
        self.assignment.window(idx).is_some()
    }

    fn slots(&mut self, planned: &PlannedWorkspace) {
        for &idx in planned.content.nodes.iter().flat_map(Node::leaves) {
            self.slot(idx, planned, false);
        }
        for floating in &planned.content.floating {
            for &idx in floating.node.leaves() {
                self.slot(idx, planned, true);
            }
        }
    }
}
