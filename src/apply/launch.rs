//! Starts programs, and reports when and how they exit.
#![expect(clippy::disallowed_methods, reason = "starts programs")]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use super::report::{NotStarted, Remedy};
use super::runtime::create_private;
use crate::compile::Program;
use crate::discover::proc_table::TOKEN_VARIABLE;
use crate::live::Pid;

/// The number of bytes at the end of a program's output that are searched for its last lines.
const TAIL: i64 = 4096;

/// The directories of programs if `PATH` is not set.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// The number of lines of a program's output to report.
const TAIL_LINES: usize = 5;

/// Starts programs in one environment.
#[derive(Debug)]
pub(super) struct Launcher {
    /// The session's environment.
    pub(super) env: BTreeMap<OsString, OsString>,
    /// The directory for the output of programs.
    pub(super) logs: PathBuf,
}

/// A program that was started.
#[derive(Clone, Debug)]
pub(super) struct Launched {
    pub(super) pid: Pid,
    pub(super) log: PathBuf,
}

impl Launcher {
    /// Starts a program in its own process group, so that Ctrl-C in this terminal does not reach
    /// it. Calls `ended` when it exits.
    ///
    /// Its output goes to a file that outlives this process. A pipe would kill the program with
    /// SIGPIPE after this process exits.
    pub(super) fn launch(
        &self,
        program: &Program,
        token: &str,
        name: &str,
        ended: impl FnOnce(io::Result<ExitStatus>) + Send + 'static,
    ) -> Result<Launched, NotStarted> {
        let cwd = program.cwd.as_path();
        if !cwd.is_dir() {
            return Err(no_directory(cwd));
        }
        let (log, output) = self.open_log(name)?;
        let Some((path, args)) = program.argv.split_first() else {
            return Err("the command is empty".to_owned().into());
        };
        let errors = output
            .try_clone()
            .map_err(|error| cannot_log(&log, &error))?;
        let mut command = Command::new(path);
        command
            .args(args)
            .current_dir(cwd)
            .env_clear()
            .envs(&self.env)
            .env("PWD", cwd)
            .envs(&program.env)
            .env(TOKEN_VARIABLE, token)
            .env("DESKTOP_STARTUP_ID", startup_id(token))
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0);
        let mut child = command.spawn().map_err(|error| explain(path, &error))?;
        let pid = Pid(child.id());
        // The thread ends with the program or with this process.
        let waiting = thread::Builder::new()
            .name("child".to_owned())
            .spawn(move || ended(child.wait()));
        match waiting {
            Ok(_) => Ok(Launched { pid, log }),
            Err(error) => Err(format!("cannot watch the started program: {error}").into()),
        }
    }

    /// The reason why [`Self::launch`] would fail, without starting the program.
    pub(super) fn check(&self, program: &Program) -> Option<NotStarted> {
        let cwd = program.cwd.as_path();
        if !cwd.is_dir() {
            return Some(no_directory(cwd));
        }
        let name = program.argv.first()?;
        let exists = if name.contains('/') {
            cwd.join(name).exists()
        } else {
            let set = |name: &str| self.env.get(OsStr::new(name)).cloned();
            let own = program.env.get("PATH").map(OsString::from);
            let path = own.or_else(|| set("PATH"));
            let path = path.unwrap_or_else(|| OsString::from(DEFAULT_PATH));
            let mut folders = path.as_bytes().split(|byte| *byte == b':');
            folders.any(|folder| Path::new(OsStr::from_bytes(folder)).join(name).is_file())
        };
        (!exists).then(|| explain(name, &io::ErrorKind::NotFound.into()))
    }

    /// The file for the output of the program with this name.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    fn open_log(&self, name: &str) -> Result<(PathBuf, File), String> {
        let path = self.log(name);
        fs::create_dir_all(&self.logs).map_err(|error| cannot_log(&path, &error))?;
        let file = create_private(&path).map_err(|error| cannot_log(&path, &error))?;
        Ok((path, file))
    }
}

/// The startup id that passes the token to programs that delegate to a running instance (Startup
/// Notification specification: `…_TIME<timestamp>`).
fn startup_id(token: &str) -> String {
    format!("i3pm-layout/{token}_TIME0")
}

fn cannot_log(path: &Path, error: &io::Error) -> String {
    format!(
        "cannot write the program's output to {}: {error}",
        path.display()
    )
}

fn no_directory(cwd: &Path) -> NotStarted {
    NotStarted {
        reason: format!("the working directory {} does not exist", cwd.display()),
        remedy: Some(Remedy::CreateDirectory(cwd.to_owned())),
    }
}

fn explain(program: &str, error: &io::Error) -> NotStarted {
    let (reason, remedy) = match error.kind() {
        io::ErrorKind::NotFound if program.contains('/') => (
            format!("`{program}` does not exist"),
            Some(Remedy::ChangeCommand),
        ),
        io::ErrorKind::NotFound => (
            format!("`{program}` is not installed, or not in PATH"),
            Some(Remedy::Install(program.to_owned())),
        ),
        io::ErrorKind::PermissionDenied => (
            format!("`{program}` is not executable"),
            Some(Remedy::ChangeCommand),
        ),
        _ => (format!("cannot start `{program}`: {error}"), None),
    };
    NotStarted { reason, remedy }
}

/// The reason why a program failed; `None` if it exited with code 0.
pub(super) fn failure(status: ExitStatus) -> Option<String> {
    match (status.code(), status.signal()) {
        (Some(0), _) => None,
        (Some(code), _) => Some(format!("exited with code {code}")),
        (None, Some(signal)) => Some(format!("was killed by signal {signal}")),
        (None, None) => Some("exited".to_owned()),
    }
}

/// The last lines of a program's output.
pub(super) fn last_lines(log: &Path) -> Vec<String> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX);
        file.seek(SeekFrom::End(-length.min(TAIL)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..]
        .iter()
        .map(|line| line.chars().filter(|letter| !letter.is_control()).collect())
        .collect()
}
