//! Decides where windows go that have opened since the last observation.
//!
//! Pure: computes commands from the current desktop and the programs that this run has started.
//!
//! The state is in the tree itself, in the form of marks. A *place* is a placeholder where a window
//! belongs. A *waiting* placeholder, or the window that i3 has just put into it, is hidden in the
//! scratchpad. A window in its place has the slot's own mark. So the tree that an interrupted run
//! leaves behind is complete information.

use std::collections::{BTreeMap, BTreeSet};

use super::leftovers;
use super::reseat::title_fits_better;
use super::started::{Started, asked_for, opened_by};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::geometry::Rect;
use crate::layout::criteria::Matcher;
use crate::live::{Con, ConId, Desktop, WindowType, XId};
use crate::wm::command::Command;

/// The commands that move new windows into their slots, and the slots that are then filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The commands, for one message.
    pub commands: Vec<Command>,
    /// The slots and their windows.
    pub filled: Vec<(SlotIdx, ConId)>,
    /// Windows in the place of a slot that do not belong there: i3 puts a new window into a focused
    /// container without a window (i3's `src/manage.c`).
    pub intruders: Vec<Intruder>,
    /// Descriptions of other windows that the programs of slots have opened.
    pub beside: Vec<(SlotIdx, String)>,
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

/// The input besides the desktop.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The programs that this run has started.
    pub started: &'a BTreeMap<SlotIdx, Started>,
    /// The slots whose programs exited with code 0, probably after delegating to a running
    /// instance.
    pub handed_over: &'a BTreeSet<SlotIdx>,
    /// The slots that have no window yet.
    pub pending: &'a BTreeSet<SlotIdx>,
    /// The windows that were open before the run.
    pub before: &'a BTreeSet<XId>,
    /// The start of the run, in clock ticks since boot.
    pub began: Option<u64>,
}

/// Decides where the new windows go.
///
/// A window goes to the slot whose program opened it, regardless of the placeholder into which i3
/// put it. If the program is unknown, the window goes to the slot whose placeholder swallowed it. A
/// window of a started program that no placeholder swallowed is moved in from where it is. Dialogs
/// and splash screens never fill a slot; they are moved out.
pub fn settle(plan: &Plan, desktop: &Desktop, known: Known<'_>) -> Settled {
    let marked = |mark: &dyn Fn(SlotIdx) -> String| -> BTreeMap<SlotIdx, &Con> {
        let marks: BTreeMap<String, SlotIdx> =
            known.pending.iter().map(|&idx| (mark(idx), idx)).collect();
        let all = desktop.tree.descendants();
        all.filter_map(|con| Some((con.of_mark(&marks)?, con)))
            .collect()
    };
    let mut settler = Settler {
        plan,
        desktop,
        known,
        places: marked(&|idx| plan.place_mark(idx)),
        waiting: marked(&|idx| plan.waiting_mark(idx)),
        settled: Settled::default(),
    };
    settler.windows_in_places();
    settler.swallowed();
    settler.strays();
    settler.beside();
    settler.settled
}

struct Settler<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    known: Known<'a>,
    /// The place of each slot.
    places: BTreeMap<SlotIdx, &'a Con>,
    /// The waiting placeholder of each slot, or the window in it.
    waiting: BTreeMap<SlotIdx, &'a Con>,
    settled: Settled,
}

