//! The course of a run: look, build, launch, wait, repair, report.
//!
//! The only part of `apply` that looks at the clock and waits.
//! What to do is decided in `build`, `settle` and `finish`; here it is done, one
//! IPC message at a time, each of which is safe to have been the last one.
//!
//! This file has the course as a whole. Each part of it is in a file of its own, which adds
//! to `Run`.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

mod dry_run;
mod expected;
mod fill;
mod placeholders;
mod start;
mod tell;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

pub use dry_run::{DryRun, dry_run};

use expected::{expected, held_in_scope, scoped, strangers};
use tell::is_wrong;
use wait::{Event, Pending};

use super::build::{self, Build, Mode};
use super::finish::{FocusMode, finish};
use super::interrupt::Interrupts;
use super::lock;
use super::report::{Aside, Outcome, Report, SlotReport};
use super::runtime::Runtime;
use super::seated::Seated;
use super::started::Started;
use super::unfinished::Unfinished;
use super::{ApplyError, Scope};
use crate::compile::{Plan, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::live::{Con, ConId, Desktop, Pid, Processes, XId};
use crate::matching::{Assignment, Reuse, match_windows};
use crate::session::Session;
use crate::tree::{Attribute, Fullscreen};
use crate::wm::command::Command;

/// How often the whole is looked at and repaired before what is left is reported.
/// One to build, one to set borders, one for the places that borders change, one for
/// fullscreen, and one because rules of the i3 config may move a window once more.
const MAX_ROUNDS: usize = 5;

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

/// Brings the desktop into the state of the plan.
pub fn run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, ApplyError> {
    let begun = Instant::now();
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime)?;
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
        let (plan, options) = (self.plan, self.options);
        let mut assignment = match_windows(plan, &desktop, options.reuse);
        let mut differences = scoped(plan, &desktop, &assignment, options);
        self.wrong = differences.iter().filter_map(Difference::what).collect();
        self.note_open_windows(&assignment, &differences);
        let held = held_in_scope(plan, &desktop, &assignment, options);
        let expected = expected(plan, &assignment, &held, options);
        self.note_held(&held);
        self.note_hopeless(&assignment, &expected);
        let mut subscriptions = Vec::new();
        for round in 0..MAX_ROUNDS {
            let waits = round == 0 && !expected.is_empty();
            let awaited = |idx: SlotIdx| waits && expected.contains(&idx);
            let (found, mode) = (&differences, options.mode);
            let mut build = build::build(plan, &desktop, &assignment, found, &awaited, mode);
            if waits && self.comes_from_earlier(&expected, &desktop) && !options.keep_placeholders {
                build.waiting_json = None;
            }
            self.note_strangers(&build, &desktop);
            if round == 0 && mode == Mode::Close {
                self.close_strangers(&differences)?;
            }
            if waits {
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
            if waits {
                self.launch(&expected, &desktop);
                self.wait_and_clear(&expected)?;
            }
            if built || waits {
                (desktop, assignment, differences) = self.look_for_lost(&expected)?;
            }
            let commands = finish(plan, &desktop, &assignment, &differences, options.focus);
            let more = built && differences.iter().any(is_repairable);
            if commands.is_empty() && !more {
                break;
            }
            // i3 draws nothing behind a fullscreen window, so the rest comes first, in a
            // message of its own.
            let covers = |command: &Command| {
                matches!(
                    command,
                    Command::Set {
                        attribute: Attribute::Fullscreen(Fullscreen::Output | Fullscreen::Global),
                        ..
                    }
                )
            };
            let cut = commands.iter().position(covers).unwrap_or(commands.len());
            self.send(&commands[..cut])?;
            self.send(&commands[cut..])?;
            (desktop, assignment, differences) = self.look_for_lost(&expected)?;
            if self.interrupted {
                break;
            }
        }
        self.note_late(&assignment, &expected);
        let is_slot_wrong = |one: &Difference| one.idx.is_some() && is_wrong(one);
        let rules = if differences.iter().any(is_slot_wrong) {
            self.world.session.wm().window_rules()?
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
            .filter(|mark| tree.placeholder(mark).is_none())
            .collect();
        if !missing.is_empty() {
            return Err(ApplyError::NotBuilt {
                workspaces: build
                    .workspaces
                    .iter()
                    .map(|build| format!("`{}`", build.planned.name))
                    .collect::<Vec<_>>()
                    .join(", "),
                reason: format!("{} placeholders are missing", missing.len()),
            });
        }
        self.send_seen(&build.adopt_commands(self.plan, desktop, &tree), &tree)
    }

    /// Asks the windows that the layout does not know to close.
    fn close_strangers(&mut self, differences: &[Difference]) -> Result<(), ApplyError> {
        let strangers: Vec<Command> = strangers(differences).map(Command::CloseWindow).collect();
        self.closed += strangers.len();
        self.send(&strangers)
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
