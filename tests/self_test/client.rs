//! The test client.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow};

#[test]
fn window_has_the_requested_properties() {
    let desktop = Desktop::new();
    let window = TestWindow::new("editor")
        .class("Code")
        .title("main.rs - „Entwurf“")
        .role("main");
    let window = desktop.open_window(&window);
    assert_eq!(desktop.tree_text(), "1: splith[editor* 1920]\n");
    let tree = desktop.tree();
    let con = tree::windows(&tree)[0].clone();
    assert_eq!(con["window"], window.window());
    assert_eq!(con["id"], window.con());
    let properties = &con["window_properties"];
    assert_eq!(properties["class"], "Code");
    assert_eq!(properties["title"], "main.rs - „Entwurf“");
    assert_eq!(properties["window_role"], "main");
    assert_eq!(
        desktop.display().pid_of(window.window()),
        Some(window.program.pid())
    );
}

#[test]
fn title_class_and_role_change_later() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late")
        .title_after("second", "second")
        .title_after("third", "third")
        .arg("--class-after", "class:other:Other")
        .arg("--role-after", "role:changed");
    // Not after a delay, because i3 can miss changes while it manages the window.
    desktop.open_window(window);
    desktop.cue("second");
    desktop.wait_for_title("second");
    for cue in ["third", "class", "role"] {
        desktop.cue(cue);
    }
    desktop.wait_until("everything has changed", || {
        let tree = desktop.tree();
        let properties = tree::windows(&tree)[0]["window_properties"].clone();
        properties["title"] == "third"
            && properties["instance"] == "other"
            && properties["class"] == "Other"
            && properties["window_role"] == "changed"
    });
}

#[test]
fn one_process_opens_several_windows() {
    let desktop = Desktop::new();
    let window = TestWindow::new("web").title("page {n}").count(3);
    let window = desktop.open_window(&window);
    assert_eq!(window.windows.len(), 3);
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[page 1 640, page 2 640, page 3* 640]\n"
    );
    assert_eq!(desktop.starts(), 1);
    // The process ends with its last window.
    desktop.close_all_windows();
    assert!(window.program.wait().success());
}

