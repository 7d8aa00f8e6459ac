//! Facts about the session that can be asked for without a connection to i3.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::SessionError;
use crate::wm::SocketOrigin;
use crate::wm::WmError;
use crate::wm::error::is_stale;
use crate::wm::socket::Socket;
use crate::x11::Display;

/// The abilities of an X server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XServer {
    /// True if it names the processes of windows (`XRes`).
    pub has_client_ids: bool,
    /// True if it names the monitors (`RandR`).
    pub has_randr: bool,
    /// The socket of the display's i3.
    pub i3_socket: Option<PathBuf>,
}

/// Asks the X server of a display, named as in `DISPLAY`.
pub fn x_server(display: Option<&str>) -> Result<XServer, SessionError> {
    let display = Display::connect(display)?;
    Ok(XServer {
        has_client_ids: display.has_client_ids(),
        has_randr: display.has_randr()?,
        i3_socket: display.i3_socket_path()?,
    })
}

/// True if no process listens at a socket.
pub fn is_left_over(socket: &Path, limit: Duration) -> bool {
    let connected = Socket::connect(socket, SocketOrigin::Environment, limit);
    matches!(connected, Err(WmError::Connect { source, .. }) if is_stale(&source))
}
