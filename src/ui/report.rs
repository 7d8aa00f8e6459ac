//! The report of a run.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Paint;
use super::lines::{Label, line};
use super::words::{Count, Took, at, clean, place, quoted};
use crate::apply::{Outcome, Recovered, Remedy, Report, SlotReport};
use crate::diff;
use crate::layout::criteria::{self, Misfit};
use crate::layout::yaml;

/// The report: a summary, and before it each problem with its reason and remedy. `name` is
/// the layout as on the command line.
pub fn report(report: &Report, name: &str, paint: Paint) -> String {
    rest(report, name, &BTreeSet::new(), paint)
}

/// The report without the slots that were `reported` before.
pub fn rest(report: &Report, name: &str, reported: &BTreeSet<String>, paint: Paint) -> String {
    let slots = report.slots.iter();
    let slots = slots.filter(|slot| !reported.contains(&slot.slot));
    let mut text: String = slots.map(|one| slot(one, paint)).collect();
    let mut add = |label, sentence: String| text.push_str(&line(label, &sentence, paint));
    for difference in &report.differences {
        if difference.slot.is_none() {
            let place = place(difference.workspace.as_deref());
            add(
                Label::Error,
                format!("{place}: {}", diff::sentence(difference)),
            );
        }
    }
    for aside in &report.aside {
        let sentence = format!(
            "moved windows that are not in the layout from workspace `{}` to workspace `{}`",
            aside.workspace, aside.to
        );
        add(Label::Note, sentence);
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
    if report.closed > 0 {
        let windows = Count(report.closed, "window");
        let sentence = format!("asked {windows} that the layout does not contain to close");
        add(Label::Note, sentence);
    }
    if report.interrupted {
        let sentence = "interrupted; all placeholders were removed";
        add(Label::Warning, sentence.to_owned());
    }
    if let Some(owners) = owners(report) {
        let again = shell_words::join(["i3pm-layout", "apply", name, "--reuse", "all"]);
        let sentence = format!(
            "run `{again}` to reuse the windows of {owners}, or use `--reuse marked` to \
             start new ones"
        );
        add(Label::Hint, sentence);
    } else if let Some(again) = again(report, name) {
        let then = if needs_remedy(report) { "then " } else { "" };
        add(Label::Hint, format!("{then}run `{again}` to try again"));
    }
    text.push_str(&summary(report));
    text
}

/// The report of one slot; empty if it was restored.
pub fn slot(slot: &SlotReport, paint: Paint) -> String {
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
            let mut details: Vec<(Label, String)> = output
                .iter()
                .map(|line| (Label::Note, format!("program output: {line}")))
                .collect();
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
            (label, format!("was not restored: {reason}"), details)
        }
        Outcome::Misplaced { reason } => (
            Label::Error,
            format!("is not in its place: {reason}"),
            Vec::new(),
        ),
        Outcome::Launched { misfits, .. } if !misfits.is_empty() => {
            let hint = format!(
                "use `swallow: {}`; otherwise `apply` does not reuse such a window that you \
                 opened yourself",
                matching(misfits)
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
        Outcome::LeftOut { reason } => (Label::Note, format!("was skipped: {reason}"), Vec::new()),
        Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. } => return String::new(),
    };
    let at = at(slot.workspace.as_deref());
    let sentence = format!("slot `{}` {at} {sentence}", slot.slot);
    let mut text = line(label, &sentence, paint);
    for (label, sentence) in details {
        text.push_str(&line(label, &sentence, paint));
    }
    text
}

/// The layouts that own windows which this one could use.
pub fn owners(report: &Report) -> Option<String> {
    let names = quoted(report.held_by.iter().map(String::as_str));
    match report.held_by.len() {
        0 => None,
        1 => Some(format!("layout {names}")),
        _ => Some(format!("layouts {names}")),
    }
}

/// The result of `recover`.
pub fn recovered(recovered: Recovered) -> String {
    if recovered == Recovered::default() {
        return "nothing to clean up\n".to_owned();
    }
    format!(
        "removed {}, moved {} to the focused workspace\n",
        Count(recovered.placeholders, "placeholder"),
        Count(recovered.windows, "window")
    )
}

