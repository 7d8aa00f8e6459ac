//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::when::When;

/// Opens windows of any kind, and misbehaves on request.
///
/// In class, instance, title and role `{n}` is replaced by the number of the window in
/// its process, from 1, and `\xFF` by a byte. `WHEN` is a number of milliseconds or the
/// name of a cue: a file in the directory that `TEST_WINDOW_CUES` names.
#[derive(Clone, Debug, Parser)]
#[command(name = "test-window")]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub(crate) struct Options {
    /// Second part of `WM_CLASS`
    #[arg(long, default_value = "TestWindow")]
    pub(crate) class: String,
    /// First part of `WM_CLASS`
    #[arg(long, default_value = "test-window")]
    pub(crate) instance: String,
    /// Open without `WM_CLASS`
    #[arg(long)]
    pub(crate) no_class: bool,
    /// Title; the instance when not given
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// `WM_WINDOW_ROLE`
    #[arg(long)]
    pub(crate) role: Option<String>,
    /// `_NET_WM_WINDOW_TYPE`
    #[arg(long = "type", value_enum)]
    pub(crate) kind: Option<Kind>,
    /// Size that the window asks for
    #[arg(long, value_parser = size, default_value = "400x300")]
    pub(crate) size: (u16, u16),
    /// Smallest size (`WM_NORMAL_HINTS`)
    #[arg(long, value_parser = size)]
    pub(crate) min_size: Option<(u16, u16)>,
    /// Largest size (`WM_NORMAL_HINTS`)
    #[arg(long, value_parser = size)]
    pub(crate) max_size: Option<(u16, u16)>,
    /// Steps in which the size grows, as terminals have them (`WM_NORMAL_HINTS`)
    #[arg(long, value_parser = size)]
    pub(crate) increment: Option<(u16, u16)>,
    /// Parent window, decimal or 0x
    #[arg(long, value_parser = window_id)]
    pub(crate) transient_for: Option<u32>,
    /// Open the windows later
    #[arg(long, value_name = "WHEN")]
    pub(crate) map_after: Option<When>,
    /// Change the title later (can be repeated)
    #[arg(long, value_name = "WHEN:TEXT", value_parser = later)]
    pub(crate) title_after: Vec<(When, String)>,
    /// Change `WM_CLASS` later
    #[arg(long, value_name = "WHEN:INSTANCE:CLASS", value_parser = later)]
    pub(crate) class_after: Option<(When, String)>,
    /// Change the role later
    #[arg(long, value_name = "WHEN:ROLE", value_parser = later)]
    pub(crate) role_after: Option<(When, String)>,
    /// Number of windows
    #[arg(long, default_value_t = 1)]
    pub(crate) count: u32,
    /// Show a splash screen first; `--splash=bare` for an undeclared one
    #[arg(
        long,
        value_enum,
        value_name = "TYPE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "splash"
    )]
    pub(crate) splash: Option<Kind>,
    /// Open an ordinary window first, and close it later
    #[arg(long, value_name = "WHEN")]
    pub(crate) first: Option<When>,
    /// Exit later with this code
    #[arg(long, value_name = "WHEN[:CODE]", value_parser = exit_after)]
    pub(crate) exit_after: Option<(u8, When)>,
    /// Print TEXT to stderr and exit before opening a window (`CODE[:TEXT]`)
    #[arg(long, value_parser = exit_at_once)]
    pub(crate) exit_at_once: Option<(u8, String)>,
    /// Continue as a daemon; the started process exits at once
    #[arg(long)]
    pub(crate) fork: bool,
    /// Set by `--fork` for the daemon
    #[arg(long, hide = true)]
    pub(crate) forked: bool,
    /// Use one process for this socket: later instances hand over and exit
    #[arg(long)]
    pub(crate) server: Option<PathBuf>,
    /// Value of `_NET_WM_PID`
    #[arg(long, value_enum, default_value_t = PidClaim::Own)]
    pub(crate) pid: PidClaim,
    /// Set `_NET_STARTUP_ID` from the environment variable `DESKTOP_STARTUP_ID`
    #[arg(long)]
    pub(crate) startup_id: bool,
    /// File for the log, with one JSON line per event; by default the value of
    /// `TEST_WINDOW_LOG`
    #[arg(long)]
    pub(crate) log: Option<PathBuf>,
    /// Ignored; a secret in the command line
    #[arg(long)]
    pub(crate) token: Option<String>,
}

/// `_NET_WM_WINDOW_TYPE` (EWMH).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Normal,
    Dialog,
    Splash,
    Utility,
    Toolbar,
    Menu,
    Dock,
    Desktop,
    Notification,
    Tooltip,
    /// `Normal`, but without the other properties of a window, like Java's splash screens.
    Bare,
    /// Below all other windows, like the windows with which Lazarus measures the screen.
    Below,
}

/// The claim in `_NET_WM_PID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PidClaim {
    /// The right process.
    #[value(name = "self")]
    Own,
    /// No property, like older toolkits.
    None,
    /// Process 1, as in a container.
    Wrong,
}

/// The request to an instance, which can be handed over.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) options: Options,
    pub(crate) wire: WireRequest,
}

/// A request as sent over the socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WireRequest {
    arguments: Vec<String>,
    /// `DESKTOP_STARTUP_ID`, which GTK programs forward too.
    pub(crate) startup_id: Option<String>,
    /// `TEST_WINDOW_TICKET`, by which a test finds its windows in the log.
    pub(crate) ticket: Option<String>,
}

impl Options {
    /// The path of the log.
    pub(crate) fn log_file(&self) -> Option<PathBuf> {
        self.log
            .clone()
            .or_else(|| std::env::var_os("TEST_WINDOW_LOG").map(PathBuf::from))
    }
}

impl Request {
    pub(crate) fn of_this_process(options: Options) -> Self {
        Self {
            options,
            wire: WireRequest {
                arguments: std::env::args().collect(),
                startup_id: std::env::var("DESKTOP_STARTUP_ID").ok(),
                ticket: std::env::var("TEST_WINDOW_TICKET").ok(),
            },
        }
    }

    pub(crate) fn from_wire(wire: WireRequest) -> Result<Self, clap::Error> {
        Ok(Self {
            options: Options::try_parse_from(&wire.arguments)?,
            wire,
        })
    }
}

fn size(text: &str) -> Result<(u16, u16), String> {
    text.split_once('x')
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)))
        .ok_or_else(|| "not of the form WIDTHxHEIGHT".to_owned())
}

fn window_id(text: &str) -> Result<u32, String> {
    text.strip_prefix("0x")
        .map_or_else(|| text.parse(), |digits| u32::from_str_radix(digits, 16))
        .map_err(|error| error.to_string())
}

fn later(text: &str) -> Result<(When, String), String> {
    let (when, value) = text.split_once(':').ok_or("not of the form WHEN:TEXT")?;
    Ok((When::from(when), value.to_owned()))
}

fn exit_after(text: &str) -> Result<(u8, When), String> {
    let (when, code) = text.split_once(':').unwrap_or((text, "0"));
    Ok((
        code.parse().map_err(|_| "not an exit code")?,
        When::from(when),
    ))
}

fn exit_at_once(text: &str) -> Result<(u8, String), String> {
    let (code, words) = text
        .split_once(':')
        .unwrap_or((text, "cannot start, as requested"));
    Ok((
        code.parse().map_err(|_| "not an exit code")?,
        words.to_owned(),
    ))
}
