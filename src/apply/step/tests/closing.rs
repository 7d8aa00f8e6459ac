//! Windows that close again, such as login dialogs.

use super::driver::{Run, layout, process_of, slot};
use super::fake_i3::Spot;
use crate::apply::event::Happening;
use crate::apply::{Exit, Late, Outcome, Reason};
use crate::live::Change;
use crate::live::build::{one_output, win, workspace};

/// A run in which the window of `a` has opened at 150 ms; it waits for `b`.
fn one_of_two() -> Run {
    let layout = layout(&[&slot("a", "A"), &slot("b", "B")]);
    let mut run = Run::new(&layout, one_output([workspace("1", [])]));
    run.begin();
    run.happen(150, |run| [run.opens_in_slot("a", win("login").class("A"))]);
    run.log();
    run
}

#[test]
fn a_slot_waits_again_while_the_program_of_its_window_runs() {
    let mut run = one_of_two();
    run.happen(300, |run| [run.closes("login")]);
    run.check(&[
        "300 watch 100",
        "300 observe",
        "300 watch 100",
        "300 remove kill place b",
        "300 observe",
        "300 append place a, place b",
        "300 read tree",
        "300 remove rename 1 to _i3pm:old:0:0; rename _i3pm:new:0:0 to 1; \
         [_i3pm:new:0:0] move workspace to output \"eDP-1\"; show 1; show 1; \
         focus _i3pm:new:0:0",
        "300 observe",
        "300 tell 0 filled, waiting for a",
    ]);
    // The second window comes without a placeholder.
    let window = run.window_of("a", win("one").class("A"));
    run.happen(380, |run| [run.opens(Spot::On("1"), window)]);
    run.check(&[
        "380 observe",
        "380 remove swap one with place a; kill place a; [one] sticky disable",
        "380 place one in a",
        "380 tell 1 filled, waiting for b",
    ]);
    run.happen(390, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    assert_eq!(run.end(), 390);
    assert_eq!(run.titles(), ["one", "two"]);
    assert!(run.report().is_complete());
}

#[test]
fn a_second_window_with_the_id_of_the_first_is_another_window() {
    let mut run = one_of_two();
    let window = run.window_of("a", win("one").class("A"));
    run.happen(300, |run| {
        let first = run.i3.window("login").id;
        let closed = run.closes("login");
        let con = run.i3.open_reusing(first, "1", window);
        assert_eq!(con.id, first);
        [closed, Happening::Change(Change::WindowNew(Box::new(con)))]
    });
    run.happen(390, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    run.end();
    assert_eq!(run.titles(), ["one", "two"]);
    assert!(run.report().is_complete());
}

#[test]
fn a_slot_whose_program_opens_no_second_window_times_out() {
    let mut run = one_of_two();
    run.happen(300, |run| [run.closes("login")]);
    assert_eq!(run.end(), 5000);
    let expected = Reason::TimedOut {
        program: Some("A".to_owned()),
        after: std::time::Duration::from_secs(5),
        state: Late::ClosedIts,
        beside: None,
    };
    assert_eq!(run.reason("a"), expected);
}

#[test]
fn a_slot_is_given_up_when_its_program_ends_after_its_window() {
    let process = |run: &Run| process_of(run.idx("a"));
    for code in [0, 1] {
        let mut run = one_of_two();
        run.happen(300, |run| [run.closes("login")]);
        run.log();
        let gone = Happening::Gone(process(&run));
        run.happen(320, |run| [run.exits("a", Exit::Code(code)), gone]);
        run.check_only(&["start", "gave up"], &["320 gave up a"]);
        run.happen(380, |run| [run.opens_in_slot("b", win("two").class("B"))]);
        assert_eq!(run.end(), 380);
        let expected = Outcome::Missing {
            reason: Reason::Closed,
            output: None,
            pid: None,
            optional: false,
            remedy: None,
        };
        assert_eq!(run.outcome("a"), expected, "{code}");
    }
}

#[test]
fn a_slot_is_given_up_when_its_window_closes_with_its_program() {
    let mut run = one_of_two();
    run.happen(300, |run| {
        let closed = run.closes("login");
        [closed, run.exits("a", Exit::Code(0))]
    });
    // The process is known to have ended, so the slot does not wait again.
    run.check(&["300 watch 100", "300 observe"]);
    run.happen(380, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    assert_eq!(run.end(), 380);
    assert_eq!(run.reason("a"), Reason::Closed);
    assert_eq!(run.titles(), ["two"]);
}

#[test]
fn a_window_that_closes_after_its_timeout_is_not_waited_for() {
    let short = format!("{}, timeout: 1", slot("a", "A"));
    let layout = layout(&[&short, &slot("b", "B")]);
    let mut run = Run::new(&layout, one_output([workspace("1", [])]));
    run.begin();
    run.happen(150, |run| [run.opens_in_slot("a", win("login").class("A"))]);
    run.idle(1200);
    run.log();
    run.happen(1250, |run| [run.closes("login")]);
    run.check_only(&["append", "remove", "start"], &[]);
    assert_eq!(run.end(), 5000);
    assert_eq!(run.reason("a"), Reason::Closed);
}
