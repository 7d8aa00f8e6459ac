//! One layout on several desks: which monitor is which, and what happens without one of them.

use serde_json::Value;

use crate::harness::desktop::layouts::layout;
use crate::harness::display::Monitor;
use crate::harness::{Desktop, TestWindow, Workspace, tree};

/// The EDID of a monitor of the make `DEL` with this name and serial number.
pub(crate) fn edid(name: &str, serial: &str) -> Vec<u8> {
    let mut block = vec![0; 128];
    block[..8].copy_from_slice(&[0, 255, 255, 255, 255, 255, 255, 0]);
    block[8..10].copy_from_slice(&[0x10, 0xac]);
    block[21..23].copy_from_slice(&[60, 34]);
    for (start, tag, text) in [(72, 0xfc, name), (90, 0xff, serial)] {
        block[start + 3] = tag;
        let text = format!("{text}\n");
        block[start + 5..start + 5 + text.len()].copy_from_slice(text.as_bytes());
    }
    let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    block[127] = sum.wrapping_neg();
    block
}

/// The output of the workspace with this name.
fn output_of(desktop: &Desktop, workspace: &str) -> String {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let mut workspaces = all.filter(|con| con["type"] == "workspace");
    let found = workspaces.find(|con| con["name"] == workspace);
    let found = found.unwrap_or_else(|| panic!("no workspace {workspace}"));
    found["output"].as_str().expect("a name").to_owned()
}

/// The rect of the only floating window.
fn floating_rect(desktop: &Desktop) -> String {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let mut frames = all.filter(|con| con["type"] == "floating_con");
    tree::geometry(
        &frames
            .find(|con| con["nodes"][0]["window"].is_u64())
            .expect("one floats")["rect"],
    )
}

/// Saves a layout `t` with a window on the laptop and one on `DP-1`, which is on its right.
fn docked() -> Desktop {
    let desktop = Desktop::builder().screen(7040, 1440).two_monitors().start();
    desktop.run_i3("focus output DP-1\nworkspace 3");
    desktop.open_window("ext");
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    desktop
}

#[test]
fn monitor_is_recognized_by_its_edid_under_another_name() {
    let desktop = Desktop::builder()
        .screen(7040, 1440)
        .monitor("DP-1", "2560x1440+1920+0")
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    desktop.display().set_edid(&edid("U2719D", "7Q3"));
    desktop.run_i3("focus output DP-1\nworkspace 3");
    desktop.open_window("ext");
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    desktop.open_window("lap");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    assert!(
        text.contains("make: DEL") && text.contains("model: U2719D"),
        "{text}"
    );
    assert!(
        text.contains("serial: 7Q3") && text.contains("size_mm: 600x340"),
        "{text}"
    );

    let mut dell = Monitor::new("DP-2", "2560x1440+1920+0");
    dell.primary = true;
    let laptop = Monitor::new("eDP-1", "1920x1080+0+0");
    desktop.arrange(&[dell.clone(), laptop.clone()]);
    desktop.apply("t");
    assert_eq!(output_of(&desktop, "3"), "DP-2");
    desktop.assert_idempotent("t");
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(
        desktop.layout("t"),
        text,
        "a dock with other names changes nothing"
    );

    // A monitor that the file does not know has the name now.
    desktop.arrange(&[dell, laptop, Monitor::new("DP-1", "2560x1440+4480+0")]);
    desktop.apply("t");
    assert_eq!(output_of(&desktop, "3"), "DP-2");
    desktop.assert_idempotent("t");
    let explained = desktop
        .run(["apply", "t", "--dry-run", "--explain"])
        .success();
    explained.stdout_has("DP-1: DP-2  (same make, model and serial number");
    let json = desktop.report("apply t --dry-run --explain");
    let monitors = json["monitors"].as_array().expect("a list");
    let dp_1 = monitors
        .iter()
        .find(|one| one["monitor"] == "DP-1")
        .expect("named");
    assert_eq!(dp_1["output"], "DP-2", "{dp_1:#}");
    assert_eq!(dp_1["evidence"][0]["kind"], "edid", "{dp_1:#}");
}

#[test]
fn missing_monitor_is_named_in_one_line() {
    let desktop = docked();
    desktop.unplug("DP-1");
    let sentence = "DP-1 is not connected: 3 is on eDP-1";
    for _ in 0..2 {
        desktop.run(["apply", "t"]).success().stderr_has(sentence);
    }
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success().stderr_has(sentence);
    desktop.run(["show", "t"]).success().stdout_has(sentence);
    for command in ["apply t", "diff t", "show t"] {
        let away: Value = desktop.report(command)["away"].clone();
        assert_eq!(away[0]["monitor"], "DP-1", "{command}: {away:#}");
        assert_eq!(away[0]["message"], sentence, "{command}: {away:#}");
    }
    desktop.plug("DP-1", "2560x1440+1920+0");
    desktop
        .run(["apply", "t"])
        .success()
        .stderr_lacks("not connected");
    assert_eq!(output_of(&desktop, "3"), "DP-1");
}

