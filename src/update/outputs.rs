//! Names of outputs: a monitor that is connected under another name keeps its name in the file.

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Captured;
use crate::compile::Plan;
use crate::layout::Layout;
use crate::live::Desktop;

/// Gives connected monitors the same name in the file and on the desktop.
///
/// The desktop gets the names of the file, so that another dock changes nothing in the file. If a
/// name then meant two monitors, the file gets the names of the desktop.
pub(super) fn agree(
    layout: &mut Layout,
    plan: &mut Plan,
    desktop: &mut Desktop,
    captured: &mut Captured,
) {
    let connected = plan
        .monitors
        .iter()
        .filter(|monitor| monitor.is_connected());
    let renamed = connected.filter_map(|monitor| {
        let output = monitor.output.as_ref()?;
        (*output != monitor.name).then(|| (output.clone(), monitor.name.clone()))
    });
    let in_file: BTreeMap<String, String> = renamed.collect();
    if in_file.is_empty() {
        return;
    }
    let outputs = desktop.outputs.iter().map(|output| output.name.as_str());
    if is_unique(outputs, &in_file) {
        let name = |output: &str| in_file.get(output).cloned();
        desktop.rename_outputs(&name);
        captured.layout.rename_outputs(&name);
        let planned = plan.workspaces.iter_mut();
        for output in planned.filter_map(|planned| planned.output.as_mut()) {
            if let Some(new) = name(output) {
                *output = new;
            }
        }
        return;
    }
    let turned = in_file.into_iter().map(|(output, name)| (name, output));
    let on_desktop: BTreeMap<String, String> = turned.collect();
    let monitors = layout
        .monitors
        .iter()
        .map(|monitor| monitor.output.as_str());
    if is_unique(monitors, &on_desktop) {
        layout.rename_outputs(&|name| on_desktop.get(name).cloned());
    }
}

/// True if different names stay different.
fn is_unique<'n>(
    names: impl Iterator<Item = &'n str>,
    renamed: &'n BTreeMap<String, String>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = names.map(|name| renamed.get(name).map_or(name, String::as_str));
    names.all(|name| seen.insert(name))
}
