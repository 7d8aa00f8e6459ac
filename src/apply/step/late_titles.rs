//! Waits for titles that rules of the i3 config wait for, too.
//!
//! A `for_window` rule on a title moves a window when the title comes, which may be seconds after
//! the window opened. i3 runs each rule once per window, so a run that waits for the title can
//! still repair the place.

use std::time::Duration;

use crate::apply::action::Action;
use crate::apply::causes::later_rules;
use crate::apply::report::Note;
use crate::apply::state::{Phase, State};
use crate::compile::SlotIdx;
use crate::live::{ConId, Desktop};
use crate::wm::{WindowConfig, WindowRule};

/// The maximum time to wait for such titles after all windows have opened.
const PATIENCE: Duration = Duration::from_secs(5);

/// The config was asked for, and its answer comes first.
pub(super) struct Asked;

impl State<'_> {
    pub(super) fn has_late_title(&self, con: ConId) -> bool {
        self.titles
            .late
            .iter()
            .any(|(_, waiting, _)| *waiting == con)
    }

    /// The end of the wait for titles; `None` if no title is pending or the time is over.
    pub(super) fn title_deadline(&mut self) -> Result<Option<Duration>, Asked> {
        if self.titles.config.is_none() && self.has_titles() {
            self.phase = Phase::Waiting;
            self.actions.push(Action::ReadConfig);
            return Err(Asked);
        }
        if self.titles.late.is_empty() {
            return Ok(None);
        }
        let until = *self.titles.complete_since.get_or_insert(self.now) + PATIENCE;
        if self.now < until {
            return Ok(Some(until));
        }
        for (idx, _, line) in std::mem::take(&mut self.titles.late) {
            let title = self.setup.plan.slot(idx).seen.title.clone();
            let title = title.unwrap_or_default();
            let notes = self.tally.notes.entry(idx).or_default();
            notes.push(Note::LaterRule { title, line });
        }
        Ok(None)
    }

    /// True if the layout knows the title of a window that has opened.
    fn has_titles(&self) -> bool {
        let mut placed = self.placed();
        placed.any(|(idx, _)| self.setup.plan.slot(idx).seen.title.is_some())
    }

    /// The config is known. Most have no rule on a title, so nothing has to be observed.
    pub(super) fn has_config(&mut self, config: WindowConfig) {
        let has_rule = config.rules.iter().any(WindowRule::has_title);
        self.titles.config = Some(config);
        if has_rule {
            self.observe(Phase::Waiting);
        } else {
            self.go_on_waiting();
        }
    }

    /// Finds the windows with a title that a rule will match.
    pub(super) fn find_late_titles(&mut self, desktop: &Desktop) {
        if let Some(config) = &self.titles.config {
            self.titles.late = self.late_titles(config, desktop);
        }
    }

    fn late_titles(
        &self,
        config: &WindowConfig,
        desktop: &Desktop,
    ) -> Vec<(SlotIdx, ConId, String)> {
        let plan = self.setup.plan;
        let late = self.placed().filter_map(|(idx, placed)| {
            let id = placed.placement.con;
            let properties = desktop.tree.find(id)?.properties.as_ref()?;
            let rules = later_rules(config, plan, idx, properties);
            Some((idx, id, rules.first()?.line.clone()))
        });
        late.collect()
    }
}
