//! Gives up slots whose windows do not open.

use std::time::Duration;

use crate::apply::action::Action;
use crate::apply::reason::{Late, Reason};
use crate::apply::remedy::Remedy;
use crate::apply::state::{Ended, GivenUp, Pending, SlotState, State};
use crate::apply::underway::has_window;
use crate::compile::SlotIdx;
use crate::live::Desktop;

/// The time after which a program that exited with code 0 has probably opened no window in a
/// running instance.
pub(super) const HAND_OVER_PATIENCE: Duration = Duration::from_secs(3);

impl Pending {
    /// True if its program is still running, as far as is known.
    pub(super) const fn runs(&self) -> bool {
        self.process.is_some() && self.ended.is_none()
    }

    /// True if the program has probably delegated to a running instance that opens no window.
    pub(super) fn has_handed_over_in_vain(&self, now: Duration) -> bool {
        matches!(self.ended, Some(Ended::Well(at)) if now.saturating_sub(at) >= HAND_OVER_PATIENCE)
    }

    /// True if its window was closed, and its process has ended.
    fn has_lost_its_process(&self) -> bool {
        self.lost.is_some_and(|lost| lost.owner.is_none())
    }
}

impl State<'_> {
    /// True if a slot is to be given up.
    pub(super) fn is_over(&self, idx: SlotIdx, pending: &Pending) -> bool {
        // A queued program can only be too late for the total timeout.
        let is_late = pending.deadline <= self.now;
        let may_wait = pending.queued && self.setup.options.total_timeout.is_none();
        let may_borrow = self.tally.lendable.contains_key(&idx);
        matches!(pending.ended, Some(Ended::Badly(_)))
            || pending.has_lost_its_process() && !pending.runs()
            || is_late && !may_wait
            || pending.has_handed_over_in_vain(self.now) && may_borrow
    }

    /// Gives up the slots whose program failed or that timed out.
    pub(super) fn give_up_lost(&mut self, desktop: &Desktop) {
        let lost = self.still_pending();
        let lost: Vec<(SlotIdx, Pending)> = lost
            .filter(|(idx, pending)| self.is_over(*idx, pending))
            .map(|(idx, pending)| (idx, pending.clone()))
            .collect();
        for (idx, pending) in lost {
            let asked_others =
                matches!(pending.ended, Some(Ended::Well(_))) || pending.process.is_none();
            if asked_others && self.tally.lendable.contains_key(&idx) {
                // Another layout has a window for it, which is moved in when the run ends.
                self.tally.borrow.insert(idx);
                self.slots.insert(idx, SlotState::Late { after: None });
                continue;
            }
            let reason = self.reason(idx, &pending, desktop);
            let running = self.running(idx, &pending, desktop).is_some();
            self.give_up_on(idx, &pending, reason, running);
            if pending.process.is_some() {
                let log = self.setup.log(idx);
                self.actions.push(Action::ReadOutput { slot: idx, log });
            }
        }
    }

    fn reason(
        &self,
        idx: SlotIdx,
        pending: &Pending,
        desktop: &Desktop,
    ) -> (Reason, Option<Remedy>) {
        let of_launch = || Remedy::of(&self.setup.plan.slot(idx).launch);
        let program = pending.program.clone();
        let beside = pending.beside.clone();
        let after = self.patience(idx, pending);
        let timed_out = |program, state, beside| Reason::TimedOut {
            program,
            after,
            state,
            beside,
        };
        match &pending.ended {
            Some(Ended::Badly(_)) if pending.lost.is_some() => (Reason::Closed, of_launch()),
            Some(Ended::Badly(exit)) => {
                let reason = Reason::Exited {
                    program,
                    exit: exit.clone(),
                    after: self.now.saturating_sub(pending.since),
                    beside,
                };
                (reason, Some(Remedy::FixProgram))
            }
            _ if pending.has_lost_its_process() && !pending.runs() => (Reason::Closed, of_launch()),
            _ if pending.lost.is_some() => {
                (timed_out(Some(program), Late::ClosedIts, None), of_launch())
            }
            Some(Ended::Well(_)) => {
                let reason = timed_out(Some(program), Late::HandedOver, beside);
                (reason, Some(Remedy::KeepRunning))
            }
            None => {
                let state = self.running(idx, pending, desktop);
                let state = state.map_or(Late::Unknown, Late::Running);
                let program = pending.process.map(|_| program);
                (timed_out(program, state, beside), of_launch())
            }
        }
    }

    /// The process of a program that is still running without any window. One that has other
    /// windows is not to be stopped.
    fn running(&self, idx: SlotIdx, pending: &Pending, desktop: &Desktop) -> Option<u32> {
        let owner = pending.process?;
        let one = self.unfinished(idx, pending)?;
        (!has_window(desktop, owner.id.pid)).then_some(one.pid)
    }

    /// Gives up a slot that was pending. If its program is still running, the next run waits for
    /// it.
    pub(super) fn give_up_on(
        &mut self,
        idx: SlotIdx,
        pending: &Pending,
        (reason, remedy): (Reason, Option<Remedy>),
        running: bool,
    ) {
        if let Some(process) = pending.process {
            let earlier = &mut self.programs.earlier;
            earlier.retain(|one| one.process() != process.id);
        }
        if running && let Some(one) = self.unfinished(idx, pending) {
            self.programs.earlier.push(one);
        }
        self.give_up(idx, reason, remedy);
    }

    /// Records that a slot gets no window.
    pub(super) fn give_up(&mut self, idx: SlotIdx, reason: Reason, remedy: Option<Remedy>) {
        let given_up = GivenUp {
            reason,
            output: None,
            remedy,
            told: false,
        };
        self.slots.insert(idx, SlotState::GivenUp(given_up));
    }
}
