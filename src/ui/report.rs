//! What a run did, in words.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::Paint;
use super::words::{Count, Took, clean};
use crate::apply::{Outcome, Recovered, Remedy, Report, SlotReport};
use crate::diff;
use crate::document::flow::flow;
use crate::layout::criteria::{self, Misfit};

/// The report: one line when all is well, and for each thing that is not, what,
/// why, and what to do. `name` is the layout as the command line names it.
pub fn report(report: &Report, name: &str, paint: Paint) -> String {
    rest(report, name, &BTreeSet::new(), paint)
}

/// What there is to say of one slot; nothing where all is well.
pub fn slot(slot: &SlotReport, paint: Paint) -> String {
    let mut text = String::new();
    describe(&mut text, slot, paint);
    text
}

/// The report without the slots of which all has been said.
pub fn rest(report: &Report, name: &str, told: &BTreeSet<String>, paint: Paint) -> String {
    let mut text = String::new();
    for slot in &report.slots {
        if !told.contains(&slot.slot) {
            describe(&mut text, slot, paint);
        }
    }
    for difference in &report.differences {
        if difference.slot.is_none() {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{}: {} {}",
                paint.error("error"),
                place(difference.workspace.as_deref()),
                clean(&diff::sentence(difference)),
            );
        }
    }
    for aside in &report.aside {
        let _ = writeln!(
            text,
            "{}: other windows of {} are on workspace `{}` now",
            paint.hint("note"),
            place(Some(&aside.workspace)),
            clean(&aside.to),
        );
    }
    if !report.kept.is_empty() {
        let _ = writeln!(
            text,
            "{}: {} left for {}; `i3pm-layout recover` removes {}",
            paint.hint("note"),
            Count(report.kept.len(), "placeholder"),
            clean(&report.kept.join(", ")),
            if report.kept.len() == 1 { "it" } else { "them" },
        );
    }
    if report.closed > 0 {
        let _ = writeln!(
            text,
            "{}: {} that the layout does not know, asked to close",
            paint.hint("note"),
            Count(report.closed, "window"),
        );
    }
    if report.interrupted {
        let _ = writeln!(
            text,
            "{}: interrupted, no placeholder was left",
            paint.warning("warning")
        );
    }
    if let Some(owners) = owners(report) {
        let again = shell_words::join(["i3pm-layout", "apply", name, "--reuse", "all"]);
        let _ = writeln!(
            text,
            "{}: `{again}` takes what {owners} has, `--reuse marked` starts what is missing",
            paint.hint("hint")
        );
    } else if let Some(again) = again(report, name) {
        let then = if needs_remedy(report) { "then " } else { "" };
        let _ = writeln!(
            text,
            "{}: {then}`{again}` tries it again",
            paint.hint("hint")
        );
    }
    text.push_str(&summary(report));
    text
}

/// The layouts that have windows which this one would take, in words.
pub fn owners(report: &Report) -> Option<String> {
    let names: Vec<String> = report
        .held_by
        .iter()
        .map(|name| format!("`{}`", clean(name)))
        .collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("layout {one}")),
        several => Some(format!("any of the layouts {}", several.join(", "))),
    }
}

/// What `recover` did, in one line.
pub fn recovered(recovered: Recovered) -> String {
    if recovered == Recovered::default() {
        return "nothing was left behind\n".to_owned();
    }
    format!(
        "{} removed, {} brought back\n",
        Count(recovered.placeholders, "placeholder"),
        Count(recovered.windows, "window")
    )
}

/// Whether nothing that is left comes right by itself.
fn needs_remedy(report: &Report) -> bool {
    report.slots.iter().all(|slot| match &slot.outcome {
        Outcome::Missing {
            optional, remedy, ..
        } => *optional || remedy.is_some(),
        Outcome::Misplaced { .. } => false,
        Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. } | Outcome::LeftOut { .. } => {
            true
        }
    }) && left(report).next().is_some()
}

/// The slots that are not as they shall be.
fn left(report: &Report) -> impl Iterator<Item = &SlotReport> {
    report.slots.iter().filter(|slot| match &slot.outcome {
        Outcome::Missing { optional, .. } => !optional,
        Outcome::Misplaced { .. } => true,
        Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. } | Outcome::LeftOut { .. } => {
            false
        }
    })
}

/// What a person runs when the cause is removed.
fn again(report: &Report, name: &str) -> Option<String> {
    let left: Vec<&SlotReport> = left(report).collect();
    match left.as_slice() {
        [] if report.is_complete() => None,
        // Standard input is used up.
        _ if name == "-" => None,
        [one] => Some(shell_words::join([
            "i3pm-layout",
            "apply",
            name,
            "--only",
            &one.slot,
        ])),
        // What is in its place is left alone, so nothing has to be named.
        _ => Some(shell_words::join(["i3pm-layout", "apply", name])),
    }
}

pub(super) fn place(workspace: Option<&str>) -> String {
    workspace.map_or_else(
        || "the scratchpad".to_owned(),
        |name| format!("workspace `{}`", clean(name)),
    )
}

