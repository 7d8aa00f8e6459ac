//! Where i3's socket is.
//!
//! `I3SOCK`, then the X root window's `I3_SOCKET_PATH`, then
//! `i3 --get-socketpath`; the first at which somebody listens is taken.
//! A shell in tmux or screen keeps the `I3SOCK` of a session that ended, so a
//! socket at which nobody listens does not end the search.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::error::WmError;
use super::socket::Socket;

/// Long enough for a cold start of i3's binary, which only prints a path.
const ASK_I3_LIMIT: Duration = Duration::from_secs(2);

/// Where a socket's path comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment variable `I3SOCK`.
    Environment,
    /// The property `I3_SOCKET_PATH` of the X root window.
    RootWindow,
    /// The output of `i3 --get-socketpath`.
    I3,
}

impl fmt::Display for Origin {
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
    pub origin: Origin,
    /// What was found.
    pub found: Found,
}

/// What was found where a socket's path should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
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
        matches!(self.found, Found::Stale(_))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin;
        match (&self.found, origin) {
            (Found::Nothing, Origin::I3) => write!(f, "{origin} says nothing"),
            (Found::Nothing, _) => write!(f, "{origin} is not set"),
            (Found::Failed(why), _) => write!(f, "{origin}: {why}"),
            (Found::Stale(path), _) => {
                write!(f, "{origin} names {}, where nobody listens", path.display())
            }
        }
    }
}

/// A connected socket, and how it was found.
#[derive(Debug)]
pub struct Located {
    /// The socket.
    pub socket: Socket,
    /// Where its path comes from.
    pub origin: Origin,
}

/// What the search goes by; the caller reads the environment.
pub struct Search<'a> {
    /// The value of `I3SOCK`.
    pub i3sock: Option<&'a Path>,
    /// Reads `I3_SOCKET_PATH`; an error says why it cannot be read.
    pub root_window: &'a dyn Fn() -> Result<Option<PathBuf>, String>,
    /// The value of `DISPLAY`, for `i3 --get-socketpath`.
    pub display: Option<&'a str>,
    /// Whether `SWAYSOCK` is set.
    pub sway: bool,
    /// How long connecting and every request may take.
    pub limit: Duration,
}

impl Search<'_> {
    /// Finds the socket and connects.
    pub fn run(&self) -> Result<Located, WmError> {
        let mut tried = Vec::new();
        for origin in [Origin::Environment, Origin::RootWindow, Origin::I3] {
            let found = match self.path(origin) {
                Ok(Some(path)) => match Socket::connect(&path, origin, self.limit) {
                    Ok(socket) => return Ok(Located { socket, origin }),
                    Err(WmError::Connect { source, .. }) if nobody_listens(&source) => {
                        Found::Stale(path)
                    }
                    Err(other) => return Err(other),
                },
                Ok(None) => Found::Nothing,
                Err(why) => Found::Failed(why),
            };
            tried.push(Attempt { origin, found });
        }
        Err(WmError::NotFound {
            tried,
            sway: self.sway,
        })
    }

    fn path(&self, origin: Origin) -> Result<Option<PathBuf>, String> {
        match origin {
            Origin::Environment => Ok(self
                .i3sock
                .filter(|path| !path.as_os_str().is_empty())
                .map(Path::to_owned)),
            Origin::RootWindow => (self.root_window)(),
            Origin::I3 => ask_i3(self.display).map_err(|error| error.to_string()),
        }
    }
}

/// Whether the error means that the path is left over.
fn nobody_listens(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
    )
}

/// What `i3 --get-socketpath` prints; it asks the display in its turn.
fn ask_i3(display: Option<&str>) -> io::Result<Option<PathBuf>> {
    let mut command = Command::new("i3");
    match display {
        Some(display) => command.env("DISPLAY", display),
        None => command.env_remove("DISPLAY"),
    };
    let mut child = command
        .arg("--get-socketpath")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::new(error.kind(), "i3 is not installed"),
            _ => error,
        })?;
    let deadline = Instant::now() + ASK_I3_LIMIT;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "no answer"));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let mut out = Vec::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut out)?;
    }
    let path = out.trim_ascii();
    if !status.success() || path.is_empty() {
        return Ok(None);
    }
    Ok(Some(PathBuf::from(OsString::from_vec(path.to_vec()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_every_place_and_what_was_there() {
        let error = WmError::NotFound {
            tried: vec![
                Attempt {
                    origin: Origin::Environment,
                    found: Found::Stale("/run/i3.sock".into()),
                },
                Attempt {
                    origin: Origin::RootWindow,
                    found: Found::Failed("DISPLAY is not set".to_owned()),
                },
                Attempt {
                    origin: Origin::I3,
                    found: Found::Nothing,
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
