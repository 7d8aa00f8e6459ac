//! The report of a run.

use std::collections::BTreeSet;
use std::slice::from_ref;

use serde_json::{Value, json};

use super::Paint;
use super::lines::{Label, line};
use super::monitors;
use super::notes;
use super::reasons;
use super::words::{Count, at, clean, duration, place, quoted};
use crate::apply::{
    Neighbour, Note, Outcome, ProgramOutput, Reason, Recovered, Remedy, Report, SlotReport,
};
use crate::compile::Plan;
use crate::diff;
use crate::discover::command_line::quote;
use crate::document::flow::flow;
use crate::layout::criteria::{self, Misfit};
use crate::layout::{Criterion, Swallow};

/// The report as JSON, with a sentence for each slot that was not restored.
pub fn to_json(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    value["complete"] = json!(report.is_complete());
    value["away"] = monitors::away_json(&report.monitors.away);
    value["contradictions"] = monitors::contradictions_json(&report.monitors.contradictions);
    for (position, slot) in report.slots.iter().enumerate() {
        let reason = match &slot.outcome {
            Outcome::Missing { reason, .. } | Outcome::LeftOut { reason } => {
                reasons::reason(reason)
            }
            Outcome::Misplaced { difference, .. } => crate::diff::sentence(difference),
            Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. } => continue,
        };
        value["slots"][position]["reason"] = json!(reason);
    }
    value
}

/// The report: a summary, and before it each problem with its reason and remedy, without the
/// slots that were `reported` before. `named` is the layout as on the command line, followed by the
/// values of its variables.
pub fn report(
    report: &Report,
    plan: &Plan,
    named: &[String],
    reported: &BTreeSet<String>,
    paint: Paint,
) -> String {
    let swallow = |id: &str| -> Option<&Swallow> {
        let found = plan.slots().find(|(_, slot)| slot.id == id);
        found.map(|(_, slot)| &slot.swallow)
    };
    let slots = report.slots.iter();
    let slots = slots.filter(|slot| !reported.contains(&slot.slot));
    let texts = slots.map(|one| slot_with(one, swallow(&one.slot), paint));
    let mut text = with_hints_once(texts.filter(|text| !text.is_empty()));
    let mut add = |label, sentence: String| text.push_str(&line(label, &sentence, paint));
    if let Some(sentence) = not_open(report) {
        add(Label::Note, sentence);
    }
    for difference in &report.differences {
        if difference.slot.is_none() {
            let place = place(difference.workspace.as_deref());
            add(
                Label::Error,
                format!("{place}: {}", diff::sentence(difference)),
            );
        }
    }
    if report.ran_out {
        let sentence = "gave up after several rounds of repairs: something changes the desktop again \
                        each time, such as a rule of the i3 config or another program";
        add(Label::Note, sentence.to_owned());
    }
    let notes = monitors::notes(
        &report.monitors.away,
        &report.monitors.contradictions,
        paint,
    );
    text.push_str(&notes);
    let mut add = |label, sentence: String| text.push_str(&line(label, &sentence, paint));
    for aside in &report.beside.aside {
        let sentence = format!(
            "moved windows that are not in the layout from workspace `{}` to workspace `{}`",
            aside.workspace, aside.to
        );
        add(Label::Note, sentence);
    }
    for other in &report.beside.others {
        add(Label::Note, neighbour(other));
    }
    if !report.beside.doubled.is_empty() {
        let slots = quoted(report.beside.doubled.iter().map(String::as_str));
        let sentence = format!(
            "something else also started the program of {slots} during the run, so it has one \
             window more"
        );
        add(Label::Warning, sentence);
    }
    if !report.kept.is_empty() {
        let sentence = format!(
            "kept {} for {}; run `i3pm-layout recover` to remove {}",
            Count(report.kept.len(), "placeholder"),
            quoted(report.kept.iter().map(String::as_str)),
            if report.kept.len() == 1 { "it" } else { "them" },
        );
        add(Label::Note, sentence);
    }
    if report.beside.closed > 0 {
        let windows = Count(report.beside.closed, "window");
        let are = if report.beside.closed == 1 {
            "is"
        } else {
            "are"
        };
        let sentence = format!("asked {windows} to close that {are} not in the layout");
        add(Label::Note, sentence);
    }
    if report.interrupted {
        let sentence = "interrupted; all placeholders were removed";
        add(Label::Warning, sentence.to_owned());
    }
    if let Some(again) = again(report, named) {
        let then = if needs_remedy(report) { "then " } else { "" };
        add(Label::Hint, format!("{then}run `{again}` to try again"));
    }
    text.push_str(&summary(report));
    text
}

