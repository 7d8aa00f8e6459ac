//! A round: builds the workspaces that differ, and starts programs in the first one.

use super::expected::other_windows;
use crate::apply::action::{Action, Failure};
use crate::apply::build::{self, Build, Mode};
use crate::apply::report::Aside;
use crate::apply::state::{Look, Phase, State};
use crate::compile::SlotIdx;
use crate::live::{Con, ConId, Desktop};
use crate::wm::command::Command;

impl State<'_> {
    /// Builds the workspaces that differ. The first round also starts the programs.
    ///
    /// Programs take longer to open a window than i3 takes to build the workspaces, so they start
    /// as soon as the placeholders wait for their windows. No placeholder with criteria is appended
    /// while programs start: a window that opens at that moment would be destroyed (see
    /// `docs/i3-facts.md`).
    pub(super) fn round(&mut self, look: Look) {
        let (plan, options) = (self.setup.plan, self.setup.options);
        let is_first = self.desk.round == 0;
        let waits = is_first && !self.programs.expected.is_empty();
        let expected = &self.programs.expected;
        let is_expected = |idx: SlotIdx| waits && expected.contains(&idx);
        let (assignment, found) = (&look.assignment, &look.differences);
        let mode = options.mode;
        let mut build = build::build(plan, &look.desktop, assignment, found, &is_expected, mode);
        if waits && !self.programs.starting.is_empty() && !options.keep_placeholders {
            // The windows are moved in from where i3 puts them.
            build.waiting_json = None;
        }
        self.note_aside(&build, &look.desktop);
        if is_first && mode == Mode::Close {
            let windows: Vec<_> = other_windows(found).map(Command::CloseWindow).collect();
            self.tally.closed += windows.len();
            self.send(windows);
        }
        if waits {
            // Until the end, because a window in its slot may be closed again.
            self.actions.push(Action::Subscribe);
            if let Some(pieces) = build.waiting_message() {
                self.append(pieces);
            }
            self.start_programs();
        }
        self.desk.has_built = !build.is_empty();
        if self.desk.has_built {
            let message = build.message(&look.desktop);
            if !message.is_empty() {
                self.append(message);
            }
            let then = if waits {
                Phase::Showing
            } else {
                Phase::Comparing
            };
            self.phase = Phase::Building {
                build: Box::new(build),
                before: look.desktop,
                then: Box::new(then),
            };
            self.actions.push(Action::ReadTree);
        } else if waits {
            self.observe(Phase::Showing);
        } else {
            self.repair(look);
        }
    }

    /// Swaps the open windows into the new workspaces, and shows them.
    pub(super) fn adopt(&mut self, build: &Build, before: &Desktop, tree: &Con, then: Phase) {
        let plan = self.setup.plan;
        let marks = build.expected_marks(plan).into_iter();
        let missing = marks
            .filter(|mark| tree.placeholder(mark).is_none())
            .count();
        if missing > 0 {
            let names = build.workspaces.iter();
            let workspaces = names.map(|build| build.planned.name.clone()).collect();
            self.actions.push(Action::Fail(Failure::NotBuilt {
                workspaces,
                missing,
            }));
            return;
        }
        // The focus on a window of a slot is compared like everything else.
        let mut workspaces = build.workspaces.iter();
        let focused = build.focused_window(before, tree);
        let mut is_slot =
            |con: ConId| workspaces.any(|one| one.adopted.iter().any(|(_, own)| *own == con));
        self.attention.lend(focused.filter(|con| !is_slot(*con)));
        self.remove(build.adopt_commands(plan, before, tree), tree);
        self.observe(then);
    }

    fn note_aside(&mut self, build: &Build, desktop: &Desktop) {
        let old = build.workspaces.iter().filter_map(|one| one.old.as_ref());
        let aside = old.filter(|old| old.aside > 0).map(|old| {
            let live = desktop.tree.find(old.con);
            Aside {
                workspace: live.map_or("", Con::name).to_owned(),
                to: old.name.clone(),
            }
        });
        self.tally.aside.extend(aside);
    }
}
