//! The findings of all checks. Pure.

use std::path::PathBuf;

use miette::Diagnostic;

use super::calls::Misspelt;
use super::folder::{Fault, Role, TOO_LITTLE};
use super::verdict::Verdict;
use crate::discover::daemons::{Daemon, Effect};

/// A part of the installation, the session or the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The connection to i3, and its version.
    I3,
    /// `DISPLAY` and `I3SOCK`.
    Display,
    /// The extensions of the X server.
    XServer,
    /// The program on i3's `PATH`.
    Program,
    /// The lines of the i3 config that run the program.
    KeyBindings,
    /// The completions of the user's shell.
    Completions,
    /// The configuration.
    Configuration,
    /// The hooks.
    Hooks,
    /// The layout files.
    Layouts,
    /// Files that other users can write.
    Trust,
    /// The programs and directories of layouts.
    Programs,
    /// The rules of the i3 config.
    WindowRules,
    /// Other programs that change workspaces or containers.
    Daemons,
    /// The programs that are connected to i3.
    Clients,
    /// Leftovers of interrupted runs.
    Leftovers,
    /// The records of windows and monitors.
    Records,
    /// The directories of the program.
    Directories,
    /// The free space in these directories.
    DiskSpace,
    /// The number of files that a process can open.
    OpenFiles,
    /// The clock, compared with recorded runs.
    Clock,
}

/// The reason why something was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// i3 cannot be reached.
    I3,
    /// The X server cannot be reached.
    XServer,
    /// The kernel does not tell which programs are connected to a socket.
    Kernel,
    /// It is not clear which desktop is meant.
    OneDesktop,
}

