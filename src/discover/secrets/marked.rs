//! Texts that know what is secret in them, so that what is copied out of them knows it, too.

use std::ops::Range;

use super::find::Secret;
use crate::discover::command_line::escape;

/// A text, and where its secrets are.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    pub(super) text: String,
    pub(super) secrets: Vec<Secret>,
}

impl Marked {
    pub(super) const fn new(text: String, secrets: Vec<Secret>) -> Self {
        Self { text, secrets }
    }

    /// The text, with its secrets.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A part of it; a part of a secret is one. `None` where the text has no such part.
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        let text = self.text.get(range.clone())?.to_owned();
        let inside = |secret: &Secret| {
            let start = secret.range.start.max(range.start);
            let end = secret.range.end.min(range.end);
            (start < end).then(|| Secret {
                range: start - range.start..end - range.start,
                key: secret.key.clone(),
            })
        };
        let secrets = self.secrets.iter().filter_map(inside).collect();
        Some(Self { text, secrets })
    }

    /// The same after a text as it is.
    #[must_use]
    pub fn preceded_by(mut self, text: &str) -> Self {
        self.text.insert_str(0, text);
        for secret in &mut self.secrets {
            secret.range = secret.range.start + text.len()..secret.range.end + text.len();
        }
        self
    }

    /// Adds a text as it is.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds another one, [`escape`]d.
    pub fn push_escaped(&mut self, other: &Self) {
        let mut end = 0;
        for secret in &other.secrets {
            let between = other.text.get(end..secret.range.start);
            self.text.push_str(&escape(between.unwrap_or_default()));
            let start = self.text.len();
            let value = other.text.get(secret.range.clone());
            self.text.push_str(&escape(value.unwrap_or_default()));
            self.secrets.push(Secret {
                range: start..self.text.len(),
                key: secret.key.clone(),
            });
            end = secret.range.end;
        }
        self.text
            .push_str(&escape(other.text.get(end..).unwrap_or_default()));
    }
}

impl From<&str> for Marked {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned(), Vec::new())
    }
}
