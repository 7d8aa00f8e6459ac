//! Secrets that are also found where nothing announces them.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::MASK;
use super::secret::{Secret, joined};

/// Secrets with their keys. All are searched at once, so that the time is linear in the length of
/// the text, however many there are.
#[derive(Debug, Default)]
pub struct Known {
    keys: Vec<String>,
    /// `None` if there are no secrets, or too many of them to search for.
    search: Option<AhoCorasick>,
}

impl Known {
    /// Of equal secrets, the first gives the key.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
        for (text, key) in secrets {
            keys.entry(text).or_insert(key);
        }
        // A secret can be as long as a command line. The other kinds take time and memory for each of
        // its letters.
        let mut builder = AhoCorasick::builder();
        builder.kind(Some(AhoCorasickKind::ContiguousNFA));
        let search = (!keys.is_empty())
            .then(|| builder.build(keys.keys()).ok())
            .flatten();
        Self {
            keys: keys.into_values().map(str::to_owned).collect(),
            search,
        }
    }

    /// The occurrences in a text from the position `first` on, in order of their ends. All of the text
    /// if the secrets are too many.
    pub(super) fn find(&self, text: &str, first: usize) -> Vec<Secret> {
        let Some(search) = &self.search else {
            let whole = self
                .keys
                .first()
                .map(|key| Secret::new(first..text.len(), key));
            return whole.into_iter().collect();
        };
        let found = search.find_overlapping_iter(text);
        let found = found.filter(|found| found.start() >= first);
        let found = found.filter_map(|found| {
            let key = self.keys.get(found.pattern().as_usize())?;
            Some(Secret::new(found.range(), key))
        });
        found.collect()
    }

    /// No secrets.
    pub(super) const fn none() -> Self {
        let keys = Vec::new();
        Self { keys, search: None }
    }

    /// The text with `***` for the secrets.
    pub fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        let mut end = 0;
        for Secret { range, .. } in joined(&[], self.find(text, 0)) {
            hidden.push_str(text.get(end..range.start).unwrap_or_default());
            hidden.push_str(MASK);
            end = range.end;
        }
        hidden + text.get(end..).unwrap_or_default()
    }
}

impl<'a> FromIterator<&'a String> for Known {
    fn from_iter<T: IntoIterator<Item = &'a String>>(secrets: T) -> Self {
        Self::new(secrets.into_iter().map(|text| (text.as_str(), "secret")))
    }
}
