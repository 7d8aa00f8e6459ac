//! Where i3's socket is.
//!
//! `I3SOCK`, then the X root window's `I3_SOCKET_PATH`, then
//! `i3 --get-socketpath`; the first at which somebody listens is taken.
//! A shell in tmux or screen keeps the `I3SOCK` of a session that ended, so a
//! socket at which nobody listens does not end the search.
#![expect(clippy::disallowed_methods, reason = "asks `i3` where its socket is")]

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::attempt::{Attempt, AttemptResult, SocketOrigin};
use super::error::WmError;
use super::socket::Socket;

/// Long enough for a cold start of i3's binary, which only prints a path.
const ASK_I3_LIMIT: Duration = Duration::from_secs(2);

/// A connected socket, and how it was found.
#[derive(Debug)]
pub struct LocatedSocket {
    /// The socket.
    pub socket: Socket,
    /// Where its path comes from.
    pub origin: SocketOrigin,
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
    pub fn run(&self) -> Result<LocatedSocket, WmError> {
        let mut tried = Vec::new();
        for origin in [
            SocketOrigin::Environment,
            SocketOrigin::RootWindow,
            SocketOrigin::I3,
        ] {
            let found = match self.path(origin) {
                Ok(Some(path)) => match Socket::connect(&path, origin, self.limit) {
                    Ok(socket) => return Ok(LocatedSocket { socket, origin }),
                    Err(WmError::Connect { source, .. }) if nobody_listens(&source) => {
                        AttemptResult::Stale(path)
                    }
                    Err(other) => return Err(other),
                },
                Ok(None) => AttemptResult::Nothing,
                Err(why) => AttemptResult::Failed(why),
            };
            tried.push(Attempt { origin, found });
        }
        Err(WmError::NotFound {
            tried,
            sway: self.sway,
        })
    }

    fn path(&self, origin: SocketOrigin) -> Result<Option<PathBuf>, String> {
        match origin {
            SocketOrigin::Environment => Ok(self
                .i3sock
                .filter(|path| !path.as_os_str().is_empty())
                .map(Path::to_owned)),
            SocketOrigin::RootWindow => (self.root_window)(),
            SocketOrigin::I3 => ask_i3(self.display).map_err(|error| error.to_string()),
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
