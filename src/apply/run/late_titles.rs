//! Waits for titles that rules of the i3 config wait for, too.
//!
//! A `for_window` rule on a title moves a window when the title comes, which may be seconds after
//! the window opened. i3 runs each rule once per window, so a run that waits for the title can
//! still repair the place.
#![expect(clippy::disallowed_methods, reason = "the run looks at the clock")]

use std::time::{Duration, Instant};

use super::Run;
use crate::apply::ApplyError;
use crate::apply::causes::later_rules;
use crate::apply::report::Note;
use crate::compile::SlotIdx;
use crate::live::ConId;
use crate::wm::{WindowConfig, WindowRule};

/// The maximum time to wait for such titles after all windows have opened.
const PATIENCE: Duration = Duration::from_secs(5);

/// The windows with a title that a rule will match.
#[derive(Default)]
pub(super) struct LateTitles {
    /// The rules, once they were read.
    config: Option<WindowConfig>,
    /// The windows, with their slots and the lines of the rules.
    waiting: Vec<(SlotIdx, ConId, String)>,
    /// True if `waiting` is up to date.
    is_current: bool,
}

impl LateTitles {
    /// A title has changed, or a window has opened.
    pub(super) fn changed(&mut self) {
        self.is_current = false;
    }

    pub(super) fn waits_for(&self, con: ConId) -> bool {
        self.waiting.iter().any(|(_, waiting, _)| *waiting == con)
    }
}

impl Run<'_, '_> {
    /// The end of the wait for titles; `None` if no title is pending or the time is over.
    pub(super) fn title_deadline(&mut self) -> Result<Option<Instant>, ApplyError> {
        if !self.late_titles.is_current {
            self.find_late_titles()?;
        }
        if self.late_titles.waiting.is_empty() {
            return Ok(None);
        }
        let now = Instant::now();
        let until = *self.complete_since.get_or_insert(now) + PATIENCE;
        if now < until {
            return Ok(Some(until));
        }
        for (idx, _, line) in std::mem::take(&mut self.late_titles.waiting) {
            let title = self.plan.slot(idx).seen.title.clone().unwrap_or_default();
            let notes = self.notes.entry(idx).or_default();
            notes.push(Note::LaterRule { title, line });
        }
        Ok(None)
    }

    fn find_late_titles(&mut self) -> Result<(), ApplyError> {
        self.late_titles.is_current = true;
        self.late_titles.waiting.clear();
        let has_title = |idx: SlotIdx| self.plan.slot(idx).seen.title.is_some();
        let placed = self.placed.iter();
        let placed: Vec<(SlotIdx, ConId)> = placed
            .filter(|(idx, _)| has_title(**idx))
            .map(|(&idx, (placement, _))| (idx, placement.con))
            .collect();
        if placed.is_empty() {
            return Ok(());
        }
        let config = match self.late_titles.config.take() {
            Some(config) => config,
            None => self.world.session.wm().window_config()?,
        };
        // Most configs have no rule on a title, so nothing has to be observed.
        if config.rules.iter().any(WindowRule::has_title) {
            let desktop = self.observe()?;
            for (idx, id) in placed {
                let con = desktop.tree.find(id);
                let Some(properties) = con.and_then(|con| con.properties.as_ref()) else {
                    continue;
                };
                let rules = later_rules(&config, self.plan, idx, properties);
                if let Some(rule) = rules.first() {
                    self.late_titles.waiting.push((idx, id, rule.line.clone()));
                }
            }
        }
        self.late_titles.config = Some(config);
        Ok(())
    }
}
