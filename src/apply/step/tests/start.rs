//! The start of a run: the desktop, the check of programs, and the first build.

use std::path::PathBuf;

use super::driver::{Run, layout, options, slot};
use crate::apply::report::OtherDirectory;
use crate::apply::{Missing, NotStarted, Note, Options, Outcome, Reason, Remedy};
use crate::live::build::{one_output, placeholder, win, workspace};

fn empty() -> crate::live::Desktop {
    one_output([workspace("1", [])])
}

#[test]
fn a_fresh_restore_waits_for_windows_before_it_builds() {
    let layout = layout(&[&slot("a", "A"), &slot("b", "B")]);
    let mut run = Run::new(&layout, empty());
    run.begin();
    run.check(&[
        "0 observe",
        "0 check a b",
        "0 subscribe",
        "0 append waiting, wait a, wait b; hide",
        "0 start a: A a (1-0)",
        "0 start b: B b (1-1)",
        "0 append place a, place b",
        "0 read tree",
        "0 remove rename 1 to _i3pm:old:0:0; rename _i3pm:new:0:0 to 1; \
         [_i3pm:new:0:0] move workspace to output \"eDP-1\"; show 1; show 1; \
         focus _i3pm:new:0:0",
        "0 observe",
        "0 label nothing, nothing",
        "0 tell 0 filled, waiting for a",
    ]);
}

#[test]
fn windows_that_are_right_need_no_command() {
    let layout = layout(&[&slot("a", "A"), &slot("b", "B")]);
    let windows = [win("one").class("A"), win("two").class("B")];
    let mut run = Run::new(&layout, one_output([workspace("1", windows)]));
    run.begin();
    run.check(&[
        "0 observe",
        "0 place one in a",
        "0 place two in b",
        "0 finish",
    ]);
    assert_eq!(run.outcome("a"), Outcome::Placed);
    assert_eq!(run.outcome("b"), Outcome::Placed);
    assert_eq!(run.report().costs.commands, 0);
    assert_eq!(run.state.unfinished_programs(), None);
}

#[test]
fn windows_in_the_wrong_order_are_swapped_without_a_program() {
    let layout = layout(&[&slot("a", "A"), &slot("b", "B")]);
    let windows = [win("two").class("B"), win("one").class("A")];
    let mut run = Run::new(&layout, one_output([workspace("1", windows)]));
    run.begin();
    run.check_only(
        &["check", "start", "append", "finish"],
        &["0 append place a, place b", "0 finish"],
    );
    assert_eq!(run.titles(), ["one", "two"]);
    assert_eq!(run.outcome("a"), Outcome::Placed);
    assert!(run.report().is_complete());
}

#[test]
fn missing_programs_are_not_started() {
    let directory = PathBuf::from("/nowhere");
    let program = || "A".to_owned();
    for (error, remedy) in [
        (
            NotStarted::NotInstalled(program()),
            Some(Remedy::Install(program())),
        ),
        (NotStarted::NoFile(program()), Some(Remedy::ChangeCommand)),
        (
            NotStarted::NotExecutable(program()),
            Some(Remedy::ChangeCommand),
        ),
        (
            NotStarted::NoInterpreter(program()),
            Some(Remedy::ChangeCommand),
        ),
        (
            NotStarted::NoDirectory {
                program: program(),
                directory: directory.clone(),
            },
            Some(Remedy::CreateDirectory(directory)),
        ),
        (NotStarted::Other("E2BIG".to_owned()), None),
    ] {
        let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
        let idx = run.idx("a");
        run.checked.programs.insert(idx, Err(error.clone()));
        run.begin();
        run.check(&["0 observe", "0 check a", "0 finish"]);
        let expected = Outcome::Missing {
            reason: Reason::NotStarted(error),
            output: None,
            pid: None,
            optional: false,
            remedy,
        };
        assert_eq!(run.outcome("a"), expected);
    }
}

#[test]
fn a_missing_program_does_not_hold_the_others() {
    let mut run = Run::new(&layout(&[&slot("a", "A"), &slot("b", "B")]), empty());
    let missing = NotStarted::NotInstalled("A".to_owned());
    let idx = run.idx("a");
    run.checked.programs.insert(idx, Err(missing.clone()));
    run.begin();
    run.check_only(
        &["append", "start", "gave up", "tell"],
        &[
            "0 append waiting, wait b; hide",
            "0 start b: B b (1-1)",
            "0 append place b",
            "0 gave up a",
            "0 tell 0 filled, waiting for b",
        ],
    );
    run.happen(250, |run| [run.opens_in_slot("b", win("two").class("B"))]);
    assert_eq!(run.end(), 250);
    assert_eq!(run.reason("a"), Reason::NotStarted(missing));
    assert_eq!(run.titles(), ["two"]);
}

