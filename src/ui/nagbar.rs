//! Trouble shown on the screen, where nobody would see it otherwise.
#![expect(clippy::disallowed_methods, reason = "starts i3-nagbar")]

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use crate::live::Pid;

/// More does not fit on a bar.
const LONGEST: usize = 200;

/// Shows the errors of `text` in i3-nagbar when a key binding runs us.
///
/// A program that i3 starts shares its standard error; a program of a terminal, a
/// script or a pipe does not.
pub fn alarm(i3: Pid, text: &str) {
    if !shares_stderr(i3) {
        return;
    }
    let started = Command::new("i3-nagbar")
        .args(["-t", "error", "-m", &super::words::hide(&message(text))])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // It stays when we end.
        .process_group(0)
        .spawn();
    // Without i3-nagbar the text is in i3's log only.
    drop(started);
}

fn shares_stderr(i3: Pid) -> bool {
    let identity = |process: &str| {
        let file = fs::metadata(format!("/proc/{process}/fd/2")).ok()?;
        Some((file.dev(), file.ino()))
    };
    let ours = identity("self");
    ours.is_some() && ours == identity(&i3.0.to_string())
}

/// What happened, on one line.
fn message(text: &str) -> String {
    let errors: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("error: "))
        .collect();
    let what = match errors.as_slice() {
        [] => text.lines().last().unwrap_or_default().to_owned(),
        [one] => {
            let why = text.lines().find_map(|line| line.strip_prefix("note: "));
            why.map_or_else(|| (*one).to_owned(), |why| format!("{one}: {why}"))
        }
        [first, others @ ..] => format!("{first} (and {} more)", others.len()),
    };
    let mut message = format!("i3pm-layout: {what}");
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
    fn the_first_error_is_said_and_the_others_counted() {
        assert_eq!(
            message("error: a\nhint: b\nerror: c\n"),
            "i3pm-layout: a (and 1 more)"
        );
        assert_eq!(message("warning: a\nx: 1 of 2\n"), "i3pm-layout: x: 1 of 2");
        assert_eq!(message(&"ü".repeat(500)).chars().count(), LONGEST + 1);
    }
}
