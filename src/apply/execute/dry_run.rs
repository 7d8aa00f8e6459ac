//! The preview of a run: the same steps, as long as they do not depend on new windows.
//!
//! Nothing is sent. Instead of i3's tree with the new workspaces, the run gets one that
//! [`appended`] predicts, with ids of its own.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use super::check::check;
use super::runtime::Runtime;
use super::world::World;
use super::{begun, setup};
use crate::apply::ApplyError;
use crate::apply::action::{Action, Piece};
use crate::apply::appended;
use crate::apply::build::Build;
use crate::apply::event::{Event, What};
use crate::apply::finish::finish;
use crate::apply::not_started::NotStarted;
use crate::apply::options::Options;
use crate::apply::plans::Plans;
use crate::apply::reason::Reason;
use crate::apply::report::Note;
use crate::apply::state::{Phase, SlotState, State};
use crate::apply::step::step;
use crate::compile::append_json::guest_mark;
use crate::compile::{Plan, SlotIdx};
use crate::diff::Difference;
use crate::live::{ConId, Desktop, Output, Pid, PresentWorkspace};
use crate::matching::Assignment;
use crate::wm::command::Command;

/// The preview of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct DryRun {
    /// The selected slots.
    pub meant: BTreeSet<SlotIdx>,
    /// The slots whose windows a run would wait for.
    pub launches: Vec<SlotIdx>,
    /// Those of them whose program is already starting, by an earlier run or by anything else.
    pub waiting: BTreeMap<SlotIdx, Pid>,
    /// The slots whose program cannot be started.
    pub unstartable: BTreeMap<SlotIdx, NotStarted>,
    /// Notes about the start of the others.
    pub notes: BTreeMap<SlotIdx, Vec<Note>>,
    /// The open windows that a run would use.
    pub assignment: Assignment,
    /// The differences.
    pub differences: Vec<Difference>,
    /// The workspaces that a run would rebuild.
    pub build: Build,
    /// The messages to i3.
    pub messages: Messages,
}

/// The messages of a run to i3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Messages {
    /// What would be sent before windows open, in order.
    pub sent: Vec<Sent>,
    /// The containers to which `sent` refers and that do not exist yet, by the ids that stand for
    /// those that i3 will give them.
    pub future: BTreeMap<ConId, FutureCon>,
    /// The commands that would set everything else.
    pub finish: Vec<Command>,
}

/// A container that does not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FutureCon {
    /// The place of a slot.
    Place(SlotIdx),
    /// The place of an open window or container that is not in the layout.
    Guest(ConId),
    /// The workspace with this name.
    Workspace(String),
}

/// A part of a message to i3.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// `append_layout` with a file that has these placeholders.
    Append(Placeholders),
    /// A command.
    Command(Command),
}

/// What placeholders are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholders {
    /// They wait for new windows.
    Waiting,
    /// They are the workspace with this name.
    Workspace(String),
    /// They are the scratchpad.
    Scratchpad,
}

/// The first of the ids that stand for those of future containers. i3's own ids are addresses,
/// which are lower.
const FIRST_FUTURE_ID: u64 = 1 << 63;

/// The first steps of a run, without changing anything.
pub fn dry_run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
) -> Result<DryRun, ApplyError> {
    let desktop = world.session.observe(world.process)?;
    let runtime = Runtime::unchecked(&world.runtime, &world.display);
    // The outputs are the same at each look.
    let same = |_: &[Output], _: &[PresentWorkspace]| plan.clone();
    let plans = Plans::new(plan.clone());
    let mut state = State::new(setup(world, (&plans, &same), options));
    let next = |state: &mut State<'_>, what| {
        let at = Duration::ZERO;
        step(state, Event { at, what })
    };
    let mut sent = Vec::new();
    let mut predicted = desktop.clone();
    let mut ids = (FIRST_FUTURE_ID..).map(ConId);
    let mut build = Build::default();
    let mut actions = VecDeque::from(next(&mut state, begun(world)));
    while let Some(action) = actions.pop_front() {
        let answer = match action {
            // The run has changed nothing but leftovers so far.
            Action::Observe if matches!(state.phase, Phase::Clearing { .. }) => What::Seen {
                desktop: Box::new(desktop.clone()),
                gone: Vec::new(),
            },
            Action::Check(question) => {
                What::Checked(Box::new(check(world, plan, &runtime, &question)))
            }
            Action::Append(pieces) => {
                for piece in &pieces {
                    if let Piece::Layout(json) = piece {
                        // The range of ids has no end.
                        let mut next_id = || ids.next().unwrap_or(ConId(FIRST_FUTURE_ID));
                        let workspace = appended::container(json, &mut next_id);
                        appended::attach(&mut predicted, workspace);
                    }
                }
                sent.extend(pieces);
                continue;
            }
            Action::ReadTree => {
                if let Phase::Building { build: one, .. } = &state.phase {
                    build = Build::clone(one);
                }
                What::Tree(Box::new(predicted.tree.clone()))
            }
            Action::Send(commands) | Action::Remove { commands, .. } => {
                sent.extend(commands.into_iter().map(Piece::Command));
                continue;
            }
            _ => continue,
        };
        actions.extend(next(&mut state, answer));
    }
    let sent = sent.into_iter().map(|piece| described(piece, &build));
    let sent = sent.collect();
    let future = future(plan, &predicted, &build);
    let mut dry = preview(&state, desktop, build);
    dry.messages.sent = sent;
    dry.messages.future = future;
    Ok(dry)
}

