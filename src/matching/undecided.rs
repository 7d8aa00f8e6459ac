//! New windows of one process whose titles do not show yet which slot they belong to.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::LIKE;
use super::likeness::likeness;
use super::{Assignment, Known};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::{Con, ConId, Desktop, Pid, WindowFacts};

/// The minimum advantage over another slot, in percent of title likeness.
const MARGIN: u8 = 10;

/// The likeness of identical titles, in percent, and the points for a working directory.
const SAME: u8 = 100;

/// The windows in slots whose titles may still show that they belong elsewhere.
///
/// A browser or an editor opens all its windows from one process, in any order, and sets their
/// titles after it has loaded their documents. If only one window of a process is uncertain, its
/// slot is certain.
pub fn undecided(
    plan: &Plan,
    desktop: &Desktop,
    known: Known<'_>,
    assignment: &Assignment,
) -> BTreeSet<ConId> {
    let mut groups: BTreeMap<Pid, Group<'_>> = BTreeMap::new();
    for con in desktop.tree.windows().filter(|con| con.is_main_window()) {
        let (Some(run), Some(facts)) = (known.run_of(con.window), desktop.facts(con)) else {
            continue;
        };
        let Some(pid) = facts.pid() else { continue };
        let slot = assignment.slot(con.id);
        let started = slot.and_then(|slot| run.started.get(&slot));
        if started.is_some_and(|started| started.requested(facts)) {
            continue;
        }
        let group = groups.entry(pid).or_default();
        group.windows.push(con.id);
        group
            .placed
            .extend(slot.map(|slot| Placed { slot, con, facts }));
    }
    let groups = groups.into_values();
    let open = groups.filter(|group| group.windows.len() > 1 && group.is_open(plan));
    open.flat_map(|group| group.windows).collect()
}

/// The new windows of one process.
#[derive(Default)]
struct Group<'a> {
    windows: Vec<ConId>,
    placed: Vec<Placed<'a>>,
}

/// A window in a slot.
struct Placed<'a> {
    slot: SlotIdx,
    con: &'a Con,
    facts: &'a WindowFacts,
}

impl Group<'_> {
    fn is_open(&self, plan: &Plan) -> bool {
        let title = |slot: SlotIdx| plan.slot(slot).seen.title.as_deref();
        let uncertain = self.placed.iter().filter(|one| {
            let points = one.points(plan, one.slot);
            let slots = self.placed.iter().map(|one| one.slot);
            let mut others = slots
                .filter(|&slot| title(slot) != title(one.slot))
                .peekable();
            title(one.slot).is_some()
                && others.peek().is_some()
                && !others.all(|slot| is_clear(points, one.points(plan, slot)))
        });
        uncertain.count() > 1
    }
}

impl Placed<'_> {
    /// The likeness of the window's title to the title that `capture` saved in a slot, in percent,
    /// and points for the working directory of the shell inside the window.
    fn points(&self, plan: &Plan, slot: SlotIdx) -> u16 {
        let seen = plan.slot(slot).seen.title.as_deref();
        let properties = self.con.properties.as_ref();
        let title = properties.and_then(|one| one.title.as_deref());
        let both = seen.zip(title);
        let percent = both.map_or(0, |(seen, title)| likeness(seen, title));
        let is_there = matches!(
            (&plan.slot(slot).launch, &self.facts.inside),
            (Launch::Program(program), Some(inside))
                if inside.directory() == Some(program.cwd.as_path())
        );
        u16::from(percent) + u16::from(SAME) * u16::from(is_there)
    }
}

/// True if these points clearly exceed those of another slot.
fn is_clear(points: u16, rival: u16) -> bool {
    points > rival
        && (points >= u16::from(SAME)
            || points >= u16::from(LIKE) && points >= rival + u16::from(MARGIN))
}
