//! Recognises layout files of other tools, for a helpful error.

use super::model::Layout;
use crate::document::{Document as _, Fault, Format};

/// The keys that only a configuration has.
const CONFIG_KEYS: [&str; 8] = [
    "rules",
    "projects",
    "foreground_programs",
    "history",
    "secret_patterns",
    "enforce",
    "forbid",
    "forbid_trust",
];

/// The keys that only a layout has.
const LAYOUT_KEYS: [&str; 5] = ["workspaces", "scratchpad", "monitors", "vars", "focus"];

/// True for the text of a configuration file: it has a key of a configuration, and no key that only
/// layouts have.
pub fn is_configuration(text: &str) -> bool {
    has_keys(text, &CONFIG_KEYS, &LAYOUT_KEYS)
}

/// True for the text of a layout file: it has a key of a layout, and no key that only
/// configurations have.
pub fn is_layout(text: &str) -> bool {
    has_keys(text, &LAYOUT_KEYS, &CONFIG_KEYS)
}

/// True if the text has one of the keys `with`, and none of the keys `without`.
fn has_keys(text: &str, with: &[&str], without: &[&str]) -> bool {
    Format::Yaml.compose(text).is_ok_and(|tree| {
        let has = |keys: &[&str]| keys.iter().any(|key| tree.get(key).is_some());
        has(with) && !has(without)
    })
}

/// True if a line binds a key or sets a variable as in the configuration of i3.
fn is_i3_config(text: &str) -> bool {
    has_line(text, &["bindsym ", "bindcode ", "set $", "exec_always "])
}

/// True if a line begins with one of these strings.
fn has_line(text: &str, begins: &[&str]) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| begins.iter().any(|begin| line.starts_with(begin)))
}

/// True if the first line is a section or a key with `=`.
fn is_toml_or_ini(text: &str) -> bool {
    let is_comment = |line: &&str| line.is_empty() || line.starts_with(['#', ';']);
    let mut lines = text.lines().map(str::trim).skip_while(is_comment);
    let is_name = |text: &str| {
        let allowed = |letter: char| letter.is_alphanumeric() || " ._-".contains(letter);
        !text.is_empty() && text.chars().all(allowed)
    };
    let is_entry = |line: &str| line.split_once('=').is_some_and(|(key, _)| is_name(key));
    let is_section = |line: &str| {
        let name = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'));
        name.is_some_and(is_name)
    };
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) => {
            is_section(first) && is_entry(second) || is_entry(first) && !first.contains(": ")
        }
        _ => false,
    }
}

/// The fault of a file of another tool; `None` for any other file.
pub(super) fn recognise(text: &str) -> Option<Fault> {
    const CAPTURE: &str = "run `i3pm-layout capture NAME` to create a layout";
    const IMPORT: &str = "run `i3pm-layout import` with the path of this file to convert it";
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    let (found, hint) = if is_configuration(text) {
        (
            "a configuration of i3pm-layout",
            "run `i3pm-layout list` to see all layouts; `i3pm-layout config` shows the \
             configuration",
        )
    } else if has("swallows") && (has("layout") || has("type") || has("nodes")) {
        (
            "a layout for i3's `append_layout`, as i3-save-tree, i3-resurrect and \
             `i3pm-layout compile` write it",
            IMPORT,
        )
    } else if has_line(text, &["version:", "workspaces:"]) {
        return None;
    } else if is_i3_config(text) {
        ("an i3 config", CAPTURE)
    } else if is_toml_or_ini(text) {
        ("a TOML or INI file", CAPTURE)
    } else if has("window_properties") && has("command") {
        ("a list of programs of i3-resurrect", IMPORT)
    } else {
        return None;
    };
    Some(Fault::Foreign {
        found,
        expected: Layout::WHAT,
        hint,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_only_files_of_other_tools() {
        for (text, is_foreign) in [
            (
                r#"{"layout": "splith", "nodes": [{"swallows": [{"class": "^X$"}]}]}"#,
                true,
            ),
            (
                "// vim:ts=4:sw=4:et\n{\n    \"type\": \"con\",\n    \"swallows\": []\n}\n",
                true,
            ),
            (
                r#"[{"command": "x", "window_properties": {"class": "X"}}]"#,
                true,
            ),
            ("version: 1\nworkspaces: []\n", false),
            (
                r#"{"version": 1, "workspaces": [{"name": "a", "layout": "tabbed"}]}"#,
                false,
            ),
            ("", false),
            ("version: 1\nrules: []\n", true),
            (
                "# i3\nset $mod Mod4\nbindsym $mod+Return exec xterm\n",
                true,
            ),
            ("[package]\nname = \"x\"\n", true),
            ("name = 1\nother = 2\n", true),
            ("# [a]\nversion: 1\nworkspaces: [\n", false),
            ("[a, b]\n", false),
            ("version: 1\nvars:\n  a: [\nset $b c\n", false),
            ("version: 1\nvars: { a: b=c }\n", false),
        ] {
            assert_eq!(recognise(text).is_some(), is_foreign, "{text}");
        }
    }
}
