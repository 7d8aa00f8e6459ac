//! What goes wrong between us and i3, with what to do about it.
//!
//! The sentence of each error is its `Display`, the way out is
//! [`WmError::hint`].

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::attempt::{Attempt, SocketOrigin};
use super::command::Unsayable;

/// The oldest i3 that we work with: its `machine` criterion, its fullscreen and
/// floating `swap` and its `included_configs` are used.
pub const OLDEST_I3: (u32, u32) = (4, 20);

/// Why i3 could not be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WmError {
    /// No socket was found, or nobody answers at those that were.
    #[error("cannot reach i3: {}", attempts(.tried))]
    NotFound {
        /// Every place that was looked at, in order, with what was there.
        tried: Vec<Attempt>,
        /// Whether `SWAYSOCK` is set.
        sway: bool,
    },
    /// The socket is there but cannot be connected.
    #[error("cannot connect to i3's socket {} (from {origin}): {source}", .path.display())]
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
        "the process at i3's socket {} belongs to uid {peer}, and this is uid {ours}; \
         nothing was sent", .path.display()
    )]
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
    TimedOut {
        /// What was waited for, such as `answer GET_TREE`.
        doing: String,
        /// How long.
        limit: Duration,
    },
    /// i3 closed the connection.
    #[error("i3 closed the connection instead of going on to {doing}")]
    Closed {
        /// What was waited for.
        doing: String,
    },
    /// The connection failed.
    #[error("the connection to i3 failed: {source}")]
    Io {
        /// The system's reason.
        #[from]
        source: io::Error,
    },
    /// The connection was given up after an earlier error.
    #[error("the connection to i3 cannot be used after an earlier error")]
    Spoilt,
    /// The bytes are no i3 frame.
    #[error(
        "what answers at the socket is not i3: its message begins with `{}`",
        .found.escape_ascii()
    )]
    Magic {
        /// The first bytes.
        found: [u8; 6],
    },
    /// A frame claims to be longer than any reply is.
    #[error("i3 announced a message of {len} bytes, more than {limit} are not accepted")]
    TooLong {
        /// What was announced.
        len: u32,
        /// What is accepted.
        limit: u32,
    },
    /// The reply belongs to another request.
    #[error("i3 answered {request} with a message of type {found}")]
    Type {
        /// The request.
        request: &'static str,
        /// The type of the reply.
        found: u32,
    },
    /// The reply is no JSON, or not of the expected shape.
    #[error("i3's answer to {request} cannot be read: {source}")]
    Json {
        /// The request.
        request: &'static str,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A tree deeper than the JSON reader goes (128 levels, two per container).
    #[error("i3's tree has containers nested more than 60 deep, which is not supported")]
    TooDeep,
    /// i3 refused to send events.
    #[error("i3 refused to send events")]
    Subscribe,
    /// i3 answered fewer or more times than it was asked.
    #[error("i3 gave {found} answers to {expected} commands: `{commands}`")]
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
    Unsayable(#[from] Unsayable),
    /// It is sway.
    #[error("this is sway ({found}), which has no append_layout; layouts need i3")]
    Sway {
        /// Its version.
        found: String,
    },
    /// It is too old.
    #[error(
        "the running i3 is {found}, at least {}.{} is needed",
        OLDEST_I3.0, OLDEST_I3.1
    )]
    TooOld {
        /// i3's own words.
        found: String,
    },
}

impl WmError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound { sway: true, .. } | Self::Sway { .. } => {
                "run this inside an i3 session; sway cannot append layouts"
            }
            Self::NotFound { tried, .. } if tried.iter().any(Attempt::is_stale) => {
                "the socket is left over from an i3 that ended: run this from a terminal of the \
                 present session, or `export I3SOCK=$(i3 --get-socketpath)`"
            }
            Self::NotFound { .. } => {
                "run this inside an i3 session, or set I3SOCK to the output of \
                 `i3 --get-socketpath`"
            }
            Self::Connect { .. } => {
                "see that the socket belongs to you and that the path names i3's socket"
            }
            Self::ForeignPeer { peer: 0, .. } => {
                "i3 runs as root: start i3 as the user who logs in"
            }
            Self::ForeignPeer { .. } => {
                "run this as the user whose i3 it is, without sudo, and check I3SOCK and DISPLAY"
            }
            Self::TimedOut { .. } => {
                "i3 may be stopped or busy; see that it reacts to its keys, and try again"
            }
            Self::Closed { .. } | Self::Io { .. } | Self::Spoilt => {
                "i3 ended or restarted meanwhile; try again"
            }
            Self::Magic { .. } => "I3SOCK should be the output of `i3 --get-socketpath`",
            Self::TooOld { .. } => {
                "install i3 4.20 or newer, then log in again (or `i3-msg restart`)"
            }
            Self::TooDeep => "flatten the split containers of that workspace, then try again",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

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
        assert!(error.hint().is_some_and(|hint| hint.contains("left over")));
    }
}
