//! i3's events as changes. Pure.

use super::convert;
use super::error::WmError;
use super::reply::{Event, read};
use crate::live::{Change, Con, Defaults};

/// The events to subscribe to (i3 IPC document, "Subscribing to events").
pub(super) const SUBSCRIPTION: &str = r#"["workspace","output","window","shutdown","tick"]"#;

/// The payload of the tick before own commands; see [`Change::OwnBegin`].
pub(super) const OWN_BEGIN: &str = "i3pm-layout:begin";

/// The payload of the tick after them.
pub(super) const OWN_END: &str = "i3pm-layout:end";

/// The change that an event reports; `None` for events that do not matter.
pub(super) fn change(
    number: u32,
    payload: &[u8],
    defaults: Defaults,
) -> Result<Option<Change>, WmError> {
    Ok(match number {
        0 => {
            let change = read::<Event>("workspace event", payload)?.change;
            (change == "focus").then_some(Change::WorkspaceFocused)
        }
        1 => Some(Change::Outputs),
        3 => window_change(read("window event", payload)?, defaults),
        6 => Some(Change::Shutdown {
            restart: read::<Event>("shutdown event", payload)?.change == "restart",
        }),
        7 => match read::<Event>("tick event", payload)?.payload.as_str() {
            OWN_BEGIN => Some(Change::OwnBegin),
            OWN_END => Some(Change::OwnEnd),
            _ => None,
        },
        _ => None,
    })
}

fn window_change(event: Event, defaults: Defaults) -> Option<Change> {
    let make: fn(Box<Con>) -> Change = match event.change.as_str() {
        "close" => return Some(Change::WindowClosed(event.container.id)),
        "focus" => return Some(Change::WindowFocused(event.container.id)),
        "new" => Change::WindowNew,
        "title" => Change::WindowTitle,
        "urgent" => Change::WindowUrgent,
        _ => return None,
    };
    Some(make(Box::new(convert::con(event.container, defaults))))
}
