//! Waits for windows and titles, and gives up slots.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

use std::collections::BTreeSet;
use std::io;
use std::process::ExitStatus;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::Run;
use super::outcomes::{CLOSED, NOT_OPEN};
use crate::apply::ApplyError;
use crate::apply::launch::{self, Launched};
use crate::apply::placement::Placement;
use crate::apply::report::{Outcome, Remedy};
use crate::apply::underway::has_window;
use crate::compile::SlotIdx;
use crate::live::{Change, Pid, Processes};

/// The interval of progress reports while nothing happens.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// The time without a new window of a process or a changed title, after which titles count as
/// final. Browsers show their own name first, and the title of the page after it has loaded.
const TITLES_SETTLE: Duration = Duration::from_secs(2);

/// The maximum time to wait for titles after all windows have opened; some titles never stop
/// changing.
const TITLES_LIMIT: Duration = Duration::from_secs(10);

/// The time after which a program that exited with code 0 has probably opened no window in a
/// running instance.
const HAND_OVER_PATIENCE: Duration = Duration::from_secs(3);

/// The time that optional windows get to appear after the last window that the layout needs.
const OPTIONAL_PATIENCE: Duration = Duration::from_millis(1500);

/// An event during the wait.
pub(super) enum Event {
    Change(Change),
    Ended(SlotIdx, io::Result<ExitStatus>),
    Interrupt,
}

/// A pending slot.
pub(super) struct Pending {
    pub(super) since: Instant,
    pub(super) deadline: Instant,
    /// True if its program starts after another one; see [`crate::apply::queue`].
    pub(super) queued: bool,
    pub(super) launched: Option<Launched>,
    /// The name of its program.
    pub(super) program: String,
    /// The program that something else has started for the slot.
    pub(super) earlier: Option<Earlier>,
    pub(super) ended: Option<String>,
    /// The time when the program exited with code 0.
    pub(super) ended_well: Option<Instant>,
    /// The time when its window opened.
    pub(super) filled_at: Option<Instant>,
    /// True if its place has a label.
    pub(super) labelled: bool,
    /// The window that opened and was closed again.
    pub(super) lost: Option<Placement>,
    /// A description of another window that the slot's program has opened.
    pub(super) beside: Option<String>,
}

/// A program that this run has not started, but waits for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier {
    /// Its process.
    pub(super) pid: Pid,
    /// The start time of the process, in clock ticks since boot (proc(5), `starttime`).
    pub(super) started: u64,
    /// True if an earlier run has started it, false for anything else.
    pub(super) by_run: bool,
}

impl Earlier {
    pub(super) fn runs(self, process: &dyn Processes) -> bool {
        process.runs(self.pid, self.started)
    }
}

impl Pending {
    /// A slot whose program is about to start.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            deadline: now,
            queued: false,
            launched: None,
            program: String::new(),
            earlier: None,
            ended: None,
            ended_well: None,
            filled_at: None,
            labelled: false,
            lost: None,
            beside: None,
        }
    }

    /// True if the program that a run has started is still running.
    pub(super) fn runs(&self, process: &dyn Processes) -> bool {
        self.launched.is_some()
            && self.ended.is_none()
            && self.ended_well.is_none()
            && self.earlier.is_none_or(|earlier| earlier.runs(process))
    }

    /// True if the program has probably delegated to a running instance that opens no window.
    pub(super) fn has_handed_over_in_vain(&self) -> bool {
        let ended = self.ended_well;
        ended.is_some_and(|ended| ended.elapsed() >= HAND_OVER_PATIENCE)
    }
}

impl Run<'_, '_> {
    /// Waits, then removes the remaining placeholders, or moves them to their places if the user
    /// asked to keep them.
    pub(super) fn wait_and_clear(
        &mut self,
        expected: &BTreeSet<SlotIdx>,
    ) -> Result<(), ApplyError> {
        self.wait()?;
        if self.options.keep_placeholders && !self.interrupted {
            self.keep_placeholders(expected)?;
        }
        self.remove_placeholders()
    }

    /// The slots that the run waits for. Other slots are filled if their windows open meanwhile.
    pub(super) fn still_pending(&self) -> impl Iterator<Item = (SlotIdx, &Pending)> {
        let all = self.pending.iter().map(|(&idx, pending)| (idx, pending));
        all.filter(|(idx, _)| !self.plan.slot(*idx).may_stay_away())
    }

