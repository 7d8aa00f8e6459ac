//! What an update did to a layout, in lines.

use crate::ui::words::{Count, clean};
use crate::update::{Moved, Report, Where};

/// One line for each slot that is not where it was, and one with the number of the
/// others.
pub fn report(report: &Report) -> String {
    let mut lines = Vec::new();
    for Where { slot, workspace } in &report.added {
        lines.push(format!("+ {slot} on {}", place(workspace.as_deref())));
    }
    for Moved { slot, from, to } in &report.moved {
        let (from, to) = (place(from.as_deref()), place(to.as_deref()));
        lines.push(format!("~ {slot} from {from} to {to}"));
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
    let known = match (report.kept, lines.is_empty()) {
        (0, false) => None,
        (kept, _) => Some(format!("  {} known", Count(kept, "window"))),
    };
    lines.extend(known);
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    lines.join("\n")
}

fn place(workspace: Option<&str>) -> String {
    workspace.map_or_else(
        || "the scratchpad".to_owned(),
        |name| format!("workspace `{name}`"),
    )
}
