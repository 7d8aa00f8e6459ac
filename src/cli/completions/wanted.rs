//! The parts of a command line that can follow, by clap's completion engine. Pure: the engine names
//! the values that are not known to it by their kind.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

/// A completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The complete word.
    pub(super) value: String,
    /// A description for shells that show one; may be empty.
    pub(super) help: String,
}

impl Candidate {
    /// A completion with a description.
    pub(super) fn new(value: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            help: help.into(),
        }
    }

    /// The completion after the part of the word that names an option, such as `--only=`.
    pub(super) fn after(self, prefix: &str) -> Self {
        Self {
            value: format!("{prefix}{}", self.value),
            ..self
        }
    }
}

/// A kind of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Layouts of the store, or files.
    Layouts,
    /// Layouts of the store, examples, or files.
    Examples,
    /// Layouts with earlier versions, also deleted ones.
    VersionedLayouts,
    /// Names of layouts in the store.
    Names,
    /// Workspaces on the desktop, and `focused`.
    OpenWorkspaces,
    /// Workspaces of the layout on the command line, or else on the desktop.
    Workspaces,
    /// Outputs.
    Outputs,
    /// Slots of the layout on the command line.
    Slots,
    /// Profiles of the configuration.
    Profiles,
    /// Projects of the configuration and of the store.
    Projects,
    /// Recorded runs.
    Runs,
    /// Versions of the layout on the command line.
    Versions,
    /// Variables of the layout on the command line, each with `=`.
    Variables,
    /// Layouts, or variables of the layout on the command line.
    LayoutsOrVariables,
    /// Saved sessions.
    Sessions,
    /// Topics of the documentation, and commands.
    Topics,
    /// Types of events of the recorded run on the command line.
    EventTypes,
    /// Slots of the recorded run on the command line.
    SlotsOfRun,
    /// Open windows.
    Windows,
    /// Files with the extension of a layout, also hidden ones.
    LayoutFiles,
    /// Files and directories.
    Files,
    /// Directories.
    Directories,
}

impl Kind {
    const ALL: [Self; 22] = [
        Self::Layouts,
        Self::Examples,
        Self::VersionedLayouts,
        Self::Names,
        Self::OpenWorkspaces,
        Self::Workspaces,
        Self::Outputs,
        Self::Slots,
        Self::Profiles,
        Self::Projects,
        Self::Runs,
        Self::Versions,
        Self::Variables,
        Self::LayoutsOrVariables,
        Self::Sessions,
        Self::Topics,
        Self::EventTypes,
        Self::SlotsOfRun,
        Self::Windows,
        Self::LayoutFiles,
        Self::Files,
        Self::Directories,
    ];

    /// The values of an argument. `None` if clap knows them, or if they are new names, numbers and
    /// the like.
    fn of(command: &str, argument: &str) -> Option<Self> {
        Some(match (command, argument) {
            ("try", "name") => Self::Examples,
            ("revert", "name") => Self::VersionedLayouts,
            ("delete" | "rename", "name" | "old") | ("history" | "stats", "layout") => Self::Names,
            ("diff", "rest") => Self::LayoutsOrVariables,
            (_, "name" | "best") | ("validate", "files") => Self::Layouts,
            (_, "assigned" | "set") => Self::Variables,
            ("restore", "session") => Self::Sessions,
            ("help", "topic") => Self::Topics,
            ("show", "kind") => Self::EventTypes,
            ("show", "slot") => Self::SlotsOfRun,
            ("discover", "window") => Self::Windows,
            ("trust", "file") => Self::LayoutFiles,
            ("import", "workspaces") => return None,
            ("capture", "workspaces") | (_, "to") => Self::OpenWorkspaces,
            (_, "workspaces") => Self::Workspaces,
            (_, "outputs") => Self::Outputs,
            (_, "only") => Self::Slots,
            (_, "profile" | "save") => Self::Profiles,
            (_, "project") => Self::Projects,
            (_, "run") => Self::Runs,
            (_, "version") => Self::Versions,
            ("compile", "directory") => Self::Directories,
            (_, "file" | "path" | "picture" | "svg" | "png" | "output") => Self::Files,
            _ => return None,
        })
    }
}