impl<'a> Settler<'a> {
    /// Handles windows that i3 has put into places.
    fn windows_in_places(&mut self) {
        let occupied: Vec<(SlotIdx, &'a Con)> = self
            .places
            .iter()
            .filter(|(_, con)| con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        for (slot, con) in occupied {
            let is_right = self.is_wanted(con) && self.owner(con) == Some(slot);
            self.places.remove(&slot);
            if !is_right {
                // With the place free again, this window is like any other window.
                self.settled.intruders.push(Intruder {
                    slot,
                    con: con.id,
                    rect: con.rect,
                });
                continue;
            }
            let (from, to) = (self.plan.place_mark(slot), self.plan.mark(slot));
            let marked = Command::change_mark(con.id, from, to);
            self.settled.commands.extend(marked);
            self.settled.filled.push((slot, con.id));
            self.stop_waiting(slot);
        }
    }

    fn stop_waiting(&mut self, slot: SlotIdx) {
        if let Some(waiting) = self.waiting.remove(&slot)
            && waiting.is_placeholder()
        {
            self.settled
                .commands
                .push(Command::KillPlaceholder(waiting.id));
        }
    }

    /// Handles windows that i3 has put into waiting placeholders.
    fn swallowed(&mut self) {
        let mut swallowed: Vec<(SlotIdx, &'a Con)> = self
            .waiting
            .iter()
            .filter(|(_, con)| con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        // Windows with a known slot first: the others get the remaining slots.
        swallowed.sort_by_key(|(_, con)| self.owner(con).is_none());
        let mut bare = Vec::new();
        for (taken_for, con) in swallowed {
            self.waiting.remove(&taken_for);
            bare.push(taken_for);
            let slot = if self.is_opened_by_user(con) {
                self.give_back(con, taken_for);
                continue;
            } else if self.is_wanted(con) {
                let slot = self.owner(con).or_else(|| self.unclaimed(taken_for));
                slot.map(|slot| self.by_title(con, slot))
            } else {
                None
            };
            match slot {
                Some(slot) => {
                    self.bring(con, slot);
                    self.settled.commands.push(Command::Unmark {
                        con: con.id,
                        mark: self.plan.waiting_mark(taken_for),
                    });
                }
                None => self.move_to_own_workspace(con, taken_for),
            }
        }
        bare.retain(|idx| self.places.contains_key(idx));
        self.hand_over(bare);
    }

    /// The slot for a window of an unknown program: a slot that waits for a window of another
    /// program, else the slot whose placeholder swallowed the window.
    fn unclaimed(&self, taken_for: SlotIdx) -> Option<SlotIdx> {
        let swallow = &self.plan.slot(taken_for).swallow;
        let others = self.places.keys().copied().filter(|&idx| {
            let slot = self.plan.slot(idx);
            matches!(slot.launch, Launch::Elsewhere) && slot.swallow == *swallow
        });
        std::iter::once(taken_for)
            .filter(|_| matches!(self.plan.slot(taken_for).launch, Launch::Elsewhere))
            .chain(others)
            .chain([taken_for])
            .find(|idx| self.places.contains_key(idx))
    }

    /// Among the slots that wait for such a window from another program, the one that the title
    /// fits best; `slot` if none fits clearly better.
    fn by_title(&self, con: &Con, slot: SlotIdx) -> SlotIdx {
        let facts = self.desktop.facts(con);
        let is_certain = facts.zip(self.known.started.get(&slot));
        if is_certain.is_some_and(|(facts, started)| asked_for(facts, started)) {
            return slot;
        }
        let swallow = &self.plan.slot(slot).swallow;
        let comes_from_another = |idx: &SlotIdx| {
            let slot = self.plan.slot(*idx);
            slot.swallow == *swallow
                && (matches!(slot.launch, Launch::Elsewhere)
                    || self.known.handed_over.contains(idx))
        };
        self.places
            .keys()
            .copied()
            .filter(|idx| *idx != slot && comes_from_another(idx))
            .fold(slot, |best, idx| {
                if title_fits_better(self.plan, con, idx, best) {
                    idx
                } else {
                    best
                }
            })
    }

    /// Gives a slot whose placeholder swallowed the window of another slot the placeholder of a
    /// slot that no longer needs it, if both have the same criteria.
    fn hand_over(&mut self, bare: Vec<SlotIdx>) {
        for idx in bare {
            let free = self.waiting.iter().find(|(other, con)| {
                !self.places.contains_key(other)
                    && con.is_placeholder()
                    && self.plan.slot(**other).swallow == self.plan.slot(idx).swallow
            });
            // Otherwise the slot continues without a placeholder; see `strays`.
            let Some((&other, &con)) = free else { continue };
            self.waiting.remove(&other);
            self.waiting.insert(idx, con);
            let (from, to) = (self.plan.waiting_mark(other), self.plan.waiting_mark(idx));
            let marked = Command::change_mark(con.id, from, to);
            self.settled.commands.extend(marked);
        }
    }

    /// Handles windows of started programs that no placeholder swallowed.
    fn strays(&mut self) {
        let (desktop, before) = (self.desktop, self.known.before);
        let is_new = |con: &&Con| con.window.is_some_and(|window| !before.contains(&window));
        let strays: Vec<&Con> = desktop
            .tree
            .windows()
            .filter(|con| !con.has_own_mark() && is_new(con) && self.is_wanted(con))
            .collect();
        for con in strays {
            let slot = self.owner(con).or_else(|| self.without_placeholder(con));
            let Some(slot) = slot.map(|slot| self.by_title(con, slot)) else {
                continue;
            };
            self.bring(con, slot);
            self.stop_waiting(slot);
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
            .filter_map(|con| Some((self.owner(con)?, con)))
            .collect();
        for (slot, con) in beside {
            let is_bare = window_type(con) == WindowType::Bare;
            if is_bare && !con.floating && !con.has_own_mark() {
                let float = Command::Floating {
                    con: con.id,
                    on: true,
                };
                self.settled.commands.push(float);
            }
            self.settled.beside.push((slot, in_words(con)));
        }
    }

    /// The slot that lost its placeholder to another window, if its criteria match this window.
    ///
    /// It gets no new placeholder. i3 matches a placeholder's criteria as soon as it is appended,
    /// but knows the placeholder's own window only a little later. A window that opens in between
    /// goes into the placeholder first, and is destroyed when i3 puts the placeholder's own window
    /// there (`manage_window` in i3's `src/manage.c`).
    fn without_placeholder(&self, con: &Con) -> Option<SlotIdx> {
        let properties = con.properties.as_ref()?;
        let fits = |idx: &SlotIdx| {
            // The patterns were checked when the file was read.
            Matcher::new(&self.plan.slot(*idx).swallow)
                .is_ok_and(|matcher| matcher.matches(properties))
        };
        let bare = self.places.keys().copied();
        bare.filter(|idx| !self.waiting.contains_key(idx))
            .find(fits)
            .filter(|_| !self.is_opened_by_user(con))
    }

    /// Moves a window to the place of a slot.
    fn bring(&mut self, con: &Con, slot: SlotIdx) {
        let Some(place) = self.places.remove(&slot) else {
            return;
        };
        let commands = &mut self.settled.commands;
        commands.push(Command::Swap {
            con: con.id,
            with: place.id,
        });
        commands.extend(leftovers::removal(place, false));
        commands.push(Command::Mark {
            con: con.id,
            mark: self.plan.mark(slot),
        });
        self.settled.filled.push((slot, con.id));
    }

    /// Moves out a swallowed window that no slot waits for, to the workspace of the slot.
    fn move_to_own_workspace(&mut self, con: &Con, taken_for: SlotIdx) {
        let of_slot = self.plan.slot(taken_for).workspace.clone();
        let workspace = of_slot.or_else(|| self.focused_workspace());
        self.move_out(con, taken_for, workspace);
    }

    /// Moves a window that the user has opened to the current workspace.
    fn give_back(&mut self, con: &Con, taken_for: SlotIdx) {
        let workspace = self.focused_workspace();
        self.move_out(con, taken_for, workspace);
        self.settled.commands.push(Command::Focus(con.id));
    }

    fn focused_workspace(&self) -> Option<String> {
        self.desktop.focused_name().map(str::to_owned)
    }

    /// Moves a window out of the scratchpad. A dialog floats there, as i3 would have shown it.
    fn move_out(&mut self, con: &Con, taken_for: SlotIdx, workspace: Option<String>) {
        let (id, commands) = (con.id, &mut self.settled.commands);
        commands.push(Command::Unmark {
            con: id,
            mark: self.plan.waiting_mark(taken_for),
        });
        commands.extend(workspace.map(|workspace| Command::MoveToWorkspace { con: id, workspace }));
        // A new frame: the old one belongs to the scratchpad.
        commands.push(Command::Floating { con: id, on: false });
        if !con.is_main_window() {
            commands.push(Command::Floating { con: id, on: true });
        }
    }

    /// True if a slot may wait for such a window.
    fn is_wanted(&self, con: &Con) -> bool {
        let wants = |properties| {
            let mut pending = self.places.keys();
            pending.any(|idx| self.plan.slot(*idx).may_want(properties))
        };
        con.is_main_window() || con.properties.as_ref().is_some_and(wants)
    }

    /// True if the user has opened the window during the run: its program was started in the
    /// session after the run began, and not by the run. (A program that was already running, or
    /// that the session bus has started, may well open a window for a slot.)
    fn is_opened_by_user(&self, con: &Con) -> bool {
        let facts = self.desktop.facts(con);
        let process = facts.and_then(|facts| facts.process.as_ref());
        let is_new = process.is_some_and(|process| {
            process.from_session
                && process.token.is_none()
                && process
                    .started
                    .zip(self.known.began)
                    .is_some_and(|(started, began)| started >= began)
        });
        let is_ours = facts.is_some_and(|facts| {
            let mut started = self.known.started.values();
            started.any(|started| asked_for(facts, started) || opened_by(facts, started))
        });
        is_new && !is_ours
    }

    /// The pending slot for which the window's program was started.
    fn owner(&self, con: &Con) -> Option<SlotIdx> {
        let facts = self.desktop.facts(con)?;
        let pending = || {
            let started = self.known.started.iter();
            started.filter(|(idx, _)| self.places.contains_key(idx))
        };
        // A program that delegates to a running instance passes on the startup id. The process is
        // that of the instance, which may belong to another slot.
        pending()
            .find(|(_, started)| asked_for(facts, started))
            .or_else(|| pending().find(|(_, started)| opened_by(facts, started)))
            .map(|(&idx, _)| idx)
    }
}

fn window_type(con: &Con) -> WindowType {
    let properties = con.properties.as_ref();
    properties.map_or(WindowType::Normal, |properties| properties.window_type)
}

/// A description of a window that no slot waits for.
fn in_words(con: &Con) -> String {
    let what = match window_type(con) {
        WindowType::Splash | WindowType::Bare => "a splash screen",
        WindowType::Normal | WindowType::Dialog => "a dialog",
        _ => "a helper window",
    };
    format!("{what} (`{}`)", con.name())
}
