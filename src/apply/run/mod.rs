//! The course of a run: observe, build, launch, wait, repair, report.
//!
//! This is the only part of `apply` that looks at the clock and waits. `build`, `settle` and
//! `finish` decide; this module sends their commands, one IPC message at a time. The run may be
//! interrupted safely after each message.
//!
//! This file has the overall course. Each part is in its own file, which extends `Run`.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

mod dry_run;
mod expected;
mod fill;
mod knowledge;
mod late_titles;
mod outcomes;
mod placeholders;
mod start;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

pub use dry_run::{DryRun, dry_run};

use expected::{other_windows, scoped};
use late_titles::LateTitles;
use outcomes::is_wrong;
use start::Starts;
use wait::{Earlier, Event, Pending};

use super::build::{self, Build, Mode};
use super::finish::{FocusMode, finish};
use super::interrupt::Interrupts;
use super::lock;
use super::placement::Placement;
use super::queue::Queues;
use super::report::{Aside, Note, Outcome, Report, SlotReport};
use super::runtime::Runtime;
use super::unfinished::Unfinished;
use super::{ApplyError, Scope};
use crate::compile::{Plan, Program, SlotIdx};
use crate::diff::{Difference, Kind};
use crate::live::{Con, ConId, Desktop, Pid, Processes, XId};
use crate::matching::{Assignment, Reuse, Started, match_windows};
use crate::records::file;
use crate::session::Session;
use crate::tree::{Attribute, Fullscreen};
use crate::wm::WindowConfig;
use crate::wm::command::Command;

/// The maximum number of rounds of observing and repairing before the remaining differences are
/// reported. One round is for the build, one for borders, one for the places that borders change,
/// one for fullscreen, and one because rules of the i3 config may move a window again.
const MAX_ROUNDS: usize = 5;

/// The user's options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The timeout for each window whose slot does not set one.
    pub timeout: Duration,
    /// The timeout for all windows together, regardless of their slots.
    pub total_timeout: Option<Duration>,
    /// Keep placeholders for windows that miss the timeout.
    pub keep_placeholders: bool,
    /// Start missing programs.
    pub launch: bool,
    /// The open windows that may be used.
    pub reuse: Reuse,
    /// The handling of focus and visible workspaces.
    pub focus: FocusMode,
    /// The selected part of the layout.
    pub scope: Scope,
    /// The handling of windows that are not in the layout.
    pub mode: Mode,
}

impl Options {
    /// The time that a slot's window may take to open.
    fn timeout_of(&self, plan: &Plan, idx: SlotIdx) -> Duration {
        plan.slot(idx).timeout.unwrap_or(self.timeout)
    }
}

/// The environment of a run.
pub struct World<'a> {
    /// The connections to i3 and the X server.
    pub session: &'a mut Session,
    /// Information about processes, from /proc.
    pub process: &'a dyn Processes,
    /// The session's environment, in which programs are started.
    pub env: BTreeMap<OsString, OsString>,
    /// The private directory for the files of a run.
    pub runtime: PathBuf,
    /// The layout's file, if it has one.
    pub layout: Option<PathBuf>,
    /// The directory for the output of programs.
    pub logs: PathBuf,
    /// The display's name, for the lock.
    pub display: String,
    /// Masks everything in a string that the user's configuration declares to be secret.
    pub hide: &'a dyn Fn(&str) -> String,
}

/// Progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The number of slots that have their window.
    pub filled: usize,
    /// The number of selected slots.
    pub total: usize,
    /// The slot that has been pending for the longest time.
    pub waiting: Option<&'a str>,
    /// The time since the start of the run.
    pub elapsed: Duration,
}

