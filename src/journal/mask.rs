//! Removes secrets from the lines of a journal.
//!
//! The values of `${env:NAME}` in a layout become `${env:NAME}` again, and everything passes the
//! filter of all output. The same string gets the same mask in all lines of a run, so that a replay
//! of the masked events decides as the run did.

use std::collections::HashMap;

use serde_json::Value;

use crate::compile::{Launch, Plan, Program};
use crate::layout::vars::{self, Piece};

/// The filter of all output.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Learns the secrets of a command line. Returns true if there are new ones.
    pub learn: fn(&[String]) -> bool,
    /// Masks the secrets in a value.
    pub hide: fn(&mut Value),
}

/// The minimum length of a value that is also found inside of other strings.
const MIN_LENGTH: usize = 4;

/// Variables whose values are no secrets.
const HARMLESS: [&str; 12] = [
    "DISPLAY", "EDITOR", "HOME", "HOSTNAME", "I3SOCK", "LANG", "LOGNAME", "PATH", "PWD", "SHELL",
    "TERM", "USER",
];

/// Keys whose values are no secrets, though they look like some: undo needs the marks, and a replay
/// compares the program's own tokens.
const AS_THEY_ARE: [&str; 3] = ["hash", "marks", "token"];

/// Removes secrets.
#[derive(Debug)]
pub(super) struct Mask {
    filter: Filter,
    /// Words with the values of variables, and the words in the file.
    words: HashMap<String, String>,
    /// The values of variables, and `${env:NAME}`.
    values: Vec<(String, String)>,
    /// The masked strings by the key of their map.
    texts: HashMap<String, HashMap<String, String>>,
    /// The masked command lines.
    lines: HashMap<Vec<String>, Vec<String>>,
}

impl Mask {
    pub(super) fn new(filter: Filter) -> Self {
        Self {
            filter,
            words: HashMap::new(),
            values: Vec::new(),
            texts: HashMap::new(),
            lines: HashMap::new(),
        }
    }

    /// Learns the secrets in the programs of a plan.
    pub(super) fn learn_plan(&mut self, plan: &Plan) {
        for (_, slot) in plan.slots() {
            if let Launch::Program(program) = &slot.launch {
                self.learn_program(program);
            }
        }
    }

    fn learn_program(&mut self, program: &Program) {
        let shown = &program.shown;
        let words = program.argv.iter().zip(&shown.argv);
        let env = program.env.iter();
        let env = env.filter_map(|(name, value)| Some((value, shown.env.get(name)?)));
        for (value, shown) in words.chain(env) {
            self.learn_word(value, shown);
        }
        if let (Some(cwd), Some(shown)) = (program.cwd.to_str(), shown.cwd.to_str()) {
            self.learn_word(cwd, shown);
        }
        self.learn_line(&program.argv);
    }

