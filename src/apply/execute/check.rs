//! Finds out about programs before any is started.

use std::collections::{BTreeMap, BTreeSet};

use super::runtime::Runtime;
use super::world::World;
use super::{apart_file, launch, started_file};
use crate::apply::action::Check;
use crate::apply::apart::CommandHash;
use crate::apply::event::Checked;
use crate::apply::not_started::NotStarted;
use crate::apply::report::Note;
use crate::apply::{queue, underway};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::Pid;

/// The answer to a question about programs.
pub(in crate::apply) fn check(
    world: &World<'_>,
    plan: &Plan,
    runtime: &Runtime,
    question: &Check,
) -> Checked {
    let program = |idx: SlotIdx| match &plan.slot(idx).launch {
        Launch::Program(program) => Some(program),
        Launch::Elsewhere | Launch::Unresolved { .. } => None,
    };
    let asked = question.programs.iter().copied();
    let programs: BTreeMap<SlotIdx, Result<Vec<Note>, NotStarted>> = asked
        .filter_map(|idx| Some((idx, launch::check(program(idx)?, &world.env))))
        .collect();
    let openers = question.new_windows.iter().copied();
    let new_windows = openers.filter_map(|idx| {
        let argv = world.process.new_window(&program(idx)?.argv)?;
        Some((idx, argv))
    });
    let is_wanted = |argv: &[String]| underway::is_wanted(plan, &question.programs, argv);
    let socket = world.session.socket();
    Checked {
        programs,
        new_windows: new_windows.collect(),
        apart: apart(world, plan, &question.programs),
        earlier: started_file::read(runtime, world.process),
        processes: world.process.of_session(socket, &is_wanted),
        now: world.process.started(Pid(std::process::id())),
    }
}

/// The slots among these whose commands are known to have a process each.
fn apart(world: &World<'_>, plan: &Plan, slots: &[SlotIdx]) -> BTreeSet<SlotIdx> {
    let mut programs = queue::programs(plan, slots.iter().copied());
    if programs.is_empty() {
        return BTreeSet::new();
    }
    let known = apart_file::read(&world.apart);
    programs.retain(|slots| known.knows(&CommandHash::of_slots(plan, slots)));
    programs.into_iter().flatten().collect()
}
