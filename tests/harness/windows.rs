//! Windows of the test client, and their log.

use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::PATIENCE;
use super::desktop::layouts::Slot;
use super::processes::Handle;

/// The path of the client (`tests/bin/test-window.rs`).
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_test-window");

/// One or more windows of one process to open.
///
/// `when` is a number of milliseconds or the name of a cue that the test gives
/// ([`super::Desktop::cue`]).
#[derive(Clone, Debug)]
pub(crate) struct TestWindow {
    arguments: Vec<String>,
    /// The number of windows to wait for.
    pub(crate) count: usize,
}

impl TestWindow {
    /// A window with the instance and title `name`; its class is `name` with a capital letter.
    pub(crate) fn new(name: &str) -> Self {
        let mut letters = name.chars();
        let class: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect();
        Self {
            arguments: Vec::new(),
            count: 1,
        }
        .arg("--instance", name)
        .arg("--class", &class)
        .arg("--title", name)
    }

    /// A window that opens at the cue of its own name.
    pub(crate) fn late(name: &str) -> Self {
        Self::new(name).map_after(name)
    }

    /// A window whose class, instance, role and title are not UTF-8.
    pub(crate) fn not_utf8() -> Self {
        Self::new(r"odd\xff")
            .class(r"Odd\xff")
            .role(r"role\xff")
            .title(r"title\xff")
    }

    /// Sets an option of the client, such as `--role` to `main`. A later value replaces an
    /// earlier one.
    pub(crate) fn arg(mut self, flag: &str, value: &str) -> Self {
        if let Some(index) = self.arguments.iter().position(|known| known == flag)
            && !flag.ends_with("title-after")
        {
            value.clone_into(&mut self.arguments[index + 1]);
        } else {
            self.arguments.extend([flag.to_owned(), value.to_owned()]);
        }
        self
    }

    /// Adds a flag without a value, such as `--fork`.
    pub(crate) fn flag(mut self, flag: &str) -> Self {
        self.arguments.push(flag.to_owned());
        self
    }

    pub(crate) fn class(self, class: &str) -> Self {
        self.arg("--class", class)
    }

    pub(crate) fn title(self, title: &str) -> Self {
        self.arg("--title", title)
    }

    pub(crate) fn role(self, role: &str) -> Self {
        self.arg("--role", role)
    }

    /// Sets the window type, such as `normal`, `dialog`, `splash`, `utility` or `dock`.
    pub(crate) fn kind(self, kind: &str) -> Self {
        self.arg("--type", kind)
    }

    /// Opens the window later.
    pub(crate) fn map_after(self, when: &str) -> Self {
        self.arg("--map-after", when)
    }

    /// Changes the title later; can be repeated.
    pub(crate) fn title_after(self, when: &str, title: &str) -> Self {
        self.arg("--title-after", &format!("{when}:{title}"))
    }

    /// Opens several windows from one process; `{n}` in a title, class or role is the number.
    pub(crate) fn count(mut self, count: usize) -> Self {
        self.count = count;
        self.arg("--count", &count.to_string())
    }

    /// The command line.
    pub(crate) fn argv(&self) -> Vec<String> {
        let mut argv = vec![PROGRAM.to_owned()];
        argv.extend(self.arguments.iter().cloned());
        argv
    }

    /// The command line for a layout file or a shell, with the name of the client in the
    /// desktop's `PATH`.
    pub(crate) fn command(&self) -> String {
        shell_words::join(
            std::iter::once("test-window").chain(self.arguments.iter().map(String::as_str)),
        )
    }
}

impl TestWindow {
    /// A slot for this window, with its instance as id and criterion, and its command.
    pub(crate) fn slot(&self) -> Slot {
        let flag = self.arguments.iter().position(|flag| flag == "--instance");
        let instance = flag.map_or("", |flag| &self.arguments[flag + 1]);
        Slot::new(instance).command(&self.command())
    }
}

impl From<&Self> for TestWindow {
    fn from(window: &Self) -> Self {
        window.clone()
    }
}

impl From<&str> for TestWindow {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A program started in the desktop. Clones refer to the same process.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    child: Arc<Mutex<Child>>,
    pid: u32,
}

impl Program {
    pub(crate) fn new(child: Child) -> Self {
        Self {
            pid: child.id(),
            child: Arc::new(Mutex::new(child)),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits until the program ends.
    #[track_caller]
    pub(crate) fn wait(&self) -> ExitStatus {
        let ended = Handle::open(self.pid).is_none_or(|handle| handle.ends_within(PATIENCE));
        assert!(ended, "process {} did not end", self.pid);
        self.reap()
    }

    /// Reaps a process that has ended or is about to end.
    pub(crate) fn reap(&self) -> ExitStatus {
        let mut child = self.child.lock().expect("the lock is not poisoned");
        child.wait().expect("the process is a child")
    }
}

/// Opened windows, in the order in which i3 managed them.
#[derive(Clone, Debug)]
pub(crate) struct WindowHandle {
    pub(crate) program: Program,
    /// X ids.
    pub(crate) windows: Vec<u32>,
    /// i3's container ids.
    pub(crate) cons: Vec<u64>,
}

impl WindowHandle {
    /// The X id of the first window.
    pub(crate) fn window(&self) -> u32 {
        self.windows[0]
    }

    /// The container id of the first window.
    pub(crate) fn con(&self) -> u64 {
        self.cons[0]
    }
}

/// One line of the log of the test windows.
#[derive(Clone, Debug)]
pub(crate) struct Logged(pub(crate) Value);

impl Logged {
    /// All complete lines so far. A reader can see part of a line that is still being written.
    pub(crate) fn read(path: &Path) -> Vec<Self> {
        let bytes = std::fs::read(path).unwrap_or_default();
        let end = bytes.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
        let lines = std::str::from_utf8(&bytes[..end]).expect("the log is UTF-8");
        lines
            .lines()
            .map(|line| Self(serde_json::from_str(line).expect("a line is one JSON value")))
            .collect()
    }

    /// The event: `Started`, `Created` and `Closed` come from the client, other names from X.
    pub(crate) fn event(&self) -> &str {
        self.0["event"].as_str().unwrap_or_default()
    }

    pub(crate) fn window(&self) -> u32 {
        self.0["window"]
            .as_u64()
            .and_then(|id| id.try_into().ok())
            .unwrap_or_default()
    }

    pub(crate) fn title(&self) -> &str {
        self.0["title"].as_str().unwrap_or_default()
    }

    pub(crate) fn ticket(&self) -> &str {
        self.0["ticket"].as_str().unwrap_or_default()
    }

    /// `CLOCK_MONOTONIC` in microseconds.
    pub(crate) fn time_us(&self) -> u64 {
        self.0["time_us"].as_u64().unwrap_or_default()
    }
}
