//! Ends processes by signals.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// The time that programs get to end by themselves.
pub(super) const TIME_TO_END: Duration = Duration::from_secs(2);

/// The time after which killed processes are given up: the kernel ends them once it can.
const TIME_TO_DIE: Duration = Duration::from_secs(5);

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(10);

/// Kills the processes that run.
pub(super) fn kill(running: impl Fn() -> BTreeSet<u32>) {
    let deadline = Instant::now() + TIME_TO_DIE;
    // A process may start another one until it is killed.
    while Instant::now() < deadline && !signal_until(Signal::KILL, INTERVAL * 10, &running) {}
}

/// Sends a signal to the processes that run, and waits until they have ended. False if some still run.
pub(super) fn signal_until(
    signal: Signal,
    time: Duration,
    running: impl Fn() -> BTreeSet<u32>,
) -> bool {
    let found = running().into_iter().filter_map(|pid| {
        let handle = pidfd_open(to_pid(pid)?, PidfdFlags::empty()).ok()?;
        Some((pid, handle))
    });
    let found: Vec<_> = found.collect();
    // A handle is that of the process if the process is still there.
    let still = running();
    for (_, handle) in found.iter().filter(|(pid, _)| still.contains(pid)) {
        let _ = pidfd_send_signal(handle, signal);
    }
    let deadline = Instant::now() + time;
    loop {
        if running().is_empty() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(INTERVAL);
    }
}

pub(super) fn to_pid(pid: u32) -> Option<Pid> {
    Pid::from_raw(pid.try_into().ok()?)
}
