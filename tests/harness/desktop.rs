//! A private desktop: an X server, i3, a home directory, all of a test's own.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{Call, Output};
use super::compare::{self, Precision};
use super::display::{Display, Monitor};
use super::ipc::{Event, Ipc};
use super::tree::{self, Name};
use super::windows::{self, Logged, Program, TestWindow, WindowHandle};
use super::{PATIENCE, processes};

/// The variable by which the processes of a desktop are known.
const MARKER: &str = "I3PM_TEST_DESKTOP";

/// What a desktop is to be like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builder {
    screen: Option<(u16, u16)>,
    monitors: Vec<Monitor>,
    config: String,
    bar: bool,
    variables: Vec<(&'static str, String)>,
    bus: bool,
}

impl Builder {
    /// The size of the X screen, which all monitors must fit into. Left out, it
    /// is what the first monitors need, and 1920 x 1080 at least.
    pub(crate) fn screen(mut self, width: u16, height: u16) -> Self {
        self.screen = Some((width, height));
        self
    }

    /// A monitor that is plugged before i3 starts; the first is the primary one.
    #[track_caller]
    pub(crate) fn monitor(mut self, name: &str, rect: &str) -> Self {
        let mut monitor = Monitor::new(name, rect);
        monitor.primary = self.monitors.is_empty();
        self.monitors.push(monitor);
        self
    }

    /// The same with several, as `(name, rect, primary)`.
    #[track_caller]
    pub(crate) fn monitors(mut self, monitors: &[(&str, &str, bool)]) -> Self {
        for &(name, rect, primary) in monitors {
            let mut monitor = Monitor::new(name, rect);
            monitor.primary = primary;
            self.monitors.push(monitor);
        }
        self
    }

    /// More lines for the i3 config.
    pub(crate) fn config(mut self, lines: &str) -> Self {
        self.config.push_str(lines);
        self.config.push('\n');
        self
    }

    /// With an i3bar, as most people have it.
    pub(crate) fn bar(mut self) -> Self {
        self.bar = true;
        self
    }