/// The texts one after the other. If the hints at the ends of several are the same, only the last of
/// them has it.
fn with_hints_once(texts: impl Iterator<Item = String>) -> String {
    let mut all = String::new();
    for text in texts {
        let hint = text.lines().last().unwrap_or_default();
        let is_only_line = text.lines().nth(1).is_none();
        if let Some(before) = all.strip_suffix(&format!("\n{hint}\n"))
            && !is_only_line
        {
            all.truncate(before.len() + 1);
        }
        all.push_str(&text);
    }
    all
}

/// The failure of a run on one line: its first problem and the number of the others.
pub fn alert(report: &Report) -> String {
    let mut failed = failed(report);
    let Some(first) = failed.next() else {
        return summary(report).trim_end().to_owned();
    };
    let more = match failed.count() {
        0 => String::new(),
        others => format!(" (and {})", Count(others, "more error")),
    };
    let text = slot(first, Paint(false));
    let line = text.lines().next().unwrap_or_default();
    let sentence = line.split_once(": ").map_or(line, |(_, sentence)| sentence);
    format!("{}: {sentence}{more}", clean(&report.layout))
}

/// The report of one slot; empty if it was restored and nothing is to be said about its start.
pub fn slot(slot: &SlotReport, paint: Paint) -> String {
    slot_with(slot, None, paint)
}

/// The report of a slot with these criteria.
fn slot_with(slot: &SlotReport, swallow: Option<&Swallow>, paint: Paint) -> String {
    let notes = slot.notes.iter();
    let notes = notes.map(|note| about_start(slot, note, paint));
    let outcome = [outcome(slot, swallow, paint)];
    outcome.into_iter().chain(notes).collect()
}

/// A note about the start of the slot's program, with a hint.
fn about_start(slot: &SlotReport, note: &Note, paint: Paint) -> String {
    let at = at(slot.workspace.as_deref());
    let sentence = format!("slot `{}` {at}: {}", slot.slot, notes::note(note));
    let hint = notes::hint(note);
    line(Label::Warning, &sentence, paint) + &line(Label::Hint, &hint, paint)
}

/// The outcome of a slot; empty if it was restored.
fn outcome(slot: &SlotReport, swallow: Option<&Swallow>, paint: Paint) -> String {
    let (label, sentence, details) = match &slot.outcome {
        Outcome::Missing {
            reason,
            output,
            pid,
            optional,
            remedy,
        } => {
            let label = if *optional {
                Label::Warning
            } else {
                Label::Error
            };
            let mut details = Vec::new();
            if let Some(ProgramOutput { lines, log }) = output {
                let lines = lines.iter();
                details.extend(lines.map(|line| (Label::Note, format!("program output: {line}"))));
                let sentence = format!("all output is in {}", log.display());
                details.push((Label::Note, sentence));
            }
            details.extend(pid.map(|pid| {
                let sentence = format!(
                    "the next `apply` waits for process {pid} instead of starting the program \
                     again; to stop it, run `kill {pid}`"
                );
                (Label::Note, sentence)
            }));
            if let (Some(remedy), false) = (remedy, optional) {
                details.push((Label::Hint, instruction(remedy)));
            }
            let reason = reasons::reason(reason);
            (label, format!("was not restored: {reason}"), details)
        }
        Outcome::Misplaced { difference, causes } => {
            misplaced(&crate::diff::sentence(difference), causes)
        }
        Outcome::Launched { misfits, .. } if !misfits.is_empty() => {
            let hint = format!(
                "use `swallow: {}`, so that `apply` also reuses such a window that you opened \
                 yourself",
                matching(misfits, swallow)
            );
            (
                Label::Warning,
                format!(
                    "has a window that does not match `swallow`: {}",
                    unlike(misfits)
                ),
                vec![(Label::Hint, hint)],
            )
        }
        // One line names all slots that a rearrangement skips.
        Outcome::LeftOut {
            reason: Reason::Rearrange,
        }
        | Outcome::Placed
        | Outcome::Adopted
        | Outcome::Launched { .. } => return String::new(),
        Outcome::LeftOut { reason } => {
            let reason = reasons::reason(reason);
            (Label::Note, format!("was skipped: {reason}"), Vec::new())
        }
    };
    let at = at(slot.workspace.as_deref());
    let sentence = format!("slot `{}` {at} {sentence}", slot.slot);
    let mut text = line(label, &sentence, paint);
    for (label, sentence) in details {
        text.push_str(&line(label, &sentence, paint));
    }
    text
}

