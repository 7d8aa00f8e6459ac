//! Names for slots: short, familiar and unique in the layout.
//!
//! The same windows in the same order always get the same names.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::command_line::base_name;
use crate::discover::terminal_table::Terminal;
use crate::live::Properties;

/// Options of terminals that precede the command to run.
const RUN_OPTIONS: [&str; 4] = ["-e", "-x", "--", "--execute"];

/// The maximum length of a name in characters.
const MAX_LENGTH: usize = 40;

/// The properties of a window with the command line of its process, which is empty if it is
/// unknown.
pub(crate) type Named<'a> = (&'a Properties, &'a [String]);

/// A unique name for each window, in the same order: `xterm`, `xterm-2`, ….
pub(crate) fn names(windows: &[Named]) -> Vec<String> {
    let bases: Vec<String> = windows.iter().map(base).collect();
    // A window whose base name is `a-2` keeps it even if there are two windows `a`.
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

fn base(&(properties, argv): &Named) -> String {
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
            .map(|(properties, argv)| (properties, argv.as_slice()))
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
