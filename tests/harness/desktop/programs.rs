//! Programs of a desktop and their windows.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Instant;

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};

use super::super::windows::{self, Program, TestWindow, WindowHandle};
use super::super::{PATIENCE, processes, tree};
use super::{Desktop, MARKER};

impl Desktop {
    /// Starts a program in the home directory without waiting for it.
    #[track_caller]
    pub(crate) fn spawn<S: AsRef<OsStr>>(&self, argv: &[S]) -> Program {
        self.spawn_with(argv, &self.path.join("home"), &[])
    }

    /// Like [`Desktop::spawn`] with a working directory and additional environment variables.
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
                .expect("the directory is writable")
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
            .expect("the lock is not poisoned")
            .push(program.clone());
        program
    }

    /// Gives a cue to test windows (see [`TestWindow`]), also to those started later, or to a
    /// shell that runs [`Desktop::wait_for_cue`].
    #[track_caller]
    pub(crate) fn cue(&self, name: &str) {
        let path = self.path.join("cues").join(name);
        let is_pipe = fs::metadata(&path).is_ok_and(|file| file.file_type().is_fifo());
        if !is_pipe {
            fs::write(path, "").expect("the directory is writable");
            return;
        }
        let mut open = File::options();
        open.write(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        // Opening a pipe for writing fails until it has a reader.
        self.wait_until("a shell waits for the cue", || open.open(&path).is_ok());
    }

    /// A shell command that waits until the test gives this cue.
    pub(crate) fn wait_for_cue(&self, name: &str) -> String {
        let path = self.path.join("cues").join(name);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
            .expect("the directory is writable");
        format!(": <{}", path.display())
    }

    /// Opens one or more test windows of one process, and waits until i3 manages them.
    #[track_caller]
    pub(crate) fn open_window(&self, window: impl Into<TestWindow>) -> WindowHandle {
        self.open_window_in(window, &self.path.join("home"))
    }

    /// Like the method above, with a working directory.
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

    /// Starts a program, and waits for a window of it or of its children.
    #[track_caller]
    pub(crate) fn open(&self, argv: &[&str]) -> WindowHandle {
        self.open_in(argv, &self.path.join("home"))
    }

    /// Like the method above, with a working directory.
    #[track_caller]
    pub(crate) fn open_in(&self, argv: &[&str], directory: &Path) -> WindowHandle {
        let start = || self.spawn_with(argv, directory, &[]);
        self.wait_for_windows(argv[0], 1, start, |id, program| {
            self.display
                .pid_of(id)
                .is_some_and(|pid| processes::descends_from(pid, program.pid()))
        })
    }

    /// Copies the program of the test windows to this path below [`Desktop::path`].
    pub(crate) fn copy_test_window(&self, path: &str) -> PathBuf {
        let copy = self.path.join(path);
        fs::create_dir_all(copy.parent().expect("the path has a parent"))
            .expect("the directory is writable");
        fs::copy(windows::PROGRAM, &copy).expect("the program is built");
        copy
    }

    /// Opens a test window whose program is deleted from this path while it runs.
    #[track_caller]
    pub(crate) fn open_deleted_program(&self, path: &str, arguments: &[&str]) -> WindowHandle {
        let copy = self.copy_test_window(path);
        let program = copy.to_str().expect("the path is UTF-8");
        let handle = self.open(&[&[program], arguments].concat());
        fs::remove_file(&copy).expect("the directory is writable");
        handle
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
                    self.describe()
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

    /// Closes all windows, including those in the scratchpad, and waits until they are gone.
    ///
    /// As a person would, it closes a window again that is still open after some seconds: a bash that
    /// is about to read a line can lose the signal with which its terminal ends it.
    #[track_caller]
    pub(crate) fn close_all_windows(&self) {
        let mut closed: Option<Instant> = None;
        self.wait_until("all windows are closed", || {
            let tree = self.tree();
            let windows = tree::windows(&tree);
            if closed.is_none_or(|at| at.elapsed() > PATIENCE / 10) && !windows.is_empty() {
                closed = Some(Instant::now());
                let commands = windows.iter();
                let commands = commands.map(|con| format!("[con_id={}] kill client", con["id"]));
                let commands: Vec<String> = commands.collect();
                self.run_i3(&commands.join("; "));
            }
            windows.is_empty()
        });
    }

    /// The running processes of the desktop with this program name.
    pub(crate) fn programs(&self, name: &str) -> Vec<u32> {
        self.processes()
            .into_iter()
            .filter(|&pid| processes::name(pid).as_deref() == Some(name))
            .collect()
    }

    /// The names of the working directories of all processes of this program, sorted.
    pub(crate) fn directories_of(&self, program: &str) -> Vec<String> {
        let mut found: Vec<String> = self
            .programs(program)
            .into_iter()
            .filter_map(|pid| fs::read_link(format!("/proc/{pid}/cwd")).ok())
            .filter_map(|cwd| Some(cwd.file_name()?.to_str()?.to_owned()))
            .collect();
        found.sort();
        found
    }

    /// All running processes of the desktop, including i3 but not the X server.
    pub(crate) fn processes(&self) -> BTreeSet<u32> {
        let mut pids = processes::with_environment(&self.marker());
        // Also finds programs that cleared their environment.
        pids.extend(self.display.clients());
        pids.remove(&self.display.server_pid());
        pids
    }

    /// The variable that identifies the processes of the desktop, as `NAME=VALUE`.
    pub(crate) fn marker(&self) -> String {
        format!("{MARKER}={}", self.path.display())
    }
}
