//! The state of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use super::action::Action;
use super::arrivals::Arrivals;
use super::attention::Attention;
use super::build::Build;
use super::options::Options;
use super::placement::Placement;
use super::plans::{MakePlan, Plans};
use super::queue::Queues;
use super::reason::{Beside, Exit, Reason};
use super::remedy::Remedy;
use super::report::{Aside, Note, ProgramOutput};
use super::unfinished::Unfinished;
use crate::compile::{Plan, Program, SlotIdx};
use crate::diff::Difference;
use crate::live::{ConId, Desktop, Output, ProcessId, XId};
use crate::matching::{Assignment, Evidence, Started};
use crate::wm::WindowConfig;
use crate::wm::command::Command;

/// The state of a run, which [`step`](super::step) changes.
pub struct State<'p> {
    pub(super) setup: Setup<'p>,
    pub(super) phase: Phase,
    /// The time of the latest event, since the start of the run.
    pub(super) now: Duration,
    pub(super) slots: BTreeMap<SlotIdx, SlotState>,
    pub(super) desk: Desk,
    pub(super) programs: Programs,
    pub(super) titles: Titles,
    pub(super) tally: Tally,
    pub(super) attention: Attention,
    /// The actions of the present step.
    pub(super) actions: Vec<Action>,
}

/// The input of a run. Only the plan changes, with the outputs.
pub struct Setup<'p> {
    /// The present plan.
    pub(super) plan: &'p Plan,
    /// The same, with those that replace it.
    plans: &'p Plans,
    make_plan: &'p MakePlan<'p>,
    /// The outputs for which it was made; `None` before the first look.
    outputs: Option<Vec<Output>>,
    /// The user's options.
    pub(super) options: &'p Options,
    /// The directory for the output of programs.
    logs: PathBuf,
    /// Masks everything in a string that the user's configuration declares to be secret.
    pub(super) hide: &'p dyn Fn(&str) -> String,
}

impl<'p> Setup<'p> {
    /// The setup of a run with the first of these plans. `make_plan` makes the others, and `logs` is
    /// the directory for the output of programs.
    pub const fn new(
        plans: &'p Plans,
        make_plan: &'p MakePlan<'p>,
        options: &'p Options,
        logs: PathBuf,
        hide: &'p dyn Fn(&str) -> String,
    ) -> Self {
        Self {
            plan: plans.plan(),
            plans,
            make_plan,
            outputs: None,
            options,
            logs,
            hide,
        }
    }

    /// Makes a new plan if the outputs are not those of the plan. Returns true in this case.
    pub(super) fn follow_outputs(&mut self, desktop: &Desktop) -> bool {
        if self.outputs.as_ref() == Some(&desktop.outputs) {
            return false;
        }
        let is_first = self.outputs.is_none();
        self.outputs = Some(desktop.outputs.clone());
        if is_first {
            return false;
        }
        let workspaces = desktop.present_workspaces();
        let make = || (self.make_plan)(&desktop.outputs, &workspaces);
        self.plans = self.plans.replace(make);
        self.plan = self.plans.plan();
        true
    }

    /// The file for the output of a slot's program.
    pub(super) fn log(&self, idx: SlotIdx) -> PathBuf {
        let name = format!("{}.log", self.plan.slot(idx).id);
        self.logs.join(&self.plan.layout).join(name)
    }
}

/// The phase of a run.
#[derive(Debug, Default)]
pub(super) enum Phase {
    /// Looks for what an interrupted run has left. `cleared` if that was done.
    Clearing { cleared: bool },
    /// Asks about programs.
    Checking(Look),
    /// Builds workspaces.
    Building {
        build: Box<Build>,
        /// The desktop before.
        before: Rc<Desktop>,
        /// The phase after it.
        then: Box<Phase>,
    },
    /// Shows the layout's workspaces.
    Showing,
    /// Waits for windows.
    Waiting,
    /// Removes the old places of slots whose windows were closed, and builds them again.
    Replacing { lost: BTreeSet<SlotIdx> },
    /// Draws labels for the places of these slots.
    Labelling(Vec<SlotIdx>),
    /// Leaves placeholders for windows that have not opened.
    Keeping,
    /// Removes the remaining placeholders.
    Removing,
    /// Compares the desktop with the plan.
    Comparing,
    /// Asks for the rules of the i3 config.
    Explaining(Look),
    /// The report is ready.
    #[default]
    Over,
}

/// The desktop, the windows in slots and the differences.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) desktop: Rc<Desktop>,
    pub(super) assignment: Assignment,
    pub(super) differences: Vec<Difference>,
}

/// The state of a slot.
#[derive(Clone, Debug)]
pub(super) enum SlotState {
    /// Its window was open before the run, for these reasons; `moved` if it was elsewhere.
    Open {
        moved: bool,
        evidence: Vec<Evidence>,
    },
    /// Its window has not opened yet.
    Pending(Pending),
    /// Its window has opened.
    Placed(Placed),
    /// It was given up, but has a window at the end: one that opened late, or one of another
    /// layout.
    Late { after: Option<Duration> },
    /// It gets no window.
    GivenUp(GivenUp),
}

