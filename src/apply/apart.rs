//! Commands of one program that are known to have a process each.
//!
//! Pure. Commands of an unknown program are started one after the other, because they may race for
//! being the first process; see [`queue`](super::queue). That takes several times as long. When they
//! have all opened windows of processes of their own, the next run starts them at once. This is
//! only known of exactly these commands: a browser with two profiles has two processes, but two
//! commands for one of the profiles have one.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};

use crate::compile::{Launch, Plan, Program, SlotIdx};

/// The maximum number of groups.
const LIMIT: usize = 200;

/// A command, as a number that reveals nothing about it. A wrong number only costs time: the
/// command is then unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::apply) struct CommandHash(u64);

impl CommandHash {
    fn of(program: &Program) -> Self {
        let mut hasher = DefaultHasher::new();
        // Without the values of variables, which may be secrets.
        program.shown.argv.hash(&mut hasher);
        program.shown.cwd.hash(&mut hasher);
        Self(hasher.finish())
    }

    /// The numbers of the commands of these slots.
    pub(in crate::apply) fn of_slots(plan: &Plan, slots: &[SlotIdx]) -> Vec<Self> {
        let commands = slots
            .iter()
            .filter_map(|idx| match &plan.slot(*idx).launch {
                Launch::Program(program) => Some(Self::of(program)),
                Launch::Elsewhere | Launch::Unresolved { .. } => None,
            });
        commands.collect()
    }
}

/// Groups of commands that had a process each while the windows of all of them were open, the latest
/// first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::apply) struct Apart(Vec<Vec<CommandHash>>);

impl Apart {
    /// True if these commands had a process each. A command that is repeated must have been
    /// repeated.
    pub(in crate::apply) fn knows(&self, commands: &[CommandHash]) -> bool {
        let wanted = counts(commands);
        self.0.iter().any(|group| {
            let known = counts(group);
            let is_known = |(command, count): (&CommandHash, &usize)| {
                known.get(command).is_some_and(|known| known >= count)
            };
            wanted.iter().all(is_known)
        })
    }

    /// Records that these commands had a process each.
    pub(in crate::apply) fn add(&mut self, mut commands: Vec<CommandHash>) {
        if self.knows(&commands) {
            return;
        }
        commands.sort_unstable();
        self.0.insert(0, commands);
        self.0.truncate(LIMIT);
    }

    /// Records that two of these commands had the same process.
    pub(in crate::apply) fn forget(&mut self, commands: &[CommandHash]) {
        self.0
            .retain(|group| !group.iter().any(|one| commands.contains(one)));
    }
}

/// The number of times that each command is repeated, up to 2: a command that had two processes
/// has three.
fn counts(commands: &[CommandHash]) -> BTreeMap<CommandHash, usize> {
    let mut counts = BTreeMap::new();
    for &command in commands {
        let count: &mut usize = counts.entry(command).or_default();
        *count = 2.min(*count + 1);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(numbers: &[u64]) -> Vec<CommandHash> {
        numbers.iter().copied().map(CommandHash).collect()
    }

    #[test]
    fn only_commands_of_one_group_are_apart() {
        let mut apart = Apart::default();
        apart.add(commands(&[2, 1]));
        apart.add(commands(&[3, 4, 4]));
        for (numbers, expected) in [
            (&[1, 2][..], true),
            (&[1], true),
            (&[3, 4], true),
            (&[4, 4, 4], true),
            // Each has been alone so far.
            (&[1, 1], false),
            (&[1, 3], false),
            (&[1, 2, 5], false),
        ] {
            assert_eq!(apart.knows(&commands(numbers)), expected, "{numbers:?}");
        }
        apart.forget(&commands(&[2]));
        assert!(!apart.knows(&commands(&[1, 2])));
        assert!(apart.knows(&commands(&[3, 4])));
    }

    #[test]
    fn the_latest_groups_are_kept() {
        let mut apart = Apart::default();
        for number in 0..=LIMIT as u64 {
            apart.add(commands(&[number, number]));
            apart.add(commands(&[number, number]));
        }
        assert!(!apart.knows(&commands(&[0, 0])));
        assert!(apart.knows(&commands(&[1, 1])));
    }
}
