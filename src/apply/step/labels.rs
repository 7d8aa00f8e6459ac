//! Placeholders of pending windows: labels them, keeps them or removes them.

use std::rc::Rc;
use std::time::Duration;

use crate::apply::action::{Action, Piece};
use crate::apply::state::{Phase, SlotState, State};
use crate::apply::{build, label, leftovers};
use crate::compile::SlotIdx;
use crate::compile::append_json::Label;
use crate::diff::attributes;
use crate::live::mark::WAITING_MARK_PREFIX;
use crate::live::{Con, Desktop, XId};
use crate::wm::command::Command;

/// The time without a new window after which the places of pending windows get labels. Most windows
/// open sooner, and a short-lived label would only flicker. Drawing labels also takes i3 time that
/// programs need to open their windows.
const LABEL_DELAY: Duration = Duration::from_secs(1);

impl State<'_> {
    /// The slots whose windows take a while to open, and whose places have no label.
    pub(super) fn needs_label(&self) -> impl Iterator<Item = SlotIdx> {
        let latest = self.placed().map(|(_, placed)| placed.at).max();
        let latest = latest.unwrap_or_default();
        let late = self.pending().filter(move |(_, pending)| {
            let since = pending.since.max(latest);
            !pending.labelled && self.now.saturating_sub(since) >= LABEL_DELAY
        });
        late.map(|(idx, _)| idx)
    }

    /// Labels the places of windows that take a while to open.
    ///
    /// i3 draws nothing for a place, so a placeholder that i3 does draw replaces it (i3's
    /// `src/restore_layout.c`). It is i3's own window and needs no process.
    pub(super) fn draw_labels(&mut self, desktop: &Desktop, mut slots: Vec<SlotIdx>) {
        let (plan, hide) = (self.setup.plan, self.setup.hide);
        for idx in &slots {
            if let Some(SlotState::Pending(pending)) = self.slots.get_mut(idx) {
                pending.labelled = true;
            }
        }
        let place = |idx: SlotIdx| {
            let mark = plan.place_mark(idx);
            let mut all = desktop.workspaces();
            let place = all.find_map(|live| live.con.placeholder(&mark))?;
            Some(place).filter(|place| place.window.is_none())
        };
        slots.retain(|idx| place(*idx).is_some());
        let labels = slots.iter().filter_map(|&slot| {
            Some(Label {
                slot,
                rect: place(slot)?.rect,
                text: label::title_format(&label::text(plan, slot, hide)),
            })
        });
        let labels: Vec<Label> = labels.collect();
        if labels.is_empty() {
            return self.go_on_waiting();
        }
        self.append(vec![Piece::Layout(build::labels(plan, &labels, desktop))]);
        // A label that i3 draws only when it becomes visible would take the focus.
        self.actions.push(Action::Settle);
        self.phase = Phase::Labelling(slots);
        self.actions.push(Action::ReadTree);
    }

    /// Moves the labels to the places.
    pub(super) fn put_labels(&mut self, slots: &[SlotIdx], tree: &Con) {
        let plan = self.setup.plan;
        let mut commands = Vec::new();
        let mut left = Vec::new();
        let mut drawn = Vec::new();
        for &idx in slots {
            let mark = plan.label_mark(idx);
            let label = tree.placeholder(&mark);
            // i3 may create it as urgent.
            if let Some(con) = label {
                drawn.extend(con.window.map(|window| (window, None)));
            }
            // A window may have gone into the focused place meanwhile.
            let place = tree.placeholder(&plan.place_mark(idx));
            let (Some(label), Some(place)) = (label, place) else {
                continue;
            };
            let (con, with) = (label.id, place.id);
            commands.push(Command::Swap { con, with });
            commands.extend(Command::change_mark(con, mark, plan.place_mark(idx)));
            left.push(Command::KillPlaceholder(with));
        }
        commands.extend(left);
        self.label(drawn);
        self.send(commands);
        self.go_on_waiting();
    }

    fn label(&mut self, windows: Vec<(XId, Option<String>)>) {
        if !windows.is_empty() {
            self.actions.push(Action::Label(windows));
        }
    }

    /// Removes the urgency of waiting placeholders: i3 does not initialise it (`open_placeholder_window`
    /// in its `src/restore_layout.c`), and a key for the urgent window would lead to them.
    pub(super) fn calm(&mut self, tree: &Con) {
        let waiting = tree.descendants().filter(|con| {
            con.is_placeholder() && con.has_mark(|mark| mark.starts_with(WAITING_MARK_PREFIX))
        });
        let windows = waiting.filter_map(|con| Some((con.window?, None)));
        self.label(windows.collect());
    }

    /// Moves the waiting placeholders of windows that missed the timeout to their places, where
    /// they stay after this process exits.
    ///
    /// They get the mark and the properties of the pending window, so a late window needs no
    /// further command.
    pub(super) fn keep_placeholders(&mut self, desktop: &Desktop) {
        let (plan, hide) = (self.setup.plan, self.setup.hide);
        let mut commands = Vec::new();
        let mut left = Vec::new();
        let mut labels = Vec::new();
        for &idx in &self.programs.expected {
            let is_missing = matches!(self.slots.get(&idx), Some(SlotState::GivenUp(_)));
            let waiting_mark = plan.waiting_mark(idx);
            let (true, Some(waiting), Some(place)) = (
                is_missing,
                desktop.tree.placeholder(&waiting_mark),
                desktop.tree.placeholder(&plan.place_mark(idx)),
            ) else {
                continue;
            };
            let (con, with) = (waiting.id, place.id);
            commands.push(Command::Swap { con, with });
            commands.extend(Command::change_mark(
                con,
                waiting_mark,
                plan.seat(idx).mark(),
            ));
            if let Some(planned) = attributes::of_slot(plan, idx) {
                let defaults = desktop.defaults;
                commands.extend(build::kept_commands(con, planned, place.floating, defaults));
            }
            left.extend(leftovers::removal(place, false));
            let title = || Some(label::text(plan, idx, hide));
            labels.extend(waiting.window.map(|window| (window, title())));
            self.tally.kept.push(idx);
        }
        commands.extend(left);
        self.remove(commands, &desktop.tree);
        self.label(labels);
        self.observe(Phase::Removing);
    }

    /// Removes the places that windows have replaced in the container of waiting placeholders.
    pub(super) fn remove_all_spent(&mut self, desktop: &Desktop) {
        self.append(vec![
            Piece::Layout(build::spent_box(desktop)),
            Piece::Command(Command::CollectSpent),
            Piece::Command(Command::KillSpent),
        ]);
    }

    /// The same, if there are any. This changes nothing that is compared with the plan, so the
    /// desktop need not be observed again.
    fn remove_spent(&mut self, desktop: Rc<Desktop>) -> Rc<Desktop> {
        if !desktop.tree.descendants().any(leftovers::is_spent) {
            return desktop;
        }
        self.remove_all_spent(&desktop);
        let mut desktop = Rc::unwrap_or_clone(desktop);
        leftovers::forget_spent(&mut desktop.tree);
        Rc::new(desktop)
    }

    /// Removes all remaining placeholders of this run.
    pub(super) fn remove_placeholders(&mut self, desktop: Rc<Desktop>) {
        let desktop = self.remove_spent(desktop);
        if self.clear(&desktop) {
            self.observe(Phase::Comparing);
        } else {
            self.compare(desktop);
        }
    }
}
