//! The order of an output's workspaces, as in i3bar and `workspace next`.
//!
//! i3 sorts workspaces by number. Workspaces without a number, and those that share one,
//! keep the order in which they were created or renamed (i3's `src/con.c`, `_con_attach`).

use std::collections::BTreeMap;

use crate::compile::Plan;
use crate::live::{Desktop, workspace_number};

/// Groups of workspaces of one output and number (or without one) that are out of order:
/// their names in the order of the plan, then in the order of the desktop.
pub(super) fn disorders(plan: &Plan, desktop: &Desktop) -> Vec<(Vec<String>, Vec<String>)> {
    let mut groups: BTreeMap<(&str, Option<u64>), Vec<usize>> = BTreeMap::new();
    for live in desktop.workspaces() {
        let position = plan.workspaces.iter().position(|planned| {
            let found = plan.live(desktop, planned);
            found.is_some_and(|found| found.con.id == live.con.id)
        });
        groups
            .entry((live.output, workspace_number(live.con.name())))
            .or_default()
            .extend(position);
    }
    let names = |positions: &[usize]| -> Vec<String> {
        let planned = positions.iter().filter_map(|&at| plan.workspaces.get(at));
        planned.map(|planned| planned.name.clone()).collect()
    };
    groups
        .into_values()
        .filter(|present| !present.is_sorted())
        .map(|present| {
            let mut sorted = present.clone();
            sorted.sort_unstable();
            (names(&sorted), names(&present))
        })
        .collect()
}
