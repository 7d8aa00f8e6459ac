use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use i3pm_layout::live::{Pid, XId};
use i3pm_layout::x11::Display;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::harness::{Desktop, PATIENCE};

/// How many requests have gone by, and how many have to before an answer is let through.
#[derive(Default)]
struct Count {
    requests: usize,
    wanted: usize,
}

/// Stands between a client and the X server, and lets no answer through before the
/// server has been asked a number of things.
///
/// So a client that waits for one answer before it asks the next waits forever.
struct Proxy {
    /// As in `DISPLAY`.
    display: String,
    count: Arc<(Mutex<Count>, Condvar)>,
}

impl Proxy {
    fn start(display: &str) -> Self {
        // `127.0.0.1:N` is port 6000 + N.
        let (number, listener) = (200_u16..2000)
            .find_map(|number| {
                Some((
                    number,
                    TcpListener::bind(("127.0.0.1", 6000 + number)).ok()?,
                ))
            })
            .expect("a port is free");
        let path = format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':'));
        let count = Arc::new((Mutex::new(Count::default()), Condvar::new()));
        let shared = Arc::clone(&count);
        thread::spawn(move || {
            let (client, _) = listener.accept().expect("the test connects");
            let server = UnixStream::connect(path).expect("the server runs");
            let asks = (
                client.try_clone().expect("descriptors are left"),
                server.try_clone().expect("descriptors are left"),
                Arc::clone(&shared),
            );
            thread::spawn(move || forward_requests(asks.0, asks.1, &asks.2));
            forward_answers(server, client, &shared);
        });
        Self {
            display: format!("127.0.0.1:{number}"),
            count,
        }
    }

    /// From now on there is no answer before so many requests more.
    fn hold(&self, requests: usize) {
        let mut count = self.count.0.lock().expect("no thread panics in here");
        count.wanted = count.requests + requests;
    }

    fn requests(&self) -> usize {
        self.count
            .0
            .lock()
            .expect("no thread panics in here")
            .requests
    }
}

/// Counts requests by their lengths (X protocol, "Request Format").
fn forward_requests(
    mut client: TcpStream,
    mut server: UnixStream,
    count: &(Mutex<Count>, Condvar),
) {
    let mut setup = [0; 12];
    if client.read_exact(&mut setup).is_err() {
        return;
    }
    let padded =
        |at: usize| usize::from(u16::from_le_bytes([setup[at], setup[at + 1]])).div_ceil(4) * 4;
    let mut rest = vec![0; padded(6) + padded(8)];
    let mut told = client.read_exact(&mut rest).is_ok()
        && server.write_all(&setup).is_ok()
        && server.write_all(&rest).is_ok();
    let mut head = [0; 4];
    while told && client.read_exact(&mut head).is_ok() {
        let words = usize::from(u16::from_le_bytes([head[2], head[3]]));
        assert!(words > 0, "no request is that long");
        let mut body = vec![0; (words - 1) * 4];
        told = client.read_exact(&mut body).is_ok()
            && server.write_all(&head).is_ok()
            && server.write_all(&body).is_ok();
        count.0.lock().expect("no thread panics in here").requests += 1;
        count.1.notify_all();
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn forward_answers(mut server: UnixStream, mut client: TcpStream, count: &(Mutex<Count>, Condvar)) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = server.read(&mut bytes) {
        let held = count.0.lock().expect("no thread panics in here");
        let gone_by = count
            .1
            .wait_while(held, |count| count.requests < count.wanted);
        drop(gone_by);
        if client.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}

/// Windows of one client, and what they say about themselves.
struct Windows {
    x: RustConnection,
    root: u32,
}

impl Windows {
    fn connect(display: &str) -> Self {
        let (x, screen) = RustConnection::connect(Some(display)).expect("the server runs");
        let root = x.setup().roots[screen].root;
        Self { x, root }
    }

    fn open(&self) -> u32 {
        let id = self.x.generate_id().expect("ids are left");
        let nothing = CreateWindowAux::new();
        self.x
            .create_window(
                0,
                id,
                self.root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_ONLY,
                0,
                &nothing,
            )
            .expect("the server runs");
        id
    }

    fn set(&self, window: u32, name: &str, kind: AtomEnum, value: u32) {
        let atom = self.atom(name);
        self.x
            .change_property32(PropMode::REPLACE, window, atom, kind, &[value])
            .expect("the server runs");
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.x.intern_atom(false, name.as_bytes());
        let reply = cookie.expect("the server runs").reply();
        reply.expect("a name").atom
    }
}

/// What came of it, or that there was no answer.
fn within_patience<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver): (Sender<T>, Receiver<T>) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(work());
    });
    receiver
        .recv_timeout(PATIENCE)
        .expect("all is asked before the first answer")
}

#[test]
fn hundred_windows_take_one_round_trip_and_one_more_for_their_leaders() {
    let desktop = Desktop::new();
    let windows = Windows::connect(desktop.display().name());
    let ids: Vec<u32> = (0..100).map(|_| windows.open()).collect();
    for &id in &ids {
        windows.set(id, "_NET_WM_PID", AtomEnum::CARDINAL, 4000 + id % 1000);
    }
    windows.x.sync().expect("the server runs");

    let proxy = Proxy::start(desktop.display().name());
    let display = Arc::new(Display::connect(Some(&proxy.display)).expect("the proxy runs"));
    let facts = |held: usize| {
        let (display, ids) = (Arc::clone(&display), ids.clone());
        proxy.hold(held);
        let before = proxy.requests();
        let facts = within_patience(move || display.facts(ids.into_iter().map(XId)));
        (
            facts.expect("the server answers"),
            proxy.requests() - before,
        )
    };
    // Each window's pid, startup id, leader, hints, size hints, state, frame and protocols, and
    // all clients' processes.
    let (found, requests) = facts(8 * ids.len() + 1);
    assert_eq!(requests, 8 * ids.len() + 1);
    let us = Some(Pid(std::process::id()));
    for id in &ids {
        let facts = &found[&XId(*id)];
        assert_eq!(
            (facts.server_pid, facts.claimed_pid),
            (us, Some(Pid(4000 + id % 1000)))
        );
        assert_eq!((facts.leader, &facts.startup_id), (None, &None));
    }

    // One leader for all, as toolkits do it: it is asked once.
    let leader = windows.open();
    let startup_id = windows.atom("_NET_STARTUP_ID");
    windows
        .x
        .change_property8(
            PropMode::REPLACE,
            leader,
            startup_id,
            AtomEnum::STRING,
            b"it_TIME1",
        )
        .expect("the server runs");
    for &id in &ids {
        windows.set(id, "WM_CLIENT_LEADER", AtomEnum::WINDOW, leader);
    }
    windows.x.sync().expect("the server runs");
    let (found, requests) = facts(8 * ids.len() + 1);
    assert_eq!(requests, 8 * ids.len() + 2);
    for id in &ids {
        let facts = &found[&XId(*id)];
        assert_eq!(facts.leader, Some(XId(leader)));
        assert_eq!(facts.startup_id.as_deref(), Some("it_TIME1"));
    }
}
