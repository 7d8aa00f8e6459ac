//! Waits for windows and titles.

use std::time::Duration;

use crate::apply::action::{Action, Failure, Gone};
use crate::apply::event::Happening;
use crate::apply::reason::{Exit, Reason};
use crate::apply::state::{Ended, Pending, Phase, SlotState, Starter, State};
use crate::compile::SlotIdx;
use crate::live::{Change, ProcessId};

/// The interval of progress reports while nothing happens.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The time between two looks at the desktop while windows open in quick succession, and the
/// additional time for each slot. Each look, and each message that moves windows, costs time that
/// the programs need, and more with more containers.
const LOOK_INTERVAL: (Duration, Duration) = (Duration::from_millis(30), Duration::from_millis(1));

/// The time without a new window of a process or a changed title, after which titles count as
/// final. Browsers show their own name first, and the title of the page after it has loaded.
const TITLES_SETTLE: Duration = Duration::from_secs(2);

/// The maximum time to wait for titles after all windows have opened; some titles never stop
/// changing.
const TITLES_LIMIT: Duration = Duration::from_secs(10);

/// The time in which the focus on a new window is due to its program (`_NET_ACTIVE_WINDOW`, EWMH),
/// not to the user.
const ACTIVATION: Duration = Duration::from_secs(2);

/// The time that optional windows get to appear after the last window that the layout needs.
const OPTIONAL_PATIENCE: Duration = Duration::from_millis(1500);

