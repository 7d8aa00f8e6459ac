//! Replacing files atomically, and removing what killed processes have left.
#![expect(clippy::disallowed_methods, reason = "writes files")]

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Gid, Mode, Uid};
use rustix::process::Pid;

/// The way to replace a file.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// The permissions of a new file.
    pub mode: u32,
    /// A file whose owner and permissions the new file gets.
    pub like: Option<&'a Metadata>,
    /// True if the content must survive a power cut.
    pub synced: bool,
}

/// The number of names that are tried for a temporary file.
const ATTEMPTS: u32 = 8;

/// The ending of temporary files.
const ENDING: &str = ".tmp";

/// Folders of this program begin with this name.
const OWN: &str = "i3pm-layout";

/// Writes a new file beside the old one, and renames it. The new file is created with `O_EXCL`, so
/// nothing that another user has put there is followed. The folder must exist.
pub fn replace(path: &Path, content: &[u8], new: New<'_>) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    remove_leftovers(folder, &name);
    let (mut file, fresh) = create(folder, &name, new.mode)?;
    let done = (|| {
        if let Some(like) = new.like {
            let owner = (Uid::from_raw(like.uid()), Gid::from_raw(like.gid()));
            // Only root can change the owner; all other users own the file already.
            let _ = rustix::fs::fchown(&file, Some(owner.0), Some(owner.1));
            rustix::fs::fchmod(&file, Mode::from_raw_mode(like.mode()))?;
        }
        file.write_all(content)?;
        if new.synced {
            file.sync_all()?;
        }
        fs::rename(&fresh, path)
    })();
    if done.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    done
}

/// Creates the temporary file of this process: `.NAME.PID.tmp`.
fn create(folder: &Path, name: &str, mode: u32) -> io::Result<(File, PathBuf)> {
    let own = std::process::id();
    let mut attempt = 0;
    loop {
        let number = match attempt {
            0 => String::new(),
            number => format!("-{number}"),
        };
        let fresh = folder.join(format!(".{name}.{own}{number}{ENDING}"));
        // A killed process with the same id may have left a file.
        let _ = fs::remove_file(&fresh);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(mode);
        match options.open(&fresh) {
            Ok(file) => return Ok((file, fresh)),
            // It belongs to another user.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Removes temporary files of processes that have ended: in a folder of this program all of them,
/// elsewhere those of the file with this name. A file that cannot be removed does no harm.
fn remove_leftovers(folder: &Path, name: &str) {
    let mut parts = folder.components().rev().take(3);
    let is_own = parts.any(|part| part.as_os_str().to_string_lossy().starts_with(OWN));
    for_each_leftover(folder, |found, path| {
        let of_process = found.strip_prefix('.').and_then(|found| {
            let (base, process) = found.strip_suffix(ENDING)?.rsplit_once('.')?;
            (is_own || base == name).then(|| process.split('-').next())?
        });
        if of_process.is_some_and(has_ended) {
            let _ = fs::remove_file(path);
        }
    });
}

/// Removes the files `WHAT-PID-NUMBER.json` of processes that have ended.
pub fn remove_numbered_leftovers(folder: &Path, what: &[&str]) {
    for_each_leftover(folder, |found, path| {
        let of_process = what.iter().find_map(|what| {
            let rest = found.strip_prefix(what)?.strip_prefix('-')?;
            let (process, _) = rest.strip_suffix(".json")?.split_once('-')?;
            Some(process)
        });
        if of_process.is_some_and(has_ended) {
            let _ = fs::remove_file(path);
        }
    });
}

/// Calls a function for each file of this user in a folder.
fn for_each_leftover(folder: &Path, mut then: impl FnMut(&str, &Path)) {
    let own = rustix::process::geteuid().as_raw();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_own_file = || {
            let metadata = entry.metadata();
            metadata.is_ok_and(|metadata| metadata.is_file() && metadata.uid() == own)
        };
        if let Some(name) = name.to_str()
            && name.contains('-') | name.ends_with(ENDING)
            && is_own_file()
        {
            then(name, &entry.path());
        }
    }
}

/// True if no process has this id.
pub fn has_ended(process: &str) -> bool {
    let process = process.parse().ok().filter(|id: &i32| *id > 0);
    let Some(process) = process.and_then(Pid::from_raw) else {
        return false;
    };
    rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: New<'_> = New {
        mode: 0o600,
        like: None,
        synced: false,
    };

    /// The id of a process that has ended.
    fn ended() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn files_of_ended_processes_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared");
        let own = folder.path().join("i3pm-layout/layouts");
        let (gone, here) = (ended(), std::os::unix::process::parent_id());
        let left = |name: &str, process: u32| format!(".{name}.{process}.tmp");
        for folder in [&shared, &own] {
            fs::create_dir_all(folder).unwrap();
            for name in [left("a", gone), left("b", gone), left("a", here)] {
                fs::write(folder.join(name), "").unwrap();
            }
            fs::write(folder.join(".a.x.tmp"), "").unwrap();
            replace(&folder.join("a"), b"1", NEW).unwrap();
        }
        let kept = [left("a", here), ".a.x.tmp".to_owned()];
        let mut expected = vec![kept[0].clone(), kept[1].clone(), "a".to_owned()];
        assert_eq!(names(&own), expected);
        expected.insert(2, left("b", gone));
        assert_eq!(names(&shared), expected);
    }

    #[test]
    fn numbered_files_of_ended_processes_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (gone, here) = (ended(), std::process::id());
        for name in [
            format!("append-{gone}-0.json"),
            format!("append-{here}-0.json"),
            format!("other-{gone}-0.json"),
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        remove_numbered_leftovers(folder.path(), &["append"]);
        let kept = [
            format!("append-{here}-0.json"),
            format!("other-{gone}-0.json"),
        ];
        assert_eq!(names(folder.path()), kept);
    }
}
