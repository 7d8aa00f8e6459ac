//! Programs whose first window closes soon: splash screens that do not say that they are
//! any, questions before the start.

use std::collections::BTreeMap;
use std::time::Duration;

use i3pm_layout::apply::{
    self, FocusMode, Mode, Options, Progress, Scope, SlotReport, Stand, World,
};
use i3pm_layout::compile::{Surroundings, compile};
use i3pm_layout::discover::proc::Fresh;
use i3pm_layout::layout::{Format, read};
use i3pm_layout::matching::Reuse;
use i3pm_layout::session::{Session, SessionEnv};

use crate::apply_more::nothing_of_ours_is_left;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow};

/// A window of that name which comes after so many milliseconds; its program opens
/// another one first and closes it again.
fn program(name: &str, first: &str, delay: &str) -> TestWindow {
    let window = TestWindow::new(name);
    window.arg("--first", first).arg("--map-delay", delay)
}

fn slot(name: &str, program: &TestWindow, percent: u8) -> String {
    let command = program.command();
    format!(
        "{{ id: {name}, swallow: {{ instance: ^{name}$ }}, command: {command:?}, \
         percent: {percent} }}"
    )
}

/// The text of a layout of one workspace with these nodes.
fn layout(nodes: &[String]) -> String {
    let nodes = nodes.join("\n      - ");
    format!(
        "version: 1\nname: t\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n      \
         - {nodes}\n"
    )
}

fn save(desktop: &Desktop, nodes: &[String]) {
    desktop.write("config/i3pm-layout/layouts/t.yaml", &layout(nodes));
}

/// The layout `t` is there with these windows, by their titles; another apply changes
/// nothing, and each program was started once.
#[track_caller]
fn is_restored(desktop: &Desktop, expected: &str, starts: usize) {
    desktop.sync();
    let text = desktop.tree_text_by(Name::Title).replace('*', "");
    assert_eq!(text, expected);
    nothing_of_ours_is_left(desktop);
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
    assert_eq!(desktop.starts(), starts);
}

/// The main window of `a` has its share, though the run still waits for `b`.
#[track_caller]
fn in_place_while_b_is_awaited(desktop: &Desktop) {
    desktop.wait_until("the main window is in its place before `b` comes", || {
        let tree = desktop.tree();
        let windows = tree::windows(&tree);
        matches!(windows.as_slice(), [only] if Name::Title.of(only) == "a"
            && only["rect"]["width"] == 1248)
    });
}

