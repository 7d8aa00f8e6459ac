//! i3 commands as values, and the one place that turns them into i3's text.
//!
//! i3 answers "success" to `kill`, `unmark` and `title_format` when no container
//! matches their criteria, and an error to all others.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::live::ConId;
use crate::text::has_raw_bytes;
use crate::tree::{Attribute, ContainerLayout, Fullscreen};

/// A command for i3 (i3 user guide, "List of commands").
///
/// There is no variant that unmaps a window, and [`Command::KillPlaceholder`]
/// spells its criteria so that i3 cannot apply it to a window of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `append_layout FILE`; i3 reads the file itself, so the path is absolute.
    AppendLayout(PathBuf),
    /// `focus output NAME`.
    FocusOutput(String),
    /// `workspace --no-auto-back-and-forth NAME`.
    ShowWorkspace(String),
    /// `rename workspace FROM to TO`.
    RenameWorkspace {
        /// The present name.
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
    /// `kill`: asks a window to close, as a person would. Only for windows that a
    /// person wants closed.
    CloseWindow(ConId),
    /// Removes a placeholder; never a window of a program. Where it is drawn,
    /// [`crate::session::Session::settle`] comes first.
    KillPlaceholder(ConId),
    /// Removes a placeholder that has a title: one that was kept. Never a window of a
    /// program, and always after [`crate::session::Session::settle`].
    KillKept {
        /// The placeholder.
        con: ConId,
        /// Its title, which no window that comes into it has.
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
    /// `[con_mark=^PREFIX] move scratchpad`: hides all containers whose marks begin
    /// so, which must be a word of ours.
    MarkedToScratchpad(&'static str),
    /// `scratchpad show`: shows a hidden window of the scratchpad, hides one that
    /// is shown.
    ShowScratchpad(ConId),
    /// `floating enable|disable`.
    Floating {
        /// The container.
        con: ConId,
        /// On or off.
        on: bool,
    },
    /// `resize set W px H px`, in pixels, borders and title bar included.
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

/// Why a command has no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// i3 reads a message up to its first NUL.
    #[error("i3 does not accept a string with a NUL character: `{}`", .0.escape_debug())]
    Nul(String),
    /// i3 keeps names that begin so to itself (`__i3_scratch`).
    #[error("i3 reserves workspace names that begin with `__`: `{0}`")]
    InternalName(String),
    /// i3 cannot parse an empty text.
    #[error("i3 does not accept an empty {0}")]
    Empty(&'static str),
    /// i3 drops a criterion whose pattern is not UTF-8, so the command would reach more
    /// containers than it is meant for.
    #[error("i3 cannot match a title that is not UTF-8: `{}`", .0.escape_debug())]
    Pattern(String),
    /// i3's own messages are UTF-8, and so is what it is sent.
    #[error("i3 does not accept a path that is not UTF-8: {}", .0.display())]
    Path(PathBuf),
}

/// A text as one argument of an i3 command, in double quotes.
///
/// Between double quotes i3 knows two escapes, `\"` and `\\`, and takes every
/// other character as it is, line breaks, brackets, commas and semicolons
/// included (i3's `src/commands_parser.c`, `parse_string`). It takes bytes that are not
/// UTF-8 as well; [`super::Connection::run`] restores them (see [`crate::text`]).
pub fn quote(text: &str) -> Result<String, Unsayable> {
    if text.contains('\0') {
        return Err(Unsayable::Nul(text.to_owned()));
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    Ok(quoted)
}

/// All commands as one message: i3 draws when it has done the last of them.
pub(super) fn message(commands: &[Command]) -> Result<String, Unsayable> {
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
    /// The commands that set an attribute. Marks are added to those that are there, each
    /// with a command of its own.
    pub fn set(con: ConId, attribute: Attribute) -> Vec<Self> {
        match attribute {
            Attribute::Marks(marks) => marks
                .into_iter()
                .map(|mark| Self::Mark { con, mark })
                .collect(),
            attribute => vec![Self::Set { con, attribute }],
        }
    }

    /// Sets the fullscreen mode.
    pub const fn fullscreen(con: ConId, mode: Fullscreen) -> Self {
        Self::Set {
            con,
            attribute: Attribute::Fullscreen(mode),
        }
    }

    /// i3's text of the command.
    pub fn to_i3(&self) -> Result<String, Unsayable> {
        Ok(match self {
            Self::AppendLayout(path) => {
                let text = path.to_str().ok_or_else(|| Unsayable::Path(path.clone()))?;
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
            Self::MarkedToScratchpad(prefix) => {
                format!("[con_mark=\"^{prefix}\"] move scratchpad")
            }
            Self::ShowScratchpad(con) => on(*con, "scratchpad show"),
            Self::Floating { con, on: is_on } => on(*con, &switch("floating", *is_on)),
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
fn set(attribute: &Attribute) -> Result<String, Unsayable> {
    Ok(match attribute {
        Attribute::Border(Some(border)) => format!("border {border}"),
        Attribute::Border(None) => "border normal".to_owned(),
        // i3 takes one mark at a time.
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

/// `kill` that reaches a placeholder and nothing else.
///
/// i3 compares `con_id` alone for a container without a window, and all criteria
/// for one with a window, where a property that is missing counts as empty.
/// A placeholder that is not drawn has no window; one that is drawn has a window
/// without any of these properties but a title, which a placeholder of ours has only
/// where it is kept.
/// A window that was swallowed into the container matched at least one criterion
/// of the placeholder, and ours never match the empty string: one property is not
/// empty, and so the window is spared.
///
/// The id must come from a tree that was just read: i3's ids are addresses, and a
/// split container at the address of a placeholder that is gone would match.
/// Killing a placeholder that is drawn needs [`crate::session::Session::settle`]
/// before it.
fn kill_placeholder(con: ConId, title: &str) -> Result<String, Unsayable> {
    if has_raw_bytes(title) {
        return Err(Unsayable::Pattern(title.to_owned()));
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

fn quoted(what: &'static str, text: &str) -> Result<String, Unsayable> {
    if text.is_empty() {
        return Err(Unsayable::Empty(what));
    }
    quote(text)
}

fn quoted_workspace(name: &str) -> Result<String, Unsayable> {
    if name.starts_with("__") {
        return Err(Unsayable::InternalName(name.to_owned()));
    }
    quoted("workspace name", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Border;

    const CON: ConId = ConId(7);

    #[test]
    fn quotes_and_backslashes_are_escaped_and_nothing_else() {
        for (text, quoted) in [
            ("", r#""""#),
            ("plain", r#""plain""#),
            (r#"a"b"#, r#""a\"b""#),
            (r"a\b", r#""a\\b""#),
            (r"trailing\", r#""trailing\\""#),
            (r#"\""#, r#""\\\"""#),
            ("[a], b; c", r#""[a], b; c""#),
            ("2:ünï ✓", r#""2:ünï ✓""#),
            ("line\nbreak", "\"line\nbreak\""),
        ] {
            assert_eq!(quote(text).as_deref(), Ok(quoted), "{text}");
        }
    }

    #[test]
    fn what_i3_cannot_take_has_no_text() {
        let unsayable = |command: Command| command.to_i3().expect_err("i3 cannot take it");
        assert_eq!(quote("a\0b"), Err(Unsayable::Nul("a\0b".to_owned())));
        assert_eq!(
            unsayable(Command::ShowWorkspace(String::new())),
            Unsayable::Empty("workspace name")
        );
        assert_eq!(
            unsayable(Command::ShowWorkspace("__i3_scratch".to_owned())),
            Unsayable::InternalName("__i3_scratch".to_owned())
        );
        assert_eq!(
            unsayable(Command::Mark {
                con: CON,
                mark: String::new()
            }),
            Unsayable::Empty("mark")
        );
        assert_eq!(
            unsayable(Command::Set {
                con: CON,
                attribute: Attribute::TitleFormat(Some(String::new()))
            }),
            Unsayable::Empty("title format")
        );
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a row for each command")]
    fn the_text_of_each_command() {
        let name = || "a b".to_owned();
        for (command, text) in [
            (
                Command::AppendLayout("/run/a b.json".into()),
                r#"append_layout "/run/a b.json""#,
            ),
            (Command::FocusOutput(name()), r#"focus output "a b""#),
            (
                Command::ShowWorkspace(name()),
                r#"workspace --no-auto-back-and-forth "a b""#,
            ),
            (
                Command::RenameWorkspace {
                    from: name(),
                    to: "c".to_owned(),
                },
                r#"rename workspace "a b" to "c""#,
            ),
            (
                Command::MoveWorkspaceToOutput {
                    con: CON,
                    output: name(),
                },
                r#"[con_id=7] move workspace to output "a b""#,
            ),
            (
                Command::Swap {
                    con: CON,
                    with: ConId(8),
                },
                "[con_id=7] swap container with con_id 8",
            ),
            (
                Command::KillPlaceholder(CON),
                r#"[con_id=7 class="^$" instance="^$" title="^$" window_role="^$" machine="^$"] kill"#,
            ),
            (
                Command::Mark {
                    con: CON,
                    mark: name(),
                },
                r#"[con_id=7] mark --add "a b""#,
            ),
            (
                Command::Unmark {
                    con: CON,
                    mark: name(),
                },
                r#"[con_id=7] unmark "a b""#,
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Border(Some(Border::None)),
                },
                "[con_id=7] border none",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Border(Some(Border::Pixel(0))),
                },
                "[con_id=7] border pixel 0",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Border(Some(Border::Normal(3))),
                },
                "[con_id=7] border normal 3",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Fullscreen(Fullscreen::None),
                },
                "[con_id=7] fullscreen disable",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Fullscreen(Fullscreen::Output),
                },
                "[con_id=7] fullscreen enable",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Fullscreen(Fullscreen::Global),
                },
                "[con_id=7] fullscreen enable global",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::Sticky(true),
                },
                "[con_id=7] sticky enable",
            ),
            (
                Command::Set {
                    con: CON,
                    attribute: Attribute::TitleFormat(Some("%title".to_owned())),
                },
                r#"[con_id=7] title_format "%title""#,
            ),
            (
                Command::Layout {
                    con: CON,
                    layout: ContainerLayout::Stacked,
                },
                "[con_id=7] layout stacked",
            ),
            (Command::MoveToScratchpad(CON), "[con_id=7] move scratchpad"),
            (
                Command::Floating {
                    con: CON,
                    on: false,
                },
                "[con_id=7] floating disable",
            ),
            (
                Command::ResizeSet {
                    con: CON,
                    width: 800,
                    height: 600,
                },
                "[con_id=7] resize set 800 px 600 px",
            ),
            (
                Command::MoveTo {
                    con: CON,
                    x: -5,
                    y: 40,
                },
                "[con_id=7] move absolute position -5 px 40 px",
            ),
            (
                Command::MoveToWorkspace {
                    con: CON,
                    workspace: name(),
                },
                r#"[con_id=7] move --no-auto-back-and-forth container to workspace "a b""#,
            ),
            (Command::Focus(CON), "[con_id=7] focus"),
        ] {
            assert_eq!(command.to_i3().as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_message_is_its_commands_in_order() {
        let commands = [Command::Focus(CON), Command::MoveToScratchpad(CON)];
        assert_eq!(
            message(&commands).as_deref(),
            Ok("[con_id=7] focus; [con_id=7] move scratchpad")
        );
    }
}
