//! A scene: monitors, workspaces, windows and headers as rectangles with labels.

use serde::{Serialize, Serializer};

use crate::diff::{Difference, Kind};
use crate::geometry::Rect;

/// A layout or a desktop as rectangles. All texts are free of control characters and secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scene {
    /// The monitors, from left to right, then from top to bottom.
    pub monitors: Vec<Monitor>,
    /// The workspaces, then the scratchpad if it has windows.
    pub panels: Vec<Panel>,
}

/// A monitor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Monitor {
    /// Its name, such as `eDP-1`.
    pub name: String,
    /// Its rect on the X screen, in pixels.
    #[serde(serialize_with = "notation")]
    pub rect: Rect,
    /// True for the primary monitor.
    pub primary: bool,
    /// True if neither the layout nor a desktop has a monitor, and a usual size is assumed.
    pub assumed: bool,
}

/// A workspace or the scratchpad.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
    /// The name of the workspace; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// The position of its monitor in [`Scene::monitors`].
    #[serde(skip)]
    pub monitor: usize,
    /// True if its monitor shows it.
    pub visible: bool,
    /// True for the workspace that has the focus.
    pub focused: bool,
    /// The space of its rects: that of its monitor, in pixels of the X screen or in cells.
    #[serde(serialize_with = "notation")]
    pub rect: Rect,
    /// Its windows and headers, back to front.
    pub panes: Vec<Pane>,
    /// The number of windows behind a fullscreen window.
    pub covered: usize,
    /// The difference of the workspace itself, such as its output or its arrangement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

impl Panel {
    /// The scratchpad, with these panes in the space of its monitor: see [`Panel::rect`].
    pub(super) const fn scratchpad(monitor: usize, rect: Rect, panes: Vec<Pane>) -> Self {
        Self {
            workspace: None,
            monitor,
            visible: false,
            focused: false,
            rect,
            panes,
            covered: 0,
            change: None,
        }
    }
}

/// A window, or the header of a window or container in a list of tabs or a stack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pane {
    /// Its frame with title bar and borders, in the space of the panel.
    #[serde(serialize_with = "notation")]
    pub rect: Rect,
    /// The slot or the title of the window; for a header of a container, all of its windows.
    pub label: String,
    /// The name of its program, by which panes are coloured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// More about it, the most important first.
    pub details: Vec<String>,
    /// Everything about it, in several lines.
    #[serde(skip)]
    pub tooltip: String,
    /// For a header, true if its window is in front. `None` for a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// The height of its own title bar.
    pub title: u32,
    /// The width of its border.
    pub border: u32,
    /// The level above the tiling windows, which are on level 0.
    pub level: usize,
    /// True if it has the focus of its workspace.
    pub focused: bool,
    /// Its difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A difference between a layout and the desktop, the most important last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Its place, size or another attribute differs.
    Changed,
    /// The window is not in the layout.
    Extra,
    /// The slot has no window.
    Missing,
}

/// The shares of a window along both axes, 0 to 1; `None` if nothing is beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// The share of the width.
    pub width: Option<f64>,
    /// The share of the height.
    pub height: Option<f64>,
}

impl Monitor {
    /// Its rect and role: `1920x1080+0+0, primary`.
    pub fn about(&self) -> String {
        let role = match self {
            Self { assumed: true, .. } => ", assumed",
            Self { primary: true, .. } => ", primary",
            _ => "",
        };
        format!("{}{role}", self.rect)
    }
}

impl Change {
    /// The change that a difference marks.
    pub const fn of(difference: &Difference) -> Self {
        match difference.kind {
            Kind::Missing => Self::Missing,
            Kind::Extra { .. } => Self::Extra,
            _ => Self::Changed,
        }
    }

    /// The sign before a label, for pictures without colours; as in `diff`.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Changed => "~ ",
            Self::Extra => "+ ",
            Self::Missing => "- ",
        }
    }
}

