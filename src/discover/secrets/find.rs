//! Where secrets are in a text and in a list of arguments.

use std::ops::Range;

use super::data::{DATA, Form, Program};
use super::tokens;
use super::words::{
    Announces, announces, announces_in_query, is_key_character, is_random, is_uuid, is_value,
};
use crate::discover::command_line::base_name;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// Where it is, in bytes.
    pub(super) range: Range<usize>,
    /// Its name, such as `api-key`.
    pub(super) key: String,
}

impl Secret {
    fn new(range: Range<usize>, key: &str) -> Self {
        Self {
            range,
            key: key.to_owned(),
        }
    }
}

/// The secrets of each argument, in order, without overlaps.
pub(super) fn in_arguments(argv: &[String]) -> Vec<Vec<Secret>> {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    let announced = announced(&words, false);
    words
        .iter()
        .zip(announced)
        .enumerate()
        .map(|(index, (word, announced))| {
            let before = index.checked_sub(1).and_then(|before| words.get(before));
            let script = before.is_some_and(|before| is_script_option(before));
            announced
                .or_else(|| if script { None } else { assigned(word) })
                .map_or_else(|| in_text(word), |secret| vec![secret])
        })
        .collect()
}

/// Secrets anywhere in a text, in order, without overlaps.
pub(super) fn in_text(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    private_keys(text, &mut found);
    headers(text, &mut found);
    assignments(text, &mut found);
    urls(text, &mut found);
    bearers(text, &mut found);
    tokens::find(text, |range| found.push(Secret::new(range, "token")));
    in_words(text, 0, &mut found);
    apart(found)
}

/// Secrets that words announce, also in a quoted script inside a script.
fn in_words(text: &str, offset: usize, found: &mut Vec<Secret>) {
    let words = words(text);
    if words.len() < 2 && words.first().is_none_or(|only| only.len() == text.len()) {
        return;
    }
    let texts: Vec<&str> = words
        .iter()
        .map(|range| text.get(range.clone()).unwrap_or_default())
        .collect();
    for ((range, word), secret) in words.iter().zip(&texts).zip(announced(&texts, true)) {
        if let Some(Secret { range: inside, key }) = secret {
            let start = offset + range.start + inside.start;
            found.push(Secret {
                range: start..start + inside.len(),
                key,
            });
        } else if word.contains(char::is_whitespace) {
            in_words(word, offset + range.start, found);
        }
    }
}

/// The secrets in order; those that overlap are one, called as the first of them.
fn apart(mut found: Vec<Secret>) -> Vec<Secret> {
    found.retain(|secret| !secret.range.is_empty());
    found.sort_by_key(|secret| (secret.range.start, usize::MAX - secret.range.end));
    let mut apart: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match apart.last_mut() {
            Some(last) if secret.range.start < last.range.end => {
                last.range.end = last.range.end.max(secret.range.end);
            }
            _ => apart.push(secret),
        }
    }
    apart
}

/// `-c` of a shell, also as `-lc`: what follows is a script.
fn is_script_option(argument: &str) -> bool {
    argument
        .strip_prefix('-')
        .and_then(|letters| letters.strip_suffix('c'))
        .is_some_and(|letters| letters.len() < 4 && letters.chars().all(|c| c.is_ascii_lowercase()))
}

/// An argument that is `key=value` as a whole; the value may hold spaces.
fn assigned(argument: &str) -> Option<Secret> {
    let (name, value) = argument.split_once('=')?;
    let key = name.trim_start_matches('-');
    let wanted = key.chars().all(is_key_character)
        && announces(key).is_some_and(|announces| is_value(key, announces, value, false));
    wanted.then(|| Secret::new(name.len() + 1..argument.len(), key))
}

/// Secrets that the word before them announces, or an option of the program that was
/// named last; of each word at most one.
fn announced(words: &[&str], script: bool) -> Vec<Option<Secret>> {
    let mut walk = Walk {
        script,
        program: None,
        is_on: false,
        keys_are_names: false,
        expected: None,
    };
    words.iter().map(|word| walk.step(word)).collect()
}

/// The state on the way from word to word.
struct Walk {
    script: bool,
    /// The program whose options count, and whether its subcommand was there.
    program: Option<&'static Program>,
    is_on: bool,
    /// True if the program's keys are names of keys.
    keys_are_names: bool,
    /// The secret that the last word announced.
    expected: Option<Expected>,
}

enum Expected {
    /// The value of an option that is called so.
    Named(String, Announces),
    /// The value of a program's own option.
    Own(Form),
    /// The secret that belongs to an access key.
    OfAccessKey,
}

