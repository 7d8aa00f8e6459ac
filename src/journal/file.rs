//! Edge: the files of the journal, and the clock.
#![expect(clippy::disallowed_methods, reason = "keeps the journal")]

use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::entry::Start;
use super::time::RunId;
use crate::files::{open_regular, read_regular};

/// The number of bytes at the end of a file in which its last line is searched first.
const TAIL: u64 = 8 * 1024;

/// The runs to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The age.
    pub age: Duration,
    /// The number.
    pub runs: usize,
}

/// The folder of the journal.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    /// The ids of all runs, the oldest first; empty if the folder cannot be read.
    pub fn runs(&self) -> Vec<RunId> {
        let runs = self.entries().map(|(id, entry)| {
            let written = entry.metadata().and_then(|metadata| metadata.modified());
            (id, written.ok())
        });
        let mut runs: Vec<(RunId, Option<SystemTime>)> = runs.collect();
        // The numbers of processes start again at some time, also within a second.
        runs.sort_by(|(one, written), (other, others)| {
            let order = one.second().cmp(other.second());
            order.then(written.cmp(others)).then_with(|| one.cmp(other))
        });
        runs.into_iter().map(|(id, _)| id).collect()
    }

    /// The files of the runs, in no order.
    fn entries(&self) -> impl Iterator<Item = (RunId, DirEntry)> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries.filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let id = RunId::parse(name.strip_suffix(".jsonl")?)?;
            Some((id, entry))
        })
    }

    /// The file of a run.
    pub fn path(&self, id: &RunId) -> PathBuf {
        self.0.join(format!("{id}.jsonl"))
    }

    /// Removes the runs that are not kept. A file that cannot be removed stays.
    ///
    /// Each run begins with this, so it looks only at the names. If some runs of one second are
    /// surplus, it does not matter which.
    pub fn prune(&self, keep: Retention) {
        let mut runs: Vec<RunId> = self.entries().map(|(id, _)| id).collect();
        runs.sort_unstable();
        let oldest = RunId::new(now().saturating_sub(keep.age), 0);
        let surplus = runs.len().saturating_sub(keep.runs);
        for (position, id) in runs.iter().enumerate() {
            if position < surplus || id.second() < oldest.second() {
                let _ = fs::remove_file(self.path(id));
            }
        }
    }

    /// The content of a file. Bytes that are not UTF-8 are replaced.
    pub fn read(&self, id: &RunId) -> io::Result<String> {
        let bytes = read_regular(&self.path(id))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The first and the last line of a file.
    pub fn ends(&self, id: &RunId) -> io::Result<(String, String)> {
        let mut file = open_regular(&self.path(id))?;
        let length = file.metadata()?.len();
        if length > 2 * TAIL {
            let part = |file: &mut File, at: u64| -> io::Result<String> {
                file.seek(SeekFrom::Start(at))?;
                let mut bytes = Vec::new();
                file.take(TAIL).read_to_end(&mut bytes)?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            };
            let (head, tail) = (part(&mut file, 0)?, part(&mut file, length - TAIL)?);
            let last = tail.trim_end_matches('\n').rsplit_once('\n');
            if let (Some((first, _)), Some((_, last))) = (head.split_once('\n'), last) {
                return Ok((first.to_owned(), last.to_owned()));
            }
        }
        let text = self.read(id)?;
        let first = text.lines().next().unwrap_or_default();
        let last = text.lines().next_back().unwrap_or_default();
        Ok((first.to_owned(), last.to_owned()))
    }
}

/// The time since 1970.
pub fn now() -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default()
}

/// A file that is being written, and the time since its start.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` if it could not be created.
    file: Option<File>,
    begun: Instant,
    /// The lines that were not written yet.
    pub(super) lines: Vec<u8>,
}

impl Writer {
    /// Creates the file of a run. Returns the run's start with the time of the clock.
    pub(super) fn create(folder: &Folder, start: Start) -> io::Result<(Self, Start)> {
        let at = now();
        let path = folder.path(&RunId::new(at, start.pid));
        let create = || {
            let mut options = fs::OpenOptions::new();
            options.append(true).create_new(true).mode(0o600);
            options.open(&path)
        };
        let file = create().or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let mut folders = fs::DirBuilder::new();
                folders.recursive(true).mode(0o700).create(&folder.0)?;
                create()
            }
            _ => Err(error),
        })?;
        let start = Start {
            at: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            ..start
        };
        let writer = Self {
            file: Some(file),
            ..Self::without_file()
        };
        Ok((writer, start))
    }

    /// Writes to no file, for somebody who only follows the command.
    pub(super) fn without_file() -> Self {
        Self {
            file: None,
            begun: Instant::now(),
            lines: Vec::new(),
        }
    }

    /// Writes to the file no more, after an error.
    pub(super) fn close(&mut self) {
        self.file = None;
        self.lines.clear();
    }

    /// The time since the start, in milliseconds with microseconds.
    pub(super) fn milliseconds(&self) -> f64 {
        (self.begun.elapsed().as_secs_f64() * 1e6).round() / 1e3
    }

    /// Writes all lines at once, without waiting for the disk.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let written = match &mut self.file {
            Some(file) => file.write_all(&self.lines),
            None => Ok(()),
        };
        self.lines.clear();
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_second_are_in_the_order_in_which_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let runs = Folder(folder.path().to_owned());
        let ids = ["20261129-211544-32700", "20261129-211544-310"];
        for (later, id) in [(10, ids[0]), (20, ids[1])] {
            let file = File::create(runs.path(&RunId::parse(id).unwrap())).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(later))
                .unwrap();
        }
        let found = runs.runs();
        let found: Vec<&str> = found.iter().map(RunId::as_str).collect();
        assert_eq!(found, ids);
    }
}
