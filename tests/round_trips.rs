//! The number of times that the program waits for the X server.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use i3pm_layout::live::{Pid, XId};
use i3pm_layout::x11::Display;
use x11rb::protocol::xproto::{AtomEnum, WindowClass};
use x11rb::wrapper::ConnectionExt as _;

use crate::harness::{Desktop, PATIENCE};

/// The number of forwarded requests, and the number required before replies are forwarded.
#[derive(Default)]
struct Count {
    requests: usize,
    wanted: usize,
}

/// A proxy between a client and the X server that holds replies back until a number of requests
/// have been sent.
///
/// A client that waits for a reply before its next request blocks forever.
struct Proxy {
    /// The value for `DISPLAY`.
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
                client.try_clone().expect("file descriptors are available"),
                server.try_clone().expect("file descriptors are available"),
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

    /// Holds replies back until this many more requests have been sent.
    fn hold(&self, requests: usize) {
        let mut count = self.count.0.lock().expect("the lock is not poisoned");
        count.wanted = count.requests + requests;
    }

    fn requests(&self) -> usize {
        self.count
            .0
            .lock()
            .expect("the lock is not poisoned")
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
    let mut is_connected = client.read_exact(&mut rest).is_ok()
        && server.write_all(&setup).is_ok()
        && server.write_all(&rest).is_ok();
    let mut head = [0; 4];
    while is_connected && client.read_exact(&mut head).is_ok() {
        let words = usize::from(u16::from_le_bytes([head[2], head[3]]));
        assert!(words > 0, "no request is that long");
        let mut body = vec![0; (words - 1) * 4];
        is_connected = client.read_exact(&mut body).is_ok()
            && server.write_all(&head).is_ok()
            && server.write_all(&body).is_ok();
        count.0.lock().expect("the lock is not poisoned").requests += 1;
        count.1.notify_all();
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn forward_answers(mut server: UnixStream, mut client: TcpStream, count: &(Mutex<Count>, Condvar)) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = server.read(&mut bytes) {
        let held = count.0.lock().expect("the lock is not poisoned");
        let gone_by = count
            .1
            .wait_while(held, |count| count.requests < count.wanted);
        drop(gone_by);
        if client.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}

/// Runs the work in a thread; fails if it takes longer than [`PATIENCE`].
fn run_with_timeout<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver): (Sender<T>, Receiver<T>) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(work());
    });
    receiver
        .recv_timeout(PATIENCE)
        .expect("all requests are sent before the first reply")
}

#[test]
fn properties_of_100_windows_take_one_round_trip_plus_one_for_leaders() {
    let desktop = Desktop::new();
    let server = desktop.display();
    let ids: Vec<u32> = (0..100)
        .map(|_| server.create_window(WindowClass::INPUT_ONLY))
        .collect();
    for &id in &ids {
        let pid = 4000 + id % 1000;
        server.set_number(id, "_NET_WM_PID", AtomEnum::CARDINAL, pid);
    }
    server.connection().sync().expect("the server runs");

    let proxy = Proxy::start(server.name());
    let display = Arc::new(Display::connect(Some(&proxy.display)).expect("the proxy runs"));
    let facts = |held: usize| {
        let (display, ids) = (Arc::clone(&display), ids.clone());
        proxy.hold(held);
        let before = proxy.requests();
        let facts = run_with_timeout(move || display.facts(ids.into_iter().map(XId)));
        (
            facts.expect("the server answers"),
            proxy.requests() - before,
        )
    };
    // Per window: pid, startup id, leader, hints, size hints, state, frame and protocols. Once: the
    // processes of all clients.
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

    // Toolkits use one leader for all windows; it is queried once.
    let leader = server.create_window(WindowClass::INPUT_ONLY);
    server.set_string(leader, server.atom("_NET_STARTUP_ID"), b"it_TIME1");
    for &id in &ids {
        server.set_number(id, "WM_CLIENT_LEADER", AtomEnum::WINDOW, leader);
    }
    server.connection().sync().expect("the server runs");
    let (found, requests) = facts(8 * ids.len() + 1);
    assert_eq!(requests, 8 * ids.len() + 2);
    for id in &ids {
        let facts = &found[&XId(*id)];
        assert_eq!(facts.leader, Some(XId(leader)));
        assert_eq!(facts.startup_id.as_deref(), Some("it_TIME1"));
    }
}
