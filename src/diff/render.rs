//! Differences as text.

use super::{Difference, Kind, Location, PropertyChange};

/// One difference as one line, without the slot and the workspace.
pub fn sentence(difference: &Difference) -> String {
    match &difference.kind {
        Kind::Missing => "has no window".to_owned(),
        Kind::Extra { window } => format!("`{window}` is not in the layout"),
        Kind::Moved { before, after } => moved(before, after),
        Kind::Arranged { before, after } => {
            format!("arrangement is {after}, expected {before}")
        }
        Kind::Layout { of, before, after } => {
            let of = if of.is_empty() {
                ""
            } else {
                &format!("{of}: ")
            };
            format!("{of}layout is {after}, expected {before}")
        }
        Kind::Resized {
            of,
            before,
            after,
            before_px,
            after_px,
        } => format!(
            "{of}: size is {after:.1} % ({after_px} px), expected {before:.1} % ({before_px} px)"
        ),
        Kind::Rect { before, after } => format!("rect is {after}, expected {before}"),
        Kind::Property(PropertyChange { before, after }) => {
            let text = |value: String| {
                if value.is_empty() {
                    "none".to_owned()
                } else {
                    value
                }
            };
            let (expected, found) = (text(before.to_string()), text(after.to_string()));
            format!("{}: {found}, expected {expected}", before.key())
        }
        Kind::Gaps { before, after } => format!("gaps are {after}, expected {before}"),
        Kind::Output { before, after } => format!("is on {after}, expected {before}"),
        Kind::WorkspaceOrder { before, after } => {
            let names = |names: &[String]| format!("`{}`", names.join("`, `"));
            format!("order is {}; expected {}", names(after), names(before))
        }
        Kind::Hidden => "is not visible".to_owned(),
        Kind::NoWorkspace => "does not exist".to_owned(),
        Kind::Focus => "focus differs".to_owned(),
    }
}

/// Names the workspace, and tiled or floating, only where they differ.
fn moved(before: &Location, after: &Location) -> String {
    use Location::{Floating, Scratchpad, Shown, Tiling};
    let state = |location: &Location| match location {
        Tiling(_) => "tiled",
        _ => "floating",
    };
    match (before, after) {
        (Shown(_), Floating(_)) => "is a regular window, expected a scratchpad window".to_owned(),
        (Floating(_), Shown(_)) => "is a scratchpad window, expected a regular window".to_owned(),
        (Scratchpad, Scratchpad) => "is elsewhere in the scratchpad".to_owned(),
        (Scratchpad, Tiling(present) | Floating(present) | Shown(present)) => {
            format!("is on `{present}`, expected hidden in the scratchpad")
        }
        (Tiling(planned) | Floating(planned) | Shown(planned), Scratchpad) => {
            format!("is hidden in the scratchpad, expected on `{planned}`")
        }
        (
            Tiling(planned) | Floating(planned) | Shown(planned),
            Tiling(present) | Floating(present) | Shown(present),
        ) => {
            let (expected, found) = (state(before), state(after));
            if expected == found {
                format!("is on `{present}`, expected `{planned}`")
            } else if planned == present {
                format!("is {found}, expected {expected}")
            } else {
                format!("is {found} on `{present}`, expected {expected} on `{planned}`")
            }
        }
    }
}

/// The sign of the kind of difference, as in a diff.
pub const fn sign(difference: &Difference) -> char {
    match difference.kind {
        Kind::Missing | Kind::NoWorkspace => '-',
        Kind::Extra { .. } => '+',
        _ => '~',
    }
}

#[cfg(test)]
mod tests {
    use super::Location::{Floating, Scratchpad, Shown, Tiling};
    use super::*;

    #[test]
    fn a_moved_window_is_described_by_what_differs() {
        let (one, two) = (|| "1".to_owned(), || "2:web".to_owned());
        for (before, after, sentence) in [
            (
                Tiling(one()),
                Floating(one()),
                "is floating, expected tiled",
            ),
            (
                Floating(one()),
                Tiling(one()),
                "is tiled, expected floating",
            ),
            (Tiling(one()), Tiling(two()), "is on `2:web`, expected `1`"),
            (
                Floating(one()),
                Floating(two()),
                "is on `2:web`, expected `1`",
            ),
            (
                Tiling(one()),
                Floating(two()),
                "is floating on `2:web`, expected tiled on `1`",
            ),
            (
                Floating(one()),
                Tiling(two()),
                "is tiled on `2:web`, expected floating on `1`",
            ),
            (
                Tiling(one()),
                Scratchpad,
                "is hidden in the scratchpad, expected on `1`",
            ),
            (
                Floating(one()),
                Scratchpad,
                "is hidden in the scratchpad, expected on `1`",
            ),
            (
                Scratchpad,
                Tiling(one()),
                "is on `1`, expected hidden in the scratchpad",
            ),
            (
                Scratchpad,
                Floating(one()),
                "is on `1`, expected hidden in the scratchpad",
            ),
            (
                Shown(one()),
                Floating(one()),
                "is a regular window, expected a scratchpad window",
            ),
            (
                Floating(one()),
                Shown(one()),
                "is a scratchpad window, expected a regular window",
            ),
        ] {
            assert_eq!(moved(&before, &after), sentence);
        }
    }
}
