//! The course of a run: look, build, launch, wait, repair, report.
//!
//! The only file of `apply` that looks at the clock and waits.
//! What to do is decided in `build`, `settle` and `finish`; here it is done, one
//! IPC message at a time, each of which is safe to have been the last one.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::build::{self, Build, Mode};
use super::finish::{FocusMode, finish};
use super::interrupt::Interrupts;
use super::label;
use super::launch::{self, Launched, Launcher};
use super::leftovers::{self, Clear};
use super::lock::Lock;
use super::report::{Aside, Outcome, Report, SlotReport};
use super::reseat::{Seats, reseat};
use super::runtime::Runtime;
use super::seated::Seated;
use super::settle::{Intruder, Known, Started, settle};
use super::unfinished::{self, Record, Unfinished};
use super::{ApplyError, Scope};
use crate::compile::append_json::Label;
use crate::compile::{Launch, Plan, PlannedWorkspace, Slot, SlotIdx, is_temporary_mark};
use crate::diff::{Difference, Kind, diff, properties};
use crate::layout::criteria::Misfit;
use crate::layout::{Fullscreen, Matcher};
use crate::live::{Change, Con, ConId, Desktop, OWN_MARK_PREFIX, Pid, Processes, XId};
use crate::matching::{Assignment, Held, Reuse, held, match_windows};
use crate::session::{Session, SessionError};
use crate::wm::WindowRule;
use crate::wm::command::Command;

/// How often the whole is looked at and repaired before what is left is reported.
/// One to build, one to set borders, one for the places that borders change, one for
/// fullscreen, and one because rules of the i3 config may move a window once more.
const MAX_ROUNDS: usize = 5;

/// How long a window may take before its place says what is to come. Most windows come
/// sooner, and a label for a moment would only flicker.
const LABEL_DELAY: Duration = Duration::from_millis(400);

/// How often progress is told while nothing happens.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

/// How long no window of a process has to come and no title to change before the titles
/// count as what they are. Browsers show their own name first, and that of the page when
/// they have it.
const TITLES_SETTLE: Duration = Duration::from_secs(2);

/// How long titles are waited for all in all once all windows are there; some never rest.
const TITLES_LIMIT: Duration = Duration::from_secs(10);

/// Why a slot is empty whose window came.
const CLOSED: &str = "its window was closed meanwhile";

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for each window whose slot does not say.
    pub timeout: Duration,
    /// How long to wait for all windows together, whatever their slots say.
    pub total_timeout: Option<Duration>,
    /// Whether placeholders stay for windows that do not come in time.
    pub keep_placeholders: bool,
    /// Whether missing programs are started.
    pub launch: bool,
    /// Which open windows may be taken.
    pub reuse: Reuse,
    /// What is focused and shown in the end.
    pub focus: FocusMode,
    /// Which part of the layout is meant.
    pub scope: Scope,
    /// What becomes of windows that the layout does not know.
    pub mode: Mode,
}

/// The outside world of a run.
pub struct World<'a> {
    /// i3 and the X server.
    pub session: &'a mut Session,
    /// What /proc says about a process.
    pub process: &'a dyn Processes,
    /// The session's environment, in which programs are started.
    pub env: BTreeMap<OsString, OsString>,
    /// The private directory for the files of a run.
    pub runtime: PathBuf,
    /// Where the output of programs goes.
    pub logs: PathBuf,
    /// The display's name, for the lock.
    pub display: String,
    /// A text with `***` for what the user knows to be secret.
    pub hide: &'a dyn Fn(&str) -> String,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand<'a> {
    /// Slots that have their window.
    pub filled: usize,
    /// All slots that are meant.
    pub total: usize,
    /// The slot that has been waited for longest.
    pub waiting: Option<&'a str>,
    /// Since the run began.
    pub elapsed: Duration,
}

/// Who is told how far a run is.
pub trait Progress {
    /// Called after each event, and every tenth of a second.
    fn update(&mut self, stand: Stand<'_>);

    /// Called when a slot is given up while others are still waited for.
    fn gave_up(&mut self, slot: &SlotReport);
}

/// Nobody is told.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn update(&mut self, _: Stand<'_>) {}

    fn gave_up(&mut self, _: &SlotReport) {}
}

/// What can happen while we wait.
enum Event {
    Change(Change),
    Ended(SlotIdx, io::Result<ExitStatus>),
    Interrupt,
}

/// Brings the desktop into the state of the plan.
pub fn run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, ApplyError> {
    let begun = Instant::now();
    let runtime = Runtime::open(&world.runtime)?;
    let _lock = Lock::take(&runtime, &world.display)?;
    let (sender, receiver) = mpsc::channel();
    let interrupts = {
        let sender = sender.clone();
        Interrupts::watch(move || {
            // Nobody listens any more when the run has ended.
            let _ = sender.send(Event::Interrupt);
        })?
    };
    let began = world
        .process
        .process(Pid(std::process::id()))
        .and_then(|process| process.started);
    let mut run = Run {
        world,
        began,
        plan,
        options,
        progress,
        runtime,
        begun,
        cpu_before: cpu_time(),
        sender,
        receiver,
        before: BTreeSet::new(),
        started: BTreeMap::new(),
        pending: BTreeMap::new(),
        seated: BTreeMap::new(),
        outcomes: BTreeMap::new(),
        told: BTreeSet::new(),
        kept: Vec::new(),
        commands: 0,
        aside: Vec::new(),
        closed: 0,
        wrong: BTreeSet::new(),
        earlier: Vec::new(),
        held: BTreeSet::new(),
        unsure: BTreeSet::new(),
        titles_changed: begun,
        complete_since: None,
        interrupted: false,
    };
    let ended = run.whole();
    run.remember();
    drop(interrupts);
    match ended {
        Ok(report) => Ok(report),
        Err(error) => {
            // Whatever went wrong, no placeholder shall stay. Where i3 is gone
            // there is nothing left to remove.
            let _ = run.remove_placeholders();
            Err(error)
        }
    }
}

