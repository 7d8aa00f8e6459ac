//! Programs that `apply` starts, programs that fail, and windows that open while it waits.

use std::time::Duration;

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, Slot, TestWindow};

/// Waits until the places are visible and the waiting placeholders are in the scratchpad.
#[track_caller]
fn wait_for_places(desktop: &Desktop) {
    desktop.wait_until("the places and the waiting placeholders exist", || {
        let tree = desktop.tree();
        let shown = tree::workspaces(&tree).iter().any(|workspace| {
            workspace.visible && workspace.con.to_string().contains("_i3pm:place")
        });
        shown && tree::scratchpad(&tree).is_some_and(|con| con.to_string().contains("_i3pm:wait"))
    });
}

#[test]
fn missing_program_is_reported_and_other_windows_are_placed() {
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
        .stderr_has("note: program output: test-window: it is too late")
        .stderr_has("/log/t/dies.log")
        .stderr_has("hint: run the command in a terminal to see why it fails")
        .stderr_has("hint: then run `i3pm-layout apply t` to try again");
    assert_eq!(desktop.tree_text(), "1: splith[good* 1920]\n");
    desktop.assert_no_traces();
}

#[test]
fn program_starts_near_a_missing_directory() {
    let desktop = Desktop::new();
    let source = desktop.create_directory("home/src");
    for (directory, used) in [
        ("~/src/away/deep", source.as_path()),
        (
            "/no-such-directory/x",
            desktop.path().join("home").as_path(),
        ),
    ] {
        let slot = TestWindow::new("a")
            .slot()
            .with(&format!("cwd: {directory}"));
        desktop.save("t", [slot]);
        let applied = desktop.run(["apply", "t"]).success();
        applied
            .stderr_has(&format!("the working directory {directory} does not exist"))
            .stderr_has(&format!("hint: run `mkdir -p {directory}`"))
            .stderr_has("(1 launched)");
        let directories = desktop.directories_of("test-window");
        let used = used.file_name().expect("not the root directory");
        assert_eq!(directories, [used.to_string_lossy()]);
        desktop.assert_idempotent("t");
        desktop.close_all_windows();
    }
    // A program of the missing directory must not be confused with one of its parent.
    desktop.write_executable("home/src/run", "#!/bin/sh\nexec test-window\n");
    desktop.save(
        "t",
        [Slot::new("a").command("./run").with("cwd: ~/src/away")],
    );
    let applied = desktop.run(["apply", "t"]).code(1);
    applied.stderr_has("does not exist, and `./run` is relative to it");
    assert_eq!(desktop.programs("test-window"), [0; 0]);
}

#[test]
fn script_without_an_interpreter_line_runs_in_the_shell() {
    let desktop = Desktop::new();
    desktop.write_executable("old", "exec test-window --title \"$0\"\n");
    let path = desktop.path().join("old").display().to_string();
    desktop.save("t", [Slot::new("a").command(&path).swallow("class: .")]);
    desktop.run(["apply", "t"]).success();
    desktop.assert_idempotent("t");
}

#[test]
fn programs_that_cannot_be_started_hold_up_nothing() {
    let desktop = Desktop::new();
    desktop.write("plain", "");
    desktop.write_executable("orphan", "#!/no/such/interpreter\n");
    let home = desktop.path().display();
    desktop.save(
        "t",
        [
            Slot::new("gone").command("no-such-program"),
            // Only the program of the other slot could open it.
            Slot::new("child")
                .swallow("class: ^Child$")
                .with("command: null"),
            Slot::new("file").command(&format!("{home}/nothing")),
            Slot::new("plain").command(&format!("{home}/plain")),
            Slot::new("orphan").command(&format!("{home}/orphan")),
        ],
    );
    let applied = desktop.run(["apply", "t"]).code(1);
    applied
        .stderr_has("`no-such-program` is not installed, or not in PATH")
        .stderr_has("/nothing` does not exist")
        .stderr_has("/plain` is not executable")
        .stderr_has("/orphan` needs an interpreter that does not exist")
        .stderr_has("its window is not open, and it has no command");
    assert!(applied.duration < Duration::from_secs(20));
    desktop.assert_no_traces();
    let validated = desktop.run(["validate", "t"]).success();
    validated
        .stderr_has("warning: `gone`: `no-such-program` is not installed")
        .stderr_has("/plain` is not executable");
    let shown = desktop.run(["show", "t"]).success();
    shown.stderr_has("`no-such-program` is not installed");
}

