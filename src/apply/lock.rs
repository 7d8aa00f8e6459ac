//! Ensures that only one `apply` runs per display.
#![expect(clippy::disallowed_methods, reason = "locks a file")]

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::fs::{FlockOperation, flock};

use super::ApplyError;
use super::runtime::Runtime;

/// The lock, held until it is dropped or the process exits for any reason.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the display. Fails if another run has it.
    pub(super) fn take(runtime: &Runtime, display: &str) -> Result<Self, ApplyError> {
        let path = runtime.path(&Runtime::name_for_display("apply", display, "lock"));
        let failed = |source| ApplyError::Runtime {
            path: path.clone(),
            source,
        };
        let file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(ApplyError::Busy { lock: path }),
            Err(error) => Err(failed(error.into())),
        }
    }
}
