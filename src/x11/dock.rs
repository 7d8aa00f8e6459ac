//! A dock at the upper edge of the screen, into which another program draws.

use x11rb::COPY_FROM_PARENT;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, PropMode, Window,
    WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

use super::display::{Display, XError};
use crate::geometry::Size;
use crate::live::XId;

/// A dock. It is gone when the connection ends.
#[derive(Debug)]
pub struct Dock {
    window: Window,
    size: Size,
}

impl Dock {
    /// Shows a dock of this height (EWMH, `_NET_WM_WINDOW_TYPE_DOCK`).
    pub fn open(display: &Display, class: &str, height: u16) -> Result<Self, XError> {
        let root = display.size()?;
        let size = Size {
            height: height.into(),
            ..root
        };
        let width = u16::try_from(root.width).unwrap_or(u16::MAX);
        let (conn, atoms) = (&display.conn, &display.atoms);
        let window = conn.generate_id()?;
        conn.create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            window,
            display.root,
            0,
            0,
            width,
            height,
            0,
            WindowClass::INPUT_OUTPUT,
            COPY_FROM_PARENT,
            &CreateWindowAux::new().background_pixel(0),
        )?;
        let set = |property: u32, kind: AtomEnum, values: &[u32]| {
            let replace = PropMode::REPLACE;
            conn.change_property32(replace, window, property, kind, values)
        };
        let dock = atoms._NET_WM_WINDOW_TYPE_DOCK;
        set(atoms._NET_WM_WINDOW_TYPE, AtomEnum::ATOM, &[dock])?;
        // Left, right, top and bottom, then the begin and the end of each.
        let strut = [0, 0, size.height, 0, 0, 0, 0, 0, 0, root.width, 0, 0];
        set(atoms._NET_WM_STRUT_PARTIAL, AtomEnum::CARDINAL, &strut)?;
        let class = format!("{class}\0{class}\0");
        let (atom, kind) = (AtomEnum::WM_CLASS, AtomEnum::STRING);
        conn.change_property8(PropMode::REPLACE, window, atom, kind, class.as_bytes())?;
        conn.map_window(window)?;
        conn.get_input_focus()?.reply()?;
        Ok(Self { window, size })
    }

    /// The window.
    pub const fn window(&self) -> XId {
        XId(self.window)
    }

    /// Gives the window of the other program the size of the dock. False if it has no window yet.
    pub fn fill(&self, display: &Display) -> Result<bool, XError> {
        let children = display.conn.query_tree(self.window)?.reply()?.children;
        let size = ConfigureWindowAux::new()
            .x(0)
            .y(0)
            .width(self.size.width)
            .height(self.size.height);
        for &child in &children {
            display.conn.configure_window(child, &size)?.ignore_error();
        }
        display.conn.get_input_focus()?.reply()?;
        Ok(!children.is_empty())
    }
}
