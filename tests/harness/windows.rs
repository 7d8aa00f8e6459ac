//! Windows of the tests' own client, and what they lived through.

use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::PATIENCE;
use super::desktop::layouts::Slot;
use super::processes::Handle;

/// The path of the client (`tests/bin/test-window.rs`).
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_test-window");

/// A window to open, or several of one process.
///
/// What a window does later it does after a number of milliseconds, or when the test
/// gives the cue of a name ([`super::Desktop::cue`]): `when` is one of both.
#[derive(Clone, Debug)]
pub(crate) struct TestWindow {
    arguments: Vec<String>,
    /// How many windows to wait for.
    pub(crate) count: usize,
}

impl TestWindow {
    /// A window whose instance and title are `name`, and its class the same with
    /// a capital.
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

    /// A flag of the client with a value, such as `--role`, `main`. Given again,
    /// the later one counts.
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

    /// A flag without a value, such as `--fork`.
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

    /// `normal`, `dialog`, `splash`, `utility`, `dock` and so on.
    pub(crate) fn kind(self, kind: &str) -> Self {
        self.arg("--type", kind)
    }

    /// Opens the window later.
    pub(crate) fn map_after(self, when: &str) -> Self {
        self.arg("--map-after", when)
    }

    /// Changes the title later; can be given several times.
    pub(crate) fn title_after(self, when: &str, title: &str) -> Self {
        self.arg("--title-after", &format!("{when}:{title}"))
    }

    /// Several windows from one process; `{n}` in a text is the number.
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

    /// The command line as a layout file or a shell takes it, with the name by
    /// which the client is found in the desktop's `PATH`.
    pub(crate) fn command(&self) -> String {
        shell_words::join(
            std::iter::once("test-window").chain(self.arguments.iter().map(String::as_str)),
        )
    }
}

impl TestWindow {
    /// A slot for this window: with its instance as id and criterion, and its command.
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

/// A program that was started in the desktop. Clones stand for the same one.
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

    /// Waits until it ends.
    #[track_caller]
    pub(crate) fn wait(&self) -> ExitStatus {
        let ended = Handle::open(self.pid).is_none_or(|handle| handle.ends_within(PATIENCE));
        assert!(ended, "process {} does not end", self.pid);
        self.reap()
    }

    /// Takes the exit status of a process that has ended or is about to.
    pub(crate) fn reap(&self) -> ExitStatus {
        let mut child = self.child.lock().expect("no test panics in here");
        child.wait().expect("it is our child")
    }
}

/// Windows that were opened, in the order in which i3 took them.
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
    /// All whole lines so far. A line that is being written may be there in part: where it
    /// goes from one page of memory to the next.
    pub(crate) fn read(path: &Path) -> Vec<Self> {
        let bytes = std::fs::read(path).unwrap_or_default();
        let end = bytes.iter().rposition(|&byte| byte == b'\n').unwrap_or(0);
        let whole = std::str::from_utf8(&bytes[..end]).expect("the log is UTF-8");
        whole
            .lines()
            .map(|line| Self(serde_json::from_str(line).expect("a line is one JSON value")))
            .collect()
    }

    /// `Started`, `Created`, `Closed` are the client's own, all others X's names.
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