    /// Another environment variable for all programs, or another value of one.
    pub(crate) fn env(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// With a D-Bus session bus of its own, as `dbus-run-session` gives.
    pub(crate) fn session_bus(mut self) -> Self {
        self.bus = true;
        self
    }

    /// Starts it, and returns when i3 answers.
    pub(crate) fn start(self) -> Desktop {
        let dir = TempDir::with_prefix("i3pm-").expect("there is room for temporary files");
        let dir_path = dir.path().canonicalize().expect("it was just made");
        for name in [
            "home", "config", "state", "data", "cache", "runtime", "tmp", "bin", "share", "log",
        ] {
            fs::create_dir(dir_path.join(name)).expect("the directory is ours");
        }
        let only_for_us = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(dir_path.join("runtime"), only_for_us).expect("it is ours");
        std::os::unix::fs::symlink(windows::PROGRAM, dir_path.join("bin/test-window"))
            .expect("the directory is ours");
        let needed = self
            .monitors
            .iter()
            .fold((1920, 1080), |(width, height), monitor| {
                let rect = monitor.rect;
                (
                    width.max(rect.x + rect.width.cast_signed()),
                    height.max(rect.y + rect.height.cast_signed()),
                )
            });
        let screen = self.screen.unwrap_or((
            needed.0.try_into().expect("X has 16 bit sizes"),
            needed.1.try_into().expect("X has 16 bit sizes"),
        ));
        let display = Display::start(screen, &dir_path.join("log/xvfb"));
        if !self.monitors.is_empty() {
            display.arrange(&self.monitors);
        }
        let socket = dir_path.join("runtime/i3.sock");
        let config = dir_path.join("config/i3/config");
        fs::create_dir_all(config.parent().expect("it has one")).expect("the directory is ours");
        fs::write(&config, self.config_text(&socket)).expect("the directory is ours");
        let mut variables = self.variables.clone();
        let bus = format!("unix:path={}", dir_path.join("runtime/bus").display());
        if self.bus {
            variables.push(("DBUS_SESSION_BUS_ADDRESS", bus.clone()));
        }
        let desktop = Desktop {
            variables,
            programs: Mutex::default(),
            tickets: AtomicU32::new(1),
            ipc: Ipc::new(socket),
            display,
            path: dir_path,
            _dir: dir,
        };
        if self.bus {
            // The process that is started ends when the bus takes connections.
            let arguments = ["dbus-daemon", "--session", "--fork", "--address", &bus];
            let status = desktop.spawn(&arguments).wait();
            assert!(status.success(), "dbus-daemon ended with {status}");
        }
        desktop.start_i3(&config);
        desktop
    }

    fn config_text(&self, socket: &Path) -> String {
        let mut text = format!(
            "# i3 config file (v4)\n\
             ipc-socket {}\n\
             font pango:DejaVu Sans Mono 10\n\
             # The pointer stands somewhere on the screen, and tests do not look where.\n\
             focus_follows_mouse no\n\
             mouse_warping none\n",
            socket.display()
        );
        if self.bar {
            text.push_str("bar {\n    status_command while echo ready; do sleep 3600; done\n}\n");
        }
        text.push_str(&self.config);
        text
    }
}

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
        ];
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

    /// Opens a test window, or several of one process, and waits until i3 has
    /// all of them.
    #[track_caller]
    pub(crate) fn open_window(&self, window: &TestWindow) -> WindowHandle {
        self.open_window_in(window, &self.path.join("home"))
    }

    /// The same with a working directory.
    #[track_caller]
    pub(crate) fn open_window_in(&self, window: &TestWindow, directory: &Path) -> WindowHandle {
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

    // --- what the test windows saw ----------------------------------------

    /// The log of all test windows, in order of time.
    pub(crate) fn log(&self) -> Vec<Logged> {
        let mut lines = Logged::read(&self.path.join("log/windows"));
        lines.sort_by_key(Logged::time_us);
        lines
    }

    /// What happened to one window.
    pub(crate) fn x_events(&self, window: u32) -> Vec<Logged> {
        let mut lines = self.log();
        lines.retain(|line| line.window() == window);
        lines
    }

    /// How often test windows were unmapped until now, those that closed
    /// themselves not counted.
    pub(crate) fn unmaps(&self) -> usize {
        self.count_logged("UnmapNotify")
    }

    /// How often `test-window` was started until now.
    pub(crate) fn starts(&self) -> usize {
        self.count_logged("Started")
    }

    fn count_logged(&self, event: &str) -> usize {
        self.log()
            .iter()
            .filter(|line| line.event() == event)
            .count()
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

    /// Runs i3 commands; all of them must succeed.
    #[track_caller]
    pub(crate) fn run_i3(&self, commands: &str) {
        self.ipc.run(commands);
    }

    /// Returns when i3 has handled all that X clients and IPC asked before.
    pub(crate) fn sync(&self) {
        self.display.sync_with_i3();
        self.ipc.barrier();
    }

    /// Waits until the condition is true. It is asked again after each event of
    /// i3, and now and then for what i3 tells nobody.
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

    /// Fails with a readable difference unless the desktop is exactly as it was.
    #[track_caller]
    pub(crate) fn assert_same_tree(&self, before: &Value) {
        self.sync();
        compare::assert_same_tree(before, &self.tree(), Precision::Exact, Name::Instance);
    }

    // --- monitors ---------------------------------------------------------

    /// Plugs a monitor, or gives a plugged one another rect; waits until i3 sees it.
    #[track_caller]
    pub(crate) fn plug(&self, name: &str, rect: &str) {
        let mut monitors = self.display.monitors();
        let mut monitor = Monitor::new(name, rect);
        if let Some(known) = monitors.iter_mut().find(|known| known.name == name) {
            monitor.primary = known.primary;
            *known = monitor;
        } else {
            monitor.primary = monitors.is_empty();
            monitors.push(monitor);
        }
        self.arrange(&monitors);
    }

    /// Unplugs a monitor; waits until i3 has moved its workspaces away.
    #[track_caller]
    pub(crate) fn unplug(&self, name: &str) {
        let mut monitors = self.display.monitors();
        monitors.retain(|monitor| monitor.name != name);
        assert!(!monitors.is_empty(), "i3 needs a monitor");
        if !monitors.iter().any(|monitor| monitor.primary) {
            monitors[0].primary = true;
        }
        self.arrange(&monitors);
    }

    /// Plugs and unplugs in one go, as a docking station does.
    #[track_caller]
    pub(crate) fn arrange(&self, monitors: &[Monitor]) {
        self.display.arrange(monitors);
        self.wait_for_monitors();
    }

    #[track_caller]
    fn wait_for_monitors(&self) {
        let wanted: BTreeSet<_> = self
            .display
            .monitors()
            .iter()
            .map(|monitor| {
                (
                    monitor.name.clone(),
                    monitor.rect.to_string(),
                    monitor.primary,
                )
            })
            .collect();
        if wanted.is_empty() {
            return;
        }
        self.wait_until("i3 sees the monitors", || self.outputs() == wanted);
    }

    /// The active outputs as i3 sees them: name, rect, whether primary.
    pub(crate) fn outputs(&self) -> BTreeSet<(String, String, bool)> {
        self.ipc
            .outputs()
            .as_array()
            .into_iter()
            .flatten()
            .filter(|output| output["active"] == true)
            .map(|output| {
                (
                    output["name"].as_str().unwrap_or_default().to_owned(),
                    tree::geometry(&output["rect"]),
                    output["primary"] == true,
                )
            })
            .collect()
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

    fn start_i3(&self, config: &Path) {
        let log = File::create(self.path.join("log/i3")).expect("the directory is ours");
        let child = Command::new("i3")
            .arg("-c")
            .arg(config)
            .env_clear()
            .envs(
                self.environment()
                    .into_iter()
                    .filter(|(name, _)| *name != "I3SOCK"),
            )
            .current_dir(self.path.join("home"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("file descriptors are left"))
            .stderr(log)
            .spawn()
            .expect("i3 is installed");
        let i3 = Program::new(child);
        let pid = i3.pid();
        self.programs
            .lock()
            .expect("no test panics in here")
            .push(i3);
        // i3 sets it when it listens already.
        let socket = self
            .display
            .wait_for_root_property("I3_SOCKET_PATH", || processes::name(pid).is_some());
        if socket.is_none() {
            let log = fs::read_to_string(self.path.join("log/i3")).unwrap_or_default();
            panic!("i3 does not start:\n{log}");
        }
        self.ipc.barrier();
        self.wait_for_monitors();
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
