//! `adapt`: workspaces after monitors were connected or disconnected.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::harness::display::Monitor;
use crate::harness::processes::Handle;
use crate::harness::{Desktop, TestWindow, tree};
use crate::waiting::wait_for_labels;

/// A desktop with a laptop and the monitor `DP-1` on its right, captured as `t`: `lap` on workspace
/// 1 of the laptop, `ext` and the floating `fl` on workspace 3:code, which `DP-1` shows, and `more`
/// on workspace 4 of `DP-1`.
fn docked() -> Desktop {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output DP-1\nworkspace 4");
    desktop.open_window("more");
    desktop.run_i3("workspace 3:code");
    desktop.open_window("ext");
    desktop.open_window("fl");
    desktop.run_i3(
        "[instance=fl] floating enable, resize set 640 px 480 px, \
         move absolute position 3333 px 777 px\n[instance=ext] focus",
    );
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    desktop
}

/// Runs `adapt t --json`, and checks that another run sends no command.
#[track_caller]
fn adapt(desktop: &Desktop) -> Value {
    let report = desktop.report("adapt t");
    assert_eq!(report["complete"], true, "{report:#}");
    assert_silent(desktop);
    desktop.assert_no_traces();
    report
}

#[track_caller]
fn assert_silent(desktop: &Desktop) {
    let before = desktop.tree();
    let again = desktop.report("adapt t");
    assert_eq!(again["commands"], 0, "{again:#}");
    assert_eq!(desktop.tree(), before);
}

/// The workspaces that were moved, each with its new output.
fn moved(report: &Value) -> Vec<&str> {
    let moved = report["moved"].as_array().expect("a list").iter();
    moved.filter_map(|one| one["message"].as_str()).collect()
}

/// The outputs of the workspaces, in order of the outputs.
fn places(desktop: &Desktop) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tree = desktop.tree();
    let all = tree::workspaces(&tree).into_iter();
    let all = all.map(|one| (text(&one.con["name"]), text(&one.con["output"])));
    all.collect()
}

/// The rect of the only floating window.
fn floating_rect(desktop: &Desktop) -> String {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let mut frames = all.filter(|con| con["type"] == "floating_con");
    let found = frames.find(|con| con["nodes"][0]["window"].is_u64());
    tree::geometry(&found.expect("a window floats")["rect"])
}

#[test]
fn everything_is_where_it_was_after_the_monitor_is_back() {
    let desktop = docked();
    let starts = desktop.starts();
    assert_silent(&desktop);
    let (before, tree) = (desktop.tree_text(), desktop.tree());
    for _ in 0..2 {
        desktop.unplug("DP-1");
        let report = adapt(&desktop);
        assert_eq!(report["away"][0]["monitor"], "DP-1", "{report:#}");
        assert_eq!(desktop.visible_workspaces(), ["1"]);
        assert_eq!(desktop.focused(), "lap");
        desktop.plug("DP-1", "2560x1440+1920+0");
        let report = adapt(&desktop);
        assert_eq!(
            moved(&report),
            ["3:code is on DP-1 now", "4 is on DP-1 now"],
            "{report:#}"
        );
        assert_eq!(desktop.tree_text(), before);
        assert_eq!(floating_rect(&desktop), "640x480+3333+777");
        desktop.run(["diff", "t"]).success();
        desktop.visit_all_workspaces();
        desktop.assert_same_tree(&tree);
    }
    assert_eq!(desktop.starts(), starts, "a program was started");
}

#[test]
fn report_has_a_sentence_for_each_workspace() {
    let desktop = docked();
    desktop.unplug("DP-1");
    let missing = "note: DP-1 is not connected: ";
    let output = desktop.run(["adapt", "t"]).success();
    output.stderr_has(missing);
    desktop.plug("DP-1", "2560x1440+1920+0");
    let before = desktop.tree();
    let output = desktop.run(["adapt", "t", "--dry-run"]).success();
    output
        .stdout_has("3:code  eDP-1 -> DP-1")
        .stdout_has("move workspace to output \"DP-1\"");
    let dry = desktop.report("adapt t --dry-run");
    assert_eq!(dry["move"][0]["workspace"], "3:code", "{dry:#}");
    assert_eq!(desktop.tree(), before);
    let output = desktop.run(["adapt", "t"]).success();
    output
        .stderr_has("3:code is on DP-1 now\n4 is on DP-1 now\n")
        .stderr_has("t: moved 2 workspaces")
        .stderr_lacks("not connected");
    let sentence = "t: nothing to do: already adapted to the monitors\n";
    desktop.run(["adapt", "t"]).success().stderr_has(sentence);
    desktop
        .run(["adapt", "t", "--dry-run"])
        .success()
        .stdout_has(sentence);
}

