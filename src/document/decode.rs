//! From spanned values to the model, with everything that is wrong.
//!
//! Decoding never stops: what is wrong is left out and named, so that one look at a file
//! finds everything.

use super::fault::Fault;
use super::form::{Access, Field, Fields, Form, Object, keys_of};
use super::path::{Path, Step};
use super::problem::{Finding, Place};
use super::range::Range;
use super::spanned::{Entry, Kind, Spanned};
use super::yaml;

/// A value of the tree with the way to it.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    /// The value.
    pub value: &'a Spanned,
    step: At<'a>,
    parent: Option<&'a Cursor<'a>>,
    range: Option<Range>,
}

#[derive(Clone, Copy, Debug)]
enum At<'a> {
    /// The whole file, with its kind.
    Root(&'static str),
    Key(&'a Entry),
    Index(usize),
}

impl<'a> Cursor<'a> {
    /// The whole file; `what` is its kind for the beginning of a sentence.
    pub const fn root(value: &'a Spanned, what: &'static str) -> Self {
        Self {
            value,
            step: At::Root(what),
            parent: None,
            range: None,
        }
    }

    /// An entry of this map.
    #[must_use]
    pub const fn entry(&'a self, entry: &'a Entry) -> Self {
        Self {
            value: &entry.value,
            step: At::Key(entry),
            parent: Some(self),
            range: None,
        }
    }

    /// The entry at `position` of this list.
    #[must_use]
    pub const fn index(&'a self, position: usize, value: &'a Spanned) -> Self {
        Self {
            value,
            step: At::Index(position),
            parent: Some(self),
            range: None,
        }
    }

    /// The value of a key in this map.
    pub fn get(&'a self, key: &str) -> Option<Self> {
        let entry = self.value.entries().iter().find(|entry| entry.key == key)?;
        Some(self.entry(entry))
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

    /// The value's name for the beginning of a sentence.
    pub fn subject(&self) -> String {
        let list = self.parent.map(|parent| parent.step);
        match (self.step, list) {
            (At::Root(what), _) => what.to_owned(),
            (At::Key(entry), _) => format!("`{}`", entry.key),
            (At::Index(_), Some(At::Key(list))) => format!("each entry of `{}`", list.key),
            (At::Index(_), _) => "each entry".to_owned(),
        }
    }
}

/// What is known of a text while it is decoded.
#[derive(Debug)]
pub struct Reading<'t> {
    text: &'t str,
    /// Everything that is wrong so far.
    pub findings: Vec<Finding>,
}

impl<'t> Reading<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            findings: Vec::new(),
        }
    }

    /// The line on which an entry of a map or list begins, from 1.
    pub fn line(&self, at: &Cursor<'_>) -> usize {
        let start = match at.step {
            At::Key(entry) => entry.span.start,
            _ => at.value.span.start,
        };
        Place::line_at(self.text, start)
    }

    /// True if something at or below a value is wrong.
    pub fn is_broken(&self, at: &Cursor<'_>) -> bool {
        !self.findings.is_empty() && {
            let path = at.path();
            let mut findings = self.findings.iter();
            findings.any(|finding| path.holds(&finding.path))
        }
    }

    /// Adds a finding about a value.
    pub fn find(&mut self, at: &Cursor<'_>, fault: impl Into<Fault>) {
        self.findings.push(Finding::new(at.path(), fault));
    }

    /// Adds a finding about the key of a value.
    pub fn find_key(&mut self, at: &Cursor<'_>, fault: impl Into<Fault>) {
        self.findings.push(Finding::key(at.path(), fault));
    }

    /// Adds the finding that a value is of another kind than `expected`.
    pub fn wrong_kind(&mut self, at: &Cursor<'_>, expected: &'static str) {
        let wants_text = [TEXT, TEXT_OR_LIST].contains(&expected);
        let wants_number = [NUMBER, WHOLE_NUMBER].contains(&expected);
        let wants_truth = expected == TRUTH;
        let hint = match &at.value.kind {
            Kind::Number(number) if wants_text => {
                Some(format!("write `\"{}\"`, in quotes", number.text))
            }
            Kind::Bool(value) if wants_text => Some(format!("write `\"{value}\"`, in quotes")),
            Kind::Text(text) if wants_number || wants_truth => {
                let plain = text.trim();
                let fits = match yaml::resolve(plain.into()) {
                    Kind::Number(_) => wants_number,
                    Kind::Bool(_) => wants_truth,
                    _ => false,
                };
                fits.then(|| format!("write `{plain}`, without quotes"))
            }
            _ => None,
        };
        let fault = Fault::WrongKind {
            subject: at.subject(),
            expected: expected.to_owned(),
            found: at.value.describe(),
            hint,
        };
        self.find(at, fault);
    }

    /// Adds the finding that a value is none of the possible ones.
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
pub(super) const TRUTH: &str = "true or false";

/// The name of strings in messages.
pub const TEXT: &str = "a text";
/// The name of strings and lists of strings in messages.
pub const TEXT_OR_LIST: &str = "a text or a list";

