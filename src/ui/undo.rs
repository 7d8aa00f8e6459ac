//! The report of `undo`.

use serde_json::{Value, json};

use super::Paint;
use super::history::command;
use super::lines::{Label, line};
use super::report;
use super::words::{Count, clean, duration, place, quoted};
use crate::apply::{Outcome, Report};
use crate::diff;
use crate::journal::Run;

/// The result of `undo`.
#[derive(Clone, Debug)]
pub struct Undone<'u> {
    /// The run that was undone.
    pub run: &'u Run,
    /// Its age.
    pub age: String,
    /// The report of the run that has undone it.
    pub report: &'u Report,
    /// The titles of the windows that are not open any more.
    pub gone: Vec<String>,
    /// The number of windows that the run has opened and that are still open.
    pub launched: usize,
    /// The titles of the windows that were closed.
    pub closed: Vec<String>,
    /// The titles of the windows that the run itself has closed.
    pub closed_before: Vec<String>,
}

/// The key of the result with the titles of closed windows.
const CLOSED: &str = "closed";

/// The titles of the windows that a run of `undo --close-launched` has closed.
pub fn closed_by(run: &Run) -> Vec<String> {
    let closed = run.result().and_then(|result| result[CLOSED].as_array());
    let titles = closed.into_iter().flatten().filter_map(Value::as_str);
    titles.map(str::to_owned).collect()
}

/// The report: each problem, then a summary.
pub fn report(undone: &Undone<'_>, paint: Paint) -> String {
    let mut text = String::new();
    for difference in &undone.report.differences {
        let of = match &difference.slot {
            Some(slot) => format!("`{}`", clean(slot)),
            None => place(difference.workspace.as_deref()),
        };
        let sentence = format!("{of}: {}", diff::sentence(difference));
        text.push_str(&line(Label::Error, &sentence, paint));
    }
    if !undone.gone.is_empty() {
        let titles = quoted(undone.gone.iter().map(String::as_str));
        let sentence = format!("not open any more: {titles}");
        text.push_str(&line(Label::Note, &sentence, paint));
    }
    if !undone.closed_before.is_empty() {
        let titles = quoted(undone.closed_before.iter().map(String::as_str));
        let sentence = format!("closed by the run, and not opened again: {titles}");
        text.push_str(&line(Label::Note, &sentence, paint));
    }
    if undone.launched > 0 {
        let windows = Count(undone.launched, "window");
        let are = if undone.launched == 1 { "is" } else { "are" };
        let sentence = format!("the run has opened {windows} that {are} still open");
        text.push_str(&line(Label::Note, &sentence, paint));
        let hint = format!(
            "to close them, run `i3pm-layout undo {} --close-launched`",
            undone.run.id
        );
        text.push_str(&line(Label::Hint, &hint, paint));
    }
    text + &summary(undone) + "\n"
}

fn summary(undone: &Undone<'_>) -> String {
    let report = undone.report;
    let run = format!("`{}` ({})", command(&undone.run.start), undone.age);
    let time = duration(report.costs.elapsed);
    let closed = match undone.closed.as_slice() {
        [] => String::new(),
        titles => {
            let titles = quoted(titles.iter().map(String::as_str));
            format!(", closed {titles}")
        }
    };
    // A capture moves nothing.
    let is_capture = undone.run.start.command == "capture";
    if report.costs.commands == 0 && report.is_complete() {
        return format!("nothing to undo: all windows are as before {run}{closed} ({time})");
    }
    let windows = Count(report.slots.len(), "window");
    let filled = report.filled();
    if is_capture {
        return format!(
            "restored the places before {run}: {filled} of {windows} in place in {time}{closed}; \
             the file is unchanged"
        );
    }
    format!("undid {run}: {filled} of {windows} in place in {time}{closed}")
}

/// The failure on one line.
pub fn alert(undone: &Undone<'_>) -> String {
    let first = undone.report.differences.first();
    let first = first.map(diff::sentence);
    let reason = first.unwrap_or_else(|| summary(undone));
    format!("undo: {}", clean(&reason))
}

/// The report as JSON.
pub fn to_json(undone: &Undone<'_>) -> Value {
    let mut value = report::to_json(undone.report);
    if let Some(map) = value.as_object_mut() {
        map.remove("layout");
    }
    let slots = undone.report.slots.iter();
    let moved = slots.filter(|slot| matches!(slot.outcome, Outcome::Adopted));
    value["undone"] = json!({
        "run": undone.run.id.as_str(),
        "command": undone.run.start.command,
        "arguments": undone.run.start.arguments,
    });
    value["moved"] = json!(moved.count());
    value["gone"] = json!(undone.gone);
    value["launched"] = json!(undone.launched);
    value["closed_launched"] = json!(undone.closed.len());
    value[CLOSED] = json!(undone.closed);
    value
}
