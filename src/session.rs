//! The connections to i3 and the X server, and observations of the desktop.
#![expect(
    clippy::disallowed_methods,
    reason = "waits for i3 and compares sockets"
)]

mod monitors;
mod observe;
pub mod probe;
mod restart;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use miette::Diagnostic;

use crate::config::Rules;
pub use crate::live::SessionEnv;
use crate::live::seat;
use crate::live::{
    Change, Con, ConId, Output, Pid, PresentWorkspace, Seat, WindowFacts, WorkspaceOutput, XId,
};
use crate::records::{Placed, Window};
use crate::wm::connection::{About, CommandReply, Connection};
use crate::wm::reader::Subscription;
use crate::wm::socket::Socket;
use crate::wm::{SocketOrigin, WmError, command::Command};
use crate::x11::{Display, XError};

/// The time between two looks at the monitors.
const MONITORS_INTERVAL: Duration = Duration::from_millis(50);

/// The reason why the desktop could not be observed.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum SessionError {
    /// Cannot communicate with i3.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wm(#[from] WmError),
    /// Cannot communicate with the X server.
    #[error(transparent)]
    #[diagnostic(transparent)]
    X(#[from] XError),
    /// The socket belongs to the i3 of another display.
    #[error(
        "i3's socket {} (from {origin}) and the display `{display}` belong to different desktops: \
         the i3 of that display listens at {}", .socket.display(), .displays.display()
    )]
    #[diagnostic(
        code("two-desktops"),
        help(
            "run `unset I3SOCK` to use the i3 of the display, or set DISPLAY to the display of the other i3"
        )
    )]
    TwoDesktops {
        /// The socket that is connected.
        socket: PathBuf,
        /// The origin of its path.
        origin: SocketOrigin,
        /// The value of `DISPLAY`.
        display: String,
        /// The socket of the display's own i3.
        displays: PathBuf,
    },
}

/// The connections to one desktop.
#[derive(Debug)]
pub struct Session {
    wm: Connection,
    display: Display,
    about: Option<About>,
    /// The facts about the open windows.
    windows: BTreeMap<XId, WindowFacts>,
    /// The window to which i3 answers `SYNC`.
    mailbox: Option<XId>,
    /// The number of the latest `SYNC`.
    synced: u32,
    /// The rules that leave windows out of layouts.
    rules: Rules,
    /// The windows whose command was asked for.
    asked: BTreeSet<XId>,
    /// The slots in which windows were placed.
    placed: Placed,
    /// The slots of programs that earlier runs have started, by the token in their environment.
    started: BTreeMap<String, Seat>,
    /// The marks of kept placeholders that windows have, since the latest look at the desktop.
    marked: Vec<(ConId, String)>,
    /// True after the first look at the desktop.
    has_looked: bool,
    /// The open windows, each with true if it floats, since the latest look at the desktop.
    floating: BTreeMap<XId, bool>,
    /// The outputs as i3 has last reported them, and the same with their monitors.
    outputs: (Vec<Output>, Vec<Output>),
}

impl Session {
    /// Finds i3 and connects to it and to its X server.
    pub fn open(env: &SessionEnv) -> Result<Self, SessionError> {
        let display_name = env.display.as_deref();
        let display = Display::connect(display_name);
        let (socket, origin) = restart::connect(env, &display)?;
        let display = display?;
        if let Some(displays) = display.i3_socket_path()?
            && is_other_socket(&socket.path, &displays)
        {
            return Err(SessionError::TwoDesktops {
                socket: socket.path,
                origin,
                display: display_name.unwrap_or_default().to_owned(),
                displays,
            });
        }
        Ok(Self {
            wm: Connection::new(socket),
            display,
            about: None,
            windows: BTreeMap::new(),
            mailbox: None,
            synced: 0,
            rules: Rules::default(),
            asked: BTreeSet::new(),
            placed: Placed::new(),
            started: BTreeMap::new(),
            marked: Vec::new(),
            has_looked: false,
            floating: BTreeMap::new(),
            outputs: (Vec::new(), Vec::new()),
        })
    }

