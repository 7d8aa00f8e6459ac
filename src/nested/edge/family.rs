//! All processes that this process has started, directly or not.
//!
//! A process whose parent has ended becomes a child of this process, its subreaper (prctl(2),
//! `PR_SET_CHILD_SUBREAPER`), also if it has a session of its own. So nothing that was started in the
//! nested desktop can escape, and nothing else is ever ended.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use rustix::process::{Signal, WaitOptions, getpid, set_child_subreaper, waitpid};

use super::ending::{TIME_TO_END, kill, signal_until, to_pid};
use crate::discover::proc_table::ProcTable;
use crate::live;

/// The time that the servers get after the programs.
const TIME_OF_SERVERS: Duration = Duration::from_secs(1);

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
        let running = |except: &[u32]| {
            Self::reap(&[]);
            let (mut running, _) = Self::members();
            running.retain(|pid| !except.contains(pid));
            running
        };
        signal_until(Signal::TERM, TIME_TO_END, || running(servers));
        signal_until(Signal::TERM, TIME_OF_SERVERS, || running(&[]));
        kill(|| running(&[]));
    }
}
