//! Fills slots with new windows.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::action::Piece;
use crate::apply::arrivals::Arrivals;
use crate::apply::build;
use crate::apply::finish::to_set;
use crate::apply::leftovers;
use crate::apply::placement::Placement;
use crate::apply::settle::{Intruder, Slots, settle};
use crate::apply::state::{Phase, Placed, SlotState, State};
use crate::compile::{Plan, SlotIdx};
use crate::diff::attributes;
use crate::live::{ConId, Desktop};
use crate::matching::{match_windows, undecided};
use crate::tree::Attribute;
use crate::wm::command::Command;

impl State<'_> {
    /// Moves new windows into their slots.
    pub(super) fn look_around(&mut self, desktop: &Desktop) {
        self.programs.arrivals = Arrivals::at(self.now);
        let lost = self.lost(desktop);
        if !lost.is_empty() {
            return self.wait_again(lost, desktop);
        }
        let (has_moved, placeless) = self.settle(desktop);
        if !placeless.is_empty() {
            return self.wait_again(placeless, desktop);
        }
        self.start_again(desktop);
        self.give_up_lost(desktop);
        self.find_late_titles(desktop);
        if self.needs_label().next().is_none() {
            return self.go_on_waiting();
        }
        let slots = self.needs_label().collect();
        if has_moved {
            self.observe(Phase::Labelling(slots));
        } else {
            self.draw_labels(desktop, slots);
        }
    }

    /// Returns true if it has changed anything on the desktop, and the slots whose place is gone.
    fn settle(&mut self, desktop: &Desktop) -> (bool, BTreeSet<SlotIdx>) {
        let plan = self.setup.plan;
        let pending: BTreeSet<SlotIdx> = self.pending().map(|(idx, _)| idx).collect();
        let placed = self.placed();
        let seated: BTreeMap<SlotIdx, ConId> = placed
            .filter(|(_, placed)| placed.placement.is_open(desktop))
            .map(|(idx, placed)| (idx, placed.placement.con))
            .collect();
        let waits_for = self.waits_for();
        let known = self.known(&waits_for);
        let assignment = match_windows(plan, desktop, known);
        let slots = Slots {
            run: self.in_run(&waits_for),
            pending: &pending,
            seated: &seated,
        };
        let settled = settle(plan, desktop, &assignment, slots);
        let unsure = undecided(plan, desktop, known, &assignment);
        if !unsure.is_subset(&self.titles.unsure) {
            self.titles.changed_at = self.now;
        }
        self.titles.unsure = unsure;
        let filled = settled.filled.iter();
        let dressed = filled.flat_map(|&(idx, con)| dress(plan, desktop, idx, con));
        let mut commands: Vec<Command> = dressed.chain(settled.commands).collect();
        if let Some(&(idx, con)) = settled.filled.first() {
            // i3 tells all windows their desktop (`_NET_WM_DESKTOP`, EWMH) when a window becomes
            // sticky or stops being sticky (`cmd_sticky` in its `src/commands.c`), but not when
            // containers are swapped. A window whose property still means "all", as in the
            // scratchpad, is floating and sticky after i3 restarts.
            let planned = attributes::of_slot(plan, idx);
            let on = planned.is_some_and(|planned| planned.sticky);
            let attribute = Attribute::Sticky(on);
            commands.push(Command::Set { con, attribute });
        }
        let has_moved = !commands.is_empty() || !settled.intruders.is_empty();
        let has_spent = commands.iter().any(Command::marks_spent)
            || desktop.tree.descendants().any(leftovers::is_spent);
        self.remove(commands, &desktop.tree);
        for intruder in settled.intruders {
            self.move_back(desktop, intruder);
        }
        for (idx, what) in settled.beside {
            if let Some(SlotState::Pending(pending)) = self.slots.get_mut(&idx) {
                pending.beside = Some(what);
            }
        }
        for idx in settled.emptied {
            if let Some(SlotState::Placed(placed)) = self.slots.get(&idx) {
                let mut pending = placed.pending.clone();
                pending.labelled = false;
                self.slots.insert(idx, SlotState::Pending(pending));
            }
        }
        for (idx, con) in settled.filled {
            self.fill(idx, con, desktop);
        }
        if has_spent && self.pending().next().is_none() {
            self.remove_all_spent(desktop);
        }
        (has_moved, settled.placeless.into_iter().collect())
    }

    /// Records that a slot has this window now.
    fn fill(&mut self, idx: SlotIdx, con: ConId, desktop: &Desktop) {
        let placement = Placement::of(con, desktop);
        match self.slots.get_mut(&idx) {
            Some(SlotState::Pending(pending)) => {
                let placed = Placed {
                    placement,
                    at: self.now,
                    pending: std::mem::take(pending),
                };
                self.slots.insert(idx, SlotState::Placed(placed));
            }
            Some(SlotState::Placed(placed)) => placed.placement = placement,
            _ => {}
        }
        self.seat(idx, desktop.tree.find(con));
    }

    /// Creates a new place for a slot, and moves the window that was in it back to its workspace.
    fn move_back(&mut self, desktop: &Desktop, intruder: Intruder) {
        let Intruder { slot, con, rect } = intruder;
        if let Some(SlotState::Pending(pending)) = self.slots.get_mut(&slot) {
            pending.labelled = false;
        }
        let plan = self.setup.plan;
        let focused = || desktop.focused_name().map(str::to_owned);
        let workspace = plan.live_workspace_of(desktop, slot);
        let workspace = workspace.or_else(focused);
        let mut commands = vec![Command::SwapWithMark {
            con,
            mark: plan.place_mark(slot),
        }];
        commands.extend(workspace.map(|workspace| Command::MoveToWorkspace { con, workspace }));
        // i3 has treated it like the place.
        let floats = desktop
            .tree
            .find(con)
            .is_some_and(|con| !con.is_main_window());
        if floats {
            commands.push(Command::Floating { con, on: true });
        }
        let border = desktop.defaults.border_of(floats);
        let attribute = Attribute::Border(Some(border));
        commands.push(Command::Set { con, attribute });
        if desktop.tree.focused_leaf().id == con {
            commands.push(Command::Focus(con));
        }
        let place = build::place_again(plan, slot, rect, desktop);
        let pieces = commands.into_iter().map(Piece::Command);
        self.append(
            std::iter::once(Piece::Layout(place))
                .chain(pieces)
                .collect(),
        );
    }

    /// The slots whose window opened and was closed again while its program is still running: for
    /// example an undeclared splash screen.
    pub(super) fn lost(&self, desktop: &Desktop) -> BTreeSet<SlotIdx> {
        self.placed()
            .filter(|(_, placed)| {
                placed.pending.deadline > self.now
                    && (placed.placement.owner.is_some() || placed.pending.runs())
            })
            .filter(|(_, placed)| !placed.placement.is_open(desktop))
            .map(|(idx, _)| idx)
            .collect()
    }
}

/// The commands that give a new window the attributes of its slot before it is moved there: a
/// border that changes later would change the size of the window.
fn dress(plan: &Plan, desktop: &Desktop, idx: SlotIdx, con: ConId) -> Vec<Command> {
    let Some((planned, con)) = attributes::of_slot(plan, idx).zip(desktop.tree.find(con)) else {
        return Vec::new();
    };
    let place = desktop.tree.placeholder(&plan.place_mark(idx));
    let default = desktop
        .defaults
        .border_of(place.is_some_and(|place| place.floating));
    let changes = attributes::changes(planned, con, Some(default));
    let set = changes.map(|change| to_set(&change));
    // The others depend on the place of a window.
    let is_of_window = |attribute: &Attribute| {
        !matches!(attribute, Attribute::Sticky(_) | Attribute::Fullscreen(_))
    };
    set.filter(is_of_window)
        .flat_map(|attribute| Command::set(con.id, attribute))
        .collect()
}
