//! Decodes spanned values into the model.
//!
//! Decoding never stops. Invalid values are left out and reported, so that reading a file
//! once finds all problems.

use serde_json::Value;

use super::fault::{Fault, nearest};
use super::field::Field;
use super::form::{Access, Fields, Form, Object, keys_of};
use super::problem::Finding;
use super::range::Range;
use super::reading::{Cursor, MOST_PROBLEMS, NUMBER, Reading, TEXT};
use super::spanned::{Entry, Kind};

/// The string at a place.
pub fn text<'a>(at: &Cursor<'a>, reading: &mut Reading<'_>) -> Option<&'a str> {
    if let Kind::Text(text) = &at.value.kind {
        return Some(text);
    }
    reading.wrong_type(at, TEXT);
    None
}

/// The notation of a rect or size at a place. A number is read as a string, so that the finding
/// names the notation.
pub(super) fn notation<'a>(at: &Cursor<'a>, reading: &mut Reading<'_>) -> Option<&'a str> {
    match &at.value.kind {
        Kind::Number(number) => Some(&number.text),
        _ => text(at, reading),
    }
}

/// The number at a place, in the range of the key or else of the type.
pub(super) fn number(
    at: &Cursor<'_>,
    expected: &'static str,
    range: Option<Range>,
    reading: &mut Reading<'_>,
) -> Option<f64> {
    let number = match &at.value.kind {
        // The fraction of infinity is NaN, so it is not a whole number.
        Kind::Number(number) if expected == NUMBER || number.value.fract() == 0.0 => number,
        _ => {
            reading.wrong_type(at, expected);
            return None;
        }
    };
    if let Some(range) = at.field.and_then(|field| field.range).or(range)
        && !range.contains(number.value)
    {
        let fault = Fault::OutOfRange {
            subject: at.subject(),
            range: range.to_string(),
            found: number.text.clone(),
            hint: None,
        };
        reading.find(at, fault);
        return None;
    }
    Some(number.value)
}

/// The entries of the list at a place. `expected` names all types that are allowed there.
pub fn list<T: Form>(
    at: &Cursor<'_>,
    expected: &'static str,
    reading: &mut Reading<'_>,
) -> Option<Vec<T>> {
    let Kind::List(entries) = &at.value.kind else {
        let example = T::example().map(|entry| Value::Array(vec![entry]));
        reading.wrong_type_as(at, expected, example.as_ref());
        return None;
    };
    let mut list = Vec::with_capacity(entries.len());
    for (position, entry) in entries.iter().enumerate() {
        let mut at = at.index(position, entry);
        at.field = at.parent.and_then(|list| list.field);
        // Entries keep their positions, or the places of the others would shift.
        list.extend(T::decode(&at, reading).or_else(T::stand_in));
    }
    Some(list)
}

/// The entries of the map at a place. Adds a finding with the example if it is not a map.
pub(super) fn map<'a>(
    at: &Cursor<'a>,
    example: Option<&Value>,
    reading: &mut Reading<'_>,
) -> Option<&'a [Entry]> {
    if let Kind::Map(entries) = &at.value.kind {
        return Some(entries);
    }
    reading.wrong_type_as(at, "a map", example);
    None
}

/// The object at a place.
pub(super) fn object<M: Object>(at: &Cursor<'_>, reading: &mut Reading<'_>) -> Option<M> {
    let keys = keys_of::<M>();
    if let Some((key, value)) = without_space(at, &keys) {
        let fault = Fault::WrongType {
            subject: at.subject(),
            expected: "a map".to_owned(),
            found: format!("the string {}", at.value.describe()),
            hint: Some(format!("put a space after `:`: `{key}: {value}`")),
        };
        reading.find(at, fault);
        return None;
    }
    let entries = map(at, M::examples().get(0), reading)?;
    let is_unknown =
        |entry: &&Entry| !is_extension(&entry.key) && !keys.contains(&entry.key.as_str());
    let mut unknown = entries.iter().filter(is_unknown);
    let (present, allowed) = present_and_allowed(at, &keys);
    // The others would only be counted.
    let first = unknown.by_ref().take(MOST_PROBLEMS).map(|entry| {
        let fault = M::unknown(&entry.key).unwrap_or_else(|| Fault::UnknownKey {
            key: entry.key.clone(),
            allowed: allowed.clone(),
            present: present.clone(),
        });
        Unknown {
            entry,
            means: meaning(&fault),
            fault,
        }
    });
    let mut decoder = Decoder {
        at,
        model: M::start(at.value),
        unknown: first.collect(),
        reading,
    };
    M::fields(&mut decoder);
    let Decoder {
        model,
        unknown: first,
        ..
    } = decoder;
    for Unknown { entry, fault, .. } in first {
        reading.find_key(&at.entry(entry), fault);
    }
    reading.more += unknown.count();
    model.finish(at, reading)
}

