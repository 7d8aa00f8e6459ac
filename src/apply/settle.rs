//! What to do about the windows that have come since the last look.
//!
//! Pure: the desktop as it is, and what this run has started, to commands.
//! The tree itself says how far things are, by marks: a *place* stands where a window
//! belongs; a *waiting* placeholder, and the window that i3 has just put into it, is
//! hidden in the scratchpad; a window that is where it belongs carries the slot's own
//! mark.
//! So a run that dies leaves a tree that explains itself.

use std::collections::{BTreeMap, BTreeSet};

use super::leftovers;
use super::reseat::speaks_for;
use super::started::{Started, asked_for, opened_by};
use crate::compile::{Launch, Plan, SlotIdx};
use crate::geometry::Rect;
use crate::layout::criteria::Matcher;
use crate::live::{Con, ConId, Desktop, WindowType, XId};
use crate::wm::command::Command;

/// Commands that bring the new windows into their slots, and the slots that have
/// their window then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// To be sent in one message.
    pub commands: Vec<Command>,
    /// The slots and their windows.
    pub filled: Vec<(SlotIdx, ConId)>,
    /// Windows that are in the place of a slot and do not belong there: i3 puts a new
    /// window into a focused container that has none (i3's `src/manage.c`).
    pub intruders: Vec<Intruder>,
    /// What the program of a slot has opened that is not what the slot waits for, in words.
    pub beside: Vec<(SlotIdx, String)>,
}

/// A window in a place that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intruder {
    /// The slot whose place it took.
    pub slot: SlotIdx,
    /// Its container, which was the place.
    pub con: ConId,
    /// Where the place is, in pixels of the X screen.
    pub rect: Rect,
}

/// What there is to know beside the desktop.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What this run has started.
    pub started: &'a BTreeMap<SlotIdx, Started>,
    /// The slots whose programs have ended well: they have handed over to one that runs.
    pub handed_over: &'a BTreeSet<SlotIdx>,
    /// The slots that have no window yet.
    pub awaited: &'a BTreeSet<SlotIdx>,
    /// The windows that were there before the run.
    pub before: &'a BTreeSet<XId>,
    /// When the run began, in clock ticks since the machine was started.
    pub began: Option<u64>,
}

/// Decides what to do about the windows that have come.
///
/// A window goes to the place of the slot for which its program was started, whatever
/// placeholder i3 has put it into; where nobody can say that, to the slot whose
/// placeholder has taken it. A window that i3 put nowhere, but that we have started,
/// is brought in from where it is. Dialogs and splash screens are not what a slot
/// waits for: they are let out.
pub fn settle(plan: &Plan, desktop: &Desktop, known: Known<'_>) -> Settled {
    let marked = |mark: &dyn Fn(SlotIdx) -> String| -> BTreeMap<SlotIdx, &Con> {
        let marks: BTreeMap<String, SlotIdx> =
            known.awaited.iter().map(|&idx| (mark(idx), idx)).collect();
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
    settler.seated();
    settler.swallowed();
    settler.strays();
    settler.beside();
    settler.settled
}

struct Settler<'a> {
    plan: &'a Plan,
    desktop: &'a Desktop,
    known: Known<'a>,
    /// What stands where each slot's window belongs.
    places: BTreeMap<SlotIdx, &'a Con>,
    /// What waits for each slot's window, or has it.
    waiting: BTreeMap<SlotIdx, &'a Con>,
    settled: Settled,
}

