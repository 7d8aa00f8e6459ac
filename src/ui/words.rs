//! Counts, durations, places and names in messages, without secrets.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::discover::secrets::{self, Known, Secrets};
use crate::layout::Pattern;
use crate::text::byte_of;

/// A count with its noun: `1 window`, `3 windows`.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

/// A duration: `8 ms`, `1.2 s`.
pub fn duration(time: Duration) -> String {
    if time < Duration::from_millis(100) {
        format!("{} ms", time.as_millis().max(1))
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// A workspace in the middle of a sentence.
pub fn place(workspace: Option<&str>) -> String {
    match workspace {
        Some(name) => format!("workspace `{}`", clean(name)),
        None => "the scratchpad".to_owned(),
    }
}

/// A workspace with its preposition.
pub fn at(workspace: Option<&str>) -> String {
    let preposition = if workspace.is_some() { "on" } else { "in" };
    format!("{preposition} {}", place(workspace))
}

/// Names in backquotes, separated by commas.
pub fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter().map(|name| format!("`{}`", clean(name)));
    names.collect::<Vec<_>>().join(", ")
}

/// The secret patterns of the user. They are set once, and apply to all output.
static USER_SECRETS: OnceLock<Secrets> = OnceLock::new();

/// Masks the matches of these patterns, and the values of these environment variables whose names say that
/// they are secret, in all output from now on. Only the first call has an effect.
pub fn hide_matches_of<'e>(
    patterns: Vec<Pattern>,
    environment: impl IntoIterator<Item = (&'e str, &'e str)>,
) {
    let _ = USER_SECRETS.set(Secrets::new(patterns).with_environment(environment));
}

fn known_secrets() -> &'static Secrets {
    static BUILT_IN: Secrets = Secrets::forgetful();
    USER_SECRETS.get().unwrap_or(&BUILT_IN)
}

/// The secrets in the command lines of the open windows, and the values of environment variables in
/// layouts.
static HIDDEN_VALUES: Mutex<HiddenValues> = Mutex::new(HiddenValues {
    values: BTreeSet::new(),
    known: None,
});

struct HiddenValues {
    values: BTreeSet<String>,
    /// `None` if a secret was added since it was last needed.
    known: Option<Known>,
}

impl HiddenValues {
    /// Returns true if some were not known before.
    fn add(&mut self, values: impl IntoIterator<Item = String>) -> bool {
        let count = self.values.len();
        self.values.extend(values);
        let is_new = self.values.len() > count;
        if is_new {
            self.known = None;
        }
        is_new
    }
}

/// Masks the secrets of this command line in all output from now on.
pub fn hide_secrets_in(argv: &[String]) {
    learn(known_secrets().values(argv));
}

/// Masks these values of environment variables in all output from now on. Directories and short
/// values are no secrets, but parts of many other words.
pub fn hide_values(values: impl IntoIterator<Item = String>) {
    let is_hidden = |value: &String| value.len() >= secrets::MIN_LENGTH && !value.starts_with('/');
    learn(values.into_iter().filter(is_hidden));
}

/// Adds secrets. Returns true if some were not known before.
fn learn(values: impl IntoIterator<Item = String>) -> bool {
    let mut given = HIDDEN_VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    given.add(values)
}

/// The command line with `***` for secrets, which are masked in all output from now on. True if
/// some were not known before.
pub fn hide_line(argv: &[String]) -> (Vec<String>, bool) {
    let words: Vec<String> = argv.iter().map(|word| hide_values_in(word)).collect();
    let (masked, values) = known_secrets().masked_with_values(&words);
    (masked, learn(values))
}

/// The home directory of the user. It is set once.
static HOME: OnceLock<PathBuf> = OnceLock::new();

/// Sets the home directory, which [`tilde`] shortens. Only the first call has an effect.
pub fn shorten(home: &Path) {
    let _ = HOME.set(home.to_owned());
}

/// A message for people, with `~` for the home directory at the beginning of each path.
pub fn tilde(text: &str) -> String {
    match HOME.get().and_then(|home| home.to_str()) {
        Some(home) => tilde_for(text, home),
        None => text.to_owned(),
    }
}

fn tilde_for(text: &str, home: &str) -> String {
    let home = home.trim_end_matches('/');
    if home.is_empty() {
        return text.to_owned();
    }
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(home) {
        let (before, after) = (&rest[..at], &rest[at + home.len()..]);
        short.push_str(before);
        // A shell does not expand `~` in quotes.
        let begins = short.is_empty() || short.ends_with([' ', '\n', '`', '(']);
        let ends = after.is_empty() || after.starts_with(['/', ' ', '\n', '`', ')', ':', ';', ',']);
        short.push_str(if begins && ends { "~" } else { home });
        rest = after;
    }
    short + rest
}

/// The text without control characters and with `***` for secrets.
pub fn clean(text: &str) -> String {
    visible(&hide(text))
}

/// The text without control characters, which a terminal would interpret. Bytes that are
/// not UTF-8 become `\xff`.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for letter in text.chars() {
        match byte_of(letter) {
            // Writing into a String cannot fail.
            Some(byte) => drop(write!(visible, "\\x{byte:02x}")),
            None => visible.push(visible_char(letter)),
        }
    }
    visible
}

