//! Notes about repairs, guesses and parts that were left out.

use crate::document::lenient::{Place, Repair};
use crate::layout::Command;

/// A note about an imported layout. `S` is the slot: its id, or a number until it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Note<S = String> {
    /// The place in the file.
    pub place: Option<Place>,
    /// The slot that it is about.
    pub slot: Option<S>,
    /// The subject.
    pub about: About,
}

/// The kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A mistake in the file was read as it was meant.
    Repaired,
    /// A value is not in the file, or only as a suggestion.
    Guessed,
    /// A part of the file is not in the layout.
    LeftOut,
    /// The user must add something to the layout.
    ToFillIn,
}

impl Verdict {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Repaired, Self::Guessed, Self::LeftOut, Self::ToFillIn];

    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::Guessed => "guessed",
            Self::LeftOut => "left-out",
            Self::ToFillIn => "to-fill-in",
        }
    }
}

/// The subject of a note.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A mistake of the JSON text.
    Syntax(Repair),
    /// A share that is not between 0 and 1, or has no decimal point, so that i3 ignores it.
    Percent(String),
    /// A name of a layout that i3 does not know, and its meaning.
    LayoutName(String, &'static str),
    /// An empty entry in `swallows`, which i3 refuses.
    EmptySwallow,
    /// Criteria of a container, which i3 ignores.
    CriteriaOfContainer,
    /// A pattern that PCRE refuses, with its message.
    InvalidPattern(&'static str, String),
    /// A pattern that matches a window without the property.
    MatchesNothing(&'static str),
    /// A floating window without a frame, which i3 repairs in the same way.
    FloatingWithoutFrame,
    /// A workspace that was renamed: the name in the file, and the new one.
    Renamed(String, String),

    /// The name of a workspace that the file does not name.
    WorkspaceName(String, NameOrigin),
    /// The layout of a workspace, which is not in the file.
    WorkspaceLayout(String),
    /// Criteria from the comments of i3-save-tree.
    CommentedCriteria,
    /// A title that was a criterion, and is now only evidence.
    Title,
    /// A role that the program gives to no other window, such as one with a process id.
    Role,
    /// A window whose title is its only criterion.
    OnlyTitle,
    /// Positions of floating windows that count from the corner of all monitors.
    Positions,
    /// A command from a desktop entry, with the name of the entry.
    DesktopEntry(Command, String),
    /// A command from a rule of the configuration, with the place of the rule.
    Rule(Command, String),
    /// A command that belongs to the window only by its position in the list of programs.
    ByOrder(Command),
    /// The program inside a terminal, which the terminal now runs itself instead of a shell.
    Joined(String),
    /// Slots for programs without a saved arrangement.
    OnlyPrograms,

    /// A container without windows.
    EmptyContainer,
    /// A dock, such as i3bar.
    Dock,
    /// A key that has no counterpart.
    Key(String),
    /// Criteria that cannot be combined with the first ones.
    Alternative,
    /// A mark that another window has, or that i3 would not accept.
    Mark(String),
    /// A command for which there is no window.
    Program(String),
    /// A value that is no container.
    NoContainer,
    /// A file of the folder that is not one of the tool.
    File(String),

    /// A window without a command.
    NoCommand(Missing),
    /// A window that has no property by which it could be recognised.
    NoCriteria,
    /// The program inside a terminal, which the saved command does not run.
    InTerminal(String),
    /// A command that may not work.
    Doubtful(String),
    /// Secrets that were replaced by environment variables.
    Secrets(Vec<String>),
}

/// The origin of a workspace's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOrigin {
    /// The name of the file.
    File,
    /// The name that i3 gives to a workspace without a name.
    I3,
}

/// The reason why a window has no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No desktop entry and no rule is for its class.
    Unknown,
    /// A terminal with an instance of its own, which an unknown option has set.
    NamedTerminal(String),
    /// These desktop entries are for its class.
    Several(Vec<String>),
    /// The file has these commands, and it is unknown which one opened the window.
    Ambiguous(Vec<String>),
    /// The program of this slot opens it.
    OpenedBy(String),
}

impl About {
    /// The kind of the note.
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Syntax(_)
            | Self::Percent(_)
            | Self::LayoutName(..)
            | Self::EmptySwallow
            | Self::CriteriaOfContainer
            | Self::InvalidPattern(..)
            | Self::MatchesNothing(_)
            | Self::FloatingWithoutFrame
            | Self::Renamed(..) => Verdict::Repaired,
            Self::WorkspaceName(..)
            | Self::WorkspaceLayout(_)
            | Self::CommentedCriteria
            | Self::Title
            | Self::Role
            | Self::OnlyTitle
            | Self::Positions
            | Self::DesktopEntry(..)
            | Self::Rule(..)
            | Self::ByOrder(_)
            | Self::Joined(_)
            | Self::OnlyPrograms
            | Self::NoCommand(Missing::OpenedBy(_)) => Verdict::Guessed,
            Self::EmptyContainer
            | Self::Dock
            | Self::Key(_)
            | Self::Alternative
            | Self::Mark(_)
            | Self::Program(_)
            | Self::NoContainer
            | Self::File(_) => Verdict::LeftOut,
            Self::NoCommand(_)
            | Self::NoCriteria
            | Self::InTerminal(_)
            | Self::Doubtful(_)
            | Self::Secrets(_) => Verdict::ToFillIn,
        }
    }

    /// The comment above the slot, if there is one for this note.
    pub fn comment(&self) -> Option<String> {
        Some(match self {
            Self::NoCommand(Missing::Unknown) => {
                "no command: add `command`, which starts the program".to_owned()
            }
            Self::NoCommand(Missing::NamedTerminal(instance)) => format!(
                "no command: add the `command` that opens this terminal with the instance \
                 `{instance}`"
            ),
            Self::NoCommand(Missing::Several(entries)) => format!(
                "no command: several desktop entries are for this class ({}); add `command`",
                entries.join(", ")
            ),
            Self::NoCommand(Missing::Ambiguous(commands)) => format!(
                "no command: perhaps one of these programs opened the window, add it as `command`: {}",
                commands.join(" | ")
            ),
            Self::NoCommand(Missing::OpenedBy(slot)) => {
                format!("no command: the program of `{slot}` reopens it; otherwise, add one")
            }
            Self::NoCriteria => "nothing in the imported file identifies this window: replace \
                `change-me` by its class (`xprop WM_CLASS`), and add `command`"
                .to_owned(),
            Self::ByOrder(_) => "command guessed by the order of the programs: check it".to_owned(),
            Self::InTerminal(program) => {
                format!("this ran in the terminal, add it to `command`: {program}")
            }
            Self::Doubtful(doubt) => format!("may not work: {doubt}"),
            Self::OnlyTitle => "only the title is known: add the class to `swallow`".to_owned(),
            _ => return None,
        })
    }
}
