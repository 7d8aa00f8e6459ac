//! Warnings about a captured layout.

use miette::Diagnostic;

use super::WorkspaceFilter;
use crate::discover::{Doubt, NoCommand, Refused};
use crate::live::XId;

/// A window or container that is not in the layout, or something in the layout that the user should
/// check.
///
/// All are warnings, except [`Warning::Again`], which is advice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Warning {
    /// An option names a workspace that does not exist.
    #[error("{0} not found")]
    #[diagnostic(code("no-such-workspace"), severity(Warning))]
    NoSuchWorkspace(WorkspaceFilter),
    /// An option names an output that does not exist.
    #[error("output `{0}` not found")]
    #[diagnostic(code("no-such-output"), severity(Warning))]
    NoSuchOutput(String),
    /// Placeholders without a window; they are skipped.
    #[error("skipped {count} empty placeholder{} on workspace `{workspace}`", if *.count == 1 { "" } else { "s" })]
    #[diagnostic(code("skipped-placeholder"), severity(Warning))]
    Placeholders {
        /// The workspace's name.
        workspace: String,
        /// The number of placeholders.
        count: usize,
    },
    /// A sticky window, which is on every workspace of its output; it is skipped.
    #[error("skipped the sticky window `{window}`: it is on every workspace of its output")]
    #[diagnostic(
        code("skipped-window"),
        severity(Warning),
        help("capture without `--workspace` and `--output` to save it")
    )]
    Sticky {
        /// Its title.
        window: String,
    },
    /// A dialog or another helper window of a program without a main window; it is skipped.
    #[error("skipped window `{window}`: it is a dialog or another helper window")]
    #[diagnostic(code("skipped-window"), severity(Warning))]
    Helper {
        /// Its title.
        window: String,
    },
    /// A window without class, instance, role and title; it is skipped.
    #[error("skipped window{}: it has no identifying properties (class, instance, role or title)", .window.map_or_else(String::new, |id| format!(" {:#x}", id.0)))]
    #[diagnostic(code("skipped-window"), severity(Warning))]
    Nameless {
        /// Its X11 id.
        window: Option<XId>,
    },
    /// A window without a command: it is in the layout, but `apply` cannot start it.
    #[error("no command found for slot `{slot}` on {}: {reason}", place(.workspace.as_deref()))]
    #[diagnostic(
        code("no-command"),
        severity(Warning),
        help("run `i3pm-layout rules suggest` for a rule, or add a `command` to the slot")
    )]
    NoCommand {
        /// The slot.
        slot: String,
        /// The workspace's name; `None` for the scratchpad.
        workspace: Option<String>,
        /// The reason.
        reason: NoCommand,
    },
    /// More windows of a process whose first window has the command.
    #[error("{}", again(.slots, .command))]
    #[diagnostic(
        code("opened-by-another"),
        severity(Advice),
        help("if a window does not return, add a `command` to its slot")
    )]
    Again {
        /// Their slots.
        slots: Vec<String>,
        /// The command of the first window.
        command: String,
    },
    /// A command that may not open its window again.
    #[error("the command of slot `{slot}` may not work: {doubt}")]
    #[diagnostic(code("doubtful-command"), severity(Warning))]
    Doubtful {
        /// The slot.
        slot: String,
        /// The reason.
        doubt: Doubt,
    },
    /// A matching rule that could not be used.
    #[error("the rule at {} could not set {} of slot `{slot}`: {}", .refused.rule, keys(&.refused.unused), .refused.unfit)]
    #[diagnostic(code("rule-not-used"), severity(Warning))]
    Refused {
        /// The slot.
        slot: String,
        /// The rule, and the reason.
        refused: Box<Refused>,
    },
    /// Secrets that were replaced by environment variables.
    #[error("the {} of slot `{slot}` contained {}", .places.join(" and the "), secrets(.variables))]
    #[diagnostic(code("secret"), severity(Warning), help("{}", how_to_set(.variables)))]
    Secret {
        /// The parts that contained it: `command`, `directory`, `env`.
        places: Vec<&'static str>,
        /// The slot.
        slot: String,
        /// The names of the variables.
        variables: Vec<String>,
    },
}

/// The maximum number of variables in a hint.
const VARIABLES: usize = 5;

fn secrets(variables: &[String]) -> String {
    match variables.len() {
        1 => "a secret".to_owned(),
        count => format!("{count} secrets"),
    }
}

fn how_to_set(variables: &[String]) -> String {
    let shown = variables.iter().take(VARIABLES).map(String::as_str);
    let shown: Vec<&str> = shown.collect();
    let names = match (variables.len().saturating_sub(VARIABLES), shown.as_slice()) {
        (0, [before @ .., last]) if !before.is_empty() => {
            format!("{} and {last}", before.join(", "))
        }
        (0, names) => names.concat(),
        (more, names) => format!("{} and {more} more", names.join(", ")),
    };
    let first = shown.first().copied().unwrap_or_default();
    format!(
        "set {names} before `i3pm-layout apply`, for example with \
         `read -rs {first} && export {first}`"
    )
}

impl Warning {
    /// The slot that it is about.
    pub const fn slot_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::NoCommand { slot, .. }
            | Self::Doubtful { slot, .. }
            | Self::Refused { slot, .. }
            | Self::Secret { slot, .. } => Some(slot),
            _ => None,
        }
    }

    /// The slots, and the comment for them in the file, if there is one for this warning.
    pub fn comment(&self) -> Option<(&[String], String)> {
        use std::slice::from_ref;
        match self {
            Self::NoCommand { slot, reason, .. } => {
                Some((from_ref(slot), format!("no command: {reason}")))
            }
            Self::Doubtful { slot, doubt } => {
                Some((from_ref(slot), format!("may not work: {doubt}")))
            }
            // Without a name that another update would write differently.
            Self::Again { slots, .. } => Some((
                slots,
                "no command: the program's first window reopens it; otherwise, add one".to_owned(),
            )),
            _ => None,
        }
    }
}

impl std::fmt::Display for WorkspaceFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "workspace `{name}`"),
            Self::Number(number) => write!(f, "workspace number {number}"),
            Self::Focused => f.write_str("focused workspace"),
        }
    }
}

fn keys(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" and ")
}

fn again(slots: &[String], command: &str) -> String {
    let names = slots.join("`, `");
    let (slots, they) = if slots.len() == 1 {
        ("slot", "it has")
    } else {
        ("slots", "they have")
    };
    format!("`{command}` should reopen {slots} `{names}` too; {they} no command")
}

fn place(workspace: Option<&str>) -> String {
    workspace.map_or_else(
        || "the scratchpad".to_owned(),
        |name| format!("workspace `{name}`"),
    )
}
