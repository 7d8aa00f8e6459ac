//! A private headless X server with monitors of any names.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use i3pm_layout::geometry::Rect;
use rustix::process::Signal;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::res::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConnectionExt as _, CreateWindowAux,
    EventMask, MapState, PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::PATIENCE;
use super::processes::{Handle, readable_within};

/// A `RandR` 1.5 monitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Monitor {
    /// The name, such as `eDP-1`.
    pub(crate) name: String,
    /// The rect on the X screen.
    pub(crate) rect: Rect,
    /// True for the primary monitor.
    pub(crate) primary: bool,
}

impl Monitor {
    /// A monitor that is not primary, with a rect such as `1920x1080+0+0`.
    #[track_caller]
    pub(crate) fn new(name: &str, rect: &str) -> Self {
        Self {
            name: name.to_owned(),
            rect: rect.parse().expect("a rect such as 1920x1080+0+0"),
            primary: false,
        }
    }
}

/// A running Xvfb and a connection to it.
pub(crate) struct Display {
    server: Child,
    name: String,
    connection: RustConnection,
    root: u32,
    size: (u16, u16),
    monitors: Mutex<Vec<Monitor>>,
}

/// A display number that no other test uses.
///
/// Two servers that choose the same number at the same time would remove each other's socket.
fn free_number() -> u32 {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let tries = TRIES.fetch_add(1, Ordering::Relaxed);
    1000 + (std::process::id().wrapping_mul(8).wrapping_add(tries)) % 50_000
}

impl Display {
    /// Starts an X server on a free display number.
    pub(crate) fn start(size: (u16, u16), log: &Path) -> Self {
        for _ in 0..20 {
            if let Some(display) = Self::try_start(free_number(), size, log) {
                return display;
            }
        }
        let log = std::fs::read_to_string(log).unwrap_or_default();
        panic!("Xvfb did not start:\n{log}");
    }

