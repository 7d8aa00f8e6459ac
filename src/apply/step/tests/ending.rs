//! The end of a run: repairs, the windows of other layouts, and titles that come late.

use std::time::Duration;

use super::driver::{Run, layout, options, slot};
use super::fake_i3::Spot;
use crate::apply::report::Neighbour;
use crate::apply::{Exit, Mode, Note, Options, Outcome, Reason};
use crate::live::build::{one_output, win, workspace};
use crate::wm::command::Command;
use crate::wm::window_config_of;

#[test]
fn a_repair_is_sent_once() {
    let keys = format!("{}, border: pixel 5", slot("a", "A"));
    let window = || win("one").class("A");
    let mut run = Run::new(&layout(&[&keys]), one_output([workspace("1", [window()])]));
    run.begin();
    run.check(&[
        "0 observe",
        "0 place one in a",
        "0 send [one] border pixel 5",
        "0 observe",
        "0 finish",
    ]);
    assert!(run.report().is_complete());

    // It does not help.
    let mut run = Run::new(&layout(&[&keys]), one_output([workspace("1", [window()])]));
    run.ignores = |command| matches!(command, Command::Set { .. });
    run.begin();
    run.check(&[
        "0 observe",
        "0 place one in a",
        "0 send [one] border pixel 5",
        "0 observe",
        "0 read config",
        "0 finish",
    ]);
    let outcome = run.outcome("a");
    let Outcome::Misplaced { causes, .. } = &outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(causes, &Vec::<String>::new());
    assert_eq!(run.report().costs.commands, 1);
}

/// A run whose program exits with this code at 320 ms, while another layout has a window for its
/// slot on workspace 2.
fn beside_another_layout(code: i32) -> Run {
    let other = win("theirs").class("A").mark("_i3pm:other:x");
    let live = one_output([
        workspace("1", []).focused(),
        workspace("2", [other, win("more")]),
    ]);
    let mut run = Run::new(&layout(&[&slot("a", "A")]), live);
    run.begin();
    run.happen(320, |run| [run.exits("a", Exit::Code(code))]);
    run
}

#[test]
fn a_window_of_another_layout_is_used_if_the_program_opens_none() {
    let mut run = beside_another_layout(0);
    run.log();
    run.idle(3319);
    run.check_only(&["place", "tell", "remove"], &[]);
    assert_eq!(run.end(), 3320);
    run.check(&[
        "3320 observe",
        "3320 tell 1 filled",
        "3320 observe",
        "3320 remove kill wait a; [_i3pm:place:t:a] move scratchpad; kill place a",
        "3320 observe",
        "3320 place theirs in a",
        "3320 observe",
        "3320 append place a",
        "3320 read tree",
        "3320 remove swap theirs with place a; rename 1 to _i3pm:old:0:0; \
         rename _i3pm:new:0:0 to 1; [_i3pm:new:0:0] move workspace to output \"eDP-1\"; \
         show 1; show 1; kill place a",
        "3320 observe",
        "3320 finish",
    ]);
    assert_eq!(run.titles(), ["theirs"]);
    assert_eq!(run.outcome("a"), Outcome::Adopted);
    let neighbour = Neighbour {
        layout: "other".to_owned(),
        taken: vec!["a".to_owned()],
        kept: Vec::new(),
    };
    assert_eq!(run.report().beside.others, [neighbour]);
}

#[test]
fn a_window_of_another_layout_stays_there_if_the_program_fails() {
    let run = beside_another_layout(1);
    assert_eq!(run.until, None);
    let expected = Reason::Exited {
        program: "A".to_owned(),
        exit: Exit::Code(1),
        after: Duration::from_millis(320),
        beside: None,
    };
    assert_eq!(run.reason("a"), expected);
    assert_eq!(run.titles(), Vec::<&str>::new());
    let neighbour = Neighbour {
        layout: "other".to_owned(),
        taken: Vec::new(),
        kept: vec!["a".to_owned()],
    };
    assert_eq!(run.report().beside.others, [neighbour]);
}

#[test]
fn a_window_of_another_layout_stays_there_if_the_program_opens_its_own() {
    let mut run = beside_another_layout(0);
    let mark = run.plan.waiting_mark(run.idx("a"));
    run.happen(900, |run| {
        [run.opens(Spot::In(&mark), win("own").class("A"))]
    });
    assert_eq!(run.end(), 900);
    assert_eq!(run.titles(), ["own"]);
    assert!(run.report().is_complete());
}

#[test]
fn a_title_that_a_rule_waits_for_is_waited_for() {
    let keys = format!("{}, seen: {{ title: Mail }}", slot("a", "A"));
    let rule = "for_window [title=\"^Mail$\"] move container to workspace 3";
    for (config, end) in [("", 150), (rule, 5150)] {
        let live = one_output([workspace("1", [])]);
        let mut run = Run::new(&layout(&[&keys]), live);
        run.config = window_config_of(config);
        run.begin();
        run.check_only(&["read config"], &["0 read config"]);
        run.happen(150, |run| {
            [run.opens_in_slot("a", win("Starting").class("A"))]
        });
        assert_eq!(run.end(), end);
        run.check_only(&["read config"], &[]);
        let expected = (!config.is_empty()).then(|| Note::LaterRule {
            title: "Mail".to_owned(),
            line: rule.to_owned(),
        });
        let expected: Vec<Note> = expected.into_iter().collect();
        assert_eq!(run.report().slots[0].notes, expected);
        assert!(run.report().is_complete());
    }
}

