//! i3's IPC for tests: requests, commands, events as plain JSON.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use swayipc_types::{CommandType, MAGIC};

use super::PATIENCE;

/// All event types of i3 4.22.
const EVENTS: [&str; 8] = [
    "workspace",
    "output",
    "mode",
    "window",
    "barconfig_update",
    "binding",
    "shutdown",
    "tick",
];

/// i3's socket. Each request opens a new connection, so that it works after a restart of i3.
#[derive(Clone, Debug)]
pub(crate) struct Ipc {
    socket: PathBuf,
}

/// An event of i3.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The type as in subscriptions, such as `window`.
    pub(crate) kind: &'static str,
    /// The payload.
    pub(crate) body: Value,
}

impl Event {
    /// True if the event has this type and `change`, such as `window` and `new`.
    pub(crate) fn is(&self, kind: &str, change: &str) -> bool {
        self.kind == kind && self.body["change"] == change
    }
}

impl Ipc {
    /// True if an i3 answers at a socket.
    pub(crate) fn is_ready(socket: &Path) -> bool {
        UnixStream::connect(socket).is_ok()
    }

    pub(crate) fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Sends a message and returns the reply.
    pub(crate) fn request(&self, kind: CommandType, payload: impl AsRef<[u8]>) -> Value {
        let mut stream = self.connect();
        stream
            .write_all(&kind.encode_with(payload))
            .expect("i3 accepts the request");
        let (_, body) = read_message(&mut stream).expect("i3 replies");
        body
    }

    /// Sends a message without payload and returns the bytes of the reply.
    pub(crate) fn request_bytes(&self, kind: CommandType) -> Vec<u8> {
        let mut stream = self.connect();
        stream
            .write_all(&kind.encode_with(""))
            .expect("i3 accepts the request");
        read_bytes(&mut stream).expect("i3 replies").1
    }

    /// The root container of i3's tree.
    pub(crate) fn tree(&self) -> Value {
        self.request(CommandType::GetTree, "")
    }

    /// The outputs, as i3 sends them.
    pub(crate) fn outputs(&self) -> Value {
        self.request(CommandType::GetOutputs, "")
    }

    /// The workspaces, as i3 sends them.
    pub(crate) fn workspaces(&self) -> Value {
        self.request(CommandType::GetWorkspaces, "")
    }

    /// Runs i3 commands; all of them must succeed.
    #[track_caller]
    pub(crate) fn run(&self, commands: &str) -> Value {
        let reply = self.try_run(commands);
        let fine = reply
            .as_array()
            .is_some_and(|replies| replies.iter().all(|reply| reply["success"] == true));
        assert!(fine, "i3 rejected `{commands}`: {reply}");
        reply
    }

    /// Runs i3 commands and returns the reply.
    pub(crate) fn try_run(&self, commands: &str) -> Value {
        self.request(CommandType::RunCommand, commands)
    }

    /// Subscribes to events of these types, such as `["window", "workspace"]`.
    pub(crate) fn events(&self, types: &[&str]) -> Events {
        let mut stream = self.connect();
        let payload = serde_json::to_string(types).expect("strings can be serialized");
        stream
            .write_all(&CommandType::Subscribe.encode_with(payload))
            .expect("i3 accepts the subscription");
        let (_, reply) = read_message(&mut stream).expect("i3 replies");
        assert_eq!(reply["success"], true, "i3 refused to send {types:?}");
        // Events may be rare, so reading has no timeout.
        stream
            .set_read_timeout(None)
            .expect("a socket has a read timeout");
        let (sender, receiver) = mpsc::channel();
        let mut reader = stream.try_clone().expect("file descriptors are available");
        thread::spawn(move || {
            while let Some((number, body)) = read_message(&mut reader) {
                // The highest bit marks an event (i3 IPC document).
                let kind = EVENTS
                    .get((number & 0x7fff_ffff) as usize)
                    .copied()
                    .unwrap_or("unknown");
                if sender.send(Event { kind, body }).is_err() {
                    return;
                }
            }
        });
        Events { receiver, stream }
    }

    /// Returns when i3 has handled all earlier IPC messages.
    pub(crate) fn barrier(&self) {
        let events = self.events(&["tick"]);
        let payload = format!("barrier {:?}", thread::current().id());
        self.request(CommandType::SendTick, &payload);
        events.until("the tick arrives", |event| {
            event.body["payload"] == payload.as_str()
        });
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(&self.socket).expect("i3 listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("the timeout is not zero");
        stream
    }
}

/// A stream of events in order.
#[derive(Debug)]
pub(crate) struct Events {
    receiver: mpsc::Receiver<Event>,
    stream: UnixStream,
}

impl Events {
    /// The next event, or `None` after this time.
    pub(crate) fn next_within(&self, time: Duration) -> Option<Event> {
        self.receiver.recv_timeout(time).ok()
    }

    /// The events received so far.
    pub(crate) fn pending(&self) -> Vec<Event> {
        self.receiver.try_iter().collect()
    }

    /// Waits for an event that fulfils the condition, and returns it.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, mut wanted: impl FnMut(&Event) -> bool) -> Event {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(event) = self.next_within(left) else {
                panic!("timed out waiting until {what}; events: {seen:?}");
            };
            if wanted(&event) {
                return event;
            }
            seen.push(format!("{}::{}", event.kind, event.body["change"]));
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        // Ends the reading thread; i3 may have closed the connection already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Reads one message; `None` if the connection has ended.
fn read_message(stream: &mut UnixStream) -> Option<(u32, Value)> {
    let (kind, body) = read_bytes(stream)?;
    // i3's JSON may contain bytes that are not UTF-8.
    let body = serde_json::from_str(&String::from_utf8_lossy(&body)).expect("i3 sends JSON");
    Some((kind, body))
}

/// Reads the type and payload of one message; `None` if the connection has ended.
pub(crate) fn read_bytes(stream: &mut UnixStream) -> Option<(u32, Vec<u8>)> {
    let mut header = [0; 14];
    stream.read_exact(&mut header).ok()?;
    let (magic, numbers) = header.split_at(MAGIC.len());
    assert_eq!(magic, MAGIC, "a message begins");
    let number =
        |bytes: &[u8]| u32::from_ne_bytes(bytes.try_into().expect("the slice has four bytes"));
    let mut body = vec![0; number(&numbers[..4]) as usize];
    stream.read_exact(&mut body).ok()?;
    Some((number(&numbers[4..]), body))
}