/// The character, or a replacement for one that a terminal would interpret.
pub fn visible_char(character: char) -> char {
    match character {
        '\t' => ' ',
        // Direction marks could reorder a line so that it seems to say something else, and invisible
        // characters could hide something in it (Unicode categories Cf, Zl and Zp).
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

/// The names of layouts with which messages of this program begin.
static LAYOUTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Registers a layout, for [`hide_in_message`].
pub fn know_layout(name: &str) {
    let mut layouts = LAYOUTS.lock().unwrap_or_else(PoisonError::into_inner);
    layouts.insert(clean(name));
}

/// A message of this program with `***` for secrets. If it begins with the name of a layout and a
/// colon, the name announces no secret: `password: nothing to do`.
pub fn hide_in_message(text: &str) -> String {
    let layouts = LAYOUTS.lock().unwrap_or_else(PoisonError::into_inner);
    let begins = |name: &&str| layouts.contains(*name);
    match text.split_once(": ").filter(|(name, _)| begins(name)) {
        Some((name, rest)) => format!("{name}: {}", hide_outside_quotes(rest)),
        None => hide_outside_quotes(text),
    }
}

/// As [`hide`], but keeps the backquotes of a message.
fn hide_outside_quotes(text: &str) -> String {
    hide_values_in(&known_secrets().masked_message(text))
}

/// The text with `***` for secrets.
pub fn hide(text: &str) -> String {
    // In this order, because a part of one secret may be another secret.
    hide_values_in(&known_secrets().masked_text(text))
}

/// The text with `***` for the secrets that are known, without a search for others.
pub fn hide_known(text: &str) -> String {
    hide_values_in(text)
}

fn hide_values_in(text: &str) -> String {
    let mut given = HIDDEN_VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    let HiddenValues { values, known } = &mut *given;
    known
        .get_or_insert_with(|| values.iter().collect())
        .hide(text)
}

/// Masks the secrets in a JSON value. A list of strings is treated as a command line.
pub fn hide_in(value: &mut Value) {
    match value {
        Value::String(text) => *text = hide(text),
        Value::Array(list) => {
            let texts: Option<Vec<String>> = list
                .iter()
                .map(|entry| entry.as_str().map(hide_values_in))
                .collect();
            match texts {
                Some(texts) => {
                    let hidden = known_secrets().masked(&texts);
                    *list = hidden.into_iter().map(Value::String).collect();
                }
                None => list.iter_mut().for_each(hide_in),
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) => *text = hide_value(key, text),
                    other => hide_in(other),
                }
            }
        }
        _ => {}
    }
}

/// Masks the value of a key; the key's name can show that the value is a secret.
pub fn hide_value(key: &str, text: &str) -> String {
    let whole = known_secrets().masked(&[format!("{key}={text}")]).concat();
    if whole == format!("{key}={}", secrets::MASK) {
        secrets::MASK.to_owned()
    } else {
        hide(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_count() {
        assert_eq!(Count(1, "window").to_string(), "1 window");
        assert_eq!(Count(0, "window").to_string(), "0 windows");
        assert_eq!(Count(2, "window").to_string(), "2 windows");
    }

    #[test]
    fn invisible_characters_are_replaced() {
        for letter in "\u{ad}\u{200b}\u{202e}\u{2060}\u{2066}\u{feff}\u{e0041}".chars() {
            assert_eq!(visible(&format!("a{letter}b")), "a\u{fffd}b");
        }
        assert_eq!(visible("ü é 🦀 ☕\u{fe0f}"), "ü é 🦀 ☕\u{fe0f}");
    }

    #[test]
    fn secrets_are_masked_in_output() {
        assert_eq!(clean("a\tb\rc --password=x"), "a b\u{fffd}c --password=***");
        let mut value = serde_json::json!({
            "command": ["app", "--token", "x", "y"],
            "env": { "DB_PASSWORD": "x", "A": "b" },
            "list": [{ "title": "mysql -px" }, 1],
            "password": null,
        });
        hide_in(&mut value);
        assert_eq!(
            value,
            serde_json::json!({
                "command": ["app", "--token", "***", "y"],
                "env": { "DB_PASSWORD": "***", "A": "b" },
                "list": [{ "title": "mysql -p***" }, 1],
                "password": null,
            })
        );
    }

    #[test]
    fn quotations_in_messages_stay_closed() {
        for (message, masked) in [
            ("no slot `token: x1`", "no slot `token: ***`"),
            ("`a` and `token=x1`: no", "`a` and `token=***`: no"),
            ("`token: ***` (`b`)", "`token: ***` (`b`)"),
            ("run `x --token y`; then", "run `x --token ***`; then"),
            ("token=x`1", "token=***"),
            ("`token=x`1` y", "`token=***` y"),
        ] {
            assert_eq!(hide_in_message(message), masked);
        }
    }

    #[test]
    fn paths_in_messages_begin_with_a_tilde() {
        for (text, short) in [
            ("cannot read /home/ada/x", "cannot read ~/x"),
            ("/home/ada/x.yaml:1:2", "~/x.yaml:1:2"),
            ("in `/home/ada` (/home/ada/a)", "in `~` (~/a)"),
            ("rm '/home/ada/a b'", "rm '/home/ada/a b'"),
            ("/home/adam/x", "/home/adam/x"),
            ("/mnt/home/ada/x", "/mnt/home/ada/x"),
        ] {
            assert_eq!(tilde_for(text, "/home/ada"), short);
        }
        assert_eq!(tilde_for("/a", "/"), "/a");
    }

    #[test]
    fn durations_are_rounded() {
        for (millis, text) in [(0, "1 ms"), (8, "8 ms"), (100, "0.1 s"), (1234, "1.2 s")] {
            assert_eq!(duration(Duration::from_millis(millis)), text);
        }
    }
}
