//! Commands in i3's syntax.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::Command;
use crate::live::ConId;
use crate::live::mark::{PREVIOUS_MARK, SPENT_BOX_MARK, SPENT_MARK_PREFIX, WAITING_MARK_PREFIX};
use crate::text::has_raw_bytes;
use crate::tree::{Attribute, Fullscreen};

/// Criteria that no window of a program matches. For a container without a window, i3 compares only
/// marks and ids.
const NO_PROPERTIES: &str = r#"class="^$" instance="^$" title="^$" window_role="^$" machine="^$""#;

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
/// `parse_string`). So are bytes that are not UTF-8; [`crate::wm::Connection::run`] restores them (see
/// [`crate::text`]).
pub fn quote(text: &str) -> Result<String, UnsendableCommand> {
    if text.contains('\0') {
        return Err(UnsendableCommand::Nul(text.to_owned()));
    }
    let escaped = text.replace('\\', r"\\").replace('"', r#"\""#);
    Ok(format!("\"{escaped}\""))
}

impl Command {
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
            Self::CollectSpent => format!(
                "[con_mark=\"^{SPENT_MARK_PREFIX}\" {NO_PROPERTIES}] move container to mark {SPENT_BOX_MARK}"
            ),
            Self::KillSpent => {
                format!("[con_mark=\"^{SPENT_BOX_MARK}$\" {NO_PROPERTIES}] kill")
            }
            Self::FinderToPrevious => format!(
                "[con_mark=\"^{PREVIOUS_MARK}$\"] move container to workspace back_and_forth"
            ),
            Self::KillFinder => format!("[con_mark=\"^{PREVIOUS_MARK}$\" {NO_PROPERTIES}] kill"),
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
