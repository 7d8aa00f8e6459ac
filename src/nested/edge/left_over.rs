//! What remains of a nested desktop if the process that started it was killed.

use std::fs;
use std::path::Path;

use rustix::process::{PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::family::to_pid;
use crate::discover::proc_table::ProcTable;
use crate::live::Pid;
use crate::nested::environment::Places;

/// Ends the processes that were started in this folder, and removes it. What cannot be ended or
/// removed stays.
pub(super) fn remove(folder: &Path) {
    let processes = ProcTable::new();
    for pid in processes.all() {
        let handle = to_pid(pid.0).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        // A handle is that of the process if the process is looked at after it was opened.
        if let Some(handle) = handle
            && belongs_to(folder, &processes, pid)
        {
            let _ = pidfd_send_signal(&handle, Signal::TERM);
        }
    }
    let _ = fs::remove_dir_all(folder);
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