#[test]
fn window_that_comes_after_the_first_has_closed_gets_the_place() {
    let desktop = Desktop::new();
    let late = TestWindow::new("b").arg("--map-delay", "3000");
    save(
        &desktop,
        &[
            slot("a", &program("a", "300", "800"), 65),
            slot("b", &late, 35),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    in_place_while_b_is_awaited(&desktop);
    running.wait().success();
    is_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn window_that_comes_before_the_first_has_closed_gets_the_place() {
    let desktop = Desktop::new();
    let late = TestWindow::new("b").arg("--map-delay", "3000");
    save(
        &desktop,
        &[
            slot("a", &program("a", "800", "300"), 65),
            slot("b", &late, 35),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    in_place_while_b_is_awaited(&desktop);
    running.wait().success();
    is_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn container_that_went_with_the_first_window_is_made_again() {
    let desktop = Desktop::new();
    let late = TestWindow::new("c").arg("--map-delay", "2500");
    let a = slot("a", &program("a", "900", "1400"), 100);
    let nodes = [
        slot("b", &TestWindow::new("b"), 30),
        format!("{{ layout: tabbed, percent: 50, nodes: [{a}] }}"),
        slot("c", &late, 20),
    ];
    save(&desktop, &nodes);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the first window closes", || {
        desktop.log().iter().any(|line| line.event() == "Closed")
    });
    // The place is there again before the window is.
    desktop.wait_until("the place is there again", || {
        let tree = desktop.tree();
        let all = tree::descendants(&tree);
        let mut places = all.iter().filter(|con| tree::is_placeholder(con));
        places.any(|con| {
            con["marks"].to_string().contains("_i3pm:place:t:a") && con["rect"]["width"] == 960
        })
    });
    running.wait().success();
    is_restored(&desktop, "1: splith[b 576, tabbed 960[a], c 384]\n", 3);
}

/// Closes the first window of `a` when all slots are filled, and so at the last moment.
struct Closer<'a> {
    desktop: &'a Desktop,
    closed: bool,
}

impl Progress for Closer<'_> {
    fn update(&mut self, stand: Stand<'_>) {
        if stand.filled < stand.total || self.closed {
            return;
        }
        self.closed = true;
        self.desktop.run_i3("[title=\"a is starting\"] kill");
        self.desktop.wait_until("it is closed", || {
            !self.desktop.tree().to_string().contains("a is starting")
        });
    }

    fn gave_up(&mut self, slot: &SlotReport) {
        panic!("{slot:?}");
    }
}

#[test]
fn last_slot_waits_again_when_its_window_closes_before_the_end() {
    let desktop = Desktop::new();
    let text = layout(&[
        slot("a", &program("a", "600000", "2000"), 65),
        slot("b", &TestWindow::new("b"), 35),
    ]);
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
    let env = desktop.environment();
    let mut session = Session::open(&SessionEnv {
        i3sock: Some(desktop.ipc().socket().to_owned()),
        display: Some(desktop.display().name().to_owned()),
        ..SessionEnv::default()
    })
    .expect("i3 runs");
    let outputs = session.wm().outputs().expect("i3 answers");
    let plan = compile(
        &read(&text, "t.yaml", Format::Yaml).expect("it is right"),
        Surroundings {
            name: "t",
            outputs: &outputs,
            env: &BTreeMap::new(),
            home: &desktop.path().join("home"),
        },
    );
    let mut world = World {
        session: &mut session,
        process: &Fresh,
        hide: &str::to_owned,
        env: env
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
        runtime: desktop.path().join("runtime/i3pm-layout"),
        logs: desktop.path().join("state/i3pm-layout/log"),
        display: desktop.display().name().to_owned(),
    };
    let options = Options {
        timeout: Duration::from_secs(30),
        total_timeout: None,
        keep_placeholders: false,
        launch: true,
        reuse: Reuse::Workspace,
        focus: FocusMode::Restore,
        scope: Scope::default(),
        mode: Mode::Merge,
    };
    let mut closer = Closer {
        desktop: &desktop,
        closed: false,
    };
    let report = apply::run(&mut world, &plan, &options, &mut closer).expect("i3 answers");
    assert!(closer.closed && report.is_complete(), "{report:#?}");
    is_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

/// A program that shows a picture first; its window comes after so many milliseconds.
fn with_picture(name: &str, kind: &str, delay: &str) -> TestWindow {
    let window = TestWindow::new(name).arg("--map-delay", delay);
    window.flag(&format!("--splash={kind}"))
}

/// Applies, and while the picture is shown it floats.
fn the_picture_takes_no_slot(desktop: &Desktop) {
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the picture floats", || {
        let text = desktop.tree_text_by(Name::Title);
        text.contains("floating[") && text.contains("a is starting")
    });
    running.wait().success();
    is_restored(desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn picture_that_does_not_say_so_takes_no_slot() {
    for kind in ["bare", "below"] {
        let desktop = Desktop::new();
        let a = slot("a", &with_picture("a", kind, "1500"), 65);
        save(&desktop, &[a, slot("b", &TestWindow::new("b"), 35)]);
        the_picture_takes_no_slot(&desktop);
    }
}

#[test]
fn picture_that_the_criteria_do_not_fit_takes_no_room() {
    let desktop = Desktop::new();
    let program = with_picture("a", "bare", "1500").command();
    let a = format!(
        "{{ id: a, swallow: {{ instance: ^a$, title: ^a$ }}, command: {program:?}, percent: 65 }}"
    );
    save(&desktop, &[a, slot("b", &TestWindow::new("b"), 35)]);
    the_picture_takes_no_slot(&desktop);
}

#[test]
fn picture_is_all_that_came_and_the_report_says_so() {
    for kind in ["bare", "splash"] {
        let desktop = Desktop::new();
        let a = slot("a", &with_picture("a", kind, "600000"), 65);
        save(&desktop, &[a, slot("b", &TestWindow::new("b"), 35)]);
        let output = desktop.run(["apply", "t", "--timeout", "1"]).code(1);
        let said = "opened only a splash screen (`a is starting`) within 1 s, and still runs";
        assert!(output.stderr.contains(said), "{kind}: {}", output.stderr);
        desktop.sync();
        let text = desktop.tree_text_by(Name::Title).replace('*', "");
        let tiled = text.split(" floating[").next();
        assert_eq!(tiled, Some("1: splith[b 1920]"), "{kind}: {text}");
        assert!(text.contains("a is starting"), "{kind}: {text}");
        nothing_of_ours_is_left(&desktop);
        // The picture is not what the next run waits for, either.
        let output = desktop.run(["apply", "t", "--timeout", "1"]).code(1);
        assert!(output.stderr.contains(said), "{kind}: {}", output.stderr);
        assert_eq!(desktop.starts(), 2, "{kind}");
    }
}

#[test]
fn window_like_a_picture_that_was_captured_is_in_its_place() {
    let desktop = Desktop::new();
    desktop.open_window(&TestWindow::new("a").kind("bare"));
    desktop.open_window(&TestWindow::new("b"));
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    is_restored(&desktop, "1: splith[a 960 (border none), b 960]\n", 4);
}

#[test]
fn second_apply_puts_in_what_came_after_the_first_has_ended() {
    let desktop = Desktop::new();
    save(
        &desktop,
        &[
            slot("a", &program("a", "2500", "2000"), 65),
            slot("b", &TestWindow::new("b"), 35),
        ],
    );
    desktop.run(["apply", "t"]).success();
    let text = || desktop.tree_text_by(Name::Title).replace('*', "");
    assert_eq!(text(), "1: splith[a is starting 1248, b 672]\n");
    desktop.wait_until("the main window is there and the first one is not", || {
        !text().contains("a is starting") && text().contains("a ")
    });
    desktop.run(["apply", "t"]).success();
    is_restored(&desktop, "1: splith[a 1248, b 672]\n", 2);
}

#[test]
fn program_that_ends_with_its_window_is_not_waited_for() {
    let desktop = Desktop::new();
    let short = TestWindow::new("a").arg("--exit-after", "500");
    let late = TestWindow::new("b").arg("--map-delay", "1500");
    save(&desktop, &[slot("a", &short, 65), slot("b", &late, 35)]);
    let output = desktop.run(["apply", "t", "--timeout", "50"]).code(1);
    let error = &output.stderr;
    assert!(error.contains("its window was closed meanwhile"), "{error}");
    assert!(output.duration < Duration::from_secs(20), "{error}");
    desktop.sync();
    let text = desktop.tree_text().replace('*', "");
    assert_eq!(text, "1: splith[b 1920]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn next_window_is_waited_for_as_long_as_any() {
    let desktop = Desktop::new();
    let late = TestWindow::new("b").arg("--map-delay", "1500");
    save(
        &desktop,
        &[
            slot("a", &program("a", "300", "600000"), 65),
            slot("b", &late, 35),
        ],
    );
    let output = desktop.run(["apply", "t", "--timeout", "3"]).code(1);
    let error = &output.stderr;
    assert!(error.contains("opened no other within 3 s"), "{error}");
    nothing_of_ours_is_left(&desktop);
    assert_eq!(desktop.starts(), 2);
}
