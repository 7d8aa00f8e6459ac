//! Programs that change workspaces or containers by themselves: `rules/daemons.yaml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::command_line::base_name;
use super::data_file::{self, Words};
use super::wrappers;
use crate::live::Process;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/daemons.json"));

static TABLE: LazyLock<Table> = LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

/// The lists of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "version")]
    _version: u64,
    rename: Words,
    split: Words,
    arrange: Words,
    command: Words,
}

/// The effect of a daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It gives workspaces other names.
    Renames,
    /// It splits the focused container.
    Splits,
    /// It moves windows into an arrangement of its own.
    Arranges,
    /// It runs commands for windows that open.
    Commands,
}

/// A daemon that is running.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Daemon {
    /// Its name.
    pub name: String,
    /// Its effect.
    pub effect: Effect,
}

impl Daemon {
    /// The daemon that the process runs, also as a script or module of an interpreter.
    pub fn of(process: &Process) -> Option<Self> {
        names(process).into_iter().find_map(|name| {
            let effect = TABLE.effect(&name)?;
            Some(Self { name, effect })
        })
    }
}

/// The name of the program of a process, and that of the script or module that it interprets.
pub fn names(process: &Process) -> Vec<String> {
    let Some((program, arguments)) = process.argv.split_first() else {
        return Vec::new();
    };
    let mut names = vec![name_of(program)];
    if wrappers::is_interpreter(base_name(program)) {
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if word == "-m" {
                let module = words.next().map(|module| module.replace('_', "-"));
                names.extend(module);
                break;
            }
            if matches!(word.as_str(), "-c" | "-e") {
                break;
            }
            if !word.starts_with('-') {
                names.push(name_of(word));
                break;
            }
        }
    }
    names
}

impl Table {
    fn effect(&self, name: &str) -> Option<Effect> {
        let lists = [
            (&self.rename, Effect::Renames),
            (&self.split, Effect::Splits),
            (&self.arrange, Effect::Arranges),
            (&self.command, Effect::Commands),
        ];
        let found = lists.into_iter().find(|(names, _)| names.contains(name));
        found.map(|(_, effect)| effect)
    }
}

/// The name of a program file without the ending of a script.
fn name_of(program: &str) -> String {
    let name = base_name(program);
    let endings = [".py", ".pl", ".sh", ".rb"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_valid() {
        let table: Table = data_file::read(TEXT).unwrap();
        for list in [&table.rename, &table.split, &table.arrange, &table.command] {
            assert!(!list.is_empty() && list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn daemons_are_found_as_programs_scripts_and_modules() {
        let of = |line: &str| {
            let argv = line.split(' ').map(str::to_owned).collect();
            let daemon = Daemon::of(&Process {
                argv,
                ..Process::default()
            });
            daemon.map(|daemon| (daemon.name, daemon.effect))
        };
        for (line, name, effect) in [
            ("autotiling", "autotiling", Effect::Splits),
            (
                "/usr/bin/python3 -u /usr/bin/autotiling -w 1",
                "autotiling",
                Effect::Splits,
            ),
            (
                "python3 /home/ada/autoname_workspaces.py",
                "autoname_workspaces",
                Effect::Renames,
            ),
            (
                "python3 -m i3_workspace_names_daemon",
                "i3-workspace-names-daemon",
                Effect::Renames,
            ),
            ("/home/ada/.cargo/bin/i3wsr", "i3wsr", Effect::Renames),
            ("i3-layouts", "i3-layouts", Effect::Arranges),
            ("bash /usr/bin/i3king", "i3king", Effect::Commands),
        ] {
            assert_eq!(of(line), Some((name.to_owned(), effect)), "{line}");
        }
        for line in [
            "vim autotiling",
            "python3 -c autotiling",
            "i3",
            "grep i3wsr",
        ] {
            assert_eq!(of(line).map(|(name, _)| name), None, "{line}");
        }
    }
}
