//! Signals that end the run, and the signal that a program has ended, as events.

use std::io;
use std::thread;

use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The run is to end.
    Interrupt,
    /// A child process has ended.
    Child,
}

/// Watches for signals until it is dropped.
#[derive(Debug)]
pub struct Interrupts {
    handle: Handle,
}

impl Interrupts {
    /// Calls `sink` for each signal. Several children that end at the same time may cause one signal.
    pub fn watch(mut sink: impl FnMut(Signal) + Send + 'static) -> io::Result<Self> {
        let watched = [SIGINT, SIGTERM, SIGHUP, SIGCHLD];
        let mut signals = Signals::new(watched)?;
        let handle = signals.handle();
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in &mut signals {
                    sink(match signal {
                        SIGCHLD => Signal::Child,
                        _ => Signal::Interrupt,
                    });
                }
            })?;
        Ok(Self { handle })
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        self.handle.close();
    }
}
