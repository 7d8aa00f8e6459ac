//! Records the outcome of each slot during a run, for the report.

use std::collections::{BTreeMap, BTreeSet};

use super::{Progress, Run, cpu_time};
use crate::apply::build::Build;
use crate::apply::causes::causes;
use crate::apply::report::{
    Aside, Neighbour, Note, Outcome, ProgramOutput, Remedy, Report, SlotReport,
};
use crate::compile::{Launch, Slot, SlotIdx};
use crate::diff::{Difference, Kind, lacks_only_windows};
use crate::layout::Matcher;
use crate::layout::criteria::{self, Misfit};
use crate::live::{Con, ConId, Desktop, WindowFacts, XId};
use crate::matching::{Assignment, Known, match_windows};
use crate::wm::WindowConfig;

/// The reason for a slot whose window opened and was closed.
pub(super) const CLOSED: &str = "its window was closed during the run";

/// The reason for a slot without a command whose window is not open.
pub(super) const NOT_OPEN: &str = "its window is not open, and it has no command";

impl Run<'_, '_> {
    pub(super) fn missing(
        &mut self,
        idx: SlotIdx,
        reason: String,
        output: Option<ProgramOutput>,
        pid: Option<u32>,
        remedy: Option<Remedy>,
    ) {
        let outcome = empty(self.plan.slot(idx), reason, output, pid, remedy);
        self.outcomes.insert(idx, outcome);
    }

    /// Updates slots that were given up but have a window: it opened at the last moment, or it is a
    /// dialog, which a run does not wait for. It is in its place like any other window.
    pub(super) fn note_late(&mut self, assignment: &Assignment, expected: &BTreeSet<SlotIdx>) {
        if self.interrupted {
            return;
        }
        for (&idx, outcome) in &mut self.outcomes {
            if !outcome.is_empty() || assignment.window(idx).is_none() {
                continue;
            }
            *outcome = if expected.contains(&idx) && !self.borrow.contains(&idx) {
                Outcome::Launched {
                    after: self.begun.elapsed(),
                    misfits: Vec::new(),
                }
            } else {
                Outcome::Adopted
            };
        }
    }

    pub(super) fn note_other_windows(&mut self, build: &Build, desktop: &Desktop) {
        let aside = build.workspaces.iter().filter(|build| build.aside > 0);
        self.aside.extend(aside.filter_map(|workspace| {
            let live = workspace.old.and_then(|old| desktop.tree.find(old));
            Some(Aside {
                workspace: live.map_or("", Con::name).to_owned(),
                to: workspace.replaced.clone()?,
            })
        }));
    }

    /// Records which windows of other layouts are used, and which slots could use one.
    pub(super) fn note_other_layouts(
        &mut self,
        desktop: &Desktop,
        assignment: &Assignment,
        expected: &BTreeSet<SlotIdx>,
    ) {
        let plan = self.plan;
        let own = plan.name_of_seats();
        let other = |con: ConId| {
            let seats = desktop.tree.find(con).map(|con| desktop.seats(con))?;
            let is_own = seats.iter().any(|seat| seat.layout == own);
            seats.last().filter(|_| !is_own)
        };
        for (idx, _) in self.options.scope.slots(plan) {
            let seat = assignment.window(idx).and_then(other);
            self.taken
                .extend(seat.map(|seat| (idx, seat.layout.clone())));
        }
        let is_reserved = |window: &XId| {
            let seats = desktop.seats.get(window);
            seats.is_some_and(|seats| seats.iter().any(|seat| seat.layout != own && seat.reserved))
        };
        if expected.is_empty() || !desktop.windows.keys().any(is_reserved) {
            return;
        }
        let known = Known {
            reuse: self.options.reuse,
            borrow: Some(expected),
            run: None,
        };
        let borrowed = match_windows(plan, desktop, known);
        for &idx in expected {
            let seat = borrowed.window(idx).and_then(other);
            let seat = seat.filter(|seat| seat.reserved);
            self.lendable
                .extend(seat.map(|seat| (idx, seat.layout.clone())));
        }
    }

