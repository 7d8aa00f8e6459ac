//! Valid names of layouts, projects and slots, and free ones.

use std::collections::BTreeSet;

/// The maximum length of the name of a layout or project in bytes. File systems allow 255
/// bytes, including extensions and the suffixes of temporary files.
const LONGEST: usize = 100;

/// The reason why `name` is invalid for a layout or project, and so for a file.
pub fn refuse(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > LONGEST {
        Some("it is longer than 100 bytes")
    } else if name.starts_with('.') {
        Some("it begins with `.`, like a hidden file")
    } else if name.starts_with('-') {
        Some("it begins with `-`, like an option")
    } else if !name.chars().all(is_name_character) {
        Some("only letters, digits, `.`, `_` and `-` are allowed")
    } else {
        None
    }
}

/// [`is_slot_id`] as a regular expression.
pub const SLOT_ID_PATTERN: &str = r"^[\p{L}\p{N}._-]+$";

/// True if `id` is a valid name of a slot.
pub fn is_slot_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(is_name_character)
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || "._-".contains(character)
}

/// The name, with the first free number if it is taken. Adds it to the taken names.
pub(crate) fn unused(base: &str, taken: &mut BTreeSet<String>) -> String {
    numbered(base, "-", |name| !taken.insert(name.to_owned()))
}

/// The name, with the first free number behind the separator if it is taken.
pub(crate) fn numbered(
    base: &str,
    separator: &str,
    mut is_taken: impl FnMut(&str) -> bool,
) -> String {
    let mut name = base.to_owned();
    let mut number = 1_u32;
    while is_taken(&name) {
        number += 1;
        name = format!("{base}{separator}{number}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_names_are_safe_as_files_and_on_the_command_line() {
        for name in ["daily-dev", "a", "1_2.3", "büro", "日常"] {
            assert_eq!(refuse(name), None, "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            ".a",
            "-a",
            "a b",
            "a/b",
            "a\0",
            "a\n",
            "a:b",
            "~",
            "a*",
            &"a".repeat(101),
        ] {
            assert!(refuse(name).is_some(), "{name}");
        }
    }
}
