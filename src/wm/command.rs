//! i3 commands as values; `syntax` converts them to i3's syntax.
//!
//! If no container matches the criteria, i3 answers "success" to `kill`, `unmark` and
//! `title_format`, and an error to all other commands.

mod syntax;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
pub use syntax::{UnsendableCommand, quote};

use crate::live::ConId;
use crate::live::mark::SPENT_MARK_PREFIX;
use crate::tree::{Attribute, ContainerLayout, Fullscreen};

/// A side of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// From left to right.
    Width,
    /// From top to bottom.
    Height,
}

impl Extent {
    /// i3's word for it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Height => "height",
        }
    }
}

/// A command for i3 (i3 user guide, "List of commands").
///
/// There is no variant that unmaps a window. The criteria of [`Command::KillPlaceholder`] cannot
/// match a window of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// `append_layout FILE`; i3 reads the file itself, so the path is absolute.
    AppendLayout(#[serde(with = "crate::text::path")] PathBuf),
    /// `focus output NAME`.
    FocusOutput(String),
    /// `workspace --no-auto-back-and-forth NAME`.
    ShowWorkspace(String),
    /// `workspace --no-auto-back-and-forth number NAME`: shows the workspace with the number at the
    /// start of this name, which may have another name by now. If none exists, i3 creates one with
    /// this name.
    ShowNumber(String),
    /// `rename workspace FROM to TO`.
    RenameWorkspace {
        /// The current name.
        from: String,
        /// The new name.
        to: String,
    },
    /// `[con_id=WORKSPACE-CHILD] move workspace to output NAME`.
    MoveWorkspaceToOutput {
        /// A container on the workspace.
        con: ConId,
        /// The output.
        output: String,
    },
    /// `[con_id=CON] swap container with con_id WITH`.
    Swap {
        /// One container.
        con: ConId,
        /// The other.
        with: ConId,
    },
    /// `[con_id=CON] swap container with mark MARK`.
    SwapWithMark {
        /// One container.
        con: ConId,
        /// The mark of the other.
        mark: String,
    },
    /// `kill`: asks a window to close. Only for windows that the user wants to close.
    CloseWindow(ConId),
    /// Removes a placeholder, never a window of a program. If it is drawn, call
    /// [`crate::session::Session::settle`] first.
    KillPlaceholder(ConId),
    /// Removes a kept placeholder, which has a title, never a window of a program. Always call
    /// [`crate::session::Session::settle`] first.
    KillKept {
        /// The placeholder.
        con: ConId,
        /// Its title, which a window that replaces it does not have.
        title: String,
    },
    /// `mark --add MARK`.
    Mark {
        /// The container.
        con: ConId,
        /// The mark.
        mark: String,
    },
    /// `unmark MARK`.
    Unmark {
        /// The container.
        con: ConId,
        /// The mark.
        mark: String,
    },
    /// Sets an attribute; see [`Command::set`] for marks.
    Set {
        /// The container.
        con: ConId,
        /// The attribute.
        attribute: Attribute,
    },
    /// `layout LAYOUT` for the container's parent.
    Layout {
        /// A child of the container whose layout changes.
        con: ConId,
        /// The layout.
        layout: ContainerLayout,
    },
    /// `move scratchpad`.
    MoveToScratchpad(ConId),
    /// `[con_mark=^PREFIX] move scratchpad`: hides all placeholders that wait for windows, by their
    /// marks.
    WaitingToScratchpad,
    /// `[con_mark=^PREFIX] move container to mark MARK`: collects the spent places in one container,
    /// and never a window.
    CollectSpent,
    /// Removes that container. i3 draws once for all that is in it.
    KillSpent,
    /// `move container to workspace back_and_forth` for the place that finds i3's previous workspace,
    /// by its mark.
    FinderToPrevious,
    /// Removes that place, and never a window.
    KillFinder,
    /// `scratchpad show`: shows a hidden window of the scratchpad, or hides a visible one.
    ShowScratchpad(ConId),
    /// `floating enable|disable`.
    Floating {
        /// The container.
        con: ConId,
        /// On or off.
        on: bool,
    },
    /// `resize grow|shrink width|height N px`: changes the size of a floating container, also if it
    /// has several windows; `resize set` does not.
    Grow {
        /// The container.
        con: ConId,
        /// The extent to change.
        extent: Extent,
        /// The pixels to add; negative to remove.
        by: i64,
    },
    /// `resize set W px H px`, in pixels, with borders and title bar.
    ResizeSet {
        /// The floating container.
        con: ConId,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// `move absolute position X px Y px`.
    MoveTo {
        /// The floating container.
        con: ConId,
        /// Pixels from the left edge of the X screen.
        x: i32,
        /// Pixels from its upper edge.
        y: i32,
    },
    /// `move container to workspace NAME`, without following it.
    MoveToWorkspace {
        /// The container.
        con: ConId,
        /// The workspace.
        workspace: String,
    },
    /// `focus`.
    Focus(ConId),
}

/// All commands as one message: i3 draws after the last of them.
pub(super) fn message(commands: &[Command]) -> Result<String, UnsendableCommand> {
    let mut text = String::new();
    for command in commands {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&command.to_i3()?);
    }
    Ok(text)
}

impl Command {
    /// The commands that set an attribute. Marks are added to the existing ones, with one command
    /// for each.
    pub fn set(con: ConId, attribute: Attribute) -> Vec<Self> {
        match attribute {
            Attribute::Marks(marks) => marks
                .into_iter()
                .map(|mark| Self::Mark { con, mark })
                .collect(),
            attribute => vec![Self::Set { con, attribute }],
        }
    }

    /// Replaces a mark.
    pub fn change_mark(con: ConId, from: String, to: String) -> [Self; 2] {
        [
            Self::Mark { con, mark: to },
            Self::Unmark { con, mark: from },
        ]
    }

    /// Sets the fullscreen mode.
    pub const fn fullscreen(con: ConId, mode: Fullscreen) -> Self {
        Self::Set {
            con,
            attribute: Attribute::Fullscreen(mode),
        }
    }

    /// True if it marks a place that a window has replaced.
    pub fn marks_spent(&self) -> bool {
        matches!(self, Self::Mark { mark, .. } if mark.starts_with(SPENT_MARK_PREFIX))
    }

    /// The placeholder that it removes.
    pub const fn removed(&self) -> Option<ConId> {
        match self {
            Self::KillPlaceholder(con) | Self::KillKept { con, .. } => Some(*con),
            _ => None,
        }
    }
}
