//! The order of an output's workspaces, as i3bar and `workspace next` have it.
//!
//! i3 sorts workspaces by their number; those without a number, and those that share
//! one, stand as they were created or renamed (i3's `src/con.c`, `_con_attach`).

use std::collections::BTreeMap;

use crate::compile::Plan;
use crate::live::{Desktop, workspace_number};

/// Workspaces of one output and number (or without one) that i3 has in another order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disorder {
    /// Their names in the order of the plan.
    pub(super) before: Vec<String>,
    /// The same in the order of the desktop.
    pub(super) after: Vec<String>,
}

pub(super) fn disorders(plan: &Plan, desktop: &Desktop) -> Vec<Disorder> {
    let mut groups: BTreeMap<(&str, Option<u64>), Vec<usize>> = BTreeMap::new();
    for live in desktop.workspaces() {
        let name = live.con.name();
        let position = plan
            .workspaces
            .iter()
            .position(|planned| planned.name.eq_ignore_ascii_case(name));
        groups
            .entry((live.output, workspace_number(name)))
            .or_default()
            .extend(position);
    }
    let names = |positions: &[usize]| {
        let planned = positions.iter().filter_map(|&at| plan.workspaces.get(at));
        planned.map(|planned| planned.name.clone()).collect()
    };
    groups
        .into_values()
        .filter(|present| !present.is_sorted())
        .map(|present| {
            let mut sorted = present.clone();
            sorted.sort_unstable();
            Disorder {
                before: names(&sorted),
                after: names(&present),
            }
        })
        .collect()
}
