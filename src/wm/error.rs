//! Errors of the communication with i3, with hints for the user.
//!
//! See [`WmError`].

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use miette::Diagnostic;

use super::attempt::{Attempt, AttemptResult, Attempts, SocketOrigin};
use super::command::UnsendableCommand;

/// The oldest supported i3. Older versions lack the `machine` criterion, `swap` for fullscreen and
/// floating windows, or `included_configs`.
pub const OLDEST_I3: (u32, u32) = (4, 20);

/// An error of the communication with i3.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum WmError {
    /// No socket was found, or no process listens at the sockets that were found.
    #[error("cannot reach i3{}", display_first(.tried.as_ref()))]
    #[diagnostic(code("i3-not-found"), help("{}", when_not_found(.tried.as_ref(), *.sway)))]
    NotFound {
        /// All attempts with their results, in order.
        #[source]
        tried: Option<Attempts>,
        /// True if `SWAYSOCK` is set.
        sway: bool,
    },
    /// The socket exists but cannot be connected.
    #[error("cannot connect to i3's socket {} (from {origin})", .path.display())]
    #[diagnostic(
        code("i3-not-found"),
        help(
            "run `export I3SOCK=$(i3 --get-socketpath)` first, and check the owner of the socket"
        )
    )]
    Connect {
        /// The socket.
        path: PathBuf,
        /// The origin of its path.
        origin: SocketOrigin,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A process of another user listens at the socket.
    #[error(
        "the process at i3's socket {} runs as uid {peer}, not as uid {own}; nothing was \
         sent", .path.display()
    )]
    #[diagnostic(code("i3-of-another-user"), help("{}", when_foreign(*.peer)))]
    ForeignPeer {
        /// The socket.
        path: PathBuf,
        /// The uid of the process that listens there.
        peer: u32,
        /// The uid of this process.
        own: u32,
    },
    /// A complete answer did not arrive before the deadline.
    #[error("i3 did not {doing} within {} s", .limit.as_secs_f64())]
    #[diagnostic(
        code("i3-timed-out"),
        help(
            "i3 may be stopped or busy: check that it reacts to keys, then run the command again"
        )
    )]
    TimedOut {
        /// The expected action, such as `answer GET_TREE`.
        doing: String,
        /// The time limit.
        limit: Duration,
    },
    /// i3 closed the connection.
    #[error("i3 closed the connection before it could {doing}")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Closed {
        /// The expected action.
        doing: String,
    },
    /// The connection failed.
    #[error("lost the connection to i3")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Io {
        /// The error of the operating system.
        #[from]
        source: io::Error,
    },
    /// The connection was closed after an earlier error.
    #[error("the connection to i3 was closed after an earlier error")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Unusable,
    /// The bytes are not an i3 frame.
    #[error(
        "the process at the socket is not i3: its reply begins with `{}`",
        .found.escape_ascii()
    )]
    #[diagnostic(
        code("i3-reply"),
        help("run `export I3SOCK=$(i3 --get-socketpath)` first")
    )]
    Magic {
        /// The first bytes.
        found: [u8; 6],
    },
    /// The length in a frame exceeds the limit.
    #[error("i3 announced a message of {len} bytes; the limit is {limit}")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    TooLong {
        /// The length in the frame.
        len: u32,
        /// The limit.
        limit: u32,
    },
    /// The reply belongs to another request.
    #[error("i3 replied to {request} with a message of type {found}")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Type {
        /// The request.
        request: &'static str,
        /// The type of the reply.
        found: u32,
    },
    /// The reply is not JSON, or does not have the expected form.
    #[error("cannot read i3's reply to {request}")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Json {
        /// The request.
        request: &'static str,
        /// The position and the reason.
        source: serde_json::Error,
    },
    /// The tree is deeper than the JSON reader allows (128 levels, two per container).
    #[error(
        "the containers in i3's tree are nested more than 60 levels deep, which is not supported"
    )]
    #[diagnostic(
        code("i3-reply"),
        help("flatten the split containers of that workspace, then run the command again")
    )]
    TooDeep,
    /// i3 refused to send events.
    #[error("i3 refused to send events")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Subscribe,
    /// The number of replies differs from the number of commands.
    #[error("i3 sent {found} replies to {expected} commands: `{commands}`")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Count {
        /// The number of commands.
        expected: usize,
        /// The number of replies.
        found: usize,
        /// The message.
        commands: String,
    },
    /// A string cannot be part of an i3 command.
    #[error(transparent)]
    #[diagnostic(code("i3-command"))]
    UnsendableCommand(#[from] UnsendableCommand),
    /// The window manager is sway.
    #[error("the running window manager is sway ({found}), not i3")]
    #[diagnostic(code("i3-not-found"), help("{RUN_IN_I3}"))]
    Sway {
        /// Its version.
        found: String,
    },
    /// The running i3 is too old.
    #[error(
        "the running i3 is too old: {found}; version {}.{} or newer is required",
        OLDEST_I3.0, OLDEST_I3.1
    )]
    #[diagnostic(
        code("i3-too-old"),
        help("install i3 4.20 or newer, then log in again or run `i3-msg restart`")
    )]
    TooOld {
        /// The version string from i3.
        found: String,
    },
}

