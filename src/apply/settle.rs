//! Moves windows that have opened since the last observation into their slots.
//!
//! Pure: computes commands from the current desktop and the assignment of windows to slots, which
//! [`match_windows`](crate::matching::match_windows) decides alone.
//!
//! A *place* is a placeholder where a window belongs. A *waiting* placeholder, or the window that
//! i3 has just put into it, is hidden in the scratchpad. Both have marks, so the tree that an
//! interrupted run leaves behind shows what is to be cleared.

use std::collections::{BTreeMap, BTreeSet};

use super::leftovers;
use super::reason::Beside;
use crate::compile::{Plan, SlotIdx};
use crate::geometry::Rect;
use crate::live::{Con, ConId, Desktop, WindowType};
use crate::matching::{Assignment, InRun};
use crate::wm::command::Command;

/// The commands that move new windows into their slots, and the slots that are then filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The commands, for one message.
    pub commands: Vec<Command>,
    /// The slots that have another window now, with this window.
    pub filled: Vec<(SlotIdx, ConId)>,
    /// The slots that have lost their window to another slot, and a place instead.
    pub emptied: Vec<SlotIdx>,
    /// The slots whose window is there, but whose place is gone: the user may have closed it.
    pub placeless: Vec<SlotIdx>,
    /// Windows in the place of a slot that do not belong there: i3 puts a new window into a focused
    /// container without a window (i3's `src/manage.c`).
    pub intruders: Vec<Intruder>,
    /// Descriptions of other windows that the programs of slots have opened.
    pub beside: Vec<(SlotIdx, Beside)>,
}

/// A window in the place of a slot that it does not belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intruder {
    /// The slot whose place it took.
    pub slot: SlotIdx,
    /// Its container, which was the place.
    pub con: ConId,
    /// The position of the place, in pixels of the X screen.
    pub rect: Rect,
}

/// The state of a run's slots.
#[derive(Clone, Copy, Debug)]
pub struct Slots<'a> {
    /// The facts about new windows.
    pub run: InRun<'a>,
    /// The slots that have no window yet.
    pub pending: &'a BTreeSet<SlotIdx>,
    /// The windows that this run has placed in slots.
    pub seated: &'a BTreeMap<SlotIdx, ConId>,
}

/// Moves each window to the slot that it is assigned to, regardless of the placeholder into which
/// i3 put it.
///
/// Windows that turn out to be in each other's slots are swapped. A window that no placeholder
/// swallowed is moved in from where it is. Swallowed windows that belong to no slot, such as
/// dialogs and windows that the user opened, are moved out.
pub fn settle(
    plan: &Plan,
    desktop: &Desktop,
    assignment: &Assignment,
    slots: Slots<'_>,
) -> Settled {
    let marked = |mark: &dyn Fn(SlotIdx) -> String| -> BTreeMap<SlotIdx, &Con> {
        let marks: BTreeMap<String, SlotIdx> =
            slots.pending.iter().map(|&idx| (mark(idx), idx)).collect();
        let all = desktop.tree.descendants();
        all.filter_map(|con| Some((con.of_mark(&marks)?, con)))
            .collect()
    };
    let places = marked(&|idx| plan.place_mark(idx));
    let seated = slots.seated.iter();
    let seated = seated.filter_map(|(&idx, &con)| Some((idx, desktop.tree.find(con)?)));
    let mut settler = Settler {
        plan,
        desktop,
        assignment,
        slots,
        holders: places.into_iter().chain(seated).collect(),
        swallowed: BTreeSet::new(),
        waiting: marked(&|idx| plan.waiting_mark(idx)),
        settled: Settled::default(),
    };
    let waiting = settler.waiting.values();
    settler.swallowed = waiting
        .filter(|con| con.is_window())
        .map(|con| con.id)
        .collect();
    settler.windows_in_places();
    settler.find_placeless();
    settler.bring_in();
    settler.leave_placeholders();
    settler.beside();
    settler.settled
}

struct Settler<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    assignment: &'a Assignment,
    slots: Slots<'a>,
    /// The container at the position of each slot: its place, or its window.
    holders: BTreeMap<SlotIdx, &'a Con>,
    /// The waiting placeholder of each slot, or the window in it.
    waiting: BTreeMap<SlotIdx, &'a Con>,
    /// The windows in waiting placeholders.
    swallowed: BTreeSet<ConId>,
    settled: Settled,
}

