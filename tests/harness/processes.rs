//! Finding the processes of a desktop, and ending them by id.

use std::collections::BTreeSet;
use std::fs;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// The running processes that were started with this variable in their environment.
pub(crate) fn with_environment(variable: &str) -> BTreeSet<u32> {
    let own = std::process::id();
    let Ok(entries) = fs::read_dir("/proc") else {
        return BTreeSet::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| pid != own)
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
                environment
                    .split(|&byte| byte == 0)
                    .any(|entry| entry == variable.as_bytes())
            })
        })
        .collect()
}

/// The program name of a process (`comm` in proc(5), at most 15 bytes).
pub(crate) fn name(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}

/// The parent of a process.
pub(crate) fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may contain anything, so parsing starts after it.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(1)?.parse().ok()
}

/// True if a process is `ancestor` or one of its descendants.
pub(crate) fn descends_from(mut pid: u32, ancestor: u32) -> bool {
    loop {
        if pid == ancestor {
            return true;
        }
        match parent(pid) {
            Some(next) if next > 1 => pid = next,
            _ => return false,
        }
    }
}

/// A process, identified even if its id is reused.
pub(crate) struct Handle(OwnedFd);

impl Handle {
    /// Returns `None` if the process has ended.
    pub(crate) fn open(pid: u32) -> Option<Self> {
        let pid = Pid::from_raw(i32::try_from(pid).ok()?)?;
        pidfd_open(pid, PidfdFlags::empty()).ok().map(Self)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        // The process may have ended already.
        let _ = pidfd_send_signal(&self.0, signal);
    }

    /// True if the process ends within this time.
    pub(crate) fn ends_within(&self, time: Duration) -> bool {
        readable_within(&self.0, time)
    }
}

/// Kills processes and waits until they have ended.
pub(crate) fn kill(pids: &BTreeSet<u32>) {
    let handles: Vec<_> = pids.iter().filter_map(|&pid| Handle::open(pid)).collect();
    for handle in &handles {
        handle.signal(Signal::KILL);
    }
    for handle in &handles {
        handle.ends_within(Duration::from_secs(5));
    }
}

/// True if there is something to read within this time.
pub(crate) fn readable_within(fd: &impl std::os::fd::AsFd, time: Duration) -> bool {
    let deadline = Instant::now() + time;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).expect("the duration fits");
        match poll(&mut [PollFd::new(fd, PollFlags::IN)], Some(&left)) {
            Ok(count) => return count > 0,
            // Interrupted by a signal: poll again.
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => panic!("cannot wait: {error}"),
        }
    }
}
