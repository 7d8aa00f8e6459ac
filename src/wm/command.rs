//! i3 commands as values, and their conversion to i3's syntax.
//!
//! If no container matches the criteria, i3 answers "success" to `kill`, `unmark` and
//! `title_format`, and an error to all other commands.

use serde::{Deserialize, Serialize};

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::live::ConId;
use crate::live::mark::{PREVIOUS_MARK, WAITING_MARK_PREFIX};
use crate::text::has_raw_bytes;
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

/// The reason why a command has no form in i3's syntax.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsendableCommand {
    /// i3 reads a message only up to the first NUL.
    #[error("i3 does not accept a string with a NUL character: `{}`", .0.escape_debug())]
    Nul(String),
    /// i3 reserves names that begin with `__` (such as `__i3_scratch`).
    #[error("i3 reserves workspace names that begin with `__`: `{0}`")]
    InternalName(String),
    /// i3 cannot parse an empty string.
    #[error("i3 does not accept an empty {0}")]
    Empty(&'static str),
    /// i3 ignores a criterion whose pattern is not UTF-8, so the command would affect other
    /// containers.
    #[error("i3 cannot match a title that is not UTF-8: `{}`", .0.escape_debug())]
    Pattern(String),
    /// Messages between i3 and its clients are UTF-8.
    #[error("i3 does not accept a path that is not UTF-8: {}", .0.display())]
    Path(PathBuf),
}

