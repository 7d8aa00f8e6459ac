//! Placeholders that `--keep-placeholders` leaves for missing windows.

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, Slot, TestWindow};
use crate::waiting::{good, has_text, wait_for_labels};

/// A desktop on which one window of the layout `t` timed out and its placeholder was kept.
fn with_kept_placeholder() -> Desktop {
    let desktop = Desktop::builder().config("font pango:monospace 10").start();
    let keys = "timeout: 0.5, percent: 25, title_format: '<b>%title</b>'";
    desktop.save("t", [Slot::without_window("never").with(keys), good()]);
    desktop
        .run(["apply", "t", "--keep-placeholders"])
        .code(1)
        .stderr_has("kept 1 placeholder for `never`; run `i3pm-layout recover` to remove it");
    desktop.sync();
    desktop
}

fn placeholders(desktop: &Desktop) -> usize {
    let tree = desktop.tree();
    tree::descendants(&tree)
        .into_iter()
        .filter(|con| {
            con["swallows"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
        })
        .filter(|con| con["layout"] != "dockarea" && con["type"] == "con")
        .count()
}

#[test]
fn kept_placeholder_shows_its_slot_and_takes_its_window() {
    let desktop = with_kept_placeholder();
    let tree = desktop.tree();
    let placeholder = tree::with_mark(&tree, "_i3pm:t:never").expect("the placeholder is kept");
    assert_eq!(placeholder["name"], "never: sleep 1000");
    assert!(has_text(&desktop, placeholder));
    assert_eq!(placeholder["rect"]["width"], 480);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    assert!(!tree.to_string().contains("_i3pm:wait"));
    // Neither a window of another class nor a window without a class fills it.
    desktop.open_window("stranger");
    desktop.open_window(TestWindow::new("").class("").title("bare"));
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    desktop.open_window("never");
    assert_eq!(placeholders(&desktop), 0, "{}", desktop.tree_text());
    let tree = desktop.tree();
    let window = tree::with_mark(&tree, "_i3pm:t:never").expect("the window is open");
    assert_eq!(window["name"], "never");
    assert_eq!(window["title_format"], "<b>%title</b>");
    desktop.assert_idempotent("t");
}

#[test]
fn recover_removes_kept_placeholders() {
    let desktop = with_kept_placeholder();
    let output = desktop.run(["recover"]).success();
    output.stderr_has("removed 1 placeholder");
    assert_eq!(desktop.arrangement(), "1: splith[good 1920]\n");
    desktop.assert_no_traces();
    let output = desktop.run(["recover"]).success();
    output.stderr_has("nothing");
}

#[test]
fn recover_removes_the_mark_of_a_late_window() {
    let desktop = with_kept_placeholder();
    desktop.open_window("never");
    let output = desktop.run(["recover"]).success();
    output.stderr_has("removed 1 mark\n");
    assert_eq!(desktop.arrangement(), "1: splith[never 480, good 1440]\n");
    desktop.assert_no_traces();
}

#[test]
fn next_apply_recognises_kept_placeholders() {
    let desktop = with_kept_placeholder();
    desktop.run(["apply", "t", "--keep-placeholders"]).code(1);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    // No window is pending, but the windows have to be rearranged.
    desktop.open_window("beside");
    desktop.run_i3("[instance=\"^good$\"] move left, move left");
    desktop.run(["apply", "t", "--no-launch"]).code(1);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    assert!(tree::with_mark(&desktop.tree(), "_i3pm:t:never").is_some());
    // Another layout leaves it where it is.
    desktop.save("u", [TestWindow::new("other").slot()]);
    desktop.run(["apply", "u"]).success();
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    // A window opened on another workspace is moved into its slot, and no placeholder is left.
    desktop.run_i3("workspace 7");
    desktop.save("t", [TestWindow::late("never").slot(), good()]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["never"]);
    desktop.cue("never");
    running.wait().success();
    assert_eq!(placeholders(&desktop), 0, "{}", desktop.tree_text());
    let tree = desktop.tree();
    let names: Vec<String> = tree::windows(&tree)
        .iter()
        .map(|con| Name::Instance.of(con))
        .collect();
    assert_eq!(names.len(), 4, "{}", desktop.tree_text());
    assert_eq!(names[..2], ["never", "good"], "{}", desktop.tree_text());
    desktop.assert_no_traces();
}

#[test]
fn next_apply_removes_kept_placeholders_unless_asked_to_keep_them() {
    let desktop = with_kept_placeholder();
    desktop.run(["apply", "t"]).code(1);
    assert_eq!(desktop.arrangement(), "1: splith[good 1920]\n");
    desktop.assert_no_traces();
}
