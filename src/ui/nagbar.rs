//! Errors in i3-nagbar, for runs without a terminal.
#![expect(clippy::disallowed_methods, reason = "starts i3-nagbar")]

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use crate::live::Pid;

/// The number of characters that fit on a bar.
const LONGEST: usize = 200;

/// Shows a message of one line in i3-nagbar if a key binding started this program.
///
/// A program that i3 starts has i3's standard error; a program that a terminal, a script
/// or a pipe starts has another one.
pub fn alarm(i3: Pid, message: &str) {
    if !shares_stderr(i3) {
        return;
    }
    let started = Command::new("i3-nagbar")
        .args([
            "-t",
            "error",
            "-m",
            &super::words::hide_in_message(&shortened(message)),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // The bar stays when this program ends.
        .process_group(0)
        .spawn();
    // Without i3-nagbar, the message is only in i3's log.
    drop(started);
}

fn shares_stderr(i3: Pid) -> bool {
    let identity = |process: &str| {
        let file = fs::metadata(format!("/proc/{process}/fd/2")).ok()?;
        Some((file.dev(), file.ino()))
    };
    let own = identity("self");
    own.is_some() && own == identity(&i3.0.to_string())
}

/// The message with the program's name, cut to what fits on a bar.
fn shortened(message: &str) -> String {
    let mut message = format!("i3pm-layout: {message}");
    if let Some((end, _)) = message.char_indices().nth(LONGEST) {
        message.truncate(end);
        message.push('…');
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_cut() {
        assert_eq!(shortened("a"), "i3pm-layout: a");
        assert_eq!(shortened(&"ü".repeat(500)).chars().count(), LONGEST + 1);
    }
}
