//! Fills slots with new windows, and waits again for windows that were closed.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::Run;
use super::expected::scoped;
use crate::apply::ApplyError;
use crate::apply::build::{self, Mode};
use crate::apply::leftovers;
use crate::apply::placement::Placement;
use crate::apply::report::Outcome;
use crate::apply::settle::{Intruder, Slots, settle};
use crate::compile::SlotIdx;
use crate::diff::attributes;
use crate::live::{ConId, Desktop};
use crate::matching::{match_windows, undecided};
use crate::tree::Attribute;
use crate::wm::command::Command;

impl Run<'_, '_> {
    /// Moves new windows into their slots.
    pub(super) fn settle(&mut self) -> Result<(), ApplyError> {
        let mut desktop = self.observe()?;
        let lost = self.lost(&desktop);
        if !lost.is_empty() {
            self.wait_again(&lost, &desktop)?;
            desktop = self.observe()?;
        }
        let pending: BTreeSet<SlotIdx> = self.pending.keys().copied().collect();
        let placed = self.placed.iter();
        let seated: BTreeMap<SlotIdx, ConId> = placed
            .map(|(&idx, (placement, _))| (idx, placement.con))
            .collect();
        let expected = self.waits_for();
        let known = self.known(&expected);
        let assignment = match_windows(self.plan, &desktop, known);
        let slots = Slots {
            run: self.in_run(&expected),
            pending: &pending,
            seated: &seated,
        };
        let settled = settle(self.plan, &desktop, &assignment, slots);
        let unsure = undecided(self.plan, &desktop, known, &assignment);
        if !unsure.is_subset(&self.unsure) {
            self.titles_changed = Instant::now();
        }
        self.unsure = unsure;
        let mut commands = settled.commands;
        if let Some(&(idx, con)) = settled.filled.first() {
            // i3 tells all windows their desktop (`_NET_WM_DESKTOP`, EWMH) when a window becomes
            // sticky or stops being sticky (`cmd_sticky` in its `src/commands.c`), but not when
            // containers are swapped. A window whose property still means "all", as in the
            // scratchpad, is floating and sticky after i3 restarts.
            let planned = attributes::of_slot(self.plan, idx);
            let on = planned.is_some_and(|planned| planned.sticky);
            let attribute = Attribute::Sticky(on);
            commands.push(Command::Set { con, attribute });
        }
        self.send_seen(&commands, &desktop.tree)?;
        for intruder in &settled.intruders {
            self.move_back(&desktop, *intruder)?;
        }
        for (idx, what) in settled.beside {
            if let Some(pending) = self.pending.get_mut(&idx) {
                pending.beside = Some(what);
            }
        }
        for idx in settled.emptied {
            if let Some((_, mut pending)) = self.placed.remove(&idx) {
                self.outcomes.remove(&idx);
                pending.labelled = false;
                self.pending.insert(idx, pending);
            }
        }
        for (idx, con) in settled.filled {
            self.fill(idx, con, &desktop);
        }
        Ok(())
    }

    /// Records that a slot has this window now.
    fn fill(&mut self, idx: SlotIdx, con: ConId, desktop: &Desktop) {
        let placement = Placement::of(con, desktop);
        if let Some(mut pending) = self.pending.remove(&idx) {
            pending.filled_at = Some(Instant::now());
            let after = pending.since.elapsed();
            let misfits = Vec::new();
            self.outcomes
                .insert(idx, Outcome::Launched { after, misfits });
            self.placed.insert(idx, (placement, pending));
        } else if let Some((present, _)) = self.placed.get_mut(&idx) {
            *present = placement;
        }
        if let Some(window) = desktop.tree.find(con).and_then(|con| con.window) {
            self.world.session.place(window, self.plan.seat(idx));
        }
        self.late_titles.changed();
    }

    /// The slots whose window opened and was closed again while its program is still running: for
    /// example an undeclared splash screen.
    pub(super) fn lost(&self, desktop: &Desktop) -> Vec<SlotIdx> {
        let is_there = |con: ConId| desktop.tree.find(con).is_some();
        if self
            .placed
            .values()
            .all(|(placement, _)| is_there(placement.con))
        {
            return Vec::new();
        }
        let now = Instant::now();
        let process = self.world.process;
        self.placed
            .iter()
            .filter(|(_, (placement, _))| !is_there(placement.con))
            .filter(|(_, (placement, pending))| {
                pending.deadline > now && (placement.runs(process) || pending.runs(process))
            })
            .map(|(&idx, _)| idx)
            .collect()
    }

    /// Waits again for the windows of slots, and recreates their places.
    ///
    /// Rebuilds their workspaces with places for all pending windows there. No new placeholder
    /// waits with criteria, because the programs are already running; see `docs/i3-facts.md`.
    fn wait_again(&mut self, lost: &[SlotIdx], desktop: &Desktop) -> Result<(), ApplyError> {
        for &idx in lost {
            let Some((placement, mut pending)) = self.placed.remove(&idx) else {
                continue;
            };
            self.outcomes.remove(&idx);
            pending.lost = Some(placement);
            self.pending.insert(idx, pending);
        }
        let workspace = |idx: SlotIdx| self.plan.slot(idx).workspace.as_deref();
        let touched: BTreeSet<Option<&str>> = lost.iter().map(|&idx| workspace(idx)).collect();
        let mut places = BTreeSet::new();
        for (&idx, pending) in &mut self.pending {
            if touched.contains(&workspace(idx)) {
                pending.labelled = false;
                places.insert(self.plan.place_mark(idx));
            }
        }
        let old: Vec<Command> = desktop
            .tree
            .descendants()
            .filter(|con| con.is_placeholder() && con.has_mark(|mark| places.contains(mark)))
            .flat_map(|con| leftovers::removal(con, false))
            .collect();
        self.send_seen(&old, &desktop.tree)?;
        let (desktop, mut assignment, _) = self.look()?;
        // Windows that are already open are moved in as usual.
        assignment.retain(|idx, _| !self.pending.contains_key(&idx));
        let mut differences = scoped(self.plan, &desktop, &assignment, self.options);
        differences.retain(|difference| touched.contains(&difference.workspace.as_deref()));
        let is_pending =
            |idx: SlotIdx| self.pending.contains_key(&idx) && touched.contains(&workspace(idx));
        let (plan, mode) = (self.plan, Mode::Merge);
        let mut build = build::build(plan, &desktop, &assignment, &differences, &is_pending, mode);
        build.waiting_json = None;
        self.perform(&build, &desktop)
    }

    /// Creates a new place for a slot, and moves the window that was in it back to its workspace.
    fn move_back(&mut self, desktop: &Desktop, intruder: Intruder) -> Result<(), ApplyError> {
        let Intruder { slot, con, rect } = intruder;
        if let Some(pending) = self.pending.get_mut(&slot) {
            pending.labelled = false;
        }
        let focused = || desktop.focused_name().map(str::to_owned);
        let workspace = self.plan.live_workspace_of(desktop, slot);
        let workspace = workspace.or_else(focused);
        let mut commands = vec![Command::SwapWithMark {
            con,
            mark: self.plan.place_mark(slot),
        }];
        commands.extend(workspace.map(|workspace| Command::MoveToWorkspace { con, workspace }));
        if desktop.tree.focused_leaf().id == con {
            commands.push(Command::Focus(con));
        }
        self.append(&build::place_again(self.plan, slot, rect), commands)
    }
}
