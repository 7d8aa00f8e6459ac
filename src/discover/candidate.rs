//! Commands that may open a window again, and the result of a discovery.

use std::collections::BTreeMap;

use super::machine::Machine;
use crate::config::Criterion;
use crate::layout::Command;
use crate::live::{Invocation, Pid};

/// The command that starts a window's program again, in the form of a layout file: variables are
/// escaped and secrets replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// The command; `None` if it is unknown.
    pub command: Option<Command>,
    /// The working directory; `None` for the home directory, which is the default.
    pub cwd: Option<String>,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
    /// The command line of the process with `***` for secrets, if it differs from the command.
    pub process: Option<String>,
    /// The environment variables that replace secrets.
    pub secrets: Vec<String>,
    /// Reasons why the command may not open the window again.
    pub doubts: Vec<Doubt>,
}

/// The source of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandSource {
    /// A desktop entry's `Exec`.
    DesktopEntry,
    /// The terminal emulator and the program that runs in it.
    Terminal,
    /// The command line of the running process.
    Process,
    /// A rule of the user.
    Rule,
}

impl CommandSource {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DesktopEntry => "desktop-entry",
            Self::Terminal => "terminal",
            Self::Process => "process",
            Self::Rule => "rule",
        }
    }
}

/// A proposal of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The source.
    pub source: CommandSource,
    /// The origin within its source: the file id of a desktop entry, the name of a terminal, the
    /// position of a rule.
    pub name: Option<String>,
    /// The proposal; `None` if the source has no command.
    pub found: Option<Discovered>,
    /// The proposal without variables, except those of a rule.
    pub invocation: Option<Invocation>,
    /// True if this command is used.
    pub won: bool,
    /// The reason why it is used or not.
    pub why: String,
}

/// All candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The candidates. At most one is used.
    pub candidates: Vec<Candidate>,
    /// The reason why no command was found, if no candidate is used.
    pub nothing: NoCommand,
    /// The reason why the window's rule was not used, if it could not be.
    pub refused: Option<Refused>,
}

/// The result of a discovery, as a slot needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The command and its directory.
    pub found: Discovered,
    /// The source of the command, or the reason why no command was found.
    pub source: Result<CommandSource, NoCommand>,
    /// The reason why the window's rule was not used, if it could not be.
    pub refused: Option<Refused>,
    /// True if the window calls itself a dialog, and a person starts it as a program: a rule or a
    /// desktop entry that menus show has its command.
    pub is_dialog_program: bool,
}

impl Discovery {
    /// Returns the candidate that is used.
    pub fn winner(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.won)
    }

    /// Like [`Self::winner`], to modify it.
    pub(super) fn winner_mut(&mut self) -> Option<&mut Candidate> {
        self.candidates.iter_mut().find(|candidate| candidate.won)
    }

    /// Returns the result: the proposal of the winner. Without a winner, only the directory and the
    /// environment of the rule.
    pub fn outcome(self) -> Outcome {
        let has_directory_only = |candidate: &&Candidate| {
            let found = candidate.found.as_ref();
            found.is_some_and(|found| found.command.is_none())
        };
        let winner = self.winner();
        let source = winner
            .map(|winner| winner.source)
            .ok_or(self.nothing.clone());
        let used = winner.or_else(|| self.candidates.iter().find(has_directory_only));
        Outcome {
            found: used.and_then(|used| used.found.clone()).unwrap_or_default(),
            source,
            refused: self.refused,
            is_dialog_program: false,
        }
    }
}

/// A rule that could not be used for a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The position of the rule.
    pub rule: String,
    /// The keys of the rule that are ignored for the window.
    pub unused: Vec<&'static str>,
    /// The reason.
    pub unfit: UnusableRule,
}

/// The reason why a rule that matches a window cannot be used for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot build `{key}`: {reason}")]
pub struct UnusableRule {
    /// The key of the rule, such as `command`.
    pub key: &'static str,
    /// The missing part.
    pub reason: NoValue,
}

/// The reason why a template has no value for a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoValue {
    /// The process has fewer arguments.
    #[error("the process has no argument {{{0}}}")]
    Argument(usize),
    /// The property does not match the pattern.
    #[error("the window's {} does not match `{pattern}`", .criterion.as_str())]
    Property {
        /// The property.
        criterion: Criterion,
        /// The pattern.
        pattern: String,
    },
}

