//! The start of a run: clears what an interrupted run has left, and finds out which windows are
//! open and which programs are to be started.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::expected::{expected, fallbacks, scoped};
use crate::apply::action::{Action, Check};
use crate::apply::event::Checked;
use crate::apply::not_started::NotStarted;
use crate::apply::options::Missing;
use crate::apply::reason::Reason;
use crate::apply::remedy::Remedy;
use crate::apply::state::{Look, Phase, SlotState, State};
use crate::compile::{Launch, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::live::Desktop;
use crate::matching::match_windows;

impl State<'_> {
    pub(super) fn clear_leftovers(&mut self, desktop: Rc<Desktop>, cleared: bool) {
        if !cleared && self.clear(&desktop) {
            self.observe(Phase::Clearing { cleared: true });
            return;
        }
        self.begin(desktop);
    }

    /// Finds the windows that are open.
    fn begin(&mut self, desktop: Rc<Desktop>) {
        let (plan, options) = (self.setup.plan, self.setup.options);
        self.desk.before = desktop.windows.keys().copied().collect();
        let assignment = match_windows(plan, &desktop, options.reuse);
        let differences = scoped(plan, &desktop, &assignment, options);
        let look = Look {
            desktop,
            assignment,
            differences,
        };
        self.place(&look);
        let wrong = look.differences.iter().filter_map(Difference::what);
        self.desk.wrong = wrong.collect();
        self.note_open_windows(&look);
        let check = self.question(&look);
        if check == Check::default() {
            self.checked(look, Checked::default());
        } else {
            self.phase = Phase::Checking(look);
            self.actions.push(Action::Check(check));
        }
    }

    fn note_open_windows(&mut self, look: &Look) {
        let (plan, scope) = (self.setup.plan, &self.setup.options.scope);
        for (idx, _) in scope.slots(plan) {
            let found = look.assignment.matches.get(idx.0);
            if let Some(found) = found.and_then(Option::as_ref) {
                let evidence = found.evidence.clone();
                let mut differences = look.differences.iter();
                let moved = differences
                    .any(|one| one.idx == Some(idx) && matches!(one.kind, Kind::Moved { .. }));
                self.slots.insert(idx, SlotState::Open { moved, evidence });
            }
        }
    }

    /// The question about the programs of slots without a window.
    fn question(&self, look: &Look) -> Check {
        let (plan, options) = (self.setup.plan, self.setup.options);
        let slots = options.scope.slots(plan);
        let empty: Vec<_> = slots
            .filter(|(idx, _)| look.assignment.window(*idx).is_none())
            .collect();
        if options.missing != Missing::Start || empty.is_empty() {
            return Check::default();
        }
        let has_program = |launch: &Launch| matches!(launch, Launch::Program(_));
        let programs = empty.iter().filter(|(_, slot)| has_program(&slot.launch));
        let needs_fallback = |launch: &Launch| matches!(launch, Launch::Elsewhere);
        let openers = plan.slots().filter(|(_, slot)| {
            let mut others = empty.iter().map(|(_, other)| other);
            has_program(&slot.launch)
                && others.any(|other| needs_fallback(&other.launch) && slot.may_open(other))
        });
        Check {
            programs: programs.map(|(idx, _)| *idx).collect(),
            new_windows: openers.map(|(idx, _)| idx).collect(),
        }
    }

    /// Decides which windows to wait for, and begins the first round.
    pub(super) fn checked(&mut self, look: Look, checked: Checked) {
        let (plan, options) = (self.setup.plan, self.setup.options);
        let new_window = |idx: SlotIdx| checked.new_windows.get(&idx).cloned();
        let assignment = &look.assignment;
        let fallbacks = fallbacks(plan, assignment, options, new_window);
        let may_start = |idx: SlotIdx| !matches!(checked.programs.get(&idx), Some(Err(_)));
        let expected = expected(plan, assignment, options, may_start, &fallbacks);
        self.programs.fallbacks = fallbacks;
        self.programs.expected = expected;
        for (idx, result) in &checked.programs {
            match result {
                Ok(notes) if notes.is_empty() => {}
                Ok(notes) => {
                    self.tally.notes.insert(*idx, notes.clone());
                }
                Err(error) => self.not_started(*idx, error.clone()),
            }
        }
        self.find_starting(&look.desktop, checked);
        self.note_neighbours(&look);
        self.note_hopeless(&look);
        self.round(look);
    }

    pub(super) fn not_started(&mut self, idx: SlotIdx, error: NotStarted) {
        let remedy = error.remedy();
        self.give_up(idx, Reason::NotStarted(error), remedy);
    }

    /// Gives up slots without a window whose window is not expected to open.
    fn note_hopeless(&mut self, look: &Look) {
        let (plan, options) = (self.setup.plan, self.setup.options);
        let slots: BTreeSet<SlotIdx> = options.scope.slots(plan).map(|(idx, _)| idx).collect();
        for idx in slots {
            if look.assignment.window(idx).is_some()
                || self.programs.expected.contains(&idx)
                || self.slots.contains_key(&idx)
            {
                continue;
            }
            let launch = &plan.slot(idx).launch;
            let reason = match launch {
                _ if options.missing == Missing::Skip => Reason::Rearrange,
                Launch::Unresolved { reason, .. } => Reason::Unresolved {
                    cause: reason.clone(),
                },
                Launch::Program(_) => Reason::NoLaunch,
                Launch::Elsewhere => Reason::NotOpen,
            };
            self.give_up(idx, reason, Remedy::of(launch));
        }
    }
}
