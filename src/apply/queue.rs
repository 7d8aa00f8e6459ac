//! The order in which the programs of a run are started.
//!
//! Pure. Programs such as browsers have one process for all windows: the first command starts it,
//! and later commands only ask it for another window. Two commands that start at the same moment
//! race for being the first, and one of them may lose its window. So commands of one program for
//! windows of one class are started one after the other, until it is known that each of them has a
//! process of its own.

use std::collections::{BTreeMap, VecDeque};

use crate::compile::{Launch, Plan, SlotIdx};
use crate::discover::command_line::base_name;
use crate::live::Pid;

/// The slots of each program with several windows of one class.
pub fn programs(plan: &Plan, slots: impl IntoIterator<Item = SlotIdx>) -> Vec<Vec<SlotIdx>> {
    let mut programs: BTreeMap<_, Vec<SlotIdx>> = BTreeMap::new();
    for idx in slots {
        let slot = plan.slot(idx);
        if let Launch::Program(program) = &slot.launch {
            // Windows of one process usually have one class.
            let class = slot.swallow.class.as_ref();
            let class = class.or(slot.swallow.instance.as_ref());
            let name = program.argv.first().map(|name| base_name(name));
            programs.entry((name, class)).or_default().push(idx);
        }
    }
    programs.retain(|_, slots| slots.len() > 1);
    programs.into_values().collect()
}

/// Slots whose programs are not started yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queues(Vec<Queue>);

/// The commands of one program for windows of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Queue {
    waiting: VecDeque<SlotIdx>,
    starting: Option<SlotIdx>,
    /// The processes of the windows that have opened.
    owners: Vec<Option<Pid>>,
}

/// The progress of a slot whose program was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Its window has not opened yet.
    Starting,
    /// Its window belongs to this process.
    Open(Option<Pid>),
    /// It is given up, or takes too long.
    Over,
}

impl Queues {
    /// The slots that wait for another one of their program. `is_independent` is true for the slots of
    /// programs that are known to have a process for each window.
    pub fn new(
        plan: &Plan,
        slots: impl IntoIterator<Item = SlotIdx>,
        is_independent: impl Fn(SlotIdx) -> bool,
    ) -> Self {
        let dependent = slots.into_iter().filter(|&idx| !is_independent(idx));
        let queues = programs(plan, dependent).into_iter().map(|slots| {
            let mut waiting = VecDeque::from(slots);
            Queue {
                starting: waiting.pop_front(),
                waiting,
                owners: Vec::new(),
            }
        });
        Self(queues.collect())
    }

    /// True if the slot's program must not be started yet.
    pub fn holds(&self, idx: SlotIdx) -> bool {
        self.0.iter().any(|queue| queue.waiting.contains(&idx))
    }

    /// Removes the slots whose programs are to be started now, and returns them.
    pub fn next(&mut self, progress: impl Fn(SlotIdx) -> Progress) -> Vec<SlotIdx> {
        let mut start = Vec::new();
        for queue in &mut self.0 {
            match queue.starting.map(&progress) {
                Some(Progress::Starting) => continue,
                Some(Progress::Open(owner)) => queue.owners.push(owner),
                Some(Progress::Over) | None => {}
            }
            queue.starting = None;
            // The program may have opened windows for other slots by itself.
            queue
                .waiting
                .retain(|&idx| progress(idx) == Progress::Starting);
            if queue.are_owners_distinct() {
                start.extend(queue.waiting.drain(..));
            } else {
                queue.starting = queue.waiting.pop_front();
                start.extend(queue.starting);
            }
        }
        self.0.retain(|queue| queue.starting.is_some());
        start
    }
}

impl Queue {
    /// True if two windows belong to different processes: each command has its own.
    fn are_owners_distinct(&self) -> bool {
        matches!(self.owners.as_slice(), [Some(one), .., Some(other)] if one != other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::one_output;
    use crate::testing::plan;

    const LAYOUT: &str = r#"
version: 1
workspaces:
  - name: "1"
    nodes:
      - { id: a, swallow: { class: ^Web$ }, command: web one }
      - { id: b, swallow: { class: ^Web$ }, command: /usr/bin/web two }
      - { id: c, swallow: { class: ^Web$ }, command: web three }
      - { id: d, swallow: { class: ^Term$ }, command: term }
      - { id: e, swallow: { class: ^Term$ }, command: term }
      - { id: f, swallow: { class: ^Other$ }, command: web four }
"#;

    fn queues() -> Queues {
        let plan = plan(LAYOUT, &one_output([]));
        let slots = plan.slots().map(|(idx, _)| idx);
        Queues::new(&plan, slots, |SlotIdx(idx)| idx == 3 || idx == 4)
    }

    #[test]
    fn only_the_first_command_of_a_program_starts_at_once() {
        let queues = queues();
        let held: Vec<usize> = (0..6).filter(|&idx| queues.holds(SlotIdx(idx))).collect();
        assert_eq!(held, [1, 2]);
    }

    #[test]
    fn commands_of_one_process_start_one_after_the_other() {
        let mut queues = queues();
        let open = |until: usize| {
            move |SlotIdx(idx)| {
                if idx < until {
                    Progress::Open(Some(Pid(7)))
                } else {
                    Progress::Starting
                }
            }
        };
        assert_eq!(queues.next(open(0)), []);
        assert_eq!(queues.next(open(1)), [SlotIdx(1)]);
        assert_eq!(queues.next(open(1)), []);
        assert_eq!(queues.next(open(2)), [SlotIdx(2)]);
        assert_eq!(queues.next(open(3)), []);
        assert_eq!(queues, Queues::default());
    }

    #[test]
    fn the_rest_starts_at_once_if_each_command_has_a_process() {
        let mut queues = queues();
        let first = |idx| match idx {
            SlotIdx(0) => Progress::Open(Some(Pid(7))),
            _ => Progress::Starting,
        };
        assert_eq!(queues.next(first), [SlotIdx(1)]);
        let second = |idx| match idx {
            SlotIdx(1) => Progress::Open(Some(Pid(8))),
            _ => Progress::Starting,
        };
        assert_eq!(queues.next(second), [SlotIdx(2)]);
        assert_eq!(queues, Queues::default());
    }

    #[test]
    fn a_slot_that_is_given_up_does_not_hold_the_next() {
        let mut queues = queues();
        let over = |idx| match idx {
            SlotIdx(0) => Progress::Over,
            SlotIdx(1) => Progress::Open(None),
            _ => Progress::Starting,
        };
        // Slot 1 got a window that the program opened by itself.
        assert_eq!(queues.next(over), [SlotIdx(2)]);
    }
}
