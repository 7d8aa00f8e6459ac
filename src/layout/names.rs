//! Valid names of layouts, projects and slots.

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
        Some("it contains characters other than letters, digits, `.`, `_` and `-`")
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
