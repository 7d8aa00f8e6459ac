//! Decides which programs to start, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::apply::action::{Action, Start};
use crate::apply::event::Checked;
use crate::apply::not_started::NotStarted;
use crate::apply::queue::{self, Queues};
use crate::apply::state::{Owner, Pending, SlotState, Starter, State};
use crate::apply::underway;
use crate::apply::unfinished::{self, Unfinished};
use crate::compile::{Launch, SlotIdx};
use crate::discover::command_line::base_name;
use crate::discover::new_window::has_own_process;
use crate::discover::terminal_table::Terminal;
use crate::live::{Desktop, Pid, ProcessId};
use crate::matching::Started;

/// The time in which a program may open its other windows by itself, after the latest one. Browsers
/// that restore a session open them within a second of each other.
const FALLBACK_PATIENCE: Duration = Duration::from_secs(3);

/// The time after which the next command of a program is started although the one before it has
/// opened no window.
const QUEUE_PATIENCE: Duration = Duration::from_secs(10);

impl State<'_> {
    /// Finds the programs of expected slots that are already starting: by earlier runs, else by
    /// something else in the session.
    pub(super) fn find_starting(&mut self, desktop: &Desktop, checked: Checked) {
        let (plan, expected) = (self.setup.plan, &self.programs.expected);
        self.programs.earlier = checked.earlier;
        self.programs.apart = checked.apart;
        let mut in_vain: Vec<ProcessId> = Vec::new();
        for &idx in expected {
            let Some(found) = unfinished::find(&self.programs.earlier, plan, idx, desktop) else {
                continue;
            };
            // One that shows a splash screen or asks for something is still starting.
            let is_hidden = !underway::shows_anything(desktop, Pid(found.pid));
            let age = checked.now.filter(|_| is_hidden);
            let age = age.map(|now| found.age(now)).unwrap_or_default();
            if age >= self.setup.options.timeout_of(plan, idx) {
                // It has hidden its window, as programs with an icon in the tray do, and shows it if
                // it is started again.
                in_vain.push(found.process());
                continue;
            }
            let owner = Owner {
                id: found.process(),
                starter: Starter::EarlierRun { age },
            };
            self.programs.started.insert(idx, found.as_started());
            self.programs.starting.insert(idx, owner);
        }
        let earlier = &mut self.programs.earlier;
        earlier.retain(|one| !in_vain.contains(&one.process()));
        let Some(now) = checked.now else { return };
        let starting = &self.programs.starting;
        let others = expected.iter().copied();
        let others: Vec<SlotIdx> = others.filter(|idx| !starting.contains_key(idx)).collect();
        for (idx, id) in underway::underway(plan, &others, desktop, &checked.processes, now) {
            let started = Started {
                token: None,
                pid: Some(id.pid),
            };
            let owner = Owner {
                id,
                starter: Starter::Session,
            };
            self.programs.started.insert(idx, started);
            self.programs.starting.insert(idx, owner);
        }
    }

    /// Starts the programs, or waits for those that are already starting.
    pub(super) fn start_programs(&mut self) {
        let (plan, now) = (self.setup.plan, self.now);
        let expected: Vec<SlotIdx> = self.programs.expected.iter().copied().collect();
        let starting = &self.programs.starting;
        let fresh = expected.iter().copied();
        let fresh = fresh.filter(|idx| !starting.contains_key(idx));
        let is_independent = |idx: SlotIdx| {
            let Launch::Program(program) = &plan.slot(idx).launch else {
                return false;
            };
            let name = program.argv.first().map_or("", |name| base_name(name));
            self.programs.apart.contains(&idx)
                || has_own_process(name)
                || Terminal::of_program(name).is_some_and(Terminal::has_no_race)
        };
        self.programs.queues = Queues::new(plan, fresh, is_independent);
        self.programs.started_at = now;
        for idx in expected {
            let process = self.programs.starting.get(&idx).copied();
            self.actions
                .extend(process.map(|owner| Action::Watch(owner.id)));
            let age = match process.map(|owner| owner.starter) {
                Some(Starter::EarlierRun { age }) => age,
                _ => Duration::ZERO,
            };
            let mut pending = Pending {
                since: now,
                // A program has its time only once.
                deadline: self.deadline_of(idx, now).saturating_sub(age).max(now),
                queued: self.programs.queues.holds(idx)
                    || self.programs.fallbacks.contains_key(&idx),
                process,
                ..Pending::default()
            };
            if process.is_some()
                && let Launch::Program(program) = &plan.slot(idx).launch
            {
                pending.program = program.argv.first().cloned().unwrap_or_default();
            }
            let starts = process.is_none() && !pending.queued;
            self.slots.insert(idx, SlotState::Pending(pending));
            if starts && matches!(plan.slot(idx).launch, Launch::Program(_)) {
                self.start(idx);
            }
        }
    }

    /// The end of the time that a slot's window may take, if its program starts now.
    fn deadline_of(&self, idx: SlotIdx, now: Duration) -> Duration {
        let options = self.setup.options;
        let deadline = now.saturating_add(options.timeout_of(self.setup.plan, idx));
        let end = options
            .total_timeout
            .map(|total| self.programs.started_at.saturating_add(total));
        end.map_or(deadline, |end| deadline.min(end))
    }

    /// The time that a slot's window had, as the user set it.
    pub(super) fn patience(&self, idx: SlotIdx, pending: &Pending) -> Duration {
        let options = self.setup.options;
        let own = options.timeout_of(self.setup.plan, idx);
        let is_cut = pending.deadline < pending.since.saturating_add(own);
        options.total_timeout.filter(|_| is_cut).unwrap_or(own)
    }

    /// Starts the program of a pending slot.
    pub(super) fn start(&mut self, idx: SlotIdx) {
        let (now, deadline) = (self.now, self.deadline_of(idx, self.now));
        let slot = self.setup.plan.slot(idx);
        let fallback = self.programs.fallbacks.remove(&idx);
        let Some(SlotState::Pending(pending)) = self.slots.get_mut(&idx) else {
            return;
        };
        pending.since = now;
        pending.deadline = deadline;
        pending.queued = false;
        pending.process = None;
        let program = match &slot.launch {
            Launch::Program(program) => program.clone(),
            Launch::Elsewhere | Launch::Unresolved { .. } => match fallback {
                Some(program) => program,
                None => return,
            },
        };
        pending.program = program.argv.first().cloned().unwrap_or_default();
        let token = format!("{}-{}", self.programs.own.0, idx.0);
        let started = Started {
            token: Some(token.clone()),
            pid: None,
        };
        self.programs.started.insert(idx, started);
        let log = self.setup.log(idx);
        self.actions.push(Action::Start(Box::new(Start {
            slot: idx,
            program,
            token,
            log,
        })));
    }

    /// Starts the programs of earlier runs again that have not opened their windows in their time.
    pub(super) fn start_again(&mut self, desktop: &Desktop) {
        if self.tally.interrupted {
            return;
        }
        let pending = self.pending();
        let late = pending.filter_map(|(idx, pending)| {
            let owner = pending.process?;
            let is_late = matches!(owner.starter, Starter::EarlierRun { .. })
                && pending.ended.is_none()
                && pending.lost.is_none()
                && pending.deadline <= self.now
                && self.deadline_of(idx, self.now) > self.now
                && !underway::shows_anything(desktop, owner.id.pid);
            is_late.then_some((idx, owner.id))
        });
        for (idx, id) in late.collect::<Vec<_>>() {
            self.programs.earlier.retain(|one| one.process() != id);
            self.start(idx);
        }
    }

    /// A program was started, or cannot be started.
    pub(super) fn started(&mut self, idx: SlotIdx, result: Result<ProcessId, NotStarted>) {
        if self.programs.started.values().all(|one| one.pid.is_none()) {
            self.programs.started_at = self.now;
        }
        let deadline = self.deadline_of(idx, self.now);
        match (result, self.slots.get_mut(&idx)) {
            (Ok(id), Some(SlotState::Pending(pending))) => {
                pending.since = self.now;
                pending.deadline = deadline;
                pending.process = Some(Owner {
                    id,
                    starter: Starter::Run,
                });
                if let Some(started) = self.programs.started.get_mut(&idx) {
                    started.pid = Some(id.pid);
                }
            }
            (Err(error), _) => {
                self.programs.started.remove(&idx);
                self.not_started(idx, error);
            }
            (Ok(_), _) => {}
        }
    }

    /// Starts the programs whose turn it is.
    pub(super) fn start_next(&mut self) {
        let (slots, now) = (&self.slots, self.now);
        let progress = |idx: SlotIdx| match slots.get(&idx) {
            Some(SlotState::Pending(pending)) => {
                let age = now.saturating_sub(pending.since);
                let takes_long = !pending.queued && age >= QUEUE_PATIENCE;
                if takes_long || pending.has_handed_over_in_vain(now) {
                    queue::Progress::Over
                } else {
                    queue::Progress::Starting
                }
            }
            Some(SlotState::Placed(placed)) => queue::Progress::Open(placed.placement.pid()),
            _ => queue::Progress::Over,
        };
        for idx in self.programs.queues.next(progress) {
            self.start(idx);
        }
        self.start_fallback();
    }

    /// Asks a running program for the window of a slot without a command that it did not open by
    /// itself, one window after the other.
    fn start_fallback(&mut self) {
        let fallbacks = self.programs.fallbacks.keys().copied();
        let mut due = fallbacks.filter(|&idx| {
            matches!(self.slots.get(&idx), Some(SlotState::Pending(_))) && self.is_fallback_due(idx)
        });
        if let Some(idx) = due.next() {
            self.start(idx);
        }
    }

    /// True if all other windows of the program are open and nothing more has come for a moment.
    fn is_fallback_due(&self, idx: SlotIdx) -> bool {
        let plan = self.setup.plan;
        let slot = plan.slot(idx);
        let is_kin = |other: SlotIdx| {
            let other = plan.slot(other);
            other.may_open(slot)
                || matches!(other.launch, Launch::Elsewhere) && other.swallow == slot.swallow
        };
        let mut latest = None;
        for state in self.slots.iter().filter(|(other, _)| is_kin(**other)) {
            match state.1 {
                SlotState::Pending(pending)
                    if pending.process.is_some() || self.programs.queues.holds(*state.0) =>
                {
                    return false;
                }
                SlotState::Placed(placed) => latest = latest.max(Some(placed.at)),
                _ => {}
            }
        }
        latest.is_none_or(|latest| self.now.saturating_sub(latest) >= FALLBACK_PATIENCE)
    }

    /// The process of a slot's program if it is still running without its window, and the next run
    /// can wait for it.
    pub(super) fn unfinished(&self, idx: SlotIdx, pending: &Pending) -> Option<Unfinished> {
        let process = pending.process.filter(|_| pending.ended.is_none())?;
        let token = self.programs.started.get(&idx)?.token.clone()?;
        let slot = self.setup.plan.slot(idx);
        let Launch::Program(program) = &slot.launch else {
            return None;
        };
        Some(Unfinished {
            layout: self.setup.plan.name_of_seats().to_owned(),
            slot: slot.id.clone(),
            command: Unfinished::command(&program.argv),
            pid: process.id.pid.0,
            started: process.id.started,
            token,
        })
    }

    /// The programs that are still running without a window, for the next run. `None` if this run
    /// has started none and waited for none.
    pub fn unfinished_programs(&self) -> Option<Vec<Unfinished>> {
        let (plan, layout) = (self.setup.plan, self.setup.plan.name_of_seats());
        let filled = self.slots.iter().filter(|(_, state)| {
            matches!(
                state,
                SlotState::Placed(_) | SlotState::Late { after: Some(_) }
            )
        });
        let filled: BTreeSet<&str> = filled.map(|(&idx, _)| plan.slot(idx).id.as_str()).collect();
        let is_open = |one: &Unfinished| one.layout == layout && filled.contains(one.slot.as_str());
        if self.programs.started.is_empty() && !self.programs.earlier.iter().any(is_open) {
            return None;
        }
        let mut all: BTreeMap<Pid, Unfinished> = BTreeMap::new();
        let earlier = self.programs.earlier.iter().cloned();
        let pending = self.pending();
        let pending = pending.filter_map(|(idx, pending)| self.unfinished(idx, pending));
        for one in earlier.chain(pending) {
            all.insert(Pid(one.pid), one);
        }
        Some(all.into_values().filter(|one| !is_open(one)).collect())
    }
}