fn describe(text: &mut String, slot: &SlotReport, paint: Paint) {
    let (id, where_) = (clean(&slot.slot), place(slot.workspace.as_deref()));
    let (what, reason, output, pid, optional) = match &slot.outcome {
        Outcome::Missing {
            reason,
            output,
            pid,
            optional,
            ..
        } => ("was not filled", reason, output.as_slice(), *pid, *optional),
        Outcome::Misplaced { reason } => {
            let none = [].as_slice();
            ("is not in its place", reason, none, None, false)
        }
        Outcome::Launched { misfits, .. } if !misfits.is_empty() => {
            let _ = writeln!(
                text,
                "{}: slot `{id}` of {where_} has its window, but `swallow` does not fit it: {}",
                paint.warning("warning"),
                clean(&unlike(misfits)),
            );
            let _ = writeln!(
                text,
                "{}: `swallow: {}` fits it; as it is, apply takes no such window that you \
                 have opened yourself",
                paint.hint("hint"),
                clean(&fitting(misfits)),
            );
            return;
        }
        Outcome::LeftOut { reason } => {
            let _ = writeln!(
                text,
                "{}: slot `{id}` of {where_} was left out: {}",
                paint.hint("note"),
                clean(reason)
            );
            return;
        }
        Outcome::Placed | Outcome::Adopted | Outcome::Launched { .. } => return,
    };
    let kind = if optional {
        paint.warning("warning")
    } else {
        paint.error("error")
    };
    let _ = writeln!(
        text,
        "{kind}: slot `{id}` of {where_} {what}: {}",
        clean(reason)
    );
    for line in output {
        let _ = writeln!(text, "{}: it wrote: {}", paint.bold("note"), clean(line));
    }
    if let Some(pid) = pid {
        let _ = writeln!(
            text,
            "{}: the next apply waits for process {pid} and starts no second one; `kill {pid}` \
             ends it",
            paint.bold("note")
        );
    }
    if let Outcome::Missing {
        remedy: Some(remedy),
        optional: false,
        ..
    } = &slot.outcome
    {
        let what = match remedy {
            Remedy::OpenOrCommand => {
                "open its window yourself, or give the slot a `command`".to_owned()
            }
            Remedy::Set(names) => format!(
                "set `{}` in the environment of `i3pm-layout`",
                names.join("`, `")
            ),
        };
        let _ = writeln!(text, "{}: {}", paint.hint("hint"), clean(&what));
    }
}

/// The criteria that a window does not fulfil, in words.
fn unlike(misfits: &[Misfit]) -> String {
    let said = misfits.iter().map(|misfit| {
        let Misfit {
            criterion,
            pattern,
            window,
        } = misfit;
        format!("its {criterion} is `{window}`, not `{pattern}`")
    });
    said.collect::<Vec<_>>().join("; ")
}

/// The same criteria as they would fit it.
fn fitting(misfits: &[Misfit]) -> String {
    let fit = |one: &Misfit| {
        (
            one.criterion.to_owned(),
            criteria::exact(&one.window).into(),
        )
    };
    flow(&Value::Object(misfits.iter().map(fit).collect()))
}