/// The reason why no command was found for a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCommand {
    /// Neither the window nor the X server reports a process.
    #[error("the process of the window is unknown")]
    NoProcess,
    /// The process could not be read.
    #[error("process {} has ended or cannot be read", .0.0)]
    Unreadable(Pid),
    /// The process has an empty command line, like kernel threads and processes that are exiting.
    #[error("the process has no command line")]
    NoCommandLine,
    /// The command line is not UTF-8, which a layout file must be.
    #[error("the command line is not UTF-8")]
    NotText,
    /// The program runs as another user, and the command that switched to this user is unknown.
    #[error(
        "the process runs as user `{0}`, and the command that switched to this user is unknown"
    )]
    OtherUser(String),
    /// The program runs in a container or a sandbox.
    #[error(
        "the process runs in a container or sandbox, and the command that enters it is unknown"
    )]
    Container,
    /// The program runs on another machine.
    #[error("the window belongs to the machine `{0}`")]
    OtherMachine(String),
    /// The command of another window opens this one, too.
    #[error("the process has another window, whose command opens this one too")]
    OpenedByAnother,
}

/// A reason why a command may not open its window again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The program is not in `PATH`.
    #[error("program `{0}` not found in PATH")]
    NoProgram(String),
    /// The file does not exist or is not executable.
    #[error("`{0}` is not an executable file")]
    NotExecutable(String),
    /// The script or archive to run does not exist.
    #[error("file `{0}` not found")]
    NoFile(String),
    /// The directory does not exist.
    #[error("the directory `{0}` does not exist")]
    NoDirectory(String),
    /// The directory of the process was deleted, and the layout has no other directory.
    #[error("the directory `{0}` does not exist, so the home directory is used")]
    LostDirectory(String),
    /// Several shells run in one process, and the one in the window is unknown.
    #[error("the window shows one of {0} shells, so its working directory is unknown")]
    WhichShell(usize),
    /// The window has more than one tab.
    #[error("the window has {0} shells in tabs, and only the first is restored")]
    Tabs(usize),
    /// The name of the multiplexer's session is unknown.
    #[error("the {0} session of the window is unknown")]
    WhichSession(String),
    /// The window belongs to a server, and the client that requested it is unknown.
    #[error("the `{0}` that opened the window is unknown, and so is its file")]
    WhichClient(String),
    /// The command line of the program does not have the file that it shows.
    #[error("the directory of `{0}`, which the window shows, is unknown")]
    WhichFile(String),
    /// The program reads standard input or an open file of the process that started it.
    #[error("`{0}` is input of this run alone, which is gone when the command runs again")]
    LostInput(String),
    /// The option makes the program read standard input, and is left out.
    #[error("it was started with `{0}`, whose input is gone, so the option is left out")]
    WithInput(String),
    /// The program has overwritten its arguments, which may have spaces.
    #[error(
        "it is unknown whether `{0}` is an argument or a part of one, as the program has overwritten its arguments"
    )]
    WhichWords(String),
    /// The program has replaced its command line by a title.
    #[error("the program has replaced its arguments by `{0}`, so they are unknown")]
    Overwritten(String),
    /// The window is not the first of its terminal's process, and its class was set by an option that
    /// is not in the command line of the process.
    #[error(
        "it opens a window of another class than `{0}`, as the option that set the class is unknown"
    )]
    OtherClass(String),
    /// The program that a terminal was told to run has ended, and would run again.
    #[error("`{0}` has ended, so the terminal opens without it")]
    Ended(String),
    /// A program that was typed into the shell of a terminal, and is not started again.
    #[error("{} runs in the shell and is not started again", if *.alone { format!("`{line}`") } else { format!("a pipeline with `{line}`") })]
    Typed {
        /// Its command line.
        line: String,
        /// False if it is a part of a pipeline.
        alone: bool,
    },
    /// A script has run some of its commands, and would run them again.
    #[error("all commands of `{0}` run again")]
    RunsAgain(String),
    /// The program was started without a window, and its command line does not have what the window
    /// shows.
    #[error(
        "it was started with `{0}`, which opens no window; a file that the window shows is not in the command"
    )]
    Hidden(String),
    /// The terminal was started with a layout that opens several windows.
    #[error("the terminal was started with `{0}`, which opens several windows and is left out")]
    Layout(String),
    /// A terminal in a container or sandbox, whose windows are not looked into.
    #[error("the program in the {0} and its directory are not saved, because it runs in a sandbox")]
    InSandbox(String),
    /// The program has namespaces of its own, which are not created again.
    #[error("it runs in namespaces of its own, and the command that creates them is unknown")]
    Namespaces,
    /// The program runs in a container or as another user, and the command seems to start it there.
    #[error(
        "it is unknown whether this command starts the program in its container or as its user"
    )]
    Enters,
    /// The path of a file that a portal has made for this session.
    #[error("`{0}` exists only in this session")]
    OfSession(String),
    /// The program asks for a password before it opens a window.
    #[error("`{0}` may ask for a password")]
    Password(String),
}

impl Doubt {
    /// The doubt that this command has ended, and is not run again.
    pub(super) fn ended(command: &[String], machine: &dyn Machine) -> Self {
        Self::Ended(machine.shown_line(command))
    }
}
