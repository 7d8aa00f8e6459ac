//! What a layout file says without a key: the focused workspace is visible, and with one monitor
//! all workspaces are on it.

use serde_json::{Map, Value};

use super::model::{Layout, Workspace};
use crate::document::encode;

impl Layout {
    /// The layout as it is read from its file: the workspace of `focus` is visible, and workspaces
    /// without an output are on the only monitor.
    #[must_use]
    pub fn with_implied(mut self) -> Self {
        add(&mut self);
        self
    }
}

/// Adds what the file does not say.
pub(super) fn add(layout: &mut Layout) {
    let output = only_output(layout).map(str::to_owned);
    let visible = implied_visible(layout);
    for (position, workspace) in layout.workspaces.iter_mut().enumerate() {
        workspace.visible |= visible == Some(position);
        if workspace.output.is_empty() {
            workspace.output.extend(output.clone());
        }
    }
}

/// Removes from the written form what [`add`] would add again.
pub(super) fn remove(layout: &Layout, map: &mut Map<String, Value>) {
    let output = only_output(layout);
    let visible = implied_visible(layout);
    let list = map.get_mut("workspaces").and_then(Value::as_array_mut);
    let maps = list.into_iter().flatten().filter_map(Value::as_object_mut);
    for (position, (written, workspace)) in maps.zip(&layout.workspaces).enumerate() {
        if visible == Some(position) {
            written.shift_remove("visible");
        }
        if output.is_some_and(|output| workspace.output == [output]) {
            written.shift_remove("output");
        }
    }
}

/// Adds to the written form what the text before said although it need not.
///
/// `places` are the positions of workspaces in the text before, each with that in the layout.
pub(super) fn keep(
    layout: &Layout,
    value: &mut Value,
    before: &Value,
    places: impl Iterator<Item = (usize, usize)>,
) {
    for (old, new) in places {
        let Some(workspace) = layout.workspaces.get(new) else {
            continue;
        };
        let said = |key: &str| before["workspaces"][old].get(key).is_some();
        let written = value.pointer_mut(&format!("/workspaces/{new}"));
        let Some(written) = written.and_then(Value::as_object_mut) else {
            continue;
        };
        if said("visible") && workspace.visible {
            encode::set::<Workspace>(written, "visible", true.into());
        }
        if said("output")
            && let [output] = workspace.output.as_slice()
        {
            encode::set::<Workspace>(written, "output", output.as_str().into());
        }
    }
}

/// The only monitor of the layout.
fn only_output<W>(layout: &Layout<W>) -> Option<&str> {
    match layout.monitors.as_slice() {
        [only] if !only.output.is_empty() => Some(&only.output),
        _ => None,
    }
}

/// The position of the workspace that is visible because it has the focus. Another one that the file
/// calls visible on the same outputs takes precedence.
fn implied_visible(layout: &Layout) -> Option<usize> {
    let focus = layout.focus.as_deref()?;
    let mut all = layout.workspaces.iter();
    let position = all.position(|workspace| workspace.name == focus)?;
    let output = only_output(layout);
    let outputs = |workspace: &Workspace| match (workspace.output.as_slice(), output) {
        ([], Some(only)) => vec![only.to_owned()],
        (own, _) => own.to_vec(),
    };
    let own = outputs(&layout.workspaces[position]);
    let mut others = layout.workspaces.iter().enumerate();
    let is_shown = others.any(|(other, workspace)| {
        other != position && workspace.visible && outputs(workspace) == own
    });
    (!is_shown).then_some(position)
}