impl State<'_> {
    /// Handles everything that has happened during a wait.
    pub(super) fn woken(&mut self, happenings: Vec<Happening>) {
        // Nothing more is started.
        self.tally.interrupted |= happenings.contains(&Happening::Interrupt);
        for happening in happenings {
            let is_window = matches!(happening, Happening::Change(Change::WindowNew(_)));
            if self.happened(happening) {
                self.programs.arrivals.note(is_window);
            }
        }
        if !matches!(self.phase, Phase::Waiting) {
            return;
        }
        if self.tally.interrupted {
            self.stop_waiting();
        } else if self.is_look_due() || self.is_anything_due() {
            self.observe(Phase::Waiting);
        } else {
            self.go_on_waiting();
        }
    }

    /// True if the desktop has changed, and it is time to look at it.
    fn is_look_due(&self) -> bool {
        let arrivals = &self.programs.arrivals;
        let pending = self.still_pending().count();
        arrivals.is_pending() && (arrivals.windows() >= pending || self.now >= self.next_look())
    }

    /// The time of the next look while windows open in quick succession.
    fn next_look(&self) -> Duration {
        let (interval, of_slot) = LOOK_INTERVAL;
        let slots = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        self.programs.arrivals.looked_at + interval + of_slot.saturating_mul(slots)
    }

    /// Records what has happened. Returns true if the desktop must be observed again.
    fn happened(&mut self, happening: Happening) -> bool {
        match happening {
            Happening::Change(change) => self.changed(change),
            Happening::Exited { slot, exit } => {
                let now = self.now;
                if let Some(pending) = self.pending_of(slot) {
                    pending.ended = Some(match exit {
                        Exit::Code(0) => Ended::Well(now),
                        exit => Ended::Badly(exit),
                    });
                }
                true
            }
            Happening::Gone(id) => {
                self.gone(id);
                true
            }
            Happening::Interrupt => false,
        }
    }

    /// The state of a slot while its window was pending.
    fn pending_of(&mut self, idx: SlotIdx) -> Option<&mut Pending> {
        match self.slots.get_mut(&idx)? {
            SlotState::Pending(pending) => Some(pending),
            SlotState::Placed(placed) => Some(&mut placed.pending),
            _ => None,
        }
    }

    fn changed(&mut self, change: Change) -> bool {
        if !self.is_activation(&change) {
            self.attention.notice(&change);
        }
        match change {
            Change::Shutdown { restart } => {
                let gone = if restart {
                    Gone::Restarted
                } else {
                    Gone::Ended
                };
                self.fail(Failure::Gone(gone));
                false
            }
            Change::Lost(reason) => {
                self.fail(Failure::Gone(Gone::Lost(reason)));
                false
            }
            // If a placeholder swallows a window after its title or class has changed, i3 reports
            // only that change. A window in a slot is in its place.
            Change::WindowTitle(con) if self.titles.unsure.contains(&con.id) => {
                self.titles.changed_at = self.now;
                true
            }
            Change::WindowTitle(con) if self.has_late_title(con.id) => true,
            Change::WindowTitle(con) | Change::WindowUrgent(con) => {
                let seated = &self.desk.seated;
                !con.window.is_some_and(|id| seated.contains_key(&id))
            }
            Change::WindowClosed(con) => {
                let mut placements = self.placed().map(|(_, placed)| placed.placement);
                let found = placements.find(|placement| placement.con == con);
                drop(placements);
                let owner = found.and_then(|placement| placement.owner);
                self.actions.extend(owner.map(Action::Watch));
                found.is_some()
            }
            Change::WindowNew(_) | Change::Outputs => true,
            Change::WindowFocused(_)
            | Change::WorkspaceFocused
            | Change::OwnBegin { .. }
            | Change::OwnEnd => false,
        }
    }

    /// True if a program has probably asked for the focus of its new window.
    fn is_activation(&self, change: &Change) -> bool {
        let Change::WindowFocused(con) = change else {
            return false;
        };
        self.placed().any(|(_, placed)| {
            let age = self.now.saturating_sub(placed.at);
            placed.placement.con == *con && age < ACTIVATION
        })
    }

    fn fail(&mut self, failure: Failure) {
        self.phase = Phase::Over;
        self.actions.push(Action::Fail(failure));
    }

    /// A watched process has ended: it is not a child of this process, or has closed its window.
    pub(super) fn gone(&mut self, id: ProcessId) {
        let mut again = Vec::new();
        for (&idx, state) in &mut self.slots {
            let pending = match state {
                SlotState::Pending(pending) => pending,
                SlotState::Placed(placed) => {
                    placed.placement.forget(id);
                    &mut placed.pending
                }
                _ => continue,
            };
            if let Some(lost) = &mut pending.lost {
                lost.forget(id);
            }
            let owner = pending.process.filter(|owner| owner.id == id);
            match owner.map(|owner| owner.starter) {
                Some(Starter::Session) if pending.lost.is_none() => again.push(idx),
                Some(Starter::EarlierRun { .. } | Starter::Session) => {
                    pending.ended.get_or_insert(Ended::Badly(Exit::Unknown));
                }
                // Its exit is an event of its own.
                Some(Starter::Run) | None => {}
            }
        }
        // It may have delegated to an instance whose window is not for this slot.
        for idx in again {
            let is_pending = matches!(self.slots.get(&idx), Some(SlotState::Pending(_)));
            if is_pending && !self.tally.interrupted {
                self.start(idx);
            }
        }
    }

    /// The slots that the run waits for. Other slots are filled if their windows open meanwhile.
    pub(super) fn still_pending(&self) -> impl Iterator<Item = (SlotIdx, &Pending)> {
        let plan = self.setup.plan;
        self.pending()
            .filter(move |(idx, _)| !plan.slot(*idx).may_stay_away())
    }

    /// True if a slot is to be given up or needs a label.
    fn is_anything_due(&self) -> bool {
        self.still_pending()
            .any(|(idx, pending)| self.is_over(idx, pending))
            || self.needs_label().next().is_some()
    }

    /// Waits for the next event, or ends the wait if there is nothing to wait for.
    pub(super) fn go_on_waiting(&mut self) {
        self.start_next();
        if self.asks_for_config() {
            return;
        }
        let until = self.deadline().or_else(|| self.title_deadline());
        self.tell();
        match until {
            Some(until) => {
                let mut until = until.min(self.now + PROGRESS_INTERVAL);
                if self.programs.arrivals.is_pending() {
                    until = until.min(self.next_look());
                }
                self.phase = Phase::Waiting;
                self.actions.push(Action::Wait(until));
            }
            None => self.stop_waiting(),
        }
    }

    /// The time of the next deadline; `None` if no window is pending.
    fn deadline(&mut self) -> Option<Duration> {
        let now = self.now;
        let deadlines = self.still_pending().map(|(_, pending)| {
            if pending.queued {
                now + PROGRESS_INTERVAL
            } else {
                pending.deadline
            }
        });
        if let Some(deadline) = deadlines.min() {
            self.titles.complete_since = None;
            return Some(deadline);
        }
        let since = *self.titles.complete_since.get_or_insert(now);
        let optional = since + OPTIONAL_PATIENCE;
        let is_pending = self.pending().next().is_some();
        if is_pending && !self.programs.started.is_empty() && now < optional {
            return Some(optional);
        }
        let titles = (self.titles.changed_at + TITLES_SETTLE).min(since + TITLES_LIMIT);
        (!self.titles.unsure.is_empty() && now < titles).then_some(titles)
    }

    /// Ends the wait. Removes the remaining placeholders, or moves them to their places if the user
    /// asked to keep them.
    fn stop_waiting(&mut self) {
        let pending = self.pending();
        let pending: Vec<(SlotIdx, Pending)> = pending
            .map(|(idx, pending)| (idx, pending.clone()))
            .collect();
        for (idx, pending) in pending {
            let reason = match pending.lost {
                _ if self.tally.interrupted => Reason::Interrupted,
                Some(_) => Reason::Closed,
                None => Reason::NotOpen,
            };
            let running = pending.ended.is_none();
            self.give_up_on(idx, &pending, (reason, None), running);
        }
        self.tell();
        if self.setup.options.keep_placeholders && !self.tally.interrupted {
            self.observe(Phase::Keeping);
        } else {
            self.observe(Phase::Removing);
        }
    }

    /// Tells the user about the progress.
    fn tell(&mut self) {
        let is_filled = |state: &&SlotState| {
            matches!(
                state,
                SlotState::Open { .. } | SlotState::Placed(_) | SlotState::Late { .. }
            )
        };
        let filled = self.slots.values().filter(is_filled).count();
        let waiting = self
            .still_pending()
            .min_by_key(|(_, pending)| pending.since)
            .map(|(idx, _)| idx);
        if waiting.is_some() {
            self.tell_losses();
        }
        self.actions.push(Action::Tell { filled, waiting });
    }

    /// Only while others are pending; otherwise the report follows immediately.
    fn tell_losses(&mut self) {
        let plan = self.setup.plan;
        for (&idx, state) in &mut self.slots {
            if let SlotState::GivenUp(given_up) = state
                && !given_up.told
                && !plan.slot(idx).may_stay_away()
            {
                given_up.told = true;
                self.actions.push(Action::GaveUp(idx));
            }
        }
    }
}