    /// Learns the value of a word with `${env:NAME}`.
    fn learn_word(&mut self, value: &str, shown: &str) {
        if value == shown {
            return;
        }
        let Ok(pieces) = vars::parse(shown) else {
            return;
        };
        let names: Vec<&String> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Environment(name) => Some(name),
                Piece::Text(_) | Piece::Variable(_) => None,
            })
            .collect();
        if names.iter().all(|name| is_harmless(name)) {
            return;
        }
        self.words.insert(value.to_owned(), shown.to_owned());
        if let [name] = names.as_slice() {
            let reference = format!("${{env:{name}}}");
            let (before, after) = shown.split_once(&reference).unwrap_or_default();
            let inside = value.strip_prefix(before);
            let inside = inside.and_then(|inside| inside.strip_suffix(after));
            if let Some(inside) = inside.filter(|inside| inside.len() >= MIN_LENGTH) {
                self.values.push((inside.to_owned(), reference));
            }
        }
        self.forget();
    }

    /// Learns the secrets of a command line.
    pub(super) fn learn_line(&mut self, argv: &[String]) {
        if !self.lines.contains_key(argv) && (self.filter.learn)(argv) {
            self.forget();
        }
    }

    /// Forgets the masked strings, because more secrets are known.
    fn forget(&mut self) {
        self.texts.clear();
        self.lines.clear();
    }

    /// Removes the secrets from a value.
    pub(super) fn hide(&mut self, value: &mut Value) {
        self.hide_value("", value);
    }

    fn hide_value(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) => self.hide_text(key, text),
            Value::Array(list) => {
                let words = list.iter().map(|word| word.as_str().map(str::to_owned));
                match words.collect::<Option<Vec<String>>>() {
                    Some(words) if !words.is_empty() => self.hide_line(&words, list),
                    _ => list.iter_mut().for_each(|one| self.hide_value("", one)),
                }
            }
            Value::Object(map) => {
                // Undo needs the names of workspaces and the marks as they are.
                let is_container = map.get("kind").is_some_and(|kind| kind != "Con");
                for (key, value) in map {
                    let is_name = is_container && key == "name";
                    if !is_name && !AS_THEY_ARE.contains(&key.as_str()) {
                        self.hide_value(key, value);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn hide_text(&mut self, key: &str, text: &mut String) {
        if text.is_empty() {
            return;
        }
        if let Some(known) = self.texts.get(key).and_then(|texts| texts.get(text)) {
            text.clone_from(known);
            return;
        }
        let mut alone = serde_json::json!({ key: self.with_references(text) });
        (self.filter.hide)(&mut alone);
        let masked = alone[key].as_str().unwrap_or_default().to_owned();
        let texts = self.texts.entry(key.to_owned()).or_default();
        texts.insert(std::mem::replace(text, masked.clone()), masked);
    }

    fn hide_line(&mut self, words: &[String], list: &mut Vec<Value>) {
        if !self.lines.contains_key(words) {
            let mut line: Value = words
                .iter()
                .map(|word| self.with_references(word))
                .collect();
            (self.filter.hide)(&mut line);
            let masked = line.as_array().into_iter().flatten();
            let masked = masked.map(|word| word.as_str().unwrap_or_default().to_owned());
            self.lines.insert(words.to_vec(), masked.collect());
        }
        if let Some(masked) = self.lines.get(words) {
            *list = masked.iter().cloned().map(Value::String).collect();
        }
    }

    /// The text with `${env:NAME}` for the values of variables.
    fn with_references(&self, text: &str) -> String {
        if let Some(shown) = self.words.get(text) {
            return shown.clone();
        }
        let replace = |text: String, (value, reference): &(String, String)| {
            text.replace(value.as_str(), reference)
        };
        self.values.iter().fold(text.to_owned(), replace)
    }
}

fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&name) || name.starts_with("XDG_") || name.starts_with("LC_")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Masks `hunter2`, and strings beside `--password`.
    fn filter() -> Filter {
        Filter {
            learn: |_| false,
            hide: |value| {
                if let Some(list) = value.as_array_mut() {
                    for at in 1..list.len() {
                        if list[at - 1] == "--password" {
                            list[at] = json!("***");
                        }
                    }
                } else if let Some(map) = value.as_object_mut() {
                    for value in map.values_mut() {
                        if let Some(text) = value.as_str() {
                            *value = json!(text.replace("hunter2", "***"));
                        }
                    }
                }
            },
        }
    }

    #[test]
    fn secrets_and_values_of_variables_are_replaced() {
        let mut mask = Mask::new(filter());
        mask.learn_word("--key=abcdef", "--key=${env:KEY}");
        mask.learn_word("/home/me/x", "${env:HOME}/x");
        mask.learn_word("xy", "${env:SHORT}");
        for _ in 0..2 {
            let mut value = json!({
                "argv": ["app", "--password", "x", "--key=abcdef", "/home/me/x", "xy"],
                "title": "abcdef hunter2 xyz",
                "token": "hunter2",
                "list": [{ "kind": "Workspace", "name": "hunter2", "marks": ["hunter2"] }],
                "number": 1,
            });
            mask.hide(&mut value);
            assert_eq!(
                value,
                json!({
                    "argv": ["app", "--password", "***", "--key=${env:KEY}", "/home/me/x", "${env:SHORT}"],
                    "title": "${env:KEY} *** xyz",
                    "token": "hunter2",
                    "list": [{ "kind": "Workspace", "name": "hunter2", "marks": ["hunter2"] }],
                    "number": 1,
                })
            );
        }
    }
}
