//! Which windows a slot could take, and why.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::clean;
use crate::compile::Plan;
use crate::live::{ConId, Desktop};
use crate::matching::{Evidence, Explanation};

/// A paragraph for each slot, a line for each window, the heaviest first.
pub fn explain(explained: &[Explanation], plan: &Plan, desktop: &Desktop, paint: Paint) -> String {
    let mut text = String::new();
    for explanation in explained {
        let slot = plan.slot(explanation.slot);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", paint.bold(&clean(&slot.id)));
        if explanation.candidates.is_empty() {
            let _ = writeln!(text, "  no open window may be taken");
        }
        for candidate in &explanation.candidates {
            let fate = match candidate.taken_by {
                Some(taken) if taken == explanation.slot => "taken".to_owned(),
                Some(taken) => format!("taken by {}", clean(&plan.slot(taken).id)),
                None => "left".to_owned(),
            };
            let _ = writeln!(
                text,
                "  `{}`  {}  {fate}",
                clean(title(desktop, candidate.con)),
                paint.faint(&format!(
                    "({}: {})",
                    candidate.weight,
                    words(&candidate.evidence)
                )),
            );
        }
    }
    text
}

/// The same as JSON.
pub fn to_json(explained: &[Explanation], plan: &Plan, desktop: &Desktop) -> Value {
    explained
        .iter()
        .map(|explanation| {
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
                            .map(|one| one.as_str())
                            .collect::<Vec<_>>(),
                        "taken_by": candidate.taken_by.map(|idx| &plan.slot(idx).id),
                    })
                })
                .collect();
            json!({ "slot": plan.slot(explanation.slot).id, "candidates": candidates })
        })
        .collect()
}

fn title(desktop: &Desktop, con: ConId) -> &str {
    desktop.tree.find(con).map_or("", |con| con.name())
}

fn words(evidence: &[Evidence]) -> String {
    let words: Vec<String> = evidence
        .iter()
        .map(|one| match one {
            Evidence::TitleLikeness(percent) => format!("{} {percent} %", one.as_str()),
            _ => one.as_str().to_owned(),
        })
        .collect();
    words.join(", ")
}
