//! The handles to the desktop: i3 and the X server, and a look at it all.
#![expect(
    clippy::disallowed_methods,
    reason = "waits for i3 and compares sockets"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use miette::Diagnostic;

use crate::config::Rules;
use crate::live::{Change, Con, Desktop, Pid, Process, Processes, WindowFacts, WindowType, XId};
use crate::wm::connection::{About, CommandReply, Connection, Observation};
use crate::wm::locate::Search;
use crate::wm::reader::Subscription;
use crate::wm::{SocketOrigin, WmError, command::Command, socket};
use crate::x11::{Display, XError};

/// What the environment says about the desktop; the caller reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnv {
    /// `I3SOCK`.
    pub i3sock: Option<PathBuf>,
    /// `DISPLAY`.
    pub display: Option<String>,
    /// Whether `SWAYSOCK` is set.
    pub sway: bool,
    /// How long each request to i3 may take, all in all.
    pub limit: Duration,
}

impl Default for SessionEnv {
    fn default() -> Self {
        Self {
            i3sock: None,
            display: None,
            sway: false,
            limit: socket::DEFAULT_LIMIT,
        }
    }
}

/// Why the desktop could not be looked at.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum SessionError {
    /// i3 cannot be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wm(#[from] WmError),
    /// The X server cannot be asked.
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
        /// Where its path comes from.
        origin: SocketOrigin,
        /// The value of `DISPLAY`.
        display: String,
        /// The socket that the display names.
        displays: PathBuf,
    },
}

/// The handles to one desktop.
#[derive(Debug)]
pub struct Session {
    wm: Connection,
    display: Display,
    about: Option<About>,
    /// What is known about the windows that are there.
    windows: BTreeMap<XId, WindowFacts>,
    /// Where i3 answers `SYNC`.
    mailbox: Option<XId>,
    /// The number of the latest `SYNC`.
    synced: u32,
    /// Which windows are left out of layouts.
    rules: Rules,
}

impl Session {
    /// Finds i3 and connects to it and to its X server.
    pub fn open(env: &SessionEnv) -> Result<Self, SessionError> {
        let display_name = env.display.as_deref();
        let display = Display::connect(display_name);
        let located = Search {
            i3sock: env.i3sock.as_deref(),
            root_window: &|| match &display {
                Ok(display) => display.i3_socket_path().map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            },
            display: display_name,
            sway: env.sway,
            limit: env.limit,
        }
        .run()?;
        let display = display?;
        if let Some(displays) = display.i3_socket_path()?
            && is_other_socket(located.socket.path(), &displays)
        {
            return Err(SessionError::TwoDesktops {
                socket: located.socket.path().to_owned(),
                origin: located.origin,
                display: display_name.unwrap_or_default().to_owned(),
                displays,
            });
        }
        Ok(Self {
            wm: Connection::new(located.socket),
            display,
            about: None,
            windows: BTreeMap::new(),
            mailbox: None,
            synced: 0,
            rules: Rules::default(),
        })
    }