impl WmError {
    /// True if the connection is lost or no process listens at the socket, as while i3 restarts.
    pub fn is_lost(&self) -> bool {
        match self {
            Self::NotFound { tried, .. } => {
                let tried = tried.as_ref();
                tried.is_some_and(|tried| tried.iter().any(Attempt::is_stale))
            }
            Self::Connect { source, .. } => is_stale(source),
            Self::Closed { .. } | Self::Io { .. } | Self::Unusable => true,
            _ => false,
        }
    }
}

/// True if no process listens at the path.
pub fn is_stale(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
    )
}

/// The reason why the display cannot be asked: it is the cause of all that follows.
fn display_first(tried: Option<&Attempts>) -> String {
    let mut all = tried.into_iter().flat_map(Attempts::iter);
    let why = all.find_map(|one| match (&one.found, one.origin) {
        (AttemptResult::Failed(why), SocketOrigin::RootWindow) => Some(why),
        _ => None,
    });
    why.map_or_else(String::new, |why| format!(": {why}"))
}

fn when_not_found(tried: Option<&Attempts>, sway: bool) -> &'static str {
    if sway {
        RUN_IN_I3
    } else if tried.is_some_and(|tried| tried.iter().any(Attempt::is_stale)) {
        "the socket is left over from an earlier i3: run this in a terminal of the current \
         session, or set DISPLAY to its display, such as `export DISPLAY=:0`"
    } else {
        "run this inside an i3 session, or set DISPLAY to its display, such as `export DISPLAY=:0`"
    }
}

fn when_foreign(peer: u32) -> &'static str {
    match peer {
        0 => "i3 runs as root: start i3 as the user who logs in",
        _ => {
            "run the command without `sudo`, as the user who runs i3; if I3SOCK is wrong, run `unset I3SOCK`"
        }
    }
}

const RUN_IN_I3: &str = "sway is not supported (no `append_layout`); run this inside an i3 session";
const REPORT: &str = "this is a bug in i3pm-layout or i3: report it with the output of \
                      `i3pm-layout diagnose`";
const TRY_AGAIN: &str = "i3 may have restarted: run the command again";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_lists_every_attempt_with_its_result() {
        let error = WmError::NotFound {
            tried: Attempts::new(vec![
                Attempt {
                    origin: SocketOrigin::Environment,
                    found: AttemptResult::Stale("/run/i3.sock".into()),
                },
                Attempt {
                    origin: SocketOrigin::RootWindow,
                    found: AttemptResult::Failed("DISPLAY is not set".to_owned()),
                },
                Attempt {
                    origin: SocketOrigin::I3,
                    found: AttemptResult::Nothing,
                },
            ]),
            sway: false,
        };
        assert_eq!(error.to_string(), "cannot reach i3: DISPLAY is not set");
        let causes = std::iter::successors(std::error::Error::source(&error), |one| one.source());
        let causes: Vec<String> = causes.map(ToString::to_string).collect();
        assert_eq!(
            causes,
            [
                "no process listens at /run/i3.sock (from I3SOCK)",
                "the display's I3_SOCKET_PATH: DISPLAY is not set",
                "`i3 --get-socketpath` printed nothing"
            ]
        );
        assert!(
            error
                .help()
                .is_some_and(|help| help.to_string().contains("left over"))
        );
    }
}