/// True for a key that has no meaning for the program. Users put YAML anchors there.
pub fn is_extension(key: &str) -> bool {
    key.starts_with(EXTENSION)
}

/// The start of keys without a meaning.
pub const EXTENSION: &str = "x-";

/// The key and the value of a string such as `command:xterm`.
fn without_space<'a>(at: &Cursor<'a>, keys: &[&str]) -> Option<(&'a str, &'a str)> {
    let Kind::Text(text) = &at.value.kind else {
        return None;
    };
    let (key, value) = text.split_once(':')?;
    keys.contains(&key).then_some((key, value))
}

/// The keys of an object that a map has, and the others.
fn present_and_allowed(at: &Cursor<'_>, keys: &[&str]) -> (Vec<String>, Vec<String>) {
    let keys = keys.iter().filter(|key| !key.starts_with('$'));
    keys.map(|&key| key.to_owned())
        .partition(|key| at.value.get(key).is_some())
}

/// An entry of a map whose key the object does not have.
struct Unknown<'a> {
    entry: &'a Entry,
    fault: Fault,
    /// The key of which it is probably a misspelling.
    means: Option<String>,
}

/// The key of which an unknown one is probably a misspelling.
fn meaning(fault: &Fault) -> Option<String> {
    match fault {
        Fault::UnknownKey {
            allowed,
            present,
            key,
        } => nearest(key, &[&**present, allowed].concat()).map(str::to_owned),
        _ => None,
    }
}

/// Sets the fields of a model from the entries of a map.
struct Decoder<'a, 'r, 't, M> {
    at: &'a Cursor<'a>,
    model: M,
    unknown: Vec<Unknown<'a>>,
    reading: &'r mut Reading<'t>,
}

impl<M: Object> Fields<M> for Decoder<'_, '_, '_, M> {
    fn field<T: Form + 'static>(&mut self, field: Field, access: Access<M, T>) {
        // Duplicate keys are reported elsewhere. The first entry is used.
        let mut entries = self.at.value.entries().iter();
        let Some(entry) = entries.find(|entry| entry.key == field.key) else {
            let mut unknown = self.unknown.iter();
            let misspelled = unknown.find(|one| one.means.as_deref() == Some(field.key));
            if let Some(Unknown { entry, .. }) = misspelled {
                // Decodes the value under the misspelled key, to report problems inside it.
                let map = self.at.path();
                self.reading.misspelt.add(&map, field.key, &entry.key);
                let mut at = self.at.entry(entry);
                at.field = Some(field);
                if let Some(value) = T::decode(&at, self.reading) {
                    let _ = (access.set)(&mut self.model, value);
                }
            } else if field.is_required {
                let fault = Fault::MissingKey(field.key.to_owned());
                let path = self.at.path().key(field.key);
                self.reading.add(Finding::new(path, fault));
            }
            return;
        };
        let mut at = self.at.entry(entry);
        if at.value.is_null() && field.is_nullable {
            return;
        }
        at.field = Some(field);
        let Some(value) = T::decode(&at, self.reading) else {
            return;
        };
        let is_here = (access.get)(&self.model).is_some();
        let fault = if is_here {
            (access.set)(&mut self.model, value).err()
        } else {
            (!value.is_default()).then(|| self.model.misplaced(field.key))
        };
        // A value with invalid parts is incomplete, so its faults would be misleading.
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