    /// From now on, these rules say which windows are left out of layouts.
    pub fn ignore_by(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Everything that there is to see: i3's tree and outputs, and for each window
    /// of the tree what X says and what `processes` say about its process.
    ///
    /// The first call also reads i3's version and config, and fails for an i3
    /// that is too old. What X and /proc say of a window is read once, when it is
    /// first seen: it stays the same as long as the window is there. Only what runs
    /// inside a terminal's window may come a moment after it, and is asked for again.
    pub fn observe(&mut self, processes: &dyn Processes) -> Result<Desktop, SessionError> {
        let (about, Observation { mut tree, outputs }) = if let Some(about) = self.about.clone() {
            let observation = self.wm.observe(about.defaults)?;
            (about, observation)
        } else {
            let (about, observation) = self.wm.observe_all()?;
            self.about = Some(about.clone());
            (about, observation)
        };
        let present: BTreeSet<XId> = tree.windows().filter_map(|con| con.window).collect();
        self.windows.retain(|id, _| present.contains(id));
        let unseen = present
            .into_iter()
            .filter(|id| !self.windows.contains_key(id));
        let mut unseen = self.display.facts(unseen)?;
        // A terminal or browser has many windows in one process.
        let mut known = BTreeMap::new();
        let mut read = |pid| -> Option<Process> {
            let process = known.entry(pid).or_insert_with(|| processes.process(pid));
            process.clone()
        };
        for facts in unseen.values_mut() {
            facts.process = facts.pid().and_then(&mut read);
            // A daemon that connected first and forked then: the X server goes on naming
            // the parent, which has ended.
            if !facts.process.as_ref().is_some_and(is_program)
                && let Some(claimed) = facts.claimed_pid.and_then(&mut read).filter(is_program)
            {
                facts.server_pid = None;
                facts.process = Some(claimed);
            }
        }
        self.windows.append(&mut unseen);
        tell_bare(&mut tree, &self.windows);
        self.look_inside(&tree, processes);
        let is_ignored = |con: &&Con| {
            let properties = con.properties.as_ref();
            properties.is_some_and(|properties| self.rules.ignores(properties))
        };
        Ok(Desktop {
            ignored: tree
                .windows()
                .filter(is_ignored)
                .map(|con| con.id)
                .collect(),
            version: about.version,
            outputs,
            tree,
            windows: self.windows.clone(),
            defaults: about.defaults,
            gaps: about.gaps,
        })
    }

    /// Asks what runs inside the windows of which that is not known yet; not inside one
    /// that is alone in its process and has a mark that says whose it is.
    fn look_inside(&mut self, tree: &Con, processes: &dyn Processes) {
        let marked: BTreeSet<XId> = tree
            .windows()
            .filter(|con| con.has_own_mark())
            .filter_map(|con| con.window)
            .collect();
        let mut owners: BTreeMap<Pid, Vec<XId>> = BTreeMap::new();
        for (&id, facts) in &self.windows {
            if let Some(pid) = facts.pid() {
                owners.entry(pid).or_default().push(id);
            }
        }
        for (pid, windows) in owners {
            if matches!(windows.as_slice(), [only] if marked.contains(only)) {
                continue;
            }
            let unknown = |id: &XId| {
                let facts = self.windows.get(id)?;
                facts.process.as_ref().filter(|_| facts.inside.is_none())
            };
            let Some(process) = windows.iter().find_map(unknown) else {
                continue;
            };
            for (id, inside) in processes
                .insides(pid, process, &windows)
                .unwrap_or_default()
            {
                if let Some(facts) = self.windows.get_mut(&id) {
                    facts.inside = Some(inside);
                }
            }
        }
    }

    /// The tree alone, for a look in between.
    pub fn observe_tree(&mut self) -> Result<Con, SessionError> {
        let defaults = self.about()?.defaults;
        Ok(self.wm.tree(defaults)?)
    }

    /// i3's version and the defaults of its config, read once.
    pub fn about(&mut self) -> Result<&About, SessionError> {
        let about = match self.about.take() {
            Some(about) => about,
            None => self.wm.about()?,
        };
        Ok(self.about.insert(about))
    }

    /// Has i3 carry out the commands in one message; see [`Connection::run`].
    pub fn run(&mut self, commands: &[Command]) -> Result<Vec<CommandReply>, SessionError> {
        Ok(self.wm.run(commands)?)
    }

    /// Waits until the X server has done what i3 asked of it, and i3 has read what
    /// the X server says to that.
    ///
    /// i3 4.22 crashes when it reads that a placeholder's window changed its size
    /// after the placeholder was killed (`src/restore_layout.c` keeps a pointer to
    /// the freed container). So this comes right before the message with
    /// [`Command::KillPlaceholder`] of a placeholder that is drawn; one that is not
    /// drawn has no such window.
    pub fn settle(&mut self) -> Result<(), SessionError> {
        let mailbox = match self.mailbox {
            Some(mailbox) => mailbox,
            None => *self.mailbox.insert(self.display.mailbox()?),
        };
        // What i3 reads in the first round can make it ask for more.
        for _ in 0..2 {
            self.synced = self.synced.wrapping_add(1);
            self.wm.sync(mailbox, self.synced)?;
            let deadline = Instant::now() + self.wm.limit();
            while !self.display.has_synced(mailbox, self.synced)? {
                if Instant::now() >= deadline {
                    return Err(WmError::TimedOut {
                        doing: "answer SYNC by X".to_owned(),
                        limit: self.wm.limit(),
                    }
                    .into());
                }
            }
            // i3 reads from X before each message.
            self.wm.version()?;
        }
        Ok(())
    }

    /// Has i3 carry out the commands; those that remove a placeholder which i3 has drawn
    /// in `tree` come last and in a message of their own, when all is settled.
    pub fn run_and_remove(&mut self, commands: &[Command], tree: &Con) -> Result<(), SessionError> {
        let removes_drawn = |command: &&Command| match command {
            Command::KillPlaceholder(id) | Command::KillKept { con: id, .. } => {
                tree.find(*id).is_some_and(|con| con.window.is_some())
            }
            _ => false,
        };
        let (last, first): (Vec<&Command>, Vec<&Command>) =
            commands.iter().partition(removes_drawn);
        let owned = |commands: Vec<&Command>| commands.into_iter().cloned().collect::<Vec<_>>();
        if !first.is_empty() {
            self.run(&owned(first))?;
        }
        if !last.is_empty() {
            self.settle()?;
            self.run(&owned(last))?;
            // Their windows go first, and i3 hears of that from the X server.
            self.settle()?;
        }
        Ok(())
    }

    /// Gives the window that i3 has drawn for a placeholder a title, and takes from it
    /// the urgency that i3 starts it with (its `src/restore_layout.c`). Both belong to
    /// the window, so they go with it when a program's window takes its place.
    pub fn label(&mut self, window: XId, title: Option<&str>) -> Result<(), SessionError> {
        Ok(self.display.label(window, title)?)
    }

    /// Has i3's events handed to `sink` from now on, on a connection of their own.
    /// They end when the handle is dropped or `sink` says false.
    pub fn subscribe(
        &mut self,
        sink: impl FnMut(Change) -> bool + Send + 'static,
    ) -> Result<Subscription, SessionError> {
        let defaults = self.about()?.defaults;
        let path = self.wm.path().to_owned();
        Ok(Subscription::start(
            Connection::open(&path, self.wm.limit())?,
            defaults,
            sink,
        )?)
    }

    /// The connection to i3.
    pub const fn wm(&mut self) -> &mut Connection {
        &mut self.wm
    }

    /// The connection to the X server.
    pub const fn display(&self) -> &Display {
        &self.display
    }

    /// i3's process. Its environment is the session's.
    pub const fn i3_pid(&self) -> Pid {
        self.wm.i3_pid()
    }
}

/// Lets the tree say which windows are bare; i3 knows only what they declare.
fn tell_bare(con: &mut Con, windows: &BTreeMap<XId, WindowFacts>) {
    let facts = con.window.and_then(|window| windows.get(&window));
    if facts.is_some_and(|facts| facts.bare)
        && let Some(properties) = con.properties.as_mut().filter(|one| one.is_main_window())
    {
        properties.window_type = WindowType::Bare;
    }
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        tell_bare(child, windows);
    }
}

/// Whether it is one that opens windows: what the kernel runs has no command line.
fn is_program(process: &Process) -> bool {
    !process.argv.is_empty()
}

/// Whether the display's own socket exists and is not the connected one.
/// A path that is left over from an earlier i3 says nothing.
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
