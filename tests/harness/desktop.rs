//! A private desktop: an X server, i3, a home directory, all of a test's own.

mod builder;
mod checks;
pub(crate) mod layouts;
mod log;
mod monitors;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
use serde_json::Value;
use tempfile::TempDir;

use super::command::{Call, Output};
use super::display::Display;
use super::ipc::{Event, Ipc};
use super::tree::{self, Name};
use super::windows::{Program, TestWindow, WindowHandle};
use super::{PATIENCE, processes};
pub(crate) use builder::Builder;

/// The variable by which the processes of a desktop are known.
const MARKER: &str = "I3PM_TEST_DESKTOP";

/// A running desktop. Everything in it ends when it is dropped.
pub(crate) struct Desktop {
    variables: Vec<(&'static str, String)>,
    programs: Mutex<Vec<Program>>,
    tickets: AtomicU32,
    ipc: Ipc,
    display: Display,
    path: PathBuf,
    // The last field: it is removed when nobody uses it any more.
    _dir: TempDir,
}

impl Desktop {
    /// One monitor of 1920 x 1080, no bar.
    pub(crate) fn new() -> Self {
        Self::builder().start()
    }

    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    /// i3's IPC.
    pub(crate) fn ipc(&self) -> &Ipc {
        &self.ipc
    }

    /// The X server.
    pub(crate) fn display(&self) -> &Display {
        &self.display
    }

    /// The directory of the desktop; `home`, `config`, `data`, `state`, `runtime`
    /// and `share` (of desktop entries) are in it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file below [`Desktop::path`], with its directories.
    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("the directory is ours");
        fs::write(&path, text).expect("the directory is ours");
        path
    }

