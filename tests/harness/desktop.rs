//! A private desktop: an X server, i3 and a home directory.

mod builder;
mod checks;
pub(crate) mod layouts;
mod log;
mod monitors;
mod programs;
mod restart;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use i3pm_layout::session::SessionEnv;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{Call, Output};
use super::display::Display;
use super::ipc::{Event, Ipc};
use super::tree::{self, Name};
use super::windows::Program;
use super::{PATIENCE, processes};
pub(crate) use builder::Builder;

/// A string as an argument of an i3 command.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The environment variable that identifies the processes of a desktop.
const MARKER: &str = "I3PM_TEST_DESKTOP";

/// A running desktop. Dropping it ends all its processes.
pub(crate) struct Desktop {
    variables: Vec<(&'static str, String)>,
    programs: Mutex<Vec<Program>>,
    tickets: AtomicU32,
    ipc: Ipc,
    display: Display,
    path: PathBuf,
    // The last field, so that the directory is removed last.
    _dir: TempDir,
}

impl Desktop {
    /// Starts a desktop with one monitor of 1920 x 1080 and no bar.
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

    /// The directory of the desktop, with `home`, `config`, `data`, `state`, `runtime` and
    /// `share` (system files).
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The environment for connecting to i3 and the X server as the program does.
    pub(crate) fn session_env(&self) -> SessionEnv {
        SessionEnv {
            i3sock: Some(self.ipc.socket().to_owned()),
            display: Some(self.display.name().to_owned()),
            limit: PATIENCE,
            ..SessionEnv::default()
        }
    }

    /// Writes a file below [`Desktop::path`] and creates its directories.
    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().expect("the path has a parent"))
            .expect("the directory is writable");
        fs::write(&path, text).expect("the directory is writable");
        path
    }

    /// Writes an executable file below [`Desktop::path`].
    pub(crate) fn write_executable(&self, path: &str, text: &str) -> PathBuf {
        let path = self.write(path, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
            .expect("the file is writable");
        path
    }

    /// Creates a directory and its parents below [`Desktop::path`].
    pub(crate) fn create_directory(&self, path: &str) -> PathBuf {
        let path = self.path.join(path);
        fs::create_dir_all(&path).expect("the directory is writable");
        path
    }

    /// The environment variables of the programs in the desktop.
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
            // Hides the desktop entries of the machine.
            ("XDG_DATA_DIRS", dir("share")),
            ("XDG_CONFIG_DIRS", dir("share")),
            ("TMPDIR", dir("tmp")),
            ("USER", "tester".to_owned()),
            ("LOGNAME", "tester".to_owned()),
            ("SHELL", "/bin/sh".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            // Prevents GTK programs from starting a session bus.
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

    /// i3's tree as JSON.
    pub(crate) fn tree(&self) -> Value {
        self.ipc.tree()
    }

    /// i3's tree as text, with windows named by instance; see [`tree::text`].
    pub(crate) fn tree_text(&self) -> String {
        self.tree_text_by(Name::Instance)
    }

    /// i3's tree as text, with windows named by this property.
    pub(crate) fn tree_text_by(&self, name: Name) -> String {
        tree::text(&self.tree(), name)
    }

    /// i3's tree as text, without the `*` of the focus.
    pub(crate) fn arrangement(&self) -> String {
        self.arrangement_by(Name::Instance)
    }

    /// Like [`Desktop::arrangement`], with windows named by this property.
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

    /// Runs i3 commands, one message per line; all of them must succeed.
    #[track_caller]
    pub(crate) fn run_i3(&self, messages: &str) {
        for message in messages.lines().map(str::trim) {
            self.ipc.run(message);
        }
    }

    /// Shows each workspace once, then those that were visible and the focused one again.
    ///
    /// i3 updates the rects of a workspace when it shows it.
    pub(crate) fn visit_all_workspaces(&self) {
        let workspaces = self.ipc.workspaces();
        let show = |key: &str| -> Vec<String> {
            workspaces
                .as_array()
                .into_iter()
                .flatten()
                .filter(|workspace| key.is_empty() || workspace[key] == true)
                .filter_map(|workspace| {
                    // i3 removes an empty workspace when it is left, and creates it again
                    // on the focused output.
                    let name = quoted(workspace["name"].as_str()?);
                    let output = workspace["output"].as_str()?;
                    Some(format!(
                        "focus output {output}; workspace --no-auto-back-and-forth {name}"
                    ))
                })
                .collect()
        };
        for command in [show(""), show("visible"), show("focused")].concat() {
            // One message each, because i3 draws after each message. The command fails
            // while a window covers all outputs.
            self.ipc.try_run(&command);
        }
    }

    /// Returns when i3 has handled all earlier X events and IPC messages.
    pub(crate) fn sync(&self) {
        self.display.sync_with_i3();
        self.ipc.barrier();
    }

    /// Waits until the condition is true. Checks it after each event of i3 and at least every
    /// 50 ms, because i3 does not report all changes.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, condition: impl FnMut() -> bool) {
        self.wait_until_within(PATIENCE, what, condition);
    }

    /// Like [`Desktop::wait_until`] with a time limit.
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
                "timed out waiting until {what}\n{}",
                self.describe()
            );
            let _: Option<Event> = events.next_within(left.min(Duration::from_millis(50)));
            events.pending();
        }
    }

    /// A call of `i3pm-layout` that can be configured before it runs.
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

    /// Saves a screenshot.
    pub(crate) fn screenshot(&self, path: &Path) {
        self.sync();
        let status = Command::new("import")
            .args(["-display", self.display.name(), "-window", "root"])
            .arg(path)
            .status()
            .expect("imagemagick is installed");
        assert!(status.success(), "import ended with {status}");
    }

    /// A description of the desktop for the message of a failed wait.
    pub(crate) fn describe(&self) -> String {
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
        // Repeats, because a killed process may just have started another.
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let living = self.processes();
            if living.is_empty() || Instant::now() > deadline {
                break;
            }
            processes::kill(&living);
            // Ended children stay in the process list until they are reaped.
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
