//! Performs the actions of a run, and produces its events.
//!
//! This is the only part of `apply` that looks at the clock and waits. Each action is at most one
//! message to i3, and the run may be interrupted after each.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

mod adapt;
mod apart_file;
mod check;
mod close;
mod dry_run;
mod fault_line;
mod guard;
mod hook;
mod interrupt;
mod launch;
pub use launch::{check as check_program, has_directory as check_directory};
mod lock;
mod logs;
pub use logs::shorten_all as shorten_logs;
mod notices;
mod programs;
mod recover;
mod runtime;
mod started_file;
mod world;

pub use adapt::{AdaptTo, Adapted, MovedWorkspace, adapt, dry_adapt};
pub use close::close;
pub use dry_run::{DryRun, FutureCon, Messages, Placeholders, Sent, dry_run};
pub use hook::{HookEnd, HookRun, run_hook};
pub use interrupt::{Interrupts, Signal};
pub use recover::{Recovered, recover};
pub use started_file::seats_of_started;
pub use world::{Listener, Progress, Recorder, World};

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::apply::ApplyError;
use crate::apply::action::{Action, Check, Failure, Piece, Start};
use crate::apply::event::{Event, Happening, What};
use crate::apply::leftovers::Clear;
use crate::apply::options::Options;
use crate::apply::plans::{MakePlan, Plans};
use crate::apply::previous;
use crate::apply::report::{Costs, Report};
use crate::apply::state::{Setup, State};
use crate::apply::step::step;
use crate::compile::{Plan, SlotIdx};
use crate::live::{ConId, Output, Pid, PresentWorkspace, ProcessId};
use crate::records::file;
use crate::wm::Subscription;
use crate::wm::command::Command;
use guard::Guard;
use launch::Launcher;
use notices::{Notice, Notices};
use programs::Programs;
use runtime::Runtime;

/// Brings the desktop into the state of the first plan. If the outputs change meanwhile, makes a
/// new one.
pub fn run(
    world: &mut World<'_>,
    (plans, make_plan): (&Plans, &MakePlan<'_>),
    options: &Options,
    listener: &mut dyn Listener,
) -> Result<Report, ApplyError> {
    let begun = Instant::now();
    let cpu_before = cpu_time();
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime, world.session)?;
    let notices = Notices::new()?;
    let recorder = world.recorder;
    recorder.plan(plans.plan(), Some(options));
    let make_plan = |outputs: &[Output], workspaces: &[PresentWorkspace]| {
        let plan = make_plan(outputs, workspaces);
        recorder.plan(&plan, None);
        plan
    };
    // A place and a waiting placeholder for each slot.
    world
        .session
        .expect_containers(2 * plans.plan().slots().count());
    let mut state = State::new(setup(world, (plans, &make_plan), options));
    let mut executor = Executor {
        world,
        plan: plans.plan(),
        options,
        listener,
        guard: Guard::new(runtime),
        begun,
        notices,
        subscriptions: Vec::new(),
        watched: BTreeSet::new(),
        programs: Programs::default(),
    };
    let ended = executor.execute(&mut state);
    executor.remember(&state);
    if let Some((plan, desktop, assignment)) = state.found() {
        recorder.matched(plan, desktop, &assignment);
    }
    apart_file::learn(&executor.world.apart, &state);
    let ended = ended.and_then(|()| executor.record(&state));
    let ended = ended.and_then(|()| state.report().ok_or(ApplyError::Stopped));
    match ended {
        Ok(report) => Ok(Report {
            costs: Costs {
                elapsed: begun.elapsed(),
                own: cpu_time().saturating_sub(cpu_before),
                ..report.costs
            },
            ..report
        }),
        Err(error) => {
            // Remove all placeholders after an error. If i3 is gone, there is nothing to remove.
            let Executor { world, guard, .. } = &mut executor;
            if let Ok(desktop) = world.session.observe(world.process) {
                let _ = recover::clear(world, guard, &desktop, Clear::Run);
            }
            Err(error)
        }
    }
}

/// The setup of a run.
fn setup<'p>(
    world: &World<'p>,
    (plans, make_plan): (&'p Plans, &'p MakePlan<'p>),
    options: &'p Options,
) -> Setup<'p> {
    let logs = world.logs.clone();
    Setup::new(plans, make_plan, options, logs, world.hide)
}

