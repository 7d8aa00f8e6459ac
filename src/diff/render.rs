//! Differences in words.

use super::{Difference, Kind, Location};

/// One difference as one line, without the slot and the workspace that it is about.
pub fn sentence(difference: &Difference) -> String {
    match &difference.kind {
        Kind::Missing => "has no window".to_owned(),
        Kind::Extra { window } => format!("`{window}` is not in the layout"),
        Kind::Moved { before, after } => {
            format!("is {}, not {}", location(after), location(before))
        }
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
        Kind::Property {
            property,
            before,
            after,
        } => format!(
            "{}: is {}, not {}",
            property.as_str(),
            or_none(after),
            or_none(before)
        ),
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

fn location(location: &Location) -> String {
    match location {
        Location::Tiling(workspace) => format!("on `{workspace}`"),
        Location::Floating(workspace) => format!("floating on `{workspace}`"),
        Location::Scratchpad => "in the scratchpad".to_owned(),
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