/// The commands that a run would begin with, without sending any.
pub fn dry_run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
) -> Result<DryRun, ApplyError> {
    let desktop = world.session.observe(world.process)?;
    let assignment = match_windows(plan, &desktop, options.reuse);
    let differences = scoped(plan, &desktop, &assignment, options);
    let held = held_in_scope(plan, &desktop, &assignment, options);
    let expected = expected(plan, &assignment, &held, options);
    let awaited = |idx: SlotIdx| expected.contains(&idx);
    let mode = options.mode;
    let build = build::build(plan, &desktop, &assignment, &differences, &awaited, mode);
    let finish = finish(plan, &desktop, &assignment, &differences, options.focus);
    let closes = match options.mode {
        Mode::Close => strangers(&differences).collect(),
        Mode::Merge | Mode::Replace => Vec::new(),
    };
    let runtime = Runtime::unchecked(&world.runtime);
    let earlier = Record::of_display(&runtime, &world.display).read();
    let waiting: BTreeMap<SlotIdx, Pid> = expected
        .iter()
        .filter_map(|&idx| {
            let found = unfinished::find(&earlier, plan, idx, world.process, &desktop)?;
            Some((idx, Pid(found.pid)))
        })
        .collect();
    let meant = plan.slots().map(|(idx, _)| idx);
    let meant = meant.filter(|idx| options.scope.has_slot(plan, *idx));
    Ok(DryRun {
        meant: meant.collect(),
        closes,
        launches: expected.into_iter().collect(),
        waiting,
        held,
        assignment,
        differences,
        build,
        finish,
    })
}

/// What a run would do.
#[derive(Clone, Debug, PartialEq)]
pub struct DryRun {
    /// The slots that are meant.
    pub meant: BTreeSet<SlotIdx>,
    /// The slots whose windows would be waited for.
    pub launches: Vec<SlotIdx>,
    /// Those of them whose program an earlier run has started.
    pub waiting: BTreeMap<SlotIdx, Pid>,
    /// The open windows that another layout has, and that are left to it.
    pub held: Vec<Held>,
    /// The open windows that would be taken.
    pub assignment: Assignment,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The workspaces that would be built anew.
    pub build: Build,
    /// The commands that would set the rest.
    pub finish: Vec<Command>,
    /// The windows that would be asked to close.
    pub closes: Vec<ConId>,
}

/// The windows on the plan's workspaces that it does not know.
fn strangers(differences: &[Difference]) -> impl Iterator<Item = ConId> {
    differences
        .iter()
        .filter(|difference| matches!(difference.kind, Kind::Extra { .. }))
        .filter_map(|difference| difference.con)
}

/// The differences that are meant.
fn scoped(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    options: &Options,
) -> Vec<Difference> {
    diff(plan, desktop, assignment)
        .into_iter()
        .filter(|difference| options.scope.has(plan, difference))
        .collect()
}

/// The windows that another layout has, for the slots that are meant.
fn held_in_scope(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    options: &Options,
) -> Vec<Held> {
    let mut held = held(plan, desktop, options.reuse, assignment);
    held.retain(|held| options.scope.has_slot(plan, held.slot));
    held
}

/// The slots without a window whose window is going to come.
fn expected(
    plan: &Plan,
    assignment: &Assignment,
    held: &[Held],
    options: &Options,
) -> BTreeSet<SlotIdx> {
    if !options.launch {
        return BTreeSet::new();
    }
    let missing = |idx: SlotIdx| {
        assignment.window(idx).is_none()
            && options.scope.has_slot(plan, idx)
            && !held.iter().any(|held| held.slot == idx)
    };
    let programs: BTreeSet<SlotIdx> = plan
        .slots()
        .filter(|(idx, slot)| missing(*idx) && matches!(slot.launch, Launch::Program(_)))
        .map(|(idx, _)| idx)
        .collect();
    if programs.is_empty() {
        // Nobody would open the windows of the others.
        return programs;
    }
    let others = plan
        .slots()
        .filter(|(idx, slot)| {
            missing(*idx)
                && matches!(slot.launch, Launch::Elsewhere)
                && may_be_opened_by(plan, slot, &programs)
        })
        .map(|(idx, _)| idx);
    programs.iter().copied().chain(others).collect()
}

/// Whether one of these programs may open the window of a slot without a command:
/// one whose own window is of the same class, or any, when the plan has no other
/// window of that class.
fn may_be_opened_by(plan: &Plan, slot: &Slot, programs: &BTreeSet<SlotIdx>) -> bool {
    let is_kin = |other: &Slot| {
        matches!(other.launch, Launch::Program(_))
            && (other.swallow.class.is_some() && other.swallow.class == slot.swallow.class
                || other.swallow.instance.is_some()
                    && other.swallow.instance == slot.swallow.instance)
    };
    let mut kin = plan.slots().filter(|(_, other)| is_kin(other)).peekable();
    kin.peek().is_none() || kin.any(|(idx, _)| programs.contains(&idx))
}

/// A slot that is being waited for.
struct Pending {
    since: Instant,
    deadline: Instant,
    launched: Option<Launched>,
    /// The program of an earlier run that is waited for again.
    earlier: Option<Unfinished>,
    ended: Option<String>,
    ended_well: bool,
    /// Whether its place says what is to come.
    labelled: bool,
    /// The window that came and was closed again.
    lost: Option<Seated>,
    /// What its program has opened that it does not wait for, in words.
    beside: Option<String>,
}

impl Pending {
    /// Whether the program that we have started still runs.
    fn runs(&self, process: &dyn Processes) -> bool {
        let earlier = self.earlier.as_ref();
        self.launched.is_some()
            && self.ended.is_none()
            && !self.ended_well
            && earlier.is_none_or(|earlier| earlier.runs(process))
    }
}