    /// Sets the rules that leave windows out of layouts.
    pub fn ignore_by(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Sets the slots in which earlier runs have placed windows.
    pub fn remember(&mut self, placed: Placed) {
        self.placed = placed;
    }

    /// Sets the slots of programs that earlier runs have started, by the token in their environment:
    /// their windows may have opened after the run.
    pub fn remember_started(&mut self, started: BTreeMap<String, Seat>) {
        self.started = started;
    }

    /// Gives i3 more time for its answers, because commands will add this many containers.
    pub const fn expect_containers(&mut self, added: usize) {
        self.wm.socket.added = added;
    }

    /// Takes the lock of the display for this process. Returns false if another process has it.
    pub fn take_lock(&self) -> Result<bool, SessionError> {
        Ok(self.display.take_lock()?)
    }

    /// The process that has the lock of the display, if it is known.
    pub fn lock_owner(&self) -> Option<Pid> {
        self.display.lock_owner().ok().flatten()
    }

    /// Remembers the slot of a window.
    pub fn place(&mut self, window: XId, seat: Seat) {
        let window = Window::new(window, self.windows.get(&window));
        // The same at almost every look.
        let known = self.placed.get(&window);
        if !known.is_some_and(|seats| seats.contains(&seat)) {
            seat::take(&mut self.placed, window, seat);
        }
    }

    /// True if a slot of the window is known.
    pub fn is_placed(&self, window: XId) -> bool {
        let mut placed = self.placed.iter();
        placed.any(|(one, seats)| one.id == window && !seats.is_empty())
    }

    /// The commands that remove the marks of kept placeholders from windows.
    pub fn unmark(&self) -> Vec<Command> {
        let marked = self.marked.iter().cloned();
        marked
            .map(|(con, mark)| Command::Unmark { con, mark })
            .collect()
    }

    /// The outputs alone.
    pub fn outputs(&mut self) -> Result<Vec<Output>, SessionError> {
        let outputs = self.ask_first(Connection::outputs)?;
        self.with_monitors(outputs)
    }

    /// The outputs with the identity of their monitors, which i3 does not report. It is read again
    /// whenever the outputs have changed.
    fn with_monitors(&mut self, outputs: Vec<Output>) -> Result<Vec<Output>, SessionError> {
        if self.outputs.0 != outputs {
            let mut edids = self.display.edids()?;
            let mut known = outputs.clone();
            for output in &mut known {
                output.edid = edids.remove(&output.name).unwrap_or_default();
            }
            self.outputs = (outputs, known);
        }
        Ok(self.outputs.1.clone())
    }

    /// Waits until i3's outputs are the monitors of the X server, at most for this time. False if
    /// they still differ.
    pub fn wait_for_monitors(&mut self, limit: Duration) -> Result<bool, SessionError> {
        if self.has_monitors()? {
            return Ok(true);
        }
        let (sender, receiver) = mpsc::channel();
        let _subscription = self.subscribe(move |_| sender.send(()).is_ok())?;
        let deadline = Instant::now() + limit;
        loop {
            if self.has_monitors()? {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // i3 does not report all changes of its outputs.
            let next = receiver.recv_timeout(left.min(MONITORS_INTERVAL));
            if left.is_zero() || next == Err(RecvTimeoutError::Disconnected) {
                return Ok(false);
            }
        }
    }

    /// Waits until no window has opened for this time, at most until the limit.
    pub fn wait_for_new_windows(
        &mut self,
        quiet: Duration,
        limit: Duration,
    ) -> Result<(), SessionError> {
        let (sender, receiver) = mpsc::channel();
        let _subscription = self.subscribe(move |change| {
            !matches!(change, Change::WindowNew(_)) || sender.send(()).is_ok()
        })?;
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if receiver.recv_timeout(quiet.min(left)).is_err() {
                return Ok(());
            }
        }
    }

    fn has_monitors(&mut self) -> Result<bool, SessionError> {
        let outputs = self.ask_first(Connection::outputs)?;
        Ok(monitors::are_known(&self.display.monitors()?, &outputs))
    }

    /// The workspaces without their content, in tree order.
    pub fn workspaces(&mut self) -> Result<Vec<PresentWorkspace>, SessionError> {
        Ok(self.ask_first(Connection::workspaces)?)
    }

    /// The outputs that the i3 config assigns to workspaces.
    pub fn workspace_outputs(&mut self) -> Result<Vec<WorkspaceOutput>, SessionError> {
        Ok(self.about()?.workspace_outputs.clone())
    }

    /// The tree alone.
    pub fn observe_tree(&mut self) -> Result<Con, SessionError> {
        let defaults = self.about()?.defaults;
        let tree = self.ask_first(|wm| wm.tree(defaults))?;
        self.has_looked = true;
        self.wm.socket.present = tree.descendants().count();
        Ok(tree)
    }

    /// i3's version and the defaults of its config, read once.
    pub fn about(&mut self) -> Result<&About, SessionError> {
        let about = match self.about.take() {
            Some(about) => about,
            None => self.ask_first(Connection::about)?,
        };
        Ok(self.about.insert(about))
    }

    /// Sends the commands in one message; see [`Connection::run`].
    pub fn run(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, SessionError> {
        Ok(self.wm.run(commands)?)
    }

    /// Waits until the X server has handled i3's requests, and i3 has read the X server's
    /// events.
    ///
    /// i3 4.22 crashes if it reads that a placeholder's window changed its size after the
    /// placeholder was killed (`src/restore_layout.c` keeps a pointer to the freed container).
    /// Therefore, call this right before [`Command::KillPlaceholder`] of a drawn placeholder.
    /// Placeholders that are not drawn have no such window.
    pub fn settle(&mut self) -> Result<(), SessionError> {
        let mailbox = match self.mailbox {
            Some(mailbox) => mailbox,
            None => *self.mailbox.insert(self.display.mailbox()?),
        };
        // Events of the first round can cause new requests.
        for _ in 0..2 {
            self.synced = self.synced.wrapping_add(1);
            self.wm.sync(mailbox, self.synced)?;
            let deadline = Instant::now() + self.wm.socket.limit();
            while !self.display.has_synced(mailbox, self.synced)? {
                if Instant::now() >= deadline {
                    return Err(WmError::TimedOut {
                        doing: "answer SYNC by X".to_owned(),
                        limit: self.wm.socket.limit(),
                    }
                    .into());
                }
            }
            // i3 reads events from X before each message.
            self.wm.version()?;
        }
        Ok(())
    }

    /// Sends the commands. Those that remove a placeholder which i3 has `drawn` follow in a second
    /// message after [`Session::settle`].
    pub fn run_and_remove(
        &mut self,
        commands: &[Command],
        drawn: &[ConId],
    ) -> Result<(), SessionError> {
        let removes_drawn =
            |command: &Command| command.removed().is_some_and(|id| drawn.contains(&id));
        let (last, first): (Vec<Command>, Vec<Command>) =
            commands.iter().cloned().partition(removes_drawn);
        if !first.is_empty() {
            self.run(&first)?;
        }
        if !last.is_empty() {
            self.settle()?;
            self.run(&last)?;
            // i3 handles the end of their windows when the X server reports it.
            self.settle()?;
        }
        Ok(())
    }

    /// Sets the title of the window that i3 has drawn for a placeholder, and removes its
    /// urgency, which i3 sets (`src/restore_layout.c`). Both belong to the drawn window, so a
    /// program's window that replaces it does not get them.
    pub fn label(&mut self, windows: &[(XId, Option<String>)]) -> Result<(), SessionError> {
        Ok(self.display.label(windows)?)
    }

    /// Corrects the property by which compositors recognise floating windows, for the windows in
    /// slots at the latest look at the desktop. i3 sets it in `floating enable` and deletes it in
    /// `floating disable`, but not when a placeholder swallows a window or when windows are
    /// swapped.
    pub fn correct_floating(&mut self) -> Result<(), SessionError> {
        let all = self
            .floating
            .iter()
            .map(|(&window, &floats)| (window, floats));
        let placed = all.filter(|&(window, _)| self.is_placed(window));
        Ok(self.display.correct_floating(placed)?)
    }

    /// Passes i3's events to `sink`, on another connection, until the handle is dropped or
    /// `sink` returns false.
    pub fn subscribe(
        &mut self,
        sink: impl FnMut(Change) -> bool + Send + 'static,
    ) -> Result<Subscription, SessionError> {
        let defaults = self.about()?.defaults;
        let Socket {
            path,
            base_limit: limit,
            ..
        } = &self.wm.socket;
        Ok(Subscription::start(
            Connection::open(path, *limit)?,
            defaults,
            sink,
        )?)
    }

    /// The connection to i3.
    pub const fn wm(&mut self) -> &mut Connection {
        &mut self.wm
    }

    /// The path of i3's socket.
    pub fn socket(&self) -> &Path {
        &self.wm.socket.path
    }

    /// i3's process. Its environment is that of the session.
    pub const fn i3_pid(&self) -> Pid {
        self.wm.socket.peer
    }
}

/// True if the display's socket exists and is not the connected one. It may be left over from
/// an earlier i3.
fn is_other_socket(connected: &Path, displays: &Path) -> bool {
    let identity = |path: &Path| -> io::Result<(u64, u64)> {
        let metadata = fs::metadata(path)?;
        Ok((metadata.dev(), metadata.ino()))
    };
    match (identity(connected), identity(displays)) {
        (Ok(connected), Ok(displays)) => connected != displays,
        _ => false,
    }
}
