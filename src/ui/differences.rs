//! Differences as people read them: by workspace, one line each.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::report::place;
use super::words::clean;
use crate::diff::{Difference, sentence, sign};

/// The differences as JSON, each with its sentence.
pub fn to_json<'d>(differences: impl IntoIterator<Item = &'d Difference>) -> Vec<Value> {
    let differences = differences.into_iter();
    differences
        .map(|difference| {
            let mut value = serde_json::to_value(difference).unwrap_or_default();
            value["message"] = json!(sentence(difference));
            value
        })
        .collect()
}

/// The optional slots that have no window, a note each.
pub fn left_out(left_out: &[Difference], paint: Paint) -> String {
    let notes = left_out.iter().map(|one| {
        format!(
            "{}: slot `{}` of {} {}; the layout is complete without it\n",
            paint.hint("note"),
            clean(one.slot.as_deref().unwrap_or_default()),
            place(one.workspace.as_deref()),
            sentence(one),
        )
    });
    notes.collect()
}

/// The differences, grouped by workspace.
pub fn differences(differences: &[Difference], paint: Paint) -> String {
    let mut text = String::new();
    let mut group = None;
    for difference in differences {
        let workspace = difference.workspace.as_deref();
        if group != Some(workspace) {
            group = Some(workspace);
            let heading = workspace.map_or_else(|| "scratchpad".to_owned(), clean);
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}", paint.bold(&heading));
        }
        let sign = match sign(difference) {
            '-' => paint.error("-"),
            '+' => paint.good("+"),
            other => paint.warning(&other.to_string()),
        };
        let sentence = clean(&sentence(difference));
        let _ = match &difference.slot {
            Some(slot) => writeln!(text, "  {sign} {} {sentence}", clean(slot)),
            None => writeln!(text, "  {sign} {sentence}"),
        };
    }
    text
}
