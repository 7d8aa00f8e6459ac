//! The report of a run.

use crate::apply::causes::causes;
use crate::apply::options::Missing;
use crate::apply::reason::Reason;
use crate::apply::remedy::Remedy;
use crate::apply::report::{BesideLayout, Costs, OnMonitors, Outcome, Report, SlotReport};
use crate::apply::state::{GivenUp, Look, SlotState, State};
use crate::apply::step::repair::is_wrong;
use crate::compile::{Launch, PlannedWorkspace, SlotIdx};
use crate::diff::{Difference, Kind, lacks_only_windows};
use crate::layout::Matcher;
use crate::layout::criteria::{self, Misfit};
use crate::live::{Desktop, WindowFacts};
use crate::wm::WindowConfig;

impl State<'_> {
    /// Updates slots that were given up but have a window: it opened at the last moment, or it is a
    /// dialog, which a run does not wait for. It is in its place like any other window.
    pub(super) fn note_late(&mut self, look: &Look) {
        if self.tally.interrupted {
            return;
        }
        let (programs, borrow) = (&self.programs, &self.tally.borrow);
        for (&idx, state) in &mut self.slots {
            if !matches!(state, SlotState::GivenUp(_)) || look.assignment.window(idx).is_none() {
                continue;
            }
            let has_opened = programs.expected.contains(&idx) && !borrow.contains(&idx);
            *state = SlotState::Late {
                after: has_opened.then_some(self.now),
            };
        }
    }

    /// The present outcome of a slot, without regard to its place.
    fn outcome(&self, idx: SlotIdx) -> Outcome {
        let launched = |after| Outcome::Launched {
            after,
            misfits: Vec::new(),
        };
        match self.slots.get(&idx) {
            Some(SlotState::Open { moved: false, .. }) => Outcome::Placed,
            Some(SlotState::Open { moved: true, .. } | SlotState::Late { after: None }) => {
                Outcome::Adopted
            }
            Some(SlotState::Late { after: Some(after) }) => launched(*after),
            Some(SlotState::Placed(placed)) => {
                launched(placed.at.saturating_sub(placed.pending.since))
            }
            Some(SlotState::GivenUp(given_up)) => self.empty(idx, given_up),
            Some(SlotState::Pending(_)) | None => self.closed(idx),
        }
    }

    /// The outcome of a slot without a window.
    fn empty(&self, idx: SlotIdx, given_up: &GivenUp) -> Outcome {
        let slot = self.setup.plan.slot(idx);
        let reason = given_up.reason.clone();
        if slot.may_stay_away() || self.setup.options.missing == Missing::Skip {
            return Outcome::LeftOut { reason };
        }
        Outcome::Missing {
            pid: self.running_program(idx),
            reason,
            output: given_up.output.clone(),
            optional: slot.optional,
            remedy: given_up.remedy.clone(),
        }
    }

    /// The process of a program for which the next run will wait.
    fn running_program(&self, idx: SlotIdx) -> Option<u32> {
        let (plan, slot) = (self.setup.plan, &self.setup.plan.slot(idx).id);
        let token = self.programs.started.get(&idx)?.token.as_ref()?;
        let mut earlier = self.programs.earlier.iter();
        let found = earlier.find(|one| {
            one.layout == plan.name_of_seats() && one.slot == *slot && one.token == *token
        });
        Some(found?.pid)
    }

    fn closed(&self, idx: SlotIdx) -> Outcome {
        let given_up = GivenUp {
            reason: Reason::Closed,
            output: None,
            remedy: Remedy::of(&self.setup.plan.slot(idx).launch),
            told: false,
        };
        self.empty(idx, &given_up)
    }

    /// The report of a slot that is given up while others are pending.
    pub(in crate::apply) fn slot_report(&self, idx: SlotIdx) -> SlotReport {
        self.report_of(idx, self.outcome(idx))
    }

    fn report_of(&self, idx: SlotIdx, outcome: Outcome) -> SlotReport {
        let slot = self.setup.plan.slot(idx);
        SlotReport {
            slot: slot.id.clone(),
            workspace: slot.workspace.clone(),
            outcome,
            notes: self.tally.notes.get(&idx).cloned().unwrap_or_default(),
        }
    }

    /// The report, once the run is over. Its times are those of the last event.
    pub(in crate::apply) fn report(&self) -> Option<Report> {
        let (look, config) = self.desk.found.as_ref()?;
        let plan = self.setup.plan;
        let (desktop, differences) = (&look.desktop, &look.differences);
        let is_missing = |idx: SlotIdx| {
            let mut all = differences.iter();
            all.any(|difference| difference.idx == Some(idx) && difference.kind == Kind::Missing)
        };
        // An empty workspace exists only with its first window; these missing windows are reported.
        let is_empty = |one: &Difference| lacks_only_windows(plan, one, is_missing);
        let left = differences.iter();
        let left = left.filter(|one| is_wrong(one) && !is_empty(one));
        let left: Vec<Difference> = left.cloned().collect();
        let slots = self.setup.options.scope.slots(plan).map(|(idx, _)| {
            let wrong = left.iter().find(|one| one.idx == Some(idx));
            let outcome = match (self.outcome(idx), wrong) {
                (outcome, _) if outcome.is_empty() => outcome,
                _ if is_missing(idx) => self.closed(idx),
                (_, Some(difference)) => misplaced(difference, desktop, config),
                (Outcome::Launched { after, .. }, None) => Outcome::Launched {
                    after,
                    misfits: self.misfits(idx, look),
                },
                (outcome, None) => outcome,
            };
            self.report_of(idx, outcome)
        });
        let slots = slots.collect();
        let scope = &self.setup.options.scope;
        let is_meant = |planned: &PlannedWorkspace| scope.has_workspace(Some(&planned.name));
        let kept = self.tally.kept.iter();
        Some(Report {
            layout: plan.layout.clone(),
            slots,
            changed: &self.desk.wrong - &differences.iter().filter_map(Difference::what).collect(),
            differences: left,
            costs: Costs {
                elapsed: self.now,
                commands: self.tally.commands,
                ..Costs::default()
            },
            beside: BesideLayout {
                aside: self.tally.aside.clone(),
                others: self.neighbours(),
                doubled: self.doubled(desktop),
                closed: self.tally.closed,
            },
            kept: kept.map(|&idx| plan.slot(idx).id.clone()).collect(),
            monitors: OnMonitors {
                away: plan.displaced(&is_meant),
                contradictions: plan.contradictions(&is_meant),
            },
            ran_out: self.tally.ran_out,
            interrupted: self.tally.interrupted,
        })
    }

    /// The slots of started programs of which something else in the session has opened a window
    /// during the run, too.
    fn doubled(&self, desktop: &Desktop) -> Vec<String> {
        let plan = self.setup.plan;
        let waits_for = self.waits_for();
        let run = self.in_run(&waits_for);
        let is_foreign =
            |window| !self.desk.before.contains(window) && !desktop.seats.contains_key(window);
        let windows = desktop.windows.iter();
        let foreign = windows.filter(|(window, _)| is_foreign(window));
        let foreign: Vec<&WindowFacts> = foreign
            .map(|(_, facts)| facts)
            .filter(|facts| run.is_opened_by_user(facts))
            .collect();
        let started = self.programs.started.keys().filter(|idx| {
            matches!(&plan.slot(**idx).launch, Launch::Program(program)
                if foreign.iter().any(|facts| program.opens(facts)))
        });
        started.map(|&idx| plan.slot(idx).id.clone()).collect()
    }

    /// The criteria of a slot that its window does not match.
    fn misfits(&self, idx: SlotIdx, look: &Look) -> Vec<Misfit> {
        let slot = self.setup.plan.slot(idx);
        let window = look.assignment.window(idx);
        let con = window.and_then(|con| look.desktop.tree.find(con));
        let properties = con.and_then(|con| con.properties.as_ref());
        let both = Matcher::of_slot(&slot.swallow).zip(properties);
        let mut misfits = both.map_or_else(Vec::new, |(matcher, properties)| {
            matcher.misfits(properties)
        });
        // `capture` writes the monitors and whole patterns. The window had these properties during the
        // capture, so it will have them again:
        // LibreOffice opens as `Soffice` and sets the class of the specific program later.
        if !self.setup.plan.monitors.is_empty() {
            misfits.retain(|misfit| !criteria::is_whole(&misfit.pattern));
        }
        misfits
    }
}

fn misplaced(difference: &Difference, desktop: &Desktop, config: &WindowConfig) -> Outcome {
    let con = difference.con.and_then(|con| desktop.tree.find(con));
    let properties = con.and_then(|con| con.properties.as_ref());
    let causes = |properties| causes(config, difference, properties);
    Outcome::Misplaced {
        difference: Box::new(difference.clone()),
        causes: properties.map_or_else(Vec::new, causes),
    }
}
