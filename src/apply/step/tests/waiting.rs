//! The wait for windows: windows that open, time-outs, and programs that exit.

use std::time::Duration;

use super::driver::{Run, layout, options, process_of, slot};
use super::fake_i3::Spot;
use crate::apply::event::Happening;
use crate::apply::{
    Beside, BesideKind, Exit, Late, NotStarted, Options, Outcome, Reason, Remedy, Unfinished,
};
use crate::live::build::{one_output, win, workspace};
use crate::live::{Change, Desktop, WindowType};

fn empty() -> Desktop {
    one_output([workspace("1", [])])
}

/// A run that waits for one window.
fn one() -> Run {
    let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
    run.begin();
    run.log();
    run
}

fn timed_out(after: u64, state: Late, beside: Option<Beside>) -> Reason {
    Reason::TimedOut {
        program: Some("A".to_owned()),
        after: Duration::from_millis(after),
        state,
        beside,
    }
}

#[test]
fn a_window_in_its_placeholder_is_moved_to_its_place() {
    let mut run = one();
    run.happen(150, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    run.check(&[
        "150 observe",
        "150 remove swap one with place a; mark place a as spent a; unmark place a as place a; \
         unmark one as wait a; [one] sticky disable",
        "150 place one in a",
        "150 append removed; collect; kill spent",
        "150 tell 1 filled",
        "150 observe",
        "150 finish",
    ]);
    assert_eq!(run.titles(), ["one"]);
    let launched = Outcome::Launched {
        after: Duration::from_millis(150),
        misfits: Vec::new(),
    };
    assert_eq!(run.outcome("a"), launched);
    assert!(run.report().is_complete());
    assert_eq!(run.state.unfinished_programs(), Some(Vec::new()));
}

#[test]
fn windows_in_quick_succession_are_moved_together() {
    let ids = ["a", "b", "c", "d"];
    let slots = ids.map(|id| slot(id, &id.to_uppercase()));
    let slots: Vec<&str> = slots.iter().map(String::as_str).collect();
    let mut run = Run::new(&layout(&slots), empty());
    run.begin();
    run.log();
    let times = [("a", 100), ("b", 110), ("c", 120), ("d", 145)];
    for (id, at) in times {
        let window = || win(id).class(&id.to_uppercase());
        run.happen(at, |run| [run.opens_in_slot(id, window())]);
    }
    // The look for the last window does not wait.
    run.check_only(
        &["observe"],
        &["100 observe", "134 observe", "145 observe", "145 observe"],
    );
    assert_eq!(run.titles(), ids);
    assert!(run.report().is_complete());
}

#[test]
fn a_window_outside_its_placeholder_is_moved_to_its_place() {
    let mut run = one();
    let window = run.window_of("a", win("one").class("Other"));
    run.happen(150, |run| [run.opens(Spot::On("1"), window)]);
    let log = run.log();
    assert_eq!(
        log[1],
        "150 remove swap one with place a; kill wait a; kill place a; [one] sticky disable"
    );
    assert_eq!(run.titles(), ["one"]);
    let outcome = run.outcome("a");
    let misfits = matches!(&outcome, Outcome::Launched { misfits, .. } if misfits.len() == 1);
    assert!(misfits, "{outcome:?}");
}

#[test]
fn a_window_that_the_user_opens_is_left_alone() {
    let mut run = one();
    run.happen(150, |run| [run.opens(Spot::On("1"), win("other"))]);
    run.check(&["150 observe"]);
    run.happen(200, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    assert_eq!(run.end(), 200);
    assert_eq!(run.titles(), ["one", "other"]);
}

#[test]
fn timeouts_end_the_wait() {
    let total = |milliseconds| Some(Duration::from_millis(milliseconds));
    for (keys, total_timeout, end) in [
        ("", None, 5000),
        (", timeout: 2", None, 2000),
        (", timeout: 7", None, 7000),
        ("", total(3000), 3000),
        (", timeout: 2", total(3000), 2000),
        (", timeout: 7", total(3050), 3050),
    ] {
        let options = Options {
            total_timeout,
            ..options()
        };
        let layout = layout(&[&format!("{}{keys}", slot("a", "A"))]);
        let mut run = Run::with(&layout, empty(), options);
        run.output = vec!["A: no display".to_owned()];
        run.begin();
        assert_eq!(u128::from(end), run.end(), "{keys} {total_timeout:?}");
        let Outcome::Missing {
            reason,
            output,
            pid,
            remedy,
            ..
        } = run.outcome("a")
        else {
            panic!("{:?}", run.outcome("a"));
        };
        assert_eq!(reason, timed_out(end, Late::Running(100), None));
        assert_eq!(output.map(|output| output.lines), Some(run.output.clone()));
        assert_eq!((pid, remedy), (Some(100), None));
        let left = Unfinished {
            layout: "t".to_owned(),
            slot: "a".to_owned(),
            command: Unfinished::command(&["A".to_owned(), "a".to_owned()]),
            pid: 100,
            started: process_of(run.idx("a")).started,
            token: "1-0".to_owned(),
        };
        assert_eq!(run.state.unfinished_programs(), Some(vec![left]));
        // No placeholder is left.
        assert!(
            run.i3
                .desktop
                .tree
                .descendants()
                .all(|con| !con.has_own_mark())
        );
        assert_eq!(run.titles(), Vec::<&str>::new());
    }
}

#[test]
fn a_slot_that_times_out_is_told_while_others_are_pending() {
    let short = format!("{}, timeout: 1", slot("a", "A"));
    let mut run = Run::new(&layout(&[&short, &slot("b", "B")]), empty());
    run.begin();
    run.log();
    assert_eq!(run.end(), 5000);
    run.check_only(
        &["gave up", "tell", "read /"],
        &[
            "1000 read /logs/t/a.log",
            "1000 gave up a",
            "1000 tell 0 filled, waiting for b",
            "5000 read /logs/t/b.log",
            "5000 tell 0 filled",
        ],
    );
}

#[test]
fn a_program_that_fails_is_given_up_at_once() {
    for exit in [
        Exit::Code(1),
        Exit::Code(127),
        Exit::Signal(9),
        Exit::Unknown,
        Exit::Unwatched("EMFILE".to_owned()),
    ] {
        let mut run = one();
        run.happen(320, |run| [run.exits("a", exit.clone())]);
        run.check_only(
            &["observe", "read", "tell", "finish"],
            &[
                "320 observe",
                "320 read /logs/t/a.log",
                "320 tell 0 filled",
                "320 observe",
                "320 observe",
                "320 finish",
            ],
        );
        let expected = Outcome::Missing {
            reason: Reason::Exited {
                program: "A".to_owned(),
                exit,
                after: Duration::from_millis(320),
                beside: None,
            },
            output: None,
            pid: None,
            optional: false,
            remedy: Some(Remedy::FixProgram),
        };
        assert_eq!(run.outcome("a"), expected);
        assert_eq!(run.state.unfinished_programs(), Some(Vec::new()));
    }
}

#[test]
fn a_program_that_exits_with_code_0_may_have_delegated() {
    let mut run = one();
    run.happen(320, |run| [run.exits("a", Exit::Code(0))]);
    assert_eq!(run.end(), 5000);
    let expected = Outcome::Missing {
        reason: timed_out(5000, Late::HandedOver, None),
        output: None,
        pid: None,
        optional: false,
        remedy: Some(Remedy::KeepRunning),
    };
    assert_eq!(run.outcome("a"), expected);
    // A running instance opens the window.
    let mut run = one();
    run.happen(320, |run| [run.exits("a", Exit::Code(0))]);
    let window = win("one").class("A");
    let mark = run.plan.waiting_mark(run.idx("a"));
    run.happen(450, |run| [run.opens(Spot::In(&mark), window)]);
    assert_eq!(run.end(), 450);
    assert_eq!(run.titles(), ["one"]);
}

#[test]
fn another_window_of_the_program_is_in_the_reason() {
    for (window_type, kind) in [
        (WindowType::Splash, BesideKind::Splash),
        (WindowType::Dialog, BesideKind::Dialog),
        (WindowType::Utility, BesideKind::Helper),
    ] {
        let mut run = one();
        let window = win("hello").class("A").window_type(window_type);
        let window = run.window_of("a", window);
        run.happen(200, |run| [run.opens(Spot::On("1"), window)]);
        assert_eq!(run.end(), 5000);
        let title = "hello".to_owned();
        let beside = Some(Beside { kind, title });
        assert_eq!(run.reason("a"), timed_out(5000, Late::Running(100), beside));
    }
}

#[test]
fn labels_show_which_windows_take_long() {
    let mut run = Run::new(&layout(&[&slot("a", "A"), &slot("b", "B")]), empty());
    run.begin();
    run.happen(150, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    run.log();
    // The program started at 0 ms, and no window has opened since 150 ms.
    run.idle(1149);
    run.check(&[]);
    run.idle(1150);
    run.check(&[
        "1150 observe",
        "1150 append label a",
        "1150 settle",
        "1150 read tree",
        "1150 label nothing",
        "1150 send swap label a with place a; mark label a as place a; \
         unmark label a as label a; kill place a",
    ]);
    run.idle(4999);
    run.check(&[]);
    run.happen(4999, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    assert_eq!(run.end(), 4999);
    assert_eq!(run.titles(), ["one", "two"]);
    assert!(run.report().is_complete());
}

#[test]
fn an_interrupt_ends_the_wait() {
    let mut run = Run::new(&layout(&[&slot("a", "A"), &slot("b", "B")]), empty());
    run.begin();
    run.happen(150, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    run.log();
    run.happen(300, |_| [Happening::Interrupt]);
    assert_eq!(run.until, None);
    run.check(&[
        "300 tell 1 filled",
        "300 observe",
        "300 append removed; collect; kill spent",
        "300 remove kill wait a; kill place a",
        "300 observe",
        "300 finish",
    ]);
    let report = run.report();
    assert!(report.interrupted);
    assert!(!report.is_complete());
    let expected = Outcome::Missing {
        reason: Reason::Interrupted,
        output: None,
        pid: Some(100),
        optional: false,
        remedy: None,
    };
    assert_eq!(run.outcome("a"), expected);
    assert_eq!(run.titles(), ["two"]);
    // The next run waits for it.
    let left = run.state.unfinished_programs().unwrap();
    let left: Vec<&str> = left.iter().map(|one| one.slot.as_str()).collect();
    assert_eq!(left, ["a"]);
}

#[test]
fn the_end_of_i3_ends_the_run() {
    for (change, text) in [
        (Change::Shutdown { restart: true }, "Restarted"),
        (Change::Shutdown { restart: false }, "Ended"),
        (Change::Lost("closed".to_owned()), "Lost(\"closed\")"),
    ] {
        let mut run = one();
        run.happen(300, |_| [Happening::Change(change)]);
        run.check(&[&format!("300 fail Gone({text})")]);
        assert_eq!(run.until, None);
        assert_eq!(run.state.report(), None);
    }
}

#[test]
fn placeholders_are_kept_on_request() {
    let options = Options {
        keep_placeholders: true,
        ..options()
    };
    let mut run = Run::with(
        &layout(&[&slot("a", "A"), &slot("b", "B")]),
        empty(),
        options,
    );
    let missing = NotStarted::NotInstalled("A".to_owned());
    let idx = run.idx("a");
    run.checked.programs.insert(idx, Err(missing));
    run.begin();
    assert_eq!(run.end(), 5000);
    assert_eq!(run.report().kept, ["b"]);
    let desktop = &run.i3.desktop;
    let live = desktop.workspace("1").unwrap();
    let kept = live.con.placeholder("_i3pm:t:b");
    assert!(kept.is_some_and(|con| con.swallows), "{live:#?}");
    let own = desktop.tree.descendants().filter(|con| con.has_own_mark());
    assert_eq!(own.count(), 1);
}
