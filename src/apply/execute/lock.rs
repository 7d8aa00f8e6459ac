//! Ensures that only one command changes a display at a time.
#![expect(clippy::disallowed_methods, reason = "the wait has a limit")]

use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::runtime::Runtime;
use crate::apply::ApplyError;
use crate::files::private;
use crate::session::Session;

/// The time that a short command, such as `adapt`, gets to finish.
const PATIENCE: Duration = Duration::from_secs(2);

/// The time between two attempts.
const INTERVAL: Duration = Duration::from_millis(20);

/// Takes the lock of the display. Fails if another run keeps it for two seconds. The lock is held
/// until the process exits for any reason.
///
/// It is the lock of a file for the threads and runs of one directory, and a selection of the X server
/// for processes with different values of `XDG_RUNTIME_DIR`.
pub(in crate::apply) fn take(runtime: &Runtime, session: &Session) -> Result<File, ApplyError> {
    let path = runtime.file("apply", "lock");
    let failed = |source| ApplyError::Runtime {
        path: path.clone(),
        source,
    };
    let file = private::create(&path).map_err(failed)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let is_taken = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => session.take_lock()?,
            Err(rustix::io::Errno::WOULDBLOCK) => false,
            Err(error) => return Err(failed(error.into())),
        };
        if is_taken {
            return Ok(file);
        } else if Instant::now() >= deadline {
            let process = session.lock_owner();
            return Err(ApplyError::Busy { process });
        }
        thread::sleep(INTERVAL);
    }
}
