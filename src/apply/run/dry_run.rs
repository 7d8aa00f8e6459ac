//! The preview of a run.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{other_windows, scoped};
use super::start::{Starts, starting};
use super::{Options, World};
use crate::apply::ApplyError;
use crate::apply::build::{self, Build, Mode};
use crate::apply::finish::finish;
use crate::apply::report::{NotStarted, Note};
use crate::apply::runtime::Runtime;
use crate::apply::unfinished;
use crate::compile::{Plan, SlotIdx};
use crate::diff::Difference;
use crate::live::{ConId, Pid};
use crate::matching::{Assignment, match_windows};
use crate::wm::command::Command;

/// The first commands of a run, without sending any.
pub fn dry_run(
    world: &mut World<'_>,
    plan: &Plan,
    options: &Options,
) -> Result<DryRun, ApplyError> {
    let desktop = world.session.observe(world.process)?;
    let assignment = match_windows(plan, &desktop, options.reuse);
    let differences = scoped(plan, &desktop, &assignment, options);
    let starts = Starts::find(world, plan, &assignment, options);
    let expected = starts.expected;
    let is_expected = |idx: SlotIdx| expected.contains(&idx);
    let mode = options.mode;
    let build = build::build(
        plan,
        &desktop,
        &assignment,
        &differences,
        &is_expected,
        mode,
    );
    let finish = finish(plan, &desktop, &assignment, &differences, options.focus, 0);
    let closes = match options.mode {
        Mode::Close => other_windows(&differences).collect(),
        Mode::Merge | Mode::Replace => Vec::new(),
    };
    let runtime = Runtime::unchecked(&world.runtime, &world.display);
    let earlier = unfinished::read(&runtime);
    let starting = starting(world, plan, &desktop, &earlier, &expected).into_iter();
    let unstartable = starts.unstartable;
    let launches: BTreeSet<SlotIdx> = expected.iter().chain(unstartable.keys()).copied().collect();
    Ok(DryRun {
        meant: options.scope.slots(plan).map(|(idx, _)| idx).collect(),
        closes,
        launches: launches.into_iter().collect(),
        waiting: starting.map(|(idx, one)| (idx, one.earlier.pid)).collect(),
        unstartable,
        notes: starts.notes,
        assignment,
        differences,
        build,
        finish,
    })
}

/// The preview of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct DryRun {
    /// The selected slots.
    pub meant: BTreeSet<SlotIdx>,
    /// The slots whose windows a run would wait for.
    pub launches: Vec<SlotIdx>,
    /// Those of them whose program is already starting, by an earlier run or by anything else.
    pub waiting: BTreeMap<SlotIdx, Pid>,
    /// Those of them whose program cannot be started.
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
