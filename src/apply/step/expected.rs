//! The selected part of a layout, and the windows that are expected to open.
//!
//! Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::options::{Missing, Options};
use crate::compile::{Launch, Plan, Program, Shown, Slot, SlotIdx};
use crate::diff::{Difference, Kind, diff};
use crate::live::{ConId, Desktop};
use crate::matching::Assignment;

/// The windows on the plan's workspaces that are not in the plan.
pub(in crate::apply) fn other_windows(differences: &[Difference]) -> impl Iterator<Item = ConId> {
    differences
        .iter()
        .filter(|difference| matches!(difference.kind, Kind::Extra { .. }))
        .filter_map(|difference| difference.con)
}

/// The differences in the selected part.
pub(in crate::apply) fn scoped(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    options: &Options,
) -> Vec<Difference> {
    let mut found = diff(plan, desktop, assignment);
    found.retain(|difference| options.scope.has(plan, difference));
    if options.missing == Missing::Skip {
        found.retain(|difference| !is_of_absent(plan, desktop, assignment, difference));
    }
    found
}

/// True if a workspace is not shown or not focused only because none of its windows is open.
fn is_of_absent(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    difference: &Difference,
) -> bool {
    let name = difference.workspace.as_deref();
    let planned = name.and_then(|name| plan.workspace(name));
    matches!(difference.kind, Kind::NoWorkspace | Kind::Focus)
        && planned.is_some_and(|planned| {
            plan.live(desktop, planned).is_none()
                && !planned.content.is_empty()
                && planned.slots().all(|idx| assignment.window(idx).is_none())
        })
}

/// The slots without a window whose window is expected to open. No window is expected from
/// programs that cannot be started.
pub(super) fn expected(
    plan: &Plan,
    assignment: &Assignment,
    options: &Options,
    may_start: impl Fn(SlotIdx) -> bool,
    fallbacks: &BTreeMap<SlotIdx, Program>,
) -> BTreeSet<SlotIdx> {
    if options.missing != Missing::Start {
        return BTreeSet::new();
    }
    let missing =
        |idx: SlotIdx| assignment.window(idx).is_none() && options.scope.has_slot(plan, idx);
    let programs: BTreeSet<SlotIdx> = plan
        .slots()
        .filter(|(idx, slot)| missing(*idx) && matches!(slot.launch, Launch::Program(_)))
        .filter(|(idx, _)| may_start(*idx))
        .map(|(idx, _)| idx)
        .collect();
    let others = plan
        .slots()
        .filter(|(idx, slot)| {
            missing(*idx)
                && matches!(slot.launch, Launch::Elsewhere)
                && (fallbacks.contains_key(idx)
                    // Otherwise, no program would open the windows of the others.
                    || !programs.is_empty() && may_be_opened_by(plan, slot, &programs))
        })
        .map(|(idx, _)| idx);
    programs.iter().copied().chain(others).collect()
}

/// The programs for slots without a command that have no window: each opens another window of the
/// program in a slot of the same class. `new_window` gives the command line for that
/// program, if it is known.
pub(super) fn fallbacks(
    plan: &Plan,
    assignment: &Assignment,
    options: &Options,
    new_window: impl Fn(SlotIdx) -> Option<Vec<String>>,
) -> BTreeMap<SlotIdx, Program> {
    let slots = options.scope.slots(plan).filter(|(idx, slot)| {
        assignment.window(*idx).is_none()
            && matches!(slot.launch, Launch::Elsewhere)
            && !slot.optional
    });
    let programs = slots.filter_map(|(idx, slot)| {
        let mut kin = plan.slots().filter(|(_, other)| other.may_open(slot));
        kin.find_map(|(other, slot)| {
            let Launch::Program(program) = &slot.launch else {
                return None;
            };
            let argv = new_window(other)?;
            let shown = Shown {
                argv: argv.clone(),
                ..program.shown.clone()
            };
            let program = Program {
                argv,
                shown,
                ..program.clone()
            };
            Some((idx, program))
        })
    });
    programs.collect()
}

/// True if one of these programs may open the window of a slot without a command: a program whose
/// own window has the same class, or any program if the plan has no other window of that class.
fn may_be_opened_by(plan: &Plan, slot: &Slot, programs: &BTreeSet<SlotIdx>) -> bool {
    let kin = plan.slots().filter(|(_, other)| other.may_open(slot));
    let mut kin = kin.peekable();
    kin.peek().is_none() || kin.any(|(idx, _)| programs.contains(&idx))
}