fn described(piece: Piece, build: &Build) -> Sent {
    let json = match piece {
        Piece::Layout(json) => json,
        Piece::Command(command) => return Sent::Command(command),
    };
    let mut workspaces = build.workspaces.iter();
    Sent::Append(match workspaces.find(|one| one.json == json) {
        Some(one) => Placeholders::Workspace(one.planned.name.clone()),
        None if build.scratchpad_json.as_ref() == Some(&json) => Placeholders::Scratchpad,
        None => Placeholders::Waiting,
    })
}

/// The predicted containers.
fn future(plan: &Plan, predicted: &Desktop, build: &Build) -> BTreeMap<ConId, FutureCon> {
    let tree = &predicted.tree;
    let place = |mark: &str| Some(tree.placeholder(mark)?.id);
    let slots = plan.slots();
    let places =
        slots.filter_map(|(idx, _)| Some((place(&plan.place_mark(idx))?, FutureCon::Place(idx))));
    let guests = build.workspaces.iter().flat_map(|one| &one.guests);
    let guests = guests
        .filter_map(|guest| Some((place(&guest_mark(guest.con))?, FutureCon::Guest(guest.con))));
    let workspaces = build.workspaces.iter().filter_map(|one| {
        let hidden = predicted.workspaces();
        let mut hidden = hidden.filter(|live| live.con.name() == one.hidden_name);
        Some((
            hidden.next()?.con.id,
            FutureCon::Workspace(one.planned.name.clone()),
        ))
    });
    let all = places.chain(guests).chain(workspaces);
    all.filter(|(id, _)| id.0 >= FIRST_FUTURE_ID).collect()
}

fn preview(state: &State<'_>, desktop: Desktop, build: Build) -> DryRun {
    let (plan, options) = (state.setup.plan, state.setup.options);
    let look = state.look(Rc::new(desktop));
    let unstartable = state.slots.iter().filter_map(|(&idx, state)| match state {
        SlotState::GivenUp(given_up) => match &given_up.reason {
            Reason::NotStarted(error) => Some((idx, error.clone())),
            _ => None,
        },
        _ => None,
    });
    let unstartable: BTreeMap<SlotIdx, NotStarted> = unstartable.collect();
    let expected = state.programs.expected.iter();
    let starting = state.programs.starting.iter();
    DryRun {
        meant: options.scope.slots(plan).map(|(idx, _)| idx).collect(),
        launches: expected.copied().collect(),
        waiting: starting.map(|(&idx, one)| (idx, one.id.pid)).collect(),
        unstartable,
        notes: state.tally.notes.clone(),
        messages: Messages {
            finish: finish(
                plan,
                &look.desktop,
                &look.assignment,
                &look.differences,
                options.focus,
                0,
            ),
            ..Messages::default()
        },
        assignment: look.assignment,
        differences: look.differences,
        build,
    }
}

impl DryRun {
    /// The windows that would be asked to close.
    pub fn closes(&self) -> impl Iterator<Item = ConId> {
        self.messages.sent.iter().filter_map(|sent| match sent {
            Sent::Command(Command::CloseWindow(con)) => Some(*con),
            _ => None,
        })
    }
}