/// The first event of a run.
fn begun(world: &World<'_>) -> What {
    let pid = std::process::id();
    let started = world.process.started(Pid(pid));
    What::Begun { pid, started }
}

struct Executor<'r, 'w> {
    world: &'r mut World<'w>,
    plan: &'r Plan,
    options: &'r Options,
    listener: &'r mut dyn Listener,
    guard: Guard,
    begun: Instant,
    notices: Notices,
    subscriptions: Vec<Subscription>,
    /// The processes whose end is reported.
    watched: BTreeSet<ProcessId>,
    programs: Programs,
}

impl Executor<'_, '_> {
    fn execute(&mut self, state: &mut State<'_>) -> Result<(), ApplyError> {
        let mut actions = VecDeque::from(self.step(state, begun(self.world)));
        while let Some(action) = actions.pop_front() {
            if let Some(answer) = self.perform(action, state)? {
                actions.extend(self.step(state, answer));
            }
        }
        Ok(())
    }

    fn step(&mut self, state: &mut State<'_>, what: What) -> Vec<Action> {
        // The resolution of the record.
        let micros = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let event = Event {
            at: Duration::from_micros(micros),
            what,
        };
        self.listener.happened(&event);
        let actions = step(state, event);
        self.listener.follows(&actions);
        actions
    }

    /// Performs an action. Returns the answer to a question.
    fn perform(&mut self, action: Action, state: &State<'_>) -> Result<Option<What>, ApplyError> {
        let session = &mut *self.world.session;
        match action {
            Action::Observe => {
                let desktop = Box::new(session.observe(self.world.process)?);
                let gone = self.gone();
                return Ok(Some(What::Seen { desktop, gone }));
            }
            Action::ReadTree => return Ok(Some(What::Tree(Box::new(session.observe_tree()?)))),
            Action::Check(question) => return Ok(Some(self.check(&question))),
            Action::ReadConfig => {
                let config = Box::new(session.wm().window_config()?);
                return Ok(Some(What::Config(config)));
            }
            Action::Wait(until) => {
                self.guard.forget();
                if self.programs.take_unsaved() {
                    // A run that is killed leaves programs behind, too.
                    self.remember(state);
                }
                return Ok(Some(What::Woken(self.wait(until))));
            }
            Action::Start(start) => {
                if !self.programs.has_unsaved() {
                    let world = &self.world;
                    logs::prepare(&world.logs, &self.plan.layout, world.layout.as_deref());
                }
                return Ok(Some(self.start(*start)));
            }
            Action::ReadOutput { slot, log } => {
                let output = launch::output(&log);
                return Ok(Some(What::Output { slot, output }));
            }
            Action::Subscribe => {
                let sender = self.notices.sender();
                let notice = |change| Notice::Happening(Happening::Change(change));
                let sink = move |change| sender.send(notice(change)).is_ok();
                self.subscriptions.push(session.subscribe(sink)?);
            }
            Action::Send(commands) => self.send(commands, &[])?,
            Action::Append(pieces) => self.append(pieces)?,
            Action::Remove { commands, drawn } => self.send(commands, &drawn)?,
            Action::Settle => session.settle()?,
            Action::Label(windows) => session.label(&windows)?,
            Action::Place { window, seat } => session.place(window, seat),
            Action::Watch(process) => {
                self.watched.insert(process);
            }
            Action::Tell { filled, waiting } => self.tell(filled, waiting),
            Action::GaveUp(slot) => self.listener.gave_up(&state.slot_report(slot)),
            Action::Finish => session.correct_floating()?,
            Action::Fail(failure) => return Err(failure.into()),
        }
        Ok(None)
    }

    /// Sends own commands, so that the events that they cause can be told from those of the user.
    fn send(&mut self, commands: Vec<Command>, drawn: &[ConId]) -> Result<(), ApplyError> {
        let session = &mut *self.world.session;
        let is_heard = !self.subscriptions.is_empty();
        if is_heard && drawn.is_empty() && !commands.iter().any(previous::is_relevant) {
            session.wm().run_announced(&commands)?;
            return Ok(());
        }
        if is_heard {
            session.wm().announce(true)?;
        }
        self.guard.send(session, commands, drawn)?;
        if is_heard {
            session.wm().announce(false)?;
        }
        Ok(())
    }

    fn check(&self, question: &Check) -> What {
        What::Checked(Box::new(check::check(
            self.world,
            self.plan,
            &self.guard.runtime,
            question,
        )))
    }

