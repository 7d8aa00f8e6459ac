//! The arrangement of windows as a layout without anything about their programs.

use super::nodes::Nodes;
use super::{CapturedWindow, Options, arranged, slots};
use crate::layout::{Layout, Seen, Window};
use crate::live::{Con, ConId, Desktop, Properties};

/// The arrangement of all windows. No slot has criteria or a command, so `apply` uses it only for
/// windows that are known to be in its slots.
pub fn arrangement(desktop: &Desktop) -> Layout<CapturedWindow> {
    let is_dialog = |con: &Con| {
        let properties = con.properties.as_ref();
        properties.is_some_and(Properties::is_independent_dialog)
    };
    let mut helpers = desktop.helpers();
    let dialogs = desktop.tree.windows().filter(|con| is_dialog(con));
    for con in dialogs {
        helpers.remove(&con.id);
    }
    let mut nodes = Nodes {
        helpers,
        needs_identity: false,
        ..Nodes::new(desktop.defaults)
    };
    let options = Options::default();
    let layout = arranged(desktop, &options, &mut nodes, &mut Vec::new());
    let windows: Vec<&Con> = layout.windows().copied().collect();
    let named = windows.iter().map(|con| {
        let process = desktop.facts(con).and_then(|facts| facts.process.as_ref());
        let argv = process.map_or(&[][..], |process| &process.argv);
        (con.properties.clone().unwrap_or_default(), argv)
    });
    let named: Vec<_> = named.collect();
    let named: Vec<_> = named
        .iter()
        .map(|(properties, argv)| slots::Named {
            properties,
            argv,
            command: None,
            cwd: None,
        })
        .collect();
    let mut ids = slots::names(&named).into_iter();
    layout.map(&mut |con, _, _| CapturedWindow {
        con: con.id,
        slot: Window {
            id: ids.next(),
            optional: true,
            seen: Seen {
                dialog: is_dialog(con),
                ..Seen::default()
            },
            ..Window::default()
        },
    })
}

/// The layout without the windows that `keep` refuses. The others get their space.
#[must_use]
pub fn with_windows(
    layout: Layout<CapturedWindow>,
    keep: &dyn Fn(ConId) -> bool,
) -> Layout<CapturedWindow> {
    let keep = |window: &CapturedWindow| keep(window.con);
    let workspaces = layout.workspaces.into_iter().filter_map(|mut workspace| {
        let was_empty = workspace.content.is_empty();
        workspace.content = workspace.content.retain(&keep);
        // A workspace without windows matters only if it is visible.
        let stays = was_empty || workspace.visible || !workspace.content.is_empty();
        stays.then_some(workspace)
    });
    let hidden = layout.scratchpad.into_iter();
    Layout {
        workspaces: workspaces.collect(),
        scratchpad: hidden.filter_map(|one| one.retain(&keep)).collect(),
        ..layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{one_output, win, workspace};

    fn ids(layout: &Layout<CapturedWindow>) -> Vec<&str> {
        let windows = layout.windows();
        windows
            .filter_map(|window| window.slot.id.as_deref())
            .collect()
    }

    #[test]
    fn windows_are_slots_without_criteria() {
        let desktop = one_output([
            workspace("1", [win("a"), win("b"), win("a")]),
            workspace("2", [win("c")]).visible(),
            workspace("3", [win("d")]),
        ]);
        let layout = arrangement(&desktop);
        assert_eq!(ids(&layout), ["a", "b", "a-2", "c", "d"]);
        assert!(
            layout
                .windows()
                .all(|window| window.slot.swallow.is_empty())
        );
        let kept: Vec<ConId> = layout.windows().take(2).map(|window| window.con).collect();
        let layout = with_windows(layout, &|con| kept.contains(&con));
        assert_eq!(ids(&layout), ["a", "b"]);
        let names: Vec<&str> = layout
            .workspaces
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["1", "2"]);
    }
}
