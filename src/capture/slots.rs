//! Names for slots: short, familiar and unique in the layout.
//!
//! The same windows in the same order always get the same names.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::command_line::base_name;
use crate::discover::terminal_table::Terminal;
use crate::layout::Command;
use crate::live::Properties;

/// Options of terminals that precede the command to run.
const RUN_OPTIONS: [&str; 4] = ["-e", "-x", "--", "--execute"];

/// The maximum length of a name in characters.
const MAX_LENGTH: usize = 40;

/// A window that gets a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) properties: &'a Properties,
    /// The command line of its process; empty if it is unknown.
    pub(crate) argv: &'a [String],
    /// The command that opens it again.
    pub(crate) command: Option<&'a Command>,
    /// The directory of the command, as in the file.
    pub(crate) cwd: Option<&'a str>,
}

/// A unique name for each window, in the same order. Windows with the same name are called after
/// their document or directory if each has another one, else `xterm`, `xterm-2`, ….
pub(crate) fn names(windows: &[Named]) -> Vec<String> {
    let words: Vec<Words> = windows.iter().map(Words::of).collect();
    let mut groups: BTreeMap<&str, Vec<&Words>> = BTreeMap::new();
    for one in &words {
        groups.entry(&one.base).or_default().push(one);
    }
    let bases = words.iter().map(|one| {
        let group = &groups[one.base.as_str()];
        let is_own = |of: &dyn Fn(&Words) -> Option<&String>| {
            let own = of(one)?;
            let mut others = group.iter().filter(|other| of(other) == Some(own));
            others.nth(1).is_none().then_some(own)
        };
        let detail = is_own(&|words| words.document.as_ref())
            .or_else(|| is_own(&|words| words.directory.as_ref()));
        detail
            .filter(|_| group.len() > 1)
            .unwrap_or(&one.base)
            .clone()
    });
    let bases: Vec<String> = bases.collect();
    // A window whose own name is `a-2` keeps it even if there are two windows `a`.
    let mut taken: BTreeSet<String> = bases.iter().cloned().collect();
    // The number of the last name of each base.
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    let names = bases.into_iter().map(|base| {
        let Some(number) = last.get_mut(&base) else {
            last.insert(base.clone(), 1);
            return base;
        };
        loop {
            *number += 1;
            let name = format!("{base}-{number}");
            if taken.insert(name.clone()) {
                return name;
            }
        }
    });
    names.collect()
}

/// The words by which a person may call a window.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    /// Its program, or the name that the user gave it.
    base: String,
    /// The last file on the command line.
    document: Option<String>,
    /// The last part of the directory.
    directory: Option<String>,
}

impl Words {
    fn of(window: &Named<'_>) -> Self {
        let command = window.command.and_then(|command| command.words().ok());
        let command = command.unwrap_or_default();
        let arguments = command.iter().skip(1);
        let document = arguments.rev().find_map(|word| document(word));
        // The home directory and the root say nothing.
        let directory = window.cwd.and_then(|cwd| cwd.rsplit_once('/'));
        let directory = directory.map(|(_, last)| clean(last));
        let directory = directory.filter(|name| !name.is_empty());
        let base = base(window);
        let is_plain_terminal = document.is_none() && Terminal::of_program(&base).is_some();
        Self {
            base: directory
                .clone()
                .filter(|_| is_plain_terminal)
                .unwrap_or(base),
            document,
            directory,
        }
    }
}

/// The name of the file in a word of a command line, without its extension.
fn document(word: &str) -> Option<String> {
    let is_file = !word.starts_with('-') && !word.contains(char::is_whitespace);
    let name = base_name(word.trim_end_matches('/'));
    let name = name.trim_start_matches('.');
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let is_word = stem.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    let is_path = word.contains('/') || name.contains('.');
    (is_file && is_word && is_path && !word.contains("://")).then(|| clean(stem))
}

fn base(window: &Named<'_>) -> String {
    let (properties, argv) = (window.properties, window.argv);
    let command = window.command.and_then(|command| command.words().ok());
    let command = command.unwrap_or_default();
    let cleaned = |property: &Option<String>| {
        let name = clean(property.as_deref()?);
        (!name.is_empty()).then_some(name)
    };
    let class = cleaned(&properties.class).map(|class| last_part(&class));
    let instance = cleaned(&properties.instance);
    let program = argv.first().map(|program| base_name(program));
    let mut names = [&properties.class, &properties.instance]
        .into_iter()
        .flatten();
    let is_terminal = program.and_then(Terminal::of_program).is_some()
        || names.any(|name| Terminal::of_class(name).is_some());
    let name = if is_terminal {
        let own_name = instance
            .clone()
            .filter(|instance| Terminal::of_class(instance).is_none());
        own_name
            .or_else(|| inner_program(&command))
            .or_else(|| inner_program(argv))
            .or(instance)
            .or(class)
    } else {
        class.or(instance)
    };
    name.or_else(|| cleaned(&properties.window_role))
        .or_else(|| program.map(clean))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "window".to_owned())
}

