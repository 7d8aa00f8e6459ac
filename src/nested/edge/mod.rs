//! Edge: starts the X server, the session bus and i3, and ends everything.
#![expect(
    clippy::disallowed_methods,
    reason = "starts and ends processes, and waits for them"
)]

mod crash;
mod ending;
mod family;
mod folder;
mod left_over;
mod outer;
mod panel;
mod start;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::iter;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use super::environment::{Places, environment};
use super::error::NestedError;
use super::i3_config::Modifier;
use super::screen::Screen;
use super::server::{BUS, I3, Server};
use crate::apply::{Interrupts, Signal};
use crate::discover::search_path::SearchPath;
use crate::live::{Change, Con};
use crate::wm::Subscription;
use crate::wm::connection::{About, Connection};
use crate::x11::{Display, Picture};
use family::Family;
pub use folder::Folder;
pub use outer::{Outer, show_stand_in};
pub use panel::Panel;

/// The time that a program gets until it is ready. They need a part of a second, but the machine may
/// be busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time that i3 may take to answer.
const LIMIT: Duration = Duration::from_secs(5);

/// The time between two looks at a program that is not ready.
const INTERVAL: Duration = Duration::from_millis(10);

/// The time in which several changes count as one: a program may change its title all the time.
const MERGED: Duration = Duration::from_millis(60);

/// A nested desktop to start.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The X server.
    pub server: Server,
    /// The screen.
    pub screen: Screen,
    /// The names of the workspaces of the layout.
    pub workspaces: Vec<String>,
    /// The title of the window.
    pub title: String,
    /// The modifier of the keys.
    pub modifier: Modifier,
    /// The command that opens a terminal.
    pub terminal: &'a str,
    /// Lines to add to the i3 config.
    pub more_config: &'a str,
    /// True if programs find no configuration of the user.
    pub has_own_config: bool,
    /// The programs of the user.
    pub programs: &'a SearchPath,
    /// The environment outside.
    pub environment: &'a BTreeMap<OsString, OsString>,
    /// The file of this program.
    pub own: &'a Path,
    /// The resources of X programs (xrdb(1)).
    pub resources: Vec<u8>,
}

/// What a signal or another thread reports.
enum Event {
    Interrupt,
    Child,
    Changed,
    /// The window is closed.
    Closed,
    /// There are no more events of i3.
    Lost,
    /// The X server accepts connections, or has ended.
    Answered(bool),
}

/// A change of a nested desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A signal asks this program to end.
    Interrupted,
    /// The X server or i3 has ended.
    Ended,
    /// The command has ended, with this exit code; `None` after a signal.
    Finished(Option<i32>),
    /// i3 has reported a change.
    Changed,
    /// Nothing, in the time.
    Nothing,
}

/// A running nested desktop. Dropping it ends all its processes and removes its files.
#[derive(Debug)]
pub struct Nested {
    kind: Server,
    environment: BTreeMap<OsString, OsString>,
    display: Option<Display>,
    about: Option<About>,
    subscription: Option<Subscription>,
    server: Option<Child>,
    bus: Option<Child>,
    i3: Option<Child>,
    command: Option<Child>,
    /// True if the window was closed.
    is_closed: bool,
    events: Receiver<Event>,
    sender: Sender<Event>,
    family: Family,
    _interrupts: Interrupts,
    // The last field, so that the files are removed last.
    folder: Folder,
}

impl Nested {
    /// Starts a nested desktop with its files in this folder, and waits until i3 is ready.
    pub fn start(folder: Folder, setup: &Setup<'_>) -> Result<Self, NestedError> {
        for needed in [setup.server.needed(), I3] {
            if setup.programs.find(needed.program).is_none() {
                return Err(NestedError::NotInstalled(needed));
            }
        }
        let (sender, events) = mpsc::channel();
        let signals = sender.clone();
        let interrupts = Interrupts::watch(move |signal| {
            // The receiver is gone at the end.
            let _ = signals.send(match signal {
                Signal::Interrupt => Event::Interrupt,
                Signal::Child => Event::Child,
            });
        });
        let mut nested = Self {
            kind: setup.server,
            environment: BTreeMap::new(),
            display: None,
            about: None,
            subscription: None,
            server: None,
            bus: None,
            i3: None,
            command: None,
            is_closed: false,
            events,
            sender,
            family: Family::found().map_err(NestedError::Processes)?,
            _interrupts: interrupts.map_err(NestedError::Processes)?,
            folder,
        };
        nested.write_files(setup)?;
        let number = nested.start_server(setup)?;
        if setup.server == Server::Xephyr {
            nested.watch_window(setup)?;
        }
        let mut places = Places {
            root: nested.folder.path().to_owned(),
            display: number,
            has_own_config: setup.has_own_config,
            has_bus: setup.programs.find(BUS).is_some(),
        };
        nested.environment = environment(setup.environment, &places);
        if places.has_bus && !nested.start_bus()? {
            places.has_bus = false;
            nested.environment = environment(setup.environment, &places);
        }
        nested.start_i3(setup)?;
        Ok(nested)
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of its files.
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The connection to the X server.
    pub fn display(&self) -> Result<&Display, NestedError> {
        // `start` has connected.
        self.display.as_ref().ok_or(NestedError::Interrupted)
    }

    /// Starts a program in a process group of its own: Ctrl-C in the terminal must not end it before
    /// the others. Its output goes to a file, if it goes nowhere else.
    fn spawn(&self, program: &str, command: &mut Command) -> Result<Child, NestedError> {
        let path = self.log(program);
        let log = || {
            let file = File::create(&path);
            file.map_err(|source| NestedError::Files {
                path: path.clone(),
                source,
            })
        };
        command.stdin(Stdio::null()).stderr(log()?).process_group(0);
        if program == I3.program || program == BUS {
            command.stdout(Stdio::null());
        }
        command.spawn().map_err(|source| NestedError::NotStarted {
            program: program.to_owned(),
            source,
        })
    }

    fn log(&self, program: &str) -> PathBuf {
        self.root().join(format!("{program}.log"))
    }

    fn not_ready(&self, program: &'static str, what: &'static str) -> NestedError {
        let log = fs::read(self.log(program)).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let last = log.lines().map(str::trim).rfind(|line| !line.is_empty());
        NestedError::NotReady {
            program,
            what,
            output: last.unwrap_or_default().to_owned(),
        }
    }

    /// Waits until there is an answer.
    fn wait_until<T>(
        &mut self,
        program: &'static str,
        mut answer: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<T, NestedError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = answer(self) {
                return Ok(answer);
            }
            match self.next(INTERVAL) {
                Happened::Interrupted => return Err(NestedError::Interrupted),
                Happened::Ended => return Err(self.not_ready(program, "ended at once")),
                _ if Instant::now() >= deadline => {
                    return Err(self.not_ready(program, "was not ready in time"));
                }
                _ => {}
            }
        }
    }

