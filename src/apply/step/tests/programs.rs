//! Programs: those that are already starting, queues, and programs for slots without a command.

use std::time::Duration;

use super::driver::{Run, layout, options, slot};
use super::fake_i3::Spot;
use crate::apply::event::Happening;
use crate::apply::{Exit, Late, Options, Outcome, Reason, Remedy, Unfinished};
use crate::live::build::{Tree, one_output, win, workspace};
use crate::live::{Desktop, Pid, Process, ProcessId};

fn empty() -> Desktop {
    one_output([workspace("1", [])])
}

/// A run that waits for a program which an earlier run has started.
fn after_an_earlier_run() -> Run {
    let mut run = run_after_an_earlier_run();
    run.begin();
    run
}

/// The same run, before it begins.
fn run_after_an_earlier_run() -> Run {
    let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
    run.checked.earlier = vec![Unfinished {
        layout: "t".to_owned(),
        slot: "a".to_owned(),
        command: Unfinished::command(&["A".to_owned(), "a".to_owned()]),
        pid: 50,
        started: 500,
        token: "9-0".to_owned(),
    }];
    run
}

/// A run that waits for a program which something else in the session has started.
fn beside_a_session() -> Run {
    let mut run = Run::new(&layout(&[&slot("a", "A")]), empty());
    run.checked.processes = vec![Process {
        pid: Some(Pid(50)),
        argv: vec!["A".to_owned(), "a".to_owned()],
        started: Some(500),
        ..Process::default()
    }];
    run.checked.now = Some(600);
    run.begin();
    run
}

const OTHER: ProcessId = ProcessId {
    pid: Pid(50),
    started: 500,
};

/// A window of that process.
fn of_other(token: Option<&str>) -> Tree {
    win("one").class("A").pid(50).facts(|facts| {
        let process = facts.process.get_or_insert_default();
        process.started = Some(500);
        process.token = token.map(str::to_owned);
    })
}

#[test]
fn programs_that_are_already_starting_are_waited_for() {
    for (mut run, token) in [
        (after_an_earlier_run(), Some("9-0")),
        (beside_a_session(), None),
    ] {
        run.check_only(
            &["watch", "start", "append"],
            &["0 watch 50", "0 append place a"],
        );
        run.happen(700, |run| [run.opens(Spot::On("1"), of_other(token))]);
        assert_eq!(run.end(), 700);
        assert_eq!(run.titles(), ["one"]);
        let launched = Outcome::Launched {
            after: Duration::from_millis(700),
            misfits: Vec::new(),
        };
        assert_eq!(run.outcome("a"), launched);
        run.check_only(&["start"], &[]);
        assert_eq!(run.state.unfinished_programs(), Some(Vec::new()));
    }
}

#[test]
fn a_program_of_an_earlier_run_that_ends_is_given_up() {
    let mut run = after_an_earlier_run();
    run.log();
    run.happen(700, |_| [Happening::Gone(OTHER)]);
    assert_eq!(run.until, None);
    run.check_only(&["start", "finish"], &["700 finish"]);
    let expected = Outcome::Missing {
        reason: Reason::Exited {
            program: "A".to_owned(),
            exit: Exit::Unknown,
            after: Duration::from_millis(700),
            beside: None,
        },
        output: None,
        pid: None,
        optional: false,
        remedy: Some(Remedy::FixProgram),
    };
    assert_eq!(run.outcome("a"), expected);
}

#[test]
fn a_program_of_an_earlier_run_is_started_again_after_its_time() {
    // Ticks since its start, and the time at which it is started again. The timeout is 5 s.
    for (age, again) in [
        (None, 5000),
        (Some(0), 5000),
        (Some(300), 2000),
        (Some(500), 0),
    ] {
        let mut run = run_after_an_earlier_run();
        run.checked.now = age.map(|age| 500 + age);
        run.begin();
        assert_eq!(run.end(), again + 5000, "{age:?}");
        let watched = if again == 0 {
            vec![]
        } else {
            vec!["0 watch 50"]
        };
        let start = format!("{again} start a: A a (1-0)");
        run.check_only(
            &["watch", "start"],
            &[watched, vec![start.as_str()]].concat(),
        );
        // The next run does not wait for it, either.
        let left = run.state.unfinished_programs().unwrap();
        assert!(left.iter().all(|one| one.pid != 50), "{left:?}");
    }
}