struct Run<'r, 'w> {
    world: &'r mut World<'w>,
    plan: &'r Plan,
    options: &'r Options,
    progress: &'r mut dyn Progress,
    runtime: Runtime,
    begun: Instant,
    began: Option<u64>,
    cpu_before: Duration,
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    before: BTreeSet<XId>,
    started: BTreeMap<SlotIdx, Started>,
    pending: BTreeMap<SlotIdx, Pending>,
    /// The slots whose windows have come, and how they were waited for.
    seated: BTreeMap<SlotIdx, (Seated, Pending)>,
    outcomes: BTreeMap<SlotIdx, Outcome>,
    /// The slots of which the person knows that they are given up.
    told: BTreeSet<SlotIdx>,
    /// The slots whose placeholders stay.
    kept: Vec<SlotIdx>,
    commands: usize,
    aside: Vec<Aside>,
    closed: usize,
    /// What was not right at the beginning.
    wrong: BTreeSet<&'static str>,
    /// What earlier runs have started, and what has no window yet.
    earlier: Vec<Unfinished>,
    /// The layouts that have windows of ours.
    held: BTreeSet<String>,
    /// Windows whose titles do not say yet which slot is theirs.
    unsure: BTreeSet<ConId>,
    /// When such a window came, or changed its title.
    titles_changed: Instant,
    /// Since when no window is waited for any more.
    complete_since: Option<Instant>,
    interrupted: bool,
}

impl Run<'_, '_> {
    fn whole(&mut self) -> Result<Report, ApplyError> {
        let mut desktop = self.clear_leftovers()?;
        self.before = desktop.windows.keys().copied().collect();
        let mut assignment = match_windows(self.plan, &desktop, self.options.reuse);
        let mut differences = scoped(self.plan, &desktop, &assignment, self.options);
        self.wrong = differences.iter().filter_map(Difference::what).collect();
        self.note_open_windows(&assignment, &differences);
        let held = held_in_scope(self.plan, &desktop, &assignment, self.options);
        let expected = expected(self.plan, &assignment, &held, self.options);
        self.note_held(&held);
        self.note_hopeless(&assignment, &expected);
        let mut subscriptions = Vec::new();
        for round in 0..MAX_ROUNDS {
            let awaited = |idx: SlotIdx| round == 0 && expected.contains(&idx);
            let mut build = build::build(
                self.plan,
                &desktop,
                &assignment,
                &differences,
                &awaited,
                self.options.mode,
            );
            if round == 0
                && !expected.is_empty()
                && self.comes_from_earlier(&expected, &desktop)
                && !self.options.keep_placeholders
            {
                build.waiting_json = None;
            }
            self.note_strangers(&build, &desktop);
            if round == 0 && self.options.mode == Mode::Close {
                self.close_strangers(&differences)?;
            }
            if round == 0 && !expected.is_empty() {
                let sender = self.sender.clone();
                let subscription = self
                    .world
                    .session
                    .subscribe(move |change| sender.send(Event::Change(change)).is_ok())?;
                // To the end: a window that has come may be closed again.
                subscriptions.push(subscription);
            }
            let built = !build.is_empty();
            if built {
                self.perform(&build, &desktop)?;
            }
            if round == 0 && !expected.is_empty() {
                self.launch(&expected, &desktop);
                self.wait_and_clear(&expected)?;
            }
            if built || round == 0 && !expected.is_empty() {
                (desktop, assignment, differences) = self.look_for_lost(&expected)?;
            }
            let commands = finish(
                self.plan,
                &desktop,
                &assignment,
                &differences,
                self.options.focus,
            );
            let more = built && differences.iter().any(is_repairable);
            if commands.is_empty() && !more {
                break;
            }
            // i3 draws nothing behind a fullscreen window, so the rest comes first, in a
            // message of its own.
            let covers = |command: &Command| matches!(command, Command::Fullscreen { mode, .. } if *mode != Fullscreen::None);
            let cut = commands.iter().position(covers).unwrap_or(commands.len());
            self.send(&commands[..cut])?;
            self.send(&commands[cut..])?;
            (desktop, assignment, differences) = self.look_for_lost(&expected)?;
            if self.interrupted {
                break;
            }
        }
        let is_slot_wrong = |one: &Difference| one.idx.is_some() && is_wrong(one);
        let rules = if differences.iter().any(is_slot_wrong) {
            let rules = self.world.session.wm().window_rules();
            rules.map_err(SessionError::from)?
        } else {
            Vec::new()
        };
        Ok(self.report(&differences, &desktop, &rules))
    }

    fn observe(&mut self) -> Result<Desktop, ApplyError> {
        Ok(self.world.session.observe(self.world.process)?)
    }

    fn look(&mut self) -> Result<(Desktop, Assignment, Vec<Difference>), ApplyError> {
        let desktop = self.observe()?;
        // What has come in this run carries our marks.
        let reuse = match self.options.reuse {
            Reuse::None => Reuse::Marked,
            other => other,
        };
        let assignment = match_windows(self.plan, &desktop, reuse);
        let differences = scoped(self.plan, &desktop, &assignment, self.options);
        Ok((desktop, assignment, differences))
    }

    /// Looks; where a window that came was closed meanwhile, when the next one has come.
    fn look_for_lost(
        &mut self,
        expected: &BTreeSet<SlotIdx>,
    ) -> Result<(Desktop, Assignment, Vec<Difference>), ApplyError> {
        let mut seen = self.look()?;
        while !self.interrupted && !self.lost(&seen.0).is_empty() {
            self.wait_and_clear(expected)?;
            seen = self.look()?;
        }
        Ok(seen)
    }

    fn send(&mut self, commands: &[Command]) -> Result<(), ApplyError> {
        if commands.is_empty() {
            return Ok(());
        }
        self.commands += commands.len();
        // What a command did not do is seen at the next look.
        self.world.session.run(commands)?;
        Ok(())
    }

    fn clear_leftovers(&mut self) -> Result<Desktop, ApplyError> {
        let desktop = self.observe()?;
        if self.clear(&desktop)? {
            return self.observe();
        }
        Ok(desktop)
    }

    /// Removes what a run leaves behind; says whether there was anything.
    fn clear(&mut self, desktop: &Desktop) -> Result<bool, ApplyError> {
        let commands = leftovers::commands(desktop, Clear::Run);
        if commands.is_empty() {
            return Ok(false);
        }
        self.send_seen(&commands, &desktop.tree)?;
        Ok(true)
    }