fn summary(report: &Report) -> String {
    let layout = clean(&report.layout);
    let took = Took(report.elapsed);
    let total = report.slots.len();
    let count =
        |is: fn(&Outcome) -> bool| report.slots.iter().filter(|slot| is(&slot.outcome)).count();
    let parts = [
        (count(|one| matches!(one, Outcome::Placed)), "placed"),
        (count(|one| matches!(one, Outcome::Adopted)), "adopted"),
        (
            count(|one| matches!(one, Outcome::Launched { .. })),
            "launched",
        ),
        (
            count(|one| matches!(one, Outcome::Missing { .. })),
            "missing",
        ),
        (
            count(|one| matches!(one, Outcome::Misplaced { .. })),
            "misplaced",
        ),
        (
            count(|one| matches!(one, Outcome::LeftOut { .. })),
            "left out",
        ),
    ];
    let (placed, left_out) = (parts[0].0, parts[5].0);
    let was_filled = placed + left_out == total;
    let beside = match left_out {
        0 => String::new(),
        number => format!(", {number} left out"),
    };
    if report.is_complete() && report.commands == 0 && was_filled {
        return format!(
            "{layout}: already right, {}{beside} ({took})\n",
            Count(placed, "slot")
        );
    }
    if report.is_complete() && was_filled && !report.changed.is_empty() {
        let changed: Vec<&str> = report.changed.iter().copied().collect();
        return format!(
            "{layout}: {} already filled{beside}, put right: {} ({took})\n",
            Count(placed, "slot"),
            changed.join(", ")
        );
    }
    let said: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let details = if said.is_empty() {
        String::new()
    } else {
        format!(" ({})", said.join(", "))
    };
    format!(
        "{layout}: {} of {} filled in {took}{details}\n",
        report.filled(),
        Count(total, "slot"),
    )
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
    fn a_window_that_the_criteria_do_not_fit_is_named_with_those_that_do() {
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
            "warning: slot `slot-0` of workspace `1:code` has its window, but `swallow` does not \
             fit it: its class is `org.Bar`, not `^Foo$`; its instance is `bar`, not `^foo$`\n\
             hint: `swallow: { class: ^org\\.Bar$, instance: ^bar$ }` fits it; as it is, apply \
             takes no such window that you have opened yourself\n\
             daily-dev: 1 of 1 slot filled in 1.2 s (1 launched)\n"
        );
    }

    #[test]
    fn all_well_is_one_line() {
        let mut all = filled(&[Outcome::Placed, launched(&[])]);
        assert_eq!(
            report(&all, "daily-dev", Paint(false)),
            "daily-dev: 2 of 2 slots filled in 1.2 s (1 placed, 1 launched)\n"
        );
        all = filled(&[Outcome::Placed]);
        all.commands = 0;
        assert_eq!(
            report(&all, "daily-dev", Paint(false)),
            "daily-dev: already right, 1 slot (1.2 s)\n"
        );
    }

    #[test]
    fn what_was_put_right_without_any_window_coming_is_said() {
        let mut one = filled(&[Outcome::Placed, Outcome::Placed]);
        one.changed = BTreeSet::from(["focus", "sizes"]);
        assert_eq!(
            report(&one, "daily-dev", Paint(false)),
            "daily-dev: 2 slots already filled, put right: focus, sizes (1.2 s)\n"
        );
    }

    #[test]
    fn a_program_that_still_runs_without_a_window_is_named() {
        let one = filled(&[Outcome::Missing {
            reason: "`code` opened no window".to_owned(),
            output: Vec::new(),
            pid: Some(77),
            optional: false,
            remedy: None,
        }]);
        assert_eq!(
            report(&one, "daily", Paint(false)),
            "error: slot `slot-0` of workspace `1:code` was not filled: `code` opened no window\n\
             note: the next apply waits for process 77 and starts no second one; `kill 77` ends it\n\
             hint: `i3pm-layout apply daily --only slot-0` tries it again\n\
             daily-dev: 0 of 1 slot filled in 1.2 s (1 missing)\n"
        );
    }

    #[test]
    fn what_is_missing_is_named_with_reason_and_way_out() {
        let one = filled(&[Outcome::Adopted, missing(&["no display"], false)]);
        assert_eq!(
            report(&one, "p/daily", Paint(false)),
            "error: slot `slot-1` of workspace `1:code` was not filled: `code` is not installed\n\
             note: it wrote: no display\n\
             hint: `i3pm-layout apply p/daily --only slot-1` tries it again\n\
             daily-dev: 1 of 2 slots filled in 1.2 s (1 adopted, 1 missing)\n"
        );
    }

    #[test]
    fn what_cannot_come_right_by_itself_says_what_has_to_be_done_first() {
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
        let open = "open its window yourself, or give the slot a `command`";
        let set = "set `A`, `B` in the environment of `i3pm-layout`";
        let unset = || lacking(Remedy::Set(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(
            hints(&[lacking(Remedy::OpenOrCommand)]),
            [
                open,
                "then `i3pm-layout apply daily --only slot-0` tries it again"
            ]
        );
        assert_eq!(
            hints(&[lacking(Remedy::OpenOrCommand), unset()]),
            [open, set, "then `i3pm-layout apply daily` tries it again"]
        );
        assert_eq!(
            hints(&[unset(), missing(&[], false)]),
            [set, "`i3pm-layout apply daily` tries it again"]
        );
    }

    #[test]
    fn windows_of_another_layout_can_be_asked_for() {
        let mut one = filled(&[missing(&[], false)]);
        one.held_by = vec!["work".to_owned()];
        let text = report(&one, "p/daily", Paint(false));
        assert!(
            text.contains(
                "hint: `i3pm-layout apply p/daily --reuse all` takes what layout `work` has, \
                 `--reuse marked` starts what is missing\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn what_is_left_out_is_a_note() {
        let left_out = Outcome::LeftOut {
            reason: "its window is not open".to_owned(),
        };
        let mut one = filled(&[Outcome::Placed, left_out]);
        let note = "note: slot `slot-1` of workspace `1:code` was left out: its window is not \
                    open\n";
        assert_eq!(
            report(&one, "daily", Paint(false)),
            format!("{note}daily-dev: 1 of 2 slots filled in 1.2 s (1 placed, 1 left out)\n")
        );
        one.commands = 0;
        assert_eq!(
            report(&one, "daily", Paint(false)),
            format!("{note}daily-dev: already right, 1 slot, 1 left out (1.2 s)\n")
        );
    }

    #[test]
    fn optional_slots_are_a_warning_without_a_hint() {
        let one = filled(&[missing(&[], true)]);
        assert_eq!(
            report(&one, "daily", Paint(false)),
            "warning: slot `slot-0` of workspace `1:code` was not filled: `code` is not installed\n\
             daily-dev: 0 of 1 slot filled in 1.2 s (1 missing)\n"
        );
    }
}
