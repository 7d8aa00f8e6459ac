//! Programs whose first window closes soon: undeclared splash screens, dialogs before the
//! start.

use std::time::Duration;

use i3pm_layout::apply::{Listener, Progress, SlotReport};

use crate::harness::in_process::InProcess;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow, Workspace, layout};

/// A program that opens a window `a is starting`, closes it at the cue `close`, and opens
/// its main window `a` at the cue `open`.
fn two_windows() -> TestWindow {
    let window = TestWindow::new("a").arg("--first", "close");
    window.map_after("open")
}

/// Saves a layout `t` with `a` beside `b`.
fn save(desktop: &Desktop, a: &TestWindow, b: &TestWindow) {
    desktop.save(
        "t",
        [a.slot().with("percent: 65"), b.slot().with("percent: 35")],
    );
}

/// Closes the first window of `a`, and waits until i3 has removed it.
#[track_caller]
fn close_first_window(desktop: &Desktop) {
    desktop.cue("close");
    desktop.wait_until("the first window is closed", || !is_open(desktop, STARTING));
}

/// The title of the first window of `a`.
const STARTING: &str = "a is starting";

fn is_open(desktop: &Desktop, title: &str) -> bool {
    let tree = desktop.tree();
    let mut windows = tree::windows(&tree).into_iter();
    windows.any(|con| Name::Title.of(con) == title)
}

/// Fails unless the windows are arranged like this, by title, another apply of `t` changes
/// nothing, and this many programs were started.
#[track_caller]
fn assert_restored(desktop: &Desktop, expected: &str, starts: usize) {
    desktop.sync();
    assert_eq!(desktop.arrangement_by(Name::Title), expected);
    desktop.assert_no_traces();
    desktop.assert_idempotent("t");
    assert_eq!(desktop.starts(), starts);
}

/// Waits until the main window of `a` has its width while `b` is still pending, then opens `b`.
#[track_caller]
fn wait_for_main_window_then_open_b(desktop: &Desktop) {
    desktop.wait_until("the main window is in its place before `b` opens", || {
        let tree = desktop.tree();
        let windows = tree::windows(&tree);
        matches!(windows.as_slice(), [only] if Name::Title.of(only) == "a"
            && only["rect"]["width"] == 1248)
    });
    desktop.cue("b");
}

