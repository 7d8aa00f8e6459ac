//! Values with their paths, and the findings while a file is decoded.

use std::collections::HashSet;

use super::fault::Fault;
use super::field::Field;
use super::path::{Path, Step};
use super::problem::Finding;
use super::source_text::line_at;
use super::spanned::{Entry, Kind, Spanned};

/// A value of the tree with its path.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    /// The value.
    pub value: &'a Spanned,
    step: At<'a>,
    pub(super) parent: Option<&'a Cursor<'a>>,
    /// The description of the key of the value, or of the list that it is in.
    pub(super) field: Option<Field>,
}

#[derive(Clone, Copy, Debug)]
enum At<'a> {
    /// The file, with its kind.
    Root(&'static str),
    Key(&'a Entry),
    Index(usize),
}

impl<'a> Cursor<'a> {
    /// The file; `what` is its kind for the beginning of a sentence.
    pub const fn root(value: &'a Spanned, what: &'static str) -> Self {
        Self {
            value,
            step: At::Root(what),
            parent: None,
            field: None,
        }
    }

    /// An entry of this map.
    #[must_use]
    pub const fn entry(&'a self, entry: &'a Entry) -> Self {
        Self {
            value: &entry.value,
            step: At::Key(entry),
            parent: Some(self),
            field: None,
        }
    }

    /// The entry at `position` of this list.
    #[must_use]
    pub const fn index(&'a self, position: usize, value: &'a Spanned) -> Self {
        Self {
            value,
            step: At::Index(position),
            parent: Some(self),
            field: None,
        }
    }

    /// The value of a key in this map.
    pub fn get(&'a self, key: &str) -> Option<Self> {
        let entry = self.value.entries().iter().find(|entry| entry.key == key)?;
        Some(self.entry(entry))
    }

    /// The key of the value; `None` for the entry of a list.
    pub(super) fn key(&self) -> Option<&'a str> {
        match self.step {
            At::Key(entry) => Some(&entry.key),
            At::Root(_) | At::Index(_) => None,
        }
    }

    /// The place of the value.
    pub fn path(&self) -> Path {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(cursor) = here {
            match cursor.step {
                At::Root(_) => {}
                At::Key(entry) => steps.push(Step::Key(entry.key.clone())),
                At::Index(position) => steps.push(Step::Index(position)),
            }
            here = cursor.parent;
        }
        steps.reverse();
        Path(steps)
    }

    /// The name of the value for the beginning of a sentence.
    pub fn subject(&self) -> String {
        let list = self.parent.map(|parent| parent.step);
        match (self.step, list) {
            (At::Root(what), _) => what.to_owned(),
            (At::Key(entry), _) => format!("`{}`", entry.key),
            (At::Index(_), Some(At::Key(list))) => format!("an entry of `{}`", list.key),
            (At::Index(_), _) => "an entry".to_owned(),
        }
    }
}

/// The state during decoding.
#[derive(Debug)]
pub struct Reading<'t> {
    text: &'t str,
    /// The first findings.
    pub(super) findings: Vec<Finding>,
    /// The number of further findings.
    pub(super) more: usize,
    /// The keys whose values were read under the keys that they misspell.
    pub(super) misspelt: Misspelt,
}

/// Misspelt keys: the path with the right key, and the key in the text.
#[derive(Debug, Default)]
pub(super) struct Misspelt(Vec<(Path, String)>);

impl Misspelt {
    /// Adds an entry of the map at this path.
    pub(super) fn add(&mut self, map: &Path, right: &str, found: &str) {
        self.0.push((map.key(right), found.to_owned()));
    }

    /// The path in the text for one in the model.
    pub(super) fn in_text(&self, path: Path) -> Path {
        if self.0.is_empty() {
            return path;
        }
        let mut found = Path::default();
        for step in path.0 {
            found.0.push(step);
            let key = self.0.iter().find(|(right, _)| *right == found);
            if let Some((_, key)) = key {
                found = found.parent().key(key);
            }
        }
        found
    }

    /// True for the path of a misspelt key.
    pub(super) fn has(&self, path: &Path) -> bool {
        let mut all = self.0.iter();
        all.any(|(right, key)| right.parent().key(key) == *path)
    }
}

/// The maximum number of problems of a file that are kept. Further ones would bury the first, and
/// comparing all with each other would take long.
pub(super) const MOST_PROBLEMS: usize = 100;

impl<'t> Reading<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            findings: Vec::new(),
            more: 0,
            misspelt: Misspelt(Vec::new()),
        }
    }

    /// The line on which an entry of a map or list begins, from 1.
    pub fn line(&self, at: &Cursor<'_>) -> usize {
        let start = match at.step {
            At::Key(entry) => entry.span.start,
            _ => at.value.span.start,
        };
        line_at(self.text, start)
    }

    /// True if there is a finding at or below a value.
    pub fn is_broken(&self, at: &Cursor<'_>) -> bool {
        !self.findings.is_empty() && {
            let path = at.path();
            let mut findings = self.findings.iter();
            findings.any(|finding| path.holds(&finding.path))
        }
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        if self.findings.len() < MOST_PROBLEMS {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Adds a finding about a value.
    pub fn find(&mut self, at: &Cursor<'_>, fault: impl Into<Fault>) {
        self.add(Finding::new(at.path(), fault));
    }

    /// Adds a finding about the key of a value.
    pub fn find_key(&mut self, at: &Cursor<'_>, fault: impl Into<Fault>) {
        self.add(Finding::key(at.path(), fault));
    }

    /// Adds a finding about a value that is not one of the `allowed` words.
    pub fn unknown_value(&mut self, at: &Cursor<'_>, allowed: Vec<String>) {
        let fault = Fault::UnknownValue {
            subject: at.subject(),
            found: at.value.describe(),
            allowed,
        };
        self.find(at, fault);
    }
}

/// The name of booleans in messages.
pub(super) const BOOLEAN: &str = "`true` or `false`";

/// The name of strings in messages.
pub const TEXT: &str = "a string";
/// The name of strings and lists of strings in messages.
pub const TEXT_OR_LIST: &str = "a string or a list";

/// The names of numbers in messages.
pub(super) const NUMBER: &str = "a number";
pub(super) const WHOLE_NUMBER: &str = "a whole number";

/// The duplicate keys of all maps, each with the span of the second key in bytes.
pub(super) fn duplicates(tree: &Spanned) -> Vec<(Finding, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    collect_duplicates(&Cursor::root(tree, ""), &mut found);
    found
}

fn collect_duplicates(at: &Cursor<'_>, found: &mut Vec<(Finding, std::ops::Range<usize>)>) {
    match &at.value.kind {
        Kind::List(entries) => {
            for (position, entry) in entries.iter().enumerate() {
                if !entry.is_scalar() {
                    collect_duplicates(&at.index(position, entry), found);
                }
            }
        }
        Kind::Map(entries) => {
            let mut seen = HashSet::with_capacity(entries.len());
            for entry in entries {
                if !seen.insert(entry.key.as_str()) {
                    let path = at.entry(entry).path();
                    let fault = Fault::DuplicateKey(entry.key.clone());
                    let finding = Finding::key(path.clone(), fault).with_other(path);
                    found.push((finding, entry.span.clone()));
                } else if !entry.value.is_scalar() {
                    collect_duplicates(&at.entry(entry), found);
                }
            }
        }
        _ => {}
    }
}
