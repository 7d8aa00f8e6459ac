//! The messages of other threads to the run.

use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use super::interrupt::{Interrupts, Signal};
use crate::apply::ApplyError;
use crate::apply::event::Happening;

/// A message of another thread.
pub(super) enum Notice {
    Happening(Happening),
    /// A child process has ended, perhaps that of a slot.
    ChildEnded,
}

/// Receives the messages of other threads.
pub(super) struct Notices {
    sender: Sender<Notice>,
    receiver: Receiver<Notice>,
    /// Sends a notice for each signal.
    _interrupts: Interrupts,
}

impl Notices {
    /// Receives the signals of this process, and what is sent with [`Notices::sender`].
    pub(super) fn new() -> Result<Self, ApplyError> {
        let (sender, receiver) = mpsc::channel();
        let of_signals = sender.clone();
        let interrupts = Interrupts::watch(move |signal| {
            // The receiver is gone after the run has ended.
            let _ = of_signals.send(match signal {
                Signal::Interrupt => Notice::Happening(Happening::Interrupt),
                Signal::Child => Notice::ChildEnded,
            });
        })
        .map_err(ApplyError::Signals)?;
        Ok(Self {
            sender,
            receiver,
            _interrupts: interrupts,
        })
    }

    /// A sender of notices, for another thread.
    pub(super) fn sender(&self) -> Sender<Notice> {
        self.sender.clone()
    }

    /// All messages that have come. If there is none yet, waits for one, at most for this time.
    pub(super) fn wait(&self, pause: Duration) -> impl Iterator<Item = Notice> + '_ {
        // It cannot be disconnected, because `self` has a sender.
        let first = self.receiver.recv_timeout(pause).ok();
        first.into_iter().chain(self.receiver.try_iter())
    }
}
