//! The commands that may open a window again, and which of them does.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Command, CommandSource};
use crate::live::{Con, Desktop, Pid, Properties, WindowFacts, XId};

/// The window that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// i3's container.
    pub con: &'a Con,
    /// What X11 and /proc say about it.
    pub facts: Option<&'a WindowFacts>,
    /// Whether another window of its process is opened by a command already.
    pub again: bool,
    /// Which of the windows of its process it is in the order in which they were opened,
    /// from 0, and how many they are; without dialogs.
    pub rank: (usize, usize),
}

/// Asks about windows of a desktop, one after the other.
#[derive(Debug)]
pub struct Questions<'a> {
    desktop: &'a Desktop,
    /// The windows of each process, in the order in which they were opened.
    windows: BTreeMap<Owner, Vec<XId>>,
    asked: BTreeSet<Owner>,
}

/// What the X server and the window say about the process. Both, as programs in
/// different pid namespaces may claim the same.
type Owner = (Option<Pid>, Option<Pid>);

impl<'a> Questions<'a> {
    /// About these windows.
    pub fn new(desktop: &'a Desktop) -> Self {
        let mut windows: BTreeMap<Owner, Vec<XId>> = BTreeMap::new();
        for con in desktop.tree.windows() {
            let properties = con.properties.as_ref();
            let is_main_window = properties.is_some_and(Properties::is_main_window);
            if let Some(id) = con.window.filter(|_| is_main_window) {
                windows
                    .entry(owner(desktop.windows.get(&id)))
                    .or_default()
                    .push(id);
            }
        }
        // A program counts its ids up.
        for ids in windows.values_mut() {
            ids.sort_unstable();
        }
        Self {
            desktop,
            windows,
            asked: BTreeSet::new(),
        }
    }

    /// About the next window.
    pub fn ask(&mut self, con: &'a Con) -> Asked<'a> {
        let facts = con.window.and_then(|id| self.desktop.windows.get(&id));
        let owner = owner(facts);
        let known = owner != (None, None);
        let of_process = self.windows.get(&owner).filter(|_| known);
        let position = of_process.and_then(|ids| ids.iter().position(|id| Some(*id) == con.window));
        Asked {
            con,
            facts,
            again: known && !self.asked.insert(owner),
            rank: match (position, of_process) {
                (Some(position), Some(ids)) => (position, ids.len()),
                _ => (0, 1),
            },
        }
    }
}

fn owner(facts: Option<&WindowFacts>) -> Owner {
    facts.map_or((None, None), |facts| (facts.server_pid, facts.claimed_pid))
}

/// How a window can be had again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// What to run, as a layout file has it: variables escaped, secrets replaced.
    pub command: Command,
    /// Where to run it; `None` for the home directory, where programs start by default.
    pub cwd: Option<String>,
    /// Where the command came from.
    pub source: CommandSource,
    /// The command line of the process, where the command came from elsewhere; secrets
    /// are `***`.
    pub process: Option<String>,
    /// The environment variables that the command wants instead of secrets.
    pub secrets: Vec<String>,
    /// Why it may not open the window again all the same.
    pub doubts: Vec<Doubt>,
}

/// A command that was thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Where it comes from.
    pub source: CommandSource,
    /// What it comes from, in its source: the file id of a desktop entry, the name of a
    /// terminal.
    pub name: Option<String>,
    /// The command; `None` where the source gives none.
    pub found: Option<Discovered>,
    /// Whether it is the one.
    pub won: bool,
    /// Why it won or lost.
    pub why: String,
}

/// All that was thought of, in the order in which it counts, and the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The candidates; at most one has won.
    pub candidates: Vec<Candidate>,
    /// Why there is no command, where none has won.
    pub nothing: NoCommand,
}

impl Discovery {
    /// The one that has won.
    pub fn winner(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.won)
    }

    /// The same with a candidate that counts before all others.
    #[must_use]
    pub fn preceded_by(mut self, first: Candidate) -> Self {
        if first.won {
            for other in &mut self.candidates {
                if other.won {
                    other.won = false;
                    "a rule says it otherwise".clone_into(&mut other.why);
                }
            }
        }
        self.candidates.insert(0, first);
        self
    }

    /// The same without a winner, for this reason.
    #[must_use]
    pub fn without(mut self, nothing: NoCommand) -> Self {
        for other in &mut self.candidates {
            if other.won {
                other.won = false;
                other.why = nothing.to_string();
            }
        }
        self.nothing = nothing;
        self
    }

    /// The command of the winner.
    pub fn outcome(self) -> Result<Discovered, NoCommand> {
        self.candidates
            .into_iter()
            .find(|candidate| candidate.won)
            .and_then(|candidate| candidate.found)
            .ok_or(self.nothing)
    }
}

/// Why there is no command for a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCommand {
    /// Neither the window nor the X server names a process.
    #[error("nothing says which process the window belongs to")]
    NoProcess,
    /// The process could not be read.
    #[error("process {} has ended or cannot be read", .0.0)]
    Unreadable(Pid),
    /// The process shows no command line, as kernel threads and the dying do.
    #[error("its process has no command line")]
    NoCommandLine,
    /// The command line is no text, and a layout file is.
    #[error("its command line is not UTF-8")]
    NotText,
    /// The program runs as another user, and nothing says how it came to that.
    #[error("its process runs as the user `{0}`, and nothing says how it was started so")]
    OtherUser(String),
    /// The program runs in a container.
    #[error("its process runs in a container, and nothing says how that is entered")]
    Container,
    /// The program runs on another machine.
    #[error("it is a window of the machine `{0}`")]
    OtherMachine(String),
    /// The command of another window opens this one, too.
    #[error("its process has another window, whose command opens this one, too")]
    Again,
}

/// Why a command may not open its window again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// `PATH` has no such program.
    #[error("there is no program `{0}` in PATH")]
    NoProgram(String),
    /// The file is not there, or cannot be run.
    #[error("`{0}` is no program that can be run")]
    NotExecutable(String),
    /// The script or archive that is run is not there.
    #[error("there is no file `{0}`")]
    NoFile(String),
    /// The directory is not there.
    #[error("the directory `{0}` does not exist")]
    NoDirectory(String),
    /// Several shells run in one process, and nothing says which one the window shows.
    #[error("nothing says which of {0} shells the window shows, so its directory is not known")]
    WhichShell(usize),
    /// The window has more than one tab.
    #[error("the window shows {0} shells, and only the first comes back")]
    Tabs(usize),
    /// The multiplexer's session has no name that could be found.
    #[error("nothing says which session of {0} the window shows")]
    WhichSession(String),
    /// The window is one of a server's, and the client that asked for it is not known.
    #[error("nothing says which `{0}` asked for the window, so its file is not known")]
    WhichClient(String),
    /// The program was started without the file that it shows.
    #[error("nothing says where `{0}` is, which the window shows")]
    WhichFile(String),
    /// The program asks for a password before it opens a window.
    #[error("`{0}` may ask for a password")]
    Password(String),
}