    /// Starts a command in the nested desktop, with the terminal of this program.
    pub fn run<S: AsRef<OsStr>>(
        &mut self,
        program: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(), NestedError> {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(&self.environment);
        let started = command.spawn().map_err(|source| NestedError::NotStarted {
            program: program.display().to_string(),
            source,
        });
        self.command = Some(started?);
        Ok(())
    }

    /// Starts a program of the desktop. It ends with the desktop.
    pub fn open<S: AsRef<OsStr>>(
        &mut self,
        program: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(), NestedError> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .stdout(Stdio::null());
        // It is reaped as any other program of the desktop.
        self.spawn(program, &mut command).map(drop)
    }

    /// Waits for a change, at most this long.
    pub fn next(&mut self, limit: Duration) -> Happened {
        let mut deadline = Instant::now() + limit;
        let mut result = Happened::Nothing;
        loop {
            // One signal may stand for several children.
            if let Some(ended) = self.ended() {
                return ended;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(first) = self.events.recv_timeout(left) else {
                return result;
            };
            // A signal must not wait behind many changes.
            let waiting: Vec<Event> = iter::once(first).chain(self.events.try_iter()).collect();
            let has = |wanted: fn(&Event) -> bool| waiting.iter().any(wanted);
            if has(|event| matches!(event, Event::Interrupt)) {
                return Happened::Interrupted;
            }
            self.is_closed |= has(|event| matches!(event, Event::Closed));
            if has(|event| matches!(event, Event::Lost)) {
                self.subscription = None;
            }
            if has(|event| matches!(event, Event::Child)) {
                let children = [&self.server, &self.bus, &self.i3, &self.command];
                let known: Vec<u32> = children.into_iter().flatten().map(Child::id).collect();
                Family::reap(&known);
            }
            let now = Instant::now();
            if has(|event| matches!(event, Event::Changed)) && result == Happened::Nothing {
                result = Happened::Changed;
                deadline = deadline.min(now + MERGED);
            }
            if result == Happened::Changed && now >= deadline {
                return result;
            }
        }
    }

    fn ended(&mut self) -> Option<Happened> {
        // Its result counts even if everything else ends at the same time.
        if let Some(Ok(Some(status))) = self.command.as_mut().map(Child::try_wait) {
            self.command = None;
            return Some(Happened::Finished(status.code()));
        }
        let mut needed = [&mut self.server, &mut self.i3].into_iter().flatten();
        (self.is_closed || needed.any(has_ended)).then_some(Happened::Ended)
    }

    /// i3's tree. From now on, changes of it are reported.
    pub fn tree(&mut self) -> Result<Con, NestedError> {
        let socket = Places::i3_socket(self.root());
        let defaults = match &self.about {
            Some(about) => about.defaults,
            None => return Err(NestedError::Interrupted),
        };
        if self.subscription.is_none() {
            let sender = self.sender.clone();
            let sink = move |change| {
                let event = match change {
                    Change::Lost(_) => Event::Lost,
                    _ => Event::Changed,
                };
                sender.send(event).is_ok()
            };
            let connection = Connection::open(&socket, LIMIT)?;
            self.subscription = Some(Subscription::start(connection, defaults, sink)?);
        }
        Ok(Connection::open(&socket, LIMIT)?.tree(defaults)?)
    }

    /// A picture of the screen.
    pub fn picture(&self) -> Result<Picture, NestedError> {
        Ok(self.display()?.picture()?)
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        self.subscription = None;
        // A program that loses i3 or the X server first would complain.
        let servers = [&self.server, &self.bus, &self.i3].into_iter().flatten();
        let servers: Vec<u32> = servers.map(Child::id).collect();
        self.family.end(&servers);
    }
}

fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}
