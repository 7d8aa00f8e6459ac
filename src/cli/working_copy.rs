//! The copies of layouts that editors work on, also those of earlier commands.
#![expect(clippy::disallowed_methods, reason = "keeps copies of layouts")]

use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::context::Context;
use super::schema_file;
use crate::error::Error;
use crate::files::private;
use crate::files::read_regular;
use crate::files::replace::has_ended;
use crate::store::{Doing as _, Target};

/// Folders of copies are called `edit-PID`.
const FOLDER: &str = "edit-";

/// The file in a folder with the fingerprint of the text before, and the path of the layout.
const ABOUT: &str = ".about";

/// The copy that the editor works on.
pub(super) struct WorkingCopy {
    pub(super) path: PathBuf,
    /// The temporary directory that contains it.
    folder: PathBuf,
}

impl WorkingCopy {
    /// The copy keeps the layout's file name, from which editors detect the file type. It
    /// is as deep in its folder as the layout is in the store, so the relative path of the
    /// schema works for both.
    pub(super) fn of(context: &Context, path: &Path) -> Self {
        let folder = format!("{FOLDER}{}", std::process::id());
        Self::within(context, path, context.state.join(folder))
    }

    fn within(context: &Context, path: &Path, folder: PathBuf) -> Self {
        let inside = path.strip_prefix(context.store.layouts()).ok();
        let name = inside.or_else(|| path.file_name().map(Path::new));
        Self {
            path: folder.join(name.unwrap_or(path)),
            folder,
        }
    }

    /// Creates the copy of a layout with this fingerprint.
    pub(super) fn write(
        &self,
        context: &Context,
        layout: &Path,
        fingerprint: &str,
        bytes: &[u8],
    ) -> Result<(), Error> {
        // A killed process with the same id may have left a folder.
        let _ = fs::remove_dir_all(&self.folder);
        private::create_folder(&self.folder).doing("create", &self.folder)?;
        let about = self.folder.join(ABOUT);
        let path = absolute(layout);
        let text = [fingerprint.as_bytes(), b"\n", path.as_os_str().as_bytes()].concat();
        private::write(&about, &text).doing("write", &about)?;
        let text = String::from_utf8_lossy(bytes);
        context.store.write(&self.path, &text)?;
        let folders = [
            Some(context.state.as_path()),
            context.store.layouts().parent(),
        ];
        for folder in folders.into_iter().flatten() {
            // Editing works without the schema.
            let _ = schema_file::put(context, folder);
        }
        Ok(())
    }

    /// Removes the copy, and what the editor has put beside it. A leftover copy does no harm.
    pub(super) fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }

    /// The copies of commands that have ended which have a text for this layout that was never saved.
    /// Removes all copies without such a text, of any layout.
    pub(super) fn unsaved(context: &Context, layout: &Path) -> Vec<Self> {
        let layout = absolute(layout);
        let mut unsaved = Vec::new();
        for entry in fs::read_dir(&context.state).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
            if !process.is_some_and(has_ended) {
                continue;
            }
            let folder = entry.path();
            let Some((fingerprint, of)) = about(&folder) else {
                // It was just created; other folders are not from this version.
                let _ = fs::remove_dir(&folder);
                continue;
            };
            let copy = Self::within(context, &of, folder);
            if !copy.has_unsaved_text(context, &fingerprint, &of) {
                copy.remove();
            } else if of == layout {
                unsaved.push(copy);
            }
        }
        unsaved
    }

    /// True if the text is neither that before the edit nor that of the layout now.
    fn has_unsaved_text(&self, context: &Context, before: &str, layout: &Path) -> bool {
        let fingerprint = |path: &Path| {
            let opened = context.store.read(&Target::File(path.to_owned()));
            opened.map(|opened| opened.fingerprint())
        };
        match fingerprint(&self.path) {
            Ok(now) => now != before && fingerprint(layout).ok().as_ref() != Some(&now),
            Err(error) => !error.is_missing(),
        }
    }

    /// The text of the copy.
    pub(super) fn read(&self) -> Result<Vec<u8>, Error> {
        Ok(read_regular(&self.path).doing("read", &self.path)?)
    }
}

/// The layout of which the file at this path is a copy.
pub(super) fn original(context: &Context, copy: &Path) -> Option<PathBuf> {
    let inside = copy.strip_prefix(&context.state).ok()?;
    let folder = inside.components().next()?.as_os_str();
    folder.to_str().filter(|name| name.starts_with(FOLDER))?;
    about(&context.state.join(folder)).map(|(_, layout)| layout)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The fingerprint of the layout when it was copied to this folder, and its path.
fn about(folder: &Path) -> Option<(String, PathBuf)> {
    let text = read_regular(&folder.join(ABOUT)).ok()?;
    let at = text.iter().position(|byte| *byte == b'\n')?;
    let fingerprint = String::from_utf8(text.get(..at)?.to_vec()).ok()?;
    let path = std::ffi::OsString::from_vec(text.get(at + 1..)?.to_vec());
    Some((fingerprint, path.into()))
}