#[test]
fn a_program_that_fails_to_start_is_given_up() {
    let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
    let error = NotStarted::NotExecutable("A".to_owned());
    run.failing.insert(run.idx("a"), error.clone());
    run.begin();
    assert_eq!(run.end(), 0);
    run.check_only(&["start", "finish"], &["0 start a: A a (1-0)", "0 finish"]);
    assert_eq!(run.reason("a"), Reason::NotStarted(error));
    assert_eq!(run.state.unfinished_programs(), None);
}

#[test]
fn slots_without_a_program_are_given_up_at_once() {
    let unset = "the environment variable `NOPE` is not set".to_owned();
    for (keys, missing, reason, remedy) in [
        ("command: A a", Missing::Report, Reason::NoLaunch, None),
        (
            "command: null",
            Missing::Start,
            Reason::NotOpen,
            Some(Remedy::OpenOrCommand),
        ),
        (
            "command: '${env:NOPE}'",
            Missing::Start,
            Reason::Unresolved { cause: unset },
            Some(Remedy::Set(vec!["NOPE".to_owned()])),
        ),
    ] {
        let layout = layout(&[&format!("id: a, swallow: {{ class: ^A$ }}, {keys}")]);
        let options = Options {
            missing,
            ..options()
        };
        let mut run = Run::with(&layout, empty(), options);
        run.begin();
        run.check(&["0 observe", "0 finish"]);
        let expected = Outcome::Missing {
            reason,
            output: None,
            pid: None,
            optional: false,
            remedy,
        };
        assert_eq!(run.outcome("a"), expected, "{keys}");
    }
}

#[test]
fn slots_without_a_window_are_skipped_by_a_rearrangement() {
    for keys in ["command: A a", "command: null", "command: '${env:NOPE}'"] {
        let a = format!("id: a, swallow: {{ class: ^A$ }}, {keys}");
        let layout = layout(&[&slot("b", "B"), &a, &slot("c", "C")]);
        let options = Options {
            missing: Missing::Skip,
            ..options()
        };
        let windows = [win("three").class("C"), win("two").class("B")];
        let mut run = Run::with(&layout, one_output([workspace("1", windows)]), options);
        run.begin();
        run.check_only(&["check", "start", "label", "finish"], &["0 finish"]);
        assert_eq!(run.titles(), ["two", "three"], "{keys}");
        let reason = Reason::Rearrange;
        assert_eq!(run.outcome("a"), Outcome::LeftOut { reason }, "{keys}");
        assert!(run.report().is_complete(), "{keys}");
    }
}

#[test]
fn notes_about_the_start_are_in_the_report() {
    let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
    let note = Note::OtherDirectory(OtherDirectory {
        missing: "/gone".into(),
        used: "/home/user".into(),
    });
    let idx = run.idx("a");
    run.checked.programs.insert(idx, Ok(vec![note.clone()]));
    run.begin();
    run.happen(100, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    assert_eq!(run.end(), 100);
    assert_eq!(run.report().slots[0].notes, [note]);
}

#[test]
fn leftovers_of_an_interrupted_run_are_removed_first() {
    let left = placeholder("place:t:a");
    let window = win("one").class("A");
    let live = one_output([workspace("1", [window, left])]);
    let mut run = Run::new(&layout(&[&slot("a", "A")]), live);
    run.begin();
    run.check(&[
        "0 observe",
        "0 remove kill place a",
        "0 observe",
        "0 place one in a",
        "0 finish",
    ]);
    assert_eq!(run.report().costs.commands, 1);
}

#[test]
fn a_run_fails_if_i3_creates_no_placeholders() {
    let mut run = Run::new(&layout(&[&slot("a", "A"), &slot("b", "B")]), empty());
    run.i3.is_broken = true;
    run.begin();
    let log = run.log();
    assert_eq!(
        log.last().map(String::as_str),
        Some("0 fail NotBuilt { workspaces: [\"1\"], missing: 2 }")
    );
    assert_eq!(run.until, None);
    assert_eq!(run.state.report(), None);
}
