//! The course of a run: observe, start programs, build, wait, verify, repair, report.
//!
//! Pure: [`step`] takes an event, changes the state and returns actions. `execute` performs the
//! actions and produces the events. It may stop after each action, so a run may be interrupted at
//! any time.
//!
//! This file has the overall course. Each part is in its own file, which extends [`State`].

mod apart;
mod begin;
mod end;
mod expected;
mod fill;
mod give_up;
mod known;
mod labels;
mod late_titles;
mod neighbours;
mod programs;
mod repair;
mod replace;
mod rounds;
mod show;
#[cfg(test)]
mod tests;
mod wait;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::action::{Action, Piece};
use super::attention::Attention;
use super::event::{Event, What};
use super::leftovers::{self, Clear};
use super::state::{
    Desk, Look, Pending, Phase, Placed, Programs, Setup, SlotState, State, Tally, Titles,
};
use crate::compile::{Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop, WorkspaceRef};
use crate::matching::{Assignment, match_windows};
use crate::wm::command::Command;

use expected::scoped;

/// Performs one step of a run.
pub fn step(state: &mut State<'_>, event: Event) -> Vec<Action> {
    state.now = event.at;
    let phase = std::mem::take(&mut state.phase);
    match (event.what, phase) {
        (What::Begun { pid, started }, _) => {
            state.programs.own = (pid, started);
            state.observe(Phase::Clearing { cleared: false });
        }
        (What::Seen { desktop, gone }, phase) => {
            for id in gone {
                state.gone(id);
            }
            state.seen(Rc::new(*desktop), phase);
        }
        (What::Checked(checked), Phase::Checking(look)) => state.checked(look, *checked),
        (
            What::Tree(tree),
            Phase::Building {
                build,
                before,
                then,
            },
        ) => state.adopt(&build, &before, &tree, *then),
        (What::Tree(tree), Phase::Labelling(slots)) => state.put_labels(&slots, &tree),
        (What::Config(config), Phase::Explaining(look)) => state.conclude(look, *config),
        (What::Config(config), Phase::Waiting) => state.has_config(*config),
        (What::Started { slot, result }, phase) => {
            state.phase = phase;
            state.started(slot, result);
        }
        (What::Output { slot, output }, phase) => {
            state.phase = phase;
            if let Some(SlotState::GivenUp(given_up)) = state.slots.get_mut(&slot) {
                given_up.output = (!output.lines.is_empty()).then_some(output);
            }
        }
        (What::Woken(happenings), phase) => {
            state.phase = phase;
            state.woken(happenings);
        }
        // No other event answers what the phase has asked.
        (What::Tree(_) | What::Checked(_) | What::Config(_), phase) => state.phase = phase,
    }
    std::mem::take(&mut state.actions)
}

impl<'p> State<'p> {
    /// The state before the first event, [`What::Begun`].
    pub fn new(setup: Setup<'p>) -> Self {
        Self {
            setup,
            phase: Phase::default(),
            now: Duration::ZERO,
            slots: BTreeMap::new(),
            desk: Desk::default(),
            programs: Programs::default(),
            titles: Titles::default(),
            tally: Tally::default(),
            attention: Attention::default(),
            actions: Vec::new(),
        }
    }

    fn seen(&mut self, desktop: Rc<Desktop>, phase: Phase) {
        if self.setup.follow_outputs(&desktop) {
            // What was built for the old outputs is repaired when all windows are there.
            self.desk.has_built = true;
            self.desk.round = self.desk.round.min(1);
            self.desk.repaired = None;
        }
        match phase {
            Phase::Clearing { cleared } => self.clear_leftovers(desktop, cleared),
            Phase::Showing => self.show_workspaces(&desktop),
            Phase::Waiting => self.look_around(&desktop),
            Phase::Replacing { lost } => self.replace(desktop, &lost),
            Phase::Labelling(slots) => self.draw_labels(&desktop, slots),
            Phase::Keeping => self.keep_placeholders(&desktop),
            Phase::Removing => self.remove_placeholders(desktop),
            Phase::Comparing => self.compare(desktop),
            phase => self.phase = phase,
        }
    }

    /// Asks for the desktop, for this phase.
    fn observe(&mut self, phase: Phase) {
        self.phase = phase;
        self.actions.push(Action::Observe);
    }

    fn send(&mut self, commands: Vec<Command>) {
        if !commands.is_empty() {
            self.tally.commands += commands.len();
            // The next look shows what a failed command did not change.
            self.actions.push(Action::Send(commands));
        }
    }

