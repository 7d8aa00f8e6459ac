//! The file of the session with the programs that have no window yet.
#![expect(clippy::disallowed_methods, reason = "keeps the files of a run")]

use std::fs;
use std::io;
use std::path::PathBuf;

use super::runtime::{Runtime, write_private};
use crate::apply::unfinished::Unfinished;
use crate::live::Processes;

fn file(runtime: &Runtime) -> PathBuf {
    runtime.file("started", "json")
}

/// The programs of earlier runs that are still running; none if the file cannot be read.
pub(in crate::apply) fn read(runtime: &Runtime, processes: &dyn Processes) -> Vec<Unfinished> {
    let text = fs::read(file(runtime)).unwrap_or_default();
    let mut all: Vec<Unfinished> = serde_json::from_slice(&text).unwrap_or_default();
    all.retain(|one| processes.runs(one.process()));
    all
}

/// Records programs for the next run.
pub(in crate::apply) fn write(runtime: &Runtime, all: &[Unfinished]) -> io::Result<()> {
    let text = serde_json::to_vec(all).unwrap_or_default();
    write_private(&file(runtime), &text)
}
