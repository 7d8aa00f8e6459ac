//! Edge: asks the server of a terminal multiplexer for the session of a client.
#![expect(clippy::disallowed_methods, reason = "asks tmux and screen")]

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::multiplexer::Client;
use crate::live::{Pid, Process};

/// The timeout for an answer of the server, which normally takes a few milliseconds.
const LIMIT: Duration = Duration::from_millis(500);

/// The interval between checks for the answer.
const STEP: Duration = Duration::from_millis(2);

/// Returns the session that is attached to the client. `directory` is the directory of the
/// server's sockets (`TMUX_TMPDIR`).
pub fn attached(client: &Process, directory: Option<&str>) -> Option<String> {
    let argv = Client::of(&client.argv)?.question()?;
    let text = answer(&argv, directory)?;
    session_of(client.pid?, &text)
}

fn session_of(Pid(pid): Pid, text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (client, session) = line.split_once(' ')?;
        (client.parse() == Ok(pid) && !session.is_empty()).then(|| session.to_owned())
    })
}

fn answer(argv: &[String], directory: Option<&str>) -> Option<String> {
    let (program, arguments) = argv.split_first()?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // This program may run in a tmux with another server.
        .env_remove("TMUX")
        .env_remove("TMUX_TMPDIR")
        .envs(directory.map(|directory| ("TMUX_TMPDIR", directory)));
    let mut child = command.spawn().ok()?;
    let deadline = Instant::now() + LIMIT;
    let success = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(STEP),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    let mut text = String::new();
    child.stdout.take()?.read_to_string(&mut text).ok()?;
    success.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_of_the_client_is_found() {
        let text = "12 zero\n123 a b\n";
        assert_eq!(session_of(Pid(123), text).as_deref(), Some("a b"));
        assert_eq!(session_of(Pid(1), text), None);
    }
}
