//! Running `i3pm-layout` in a desktop and checking its output.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use regex::Regex;
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::desktop::Desktop;
use super::processes::Handle;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_i3pm-layout");

/// Time limit of a call, longer than any call takes.
const TIME_OUT: Duration = Duration::from_secs(60);

/// A call of the program that has not been started.
pub(crate) struct Call<'a> {
    desktop: &'a Desktop,
    command: Command,
    arguments: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    time_out: Duration,
    terminal: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new<S: AsRef<OsStr>>(
        desktop: &'a Desktop,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        let arguments: Vec<_> = arguments
            .into_iter()
            .map(|argument| argument.as_ref().to_owned())
            .collect();
        let mut command = Command::new(PROGRAM);
        command
            .args(&arguments)
            .env_clear()
            .envs(desktop.environment())
            .env("COLUMNS", "100")
            .current_dir(desktop.path().join("home"));
        Self {
            desktop,
            command,
            arguments,
            stdin: None,
            time_out: TIME_OUT,
            terminal: false,
        }
    }

    /// Runs the call under a program that starts it, such as `strace`, with these arguments.
    pub(crate) fn under<T: AsRef<OsStr>>(mut self, argv: impl IntoIterator<Item = T>) -> Self {
        let mut argv = argv.into_iter();
        let program = argv.next().expect("a program has a name");
        let mut command = Command::new(program);
        command.args(argv).arg(PROGRAM).args(&self.arguments);
        command.env_clear();
        for (name, value) in self.command.get_envs() {
            command.env(name, value.expect("no variable was removed"));
        }
        if let Some(directory) = self.command.get_current_dir() {
            command.current_dir(directory);
        }
        self.command = command;
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes an environment variable.
    pub(crate) fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Sets the working directory; the home directory by default.
    pub(crate) fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.command.current_dir(directory.into());
        self
    }

    /// Sets the standard input; empty by default.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Sets the time after which the call is killed.
    pub(crate) fn time_out(mut self, time_out: Duration) -> Self {
        self.time_out = time_out;
        self
    }

    /// Runs the call on a terminal of 100 x 40 characters; all output is in `stdout`.
    pub(crate) fn on_terminal(self) -> Self {
        // In the foreground of its own terminal, as a shell starts it.
        self.under(["setsid", "-c"]).on_unattended_terminal()
    }

    /// Runs the call with the streams of a terminal at which nobody is, as that of an i3 that
    /// `startx` has started.
    pub(crate) fn on_unattended_terminal(mut self) -> Self {
        self.terminal = true;
        self.command.env("TERM", "xterm-256color");
        self
    }

    /// Runs the call until it ends.
    #[must_use = "look at it: `.success()`, `.code(1)`, `.transcript()`"]
    #[track_caller]
    pub(crate) fn run(self) -> Output {
        self.start().wait()
    }

    /// Starts the call without waiting for it.
    #[track_caller]
    pub(crate) fn start(mut self) -> Running<'a> {
        let started = Instant::now();
        let mut keyboard = None;
        let (child, stdout, stderr) = if self.terminal {
            let (terminal, far_end) = open_terminal();
            let far_end = File::from(far_end);
            let end = || far_end.try_clone().expect("file descriptors are available");
            self.command.stdin(end()).stdout(end()).stderr(end());
            let child = self.command.spawn().expect("the program is built");
            // The reader sees the end of file only if all copies of the far end are closed; the
            // command holds some.
            drop((self.command, far_end));
            let mut input = terminal
                .try_clone()
                .expect("file descriptors are available");
            if let Some(text) = self.stdin {
                input.write_all(&text).expect("the terminal accepts input");
            }
            keyboard = Some(input);
            (child, read_all(terminal), read_all(std::io::empty()))
        } else {
            self.command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = self.command.spawn().expect("the program is built");
            let mut input = child.stdin.take().expect("the stream is a pipe");
            let text = self.stdin.unwrap_or_default();
            thread::spawn(move || {
                // A program need not read its input.
                let _ = input.write_all(&text);
            });
            let stdout = read_all(child.stdout.take().expect("the stream is a pipe"));
            let stderr = read_all(child.stderr.take().expect("the stream is a pipe"));
            (child, stdout, stderr)
        };
        Running {
            desktop: self.desktop,
            arguments: self.arguments,
            handle: Handle::open(child.id()).expect("the process is not reaped yet"),
            child,
            keyboard,
            stdout,
            stderr,
            started,
            time_out: self.time_out,
        }
    }
}

