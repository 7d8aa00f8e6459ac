//! Places in the text of a file that is edited. Pure.

use crate::document::Spanned;
use crate::document::spanned::{Entry, Kind};

/// The entry of a map with this key.
pub(super) fn entry_of<'t>(map: &'t Spanned, key: &str) -> Option<&'t Entry> {
    map.entries().iter().find(|entry| entry.key == key)
}

/// The end of the last scalar or bracket of a value, in bytes. The span of a block ends later.
pub(super) fn last_end(text: &str, value: &Spanned) -> usize {
    let begins_flow = text
        .get(value.span.start..)
        .is_some_and(|text| text.starts_with(['{', '[']));
    let last = match &value.kind {
        Kind::Map(entries) if !begins_flow => entries
            .last()
            .map(|entry| last_end(text, &entry.value).max(entry.span.end)),
        Kind::List(items) if !begins_flow => items.last().map(|item| last_end(text, item)),
        _ => None,
    };
    last.unwrap_or(value.span.end)
}

/// The start of the line.
pub(super) fn start_of_line(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line, before its newline.
pub(super) fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |newline| at + newline)
}
