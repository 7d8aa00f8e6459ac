//! The thread that reads i3's events.
//!
//! It has its own connection, because a timeout in the middle of an event would leave the
//! rest of the event for the next read.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::connection::Connection;
use super::error::WmError;
use super::event::{self, SUBSCRIPTION};
use super::message::Kind;
use super::socket::Socket;
use crate::live::{Change, Defaults};

/// A subscription to events; dropping it ends them.
#[derive(Debug)]
pub struct Subscription {
    stream: UnixStream,
    closing: Arc<AtomicBool>,
}

impl Subscription {
    /// Subscribes to the events that are changes, and passes each to `sink`
    /// on another thread, until `sink` returns false.
    ///
    /// When this returns, i3 sends all later events. The last change is [`Change::Lost`],
    /// unless the handle is dropped or `sink` ends the subscription.
    pub fn start(
        connection: Connection,
        defaults: Defaults,
        sink: impl FnMut(Change) -> bool + Send + 'static,
    ) -> Result<Self, WmError> {
        let socket = connection.subscribe(SUBSCRIPTION)?;
        let stream = socket.stream()?;
        let closing = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closing);
        thread::Builder::new()
            .name("i3-events".to_owned())
            .spawn(move || read_events(socket, defaults, sink, &seen))?;
        Ok(Self { stream, closing })
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the thread. Fails if i3 has already ended the connection.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

fn read_events(
    mut socket: Socket,
    defaults: Defaults,
    mut sink: impl FnMut(Change) -> bool,
    closing: &AtomicBool,
) {
    loop {
        let change = match next(&mut socket, defaults) {
            Ok(None) => continue,
            Ok(Some(change)) => change,
            Err(_) if closing.load(Ordering::Relaxed) => return,
            Err(error) => {
                sink(Change::Lost(error.to_string()));
                return;
            }
        };
        if !sink(change) {
            return;
        }
    }
}

fn next(socket: &mut Socket, defaults: Defaults) -> Result<Option<Change>, WmError> {
    let (kind, payload) = socket.receive(None, "send events")?;
    match kind {
        Kind::Event(number) => event::change(number, &payload, defaults),
        Kind::Reply(_) => Ok(None),
    }
}
