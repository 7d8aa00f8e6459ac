//! Waits while i3 restarts in place.
//!
//! i3 closes its socket and all connections, and listens again a moment later, in the same process
//! (`i3_restart` in i3's `src/util.c`).
#![expect(clippy::disallowed_methods, reason = "the wait has a limit")]

use std::thread;
use std::time::{Duration, Instant};

use super::error::WmError;

/// The time that i3 may take to restart.
const LIMIT: Duration = Duration::from_secs(5);

/// The interval between attempts.
const INTERVAL: Duration = Duration::from_millis(10);

/// Tries again as long as the connection is lost although i3's process is running, up to five
/// seconds.
pub fn retry<T>(
    is_running: &dyn Fn() -> bool,
    mut attempt: impl FnMut() -> Result<T, WmError>,
) -> Result<T, WmError> {
    let deadline = Instant::now() + LIMIT;
    loop {
        match attempt() {
            Err(error) if error.is_lost() && is_running() && Instant::now() < deadline => {
                thread::sleep(INTERVAL);
            }
            result => return result,
        }
    }
}
