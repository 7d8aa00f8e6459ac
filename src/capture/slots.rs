//! Names for slots: what a person would call the window, unique in the layout.
//!
//! The same windows in the same order get the same names every time.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::command_line::base_name;
use crate::discover::terminal_table::Terminal;
use crate::live::Properties;

/// Options after which a terminal is told what to run.
const RUN_OPTIONS: [&str; 4] = ["-e", "-x", "--", "--execute"];

/// No name is longer, in characters.
const MAX_LENGTH: usize = 40;

/// A window to be named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    /// What it says about itself.
    pub properties: &'a Properties,
    /// The command line of its process; empty where it is not known.
    pub argv: &'a [String],
}

/// A unique name for each window, in the same order: `xterm`, `xterm-2`, ….
pub(super) fn names(windows: &[Named]) -> Vec<String> {
    let bases: Vec<String> = windows.iter().map(base).collect();
    // A window that is really called `a-2` keeps that name before a second `a` gets it.
    let mut taken: BTreeSet<String> = bases.iter().cloned().collect();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    bases
        .into_iter()
        .map(|base| {
            let count = counts.entry(base.clone()).or_insert(0);
            *count += 1;
            if *count == 1 {
                return base;
            }
            loop {
                let name = format!("{base}-{count}");
                if taken.insert(name.clone()) {
                    return name;
                }
                *count += 1;
            }
        })
        .collect()
}

fn base(window: &Named) -> String {
    let said = |property: &Option<String>| {
        property
            .as_deref()
            .map(clean)
            .filter(|name| !name.is_empty())
    };
    let Properties {
        class,
        instance,
        window_role,
        ..
    } = window.properties;
    let (class, instance) = (said(class).map(|class| last_part(&class)), said(instance));
    let program = window.argv.first().map(|program| clean(base_name(program)));
    let name = if is_terminal(window) {
        let own_name = instance
            .clone()
            .filter(|instance| Terminal::of_class(instance).is_none());
        own_name
            .or_else(|| inner_program(window.argv))
            .or(instance)
            .or(class)
    } else {
        class.or(instance)
    };
    name.or_else(|| said(window_role))
        .or(program)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "window".to_owned())
}

/// Whether it is the window of a terminal.
fn is_terminal(window: &Named) -> bool {
    let program = window.argv.first().map(|program| base_name(program));
    let Properties {
        class, instance, ..
    } = window.properties;
    program.and_then(Terminal::of_program).is_some()
        || [class.as_deref(), instance.as_deref()]
            .into_iter()
            .flatten()
            .any(|name| Terminal::of_class(name).is_some())
}

/// The program that a terminal was told to run.
fn inner_program(argv: &[String]) -> Option<String> {
    let option = argv
        .iter()
        .position(|argument| RUN_OPTIONS.contains(&argument.as_str()))?;
    let command = argv.get(option + 1)?;
    // `xfce4-terminal -e 'htop -d 5'` has it all in one argument.
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

/// Small letters, digits, `.`, `_` and `-`.
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
        let windows: Vec<(Properties, Vec<String>)> = windows
            .iter()
            .map(|&(class, instance, command)| {
                let properties = Properties {
                    class: Some(class.to_owned()).filter(|text| !text.is_empty()),
                    instance: Some(instance.to_owned()).filter(|text| !text.is_empty()),
                    ..Properties::default()
                };
                (properties, shell_words::split(command).unwrap())
            })
            .collect();
        let named: Vec<Named> = windows
            .iter()
            .map(|(properties, argv)| Named { properties, argv })
            .collect();
        assert_eq!(names(&named), expected);
    }

    #[test]
    fn windows_are_called_what_people_call_them() {
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
