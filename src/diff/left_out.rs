//! Differences that do not count.

use std::collections::BTreeSet;

use super::{Difference, Kind};
use crate::compile::{Plan, SlotIdx};

/// Separates the differences that count from optional slots without a window. The layout is
/// complete without these slots, and without workspaces that have only such slots.
pub fn without_optional(
    plan: &Plan,
    differences: Vec<Difference>,
) -> (Vec<Difference>, Vec<Difference>) {
    let (left_out, mut counted): (Vec<Difference>, Vec<Difference>) =
        differences.into_iter().partition(|difference| {
            let optional = difference.idx.is_some_and(|idx| plan.slot(idx).optional);
            optional && difference.kind == Kind::Missing
        });
    let away: BTreeSet<SlotIdx> = left_out.iter().filter_map(|one| one.idx).collect();
    counted.retain(|difference| !lacks_only_windows(plan, difference, |idx| away.contains(&idx)));
    (counted, left_out)
}

/// True for a workspace that does not exist only because its windows are missing.
pub fn lacks_only_windows(
    plan: &Plan,
    difference: &Difference,
    is_missing: impl Fn(SlotIdx) -> bool,
) -> bool {
    let name = difference.workspace.as_deref();
    let planned = name.and_then(|name| plan.workspace(name));
    difference.kind == Kind::NoWorkspace
        && planned
            .is_some_and(|planned| !planned.content.is_empty() && planned.slots().all(is_missing))
}
