//! What X11 and /proc say about a window.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Pid, XId};

/// What there is to know about a window beyond i3's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowFacts {
    /// The process as the X server knows it (XRes 1.2, `LOCAL_CLIENT_PID`); `None` also
    /// where that one has ended and the one that the window claims lives.
    pub server_pid: Option<Pid>,
    /// The process as the window claims (`_NET_WM_PID`, EWMH).
    pub claimed_pid: Option<Pid>,
    /// `_NET_STARTUP_ID` of the window or its leader.
    pub startup_id: Option<String>,
    /// The window that stands for all windows of the program (`WM_CLIENT_LEADER`, ICCCM
    /// 5.1, else the group of `WM_HINTS`); often one that is never shown.
    pub leader: Option<XId>,
    /// Whether nobody can work in it, though it says that it is a window as any other: it
    /// is not in the taskbar, and lies below all others, or has no frame, cannot be asked to
    /// close and wants no keys.
    pub bare: bool,
    /// The process that owns the window, if it could be read.
    pub process: Option<Process>,
    /// What runs inside, where the window is a terminal's and the process alone does not
    /// tell; see [`Inside`].
    pub inside: Option<Inside>,
}

impl WindowFacts {
    /// The process id to go by: what the X server knows, else what the window
    /// claims, which may be of another pid namespace or plainly wrong.
    pub fn pid(&self) -> Option<Pid> {
        self.server_pid.or(self.claimed_pid)
    }
}

/// What runs in a terminal's window. The directory of the terminal is where it was started,
/// and its process may have several windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// The child that was started for this window, mostly a shell: terminals put the
    /// window's id into its environment as `WINDOWID`.
    pub shell: Process,
    /// The foreground job of the shell's terminal (proc(5), `tpgid`); `None` when that is
    /// the shell itself.
    pub job: Option<Process>,
}

impl Inside {
    /// Where the person works: the directory of the foreground job, else of the shell.
    pub fn directory(&self) -> Option<&Path> {
        let job = self.job.as_ref().and_then(|job| job.cwd.as_deref());
        job.or(self.shell.cwd.as_deref())
    }
}

/// What /proc says about the processes of windows.
pub trait Processes {
    /// The process; `None` when it has ended or cannot be read.
    fn process(&self, pid: Pid) -> Option<Process>;

    /// What runs inside the windows of the process, which are given whole; `None` where
    /// that is not asked for.
    fn insides(
        &self,
        _pid: Pid,
        _process: &Process,
        _windows: &[XId],
    ) -> Option<BTreeMap<XId, Inside>> {
        None
    }
}

/// Processes alone.
impl<F: Fn(Pid) -> Option<Process>> Processes for F {
    fn process(&self, pid: Pid) -> Option<Process> {
        self(pid)
    }
}

/// A running process, as /proc shows it (proc(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: Option<Pid>,
    /// Its command line.
    pub argv: Vec<String>,
    /// The program file, where it could be read.
    pub exe: Option<PathBuf>,
    /// Its working directory, where it could be read.
    pub cwd: Option<PathBuf>,
    /// The token that the launcher of an earlier step put into its environment.
    pub token: Option<String>,
    /// Whether it was started from within the i3 session: i3 gives `I3SOCK` to what it
    /// starts, and so it comes to terminals and what is started in them. Servers that
    /// the session bus or systemd start do not have it.
    pub from_session: bool,
    /// When it was started, in clock ticks since the machine was (proc(5), `starttime`).
    pub started: Option<u64>,
    /// Parents, the nearest first, up to the session's first process.
    pub ancestors: Vec<Pid>,
}
