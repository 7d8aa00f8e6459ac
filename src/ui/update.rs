//! What an update did to a layout, in lines.

use crate::diff::sentence;
use crate::ui::words::clean;
use crate::update::{Moved, Report, Where};

/// One line for each slot that is not where it was and for all else that changed, and one
/// with the number of windows that are on the workspace where they were.
pub fn report(report: &Report) -> String {
    let mut lines = Vec::new();
    for Where { slot, workspace } in &report.added {
        lines.push(format!("+ {slot} on {}", place(workspace.as_deref())));
    }
    for Moved { slot, from, to } in &report.moved {
        let (from, to) = (place(from.as_deref()), place(to.as_deref()));
        lines.push(format!("~ {slot} from {from} to {to}"));
    }
    for difference in &report.changed {
        let what = match &difference.slot {
            Some(slot) => slot.clone(),
            None => format!("{}:", place(difference.workspace.as_deref())),
        };
        lines.push(format!("~ {what} {}", sentence(difference)));
    }
    for Where { slot, workspace } in &report.removed {
        lines.push(format!("- {slot} from {}", place(workspace.as_deref())));
    }
    for Where { slot, workspace } in &report.not_open {
        let place = place(workspace.as_deref());
        lines.push(format!("  {slot} on {place} is not open, and stays"));
    }
    if !report.not_open.is_empty() {
        lines.push("  (`--prune` removes what is not open)".to_owned());
    }
    let kept = match (report.kept, lines.is_empty()) {
        (0, false) => None,
        (kept, _) => Some(match kept {
            1 => "  1 window on its workspace".to_owned(),
            _ => format!("  {kept} windows on their workspaces"),
        }),
    };
    lines.extend(kept);
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    lines.join("\n")
}

fn place(workspace: Option<&str>) -> String {
    workspace.map_or_else(
        || "the scratchpad".to_owned(),
        |name| format!("workspace `{name}`"),
    )
}
