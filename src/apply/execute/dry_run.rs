//! The preview of a run: the same steps, up to the first change of the desktop.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use super::check::check;
use super::runtime::Runtime;
use super::world::World;
use super::{begun, setup};
use crate::apply::ApplyError;
use crate::apply::action::Action;
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
    /// The commands that would set everything else.
    pub finish: Vec<Command>,
    /// The windows that would be asked to close.
    pub closes: Vec<ConId>,
}

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
            Action::Send(commands) => {
                sent.extend(commands);
                continue;
            }
            _ => continue,
        };
        actions.extend(next(&mut state, answer));
    }
    Ok(preview(&state, desktop, &sent))
}

fn preview(state: &State<'_>, desktop: Desktop, sent: &[Command]) -> DryRun {
    let (plan, options) = (state.setup.plan, state.setup.options);
    let look = state.look(Rc::new(desktop));
    let build = match &state.phase {
        Phase::Building { build, .. } => Build::clone(build),
        _ => Build::default(),
    };
    let unstartable = state.slots.iter().filter_map(|(&idx, state)| match state {
        SlotState::GivenUp(given_up) => match &given_up.reason {
            Reason::NotStarted(error) => Some((idx, error.clone())),
            _ => None,
        },
        _ => None,
    });
    let unstartable: BTreeMap<SlotIdx, NotStarted> = unstartable.collect();
    let expected = state.programs.expected.iter();
    let closes = sent.iter().filter_map(|command| match command {
        Command::CloseWindow(con) => Some(*con),
        _ => None,
    });
    let starting = state.programs.starting.iter();
    DryRun {
        meant: options.scope.slots(plan).map(|(idx, _)| idx).collect(),
        closes: closes.collect(),
        launches: expected.copied().collect(),
        waiting: starting.map(|(&idx, one)| (idx, one.id.pid)).collect(),
        unstartable,
        notes: state.tally.notes.clone(),
        finish: finish(
            plan,
            &look.desktop,
            &look.assignment,
            &look.differences,
            options.focus,
            0,
        ),
        assignment: look.assignment,
        differences: look.differences,
        build,
    }
}