/// A run with two slots for windows of one process, which have titles in the layout. The windows
/// open at 200 and 300 ms and have no titles yet.
fn with_titles() -> Run {
    let a = format!("{}, seen: {{ title: Mail }}", slot("a", "A"));
    let b = "id: b, swallow: { class: ^A$ }, command: null, seen: { title: News }";
    let mut run = Run::new(&layout(&[&a, b]), one_output([workspace("1", [])]));
    run.begin();
    for (id, name, at) in [("a", "one", 200), ("b", "two", 300)] {
        let window = run.window_of("a", win(name).class("A"));
        let mark = run.plan.waiting_mark(run.idx(id));
        run.happen(at, |run| [run.opens(Spot::In(&mark), window)]);
    }
    run
}

#[test]
fn titles_that_tell_windows_apart_get_a_moment() {
    let mut run = with_titles();
    assert_eq!(run.end(), 2300);
    assert_eq!(run.titles(), ["one", "two"]);

    let mut run = with_titles();
    run.happen(1500, |run| [run.retitles("one", "Loading")]);
    assert_eq!(run.end(), 3500);

    // Some titles never stop changing.
    let mut run = with_titles();
    for at in 1..=10 {
        let [from, to] = [at - 1, at].map(|at| match at {
            0 => "one".to_owned(),
            at => format!("{at} %"),
        });
        run.happen(at * 1000, |run| [run.retitles(&from, &to)]);
    }
    assert_eq!(run.end(), 10_300);
}

#[test]
fn windows_are_swapped_when_their_titles_tell_them_apart() {
    let mut run = with_titles();
    run.log();
    run.happen(1000, |run| [run.retitles("one", "News")]);
    assert_eq!(run.end(), 1000);
    assert_eq!(run.titles(), ["two", "News"]);
    run.check_only(&["place"], &["1000 place two in a", "1000 place News in b"]);
    assert!(run.report().is_complete());
}

#[test]
fn two_windows_are_swapped_with_one_command() {
    let mut run = with_titles();
    run.log();
    run.happen(1000, |run| [run.retitles("one", "News")]);
    run.check_only(
        &["remove"],
        &["1000 remove swap two with News; [two] sticky disable"],
    );
}

#[test]
fn other_windows_are_left_moved_or_closed() {
    for (mode, commands, aside, closed) in [
        (Mode::Merge, vec![], vec![], 0),
        (Mode::Replace, vec![], vec!["before 1"], 0),
        (Mode::Close, vec!["0 send [other] kill"], vec![], 1),
    ] {
        let live = one_output([workspace("1", [win("one").class("A"), win("other")])]);
        let options = Options { mode, ..options() };
        let mut run = Run::with(&layout(&[&slot("a", "A")]), live, options);
        run.begin();
        run.check_only(&["send [other]"], &commands);
        let report = run.report();
        assert_eq!(report.beside.closed, closed, "{mode:?}");
        let to: Vec<&str> = report
            .beside
            .aside
            .iter()
            .map(|one| one.to.as_str())
            .collect();
        assert_eq!(to, aside, "{mode:?}");
        let titles = match mode {
            Mode::Merge => vec!["one", "other"],
            Mode::Replace | Mode::Close => vec!["one"],
        };
        assert_eq!(run.titles(), titles, "{mode:?}");
    }
}

#[test]
fn a_build_that_does_not_help_is_not_tried_for_long() {
    let layout = layout(&[&slot("a", "A"), &slot("b", "B")]);
    let windows = [win("two").class("B"), win("one").class("A")];
    let mut run = Run::new(&layout, one_output([workspace("1", windows)]));
    run.ignores = |command| {
        matches!(
            command,
            Command::Swap { .. } | Command::RenameWorkspace { .. }
        )
    };
    run.begin();
    run.check_only(
        &["append", "send", "finish"],
        &[
            "0 append place a, place b",
            "0 send focus two; focus one; show 1; focus one; show 1",
            "0 append place a, place b",
            "0 append place a, place b",
            "0 finish",
        ],
    );
    assert_eq!(run.titles(), ["two", "one"]);
    assert!(!run.report().is_complete());
}

#[test]
fn a_run_whose_rounds_run_out_says_so() {
    let layout = "version: 1\nworkspaces:\n\
                  \x20 - { name: '1:web', nodes: [{ id: a, swallow: { class: ^A$ }, command: a }] }\n\
                  \x20 - { name: '1:mail', nodes: [{ id: b, swallow: { class: ^B$ }, command: b }] }\n";
    let live = || {
        one_output([
            workspace("1:mail", [win("two").class("B")]),
            workspace("1:web", [win("one").class("A")]).focused(),
        ])
    };
    let mut run = Run::new(layout, live());
    run.ignores = |command| matches!(command, Command::RenameWorkspace { .. });
    run.begin();
    assert!(run.report().ran_out && !run.report().is_complete());
    let keys = format!("{}, border: pixel 5", slot("a", "A"));
    let window = one_output([workspace("1", [win("one").class("A")])]);
    let mut run = Run::new(&super::driver::layout(&[&keys]), window);
    run.ignores = |command| matches!(command, Command::Set { .. });
    run.begin();
    assert!(!run.report().ran_out && !run.report().is_complete());
}
