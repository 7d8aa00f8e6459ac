//! Pending windows: labels and timeouts.

use std::time::Duration;

use serde_json::Value;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, Slot, TestWindow, Workspace};

pub(crate) fn good() -> Slot {
    TestWindow::new("good").slot()
}

/// The drawn label of a slot of the layout `t`.
fn label<'a>(tree: &'a Value, slot: &str) -> Option<&'a Value> {
    tree::with_mark(tree, &format!("_i3pm:place:t:{slot}")).filter(|con| con["window"].is_u64())
}

#[track_caller]
pub(crate) fn wait_for_labels(desktop: &Desktop, slots: &[&str]) {
    desktop.wait_until("the places have their labels", || {
        let tree = desktop.tree();
        slots.iter().all(|slot| label(&tree, slot).is_some())
    });
}

/// True if the title bar has pixels of more than one colour.
pub(crate) fn has_text(desktop: &Desktop, con: &Value) -> bool {
    let (rect, bar) = (&con["rect"], &con["deco_rect"]);
    let number = |value: &Value| value.as_i64().expect("a number");
    let area = format!(
        "{}x{}+{}+{}",
        number(&rect["width"]) / 2,
        number(&bar["height"]).max(12) - 4,
        number(&rect["x"]) + 4,
        number(&rect["y"]) + 2,
    );
    let picture = desktop.path().join("label.png");
    desktop.screenshot(&picture);
    let colours = std::process::Command::new("convert")
        .arg(&picture)
        .args(["-crop", &area, "-format", "%k", "info:"])
        .output()
        .expect("imagemagick is installed");
    String::from_utf8_lossy(&colours.stdout).trim() != "1"
}

#[test]
fn window_that_does_not_match_its_criteria_is_placed_and_reported() {
    let desktop = Desktop::new();
    let bar = TestWindow::new("bar").slot().swallow("class: ^Foo$");
    let late = TestWindow::new("late").slot();
    desktop.save("t", [bar, late.swallow("class: ^Late$, title: ^never$")]);
    // A mismatched title is not reported, because titles may be set late.
    desktop
        .run(["apply", "t"])
        .success()
        .stderr_has(
            "warning: slot `bar` on workspace `1` has a window that does not match `swallow`: \
             class is `Bar`, expected `^Foo$`\n\
             hint: use `swallow: { class: ^Bar$ }`,",
        )
        .stderr_lacks("`late`");
    desktop.sync();
    assert_eq!(desktop.arrangement(), "1: splith[bar 960, late 960]\n");
    // The mismatch is reported once; from now on the window is identified by its mark.
    let output = desktop.run(["apply", "t"]).success();
    output.stderr_lacks("warning");

    desktop.close_all_windows();
    let report = desktop.run(["apply", "t", "--json"]).success();
    assert_eq!(report.stderr, "");
    let report = report.json();
    let expected = serde_json::json!(
        [{ "criterion": "class", "pattern": "^Foo$", "window": "Bar" }]
    );
    assert_eq!(report["slots"][0]["misfits"], expected, "{report:#}");
    assert!(report["slots"][1]["misfits"].is_null(), "{report:#}");
}

#[test]
fn late_class_seen_by_capture_is_not_reported() {
    let desktop = Desktop::new();
    let office = |after: &str| {
        TestWindow::new("soffice")
            .class("Soffice")
            .arg("--class-after", &format!("{after}:writer:writer"))
    };
    desktop.open_window(office("0"));
    desktop.wait_until("the window has its class", || {
        desktop.tree_text_by(Name::Class).contains("writer")
    });
    desktop.run(["capture", "t", "--workspace", "1"]).success();
    desktop.close_all_windows();
    // The class never changes now, like that of a program that sets it very late.
    let text = desktop.layout("t").replace(" 0:writer", " never:writer");
    desktop.save_text("t", &text);
    let output = desktop.run(["apply", "t"]).success();
    output.stderr_lacks("does not match");
    // Capture never writes a pattern for part of a class, so the user wrote it and is warned.
    desktop.close_all_windows();
    desktop.save_text("t", &text.replace("class: ^writer$", "class: ^writ"));
    let output = desktop.run(["apply", "t"]).success();
    output.stderr_has("class is `Soffice`, expected `^writ`\n");
}

#[test]
fn slot_without_a_command_is_reported_with_a_hint() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::new("a").slot(), Slot::new("b")]);
    let only = ["apply", "t", "--only", "b"];
    desktop.run(only).code(1).stderr_has(
        "its window is not open, and it has no command\n\
         hint: open the window yourself, or add a `command` to the slot\n\
         hint: then run `i3pm-layout apply t --only b` to try again\n",
    );
    desktop.open_window("b");
    desktop.run(only).success();
}

