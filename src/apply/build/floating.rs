//! Keeps floating windows in place while workspaces are renamed and moved.

use std::collections::BTreeMap;

use crate::geometry::Rect;
use crate::live::{Con, ConId};
use crate::wm::command::Command;

/// The commands that give the floating windows of a hidden workspace their positions again.
///
/// i3 scales the positions whenever the workspace moves to another output, and rounds each time
/// (`floating_fix_coordinates` in i3's `src/floating.c`). `hidden` is the workspace before that,
/// `swapped` has the window that was swapped in for each place.
pub(super) fn positions(hidden: &Con, swapped: &BTreeMap<ConId, ConId>) -> Vec<Command> {
    let frames = hidden.floating_nodes.iter();
    frames
        .filter_map(|frame| {
            let (content, Rect { x, y, .. }) = (frame.nodes.first()?.id, frame.rect);
            let con = swapped.get(&content).copied().unwrap_or(content);
            Some(Command::MoveTo { con, x, y })
        })
        .collect()
}
