//! Finds secrets in command lines, directories and titles, and takes them out.
//!
//! In a command a secret becomes `${env:NAME}`, so that the layout still works once the
//! variable is set; everywhere else it becomes `***`.
//! Better a harmless word too many than a password in a repository, but what people see
//! every day (git hashes, paths, `--password-file`) stays.

mod data;
mod find;
mod marked;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use pcre2::bytes::Regex;

use super::command_line::base_name;
use super::command_line::escape;
use find::{Secret, in_text};
pub use marked::Marked;
use words::key_words;

/// The replacement for a secret where nobody needs it.
pub const MASK: &str = "***";

/// Shorter secrets are found only where something announces them: anywhere else they
/// could be a part of any word.
const MIN_LENGTH: usize = 6;

/// Finds secrets, and names the variables that take their places.
pub struct Secrets {
    /// The patterns of the user.
    own: Vec<Regex>,
    /// The variables that were given out, with what they stand for: one layout may have
    /// two programs of one name with two passwords.
    given: Option<Mutex<Given>>,
}

/// The names of variables with what they stand for.
type Given = BTreeMap<String, String>;

impl Default for Secrets {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without what was found.
        f.debug_struct("Secrets")
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}

impl Secrets {
    /// With patterns of the user. Of one with a group, the first group is the secret.
    pub fn new(own: Vec<Regex>) -> Self {
        Self {
            own,
            given: Some(Mutex::default()),
        }
    }

    /// One that remembers no secret from one command to the next.
    pub const fn forgetful() -> Self {
        Self {
            own: Vec::new(),
            given: None,
        }
    }

    /// The arguments as a layout file has them, with `${env:NAME}` for secrets and the
    /// rest [`escape`]d, and the names of those variables.
    ///
    /// A name is made of the program and what the secret is called: `MYSQL_PASSWORD`.
    /// The same secret gets the same name each time, another one gets another.
    pub fn replaced(&self, argv: &[String]) -> (Vec<String>, Vec<String>) {
        let program = argv.first().map_or("", |program| base_name(program));
        let mut names = Vec::new();
        let arguments = replace(argv, &self.own, |text, key| match key {
            None => escape(text),
            Some(key) => self.reference(program, key, text, &mut names),
        });
        (arguments, names)
    }

    /// As [`Secrets::replaced`], of words that are as a layout file has them already.
    /// Their own secrets count, wherever they are.
    pub fn replaced_words(&self, words: &[Marked]) -> (Vec<String>, Vec<String>) {
        let program = words.first().map_or("", |program| base_name(&program.text));
        let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        let found = find::in_arguments(&texts)
            .into_iter()
            .zip(words)
            .map(|(found, word)| joined(&word.secrets, found))
            .collect();
        let mut names = Vec::new();
        let words = replace_found(&texts, found, &self.own, |text, key| match key {
            None => text.to_owned(),
            Some(key) => self.reference(program, key, text, &mut names),
        });
        (words, names)
    }

    /// As [`Secrets::replaced`], of one text that belongs to a program, such as its
    /// directory.
    pub fn replaced_text(&self, program: &str, text: &str) -> (String, Vec<String>) {
        let mut names = Vec::new();
        let replaced = rebuild(text, &self.in_text(text), &mut |text, key| match key {
            None => escape(text),
            Some(key) => self.reference(base_name(program), key, text, &mut names),
        });
        (replaced, names)
    }

    /// The arguments with `***` for secrets.
    pub fn masked(&self, argv: &[String]) -> Vec<String> {
        replace(argv, &self.own, mask)
    }

    /// A text, such as a title, with `***` for secrets.
    pub fn masked_text(&self, text: &str) -> String {
        rebuild(text, &self.in_text(text), &mut mask)
    }

