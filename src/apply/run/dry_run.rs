//! What a run would do.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{expected, held_in_scope, scoped, strangers};
use super::{Options, World};
use crate::apply::ApplyError;
use crate::apply::build::{self, Build, Mode};
use crate::apply::finish::finish;
use crate::apply::runtime::Runtime;
use crate::apply::unfinished;
use crate::compile::{Plan, SlotIdx};
use crate::diff::Difference;
use crate::live::{ConId, Pid};
use crate::matching::{Assignment, Held, match_windows};
use crate::wm::command::Command;

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
    let runtime = Runtime::unchecked(&world.runtime, &world.display);
    let earlier = unfinished::read(&runtime);
    let waiting: BTreeMap<SlotIdx, Pid> = expected
        .iter()
        .filter_map(|&idx| {
            let found = unfinished::find(&earlier, plan, idx, world.process, &desktop)?;
            Some((idx, Pid(found.pid)))
        })
        .collect();
    Ok(DryRun {
        meant: options.scope.slots(plan).map(|(idx, _)| idx).collect(),
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
