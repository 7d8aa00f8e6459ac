//! The slots, windows and workspaces that a list of differences marks.

use std::collections::BTreeMap;

use super::scene::Change;
use crate::compile::{Plan, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::live::{Con, ConId, Desktop};
use crate::matching::Assignment;

/// The differences of slots, of containers of the desktop, and of workspaces. By default, there
/// are none.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    slots: BTreeMap<SlotIdx, Change>,
    cons: BTreeMap<ConId, Change>,
    workspaces: BTreeMap<String, Change>,
    /// The slots of the windows, for their labels.
    names: BTreeMap<ConId, String>,
}

impl Changes {
    /// The marks of these differences, on the plan and on the desktop.
    pub fn new(
        plan: &Plan,
        desktop: &Desktop,
        assignment: &Assignment,
        differences: &[Difference],
    ) -> Self {
        let mut changes = Self::default();
        for (idx, slot) in plan.slots() {
            if let Some(con) = assignment.window(idx) {
                changes.names.insert(con, slot.id.clone());
            }
        }
        for difference in differences {
            changes.mark(desktop, assignment, difference);
        }
        changes
    }

    fn mark(&mut self, desktop: &Desktop, assignment: &Assignment, difference: &Difference) {
        let change = Change::of(difference);
        if let Some(idx) = difference.idx {
            raise(&mut self.slots, idx, change);
            if let Some(con) = assignment.window(idx) {
                raise(&mut self.cons, con, change);
            }
            return;
        }
        let con = difference.con.and_then(|id| desktop.tree.find(id));
        let is_of_window = matches!(
            difference.kind,
            Kind::Extra { .. } | Kind::Resized { .. } | Kind::Layout { .. } | Kind::Property(_)
        );
        let cons = con.filter(|_| is_of_window);
        for con in cons.into_iter().flat_map(Con::windows) {
            raise(&mut self.cons, con.id, change);
            if let Some(idx) = assignment.slot(con.id) {
                raise(&mut self.slots, idx, change);
            }
        }
        if cons.is_none()
            && let Some(workspace) = &difference.workspace
        {
            raise(&mut self.workspaces, workspace.clone(), change);
        }
    }

    pub(super) fn of_slot(&self, idx: SlotIdx) -> Option<Change> {
        self.slots.get(&idx).copied()
    }

    pub(super) fn of_con(&self, con: ConId) -> Option<Change> {
        self.cons.get(&con).copied()
    }

    pub(super) fn of_workspace(&self, name: &str) -> Option<Change> {
        self.workspaces.get(name).copied()
    }

    /// The slot of a window.
    pub(super) fn slot_of(&self, con: ConId) -> Option<&str> {
        self.names.get(&con).map(String::as_str)
    }
}

fn raise<K: Ord>(changes: &mut BTreeMap<K, Change>, key: K, change: Change) {
    let known = changes.entry(key).or_insert(change);
    *known = change.max(*known);
}