/// The report of a window that is not in its place.
fn misplaced(reason: &str, causes: &[String]) -> (Label, String, Vec<(Label, String)>) {
    let sentence = format!("is not in its place: {reason}");
    if causes.is_empty() {
        return (Label::Error, sentence, Vec::new());
    }
    let lines: Vec<String> = causes.iter().map(|line| format!("`{line}`")).collect();
    let lines = lines.join(", ");
    let sentence = format!("{sentence}; this may be due to the i3 config: {lines}");
    let hint = match causes {
        [_] => "change this line of the i3 config, or the slot in the layout",
        _ => "change these lines of the i3 config, or the slot in the layout",
    };
    (Label::Error, sentence, vec![(Label::Hint, hint.to_owned())])
}

/// The windows of another layout that fit slots.
fn neighbour(other: &Neighbour) -> String {
    let slots = |slots: &[String]| quoted(slots.iter().map(String::as_str));
    let layout = &other.layout;
    match (other.taken.as_slice(), other.kept.as_slice()) {
        (taken, []) => format!("used windows of layout `{layout}` for {}", slots(taken)),
        ([], kept) => format!(
            "layout `{layout}` keeps its windows; opened other windows for {}",
            slots(kept)
        ),
        (taken, kept) => format!(
            "used windows of layout `{layout}` for {}; opened other windows for {}",
            slots(taken),
            slots(kept)
        ),
    }
}

/// The slots that a rearrangement has skipped.
fn not_open(report: &Report) -> Option<String> {
    let skipped = report.slots.iter().filter(|slot| {
        let reason = Reason::Rearrange;
        slot.outcome == Outcome::LeftOut { reason }
    });
    let skipped: Vec<&str> = skipped.map(|slot| slot.slot.as_str()).collect();
    (!skipped.is_empty()).then(|| format!("not open: {}", quoted(skipped)))
}

/// The result of `recover`.
pub fn recovered(recovered: Recovered) -> String {
    let placeholders = Count(recovered.placeholders, "placeholder");
    let windows = Count(recovered.windows, "window");
    let marks = Count(recovered.marks, "mark");
    let parts = [
        (recovered.placeholders, format!("removed {placeholders}")),
        (
            recovered.windows,
            format!("moved {windows} to the focused workspace"),
        ),
        (recovered.marks, format!("removed {marks}")),
    ];
    let done = parts.into_iter().filter(|(count, _)| *count > 0);
    let done: Vec<String> = done.map(|(_, part)| part).collect();
    if done.is_empty() {
        return "nothing to clean up\n".to_owned();
    }
    format!("{}\n", done.join(", "))
}

/// True if another run alone cannot restore any of the slots that remain.
fn needs_remedy(report: &Report) -> bool {
    let has_remedy = |slot: &SlotReport| match &slot.outcome {
        Outcome::Missing { remedy, .. } => remedy.is_some(),
        Outcome::Misplaced { causes, .. } => !causes.is_empty(),
        _ => false,
    };
    let mut failed = failed(report).peekable();
    failed.peek().is_some() && failed.all(has_remedy)
}

/// The slots that were not restored and are not optional.
fn failed(report: &Report) -> impl Iterator<Item = &SlotReport> {
    report.slots.iter().filter(|slot| match &slot.outcome {
        Outcome::Missing { optional, .. } => !optional,
        Outcome::Misplaced { .. } => true,
        _ => false,
    })
}

/// The command that tries again.
fn again(report: &Report, named: &[String]) -> Option<String> {
    let failed: Vec<&SlotReport> = failed(report).collect();
    let (name, values) = named.split_first()?;
    let apply = format!("i3pm-layout apply {}", shell_words::quote(name));
    // Without quotes around `~`, which stands for the home directory there too.
    let values = values
        .iter()
        .map(|one| format!(" {}", quote(from_ref(one))));
    let apply = apply + &values.collect::<String>();
    match failed.as_slice() {
        [] if report.is_complete() => None,
        // Standard input cannot be read twice.
        _ if name == "-" => None,
        [one] => Some(format!("{apply} --only {}", shell_words::quote(&one.slot))),
        // Restored slots stay as they are, so the command need not list the others.
        _ => Some(apply),
    }
}