/// A slot whose window has not opened yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    /// The time when its program was started.
    pub(super) since: Duration,
    pub(super) deadline: Duration,
    /// True if its program starts after another one; see [`super::queue`].
    pub(super) queued: bool,
    /// The name of its program; empty without one.
    pub(super) program: String,
    pub(super) process: Option<Owner>,
    pub(super) ended: Option<Ended>,
    /// True if its place has a label.
    pub(super) labelled: bool,
    /// The window that opened and was closed again.
    pub(super) lost: Option<Placement>,
    /// Another window that its program has opened.
    pub(super) beside: Option<Beside>,
}

/// The process of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) id: ProcessId,
    pub(super) starter: Starter,
}

/// The origin of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starter {
    /// This run.
    Run,
    /// An earlier run, this time before this one.
    EarlierRun { age: Duration },
    /// Anything else in the session.
    Session,
}

/// The end of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It exited with code 0 at this time.
    Well(Duration),
    /// It failed.
    Badly(Exit),
}

/// A slot whose window has opened.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) placement: Placement,
    /// The time when it opened.
    pub(super) at: Duration,
    /// The state until then.
    pub(super) pending: Pending,
}

/// A slot without a window.
#[derive(Clone, Debug)]
pub(super) struct GivenUp {
    pub(super) reason: Reason,
    pub(super) output: Option<ProgramOutput>,
    pub(super) remedy: Option<Remedy>,
    /// True if the user was told.
    pub(super) told: bool,
}

/// Knowledge about the desktop.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// The windows that were open before the run.
    pub(super) before: BTreeSet<XId>,
    /// The kinds of differences at the start.
    pub(super) wrong: BTreeSet<&'static str>,
    /// The latest look.
    pub(super) last: Option<Rc<Desktop>>,
    /// The windows in slots then.
    pub(super) in_slots: Vec<(SlotIdx, ConId)>,
    /// The slots in which this run has placed windows.
    pub(super) seated: BTreeMap<XId, SlotIdx>,
    /// The number of the present round of building and repairing, from 0.
    pub(super) round: usize,
    /// True if another round is useful: workspaces were built, or the outputs have changed.
    pub(super) has_built: bool,
    /// The differences and the commands of the latest repair.
    pub(super) repaired: Option<(Vec<Difference>, Vec<Command>)>,
    /// True if the latest look comes after a repair.
    pub(super) is_repairing: bool,
    /// The differences at the end, and the rules of the i3 config.
    pub(super) found: Option<(Look, WindowConfig)>,
}

/// The programs of a run.
#[derive(Debug, Default)]
pub(super) struct Programs {
    /// The process of this program and its start time.
    pub(super) own: (u32, Option<u64>),
    /// The slots whose windows are expected to open.
    pub(super) expected: BTreeSet<SlotIdx>,
    pub(super) started: BTreeMap<SlotIdx, Started>,
    /// The time when the first programs were started.
    pub(super) started_at: Duration,
    /// The programs of slots that something else has started.
    pub(super) starting: BTreeMap<SlotIdx, Owner>,
    /// The programs for slots without a command whose windows do not open by themselves.
    pub(super) fallbacks: BTreeMap<SlotIdx, Program>,
    pub(super) queues: Queues,
    /// The slots whose commands are known to have a process each.
    pub(super) apart: BTreeSet<SlotIdx>,
    /// The programs of earlier runs that have no window yet.
    pub(super) earlier: Vec<Unfinished>,
    pub(super) arrivals: Arrivals,
}

/// The titles for which a run waits.
#[derive(Debug, Default)]
pub(super) struct Titles {
    /// Windows whose titles do not identify their slot yet.
    pub(super) unsure: BTreeSet<ConId>,
    /// The last time that such a window opened or changed its title.
    pub(super) changed_at: Duration,
    /// The time since which no window is pending.
    pub(super) complete_since: Option<Duration>,
    /// The rules of the i3 config, once they were read.
    pub(super) config: Option<WindowConfig>,
    /// The windows with a title that a rule will match, with their slots and the lines of the rules.
    pub(super) late: Vec<(SlotIdx, ConId, String)>,
}

/// The parts of the report that are not about single slots.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) interrupted: bool,
    /// The number of commands sent to i3.
    pub(super) commands: usize,
    /// True if the run has ended because its rounds ran out.
    pub(super) ran_out: bool,
    /// The number of windows that were asked to close.
    pub(super) closed: usize,
    pub(super) aside: Vec<Aside>,
    /// The slots whose placeholders stay.
    pub(super) kept: Vec<SlotIdx>,
    pub(super) notes: BTreeMap<SlotIdx, Vec<Note>>,
    /// The slots that use a window of another layout, with that layout.
    pub(super) taken: BTreeMap<SlotIdx, String>,
    /// The slots for which another layout has a window, with that layout.
    pub(super) lendable: BTreeMap<SlotIdx, String>,
    /// The slots that may take windows which other layouts have placed.
    pub(super) borrow: BTreeSet<SlotIdx>,
}