    /// Sends commands that may remove placeholders which i3 has drawn in this tree; see
    /// [`Session::run_and_remove`].
    fn send_seen(&mut self, commands: &[Command], tree: &Con) -> Result<(), ApplyError> {
        self.commands += commands.len();
        Ok(self.world.session.run_and_remove(commands, tree)?)
    }

    fn perform(&mut self, build: &Build, desktop: &Desktop) -> Result<(), ApplyError> {
        let layouts = self.runtime.write_layouts(&build.documents())?;
        self.send(&build.append_commands(&layouts.files, desktop))?;
        drop(layouts);
        let tree = self.world.session.observe_tree()?;
        let missing: Vec<String> = build
            .expected_marks(self.plan)
            .into_iter()
            .filter(|mark| {
                !tree
                    .descendants()
                    .any(|con| con.is_placeholder() && con.marks.contains(mark))
            })
            .collect();
        if !missing.is_empty() {
            return Err(ApplyError::NotBuilt {
                workspaces: build
                    .workspaces
                    .iter()
                    .map(|build| format!("`{}`", build.planned.name))
                    .collect::<Vec<_>>()
                    .join(", "),
                reason: format!("{} of its placeholders are missing", missing.len()),
            });
        }
        self.send_seen(&build.adopt_commands(self.plan, desktop, &tree), &tree)
    }

    /// Whether a program that an earlier run has started may open its window at any
    /// moment.
    ///
    /// Then nothing waits for windows in i3: one that comes while its placeholder is
    /// appended would be destroyed (see `docs/i3-facts.md`). They are brought in from
    /// where i3 puts them.
    fn comes_from_earlier(&mut self, expected: &BTreeSet<SlotIdx>, desktop: &Desktop) -> bool {
        self.earlier = Record::of_display(&self.runtime, &self.world.display).read();
        let (plan, process) = (self.plan, self.world.process);
        expected
            .iter()
            .any(|&idx| unfinished::find(&self.earlier, plan, idx, process, desktop).is_some())
    }

    fn launch(&mut self, expected: &BTreeSet<SlotIdx>, desktop: &Desktop) {
        let launcher = Launcher {
            env: self.world.env.clone(),
            logs: self.world.logs.join(&self.plan.layout),
        };
        for &idx in expected {
            let slot = self.plan.slot(idx);
            let since = Instant::now();
            let timeout = slot.timeout.unwrap_or(self.options.timeout);
            let left = self.options.total_timeout;
            let timeout = left.map_or(timeout, |left| timeout.min(left));
            let mut pending = Pending {
                since,
                deadline: since + timeout,
                launched: None,
                earlier: None,
                ended: None,
                ended_well: false,
                labelled: false,
                lost: None,
                beside: None,
            };
            let earlier =
                unfinished::find(&self.earlier, self.plan, idx, self.world.process, desktop);
            if let Some(earlier) = earlier.cloned() {
                self.started.insert(idx, earlier.as_started());
                pending.launched = Some(Launched {
                    pid: Pid(earlier.pid),
                    log: launcher.log(&slot.id),
                });
                pending.earlier = Some(earlier);
            } else if let Launch::Program(program) = &slot.launch {
                let token = format!("{}-{}", std::process::id(), idx.0);
                let sender = self.sender.clone();
                let ended = move |status| {
                    // Nobody listens any more when the run has ended.
                    let _ = sender.send(Event::Ended(idx, status));
                };
                match launcher.launch(program, &token, &slot.id, ended) {
                    Ok(launched) => {
                        let pid = Some(launched.pid);
                        self.started.insert(idx, Started { token, pid });
                        pending.launched = Some(launched);
                    }
                    Err(reason) => {
                        self.missing(idx, reason, Vec::new(), None);
                        continue;
                    }
                }
            }
            self.pending.insert(idx, pending);
        }
    }

    /// Takes note of a program whose window has not come, where it still runs.
    fn unfinished(&mut self, idx: SlotIdx, launched: &Launched) -> Option<u32> {
        let started = self.world.process.process(launched.pid)?.started?;
        let (slot, token) = (self.plan.slot(idx), &self.started.get(&idx)?.token);
        let Launch::Program(program) = &slot.launch else {
            return None;
        };
        let pid = launched.pid.0;
        self.earlier.retain(|earlier| earlier.pid != pid);
        self.earlier.push(Unfinished {
            layout: self.plan.layout.clone(),
            slot: slot.id.clone(),
            command: Unfinished::command(&program.argv),
            pid,
            started,
            token: token.clone(),
        });
        Some(pid)
    }

    /// Leaves to the next run what it has to know of the programs of this one.
    fn remember(&mut self) {
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
        let layout = &self.plan.layout;
        self.earlier
            .retain(|earlier| earlier.layout != *layout || !filled.contains(earlier.slot.as_str()));
        let record = Record::of_display(&self.runtime, &self.world.display);
        if record.read() != self.earlier {
            // Without it, the next run starts the programs a second time.
            let _ = record.write(&self.earlier);
        }
    }

    /// Waits, and removes the placeholders that are left, or leaves them where they were
    /// asked for.
    fn wait_and_clear(&mut self, expected: &BTreeSet<SlotIdx>) -> Result<(), ApplyError> {
        self.wait()?;
        if self.options.keep_placeholders && !self.interrupted {
            self.keep_placeholders(expected)?;
        }
        self.remove_placeholders()
    }

    /// Waits until every expected window is in its slot or is given up.
    fn wait(&mut self) -> Result<(), ApplyError> {
        // Windows may have come between the build and the first event.
        let mut look = true;
        while !self.interrupted {
            if look {
                self.settle()?;
            }
            self.give_up();
            self.label()?;
            self.tell();
            let Some(deadline) = self.deadline() else {
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
                // We hold a sender ourselves.
                Err(RecvTimeoutError::Disconnected) => break,
            };
        }
        let reason = "the run was interrupted".to_owned();
        for (idx, pending) in std::mem::take(&mut self.pending) {
            let launched = pending.launched.filter(|_| pending.ended.is_none());
            let pid = launched.and_then(|launched| self.unfinished(idx, &launched));
            self.missing(idx, reason.clone(), Vec::new(), pid);
        }
        self.tell();
        Ok(())
    }

