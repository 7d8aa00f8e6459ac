//! i3's events as changes. Pure.

use super::convert;
use super::error::WmError;
use super::reply::{Event, read};
use crate::live::{Change, Con, Defaults};

/// The events to subscribe to (i3 IPC document, "Subscribing to events").
pub(super) const SUBSCRIPTION: &str = r#"["window","shutdown"]"#;

/// The change that an event reports; `None` for events that do not matter.
pub(super) fn change(
    number: u32,
    payload: &[u8],
    defaults: Defaults,
) -> Result<Option<Change>, WmError> {
    Ok(match number {
        3 => window_change(read("window event", payload)?, defaults),
        6 => Some(Change::Shutdown {
            restart: read::<Event>("shutdown event", payload)?.change == "restart",
        }),
        _ => None,
    })
}

fn window_change(event: Event, defaults: Defaults) -> Option<Change> {
    let make: fn(Box<Con>) -> Change = match event.change.as_str() {
        "close" => return Some(Change::WindowClosed(event.container.id)),
        "new" => Change::WindowNew,
        "title" => Change::WindowTitle,
        "urgent" => Change::WindowUrgent,
        _ => return None,
    };
    Some(make(Box::new(convert::con(event.container, defaults))))
}
