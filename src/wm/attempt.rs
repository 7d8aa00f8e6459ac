//! Places where i3's socket may be, and what was found there. Pure.

use std::fmt;
use std::path::PathBuf;

/// Where a socket's path comes from.
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

/// One place that was looked at, and what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The place.
    pub origin: SocketOrigin,
    /// What was found.
    pub found: AttemptResult,
}

/// What was found where a socket's path should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptResult {
    /// Nothing.
    Nothing,
    /// Nothing, and this is why.
    Failed(String),
    /// A path at which nobody listens.
    Stale(PathBuf),
}

impl Attempt {
    /// Whether a path was found that nobody listens at.
    pub fn is_stale(&self) -> bool {
        matches!(self.found, AttemptResult::Stale(_))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin;
        match (&self.found, origin) {
            (AttemptResult::Nothing, SocketOrigin::I3) => write!(f, "{origin} says nothing"),
            (AttemptResult::Nothing, _) => write!(f, "{origin} is not set"),
            (AttemptResult::Failed(why), _) => write!(f, "{origin}: {why}"),
            (AttemptResult::Stale(path), _) => {
                write!(f, "{origin} names {}, where nobody listens", path.display())
            }
        }
    }
}
