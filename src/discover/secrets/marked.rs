//! Strings that keep track of the secrets in them, also in copies of their parts.

use std::ops::Range;

use super::secret::{Secret, joined};
use super::{Known, MASK, MIN_LENGTH};
use crate::discover::command_line::{escape, escape_home};

/// A string and its secrets.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    pub(super) text: String,
    pub(super) secrets: Vec<Secret>,
}

impl Marked {
    /// The string, including its secrets.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns a part of the string; a part of a secret is a secret. `None` if the range is invalid.
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        let text = self.text.get(range.clone())?.to_owned();
        let inside = |secret: &Secret| {
            let start = secret.range.start.max(range.start);
            let end = secret.range.end.min(range.end);
            (start < end).then(|| Secret::new(start - range.start..end - range.start, &secret.key))
        };
        let secrets = self.secrets.iter().filter_map(inside).collect();
        Some(Self { text, secrets })
    }

    /// Inserts literal text at the start.
    #[must_use]
    pub fn preceded_by(mut self, text: &str) -> Self {
        self.text.insert_str(0, text);
        for secret in &mut self.secrets {
            secret.range = secret.range.start + text.len()..secret.range.end + text.len();
        }
        self
    }

    /// Appends literal text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends an escaped copy of another string.
    pub fn push_escaped(&mut self, other: &Self) {
        for (part, key) in other.parts() {
            let start = self.text.len();
            self.text.push_str(&escape(part));
            let range = start..self.text.len();
            self.secrets.extend(key.map(|key| Secret::new(range, key)));
        }
    }

    /// As [`Self::push_escaped`], for an argument: a `~` at its start is literal, because no shell has
    /// replaced it.
    pub fn push_argument(&mut self, other: &Self) {
        if self.text.is_empty() && escape_home(other.text.clone()) != other.text {
            self.text.push('$');
        }
        self.push_escaped(other);
    }

    /// Returns an escaped copy of an argument.
    #[must_use]
    pub fn escaped(&self) -> Self {
        let mut escaped = Self::default();
        escaped.push_argument(self);
        escaped
    }

    /// Returns the string with `***` for secrets.
    pub(super) fn masked(&self) -> String {
        let parts = self.parts();
        parts
            .map(|(text, key)| key.map_or(text, |_| MASK))
            .collect()
    }

    /// Returns the parts of the string in order, each secret with its key.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let mut parts = Vec::new();
        let mut end = 0;
        for Secret { range, key } in &self.secrets {
            parts.push((self.text.get(end..range.start), None));
            parts.push((self.text.get(range.clone()), Some(key.as_str())));
            end = range.end;
        }
        parts.push((self.text.get(end..), None));
        let parts = parts.into_iter();
        parts.map(|(text, key)| (text.unwrap_or_default(), key))
    }

    /// Returns the secrets that are also found elsewhere, with their keys.
    pub(super) fn long_secrets(&self) -> impl Iterator<Item = (&str, &str)> {
        let secrets = self.parts().filter_map(|(text, key)| Some((text, key?)));
        secrets.filter(|(text, _)| text.len() >= MIN_LENGTH)
    }

    /// Leaves the backquote that closes a quotation of a message, and the punctuation behind it, out of a
    /// secret that begins inside of the quotation.
    pub(super) fn without_closing_quotes(&mut self) {
        for Secret { range, .. } in &mut self.secrets {
            let before = self.text.get(..range.start).unwrap_or_default();
            if before.matches('`').count() % 2 == 0 {
                continue;
            }
            let secret = self.text.get(range.clone()).unwrap_or_default();
            let inside = secret.trim_end_matches([':', ';', ',', '.', '?', ')']);
            if let Some(inside) = inside.strip_suffix('`') {
                range.end = range.start + inside.len();
            }
        }
    }

    /// Adds the occurrences of these secrets from the position `first` on.
    pub(super) fn add(&mut self, known: &Known, first: usize) {
        self.secrets = joined(&self.secrets, known.find(&self.text, first));
    }
}

impl From<&str> for Marked {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            secrets: Vec::new(),
        }
    }
}
