//! Starts programs, and keeps track of programs that an earlier run has started.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::expected::{expected, fallbacks};
use super::wait::{Earlier, Event, Pending};
use super::{Options, Run, World};
use crate::apply::launch::{self, Launched, Launcher};
use crate::apply::queue::{self, Queues};
use crate::apply::report::{NotStarted, Note, Outcome};
use crate::apply::underway::{self, Underway};
use crate::apply::unfinished::{self, Unfinished};
use crate::compile::{Launch, Plan, Program, SlotIdx};
use crate::discover::terminal_table::Terminal;
use crate::live::{Desktop, Pid};
use crate::matching::{Assignment, Started};

/// The time in which a program may open its other windows by itself, after the latest one. Browsers
/// that restore a session open them within a second of each other.
const FALLBACK_PATIENCE: Duration = Duration::from_secs(3);

/// The time after which the next command of a program is started although the one before it has
/// opened no window.
const QUEUE_PATIENCE: Duration = Duration::from_secs(10);

impl Run<'_, '_> {
    /// Finds the programs of slots that are already starting. Returns true if there are any.
    ///
    /// In this case, no placeholder waits for windows in i3: a window that opens while its
    /// placeholder is appended would be destroyed (see `docs/i3-facts.md`). The windows are moved
    /// in from where i3 puts them.
    pub(super) fn find_starting(
        &mut self,
        expected: &BTreeSet<SlotIdx>,
        desktop: &Desktop,
    ) -> bool {
        self.earlier = unfinished::read(&self.runtime);
        let found = starting(self.world, self.plan, desktop, &self.earlier, expected);
        for (idx, Starting { earlier, started }) in found {
            self.starting.insert(idx, earlier);
            self.started.insert(idx, started);
        }
        !self.starting.is_empty()
    }

    /// Starts the programs, or waits for those that are already starting.
    pub(super) fn launch(&mut self, expected: &BTreeSet<SlotIdx>) {
        let starting = &self.starting;
        let fresh = expected.iter().copied();
        let fresh = fresh.filter(|idx| !starting.contains_key(idx));
        let has_no_race =
            |program: &str| Terminal::of_program(program).is_some_and(Terminal::has_no_race);
        self.queues = Queues::new(self.plan, fresh, has_no_race);
        self.launched_at = Instant::now();
        for &idx in expected {
            let mut pending = Pending::new(self.launched_at);
            pending.deadline = self.deadline_of(idx, self.launched_at);
            pending.queued = self.queues.holds(idx);
            let is_queued = pending.queued;
            if let Some(&earlier) = self.starting.get(&idx) {
                pending.launched = Some(Launched {
                    pid: earlier.pid,
                    log: launcher(self.world, self.plan).log(&self.plan.slot(idx).id),
                });
                pending.earlier = Some(earlier);
                if let Launch::Program(program) = &self.plan.slot(idx).launch {
                    pending.program = program.argv.first().cloned().unwrap_or_default();
                }
            }
            let is_fresh = pending.earlier.is_none();
            self.pending.insert(idx, pending);
            if is_fresh && !is_queued && matches!(self.plan.slot(idx).launch, Launch::Program(_)) {
                self.start(idx, self.launched_at);
            }
        }
    }

    /// The end of the time that a slot's window may take, if its program starts now.
    fn deadline_of(&self, idx: SlotIdx, now: Instant) -> Instant {
        let deadline = now + self.options.timeout_of(self.plan, idx);
        let total = self.options.total_timeout;
        let end = total.map(|total| self.launched_at + total);
        end.map_or(deadline, |end| deadline.min(end))
    }

    /// Starts the program of a pending slot.
    pub(super) fn start(&mut self, idx: SlotIdx, now: Instant) {
        let deadline = self.deadline_of(idx, now);
        let slot = self.plan.slot(idx);
        let Some(pending) = self.pending.get_mut(&idx) else {
            return;
        };
        pending.since = now;
        pending.deadline = deadline;
        pending.queued = false;
        pending.earlier = None;
        let fallback = self.fallbacks.remove(&idx);
        let program = match &slot.launch {
            Launch::Program(program) => program,
            Launch::Elsewhere | Launch::Unresolved { .. } => match &fallback {
                Some(program) => program,
                None => return,
            },
        };
        pending.program = program.argv.first().cloned().unwrap_or_default();
        let token = format!("{}-{}", std::process::id(), idx.0);
        let sender = self.sender.clone();
        let ended = move |status| {
            // The receiver is gone after the run has ended.
            let _ = sender.send(Event::Ended(idx, status));
        };
        match launcher(self.world, self.plan).launch(program, &token, &slot.id, ended) {
            Ok(launched) => {
                let started = Started {
                    token: Some(token),
                    pid: Some(launched.pid),
                };
                self.started.insert(idx, started);
                pending.launched = Some(launched);
            }
            Err(error) => {
                self.pending.remove(&idx);
                self.missing(idx, error.to_string(), None, None, error.remedy());
            }
        }
    }

