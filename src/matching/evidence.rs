//! The kinds of evidence that a window belongs to a slot, and their weights.

/// The minimum likeness to the saved title before a title moves a window, in percent.
pub(super) const LIKE: u8 = 60;

/// A reason to use a window for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The program that this run has started for the slot requested the window.
    Requested,
    /// The program that this run has started for the slot opened the window.
    Opened,
    /// An earlier run placed it in the slot; see [`crate::records`].
    Record,
    /// Its process has the slot's command line, and the slot's directory if the slot has one.
    Command,
    /// It matches the swallow criteria.
    Criteria,
    /// Its process, or the shell inside its window, runs in the working directory of the slot's
    /// program.
    Directory,
    /// Its title is the one that `capture` saved.
    Title,
    /// It opened while the slot waited for a window of a program that is already running.
    Expected,
    /// Its title is similar to the one that `capture` saved, in percent (`likeness.rs`).
    TitleLikeness(u8),
    /// It is on the slot's workspace.
    Workspace,
    /// It is in the slot, but nothing shows that it belongs there: it is one of several windows
    /// that this run has opened, or its title is the one that `capture` saved for another slot.
    Seat,
}

impl Evidence {
    /// Its weight. Each kind outweighs all lighter ones together, except that the title of one
    /// window does not outweigh the workspace and the seat of several.
    pub const fn weight(self) -> i64 {
        match self {
            Self::Requested => 1_000_000_000,
            Self::Opened => 100_000_000,
            Self::Record => 10_000_000,
            Self::Command => 1_000_000,
            Self::Criteria => 300_000,
            Self::Directory => 120_000,
            Self::Title => 50_000,
            Self::Expected => 20_000,
            Self::TitleLikeness(percent) if percent >= LIKE => 100 * percent as i64,
            Self::TitleLikeness(percent) => 5 * percent as i64,
            Self::Workspace => 5_000,
            Self::Seat => 500,
        }
    }

    /// Its meaning, as a sentence about the window.
    pub fn meaning(self) -> String {
        match self {
            Self::Requested => "the slot's program requested it".to_owned(),
            Self::Opened => "the slot's program opened it".to_owned(),
            Self::Record => "an earlier run placed it in this slot".to_owned(),
            Self::Command => "its program was started with the slot's command".to_owned(),
            Self::Criteria => "it matches the slot's `swallow`".to_owned(),
            Self::Directory => "its program runs in the slot's working directory".to_owned(),
            Self::Title => "its title is the one that `capture` saved".to_owned(),
            Self::Expected => {
                "it opened while the slot waited for a window of a running program".to_owned()
            }
            Self::TitleLikeness(percent) => {
                format!("its title is {percent} % similar to the one that `capture` saved")
            }
            Self::Workspace => "it is on the slot's workspace".to_owned(),
            Self::Seat => "it is in this slot".to_owned(),
        }
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Opened => "opened",
            Self::Record => "record",
            Self::Command => "same command and directory",
            Self::Directory => "directory",
            Self::Criteria => "criteria",
            Self::Title => "title",
            Self::Expected => "expected",
            Self::TitleLikeness(_) => "similar title",
            Self::Workspace => "workspace",
            Self::Seat => "seat",
        }
    }
}
