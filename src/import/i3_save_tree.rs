//! i3-save-tree, and any other file for i3's `append_layout`. The file has no name of a workspace,
//! unless it contains whole workspaces.

use super::files::{Folder, Part, Tool, Unit, has_extension, json, layout_name, stem_of};
use crate::document::Problems;

/// The starts of file names that say that the rest is the name of a workspace, as in the examples
/// of the i3 user guide.
const PREFIXES: [&str; 4] = ["workspace-", "workspace_", "ws-", "ws_"];

/// A layout for each file.
pub(super) fn units(folder: &Folder) -> Result<Vec<Unit<'_>>, Problems> {
    let is_json = |name: &str| folder.chosen.is_some() || has_extension(name, "json");
    let files = folder.wanted().filter(|file| is_json(&file.name));
    files
        .map(|file| {
            let stem = stem_of(&file.name);
            let mut prefixes = PREFIXES.iter();
            let rest = prefixes.find_map(|prefix| stem.strip_prefix(prefix));
            let workspace = rest.filter(|rest| !rest.is_empty()).unwrap_or(stem);
            Ok(Unit {
                tool: Tool::I3SaveTree,
                name: layout_name(stem),
                parts: vec![Part::of_tree(file, json(file)?, workspace.to_owned())],
                browsers: Vec::new(),
                notes: Vec::new(),
            })
        })
        .collect()
}
