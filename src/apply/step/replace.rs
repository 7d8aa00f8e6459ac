//! Waits again for windows that were closed, and creates their places again.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::apply::action::Action;
use crate::apply::build::{self, Mode};
use crate::apply::leftovers;
use crate::apply::state::{Phase, SlotState, State};
use crate::compile::{Plan, SlotIdx};
use crate::live::Desktop;
use crate::wm::command::Command;

impl State<'_> {
    /// Removes the places of all pending windows on the workspaces of these slots, and waits for
    /// the windows again.
    pub(super) fn wait_again(&mut self, lost: BTreeSet<SlotIdx>, desktop: &Desktop) {
        for &idx in &lost {
            if let Some(SlotState::Placed(placed)) = self.slots.get(&idx) {
                let mut pending = placed.pending.clone();
                pending.lost = Some(placed.placement);
                let owner = placed.placement.owner.map(Action::Watch);
                self.actions.extend(owner);
                self.slots.insert(idx, SlotState::Pending(pending));
            }
        }
        let plan = self.setup.plan;
        let touched = workspaces_of(plan, &lost);
        let mut places = BTreeSet::new();
        for (&idx, state) in &mut self.slots {
            if let SlotState::Pending(pending) = state
                && touched.contains(&plan.slot(idx).workspace.as_deref())
            {
                pending.labelled = false;
                places.insert(plan.place_mark(idx));
            }
        }
        let old: Vec<Command> = desktop
            .tree
            .descendants()
            .filter(|con| con.is_placeholder() && con.has_mark(|mark| places.contains(mark)))
            .flat_map(|con| leftovers::removal(con, false))
            .collect();
        self.remove(old, &desktop.tree);
        self.observe(Phase::Replacing { lost });
    }

    /// Builds the workspaces of these slots again, with places for all pending windows there. No
    /// new placeholder waits with criteria, because the programs are already running; see
    /// `docs/i3-facts.md`.
    pub(super) fn replace(&mut self, desktop: Rc<Desktop>, lost: &BTreeSet<SlotIdx>) {
        let mut look = self.look(desktop);
        let plan = self.setup.plan;
        let touched = workspaces_of(plan, lost);
        let pending = |idx: SlotIdx| matches!(self.slots.get(&idx), Some(SlotState::Pending(_)));
        // Windows that are already open are moved in as usual.
        look.assignment.retain(|idx, _| !pending(idx));
        let mut differences =
            super::scoped(plan, &look.desktop, &look.assignment, self.setup.options);
        differences.retain(|difference| touched.contains(&difference.workspace.as_deref()));
        let is_pending =
            |idx: SlotIdx| pending(idx) && touched.contains(&plan.slot(idx).workspace.as_deref());
        let (desktop, assignment) = (&look.desktop, &look.assignment);
        let mode = Mode::Merge;
        let mut build = build::build(plan, desktop, assignment, &differences, &is_pending, mode);
        build.waiting_json = None;
        if build.is_empty() {
            return self.observe(Phase::Waiting);
        }
        let message = build.message(&look.desktop);
        if !message.is_empty() {
            self.append(message);
        }
        self.phase = Phase::Building {
            build: Box::new(build),
            before: look.desktop,
            then: Box::new(Phase::Waiting),
        };
        self.actions.push(Action::ReadTree);
    }
}

/// The workspaces of these slots; `None` is the scratchpad.
fn workspaces_of<'p>(plan: &'p Plan, slots: &BTreeSet<SlotIdx>) -> BTreeSet<Option<&'p str>> {
    let workspaces = slots.iter().map(|&idx| plan.slot(idx).workspace.as_deref());
    workspaces.collect()
}