    /// Writes an executable file below [`Desktop::path`].
    pub(crate) fn write_executable(&self, path: &str, text: &str) -> PathBuf {
        let path = self.write(path, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
        path
    }

    /// Creates a directory below [`Desktop::path`], with those that it is in.
    pub(crate) fn create_directory(&self, path: &str) -> PathBuf {
        let path = self.path.join(path);
        fs::create_dir_all(&path).expect("the directory is ours");
        path
    }

    /// All environment variables of the programs in the desktop.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let dir = |name: &str| self.path.join(name).display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut environment = vec![
            (MARKER, self.path.display().to_string()),
            ("DISPLAY", self.display.name().to_owned()),
            ("I3SOCK", self.ipc.socket().display().to_string()),
            ("PATH", format!("{}:{path}", dir("bin"))),
            ("HOME", dir("home")),
            ("XDG_CONFIG_HOME", dir("config")),
            ("XDG_STATE_HOME", dir("state")),
            ("XDG_DATA_HOME", dir("data")),
            ("XDG_CACHE_HOME", dir("cache")),
            ("XDG_RUNTIME_DIR", dir("runtime")),
            // The desktop entries of this machine are none of a test's business.
            ("XDG_DATA_DIRS", dir("share")),
            ("XDG_CONFIG_DIRS", dir("share")),
            ("TMPDIR", dir("tmp")),
            ("USER", "tester".to_owned()),
            ("LOGNAME", "tester".to_owned()),
            ("SHELL", "/bin/sh".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            // GTK programs would start a bus of their own otherwise.
            ("DBUS_SESSION_BUS_ADDRESS", "disabled:".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("TEST_WINDOW_LOG", dir("log/windows")),
            ("TEST_WINDOW_CUES", dir("cues")),
        ];
        environment.extend(super::coverage_variable());
        for (name, value) in &self.variables {
            environment.retain(|(known, _)| known != name);
            environment.push((name, value.clone()));
        }
        environment
    }

    // --- programs ---------------------------------------------------------

    /// Starts a program in the home directory and does not wait for anything.
    #[track_caller]
    pub(crate) fn spawn<S: AsRef<OsStr>>(&self, argv: &[S]) -> Program {
        self.spawn_with(argv, &self.path.join("home"), &[])
    }

    /// The same in a directory, with more environment.
    #[track_caller]
    pub(crate) fn spawn_with<S: AsRef<OsStr>>(
        &self,
        argv: &[S],
        directory: &Path,
        environment: &[(&str, &str)],
    ) -> Program {
        let log = |name: &str| {
            File::options()
                .create(true)
                .append(true)
                .open(self.path.join("log").join(name))
                .expect("the directory is ours")
        };
        let child = Command::new(&argv[0])
            .args(&argv[1..])
            .env_clear()
            .envs(self.environment())
            .envs(environment.iter().copied())
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(log("programs"))
            .stderr(log("programs"))
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", argv[0].as_ref().display()));
        let program = Program::new(child);
        self.programs
            .lock()
            .expect("no test panics in here")
            .push(program.clone());
        program
    }

    /// Gives programs the cue of this name: test windows, which may be started later (see
    /// [`TestWindow`]), or a shell that runs [`Desktop::wait_for_cue`].
    #[track_caller]
    pub(crate) fn cue(&self, name: &str) {
        let path = self.path.join("cues").join(name);
        let is_pipe = fs::metadata(&path).is_ok_and(|file| file.file_type().is_fifo());
        if !is_pipe {
            fs::write(path, "").expect("the directory is ours");
            return;
        }
        let mut open = File::options();
        open.write(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        // Refused as long as nobody reads.
        self.wait_until("a shell waits for the cue", || open.open(&path).is_ok());
    }

    /// A shell command that waits until the test gives this cue.
    pub(crate) fn wait_for_cue(&self, name: &str) -> String {
        let path = self.path.join("cues").join(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
            .expect("the directory is ours");
        format!(": <{}", path.display())
    }

    /// Opens a test window, or several of one process, and waits until i3 has
    /// all of them.
    #[track_caller]
    pub(crate) fn open_window(&self, window: impl Into<TestWindow>) -> WindowHandle {
        self.open_window_in(window, &self.path.join("home"))
    }

    /// The same with a working directory.
    #[track_caller]
    pub(crate) fn open_window_in(
        &self,
        window: impl Into<TestWindow>,
        directory: &Path,
    ) -> WindowHandle {
        let window = window.into();
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed).to_string();
        let environment = [("TEST_WINDOW_TICKET", ticket.as_str())];
        let argv = window.argv();
        let start = || self.spawn_with(&argv, directory, &environment);
        self.wait_for_windows(&argv[0], window.count, start, |id, _| {
            self.log()
                .iter()
                .any(|line| line.window() == id && line.ticket() == ticket)
        })
    }

    /// Opens an xterm with these arguments, such as `["-name", "logs"]`.
    #[track_caller]
    pub(crate) fn open_xterm(&self, arguments: &[&str]) -> WindowHandle {
        self.open(&[&["xterm"], arguments].concat())
    }

    /// Starts any program, and waits for one window of it or of its children.
    #[track_caller]
    pub(crate) fn open(&self, argv: &[&str]) -> WindowHandle {
        self.open_in(argv, &self.path.join("home"))
    }

    /// The same with a working directory.
    #[track_caller]
    pub(crate) fn open_in(&self, argv: &[&str], directory: &Path) -> WindowHandle {
        let start = || self.spawn_with(argv, directory, &[]);
        self.wait_for_windows(argv[0], 1, start, |id, program| {
            self.display
                .pid_of(id)
                .is_some_and(|pid| processes::descends_from(pid, program.pid()))
        })
    }

    #[track_caller]
    fn wait_for_windows(
        &self,
        what: &str,
        count: usize,
        start: impl FnOnce() -> Program,
        is_ours: impl Fn(u32, &Program) -> bool,
    ) -> WindowHandle {
        let events = self.ipc.events(&["window"]);
        let program = start();
        let mut handle = WindowHandle {
            program,
            windows: Vec::new(),
            cons: Vec::new(),
        };
        let deadline = Instant::now() + PATIENCE;
        while handle.windows.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(event) = events.next_within(left) else {
                panic!(
                    "{what} opened {} of {count} windows\n{}",
                    handle.windows.len(),
                    self.situation()
                );
            };
            let con = &event.body["container"];
            if let (true, Some(window), Some(id)) = (
                event.is("window", "new"),
                con["window"].as_u64().and_then(|id| id.try_into().ok()),
                con["id"].as_u64(),
            ) && is_ours(window, &handle.program)
            {
                handle.windows.push(window);
                handle.cons.push(id);
            }
        }
        handle
    }

    /// Closes every window, the scratchpad's included, and waits until i3 has none.
    #[track_caller]
    pub(crate) fn close_all_windows(&self) {
        let commands: Vec<_> = tree::windows(&self.tree())
            .iter()
            .map(|con| format!("[con_id={}] kill", con["id"]))
            .collect();
        if !commands.is_empty() {
            self.run_i3(&commands.join("; "));
        }
        self.wait_until("all windows are closed", || {
            tree::windows(&self.tree()).is_empty()
        });
    }

    /// The living processes of the desktop whose program has this name.
    pub(crate) fn programs(&self, name: &str) -> Vec<u32> {
        self.processes()
            .into_iter()
            .filter(|&pid| processes::name(pid).as_deref() == Some(name))
            .collect()
    }

    /// All living processes of the desktop, i3 included, the X server not.
    pub(crate) fn processes(&self) -> BTreeSet<u32> {
        let mut pids = processes::with_environment(&self.marker());
        // A program may clear its environment, but not hide from the X server.
        pids.extend(self.display.clients());
        pids.remove(&self.display.server_pid());
        pids
    }

    /// `NAME=VALUE` of the variable that every process of the desktop has.
    pub(crate) fn marker(&self) -> String {
        format!("{MARKER}={}", self.path.display())
    }

    // --- i3 ---------------------------------------------------------------

    /// i3's tree as JSON.
    pub(crate) fn tree(&self) -> Value {
        self.ipc.tree()
    }

    /// i3's tree as text, windows by their instance; see [`tree::text`].
    pub(crate) fn tree_text(&self) -> String {
        self.tree_text_by(Name::Instance)
    }

    /// i3's tree as text, windows by what is asked for.
    pub(crate) fn tree_text_by(&self, name: Name) -> String {
        tree::text(&self.tree(), name)
    }

    /// i3's tree as text, without the mark of the focus.
    pub(crate) fn arrangement(&self) -> String {
        self.arrangement_by(Name::Instance)
    }

    /// The same, windows by what is asked for.
    pub(crate) fn arrangement_by(&self, name: Name) -> String {
        self.tree_text_by(name).replace('*', "")
    }

    /// The names of the visible workspaces, in order of the outputs.
    pub(crate) fn visible_workspaces(&self) -> Vec<String> {
        tree::workspaces(&self.tree())
            .into_iter()
            .filter(|workspace| workspace.visible)
            .filter_map(|workspace| workspace.con["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// The instance of the focused window, or the name of the empty workspace.
    pub(crate) fn focused(&self) -> String {
        let tree = self.tree();
        tree::focused(&tree).map_or_else(|| "nothing".to_owned(), |con| Name::Instance.of(con))
    }

    /// Runs i3 commands, each line as a message of its own; all of them must succeed.
    #[track_caller]
    pub(crate) fn run_i3(&self, messages: &str) {
        for message in messages.lines().map(str::trim) {
            self.ipc.run(message);
        }
    }

    /// Returns when i3 has handled all that X clients and IPC asked before.
    pub(crate) fn sync(&self) {
        self.display.sync_with_i3();
        self.ipc.barrier();
    }

    /// Waits until the condition is true. It is checked after each event of i3, and at
    /// least every 50 ms, because i3 does not report everything.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, condition: impl FnMut() -> bool) {
        self.wait_until_within(PATIENCE, what, condition);
    }

    /// The same with a time of its own.
    #[track_caller]
    pub(crate) fn wait_until_within(
        &self,
        time: Duration,
        what: &str,
        mut condition: impl FnMut() -> bool,
    ) {
        let events = self
            .ipc
            .events(&["window", "workspace", "output", "mode", "tick"]);
        let deadline = Instant::now() + time;
        while !condition() {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain until {what}\n{}",
                self.situation()
            );
            let _: Option<Event> = events.next_within(left.min(Duration::from_millis(50)));
            events.pending();
        }
    }

    // --- the program, and pictures ----------------------------------------

    /// A call of `i3pm-layout` that can be changed before it is run.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Call<'_> {
        Call::new(self, arguments)
    }

    /// Runs `i3pm-layout` with these arguments.
    #[must_use = "look at it: `.success()`, `.code(1)`, `.transcript()`"]
    #[track_caller]
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.command(arguments).run()
    }