    /// Returns `None` if the number is in use.
    fn try_start(number: u32, size: (u16, u16), log: &Path) -> Option<Self> {
        let log = File::create(log).expect("the directory is writable");
        let mut server = Command::new("Xvfb")
            .args([
                &format!(":{number}"),
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .args(["-maxclients", "2048", "-dpi", "96"])
            .args(["-screen", "0", &format!("{}x{}x24", size.0, size.1)])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("Xvfb is installed");
        let mut answer = server.stdout.take().expect("the stream is a pipe");
        let mut number = String::new();
        let deadline = Instant::now() + PATIENCE;
        while !number.ends_with('\n') {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut buffer = [0; 16];
            let count = if readable_within(&answer, left) {
                answer.read(&mut buffer).unwrap_or(0)
            } else {
                0
            };
            if count == 0 {
                let _ = server.kill();
                let _ = server.wait();
                return None;
            }
            number.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        let name = format!(":{}", number.trim());
        let (connection, screen) =
            RustConnection::connect(Some(&name)).expect("Xvfb takes connections");
        let root = connection.setup().roots[screen].root;
        Some(Self {
            server,
            name,
            connection,
            root,
            size,
            monitors: Mutex::default(),
        })
    }

    /// The display name, such as `:7`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn server_pid(&self) -> u32 {
        self.server.id()
    }

    /// The connection, for requests of tests.
    pub(crate) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    /// The root window.
    pub(crate) fn root(&self) -> u32 {
        self.root
    }

    pub(crate) fn monitors(&self) -> Vec<Monitor> {
        self.monitors
            .lock()
            .expect("the lock is not poisoned")
            .clone()
    }

    /// Replaces all monitors by these.
    ///
    /// The first monitor owns the only output of Xvfb, because the server creates a monitor for
    /// every unowned output. Other clients see no intermediate state.
    pub(crate) fn arrange(&self, monitors: &[Monitor]) {
        let x = &self.connection;
        for monitor in monitors {
            let (right, bottom) = (
                monitor.rect.x + monitor.rect.width.cast_signed(),
                monitor.rect.y + monitor.rect.height.cast_signed(),
            );
            assert!(
                right <= i32::from(self.size.0) && bottom <= i32::from(self.size.1),
                "{monitor:?} is not on the screen of {:?}: ask for a larger .screen()",
                self.size,
            );
        }
        let resources = x
            .randr_get_screen_resources_current(self.root)
            .map(x11rb::cookie::Cookie::reply)
            .expect("Xvfb has RandR")
            .expect("Xvfb has RandR");
        let mut current = self.monitors.lock().expect("the lock is not poisoned");
        x.grab_server().expect("connected");
        // Unchanged monitors, including the monitor with the output, are left alone.
        let unchanged = |index: usize, monitor: &Monitor| {
            let before = current.iter().position(|known| known == monitor);
            before.is_some_and(|before| (before == 0) == (index == 0))
        };
        let changed: Vec<_> = monitors
            .iter()
            .enumerate()
            .filter(|&(index, monitor)| !unchanged(index, monitor))
            .collect();
        // Removed and changed monitors are deleted first, because the server refuses to move
        // the output to an existing monitor.
        for known in current.iter() {
            let stays =
                monitors.contains(known) && !changed.iter().any(|(_, monitor)| *monitor == known);
            if !stays {
                x.randr_delete_monitor(self.root, self.atom(&known.name))
                    .expect("connected")
                    .check()
                    .expect("the monitor exists");
            }
        }
        for (index, monitor) in changed {
            let outputs = if index == 0 {
                resources.outputs.clone()
            } else {
                Vec::new()
            };
            x.randr_set_monitor(self.root, self.info(monitor, outputs))
                .expect("connected")
                .check()
                .expect("the monitor is valid");
        }
        x.ungrab_server().expect("connected");
        x.sync().expect("connected");
        *current = monitors.to_vec();
    }

    /// Sets the EDID of Xvfb's only output, which belongs to the first monitor.
    pub(crate) fn set_edid(&self, edid: &[u8]) {
        let x = &self.connection;
        let resources = x
            .randr_get_screen_resources_current(self.root)
            .map(x11rb::cookie::Cookie::reply)
            .expect("Xvfb has RandR")
            .expect("Xvfb has RandR");
        x.randr_change_output_property(
            resources.outputs[0],
            self.atom("EDID"),
            AtomEnum::INTEGER.into(),
            8,
            PropMode::REPLACE,
            edid.len().try_into().expect("an EDID is short"),
            edid,
        )
        .expect("connected")
        .check()
        .expect("Xvfb has an output");
    }

    fn info(&self, monitor: &Monitor, outputs: Vec<randr::Output>) -> randr::MonitorInfo {
        let Rect {
            x,
            y,
            width,
            height,
        } = monitor.rect;
        randr::MonitorInfo {
            name: self.atom(&monitor.name),
            primary: monitor.primary,
            automatic: false,
            x: x.try_into().expect("on the screen"),
            y: y.try_into().expect("on the screen"),
            width: width.try_into().expect("on the screen"),
            height: height.try_into().expect("on the screen"),
            // 96 dots per inch.
            width_in_millimeters: width * 254 / 960,
            height_in_millimeters: height * 254 / 960,
            outputs,
        }
    }

    /// Waits until a program sets this property on the root window, and returns the value.
    pub(crate) fn wait_for_root_property(
        &self,
        name: &str,
        mut alive: impl FnMut() -> bool,
    ) -> Option<String> {
        let x = &self.connection;
        let property = self.atom(name);
        x.change_window_attributes(
            self.root,
            &ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE),
        )
        .expect("connected");
        let deadline = Instant::now() + PATIENCE;
        let value = loop {
            let reply = x
                .get_property(false, self.root, property, AtomEnum::ANY, 0, 1024)
                .expect("connected")
                .reply()
                .expect("the root window exists");
            if !reply.value.is_empty() {
                break Some(String::from_utf8_lossy(&reply.value).into_owned());
            }
            if Instant::now() > deadline || !alive() {
                break None;
            }
            while x.poll_for_event().expect("connected").is_none() {
                // Also checks that the program is still running.
                if !readable_within(x.stream(), Duration::from_millis(200)) {
                    break;
                }
            }
        };
        x.change_window_attributes(
            self.root,
            &ChangeWindowAttributesAux::new().event_mask(EventMask::NO_EVENT),
        )
        .expect("connected");
        value
    }

    /// Returns when i3 has handled all earlier X events.
    ///
    /// i3 answers an `I3_SYNC` message in the order of its other events
    /// (i3 source, `src/handlers.c`).
    pub(crate) fn sync_with_i3(&self) {
        let x = &self.connection;
        let sync = self.atom("I3_SYNC");
        let window = self.create_window(WindowClass::INPUT_ONLY);
        let message = ClientMessageEvent::new(32, self.root, sync, [window, 1, 0, 0, 0]);
        x.send_event(false, self.root, EventMask::SUBSTRUCTURE_REDIRECT, message)
            .expect("connected");
        x.flush().expect("connected");
        let deadline = Instant::now() + PATIENCE;
        loop {
            match x.poll_for_event().expect("connected") {
                Some(Event::ClientMessage(reply))
                    if reply.type_ == sync && reply.window == window =>
                {
                    break;
                }
                Some(_) => {}
                None => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    assert!(
                        readable_within(x.stream(), left),
                        "i3 does not answer to I3_SYNC"
                    );
                }
            }
        }
        x.destroy_window(window).expect("connected");
        x.flush().expect("connected");
    }

