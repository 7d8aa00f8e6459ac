//! The environment of a session.

use std::path::PathBuf;
use std::time::Duration;

/// The environment of a session; the caller reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEnv {
    /// `I3SOCK`.
    pub i3sock: Option<PathBuf>,
    /// `DISPLAY`.
    pub display: Option<String>,
    /// True if `SWAYSOCK` is set.
    pub sway: bool,
    /// The limit for connecting, and for each request to i3 and its answer. i3 answers in
    /// milliseconds, but the machine may be swapping.
    pub limit: Duration,
}

impl Default for SessionEnv {
    fn default() -> Self {
        Self {
            i3sock: None,
            display: None,
            sway: false,
            limit: Duration::from_secs(5),
        }
    }
}
