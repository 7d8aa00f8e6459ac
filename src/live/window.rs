//! What X11 and /proc say about a window.

use std::path::PathBuf;

/// A process id in our own pid namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid(pub u32);

/// What there is to know about a window beyond i3's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowFacts {
    /// The process as the X server knows it (XRes 1.2, `LOCAL_CLIENT_PID`).
    pub server_pid: Option<Pid>,
    /// The process as the window claims (`_NET_WM_PID`, EWMH).
    pub claimed_pid: Option<Pid>,
    /// `_NET_STARTUP_ID` of the window or its leader.
    pub startup_id: Option<String>,
    /// The process that owns the window, if it could be read.
    pub process: Option<Process>,
}

impl WindowFacts {
    /// The process id to go by: what the X server knows, else what the window
    /// claims, which may be of another pid namespace or plainly wrong.
    pub fn pid(&self) -> Option<Pid> {
        self.server_pid.or(self.claimed_pid)
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

/// `_NET_WM_WINDOW_TYPE` (EWMH), as far as it matters for placing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WindowType {
    /// A window as any other, also when it says nothing.
    #[default]
    Normal,
    /// A dialog.
    Dialog,
    /// A picture while a program starts.
    Splash,
    /// A small helper window.
    Utility,
    /// A toolbar or a menu torn off.
    Toolbar,
    /// A dock such as a bar.
    Dock,
    /// Menus, tooltips, notifications and other things without a place.
    Popup,
}
