//! The content of a workspace that is not in the layout and stays beside it.

use super::Open;
use crate::compile::append_json::Guest;
use crate::compile::{PlannedWorkspace, monitors};
use crate::geometry::Rect;
use crate::live::{Con, Desktop, WorkspaceRef};

pub(super) fn is_ignored(desktop: &Desktop, con: &Con) -> bool {
    desktop.ignored.contains(&con.id)
}

/// The largest containers on the workspace without a window of the plan. With `apart`, only those
/// that have ignored windows or no windows.
pub(super) fn guests(
    desktop: &Desktop,
    live: WorkspaceRef<'_>,
    planned: &PlannedWorkspace,
    open: Open<'_>,
    apart: bool,
) -> Vec<Guest> {
    // Placeholders of other programs wait for their windows beside the layout.
    let is_foreign = |con: &Con| {
        con.is_window() || con.is_placeholder() && con.swallows && !open.is_outdated(con)
    };
    let foreign = |con: &Con| {
        con.descendants().any(is_foreign) && con.descendants().all(|con| !open.is_known(con))
    };
    let is_mixed = |con: &Con| {
        let mut windows = con.descendants().filter(|con| is_foreign(con));
        let first = windows.next().map(|con| is_ignored(desktop, con));
        first.is_some_and(|first| windows.any(|con| is_ignored(desktop, con) != first))
    };
    let mut found = Vec::new();
    let mut stack: Vec<&Con> = live.con.nodes.iter().rev().collect();
    while let Some(con) = stack.pop() {
        if foreign(con) && !(apart && is_mixed(con)) {
            found.push(Guest {
                con: con.id,
                rect: None,
            });
        } else {
            stack.extend(con.nodes.iter().rev());
        }
    }
    let from = desktop.output(live.output);
    let to = planned.output.as_deref();
    let to = to.and_then(|name| desktop.output(name));
    let moved = |rect: Rect| match (from, to) {
        (Some(from), Some(to)) if from != to => {
            monitors::fit(rect.relative_to(from.rect), Some(from.rect), to.rect)
                .absolute_in(to.rect)
        }
        _ => rect,
    };
    for frame in &live.con.floating_nodes {
        // Sticky windows follow their output without a command.
        if let Some(inner) = frame.nodes.first()
            && foreign(frame)
            && !inner.attributes.sticky
        {
            found.push(Guest {
                con: inner.id,
                rect: Some(moved(frame.rect)),
            });
        }
    }
    found
}
