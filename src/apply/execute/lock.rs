//! Ensures that only one `apply` runs per display.

use std::fs::File;

use rustix::fs::{FlockOperation, flock};

use super::runtime::{Runtime, create_private};
use crate::apply::ApplyError;

/// Takes the lock of the display. Fails if another run has it. The lock is held until the file is
/// dropped or the process exits for any reason.
pub(in crate::apply) fn take(runtime: &Runtime) -> Result<File, ApplyError> {
    let path = runtime.file("apply", "lock");
    let failed = |source| ApplyError::Runtime {
        path: path.clone(),
        source,
    };
    let file = create_private(&path).map_err(failed)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(ApplyError::Busy),
        Err(error) => Err(failed(error.into())),
    }
}