    fn append(&mut self, pieces: Vec<Piece>) -> Result<(), ApplyError> {
        let layouts = pieces.iter().filter_map(|piece| match piece {
            Piece::Layout(json) => Some(json),
            Piece::Command(_) => None,
        });
        let layouts = self
            .guard
            .runtime
            .write_layouts(&layouts.collect::<Vec<_>>())?;
        let mut files = layouts.files.iter();
        let commands = pieces.into_iter().filter_map(|piece| match piece {
            Piece::Layout(_) => files.next().cloned().map(Command::AppendLayout),
            Piece::Command(command) => Some(command),
        });
        self.send(commands.collect(), &[])
    }

    fn start(&mut self, start: Start) -> What {
        let Start {
            slot,
            program,
            token,
            log,
        } = start;
        let launcher = Launcher {
            env: &self.world.env,
        };
        let (child, result) = match launcher.launch(&program, Some(&token), &log) {
            Ok(child) => {
                let pid = Pid(child.id());
                // It is not reaped before its end is reported.
                let started = self.world.process.started(pid).unwrap_or_default();
                (Some(child), Ok(ProcessId { pid, started }))
            }
            Err(error) => (None, Err(error)),
        };
        self.programs.add(slot, child, log);
        What::Started { slot, result }
    }

    fn tell(&mut self, filled: usize, waiting: Option<SlotIdx>) {
        self.listener.update(Progress {
            filled,
            total: self.options.scope.slots(self.plan).count(),
            waiting: waiting.map(|idx| self.plan.slot(idx).id.as_str()),
            elapsed: self.begun.elapsed(),
        });
    }

    /// Waits until something happens, at most until this time since the start.
    fn wait(&mut self, until: Duration) -> Vec<Happening> {
        let gone = self.gone();
        let mut happened: Vec<Happening> = gone.into_iter().map(Happening::Gone).collect();
        let pause = until.saturating_sub(self.begun.elapsed());
        let pause = Some(pause).filter(|_| happened.is_empty());
        for notice in self.notices.wait(pause.unwrap_or_default()) {
            match notice {
                Notice::Happening(happening) => happened.push(happening),
                Notice::ChildEnded => happened.extend(self.programs.ended()),
            }
        }
        self.programs.shorten_logs();
        happened
    }

    /// The watched processes that have ended.
    fn gone(&mut self) -> Vec<ProcessId> {
        let process = self.world.process;
        let gone = self.watched.iter();
        let gone: Vec<ProcessId> = gone.filter(|one| !process.runs(**one)).copied().collect();
        for one in &gone {
            self.watched.remove(one);
        }
        gone
    }

    /// Saves the programs that have no window yet, for the next run.
    fn remember(&self, state: &State<'_>) {
        let Some(mut programs) = state.unfinished_programs() else {
            return;
        };
        let process = self.world.process;
        programs.retain(|one| process.runs(one.process()));
        if started_file::read(&self.guard.runtime, process) != programs {
            // Without it, the next run would start the programs a second time.
            let _ = started_file::write(&self.guard.runtime, &programs);
        }
    }

    /// Removes the marks from the windows, and records their slots instead.
    fn record(&mut self, state: &State<'_>) -> Result<(), ApplyError> {
        let marks = self.world.session.unmark();
        if !marks.is_empty() {
            self.world.session.run(&marks)?;
        }
        let (Some((desktop, in_slots)), Some(layout)) = (state.seated(), &self.world.layout) else {
            return Ok(());
        };
        let path = file::path(&self.world.runtime, &self.world.display);
        let before = file::read(&path);
        let mut records = before.clone();
        records.place(self.plan, layout, in_slots, desktop);
        records.retain_open(desktop);
        if records == before {
            return Ok(());
        }
        file::write(&path, &records).map_err(|source| ApplyError::Runtime { path, source })
    }
}

impl From<Failure> for ApplyError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotBuilt {
                workspaces,
                missing,
            } => {
                let names: Vec<String> =
                    workspaces.iter().map(|name| format!("`{name}`")).collect();
                Self::NotBuilt {
                    workspaces: names.join(", "),
                    reason: format!("{missing} placeholders are missing"),
                }
            }
            Failure::Gone(gone) => Self::Gone(gone),
        }
    }
}

/// The processor time that this process has used so far.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
