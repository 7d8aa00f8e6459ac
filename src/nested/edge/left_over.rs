//! Cleans up after a nested desktop whose `try` or `tutorial` was killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rustix::process::Signal;

use super::ending::{TIME_TO_END, kill, signal_until};
use crate::discover::proc_table::ProcTable;
use crate::live::Pid;
use crate::nested::environment::Places;

/// Ends the processes that were started in this folder, and removes it. What cannot be ended or
/// removed stays.
pub(super) fn remove(folder: &Path) {
    let running = || members(folder);
    if !signal_until(Signal::TERM, TIME_TO_END, running) {
        kill(running);
    }
    let _ = fs::remove_dir_all(folder);
}

/// The processes that were started in this folder, except this one and those that it descends from.
fn members(folder: &Path) -> BTreeSet<u32> {
    let processes = ProcTable::new();
    let own = Pid(std::process::id());
    let is_above = |pid: Pid| {
        let below = processes.descendants(pid);
        pid == own || below.iter().any(|one| one.pid == own)
    };
    let all = processes.all().into_iter();
    let members = all.filter(|pid| belongs_to(folder, &processes, *pid) && !is_above(*pid));
    members.map(|pid| pid.0).collect()
}

/// True for a program that was started in the nested desktop, and for its X server: both know the file
/// that lets programs in.
fn belongs_to(folder: &Path, processes: &ProcTable, pid: Pid) -> bool {
    let file = Places::authority(folder);
    let variable = processes.variable(pid, "XAUTHORITY");
    let is_inside = variable.is_some_and(|value| Path::new(&value) == file);
    let is_server = || {
        let program = processes.program(pid);
        let mut words = program.into_iter().flat_map(|program| program.argv);
        words.any(|word| Path::new(&word) == file)
    };
    is_inside || is_server()
}