#[test]
fn commands_with_shell_syntax_get_a_fixed_command() {
    let desktop = Desktop::new();
    desktop.create_directory("home/src");
    let window = TestWindow::new("window");
    let line = window.command();
    let slots = [
        Slot::new("directory").command("cd ~/src && xterm -name x"),
        Slot::new("export").command("A=b xterm"),
        Slot::new("window").command(&format!("{line} &")),
    ];
    desktop.save("t", slots);
    for command in ["apply", "validate", "show"] {
        let output = desktop.run([command, "t"]);
        for hint in [
            "(`cd`), but no shell runs it",
            "hint: use `command: xterm -name x` and `cwd: ~/src` in the slot",
            "hint: use `command: xterm` and `env: { A: b }` in the slot",
            "(`&`), but no shell runs it",
        ] {
            output.stderr_has(hint);
        }
        output.lacks("install `");
    }
    let updated = desktop.run(["capture", "t", "--update"]).success();
    updated.stderr_has("(`cd`), but no shell runs it");
}

#[test]
fn window_that_never_opens_times_out() {
    let desktop = Desktop::new();
    desktop.save("t", [Slot::without_window("never")]);
    let output = desktop.run(["apply", "t", "--timeout", "0.3"]).code(1);
    assert!(output.duration < Duration::from_secs(20));
    output.stderr_has("0.3 s");
    desktop.assert_no_traces();
}

#[test]
fn one_missing_window_of_twelve_leaves_no_trace() {
    let desktop = Desktop::new();
    let names: Vec<String> = (1..=12).map(|number| format!("w{number}")).collect();
    let slots = names.iter().map(|name| match name.as_str() {
        "w5" => Slot::without_window(name).with("timeout: 0.5"),
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
fn apply_waits_for_a_slow_program() {
    let desktop = Desktop::new();
    desktop.save(
        "t",
        [
            TestWindow::late("slow").slot(),
            TestWindow::new("fast").slot(),
        ],
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until_filled("fast");
    wait_for_places(&desktop);
    desktop.cue("slow");
    running.wait().success();
    assert_eq!(desktop.tree_text(), "1: splith[slow* 960, fast 960]\n");
}

#[test]
fn windows_that_i3_does_not_match_are_identified_by_process() {
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
    desktop.wait_until("the window has its class", || {
        desktop.tree_text_by(Name::Class).contains("Late")
    });
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text_by(Name::Title), expected);
}

#[test]
fn window_opened_by_the_user_stays_beside_the_layout() {
    let desktop = Desktop::new();
    desktop.save("t", ["a", "b"].map(|name| TestWindow::late(name).slot()));
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    desktop.open_xterm(&["-name", "mine"]);
    desktop.cue("a");
    desktop.cue("b");
    running.wait().success();
    desktop.sync();
    // i3 inserts a window after the container that was focused last.
    assert_eq!(desktop.arrangement(), "1: splith[a 640, mine 640, b 640]\n");
    desktop.assert_no_traces();
}

#[test]
fn window_opened_by_the_user_on_another_workspace_is_not_moved() {
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
fn splash_screens_and_dialogs_do_not_fill_the_slot() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::late("gimp").flag("--splash").slot()]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    desktop.wait_for_title("gimp is starting");
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

#[test]
fn unset_variables_are_named_before_a_run() {
    let desktop = Desktop::new();
    let slots = ["a", "b"].map(|id| Slot::new(id).command("connect '${env:DB_HOST}'"));
    desktop.save("t", slots);
    for command in ["validate", "show"] {
        let output = desktop.run([command, "t"]).success();
        output
            .stderr_has("warning: `a`, `b`: the environment variable `DB_HOST` is not set\n")
            .stderr_has("hint: set the variable where `apply` runs, or use `vars`\n");
        let output = desktop.command([command, "t"]).env("DB_HOST", "h").run();
        output.success().stderr_lacks("DB_HOST");
    }
}

/// As on a full disk, or if another user owns the directory.
#[test]
fn programs_start_if_the_state_directory_cannot_be_used() {
    let desktop = Desktop::new();
    desktop.save("t", [TestWindow::new("a").slot()]);
    std::fs::remove_dir_all(desktop.path().join("state")).ok();
    desktop.write("state", "a file");
    let output = desktop.run(["apply", "t"]).success();
    output
        .stderr_has("warning: this run is not recorded")
        .stderr_has("restored 1 of 1 slot");
    let output = desktop.run(["capture", "u"]).success();
    output
        .stderr_has("warning: cannot record that `capture` wrote the file")
        .stderr_has("saved 1 window");
    desktop.close_all_windows();
    // A program that fails is reported without its output.
    let fails = "test-window --exit-at-once '1:some words'";
    desktop.save("t", [Slot::new("a").command(fails)]);
    desktop
        .run(["apply", "t"])
        .code(1)
        .stderr_lacks("some words");
}
