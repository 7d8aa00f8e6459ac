//! Monitors that change while `apply` waits, and workspaces that move between monitors.

use serde_json::Value;

use crate::harness::{Desktop, TestWindow, Workspace, tree};
use crate::waiting::wait_for_labels;

const MONITORS: &str = "monitors:\n\
    \x20 - { output: eDP-1, rect: 1920x1080+0+0, primary: true }\n\
    \x20 - { output: DP-1, rect: 2560x1440+1920+0 }\n";

/// Saves a layout `t`: `late` and `a` on workspace 1 of the laptop, and the floating `fl` on
/// workspace 5 of this output.
fn save(desktop: &Desktop, output: &str) {
    let slots = [TestWindow::late("late").slot(), TestWindow::new("a").slot()];
    let first = Workspace::shown("1").with("output: eDP-1").nodes(slots);
    let floating = TestWindow::new("fl").slot().with("rect: 600x400+1201+555");
    let other = if output == "eDP-1" {
        Workspace::new("5")
    } else {
        Workspace::shown("5")
    };
    let other = other.with(&format!("output: {output}"));
    let text = crate::harness::desktop::layouts::layout([first, other.floating([floating])]);
    desktop.save_text("t", &format!("{text}{MONITORS}focus: \"1\"\n"));
}

/// Applies `t`, changes the monitors during the wait, and checks that everything is in place.
#[track_caller]
fn check(desktop: &Desktop, change: impl FnOnce()) {
    desktop.run_i3("workspace 9");
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(desktop, &["late"]);
    desktop.wait_until_filled("fl");
    change();
    desktop.cue("late");
    running.wait().success();
    desktop.run(["diff", "t"]).success();
    desktop.assert_idempotent("t");
    desktop.assert_no_traces();
    assert_eq!(desktop.focused(), "late");
}

/// The frame of the floating window.
fn frame(tree: &Value) -> &Value {
    let all = tree::descendants(tree).into_iter();
    let mut frames = all.filter(|con| con["type"] == "floating_con");
    let found = frames.find(|con| con["nodes"][0]["window"].is_u64());
    found.expect("a window floats")
}

/// The rect of the floating window on the screen.
fn place(desktop: &Desktop) -> String {
    tree::geometry(&frame(&desktop.tree())["rect"])
}

#[test]
fn monitor_that_is_turned_during_the_wait() {
    let desktop = Desktop::builder()
        .screen(4480, 1920)
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    save(&desktop, "eDP-1");
    check(&desktop, || desktop.plug("eDP-1", "1080x1920+0+0"));
    assert_eq!(place(&desktop), "600x400+480+1142");
}

#[test]
fn monitor_that_is_plugged_during_the_wait() {
    let desktop = Desktop::builder()
        .screen(4480, 1440)
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    save(&desktop, "DP-1");
    check(&desktop, || desktop.plug("DP-1", "2560x1440+1920+0"));
    assert_eq!(place(&desktop), "600x400+3121+555");
    assert_eq!(desktop.visible_workspaces(), ["1", "5"]);
}

#[test]
fn monitor_that_is_unplugged_during_the_wait() {
    let desktop = Desktop::builder().two_monitors().start();
    save(&desktop, "DP-1");
    check(&desktop, || desktop.unplug("DP-1"));
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    let tree = desktop.tree();
    let number = |key: &str| frame(&tree)["rect"][key].as_i64();
    assert!(number("x") <= Some(1320) && number("y") <= Some(680));
}

#[test]
fn floating_window_stays_where_it_is_if_the_config_names_another_output() {
    let desktop = Desktop::builder()
        .screen(5206, 2160)
        .monitor("eDP-1", "1366x768+0+0")
        .monitor("DP-1", "3840x2160+1366+0")
        .config("workspace 1 output DP-1")
        .start();
    desktop.run_i3("workspace 1\nmove workspace to output eDP-1");
    desktop.open_window("note");
    desktop.run_i3(
        "[instance=note] floating enable, resize set 301 px 203 px, \
         move absolute position 577 px 333 px",
    );
    desktop.open_window("tiled");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert_eq!(place(&desktop), "301x203+577+333");
    for _ in 0..2 {
        desktop.close_all_windows();
        desktop.run_i3("workspace 7");
        desktop.run(["apply", "t"]).success();
        assert_eq!(place(&desktop), "301x203+577+333");
        desktop.run(["capture", "t"]).success();
        assert_eq!(desktop.layout("t"), text);
    }
}
