//! The search for i3's socket.
//!
//! It tries `I3SOCK`, then `I3_SOCKET_PATH` of the X root window, then `i3 --get-socketpath`,
//! and takes the first one at which a process listens. A shell in tmux or screen keeps the
//! `I3SOCK` of a session that has ended, so a stale socket does not end the search.
#![expect(clippy::disallowed_methods, reason = "asks `i3` where its socket is")]

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::attempt::{Attempt, AttemptResult, Attempts, SocketOrigin};
use super::error::{WmError, is_stale};
use super::socket::Socket;
use crate::live::SessionEnv;

/// The limit for i3's binary to print a path, even after a cold start.
const ASK_I3_LIMIT: Duration = Duration::from_secs(2);

/// Finds i3's socket and connects.
///
/// `root_window` reads `I3_SOCKET_PATH`; its error is the reason why it cannot be read.
pub fn locate(
    env: &SessionEnv,
    root_window: &dyn Fn() -> Result<Option<PathBuf>, String>,
) -> Result<(Socket, SocketOrigin), WmError> {
    let mut tried = Vec::new();
    for origin in [
        SocketOrigin::Environment,
        SocketOrigin::RootWindow,
        SocketOrigin::I3,
    ] {
        let path = match origin {
            SocketOrigin::Environment => Ok(env
                .i3sock
                .clone()
                .filter(|path| !path.as_os_str().is_empty())),
            SocketOrigin::RootWindow => root_window(),
            SocketOrigin::I3 => ask_i3(env.display.as_deref()).map_err(|error| error.to_string()),
        };
        let found = match path {
            Ok(Some(path)) => match Socket::connect(&path, origin, env.limit) {
                Ok(socket) => return Ok((socket, origin)),
                Err(WmError::Connect { source, .. }) if is_stale(&source) => {
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
        tried: Attempts::new(tried),
        sway: env.sway,
    })
}

/// The output of `i3 --get-socketpath`, which reads it from the display.
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