/// Receives the progress of a run.
pub trait ProgressListener {
    /// Called after each event, and every tenth of a second.
    fn update(&mut self, progress: Progress<'_>);

    /// Called when a slot is given up while others are still pending.
    fn gave_up(&mut self, slot: &SlotReport);
}

/// Brings the desktop into the state of the plan.
pub fn run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
    progress: &mut dyn ProgressListener,
) -> Result<Report, ApplyError> {
    let begun = Instant::now();
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime)?;
    let (sender, receiver) = mpsc::channel();
    let interrupts = {
        let sender = sender.clone();
        Interrupts::watch(move || {
            // The receiver is gone after the run has ended.
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
        launched_at: begun,
        cpu_before: cpu_time(),
        sender,
        receiver,
        before: BTreeSet::new(),
        started: BTreeMap::new(),
        pending: BTreeMap::new(),
        placed: BTreeMap::new(),
        outcomes: BTreeMap::new(),
        reported: BTreeSet::new(),
        notes: BTreeMap::new(),
        borrow: BTreeSet::new(),
        kept: Vec::new(),
        commands: 0,
        aside: Vec::new(),
        closed: 0,
        wrong: BTreeSet::new(),
        in_slots: Vec::new(),
        last: None,
        earlier: Vec::new(),
        starting: BTreeMap::new(),
        fallbacks: BTreeMap::new(),
        queues: Queues::default(),
        taken: BTreeMap::new(),
        lendable: BTreeMap::new(),
        unsure: BTreeSet::new(),
        titles_changed: begun,
        late_titles: LateTitles::default(),
        complete_since: None,
        interrupted: false,
    };
    let ended = run.execute();
    run.remember();
    let ended = ended.and_then(|report| run.record().map(|()| report));
    drop(interrupts);
    match ended {
        Ok(report) => Ok(report),
        Err(error) => {
            // Remove all placeholders after an error. If i3 is gone, there is nothing to remove.
            let _ = run.remove_placeholders();
            Err(error)
        }
    }
}

struct Run<'r, 'w> {
    world: &'r mut World<'w>,
    plan: &'r Plan,
    options: &'r Options,
    progress: &'r mut dyn ProgressListener,
    runtime: Runtime,
    begun: Instant,
    /// The time when the first programs were started.
    launched_at: Instant,
    began: Option<u64>,
    cpu_before: Duration,
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    before: BTreeSet<XId>,
    started: BTreeMap<SlotIdx, Started>,
    pending: BTreeMap<SlotIdx, Pending>,
    /// The slots whose windows have opened, with the state in which they were pending.
    placed: BTreeMap<SlotIdx, (Placement, Pending)>,
    outcomes: BTreeMap<SlotIdx, Outcome>,
    /// The slots that were reported to the user as given up.
    reported: BTreeSet<SlotIdx>,
    /// Notes for the report.
    notes: BTreeMap<SlotIdx, Vec<Note>>,
    /// The slots that may take windows which other layouts have placed.
    borrow: BTreeSet<SlotIdx>,
    /// The slots whose placeholders stay.
    kept: Vec<SlotIdx>,
    commands: usize,
    aside: Vec<Aside>,
    closed: usize,
    /// The kinds of differences at the start.
    wrong: BTreeSet<&'static str>,
    /// The programs started by earlier runs that have no window yet.
    earlier: Vec<Unfinished>,
    /// The programs of slots that something else has started.
    starting: BTreeMap<SlotIdx, Earlier>,
    /// The programs for slots without a command whose windows do not open by themselves.
    fallbacks: BTreeMap<SlotIdx, Program>,
    /// The programs that wait for their turn.
    queues: Queues,
    /// The slots that use a window of another layout, with that layout.
    taken: BTreeMap<SlotIdx, String>,
    /// The slots for which another layout has a window, with that layout.
    lendable: BTreeMap<SlotIdx, String>,
    /// The windows of slots when the desktop was last observed.
    in_slots: Vec<(SlotIdx, ConId)>,
    /// The desktop when it was last observed.
    last: Option<Desktop>,
    /// Windows whose titles do not identify their slot yet.
    unsure: BTreeSet<ConId>,
    /// The last time that such a window opened or changed its title.
    titles_changed: Instant,
    /// The windows whose titles rules of the i3 config wait for.
    late_titles: LateTitles,
    /// The time since which no window is pending.
    complete_since: Option<Instant>,
    interrupted: bool,
}

impl Run<'_, '_> {
    fn execute(&mut self) -> Result<Report, ApplyError> {
        let mut desktop = self.clear_leftovers()?;
        self.before = desktop.windows.keys().copied().collect();
        let (plan, options) = (self.plan, self.options);
        let mut assignment = match_windows(plan, &desktop, options.reuse);
        self.place(&assignment, &desktop);
        let mut differences = scoped(plan, &desktop, &assignment, options);
        self.wrong = differences.iter().filter_map(Difference::what).collect();
        self.note_open_windows(&assignment, &differences);
        let expected = self.expected(&assignment);
        self.note_other_layouts(&desktop, &assignment, &expected);
        self.note_hopeless(&assignment, &expected);
        let mut subscriptions = Vec::new();
        for round in 0..MAX_ROUNDS {
            let waits = round == 0 && !expected.is_empty();
            let is_expected = |idx: SlotIdx| waits && expected.contains(&idx);
            let (found, mode) = (&differences, options.mode);
            let mut build = build::build(plan, &desktop, &assignment, found, &is_expected, mode);
            if waits && self.find_starting(&expected, &desktop) && !options.keep_placeholders {
                build.waiting_json = None;
            }
            self.note_other_windows(&build, &desktop);
            if round == 0 && mode == Mode::Close {
                self.close_other_windows(&differences)?;
            }
            if waits {
                let sender = self.sender.clone();
                let subscription = self
                    .world
                    .session
                    .subscribe(move |change| sender.send(Event::Change(change)).is_ok())?;
                // Subscribed until the end, because a window in its slot may be closed again.
                subscriptions.push(subscription);
            }
            let built = !build.is_empty();
            if built {
                self.perform(&build, &desktop)?;
            }
            if waits {
                self.launch(&expected);
                self.wait_and_clear(&expected)?;
            }
            if built || waits {
                (desktop, assignment, differences) = self.look_for_lost(&expected)?;
            }
            self.place(&assignment, &desktop);
            let commands = finish(
                plan,
                &desktop,
                &assignment,
                &differences,
                options.focus,
                round,
            );
            let more = built && differences.iter().any(is_repairable);
            if commands.is_empty() && !more {
                break;
            }
            // i3 draws nothing behind a fullscreen window, so all other commands come first, in a
            // separate message.
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
        self.place(&assignment, &desktop);
        self.leave_temporary_workspaces(&desktop)?;
        self.note_late(&assignment, &expected);
        let is_slot_wrong = |one: &Difference| one.idx.is_some() && is_wrong(one);
        let config = if differences.iter().any(is_slot_wrong) {
            self.world.session.wm().window_config()?
        } else {
            WindowConfig::default()
        };
        Ok(self.report(&differences, &desktop, &config))
    }

    /// The slots whose windows are expected to open. Slots whose programs cannot be started are
    /// given up at once.
    fn expected(&mut self, assignment: &Assignment) -> BTreeSet<SlotIdx> {
        let starts = Starts::find(self.world, self.plan, assignment, self.options);
        self.notes = starts.notes;
        self.fallbacks = starts.fallbacks;
        for (idx, error) in starts.unstartable {
            self.missing(idx, error.to_string(), None, None, error.remedy());
        }
        starts.expected
    }

    fn observe(&mut self) -> Result<Desktop, ApplyError> {
        Ok(self.world.session.observe(self.world.process)?)
    }

    fn look(&mut self) -> Result<(Desktop, Assignment, Vec<Difference>), ApplyError> {
        let desktop = self.observe()?;
        let assignment = match_windows(self.plan, &desktop, self.known(&self.waits_for()));
        let differences = scoped(self.plan, &desktop, &assignment, self.options);
        Ok((desktop, assignment, differences))
    }

    /// Remembers the windows of slots. From now on they belong to the layout, whatever their
    /// titles and workspaces are.
    fn place(&mut self, assignment: &Assignment, desktop: &Desktop) {
        self.in_slots.clear();
        for (idx, _) in self.plan.slots() {
            let Some(con) = assignment.window(idx) else {
                continue;
            };
            if !self.options.scope.has_slot(self.plan, idx) {
                continue;
            }
            if let Some(window) = desktop.tree.find(con).and_then(|con| con.window) {
                self.world.session.place(window, self.plan.seat(idx));
                self.in_slots.push((idx, con));
            }
        }
        self.last = Some(desktop.clone());
    }

    /// Removes the marks from the windows, and records their slots instead.
    fn record(&mut self) -> Result<(), ApplyError> {
        let marks = self.world.session.unmark();
        if !marks.is_empty() {
            self.world.session.run(&marks)?;
        }
        let (Some(desktop), Some(layout)) = (&self.last, &self.world.layout) else {
            return Ok(());
        };
        let path = file::path(&self.world.runtime, &self.world.display);
        let before = file::read(&path);
        let mut records = before.clone();
        records.place(self.plan, layout, &self.in_slots, desktop);
        records.retain_open(desktop);
        if records == before {
            return Ok(());
        }
        file::write(&path, &records).map_err(|source| ApplyError::Runtime { path, source })
    }

    /// Observes the desktop. If a new window was closed meanwhile, waits for the next one first.
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
        // The next observation shows what a failed command did not change.
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

    /// Asks windows that are not in the layout to close.
    fn close_other_windows(&mut self, differences: &[Difference]) -> Result<(), ApplyError> {
        let other_windows: Vec<Command> = other_windows(differences)
            .map(Command::CloseWindow)
            .collect();
        self.closed += other_windows.len();
        self.send(&other_windows)
    }
}

/// The processor time that this process has used so far.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// True if another round can fix the difference.
fn is_repairable(difference: &Difference) -> bool {
    difference.needs_build() && !matches!(difference.kind, Kind::Missing)
}
