//! Facts about a window from X11 and /proc.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Con, Desktop, Pid, ProcessId, XId};
use serde::{Deserialize, Serialize};

/// Facts about a window that i3's tree does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowFacts {
    /// The process according to the X server (XRes 1.2, `LOCAL_CLIENT_PID`); also `None` if
    /// that process has ended and the one that the window claims is running.
    pub server_pid: Option<Pid>,
    /// The process according to the window (`_NET_WM_PID`, EWMH).
    pub claimed_pid: Option<Pid>,
    /// `_NET_STARTUP_ID` of the window or its leader.
    pub startup_id: Option<String>,
    /// The leader of the program's windows (`WM_CLIENT_LEADER`, ICCCM 5.1, else the group of
    /// `WM_HINTS`); often a window that is never shown.
    pub leader: Option<XId>,
    /// True if the user cannot work with it although it is declared as a normal window: it is not
    /// in the taskbar, and it is below all others, or has no frame, cannot be asked to close and
    /// takes no keys.
    pub bare: bool,
    /// The steps in which the window accepts widths and heights (`WM_NORMAL_HINTS`, ICCCM
    /// 4.1.2.3), in pixels.
    pub size_increments: Option<(u32, u32)>,
    /// The process that owns the window, if it could be read.
    pub process: Option<Process>,
    /// The programs inside a terminal's window, if the process alone does not show them; see
    /// [`Inside`].
    pub inside: Option<Inside>,
    /// The command that `capture` writes for the window, if [`Processes::command`] was asked.
    pub command: Option<Invocation>,
}

impl WindowFacts {
    /// The process id from the X server, else the one that the window claims, which may be
    /// from another pid namespace or wrong.
    pub fn pid(&self) -> Option<Pid> {
        self.server_pid.or(self.claimed_pid)
    }
}

/// A command line and the directory to start it in, without variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Invocation {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The working directory, if it is known.
    #[serde(with = "crate::text::path::optional")]
    pub cwd: Option<PathBuf>,
}

/// The programs inside a terminal's window. The terminal's own working directory is where it
/// was started, and its process may have several windows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// The child that was started for this window, usually a shell: terminals put the window's
    /// id into its environment as `WINDOWID`.
    pub shell: Process,
    /// The foreground job of the shell's terminal (proc(5), `tpgid`); `None` if that is the
    /// shell itself.
    pub job: Option<Process>,
}

impl Inside {
    /// The working directory of the foreground job, else of the shell.
    pub fn directory(&self) -> Option<&Path> {
        let job = self.job.as_ref().and_then(|job| job.cwd.as_deref());
        job.or(self.shell.cwd.as_deref())
    }
}

/// Access to the processes of windows.
pub trait Processes {
    /// The process; `None` if it has ended or cannot be read.
    fn process(&self, pid: Pid) -> Option<Process>;

    /// The start of the process, in clock ticks since boot; `None` if it has ended.
    fn started(&self, pid: Pid) -> Option<u64> {
        self.process(pid)?.started
    }

    /// True if the process is still running.
    fn runs(&self, id: ProcessId) -> bool {
        self.started(id.pid) == Some(id.started)
    }

    /// The running processes of the session with this i3 socket that the command line `is_wanted`
    /// selects.
    fn of_session(&self, _socket: &Path, _is_wanted: &dyn Fn(&[String]) -> bool) -> Vec<Process> {
        Vec::new()
    }

    /// The programs inside the windows of the process; `windows` has all of them. `None` if
    /// they are not needed.
    fn insides(&self, _process: &Process, _windows: &[XId]) -> Option<BTreeMap<XId, Inside>> {
        None
    }

    /// The command that opens another window of the program in this command line, which is
    /// already running; `None` if it is not known.
    fn new_window(&self, _argv: &[String]) -> Option<Vec<String>> {
        None
    }

    /// The command that opens the window again, as `capture` writes it; `None` if it is unknown
    /// or not needed.
    fn command(&self, _con: &Con, _desktop: &Desktop) -> Option<Invocation> {
        None
    }
}

/// Without programs inside and commands.
impl<F: Fn(Pid) -> Option<Process>> Processes for F {
    fn process(&self, pid: Pid) -> Option<Process> {
        self(pid)
    }
}

/// A running process (proc(5)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its id.
    pub pid: Option<Pid>,
    /// Its command line, without the options that session managers add.
    pub argv: Vec<String>,
    /// The program file, if it could be read.
    #[serde(with = "crate::text::path::optional")]
    pub exe: Option<PathBuf>,
    /// Its working directory, if it could be read.
    #[serde(with = "crate::text::path::optional")]
    pub cwd: Option<PathBuf>,
    /// The token that `apply` put into its environment.
    pub token: Option<String>,
    /// True if it was started in the i3 session: i3 sets `I3SOCK` for the programs that it
    /// starts, and these pass it on. Servers that the session bus or systemd start do not have
    /// it.
    pub from_session: bool,
    /// The start time, in clock ticks since boot (proc(5), `starttime`).
    pub started: Option<u64>,
    /// The ancestors, the parent first, up to the session's first process.
    pub ancestors: Vec<Pid>,
}
