//! i3-layout-manager (klaxalk): files of i3-save-tree in one list, whose first container is the
//! workspace itself. It saves no programs, and a layout is for any workspace.

use super::files::{Folder, Part, Tool, Unit, json, layout_name, stem_of};
use crate::document::Problems;

/// The name of a layout: `A` for `layout-A.json`.
pub(super) fn stem(name: &str) -> Option<&str> {
    let name = name.rsplit('/').next()?;
    let stem = name.strip_prefix("layout-")?.strip_suffix(".json")?;
    Some(stem).filter(|stem| !stem.is_empty())
}

/// A layout for each file.
pub(super) fn units(folder: &Folder) -> Result<Vec<Unit<'_>>, Problems> {
    let is_layout = |name: &str| folder.chosen.is_some() || stem(name).is_some();
    let files = folder.wanted().filter(|file| is_layout(&file.name));
    files
        .map(|file| {
            let name = stem(&file.name).unwrap_or(stem_of(&file.name));
            // The tool shows `_` as a space.
            let workspace = name.replace('_', " ");
            Ok(Unit {
                tool: Tool::I3LayoutManager,
                name: layout_name(name),
                parts: vec![Part::of_tree(file, json(file)?, workspace)],
                browsers: Vec::new(),
                notes: Vec::new(),
            })
        })
        .collect()
}
