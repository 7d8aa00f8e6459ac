//! A secret in a string.

use std::cmp::Reverse;
use std::ops::Range;

/// A secret in a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// The range in bytes.
    pub(super) range: Range<usize>,
    /// Its name, such as `api-key`.
    pub(super) key: String,
}

impl Secret {
    pub(super) fn new(range: Range<usize>, key: &str) -> Self {
        Self {
            range,
            key: key.to_owned(),
        }
    }
}

/// Joins two lists of secrets. Secrets that overlap become one, with the key that `first` has for
/// it.
pub(super) fn joined(first: &[Secret], second: Vec<Secret>) -> Vec<Secret> {
    let ranked = |rank| move |secret| (rank, secret);
    let first = first.iter().cloned().map(ranked(0));
    let mut all: Vec<(usize, Secret)> = first.chain(second.into_iter().map(ranked(1))).collect();
    all.retain(|(_, secret)| !secret.range.is_empty());
    all.sort_by_key(|(rank, Secret { range, .. })| (range.start, *rank, Reverse(range.end)));
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
