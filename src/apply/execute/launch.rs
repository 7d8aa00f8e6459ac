//! Starts programs, and reports when and how they exit.
#![expect(clippy::disallowed_methods, reason = "starts programs")]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::fs::{Access, access};
use rustix::io::Errno;

use super::fault_line::fault_lines;
use super::logs;
use crate::apply::not_started::NotStarted;
use crate::apply::reason::Exit;
use crate::apply::report::{Note, OtherDirectory, ProgramOutput};
use crate::compile::Program;
use crate::discover::proc_table::TOKEN_VARIABLE;

/// The maximum length of a script's first line that Linux reads, in bytes.
const MAX_FIRST_LINE: u64 = 256;

/// The shell that runs scripts without an interpreter (execvp(3)).
const SHELL: &str = "/bin/sh";

/// The directories of programs if `PATH` is not set.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// Starts programs in one environment.
#[derive(Debug)]
pub(in crate::apply) struct Launcher<'a> {
    /// The session's environment.
    pub(in crate::apply) env: &'a BTreeMap<OsString, OsString>,
}

impl Launcher<'_> {
    /// Starts a program in its own process group, so that Ctrl-C in this terminal does not reach
    /// it.
    ///
    /// Its output goes to the file `log`, which outlives this process. A pipe would kill the program with
    /// SIGPIPE after this process exits. If the file cannot be written, the output is lost.
    ///
    /// The token connects the windows of the program with a slot.
    pub(in crate::apply) fn launch(
        &self,
        program: &Program,
        token: Option<&str>,
        log: &Path,
    ) -> Result<Child, NotStarted> {
        let cwd = directory(program, self.env);
        let output = logs::create(log).or_else(|_| no_log())?;
        self.spawn(program, token, &cwd, &output)
            .map_err(|error| explain(program, &cwd, &error))
    }

    fn spawn(
        &self,
        program: &Program,
        token: Option<&str>,
        cwd: &Path,
        output: &File,
    ) -> io::Result<Child> {
        let Some((name, args)) = program.argv.split_first() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let spawn = |file: &OsStr, arg0: &str, script: Option<&Path>| {
            let mut command = Command::new(file);
            command
                .arg0(arg0)
                .args(script)
                .args(args)
                .current_dir(cwd)
                .env_clear()
                .envs(self.env)
                .env("PWD", cwd)
                .envs(&program.env)
                .envs(token.map(|token| (TOKEN_VARIABLE, token.to_owned())))
                .envs(token.map(|token| ("DESKTOP_STARTUP_ID", startup_id(token))))
                .stdin(Stdio::null())
                .stdout(output.try_clone()?)
                .stderr(output.try_clone()?)
                .process_group(0);
            command.spawn()
        };
        // With a known path, this process need not be copied to start another.
        let file = candidates(program, cwd, self.env).find(|file| is_program(file));
        let Some(file) = file else {
            return spawn(OsStr::new(name), name, None);
        };
        match spawn(file.as_os_str(), name, None) {
            // A script without `#!`: shells run it, too.
            Err(error) if error.raw_os_error() == Some(Errno::NOEXEC.raw_os_error()) => {
                spawn(OsStr::new(SHELL), SHELL, Some(&file))
            }
            started => started,
        }
    }
}

/// A file that forgets the output: a full disk must not keep programs from starting.
fn no_log() -> Result<File, String> {
    let null = File::options().write(true).open("/dev/null");
    null.map_err(|error| format!("cannot discard the program's output: {error}"))
}

/// The startup id that passes the token to programs that delegate to a running instance (Startup
/// Notification specification: `…_TIME<timestamp>`).
fn startup_id(token: &str) -> String {
    format!("i3pm-layout/{token}_TIME0")
}

/// Checks that a program can be started in this environment, without starting it. Returns notes
/// for the user.
pub fn check(
    program: &Program,
    env: &BTreeMap<OsString, OsString>,
) -> Result<Vec<Note>, NotStarted> {
    let shell = program.shell.as_deref().cloned();
    match (find(program, env), shell) {
        (Err(_), Some(shell)) => Err(NotStarted::ShellSyntax(shell)),
        (Err(error), None) => Err(error),
        (Ok(directory), shell) => {
            let directory = directory.map(Note::OtherDirectory);
            let shell = shell.map(Note::ShellSyntax);
            Ok(directory.into_iter().chain(shell).collect())
        }
    }
}

/// True if the working directory of a program can be used.
pub fn has_directory(program: &Program, env: &BTreeMap<OsString, OsString>) -> bool {
    directory(program, env) == program.cwd
}

