//! Placeholders of pending windows: labels them, keeps them or removes them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::Run;
use crate::apply::ApplyError;
use crate::apply::build;
use crate::apply::label;
use crate::apply::leftovers::{self, Clear};
use crate::apply::report::Outcome;
use crate::compile::SlotIdx;
use crate::compile::append_json::Label;
use crate::diff::attributes;
use crate::live::{Con, Desktop, WorkspaceRef};
use crate::wm::command::Command;

/// The time after which the place of a pending window gets a label. Most windows open sooner, and a
/// short-lived label would only flicker.
const LABEL_DELAY: Duration = Duration::from_millis(400);

impl Run<'_, '_> {
    /// Labels the places of windows that take a while to open.
    ///
    /// i3 draws nothing for a place, so a placeholder that i3 does draw replaces it (i3's
    /// `src/restore_layout.c`). It is i3's own window and needs no process.
    pub(super) fn label(&mut self) -> Result<(), ApplyError> {
        let late: Vec<SlotIdx> = self
            .pending
            .iter()
            .filter(|(_, pending)| !pending.labelled && pending.since.elapsed() >= LABEL_DELAY)
            .map(|(&idx, _)| idx)
            .collect();
        if late.is_empty() {
            return Ok(());
        }
        for idx in &late {
            if let Some(pending) = self.pending.get_mut(idx) {
                pending.labelled = true;
            }
        }
        let desktop = self.observe()?;
        let places: BTreeMap<SlotIdx, &Con> = late
            .into_iter()
            .filter_map(|idx| {
                let mark = self.plan.place_mark(idx);
                let mut all = desktop.workspaces();
                Some((idx, all.find_map(|live| live.con.placeholder(&mark))?))
            })
            .filter(|(_, place)| place.window.is_none())
            .collect();
        let labels: Vec<Label> = places
            .iter()
            .map(|(&slot, place)| Label {
                slot,
                rect: place.rect,
                text: label::title_format(&label::text(self.plan, slot, self.world.hide)),
            })
            .collect();
        if labels.is_empty() {
            return Ok(());
        }
        self.append(&build::labels(self.plan, &labels, &desktop), Vec::new())?;
        // A label that i3 draws only when it becomes visible would take the focus.
        self.world.session.settle()?;
        let tree = self.world.session.observe_tree()?;
        let mut commands = Vec::new();
        let mut left = Vec::new();
        for (&idx, place) in &places {
            let mark = self.plan.label_mark(idx);
            let label = tree.placeholder(&mark);
            let waiting = tree.placeholder(&self.plan.waiting_mark(idx));
            // i3 may create both as urgent, including the one that waits in the scratchpad.
            for con in label.into_iter().chain(waiting) {
                if let Some(window) = con.window {
                    self.world.session.label(window, None)?;
                }
            }
            // A window may have gone into the focused place meanwhile.
            let is_free = tree.find(place.id).is_some_and(Con::is_placeholder);
            let Some(label) = label.filter(|_| is_free) else {
                continue;
            };
            let (con, with) = (label.id, place.id);
            commands.push(Command::Swap { con, with });
            commands.extend(Command::change_mark(con, mark, self.plan.place_mark(idx)));
            left.push(Command::KillPlaceholder(with));
        }
        commands.extend(left);
        self.send(&commands)
    }

    /// Appends a layout, and sends the commands that follow in the same message.
    pub(super) fn append(
        &mut self,
        document: &Value,
        then: Vec<Command>,
    ) -> Result<(), ApplyError> {
        let layouts = self.runtime.write_layouts(&[document])?;
        let files = layouts.files.iter().cloned();
        let commands: Vec<Command> = files.map(Command::AppendLayout).chain(then).collect();
        self.send(&commands)
    }

    /// Moves the waiting placeholders of windows that missed the timeout to their places, where
    /// they stay after this process exits.
    ///
    /// They get the mark and the properties of the pending window, so a late window needs no
    /// further command.
    pub(super) fn keep_placeholders(
        &mut self,
        expected: &BTreeSet<SlotIdx>,
    ) -> Result<(), ApplyError> {
        let desktop = self.observe()?;
        let mut commands = Vec::new();
        let mut left = Vec::new();
        let mut titles = Vec::new();
        for &idx in expected {
            let is_missing = self.outcomes.get(&idx).is_some_and(Outcome::is_empty);
            let waiting_mark = self.plan.waiting_mark(idx);
            let (true, Some(waiting), Some(place)) = (
                is_missing,
                desktop.tree.placeholder(&waiting_mark),
                desktop.tree.placeholder(&self.plan.place_mark(idx)),
            ) else {
                continue;
            };
            let (con, with) = (waiting.id, place.id);
            commands.push(Command::Swap { con, with });
            let mark = self.plan.seat(idx).mark();
            commands.extend(Command::change_mark(con, waiting_mark, mark));
            if let Some(planned) = attributes::of_slot(self.plan, idx) {
                commands.extend(build::kept_commands(
                    con,
                    planned,
                    place.floating,
                    desktop.defaults,
                ));
            }
            left.extend(leftovers::removal(place, false));
            titles.extend(
                waiting
                    .window
                    .map(|window| (window, label::text(self.plan, idx, self.world.hide))),
            );
            self.kept.push(idx);
        }
        commands.extend(left);
        self.send_seen(&commands, &desktop.tree)?;
        for (window, title) in titles {
            self.world.session.label(window, Some(&title))?;
        }
        Ok(())
    }

    /// Removes all remaining placeholders of this run.
    pub(super) fn remove_placeholders(&mut self) -> Result<(), ApplyError> {
        let desktop = self.observe()?;
        self.clear(&desktop)?;
        Ok(())
    }

    pub(super) fn clear_leftovers(&mut self) -> Result<Desktop, ApplyError> {
        let desktop = self.observe()?;
        if self.clear(&desktop)? {
            return self.observe();
        }
        Ok(desktop)
    }

    /// Leaves the temporary workspaces that are still visible: one that is alone on its output
    /// stays, under a name of the user's kind.
    pub(super) fn leave_temporary_workspaces(
        &mut self,
        desktop: &Desktop,
    ) -> Result<(), ApplyError> {
        let is_temporary = |workspace: WorkspaceRef| leftovers::is_temporary_name(workspace.con);
        if desktop.workspaces().any(is_temporary) {
            self.clear(desktop)?;
        }
        Ok(())
    }

    /// Removes the leftovers of a run. Returns true if there were any.
    fn clear(&mut self, desktop: &Desktop) -> Result<bool, ApplyError> {
        let commands = leftovers::commands(desktop, Clear::Run);
        if commands.is_empty() {
            return Ok(false);
        }
        self.send_seen(&commands, &desktop.tree)?;
        Ok(true)
    }
}
