//! The width of lines in layout files.

use serde_json::Value;

use crate::document::flow::flow;

/// The maximum width of lines in columns, if possible.
const WIDTH: usize = 100;

/// True if an entry of a list fits on one line after this many columns. Entries with children do not.
pub(super) fn is_line(entry: &Value, used: usize) -> bool {
    let Value::Object(map) = entry else {
        return true;
    };
    map.is_empty() || (!map.contains_key("nodes") && fits(entry, used))
}

/// True if a value fits on a line after this many columns.
pub(super) fn fits(value: &Value, used: usize) -> bool {
    used + flow(value).chars().count() <= WIDTH
}