impl Walk {
    fn step(&mut self, word: &str) -> Option<Secret> {
        match self.expected.take() {
            Some(Expected::Named(key, announces)) => {
                let option = word.starts_with("--") || word.starts_with('-') && !is_random(word);
                if !option && is_value(&key, announces, word, self.script) {
                    return Some(Secret::new(0..word.len(), &key));
                }
            }
            Some(Expected::Own(form)) if !word.starts_with("--") && word != "-" => {
                return self.value(word, 0, form);
            }
            Some(Expected::OfAccessKey) if tokens::is_secret_of_access_key(word) => {
                return Some(Secret::new(0..word.len(), "secret-key"));
            }
            _ => {}
        }
        let name = base_name(word);
        if let Some(known) = Program::named(name) {
            self.program = Some(known);
            self.is_on = known.subcommand.is_none();
            self.keys_are_names = false;
            return None;
        }
        if DATA.key_name_programs.contains(name) {
            self.program = None;
            self.keys_are_names = true;
        }
        if let Some(known) = self.program {
            self.is_on |= known.subcommand.as_deref() == Some(word);
            if self.is_on {
                for (option, &form) in &known.options {
                    let behind = word
                        .strip_prefix(option.as_str())
                        .filter(|behind| !behind.is_empty());
                    // `-pVALUE`; of a long option it is `--user=VALUE`.
                    let glued = form != Form::Next && !option.starts_with("--");
                    if word == option.as_str() && form != Form::Attached {
                        self.expected = Some(Expected::Own(form));
                        return None;
                    }
                    if let Some(behind) = behind.filter(|_| glued) {
                        return self.value(behind, option.len(), form);
                    }
                    if let Some(behind) = behind
                        .filter(|_| option.starts_with("--"))
                        .and_then(|behind| behind.strip_prefix('='))
                    {
                        return self.value(behind, option.len() + 1, form);
                    }
                }
            }
        }
        if tokens::is_access_key(word) {
            self.expected = Some(Expected::OfAccessKey);
        } else if word.eq_ignore_ascii_case("bearer") {
            let key = "token".to_owned();
            self.expected = Some(Expected::Named(key, Announces::Perhaps));
        } else if let Some(key) = flag(word).or_else(|| word.strip_suffix(':'))
            && let Some(announces) = announces(key)
            && !(self.keys_are_names && announces == Announces::Perhaps)
        {
            self.expected = Some(Expected::Named(key.to_owned(), announces));
        }
        None
    }

    /// The secret in the value of a program's own option, which starts at `offset`.
    fn value(&self, value: &str, offset: usize, form: Form) -> Option<Secret> {
        let start = match form {
            Form::After(separator) => value.find(separator)? + 1,
            _ => 0,
        };
        let secret = value.get(start..)?;
        // `curl -x http://…` has its password where every URL has it.
        let is_secret = !(secret.starts_with("//") && matches!(form, Form::After(':')))
            && is_value("password", Announces::Secret, secret, self.script);
        is_secret.then(|| Secret::new(offset + start..offset + value.len(), "password"))
    }
}

/// The name of an option whose value is the next word: `--password`, `-password`.
fn flag(argument: &str) -> Option<&str> {
    let key = argument
        .strip_prefix("--")
        .or_else(|| argument.strip_prefix('-'))?;
    (key.len() > 1 && key.chars().all(is_key_character)).then_some(key)
}

/// `key=value` and `key: value`, the value up to a space, a quote, or the next part of a
/// query.
fn assignments(text: &str, found: &mut Vec<Secret>) {
    for (at, separator) in text.match_indices(['=', ':']) {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + 1..).unwrap_or_default();
        let colon = separator == ":";
        // `https://`, `std::x` and `==` separate nothing.
        if after.starts_with("//") || after.starts_with(separator) || before.ends_with(separator) {
            continue;
        }
        let quoted = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let begin = quoted
            .rfind(|character| !is_key_character(character))
            .and_then(|at| Some(at + quoted.get(at..)?.chars().next()?.len_utf8()))
            .unwrap_or(0);
        let key = quoted
            .get(begin..)
            .unwrap_or_default()
            .trim_start_matches('-');
        let in_query = !colon
            && text
                .get(..begin)
                .is_some_and(|before| before.ends_with(['?', '&']));
        let announced = if in_query {
            announces_in_query(key)
        } else {
            announces(key)
        };
        let Some(announces) = announced else {
            continue;
        };
        let blank = if colon {
            after.len() - after.trim_start_matches(' ').len()
        } else {
            0
        };
        let (value, start) = value(text, at + 1 + blank, colon);
        if is_value(key, announces, value, true) {
            found.push(Secret::new(start..start + value.len(), key));
        }
    }
}

