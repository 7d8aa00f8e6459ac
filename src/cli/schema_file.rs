//! The schema file beside the layouts, and its path in the first line of a layout.
#![expect(clippy::disallowed_methods, reason = "looks at files")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use miette::Diagnostic;

use super::context::Context;
use crate::layout::schema::SCHEMA_TEXT;
use crate::store::StoreError;

const NAME: &str = "layout-v1.schema.json";

/// The schema could not be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot write the schema for editors")]
#[diagnostic(code("no-schema"), severity(Warning))]
pub(super) struct NoSchema(#[from] StoreError);

/// Writes the schema to a folder. If that fails, it is only a warning, because a layout
/// works without it.
pub(super) fn put(context: &Context, folder: &Path) -> Result<(), NoSchema> {
    context.store.write(&folder.join(NAME), SCHEMA_TEXT)?;
    Ok(())
}

/// The schema beside the layouts of the store.
pub(super) fn path_in_store(context: &Context) -> Option<PathBuf> {
    Some(context.store.layouts().parent()?.join(NAME))
}

/// The schema's path relative to a layout at `path`, for the first line of the layout.
/// Editors resolve it this way. A relative path contains no home directory and works on
/// every machine with the same folders.
///
/// Returns `None` for a file that is neither in the store nor below the home directory.
pub(super) fn named_by(context: &Context, path: &Path) -> Option<String> {
    let folder = absolute(path.parent()?)?;
    let schema = path_in_store(context)?;
    let is_near = |path: &Path| path.starts_with(&context.home);
    let is_found =
        folder.starts_with(context.store.layouts()) || (is_near(&folder) && is_near(&schema));
    let path = is_found.then(|| relative(&folder, &schema))?;
    path.to_str().map(str::to_owned)
}

fn absolute(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    if absolute.components().any(|one| one == Component::ParentDir) {
        return fs::canonicalize(absolute).ok();
    }
    Some(absolute)
}

/// The relative path from a folder to a file, both absolute.
fn relative(folder: &Path, file: &Path) -> PathBuf {
    let shared = folder
        .components()
        .zip(file.components())
        .take_while(|(one, other)| one == other)
        .count();
    let up = folder.components().skip(shared).map(|_| OsStr::new(".."));
    let down = file.components().skip(shared).map(Component::as_os_str);
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_go_up_and_down() {
        for (folder, file, way) in [
            ("/h/.config/i/layouts", "/h/.config/i/s.json", "../s.json"),
            (
                "/h/.config/i/layouts/p",
                "/h/.config/i/s.json",
                "../../s.json",
            ),
            ("/h/src/a", "/h/.config/i/s.json", "../../.config/i/s.json"),
            ("/h/.config/i", "/h/.config/i/s.json", "s.json"),
        ] {
            let found = relative(Path::new(folder), Path::new(file));
            assert_eq!(found, Path::new(way));
        }
    }
}