/// Opens a terminal, and returns this end and the program's end.
fn open_terminal() -> (File, OwnedFd) {
    let near_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
        .expect("the system has pseudo-terminals");
    grantpt(&near_end).expect("the terminal is new");
    unlockpt(&near_end).expect("the terminal is new");
    let name = ptsname(&near_end, Vec::new()).expect("the terminal is new");
    let far_end = rustix::fs::open(
        &name,
        rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::CLOEXEC,
        rustix::fs::Mode::empty(),
    )
    .expect("the terminal is new");
    let size = Winsize {
        ws_row: 40,
        ws_col: 100,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&near_end, size).expect("it is a terminal");
    (File::from(near_end), far_end)
}

/// The output of a running program.
struct Stream {
    so_far: Arc<Mutex<Vec<u8>>>,
    /// Receives a message when the program has closed the stream.
    end: Receiver<()>,
}

impl Stream {
    fn so_far(&self) -> Vec<u8> {
        self.so_far
            .lock()
            .expect("the lock is not poisoned")
            .clone()
    }
}

fn read_all(mut source: impl std::io::Read + Send + 'static) -> Stream {
    let (sender, end) = mpsc::channel();
    let so_far = Arc::new(Mutex::new(Vec::new()));
    let text = Arc::clone(&so_far);
    thread::spawn(move || {
        let mut part = [0; 4096];
        // Reading a terminal fails with EIO after the last program has closed it.
        while let Ok(length @ 1..) = source.read(&mut part) {
            let mut text = text.lock().expect("the lock is not poisoned");
            text.extend_from_slice(&part[..length]);
        }
        // The receiver is gone if the test has failed.
        let _ = sender.send(());
    });
    Stream { so_far, end }
}

/// A running call.
pub(crate) struct Running<'a> {
    desktop: &'a Desktop,
    arguments: Vec<OsString>,
    child: Child,
    /// This end of the terminal, if there is one.
    keyboard: Option<File>,
    handle: Handle,
    stdout: Stream,
    stderr: Stream,
    started: Instant,
    time_out: Duration,
}

impl Running<'_> {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Standard error so far.
    pub(crate) fn stderr_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stderr.so_far()).into_owned()
    }

    /// Standard output so far; on a terminal, all output.
    pub(crate) fn stdout_so_far(&self) -> String {
        String::from_utf8_lossy(&self.stdout.so_far()).into_owned()
    }

    /// Types a text on the terminal.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) {
        let keyboard = self.keyboard.as_mut().expect("the call is on a terminal");
        keyboard
            .write_all(text.as_bytes())
            .expect("the terminal accepts input");
    }

    /// Sends SIGINT, like Ctrl-C.
    pub(crate) fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.handle.signal(signal);
    }

    /// Kills the call and waits until it has ended.
    #[track_caller]
    pub(crate) fn kill(self) {
        self.signal(Signal::KILL);
        let _ = self.wait();
    }

    /// Waits until the call ends; kills it after its time limit.
    #[must_use = "look at it: `.success()`, `.code(1)`, `.transcript()`"]
    #[track_caller]
    pub(crate) fn wait(mut self) -> Output {
        let left = self.time_out.saturating_sub(self.started.elapsed());
        let in_time = self.handle.ends_within(left);
        if !in_time {
            self.handle.signal(Signal::KILL);
        }
        let status = self.child.wait().expect("the process is a child");
        let duration = self.started.elapsed();
        // A launched program that keeps the pipes open is a bug, but must not block the test.
        let text = |stream: &Stream, name: &str| {
            assert!(
                stream.end.recv_timeout(Duration::from_secs(5)).is_ok(),
                "a program that was launched keeps {name} open\n{}",
                self.desktop.describe()
            );
            String::from_utf8(stream.so_far()).expect("the output is UTF-8")
        };
        let output = Output {
            stdout: text(&self.stdout, "stdout"),
            stderr: text(&self.stderr, "stderr"),
            status,
            duration,
            arguments: self
                .arguments
                .iter()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect(),
            directory: self.desktop.path().display().to_string(),
        };
        assert!(
            in_time,
            "the call did not end within {:?}\n{}\n{}",
            self.time_out,
            output.transcript(),
            self.desktop.describe()
        );
        output
    }
}