    /// The slots of started programs of which something else in the session has opened a window
    /// during the run, too.
    fn doubled(&self, desktop: &Desktop) -> Vec<String> {
        let expected = self.waits_for();
        let run = self.in_run(&expected);
        let foreign: Vec<&WindowFacts> = desktop
            .windows
            .iter()
            .filter(|(window, _)| {
                !self.before.contains(window) && !desktop.seats.contains_key(window)
            })
            .map(|(_, facts)| facts)
            .filter(|facts| run.is_opened_by_user(facts))
            .collect();
        let started = self.started.keys().filter(|idx| {
            matches!(&self.plan.slot(**idx).launch, Launch::Program(program)
                if foreign.iter().any(|facts| program.opens(facts)))
        });
        started.map(|&idx| self.plan.slot(idx).id.clone()).collect()
    }

    /// The other layouts whose windows fit slots.
    fn neighbours(&self) -> Vec<Neighbour> {
        let mut found: BTreeMap<&String, Neighbour> = BTreeMap::new();
        let taken = self.taken.iter().map(|(idx, layout)| (idx, layout, true));
        let lendable = self.lendable.iter();
        let lendable = lendable.map(|(idx, layout)| (idx, layout, self.borrow.contains(idx)));
        for (&idx, layout, is_taken) in taken.chain(lendable) {
            let neighbour = found.entry(layout).or_insert_with(|| Neighbour {
                layout: layout.clone(),
                ..Neighbour::default()
            });
            let slot = self.plan.slot(idx).id.clone();
            if is_taken {
                neighbour.taken.push(slot);
            } else if self.started.contains_key(&idx) {
                neighbour.kept.push(slot);
            }
        }
        let found = found.into_values();
        found
            .filter(|one| !one.taken.is_empty() || !one.kept.is_empty())
            .collect()
    }

    pub(super) fn note_open_windows(
        &mut self,
        assignment: &Assignment,
        differences: &[Difference],
    ) {
        for (idx, _) in self.options.scope.slots(self.plan) {
            if assignment.window(idx).is_none() {
                continue;
            }
            let moved = differences.iter().any(|difference| {
                difference.idx == Some(idx) && matches!(difference.kind, Kind::Moved { .. })
            });
            let outcome = if moved {
                Outcome::Adopted
            } else {
                Outcome::Placed
            };
            self.outcomes.insert(idx, outcome);
        }
    }

    /// Records slots without a window whose window is not expected to open.
    pub(super) fn note_hopeless(&mut self, assignment: &Assignment, expected: &BTreeSet<SlotIdx>) {
        for (idx, slot) in self.options.scope.slots(self.plan) {
            if assignment.window(idx).is_some()
                || expected.contains(&idx)
                || self.outcomes.contains_key(&idx)
            {
                continue;
            }
            let reason = match &slot.launch {
                Launch::Unresolved { reason, .. } => reason.clone(),
                Launch::Program(_) => {
                    "its window is not open, and `--no-launch` was given".to_owned()
                }
                Launch::Elsewhere => NOT_OPEN.to_owned(),
            };
            let remedy = Remedy::of(&slot.launch);
            self.missing(idx, reason, None, None, remedy);
        }
    }

    pub(super) fn tell(&mut self) {
        let filled = self
            .outcomes
            .values()
            .filter(|outcome| !outcome.is_empty())
            .count();
        let waiting = self
            .still_pending()
            .min_by_key(|(_, pending)| pending.since)
            .map(|(idx, _)| self.plan.slot(idx).id.as_str());
        if waiting.is_some() {
            self.report_losses();
        }
        self.progress.update(Progress {
            filled,
            total: self.options.scope.slots(self.plan).count(),
            waiting,
            elapsed: self.begun.elapsed(),
        });
    }

    /// Only while others are pending; otherwise the report follows immediately.
    fn report_losses(&mut self) {
        for (&idx, outcome) in &self.outcomes {
            if matches!(outcome, Outcome::Missing { .. }) && self.reported.insert(idx) {
                let slot = self.plan.slot(idx);
                self.progress.gave_up(&SlotReport {
                    slot: slot.id.clone(),
                    workspace: slot.workspace.clone(),
                    outcome: outcome.clone(),
                    notes: self.notes_of(idx),
                });
            }
        }
    }

    fn notes_of(&self, idx: SlotIdx) -> Vec<Note> {
        self.notes.get(&idx).cloned().unwrap_or_default()
    }

