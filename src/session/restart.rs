//! Begins again if i3 restarts in place at the start of a command.

#![expect(
    clippy::disallowed_methods,
    reason = "checks if i3's process is running"
)]

use std::fs;

use super::{Session, SessionEnv};
use crate::live::Pid;
use crate::wm::error::WmError;
use crate::wm::locate::locate;
use crate::wm::socket::Socket;
use crate::wm::{Connection, SocketOrigin, restart};
use crate::x11::{Display, XError};

/// Finds i3's socket and connects, also if i3 is restarting.
pub(super) fn connect(
    env: &SessionEnv,
    display: &Result<Display, XError>,
) -> Result<(Socket, SocketOrigin), WmError> {
    let is_running = || display.as_ref().is_ok_and(is_i3_running);
    restart::retry(&is_running, || {
        locate(env, &|| match display {
            Ok(display) => display.i3_socket_path().map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        })
    })
}

impl Session {
    /// Asks i3, and connects again if it restarts before the first look at the desktop. After
    /// that, it does not: containers have other ids after a restart.
    pub(super) fn ask_first<T>(
        &mut self,
        mut ask: impl FnMut(&mut Connection) -> Result<T, WmError>,
    ) -> Result<T, WmError> {
        let Self {
            wm,
            display,
            has_looked,
            ..
        } = self;
        restart::retry(&|| !*has_looked && is_i3_running(display), || {
            if wm.is_spoilt() {
                let Socket {
                    path,
                    base_limit: limit,
                    ..
                } = &wm.socket;
                *wm = Connection::open(path, *limit)?;
            }
            ask(wm)
        })
    }
}

/// True if the process of the display's i3 is running. If i3 has ended, another process may have
/// got its id.
fn is_i3_running(display: &Display) -> bool {
    let pid = display.i3_pid().ok().flatten();
    let command = pid.and_then(|Pid(pid)| fs::read(format!("/proc/{pid}/cmdline")).ok());
    command.is_some_and(|command| command.windows(2).any(|two| two == b"i3"))
}
