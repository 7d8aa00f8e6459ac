//! The list of saved layouts with their monitors.

use std::time::Duration;

use unicode_width::UnicodeWidthStr as _;

use super::Paint;
use super::history::since;
use super::outline::contents;
use super::words::clean;
use crate::layout::{Layout, Monitor};

/// A layout of the list.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its name.
    pub name: String,
    /// Its content; `None` if the file is invalid.
    pub layout: Option<&'a Layout>,
    /// True if it is for the connected monitors.
    pub fits: bool,
    /// True if some of its windows are open.
    pub is_current: bool,
    /// The time of the last change of its file, since 1970.
    pub changed: Option<Duration>,
}

/// A line for each layout: a `>` if it is on the desktop, a `*` if it is for the connected monitors,
/// its name, its age, its windows and workspaces, its monitors, and its profiles.
pub fn table(rows: &[Row<'_>], now: Duration, paint: Paint) -> String {
    let cells = rows.iter().map(|row| {
        let changed = row.changed.map(|changed| since(now, changed));
        let counts = row.layout.map(contents);
        [
            clean(&row.name),
            changed.unwrap_or_default(),
            counts.unwrap_or_default(),
        ]
    });
    let cells: Vec<[String; 3]> = cells.collect();
    let widths = [0, 1, 2].map(|column| {
        let widths = cells.iter().map(|row| row[column].width());
        widths.max().unwrap_or_default()
    });
    let lines = rows.iter().zip(&cells).map(|(row, cells)| {
        let current = if row.is_current { ">" } else { " " };
        let fits = if row.fits { "*" } else { " " };
        let marks = format!("{current}{fits}");
        let marks = if marks.trim().is_empty() {
            marks
        } else {
            paint.good(&marks)
        };
        let columns = cells.iter().zip(widths).map(|(cell, width)| {
            let gap = " ".repeat(width - cell.width());
            format!("{cell}{gap}")
        });
        let columns: Vec<String> = columns.collect();
        let monitors = row.layout.map_or_else(
            || paint.warning("invalid, see `i3pm-layout validate`"),
            monitors,
        );
        let line = format!("{marks} {}  {monitors}", columns.join("  "));
        format!("{}\n", line.trim_end())
    });
    lines.collect()
}

fn monitors(layout: &Layout) -> String {
    let monitors = layout.monitors.iter().map(monitor);
    let monitors = match monitors.collect::<Vec<_>>() {
        monitors if monitors.is_empty() => "any monitors".to_owned(),
        monitors => monitors.join(", "),
    };
    let profiles = layout.profiles.iter().map(|one| clean(&one.name));
    match profiles.collect::<Vec<_>>() {
        profiles if profiles.is_empty() => monitors,
        profiles => format!("{monitors}; profiles: {}", profiles.join(", ")),
    }
}

/// `DP-1 (DELL U2719D)`
fn monitor(monitor: &Monitor) -> String {
    let output = clean(&monitor.output);
    match &monitor.edid.model {
        Some(model) => format!("{output} ({})", clean(model)),
        None => output,
    }
}
