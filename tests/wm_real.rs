//! The connection to the real i3 and a real X server.

mod commands;
mod placeholders;

use std::sync::mpsc;

use i3pm_layout::live::{Change, Con, ConId, Pid, XId};
use i3pm_layout::session::{Session, SessionError};
use i3pm_layout::tree::Border;
use i3pm_layout::wm::CommandReply;
use i3pm_layout::wm::command::Command;
use i3pm_layout::x11::Display;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::harness::{Desktop, PATIENCE};

/// A desktop with the connections that the program uses.
struct ConnectedDesktop {
    desktop: Desktop,
}

impl ConnectedDesktop {
    fn start() -> Self {
        let desktop = Desktop::builder()
            .config("default_border pixel 1\nworkspace_auto_back_and_forth yes")
            // Overwrites freed memory, so that i3 reliably crashes if it uses it.
            .env("MALLOC_PERTURB_", "85")
            .start();
        Self { desktop }
    }

    fn i3_pid(&self) -> Pid {
        Pid(self.desktop.programs("i3")[0])
    }

    fn x(&self) -> &RustConnection {
        self.desktop.display().connection()
    }

    fn session(&self) -> Session {
        Session::open(&self.desktop.session_env()).expect("i3 answers")
    }

    /// Repeats `ask` after each event until it returns a value.
    #[track_caller]
    fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let mut answer = None;
        self.desktop.wait_until(what, || {
            answer = ask();
            answer.is_some()
        });
        answer.expect("the wait ends with a value")
    }

    /// Waits until i3 manages a window, and returns its container.
    #[track_caller]
    fn con_of(&self, session: &mut Session, window: XId) -> ConId {
        self.until("the window is managed", || {
            let tree = tree(session);
            tree.windows()
                .find(|con| con.window == Some(window))
                .map(|con| con.id)
        })
    }

    /// A mapped window with these properties.
    fn window(&self, class: Option<&str>, title: &str) -> XId {
        let display = self.desktop.display();
        let id = display.create_window(WindowClass::INPUT_OUTPUT);
        if let Some(class) = class {
            let both = format!("{}\0{class}\0", class.to_lowercase());
            display.set_string(id, AtomEnum::WM_CLASS, both.as_bytes());
        }
        display.set_string(id, AtomEnum::WM_NAME, title.as_bytes());
        self.x().map_window(id).expect("the server runs");
        self.x().flush().expect("the server runs");
        XId(id)
    }

    fn append(&self, session: &mut Session, json: &str) {
        let file = self.desktop.write("tmp/layout.json", json);
        run_all(session, &[Command::AppendLayout(file)]);
    }
}

#[track_caller]
fn run_all(session: &mut Session, commands: &[Command]) {
    let replies = session.run(commands).expect("i3 answers");
    assert!(
        replies.iter().all(|reply| *reply == CommandReply::Done),
        "{commands:?}: {replies:?}"
    );
}

fn tree(session: &mut Session) -> Con {
    session.observe_tree().expect("i3 answers")
}

fn placeholders(session: &mut Session) -> Vec<Con> {
    let tree = tree(session);
    tree.descendants()
        .filter(|con| con.swallows)
        .cloned()
        .collect()
}

fn con(session: &mut Session, id: ConId) -> Con {
    let tree = tree(session);
    tree.find(id)
        .unwrap_or_else(|| panic!("{id:?} is gone"))
        .clone()
}

#[test]
fn observation_includes_process_and_startup_ids() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    let silent = desk.window(Some("Silent"), "says nothing");
    let display = desk.desktop.display();
    let leader = display.create_window(WindowClass::INPUT_ONLY);
    let speaking = desk.window(Some("Speaking"), "says much");
    let startup_id = display.atom("_NET_STARTUP_ID");
    display.set_string(leader, startup_id, b"the leader's_TIME1");
    display.set_number(speaking.0, "WM_CLIENT_LEADER", AtomEnum::WINDOW, leader);
    display.set_number(speaking.0, "_NET_WM_PID", AtomEnum::CARDINAL, 4242);
    desk.x().sync().expect("the server runs");
    desk.con_of(&mut session, silent);
    desk.con_of(&mut session, speaking);

    let desktop = session.observe(&|_: Pid| None).expect("i3 and X answer");
    let us = Some(Pid(std::process::id()));
    let facts = &desktop.windows[&silent];
    assert_eq!((facts.server_pid, facts.claimed_pid), (us, None));
    let facts = &desktop.windows[&speaking];
    assert_eq!((facts.server_pid, facts.claimed_pid), (us, Some(Pid(4242))));
    assert_eq!(facts.startup_id.as_deref(), Some("the leader's_TIME1"));
    assert_eq!(session.i3_pid(), desk.i3_pid());
    assert_eq!(desktop.defaults.border, Border::Pixel(1));

    display.set_string(speaking.0, startup_id, b"its own");
    desk.x().destroy_window(silent.0).expect("the server runs");
    desk.x().sync().expect("the server runs");
    let connection =
        Display::connect(desk.desktop.session_env().display.as_deref()).expect("the server runs");
    let facts = connection
        .facts([silent, speaking])
        .expect("a closed window is not an error");
    assert_eq!(facts[&silent].claimed_pid, None);
    assert_eq!(facts[&speaking].startup_id.as_deref(), Some("its own"));
}

#[test]
fn session_rejects_an_i3_of_another_display() {
    let desk = ConnectedDesktop::start();
    let other = ConnectedDesktop::start();
    drop((desk.session(), other.session()));
    let mut env = desk.desktop.session_env();
    env.i3sock = None;
    let session = Session::open(&env).expect("the root window has the socket path");
    assert_eq!(session.i3_pid(), desk.i3_pid());
    env.i3sock = other.desktop.session_env().i3sock;
    let error = Session::open(&env).expect_err("two desktops");
    assert!(matches!(error, SessionError::TwoDesktops { .. }), "{error}");
    env = desk.desktop.session_env();
    env.display = None;
    let error = Session::open(&env).expect_err("no display");
    assert_eq!(error.to_string(), "DISPLAY is not set");
}

#[test]
fn windows_that_open_and_close_are_changes() {
    let desk = ConnectedDesktop::start();
    let mut session = desk.session();
    let (sender, changes) = mpsc::channel();
    let _events = session
        .subscribe(move |change| sender.send(change).is_ok())
        .expect("i3 accepts the subscription");
    let window = desk.window(Some("A"), "a");
    let id = desk.con_of(&mut session, window);
    let next = || {
        let change = changes.recv_timeout(PATIENCE);
        change.expect("the event arrives")
    };
    desk.until("the window is new", || {
        let is_new =
            matches!(next(), Change::WindowNew(con) if con.id == id && con.window == Some(window));
        is_new.then_some(())
    });
    desk.x().destroy_window(window.0).expect("the server runs");
    desk.x().flush().expect("the server runs");
    desk.until("the window is gone", || {
        (next() == Change::WindowClosed(id)).then_some(())
    });
}
