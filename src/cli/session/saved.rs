//! The files of saved sessions.
#![expect(clippy::disallowed_methods, reason = "reads and removes the files")]

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::context::Context;
use crate::compile::monitors::profile::is_for;
use crate::journal::RunId;
use crate::layout::Layout;
use crate::live::Output;
use crate::store::Target;

/// The number of sessions that are kept, in addition to the latest one for each set of monitors.
const KEPT: usize = 10;

/// A saved session that can be read.
pub(super) struct Saved {
    /// Its id, which sorts by time.
    pub(super) id: RunId,
    /// Its file.
    pub(super) path: PathBuf,
    /// Its content.
    pub(super) layout: Layout,
}

impl Saved {
    /// True if it was saved on these monitors.
    pub(super) fn fits(&self, outputs: &[Output]) -> bool {
        is_for(&self.layout, outputs)
    }
}

/// The folder of the sessions.
fn folder(context: &Context) -> PathBuf {
    context.state.join("sessions")
}

/// The file of a new session.
pub(super) fn path(context: &Context, id: &RunId) -> PathBuf {
    folder(context).join(format!("{id}.yaml"))
}

/// The saved sessions, the latest first. Files that cannot be read are left out.
pub(super) fn all(context: &Context) -> Vec<Saved> {
    let Ok(files) = fs::read_dir(folder(context)) else {
        return Vec::new();
    };
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let all = paths.filter_map(|path| {
        let id = RunId::parse(path.file_stem()?.to_str()?)?;
        let loaded = context.load_target(&Target::File(path.clone())).ok()?;
        let layout = loaded.layout;
        Some(Saved { id, path, layout })
    });
    let mut all: Vec<Saved> = all.collect();
    all.sort_by_key(|one| Reverse(one.id.to_string()));
    all
}

/// Removes old sessions.
pub(super) fn prune(context: &Context) {
    let mut monitors = BTreeSet::new();
    for (position, saved) in all(context).into_iter().enumerate() {
        let is_latest = monitors.insert(format!("{:?}", saved.layout.monitors));
        if position >= KEPT && !is_latest {
            // The next save tries again.
            let _ = fs::remove_file(saved.path);
        }
    }
}

/// True for the file of a saved session.
pub(in crate::cli) fn is_session(context: &Context, path: &Path) -> bool {
    path.starts_with(folder(context))
}