    /// The process that opened a window, according to the X server.
    pub(crate) fn pid_of(&self, window: u32) -> Option<u32> {
        self.client_pids(window).into_iter().next()
    }

    /// The connected processes except this one.
    pub(crate) fn clients(&self) -> BTreeSet<u32> {
        // Client 0 means all clients.
        let mut pids = self.client_pids(0);
        pids.remove(&std::process::id());
        pids
    }

    fn client_pids(&self, client: u32) -> BTreeSet<u32> {
        let spec = res::ClientIdSpec {
            client,
            mask: res::ClientIdMask::LOCAL_CLIENT_PID,
        };
        let Ok(Ok(reply)) = self
            .connection
            .res_query_client_ids(&[spec])
            .map(x11rb::cookie::Cookie::reply)
        else {
            return BTreeSet::new();
        };
        reply
            .ids
            .iter()
            .filter_map(|id| id.value.first().copied())
            .filter(|&pid| pid > 0)
            .collect()
    }

    /// True if a program has grabbed the server: it answers nobody else until that program continues.
    pub(crate) fn is_grabbed(&self) -> bool {
        /// Much longer than an answer takes.
        const ANSWER: Duration = Duration::from_secs(2);
        let (name, (sender, receiver)) = (self.name.clone(), mpsc::channel());
        // If the server is grabbed, the thread ends after the grab.
        thread::spawn(move || {
            let connected = RustConnection::connect(Some(&name)).is_ok();
            let _ = sender.send(connected);
        });
        receiver.recv_timeout(ANSWER).is_err()
    }

    /// Maps each window of a program that is not mapped and belongs to no window manager.
    pub(crate) fn map_unmapped_windows(&self) {
        let x = &self.connection;
        let tree = x.query_tree(self.root).map(x11rb::cookie::Cookie::reply);
        let Ok(Ok(tree)) = tree else { return };
        for window in tree.children {
            let attributes = x
                .get_window_attributes(window)
                .map(x11rb::cookie::Cookie::reply);
            let class = x.get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 9);
            let class = class.map(x11rb::cookie::Cookie::reply);
            // A window may be closed meanwhile.
            if let (Ok(Ok(attributes)), Ok(Ok(class))) = (attributes, class)
                && attributes.map_state == MapState::UNMAPPED
                && !attributes.override_redirect
                && class.value_len > 0
                // i3's own window, for the selection of the window manager.
                && !class.value.starts_with(b"i3-")
            {
                let _ = x.map_window(window);
            }
        }
        let _ = x.flush();
    }

    /// Creates a window that is not mapped, and returns its id.
    pub(crate) fn create_window(&self, class: WindowClass) -> u32 {
        let window = self.connection.generate_id().expect("X ids are available");
        self.connection
            .create_window(
                // An input-only window has no depth.
                if class == WindowClass::INPUT_ONLY {
                    0
                } else {
                    x11rb::COPY_DEPTH_FROM_PARENT
                },
                window,
                self.root,
                0,
                0,
                200,
                100,
                0,
                class,
                x11rb::COPY_FROM_PARENT,
                &CreateWindowAux::new(),
            )
            .expect("connected");
        window
    }

    /// Sets a property of type `STRING`.
    pub(crate) fn set_string(&self, window: u32, property: impl Into<u32>, value: &[u8]) {
        self.connection
            .change_property8(
                PropMode::REPLACE,
                window,
                property.into(),
                AtomEnum::STRING,
                value,
            )
            .expect("connected");
    }

    /// Sets a property of one 32-bit value.
    pub(crate) fn set_number(&self, window: u32, property: &str, kind: AtomEnum, value: u32) {
        let property = self.atom(property);
        self.connection
            .change_property32(PropMode::REPLACE, window, property, kind, &[value])
            .expect("connected");
    }

    /// The atom of this name.
    pub(crate) fn atom(&self, name: &str) -> u32 {
        self.connection
            .intern_atom(false, name.as_bytes())
            .expect("connected")
            .reply()
            .expect("any string can be an atom")
            .atom
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // After SIGTERM, the server removes its lock file and socket.
        if let Some(server) = Handle::open(self.server.id()) {
            server.signal(Signal::TERM);
            if !server.ends_within(Duration::from_secs(10)) {
                server.signal(Signal::KILL);
            }
        }
        // Reaps the process; an error here does not matter.
        let _ = self.server.wait();
    }
}