/// The names of numbers in messages.
pub(super) const NUMBER: &str = "a number";
pub(super) const WHOLE_NUMBER: &str = "a whole number";

/// The string at a place.
pub fn text<'a>(at: &Cursor<'a>, reading: &mut Reading<'_>) -> Option<&'a str> {
    if let Kind::Text(text) = &at.value.kind {
        return Some(text);
    }
    reading.wrong_kind(at, TEXT);
    None
}

/// The number at a place, in the range of the key or else of the type.
pub(super) fn number(
    at: &Cursor<'_>,
    expected: &'static str,
    range: Option<Range>,
    reading: &mut Reading<'_>,
) -> Option<f64> {
    let number = match &at.value.kind {
        // Infinity has no fraction either, but is no whole number.
        Kind::Number(number) if expected == NUMBER || number.value.fract() == 0.0 => number,
        _ => {
            reading.wrong_kind(at, expected);
            return None;
        }
    };
    if let Some(range) = at.range.or(range)
        && !range.contains(number.value)
    {
        let fault = Fault::OutOfRange {
            subject: at.subject(),
            range: range.to_string(),
            found: number.text.clone(),
        };
        reading.find(at, fault);
        return None;
    }
    Some(number.value)
}

/// The entries of the list at a place; `expected` is what else could be there.
pub fn list<T: Form>(
    at: &Cursor<'_>,
    expected: &'static str,
    reading: &mut Reading<'_>,
) -> Option<Vec<T>> {
    let Kind::List(entries) = &at.value.kind else {
        reading.wrong_kind(at, expected);
        return None;
    };
    let mut list = Vec::with_capacity(entries.len());
    for (position, entry) in entries.iter().enumerate() {
        let mut at = at.index(position, entry);
        at.range = at.parent.and_then(|list| list.range);
        // Entries keep their positions, or the places of the others would shift.
        list.extend(T::decode(&at, reading).or_else(T::stand_in));
    }
    Some(list)
}

/// The entries of the map at a place, or the finding that it is none.
pub(super) fn map<'a>(at: &Cursor<'a>, reading: &mut Reading<'_>) -> Option<&'a [Entry]> {
    if let Kind::Map(entries) = &at.value.kind {
        return Some(entries);
    }
    reading.wrong_kind(at, "a map of keys and values");
    None
}

/// The object at a place.
pub(super) fn object<M: Object>(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<M> {
    let entries = map(at, reading)?;
    let mut decoder = Decoder {
        at,
        model: M::start(at.value),
        is_known: vec![false; entries.len()],
        reading,
    };
    M::fields(&mut decoder);
    let Decoder {
        model, is_known, ..
    } = decoder;
    for (entry, is_known) in entries.iter().zip(is_known) {
        if !is_known {
            let fault = M::unknown(&entry.key).unwrap_or_else(|| unknown_key::<M>(at, &entry.key));
            reading.find_key(&at.entry(entry), fault);
        }
    }
    model.finish(at, reading)
}

fn unknown_key<M: Object>(at: &Cursor<'_>, key: &str) -> Fault {
    let keys = keys_of::<M>()
        .into_iter()
        .filter(|key| !key.starts_with('$'));
    let (present, allowed) = keys
        .map(str::to_owned)
        .partition(|key| at.value.get(key).is_some());
    Fault::UnknownKey {
        key: key.to_owned(),
        allowed,
        present,
    }
}

/// Sets the fields of a model from the entries of a map.
struct Decoder<'a, 'r, 't, M> {
    at: &'a Cursor<'a>,
    model: M,
    /// The entries of the map whose keys were visited.
    is_known: Vec<bool>,
    reading: &'r mut Reading<'t>,
}

impl<M: Object> Fields<M> for Decoder<'_, '_, '_, M> {
    fn field<T: Form + 'static>(&mut self, field: Field, access: Access<M, T>) {
        let entries = self.at.value.entries();
        let Some(position) = entries.iter().position(|entry| entry.key == field.key) else {
            if field.is_required {
                let fault = Fault::MissingKey(field.key.to_owned());
                let path = self.at.path().key(field.key);
                self.reading.findings.push(Finding::new(path, fault));
            }
            return;
        };
        // Duplicates are a problem of their own, of which the first entry counts.
        for (entry, is_known) in entries.iter().zip(&mut self.is_known) {
            *is_known |= entry.key == field.key;
        }
        let mut at = self.at.entry(&entries[position]);
        if at.value.is_null() && field.is_nullable {
            return;
        }
        at.range = field.range;
        let Some(value) = T::decode(&at, self.reading) else {
            return;
        };
        let is_here = (access.get)(&self.model).is_some();
        let fault = if is_here {
            (access.set)(&mut self.model, value).err()
        } else {
            (!value.is_default()).then(|| self.model.misplaced(field.key))
        };
        // A value of which a part was left out is not what was written.
        if let Some(fault) = fault
            && !self.reading.is_broken(&at)
        {
            if is_here {
                self.reading.find(&at, fault);
            } else {
                self.reading.find_key(&at, fault);
            }
        }
    }
}
