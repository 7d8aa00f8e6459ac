//! The property by which compositors recognise floating windows.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, PropMode};
use x11rb::wrapper::ConnectionExt as _;

use super::display::{Display, XError};
use super::windows::{answer, number};
use crate::live::XId;

impl Display {
    /// Sets or deletes `I3_FLOATING_WINDOW` (a `CARDINAL` of 1) of each window for which it is
    /// wrong. True is for a floating window. A window that is gone is not an error.
    pub fn correct_floating(
        &self,
        windows: impl IntoIterator<Item = (XId, bool)>,
    ) -> Result<(), XError> {
        let atom = self.atoms.I3_FLOATING_WINDOW;
        let mut asked = Vec::new();
        for (window, floats) in windows {
            let cookie = self.property(window.0, atom, AtomEnum::CARDINAL, 1)?;
            asked.push((window, floats, cookie));
        }
        for (window, floats, cookie) in asked {
            let is_set = number(answer(cookie)?).is_some();
            let request = match (floats, is_set) {
                (true, false) => {
                    let (replace, kind) = (PropMode::REPLACE, AtomEnum::CARDINAL);
                    self.conn
                        .change_property32(replace, window.0, atom, kind, &[1])?
                }
                (false, true) => self.conn.delete_property(window.0, atom)?,
                _ => continue,
            };
            request.ignore_error();
        }
        self.conn.flush()?;
        Ok(())
    }
}
