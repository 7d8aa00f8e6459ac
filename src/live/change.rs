//! What happens on a desktop while somebody watches.
//!
//! i3's events as plain values.
//! i3 sends an event after it has done what the event tells, and all events of
//! one moment before the tick that was asked for afterwards, so
//! [`Change::Tick`] is a barrier.

use super::{Con, ConId, XId};

/// One thing that happened (i3 IPC document, "Available events").
///
/// Every [`Con`] is the container as it was when i3 wrote the event.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A window is managed.
    /// When a placeholder swallowed it, the id is the placeholder's.
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
    /// A container moved to another parent or workspace; of a floating window it is
    /// the frame around it.
    WindowMoved(Box<Con>),
    /// A mark was set or removed.
    WindowMarks(Box<Con>),
    /// A window has the focus now.
    WindowFocus(Box<Con>),
    /// A window began or ceased to float.
    WindowFloating(Box<Con>),
    /// A window's fullscreen mode changed.
    WindowFullscreen(Box<Con>),
    /// A window's urgency changed. When a placeholder swallows an open window
    /// after its title or class changed, this may be all that i3 tells.
    WindowUrgent(Box<Con>),
    /// Something about a workspace.
    Workspace {
        /// What it is.
        change: WorkspaceChange,
        /// The workspace's container, where i3 says which.
        con: Option<ConId>,
        /// Its name, the new one where it was renamed.
        name: Option<String>,
    },
    /// Outputs came, went or changed.
    OutputsChanged,
    /// Somebody sent a tick with this payload.
    Tick(String),
    /// i3 ends.
    Shutdown {
        /// Whether it comes back in place, with other container ids.
        restart: bool,
    },
    /// There will be no more changes; the reason, in words.
    Lost(String),
}

/// What happened to a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkspaceChange {
    /// It was created.
    Init,
    /// It was empty and was left, so it is gone.
    Empty,
    /// It is shown with the focus.
    Focus,
    /// It moved to another output.
    Move,
    /// It has another name.
    Rename,
    /// Its urgency changed.
    Urgent,
    /// The config was read again.
    Reload,
    /// Layout files were appended to it, or i3 restarted.
    Restored,
    /// A word that we do not know.
    Other,
}