#[test]
fn update_without_a_monitor_leaves_its_workspaces_alone() {
    let desktop = docked();
    desktop.run_i3("[instance=ext] floating enable, resize set 640 480, move position 3000 700");
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    let place = floating_rect(&desktop);
    desktop.unplug("DP-1");
    desktop.run_i3("[instance=ext] resize set 300 200, move position 5 5");
    desktop.run_i3("workspace 3");
    let updated = desktop.run(["capture", "t", "--update"]).success();
    updated.stderr_has("DP-1 is not connected: 3 is on eDP-1; its place and visibility");
    // The focused workspace is visible without a key.
    let focused = |text: &str| {
        text.replace("focus: \"1\"", "focus: \"3\"")
            .replace("    visible: true\n", "")
    };
    assert_eq!(focused(&desktop.layout("t")), focused(&text));
    desktop.plug("DP-1", "2560x1440+1920+0");
    desktop.apply("t");
    assert_eq!(floating_rect(&desktop), place);
    assert_eq!(desktop.visible_workspaces(), ["1", "3"]);
    desktop.assert_idempotent("t");
}

#[test]
fn floating_window_without_an_output_is_relative_to_the_monitor_of_its_workspace() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output DP-1\nworkspace 5");
    desktop.open_window("other");
    let floating = TestWindow::new("fl").slot().with("rect: 600x400+100+200");
    desktop.save_text("t", &layout([Workspace::new("5").floating([floating])]));
    for _ in 0..2 {
        desktop.run_i3("focus output eDP-1");
        desktop.apply("t");
        assert_eq!(floating_rect(&desktop), "600x400+2020+200");
        desktop.assert_idempotent("t");
    }
    desktop.run_i3("[workspace=5] move workspace to output eDP-1");
    desktop.apply("t");
    assert_eq!(floating_rect(&desktop), "600x400+100+200");
    desktop.assert_idempotent("t");
}

#[test]
fn workspaces_are_saved_in_the_order_of_their_monitors() {
    let desktop = Desktop::builder()
        .screen(4480, 1440)
        .monitor("DP-1", "1920x1080+1920+0")
        .monitor("eDP-1", "1920x1080+0+0")
        .start();
    for (output, workspace) in [("DP-1", "1"), ("eDP-1", "2")] {
        desktop.run_i3(&format!("focus output {output}\nworkspace {workspace}"));
        desktop.open_window(workspace);
    }
    desktop.run(["capture", "t"]).success();
    let text = desktop.layout("t");
    let place = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} in {text}"))
    };
    assert!(place("{ output: eDP-1") < place("{ output: DP-1"), "{text}");
    assert!(place("name: \"2\"") < place("name: \"1\""), "{text}");
    desktop.run(["apply", "t"]).success();
    desktop.assert_idempotent("t");
}

#[test]
fn outputs_of_the_i3_config_are_used_and_contradictions_are_named() {
    let desktop = Desktop::builder()
        .two_monitors()
        .config("workspace 3 output DP-9 DP-1\nworkspace 4:web output eDP-1")
        .start();
    let window = |name: &str| TestWindow::new(name).slot();
    let floating = window("fl").with("rect: 600x400+100+200");
    let text = layout([
        Workspace::new("3:code").floating([floating]),
        Workspace::new("4:web")
            .with("output: nonprimary")
            .nodes([window("web")]),
    ]);
    desktop.save_text("t", &text);
    // i3 starts with the workspaces of its config.
    desktop.run_i3("workspace 8\nfocus output DP-1\nworkspace 9\nfocus output eDP-1");
    let sentence = "the layout puts 4:web on DP-1, the i3 config puts it on eDP-1 \
                    (`workspace 4:web output eDP-1`); the layout takes precedence";
    desktop
        .run(["apply", "t"])
        .success()
        .stderr_has(sentence)
        .stderr_lacks("3:code on");
    assert_eq!(output_of(&desktop, "3:code"), "DP-1");
    assert_eq!(output_of(&desktop, "4:web"), "DP-1");
    assert_eq!(floating_rect(&desktop), "600x400+2020+200");
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success().stderr_has(sentence);
}
