//! An X server that this program has started: connecting with its cookie, its root window, and
//! pictures of it.

use x11rb::connection::Connection as _;
use x11rb::errors::ConnectError;
use x11rb::protocol::Event;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, ImageOrder,
    PropMode,
};
use x11rb::reexports::x11rb_protocol::parse_display::ConnectAddress;
use x11rb::rust_connection::{DefaultStream, RustConnection};
use x11rb::wrapper::ConnectionExt as _;

use super::display::{Display, TEXT_LIMIT, XError};
use super::windows::answer;
use crate::geometry::Size;
use crate::live::{Output, Pid, XId};

/// The protocol by which clients prove that they may connect (Xsecurity(7)).
pub const COOKIE_NAME: &str = "MIT-MAGIC-COOKIE-1";

/// The most resources that are read, in units of four bytes.
const MOST_RESOURCES: u32 = 64 << 10;

/// The bytes of a pixel in a picture of the X server.
const PIXEL: usize = 4;

/// A picture of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its size in pixels.
    pub size: Size,
    /// Red, green and blue of each pixel, row by row.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// Blue, green, red and an unused byte of each pixel.
    pub(super) fn bgrx(&self) -> Vec<u8> {
        let (colors, _) = self.rgb.as_chunks::<3>();
        let pixels = colors
            .iter()
            .flat_map(|[red, green, blue]| [*blue, *green, *red, 0]);
        pixels.collect()
    }
}

impl Display {
    /// Connects to a local X server with its cookie.
    pub fn connect_with(number: u32, cookie: &[u8]) -> Result<Self, XError> {
        let failed = |source: ConnectError| XError::Connect {
            display: format!(":{number}"),
            source: Box::new(source),
        };
        let socket = format!("/tmp/.X11-unix/X{number}");
        let (stream, _) = DefaultStream::connect(&ConnectAddress::Socket(socket))
            .map_err(|error| failed(error.into()))?;
        let conn = RustConnection::connect_to_stream_with_auth_info(
            stream,
            0,
            COOKIE_NAME.as_bytes().to_vec(),
            cookie.to_vec(),
        )
        .map_err(failed)?;
        Self::of(conn, 0)
    }

    /// The window with this instance that a process has opened, anywhere in the tree of windows.
    pub fn window_of(&self, instance: &str, process: Pid) -> Result<Option<XId>, XError> {
        let mut left = vec![self.root];
        let begin = [instance.as_bytes(), b"\0"].concat();
        while let Some(window) = left.pop() {
            // A window may be closed meanwhile.
            if let Some(tree) = answer(self.conn.query_tree(window)?)? {
                left.extend(tree.children);
            }
            let (atom, kind) = (AtomEnum::WM_CLASS.into(), AtomEnum::STRING);
            let class = answer(self.property(window, atom, kind, TEXT_LIMIT)?)?;
            let is_named = class.is_some_and(|class| class.value.starts_with(&begin));
            if is_named
                && self
                    .process_of(XId(window))?
                    .is_none_or(|pid| pid == process)
            {
                return Ok(Some(XId(window)));
            }
        }
        Ok(None)
    }

    /// Waits until a window is closed.
    pub fn wait_until_closed(&self, window: XId) -> Result<(), XError> {
        let events = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
        self.conn
            .change_window_attributes(window.0, &events)?
            .check()?;
        loop {
            match self.conn.wait_for_event()? {
                Event::DestroyNotify(event) if event.window == window.0 => return Ok(()),
                _ => {}
            }
        }
    }

    /// The size of the screen.
    pub fn size(&self) -> Result<Size, XError> {
        let root = self.conn.get_geometry(self.root)?.reply()?;
        Ok(Size {
            width: root.width.into(),
            height: root.height.into(),
        })
    }

