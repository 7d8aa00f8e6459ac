//! Changes on a desktop during a run: i3's events as plain values.
//!
//! i3 sends an event after the change that it reports.

use super::{Con, ConId, XId};

/// A change on the desktop (i3 IPC document, "Available events").
///
/// Every [`Con`] is the container as it was when i3 wrote the event.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A window is managed. If a placeholder swallowed it, the id is the placeholder's.
    WindowNew(Box<Con>),
    /// A window is gone, or a placeholder was removed.
    WindowClosed {
        /// Its container.
        con: ConId,
        /// Its X11 window; `None` for a placeholder that was never drawn.
        window: Option<XId>,
    },
    /// A window's title changed.
    WindowTitle(Box<Con>),
    /// A container moved to another parent or workspace; for a floating window, this is the
    /// frame around it.
    WindowMoved(Box<Con>),
    /// A mark was set or removed.
    WindowMarks(Box<Con>),
    /// A window got the focus.
    WindowFocus(Box<Con>),
    /// A window started or stopped floating.
    WindowFloating(Box<Con>),
    /// A window's fullscreen mode changed.
    WindowFullscreen(Box<Con>),
    /// A window's urgency changed. When a placeholder swallows an open window after its title
    /// or class changed, this may be the only event.
    WindowUrgent(Box<Con>),
    /// A workspace changed.
    Workspace {
        /// The workspace's container, if i3 reports it.
        con: Option<ConId>,
        /// Its name; the new one after a rename.
        name: Option<String>,
    },
    /// Outputs were added, removed or changed.
    OutputsChanged,
    /// i3 ends.
    Shutdown {
        /// True if it restarts in place, with other container ids.
        restart: bool,
    },
    /// There are no more changes, for this reason.
    Lost(String),
}
