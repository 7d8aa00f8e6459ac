//! The values of a container in JSON, read as i3 reads them.
//!
//! i3 compares keys and words without regard to case (`json_key` and `json_string` in i3's
//! `src/load_layout.c`), and the last of duplicate keys counts.

use crate::document::Spanned;
use crate::document::spanned::Kind;
use crate::geometry::Rect;

/// The largest coordinate and size of a layout file, in pixels.
const LIMIT: i64 = 65_535;

/// The value of a key.
pub(super) fn get<'v>(con: &'v Spanned, key: &str) -> Option<&'v Spanned> {
    let mut entries = con.entries().iter().rev();
    let entry = entries.find(|entry| entry.key.eq_ignore_ascii_case(key))?;
    Some(&entry.value)
}

/// A string without NUL, which no window and no command can have.
pub(super) fn text(value: &Spanned) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.replace('\0', "")),
        _ => None,
    }
}

/// The string of a key, if it is not empty.
pub(super) fn text_of(con: &Spanned, key: &str) -> Option<String> {
    text(get(con, key)?).filter(|text| !text.is_empty())
}

/// The word of a key, in lower case.
pub(super) fn word(con: &Spanned, key: &str) -> Option<String> {
    Some(text_of(con, key)?.to_ascii_lowercase())
}

/// The integer of a key.
pub(super) fn int(con: &Spanned, key: &str) -> Option<i64> {
    match &get(con, key)?.kind {
        Kind::Number(number) => number.whole(),
        _ => None,
    }
}

/// True if the key is `true`, or 1 as in old versions of i3.
pub(super) fn flag(con: &Spanned, key: &str) -> bool {
    match get(con, key).map(|value| &value.kind) {
        Some(Kind::Bool(value)) => *value,
        Some(Kind::Number(number)) => number.whole() == Some(1),
        _ => false,
    }
}

/// The entries of a list.
pub(super) fn list<'v>(con: &'v Spanned, key: &str) -> &'v [Spanned] {
    get(con, key).map_or(&[], Spanned::items)
}

/// The rect of a key, if it has a size.
pub(super) fn rect(con: &Spanned, key: &str) -> Option<Rect> {
    let rect = get(con, key)?;
    let position = |key: &str| {
        let value = int(rect, key).unwrap_or(0);
        let value = Some(value).filter(|value| value.abs() <= LIMIT)?;
        i32::try_from(value).ok()
    };
    let size = |key: &str| {
        let value = int(rect, key).filter(|value| (1..=LIMIT).contains(value))?;
        u32::try_from(value).ok()
    };
    Some(Rect::new(
        position("x")?,
        position("y")?,
        size("width")?,
        size("height")?,
    ))
}