    /// Until when to wait for the next thing; `None` when there is nothing to wait for.
    fn deadline(&mut self) -> Option<Instant> {
        let pending = self.pending.values().map(|pending| pending.deadline).min();
        if pending.is_some() {
            return pending;
        }
        let now = Instant::now();
        let since = *self.complete_since.get_or_insert(now);
        let titles = (self.titles_changed + TITLES_SETTLE).min(since + TITLES_LIMIT);
        (!self.unsure.is_empty() && now < titles).then_some(titles)
    }

    /// Takes note of an event; says whether the desktop has to be looked at.
    fn take(&mut self, event: Event) -> Result<bool, ApplyError> {
        match event {
            Event::Change(Change::Shutdown { restart }) => Err(ApplyError::Gone {
                what: if restart { "restarted" } else { "ended" }.to_owned(),
            }),
            Event::Change(Change::Lost(reason)) => Err(ApplyError::Gone { what: reason }),
            // A window that a placeholder takes after its title or class changed is told
            // by such a change only. One that has its mark is in its place.
            Event::Change(Change::WindowTitle(con)) if self.unsure.contains(&con.id) => {
                self.titles_changed = Instant::now();
                Ok(true)
            }
            Event::Change(Change::WindowTitle(con) | Change::WindowUrgent(con)) => {
                let settled =
                    |mark: &String| mark.starts_with(OWN_MARK_PREFIX) && !is_temporary_mark(mark);
                Ok(!con.marks.iter().any(settled))
            }
            Event::Change(Change::WindowClosed { con, .. }) => {
                Ok(self.seated.values().any(|(seated, _)| seated.con == con))
            }
            Event::Change(change) => Ok(matches!(change, Change::WindowNew(_))),
            Event::Ended(idx, status) => {
                let seated = self.seated.get_mut(&idx).map(|(_, pending)| pending);
                if let Some(pending) = self.pending.get_mut(&idx).or(seated) {
                    match status {
                        Ok(status) => {
                            pending.ended = launch::failure(status);
                            pending.ended_well = pending.ended.is_none();
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

    /// Brings the windows that have come into their slots.
    fn settle(&mut self) -> Result<(), ApplyError> {
        let mut desktop = self.observe()?;
        let lost = self.lost(&desktop);
        if !lost.is_empty() {
            self.await_again(&lost, &desktop)?;
            desktop = self.observe()?;
        }
        let awaited: BTreeSet<SlotIdx> = self.pending.keys().copied().collect();
        let ended_well = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.ended_well);
        let handed_over: BTreeSet<SlotIdx> = ended_well.map(|(&idx, _)| idx).collect();
        let settled = settle(
            self.plan,
            &desktop,
            Known {
                started: &self.started,
                handed_over: &handed_over,
                awaited: &awaited,
                before: &self.before,
                began: self.began,
            },
        );
        let mut commands = settled.commands;
        let look_at_titles = !settled.filled.is_empty() && self.shares_a_process(&desktop)
            || !self.unsure.is_empty();
        if let Some(&(idx, con)) = settled.filled.first() {
            // i3 tells all windows their desktop (`_NET_WM_DESKTOP`, EWMH) when one is
            // made sticky or not (its `src/commands.c`, `cmd_sticky`), but not when
            // containers are swapped. A window that still says "all", as in the
            // scratchpad, is floating and sticky after i3 restarts.
            let planned = properties::of_slot(self.plan, idx);
            let on = planned.is_some_and(|planned| planned.sticky);
            commands.push(Command::Sticky { con, on });
        }
        self.send_seen(&commands, &desktop.tree)?;
        for intruder in &settled.intruders {
            self.let_out(&desktop, *intruder)?;
        }
        for (idx, what) in settled.beside {
            if let Some(pending) = self.pending.get_mut(&idx) {
                pending.beside = Some(what);
            }
        }
        for (idx, con) in settled.filled {
            if let Some(pending) = self.pending.remove(&idx) {
                let after = pending.since.elapsed();
                let misfits = Vec::new();
                self.outcomes
                    .insert(idx, Outcome::Launched { after, misfits });
                let seated = Seated::of(con, &desktop);
                self.seated.insert(idx, (seated, pending));
            }
        }
        if look_at_titles {
            self.reseat()?;
        }
        Ok(())
    }

    /// The slots whose window has come and was closed again, though its program runs: it
    /// was a splash screen that did not say so, or the like.
    fn lost(&self, desktop: &Desktop) -> Vec<SlotIdx> {
        let is_there = |con: ConId| desktop.tree.find(con).is_some();
        if self.seated.values().all(|(seated, _)| is_there(seated.con)) {
            return Vec::new();
        }
        let now = Instant::now();
        let process = self.world.process;
        // Windows of one process may have changed places since.
        let marks: BTreeSet<&str> = desktop
            .tree
            .windows()
            .flat_map(|con| con.marks.iter().map(String::as_str))
            .collect();
        self.seated
            .iter()
            .filter(|(idx, _)| !marks.contains(self.plan.mark(**idx).as_str()))
            .filter(|(_, (seated, pending))| {
                pending.deadline > now && (seated.runs(process) || pending.runs(process))
            })
            .map(|(&idx, _)| idx)
            .collect()
    }

    /// Waits anew for the windows of slots, and gives them their places again.
    ///
    /// Their workspaces are built once more, with places for all that is awaited there.
    /// Nothing new waits with criteria: the programs run; see `docs/i3-facts.md`.
    fn await_again(&mut self, lost: &[SlotIdx], desktop: &Desktop) -> Result<(), ApplyError> {
        for &idx in lost {
            let Some((seated, mut pending)) = self.seated.remove(&idx) else {
                continue;
            };
            self.outcomes.remove(&idx);
            pending.lost = Some(seated);
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
        let is_place = |con: &&Con| con.marks.iter().any(|mark| places.contains(mark));
        let old: Vec<Command> = desktop
            .tree
            .descendants()
            .filter(|con| con.is_placeholder())
            .filter(is_place)
            .flat_map(|con| leftovers::removal(con, false))
            .collect();
        self.send_seen(&old, &desktop.tree)?;
        let (desktop, mut assignment, _) = self.look()?;
        // Those that are there already are brought in as any other.
        assignment.forget(|idx| self.pending.contains_key(&idx));
        let mut differences = scoped(self.plan, &desktop, &assignment, self.options);
        differences.retain(|difference| touched.contains(&difference.workspace.as_deref()));
        let awaited =
            |idx: SlotIdx| self.pending.contains_key(&idx) && touched.contains(&workspace(idx));
        let mut build = build::build(
            self.plan,
            &desktop,
            &assignment,
            &differences,
            &awaited,
            Mode::Merge,
        );
        build.waiting_json = None;
        self.perform(&build, &desktop)
    }

    /// Whether a process has several windows that came in this run.
    fn shares_a_process(&self, desktop: &Desktop) -> bool {
        let mut owners = BTreeSet::new();
        let new = desktop.windows.iter();
        new.filter(|(id, _)| !self.before.contains(id))
            .filter_map(|(_, facts)| facts.pid())
            .any(|pid| !owners.insert(pid))
    }

    /// Lets windows of one process change places whose titles say that they are crosswise.
    fn reseat(&mut self) -> Result<(), ApplyError> {
        let launched = |(idx, outcome): (&SlotIdx, &Outcome)| {
            matches!(outcome, Outcome::Launched { .. }).then_some(*idx)
        };
        let filled: BTreeSet<SlotIdx> = self.outcomes.iter().filter_map(launched).collect();
        let desktop = self.observe()?;
        let seats = Seats {
            started: &self.started,
            filled: &filled,
            before: &self.before,
        };
        let reseated = reseat(self.plan, &desktop, seats);
        if !reseated.unsure.is_subset(&self.unsure) {
            self.titles_changed = Instant::now();
        }
        self.unsure = reseated.unsure;
        self.send(&reseated.commands)
    }

    /// Gives a slot a new place, and the window that was in it back to its workspace.
    fn let_out(&mut self, desktop: &Desktop, intruder: Intruder) -> Result<(), ApplyError> {
        let Intruder { slot, con, rect } = intruder;
        if let Some(pending) = self.pending.get_mut(&slot) {
            pending.labelled = false;
        }
        let focused = || {
            let focused = desktop.focused_workspace();
            focused.map(|live| live.con.name().to_owned())
        };
        let workspace = self.plan.slot(slot).workspace.clone().or_else(focused);
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

    /// Appends a layout and sends what follows in the same message.
    fn append(&mut self, document: &Value, then: Vec<Command>) -> Result<(), ApplyError> {
        let layouts = self.runtime.write_layouts(&[document])?;
        let files = layouts.files.iter().cloned();
        let commands: Vec<Command> = files.map(Command::AppendLayout).chain(then).collect();
        self.send(&commands)
    }

    /// Lets the places of windows that take their time say what is to come.
    ///
    /// i3 draws nothing for a place, so a placeholder that it does draw takes its room
    /// (i3's `src/restore_layout.c`). It is i3's own window and needs no process of ours.
    fn label(&mut self) -> Result<(), ApplyError> {
        let late: Vec<SlotIdx> = self
            .pending
            .iter()
            .filter(|(_, pending)| !pending.labelled && pending.since.elapsed() >= LABEL_DELAY)
            .map(|(&idx, _)| idx)
            .collect();
        if late.is_empty() {
            return Ok(());
        }
        for idx in &late {
            if let Some(pending) = self.pending.get_mut(idx) {
                pending.labelled = true;
            }
        }
        let desktop = self.observe()?;
        let places: BTreeMap<SlotIdx, &Con> = late
            .into_iter()
            .filter_map(|idx| {
                let mark = self.plan.place_mark(idx);
                let is_place = |con: &&Con| con.is_placeholder() && con.marks.contains(&mark);
                let mut all = desktop.workspaces().flat_map(|live| live.con.descendants());
                Some((idx, all.find(is_place)?))
            })
            .filter(|(_, place)| place.window.is_none())
            .collect();
        let labels: Vec<Label> = places
            .iter()
            .map(|(&slot, place)| Label {
                slot,
                rect: place.rect,
                text: label::title_format(&label::text(self.plan, slot, self.world.hide)),
            })
            .collect();
        if labels.is_empty() {
            return Ok(());
        }
        self.append(&build::labels(self.plan, &labels, &desktop), Vec::new())?;
        // A label that i3 draws only when it is seen would take the focus.
        self.world.session.settle()?;
        let tree = self.world.session.observe_tree()?;
        let mut commands = Vec::new();
        let mut left = Vec::new();
        for (&idx, place) in &places {
            let mark = self.plan.label_mark(idx);
            let label = tree
                .descendants()
                .find(|con| con.is_placeholder() && con.marks.contains(&mark));
            let (Some(label), Some(_)) = (label, tree.find(place.id)) else {
                continue;
            };
            if let Some(window) = label.window {
                self.world.session.label(window, None)?;
            }
            let (con, with) = (label.id, place.id);
            commands.extend([
                Command::Swap { con, with },
                Command::Mark {
                    con,
                    mark: self.plan.place_mark(idx),
                },
                Command::Unmark { con, mark },
            ]);
            left.push(Command::KillPlaceholder(with));
        }
        commands.extend(left);
        self.send(&commands)
    }

    /// Puts the placeholders that have waited in vain into their places, where they go on
    /// waiting when we are gone.
    ///
    /// They get the mark and the properties of the window that is to come, so that
    /// nothing has to be done when it does.
    fn keep_placeholders(&mut self, expected: &BTreeSet<SlotIdx>) -> Result<(), ApplyError> {
        let desktop = self.observe()?;
        let marked = |mark: &str| {
            desktop
                .tree
                .descendants()
                .find(|con| con.is_placeholder() && con.marks.iter().any(|own| own == mark))
        };
        let mut commands = Vec::new();
        let mut left = Vec::new();
        let mut titles = Vec::new();
        for &idx in expected {
            let is_missing = matches!(self.outcomes.get(&idx), Some(Outcome::Missing { .. }));
            let waiting_mark = self.plan.waiting_mark(idx);
            let (true, Some(waiting), Some(place)) = (
                is_missing,
                marked(&waiting_mark),
                marked(&self.plan.place_mark(idx)),
            ) else {
                continue;
            };
            let con = waiting.id;
            commands.extend([
                Command::Swap {
                    con,
                    with: place.id,
                },
                Command::Mark {
                    con,
                    mark: self.plan.mark(idx),
                },
                Command::Unmark {
                    con,
                    mark: waiting_mark,
                },
            ]);
            if let Some(planned) = properties::of_slot(self.plan, idx) {
                commands.extend(build::kept_commands(
                    con,
                    planned,
                    place.floating,
                    desktop.defaults,
                ));
            }
            left.extend(leftovers::removal(place, false));
            titles.extend(
                waiting
                    .window
                    .map(|window| (window, label::text(self.plan, idx, self.world.hide))),
            );
            self.kept.push(idx);
        }
        commands.extend(left);
        self.send_seen(&commands, &desktop.tree)?;
        for (window, title) in titles {
            self.world.session.label(window, Some(&title))?;
        }
        Ok(())
    }

    /// Gives up the slots whose program failed or whose time is over.
    fn give_up(&mut self) {
        let now = Instant::now();
        let process = self.world.process;
        for pending in self.pending.values_mut() {
            if let Some(lost) = &pending.lost
                && !lost.runs(process)
                && !pending.runs(process)
            {
                pending.ended.get_or_insert_with(|| "ended".to_owned());
            }
            // It is no child of ours, so nobody tells us.
            if let Some(earlier) = &pending.earlier
                && !earlier.runs(process)
            {
                pending.ended = Some("ended".to_owned());
            }
        }
        let lost: Vec<SlotIdx> = self
            .pending
            .iter()
            .filter(|(_, pending)| pending.ended.is_some() || pending.deadline <= now)
            .map(|(&idx, _)| idx)
            .collect();
        for idx in lost {
            let Some(pending) = self.pending.remove(&idx) else {
                continue;
            };
            let seconds = (pending.deadline - pending.since).as_secs_f64();
            let program = match &self.plan.slot(idx).launch {
                Launch::Program(program) => program.argv.first().map_or("", String::as_str),
                Launch::Elsewhere | Launch::Unresolved(_) => "",
            };
            let running = pending
                .launched
                .as_ref()
                .filter(|_| pending.ended.is_none() && !pending.ended_well);
            let pid = running.and_then(|launched| self.unfinished(idx, launched));
            let (opened, without) = match &pending.beside {
                Some(what) => (format!("opened only {what}"), format!("with only {what}")),
                None => (
                    "opened no window that fits".to_owned(),
                    "without a window".to_owned(),
                ),
            };
            let reason = match (pending.ended, pid) {
                (Some(_), _) if pending.lost.is_some() => CLOSED.to_owned(),
                (None, _) if pending.lost.is_some() => format!(
                    "its window was closed, and `{program}` opened no other within {seconds} s"
                ),
                (Some(how), _) => format!(
                    "`{program}` {how} after {:.1} s, {without}",
                    pending.since.elapsed().as_secs_f64()
                ),
                (None, _) if pending.ended_well => {
                    format!("`{program}` ended well, but no window came within {seconds} s")
                }
                (None, Some(pid)) => format!(
                    "`{program}` {opened} within {seconds} s, and still runs (process {pid})"
                ),
                (None, None) if pending.launched.is_some() => {
                    format!("`{program}` {opened} within {seconds} s")
                }
                (None, None) => format!("no other program opened its window within {seconds} s"),
            };
            let output = pending
                .launched
                .map(|launched| launch::last_lines(&launched.log))
                .unwrap_or_default();
            self.missing(idx, reason, output, pid);
        }
    }

    fn missing(&mut self, idx: SlotIdx, reason: String, output: Vec<String>, pid: Option<u32>) {
        let optional = self.plan.slot(idx).optional;
        self.outcomes.insert(
            idx,
            Outcome::Missing {
                reason,
                output,
                pid,
                optional,
            },
        );
    }

    fn note_strangers(&mut self, build: &Build, desktop: &Desktop) {
        for workspace in build.workspaces.iter().filter(|build| build.aside > 0) {
            if let Some(to) = &workspace.replaced {
                let live = desktop.workspace(&workspace.planned.name);
                self.aside.push(Aside {
                    workspace: live.map_or("", |live| live.con.name()).to_owned(),
                    to: to.clone(),
                });
            }
        }
    }

    /// Asks the windows that the layout does not know to close.
    fn close_strangers(&mut self, differences: &[Difference]) -> Result<(), ApplyError> {
        let strangers: Vec<Command> = strangers(differences).map(Command::CloseWindow).collect();
        self.closed += strangers.len();
        self.send(&strangers)
    }

    fn note_open_windows(&mut self, assignment: &Assignment, differences: &[Difference]) {
        for (idx, _) in self.plan.slots() {
            if assignment.window(idx).is_none() || !self.options.scope.has_slot(self.plan, idx) {
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

    /// Slots whose window another layout has: it is not taken without being asked, and
    /// not opened a second time.
    fn note_held(&mut self, held: &[Held]) {
        for held in held {
            self.missing(held.slot, held.to_string(), Vec::new(), None);
            self.held.insert(held.layout.clone());
        }
    }

    /// Slots without a window for which nothing is going to happen.
    fn note_hopeless(&mut self, assignment: &Assignment, expected: &BTreeSet<SlotIdx>) {
        for (idx, slot) in self.plan.slots() {
            if assignment.window(idx).is_some()
                || expected.contains(&idx)
                || self.outcomes.contains_key(&idx)
                || !self.options.scope.has_slot(self.plan, idx)
            {
                continue;
            }
            let reason = match &slot.launch {
                Launch::Unresolved(reason) => reason.clone(),
                Launch::Program(_) => {
                    "its window is not open, and --no-launch was given".to_owned()
                }
                Launch::Elsewhere => {
                    "its window is not open, and it has no command of its own".to_owned()
                }
            };
            self.missing(idx, reason, Vec::new(), None);
        }
    }

    /// Removes every placeholder that is left of this run.
    fn remove_placeholders(&mut self) -> Result<(), ApplyError> {
        let desktop = self.observe()?;
        self.clear(&desktop)?;
        Ok(())
    }

    fn tell(&mut self) {
        let total = self
            .plan
            .slots()
            .filter(|(idx, _)| self.options.scope.has_slot(self.plan, *idx))
            .count();
        let filled = self
            .outcomes
            .values()
            .filter(|outcome| !matches!(outcome, Outcome::Missing { .. }))
            .count();
        let waiting = self
            .pending
            .iter()
            .min_by_key(|(_, pending)| pending.since)
            .map(|(&idx, _)| self.plan.slot(idx).id.as_str());
        if !self.pending.is_empty() {
            self.tell_of_losses();
        }
        self.progress.update(Stand {
            filled,
            total,
            waiting,
            elapsed: self.begun.elapsed(),
        });
    }

    /// While others are waited for: at the end the report says it anyway.
    fn tell_of_losses(&mut self) {
        for (&idx, outcome) in &self.outcomes {
            if matches!(outcome, Outcome::Missing { .. }) && self.told.insert(idx) {
                let slot = self.plan.slot(idx);
                self.progress.gave_up(&SlotReport {
                    slot: slot.id.clone(),
                    workspace: slot.workspace.clone(),
                    outcome: outcome.clone(),
                });
            }
        }
    }

    /// The criteria of a slot that its window does not fulfil.
    fn misfits(&self, idx: SlotIdx, desktop: &Desktop) -> Vec<Misfit> {
        let mark = self.plan.mark(idx);
        let window = desktop.tree.windows().find(|con| con.marks.contains(&mark));
        let properties = window.and_then(|con| con.properties.as_ref());
        // The patterns were checked when the file was read.
        let matcher = Matcher::new(&self.plan.slot(idx).swallow).ok();
        let both = matcher.zip(properties);
        both.map_or_else(Vec::new, |(matcher, properties)| {
            matcher.misfits(properties)
        })
    }

    fn report(
        &self,
        differences: &[Difference],
        desktop: &Desktop,
        rules: &[WindowRule],
    ) -> Report {
        let is_missing = |idx: SlotIdx| {
            let mut all = differences.iter();
            all.any(|difference| difference.idx == Some(idx) && difference.kind == Kind::Missing)
        };
        // A workspace is there with its first window; that these are missing is said.
        let is_empty = |difference: &Difference| {
            let name = difference.workspace.as_deref();
            let planned = name.and_then(|name| self.plan.workspace(name));
            let slots = planned.map(PlannedWorkspace::slots).unwrap_or_default();
            difference.kind == Kind::NoWorkspace
                && !slots.is_empty()
                && slots.into_iter().all(is_missing)
        };
        let left: Vec<Difference> = differences
            .iter()
            .filter(|difference| is_wrong(difference) && !is_empty(difference))
            .cloned()
            .collect();
        let slots = self
            .plan
            .slots()
            .filter(|(idx, _)| self.options.scope.has_slot(self.plan, *idx))
            .map(|(idx, slot)| {
                let missing = || Outcome::Missing {
                    reason: CLOSED.to_owned(),
                    output: Vec::new(),
                    pid: None,
                    optional: slot.optional,
                };
                let outcome = self.outcomes.get(&idx).cloned().unwrap_or_else(missing);
                let is_gone = is_missing(idx);
                let misplaced = left.iter().find_map(|difference| {
                    (difference.idx == Some(idx)).then(|| {
                        let fighting = fighting(rules, desktop, difference.con);
                        format!("{}{fighting}", crate::diff::sentence(difference))
                    })
                });
                let outcome = match (outcome, misplaced) {
                    (missing @ Outcome::Missing { .. }, _) => missing,
                    _ if is_gone => missing(),
                    (_, Some(reason)) => Outcome::Misplaced { reason },
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
                }
            })
            .collect();
        let elapsed = self.begun.elapsed();
        Report {
            layout: self.plan.layout.clone(),
            slots,
            changed: &self.wrong - &differences.iter().filter_map(Difference::what).collect(),
            differences: left,
            elapsed,
            own: cpu_time().saturating_sub(self.cpu_before),
            commands: self.commands,
            aside: self.aside.clone(),
            kept: self
                .kept
                .iter()
                .map(|&idx| self.plan.slot(idx).id.clone())
                .collect(),
            closed: self.closed,
            held_by: self.held.iter().cloned().collect(),
            interrupted: self.interrupted,
        }
    }
}

/// The processor time that this process has used so far.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Whether another round can change it.
fn is_repairable(difference: &Difference) -> bool {
    difference.needs_build() && !matches!(difference.kind, Kind::Missing)
}

/// Whether something is there that is not as it shall be.
const fn is_wrong(difference: &Difference) -> bool {
    !difference.is_attention() && !matches!(difference.kind, Kind::Missing | Kind::Extra { .. })
}

/// As many rules of the i3 config as somebody reads.
const NAMED_RULES: usize = 3;

/// The rules of the i3 config that may be about the window, as the end of a reason.
fn fighting(rules: &[WindowRule], desktop: &Desktop, con: Option<ConId>) -> String {
    let con = con.and_then(|con| desktop.tree.find(con));
    let Some(properties) = con.and_then(|con| con.properties.as_ref()) else {
        return String::new();
    };
    let mut fitting = rules.iter().filter(|rule| rule.may_match(properties));
    let lines: Vec<String> = fitting
        .by_ref()
        .take(NAMED_RULES)
        .map(|rule| format!("`{}`", rule.line))
        .collect();
    let more = if fitting.next().is_some() {
        ", …"
    } else {
        ""
    };
    if lines.is_empty() {
        return String::new();
    }
    format!("; the i3 config says {}{more}", lines.join(", "))
}