#[test]
fn windows_stay_on_their_workspaces_and_in_their_containers() {
    let desktop = docked();
    desktop.run_i3("[instance=lap] move container to workspace 4");
    desktop.run_i3("[instance=more] kill\nworkspace 7");
    desktop.wait_until("more is gone", || !desktop.tree_text().contains("more"));
    desktop.open_window("other");
    desktop.run_i3(
        "[instance=other] layout tabbed\n[workspace=\"3:code\"] move workspace to output eDP-1",
    );
    let starts = desktop.starts();
    let report = desktop.report("adapt t");
    assert_eq!(moved(&report), ["3:code is on DP-1 now"], "{report:#}");
    assert_eq!(desktop.starts(), starts);
    let on = |window: &str| {
        let text = desktop.arrangement();
        let found = text.lines().find(|line| line.contains(window));
        found.unwrap_or_default().to_owned()
    };
    assert!(
        on("lap").starts_with("4: splith[lap"),
        "{}",
        desktop.tree_text()
    );
    assert!(on("other").starts_with("7: "), "{}", desktop.tree_text());
    assert!(
        !desktop.arrangement().contains("1: "),
        "{}",
        desktop.tree_text()
    );
    assert_silent(&desktop);
}

#[test]
fn monitors_under_other_names_and_at_other_places() {
    let desktop = docked();
    let mut laptop = Monitor::new("eDP-1", "1920x1080+2560+0");
    laptop.primary = true;
    desktop.arrange(&[Monitor::new("HDMI-1", "2560x1440+0+0"), laptop]);
    adapt(&desktop);
    let place = |name: &str, output: &str| (name.to_owned(), output.to_owned());
    assert_eq!(
        places(&desktop),
        [
            place("3:code", "HDMI-1"),
            place("4", "HDMI-1"),
            place("1", "eDP-1")
        ]
    );
    assert_eq!(floating_rect(&desktop), "640x480+1413+777");
    assert_eq!(desktop.visible_workspaces(), ["3:code", "1"]);
}

#[test]
fn i3_is_given_time_to_notice_the_monitors() {
    let desktop = docked();
    for _ in 0..3 {
        desktop.unplug("DP-1");
        adapt(&desktop);
        let mut laptop = Monitor::new("eDP-1", "1920x1080+0+0");
        laptop.primary = true;
        let i3 = Handle::open(desktop.programs("i3")[0]).expect("i3 runs");
        // i3 is still busy when `adapt` begins, so it has a request and an event to handle.
        i3.signal(Signal::STOP);
        desktop
            .display()
            .arrange(&[laptop, Monitor::new("DP-1", "2560x1440+1920+0")]);
        let running = desktop.command(["adapt", "t", "--json"]).start();
        std::thread::sleep(Duration::from_millis(200));
        i3.signal(Signal::CONT);
        let report = running.wait().success().json();
        assert_eq!(report["moved"][0]["to"], "DP-1", "{report:#}");
        assert_silent(&desktop);
    }
}

#[test]
fn workspaces_without_a_number_keep_their_order() {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output DP-1");
    for name in ["web", "mail", "code"] {
        desktop.run_i3(&format!("workspace {name}"));
        desktop.open_window(name);
    }
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    let before = desktop.tree_text();
    desktop.unplug("DP-1");
    adapt(&desktop);
    desktop.plug("DP-1", "2560x1440+1920+0");
    desktop.run_i3("[workspace=code] move workspace to output DP-1");
    adapt(&desktop);
    assert_eq!(desktop.tree_text(), before);
}

#[test]
fn workspace_back_and_forth_leads_where_it_led_before() {
    let desktop = docked();
    desktop.run_i3("workspace 8\nworkspace 1");
    desktop
        .run_i3("[workspace=\"3:code\"] move workspace to output eDP-1\nworkspace 8\nworkspace 1");
    let report = desktop.report("adapt t");
    assert_eq!(moved(&report), ["3:code is on DP-1 now"], "{report:#}");
    desktop.run_i3("workspace back_and_forth");
    assert_eq!(desktop.focused(), "8");
}

#[test]
fn empty_workspace_is_shown_again() {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output DP-1\nworkspace 9\nfocus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    assert_silent(&desktop);
    desktop.unplug("DP-1");
    adapt(&desktop);
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    desktop.plug("DP-1", "2560x1440+1920+0");
    adapt(&desktop);
    assert_eq!(desktop.visible_workspaces(), ["1", "9"]);
    assert_eq!(desktop.focused(), "lap");
}

#[test]
fn fullscreen_windows_and_resized_containers_stay_as_they_are() {
    let desktop = docked();
    desktop.open_window("beside");
    desktop.run_i3("[instance=beside] resize grow width 200 px\n[instance=ext] fullscreen enable");
    let is_fullscreen = || {
        let tree = desktop.tree();
        let all = tree::descendants(&tree).into_iter();
        let mut found = all.filter(|con| con["fullscreen_mode"] == 1 && con["window"].is_u64());
        found.next().is_some()
    };
    let before = desktop.arrangement();
    assert!(is_fullscreen());
    desktop.unplug("DP-1");
    adapt(&desktop);
    desktop.plug("DP-1", "2560x1440+1920+0");
    adapt(&desktop);
    assert!(is_fullscreen());
    assert_eq!(desktop.arrangement(), before);
}

#[test]
fn another_run_is_not_disturbed() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::late("late").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    let output = desktop.run(["adapt", "t"]).code(2);
    output.stderr_has("another i3pm-layout command is changing this desktop");
    // A cron job has no XDG_RUNTIME_DIR, or another one.
    let elsewhere = desktop.create_directory("elsewhere");
    let output = desktop
        .command(["apply", "t"])
        .env("XDG_RUNTIME_DIR", elsewhere)
        .run()
        .code(2);
    output.stderr_has("another i3pm-layout command is changing this desktop");
    desktop.cue("late");
    running.wait().success();
}