#[test]
fn a_program_of_the_session_that_ends_is_started_after_all() {
    // The end is an event of a wait, or known at the next look.
    for at_a_look in [false, true] {
        let mut run = beside_a_session();
        run.log();
        run.happen(700, |run| {
            run.ended.insert(OTHER);
            if at_a_look {
                [run.opens(Spot::On("1"), win("other"))]
            } else {
                [Happening::Gone(OTHER)]
            }
        });
        run.check_only(&["start"], &["700 start a: A a (1-0)"]);
        // It gets its full time.
        assert_eq!(run.end(), 5700);
        let expected = Reason::TimedOut {
            program: Some("A".to_owned()),
            after: Duration::from_secs(5),
            state: Late::Running(100),
            beside: None,
        };
        assert_eq!(run.reason("a"), expected);
    }
}

#[test]
fn nothing_is_started_at_an_interrupt() {
    for interrupt_first in [false, true] {
        let mut run = beside_a_session();
        run.happen(700, |_| {
            let mut both = [Happening::Gone(OTHER), Happening::Interrupt];
            if interrupt_first {
                both.reverse();
            }
            both
        });
        run.check_only(&["start"], &[]);
        assert_eq!(run.reason("a"), Reason::Interrupted);
    }
}

#[test]
fn commands_of_one_program_start_one_after_the_other() {
    let slots = ["a", "b", "c"].map(|id| slot(id, "A"));
    let slots = slots.each_ref().map(String::as_str);
    let open = |run: &mut Run, id: &str, of: &str, at: u64| {
        let window = run.window_of(of, win(id).class("A"));
        let mark = run.plan.waiting_mark(run.idx(id));
        run.happen(at, |run| [run.opens(Spot::In(&mark), window)]);
    };

    // All windows belong to the first process.
    let mut run = Run::new(&layout(&slots), empty());
    run.begin();
    open(&mut run, "a", "a", 200);
    open(&mut run, "b", "a", 350);
    run.check_only(
        &["start"],
        &[
            "0 start a: A a (1-0)",
            "200 start b: A b (1-1)",
            "350 start c: A c (1-2)",
        ],
    );

    // Each program has a process of its own; the fourth need not wait.
    let four = ["a", "b", "c", "d"].map(|id| slot(id, "A"));
    let four = four.each_ref().map(String::as_str);
    let mut run = Run::new(&layout(&four), empty());
    run.begin();
    open(&mut run, "a", "a", 200);
    open(&mut run, "b", "b", 350);
    run.check_only(
        &["start"],
        &[
            "0 start a: A a (1-0)",
            "200 start b: A b (1-1)",
            "350 start c: A c (1-2)",
            "350 start d: A d (1-3)",
        ],
    );
}

#[test]
fn a_program_without_a_window_holds_the_next_for_a_limited_time() {
    let slots = ["a", "b"].map(|id| slot(id, "A"));
    let slots = slots.each_ref().map(String::as_str);
    let exit = |code| Some(Exit::Code(code));
    for (timeout, exit, at) in [
        // It is given up.
        (4, None, 4000),
        // It takes long.
        (60, None, 10_000),
        // It has delegated to an instance that opens no window.
        (60, exit(0), 3320),
        (60, exit(1), 320),
    ] {
        let options = Options {
            timeout: Duration::from_secs(timeout),
            ..options()
        };
        let mut run = Run::with(&layout(&slots), empty(), options);
        run.begin();
        run.log();
        if let Some(exit) = exit.clone() {
            run.happen(320, |run| [run.exits("a", exit)]);
        }
        run.idle(15_000);
        run.check_only(&["start"], &[&format!("{at} start b: A b (1-1)")]);
        let end = run.end();
        assert_eq!(end, u128::from(at + timeout * 1000), "{exit:?}");
    }
}

#[test]
fn a_queued_program_does_not_outlive_the_total_timeout() {
    let slots = ["a", "b"].map(|id| slot(id, "A"));
    let slots = slots.each_ref().map(String::as_str);
    let options = Options {
        total_timeout: Some(Duration::from_secs(3)),
        ..options()
    };
    let mut run = Run::with(&layout(&slots), empty(), options);
    run.begin();
    assert_eq!(run.end(), 3000);
    run.check_only(&["start"], &["0 start a: A a (1-0)"]);
    let expected = Reason::TimedOut {
        program: None,
        after: Duration::from_secs(3),
        state: Late::Unknown,
        beside: None,
    };
    assert_eq!(run.reason("b"), expected);
}