#[test]
fn main_window_opened_after_the_first_closed_fills_the_slot() {
    let desktop = Desktop::new();
    save(&desktop, &two_windows(), &TestWindow::late("b"));
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("a");
    close_first_window(&desktop);
    desktop.cue("open");
    wait_for_main_window_then_open_b(&desktop);
    running.wait().success();
    assert_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn main_window_opened_before_the_first_closed_fills_the_slot() {
    let desktop = Desktop::new();
    save(&desktop, &two_windows(), &TestWindow::late("b"));
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("a");
    desktop.cue("open");
    desktop.wait_until("both are open", || is_open(&desktop, "a"));
    close_first_window(&desktop);
    wait_for_main_window_then_open_b(&desktop);
    running.wait().success();
    assert_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn container_closed_with_the_first_window_is_created_again() {
    let desktop = Desktop::new();
    let a = two_windows().slot();
    desktop.save(
        "t",
        [
            TestWindow::new("b").slot().with("percent: 30").to_string(),
            format!("{{ layout: tabbed, percent: 50, nodes: [{a}] }}"),
            TestWindow::late("c").slot().with("percent: 20").to_string(),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("a");
    close_first_window(&desktop);
    desktop.wait_until("the place exists again", || {
        let tree = desktop.tree();
        let all = tree::descendants(&tree);
        let mut places = all.iter().filter(|con| tree::is_placeholder(con));
        places.any(|con| {
            con["marks"].to_string().contains("_i3pm:place:t:a") && con["rect"]["width"] == 960
        })
    });
    desktop.cue("open");
    desktop.cue("c");
    running.wait().success();
    assert_restored(&desktop, "1: splith[b 576, tabbed 960[a], c 384]\n", 3);
}

/// Closes the first window of `a` as soon as all slots are filled, and opens the main window.
struct CloseFirstWindow<'a> {
    desktop: &'a Desktop,
    closed: bool,
}

impl Listener for CloseFirstWindow<'_> {
    fn update(&mut self, progress: Progress<'_>) {
        if progress.filled < progress.total || self.closed {
            return;
        }
        self.closed = true;
        close_first_window(self.desktop);
        self.desktop.cue("open");
    }

    fn gave_up(&mut self, slot: &SlotReport) {
        panic!("{slot:?}");
    }
}

#[test]
fn last_slot_waits_again_when_its_window_closes_before_the_end() {
    let desktop = Desktop::new();
    let text = layout([Workspace::shown("1").nodes([
        two_windows().slot().with("percent: 65"),
        TestWindow::new("b").slot().with("percent: 35"),
    ])]);
    desktop.save_text("t", &text);
    let mut progress = CloseFirstWindow {
        desktop: &desktop,
        closed: false,
    };
    let report = InProcess::new(&desktop, "t", &text).apply(&mut progress);
    assert!(progress.closed && report.is_complete(), "{report:#?}");
    assert_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

/// A program that shows a splash screen first, and opens its window `a` at the cue `open`.
fn with_splash_screen(kind: &str) -> TestWindow {
    let window = TestWindow::new("a").map_after("open");
    window.flag(&format!("--splash={kind}"))
}

/// Applies a layout of `a` and `b`; the splash screen of `a` floats while it is shown.
#[track_caller]
fn assert_splash_screen_floats(desktop: &Desktop) {
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the splash screen floats", || {
        let text = desktop.tree_text_by(Name::Title);
        text.contains("floating[") && text.contains(STARTING)
    });
    desktop.cue("open");
    running.wait().success();
    assert_restored(desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn undeclared_splash_screen_does_not_fill_the_slot() {
    for kind in ["bare", "below"] {
        let desktop = Desktop::new();
        save(&desktop, &with_splash_screen(kind), &TestWindow::new("b"));
        assert_splash_screen_floats(&desktop);
    }
}

#[test]
fn splash_screen_that_does_not_match_the_criteria_floats() {
    let desktop = Desktop::new();
    let a = with_splash_screen("bare").slot();
    let a = a.swallow("instance: ^a$, title: ^a$").with("percent: 65");
    let b = TestWindow::new("b").slot().with("percent: 35");
    desktop.save("t", [a, b]);
    assert_splash_screen_floats(&desktop);
}

/// Applies twice with a program that opens only its splash screen.
#[track_caller]
fn assert_splash_screen_is_reported(kind: &str) {
    let desktop = Desktop::new();
    // The first run waits until the splash screen is open; the second run finds it open.
    for timeout in ["3", "0.2"] {
        let a = with_splash_screen(kind).slot();
        let a = a.with(&format!("timeout: {timeout}, percent: 65"));
        let b = TestWindow::new("b").slot().with("percent: 35");
        desktop.save("t", [a, b]);
        let output = desktop.run(["apply", "t"]).code(1);
        output.stderr_has(&format!("timed out after {timeout} s: `"));
        output.stderr_has("` is still running (process ");
        output.stderr_has(&format!(" but opened only a splash screen (`{STARTING}`)"));
        desktop.sync();
        let text = desktop.arrangement_by(Name::Title);
        let tiled = text.split(" floating[").next();
        assert_eq!(tiled, Some("1: splith[b 1920]"), "{text}");
        assert!(text.contains(STARTING), "{text}");
        desktop.assert_no_traces();
    }
    assert_eq!(desktop.starts(), 2);
}

#[test]
fn splash_screen_without_a_window_is_reported() {
    assert_splash_screen_is_reported("splash");
}

#[test]
fn undeclared_splash_screen_without_a_window_is_reported() {
    assert_splash_screen_is_reported("bare");
}

#[test]
fn captured_window_that_looks_like_a_splash_screen_is_restored() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("a").kind("bare"));
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_restored(&desktop, "1: splith[a 960 (border none), b 960]\n", 4);
}

#[test]
fn second_apply_places_a_window_opened_after_the_first_apply() {
    let desktop = Desktop::new();
    save(&desktop, &two_windows(), &TestWindow::new("b"));
    desktop.run(["apply", "t"]).success();
    assert_eq!(
        desktop.arrangement_by(Name::Title),
        "1: splith[a is starting 1248, b 672]\n"
    );
    desktop.cue("open");
    desktop.wait_until("the main window is open", || is_open(&desktop, "a"));
    close_first_window(&desktop);
    desktop.run(["apply", "t"]).success();
    assert_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn apply_does_not_wait_for_a_program_that_exited_with_its_window() {
    let desktop = Desktop::new();
    let short = TestWindow::new("a").arg("--exit-after", "end");
    save(&desktop, &short, &TestWindow::late("b"));
    let running = desktop.command(["apply", "t", "--timeout", "50"]).start();
    desktop.wait_until_filled("a");
    desktop.cue("end");
    desktop.wait_until("its window is closed", || !is_open(&desktop, "a"));
    desktop.cue("b");
    let output = running.wait().code(1);
    assert!(output.duration < Duration::from_secs(40), "{output:?}");
    output.stderr_has("its window was closed during the run");
    desktop.sync();
    assert_eq!(desktop.arrangement(), "1: splith[b 1920]\n");
    desktop.assert_no_traces();
}

#[test]
fn second_window_has_the_same_timeout() {
    let desktop = Desktop::new();
    let a = two_windows().slot().with("timeout: 3, percent: 65");
    let b = TestWindow::late("b").slot().with("percent: 35");
    desktop.save("t", [a, b]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("a");
    close_first_window(&desktop);
    desktop.cue("b");
    running
        .wait()
        .code(1)
        .stderr_has("timed out after 3 s: its window was closed, and `");
    desktop.assert_no_traces();
    assert_eq!(desktop.starts(), 2);
}
