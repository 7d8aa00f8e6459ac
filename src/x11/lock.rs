//! The lock of the display.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::ConnectionExt as _;

use super::display::{Display, XError};
use crate::live::{Pid, XId};

impl Display {
    /// Takes the lock of the display, the selection `_I3PM_LAYOUT` (ICCCM 2.8). The X server releases it
    /// when this connection ends. Returns false if another connection has it.
    pub fn take_lock(&self) -> Result<bool, XError> {
        // Nobody can take it between the question and the request.
        self.conn.grab_server()?;
        let taken = self.take_selection();
        self.conn.ungrab_server()?;
        self.conn.flush()?;
        taken
    }

    /// The process that has the lock; `None` if nobody has it, or if the process is not known.
    pub fn lock_owner(&self) -> Result<Option<Pid>, XError> {
        let selection = self.atoms._I3PM_LAYOUT;
        let owner = self.conn.get_selection_owner(selection)?.reply()?.owner;
        if owner == x11rb::NONE {
            return Ok(None);
        }
        self.process_of(XId(owner))
    }

    fn take_selection(&self) -> Result<bool, XError> {
        let selection = self.atoms._I3PM_LAYOUT;
        let owner = self.conn.get_selection_owner(selection)?.reply()?.owner;
        if owner == x11rb::NONE {
            let window = self.mailbox()?;
            self.conn
                .set_selection_owner(window.0, selection, x11rb::CURRENT_TIME)?;
            return Ok(true);
        }
        let setup = self.conn.setup();
        Ok(owner & !setup.resource_id_mask == setup.resource_id_base)
    }
}