/// The output and exit status of a call.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: ExitStatus,
    pub(crate) duration: Duration,
    arguments: Vec<String>,
    directory: String,
}

impl Output {
    /// Fails unless the exit code is 0.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        self.code(0)
    }

    /// Fails unless this is the exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.transcript());
        self
    }

    /// Fails unless standard error contains this text.
    #[track_caller]
    pub(crate) fn stderr_has(&self, text: &str) -> &Self {
        self.check(&self.stderr, text, true)
    }

    /// Fails if standard error contains this text.
    #[track_caller]
    pub(crate) fn stderr_lacks(&self, text: &str) -> &Self {
        self.check(&self.stderr, text, false)
    }

    /// Fails unless standard output contains this text.
    #[track_caller]
    pub(crate) fn stdout_has(&self, text: &str) -> &Self {
        self.check(&self.stdout, text, true)
    }

    /// Fails if standard output contains this text.
    #[track_caller]
    pub(crate) fn stdout_lacks(&self, text: &str) -> &Self {
        self.check(&self.stdout, text, false)
    }

    /// Fails unless the transcript contains this text.
    #[track_caller]
    pub(crate) fn has(&self, text: &str) -> &Self {
        self.check(&self.transcript(), text, true)
    }

    /// Fails if the transcript contains this text.
    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) -> &Self {
        self.check(&self.transcript(), text, false)
    }

    #[track_caller]
    fn check(&self, stream: &str, text: &str, expected: bool) -> &Self {
        let fault = if expected { "lacks" } else { "has" };
        let is_right = stream.contains(text) == expected;
        assert!(
            is_right,
            "the output {fault} `{text}`:\n{}",
            self.transcript()
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("the output is not JSON: {error}\n{}", self.transcript())
        })
    }

    /// Standard output as JSON, or `null` if it is not JSON.
    pub(crate) fn json_or_null(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_default()
    }

    /// The call, its output and its exit status as one string, with paths and times replaced.
    pub(crate) fn transcript(&self) -> String {
        let arguments = shell_words::join(&self.arguments);
        let mut text = format!("$ i3pm-layout {arguments}\n");
        for (title, part) in [("", &self.stdout), ("--- stderr\n", &self.stderr)] {
            if part.is_empty() {
                continue;
            }
            text.push_str(title);
            text.push_str(part);
            if !part.ends_with('\n') {
                text.push_str("[no newline]\n");
            }
        }
        let _ = match (self.status.code(), self.status.signal()) {
            (Some(code), _) => writeln!(text, "[exit {code}]"),
            (None, signal) => writeln!(text, "[signal {}]", signal.unwrap_or(0)),
        };
        let text = text.replace(&self.directory, "[DESKTOP]");
        let time = Regex::new(r"\b\d+(\.\d+)? ?(ms|µs|s)\b").expect("the pattern is valid");
        time.replace_all(&text, "[TIME]").into_owned()
    }
}
