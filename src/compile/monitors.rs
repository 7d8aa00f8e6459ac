//! Maps the monitors of a file to the current outputs.

use crate::geometry::Rect;
use crate::layout::Monitor;
use crate::live::{Output, primary_output};

/// The name for RandR's primary output.
pub const PRIMARY: &str = "primary";

/// The reason why a workspace is on an output, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The workspace names the output.
    Named,
    /// The output has the role of a monitor that the workspace names.
    Role,
    /// No monitor of the workspace is present.
    Fallback,
}

/// The output for a workspace: the first of its wishes that is present, else an output in the
/// role of a wish, else the primary one.
///
/// `None` if the workspace has no wishes, or if there is no output.
pub fn output_for<'a>(
    wishes: &[String],
    saved: &[Monitor],
    present: &'a [Output],
) -> Option<(&'a Output, Fit)> {
    let named = |wish: &String| {
        if wish == PRIMARY {
            return primary_output(present);
        }
        present.iter().find(|output| output.name == *wish)
    };
    let in_role = |wish: &String| in_role_of(wish, saved, present);
    let with = |fit: Fit| move |output: &'a Output| (output, fit);
    let named = wishes.iter().find_map(named).map(with(Fit::Named));
    named
        .or_else(|| wishes.iter().find_map(in_role).map(with(Fit::Role)))
        .or_else(|| {
            let primary = primary_output(present).filter(|_| !wishes.is_empty());
            primary.map(with(Fit::Fallback))
        })
}

/// The output in the role of a saved monitor: the primary one for the primary one, else one of
/// the same size, else the first one. Outputs that the file names are not used for others.
fn in_role_of<'a>(wish: &str, saved: &[Monitor], present: &'a [Output]) -> Option<&'a Output> {
    let monitor = saved.iter().find(|monitor| monitor.output == wish)?;
    if monitor.primary {
        return primary_output(present);
    }
    let is_unknown = |output: &&Output| saved.iter().all(|other| other.output != output.name);
    let mut unknown = present.iter().filter(is_unknown);
    let first = unknown.clone().next();
    unknown
        .find(|output| same_size(output.rect, monitor.rect))
        .or(first)
}

const fn same_size(one: Rect, other: Rect) -> bool {
    one.width == other.width && one.height == other.height
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn output(name: &str, rect: &str, primary: bool) -> Output {
        Output {
            name: name.to_owned(),
            rect: rect.parse().unwrap(),
            primary,
        }
    }

    fn monitor(name: &str, rect: &str, primary: bool) -> Monitor {
        Monitor {
            output: name.to_owned(),
            rect: rect.parse().unwrap(),
            primary,
        }
    }

    #[track_caller]
    fn check(wishes: &[&str], present: &[Output], expected: Option<(&str, Fit)>) {
        let saved = [
            monitor("eDP-1", "1920x1080+0+0", true),
            monitor("DP-1", "2560x1440+1920+0", false),
        ];
        let wishes: Vec<String> = wishes.iter().map(ToString::to_string).collect();
        let found =
            output_for(&wishes, &saved, present).map(|(output, fit)| (output.name.as_str(), fit));
        assert_eq!(found, expected);
    }

    #[test]
    fn names_take_precedence_over_roles_and_roles_over_the_primary_output() {
        let docked = [
            output("eDP-1", "1920x1080+0+0", true),
            output("HDMI-2", "2560x1440+1920+0", false),
        ];
        check(&["DP-1"], &docked, Some(("HDMI-2", Fit::Role)));
        check(&["DP-9", "eDP-1"], &docked, Some(("eDP-1", Fit::Named)));
        check(&["primary"], &docked, Some(("eDP-1", Fit::Named)));
        check(&["unheard-of"], &docked, Some(("eDP-1", Fit::Fallback)));
        check(&[], &docked, None);
        let laptop = [output("eDP-1", "1920x1080+0+0", true)];
        check(&["DP-1"], &laptop, Some(("eDP-1", Fit::Fallback)));
        check(&["DP-1"], &[], None);
    }

    #[test]
    fn floating_windows_stay_on_the_monitor() {
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
