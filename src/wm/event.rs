//! i3's events as changes. Pure.

use super::convert;
use super::error::WmError;
use super::reply::{self, read};
use crate::live::{Change, ConId, Defaults, WorkspaceChange, XId};

/// What is subscribed to (i3 IPC document, "Subscribing to events").
pub(super) const SUBSCRIPTION: &str = r#"["workspace","output","window","shutdown","tick"]"#;

/// The change that an event tells; `None` where it tells nothing of interest.
pub(super) fn change(
    number: u32,
    payload: &[u8],
    defaults: Defaults,
) -> Result<Option<Change>, WmError> {
    Ok(match number {
        0 => {
            let event: reply::WorkspaceEvent = read("workspace event", payload)?;
            let current = event.current;
            Some(Change::Workspace {
                change: workspace_change(&event.change),
                con: current.as_ref().map(|current| ConId(current.id)),
                name: current.and_then(|current| current.name),
            })
        }
        1 => Some(Change::OutputsChanged),
        3 => window_change(read("window event", payload)?, defaults),
        6 => {
            let event: reply::ShutdownEvent = read("shutdown event", payload)?;
            Some(Change::Shutdown {
                restart: event.change == "restart",
            })
        }
        7 => {
            let event: reply::TickEvent = read("tick event", payload)?;
            (!event.first).then_some(Change::Tick(event.payload))
        }
        _ => None,
    })
}

fn window_change(event: reply::WindowEvent, defaults: Defaults) -> Option<Change> {
    let make: fn(Box<crate::live::Con>) -> Change = match event.change.as_str() {
        "close" => {
            return Some(Change::WindowClosed {
                con: ConId(event.container.id),
                window: event.container.window.map(XId),
            });
        }
        "new" => Change::WindowNew,
        "title" => Change::WindowTitle,
        "move" => Change::WindowMoved,
        "mark" => Change::WindowMarks,
        "focus" => Change::WindowFocus,
        "floating" => Change::WindowFloating,
        "fullscreen_mode" => Change::WindowFullscreen,
        "urgent" => Change::WindowUrgent,
        _ => return None,
    };
    Some(make(Box::new(convert::con(event.container, defaults))))
}

fn workspace_change(change: &str) -> WorkspaceChange {
    match change {
        "init" => WorkspaceChange::Init,
        "empty" => WorkspaceChange::Empty,
        "focus" => WorkspaceChange::Focus,
        "move" => WorkspaceChange::Move,
        "rename" => WorkspaceChange::Rename,
        "urgent" => WorkspaceChange::Urgent,
        "reload" => WorkspaceChange::Reload,
        "restored" => WorkspaceChange::Restored,
        _ => WorkspaceChange::Other,
    }
}