    /// The criteria of a slot that its window does not match.
    fn misfits(&self, idx: SlotIdx, desktop: &Desktop) -> Vec<Misfit> {
        let slot = self.plan.slot(idx);
        let seat = self.plan.seat(idx);
        let mut windows = desktop.tree.windows();
        let window = windows.find(|con| desktop.seats(con).contains(&seat));
        let properties = window.and_then(|con| con.properties.as_ref());
        let both = Matcher::of_slot(&slot.swallow).zip(properties);
        let mut misfits = both.map_or_else(Vec::new, |(matcher, properties)| {
            matcher.misfits(properties)
        });
        // The window had these properties during the capture, so it will have them again:
        // LibreOffice opens as `Soffice` and sets the class of the specific program later.
        if !slot.seen.is_empty() {
            misfits.retain(|misfit| !criteria::is_whole(&misfit.pattern));
        }
        misfits
    }

    pub(super) fn report(
        &self,
        differences: &[Difference],
        desktop: &Desktop,
        config: &WindowConfig,
    ) -> Report {
        let is_missing = |idx: SlotIdx| {
            let mut all = differences.iter();
            all.any(|difference| difference.idx == Some(idx) && difference.kind == Kind::Missing)
        };
        // An empty workspace exists only with its first window; these missing windows are reported.
        let is_empty = |one: &Difference| lacks_only_windows(self.plan, one, is_missing);
        let left: Vec<Difference> = differences
            .iter()
            .filter(|difference| is_wrong(difference) && !is_empty(difference))
            .cloned()
            .collect();
        let slots = self.options.scope.slots(self.plan);
        let slots = slots
            .map(|(idx, slot)| {
                let missing = || {
                    let remedy = Remedy::of(&slot.launch);
                    empty(slot, CLOSED.to_owned(), None, None, remedy)
                };
                let outcome = self.outcomes.get(&idx).cloned().unwrap_or_else(missing);
                let is_gone = is_missing(idx);
                let misplaced = left.iter().find_map(|difference| {
                    (difference.idx == Some(idx)).then(|| {
                        let con = difference.con.and_then(|con| desktop.tree.find(con));
                        let properties = con.and_then(|con| con.properties.as_ref());
                        let causes = |properties| causes(config, difference, properties);
                        Outcome::Misplaced {
                            reason: crate::diff::sentence(difference),
                            causes: properties.map_or_else(Vec::new, causes),
                        }
                    })
                });
                let outcome = match (outcome, misplaced) {
                    (outcome, _) if outcome.is_empty() => outcome,
                    _ if is_gone => missing(),
                    (_, Some(misplaced)) => misplaced,
                    (Outcome::Launched { after, .. }, None) => Outcome::Launched {
                        after,
                        misfits: self.misfits(idx, desktop),
                    },
                    (outcome, None) => outcome,
                };
                SlotReport {
                    slot: slot.id.clone(),
                    workspace: slot.workspace.clone(),
                    outcome,
                    notes: self.notes_of(idx),
                }
            })
            .collect();
        Report {
            layout: self.plan.layout.clone(),
            slots,
            changed: &self.wrong - &differences.iter().filter_map(Difference::what).collect(),
            differences: left,
            elapsed: self.begun.elapsed(),
            own: cpu_time().saturating_sub(self.cpu_before),
            commands: self.commands,
            aside: self.aside.clone(),
            others: self.neighbours(),
            doubled: self.doubled(desktop),
            kept: self
                .kept
                .iter()
                .map(|&idx| self.plan.slot(idx).id.clone())
                .collect(),
            closed: self.closed,
            interrupted: self.interrupted,
        }
    }
}

/// The outcome for a slot without a window.
fn empty(
    slot: &Slot,
    reason: String,
    output: Option<ProgramOutput>,
    pid: Option<u32>,
    remedy: Option<Remedy>,
) -> Outcome {
    if slot.may_stay_away() {
        return Outcome::LeftOut { reason };
    }
    Outcome::Missing {
        reason,
        output,
        pid,
        optional: slot.optional,
        remedy,
    }
}

/// True if the difference concerns something that exists.
pub(super) const fn is_wrong(difference: &Difference) -> bool {
    !difference.is_attention() && !matches!(difference.kind, Kind::Missing | Kind::Extra { .. })
}
