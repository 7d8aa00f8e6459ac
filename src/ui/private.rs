//! Removes everything from a report that a person would not publish: secrets, titles of windows,
//! serial numbers of monitors, the name of the machine and the home directory.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;

use super::words::{hide, hide_in, hide_value, hide_values};
use crate::discover::secrets::MASK;
use crate::layout::criteria;

/// Shorter names are replaced only where they are the complete value: they may be a part of any
/// word.
const MIN_LENGTH: usize = 8;

/// Names that a report must not have.
#[derive(Debug, Default)]
pub struct Names {
    titles: BTreeSet<String>,
    serials: BTreeSet<String>,
    machines: BTreeSet<String>,
    /// Classes and instances in lower case, which are not private.
    programs: BTreeSet<String>,
}

impl Names {
    /// Collects the names in a value: titles of windows and their containers, serial numbers,
    /// machines.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| self.learn(one)),
            Value::Object(map) => {
                let is_con = map.get("kind").and_then(Value::as_str) == Some("Con");
                // Other containers have names such as `content`.
                let is_window = is_con && map.get("window").is_some_and(|id| !id.is_null());
                for (key, value) in map {
                    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
                        if key == "gone" {
                            let gone = value.as_array().into_iter().flatten();
                            let gone = gone.filter_map(Value::as_str);
                            self.titles.extend(gone.map(str::to_owned));
                        }
                        self.learn(value);
                        continue;
                    };
                    let set = match key.as_str() {
                        "title" => &mut self.titles,
                        "name" if is_window => &mut self.titles,
                        "serial" => &mut self.serials,
                        "machine" => &mut self.machines,
                        "class" | "instance" => {
                            self.programs.insert(text.to_lowercase());
                            continue;
                        }
                        _ => continue,
                    };
                    set.insert(text.to_owned());
                }
            }
            _ => {}
        }
    }

    /// Adds the title that `capture` saw for a slot, and the one that its criterion matches.
    pub fn learn_title(&mut self, seen: Option<&str>, criterion: Option<&str>) {
        self.titles.extend(seen.map(str::to_owned));
        self.titles.extend(criterion.and_then(criteria::literal));
    }

    /// Adds the serial number of a monitor.
    pub fn learn_serial(&mut self, serial: &str) {
        self.serials
            .extend((!serial.is_empty()).then(|| serial.to_owned()));
    }

    /// The filter for these names and this home directory.
    pub fn filter(&self, home: &Path) -> Filter {
        let titles = self.titles.iter();
        let titles = titles.filter(|title| !self.programs.contains(&title.to_lowercase()));
        let titles = titles.enumerate().map(|(position, title)| {
            let length = title.chars().count();
            (
                title,
                format!("<title {}, {length} characters>", position + 1),
            )
        });
        let serials = self.serials.iter().enumerate();
        let serials =
            serials.map(|(position, serial)| (serial, format!("<serial {}>", position + 1)));
        let machines = self
            .machines
            .iter()
            .map(|name| (name, "<machine>".to_owned()));
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, other) in titles.chain(serials).chain(machines) {
            for form in forms(name) {
                pairs.push((form, other.clone()));
            }
        }
        let home = home
            .to_str()
            .map(|home| home.trim_end_matches('/').to_owned());
        Filter::new(pairs, home.filter(|home| !home.is_empty()))
    }
}

/// The forms in which a name may be written: as it is, as a criterion, in quotes, and without
/// secrets.
fn forms(name: &str) -> BTreeSet<String> {
    let quoted = |text: &str| {
        let quoted = Value::from(text).to_string();
        quoted.trim_matches('"').to_owned()
    };
    let criterion = criteria::escape(name);
    let forms = [
        quoted(name),
        quoted(&criterion),
        hide(name),
        name.to_owned(),
        criterion,
    ];
    let is_name = |form: &String| !form.is_empty() && form != MASK;
    forms.into_iter().filter(is_name).collect()
}

/// Removes names, secrets and the home directory.
#[derive(Debug)]
pub struct Filter {
    /// The names, each with its replacement.
    pairs: Vec<(String, String)>,
    /// Finds the long ones inside of other strings.
    inside: Option<AhoCorasick>,
    /// The replacements of the long ones.
    others: Vec<String>,
    home: Option<String>,
}

impl Filter {
    fn new(pairs: Vec<(String, String)>, home: Option<String>) -> Self {
        let long = pairs
            .iter()
            .filter(|(name, _)| name.chars().count() >= MIN_LENGTH);
        let (names, others): (Vec<&String>, Vec<String>) =
            long.map(|(name, other)| (name, other.clone())).unzip();
        let mut builder = AhoCorasick::builder();
        Self {
            inside: builder
                .match_kind(MatchKind::LeftmostLongest)
                .build(names)
                .ok(),
            others,
            pairs,
            home,
        }
    }

    /// Removes them from all strings of a value.
    pub fn clean(&self, value: &mut Value) {
        self.replace_in(value);
        hide_in(value);
        self.replace_home(value);
    }

    fn replace_in(&self, value: &mut Value) {
        match value {
            // A message can quote a line of a file.
            Value::String(text) => *text = hide_pairs_in(&self.replaced(text)),
            Value::Array(list) => list.iter_mut().for_each(|one| self.replace_in(one)),
            Value::Object(map) => map.values_mut().for_each(|one| self.replace_in(one)),
            _ => {}
        }
    }

