//! Runs a command under strace, which disturbs one of its system calls.

use std::fmt::{self, Display};
use std::fs;
use std::path::Path;

use rustix::process::Signal;

use super::events::Event;
use crate::harness::command::{Call, Output};
use crate::harness::processes::{self, Handle};
use crate::harness::Desktop;

/// System calls that change something outside the process. The `?` accepts calls that not all
/// architectures have.
const CHANGES: &str = "write,writev,sendto,sendmsg,?rename,renameat,renameat2,?unlink,unlinkat,\
                       ?mkdir,mkdirat,ftruncate,?link,linkat,?symlink,symlinkat,?fork,?vfork,clone,\
                       clone3,fsync,fdatasync,?chmod,fchmod,fchmodat,flock";

/// What happens at a step.
pub(super) enum Fault {
    /// SIGKILL before the system call.
    Kill,
    /// The system call fails with this error.
    Error(&'static str),
    /// No file can be opened from the step on, as if all descriptors were used up.
    NoDescriptors,
    /// The command is stopped, and something happens on the desktop.
    Event(&'static Event),
}

impl Fault {
    pub(super) fn kills_the_session(&self) -> bool {
        matches!(self, Self::Event(event) if event.ends_session)
    }

    pub(super) fn closes_a_window(&self) -> bool {
        matches!(self, Self::Event(event) if event.closes_a_window)
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("SIGKILL"),
            Self::Error(name) => f.write_str(name),
            Self::NoDescriptors => f.write_str("EMFILE"),
            Self::Event(event) => f.write_str(event.name),
        }
    }
}

/// A call that records its steps in a file.
pub(super) fn count<'a>(desktop: &'a Desktop, arguments: &[&str], log: &Path) -> Call<'a> {
    let log = log.display().to_string();
    let trace = format!("trace={CHANGES}");
    let strace = ["strace", "-qq", "-o", &log, "-e", &trace, "-e", "signal=none"];
    desktop.command(arguments).under(strace)
}

/// The number of steps in the file.
pub(super) fn steps(log: &Path) -> u32 {
    let text = fs::read_to_string(log).expect("strace has written the file");
    let lines = text.lines().filter(|line| line.contains('('));
    lines.count().try_into().expect("a command has few steps")
}

/// Runs the command with a fault at one of its steps; counted from 1.
pub(super) fn inject(desktop: &Desktop, arguments: &[&str], step: u32, fault: &Fault) -> Output {
    let inject = match fault {
        Fault::Kill => format!("inject={CHANGES}:signal=KILL:when={step}"),
        Fault::Error(name) => format!("inject={CHANGES}:error={name}:when={step}"),
        Fault::NoDescriptors => format!("inject=openat,socket,pipe2:error=EMFILE:when={step}+"),
        Fault::Event(_) => format!("inject={CHANGES}:signal=STOP:when={step}"),
    };
    let log = desktop.path().join("log/strace");
    let path = log.display().to_string();
    let trace = match fault {
        Fault::NoDescriptors => "trace=openat,socket,pipe2".to_owned(),
        _ => format!("trace={CHANGES}"),
    };
    let strace = ["strace", "-o", &path, "-e", &trace, "-e", &inject];
    let running = desktop.command(arguments).under(strace).start();
    if let Fault::Event(event) = fault {
        let tracer = running.pid();
        let mut stopped = false;
        desktop.wait_until("the command stops or ends", || {
            let log = fs::read_to_string(&log).unwrap_or_default();
            stopped = log.contains("--- stopped by SIGSTOP");
            stopped || log.contains("+++ exited")
        });
        if stopped {
            (event.happen)(desktop);
            for pid in children(tracer) {
                if let Some(handle) = Handle::open(pid) {
                    handle.signal(Signal::CONT);
                }
            }
        }
    }
    running.wait()
}

fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc is mounted");
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| processes::parent(*pid) == Some(parent))
        .collect()
}
