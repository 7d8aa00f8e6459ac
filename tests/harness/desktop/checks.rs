//! Checks and conditions of a desktop.

use serde_json::Value;

use super::super::compare::{self, Precision};
use super::super::tree::{self, Name};
use super::Desktop;

impl Desktop {
    /// Fails with a readable difference unless the desktop is the same as before.
    #[track_caller]
    pub(crate) fn assert_same_tree(&self, before: &Value) {
        self.sync();
        compare::assert_same_tree(before, &self.tree(), Precision::Exact, Name::Instance);
    }

    /// Waits until the window with this instance fills its slot of the layout `t`.
    #[track_caller]
    pub(crate) fn wait_until_filled(&self, slot: &str) {
        self.wait_until(&format!("a window fills the slot {slot}"), || {
            let arrangement = self.arrangement();
            let mut workspaces = arrangement.lines();
            let is_part = |letter: char| !letter.is_alphanumeric() && letter != '-';
            let is_shown = workspaces.any(|line| {
                !line.starts_with("scratchpad") && line.split(is_part).any(|word| word == slot)
            });
            let place = format!("_i3pm:place:t:{slot}");
            is_shown && tree::with_mark(&self.tree(), &place).is_none()
        });
    }

    /// Waits until a window has this in its title.
    #[track_caller]
    pub(crate) fn wait_for_title(&self, title: &str) {
        self.wait_until(&format!("a window has the title {title}"), || {
            self.tree_text_by(Name::Title).contains(title)
        });
    }

    /// Runs a command, such as `diff t`, with `--json`; it must succeed.
    #[track_caller]
    pub(crate) fn report(&self, command: &str) -> Value {
        let arguments = command.split(' ').chain(["--json"]);
        self.run(arguments).success().json()
    }

    /// Like [`Desktop::report`] for `apply`, with a layout and options such as `t --reuse all`.
    #[track_caller]
    pub(crate) fn apply(&self, layout: &str) -> Value {
        self.report(&format!("apply {layout}"))
    }

    /// Fails unless another apply sends no command and starts nothing. Options as in
    /// [`Desktop::apply`].
    #[track_caller]
    pub(crate) fn assert_idempotent(&self, layout: &str) {
        let starts = self.starts();
        let report = self.apply(layout);
        assert_eq!(report["commands"], 0, "{report:#}");
        assert_eq!(self.starts(), starts, "a program was started: {report:#}");
    }

    /// Fails if a run has left a placeholder, a mark or a workspace.
    #[track_caller]
    pub(crate) fn assert_no_traces(&self) {
        let tree = self.tree();
        let text = self.tree_text();
        assert_eq!(tree::trace(&tree), None, "left:\n{text}");
        let placeholders = tree::descendants(&tree)
            .into_iter()
            .filter(|con| tree::is_placeholder(con) && con["layout"] != "dockarea")
            .count();
        assert_eq!(placeholders, 0, "placeholders are left:\n{text}");
    }
}
