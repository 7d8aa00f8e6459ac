//! Removes secrets from the lines of a journal.
//!
//! The values of `${env:NAME}` in a layout become `${env:NAME}` again, and everything passes the
//! filter of all output. The same string gets the same mask in all lines of a run, so that a replay
//! of the masked events decides as the run did.

mod masking;

use std::collections::HashMap;

use serde::Serialize;

use crate::compile::{Launch, Plan, Program};
use crate::layout::vars::{self, Piece};
use masking::Masking;

/// The filter of all output.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Masks the secrets in a command line, and learns them. Returns true if there are new ones.
    pub line: fn(&[String]) -> (Vec<String>, bool),
    /// Masks the secrets in a string.
    pub text: fn(&str) -> String,
    /// Masks the secrets in the value of a key.
    pub entry: fn(&str, &str) -> String,
}

/// The minimum length of a value that is also found inside of other strings.
const MIN_LENGTH: usize = 4;

/// Variables whose values are no secrets.
const HARMLESS: [&str; 12] = [
    "DISPLAY", "EDITOR", "HOME", "HOSTNAME", "I3SOCK", "LANG", "LOGNAME", "PATH", "PWD", "SHELL",
    "TERM", "USER",
];

/// Removes secrets.
#[derive(Debug)]
pub(super) struct Mask {
    filter: Filter,
    /// Words with the values of variables, and the words in the file.
    words: HashMap<String, String>,
    /// The values of variables, and `${env:NAME}`.
    values: Vec<(String, String)>,
    /// The masked strings.
    texts: HashMap<String, String>,
    /// The latest masked value of a key.
    value: String,
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
            value: String::new(),
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
        let _ = self.line(argv);
    }

    /// Forgets the masked strings, because more secrets are known.
    fn forget(&mut self) {
        self.texts.clear();
        self.lines.clear();
    }

    /// Writes a value as JSON without secrets.
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        value: &(impl Serialize + ?Sized),
    ) -> serde_json::Result<()> {
        let format = Masking::new(self);
        value.serialize(&mut serde_json::Serializer::with_formatter(out, format))
    }

    /// The command line without secrets.
    pub(super) fn line(&mut self, words: &[String]) -> &[String] {
        if !self.lines.contains_key(words) {
            let line: Vec<String> = words
                .iter()
                .map(|word| self.with_references(word))
                .collect();
            let (masked, has_new) = (self.filter.line)(&line);
            if has_new {
                self.forget();
            }
            self.lines.insert(words.to_vec(), masked);
        }
        self.lines.get(words).map_or(&[], Vec::as_slice)
    }

    /// The string without secrets.
    pub(super) fn text(&mut self, text: &str) -> &str {
        if !self.texts.contains_key(text) {
            let masked = (self.filter.text)(&self.with_references(text));
            self.texts.insert(text.to_owned(), masked);
        }
        self.texts.get(text).map_or("", String::as_str)
    }

    /// The value of a key without secrets.
    pub(super) fn entry(&mut self, key: &str, text: &str) -> &str {
        // All other keys are those of this program.
        let is_variable = key.starts_with(|first: char| first.is_ascii_uppercase() || first == '_');
        if !is_variable {
            return self.text(text);
        }
        self.value = (self.filter.entry)(key, &self.with_references(text));
        &self.value
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
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Masks `hunter2`, and strings beside `--password`.
    fn filter() -> Filter {
        fn text(text: &str) -> String {
            text.replace("hunter2", "***")
        }
        Filter {
            line: |words| {
                let mut masked: Vec<String> = words.iter().map(|word| text(word)).collect();
                for at in 1..words.len() {
                    if words[at - 1] == "--password" {
                        "***".clone_into(&mut masked[at]);
                    }
                }
                (masked, false)
            },
            text,
            entry: |key, value| match key {
                "DB_PASSWORD" => "***".to_owned(),
                _ => text(value),
            },
        }
    }

    fn masked(mask: &mut Mask, value: &Value) -> Value {
        let mut text = Vec::new();
        mask.write(&mut text, value).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    #[test]
    fn secrets_and_values_of_variables_are_replaced() {
        let mut mask = Mask::new(filter());
        mask.learn_word("--key=abcdef", "--key=${env:KEY}");
        mask.learn_word("/home/me/x", "${env:HOME}/x");
        mask.learn_word("xy", "${env:SHORT}");
        for _ in 0..2 {
            let value = json!({
                "argv": ["app", "--password", "x", "--key=abcdef", "/home/me/x", "xy"],
                "title": "abcdef hunter2 xyz",
                "token": "hunter2",
                "env": { "DB_PASSWORD": "x", "A": "hunter2" },
                "list": [{ "kind": "Workspace", "name": "hunter2", "marks": ["hunter2"] }],
                "mixed": ["hunter2", 1, "hunter2", ["hunter2"], null],
                "number": 1.5,
                "7": ["\"\n\u{1}ü\\", true],
            });
            assert_eq!(
                masked(&mut mask, &value),
                json!({
                    "argv": ["app", "--password", "***", "--key=${env:KEY}", "/home/me/x", "${env:SHORT}"],
                    "title": "${env:KEY} *** xyz",
                    "token": "hunter2",
                    "env": { "DB_PASSWORD": "***", "A": "***" },
                    "list": [{ "kind": "Workspace", "name": "hunter2", "marks": ["hunter2"] }],
                    "mixed": ["***", 1, "***", ["***"], null],
                    "number": 1.5,
                    "7": ["\"\n\u{1}ü\\", true],
                })
            );
        }
    }

    proptest! {
        #[test]
        fn json_without_secrets_is_unchanged(value in any_value()) {
            prop_assert_eq!(masked(&mut Mask::new(filter()), &value), value);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,3}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-cA]{1,2}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }
}