impl<'a> Settler<'a> {
    /// Handles windows that i3 has put into places.
    fn windows_in_places(&mut self) {
        let occupied: Vec<(SlotIdx, &'a Con)> = self
            .holders
            .iter()
            .filter(|(idx, con)| self.slots.pending.contains(idx) && con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        for (slot, con) in occupied {
            if self.assignment.window(slot) == Some(con.id) {
                self.settled.commands.push(Command::Unmark {
                    con: con.id,
                    mark: self.plan.place_mark(slot),
                });
                self.fill(slot, con);
            } else {
                // With the place free again, this window is like any other window.
                self.holders.remove(&slot);
                self.settled.intruders.push(Intruder {
                    slot,
                    con: con.id,
                    rect: con.rect,
                });
            }
        }
    }

    /// Finds slots without a place for their window.
    fn find_placeless(&mut self) {
        let occupied = |slot| {
            let mut intruders = self.settled.intruders.iter();
            intruders.any(|intruder| intruder.slot == slot)
        };
        let pending = self.slots.pending.iter().copied();
        let placeless = pending.filter(|idx| {
            self.assignment.window(*idx).is_some()
                && !self.holders.contains_key(idx)
                && !occupied(*idx)
        });
        self.settled.placeless = placeless.collect();
    }

    /// Records that a slot has its window.
    fn fill(&mut self, slot: SlotIdx, con: &'a Con) {
        self.settled.filled.push((slot, con.id));
        let waiting = self.waiting.get(&slot).copied();
        if let Some(waiting) = waiting.filter(|waiting| waiting.is_placeholder()) {
            self.waiting.remove(&slot);
            let needy = self.waiting_for_a_placeholder(slot);
            match needy {
                Some(other) => self.hand_over(waiting, slot, other),
                None => self
                    .settled
                    .commands
                    .push(Command::KillPlaceholder(waiting.id)),
            }
        }
    }

    /// A slot with the same criteria whose placeholder swallowed the window of another slot.
    fn waiting_for_a_placeholder(&self, slot: SlotIdx) -> Option<SlotIdx> {
        let mut bare = self.waiting.iter().filter(|(idx, con)| {
            con.is_window()
                && self.assignment.window(**idx).is_none()
                && self.slots.pending.contains(idx)
                && self.plan.slot(**idx).swallow == self.plan.slot(slot).swallow
        });
        bare.next().map(|(&idx, _)| idx)
    }

    /// Lets the placeholder of a slot that no longer needs it wait for another slot.
    ///
    /// A slot without a placeholder gets no new one. i3 matches a placeholder's criteria as soon
    /// as it is appended, but knows the placeholder's own window only a little later. A window
    /// that opens in between goes into the placeholder first, and is destroyed when i3 puts the
    /// placeholder's own window there (`manage_window` in i3's `src/manage.c`).
    fn hand_over(&mut self, waiting: &'a Con, from: SlotIdx, to: SlotIdx) {
        let marks = (self.plan.waiting_mark(from), self.plan.waiting_mark(to));
        if let Some(swallowed) = self.waiting.insert(to, waiting) {
            self.leave_placeholder(swallowed, to);
        }
        let marked = Command::change_mark(waiting.id, marks.0, marks.1);
        self.settled.commands.extend(marked);
    }

    /// Removes the mark of the placeholder that swallowed a window, and moves the window out
    /// unless a slot has it.
    fn leave_placeholder(&mut self, con: &Con, taken_for: SlotIdx) {
        let slot = self.assignment.slot(con.id);
        if slot.is_some_and(|slot| self.settled.placeless.contains(&slot)) {
            // It gets a new place first. Until then, its mark shows that it is hidden.
            return;
        }
        self.settled.commands.push(Command::Unmark {
            con: con.id,
            mark: self.plan.waiting_mark(taken_for),
        });
        if self.assignment.slot(con.id).is_none() {
            self.move_out(con, self.plan.live_workspace_of(self.desktop, taken_for));
        }
    }

    /// Brings windows to the slots that they are assigned to.
    fn bring_in(&mut self) {
        let moves: Vec<(SlotIdx, &'a Con)> = self
            .holders
            .iter()
            .filter_map(|(&slot, holder)| {
                let con = self.assignment.window(slot)?;
                Some((slot, self.desktop.tree.find(con)?)).filter(|_| con != holder.id)
            })
            .collect();
        let mut left: Vec<(SlotIdx, &'a Con)> = Vec::new();
        for &(slot, con) in &moves {
            let Some(holder) = self.holders.insert(slot, con) else {
                continue;
            };
            if holder.id == con.id {
                // The swap before has brought it here.
                continue;
            }
            self.settled.commands.push(Command::Swap {
                con: con.id,
                with: holder.id,
            });
            let mut holders = self.holders.iter();
            let other = holders.find(|(idx, other)| **idx != slot && other.id == con.id);
            match other.map(|(&other, _)| other) {
                Some(other) => {
                    self.holders.insert(other, holder);
                }
                None => left.push((slot, holder)),
            }
        }
        for &(slot, con) in &moves {
            self.fill(slot, con);
        }
        for (slot, con) in left {
            // Like every drawn placeholder, a label can only be removed on its own.
            if con.is_placeholder() && con.window.is_none() && self.is_boxed(slot) {
                let (from, to) = (self.plan.place_mark(slot), self.plan.spent_mark(slot));
                let marked = Command::change_mark(con.id, from, to);
                self.settled.commands.extend(marked);
            } else if con.is_placeholder() {
                self.settled.commands.extend(leftovers::removal(con, false));
            } else if self.assignment.slot(con.id).is_none() && self.is_hidden_by(slot) {
                self.move_out(con, self.plan.live_workspace_of(self.desktop, slot));
            }
        }
        self.move_places();
    }

    /// True if the window of the slot came from the container of waiting placeholders. The place
    /// that replaces it there can be removed later, together with others.
    fn is_boxed(&self, slot: SlotIdx) -> bool {
        let con = self.assignment.window(slot);
        let boxed = self.desktop.scratchpad().and_then(leftovers::waiting_box);
        con.zip(boxed)
            .is_some_and(|(con, boxed)| boxed.nodes.iter().any(|one| one.id == con))
    }

    /// True if the window of the slot came from a waiting placeholder.
    fn is_hidden_by(&self, slot: SlotIdx) -> bool {
        let con = self.assignment.window(slot);
        con.is_some_and(|con| self.swallowed.contains(&con))
    }

    /// Lets a place that has come to the position of another slot wait for that slot.
    fn move_places(&mut self) {
        for (&slot, con) in &self.holders {
            let mark = self.plan.place_mark(slot);
            if !con.is_placeholder() || con.has_mark(|own| own == mark) {
                continue;
            }
            let of_place = |&&idx: &&SlotIdx| con.has_mark(|own| own == self.plan.place_mark(idx));
            if let Some(&before) = self.slots.pending.iter().find(of_place) {
                let marked = Command::change_mark(con.id, self.plan.place_mark(before), mark);
                self.settled.commands.extend(marked);
                self.settled.emptied.push(slot);
            }
        }
    }

    /// Handles windows in waiting placeholders.
    fn leave_placeholders(&mut self) {
        let swallowed: Vec<(SlotIdx, &'a Con)> = self
            .waiting
            .iter()
            .filter(|(_, con)| con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        for (taken_for, con) in swallowed {
            let facts = self.desktop.facts(con);
            let is_free = self.assignment.slot(con.id).is_none();
            if is_free && facts.is_some_and(|facts| self.slots.run.is_opened_by_user(facts)) {
                self.give_back(con, taken_for);
            } else {
                self.leave_placeholder(con, taken_for);
            }
        }
    }

    /// Handles windows that the program of a slot has opened and that do not fill the slot.
    ///
    /// i3 treats an undeclared splash screen like any other window. Tiled, it would take space from
    /// the others, so it is made floating.
    fn beside(&mut self) {
        let all = self.desktop.tree.windows();
        let unwanted = all.filter(|con| !self.is_wanted(con));
        let beside: Vec<(SlotIdx, &Con)> = unwanted
            .filter_map(|con| Some((self.opener(con)?, con)))
            .collect();
        for (slot, con) in beside {
            let is_bare = con.window_type() == WindowType::Bare;
            let is_seated = self.desktop.seats(con).iter().any(|seat| seat.reserved);
            if is_bare && !con.floating && !con.has_own_mark() && !is_seated {
                let float = Command::Floating {
                    con: con.id,
                    on: true,
                };
                self.settled.commands.push(float);
            }
            self.settled.beside.push((slot, Beside::of(con)));
        }
    }

    /// True if a slot may wait for such a window.
    fn is_wanted(&self, con: &Con) -> bool {
        let wants = |properties| {
            let mut pending = self.slots.pending.iter();
            pending.any(|idx| self.plan.slot(*idx).may_want(properties))
        };
        con.is_main_window() || con.properties.as_ref().is_some_and(wants)
    }

    /// The pending slot whose program opened the window.
    fn opener(&self, con: &Con) -> Option<SlotIdx> {
        let facts = self.desktop.facts(con)?;
        let mut started = self.slots.run.started.iter();
        let found = started.find(|(idx, started)| {
            self.slots.pending.contains(idx) && (started.requested(facts) || started.opened(facts))
        });
        found.map(|(&idx, _)| idx)
    }

    /// Moves a window that the user has opened to the current workspace.
    fn give_back(&mut self, con: &Con, taken_for: SlotIdx) {
        self.settled.commands.push(Command::Unmark {
            con: con.id,
            mark: self.plan.waiting_mark(taken_for),
        });
        self.move_out(con, self.focused_workspace());
        self.settled.commands.push(Command::Focus(con.id));
    }

    fn focused_workspace(&self) -> Option<String> {
        self.desktop.focused_name().map(str::to_owned)
    }

    /// Moves a window out of the scratchpad, by default to the current workspace. A dialog floats
    /// there, as i3 would have shown it.
    fn move_out(&mut self, con: &Con, workspace: Option<String>) {
        let workspace = workspace.or_else(|| self.focused_workspace());
        let (id, commands) = (con.id, &mut self.settled.commands);
        commands.extend(workspace.map(|workspace| Command::MoveToWorkspace { con: id, workspace }));
        // A new frame: the old one belongs to the scratchpad.
        commands.push(Command::Floating { con: id, on: false });
        if !con.is_main_window() {
            commands.push(Command::Floating { con: id, on: true });
        }
    }
}
