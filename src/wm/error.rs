//! What goes wrong between us and i3, with what to do about it.
//!
//! See [`WmError`].

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use miette::Diagnostic;

use super::attempt::{Attempt, SocketOrigin};
use super::command::Unsayable;

/// The oldest i3 that we work with: its `machine` criterion, its fullscreen and
/// floating `swap` and its `included_configs` are used.
pub const OLDEST_I3: (u32, u32) = (4, 20);

/// Why i3 could not be asked.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum WmError {
    /// No socket was found, or nobody answers at those that were.
    #[error("cannot reach i3: {}", attempts(.tried))]
    #[diagnostic(code("i3-not-found"), help("{}", when_not_found(.tried, *.sway)))]
    NotFound {
        /// Every place that was looked at, in order, with what was there.
        tried: Vec<Attempt>,
        /// Whether `SWAYSOCK` is set.
        sway: bool,
    },
    /// The socket is there but cannot be connected.
    #[error("cannot connect to i3's socket {} (from {origin})", .path.display())]
    #[diagnostic(
        code("i3-not-found"),
        help(
            "check that the socket is yours and that the path is the output of `i3 --get-socketpath`"
        )
    )]
    Connect {
        /// The socket.
        path: PathBuf,
        /// Where its path comes from.
        origin: SocketOrigin,
        /// The system's reason.
        source: io::Error,
    },
    /// Somebody else listens at the socket.
    #[error(
        "the process at i3's socket {} runs as uid {peer}, not as uid {ours}; nothing was \
         sent", .path.display()
    )]
    #[diagnostic(code("i3-of-another-user"), help("{}", when_foreign(*.peer)))]
    ForeignPeer {
        /// The socket.
        path: PathBuf,
        /// The uid of the process that listens there.
        peer: u32,
        /// Our own uid.
        ours: u32,
    },
    /// An answer did not come, or not whole, in time.
    #[error("i3 did not {doing} within {} s", .limit.as_secs_f64())]
    #[diagnostic(
        code("i3-timed-out"),
        help(
            "i3 may be stopped or busy: check that it reacts to keys, then run the command again"
        )
    )]
    TimedOut {
        /// What was waited for, such as `answer GET_TREE`.
        doing: String,
        /// How long.
        limit: Duration,
    },
    /// i3 closed the connection.
    #[error("i3 closed the connection before it could {doing}")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Closed {
        /// What was waited for.
        doing: String,
    },
    /// The connection failed.
    #[error("lost the connection to i3")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Io {
        /// The system's reason.
        #[from]
        source: io::Error,
    },
    /// The connection was given up after an earlier error.
    #[error("the connection to i3 was closed after an earlier error")]
    #[diagnostic(code("i3-connection-lost"), help("{TRY_AGAIN}"))]
    Spoilt,
    /// The bytes are no i3 frame.
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
    /// A frame claims to be longer than any reply is.
    #[error("i3 announced a message of {len} bytes; the limit is {limit}")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    TooLong {
        /// What was announced.
        len: u32,
        /// What is accepted.
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
    /// The reply is no JSON, or not of the expected shape.
    #[error("cannot read i3's reply to {request}")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Json {
        /// The request.
        request: &'static str,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A tree deeper than the JSON reader goes (128 levels, two per container).
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
    /// i3 answered fewer or more times than it was asked.
    #[error("i3 sent {found} replies to {expected} commands: `{commands}`")]
    #[diagnostic(code("i3-reply"), help("{REPORT}"))]
    Count {
        /// How many commands were sent.
        expected: usize,
        /// How many answers came.
        found: usize,
        /// The message.
        commands: String,
    },
    /// A text cannot be put into an i3 command.
    #[error(transparent)]
    #[diagnostic(code("i3-command"))]
    Unsayable(#[from] Unsayable),
    /// It is sway.
    #[error("the running window manager is sway ({found}), not i3")]
    #[diagnostic(code("i3-not-found"), help("{RUN_IN_I3}"))]
    Sway {
        /// Its version.
        found: String,
    },
    /// It is too old.
    #[error(
        "the running i3 is too old: {found}; version {}.{} or newer is required",
        OLDEST_I3.0, OLDEST_I3.1
    )]
    #[diagnostic(
        code("i3-too-old"),
        help("install i3 4.20 or newer, then log in again or run `i3-msg restart`")
    )]
    TooOld {
        /// i3's own words.
        found: String,
    },
}

fn when_not_found(tried: &[Attempt], sway: bool) -> &'static str {
    if sway {
        RUN_IN_I3
    } else if tried.iter().any(Attempt::is_stale) {
        "the socket is left over from an earlier i3: run this in a terminal of the current \
         session, or set DISPLAY to its display, such as `export DISPLAY=:0`"
    } else {
        "run this inside an i3 session, or set DISPLAY to its display, such as `export DISPLAY=:0`"
    }
}

fn when_foreign(peer: u32) -> &'static str {
    match peer {
        0 => "i3 runs as root: start i3 as the user who logs in",
        _ => "run this without sudo as the user who runs i3, and check I3SOCK and DISPLAY",
    }
}

const RUN_IN_I3: &str = "run this inside an i3 session: sway has no `append_layout`";
const REPORT: &str = "this is a bug of i3pm-layout or of i3: please report it with the output of \
                      `i3 --version`";
const TRY_AGAIN: &str = "i3 may have restarted or ended: run the command again";

/// Every attempt with its outcome, as one line.
fn attempts(tried: &[Attempt]) -> String {
    tried
        .iter()
        .map(Attempt::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wm::attempt::AttemptResult;

    #[test]
    fn the_error_names_every_place_and_what_was_there() {
        let error = WmError::NotFound {
            tried: vec![
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
            ],
            sway: false,
        };
        assert_eq!(
            error.to_string(),
            "cannot reach i3: I3SOCK names /run/i3.sock, where nobody listens; \
             the display's I3_SOCKET_PATH: DISPLAY is not set; \
             `i3 --get-socketpath` says nothing"
        );
        assert!(
            error
                .help()
                .is_some_and(|help| help.to_string().contains("left over"))
        );
    }
}
