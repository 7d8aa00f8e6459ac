//! The evidence that a present output is a monitor of the file.

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::layout::Monitor;
use crate::live::{Kinship, Output, same_output};

/// A reason why an output takes the place of a monitor, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The same monitor: make, model and serial number are equal.
    Edid,
    /// The same output name. The monitor is not known to be of another model.
    Name,
    /// The same make and model.
    Model,
    /// The same output name, with a monitor of another model.
    Connector,
    /// Both are built into a laptop, or neither is.
    Kind,
    /// The same size in pixels.
    Size,
    /// The same physical size.
    PhysicalSize,
    /// About the same place among all monitors.
    Position,
    /// Both are the primary monitor.
    Primary,
}

impl Evidence {
    /// All evidence, the strongest first.
    pub(super) const ALL: [Self; 9] = [
        Self::Edid,
        Self::Name,
        Self::Model,
        Self::Connector,
        Self::Kind,
        Self::Size,
        Self::PhysicalSize,
        Self::Position,
        Self::Primary,
    ];

    /// True if the output is the monitor, and not another one in its place.
    pub const fn is_own(self) -> bool {
        matches!(
            self,
            Self::Edid | Self::Name | Self::Model | Self::Connector
        )
    }
}

/// The best value of [`Pair::closeness`].
pub(super) const CLOSEST: u32 = 1000;

/// Two places are about the same from this closeness on.
const CLOSE: u32 = 950;

/// The difference of two physical sizes that is a rounding, in millimetres: many monitors only know
/// centimetres.
const ROUNDING: u32 = 5;

/// The evidence for a monitor and an output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pair {
    /// The reasons, the strongest first.
    pub(super) evidence: Vec<Evidence>,
    /// The closeness of their places among all monitors, from 0 to [`CLOSEST`].
    pub(super) closeness: u32,
}

/// Compares a monitor of the file with an output. `saved_desk` and `present_desk` are the bounds of
/// all monitors.
pub(super) fn compare(
    saved: &Monitor,
    saved_desk: Rect,
    output: &Output,
    present_desk: Rect,
) -> Pair {
    let kinship = saved.edid.kinship(&output.edid);
    let has_name = same_output(&saved.output, &output.name);
    let closeness = closeness(saved.rect, saved_desk, output.rect, present_desk);
    let same_physical_size = match (saved.edid.size_mm, output.edid.size_mm) {
        (Some(one), Some(other)) => {
            one.width.abs_diff(other.width) <= ROUNDING
                && one.height.abs_diff(other.height) <= ROUNDING
        }
        _ => false,
    };
    let holds = |evidence: &Evidence| match evidence {
        Evidence::Edid => kinship == Kinship::Same,
        Evidence::Name => has_name && kinship != Kinship::Other,
        Evidence::Model => kinship == Kinship::Model,
        Evidence::Connector => has_name && kinship == Kinship::Other,
        Evidence::Kind => is_built_in(&saved.output) == is_built_in(&output.name),
        Evidence::Size => super::same_size(saved.rect, output.rect),
        Evidence::PhysicalSize => same_physical_size,
        Evidence::Position => closeness >= CLOSE,
        Evidence::Primary => saved.primary && output.primary,
    };
    Pair {
        evidence: Evidence::ALL.into_iter().filter(holds).collect(),
        closeness,
    }
}

/// The pair of an output with this name and a monitor of which nothing else is known.
pub(super) fn by_name_alone(name: &str, output: &Output) -> Pair {
    Pair {
        evidence: same_output(name, &output.name)
            .then_some(Evidence::Name)
            .into_iter()
            .collect(),
        closeness: 0,
    }
}

/// True for the panel of a laptop (names of the kernel's `drm_connector.c`).
fn is_built_in(name: &str) -> bool {
    ["eDP", "LVDS", "DSI"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// The smallest rectangle around all of these.
pub(super) fn bounds(rects: impl Iterator<Item = Rect>) -> Rect {
    let edges = rects.map(|rect| {
        let (x, y) = (i64::from(rect.x), i64::from(rect.y));
        (x, y, x + i64::from(rect.width), y + i64::from(rect.height))
    });
    let all = edges.reduce(|one, other| {
        let (left, top) = (one.0.min(other.0), one.1.min(other.1));
        (left, top, one.2.max(other.2), one.3.max(other.3))
    });
    let Some((left, top, right, bottom)) = all else {
        return Rect::default();
    };
    let (start, size) = (
        |edge: i64| i32::try_from(edge).unwrap_or_default(),
        |size: i64| u32::try_from(size).unwrap_or_default(),
    );
    Rect::new(
        start(left),
        start(top),
        size(right - left),
        size(bottom - top),
    )
}

/// The closeness of the centers of two monitors, each relative to its desk.
///
/// The distance is squared, so that the order from left to right is kept if all monitors have moved.
fn closeness(one: Rect, of_one: Rect, other: Rect, of_other: Rect) -> u32 {
    // In thousandths of the desk.
    let axis = |start: i32, size: u32, desk_start: i32, desk: u32| {
        let center = 2 * (i64::from(start) - i64::from(desk_start)) + i64::from(size);
        center * i64::from(CLOSEST) / (2 * i64::from(desk.max(1)))
    };
    let center = |rect: Rect, desk: Rect| {
        let x = axis(rect.x, rect.width, desk.x, desk.width);
        (x, axis(rect.y, rect.height, desk.y, desk.height))
    };
    let ((x, y), (other_x, other_y)) = (center(one, of_one), center(other, of_other));
    let (across, down) = ((x - other_x).abs(), (y - other_y).abs());
    let distance = (across * across + down * down) / (2 * i64::from(CLOSEST));
    CLOSEST.saturating_sub(u32::try_from(distance).unwrap_or(CLOSEST))
}