/// Finds the program. Returns the directory used instead if its working directory cannot be used.
fn find(
    program: &Program,
    env: &BTreeMap<OsString, OsString>,
) -> Result<Option<OtherDirectory>, NotStarted> {
    let used = directory(program, env);
    let name = program.argv.first().map_or("", String::as_str);
    let is_elsewhere = used != program.cwd;
    if is_elsewhere && name.contains('/') && !name.starts_with('/') {
        return Err(NotStarted::NoDirectory {
            program: shown_name(program),
            directory: program.shown.cwd.clone(),
        });
    }
    let mut files = candidates(program, &used, env).filter(|file| file.is_file());
    let Some(first) = files.next() else {
        return Err(explain(program, &used, &io::ErrorKind::NotFound.into()));
    };
    // execvp(3) continues with the next directory if it cannot execute a file.
    let Some(file) = std::iter::once(first)
        .chain(files)
        .find(|file| is_program(file))
    else {
        return Err(NotStarted::NotExecutable(shown_name(program)));
    };
    if interpreter(&file).is_some_and(|interpreter| !used.join(interpreter).exists()) {
        return Err(NotStarted::NoInterpreter(shown_name(program)));
    }
    Ok(is_elsewhere.then(|| {
        let shown = &program.shown.cwd;
        let levels = program.cwd.ancestors().position(|one| one == used);
        let used = levels.and_then(|levels| shown.ancestors().nth(levels).map(Path::to_owned));
        OtherDirectory {
            missing: shown.clone(),
            used: used.unwrap_or_else(|| home(env)),
        }
    }))
}

/// The directory in which a program is started: its working directory, else the nearest parent
/// that exists, else the home directory.
fn directory(program: &Program, env: &BTreeMap<OsString, OsString>) -> PathBuf {
    // Starting in the root directory would surprise most programs.
    let parents = program.cwd.ancestors().skip(1);
    let mut parents = parents.filter(|parent| parent.parent().is_some());
    if is_usable(&program.cwd) {
        program.cwd.clone()
    } else if let Some(parent) = parents.find(|parent| is_usable(parent)) {
        parent.to_owned()
    } else {
        Some(home(env))
            .filter(|home| is_usable(home))
            .unwrap_or_else(|| PathBuf::from("/"))
    }
}

fn home(env: &BTreeMap<OsString, OsString>) -> PathBuf {
    env.get(OsStr::new("HOME"))
        .map(PathBuf::from)
        .unwrap_or_default()
}

/// True if a program can be started in the directory.
fn is_usable(directory: &Path) -> bool {
    directory.is_dir() && access(directory, Access::EXEC_OK).is_ok()
}

/// True if the file can be executed.
fn is_program(file: &Path) -> bool {
    file.is_file() && access(file, Access::EXEC_OK).is_ok()
}

/// The files that execvp(3) tries for the program, in order.
fn candidates(
    program: &Program,
    cwd: &Path,
    env: &BTreeMap<OsString, OsString>,
) -> impl Iterator<Item = PathBuf> {
    let name = program.argv.first().map_or("", String::as_str);
    let path = if name.contains('/') {
        // Joining an absolute name gives the name.
        OsString::new()
    } else {
        let own = program.env.get("PATH").map(OsString::from);
        let path = own.or_else(|| env.get(OsStr::new("PATH")).cloned());
        path.unwrap_or_else(|| OsString::from(DEFAULT_PATH))
    };
    let folders: Vec<PathBuf> = path
        .as_bytes()
        .split(|byte| *byte == b':')
        .map(|folder| cwd.join(OsStr::from_bytes(folder)).join(name))
        .collect();
    folders.into_iter()
}

/// The interpreter of a script, from its first line (execve(2), "Interpreter scripts").
fn interpreter(file: &Path) -> Option<PathBuf> {
    let mut line = Vec::new();
    let file = File::open(file).ok()?;
    file.take(MAX_FIRST_LINE).read_to_end(&mut line).ok()?;
    let line = line
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let mut words = line.split(u8::is_ascii_whitespace);
    let first = words.find(|word| !word.is_empty())?;
    Some(PathBuf::from(OsStr::from_bytes(first)))
}

/// The program's name, without the values of environment variables.
fn shown_name(program: &Program) -> String {
    program.shown.argv.first().cloned().unwrap_or_default()
}

fn explain(program: &Program, cwd: &Path, error: &io::Error) -> NotStarted {
    let name = shown_name(program);
    match error.kind() {
        io::ErrorKind::NotFound => {
            let is_path = program.argv.first().is_some_and(|name| name.contains('/'));
            let env = BTreeMap::new();
            if is_path && candidates(program, cwd, &env).any(|file| file.is_file()) {
                NotStarted::NoInterpreter(name)
            } else if is_path {
                NotStarted::NoFile(name)
            } else {
                NotStarted::NotInstalled(name)
            }
        }
        io::ErrorKind::PermissionDenied => NotStarted::NotExecutable(name),
        _ => NotStarted::Other(format!("cannot start `{name}`: {error}")),
    }
}

/// The way in which a program has ended; `None` while it runs.
pub(in crate::apply) fn ended(child: &mut Child) -> Option<Exit> {
    match child.try_wait() {
        Ok(status) => status.map(exit),
        Err(error) => Some(Exit::Unwatched(error.to_string())),
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Unknown,
    }
}

/// The part of a program's output that names the fault.
pub(in crate::apply) fn output(log: &Path) -> ProgramOutput {
    let bytes = logs::read(log).unwrap_or_default();
    ProgramOutput {
        lines: fault_lines(&String::from_utf8_lossy(&bytes)),
        log: log.to_owned(),
    }
}