impl<'a> Settler<'a> {
    /// Windows that i3 has put into places.
    fn seated(&mut self) {
        let seated: Vec<(SlotIdx, &'a Con)> = self
            .places
            .iter()
            .filter(|(_, con)| con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        for (slot, con) in seated {
            let is_right = self.is_wanted(con) && self.owner(con) == Some(slot);
            self.places.remove(&slot);
            if !is_right {
                // With its place free again, it is one window among the others.
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

    /// Windows that i3 has put into waiting placeholders.
    fn swallowed(&mut self) {
        let mut come: Vec<(SlotIdx, &'a Con)> = self
            .waiting
            .iter()
            .filter(|(_, con)| con.is_window())
            .map(|(&idx, &con)| (idx, con))
            .collect();
        // Those that we can name first: the others get what is left.
        come.sort_by_key(|(_, con)| self.owner(con).is_none());
        let mut bare = Vec::new();
        for (taken_for, con) in come {
            self.waiting.remove(&taken_for);
            bare.push(taken_for);
            let slot = if self.is_strangers(con) {
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
                None => self.let_out(con, taken_for),
            }
        }
        bare.retain(|idx| self.places.contains_key(idx));
        self.hand_over(bare);
    }

    /// The slot for a window of which nobody can say who started it: one that waits
    /// for what other programs open, else the one whose placeholder has taken it.
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

    /// The slot among those that wait for a window of this kind from another program for
    /// which the title speaks; the one that is given when it says no more.
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
                if speaks_for(self.plan, con, idx, best) {
                    idx
                } else {
                    best
                }
            })
    }

    /// Slots whose placeholder has taken a window for another slot get the placeholder
    /// of a slot that does not need it any more, if it has the same criteria.
    fn hand_over(&mut self, bare: Vec<SlotIdx>) {
        for idx in bare {
            let free = self.waiting.iter().find(|(other, con)| {
                !self.places.contains_key(other)
                    && con.is_placeholder()
                    && self.plan.slot(**other).swallow == self.plan.slot(idx).swallow
            });
            // Else it does without; see `strays`.
            let Some((&other, &con)) = free else { continue };
            self.waiting.remove(&other);
            self.waiting.insert(idx, con);
            let (from, to) = (self.plan.waiting_mark(other), self.plan.waiting_mark(idx));
            let marked = Command::change_mark(con.id, from, to);
            self.settled.commands.extend(marked);
        }
    }

    /// Windows of ours that i3 has put somewhere else.
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

    /// What the programs of slots have opened that is not what the slots wait for.
    ///
    /// i3 takes a picture that does not say so for a window as any other; tiled, it would
    /// take its room from the others.
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

    /// The slot whose placeholder has taken another window, if it waits for one like
    /// this.
    ///
    /// It gets no new placeholder. i3 finds a placeholder by its criteria from the moment
    /// that it appends it, but knows that placeholder's own window only a little later:
    /// a window that comes in between is put into the placeholder first and destroyed when
    /// i3 puts the placeholder's own window there (i3's `src/manage.c`, `manage_window`).
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
            .filter(|_| !self.is_strangers(con))
    }

    /// Puts a window into the place of a slot.
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

    /// A window that a placeholder has taken and that nobody waits for: it goes to
    /// the workspace of the slot.
    fn let_out(&mut self, con: &Con, taken_for: SlotIdx) {
        let of_slot = self.plan.slot(taken_for).workspace.clone();
        let workspace = of_slot.or_else(|| self.focused_workspace());
        self.move_out(con, taken_for, workspace);
    }

    /// A window that a person has opened goes to where the person is.
    fn give_back(&mut self, con: &Con, taken_for: SlotIdx) {
        let workspace = self.focused_workspace();
        self.move_out(con, taken_for, workspace);
        self.settled.commands.push(Command::Focus(con.id));
    }

    fn focused_workspace(&self) -> Option<String> {
        self.desktop.focused_name().map(str::to_owned)
    }

    /// Out of the scratchpad; a dialog floats there as i3 would have had it.
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

    /// Whether any slot may wait for such a window.
    fn is_wanted(&self, con: &Con) -> bool {
        let wants = |properties| {
            let mut awaited = self.places.keys();
            awaited.any(|idx| self.plan.slot(*idx).may_want(properties))
        };
        con.is_main_window() || con.properties.as_ref().is_some_and(wants)
    }

    /// Whether a person has opened the window while we wait: its program was started in
    /// the session after we began, and not by us. (A program that was running before, or
    /// that the session bus has started, may well open a window for one of ours.)
    fn is_strangers(&self, con: &Con) -> bool {
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

    /// The awaited slot for which we have started the window's program.
    fn owner(&self, con: &Con) -> Option<SlotIdx> {
        let facts = self.desktop.facts(con)?;
        let awaited = || {
            let started = self.known.started.iter();
            started.filter(|(idx, _)| self.places.contains_key(idx))
        };
        // A program that hands over to a running instance gives it the startup id; the
        // process is that of the instance, which may be of another slot.
        awaited()
            .find(|(_, started)| asked_for(facts, started))
            .or_else(|| awaited().find(|(_, started)| opened_by(facts, started)))
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
