//! The output of programs: a file for each, in one folder for each layout.
#![expect(
    clippy::disallowed_methods,
    reason = "reads, shortens and removes logs"
)]

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::files::{open_regular, private, read_regular};

/// The number of bytes that are kept from the start and from the end of a log. The cause of a fault is
/// mostly in one of these parts.
const PART: u64 = 32 << 10;

/// The size, in bytes, from which a log is shortened.
const MAX_SIZE: u64 = 4 * PART;

/// The file in a folder with the path of the layout.
const LAYOUT: &str = ".layout";

/// Folders are called `NAME` or `PROJECT/NAME`.
const DEPTH: usize = 2;

/// Creates the folder of a layout, and removes the folders of layouts whose file is gone. A folder that
/// cannot be written or removed does no harm.
pub(super) fn prepare(logs: &Path, name: &str, layout: Option<&Path>) {
    let folder = logs.join(name);
    if let Some(layout) = layout.and_then(|layout| std::path::absolute(layout).ok()) {
        let path = layout.as_os_str().as_bytes();
        let _ = private::create_folder(&folder);
        let _ = private::write(&folder.join(LAYOUT), path);
    }
    remove_old(logs, &folder, DEPTH);
}

/// Creates or empties a log. Programs append to it, so that it can be shortened meanwhile.
pub(super) fn create(log: &Path) -> io::Result<File> {
    log.parent().map_or(Ok(()), private::create_folder)?;
    let file = private::create(log)?;
    let flags = rustix::fs::fcntl_getfl(&file)?;
    rustix::fs::fcntl_setfl(&file, flags | OFlags::APPEND)?;
    Ok(file)
}

/// The start and the end of a log.
pub(super) fn read(log: &Path) -> io::Result<Vec<u8>> {
    read_ends(&mut open_regular(log)?)
}

fn read_ends(file: &mut File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.take(PART).read_to_end(&mut bytes)?;
    if length > 2 * PART {
        let left_out = length - 2 * PART;
        bytes.extend(format!("\n[{left_out} bytes left out]\n").bytes());
        file.seek(SeekFrom::Start(length - PART))?;
    }
    file.take(PART).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Shortens a log that has become long. A log that cannot be shortened does no harm.
pub(super) fn shorten(log: &Path) {
    let is_long = |file: &fs::Metadata| file.is_file() && file.len() > MAX_SIZE;
    if !fs::symlink_metadata(log).is_ok_and(|file| is_long(&file)) {
        return;
    }
    let Ok(ends) = read(log) else { return };
    let mut options = File::options();
    // The program appends at the new end.
    if let Ok(mut file) = options.append(true).open(log)
        && file.set_len(0).is_ok()
    {
        let _ = file.write_all(&ends);
    }
}

/// Shortens the logs of all programs that have become long.
pub fn shorten_all(logs: &Path) {
    shorten_within(logs, DEPTH);
}

fn shorten_within(folder: &Path, depth: usize) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "log") {
            shorten(&path);
        } else if depth > 0 && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            shorten_within(&path, depth - 1);
        }
    }
}

fn remove_old(within: &Path, current: &Path, depth: usize) {
    for entry in fs::read_dir(within).into_iter().flatten().flatten() {
        let folder = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if depth == 0 || !is_folder || folder == current {
            continue;
        }
        if let Ok(layout) = read_regular(&folder.join(LAYOUT)) {
            let layout = PathBuf::from(OsString::from_vec(layout));
            if fs::symlink_metadata(layout).is_err() {
                let _ = fs::remove_dir_all(&folder);
            }
        } else {
            remove_old(&folder, current, depth - 1);
            // The last layout of a project.
            let _ = fs::remove_dir(&folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_of_layouts_that_are_gone_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a.yaml", "b.yaml", "c.yaml"] {
            fs::write(at(name), "").unwrap();
        }
        let logs = at("log");
        for (name, file) in [("a", "a.yaml"), ("p/b", "b.yaml"), ("p/c", "c.yaml")] {
            prepare(&logs, name, Some(&at(file)));
            fs::write(logs.join(name).join("x.log"), "").unwrap();
        }
        // The folder of another version.
        fs::create_dir(logs.join("old")).unwrap();
        fs::write(logs.join("old/x.log"), "").unwrap();
        fs::remove_file(at("a.yaml")).unwrap();
        fs::remove_file(at("b.yaml")).unwrap();
        prepare(&logs, "stdin", None);
        let is_there = |name: &str| logs.join(name).join("x.log").exists();
        assert_eq!(
            ["a", "p/b", "p/c", "old"].map(is_there),
            [false, false, true, true]
        );
        fs::remove_file(at("c.yaml")).unwrap();
        prepare(&logs, "stdin", None);
        assert!(!logs.join("p").exists());
    }

    #[test]
    fn long_log_keeps_its_start_and_its_end_while_a_program_appends() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("p/layout/x.log");
        let mut program = create(&log).unwrap();
        program.write_all(b"first\n").unwrap();
        let line = b"0123456789abcde\n";
        for _ in 0..MAX_SIZE / line.len() as u64 {
            program.write_all(line).unwrap();
        }
        program.write_all(b"last\n").unwrap();
        shorten_all(folder.path());
        program.write_all(b"later\n").unwrap();
        let text = fs::read_to_string(&log).unwrap();
        assert!(text.len() < 66_000, "{}", text.len());
        assert!(text.starts_with("first\n"), "{}", &text[..100]);
        assert!(
            text.ends_with("last\nlater\n"),
            "{}",
            &text[text.len() - 100..]
        );
        assert!(text.contains("\n[65547 bytes left out]\n"));
        shorten_all(folder.path());
        assert_eq!(fs::read_to_string(&log).unwrap(), text);
    }
}
