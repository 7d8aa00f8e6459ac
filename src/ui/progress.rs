//! How far a run is, on a terminal.

use std::collections::BTreeSet;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Ui;
use super::report;
use super::words::{Count, clean};
use crate::apply::{Progress, SlotReport, Stand};

/// A line that is drawn over and over, and gone in the end. What has failed stands
/// above it, and stays.
#[derive(Debug)]
pub struct Live {
    ui: Ui,
    bar: ProgressBar,
    layout: String,
    told: Option<BTreeSet<String>>,
}

impl Live {
    /// A line for the layout; draws nothing where there is no terminal. What fails is
    /// only said if `speaks`.
    pub fn new(ui: Ui, layout: &str, speaks: bool) -> Self {
        let layout = clean(layout);
        let told = speaks.then(BTreeSet::new);
        if !ui.draws() {
            let bar = ProgressBar::hidden();
            return Self {
                ui,
                bar,
                layout,
                told,
            };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // The template is a constant; a wrong one would only look plain.
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self {
            ui,
            bar,
            layout,
            told,
        }
    }

    /// Ends the line; the slots of which all has been said.
    pub fn finish(mut self) -> BTreeSet<String> {
        self.told.take().unwrap_or_default()
    }
}

impl Progress for Live {
    fn update(&mut self, stand: Stand<'_>) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_message(message(&self.layout, stand));
    }

    fn gave_up(&mut self, slot: &SlotReport) {
        let Some(told) = &mut self.told else { return };
        let text = report::slot(slot, self.ui.paint_err());
        self.bar.suspend(|| self.ui.say(&text));
        told.insert(slot.slot.clone());
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn message(layout: &str, stand: Stand<'_>) -> String {
    let (filled, total) = (stand.filled, Count(stand.total, "slot"));
    let seconds = stand.elapsed.as_secs_f64();
    let waiting = stand.waiting.map_or_else(String::new, |slot| {
        format!(", waiting for `{}`", clean(slot))
    });
    format!("{layout}: {filled} of {total}{waiting}, {seconds:.1} s")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_says_how_far_it_is_and_what_is_waited_for() {
        let mut stand = Stand {
            filled: 8,
            total: 9,
            waiting: Some("editor"),
            elapsed: Duration::from_millis(1240),
        };
        assert_eq!(
            message("daily", stand),
            "daily: 8 of 9 slots, waiting for `editor`, 1.2 s"
        );
        stand.waiting = None;
        assert_eq!(message("daily", stand), "daily: 8 of 9 slots, 1.2 s");
    }
}
