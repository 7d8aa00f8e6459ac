//! Tests of the report of a run.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Paint;
use super::report;
use crate::apply::{
    BesideLayout, Costs, Exit, Late, NotStarted, Note, OnMonitors, Outcome, ProgramOutput, Reason,
    Remedy, Report, SlotReport,
};
use crate::diff::{Difference, Kind, Location};
use crate::layout::criteria::Misfit;
use crate::live::build::one_output;
use crate::testing::plan;

fn report(report: &Report, name: &str, paint: Paint) -> String {
    let plan = plan(
        "version: 1\nscratchpad:\n  - id: slot-0\n    swallow: { class: ^Foo$, instance: ^foo$, \
         title: notes, window_role: ^main$ }\n",
        &one_output([]),
    );
    let named: Vec<String> = name.split(' ').map(str::to_owned).collect();
    report::report(report, &plan, &named, &BTreeSet::new(), paint)
}

#[test]
fn the_hint_to_try_again_repeats_the_variables() {
    for (name, expected) in [
        ("t root=~/x", "i3pm-layout apply t root=~/x --only slot-0"),
        ("t root=a&b", "i3pm-layout apply t 'root=a&b' --only slot-0"),
    ] {
        let text = report(&filled(&[missing(&[], false)]), name, Paint(false));
        assert!(
            text.contains(&format!("run `{expected}` to try again")),
            "{text}"
        );
    }
}

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
                notes: Vec::new(),
            })
            .collect(),
        differences: Vec::new(),
        changed: BTreeSet::new(),
        costs: Costs {
            elapsed: Duration::from_millis(1240),
            own: Duration::from_millis(3),
            commands: 4,
        },
        beside: BesideLayout::default(),
        kept: Vec::new(),
        monitors: OnMonitors::default(),
        ran_out: false,
        interrupted: false,
    }
}

fn missing(output: &[&str], optional: bool) -> Outcome {
    Outcome::Missing {
        reason: Reason::NotStarted(NotStarted::NotInstalled("code".to_owned())),
        output: (!output.is_empty()).then(|| ProgramOutput {
            lines: output.iter().map(ToString::to_string).collect(),
            log: "/log/code.log".into(),
        }),
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
         hint: use `swallow: { class: ^org\\.Bar$, instance: ^bar$, title: notes, window_role: \
         ^main$ }`, so that `apply` also reuses such a window that you opened yourself\n\
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
    all.costs.commands = 0;
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
        reason: Reason::TimedOut {
            program: Some("code".to_owned()),
            after: Duration::from_secs(30),
            state: Late::Running(77),
            beside: None,
        },
        output: None,
        pid: Some(77),
        optional: false,
        remedy: None,
    }]);
    assert_eq!(
        report(&one, "daily", Paint(false)),
        "error: slot `slot-0` on workspace `1:code` was not restored: timed out after 30 s: \
         `code` is still running (process 77) but opened no matching window\n\
         note: the next `apply` waits for process 77 instead of starting the program again; \
         to stop it, run `kill 77`\n\
         hint: run `i3pm-layout apply daily --only slot-0` to try again\n\
         daily-dev: restored 0 of 1 slot in 1.2 s (1 missing)\n"
    );
}

