//! Edge: the desktop entries of this machine (Desktop Entry Specification 1.5).
//!
//! They are read only on demand, and once. For most windows the process is enough, and reading
//! hundreds of files costs more than everything else.
#![expect(clippy::disallowed_methods, reason = "reads desktop entries")]

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::desktop_file::DesktopFile;
use super::search_path::{self, SearchPath};

/// The maximum depth of folders below `applications`.
const MAX_DEPTH: usize = 8;

/// The size of most entries, with all their translations.
const USUAL_BYTES: usize = 64 << 10;

/// The maximum size of an entry; the rest is not read.
const MAX_BYTES: u64 = 4 << 20;

/// The desktop entries in data directories.
#[derive(Debug, Default)]
pub struct InstalledApps {
    directories: Vec<PathBuf>,
    entries: OnceCell<Vec<DesktopFile>>,
}

impl InstalledApps {
    /// Takes the data directories, the most important first: `XDG_DATA_HOME`, then those of
    /// `XDG_DATA_DIRS` (XDG Base Directory Specification).
    pub fn new(data_directories: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            directories: data_directories.into_iter().collect(),
            entries: OnceCell::new(),
        }
    }

    /// Returns the first entry of each file id, unless it is hidden or its program is not
    /// installed.
    pub fn all(&self, programs: &SearchPath) -> &[DesktopFile] {
        self.entries.get_or_init(|| {
            let mut seen = BTreeSet::new();
            let mut entries = Vec::new();
            for directory in &self.directories {
                read_directory(&directory.join("applications"), &mut |id, bytes| {
                    if seen.insert(id.to_owned())
                        && let Some((entry, try_exec)) = DesktopFile::parse(id, bytes)
                        && try_exec.is_none_or(|program| is_installed(&program, programs))
                    {
                        entries.push(entry);
                    }
                });
            }
            entries
        })
    }
}

fn is_installed(program: &str, programs: &SearchPath) -> bool {
    if program.contains('/') {
        search_path::is_program(Path::new(program))
    } else {
        programs.find(program).is_some()
    }
}

fn read_directory(directory: &Path, found: &mut impl FnMut(&str, &[u8])) {
    let files = WalkDir::new(directory)
        .follow_links(true)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|file| file.file_type().is_file());
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    for file in files {
        let Some(id) = file
            .path()
            .strip_prefix(directory)
            .ok()
            .and_then(Path::to_str)
            .and_then(|path| path.strip_suffix(".desktop"))
            .map(|path| path.replace('/', "-"))
        else {
            continue;
        };
        bytes.clear();
        // This does not ask for the size, which saves a system call per file.
        let read =
            File::open(file.path()).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
        if read.is_ok() {
            found(&id, &bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/desktop-entries")
            .join(name)
    }

    #[test]
    fn the_first_entry_of_an_id_wins_and_may_hide_the_others() {
        let programs = SearchPath::new("/nowhere".as_ref());
        let entries = InstalledApps::new([data("home"), data("system"), data("missing")]);
        let found: Vec<(&str, String)> = entries
            .all(&programs)
            .iter()
            .map(|entry| (entry.id.as_str(), entry.exec.argv.join(" ")))
            .collect();
        // Missing: `hidden`, which home deletes, and `not-installed`, whose TryExec is not
        // found.
        assert_eq!(
            found,
            [
                ("editor", "my-editor --fast".to_owned()),
                ("kde-player", "player".to_owned()),
                ("odd", "odd program  with a \" and % --title=Odd".to_owned()),
                ("service", "service --window".to_owned()),
            ]
        );
    }
}
