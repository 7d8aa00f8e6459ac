//! The report of `capture --update`.

use crate::diff::change;
use crate::ui::words::{at, clean, place};
use crate::update::{Moved, Report, Where};

/// One line for each slot that was added, moved, changed or removed or whose window is not
/// open, and the number of windows that are still on their workspace.
pub fn report(report: &Report) -> String {
    let mut lines = Vec::new();
    for Where { slot, workspace } in &report.added {
        lines.push(format!("+ {slot}: added {}", at(workspace.as_deref())));
    }
    for Moved { slot, from, to } in &report.moved {
        let (from, to) = (place(from.as_deref()), place(to.as_deref()));
        lines.push(format!("~ {slot}: moved from {from} to {to}"));
    }
    for difference in &report.changed {
        let what = match &difference.slot {
            Some(slot) => slot.clone(),
            None => place(difference.workspace.as_deref()),
        };
        lines.push(format!("~ {what}: {}", change(difference)));
    }
    for Where { slot, workspace } in &report.removed {
        let place = place(workspace.as_deref());
        lines.push(format!("- {slot}: removed from {place}"));
    }
    for Where { slot, workspace } in &report.not_open {
        let at = at(workspace.as_deref());
        lines.push(format!("  {slot} {at}: kept, but its window is not open"));
    }
    if !report.not_open.is_empty() {
        lines.push("  (`--prune` removes slots whose window is not open)".to_owned());
    }
    match report.kept {
        0 if !lines.is_empty() => {}
        1 => lines.push("  1 window stayed on its workspace".to_owned()),
        kept => lines.push(format!("  {kept} windows stayed on their workspaces")),
    }
    let lines: Vec<String> = lines.iter().map(|line| clean(line)).collect();
    lines.join("\n")
}
