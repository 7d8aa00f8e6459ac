//! Events on a desktop while a command runs.

use rustix::process::Signal;

use crate::harness::processes::Handle;
use crate::harness::{Desktop, tree};

/// The window that the user closes.
pub(super) const CLOSED: &str = "closed";

/// Something that happens on the desktop.
pub(super) struct Event {
    pub(super) name: &'static str,
    /// True if the window [`CLOSED`] is closed.
    pub(super) closes_a_window: bool,
    /// True if i3 or the X server ends.
    pub(super) ends_session: bool,
    pub(super) happen: fn(&Desktop),
}

pub(super) const EVENTS: [Event; 9] = [
    event("restart of i3", Desktop::restart_i3),
    Event {
        closes_a_window: true,
        ..event("window is closed", |desktop| {
            desktop.ipc().try_run("[instance=closed] kill");
            desktop.wait_until("the window is closed", || {
                !tree::windows(&desktop.tree())
                    .iter()
                    .any(|con| con["window_properties"]["instance"] == CLOSED)
            });
        })
    },
    event("window opens", |desktop| {
        desktop.open_window("new");
    }),
    event("all marks are removed", |desktop| {
        desktop.ipc().try_run("unmark");
    }),
    event("another workspace is shown", |desktop| {
        desktop.ipc().try_run("workspace elsewhere");
    }),
    event("monitor is unplugged", |desktop| desktop.unplug("DP-1")),
    event("monitor changes its size", |desktop| {
        desktop.plug("DP-1", "1280x1024+1920+0");
    }),
    Event {
        ends_session: true,
        ..event("i3 is killed", |desktop| {
            for pid in desktop.programs("i3") {
                if let Some(handle) = Handle::open(pid) {
                    handle.signal(Signal::KILL);
                }
            }
        })
    },
    Event {
        ends_session: true,
        ..event("X server is killed", |desktop| {
            if let Some(handle) = Handle::open(desktop.display().server_pid()) {
                handle.signal(Signal::KILL);
            }
        })
    },
];

const fn event(name: &'static str, happen: fn(&Desktop)) -> Event {
    Event {
        name,
        closes_a_window: false,
        ends_session: false,
        happen,
    }
}
