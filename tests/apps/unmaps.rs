//! Counts the `UnmapNotify` events of other programs' windows.

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// A connection that receives the events of some windows.
pub(crate) struct Unmaps(RustConnection);

impl Unmaps {
    pub(crate) fn watch(display: &str, windows: &[u32]) -> Self {
        let (x, _) = RustConnection::connect(Some(display)).expect("the X server runs");
        let mask = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        for &window in windows {
            x.change_window_attributes(window, &mask)
                .expect("connected")
                .check()
                .expect("the window is open");
        }
        Self(x)
    }

    /// The number of unmaps so far.
    pub(crate) fn count(&self) -> usize {
        self.0.sync().expect("connected");
        std::iter::from_fn(|| self.0.poll_for_event().expect("connected"))
            .filter(|event| matches!(event, Event::UnmapNotify(_)))
            .count()
    }
}