#[test]
fn map_delay_postpones_the_window() {
    let desktop = Desktop::new();
    let start = Instant::now();
    desktop.open_window(TestWindow::new("slow").arg("--map-after", "300"));
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn window_opens_at_its_cue_even_if_given_before_the_start() {
    let desktop = Desktop::new();
    let window = TestWindow::new("late").map_after("open");
    desktop.spawn(&window.argv());
    desktop.wait_until("the program runs", || desktop.starts() == 1);
    desktop.sync();
    assert_eq!(desktop.tree_text(), "1*: splith[]\n");
    desktop.cue("open");
    desktop.wait_until("the window is open", || {
        desktop.tree_text().contains("late")
    });
    desktop.open_window(window);
}

#[test]
fn splash_screen_precedes_the_main_window() {
    let desktop = Desktop::new();
    let window = TestWindow::new("big").flag("--splash").map_after("open");
    desktop.open_window(&window);
    let text = desktop.tree_text_by(Name::Title);
    assert!(text.contains("big is starting"), "{text}");
    desktop.cue("open");
    desktop.wait_until("the splash screen is closed", || {
        desktop.tree_text() == "1: splith[big* 1920]\n"
    });
    let titles: Vec<_> = desktop
        .log()
        .into_iter()
        .filter(|line| line.event() == "Created")
        .map(|line| line.title().to_owned())
        .collect();
    assert_eq!(titles, ["big is starting", "big"]);
}

#[test]
fn dialogs_and_fixed_sizes_float() {
    let desktop = Desktop::new();
    let editor = desktop.open_window("editor");
    let dialog = TestWindow::new("dialog")
        .kind("dialog")
        .arg("--size", "300x200")
        .arg("--transient-for", &editor.window().to_string());
    desktop.open_window(&dialog);
    let calculator = TestWindow::new("calc")
        .arg("--min-size", "240x320")
        .arg("--max-size", "240x320")
        .arg("--size", "240x320");
    desktop.open_window(&calculator);
    let text = desktop.tree_text();
    assert!(
        text.starts_with("1: splith[editor 1920] floating[dialog 3"),
        "{text}"
    );
    assert!(text.contains(", calc* 2"), "{text}");
}

#[test]
fn dock_is_not_listed_as_a_window() {
    let desktop = Desktop::new();
    let bar = TestWindow::new("bar").kind("dock").arg("--size", "1920x30");
    desktop.open_window(&bar);
    let tree = desktop.tree();
    assert!(tree::windows(&tree).is_empty());
    assert_eq!(
        tree::geometry(&tree::workspaces(&tree)[0].con["rect"]),
        "1920x1050+0+30"
    );
}

#[test]
fn pid_property_is_right_missing_or_wrong() {
    let desktop = Desktop::new();
    for (claim, is_set) in [("self", true), ("none", false), ("wrong", true)] {
        let window = desktop.open_window(TestWindow::new(claim).arg("--pid", claim));
        let output = std::process::Command::new("xprop")
            .args(["-display", desktop.display().name()])
            .args(["-id", &window.window().to_string(), "_NET_WM_PID"])
            .output()
            .expect("x11-utils is installed");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let truth = format!("= {}\n", window.program.pid());
        assert_eq!(text.contains(" = "), is_set, "{text}");
        assert_eq!(text.ends_with(&truth), claim == "self", "{text}");
        // The X server always reports the right process.
        let pid = desktop.display().pid_of(window.window());
        assert_eq!(pid, Some(window.program.pid()));
    }
}

#[test]
fn program_exits_with_the_requested_code() {
    let desktop = Desktop::new();
    let argv = TestWindow::new("broken")
        .arg("--exit-at-once", "7:no such file")
        .argv();
    assert_eq!(desktop.spawn(&argv).wait().code(), Some(7));
    let output = fs::read_to_string(desktop.path().join("log/programs")).expect("the file exists");
    assert_eq!(output, "test-window: no such file\n");
    let short = desktop.open_window(TestWindow::new("short").arg("--exit-after", "50:3"));
    assert_eq!(short.program.wait().code(), Some(3));
}

#[test]
fn daemon_outlives_its_parent() {
    let desktop = Desktop::new();
    let window = desktop.open_window(TestWindow::new("daemon").flag("--fork"));
    assert!(window.program.wait().success());
    let pid = desktop.display().pid_of(window.window());
    assert_ne!(pid, Some(window.program.pid()));
    assert_eq!(desktop.tree_text(), "1: splith[daemon* 1920]\n");
    assert_eq!(desktop.starts(), 1);
}

#[test]
fn second_instance_hands_over_and_ends() {
    let desktop = Desktop::new();
    let socket = desktop.path().join("runtime/browser");
    let socket = socket.display().to_string();
    let first = desktop.open_window(TestWindow::new("first").arg("--server", &socket));
    let argv = TestWindow::new("second").arg("--server", &socket).argv();
    let second = desktop.spawn(&argv);
    assert!(second.wait().success());
    desktop.wait_until("the second window is open", || {
        desktop.tree_text() == "1: splith[first 960, second* 960]\n"
    });
    let tree = desktop.tree();
    for con in tree::windows(&tree) {
        let window = con["window"].as_u64().and_then(|id| id.try_into().ok());
        let pid = desktop.display().pid_of(window.expect("it has an X id"));
        assert_eq!(pid, Some(first.program.pid()));
    }
}

#[test]
fn startup_id_of_the_environment_is_set() {
    let desktop = Desktop::new();
    let argv = TestWindow::new("started").flag("--startup-id").argv();
    let environment = [("DESKTOP_STARTUP_ID", "token-1_TIME0")];
    desktop.spawn_with(&argv, desktop.path(), &environment);
    desktop.wait_until("the window is open", || {
        !tree::windows(&desktop.tree()).is_empty()
    });
    let output = std::process::Command::new("xprop")
        .args(["-display", desktop.display().name()])
        .args(["-name", "started", "_NET_STARTUP_ID"])
        .output()
        .expect("x11-utils is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("\"token-1_TIME0\""), "{text}");
}

#[test]
fn log_counts_unmaps_of_the_window_manager_only() {
    let desktop = Desktop::new();
    let window = desktop.open_window("seen");
    // When i3 hides a workspace, it unmaps the frame but not the window.
    desktop.run_i3("workspace 2");
    desktop.run_i3("workspace 1");
    desktop.sync();
    assert_eq!(desktop.unmaps(), 0);
    assert!(unmap(&desktop, window.window()));
    desktop.wait_until("the unmap is logged", || desktop.unmaps() == 1);
    desktop.open_window("closed");
    desktop.close_all_windows();
    assert_eq!(desktop.unmaps(), 1);
    let names: BTreeSet<_> = desktop
        .x_events(window.window())
        .iter()
        .map(|line| line.event().to_owned())
        .collect();
    for name in ["Created", "MapNotify", "ConfigureNotify", "ReparentNotify"] {
        assert!(names.contains(name), "{name} of {names:?}");
    }
}

fn unmap(desktop: &Desktop, window: u32) -> bool {
    use x11rb::protocol::xproto::ConnectionExt as _;
    desktop
        .display()
        .connection()
        .unmap_window(window)
        .is_ok_and(|cookie| cookie.check().is_ok())
}
