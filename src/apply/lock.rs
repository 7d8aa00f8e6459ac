//! One apply at a time per display.

use std::fs::File;

use rustix::fs::{FlockOperation, flock};

use super::ApplyError;
use super::runtime::{Runtime, create_private};

/// The lock, held until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the display, or says that another run has it.
    pub(super) fn take(runtime: &Runtime, display: &str) -> Result<Self, ApplyError> {
        let path = runtime.path(&Runtime::name_for_display("apply", display, "lock"));
        let failed = |source| ApplyError::Runtime {
            path: path.clone(),
            source,
        };
        let file = create_private(&path).map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(ApplyError::Busy),
            Err(error) => Err(failed(error.into())),
        }
    }
}