    /// The secrets in the arguments, which [`hidden`] finds elsewhere.
    pub fn values(&self, argv: &[String]) -> Vec<String> {
        let mut values = Vec::new();
        replace(argv, &self.own, |text, key| {
            if key.is_some() && text.len() >= MIN_LENGTH {
                values.push(text.to_owned());
            }
            String::new()
        });
        values
    }

    /// The arguments, with what is secret in them.
    pub fn marked(&self, argv: &[String]) -> Vec<Marked> {
        let found = in_arguments(argv, find::in_arguments(argv), &self.own);
        let texts = argv.iter().cloned();
        texts
            .zip(found)
            .map(|(text, secrets)| Marked::new(text, secrets))
            .collect()
    }

    /// A text such as a title, with what is secret in it: by itself, and because these
    /// arguments give it away.
    pub fn marked_text(&self, text: &str, arguments: &[Marked]) -> Marked {
        let known = known(
            arguments
                .iter()
                .map(|argument| (argument.text.as_str(), argument.secrets.as_slice())),
        );
        let again = occurrences(&known, text, 0);
        Marked::new(text.to_owned(), joined(&self.in_text(text), again))
    }

    fn in_text(&self, text: &str) -> Vec<Secret> {
        with_own(&self.own, text, in_text(text))
    }

    /// `${env:NAME}` for a secret; `names` are those of this command.
    fn reference(&self, program: &str, key: &str, secret: &str, names: &mut Vec<String>) -> String {
        let base = variable(program, key);
        let mut before = self
            .given
            .as_ref()
            .map(|given| given.lock().unwrap_or_else(PoisonError::into_inner));
        let mut name = base.clone();
        let mut count = 1;
        let is_taken = |name: &String| match before.as_deref() {
            Some(given) => given.get(name).is_some_and(|other| other != secret),
            None => names.contains(name),
        };
        while is_taken(&name) {
            count += 1;
            name = format!("{base}_{count}");
        }
        if let Some(given) = before.as_deref_mut() {
            given.insert(name.clone(), secret.to_owned());
        }
        if !names.contains(&name) {
            names.push(name.clone());
        }
        format!("${{env:{name}}}")
    }
}

/// A text with `***` for these secrets.
pub fn hidden<'a>(text: &str, values: impl IntoIterator<Item = &'a String>) -> String {
    let hide = |text: String, value: &String| text.replace(value.as_str(), MASK);
    values.into_iter().fold(text.to_owned(), hide)
}

/// Rebuilds the arguments from their harmless parts and their secrets' keys.
fn replace(
    argv: &[String],
    own: &[Regex],
    part: impl FnMut(&str, Option<&str>) -> String,
) -> Vec<String> {
    replace_found(argv, find::in_arguments(argv), own, part)
}

/// The same, where something is found already.
fn replace_found(
    argv: &[String],
    found: Vec<Vec<Secret>>,
    own: &[Regex],
    mut part: impl FnMut(&str, Option<&str>) -> String,
) -> Vec<String> {
    argv.iter()
        .zip(in_arguments(argv, found, own))
        .map(|(argument, found)| rebuild(argument, &found, &mut part))
        .collect()
}

/// The secrets found, those of the user's patterns, and all their occurrences.
fn in_arguments(argv: &[String], found: Vec<Vec<Secret>>, own: &[Regex]) -> Vec<Vec<Secret>> {
    let found: Vec<Vec<Secret>> = argv
        .iter()
        .zip(found)
        .map(|(argument, found)| with_own(own, argument, found))
        .collect();
    let all = argv.iter().map(String::as_str);
    let known = known(all.zip(found.iter().map(Vec::as_slice)));
    argv.iter()
        .zip(&found)
        .map(|(argument, found)| with_known(&known, argument, found))
        .collect()
}

