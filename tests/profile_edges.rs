//! `adapt` with the last arrangement, in unusual situations.

use rustix::process::Signal;

use crate::harness::display::Monitor;
use crate::harness::processes::Handle;
use crate::harness::{Desktop, tree};

/// A laptop with the floating window `pop` on workspace 1, and the monitor DP-1 with workspace 3.
fn docked() -> Desktop {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output DP-1\nworkspace 3");
    desktop.open_window("ext");
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.open_window("pop");
    desktop.run_i3(
        "[instance=pop] floating enable, resize set 400 px 300 px, \
         move absolute position 1300 px 600 px",
    );
    desktop
}

/// The rect of the floating window and its workspace.
fn pop(desktop: &Desktop) -> String {
    let tree = desktop.tree();
    let workspaces = tree::workspaces(&tree).into_iter();
    let mut found = workspaces.filter_map(|workspace| {
        let frame = workspace.con["floating_nodes"].get(0)?;
        let (rect, name) = (tree::geometry(&frame["rect"]), &workspace.con["name"]);
        Some(format!("{rect} on {name}"))
    });
    found.next().unwrap_or_default()
}

#[test]
fn sticky_window_returns_to_its_monitor() {
    let desktop = docked();
    desktop.run_i3("[instance=pop] sticky enable\nworkspace 3\nfocus output eDP-1");
    let before = pop(&desktop);
    desktop.run_i3("workspace 3");
    desktop.run(["adapt", "--remember"]).success();
    desktop.unplug("DP-1");
    desktop.run_i3("workspace 1\nworkspace 3");
    desktop.plug("DP-1", "2560x1440+1920+0");
    desktop.run(["adapt"]).success();
    assert_eq!(pop(&desktop), before);
    let again = desktop.report("adapt");
    assert_eq!(again["commands"], 0, "{again:#}");
}

#[test]
fn floating_window_does_not_drift_when_a_monitor_changes_its_mode() {
    let desktop = docked();
    desktop.run(["adapt", "--remember"]).success();
    let before = pop(&desktop);
    let (mut large, mut small) = (
        Monitor::new("eDP-1", "1920x1080+0+0"),
        Monitor::new("eDP-1", "1366x768+0+0"),
    );
    for laptop in [&mut large, &mut small] {
        laptop.primary = true;
    }
    let other = Monitor::new("DP-1", "2560x1440+1920+0");
    for _ in 0..3 {
        for laptop in [&small, &large] {
            desktop.arrange(&[laptop.clone(), other.clone()]);
            desktop.run(["adapt"]).success();
        }
        assert_eq!(pop(&desktop), before);
    }
}

#[test]
fn places_that_cannot_be_recorded_are_an_error_and_a_damaged_record_a_warning() {
    let desktop = docked();
    let record = desktop.path().join("state/i3pm-layout/monitors.json");
    desktop.run(["adapt", "--remember"]).success();
    std::fs::write(&record, "{broken").expect("the file is writable");
    let output = desktop.run(["adapt"]).code(2);
    output
        .stderr_has("monitors.json cannot be read and is ignored")
        .stderr_has("no arrangement on them was recorded");
    std::fs::remove_file(&record).expect("the file exists");
    desktop.create_directory("state/i3pm-layout/monitors.json");
    let output = desktop.run(["adapt", "--remember"]).code(2);
    output.stderr_has("cannot write the record of places");
}

#[test]
fn window_that_covers_all_monitors_is_named() {
    let desktop = docked();
    desktop.run(["adapt", "--remember"]).success();
    desktop.run_i3("[instance=lap] focus, fullscreen enable global");
    desktop.unplug("DP-1");
    desktop.plug("DP-1", "2560x1440+1920+0");
    // i3 4.24 and newer show the workspaces of other monitors meanwhile.
    let output = desktop.run(["adapt"]);
    if !output.status.success() {
        output.code(1).stderr_has("is fullscreen on all monitors");
    }
    desktop.run_i3("[instance=lap] fullscreen disable");
    desktop.run(["adapt"]).success();
    assert_eq!(desktop.visible_workspaces(), ["1", "3"]);
}

#[test]
fn several_commands_at_once_wait_for_each_other() {
    let desktop = docked();
    desktop.run(["adapt", "--remember"]).success();
    let running: Vec<_> = (0..6).map(|_| desktop.command(["adapt"]).start()).collect();
    for one in running {
        one.wait().success();
    }
}

#[test]
fn i3_that_does_not_answer_is_named() {
    let desktop = docked();
    let i3 = Handle::open(desktop.programs("i3")[0]).expect("i3 runs");
    i3.signal(Signal::STOP);
    let output = desktop.run(["profiles"]).success();
    i3.signal(Signal::CONT);
    output
        .stderr_has("warning: i3 did not")
        .stderr_has("continuing without i3");
}

#[test]
fn output_with_a_monitor_of_another_size_is_named() {
    let desktop = docked();
    desktop.configure(
        "profiles:\n  - name: p\n    monitors:\n      - { output: eDP-1 }\n      \
         - { output: DP-1, size: 800x600 }\n",
    );
    let output = desktop.run(["profiles"]).success();
    output
        .stdout_has("p  does not fit")
        .stdout_has("DP-1, 800x600: the output has a monitor of another size or model");
}

/// Three monitors in a row whose names say the opposite of their places, each with a workspace.
fn misleading() -> Desktop {
    let desktop = Desktop::builder()
        .screen(5760, 1080)
        .monitor("RIGHT", "1920x1080+0+0")
        .monitor("next", "1920x1080+1920+0")
        .monitor("left", "1920x1080+3840+0")
        .start();
    let visible = desktop.visible_workspaces();
    for (workspace, window) in visible.iter().zip(["a", "b", "c"]) {
        desktop.run_i3(&format!("workspace {workspace}"));
        desktop.open_window(window);
    }
    desktop.run_i3("workspace 9");
    desktop.open_window("d");
    desktop
}

#[test]
fn monitors_that_are_named_like_directions_are_used() {
    let desktop = misleading();
    let before = desktop.arrangement();
    desktop.run(["capture", "t"]).success();
    desktop.run(["adapt", "--remember"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.arrangement(), before);
    let shuffle = || {
        for window in ["a", "b", "d"] {
            let command = format!("[instance=^{window}$] move workspace to output right");
            desktop.run_i3(&command);
        }
        let shuffled = desktop.arrangement();
        assert_ne!(shuffled, before);
        shuffled
    };
    for command in [&["adapt", "t"][..], &["adapt"], &["apply", "t"]] {
        let shuffled = shuffle();
        desktop.run(command).success();
        assert_eq!(desktop.arrangement(), before, "{command:?}");
        desktop.run(["undo"]).success();
        assert_eq!(desktop.arrangement(), shuffled, "{command:?}");
        desktop.run(["undo"]).success();
        assert_eq!(desktop.arrangement(), before, "{command:?}");
    }
}

#[test]
fn compiled_commands_for_monitors_that_are_named_like_directions_are_a_warning() {
    let desktop = misleading();
    desktop.run(["capture", "t"]).success();
    let output = desktop.run(["compile", "t", "-o", "compiled"]).success();
    output.stderr_has("i3 reads the name of the monitor `left` as a direction");
}
