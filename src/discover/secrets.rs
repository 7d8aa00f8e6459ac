//! Finds secrets in command lines, directories and titles, and removes them.
//!
//! In a command, a secret becomes `${env:NAME}`, so the layout works once the variable is set.
//! Everywhere else it becomes `***`. A false alarm is better than a password in a repository, but
//! common harmless strings (git hashes, paths, `--password-file`) are kept.

mod data;
mod find;
mod known;
mod marked;
mod patterns;
mod secret;
#[cfg(test)]
mod tests;
mod variables;
mod words;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::command_line::{base_name, escape};
use crate::layout::Pattern;
use find::in_text;
pub use known::Known;
pub use marked::Marked;
use secret::{Secret, joined};
use variables::Variables;

/// The replacement for a secret that is not needed.
pub const MASK: &str = "***";

/// The start of the key of a secret that is the value of an environment variable, before its name.
const ENVIRONMENT: &str = "env:";

/// The minimum length of secrets that are also found where nothing announces them. Shorter ones
/// could be part of any word.
pub const MIN_LENGTH: usize = 6;

/// Finds secrets, and names the variables that replace them.
pub struct Secrets {
    /// The patterns of the user.
    own: Vec<Pattern>,
    /// The values of environment variables whose names say that they are secret.
    environment: Known,
    /// The variables so far with the secrets that they replace. One layout may have two programs
    /// with the same name and different passwords.
    given: Option<Mutex<Variables>>,
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the secrets.
        f.debug_struct("Secrets")
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}

impl Secrets {
    /// Adds patterns of the user. If a pattern has a group, the first group is the secret.
    pub fn new(own: Vec<Pattern>) -> Self {
        Self {
            own,
            environment: Known::default(),
            given: Some(Mutex::default()),
        }
    }

