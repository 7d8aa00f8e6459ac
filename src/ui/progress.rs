//! The progress of a run on a terminal.

use std::collections::BTreeSet;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Ui;
use super::notify::{self, Notices};
use super::report;
use super::words::{Count, clean};
use crate::apply::{Listener, Progress, SlotReport};

/// A line that is redrawn during a run and removed at the end. Failed slots are printed
/// above it.
#[derive(Debug)]
pub struct Live {
    ui: Ui,
    bar: ProgressBar,
    layout: String,
    /// The slots that were reported; `None` if slots are not reported.
    reported: Option<BTreeSet<String>>,
    notice: Option<Notice>,
}

/// The notification about a run.
#[derive(Debug)]
struct Notice {
    progress: notify::Progress,
    /// The line that it shows.
    shown: Option<String>,
}

/// A run that takes no longer than this needs no notification about its progress.
const SHORT: Duration = Duration::from_secs(1);

impl Live {
    /// Shows the progress of the layout if there is a terminal. With `reports`, prints
    /// slots that fail.
    pub fn new(ui: Ui, layout: &str, reports: bool, notices: Option<&Notices>) -> Self {
        let bar = if ui.draws() {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        // The template is a constant; an invalid one would only look plain.
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self {
            ui,
            bar,
            layout: clean(layout),
            reported: reports.then(BTreeSet::new),
            notice: notices.map(|notices| Notice {
                progress: notices.progress(),
                shown: None,
            }),
        }
    }

    /// Removes the line. Returns the slots that were reported.
    pub fn finish(mut self) -> BTreeSet<String> {
        self.reported.take().unwrap_or_default()
    }
}

impl Listener for Live {
    fn update(&mut self, progress: Progress<'_>) {
        if let Some(notice) = &mut self.notice {
            notice.update(&self.layout, progress);
        }
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_message(message(&self.layout, progress));
    }

    fn gave_up(&mut self, slot: &SlotReport) {
        let Some(reported) = &mut self.reported else {
            return;
        };
        let text = report::slot(slot, self.ui.paint_err());
        self.bar.suspend(|| self.ui.say(&text));
        reported.insert(slot.slot.clone());
    }
}

impl Notice {
    /// Shows what the run waits for. The time alone is no reason to draw a notification again.
    fn update(&mut self, layout: &str, progress: Progress<'_>) {
        if progress.elapsed < SHORT || progress.waiting.is_none() {
            return;
        }
        let line = state(layout, progress);
        if self.shown.as_ref() != Some(&line) {
            self.progress.show(&line);
            self.shown = Some(line);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn message(layout: &str, progress: Progress<'_>) -> String {
    let seconds = progress.elapsed.as_secs_f64();
    format!("{}, {seconds:.1} s", state(layout, progress))
}

fn state(layout: &str, progress: Progress<'_>) -> String {
    let (filled, total) = (progress.filled, Count(progress.total, "slot"));
    let waiting = progress.waiting.map_or_else(String::new, |slot| {
        format!(", waiting for `{}`", clean(slot))
    });
    format!("{layout}: {filled} of {total}{waiting}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_shows_filled_slots_and_the_pending_one() {
        let mut progress = Progress {
            filled: 8,
            total: 9,
            waiting: Some("editor"),
            elapsed: Duration::from_millis(1240),
        };
        assert_eq!(
            message("daily", progress),
            "daily: 8 of 9 slots, waiting for `editor`, 1.2 s"
        );
        progress.waiting = None;
        assert_eq!(message("daily", progress), "daily: 8 of 9 slots, 1.2 s");
    }
}
