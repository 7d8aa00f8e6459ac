//! The file of the user with the commands that are known to have a process each.

use std::path::Path;

use crate::apply::apart::Apart;
use crate::apply::state::State;
use crate::records::file;

/// Reads the file; empty if it cannot be read. Programs are then started one after the other.
pub(in crate::apply) fn read(path: &Path) -> Apart {
    file::try_read_any(path).unwrap_or_default()
}

/// Adds the results of a run.
pub(in crate::apply) fn learn(path: &Path, state: &State<'_>) {
    if !state.has_several_windows() {
        return;
    }
    let before = read(path);
    let mut known = before.clone();
    state.note_apart(&mut known);
    if known != before {
        // Without it, the next run only takes longer.
        let _ = file::write_any(path, &known);
    }
}
