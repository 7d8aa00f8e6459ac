//! i3's replies, events and frames, through a socket as in a session.

use std::io::Write as _;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use i3pm_layout::live::{Change, ConId, Defaults, Properties};
use i3pm_layout::wm::command::Command;
use i3pm_layout::wm::{Connection, Subscription};
use tempfile::TempDir;

/// The time limit of a request, which no request should need.
const LIMIT: Duration = Duration::from_secs(5);

/// Numbers of IPC requests (i3 IPC document, "Sending messages").
const RUN_COMMAND: u32 = 0;
const GET_WORKSPACES: u32 = 1;
const SUBSCRIBE: u32 = 2;
const GET_OUTPUTS: u32 = 3;
const GET_TREE: u32 = 4;
const GET_VERSION: u32 = 7;
const GET_CONFIG: u32 = 9;

/// The bit that makes a message an event.
const EVENT: u32 = 1 << 31;

/// A socket at which this process plays i3.
struct FakeI3 {
    listener: UnixListener,
    folder: TempDir,
}

impl FakeI3 {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory for the socket");
        let listener = UnixListener::bind(folder.path().join("ipc")).expect("the path is free");
        Self { listener, folder }
    }

    /// A connection with its other end.
    fn connect(&self) -> (Connection, UnixStream) {
        let connection = Connection::open(&self.folder.path().join("ipc"), LIMIT);
        let connection = connection.expect("the socket listens");
        let (stream, _) = self.listener.accept().expect("a client has connected");
        (connection, stream)
    }
}

/// The number of bytes that fit into the buffer of a socket.
const BUFFER: usize = 64 * 1024;

/// Sends these bytes, and nothing more.
fn send(mut stream: &UnixStream, bytes: &[u8]) {
    // Fails if the client is satisfied or has given up.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
}

thread_local! {
    static I3: FakeI3 = FakeI3::new();
}

/// Passes a connection on which i3 sends these bytes to `then`.
fn with_connection<T>(bytes: &[u8], then: impl FnOnce(Connection) -> T) -> T {
    I3.with(|i3| {
        let (connection, stream) = i3.connect();
        if bytes.len() <= BUFFER {
            send(&stream, bytes);
            return then(connection);
        }
        thread::scope(|scope| {
            scope.spawn(|| send(&stream, bytes));
            then(connection)
        })
    })
}

/// A complete message.
fn frame(kind: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("the payload is short");
    let head = [&b"i3-ipc"[..], &length.to_ne_bytes(), &kind.to_ne_bytes()].concat();
    [&head, payload].concat()
}

/// A reply; the first byte selects the request.
pub(super) fn replies(bytes: &[u8]) {
    let Some((first, payload)) = bytes.split_first() else {
        return;
    };
    let ask = |kind: u32, then: &dyn Fn(Connection)| with_connection(&frame(kind, payload), then);
    let commands = [
        Command::CloseWindow(ConId(1)),
        Command::CloseWindow(ConId(2)),
    ];
    match first {
        b'c' => ask(RUN_COMMAND, &|mut i3| drop(i3.run(&commands))),
        b'o' => ask(GET_OUTPUTS, &|mut i3| drop(i3.outputs())),
        b't' => ask(GET_TREE, &|mut i3| drop(i3.tree(Defaults::default()))),
        b'v' => ask(GET_VERSION, &|mut i3| drop(i3.version())),
        _ => ask(GET_WORKSPACES, &|mut i3| drop(i3.workspaces())),
    }
}

/// The files of the i3 config, separated by NUL.
pub(super) fn config(bytes: &[u8]) {
    let version = br#"{"major":4,"minor":25,"patch":1,"human_readable":"4.25.1"}"#;
    let reply = frame(GET_CONFIG, &config_reply(bytes));
    let both = [frame(GET_VERSION, version), reply.clone()].concat();
    let about = with_connection(&both, |mut i3| i3.about()).expect("any config is read");
    if let Some(gaps) = about.gaps {
        gaps.of("1");
    }
    let found = with_connection(&reply, |mut i3| i3.window_config());
    let found = found.expect("any config is read");
    let properties = Properties {
        class: Some("Code".to_owned()),
        title: Some("a".repeat(100)),
        ..Properties::default()
    };
    for rule in &found.rules {
        rule.matches(&properties);
        rule.may_match(&properties);
        // The journal has the line.
        let text = serde_json::to_string(rule).expect("a rule is JSON");
        let again = serde_json::from_str(&text).expect("the line is a rule");
        assert_eq!(*rule, again);
    }
}

/// i3's reply with these files, separated by NUL. i3 does not check that they are UTF-8.
fn config_reply(text: &[u8]) -> Vec<u8> {
    let mut reply = br#"{"included_configs":["#.to_vec();
    for (number, file) in text.split(|&byte| byte == 0).enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let head = format!(r#"{comma}{{"path":"/a","variable_replaced_contents":""#);
        reply.extend(head.into_bytes());
        for &byte in file {
            match byte {
                b'"' | b'\\' => reply.extend([b'\\', byte]),
                0..0x20 => reply.extend(format!("\\u{byte:04x}").into_bytes()),
                byte => reply.push(byte),
            }
        }
        reply.extend(br#""}"#);
    }
    reply.extend(b"]}");
    reply
}

/// Events, one in each line; the first byte of a line is the kind.
pub(super) fn events(bytes: &[u8]) {
    let mut sent = frame(SUBSCRIBE, br#"{"success":true}"#);
    for line in bytes.split(|&byte| byte == b'\n') {
        if let Some((kind, payload)) = line.split_first() {
            sent.extend(frame(EVENT | u32::from(kind.wrapping_sub(b'0')), payload));
        }
    }
    with_connection(&sent, |i3| {
        let (sender, changes) = mpsc::channel();
        let sink = move |change: Change| sender.send(change).is_ok();
        let subscription = Subscription::start(i3, Defaults::default(), sink);
        if subscription.is_ok() {
            let last = changes.iter().last();
            assert!(matches!(last, Some(Change::Lost(_))), "{last:?}");
        }
    });
}

/// Any bytes at the socket.
pub(super) fn frames(bytes: &[u8]) {
    with_connection(bytes, |mut i3| {
        let first = i3.version();
        if first.is_err() && i3.is_spoilt() {
            i3.outputs().expect_err("the connection is not used again");
        } else {
            // Errors are expected.
            let _ = i3.observe(None);
        }
    });
}
