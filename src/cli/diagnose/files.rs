//! The configuration and the layouts in a report, without secrets and titles.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::context::{Context, Loaded};
use crate::compile::Launch;
use crate::config;
use crate::config::Layer;
use crate::config::store::ConfigError;
use crate::error::Error;
use crate::layout::{Command, Problems, read_bytes};
use crate::store::{Opened, Target};
use crate::ui::diagnostic;
use crate::ui::masked::{mask_private, mask_words};
use crate::ui::private::Names;
use crate::ui::words::{clean, hide_secrets_in, tilde};

/// The files of a report, and what must not be quoted from them.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The configuration files.
    pub(super) configuration: Vec<Value>,
    /// The layouts.
    pub(super) layouts: Vec<Value>,
    /// Messages about mistakes that quote a file, each with its replacement.
    quotes: Vec<(String, String)>,
}

impl Files {
    /// Reads the configuration. From now on, its secrets are masked.
    pub(super) fn read_configuration(&mut self, context: &Context, names: &mut Names) {
        for path in context.config_files() {
            let file = match context.store.read(&Target::File(path.clone())) {
                Ok(opened) => {
                    let origin = context.short(&path);
                    let read = config::read::read(&opened.bytes, &origin, Layer::User);
                    self.file(&path, &opened, read.err().as_ref(), names)
                }
                Err(error) if error.is_missing() => continue,
                Err(error) => unreadable(&path, &ConfigError::of_file(error).into()),
            };
            self.configuration.push(file);
        }
    }

    /// Reads the layouts. From now on, their secrets are masked.
    pub(super) fn read_layouts(&mut self, context: &Context, names: &mut Names) {
        for listed in context.store.files().unwrap_or_default() {
            let path = &listed.path;
            let mut file = match context.store.read(&Target::File(path.clone())) {
                Ok(mut opened) => {
                    // Problems of an included file would quote its text.
                    let read = context
                        .parse_file(&mut opened)
                        .or_else(|_| read_bytes(&opened.bytes, &opened.origin, opened.format));
                    let file = self.file(path, &opened, read.as_ref().err(), names);
                    if let Ok(layout) = read
                        && let Ok(loaded) =
                            context.filled(&listed.full_name(), opened, &layout, &[])
                    {
                        learn_names(context, &loaded, names);
                    }
                    file
                }
                Err(error) => unreadable(path, &error.into()),
            };
            file["name"] = json!(listed.full_name());
            self.layouts.push(file);
        }
    }

    /// A file without secrets. Its text is left out if it cannot be parsed, or is not a file of this
    /// program: then nothing shows which of its words are private.
    fn file(
        &mut self,
        path: &Path,
        opened: &Opened,
        error: Option<&Problems>,
        names: &mut Names,
    ) -> Value {
        let text = &String::from_utf8_lossy(&opened.bytes);
        let mut problems = error
            .map(|all| diagnostic::to_json(all))
            .unwrap_or_default();
        let is_code = |problem: &Value, codes: &[&str]| {
            let code = problem["code"].as_str().unwrap_or_default();
            codes.iter().any(|one| code.ends_with(one))
        };
        let unknown = [
            "syntax",
            "foreign-file",
            "unsupported-version",
            "more-errors",
        ];
        let is_known = !problems.iter().any(|problem| is_code(problem, &unknown));
        // The value of a misspelt `title` or `password` is as private as that of the right key.
        let strange = error.into_iter().flat_map(|all| &all.list).zip(&problems);
        let strange =
            strange.filter(|(_, problem)| is_code(problem, &["unknown-key", "wrong-type"]));
        let strange: Vec<_> = strange.map(|(one, _)| one.path.clone()).collect();
        let masked = is_known.then(|| mask_private(text, opened.format, &strange));
        let masked = masked.flatten();
        if masked.is_none() {
            // Other parts of the report may quote it.
            mask_words(text);
        }
        let hide = |message: &str| match &masked {
            Some(masked) => without_values(message, masked.values.iter()),
            None => without_quotes(message),
        };
        for problem in &mut problems {
            if let Some(fields) = problem.as_object_mut() {
                fields.remove("excerpt");
            }
            for field in ["message", "hint"] {
                if let Some(before) = problem[field].as_str().map(str::to_owned) {
                    let after = hide(&before);
                    problem[field] = json!(after);
                    self.add_quote(before, after);
                }
            }
        }
        let titles = masked.iter().flat_map(|masked| &masked.titles);
        titles.for_each(|title| names.learn_title(Some(title), None));
        json!({
            "file": path,
            "bytes": opened.bytes.len(),
            "lines": text.lines().count(),
            "problems": problems,
            "text": masked.map(|masked| masked.text),
        })
    }

