//! The windows that could fill each slot, as text and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::lines::{Label, line};
use super::monitors;
use super::words::clean;
use crate::compile::Plan;
use crate::live::{ConId, Desktop};
use crate::matching::Explanation;

/// The monitors, and a paragraph for each slot: its windows, the best one first, each with its evidence.
pub fn explain(explained: &[Explanation], plan: &Plan, desktop: &Desktop, paint: Paint) -> String {
    let mut text = monitors::explain(plan, paint);
    for explanation in explained {
        let slot = plan.slot(explanation.slot);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", paint.bold(&clean(&slot.id)));
        if explanation.candidates.is_empty() {
            let _ = writeln!(text, "  no open window matches");
        }
        for candidate in &explanation.candidates {
            let outcome = match (candidate.taken_by, &candidate.barred) {
                (Some(taken), _) if taken == explanation.slot => paint.good("reused"),
                (Some(taken), _) => format!("reused for slot `{}`", clean(&plan.slot(taken).id)),
                (None, Some(barred)) => format!("not reused: {}", clean(&barred.to_string())),
                (None, None) => "not reused".to_owned(),
            };
            let window = clean(title(desktop, candidate.con));
            let _ = writeln!(text, "  `{window}`: {outcome}");
            for one in &candidate.evidence {
                let _ = writeln!(text, "    {}", paint.faint(&one.meaning()));
            }
        }
    }
    if explained.iter().any(|one| !one.candidates.is_empty()) {
        let note = "each reason outweighs all reasons below it combined";
        text.push_str(&line(Label::Note, note, paint));
    }
    text
}

/// The same as JSON.
pub fn to_json(explained: &[Explanation], plan: &Plan, desktop: &Desktop) -> Value {
    let slots = explained.iter().map(|explanation| {
        let candidates: Vec<Value> = explanation
            .candidates
            .iter()
            .map(|candidate| {
                json!({
                    "window": title(desktop, candidate.con),
                    "con_id": candidate.con.0,
                    "weight": candidate.weight,
                    "evidence": candidate
                        .evidence
                        .iter()
                        .map(|one| json!({
                            "kind": one.as_str(),
                            "weight": one.weight(),
                            "meaning": one.meaning(),
                        }))
                        .collect::<Vec<_>>(),
                    "barred": candidate.barred.as_ref().map(ToString::to_string),
                    "taken_by": candidate.taken_by.map(|idx| &plan.slot(idx).id),
                })
            })
            .collect();
        json!({ "slot": plan.slot(explanation.slot).id, "candidates": candidates })
    });
    let slots: Value = slots.collect();
    json!({ "monitors": monitors::explain_json(plan), "slots": slots })
}

fn title(desktop: &Desktop, con: ConId) -> &str {
    desktop.tree.find(con).map_or("", |con| con.name())
}