    /// Sends commands that may remove placeholders of this tree.
    fn remove(&mut self, commands: Vec<Command>, tree: &Con) {
        if commands.is_empty() {
            return;
        }
        self.tally.commands += commands.len();
        let drawn = leftovers::drawn(&commands, tree);
        self.actions.push(Action::Remove { commands, drawn });
    }

    /// Appends a layout and sends the commands that follow, in one message.
    fn append(&mut self, pieces: Vec<Piece>) {
        self.tally.commands += pieces.len();
        self.actions.push(Action::Append(pieces));
    }

    pub(super) fn look(&self, desktop: Rc<Desktop>) -> Look {
        let plan = self.setup.plan;
        let waits_for = self.waits_for();
        let assignment = match_windows(plan, &desktop, self.known(&waits_for));
        let differences = scoped(plan, &desktop, &assignment, self.setup.options);
        Look {
            desktop,
            assignment,
            differences,
        }
    }

    /// Remembers the windows of slots. From now on they belong to the layout, whatever their
    /// titles and workspaces are.
    fn place(&mut self, look: &Look) {
        let (plan, scope) = (self.setup.plan, &self.setup.options.scope);
        self.desk.in_slots.clear();
        let slots = scope.slots(plan);
        let windows: Vec<_> = slots
            .filter_map(|(idx, _)| Some((idx, look.assignment.window(idx)?)))
            .collect();
        for (idx, con) in windows {
            self.desk.in_slots.push((idx, con));
            self.seat(idx, look.desktop.tree.find(con));
        }
        self.desk.last = Some(Rc::clone(&look.desktop));
    }

    /// Remembers the window of a slot.
    fn seat(&mut self, idx: SlotIdx, con: Option<&Con>) {
        if let Some(window) = con.and_then(|con| con.window)
            && self.desk.seated.insert(window, idx) != Some(idx)
        {
            let seat = self.setup.plan.seat(idx);
            self.actions.push(Action::Place { window, seat });
        }
    }

    /// The commands that remove what only exists during a run.
    fn clear(&mut self, desktop: &Desktop) -> bool {
        let commands = leftovers::commands(desktop, Clear::Run);
        let is_needed = !commands.is_empty();
        self.remove(commands, &desktop.tree);
        is_needed
    }

    /// Compares the desktop with the plan after everything that could open has opened.
    fn compare(&mut self, desktop: Rc<Desktop>) {
        let look = self.look(desktop);
        if !self.tally.interrupted && !self.lost(&look.desktop).is_empty() {
            // A new window was closed meanwhile.
            self.look_around(&look.desktop);
            return;
        }
        self.repair(look);
    }

    /// The slots whose windows have not opened yet.
    fn pending(&self) -> impl Iterator<Item = (SlotIdx, &Pending)> {
        self.slots.iter().filter_map(|(&idx, state)| match state {
            SlotState::Pending(pending) => Some((idx, pending)),
            _ => None,
        })
    }

    /// The slots whose windows have opened during the run.
    fn placed(&self) -> impl Iterator<Item = (SlotIdx, &Placed)> {
        self.slots.iter().filter_map(|(&idx, state)| match state {
            SlotState::Placed(placed) => Some((idx, placed)),
            _ => None,
        })
    }

    /// The windows in slots, and the desktop when they were last observed.
    pub(super) fn seated(&self) -> Option<(&Desktop, &[(SlotIdx, ConId)])> {
        let desktop = self.desk.last.as_deref()?;
        Some((desktop, &self.desk.in_slots))
    }

    /// The plan, the desktop and the windows in slots at the end of the run, those that were open
    /// before with the evidence of that time.
    pub(super) fn found(&self) -> Option<(&Plan, &Desktop, Assignment)> {
        let (look, _) = self.desk.found.as_ref()?;
        let mut assignment = look.assignment.clone();
        let matches = assignment.matches.iter_mut().enumerate();
        for (found, state) in matches.filter_map(|(idx, found)| {
            let state = self.slots.get(&SlotIdx(idx))?;
            Some((found.as_mut()?, state))
        }) {
            if let SlotState::Open { evidence, .. } = state {
                found.evidence.clone_from(evidence);
            }
        }
        Some((self.setup.plan, &look.desktop, assignment))
    }

    fn leave_temporary_workspaces(&mut self, desktop: &Desktop) {
        let is_temporary = |workspace: WorkspaceRef| leftovers::is_temporary_name(workspace.con);
        if desktop.workspaces().any(is_temporary) {
            self.clear(desktop);
        }
    }
}