/// A completion, or a place for values of a kind.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A completion.
    Candidate(Candidate),
    /// Values that begin with the rest of the word after the prefix.
    Values {
        /// Their kind.
        kind: Kind,
        /// The part of the word before the value, such as `--only=`.
        prefix: String,
    },
}

/// The name of the values of a kind, which the engine passes on.
fn id(kind: Kind) -> String {
    format!("values::{kind:?}")
}

/// What can stand in the place of the word `current`, after these words.
pub(super) fn wanted(words: &[String], current: &str) -> Vec<Wanted> {
    let mut command = described(super::super::command());
    let words = words.iter().map(String::as_str).chain([current]);
    let words: Vec<OsString> = words.map(OsString::from).collect();
    let last = words.len() - 1;
    // The engine fails only if there is no last word.
    let found = complete(&mut command, words, last, None).unwrap_or_default();
    // The engine offers hidden options if no others fit.
    let found = found
        .into_iter()
        .filter(|candidate| !candidate.is_hide_set());
    let found = found.map(|candidate| {
        let value = candidate.get_value().to_string_lossy().into_owned();
        let is_of = |kind: &&Kind| candidate.get_id() == Some(&id(**kind));
        match Kind::ALL.iter().find(is_of) {
            Some(&kind) => Wanted::Values {
                kind,
                prefix: value,
            },
            None => Wanted::Candidate(Candidate {
                value: main_name(&candidate, current).unwrap_or(value),
                help: candidate
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            }),
        }
    });
    // The engine also offers names for an argument in the place of an option.
    let is_option = current.starts_with("--");
    let is_wanted = |one: &Wanted| match one {
        Wanted::Values { prefix, .. } => !is_option || !prefix.is_empty(),
        Wanted::Candidate(_) => true,
    };
    found.filter(is_wanted).collect()
}

/// The name of a command. The engine offers the first of its names in the alphabet.
fn main_name(candidate: &CompletionCandidate, current: &str) -> Option<String> {
    let name = candidate.get_id()?.strip_prefix("command::")?;
    name.starts_with(current).then(|| name.to_owned())
}

/// The completions to offer. Options are offered only if nothing else can follow, or once `-` is
/// typed; their short forms only for `-`.
pub(super) fn offered(mut found: Vec<Candidate>, current: &str) -> Vec<Candidate> {
    let is_option = |one: &Candidate| one.value.starts_with('-') && one.value != "-";
    if current.is_empty() && !found.iter().all(is_option) {
        found.retain(|one| !is_option(one));
    }
    if current != "-" {
        found.retain(|one| one.value.len() != 2 || !is_option(one) || one.value == current);
    }
    found
}

/// The command line with completers for all values.
fn described(command: Command) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(
            |argument| match Kind::of(&name, argument.get_id().as_str()) {
                Some(kind) => completed(argument, kind),
                None => argument,
            },
        )
        .mut_subcommands(described)
}

