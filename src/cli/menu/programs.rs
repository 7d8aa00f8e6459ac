//! Edge: rofi, dmenu and fzf, and the commands that the menu runs.
#![expect(clippy::disallowed_methods, reason = "starts the programs")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::ValueEnum;

use super::screen::Row;
use crate::document::fault::nearest;
use crate::error::Error;
use crate::files::private;

/// A program that shows a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Menu {
    /// With pictures
    Rofi,
    /// One line at the edge of the screen
    Dmenu,
    /// In this terminal
    Fzf,
}

impl Menu {
    /// The name of its program.
    pub(super) const fn program(self) -> &'static str {
        match self {
            Self::Rofi => "rofi",
            Self::Dmenu => "dmenu",
            Self::Fzf => "fzf",
        }
    }

    fn error(self, error: &std::io::Error) -> Error {
        Error::Menu {
            program: self.program(),
            reason: error.to_string(),
        }
    }
}

/// Runs rofi with this program as its script (rofi-script(5)).
pub(super) fn rofi(own: &Path) -> Result<(), Error> {
    let own = shell_words::quote(&own.to_string_lossy()).into_owned();
    let mode = format!("layouts:{own} menu");
    let mut rofi = Command::new(Menu::Rofi.program());
    rofi.args(["-modi", &mode, "-show", "layouts", "-show-icons", "-i"]);
    // Higher rows, so fewer of them fit on the screen.
    let theme = "listview { lines: 6; } element-icon { size: 4em; }";
    rofi.args(["-theme-str", theme]);
    // Without a choice, it ends with 1.
    rofi.status()
        .map(drop)
        .map_err(|error| Menu::Rofi.error(&error))
}

/// Asks with dmenu or fzf. `None` without a choice; an error for text that is no row.
pub(super) fn ask(menu: Menu, prompt: &str, rows: &[Row]) -> Result<Option<usize>, Error> {
    let mut command = Command::new(menu.program());
    let prompt = format!("{prompt} ");
    match menu {
        Menu::Fzf => command.args(["--prompt", &prompt, "--height", "40%", "--reverse"]),
        Menu::Dmenu | Menu::Rofi => command.args(["-i", "-l", "12", "-p", &prompt]),
    };
    let lines = rows.iter().map(|row| format!("{}\n", row.label));
    let lines: String = lines.collect();
    let mut ask = || {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // It may end before it has read everything.
            let _ = input.write_all(lines.as_bytes());
        }
        child.wait_with_output()
    };
    let output = ask().map_err(|error| menu.error(&error))?;
    let chosen = String::from_utf8_lossy(&output.stdout);
    let chosen = chosen.trim();
    if chosen.is_empty() {
        return Ok(None);
    }
    // dmenu also returns text that was typed.
    let position = position(rows, chosen);
    position.map(Some).ok_or_else(|| not_a_row(rows, chosen))
}

/// The row with this label, or the first one for a layout with this name.
fn position(rows: &[Row], chosen: &str) -> Option<usize> {
    let by_label = rows.iter().position(|row| row.label.trim() == chosen);
    let is_layout = |row: &Row| row.layout.as_deref() == Some(chosen);
    by_label.or_else(|| rows.iter().position(is_layout))
}

fn not_a_row(rows: &[Row], chosen: &str) -> Error {
    let names = rows
        .iter()
        .map(|row| row.layout.as_ref().unwrap_or(&row.label));
    let names: Vec<String> = names.cloned().collect();
    Error::Usage {
        what: format!("`{chosen}` is not an entry of the menu"),
        hint: Some(match nearest(chosen, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "choose an entry of the list".to_owned(),
        }),
    }
}

/// Starts a command of this program, and does not wait for it. i3's standard error, if it is this
/// program's, stays the command's, so that its errors appear in i3-nagbar.
pub(super) fn start(own: &Path, arguments: &[String]) -> Result<(), Error> {
    spawn(Command::new(own).args(arguments))
}

/// As [`start`], in the user's terminal. Some terminals run only one word, so that is a script in
/// this folder.
pub(super) fn start_in_terminal(
    own: &Path,
    arguments: &[String],
    folder: &Path,
) -> Result<(), Error> {
    let own = own.to_string_lossy();
    let words = std::iter::once(&*own).chain(arguments.iter().map(String::as_str));
    let line = shell_words::join(words);
    let script = folder.join("menu.sh");
    let text = format!("#!/bin/sh\n{line}\nprintf '\\nPress Enter to close. '\nread -r _\n");
    let written = private::ensure_folder(folder)
        .and_then(|()| private::write(&script, text.as_bytes()))
        .and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o700)));
    written.map_err(|error| Error::Menu {
        program: "i3-sensible-terminal",
        reason: error.to_string(),
    })?;
    // The terminal shows the errors.
    let mut terminal = Command::new("i3-sensible-terminal");
    spawn(terminal.arg("-e").arg(&script).stderr(Stdio::null()))
}

fn spawn(command: &mut Command) -> Result<(), Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(Stdio::null())
        // rofi reads the rows until the end of this stream.
        .stdout(Stdio::null())
        .env_remove("ROFI_RETV")
        .process_group(0)
        .spawn()
        .map(drop)
        .map_err(|error| Error::NotStarted {
            program,
            reason: error.to_string(),
        })
}