/// True if a label's window has hints, which include urgency. i3 creates it with hints from
/// uninitialised memory, so it may be urgent (`docs/i3-facts.md`).
fn has_hints(desktop: &Desktop, label: &Value) -> bool {
    let window = label["window"].as_u64().and_then(|id| id.try_into().ok());
    let window: u32 = window.expect("a label is drawn");
    let x = desktop.display().connection();
    let hints = x
        .get_property(false, window, AtomEnum::WM_HINTS, AtomEnum::ANY, 0, 16)
        .expect("connected")
        .reply()
        .expect("the label has a window");
    !hints.value.is_empty()
}

#[test]
fn label_names_the_pending_window() {
    let desktop = Desktop::builder()
        .config("font pango:monospace 10\ndefault_border pixel 1\ndefault_floating_border pixel 1")
        .start();
    let more = Slot::new("more").swallow("instance: ^late$, title: ^more$");
    let floats = TestWindow::late("floats")
        .slot()
        .with("rect: 400x300+100+200");
    desktop.save_workspaces(
        "t",
        [Workspace::shown("1")
            .nodes([TestWindow::late("late").slot(), good(), more])
            .floating([floats])],
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late", "more", "floats"]);
    desktop.wait_until("no label is urgent", || {
        let tree = desktop.tree();
        let urgent = |con: &&Value| con["urgent"] == true;
        let labels = ["late", "more", "floats"].map(|slot| label(&tree, slot));
        let mut labels = labels.into_iter().flatten();
        !tree::descendants(&tree).iter().any(urgent)
            && labels.all(|label| !has_hints(&desktop, label))
    });
    let tree = desktop.tree();
    let format = |slot: &str| {
        let label = label(&tree, slot).expect("the label is drawn");
        label["title_format"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let text = format("late");
    assert!(
        text.starts_with("late: test-window --instance late"),
        "{text}"
    );
    assert_eq!(
        format("more"),
        "more: waiting for a window of the program of late"
    );
    for slot in ["late", "more", "floats"] {
        let label = label(&tree, slot).expect("the label is drawn");
        assert!(has_text(&desktop, label), "{label:#}");
    }
    desktop.cue("late");
    desktop.cue("floats");
    desktop.wait_until_filled("late");
    desktop.wait_until_filled("floats");
    running.interrupt();
    running.wait().code(1).stderr_has("`more`");
    let text = desktop.arrangement().replace(" (border pixel)", "");
    assert!(text.starts_with("1: splith[late 960, good 960]"), "{text}");
    assert!(text.contains("floats 400x300+100+200"), "{text}");
    let tree = desktop.tree();
    for con in tree::windows(&tree) {
        assert_eq!(con["title_format"], Value::Null, "{con:#}");
        assert_eq!(con["border"], "pixel", "{con:#}");
    }
    desktop.assert_no_traces();
}

/// i3 does not lay out a hidden workspace, so the window has the size that `apply`
/// computed. That is the final size if the height of title bars is known.
#[test]
fn late_window_gets_its_final_size_while_its_workspace_is_hidden() {
    let desktop = Desktop::new();
    desktop.open_window("good");
    desktop.save_workspaces(
        "t",
        [
            Workspace::shown("1").nodes([good()]),
            Workspace::new("2").nodes([TestWindow::late("late").slot()]),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    desktop.cue("late");
    running.wait().success();
    desktop.sync();
    assert_eq!(
        desktop.arrangement(),
        "1: splith[good 1920]\n2: splith[late 1920]\n"
    );
    desktop.assert_no_traces();
    let tree = desktop.tree();
    let late = tree::window(&tree, "late");
    let window = late["window"].as_u64().and_then(|id| id.try_into().ok());
    let window: u32 = window.expect("a window has an X id");

    // The first size is that of the hidden placeholder that took the window.
    desktop.wait_until("the window has two sizes", || {
        desktop.sizes_set_by_x(window).len() == 2 && desktop.sizes_sent_by_i3(window).len() == 2
    });
    desktop.run_i3("workspace 2");
    desktop.sync();
    let tree = desktop.tree();
    let late = tree::window(&tree, "late");
    let side = |name: &str| late["window_rect"][name].as_u64().expect("a number");
    let expected = [(636, 458), (side("width"), side("height"))];
    // The program logs all earlier events before it closes its window.
    desktop.close_all_windows();
    assert_eq!(desktop.sizes_set_by_x(window), expected);
    assert_eq!(desktop.sizes_sent_by_i3(window), expected);
}

#[test]
fn interrupt_removes_labels() {
    let desktop = Desktop::new();
    desktop.save("t", [Slot::without_window("never"), good()]);
    for keep in [false, true] {
        let keep = keep.then_some("--keep-placeholders");
        let call = ["apply", "t"].into_iter().chain(keep);
        let running = desktop.command(call).start();
        wait_for_labels(&desktop, &["never"]);
        running.interrupt();
        running.wait().code(1);
        assert_eq!(desktop.arrangement(), "1: splith[good 1920]\n");
        desktop.assert_no_traces();
    }
}

#[test]
fn recover_removes_the_labels_of_a_killed_run() {
    let desktop = Desktop::new();
    let names = ["never1", "never2", "never3", "never4", "never5", "never6"];
    let slots = names.map(Slot::without_window).into_iter().chain([good()]);
    desktop.save("t", slots);
    for _ in 0..3 {
        let running = desktop.command(["apply", "t"]).start();
        wait_for_labels(&desktop, &names);
        running.kill();
        desktop.run(["recover"]).success();
        assert_eq!(desktop.arrangement(), "1: splith[good 1920]\n");
        desktop.assert_no_traces();
    }
}

#[test]
fn total_timeout_applies_to_all_windows_together() {
    let desktop = Desktop::new();
    desktop.save(
        "t",
        [
            Slot::without_window("one")
                .swallow("class: ^One$")
                .with("timeout: 500"),
            Slot::without_window("two").swallow("class: ^Two$"),
            Slot::new("hands-over").command("true"),
            Slot::without_window("short")
                .swallow("class: ^Short$")
                .with("timeout: 0.2"),
        ],
    );
    let output = desktop
        .run(["apply", "t", "--timeout", "400", "--total-timeout", "1"])
        .code(1);
    assert!(output.duration < Duration::from_secs(40));
    for (time, count) in [("1", 3), ("0.2", 1)] {
        let found = output
            .stderr
            .matches(&format!("timed out after {time} s"))
            .count();
        assert_eq!(found, count, "{}", output.stderr);
    }
    // A program that exits with 0 may have passed its task to another process, so its window is
    // still awaited until the timeout.
    output.stderr_has(
        "timed out after 1 s: `true` exited with code 0 without opening a matching window",
    );
    desktop.assert_no_traces();
}

#[test]
fn failed_program_is_reported_while_others_are_pending() {
    let desktop = Desktop::new();
    let fails = Slot::new("fails").command("test-window --exit-at-once '3:no such profile'");
    desktop.save("t", [Slot::without_window("never"), fails]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the failure is reported", || {
        running
            .stderr_so_far()
            .contains("test-window: no such profile")
    });
    assert!(running.stderr_so_far().contains("code 3"));
    running.interrupt();
    let output = running.wait().code(1);
    let found = output.stderr.matches("code 3").count();
    assert_eq!(found, 1, "{}", output.stderr);
}

/// A daemon names workspaces after their windows as they open.
#[test]
fn workspace_that_is_renamed_while_apply_waits_is_the_same() {
    let desktop = Desktop::new();
    desktop.open_window("here");
    let nodes = [TestWindow::late("late").slot(), good()];
    let shown = Workspace::shown("2").nodes(nodes);
    let text = crate::harness::layout([shown]) + "focus: \"2\"\n";
    desktop.save_text("t", &text);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    desktop.run_i3("rename workspace 2 to \"2: good\"");
    desktop.cue("late");
    running.wait().success();
    assert_eq!(
        desktop.tree_text(),
        "1: splith[here 1920]\n2: good: splith[late* 960, good 960]\n"
    );
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success();
}

#[test]
fn window_whose_label_the_user_has_closed_gets_its_place() {
    let desktop = Desktop::new();
    let slots = ["a", "b"].map(|name| TestWindow::late(name).slot());
    desktop.save("t", slots);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["a", "b"]);
    desktop.run_i3("[con_mark=\"^_i3pm:place:t:a$\"] kill");
    desktop.wait_until("the label is gone", || {
        label(&desktop.tree(), "a").is_none()
    });
    desktop.cue("a");
    desktop.wait_until("a is visible", || desktop.arrangement().contains("a "));
    desktop.cue("b");
    running.wait().success();
    assert_eq!(desktop.arrangement(), "1: splith[a 960, b 960]\n");
    desktop.assert_no_traces();
    desktop.assert_idempotent("t");
}
