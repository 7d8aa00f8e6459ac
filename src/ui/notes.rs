//! Notes about the start of programs, with hints.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::apply::{Note, OtherDirectory};
use crate::document::flow::flow;
use crate::layout::shell_syntax::Fixed;
use crate::text::path::quoted;

/// A note as a sentence.
pub fn note(note: &Note) -> String {
    match note {
        Note::OtherDirectory(OtherDirectory { missing, used }) => format!(
            "the working directory {} does not exist; its program starts in {}",
            missing.display(),
            used.display()
        ),
        Note::ShellSyntax(syntax) => format!(
            "its command has shell syntax ({}), but no shell runs it",
            syntax.part
        ),
        Note::LaterRule { title, line } => format!(
            "the i3 config will change its window when the title becomes `{title}`: `{line}`"
        ),
    }
}

/// The hint for a note.
pub fn hint(note: &Note) -> String {
    match note {
        Note::OtherDirectory(directory) => create_directory(&directory.missing),
        Note::ShellSyntax(syntax) => rewrite(&syntax.fixed),
        Note::LaterRule { .. } => {
            "run `apply` again when the window has this title, or remove the rule".to_owned()
        }
    }
}

/// The hint for a working directory that does not exist.
pub fn create_directory(directory: &Path) -> String {
    format!(
        "run `mkdir -p {}`, or change the `cwd` of the slot",
        quoted(directory)
    )
}

/// The hint for a command with shell syntax.
pub fn rewrite(fixed: &Fixed) -> String {
    let command = fixed.command.as_ref().map(|line| ("command", json!(line)));
    let cwd = fixed.cwd.as_ref().map(|cwd| ("cwd", json!(cwd)));
    let env = (!fixed.env.is_empty()).then(|| ("env", json!(fixed.env)));
    let keys = [command, cwd, env].into_iter().flatten();
    let keys: Vec<String> = keys
        .map(|(key, value)| format!("`{}`", pair(key, value)))
        .collect();
    match keys.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            format!("use {} and {last} in the slot", first.join(", "))
        }
        keys => format!("use {} in the slot", keys.concat()),
    }
}

/// `key: value` as in a layout file.
fn pair(key: &str, value: Value) -> String {
    let map = Map::from_iter([(key.to_owned(), value)]);
    let text = flow(&Value::Object(map));
    let text = text.strip_prefix("{ ").unwrap_or(&text);
    text.strip_suffix(" }").unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn hints_are_keys_of_a_slot() {
        let mut fixed = Fixed {
            command: Some("sh -c 'a: b && c'".to_owned()),
            ..Fixed::default()
        };
        assert_eq!(
            rewrite(&fixed),
            r#"use `command: "sh -c 'a: b && c'"` in the slot"#
        );
        fixed.cwd = Some("~/x".to_owned());
        fixed.env = BTreeMap::from([("A".to_owned(), "b".to_owned())]);
        fixed.command = Some("edit".to_owned());
        assert_eq!(
            rewrite(&fixed),
            "use `command: edit`, `cwd: ~/x` and `env: { A: b }` in the slot"
        );
    }
}
