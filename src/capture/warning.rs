//! What people should know about a captured layout.

use super::WorkspaceFilter;
use crate::discover::{Doubt, NoCommand, Refused};
use crate::live::XId;

/// Something that is not in the layout, or not as one would expect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// No workspace is meant by an option.
    #[error("no workspace {0}")]
    NoSuchWorkspace(WorkspaceFilter),
    /// No output has the name.
    #[error("no output is called `{0}`")]
    NoSuchOutput(String),
    /// Placeholders wait for windows; they are left out.
    #[error("workspace `{workspace}` has {count} empty container{}, left out", if *.count == 1 { "" } else { "s" })]
    Placeholders {
        /// The workspace's name.
        workspace: String,
        /// How many there are.
        count: usize,
    },
    /// A sticky window is on every workspace of its output, so on none of those that
    /// were asked for; it is left out.
    #[error("`{window}` is sticky, so it belongs to no single workspace, left out")]
    Sticky {
        /// Its title.
        window: String,
    },
    /// A window has no class, instance, role or title; it is left out.
    #[error("window {} says nothing by which it could be known again, left out", .window.map_or_else(String::new, |id| format!("{:#x}", id.0)))]
    Nameless {
        /// Its X11 id.
        window: Option<XId>,
    },
    /// A window has no command; it is in the layout, but cannot be started from it.
    #[error("no command for slot `{slot}` on {}: {reason}", place(.workspace.as_deref()))]
    NoCommand {
        /// The slot.
        slot: String,
        /// The workspace's name; `None` for the scratchpad.
        workspace: Option<String>,
        /// Why there is none.
        reason: NoCommand,
    },
    /// Windows of a process whose first window has the command.
    #[error("{}", again(.slots, .command))]
    Again {
        /// Their slots.
        slots: Vec<String>,
        /// The command of the first one.
        command: String,
    },
    /// A command may not open its window again.
    #[error("the command of slot `{slot}` may not do: {doubt}")]
    Doubtful {
        /// The slot.
        slot: String,
        /// Why.
        doubt: Doubt,
    },
    /// The rule of a window cannot say what it should.
    #[error("{} of the rule at {} {} not used for slot `{slot}`: {}", keys(&.refused.unused), .refused.rule, if .refused.unused.len() == 1 { "was" } else { "were" }, .refused.unfit)]
    Refused {
        /// The slot.
        slot: String,
        /// The rule, and why.
        refused: Box<Refused>,
    },
    /// A program wants a secret from the environment.
    #[error("the {} of slot `{slot}` held a secret; set {variable} before it is started", .places.join(" and the "))]
    Secret {
        /// What held it: `command`, `directory`, `env`.
        places: Vec<&'static str>,
        /// The slot.
        slot: String,
        /// The name of the variable.
        variable: String,
    },
}

impl Warning {
    /// The slot that it is about.
    pub const fn slot_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::NoCommand { slot, .. }
            | Self::Doubtful { slot, .. }
            | Self::Refused { slot, .. }
            | Self::Secret { slot, .. } => Some(slot),
            Self::NoSuchWorkspace(_)
            | Self::NoSuchOutput(_)
            | Self::Placeholders { .. }
            | Self::Sticky { .. }
            | Self::Again { .. }
            | Self::Nameless { .. } => None,
        }
    }

    /// Whether all may be well.
    pub const fn is_note(&self) -> bool {
        matches!(self, Self::Again { .. })
    }

    /// The slots, and what is said in the file beside them, where it is for that place.
    pub fn comment(&self) -> Option<(&[String], String)> {
        use std::slice::from_ref;
        match self {
            Self::NoCommand { slot, reason, .. } => {
                Some((from_ref(slot), format!("no command: {reason}")))
            }
            Self::Doubtful { slot, doubt } => {
                Some((from_ref(slot), format!("may not do: {doubt}")))
            }
            // Without a name that another update would write differently.
            Self::Again { slots, .. } => Some((
                slots,
                "no command: the program's first window brings it back, else give it one"
                    .to_owned(),
            )),
            _ => None,
        }
    }
}

impl std::fmt::Display for WorkspaceFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "is called `{name}`"),
            Self::Number(number) => write!(f, "has the number {number}"),
            Self::Focused => f.write_str("has the focus"),
        }
    }
}

fn keys(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" and ")
}

fn again(slots: &[String], command: &str) -> String {
    let names = slots.join("`, `");
    if slots.len() == 1 {
        format!(
            "`{names}` has no command of its own: it comes back when `{command}` opens it, as \
             programs with sessions do; else give it one"
        )
    } else {
        format!(
            "`{names}` have no command of their own: they come back when `{command}` opens them, \
             as programs with sessions do; else give them one"
        )
    }
}

fn place(workspace: Option<&str>) -> String {
    workspace.map_or_else(
        || "the scratchpad".to_owned(),
        |name| format!("workspace `{name}`"),
    )
}