/// A string as one argument of an i3 command, in double quotes.
///
/// In double quotes, i3 only has the escapes `\"` and `\\`. All other characters, even line
/// breaks, brackets, commas and semicolons, are literal (i3's `src/commands_parser.c`,
/// `parse_string`). So are bytes that are not UTF-8; [`super::Connection::run`] restores them (see
/// [`crate::text`]).
pub fn quote(text: &str) -> Result<String, UnsendableCommand> {
    if text.contains('\0') {
        return Err(UnsendableCommand::Nul(text.to_owned()));
    }
    let escaped = text.replace('\\', r"\\").replace('"', r#"\""#);
    Ok(format!("\"{escaped}\""))
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

    /// The placeholder that it removes.
    pub const fn removed(&self) -> Option<ConId> {
        match self {
            Self::KillPlaceholder(con) | Self::KillKept { con, .. } => Some(*con),
            _ => None,
        }
    }

    /// The command in i3's syntax.
    pub fn to_i3(&self) -> Result<String, UnsendableCommand> {
        Ok(match self {
            Self::AppendLayout(path) => {
                let text = path
                    .to_str()
                    .ok_or_else(|| UnsendableCommand::Path(path.clone()))?;
                format!("append_layout {}", quote(text)?)
            }
            Self::FocusOutput(output) => {
                format!("focus output {}", quoted("output name", output)?)
            }
            Self::ShowWorkspace(name) => {
                format!(
                    "workspace --no-auto-back-and-forth {}",
                    quoted_workspace(name)?
                )
            }
            Self::ShowNumber(name) => {
                format!(
                    "workspace --no-auto-back-and-forth number {}",
                    quoted_workspace(name)?
                )
            }
            Self::RenameWorkspace { from, to } => format!(
                "rename workspace {} to {}",
                quoted_workspace(from)?,
                quoted_workspace(to)?
            ),
            Self::MoveWorkspaceToOutput { con, output } => on(
                *con,
                &format!(
                    "move workspace to output {}",
                    quoted("output name", output)?
                ),
            ),
            Self::Swap { con, with } => on(*con, &format!("swap container with con_id {}", with.0)),
            Self::SwapWithMark { con, mark } => on(
                *con,
                &format!("swap container with mark {}", quoted("mark", mark)?),
            ),
            Self::CloseWindow(con) => on(*con, "kill"),
            Self::KillPlaceholder(con) => kill_placeholder(*con, "")?,
            Self::KillKept { con, title } => kill_placeholder(*con, title)?,
            Self::Mark { con, mark } => on(*con, &format!("mark --add {}", quoted("mark", mark)?)),
            Self::Unmark { con, mark } => on(*con, &format!("unmark {}", quoted("mark", mark)?)),
            Self::Set { con, attribute } => on(*con, &set(attribute)?),
            Self::Layout { con, layout } => on(*con, &format!("layout {}", layout.as_str())),
            Self::MoveToScratchpad(con) => on(*con, "move scratchpad"),
            Self::WaitingToScratchpad => {
                format!("[con_mark=\"^{WAITING_MARK_PREFIX}\"] move scratchpad")
            }
            Self::FinderToPrevious => format!(
                "[con_mark=\"^{PREVIOUS_MARK}$\"] move container to workspace back_and_forth"
            ),
            // It has no window, so i3 only compares the mark.
            Self::KillFinder => format!(
                "[con_mark=\"^{PREVIOUS_MARK}$\" class=\"^$\" instance=\"^$\" title=\"^$\"] kill"
            ),
            Self::ShowScratchpad(con) => on(*con, "scratchpad show"),
            Self::Floating { con, on: is_on } => on(*con, &switch("floating", *is_on)),
            Self::Grow { con, extent, by } => {
                let verb = if *by < 0 { "shrink" } else { "grow" };
                let (extent, by) = (extent.as_str(), by.unsigned_abs());
                on(*con, &format!("resize {verb} {extent} {by} px"))
            }
            Self::ResizeSet { con, width, height } => {
                on(*con, &format!("resize set {width} px {height} px"))
            }
            Self::MoveTo { con, x, y } => {
                on(*con, &format!("move absolute position {x} px {y} px"))
            }
            Self::MoveToWorkspace { con, workspace } => on(
                *con,
                &format!(
                    "move --no-auto-back-and-forth container to workspace {}",
                    quoted_workspace(workspace)?
                ),
            ),
            Self::Focus(con) => on(*con, "focus"),
        })
    }
}

/// The command that sets an attribute.
fn set(attribute: &Attribute) -> Result<String, UnsendableCommand> {
    Ok(match attribute {
        Attribute::Border(Some(border)) => format!("border {border}"),
        Attribute::Border(None) => "border normal".to_owned(),
        // i3 sets one mark at a time.
        Attribute::Marks(marks) => {
            let mark = marks.first().map(String::as_str);
            format!("mark --add {}", quoted("mark", mark.unwrap_or_default())?)
        }
        Attribute::TitleFormat(format) => {
            let format = format.as_deref().unwrap_or("%title");
            format!("title_format {}", quoted("title format", format)?)
        }
        Attribute::TitleWindowIcon(Some(padding)) => {
            format!("title_window_icon padding {padding} px")
        }
        Attribute::TitleWindowIcon(None) => "title_window_icon no".to_owned(),
        Attribute::Fullscreen(Fullscreen::None) => "fullscreen disable".to_owned(),
        Attribute::Fullscreen(Fullscreen::Output) => "fullscreen enable".to_owned(),
        Attribute::Fullscreen(Fullscreen::Global) => "fullscreen enable global".to_owned(),
        Attribute::Sticky(on) => switch("sticky", *on),
    })
}

/// `kill` for a placeholder, which matches nothing else.
///
/// For a container without a window, i3 only compares `con_id`. For one with a window, it
/// compares all criteria, and a missing property is empty. A placeholder that is not drawn has
/// no window. A drawn one has a window without these properties, except for the title of a kept
/// placeholder. A window that replaced the placeholder matched at least one of its criteria,
/// which never match the empty string: it has a property that is not empty, so the command does
/// not match it.
///
/// The id must come from a tree that was just read: i3's ids are addresses, and a split container
/// at the address of a removed placeholder would match. Call
/// [`crate::session::Session::settle`] before killing a drawn placeholder.
fn kill_placeholder(con: ConId, title: &str) -> Result<String, UnsendableCommand> {
    if has_raw_bytes(title) {
        return Err(UnsendableCommand::Pattern(title.to_owned()));
    }
    let mut text = format!("[con_id={}", con.0);
    for (property, value) in [
        ("class", ""),
        ("instance", ""),
        ("title", title),
        ("window_role", ""),
        ("machine", ""),
    ] {
        let pattern = quote(&format!("^{}$", crate::layout::escape(value)))?;
        // Writing into a String cannot fail.
        let _ = write!(text, " {property}={pattern}");
    }
    text.push_str("] kill");
    Ok(text)
}

/// A command for one container.
fn on(con: ConId, command: &str) -> String {
    format!("[con_id={}] {command}", con.0)
}

fn switch(what: &str, on: bool) -> String {
    format!("{what} {}", if on { "enable" } else { "disable" })
}

fn quoted(what: &'static str, text: &str) -> Result<String, UnsendableCommand> {
    if text.is_empty() {
        return Err(UnsendableCommand::Empty(what));
    }
    quote(text)
}

fn quoted_workspace(name: &str) -> Result<String, UnsendableCommand> {
    if name.starts_with("__") {
        return Err(UnsendableCommand::InternalName(name.to_owned()));
    }
    quoted("workspace name", name)
}
