//! Differences in words.

use super::{Difference, Kind, Location, PropertyChange};

/// One difference as one line, without the slot and the workspace that it is about.
pub fn sentence(difference: &Difference) -> String {
    match &difference.kind {
        Kind::Missing => "has no window".to_owned(),
        Kind::Extra { window } => format!("`{window}` is not in the layout"),
        Kind::Moved { before, after } => moved(before, after),
        Kind::Arranged { before, after } => format!("is {after}, not {before}"),
        Kind::Layout { of, before, after } if of.is_empty() => {
            format!("is {after}, not {before}")
        }
        Kind::Layout { of, before, after } => format!("{of}: is {after}, not {before}"),
        Kind::Resized {
            of,
            before,
            after,
            before_px,
            after_px,
        } => format!("{of}: has {after:.1} % ({after_px} px), not {before:.1} % ({before_px} px)"),
        Kind::Rect { before, after } => format!("is at {after}, not at {before}"),
        Kind::Property(PropertyChange { before, after }) => format!(
            "{}: is {}, not {}",
            before.key(),
            or_none(&after.to_string()),
            or_none(&before.to_string())
        ),
        Kind::Gaps { before, after } => format!("gaps: are {after}, not {before}"),
        Kind::Output { before, after } => format!("is on {after}, not on {before}"),
        Kind::WorkspaceOrder { before, after } => format!(
            "stands in the order {}, not {}",
            names(after),
            names(before)
        ),
        Kind::Hidden => "is not shown".to_owned(),
        Kind::NoWorkspace => "does not exist".to_owned(),
        Kind::Focus => "has another focus".to_owned(),
        Kind::Unmarked => "is not marked".to_owned(),
    }
}

fn names(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Only what differs: the workspace is not named where it is the right one, nor tiled
/// and floating where that is as it shall be.
fn moved(before: &Location, after: &Location) -> String {
    use Location::{Floating, Scratchpad, Shown, Tiling};
    match (before, after) {
        (Tiling(planned), Floating(present)) if planned == present => {
            "is floating, not tiled".to_owned()
        }
        (Floating(planned), Tiling(present)) if planned == present => {
            "is tiled, not floating".to_owned()
        }
        (Tiling(planned), Floating(present)) => {
            format!("is floating on `{present}`, not tiled on `{planned}`")
        }
        (Floating(planned), Tiling(present)) => {
            format!("is tiled on `{present}`, not floating on `{planned}`")
        }
        (Shown(_), Floating(_)) => "is an ordinary window, not one of the scratchpad".to_owned(),
        (Floating(_), Shown(_)) => "is one of the scratchpad, not an ordinary window".to_owned(),
        (Scratchpad, Tiling(present) | Floating(present) | Shown(present)) => {
            format!("is on `{present}`, not hidden in the scratchpad")
        }
        (Tiling(planned) | Floating(planned) | Shown(planned), Scratchpad) => {
            format!("is hidden in the scratchpad, not on `{planned}`")
        }
        (
            Tiling(planned) | Floating(planned) | Shown(planned),
            Tiling(present) | Floating(present) | Shown(present),
        ) => format!("is on `{present}`, not on `{planned}`"),
        (Scratchpad, Scratchpad) => "is elsewhere in the scratchpad".to_owned(),
    }
}

const fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// A sign for the kind of difference, as a diff has it.
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
    fn a_moved_window_is_said_by_what_differs() {
        let (one, two) = (|| "1".to_owned(), || "2:web".to_owned());
        for (before, after, said) in [
            (Tiling(one()), Floating(one()), "is floating, not tiled"),
            (Floating(one()), Tiling(one()), "is tiled, not floating"),
            (Tiling(one()), Tiling(two()), "is on `2:web`, not on `1`"),
            (
                Floating(one()),
                Floating(two()),
                "is on `2:web`, not on `1`",
            ),
            (
                Tiling(one()),
                Floating(two()),
                "is floating on `2:web`, not tiled on `1`",
            ),
            (
                Floating(one()),
                Tiling(two()),
                "is tiled on `2:web`, not floating on `1`",
            ),
            (
                Tiling(one()),
                Scratchpad,
                "is hidden in the scratchpad, not on `1`",
            ),
            (
                Floating(one()),
                Scratchpad,
                "is hidden in the scratchpad, not on `1`",
            ),
            (
                Scratchpad,
                Tiling(one()),
                "is on `1`, not hidden in the scratchpad",
            ),
            (
                Scratchpad,
                Floating(one()),
                "is on `1`, not hidden in the scratchpad",
            ),
            (
                Shown(one()),
                Floating(one()),
                "is an ordinary window, not one of the scratchpad",
            ),
            (
                Floating(one()),
                Shown(one()),
                "is one of the scratchpad, not an ordinary window",
            ),
        ] {
            assert_eq!(moved(&before, &after), said);
        }
    }
}
