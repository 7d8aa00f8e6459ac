//! Runs a hook: a program that must end within a time.
#![expect(
    clippy::disallowed_methods,
    reason = "ends programs, and waits for them"
)]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal as Kill, kill_process_group};

use super::interrupt::{Interrupts, Signal};
use super::launch::{Launcher, ended, output};
use super::logs;
use crate::apply::reason::Exit;
use crate::apply::report::ProgramOutput;
use crate::apply::{ApplyError, NotStarted};
use crate::compile::Program;

/// The time between the request to end and the end by force.
const GRACE: Duration = Duration::from_secs(1);

/// The end of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookEnd {
    /// It has exited.
    Exited(Exit),
    /// It could not be started.
    NotStarted(NotStarted),
    /// It did not end in time, and was ended.
    TimedOut,
    /// The user interrupted it, and it was ended.
    Interrupted,
}

/// What happened to a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookRun {
    /// The end.
    pub end: HookEnd,
    /// The time that it took.
    pub elapsed: Duration,
    /// Its output. The middle of long output is left out.
    pub output: String,
    /// The part of the output that names a fault.
    pub shown: ProgramOutput,
}

/// Runs a program in this environment, and waits for its end at most this long. Its output goes to
/// the file `log`, so processes that it leaves behind can still write.
///
/// If it takes longer, or the user presses Ctrl-C, its process group is ended.
pub fn run_hook(
    program: &Program,
    env: &BTreeMap<OsString, OsString>,
    timeout: Duration,
    log: &Path,
) -> Result<HookRun, ApplyError> {
    let begin = Instant::now();
    let (sender, signals) = mpsc::channel();
    // Before the start, so that no signal is missed.
    let _interrupts = Interrupts::watch(move |signal| {
        // The run has ended if nobody listens.
        let _ = sender.send(signal);
    })
    .map_err(ApplyError::Signals)?;
    let started = Launcher { env }.launch(program, None, log);
    let end = match started {
        Ok(mut child) => wait(&mut child, &signals, begin + timeout),
        Err(error) => HookEnd::NotStarted(error),
    };
    let all = logs::read(log).unwrap_or_default();
    Ok(HookRun {
        end,
        elapsed: begin.elapsed(),
        output: String::from_utf8_lossy(&all).into_owned(),
        shown: output(log),
    })
}

fn wait(child: &mut Child, signals: &Receiver<Signal>, deadline: Instant) -> HookEnd {
    let end = loop {
        if let Some(exit) = ended(child) {
            return HookEnd::Exited(exit);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        match signals.recv_timeout(left) {
            Ok(Signal::Child) => {}
            Ok(Signal::Interrupt) => break HookEnd::Interrupted,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                break HookEnd::TimedOut;
            }
        }
    };
    end_group(child, signals);
    end
}

/// Ends a program with everything that it has started in its process group.
fn end_group(child: &mut Child, signals: &Receiver<Signal>) {
    let group = Pid::from_child(child);
    // A group without processes needs no signal.
    let _ = kill_process_group(group, Kill::TERM);
    let deadline = Instant::now() + GRACE;
    while ended(child).is_none() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let _ = signals.recv_timeout(left);
    }
    let _ = kill_process_group(group, Kill::KILL);
    while ended(child).is_none() {
        // It ends at once, unless the kernel waits for a device.
        if signals.recv_timeout(GRACE).is_err() {
            break;
        }
    }
}
