//! Why a slot has no window, as values; `ui::reasons` has the sentences.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration::milliseconds;
use super::not_started::NotStarted;
use crate::live::{Con, WindowType};

/// Why a slot has no window.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// The user interrupted the run.
    Interrupted,
    /// Its window was closed during the run, and its program with it.
    Closed,
    /// Its window is not open, and it has no command.
    NotOpen,
    /// No program may be started.
    NoLaunch,
    /// No program may be started, and the layout counts as complete without the window.
    Rearrange,
    /// Its command cannot be resolved.
    Unresolved {
        /// The cause, in words.
        cause: String,
    },
    /// Its program cannot be started.
    NotStarted(NotStarted),
    /// Its program has exited without opening the window.
    Exited {
        /// The name of the program.
        program: String,
        /// The way in which it exited.
        exit: Exit,
        /// The time since its start, in milliseconds.
        #[serde(rename = "after_ms", serialize_with = "milliseconds")]
        after: Duration,
        /// Another window that it has opened.
        beside: Option<Beside>,
    },
    /// Its window has not opened in time.
    TimedOut {
        /// The name of the program; `None` if none was started.
        program: Option<String>,
        /// The time that the window had, in milliseconds.
        #[serde(rename = "after_ms", serialize_with = "milliseconds")]
        after: Duration,
        /// The state of the program.
        state: Late,
        /// Another window that it has opened.
        beside: Option<Beside>,
    },
}

/// The state of a program whose window has not opened in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Late {
    /// It is running without a window, in this process.
    Running(u32),
    /// It exited with code 0, probably after asking a running instance.
    HandedOver,
    /// Its window was closed, and it opened no other.
    ClosedIts,
    /// It has other windows, or nothing is known about it.
    Unknown,
}

/// The way in which a program exited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// In an unknown way: it is not a child of this process.
    Unknown,
    /// It cannot be watched, for this reason of the operating system.
    Unwatched(String),
}

/// Another window that a program has opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// Its kind.
    pub kind: BesideKind,
    /// Its title.
    pub title: String,
}

/// The kind of a window that no slot waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BesideKind {
    /// A splash screen.
    Splash,
    /// A dialog, or a window like any other.
    Dialog,
    /// A toolbar, menu or the like.
    Helper,
}

impl Beside {
    /// The window in this container.
    pub fn of(con: &Con) -> Self {
        let kind = match con.window_type() {
            WindowType::Splash | WindowType::Bare => BesideKind::Splash,
            WindowType::Normal | WindowType::Dialog => BesideKind::Dialog,
            _ => BesideKind::Helper,
        };
        Self {
            kind,
            title: con.name().to_owned(),
        }
    }
}