/// A finding of a check.
#[derive(Debug)]
pub enum Finding {
    /// The check found nothing wrong.
    Fine(Check),
    /// It was not possible.
    Skipped(Check, Without),
    /// An error or warning of a reader, with its own hint.
    Problem {
        /// The check.
        check: Check,
        /// The result.
        verdict: Verdict,
        /// The layout or file, if the problem does not name it.
        subject: Option<String>,
        /// The problem.
        problem: Box<dyn Diagnostic>,
        /// The command that lists all problems, if there are several.
        lists_all: Option<String>,
    },
    /// i3 answers.
    I3 {
        /// Its version.
        version: String,
        /// Its socket.
        socket: PathBuf,
    },
    /// The X server answers.
    Display(String),
    /// No process listens at the path in `I3SOCK`, but i3 was found in another way.
    StaleSocket {
        /// The path.
        path: PathBuf,
        /// The socket of the running i3.
        used: PathBuf,
    },
    /// Extensions that the X server does not have.
    NoExtension(&'static str),
    /// i3 finds the program.
    OnPath(PathBuf),
    /// i3 finds another file with the name of the program.
    OtherOnPath {
        /// The file.
        found: PathBuf,
        /// The running program.
        own: PathBuf,
    },
    /// i3 does not find the program.
    NotOnPath {
        /// The running program.
        own: PathBuf,
        /// The lines of the i3 config that use the name without a path.
        needed: Vec<String>,
        /// True if i3 finds programs in `/usr/local/bin`.
        has_local: bool,
    },
    /// The number of valid lines of the i3 config that run the program.
    Calls(usize),
    /// A line of the i3 config runs a file that is missing or cannot be executed.
    NoSuchProgram {
        /// The line.
        line: String,
        /// The file.
        path: PathBuf,
        /// The running program.
        own: PathBuf,
    },
    /// The arguments in a line of the i3 config are invalid.
    BadArguments {
        /// The line.
        line: String,
        /// The message of the parser.
        message: String,
        /// The subcommand or option that was probably meant.
        near: Option<String>,
    },
    /// A line of the i3 config names a layout that does not exist.
    NoSuchLayout {
        /// The line.
        line: String,
        /// The layout.
        name: String,
        /// The layout that was probably meant.
        near: Option<String>,
    },
    /// A line of the i3 config names a profile that does not exist.
    NoSuchProfile {
        /// The line.
        line: String,
        /// The profile.
        name: String,
        /// The profile that was probably meant.
        near: Option<String>,
    },
    /// A line of the i3 config runs a program with almost the name of this one.
    Misspelt(Misspelt),
    /// The completions of a shell are installed.
    Completions {
        /// The shell.
        shell: &'static str,
        /// Their file.
        path: PathBuf,
        /// True if it is that of this version.
        is_current: bool,
    },
    /// A start-up file of the shell asks for the completions.
    CompletionsAtStart {
        /// The shell.
        shell: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Neither the usual files nor the start-up files have completions for this shell.
    NoCompletions {
        /// The shell.
        shell: &'static str,
        /// The file of the user that it would read.
        file: PathBuf,
    },
    /// The number of hooks that can run, without those of layouts.
    Hooks(usize),
    /// A file or folder in `hooks.d` that is for no event.
    UnknownHook {
        /// The path.
        path: PathBuf,
        /// The event that was probably meant.
        near: Option<String>,
        /// All events.
        known: Vec<String>,
    },
    /// A file in `hooks.d` that is not executable, so it is not run.
    IdleHook(PathBuf),
    /// The files of the configuration that were read.
    Configuration(usize),
    /// The number of valid layouts.
    Layouts(usize),
    /// Something that is no file has the name of a layout file.
    NotAFile(PathBuf),
    /// A symbolic link with the name of a layout file leads nowhere.
    DanglingLink(PathBuf),
    /// A second file has the name of a layout.
    Hidden {
        /// The layout.
        name: String,
        /// The file that is read.
        used: PathBuf,
        /// The file that is ignored.
        ignored: PathBuf,
    },
    /// A schema file beside the layouts is that of another version.
    OldSchema(PathBuf),
    /// A rule of the i3 config moves windows of layouts.
    WindowRule {
        /// Its line.
        line: String,
        /// The layouts with the slots.
        slots: Vec<(String, String)>,
    },
    /// A daemon is running. `harms` is true if layouts do not work well with it.
    Daemon {
        /// The daemon.
        daemon: Daemon,
        /// True if `apply` cannot adapt to its effect.
        harms: bool,
    },
    /// Other programs are connected to i3.
    Clients(Vec<String>),
    /// An interrupted run has left placeholders, windows and marks.
    Leftovers {
        /// The number of placeholders.
        placeholders: usize,
        /// The number of hidden windows.
        windows: usize,
        /// The number of marks.
        marks: usize,
    },
    /// A run is in progress, so leftovers cannot be told from its own placeholders.
    RunInProgress,
    /// A file of records cannot be read.
    Records {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
        /// True if its content is damaged, false if it cannot be opened.
        is_damaged: bool,
        /// The next step, if the reason tells it.
        remedy: Option<String>,
    },
    /// A directory cannot be used.
    Directory {
        /// The directory.
        path: PathBuf,
        /// Its purpose.
        role: Role,
        /// The fault.
        fault: Fault,
    },
    /// A file system is almost full.
    LittleSpace {
        /// A directory in it.
        path: PathBuf,
        /// The free space, in bytes.
        free: u64,
    },
    /// A file system has no room for another file.
    NoFiles(PathBuf),
    /// Neither the environment nor the system names a directory for the files of a run.
    NoSessionDirectory {
        /// The directory that is used.
        used: PathBuf,
        /// The directory of the session that does not exist.
        missing: PathBuf,
    },
    /// A process can open only this number of files.
    FewFiles(u64),
    /// Recorded runs lie in the future.
    Future {
        /// Their number.
        runs: usize,
        /// The file of the latest one.
        latest: PathBuf,
    },
}

impl Finding {
    /// The check to which it belongs.
    pub const fn check(&self) -> Check {
        match self {
            Self::Fine(check) | Self::Skipped(check, _) | Self::Problem { check, .. } => *check,
            Self::I3 { .. } => Check::I3,
            Self::Display(_) | Self::StaleSocket { .. } => Check::Display,
            Self::NoExtension(_) => Check::XServer,
            Self::OnPath(_) | Self::OtherOnPath { .. } | Self::NotOnPath { .. } => Check::Program,
            Self::Calls(_)
            | Self::NoSuchProgram { .. }
            | Self::BadArguments { .. }
            | Self::NoSuchLayout { .. }
            | Self::NoSuchProfile { .. }
            | Self::Misspelt(_) => Check::KeyBindings,
            Self::Completions { .. }
            | Self::CompletionsAtStart { .. }
            | Self::NoCompletions { .. } => Check::Completions,
            Self::Hooks(_) | Self::UnknownHook { .. } | Self::IdleHook(_) => Check::Hooks,
            Self::Configuration(_) => Check::Configuration,
            Self::Layouts(_)
            | Self::NotAFile(_)
            | Self::DanglingLink(_)
            | Self::Hidden { .. }
            | Self::OldSchema(_) => Check::Layouts,
            Self::WindowRule { .. } => Check::WindowRules,
            Self::Daemon { .. } => Check::Daemons,
            Self::Clients(_) => Check::Clients,
            Self::Leftovers { .. } | Self::RunInProgress => Check::Leftovers,
            Self::Records { .. } => Check::Records,
            Self::Directory { .. } | Self::NoSessionDirectory { .. } => Check::Directories,
            Self::LittleSpace { .. } | Self::NoFiles(_) => Check::DiskSpace,
            Self::FewFiles(_) => Check::OpenFiles,
            Self::Future { .. } => Check::Clock,
        }
    }

    /// The result.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Fine(_)
            | Self::I3 { .. }
            | Self::Display(_)
            | Self::OnPath(_)
            | Self::Calls(_)
            | Self::Completions {
                is_current: true, ..
            }
            | Self::CompletionsAtStart { .. }
            | Self::Hooks(_)
            | Self::Configuration(_)
            | Self::Layouts(_)
            | Self::Clients(_)
            | Self::RunInProgress
            | Self::Daemon { harms: false, .. } => Verdict::Ok,
            Self::Skipped(..) => Verdict::Skipped,
            Self::Problem { verdict, .. } => *verdict,
            Self::NotOnPath { needed, .. } if needed.is_empty() => Verdict::Warning,
            Self::NotOnPath { .. }
            | Self::NoSuchProgram { .. }
            | Self::BadArguments { .. }
            | Self::NoSuchLayout { .. }
            | Self::NoSuchProfile { .. }
            | Self::Misspelt(_)
            | Self::NoFiles(_)
            | Self::Leftovers { .. } => Verdict::Error,
            Self::LittleSpace { free, .. } if *free < TOO_LITTLE => Verdict::Error,
            Self::Directory { role, fault, .. } => fault.verdict(*role),
            Self::StaleSocket { .. }
            | Self::NoExtension(_)
            | Self::OtherOnPath { .. }
            | Self::Completions {
                is_current: false, ..
            }
            | Self::NoCompletions { .. }
            | Self::UnknownHook { .. }
            | Self::IdleHook(_)
            | Self::NotAFile(_)
            | Self::DanglingLink(_)
            | Self::Hidden { .. }
            | Self::OldSchema(_)
            | Self::WindowRule { .. }
            | Self::Daemon { harms: true, .. }
            | Self::Records { .. }
            | Self::LittleSpace { .. }
            | Self::NoSessionDirectory { .. }
            | Self::FewFiles(_)
            | Self::Future { .. } => Verdict::Warning,
        }
    }
}

/// The worst result; `Ok` if there is none.
pub fn worst(findings: &[Finding]) -> Verdict {
    let verdicts = findings.iter().map(Finding::verdict);
    verdicts.max().unwrap_or(Verdict::Ok)
}

/// True if layouts do not work well with a daemon. `apply` recognises a workspace by its number,
/// also with another name.
pub fn harms(effect: Effect, all_numbered: bool) -> bool {
    effect != Effect::Renames || !all_numbered
}

#[cfg(test)]
mod tests;
