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

impl State<'_> {
    pub(super) fn has_late_title(&self, con: ConId) -> bool {
        self.titles
            .late
            .iter()
            .any(|(_, waiting, _)| *waiting == con)
    }

    /// Asks for the i3 config if the layout knows a title of a window of this run. Returns true if
    /// it has asked. Programs are still loading at the first wait, so this costs no time.
    pub(super) fn asks_for_config(&mut self) -> bool {
        let asks = self.titles.config.is_none() && self.has_titles();
        if asks {
            self.phase = Phase::Waiting;
            self.actions.push(Action::ReadConfig);
        }
        asks
    }

    /// The end of the wait for titles; `None` if no title is pending or the time is over.
    pub(super) fn title_deadline(&mut self) -> Option<Duration> {
        if self.titles.late.is_empty() {
            return None;
        }
        let until = *self.titles.complete_since.get_or_insert(self.now) + PATIENCE;
        if self.now < until {
            return Some(until);
        }
        for (idx, _, line) in std::mem::take(&mut self.titles.late) {
            let title = self.setup.plan.slot(idx).seen.title.clone();
            let title = title.unwrap_or_default();
            let notes = self.tally.notes.entry(idx).or_default();
            notes.push(Note::LaterRule { title, line });
        }
        None
    }

    fn has_titles(&self) -> bool {
        let pending = self.pending().map(|(idx, _)| idx);
        let mut slots = pending.chain(self.placed().map(|(idx, _)| idx));
        slots.any(|idx| self.setup.plan.slot(idx).seen.title.is_some())
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
