//! i3's events as changes. Pure.

use super::convert;
use super::error::WmError;
use super::reply::{Event, Node, parse};
use crate::live::{Change, Con, Defaults};
use crate::text;

/// The events to subscribe to (i3 IPC document, "Subscribing to events").
pub(super) const SUBSCRIPTION: &str = r#"["workspace","output","window","shutdown","tick"]"#;

/// The payload of the tick before own commands; see [`Change::OwnBegin`].
pub(super) const OWN_BEGIN: &str = "i3pm-layout:begin";

/// The payload of the tick before own commands that show no other workspace.
pub(super) const OWN_BEGIN_HERE: &str = "i3pm-layout:begin-here";

/// The payload of the tick after them.
pub(super) const OWN_END: &str = "i3pm-layout:end";

/// The change that an event reports; `None` for events that do not matter.
pub(super) fn change(
    number: u32,
    payload: &[u8],
    defaults: Defaults,
) -> Result<Option<Change>, WmError> {
    let text = text::decode(payload);
    Ok(match number {
        0 => {
            let change = parse::<Event<'_>>("workspace event", &text)?.change;
            (change == "focus").then_some(Change::WorkspaceFocused)
        }
        1 => Some(Change::Outputs),
        3 => window_change(&parse("window event", &text)?, defaults)?,
        6 => Some(Change::Shutdown {
            restart: parse::<Event<'_>>("shutdown event", &text)?.change == "restart",
        }),
        7 => match parse::<Event<'_>>("tick event", &text)?.payload.as_str() {
            OWN_BEGIN => Some(Change::OwnBegin { shows: true }),
            OWN_BEGIN_HERE => Some(Change::OwnBegin { shows: false }),
            OWN_END => Some(Change::OwnEnd),
            _ => None,
        },
        _ => None,
    })
}

fn window_change(event: &Event<'_>, defaults: Defaults) -> Result<Option<Change>, WmError> {
    let container = || -> Result<Node, WmError> {
        let Some(container) = event.container else {
            return Ok(Node::default());
        };
        parse("window event", container.get())
    };
    let make: fn(Box<Con>) -> Change = match event.change.as_str() {
        "close" => return Ok(Some(Change::WindowClosed(container()?.id))),
        "focus" => return Ok(Some(Change::WindowFocused(container()?.id))),
        "new" => Change::WindowNew,
        "title" => Change::WindowTitle,
        "urgent" => Change::WindowUrgent,
        _ => return Ok(None),
    };
    Ok(Some(make(Box::new(convert::con(container()?, defaults)))))
}