    /// Waits until every pending slot is filled or given up.
    fn wait(&mut self) -> Result<(), ApplyError> {
        // Windows may have opened between the build and the first event.
        let mut look = true;
        while !self.interrupted {
            if look {
                self.settle()?;
            }
            self.give_up()?;
            self.start_next();
            self.label()?;
            self.tell();
            let Some(deadline) = self
                .deadline()
                .map_or_else(|| self.title_deadline(), |at| Ok(Some(at)))?
            else {
                break;
            };
            let now = Instant::now();
            let pause = deadline
                .saturating_duration_since(now)
                .min(PROGRESS_INTERVAL);
            let first = self.receiver.recv_timeout(pause);
            look = match first {
                Ok(event) => {
                    let mut changed = self.take(event)?;
                    while let Ok(event) = self.receiver.try_recv() {
                        changed |= self.take(event)?;
                    }
                    changed
                }
                Err(RecvTimeoutError::Timeout) => false,
                // Unreachable: `self` holds a sender.
                Err(RecvTimeoutError::Disconnected) => break,
            };
        }
        for (idx, pending) in std::mem::take(&mut self.pending) {
            let launched = pending.launched.filter(|_| pending.ended.is_none());
            let pid = launched.and_then(|launched| self.unfinished(idx, &launched));
            let reason = match pending.lost {
                _ if self.interrupted => "`apply` was interrupted",
                Some(_) => CLOSED,
                None => NOT_OPEN,
            };
            self.missing(idx, reason.to_owned(), None, pid, None);
        }
        self.tell();
        Ok(())
    }

    /// The time of the next deadline; `None` if there is nothing to wait for.
    fn deadline(&mut self) -> Option<Instant> {
        let now = Instant::now();
        let pending = self.still_pending();
        let deadlines = pending.map(|(_, pending)| {
            if pending.queued {
                now + PROGRESS_INTERVAL
            } else {
                pending.deadline
            }
        });
        if let Some(deadline) = deadlines.min() {
            self.complete_since = None;
            return Some(deadline);
        }
        let since = *self.complete_since.get_or_insert(now);
        let optional = since + OPTIONAL_PATIENCE;
        if !self.pending.is_empty() && !self.started.is_empty() && now < optional {
            return Some(optional);
        }
        let titles = (self.titles_changed + TITLES_SETTLE).min(since + TITLES_LIMIT);
        (!self.unsure.is_empty() && now < titles).then_some(titles)
    }

    /// Records an event. Returns true if the desktop must be observed again.
    fn take(&mut self, event: Event) -> Result<bool, ApplyError> {
        match event {
            Event::Change(Change::Shutdown { restart }) => Err(ApplyError::Gone {
                what: if restart { "restarted" } else { "ended" }.to_owned(),
            }),
            Event::Change(Change::Lost(reason)) => Err(ApplyError::Gone { what: reason }),
            // If a placeholder swallows a window after its title or class has changed, i3 reports
            // only that change. A window with its mark is in its place.
            Event::Change(Change::WindowTitle(con)) if self.unsure.contains(&con.id) => {
                self.titles_changed = Instant::now();
                Ok(true)
            }
            Event::Change(Change::WindowTitle(con)) if self.late_titles.waits_for(con.id) => {
                self.late_titles.changed();
                Ok(false)
            }
            Event::Change(Change::WindowTitle(con) | Change::WindowUrgent(con)) => {
                let is_placed = con
                    .window
                    .is_some_and(|id| self.world.session.is_placed(id));
                Ok(!is_placed)
            }
            Event::Change(Change::WindowClosed(con)) => Ok(self
                .placed
                .values()
                .any(|(placement, _)| placement.con == con)),
            Event::Change(Change::WindowNew(_)) => Ok(true),
            Event::Ended(idx, status) => {
                let placement = self.placed.get_mut(&idx).map(|(_, pending)| pending);
                if let Some(pending) = self.pending.get_mut(&idx).or(placement) {
                    match status {
                        Ok(status) => {
                            pending.ended = launch::failure(status);
                            let is_well = pending.ended.is_none();
                            pending.ended_well = is_well.then(Instant::now);
                        }
                        Err(error) => pending.ended = Some(format!("cannot be watched: {error}")),
                    }
                }
                Ok(true)
            }
            Event::Interrupt => {
                self.interrupted = true;
                Ok(false)
            }
        }
    }

