//! Terminal emulators: `rules/terminals.yaml`, which describes the keys of each entry.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::command_line::base_name;
use super::data_file::{self, Words};
use crate::live::Process;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/terminals.json"));

/// The known terminals.
pub(super) static TERMINALS: LazyLock<Tables> =
    LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

/// The lists of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    #[serde(rename = "version")]
    _version: u64,
    pub(super) shells: Words,
    pub(super) terminals: Vec<Terminal>,
    pub(super) scripts: BTreeMap<String, Words>,
}

/// A terminal emulator.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "keys of the file")]
pub struct Terminal {
    pub(super) name: String,
    #[serde(default)]
    variants: Words,
    #[serde(default)]
    pub(super) processes: BTreeMap<String, String>,
    #[serde(default)]
    server: bool,
    #[serde(default)]
    classes: Words,
    #[serde(default = "dash_e")]
    pub(super) run: Words,
    #[serde(default = "dash_e")]
    pub(super) rest: Words,
    #[serde(default)]
    pub(super) text: Words,
    #[serde(default)]
    pub(super) bare: bool,
    #[serde(default)]
    pub(super) directory: Words,
    #[serde(default)]
    pub(super) tell_directory: bool,
    #[serde(default)]
    pub(super) values: Words,
    #[serde(default)]
    pub(super) windows: Words,
    #[serde(default)]
    pub(super) others: Words,
    #[serde(default)]
    pub(super) layouts: Words,
    #[serde(default)]
    pub(super) common: Words,
    #[serde(default)]
    pub(super) shared: bool,
}

fn dash_e() -> Words {
    Words::from("-e".to_owned())
}

impl Terminal {
    /// Returns the terminal whose process has this name.
    pub fn of_program(name: &str) -> Option<&'static Self> {
        TERMINALS.terminals.iter().find(|terminal| {
            terminal.name == name
                || terminal.variants.contains(name)
                || terminal.processes.contains_key(name)
        })
    }

    /// Returns the terminal that the process runs, also as a script of an interpreter.
    pub fn of_process(process: &Process) -> Option<&'static Self> {
        let exe = process.exe.as_deref();
        let exe = exe.and_then(|exe| exe.file_name()?.to_str());
        // If the program is an interpreter, the second argument is the script.
        let called = process.argv.iter().take(2).map(|name| base_name(name));
        let mut names = exe.into_iter().chain(called);
        names.find_map(Self::of_program)
    }

    /// Returns the terminal whose windows have this class or instance.
    pub fn of_class(name: &str) -> Option<&'static Self> {
        TERMINALS.terminals.iter().find(|terminal| {
            let others = terminal.variants.iter().chain(&*terminal.classes);
            let mut names = others.chain([&terminal.name]);
            names.any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// True if commands of the terminal that start at the same moment do not race for being the
    /// only process: each has its own, or a server takes all of them.
    pub const fn has_no_race(&self) -> bool {
        !self.shared || self.server
    }

    /// True if the program only opens windows that other programs ask for.
    pub fn is_server(&self, program: &str) -> bool {
        self.server && self.processes.contains_key(base_name(program))
    }
}

/// True if it is a shell that waits for commands, not one that runs a script.
pub(super) fn is_shell(argv: &[String]) -> bool {
    let mut arguments = argv.iter().skip(1);
    let mut is_waiting = runs_shell(argv);
    while let Some(argument) = arguments.next() {
        if WITH_VALUE.contains(&argument.as_str()) {
            arguments.next();
        } else if !argument.starts_with('-') || argument == "-c" {
            is_waiting = false;
        }
    }
    is_waiting
}

/// Options of a shell that are followed by a value. `nix-shell` runs `bash --rcfile FILE`.
const WITH_VALUE: [&str; 4] = ["--rcfile", "--init-file", "-o", "-O"];

/// True if it is a shell that runs a script.
pub(super) fn is_script(argv: &[String]) -> bool {
    runs_shell(argv) && !is_shell(argv)
}

fn runs_shell(argv: &[String]) -> bool {
    argv.first().is_some_and(|program| {
        let name = base_name(program).trim_start_matches('-');
        TERMINALS.shells.contains(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_valid_sorted_and_unambiguous() {
        let terminals = &data_file::read::<Tables>(TEXT).unwrap().terminals;
        let mut names: Vec<&String> = terminals
            .iter()
            .flat_map(|terminal| {
                let others = terminal.variants.iter().chain(terminal.processes.keys());
                others.chain([&terminal.name])
            })
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        let sorted = terminals.is_sorted_by_key(|terminal| terminal.name.to_ascii_lowercase());
        assert!(sorted);
    }

    #[test]
    fn terminals_are_recognized_by_process_and_class() {
        let name =
            |terminal: Option<&'static Terminal>| terminal.map(|terminal| terminal.name.as_str());
        assert_eq!(name(Terminal::of_program("uxterm")), Some("xterm"));
        assert_eq!(name(Terminal::of_program("urxvtd")), Some("urxvt"));
        assert_eq!(name(Terminal::of_program("bash")), None);
        for (class, expected) in [
            ("XTerm", "xterm"),
            ("UXTerm", "xterm"),
            ("URxvt", "urxvt"),
            ("st-256color", "st"),
            ("Gnome-terminal", "gnome-terminal"),
            ("org.wezfurlong.wezterm", "wezterm"),
        ] {
            assert_eq!(name(Terminal::of_class(class)), Some(expected), "{class}");
        }
        assert_eq!(name(Terminal::of_class("Steam")), None);
    }
}