    /// Starts the programs whose turn it is.
    pub(super) fn start_next(&mut self) {
        let (pending, placed) = (&self.pending, &self.placed);
        let progress = |idx: SlotIdx| match (pending.get(&idx), placed.get(&idx)) {
            (Some(pending), _) => {
                let takes_long = !pending.queued && pending.since.elapsed() >= QUEUE_PATIENCE;
                if takes_long || pending.has_handed_over_in_vain() {
                    queue::Progress::Over
                } else {
                    queue::Progress::Starting
                }
            }
            (None, Some((placement, _))) => queue::Progress::Open(placement.pid()),
            (None, None) => queue::Progress::Over,
        };
        for idx in self.queues.next(progress) {
            self.start(idx, Instant::now());
        }
        self.start_fallback();
    }

    /// Asks a running program for the window of a slot without a command that it did not open by
    /// itself, one window after the other.
    fn start_fallback(&mut self) {
        let slots = self.pending.keys().copied();
        let Some(idx) = slots
            .filter(|idx| self.fallbacks.contains_key(idx))
            .find(|idx| self.is_fallback_due(*idx))
        else {
            return;
        };
        self.start(idx, Instant::now());
    }

    /// True if all other windows of the program are open and nothing more has come for a moment.
    fn is_fallback_due(&self, idx: SlotIdx) -> bool {
        let slot = self.plan.slot(idx);
        let is_kin = |other: SlotIdx| {
            let other = self.plan.slot(other);
            other.may_open(slot)
                || matches!(other.launch, Launch::Elsewhere) && other.swallow == slot.swallow
        };
        let mut pending = self.pending.iter().filter(|(other, _)| is_kin(**other));
        let is_starting = pending.any(|(_, pending)| pending.launched.is_some() || pending.queued);
        let opened = self.placed.iter().filter(|(other, _)| is_kin(**other));
        let latest = opened
            .map(|(_, (_, pending))| pending.filled_at)
            .max()
            .flatten();
        !is_starting && latest.is_none_or(|latest| latest.elapsed() >= FALLBACK_PATIENCE)
    }

    /// Records a program that is still running and whose window has not opened.
    pub(super) fn unfinished(&mut self, idx: SlotIdx, launched: &Launched) -> Option<u32> {
        let started = self.world.process.process(launched.pid)?.started?;
        let (slot, token) = (self.plan.slot(idx), self.started.get(&idx)?.token.as_ref()?);
        let Launch::Program(program) = &slot.launch else {
            return None;
        };
        let pid = launched.pid.0;
        self.earlier.retain(|earlier| earlier.pid != pid);
        self.earlier.push(Unfinished {
            layout: self.plan.name_of_seats().to_owned(),
            slot: slot.id.clone(),
            command: Unfinished::command(&program.argv),
            pid,
            started,
            token: token.clone(),
        });
        Some(pid)
    }

    /// Saves the records of unfinished programs for the next run.
    pub(super) fn remember(&mut self) {
        if self.started.is_empty() {
            return;
        }
        let pending: Vec<(SlotIdx, Launched)> = self
            .pending
            .iter()
            .filter_map(|(&idx, pending)| Some((idx, pending.launched.clone()?)))
            .collect();
        for (idx, launched) in pending {
            self.unfinished(idx, &launched);
        }
        let process = self.world.process;
        self.earlier.retain(|earlier| earlier.runs(process));
        let filled: BTreeSet<&str> = self
            .outcomes
            .iter()
            .filter(|(_, outcome)| matches!(outcome, Outcome::Launched { .. }))
            .map(|(&idx, _)| self.plan.slot(idx).id.as_str())
            .collect();
        let layout = self.plan.name_of_seats();
        self.earlier
            .retain(|earlier| earlier.layout != layout || !filled.contains(earlier.slot.as_str()));
        if unfinished::read(&self.runtime) != self.earlier {
            // Without it, the next run would start the programs a second time.
            let _ = unfinished::write(&self.runtime, &self.earlier);
        }
    }
}

