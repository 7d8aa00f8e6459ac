//! The list of saved layouts with their monitors.

use unicode_width::UnicodeWidthStr as _;

use super::Paint;
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
}

/// A line for each layout: a `*` if it is for the connected monitors, its name, its monitors, and its
/// profiles.
pub fn table(rows: &[Row<'_>], paint: Paint) -> String {
    let width = rows.iter().map(|row| clean(&row.name).width()).max();
    let lines = rows.iter().map(|row| {
        let name = clean(&row.name);
        let gap = " ".repeat(width.unwrap_or_default() - name.width());
        let mark = if row.fits {
            paint.good("*")
        } else {
            " ".to_owned()
        };
        let monitors = row.layout.map_or_else(
            || paint.warning("invalid, see `i3pm-layout validate`"),
            monitors,
        );
        let line = format!("{mark} {name}{gap}  {monitors}");
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