/// The program that a terminal runs, from its command line.
fn inner_program(argv: &[String]) -> Option<String> {
    let option = argv
        .iter()
        .position(|argument| RUN_OPTIONS.contains(&argument.as_str()))?;
    let command = argv.get(option + 1)?;
    // `xfce4-terminal -e 'htop -d 5'` has the command in one argument.
    let program = command.split_whitespace().next()?;
    Some(clean(base_name(program))).filter(|name| !name.is_empty())
}

/// `nautilus` from `org.gnome.nautilus`; `gimp-2.10` stays.
fn last_part(class: &str) -> String {
    match class.rsplit_once('.') {
        Some((before, last)) if before.contains('.') && last.starts_with(char::is_alphabetic) => {
            last.to_owned()
        }
        _ => class.to_owned(),
    }
}

/// The text in lower case, with `-` for all characters but letters, digits, `.` and `_`.
fn clean(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_lowercase()
            || character.is_ascii_digit()
            || matches!(character, '.' | '_')
        {
            name.push(character);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(MAX_LENGTH);
    name.trim_matches(['-', '.', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(windows: &[(&str, &str, &str)], expected: &[&str]) {
        let windows: Vec<_> = windows
            .iter()
            .map(|&(class, instance, command)| {
                let (cwd, command) = command
                    .rsplit_once(" @")
                    .map_or((None, command), |(command, cwd)| (Some(cwd), command));
                let properties = Properties {
                    class: Some(class.to_owned()).filter(|text| !text.is_empty()),
                    instance: Some(instance.to_owned()).filter(|text| !text.is_empty()),
                    ..Properties::default()
                };
                let argv = shell_words::split(command).unwrap();
                (properties, argv, Command::Line(command.to_owned()), cwd)
            })
            .collect();
        let named: Vec<Named> = windows
            .iter()
            .map(|(properties, argv, command, cwd)| Named {
                properties,
                argv,
                command: Some(command),
                cwd: *cwd,
            })
            .collect();
        assert_eq!(names(&named), expected);
    }

    #[test]
    fn names_are_those_that_people_use() {
        check(
            &[
                ("Code", "code", "code"),
                ("firefox", "Navigator", "firefox"),
                ("org.gnome.Nautilus", "org.gnome.Nautilus", "nautilus"),
                ("Gimp-2.10", "gimp-2.10", "gimp"),
                ("XTerm", "xterm", "xterm"),
                ("XTerm", "dropdown", "xterm -name dropdown"),
                ("XTerm", "xterm", "xterm -e /usr/bin/htop"),
                (
                    "Xfce4-terminal",
                    "xfce4-terminal",
                    "xfce4-terminal -e 'tail -f x'",
                ),
                ("", "", "/opt/My Tool"),
                ("", "", ""),
                ("Ünïcode ☃", "", ""),
            ],
            &[
                "code",
                "firefox",
                "nautilus",
                "gimp-2.10",
                "xterm",
                "dropdown",
                "htop",
                "tail",
                "my",
                "window",
                "n-code",
            ],
        );
    }

    #[test]
    fn windows_with_one_name_are_called_after_documents_or_directories() {
        let terminal = |command| ("XTerm", "xterm", command);
        check(
            &[
                terminal("xterm -e less log/garden.log @~/src/garden"),
                terminal("xterm -e less ~/notes/today.txt @~/src/garden"),
                terminal("xterm @~/src/api"),
                terminal("xterm @~/src/web"),
                terminal("xterm @~/src/web"),
                terminal("xterm @~"),
                terminal("xterm -e sleep 100 @~/a"),
                terminal("xterm -e sleep 100 @~/b"),
                terminal("xterm -e sleep 100 @~/b"),
                ("Gvim", "gvim", "gvim ~/.vimrc"),
                ("Gvim", "gvim", "gvim src/main.rs"),
            ],
            &[
                "garden", "today", "api", "web", "web-2", "xterm", "a", "sleep", "sleep-2",
                "vimrc", "main",
            ],
        );
    }

    #[test]
    fn names_are_unique_in_tree_order() {
        check(
            &[
                ("A", "a", ""),
                ("A", "a", ""),
                ("A-2", "a-2", ""),
                ("A", "a", ""),
            ],
            &["a", "a-3", "a-2", "a-4"],
        );
    }
}
