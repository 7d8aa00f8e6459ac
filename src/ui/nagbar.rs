//! Errors in i3-nagbar, for runs without a terminal.
#![expect(clippy::disallowed_methods, reason = "starts i3-nagbar")]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::words::hide_in_message;
use crate::live::Pid;

/// The number of characters that fit on a bar.
const LONGEST: usize = 200;

/// A button of the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// Shows the text of a file in a terminal.
    Details,
    /// Runs this program with these arguments.
    Run {
        /// The label.
        label: &'static str,
        /// The program and its arguments.
        command: Vec<OsString>,
    },
}

/// True if a key binding or an `exec` of the i3 config started this program.
///
/// A program that i3 starts has i3's standard error; a program that a terminal, a script
/// or a pipe starts has another one.
pub fn is_started_by(i3: Pid) -> bool {
    let identity = |process: &str| {
        let file = fs::metadata(format!("/proc/{process}/fd/2")).ok()?;
        Some((file.dev(), file.ino()))
    };
    let own = identity("self");
    own.is_some() && own == identity(&i3.0.to_string())
}

/// Shows a message of one line in i3-nagbar, and returns the bar's process. `None` if there is no
/// i3-nagbar; the message is then only in i3's log.
pub fn show(message: &str, details: &Path, buttons: &[Button]) -> Option<Pid> {
    let mut bar = Command::new("i3-nagbar");
    bar.args(["-t", "error", "-m", &hide_in_message(&shortened(message))]);
    for button in buttons {
        match button {
            // In the user's terminal, which closes when its command ends.
            Button::Details => {
                let file = shell_words::quote(details.to_str()?).into_owned();
                let line = format!("cat {file}; printf '\\nPress Enter to close. '; read -r _");
                bar.args(["-b", "Show details", &line]);
            }
            Button::Run { label, command } => {
                let words = command.iter().map(|word| word.to_str());
                let words: Vec<&str> = words.collect::<Option<_>>()?;
                bar.args(["-B", label, &shell_words::join(words)]);
            }
        }
    }
    let started = bar
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        // It stays i3's, so that a command of a button counts as started by i3, too.
        // The bar stays when this program ends.
        .process_group(0)
        .spawn();
    started.ok().map(|child| Pid(child.id()))
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