/// True if another run alone cannot restore any of the slots that remain.
fn needs_remedy(report: &Report) -> bool {
    let mut slots = report.slots.iter();
    failed(report).next().is_some()
        && slots.all(|slot| match &slot.outcome {
            Outcome::Missing {
                optional, remedy, ..
            } => *optional || remedy.is_some(),
            Outcome::Misplaced { .. } => false,
            _ => true,
        })
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
fn again(report: &Report, name: &str) -> Option<String> {
    let failed: Vec<&SlotReport> = failed(report).collect();
    let apply = ["i3pm-layout", "apply", name];
    match failed.as_slice() {
        [] if report.is_complete() => None,
        // Standard input cannot be read twice.
        _ if name == "-" => None,
        [one] => Some(shell_words::join(
            apply.into_iter().chain(["--only", &one.slot]),
        )),
        // Restored slots stay as they are, so the command need not list the others.
        _ => Some(shell_words::join(apply)),
    }
}

fn instruction(remedy: &Remedy) -> String {
    match remedy {
        Remedy::OpenOrCommand => {
            "open the window yourself, or add a `command` to the slot".to_owned()
        }
        Remedy::Set(names) => format!(
            "set {} in the environment of `i3pm-layout`",
            quoted(names.iter().map(String::as_str))
        ),
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

/// The same criteria, changed to match the window.
fn matching(misfits: &[Misfit]) -> String {
    let matching = |one: &Misfit| {
        (
            one.criterion.to_owned(),
            criteria::exact(&one.window).into(),
        )
    };
    yaml::flow(&Value::Object(misfits.iter().map(matching).collect()))
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
    let took = Took(report.elapsed);
    let total = report.slots.len();
    let (placed, skipped) = (count("placed"), count("skipped"));
    if report.is_complete() && placed + skipped == total {
        let placed = Count(placed, "slot");
        let skipped = match skipped {
            0 => String::new(),
            number => format!(", {number} skipped"),
        };
        if report.commands == 0 {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::*;

    fn filled(outcomes: &[Outcome]) -> Report {
        Report {
            layout: "daily-dev".to_owned(),
            slots: outcomes
                .iter()
                .enumerate()
                .map(|(position, outcome)| SlotReport {
                    slot: format!("slot-{position}"),
                    workspace: Some("1:code".to_owned()),
                    outcome: outcome.clone(),
                })
                .collect(),
            differences: Vec::new(),
            changed: BTreeSet::new(),
            elapsed: Duration::from_millis(1240),
            aside: Vec::new(),
            kept: Vec::new(),
            closed: 0,
            held_by: Vec::new(),
            own: Duration::from_millis(3),
            commands: 4,
            interrupted: false,
        }
    }

    fn missing(output: &[&str], optional: bool) -> Outcome {
        Outcome::Missing {
            reason: "`code` is not installed".to_owned(),
            output: output.iter().map(ToString::to_string).collect(),
            pid: None,
            optional,
            remedy: None,
        }
    }

    fn launched(misfits: &[Misfit]) -> Outcome {
        Outcome::Launched {
            after: Duration::from_millis(300),
            misfits: misfits.to_vec(),
        }
    }

    #[test]
    fn misfits_are_reported_with_criteria_that_match() {
        let misfit = |criterion, pattern: &str, window: &str| Misfit {
            criterion,
            pattern: pattern.to_owned(),
            window: window.to_owned(),
        };
        let one = filled(&[launched(&[
            misfit("class", "^Foo$", "org.Bar"),
            misfit("instance", "^foo$", "bar"),
        ])]);
        assert_eq!(
            report(&one, "daily", Paint(false)),
            "warning: slot `slot-0` on workspace `1:code` has a window that does not match \
             `swallow`: class is `org.Bar`, expected `^Foo$`; instance is `bar`, expected `^foo$`\n\
             hint: use `swallow: { class: ^org\\.Bar$, instance: ^bar$ }`; otherwise `apply` does \
             not reuse such a window that you opened yourself\n\
             daily-dev: restored 1 of 1 slot in 1.2 s (1 launched)\n"
        );
    }

    #[test]
    fn success_is_one_line() {
        let mut all = filled(&[Outcome::Placed, launched(&[])]);
        assert_eq!(
            report(&all, "daily-dev", Paint(false)),
            "daily-dev: restored 2 of 2 slots in 1.2 s (1 placed, 1 launched)\n"
        );
        all = filled(&[Outcome::Placed]);
        all.commands = 0;
        assert_eq!(
            report(&all, "daily-dev", Paint(false)),
            "daily-dev: nothing to do: 1 slot already in place (1.2 s)\n"
        );
    }

    #[test]
    fn updated_properties_are_listed() {
        let mut one = filled(&[Outcome::Placed, Outcome::Placed]);
        one.changed = BTreeSet::from(["focus", "sizes"]);
        assert_eq!(
            report(&one, "daily-dev", Paint(false)),
            "daily-dev: 2 slots already in place, updated: focus, sizes (1.2 s)\n"
        );
    }

    #[test]
    fn programs_that_still_run_without_a_window_are_named() {
        let one = filled(&[Outcome::Missing {
            reason: "`code` opened no window".to_owned(),
            output: Vec::new(),
            pid: Some(77),
            optional: false,
            remedy: None,
        }]);
        assert_eq!(
            report(&one, "daily", Paint(false)),
            "error: slot `slot-0` on workspace `1:code` was not restored: `code` opened no window\n\
             note: the next `apply` waits for process 77 instead of starting the program again; \
             to stop it, run `kill 77`\n\
             hint: run `i3pm-layout apply daily --only slot-0` to try again\n\
             daily-dev: restored 0 of 1 slot in 1.2 s (1 missing)\n"
        );
    }

    #[test]
    fn missing_windows_have_a_reason_and_a_hint() {
        let one = filled(&[Outcome::Adopted, missing(&["no display"], false)]);
        assert_eq!(
            report(&one, "p/daily", Paint(false)),
            "error: slot `slot-1` on workspace `1:code` was not restored: `code` is not installed\n\
             note: program output: no display\n\
             hint: run `i3pm-layout apply p/daily --only slot-1` to try again\n\
             daily-dev: restored 1 of 2 slots in 1.2 s (1 adopted, 1 missing)\n"
        );
    }

    #[test]
    fn remedies_come_before_the_hint_to_try_again() {
        let lacking = |what: Remedy| {
            let mut outcome = missing(&[], false);
            if let Outcome::Missing { remedy, .. } = &mut outcome {
                *remedy = Some(what);
            }
            outcome
        };
        let hints = |outcomes: &[Outcome]| -> Vec<String> {
            let text = report(&filled(outcomes), "daily", Paint(false));
            let hints = text.lines().filter_map(|line| line.strip_prefix("hint: "));
            hints.map(str::to_owned).collect()
        };
        let open = "open the window yourself, or add a `command` to the slot";
        let set = "set `A`, `B` in the environment of `i3pm-layout`";
        let unset = || lacking(Remedy::Set(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(
            hints(&[lacking(Remedy::OpenOrCommand)]),
            [
                open,
                "then run `i3pm-layout apply daily --only slot-0` to try again"
            ]
        );
        assert_eq!(
            hints(&[lacking(Remedy::OpenOrCommand), unset()]),
            [open, set, "then run `i3pm-layout apply daily` to try again"]
        );
        assert_eq!(
            hints(&[unset(), missing(&[], false)]),
            [set, "run `i3pm-layout apply daily` to try again"]
        );
    }

    #[test]
    fn windows_of_another_layout_are_offered() {
        let mut one = filled(&[missing(&[], false)]);
        one.held_by = vec!["work".to_owned()];
        let text = report(&one, "p/daily", Paint(false));
        assert!(
            text.contains(
                "hint: run `i3pm-layout apply p/daily --reuse all` to reuse the windows of layout \
                 `work`, or use `--reuse marked` to start new ones\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn skipped_slots_are_a_note() {
        let left_out = Outcome::LeftOut {
            reason: "its window is not open".to_owned(),
        };
        let mut one = filled(&[Outcome::Placed, left_out]);
        let note = "note: slot `slot-1` on workspace `1:code` was skipped: its window is not \
                    open\n";
        assert_eq!(
            report(&one, "daily", Paint(false)),
            format!("{note}daily-dev: restored 1 of 2 slots in 1.2 s (1 placed, 1 skipped)\n")
        );
        one.commands = 0;
        assert_eq!(
            report(&one, "daily", Paint(false)),
            format!("{note}daily-dev: nothing to do: 1 slot already in place, 1 skipped (1.2 s)\n")
        );
    }

    #[test]
    fn optional_slots_are_a_warning_without_a_hint() {
        let one = filled(&[missing(&[], true)]);
        assert_eq!(
            report(&one, "daily", Paint(false)),
            "warning: slot `slot-0` on workspace `1:code` was not restored: `code` is not \
             installed\n\
             daily-dev: restored 0 of 1 slot in 1.2 s (1 missing)\n"
        );
    }
}
