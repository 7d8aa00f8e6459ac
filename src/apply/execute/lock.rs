//! Ensures that only one command changes a display at a time.
#![expect(clippy::disallowed_methods, reason = "the wait has a limit")]

use std::fs::File;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::runtime::Runtime;
use crate::apply::ApplyError;
use crate::files::private;

/// The time that a short command, such as `adapt`, gets to finish.
const PATIENCE: Duration = Duration::from_secs(2);

/// The time between two attempts.
const INTERVAL: Duration = Duration::from_millis(20);

/// Takes the lock of the display. Fails if another run keeps it for two seconds. The lock is held
/// until the file is dropped or the process exits for any reason.
pub(in crate::apply) fn take(runtime: &Runtime) -> Result<File, ApplyError> {
    let path = runtime.file("apply", "lock");
    let failed = |source| ApplyError::Runtime {
        path: path.clone(),
        source,
    };
    let file = private::create(&path).map_err(failed)?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < deadline => {
                thread::sleep(INTERVAL);
            }
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(ApplyError::Busy),
            Err(error) => return Err(failed(error.into())),
        }
    }
}