    fn add_quote(&mut self, before: String, after: String) {
        if before != after {
            // Other parts of the report may have the message as it is printed.
            let printed = tilde(&clean(&before));
            self.quotes.push((before, after.clone()));
            self.quotes.push((printed, after));
        }
    }

    /// Removes the quotes from other parts of the report, such as the results of `doctor`.
    pub(super) fn remove_quotes(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                for (before, after) in &self.quotes {
                    if text.contains(before) {
                        *text = text.replace(before, after);
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.remove_quotes(one)),
            Value::Object(map) => map.values_mut().for_each(|one| self.remove_quotes(one)),
            _ => {}
        }
    }
}

fn unreadable(path: &Path, error: &Error) -> Value {
    json!({
        "file": path,
        "problems": diagnostic::to_json(error),
        "text": null,
    })
}

/// A message without these values of the file, which may be shortened in it.
fn without_values<'v>(message: &str, values: impl Iterator<Item = &'v String>) -> String {
    /// Shorter values are only replaced where they are quoted.
    const SHORT: usize = 4;
    let mut message = message.to_owned();
    for value in values {
        message = message.replace(&format!("`{value}`"), "`***`");
        if value.chars().count() >= SHORT {
            message = message.replace(value.as_str(), "***");
        }
        let shortened: String = value.chars().take(60).collect();
        message = message.replace(&format!("`{shortened}…`"), "`***`");
    }
    message
}

/// A message about the syntax of a file without what it quotes. Signs stay.
fn without_quotes(message: &str) -> String {
    /// The longest sign, such as `: `.
    const SIGN: usize = 2;
    // The parser's own message can have any text.
    if let Some((known, _)) = message
        .split_once(": ")
        .filter(|(known, _)| *known == "invalid YAML")
    {
        return known.to_owned();
    }
    let (Some(first), Some(last)) = (message.find('`'), message.rfind('`')) else {
        return message.to_owned();
    };
    let quoted = message.get(first + 1..last).unwrap_or_default();
    if quoted.chars().count() <= SIGN {
        return message.to_owned();
    }
    format!("{}`…`{}", &message[..first], &message[last + 1..])
}

/// Learns the secrets and the private names of a layout.
fn learn_names(context: &Context, loaded: &Loaded, names: &mut Names) {
    // Learns the values of the environment variables in it.
    let plan = context.plan(loaded, &[], &[], &[]);
    for (_, slot) in plan.slots() {
        if let Launch::Program(program) = &slot.launch {
            hide_secrets_in(&program.argv);
        }
    }
    let templates = loaded.layout.templates.values();
    let windows = loaded.layout.windows();
    for window in windows.chain(templates.map(|template| &template.0)) {
        names.learn_title(
            window.seen.title.as_deref(),
            window.swallow.title.as_deref(),
        );
        let words = window.command.as_ref().map(Command::words);
        let words = words.and_then(Result::ok).unwrap_or_default();
        for title in titles_in(&words) {
            names.learn_title(Some(title), None);
        }
    }
    for monitor in &loaded.layout.monitors {
        names.learn_serial(monitor.edid.serial.as_deref().unwrap_or_default());
    }
}

/// The options of terminals and other X programs that set the title.
const TITLE_OPTIONS: [&str; 3] = ["-T", "-title", "--title"];

/// The titles in a command. A title of one word is mostly the name of something.
fn titles_in(words: &[String]) -> impl Iterator<Item = &str> {
    let before = std::iter::once("").chain(words.iter().map(String::as_str));
    let titles = words.iter().zip(before).filter_map(|(word, before)| {
        let is_value = TITLE_OPTIONS.contains(&before);
        let value = word.strip_prefix("--title=");
        value.or_else(|| is_value.then_some(word.as_str()))
    });
    titles.filter(|title| title.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_commands_are_private() {
        let words = [
            "xterm",
            "-T",
            "Letter to Frank",
            "-e",
            "x y",
            "--title=a b",
            "--title",
            "log",
        ];
        let words = words.map(str::to_owned);
        assert_eq!(
            titles_in(&words).collect::<Vec<_>>(),
            ["Letter to Frank", "a b"]
        );
    }

    #[test]
    fn messages_quote_nothing_private() {
        for (message, expected) in [
            ("missing space after `pw:`", "missing space after `…`"),
            (
                "`a b` is an alias, but no anchor `&a b` exists",
                "`…` exists",
            ),
            ("a value with `: ` in it", "a value with `: ` in it"),
            ("invalid YAML: found x", "invalid YAML"),
            ("this file is empty", "this file is empty"),
        ] {
            assert_eq!(without_quotes(message), expected);
        }
        let long = "x".repeat(61);
        let values = ["ab".to_owned(), "abcd".to_owned(), long.clone()];
        let message = format!("`ab` about 'abcd' `{}…`", &long[..60]);
        let hidden = without_values(&message, values.iter());
        assert_eq!(hidden, "`***` about '***' `***`");
    }
}