impl Shares {
    /// The shares for people: `60 % wide`, or width and height: `60 % × 50 %`.
    pub fn text(self) -> Option<String> {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        match (self.width.map(percent), self.height.map(percent)) {
            (Some(width), Some(height)) => Some(format!("{width} × {height}")),
            (Some(width), None) => Some(format!("{width} wide")),
            (None, Some(height)) => Some(format!("{height} high")),
            (None, None) => None,
        }
    }
}

impl Scene {
    /// The names of all programs, in the order of their first window.
    pub fn programs(&self) -> Vec<&str> {
        let panes = self.panels.iter().flat_map(|panel| &panel.panes);
        let mut programs = Vec::new();
        for program in panes.filter_map(|pane| pane.program.as_deref()) {
            if !programs.contains(&program) {
                programs.push(program);
            }
        }
        programs
    }

    /// The monitor of a panel.
    pub fn monitor(&self, panel: &Panel) -> Option<&Monitor> {
        self.monitors.get(panel.monitor)
    }
}

impl Panel {
    /// True if the workspace or anything on it differs.
    pub fn differs(&self) -> bool {
        self.change.is_some() || self.panes.iter().any(|pane| pane.change.is_some())
    }

    /// The heading: the name, the state and the number of covered windows.
    pub fn heading(&self) -> (&str, String) {
        let name = self.workspace.as_deref().unwrap_or("scratchpad");
        let mut about = Vec::new();
        if self.workspace.is_some() {
            about.extend(self.visible.then_some("visible".to_owned()));
            about.extend(self.focused.then_some("focused".to_owned()));
        } else {
            about.push("hidden windows".to_owned());
        }
        if self.panes.is_empty() {
            about.push("no windows".to_owned());
        }
        match self.covered {
            0 => {}
            1 => about.push("fullscreen in front of 1 window".to_owned()),
            more => about.push(format!("fullscreen in front of {more} windows")),
        }
        (name, about.join(", "))
    }

    /// The part of a pane that no pane on a higher level covers, with the most space for text.
    pub fn free_part(&self, pane: &Pane, inner: Rect) -> Rect {
        let above = self.panes.iter().filter(|other| other.level > pane.level);
        above.fold(inner, |free, other| largest_rest(free, other.rect))
    }
}

/// The largest part of a rect beside another one.
fn largest_rest(rect: Rect, cover: Rect) -> Rect {
    let (left, top) = (i64::from(rect.x), i64::from(rect.y));
    let (right, bottom) = (left + i64::from(rect.width), top + i64::from(rect.height));
    let (cover_left, cover_top) = (i64::from(cover.x), i64::from(cover.y));
    let (cover_right, cover_bottom) = (
        cover_left + i64::from(cover.width),
        cover_top + i64::from(cover.height),
    );
    if cover_left >= right || cover_right <= left || cover_top >= bottom || cover_bottom <= top {
        return rect;
    }
    let part = |left: i64, top: i64, right: i64, bottom: i64| Rect {
        x: i32::try_from(left).unwrap_or(rect.x),
        y: i32::try_from(top).unwrap_or(rect.y),
        width: u32::try_from(right - left).unwrap_or_default(),
        height: u32::try_from(bottom - top).unwrap_or_default(),
    };
    let parts = [
        part(left, top, right, cover_top.min(bottom)),
        part(left, top, cover_left.min(right), bottom),
        part(cover_right.max(left), top, right, bottom),
        part(left, cover_bottom.max(top), right, bottom),
    ];
    let area = |part: &Rect| u64::from(part.width) * u64::from(part.height);
    // A label at the top is found first.
    let [above, ..] = parts;
    let best = parts.into_iter().rev().max_by_key(area).unwrap_or(rect);
    if area(&above).saturating_mul(3) >= area(&best) {
        above
    } else {
        best
    }
}

/// A rect as `WIDTHxHEIGHT+X+Y`.
fn notation<S: Serializer>(rect: &Rect, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(rect)
}