fn instruction(remedy: &Remedy) -> String {
    match remedy {
        Remedy::OpenOrCommand => {
            "open the window yourself, or add a `command` to the slot".to_owned()
        }
        // Values after `=` would be masked as secrets.
        Remedy::Set(names) => {
            let read: Vec<String> = names
                .iter()
                .map(|name| format!("read -rs {name} && "))
                .collect();
            format!(
                "run `{}export {}` first, or set {} in `~/.profile`",
                read.concat(),
                names.join(" "),
                if names.len() == 1 { "it" } else { "them" }
            )
        }
        Remedy::Install(program) => format!(
            "install `{program}`, or change the `command` of the slot"
        ),
        Remedy::Rewrite(fixed) => notes::rewrite(fixed),
        Remedy::ChangeCommand => "change the `command` of the slot".to_owned(),
        Remedy::CreateDirectory(path) => notes::create_directory(path),
        Remedy::FixProgram => "run the command in a terminal to see why it fails, or change the `command` of the slot".to_owned(),
        Remedy::KeepRunning => "run the command in a terminal to see why it opens no window; if another program opens it, remove `command` from the slot".to_owned(),
    }
}

/// The criteria that the window does not match.
fn unlike(misfits: &[Misfit]) -> String {
    let unlike = misfits.iter().map(|misfit| {
        let Misfit {
            criterion,
            pattern,
            window,
        } = misfit;
        format!("{criterion} is `{window}`, expected `{pattern}`")
    });
    unlike.collect::<Vec<_>>().join("; ")
}

/// The criteria of the slot, changed to match the window.
fn matching(misfits: &[Misfit], swallow: Option<&Swallow>) -> String {
    let matching = Swallow::of(|criterion: Criterion| {
        let mut misfits = misfits.iter();
        let misfit = misfits.find(|one| one.criterion == criterion.as_str());
        let own = || criterion.pattern(swallow?).map(str::to_owned);
        misfit
            .map(|misfit| criteria::exact(&misfit.window))
            .or_else(own)
    });
    flow(&matching.criteria().collect::<Value>())
}

fn summary(report: &Report) -> String {
    const WORDS: [&str; 6] = [
        "placed",
        "adopted",
        "launched",
        "missing",
        "misplaced",
        "skipped",
    ];
    let word = |outcome: &Outcome| match outcome {
        Outcome::Placed => "placed",
        Outcome::Adopted => "adopted",
        Outcome::Launched { .. } => "launched",
        Outcome::Missing { .. } => "missing",
        Outcome::Misplaced { .. } => "misplaced",
        Outcome::LeftOut { .. } => "skipped",
    };
    let count = |wanted: &str| {
        let slots = report.slots.iter();
        slots.filter(|slot| word(&slot.outcome) == wanted).count()
    };
    let layout = clean(&report.layout);
    let took = duration(report.costs.elapsed);
    let total = report.slots.len();
    let (placed, skipped) = (count("placed"), count("skipped"));
    if report.is_complete() && placed + skipped == total {
        let placed = Count(placed, "slot");
        let skipped = match skipped {
            0 => String::new(),
            number => format!(", {number} skipped"),
        };
        if report.costs.commands == 0 {
            return format!(
                "{layout}: nothing to do: {placed} already in place{skipped} ({took})\n"
            );
        }
        if !report.changed.is_empty() {
            let changed: Vec<&str> = report.changed.iter().copied().collect();
            let changed = changed.join(", ");
            return format!(
                "{layout}: {placed} already in place{skipped}, updated: {changed} ({took})\n"
            );
        }
    }
    let counts: Vec<String> = WORDS
        .iter()
        .map(|wanted| (count(wanted), wanted))
        .filter(|(number, _)| *number > 0)
        .map(|(number, wanted)| format!("{number} {wanted}"))
        .collect();
    let details = if counts.is_empty() {
        String::new()
    } else {
        format!(" ({})", counts.join(", "))
    };
    let filled = report.filled();
    let total = Count(total, "slot");
    format!("{layout}: restored {filled} of {total} in {took}{details}\n")
}
