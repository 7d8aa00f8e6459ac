//! Adapts the desktop to the present monitors.

use std::collections::{BTreeMap, BTreeSet};

use super::guard::Guard;
use super::lock;
use super::recover::clear;
use super::runtime::Runtime;
use super::world::World;
use crate::apply::ApplyError;
use crate::apply::finish;
use crate::apply::leftovers::Clear;
use crate::apply::report::OnMonitors;
use crate::compile::Plan;
use crate::diff::{Difference, Kind, diff};
use crate::live::{ConId, Desktop, XId};
use crate::matching::{Assignment, Match, Reuse, match_windows};
use crate::wm::command::Command;

/// The number of messages after which it gives up. Each corrects what i3 has done beside the
/// commands of the one before it, such as scaling the positions of floating windows.
const ROUNDS: usize = 5;

/// The result of adapting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adapted {
    /// The workspaces that were moved to another output, in the order of the layout.
    pub moved: Vec<MovedWorkspace>,
    /// The kinds of the other differences that were removed.
    pub changed: BTreeSet<&'static str>,
    /// The remaining differences.
    pub differences: Vec<Difference>,
    /// What the user should know about monitors.
    pub monitors: OnMonitors,
    /// The title of a window that covers all monitors. i3 shows no other workspace meanwhile.
    pub covered_by: Option<String>,
    /// The commands sent to i3.
    pub commands: Vec<Command>,
}

/// A workspace that was moved to another output.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MovedWorkspace {
    /// Its name.
    pub workspace: String,
    /// The output that it was on.
    pub from: String,
    /// The output that it is on now.
    pub to: String,
}

impl Adapted {
    /// True if nothing differs.
    pub const fn is_complete(&self) -> bool {
        self.differences.is_empty()
    }
}

/// The plan to adapt to.
#[derive(Clone, Copy, Debug)]
pub struct AdaptTo<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The windows of its slots, in order, if they are known. Otherwise they are matched.
    pub windows: Option<&'a [XId]>,
}

/// Moves the workspaces of a plan to their outputs, their floating windows to their positions, and
/// shows the plan's visible workspaces. Fails while another run is active.
pub fn adapt(world: &mut World<'_>, to: AdaptTo<'_>) -> Result<Adapted, ApplyError> {
    let plan = to.plan;
    let runtime = Runtime::open(&world.runtime, &world.display)?;
    let _lock = lock::take(&runtime, world.session)?;
    let mut guard = Guard::new(runtime);
    world.recorder.plan(plan, None);
    let mut found = Found::look(world, to)?;
    if !clear(world, &mut guard, &found.desktop, Clear::Run)?.is_empty() {
        found = Found::look(world, to)?;
    }
    let before = found.differences.clone();
    let mut sent = Vec::new();
    for round in 0..ROUNDS {
        let commands = found.commands(plan, round);
        if commands.is_empty() {
            break;
        }
        sent.extend(commands.iter().cloned());
        world.recorder.sent(&commands);
        guard.send(world.session, commands, &[])?;
        found = Found::look(world, to)?;
    }
    Ok(adapted(to, &before, found, sent))
}

/// The result that [`adapt`] would have, with the commands of its first message. Sends nothing.
pub fn dry_adapt(world: &mut World<'_>, to: AdaptTo<'_>) -> Result<Adapted, ApplyError> {
    let plan = to.plan;
    let mut found = Found::look(world, to)?;
    let commands = found.commands(plan, 0);
    let before = std::mem::take(&mut found.differences);
    Ok(adapted(to, &before, found, commands))
}

fn adapted(
    to: AdaptTo<'_>,
    before: &[Difference],
    found: Found,
    commands: Vec<Command>,
) -> Adapted {
    let Found {
        desktop,
        differences,
        ..
    } = found;
    let covering = desktop.covers_all_outputs();
    let is_left = |one: &Difference| {
        let mut left = differences.iter();
        left.any(|left| left.workspace == one.workspace && left.what() == one.what())
    };
    let removed: Vec<&Difference> = before.iter().filter(|one| !is_left(one)).collect();
    let moved = removed.iter().filter_map(|one| match &one.kind {
        Kind::Output { before, after } => Some(MovedWorkspace {
            workspace: one.workspace.clone()?,
            from: after.clone(),
            to: before.clone(),
        }),
        _ => None,
    });
    let others = removed.iter();
    let others = others.filter(|one| !matches!(one.kind, Kind::Output { .. }));
    Adapted {
        moved: moved.collect(),
        changed: others.filter_map(|one| one.what()).collect(),
        covered_by: covering.map(|con| con.name().to_owned()),
        differences,
        monitors: OnMonitors {
            away: to.plan.displaced(&|_| true),
            // A record is not a file, so it cannot contradict the i3 config.
            contradictions: match to.windows {
                Some(_) => Vec::new(),
                None => to.plan.contradictions(&|_| true),
            },
        },
        commands,
    }
}

/// The assignment of these windows to the slots in order.
fn of_windows(windows: &[XId], desktop: &Desktop) -> Assignment {
    let open: BTreeMap<XId, ConId> = desktop
        .tree
        .windows()
        .filter_map(|con| Some((con.window?, con.id)))
        .collect();
    let matches = windows.iter().map(|window| {
        Some(Match {
            con: *open.get(window)?,
            evidence: Vec::new(),
        })
    });
    Assignment {
        matches: matches.collect(),
    }
}

/// The desktop, with the differences to remove.
struct Found {
    desktop: Desktop,
    assignment: Assignment,
    differences: Vec<Difference>,
}

impl Found {
    fn look(world: &mut World<'_>, to: AdaptTo<'_>) -> Result<Self, ApplyError> {
        let plan = to.plan;
        let desktop = world.session.observe(world.process)?;
        world.recorder.saw(&desktop);
        let assignment = match to.windows {
            Some(windows) => of_windows(windows, &desktop),
            None => match_windows(plan, &desktop, Reuse::default()),
        };
        let differences = diff(plan, &desktop, &assignment);
        let differences = finish::to_adapt(plan, &desktop, &differences);
        Ok(Self {
            desktop,
            assignment,
            differences,
        })
    }

    fn commands(&self, plan: &Plan, round: usize) -> Vec<Command> {
        finish::adapt(
            plan,
            &self.desktop,
            &self.assignment,
            &self.differences,
            round,
        )
    }
}
