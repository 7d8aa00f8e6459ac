//! Attempts to find i3's socket. Pure.

use std::fmt;
use std::path::PathBuf;

/// The origin of a socket's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketOrigin {
    /// The environment variable `I3SOCK`.
    Environment,
    /// The property `I3_SOCKET_PATH` of the X root window.
    RootWindow,
    /// The output of `i3 --get-socketpath`.
    I3,
}

impl fmt::Display for SocketOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "I3SOCK",
            Self::RootWindow => "the display's I3_SOCKET_PATH",
            Self::I3 => "`i3 --get-socketpath`",
        })
    }
}

/// One attempt with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The origin that was tried.
    pub origin: SocketOrigin,
    /// The result.
    pub found: AttemptResult,
}

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// No path.
    Nothing,
    /// An error.
    Failed(String),
    /// A path at which no process listens.
    Stale(PathBuf),
}

impl Attempt {
    /// True if no process listens at the path that was found.
    pub fn is_stale(&self) -> bool {
        matches!(self.found, AttemptResult::Stale(_))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin;
        match (&self.found, origin) {
            (AttemptResult::Nothing, SocketOrigin::I3) => write!(f, "{origin} printed nothing"),
            (AttemptResult::Nothing, _) => write!(f, "{origin} is not set"),
            (AttemptResult::Failed(why), _) => write!(f, "{origin}: {why}"),
            (AttemptResult::Stale(path), _) => {
                write!(
                    f,
                    "no process listens at {} (from {origin})",
                    path.display()
                )
            }
        }
    }
}
