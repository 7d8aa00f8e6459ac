//! Windows that the layout does not know, other workspaces than its own, and what an
//! interrupted run leaves behind.

use crate::harness::{Desktop, TestWindow};

fn open(desktop: &Desktop, name: &str) -> u64 {
    desktop.open_window(&TestWindow::new(name)).con()
}

fn run(desktop: &Desktop, command: &str) {
    desktop.ipc().run(command);
}

/// A desktop on which `a` and `b` were captured as `t`, and then moved, with a stranger
/// beside them.
fn with_stranger() -> Desktop {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    desktop.run(["capture", "t"]).success();
    open(&desktop, "stranger");
    run(&desktop, "[instance=a] move right; layout tabbed");
    desktop
}

#[test]
fn mode_replace_leaves_strangers_together_on_another_workspace() {
    let desktop = with_stranger();
    let output = desktop.run(["apply", "t", "--mode", "replace"]);
    let output = output.success();
    assert!(output.stderr.contains("`before 1`"), "{}", output.stderr);
    insta::assert_snapshot!(desktop.tree_text(), @r"
    1: splith[a 960, b* 960]
    before 1: splith[tabbed 1920[stranger]]
    ");
    assert_eq!(desktop.unmaps(), 0, "a window was unmapped");
    let report = desktop.run(["apply", "t", "--mode", "replace", "--json"]);
    assert_eq!(report.success().json()["commands"], 0);
}

#[test]
fn mode_close_asks_strangers_to_close() {
    let desktop = with_stranger();
    let dry = desktop.run(["apply", "t", "--mode", "close", "--dry-run"]);
    let dry = dry.success();
    assert!(
        dry.stdout.contains("asked to close\n  `stranger`"),
        "{}",
        dry.stdout
    );
    desktop.run(["apply", "t", "--mode", "close"]).success();
    desktop.wait_until("the stranger is gone", || {
        !desktop.tree_text().contains("stranger")
    });
    assert_eq!(desktop.tree_text(), "1: splith[a 960, b* 960]\n");
}

#[test]
fn to_puts_a_workspace_of_the_layout_onto_another() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    run(&desktop, "workspace 2");
    open(&desktop, "c");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t", "--to", "7:seven"]).code(2);
    desktop
        .run(["apply", "t", "--workspace", "1", "--to", "7:seven"])
        .success();
    let text = desktop.tree_text();
    assert!(text.contains("7:seven: splith[a 960, b"), "{text}");
    assert!(!text.contains('c'), "{text}");
}

#[test]
fn two_layouts_are_both_exact_one_after_the_other() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    run(&desktop, "layout tabbed");
    desktop.run(["capture", "one"]).success();
    desktop.close_all_windows();
    run(&desktop, "workspace 2");
    open(&desktop, "c");
    open(&desktop, "d");
    run(&desktop, "layout stacking");
    desktop.run(["capture", "two"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "one"]).success();
    desktop.run(["apply", "two"]).success();
    let text = desktop.tree_text();
    for (name, other) in [("one", "two"), ("two", "one")] {
        let report = desktop.run(["apply", name, "--keep-focus", "--json"]);
        let report = report.success().json();
        assert_eq!(report["commands"], 0, "{name} after {other}: {report:#}");
    }
    assert_eq!(desktop.tree_text(), text);
}

#[test]
fn recover_removes_placeholders_and_brings_windows_back() {
    let desktop = Desktop::new();
    let late = TestWindow::new("late").arg("--map-delay", "700").command();
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n      \
             - {{ id: never, swallow: {{ class: ^Never$ }}, command: sleep 1000 }}\n      \
             - {{ id: late, swallow: {{ instance: ^late$ }}, command: {late:?} }}\n"
        ),
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the program was started", || desktop.starts() == 1);
    running.signal(rustix::process::Signal::KILL);
    let _ = running.wait();
    // Its window comes when nobody is there any more.
    desktop.wait_until("the window waits", || {
        crate::harness::tree::windows(&desktop.tree()).len() == 1
    });
    desktop.run(["recover"]).success();
    let text = desktop.tree().to_string();
    assert!(!text.contains("_i3pm:"), "{text}");
    assert_eq!(desktop.tree_text(), "1: splith[late* 1920]\n");
    let again = desktop.run(["recover"]);
    assert!(again.success().stderr.contains("nothing was left"));
}

#[test]
fn windows_that_a_person_opens_meanwhile_are_left_alone() {
    let desktop = Desktop::new();
    let slow = TestWindow::new("same")
        .title("slow")
        .arg("--map-delay", "800");
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n      \
             - {{ id: slow, swallow: {{ instance: ^same$ }}, command: {:?} }}\n",
            slow.command()
        ),
    );
    run(&desktop, "workspace 5");
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the program was started", || desktop.starts() == 1);
    desktop.open_window(&TestWindow::new("same").title("mine"));
    running.wait().success();
    let text = desktop.tree_text_by(crate::harness::tree::Name::Title);
    assert_eq!(text, "1: splith[slow 1920]\n5: splith[mine* 1920]\n");
}

#[test]
fn explain_names_the_evidence_for_each_window() {
    let desktop = with_stranger();
    let output = desktop.run(["apply", "t", "--dry-run", "--explain"]);
    let output = output.success();
    assert!(
        output
            .stdout
            .contains("its program was started with the slot's command"),
        "{}",
        output.stdout
    );
}