    /// Adds the values of environment variables whose names say that they are secret. `apply` has put
    /// them into commands for `${env:NAME}`, where nothing announces them.
    #[must_use]
    pub fn with_environment<'e>(
        mut self,
        all: impl IntoIterator<Item = (&'e str, &'e str)>,
    ) -> Self {
        let all: Vec<(&str, &str)> = all.into_iter().collect();
        let variables = Variables::of_environment(all.iter().copied());
        self.given = Some(Mutex::new(variables));
        let secret = all.into_iter().filter(|(name, value)| {
            value.len() >= MIN_LENGTH
                && in_text(&format!("{name}={value}"))
                    .iter()
                    .any(|found| found.range == (name.len() + 1..name.len() + 1 + value.len()))
        });
        let secret: Vec<(&str, String)> = secret
            .map(|(name, value)| (value, format!("{ENVIRONMENT}{name}")))
            .collect();
        self.environment = Known::new(secret.iter().map(|(value, key)| (*value, key.as_str())));
        self
    }

    /// Creates an instance that does not remember secrets between commands.
    pub const fn forgetful() -> Self {
        Self {
            own: Vec::new(),
            environment: Known::none(),
            given: None,
        }
    }

    /// Returns the arguments in the form of a layout file, with `${env:NAME}` for secrets and the
    /// rest [`escape`]d, and the names of these variables.
    ///
    /// A name consists of the program and the name of the secret: `MYSQL_PASSWORD`. The same
    /// secret always gets the same name, another secret another name.
    pub fn replaced(&self, argv: &[String]) -> (Vec<String>, Vec<String>) {
        let program = argv.first().map_or("", |program| base_name(program));
        self.rebuilt(program, &self.marked(argv), escape)
    }

    /// Like [`Secrets::replaced`], for words that are already in the form of a layout file, and
    /// whose marked secrets are kept.
    pub fn replaced_words(&self, words: &[Marked]) -> (Vec<String>, Vec<String>) {
        let program = words.first().map_or("", |program| base_name(&program.text));
        self.rebuilt(program, &self.found(words.to_vec()), str::to_owned)
    }

    /// Like [`Secrets::replaced`], for a string that belongs to a program, such as its directory.
    pub fn replaced_text(&self, program: &str, text: &str) -> (String, Vec<String>) {
        let marked = self.marked_text(text, &[]);
        let (words, names) = self.rebuilt(base_name(program), &[marked], escape);
        (words.concat(), names)
    }

    /// Returns the arguments with `***` for secrets.
    pub fn masked(&self, argv: &[String]) -> Vec<String> {
        self.marked(argv).iter().map(Marked::masked).collect()
    }

    /// Returns a string, such as a title, with `***` for secrets.
    pub fn masked_text(&self, text: &str) -> String {
        self.marked_text(text, &[]).masked()
    }

    /// Like [`Secrets::masked_text`], for a message of this program, which quotes names in backquotes.
    pub fn masked_message(&self, text: &str) -> String {
        let mut marked = self.marked_text(text, &[]);
        marked.without_closing_quotes();
        marked.masked()
    }

    /// Returns the arguments with `***` for secrets, and the secrets as [`Secrets::values`] does.
    pub fn masked_with_values(&self, argv: &[String]) -> (Vec<String>, Vec<String>) {
        let marked = self.marked(argv);
        let secrets = marked.iter().flat_map(Marked::long_secrets);
        let values = secrets.map(|(text, _)| text.to_owned()).collect();
        (marked.iter().map(Marked::masked).collect(), values)
    }

    /// Returns the secrets in the arguments that are hidden elsewhere, too; see [`Known`].
    pub fn values(&self, argv: &[String]) -> Vec<String> {
        let marked = self.marked(argv);
        let secrets = marked.iter().flat_map(Marked::long_secrets);
        secrets.map(|(text, _)| text.to_owned()).collect()
    }

    /// Returns the arguments with their secrets.
    pub fn marked(&self, argv: &[String]) -> Vec<Marked> {
        let words = argv.iter().map(|word| Marked::from(word.as_str()));
        self.found(words.collect())
    }

    /// Returns a string, such as a title, with its secrets, including those of the arguments.
    pub fn marked_text(&self, text: &str, arguments: &[Marked]) -> Marked {
        let mut marked = Marked::from(text);
        marked.secrets = self.with_own(text, &in_text(text));
        let known = Known::new(arguments.iter().flat_map(Marked::long_secrets));
        marked.add(&known, 0);
        marked
    }

    /// Adds the secrets in the words of a command, and all their occurrences.
    fn found(&self, mut words: Vec<Marked>) -> Vec<Marked> {
        let strings: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let found = find::in_arguments(&strings);
        for (word, found) in words.iter_mut().zip(found) {
            let found = joined(&word.secrets, found);
            word.secrets = self.with_own(&word.text, &found);
        }
        let known = Known::new(words.iter().flat_map(Marked::long_secrets));
        for word in &mut words {
            // The name of an option is not a secret, even if a weak password is the same word.
            let option = word
                .text
                .split('=')
                .next()
                .filter(|_| word.text.starts_with('-'));
            word.add(&known, option.map_or(0, str::len));
        }
        words
    }

    /// Adds the secrets of the user's patterns.
    fn with_own(&self, text: &str, found: &[Secret]) -> Vec<Secret> {
        let own = self.own.iter();
        let own = own.flat_map(|pattern| patterns::matches(pattern, text));
        let own: Vec<Secret> = own.map(|range| Secret::new(range, "secret")).collect();
        joined(&joined(found, own), self.environment.find(text, 0))
    }

    /// Replaces the secrets by references to variables. Returns the words and the variables.
    fn rebuilt(
        &self,
        program: &str,
        words: &[Marked],
        literal: fn(&str) -> String,
    ) -> (Vec<String>, Vec<String>) {
        let mut of_call = Variables::default();
        let given = self.given.as_ref();
        let mut given = given.map(|given| given.lock().unwrap_or_else(PoisonError::into_inner));
        let variables = given.as_deref_mut().unwrap_or(&mut of_call);
        let (mut names, mut known) = (Vec::new(), BTreeSet::new());
        let mut part = |(text, key): (&str, Option<&str>)| match key {
            None => literal(text),
            Some(key) => {
                let name = match key.strip_prefix(ENVIRONMENT) {
                    Some(name) => name.to_owned(),
                    None => variables.name(program, key, text),
                };
                if known.insert(name.clone()) {
                    names.push(name.clone());
                }
                format!("${{env:{name}}}")
            }
        };
        let words = words.iter();
        let words = words.map(|word| word.parts().map(&mut part).collect());
        (words.collect(), names)
    }
}
