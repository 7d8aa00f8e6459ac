//! Changes on a desktop during a run: i3's events as plain values.
//!
//! i3 sends an event after the change that it reports.

use serde::{Deserialize, Serialize};

use super::{Con, ConId};

/// A change on the desktop (i3 IPC document, "Available events").
///
/// Every [`Con`] is the container as it was when i3 wrote the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// A window is managed. If a placeholder swallowed it, the id is the placeholder's.
    WindowNew(Box<Con>),
    /// The window in this container is gone, or a placeholder was removed.
    WindowClosed(ConId),
    /// The window in this container got the focus.
    WindowFocused(ConId),
    /// Another workspace got the focus.
    WorkspaceFocused,
    /// Outputs have appeared, gone, moved or changed their size.
    Outputs,
    /// The following changes are due to commands of this program, until [`Change::OwnEnd`].
    OwnBegin {
        /// True if these commands may show another workspace.
        shows: bool,
    },
    /// The end of these changes.
    OwnEnd,
    /// A window's title changed.
    WindowTitle(Box<Con>),
    /// A window's urgency changed. When a placeholder swallows an open window after its title
    /// or class changed, this may be the only event.
    WindowUrgent(Box<Con>),
    /// i3 ends.
    Shutdown {
        /// True if it restarts in place, with other container ids.
        restart: bool,
    },
    /// There are no more changes, for this reason.
    Lost(String),
}