    /// The resources of X programs (xrdb(1)); empty if there are none.
    pub fn resources(&self) -> Result<Vec<u8>, XError> {
        let (atom, kind) = (AtomEnum::RESOURCE_MANAGER.into(), AtomEnum::STRING);
        let reply = self.property(self.root, atom, kind, MOST_RESOURCES)?;
        Ok(reply.reply()?.value)
    }

    /// Sets the resources of X programs and the colour of the background, such as `0x20_30_40`.
    pub fn furnish(&self, resources: &[u8], background: u32) -> Result<(), XError> {
        let (atom, kind) = (AtomEnum::RESOURCE_MANAGER, AtomEnum::STRING);
        self.conn
            .change_property8(PropMode::REPLACE, self.root, atom, kind, resources)?;
        let color = ChangeWindowAttributesAux::new().background_pixel(background);
        self.conn.change_window_attributes(self.root, &color)?;
        self.conn.clear_area(false, self.root, 0, 0, 0, 0)?;
        self.conn.get_input_focus()?.reply()?;
        Ok(())
    }

    /// Divides the screen into these monitors (`RandR` 1.5, `RRSetMonitor`). The first gets the
    /// output of the server: otherwise, the server would add a monitor for it.
    pub fn arrange(&self, monitors: &[Output]) -> Result<(), XError> {
        let resources = self.conn.randr_get_screen_resources(self.root)?;
        let mut outputs = resources.reply()?.outputs;
        for monitor in monitors {
            let name = self.conn.intern_atom(false, monitor.name.as_bytes())?;
            let rect = monitor.rect;
            let info = MonitorInfo {
                name: name.reply()?.atom,
                primary: monitor.primary,
                automatic: false,
                x: rect.x.try_into().unwrap_or_default(),
                y: rect.y.try_into().unwrap_or_default(),
                width: rect.width.try_into().unwrap_or(u16::MAX),
                height: rect.height.try_into().unwrap_or(u16::MAX),
                width_in_millimeters: millimeters(rect.width),
                height_in_millimeters: millimeters(rect.height),
                outputs: std::mem::take(&mut outputs),
            };
            self.conn.randr_set_monitor(self.root, info)?.check()?;
        }
        Ok(())
    }

    /// A picture of the screen with all windows.
    pub fn picture(&self) -> Result<Picture, XError> {
        let root = self.conn.get_geometry(self.root)?.reply()?;
        let (width, height) = (root.width, root.height);
        let pixmap = ImageFormat::Z_PIXMAP;
        let image = self
            .conn
            .get_image(pixmap, self.root, 0, 0, width, height, !0)?
            .reply()?;
        if image.data.len() != usize::from(width) * usize::from(height) * PIXEL {
            return Err(XError::NoPicture { depth: image.depth });
        }
        Ok(Picture {
            size: Size {
                width: width.into(),
                height: height.into(),
            },
            rgb: rgb(&image.data, self.conn.setup().image_byte_order),
        })
    }
}

/// The length of these pixels at 96 dots per inch.
const fn millimeters(pixels: u32) -> u32 {
    pixels.saturating_mul(254) / 960
}

/// Red, green and blue of pixels of four bytes, one of which is not used.
fn rgb(pixels: &[u8], order: ImageOrder) -> Vec<u8> {
    let color = |pixel: &[u8; PIXEL]| match (order, *pixel) {
        (ImageOrder::MSB_FIRST, [_, red, green, blue]) | (_, [blue, green, red, _]) => {
            [red, green, blue]
        }
    };
    let (pixels, _) = pixels.as_chunks::<PIXEL>();
    pixels.iter().flat_map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_in_the_order_of_the_server() {
        let pixels = [3, 2, 1, 0, 6, 5, 4, 0];
        assert_eq!(rgb(&pixels, ImageOrder::LSB_FIRST), [1, 2, 3, 4, 5, 6]);
        let pixels = [0, 1, 2, 3];
        assert_eq!(rgb(&pixels, ImageOrder::MSB_FIRST), [1, 2, 3]);
    }
}