fn completed(argument: Arg, kind: Kind) -> Arg {
    if !argument.get_action().takes_values() {
        return argument;
    }
    argument.add(ArgValueCompleter::new(move |_: &OsStr| {
        vec![CompletionCandidate::new("").id(Some(id(kind)))]
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(line: &str) -> Vec<(Kind, String)> {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let current = words.pop().unwrap_or_default();
        let wanted = wanted(&words, &current).into_iter();
        let kinds = wanted.filter_map(|one| match one {
            Wanted::Values { kind, prefix } => Some((kind, prefix)),
            Wanted::Candidate(_) => None,
        });
        kinds.collect()
    }

    #[test]
    fn values_have_the_kind_of_their_argument() {
        for (line, kind) in [
            ("i3pm-layout apply ", Kind::Layouts),
            ("i3pm-layout restore da", Kind::Layouts),
            ("i3pm-layout try da", Kind::Examples),
            ("i3pm-layout try daily --only ", Kind::Slots),
            ("i3pm-layout try daily -o ", Kind::Files),
            ("i3pm-layout apply daily --only ", Kind::Slots),
            (
                "i3pm-layout -v apply --keep-focus daily --to ",
                Kind::OpenWorkspaces,
            ),
            ("i3pm-layout diff daily --workspace 1", Kind::Workspaces),
            ("i3pm-layout capture x --output ", Kind::Outputs),
            ("i3pm-layout capture x --project ", Kind::Projects),
            ("i3pm-layout adapt --profile ", Kind::Profiles),
            ("i3pm-layout undo 2", Kind::Runs),
            ("i3pm-layout history show ", Kind::Runs),
            ("i3pm-layout revert ", Kind::VersionedLayouts),
            ("i3pm-layout revert daily ", Kind::Versions),
            ("i3pm-layout validate a b ", Kind::Layouts),
            ("i3pm-layout rm ", Kind::Names),
            ("i3pm-layout compile daily -o ", Kind::Directories),
            ("i3pm-layout preview daily --svg ", Kind::Files),
            ("i3pm-layout apply daily ro", Kind::Variables),
            ("i3pm-layout show daily --set ", Kind::Variables),
            ("i3pm-layout diff daily ", Kind::LayoutsOrVariables),
            ("i3pm-layout session restore ", Kind::Sessions),
            ("i3pm-layout help ", Kind::Topics),
            (
                "i3pm-layout history show last --events --type ",
                Kind::EventTypes,
            ),
            (
                "i3pm-layout history show last --events --slot ",
                Kind::SlotsOfRun,
            ),
            ("i3pm-layout discover --window ", Kind::Windows),
            ("i3pm-layout trust ", Kind::LayoutFiles),
        ] {
            let found = kinds(line);
            assert_eq!(found, [(kind, String::new())], "{line}");
        }
        let found = kinds("i3pm-layout apply daily --only=e");
        assert_eq!(found, [(Kind::Slots, "--only=".to_owned())]);
        assert_eq!(kinds("i3pm-layout rename old "), []);
    }

    #[test]
    fn options_follow_other_completions() {
        let all = ["daily", "--json", "-v"].map(|value| Candidate::new(value, ""));
        let offered = |current: &str, found: &[Candidate]| -> Vec<String> {
            let offered = super::offered(found.to_vec(), current).into_iter();
            offered.map(|one| one.value).collect()
        };
        assert_eq!(offered("", &all), ["daily"]);
        assert_eq!(offered("", &all[1..]), ["--json"]);
        assert_eq!(offered("-", &all[1..]), ["--json", "-v"]);
    }

    /// Arguments whose values are new names, numbers, times and the like.
    const FREE: &[&str] = &[
        "breaks",
        "chosen",
        "copy",
        "height",
        "id",
        "limit",
        "monitors",
        "new",
        "since",
        "stand_in",
        "timeout",
        "total_timeout",
        "width",
        "words",
        "workspaces",
    ];

    #[test]
    fn every_argument_with_a_value_is_completed_or_free() {
        fn check(command: &Command) {
            for argument in command.get_arguments() {
                let (name, id) = (command.get_name(), argument.get_id().as_str());
                let is_known = !argument.get_action().takes_values()
                    || Kind::of(name, id).is_some()
                    || !argument.get_possible_values().is_empty()
                    || FREE.contains(&id);
                assert!(is_known, "{name} {id}: add it to `Kind::of` or to `FREE`");
            }
            command.get_subcommands().for_each(check);
        }
        check(&crate::cli::command());
    }
}
