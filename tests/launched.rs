//! Programs that `apply` starts, those that do not do what they should, and windows that
//! open while it waits.

use std::time::Duration;

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, Slot, TestWindow};

/// A window that opens at the cue of its own name.
fn late(name: &str) -> TestWindow {
    TestWindow::new(name).map_after(name)
}

/// Waits until the places are on the screen and the placeholders in the scratchpad.
#[track_caller]
fn wait_for_places(desktop: &Desktop) {
    desktop.wait_until("the slots wait", || {
        let tree = desktop.tree();
        let shown = tree::workspaces(&tree).iter().any(|workspace| {
            workspace.visible && workspace.con.to_string().contains("_i3pm:place")
        });
        shown && tree::scratchpad(&tree).is_some_and(|con| con.to_string().contains("_i3pm:wait"))
    });
}

#[test]
fn missing_program_is_named_and_the_others_come() {
    let desktop = Desktop::new();
    let dies = "test-window --exit-at-once '3:it is too late'";
    desktop.save(
        "t",
        [
            Slot::new("gone").command("no-such-program-at-all --x"),
            TestWindow::new("good").slot(),
            Slot::new("dies").command(dies),
        ],
    );
    desktop
        .run(["apply", "t"])
        .code(1)
        .stderr_has("`no-such-program-at-all` is not installed")
        .stderr_has("code 3")
        .stderr_has("it is too late");
    assert_eq!(desktop.tree_text(), "1: splith[good* 1920]\n");
    desktop.assert_no_traces();
}

#[test]
fn window_that_never_opens_times_out() {
    let desktop = Desktop::new();
    desktop.save("t", [Slot::new("never").command("sleep 1000")]);
    let output = desktop.run(["apply", "t", "--timeout", "0.3"]).code(1);
    assert!(output.duration < Duration::from_secs(20));
    output.stderr_has("0.3 s");
    desktop.assert_no_traces();
}

#[test]
fn eleven_of_twelve_come_and_the_twelfth_leaves_no_trace() {
    let desktop = Desktop::new();
    let names: Vec<String> = (1..=12).map(|number| format!("w{number}")).collect();
    let slots = names.iter().map(|name| match name.as_str() {
        "w5" => Slot::new(name).command("sleep 1000").with("timeout: 0.5"),
        _ => TestWindow::new(name).slot(),
    });
    desktop.save("t", slots);
    desktop.run(["apply", "t"]).code(1).stderr_has("w5");
    desktop.sync();
    let tree = desktop.tree();
    let windows = tree::windows(&tree);
    let order: Vec<String> = windows.iter().map(|con| Name::Instance.of(con)).collect();
    let expected: Vec<&String> = names.iter().filter(|name| *name != "w5").collect();
    assert_eq!(order.iter().collect::<Vec<_>>(), expected);
    for con in windows {
        let width = con["rect"]["width"].as_u64().expect("a number");
        assert!((174..=175).contains(&width), "{}", desktop.tree_text());
    }
    desktop.assert_no_traces();
}

#[test]
fn slow_program_is_waited_for() {
    let desktop = Desktop::new();
    desktop.save("t", [late("slow").slot(), TestWindow::new("fast").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the fast program's window is in its place", || {
        desktop.tree().to_string().contains("\"_i3pm:t:fast\"")
    });
    wait_for_places(&desktop);
    desktop.cue("slow");
    running.wait().success();
    assert_eq!(desktop.tree_text(), "1: splith[slow* 960, fast 960]\n");
}

#[test]
fn equal_windows_go_to_their_own_slots_in_any_order() {
    let desktop = Desktop::new();
    let slots = (0..5).map(|number| {
        let window = TestWindow::new("same").title(&format!("t{number}"));
        Slot::new(&format!("s{number}"))
            .swallow("instance: ^same$")
            .command(&window.map_after(&number.to_string()).command())
    });
    desktop.save("t", slots);
    let running = desktop.command(["apply", "t"]).start();
    for number in [4, 1, 3, 2, 0] {
        desktop.cue(&number.to_string());
        desktop.wait_until("the window is open", || {
            let text = desktop.tree_text_by(Name::Title);
            text.contains(&format!("t{number}"))
        });
    }
    running.wait().success();
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[t0* 384, t1 384, t2 384, t3 384, t4 384]\n"
    );
}

#[test]
fn windows_that_i3_does_not_recognise_are_brought_in_by_their_process() {
    let desktop = Desktop::new();
    let early = TestWindow::new("early").arg("--class-after", "class:late:Late");
    let fork = TestWindow::new("forked").flag("--fork");
    desktop.save(
        "t",
        [
            early.slot().swallow("class: ^Late$"),
            fork.slot().swallow("class: ^Unexpected$"),
        ],
    );
    desktop.run(["apply", "t"]).success();
    let expected = "1: splith[early* 960, forked 960]\n";
    assert_eq!(desktop.tree_text_by(Name::Title), expected);
    desktop.cue("class");
    desktop.wait_until("it has its class", || {
        desktop.tree_text_by(Name::Class).contains("Late")
    });
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text_by(Name::Title), expected);
}

#[test]
fn window_that_a_person_opens_meanwhile_stays_beside_the_layout() {
    let desktop = Desktop::new();
    desktop.save("t", ["a", "b"].map(|name| late(name).slot()));
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    desktop.open_xterm(&["-name", "mine"]);
    desktop.cue("a");
    desktop.cue("b");
    running.wait().success();
    desktop.sync();
    // i3 puts it behind the container that had the focus last.
    assert_eq!(desktop.arrangement(), "1: splith[a 640, mine 640, b 640]\n");
    desktop.assert_no_traces();
}

#[test]
fn window_that_a_person_opens_meanwhile_on_another_workspace_is_left_alone() {
    let desktop = Desktop::new();
    let slow = TestWindow::new("same").title("slow").map_after("slow");
    desktop.save_workspaces(
        "t",
        [crate::harness::Workspace::new("1").nodes([slow.slot()])],
    );
    desktop.run_i3("workspace 5");
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the program was started", || desktop.starts() == 1);
    desktop.open_window(TestWindow::new("same").title("mine"));
    desktop.cue("slow");
    running.wait().success();
    assert_eq!(
        desktop.tree_text_by(Name::Title),
        "1: splith[slow 1920]\n5: splith[mine* 1920]\n"
    );
}

#[test]
fn splash_screens_and_dialogs_do_not_take_the_slot() {
    let desktop = Desktop::new();
    desktop.save("t", [late("gimp").flag("--splash").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    desktop.wait_until("the splash screen is there", || {
        let text = desktop.tree_text_by(Name::Title);
        text.contains("gimp is starting")
    });
    desktop.open_window(TestWindow::new("gimp").kind("dialog").title("question"));
    desktop.cue("gimp");
    running.wait().success();
    desktop.sync();
    let tree = desktop.tree();
    let tiling: Vec<_> = tree::workspaces(&tree)
        .iter()
        .flat_map(|workspace| tree::nodes(workspace.con))
        .map(|con| Name::Title.of(con))
        .collect();
    assert_eq!(tiling, ["gimp"], "{}", desktop.tree_text_by(Name::Title));
    let text = desktop.tree_text_by(Name::Title);
    let floating = text.split(" floating[").nth(1).unwrap_or_default();
    assert!(floating.contains("question"), "{text}");
    assert!(tree::scratchpad(&tree).is_none_or(|con| tree::floating_nodes(con).is_empty()));
    desktop.assert_no_traces();
}