/// The secrets that are long enough to be found elsewhere, with their keys.
fn known<'a>(found: impl Iterator<Item = (&'a str, &'a [Secret])>) -> Vec<(&'a str, &'a str)> {
    found
        .flat_map(|(argument, found)| found.iter().map(move |secret| (argument, secret)))
        .filter_map(|(argument, secret)| {
            Some((argument.get(secret.range.clone())?, secret.key.as_str()))
        })
        .filter(|(text, _)| text.len() >= MIN_LENGTH)
        .collect()
}

/// The secrets found, and occurrences of those that another argument announced.
fn with_known(known: &[(&str, &str)], text: &str, found: &[Secret]) -> Vec<Secret> {
    // The name of an option is none, even where a bad password is the same word.
    let option = if text.starts_with('-') {
        text.find('=').unwrap_or(text.len())
    } else {
        0
    };
    joined(found, occurrences(known, text, option))
}

/// Where these secrets stand in the text from `first` on.
fn occurrences(known: &[(&str, &str)], text: &str, first: usize) -> Vec<Secret> {
    known
        .iter()
        .flat_map(|&(secret, key)| {
            let again = text.match_indices(secret);
            again
                .filter(move |(start, _)| *start >= first)
                .map(move |(start, _)| Secret {
                    range: start..start + secret.len(),
                    key: key.to_owned(),
                })
        })
        .collect()
}

/// Both together; where they overlap, one secret of both, under the name that `first`
/// has for it.
fn joined(first: &[Secret], second: Vec<Secret>) -> Vec<Secret> {
    let mut all: Vec<(usize, Secret)> = first.iter().cloned().map(|secret| (0, secret)).collect();
    all.extend(second.into_iter().map(|secret| (1, secret)));
    all.sort_by_key(|(rank, secret)| (secret.range.start, *rank));
    let mut joined: Vec<(usize, Secret)> = Vec::new();
    for (rank, secret) in all {
        match joined.last_mut() {
            Some((known, last)) if secret.range.start < last.range.end => {
                last.range.end = last.range.end.max(secret.range.end);
                if rank < *known {
                    *known = rank;
                    last.key = secret.key;
                }
            }
            _ => joined.push((rank, secret)),
        }
    }
    joined.into_iter().map(|(_, secret)| secret).collect()
}

/// The secrets found, and those of the user's patterns.
fn with_own(own: &[Regex], text: &str, found: Vec<Secret>) -> Vec<Secret> {
    if own.is_empty() {
        return found;
    }
    let mut of_user = Vec::new();
    for pattern in own {
        // A pattern that gives up finds nothing more.
        for captures in pattern.captures_iter(text.as_bytes()).map_while(Result::ok) {
            if let Some(group) = captures.get(1).or_else(|| captures.get(0)) {
                of_user.push(Secret {
                    range: group.start()..group.end(),
                    key: "secret".to_owned(),
                });
            }
        }
    }
    of_user.retain(|secret| !secret.range.is_empty());
    joined(&found, of_user)
}

fn mask(text: &str, key: Option<&str>) -> String {
    if key.is_some() { MASK } else { text }.to_owned()
}

/// Rebuilds a text from its parts; of a secret, `part` also gets the key.
fn rebuild(
    text: &str,
    secrets: &[Secret],
    part: &mut impl FnMut(&str, Option<&str>) -> String,
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut end = 0;
    for Secret { range, key } in secrets {
        result.push_str(&part(text.get(end..range.start).unwrap_or_default(), None));
        result.push_str(&part(
            text.get(range.clone()).unwrap_or_default(),
            Some(key),
        ));
        end = range.end;
    }
    result.push_str(&part(text.get(end..).unwrap_or_default(), None));
    result
}

/// `MYSQL_PASSWORD` from `mysql` and `password`.
fn variable(program: &str, key: &str) -> String {
    let upper = |text: &str| key_words(text).join("_").to_ascii_uppercase();
    let (program, key) = (upper(program), upper(key));
    let mut name = if program.is_empty() || key.starts_with(&program) {
        key
    } else {
        format!("{program}_{key}")
    };
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}