/// The value at a place, without its quotes, and where it starts.
fn value(text: &str, start: usize, colon: bool) -> (&str, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let quote = rest
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let skip = usize::from(quote.is_some());
    let rest = rest.get(skip..).unwrap_or_default();
    let end = rest
        .find(|character: char| match quote {
            Some(quote) => character == quote,
            None => {
                character.is_whitespace()
                    || matches!(character, '&' | ';' | '"' | '\'')
                    || colon && matches!(character, ',' | '}')
            }
        })
        .unwrap_or(rest.len());
    (rest.get(..end).unwrap_or_default(), start + skip)
}

/// `Authorization: SCHEME …` and `Cookie: …`: everything up to the end of the header.
fn headers(text: &str, found: &mut Vec<Secret>) {
    let lower = text.to_ascii_lowercase();
    for (name, key) in [("authorization", "token"), ("cookie", "cookie")] {
        for (at, _) in lower.match_indices(name) {
            let from = at + name.len();
            let rest = text.get(from..).unwrap_or_default();
            let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
            let Some(after) = rest.strip_prefix(':') else {
                continue;
            };
            let after = after.trim_start_matches([' ', '"', '\'']);
            let end = after.find(['"', '\'', '\n', '\r']).unwrap_or(after.len());
            let value = after.get(..end).unwrap_or_default();
            let secret = match value.split_once(' ') {
                Some((scheme, secret))
                    if key == "token"
                        && scheme
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || c == '-') =>
                {
                    secret.trim_start()
                }
                _ => value,
            };
            let start = text.len() - after.len() + value.len() - secret.len();
            if secret.len() >= 4 && is_value(key, Announces::Secret, secret, true) {
                found.push(Secret::new(start..start + secret.len(), key));
            }
        }
    }
}

/// `scheme://user:password@host`, and `scheme://token@host`.
fn urls(text: &str, found: &mut Vec<Secret>) {
    for (at, separator) in text.match_indices("://") {
        let start = at + separator.len();
        let rest = text.get(start..).unwrap_or_default();
        let end = rest
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '/' | '?' | '#' | '"' | '\'')
            })
            .unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let Some((user, _)) = authority.rsplit_once('@') else {
            continue;
        };
        if let Some((name, password)) = user.split_once(':') {
            let start = start + name.len() + 1;
            if is_value("password", Announces::Secret, password, true) {
                found.push(Secret::new(start..start + password.len(), "password"));
            }
        } else if is_random(user) && !is_uuid(user) {
            found.push(Secret::new(start..start + user.len(), "token"));
        }
    }
}

/// `Bearer …` and `Basic …` outside of a header.
fn bearers(text: &str, found: &mut Vec<Secret>) {
    /// Words of prose are shorter.
    const LONG: usize = 20;
    let mut previous = "";
    for range in words(text) {
        let word = text.get(range.clone()).unwrap_or_default();
        let value = word.trim_end_matches(['"', '\'', ',']);
        let wanted = match previous.to_ascii_lowercase().as_str() {
            "bearer" => {
                value.len() >= 8 && value.chars().any(|c| c.is_ascii_digit()) || value.len() >= LONG
            }
            "basic" => value.len() >= 8 && value.ends_with('='),
            _ => false,
        };
        if wanted && is_value("token", Announces::Secret, value, true) {
            found.push(Secret::new(range.start..range.start + value.len(), "token"));
        }
        previous = word.trim_start_matches(['"', '\'']);
    }
}

/// `-----BEGIN … PRIVATE KEY-----` to its end, or to the end of the text.
fn private_keys(text: &str, found: &mut Vec<Secret>) {
    const KEY: &str = "PRIVATE KEY";
    for (start, _) in text.match_indices("-----BEGIN ") {
        let rest = text.get(start..).unwrap_or_default();
        let Some(head) = rest.find(KEY).filter(|&head| head < 40) else {
            continue;
        };
        let body = head + KEY.len();
        let after = rest.get(body..).unwrap_or_default();
        let end = after
            .find(KEY)
            .and_then(|tail| {
                let close = after.get(tail..)?.find("-----")?;
                Some(body + tail + close + "-----".len())
            })
            .unwrap_or(rest.len());
        found.push(Secret::new(start..start + end, "private-key"));
    }
}

/// The words of a text as a shell would see them: a quote holds a word together and is no
/// part of it.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let quote = rest
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''));
        let closed = quote.and_then(|quote| {
            let inside = rest.get(1..)?;
            let end = inside.find(quote)?;
            // `it's` and `"a"b` are no quoted words.
            inside
                .get(end + 1..)?
                .chars()
                .next()
                .is_none_or(|next| next.is_whitespace() || ";|&)".contains(next))
                .then_some(end)
        });
        if let Some(end) = closed {
            words.push(at + 1..at + 1 + end);
            at += end + 2;
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            words.push(at..at + word.trim_end_matches([';', '|', '&', ')']).len());
            at += end;
        }
    }
    words
}
