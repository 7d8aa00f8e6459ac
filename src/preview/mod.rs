//! Pictures of layouts and desktops, in a terminal, as SVG and as PNG.
//!
//! A plan or a desktop becomes a [`Scene`] of rectangles with labels, and each renderer draws
//! only what is in the scene. All of it is pure, except that `png` reads the fonts of the
//! system.

mod canvas;
mod changes;
mod desk;
mod desktop;
mod fit;
mod geometry;
mod plan;
pub mod png;
#[cfg(test)]
mod samples;
mod scene;
pub mod svg;
pub mod terminal;

pub use canvas::Canvas;
pub use changes::Changes;
pub use desk::{Desk, Screen};
pub use desktop::of_desktop;
pub use fit::fit;
pub use plan::of_plan;
pub use scene::{Change, Monitor, Pane, Panel, Scene, Shares};

/// The contents of a scene.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The unit of the scene's rects.
    pub canvas: Canvas,
    /// Selects workspaces by name; the scratchpad has no name.
    pub shows: &'a dyn Fn(Option<&str>) -> bool,
    /// The differences to mark.
    pub changes: &'a Changes,
    /// Removes control characters and secrets from a text.
    pub clean: &'a dyn Fn(&str) -> String,
}

/// Removes the workspaces that are the same in both scenes.
pub fn keep_differing(before: &mut Scene, after: &mut Scene) {
    let all = before.panels.iter().chain(&after.panels);
    let differing: Vec<Option<String>> = all
        .filter(|panel| panel.differs())
        .map(|panel| panel.workspace.clone())
        .collect();
    for scene in [before, after] {
        scene
            .panels
            .retain(|panel| differing.contains(&panel.workspace));
    }
}

/// The panels of two scenes with the same workspace, in the order of the first scene.
fn pairs<'s>(before: &'s Scene, after: &'s Scene) -> Vec<(Option<&'s Panel>, Option<&'s Panel>)> {
    let is_pair =
        |one: &Panel, other: &Panel| one.workspace.as_deref() == other.workspace.as_deref();
    let old = before.panels.iter().map(|old| {
        let new = after.panels.iter().find(|new| is_pair(old, new));
        (Some(old), new)
    });
    let new = after.panels.iter();
    let only_new = new.filter(|new| !before.panels.iter().any(|old| is_pair(old, new)));
    old.chain(only_new.map(|new| (None, Some(new)))).collect()
}