    fn replaced(&self, text: &str) -> String {
        let mut pairs = self.pairs.iter();
        if let Some((_, other)) = pairs.find(|(name, _)| name == text) {
            return other.clone();
        }
        match &self.inside {
            Some(inside) => inside.replace_all(text, &self.others),
            None => text.to_owned(),
        }
    }

    fn replace_home(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(home) = &self.home {
                    *text = without_home(text, home);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.replace_home(one)),
            Value::Object(map) => {
                for (_, one) in map.iter_mut() {
                    self.replace_home(one);
                }
            }
            _ => {}
        }
    }
}

/// The text with `~` for the home directory, wherever a path may begin.
fn without_home(text: &str, home: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(home) {
        let (before, after) = (&rest[..at], &rest[at + home.len()..]);
        short.push_str(before);
        let is_part = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        let begins = !short.ends_with(is_part);
        let ends = !after.starts_with(is_part);
        short.push_str(if begins && ends { "~" } else { home });
        rest = after;
    }
    short + rest
}

/// Masks the secrets of environment variables everywhere: the values of those whose name says that
/// they are secret.
pub fn learn_variable(name: &str, value: &str) {
    if hide_value(name, value) == MASK {
        hide_values([value.to_owned()]);
    }
}

/// Lines of a file without secrets, such as a comment.
pub fn hide_in_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| hide(&hide_pairs(line)));
    lines.collect::<Vec<_>>().join("\n")
}

fn hide_pairs_in(text: &str) -> String {
    let lines = text.split('\n').map(hide_pairs);
    lines.collect::<Vec<_>>().join("\n")
}

/// A line with `***` for the values of secret keys and serial numbers, also for several in braces.
/// The secrets are masked everywhere from now on.
fn hide_pairs(line: &str) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(": ") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        masked.push_str(before);
        masked.push_str(": ");
        let is_in_key = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
        let key = before.trim_end_matches(['"', '\'']);
        let key = key
            .rsplit(|letter| !is_in_key(letter))
            .next()
            .unwrap_or_default();
        let length = length_of_value(after);
        let (value, tail) = after.split_at(length);
        let plain = value.trim().trim_matches(['"', '\'']);
        let is_secret = || !plain.is_empty() && hide_value(key, plain) == MASK;
        if !key.is_empty() && plain != MASK && (key == "serial" || is_secret()) {
            hide_values([plain.to_owned()]);
            masked.push_str(MASK);
            rest = tail;
        } else {
            rest = after;
        }
    }
    masked + rest
}

/// The length of a value at the beginning of a text, in bytes.
fn length_of_value(text: &str) -> usize {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    match quote {
        Some(quote) => {
            let mut is_escaped = false;
            let end = text.char_indices().skip(1).find(|&(_, letter)| {
                let ends = letter == quote && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                ends
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        None => text.find([',', '}']).unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn titles_serials_machines_and_home_are_replaced_everywhere() {
        let mut value = json!({
            "tree": { "kind": "Con", "window": 7, "name": "Inbox (3) - Mail", "properties": {
                "class": "Firefox", "title": "Inbox (3) - Mail", "machine": "ada-laptop" } },
            "other": { "kind": "Con", "window": 8, "name": "firefox" },
            "inner": { "kind": "Con", "window": null, "name": "content" },
            "workspace": { "kind": "Workspace", "name": "1: web" },
            "outputs": [{ "serial": "7Q3XX" }],
            "evidence": ["the title `Inbox (3) - Mail`"],
            "text": "title: ^Inbox \\(3\\) - Mail$\ncwd: /home/ada/src\n# /home/adam",
            "startup_id": "xterm-ada-laptop_TIME1",
        });
        let mut names = Names::default();
        names.learn(&value);
        names.filter(Path::new("/home/ada")).clean(&mut value);
        let title = "<title 1, 16 characters>";
        assert_eq!(
            value,
            json!({
                "tree": { "kind": "Con", "window": 7, "name": title, "properties": {
                    "class": "Firefox", "title": title, "machine": "<machine>" } },
                "other": { "kind": "Con", "window": 8, "name": "firefox" },
            "inner": { "kind": "Con", "window": null, "name": "content" },
                "workspace": { "kind": "Workspace", "name": "1: web" },
                "outputs": [{ "serial": "<serial 1>" }],
                "evidence": [format!("the title `{title}`")],
                "text": format!("title: ^{title}$\ncwd: ~/src\n# /home/adam"),
                "startup_id": "xterm-<machine>_TIME1",
            })
        );
    }

    #[test]
    fn secret_values_in_files_are_masked_even_if_they_are_short() {
        for (line, expected) in [
            (
                "  env: { DB_PASSWORD: abc, LANG: C }",
                "  env: { DB_PASSWORD: ***, LANG: C }",
            ),
            ("password: 'a b'", "password: ***"),
            (r#"  "token": "a\"b","#, r#"  "token": ***,"#),
            (
                "{ make: DEL, serial: \"7Q3\" }",
                "{ make: DEL, serial: *** }",
            ),
            ("command: mysql -pabc", "command: mysql -p***"),
            ("title: a: b", "title: a: b"),
        ] {
            assert_eq!(hide_in_lines(line), expected);
        }
    }
}