fn launcher<'w>(world: &'w World<'_>, plan: &Plan) -> Launcher<'w> {
    Launcher {
        env: &world.env,
        logs: world.logs.join(&plan.layout),
    }
}

/// The slots for which a run waits, and the programs that it starts for them.
pub(super) struct Starts {
    /// The slots whose windows are expected to open.
    pub(super) expected: BTreeSet<SlotIdx>,
    /// The programs for slots without a command whose windows do not open by themselves.
    pub(super) fallbacks: BTreeMap<SlotIdx, Program>,
    /// The slots whose programs cannot be started.
    pub(super) unstartable: BTreeMap<SlotIdx, NotStarted>,
    /// Notes about the start of the others.
    pub(super) notes: BTreeMap<SlotIdx, Vec<Note>>,
}

impl Starts {
    /// Checks all programs without starting any.
    pub(super) fn find(
        world: &World<'_>,
        plan: &Plan,
        assignment: &Assignment,
        options: &Options,
    ) -> Self {
        let new_window = |argv: &[String]| world.process.new_window(argv);
        let fallbacks = fallbacks(plan, assignment, options, new_window);
        let all = expected(plan, assignment, options, &BTreeMap::new(), &fallbacks);
        let (unstartable, notes) = check_programs(world, plan, &all);
        let expected = if unstartable.is_empty() {
            all
        } else {
            expected(plan, assignment, options, &unstartable, &fallbacks)
        };
        Self {
            expected,
            fallbacks,
            unstartable,
            notes,
        }
    }
}

/// The slots whose programs cannot be started, and notes about the start of the others.
fn check_programs(
    world: &World<'_>,
    plan: &Plan,
    slots: &BTreeSet<SlotIdx>,
) -> (BTreeMap<SlotIdx, NotStarted>, BTreeMap<SlotIdx, Vec<Note>>) {
    let mut unstartable = BTreeMap::new();
    let mut notes = BTreeMap::new();
    for &idx in slots {
        let Launch::Program(program) = &plan.slot(idx).launch else {
            continue;
        };
        match launch::check(program, &world.env) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => {
                notes.insert(idx, found);
            }
            Err(error) => {
                unstartable.insert(idx, error);
            }
        }
    }
    (unstartable, notes)
}

/// A program that is already starting for a slot.
pub(super) struct Starting {
    pub(super) earlier: Earlier,
    pub(super) started: Started,
}

/// The programs that are already starting for these slots: by `earlier` runs, else by something
/// else in the session.
pub(super) fn starting(
    world: &World<'_>,
    plan: &Plan,
    desktop: &Desktop,
    earlier: &[Unfinished],
    slots: &BTreeSet<SlotIdx>,
) -> BTreeMap<SlotIdx, Starting> {
    let by_runs = slots.iter().filter_map(|&idx| {
        let found = unfinished::find(earlier, plan, idx, world.process, desktop)?;
        let earlier = Earlier {
            pid: Pid(found.pid),
            started: found.started,
            by_run: true,
        };
        let started = found.as_started();
        Some((idx, Starting { earlier, started }))
    });
    let mut all: BTreeMap<SlotIdx, Starting> = by_runs.collect();
    let others: Vec<SlotIdx> = slots
        .iter()
        .copied()
        .filter(|idx| !all.contains_key(idx))
        .collect();
    let of_session = starting_in_session(world, plan, desktop, &others);
    all.extend(of_session.into_iter().map(|(idx, one)| {
        let earlier = Earlier {
            pid: one.pid,
            started: one.started,
            by_run: false,
        };
        let started = Started {
            token: None,
            pid: Some(one.pid),
        };
        (idx, Starting { earlier, started })
    }));
    all
}

/// The programs of these slots that something else in the session has just started.
fn starting_in_session(
    world: &World<'_>,
    plan: &Plan,
    desktop: &Desktop,
    slots: &[SlotIdx],
) -> BTreeMap<SlotIdx, Underway> {
    let socket = world.session.socket();
    let is_wanted = |argv: &[String]| underway::is_wanted(plan, slots, argv);
    let processes = world.process.of_session(socket, &is_wanted);
    let own = world.process.process(Pid(std::process::id()));
    let Some(now) = own.and_then(|own| own.started) else {
        return BTreeMap::new();
    };
    underway::underway(plan, slots, desktop, &processes, now)
}
