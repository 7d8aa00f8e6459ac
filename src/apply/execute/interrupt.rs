//! SIGINT and other termination signals, as events.

use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

use crate::apply::ApplyError;

/// Watches for signals until it is dropped.
#[derive(Debug)]
pub(in crate::apply) struct Interrupts {
    handle: Handle,
}

impl Interrupts {
    /// Calls `sink` for each termination signal.
    pub(in crate::apply) fn watch(
        mut sink: impl FnMut() + Send + 'static,
    ) -> Result<Self, ApplyError> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(ApplyError::Signals)?;
        let handle = signals.handle();
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for _ in &mut signals {
                    sink();
                }
            })
            .map_err(ApplyError::Signals)?;
        Ok(Self { handle })
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        self.handle.close();
    }
}
