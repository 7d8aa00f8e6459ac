//! The pictures of layouts in the menu.
#![expect(clippy::disallowed_methods, reason = "reads and removes the files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::super::context::Context;
use super::super::preview::picture_of;
use crate::files::private;

/// The maximum time to draw pictures; the others are drawn by the next menu.
const BUDGET: Duration = Duration::from_millis(500);

/// The pictures of these layouts, in order; `None` for a layout without one. They are drawn once
/// for each content of a file.
pub(super) fn icons(context: &Context, names: &[&str]) -> Vec<Option<PathBuf>> {
    let folder = context.cache.join("previews");
    let begun = Instant::now();
    let mut used = BTreeSet::new();
    let icons = names.iter().map(|name| {
        let target = context.store.target(name).ok()?;
        let loaded = context.load_target(&target).ok()?;
        let file = folder.join(format!("{}.png", loaded.opened.fingerprint_of_all()));
        used.insert(file.clone());
        if file.is_file() {
            return Some(file);
        }
        if begun.elapsed() > BUDGET {
            return None;
        }
        let picture = picture_of(&loaded, context).ok()?;
        let written =
            private::ensure_folder(&folder).and_then(|()| private::write(&file, &picture));
        written.ok().map(|()| file)
    });
    let icons: Vec<Option<PathBuf>> = icons.collect();
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !used.contains(&file.path()) {
            // The next menu tries again.
            let _ = fs::remove_file(file.path());
        }
    }
    icons
}
