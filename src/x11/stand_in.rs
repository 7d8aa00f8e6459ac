//! A window with a label, in place of that of a program.

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, ImageFormat, PropMode,
    WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

use super::display::{Display, XError};
use super::nested::Picture;

impl Display {
    /// Shows a window with a picture in its middle, until it is closed. Its class is the instance.
    pub fn stand_in(
        &self,
        instance: &str,
        title: &str,
        label: &Picture,
        background: u32,
    ) -> Result<(), XError> {
        let (conn, atoms) = (&self.conn, &self.atoms);
        let window = conn.generate_id()?;
        let events = EventMask::EXPOSURE | EventMask::STRUCTURE_NOTIFY;
        let attributes = CreateWindowAux::new()
            .background_pixel(background)
            .event_mask(events);
        let (class, same) = (WindowClass::INPUT_OUTPUT, x11rb::COPY_FROM_PARENT);
        let (width, height) = (640, 400);
        let depth = x11rb::COPY_DEPTH_FROM_PARENT;
        conn.create_window(
            depth,
            window,
            self.root,
            0,
            0,
            width,
            height,
            0,
            class,
            same,
            &attributes,
        )?;
        let replace = PropMode::REPLACE;
        let set = |property: u32, kind: u32, value: &[u8]| {
            conn.change_property8(replace, window, property, kind, value)
        };
        let string = AtomEnum::STRING.into();
        let names = format!("{instance}\0{instance}\0");
        set(AtomEnum::WM_CLASS.into(), string, names.as_bytes())?;
        set(atoms._NET_WM_NAME, atoms.UTF8_STRING, title.as_bytes())?;
        let protocols = [atoms.WM_DELETE_WINDOW];
        conn.change_property32(
            replace,
            window,
            atoms.WM_PROTOCOLS,
            AtomEnum::ATOM,
            &protocols,
        )?;
        let gc = conn.generate_id()?;
        conn.create_gc(gc, window, &CreateGCAux::new())?;
        conn.map_window(window)?;
        conn.flush()?;
        let (pixels, depth) = (label.bgrx(), conn.setup().roots[0].root_depth);
        let short = |length: u32| i16::try_from(length).unwrap_or(i16::MAX);
        let mut size = (short(width.into()), short(height.into()));
        loop {
            match conn.wait_for_event()? {
                Event::ConfigureNotify(event) => {
                    size = (short(event.width.into()), short(event.height.into()));
                    conn.clear_area(true, window, 0, 0, 0, 0)?;
                }
                Event::Expose(event) if event.count == 0 => {
                    let (own_width, own_height) = (label.size.width, label.size.height);
                    conn.put_image(
                        ImageFormat::Z_PIXMAP,
                        window,
                        gc,
                        own_width.try_into().unwrap_or_default(),
                        own_height.try_into().unwrap_or_default(),
                        (size.0 - short(own_width)) / 2,
                        (size.1 - short(own_height)) / 2,
                        0,
                        depth,
                        &pixels,
                    )?;
                }
                Event::ClientMessage(message)
                    if message.data.as_data32()[0] == atoms.WM_DELETE_WINDOW =>
                {
                    return Ok(());
                }
                _ => {}
            }
            conn.flush()?;
        }
    }
}
