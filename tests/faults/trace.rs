//! Runs a command under strace, which disturbs one of its system calls.

use std::fmt::{self, Display};
use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use super::events::Event;
use crate::harness::Desktop;
use crate::harness::command::Output;
use crate::harness::processes::{self, Handle};

/// System calls that change something outside the process, without starts of programs. The `?`
/// accepts calls that not all architectures have.
const CHANGES: &str = "write,writev,sendto,sendmsg,?rename,renameat,renameat2,?unlink,unlinkat,\
                       ?mkdir,mkdirat,ftruncate,?link,linkat,?symlink,symlinkat,fsync,fdatasync,\
                       ?chmod,fchmod,fchmodat,flock";

/// The same, with starts of programs.
const CHANGES_AND_STARTS: &str = "write,writev,sendto,sendmsg,?rename,renameat,renameat2,?unlink,\
                                  unlinkat,?mkdir,mkdirat,ftruncate,?link,linkat,?symlink,\
                                  symlinkat,fsync,fdatasync,?chmod,fchmod,fchmodat,flock,?fork,\
                                  ?vfork,clone,clone3";

/// Time limit of a command that something happens to.
const LIMIT: Duration = Duration::from_secs(50);

/// A fault at a step.
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
    /// The system calls that are its steps.
    const fn calls(&self) -> &'static str {
        match self {
            Self::NoDescriptors => "openat,socket,pipe2",
            Self::Event(_) => CHANGES,
            Self::Kill | Self::Error(_) => CHANGES_AND_STARTS,
        }
    }

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

/// The number of steps at which this fault can happen, in a run without faults.
pub(super) fn count(desktop: &Desktop, arguments: &[&str], fault: &Fault) -> u32 {
    let log = desktop.path().join("log/steps");
    let path = log.display().to_string();
    let trace = format!("trace={}", fault.calls());
    let strace = [
        "strace",
        "-qq",
        "-o",
        &path,
        "-e",
        &trace,
        "-e",
        "signal=none",
    ];
    let output = desktop.command(arguments).under(strace).run().success();
    let text = fs::read_to_string(log).expect("strace has written the file");
    let lines = text.lines().filter(|line| line.contains('('));
    let count = lines.count().try_into();
    count.unwrap_or_else(|_| panic!("too many steps: {}", output.transcript()))
}

/// Runs the command with a fault at one of its steps; counted from 1.
pub(super) fn inject(desktop: &Desktop, arguments: &[&str], step: u32, fault: &Fault) -> Output {
    let calls = fault.calls();
    let inject = match fault {
        Fault::Kill => format!("inject={calls}:signal=KILL:when={step}"),
        Fault::Error(name) => format!("inject={calls}:error={name}:when={step}"),
        Fault::NoDescriptors => format!("inject={calls}:error=EMFILE:when={step}+"),
        Fault::Event(_) => format!("inject={calls}:signal=STOP:when={step}"),
    };
    let trace = format!("trace={calls}");
    let log = desktop.path().join("log/strace");
    let path = log.display().to_string();
    let strace = ["strace", "-o", &path, "-e", &trace, "-e", &inject];
    let running = desktop.command(arguments).under(strace).start();
    if let Fault::Event(event) = fault {
        let tracer = running.pid();
        let mut stops = 0;
        // strace can stop the command again at a later call.
        desktop.wait_until_within(LIMIT, "the command ends", || {
            let log = fs::read_to_string(&log).unwrap_or_default();
            let now = log.matches("--- stopped by SIGSTOP").count();
            let is_first = stops == 0 && now > 0;
            // Then nothing can happen while it is stopped.
            let is_grabbed = is_first && desktop.display().is_grabbed();
            if is_first && !is_grabbed {
                (event.happen)(desktop);
            }
            if now > stops {
                let command = children(tracer).into_iter().filter_map(Handle::open);
                command.for_each(|command| command.signal(Signal::CONT));
                stops = now;
            }
            if is_grabbed {
                (event.happen)(desktop);
            }
            log.lines()
                .last()
                .is_some_and(|line| line.starts_with("+++"))
        });
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