#[test]
fn json_has_each_reason_as_a_sentence_and_as_data() {
    let lack = |reason| Outcome::LeftOut { reason };
    let not_started = NotStarted::NoDirectory {
        program: "./code".to_owned(),
        directory: "/gone".into(),
    };
    let one = filled(&[
        missing(&[], false),
        lack(Reason::NotStarted(not_started)),
        lack(Reason::Exited {
            program: "code".to_owned(),
            exit: Exit::Code(3),
            after: Duration::from_millis(1500),
            beside: None,
        }),
        lack(Reason::Interrupted),
    ]);
    let json = report::to_json(&one);
    let why = |slot: usize| json["slots"][slot]["why"].to_string();
    assert_eq!(why(0), r#"{"kind":"not-started","not-installed":"code"}"#);
    assert_eq!(
        why(1),
        r#"{"kind":"not-started","no-directory":{"program":"./code","directory":"/gone"}}"#
    );
    assert_eq!(
        why(2),
        r#"{"kind":"exited","program":"code","exit":{"code":3},"after_ms":1500.0,"beside":null}"#
    );
    assert_eq!(why(3), r#"{"kind":"interrupted"}"#);
    assert_eq!(
        json["slots"][2]["reason"],
        "`code` exited with code 3 after 1.5 s without opening a matching window"
    );
}

#[test]
fn missing_windows_have_a_reason_and_a_hint() {
    let one = filled(&[Outcome::Adopted, missing(&["no display"], false)]);
    assert_eq!(
        report(&one, "p/daily", Paint(false)),
        "error: slot `slot-1` on workspace `1:code` was not restored: `code` is not installed, or \
         not in PATH\n\
         note: program output: no display\n\
         note: all output is in /log/code.log\n\
         hint: run `i3pm-layout apply p/daily --only slot-1` to try again\n\
         daily-dev: restored 1 of 2 slots in 1.2 s (1 adopted, 1 missing)\n"
    );
}

#[test]
fn causes_in_the_i3_config_come_with_a_hint() {
    let one = filled(&[Outcome::Misplaced {
        difference: Box::new(Difference {
            workspace: None,
            slot: None,
            idx: None,
            con: None,
            kind: Kind::Moved {
                before: Location::Tiling("1".to_owned()),
                after: Location::Floating("1".to_owned()),
            },
        }),
        causes: vec!["for_window [class=a] floating enable".to_owned()],
    }]);
    assert_eq!(
        report(&one, "daily", Paint(false)),
        "error: slot `slot-0` on workspace `1:code` is not in its place: is floating, expected \
         tiled; this may be due to the i3 config: `for_window [class=a] floating enable`\n\
         hint: change this line of the i3 config, or the slot in the layout\n\
         hint: then run `i3pm-layout apply daily --only slot-0` to try again\n\
         daily-dev: restored 0 of 1 slot in 1.2 s (1 misplaced)\n"
    );
}

#[test]
fn a_run_that_gave_up_says_so() {
    let mut one = filled(&[Outcome::Placed]);
    one.ran_out = true;
    let text = report(&one, "daily", Paint(false));
    let note = "note: gave up after several rounds of repairs: ";
    assert!(text.starts_with(note), "{text}");
}

#[test]
fn notes_are_shown_for_restored_slots() {
    let mut one = filled(&[Outcome::Adopted]);
    one.slots[0].notes.push(Note::LaterRule {
        title: "video".to_owned(),
        line: "for_window [title=video] kill".to_owned(),
    });
    assert_eq!(
        report(&one, "daily", Paint(false)),
        "warning: slot `slot-0` on workspace `1:code`: the i3 config will change its window when \
         the title becomes `video`: `for_window [title=video] kill`\n\
         hint: run `apply` again when the window has this title, or remove the rule\n\
         daily-dev: restored 1 of 1 slot in 1.2 s (1 adopted)\n"
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
    let set = "run `read -rs A && read -rs B && export A B` first, or set them in `~/.profile`";
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
    // The same remedy for two slots is one hint.
    assert_eq!(
        hints(&[unset(), unset(), lacking(Remedy::OpenOrCommand)]),
        [set, open, "then run `i3pm-layout apply daily` to try again"]
    );
    assert_eq!(
        hints(&[unset(), missing(&[], false)]),
        [set, "run `i3pm-layout apply daily` to try again"]
    );
}

#[test]
fn skipped_slots_are_a_note() {
    let left_out = Outcome::LeftOut {
        reason: Reason::NotOpen,
    };
    let mut one = filled(&[Outcome::Placed, left_out]);
    let note = "note: slot `slot-1` on workspace `1:code` was skipped: its window is not \
                open, and it has no command\n";
    assert_eq!(
        report(&one, "daily", Paint(false)),
        format!("{note}daily-dev: restored 1 of 2 slots in 1.2 s (1 placed, 1 skipped)\n")
    );
    one.costs.commands = 0;
    assert_eq!(
        report(&one, "daily", Paint(false)),
        format!("{note}daily-dev: nothing to do: 1 slot already in place, 1 skipped (1.2 s)\n")
    );
}

#[test]
fn slots_that_a_rearrangement_skips_are_one_note() {
    let left_out = || Outcome::LeftOut {
        reason: Reason::Rearrange,
    };
    let one = filled(&[left_out(), Outcome::Adopted, left_out()]);
    assert_eq!(
        report(&one, "daily", Paint(false)),
        "note: not open: `slot-0`, `slot-2`\n\
         daily-dev: restored 1 of 3 slots in 1.2 s (1 adopted, 2 skipped)\n"
    );
}

#[test]
fn optional_slots_are_a_warning_without_a_hint() {
    let one = filled(&[missing(&[], true)]);
    assert_eq!(
        report(&one, "daily", Paint(false)),
        "warning: slot `slot-0` on workspace `1:code` was not restored: `code` is not installed, \
         or not in PATH\n\
         daily-dev: restored 0 of 1 slot in 1.2 s (1 missing)\n"
    );
}
