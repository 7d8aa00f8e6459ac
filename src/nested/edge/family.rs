//! All processes that this process has started, directly or not.
//!
//! A process whose parent has ended becomes a child of this process, its subreaper (prctl(2),
//! `PR_SET_CHILD_SUBREAPER`), also if it has a session of its own. So nothing that was started in the
//! nested desktop can escape, and nothing else is ever ended.

use std::collections::BTreeSet;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, getpid, pidfd_open, pidfd_send_signal,
    set_child_subreaper, waitpid,
};

use crate::discover::proc_table::ProcTable;
use crate::live;

/// The time that programs get to end by themselves.
const TIME_TO_END: Duration = Duration::from_secs(2);

/// The time that the servers get after that.
const TIME_OF_SERVERS: Duration = Duration::from_secs(1);

/// The time after which killed processes are given up: the kernel ends them once it can.
const TIME_TO_DIE: Duration = Duration::from_secs(5);

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(10);

/// The descendants of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family(());

impl Family {
    /// Makes this process the parent of descendants whose parent ends.
    pub(super) fn found() -> io::Result<Self> {
        set_child_subreaper(Some(getpid()))?;
        Ok(Self(()))
    }

    /// The descendants that run, and the children that have ended.
    fn members() -> (BTreeSet<u32>, BTreeSet<u32>) {
        let own = std::process::id();
        let all = ProcTable::new().descendants(live::Pid(own));
        let ended = all.iter().filter(|one| one.has_ended);
        let children = ended.filter(|one| one.parent.0 == own);
        (
            all.iter()
                .filter(|one| !one.has_ended)
                .map(|one| one.pid.0)
                .collect(),
            children.map(|one| one.pid.0).collect(),
        )
    }

    /// Forgets children that have ended, except these.
    pub(super) fn reap(except: &[u32]) {
        let (_, ended) = Self::members();
        for pid in ended.into_iter().filter(|pid| !except.contains(pid)) {
            let _ = waitpid(to_pid(pid), WaitOptions::NOHANG);
        }
    }

    /// Ends all, the servers after the programs.
    #[expect(
        clippy::unused_self,
        reason = "without `found`, not all are descendants"
    )]
    pub(super) fn end(self, servers: &[u32]) {
        Self::signal_until(Signal::TERM, TIME_TO_END, servers);
        Self::signal_until(Signal::TERM, TIME_OF_SERVERS, &[]);
        let deadline = Instant::now() + TIME_TO_DIE;
        // A process may start another one until it is killed.
        while Instant::now() < deadline && !Self::signal_until(Signal::KILL, INTERVAL * 10, &[]) {}
    }

    /// Sends a signal to all but these, and waits until they have ended. False if some still run.
    fn signal_until(signal: Signal, time: Duration, except: &[u32]) -> bool {
        let wanted = || {
            Self::reap(&[]);
            let (mut running, _) = Self::members();
            running.retain(|pid| !except.contains(pid));
            running
        };
        let found = wanted().into_iter().filter_map(|pid| {
            let handle = pidfd_open(to_pid(pid)?, PidfdFlags::empty()).ok()?;
            Some((pid, handle))
        });
        let found: Vec<_> = found.collect();
        // A handle is that of the process if the process is still there.
        let running = wanted();
        for (_, handle) in found.iter().filter(|(pid, _)| running.contains(pid)) {
            let _ = pidfd_send_signal(handle, signal);
        }
        let deadline = Instant::now() + time;
        loop {
            if wanted().is_empty() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(INTERVAL);
        }
    }
}

pub(super) fn to_pid(pid: u32) -> Option<Pid> {
    Pid::from_raw(pid.try_into().ok()?)
}
