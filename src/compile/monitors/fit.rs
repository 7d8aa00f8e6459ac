//! Fits floating windows onto other monitors.

use super::same_size;
use crate::geometry::Rect;

/// The rect on the monitor `to` for a floating window that was at `rect` on a monitor of the
/// size `from`; both rects are relative to their monitor.
///
/// On a monitor of the same size nothing changes. Otherwise the center of the window keeps
/// its relative place, the window shrinks if it is larger than the monitor, and all of it is
/// on the monitor.
pub fn fit(rect: Rect, from: Option<Rect>, to: Rect) -> Rect {
    if from.is_some_and(|from| same_size(from, to)) {
        return rect;
    }
    let from = from.unwrap_or(to);
    let axis = |start: i32, size: u32, from: u32, to: u32| -> (i32, u32) {
        let size = size.min(to);
        let (from, to) = (i64::from(from.max(1)), i64::from(to));
        let middle = (i64::from(start) + i64::from(size) / 2) * to / from;
        let start = (middle - i64::from(size) / 2).clamp(0, to - i64::from(size));
        (i32::try_from(start).unwrap_or_default(), size)
    };
    let (x, width) = axis(rect.x, rect.width, from.width, to.width);
    let (y, height) = axis(rect.y, rect.height, from.height, to.height);
    Rect::new(x, y, width, height)
}

/// The place on the screen for a floating window that was at `rect`, relative to the monitor `from`
/// among the monitors `saved`. It is now for the monitor `to` among `present`.
///
/// All of it is on the screen. The exception is a window that hung over the edge of the screen when
/// it was saved: if its monitor is there, it hangs there again.
pub(in crate::compile) fn place(
    rect: Rect,
    (from, saved): (Option<Rect>, &[Rect]),
    (to, present): (Rect, &[Rect]),
    is_own: bool,
) -> Rect {
    let fitted = fit(rect, from, to).absolute_in(to);
    let hung = || from.is_some_and(|from| !is_covered(rect.absolute_in(from), saved));
    let is_reachable = || {
        present
            .iter()
            .any(|monitor| overlap(fitted, *monitor).is_some())
    };
    // i3 would move the window to the workspace of the monitor that has its center.
    let strays = || {
        present
            .iter()
            .any(|other| *other != to && has_center(*other, fitted))
    };
    if !strays() && (is_covered(fitted, present) || is_own && hung() && is_reachable()) {
        return fitted;
    }
    // From a monitor of the same size, so only the position changes.
    fit(rect, None, to).absolute_in(to)
}

/// True if the center of the rect is on the monitor.
fn has_center(monitor: Rect, rect: Rect) -> bool {
    let x = rect.x.saturating_add_unsigned(rect.width / 2);
    let y = rect.y.saturating_add_unsigned(rect.height / 2);
    overlap(monitor, Rect::new(x, y, 1, 1)).is_some()
}

/// True if no pixel of the rect is outside these.
fn is_covered(rect: Rect, by: &[Rect]) -> bool {
    let Some((first, rest)) = by.split_first() else {
        return rect.width == 0 || rect.height == 0;
    };
    match overlap(rect, *first) {
        None => is_covered(rect, rest),
        Some(inside) => around(rect, inside)
            .iter()
            .all(|part| is_covered(*part, rest)),
    }
}

/// The part that two rects have in common.
fn overlap(one: Rect, other: Rect) -> Option<Rect> {
    let axis = |start: i32, size: u32, other_start: i32, other_size: u32| {
        let end = start.saturating_add_unsigned(size);
        let end = end.min(other_start.saturating_add_unsigned(other_size));
        let start = start.max(other_start);
        (end > start).then(|| (start, end.abs_diff(start)))
    };
    let (x, width) = axis(one.x, one.width, other.x, other.width)?;
    let (y, height) = axis(one.y, one.height, other.y, other.height)?;
    Some(Rect::new(x, y, width, height))
}

/// The parts of a rect above, below, to the left and to the right of a part of it.
fn around(rect: Rect, inside: Rect) -> Vec<Rect> {
    let right = inside.x.saturating_add_unsigned(inside.width);
    let bottom = inside.y.saturating_add_unsigned(inside.height);
    let (right_end, bottom_end) = (
        rect.x.saturating_add_unsigned(rect.width),
        rect.y.saturating_add_unsigned(rect.height),
    );
    let parts = [
        Rect::new(rect.x, rect.y, rect.width, inside.y.abs_diff(rect.y)),
        Rect::new(rect.x, bottom, rect.width, bottom_end.abs_diff(bottom)),
        Rect::new(rect.x, inside.y, inside.x.abs_diff(rect.x), inside.height),
        Rect::new(right, inside.y, right_end.abs_diff(right), inside.height),
    ];
    let parts = parts.into_iter();
    parts
        .filter(|part| part.width > 0 && part.height > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_window_keeps_the_place_of_its_center_on_other_sizes() {
        let small = Rect::new(0, 0, 1920, 1080);
        let large = Rect::new(0, 0, 2560, 1440);
        let rect = Rect::new(2000, 1200, 500, 200);
        assert_eq!(fit(rect, Some(large), large), rect);
        let fitted = fit(rect, Some(large), small);
        assert!(
            fitted.x >= 0 && fitted.x + 500 <= 1920 && fitted.y + 200 <= 1080,
            "{fitted}"
        );
        assert_eq!(fit(Rect::new(0, 0, 4000, 3000), Some(large), small), small);
        // A window across the edge of its monitor stays there on the same monitor.
        let hanging = Rect::new(-50, 0, 100, 100);
        assert_eq!(fit(hanging, Some(small), small), hanging);
    }
}