    /// Gives up the slots whose program failed or that timed out.
    fn give_up(&mut self) -> Result<(), ApplyError> {
        let now = Instant::now();
        let process = self.world.process;
        let mut again = Vec::new();
        for (&idx, pending) in &mut self.pending {
            let lost = pending.lost.is_some_and(|lost| !lost.runs(process));
            // The program is not a child of this process, so no event reports its exit.
            let gone = pending.earlier.filter(|earlier| !earlier.runs(process));
            if gone.is_some_and(|earlier| !earlier.by_run) && pending.lost.is_none() {
                again.push(idx);
            } else if gone.is_some() || lost && !pending.runs(process) {
                pending.ended.get_or_insert_with(|| "exited".to_owned());
            }
        }
        // It may have delegated to an instance whose window is not for this slot.
        for idx in again {
            self.start(idx, now);
        }
        let may_borrow = |idx: &SlotIdx| self.lendable.contains_key(idx);
        let lost: Vec<SlotIdx> = self
            .still_pending()
            .filter(|(idx, pending)| {
                // A queued program can only be too late for the total timeout.
                let is_late = pending.deadline <= now;
                let may_wait = pending.queued && self.options.total_timeout.is_none();
                pending.ended.is_some()
                    || is_late && !may_wait
                    || pending.has_handed_over_in_vain() && may_borrow(idx)
            })
            .map(|(idx, _)| idx)
            .collect();
        if lost.is_empty() {
            return Ok(());
        }
        let desktop = self.observe()?;
        for idx in lost {
            let Some(pending) = self.pending.remove(&idx) else {
                continue;
            };
            let asked_others = pending.ended_well.is_some() || pending.launched.is_none();
            if asked_others && self.lendable.contains_key(&idx) {
                // Another layout has a window for it, which is moved in when the run ends.
                self.borrow.insert(idx);
                self.outcomes.insert(idx, Outcome::Adopted);
                continue;
            }
            let seconds = tenths(pending.deadline - pending.since);
            let program = pending.program.as_str();
            // A process that has other windows is not to be stopped.
            let running = pending.launched.as_ref().filter(|launched| {
                pending.ended.is_none()
                    && pending.ended_well.is_none()
                    && !has_window(&desktop, launched.pid)
            });
            let pid = running.and_then(|launched| self.unfinished(idx, launched));
            let (opened, without) = match &pending.beside {
                Some(what) => (
                    format!("opened only {what}"),
                    format!("opening only {what}"),
                ),
                None => (
                    "opened no matching window".to_owned(),
                    "without opening a matching window".to_owned(),
                ),
            };
            let has_failed = pending.ended.is_some() && pending.lost.is_none();
            let exited_well =
                pending.ended_well.is_some() && pending.ended.is_none() && pending.lost.is_none();
            let timed_out = format!("timed out after {seconds} s");
            let reason = match (pending.ended, pid) {
                (Some(_), _) if pending.lost.is_some() => CLOSED.to_owned(),
                (None, _) if pending.lost.is_some() => format!(
                    "{timed_out}: its window was closed, and `{program}` opened no other window"
                ),
                (Some(how), _) => format!(
                    "`{program}` {how} after {:.1} s {without}",
                    pending.since.elapsed().as_secs_f64()
                ),
                (None, _) if pending.ended_well.is_some() => {
                    format!("{timed_out}: `{program}` exited with code 0 {without}")
                }
                (None, Some(pid)) => format!(
                    "{timed_out}: `{program}` is still running (process {pid}) but {opened}"
                ),
                (None, None) if pending.launched.is_some() => {
                    format!("{timed_out}: `{program}` {opened}")
                }
                (None, None) => format!("{timed_out}: no other program opened its window"),
            };
            let output = pending
                .launched
                .map(|launched| launch::output(&launched.log))
                .filter(|output| !output.lines.is_empty());
            let remedy = if exited_well {
                Some(Remedy::KeepRunning)
            } else if has_failed {
                Some(Remedy::FixProgram)
            } else {
                Remedy::of(&self.plan.slot(idx).launch)
            };
            self.missing(idx, reason, output, pid, remedy);
        }
        Ok(())
    }
}

/// A duration in seconds, rounded to tenths.
fn tenths(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10.0).round() / 10.0
}
