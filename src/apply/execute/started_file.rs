//! The file of the session with the programs that have no window yet.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::runtime::Runtime;
use crate::apply::unfinished::Unfinished;
use crate::compile::Plan;
use crate::files::{private, read_regular};
use crate::live::{Processes, Seat};

fn file(runtime: &Runtime) -> PathBuf {
    runtime.file("started", "json")
}

/// The slots of the programs of earlier runs, by the token in their environment. A slot of the plan
/// counts if its command is the same.
pub fn seats_of_started(root: &Path, display: &str, plan: &Plan) -> BTreeMap<String, Seat> {
    let all = read_all(&Runtime::unchecked(root, display)).into_iter();
    let all = all.filter(|one| one.layout != plan.name_of_seats() || one.is_in(plan));
    all.map(|one| (one.token, Seat::new(&one.layout, &one.slot)))
        .collect()
}

/// The programs of earlier runs; none if the file cannot be read.
fn read_all(runtime: &Runtime) -> Vec<Unfinished> {
    let text = read_regular(&file(runtime)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// The same, without those that have ended.
pub(in crate::apply) fn read(runtime: &Runtime, processes: &dyn Processes) -> Vec<Unfinished> {
    let mut all = read_all(runtime);
    all.retain(|one| processes.runs(one.process()));
    all
}

/// Records programs for the next run.
pub(in crate::apply) fn write(runtime: &Runtime, all: &[Unfinished]) -> io::Result<()> {
    let text = serde_json::to_vec(all).unwrap_or_default();
    private::write(&file(runtime), &text)
}
