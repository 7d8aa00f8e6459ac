//! Calls of the program and their costs.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::harness::Desktop;
use crate::harness::processes::Handle;

/// The time between two readings of the memory of a process.
const BETWEEN_READINGS: Duration = Duration::from_millis(1);

/// The program that is measured.
pub(crate) struct Program(PathBuf);

/// The costs and output of a call.
pub(crate) struct CallResult {
    /// Time from the start of the process until its end.
    pub(crate) wall: Duration,
    /// The time at which it ended.
    pub(crate) ended: Instant,
    /// Processor time of its main thread, including the start of the process.
    pub(crate) cpu: Option<Duration>,
    /// Peak memory in bytes; only set by [`Program::call_watching_memory`].
    pub(crate) peak: u64,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl CallResult {
    /// Panics unless the call succeeded.
    pub(crate) fn success(self, arguments: &[&str]) -> Self {
        assert!(
            self.status.success(),
            "{arguments:?} ended with {}\n{}{}",
            self.status,
            self.stdout,
            self.stderr
        );
        self
    }
}

impl Program {
    pub(crate) fn find() -> Self {
        Self(std::env::var_os("I3PM_LAYOUT").map_or_else(
            || PathBuf::from(env!("CARGO_BIN_EXE_i3pm-layout")),
            PathBuf::from,
        ))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn text(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// Runs it in the desktop.
    pub(crate) fn call(&self, desktop: &Desktop, arguments: &[&str]) -> CallResult {
        time(desktop, &self.0, arguments)
    }

    /// Runs it in the desktop; panics unless it succeeds.
    pub(crate) fn call_successfully(&self, desktop: &Desktop, arguments: &[&str]) -> CallResult {
        self.call(desktop, arguments).success(arguments)
    }

    /// Runs it while reading its peak memory every millisecond.
    pub(crate) fn call_watching_memory(&self, desktop: &Desktop, arguments: &[&str]) -> CallResult {
        run(desktop, &self.0, arguments, true)
    }
}

/// Runs any program in the desktop.
pub(crate) fn time(desktop: &Desktop, program: &Path, arguments: &[&str]) -> CallResult {
    run(desktop, program, arguments, false)
}

fn run(desktop: &Desktop, program: &Path, arguments: &[&str], watched: bool) -> CallResult {
    // A file, so that there is only one pipe to read.
    let errors = desktop.path().join("log/stderr");
    let stderr = File::create(&errors).expect("the directory is writable");
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(desktop.environment())
        .current_dir(desktop.path().join("home"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr);
    let begun = Instant::now();
    let mut child = command.spawn().expect("the program exists");
    let pid = child.id();
    let mut pipe = child.stdout.take().expect("the stream is a pipe");
    let reader = thread::spawn(move || {
        let mut text = String::new();
        // Output that is not UTF-8 is ignored.
        let _ = pipe.read_to_string(&mut text);
        text
    });
    let mut peak = 0;
    if watched && let Some(process) = Handle::open(pid) {
        loop {
            peak = high_water(pid).unwrap_or_default().max(peak);
            if process.ends_within(BETWEEN_READINGS) {
                break;
            }
        }
    }
    // The process is not reaped yet, because /proc has its costs until then.
    let id = i32::try_from(pid).ok().and_then(Pid::from_raw);
    if let Some(id) = id {
        let _ = waitid(
            WaitId::Pid(id),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
    }
    let ended = Instant::now();
    let cpu = on_processor(pid);
    let status = child.wait().expect("the process is a child");
    CallResult {
        wall: ended.duration_since(begun),
        ended,
        cpu,
        peak,
        status,
        stdout: reader.join().unwrap_or_default(),
        stderr: fs::read_to_string(errors).unwrap_or_default(),
    }
}

/// The first number of `schedstat` (Linux, `Documentation/scheduler/sched-stats`).
pub(crate) fn on_processor(pid: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// `VmHWM` of proc(5) in bytes; `None` if the process has ended.
fn high_water(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
