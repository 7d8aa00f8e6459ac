//! Differences as text and JSON.

use serde_json::{Value, json};

use super::Paint;
use super::lines::{Label, line, section};
use super::words::{at, clean};
use crate::diff::{Difference, sentence, sign};

/// The differences as JSON, each with its `sentence` as `message`.
pub fn to_json(differences: &[Difference], sentence: fn(&Difference) -> String) -> Vec<Value> {
    let differences = differences.iter();
    differences
        .map(|difference| {
            let mut value = serde_json::to_value(difference).unwrap_or_default();
            value["message"] = json!(sentence(difference));
            value
        })
        .collect()
}

/// A note for each optional slot that has no window.
pub fn left_out(left_out: &[Difference], paint: Paint) -> String {
    let notes = left_out.iter().map(|one| {
        let slot = one.slot.as_deref().unwrap_or_default();
        let at = at(one.workspace.as_deref());
        let sentence = format!("optional slot `{slot}` {at} {}", sentence(one));
        line(Label::Note, &sentence, paint)
    });
    notes.collect()
}

/// The differences, one per line, grouped by workspace.
pub fn differences(differences: &[Difference], paint: Paint) -> String {
    differences
        .chunk_by(|one, other| one.workspace == other.workspace)
        .map(|group| {
            let workspace = group.first().and_then(|one| one.workspace.as_deref());
            let title = workspace.map_or_else(|| "scratchpad".to_owned(), clean);
            section(&title, group.iter().map(|one| row(one, paint)), paint)
        })
        .collect()
}

fn row(difference: &Difference, paint: Paint) -> String {
    let sign = match sign(difference) {
        '-' => paint.error("-"),
        '+' => paint.good("+"),
        other => paint.warning(&other.to_string()),
    };
    let sentence = clean(&sentence(difference));
    match &difference.slot {
        Some(slot) => format!("{sign} {}: {sentence}", clean(slot)),
        None => format!("{sign} {sentence}"),
    }
}
