//! The error of a nested desktop that has ended by itself.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use super::{Event, INTERVAL, Nested};
use crate::nested::NestedError;
use crate::nested::server::{I3, Server};

/// The time in which the other programs end if the X server has.
const SETTLED: Duration = Duration::from_millis(500);

impl Nested {
    /// The error after [`Happened::Ended`](super::Happened::Ended), if a program has ended by itself. `None` if the user has closed
    /// the window or has exited i3.
    pub fn crash(&mut self) -> Option<NestedError> {
        let has_window = self.kind == Server::Xephyr;
        let i3 = self.i3.as_mut().and_then(status);
        if has_window && i3.is_some_and(|status| status.success()) {
            return None;
        }
        // i3 and the window may end first because the X server does.
        let deadline = Instant::now() + SETTLED;
        let mut server = None;
        while server.is_none() && Instant::now() < deadline {
            if let Ok(Event::Closed) = self.events.recv_timeout(INTERVAL) {
                self.is_closed = true;
            }
            server = self.server.as_mut().and_then(status);
        }
        let program = match server {
            // It exits if its window is closed.
            Some(status) if has_window && status.signal().is_none() => return None,
            Some(_) => self.kind.needed().program,
            None if self.is_closed => return None,
            None => I3.program,
        };
        Some(self.not_ready(program, "has ended"))
    }
}

/// Its exit status, if it has ended.
fn status(child: &mut Child) -> Option<ExitStatus> {
    child.try_wait().ok().flatten()
}