    /// Saves a picture of the whole screen, for people.
    pub(crate) fn screenshot(&self, path: &Path) {
        self.sync();
        let status = Command::new("import")
            .args(["-display", self.display.name(), "-window", "root"])
            .arg(path)
            .status()
            .expect("imagemagick is installed");
        assert!(status.success(), "import ended with {status}");
    }

    /// What a person wants to know when a test has waited in vain.
    pub(crate) fn situation(&self) -> String {
        let mut text = format!("desktop:\n{}processes:", self.tree_text());
        for pid in self.processes() {
            let _ = write!(text, " {}", processes::name(pid).unwrap_or_default());
        }
        for name in ["i3", "programs"] {
            let log = fs::read_to_string(self.path.join("log").join(name)).unwrap_or_default();
            let tail: Vec<_> = log.lines().rev().take(10).collect();
            for line in tail.iter().rev() {
                let _ = write!(text, "\n{name}: {line}");
            }
        }
        text
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // What is killed may just have started something else.
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let living = self.processes();
            if living.is_empty() || Instant::now() > deadline {
                break;
            }
            processes::kill(&living);
            // Dead children stay in the list of processes until they are waited for.
            if let Ok(programs) = self.programs.lock() {
                for program in programs
                    .iter()
                    .filter(|program| living.contains(&program.pid()))
                {
                    program.reap();
                }
            }
        }
        if let Ok(programs) = self.programs.lock() {
            for program in programs.iter() {
                program.reap();
            }
        }
    }
}