/// A run with a timeout, in which the program of `a` opens its window at `opened`. `b` and `c` have
/// no command.
fn with_one_command(timeout: u64, opened: u64) -> Run {
    let without = |id| format!("id: {id}, swallow: {{ class: ^A$ }}, command: null");
    let options = Options {
        timeout: Duration::from_secs(timeout),
        ..options()
    };
    let layout = layout(&[&slot("a", "A"), &without("b"), &without("c")]);
    let mut run = Run::with(&layout, empty(), options);
    let a = run.idx("a");
    let argv = ["A", "--new-window"].map(str::to_owned);
    run.checked.new_windows.insert(a, argv.to_vec());
    run.begin();
    run.check_only(
        &["check", "start"],
        &["0 check a, new windows of a", "0 start a: A a (1-0)"],
    );
    run.happen(
        opened,
        |run| [run.opens_in_slot("a", win("one").class("A"))],
    );
    run
}

#[test]
fn a_running_program_is_asked_for_the_windows_that_it_did_not_open() {
    let mut run = with_one_command(20, 200);
    run.idle(3199);
    run.check_only(&["start"], &[]);
    run.idle(3200);
    run.check_only(&["start"], &["3200 start b: A --new-window (1-1)"]);
    // The command asks the running program, and exits.
    run.happen(3250, |run| [run.exits("b", Exit::Code(0))]);
    let window = run.window_of("a", win("two").class("A"));
    let mark = run.plan.waiting_mark(run.idx("b"));
    run.happen(3300, |run| [run.opens(Spot::In(&mark), window)]);
    run.idle(6299);
    run.check_only(&["start"], &[]);
    run.idle(6300);
    run.check_only(&["start"], &["6300 start c: A --new-window (1-2)"]);
    assert_eq!(run.end(), 26_300);
    assert_eq!(run.titles(), ["one", "two"]);
    let expected = Reason::TimedOut {
        program: Some("A".to_owned()),
        after: Duration::from_secs(20),
        // The next run does not wait for a program that only asks another one.
        state: Late::Unknown,
        beside: None,
    };
    assert_eq!(run.reason("c"), expected);
}

#[test]
fn a_program_that_opens_its_windows_by_itself_is_not_asked() {
    let mut run = with_one_command(20, 200);
    for (id, at) in [("b", 700), ("c", 3500)] {
        let window = run.window_of("a", win(id).class("A"));
        let mark = run.plan.waiting_mark(run.idx(id));
        run.happen(at, |run| [run.opens(Spot::In(&mark), window)]);
    }
    assert_eq!(run.end(), 3500);
    run.check_only(&["start"], &[]);
    assert_eq!(run.titles(), ["one", "b", "c"]);
}

#[test]
fn slots_without_a_command_time_out_after_their_own_command() {
    let mut run = with_one_command(5, 2500);
    run.idle(5500);
    run.check_only(&["start"], &["5500 start b: A --new-window (1-1)"]);
}

#[test]
fn optional_windows_without_a_command_get_a_moment() {
    let optional = "id: b, swallow: { class: ^B$ }, command: null, optional: true";
    let mut run = Run::new(&layout(&[&slot("a", "A"), optional]), empty());
    run.begin();
    run.happen(230, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    assert_eq!(run.end(), 1730);
    let reason = Reason::NotOpen;
    assert_eq!(run.outcome("b"), Outcome::LeftOut { reason });
    assert!(run.report().is_complete());

    let mut run = Run::new(&layout(&[&slot("a", "A"), optional]), empty());
    run.begin();
    run.happen(230, |run| [run.opens_in_slot("a", win("one").class("A"))]);
    let mark = run.plan.waiting_mark(run.idx("b"));
    run.happen(1700, |run| {
        [run.opens(Spot::In(&mark), win("two").class("B"))]
    });
    assert_eq!(run.end(), 1700);
    assert_eq!(run.titles(), ["one", "two"]);
}
