//! Updates while a monitor of the file is not connected.

use super::tests::updated;
use crate::geometry::Rect;
use crate::live::Desktop;
use crate::live::build::{Tree, desktop, float, output, win, workspace};

const LAPTOP: Rect = Rect::new(0, 0, 1920, 1080);

const DOCKED: &str = r#"version: 1
monitors:
  - { output: eDP-1, rect: 1920x1080+0+0 }
  - { output: DP-1, rect: 2560x1440+1920+0, primary: true, make: DEL, model: U2719D, serial: "7" }
workspaces:
  - name: "1"
    output: eDP-1
    visible: true
    nodes: [ { id: a, swallow: { class: ^A$ }, command: a } ]
  - name: "3"
    output: DP-1
    visible: true
    nodes: [ { id: b, swallow: { class: ^B$ }, command: b } ]
    floating: [ { id: c, swallow: { class: ^C$ }, command: c, rect: 600x400+1000+900 } ]
  - { name: "4", output: DP-1, visible: false }
scratchpad:
  - { id: d, swallow: { class: ^D$ }, command: d, rect: 300x200+2000+100 }
focus: "3"
"#;

/// The laptop alone, with workspace 1 and a workspace 3 with these windows, of which the one that
/// is `shown` has the focus.
fn undocked(shown: &str, tiling: Vec<Tree>, rects: &[(&str, Rect)]) -> Desktop {
    let floating = rects.iter().map(|(name, rect)| float(win(name), *rect));
    let (mut first, mut third) = (
        workspace("1", [win("a")]),
        workspace("3", tiling).floating(floating),
    );
    if shown == "1" {
        first = first.focused();
    } else {
        third = third.focused();
    }
    desktop([output("eDP-1", LAPTOP).workspaces([first, third])])
}

/// The lines that differ.
fn changed(after: &str) -> Vec<String> {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let before = lines(DOCKED);
    let mut after = lines(after);
    after.retain(|line| !before.contains(line));
    after
}

#[test]
fn places_and_visibility_of_a_missing_monitor_stay() {
    let moved = Rect::new(30, 40, 500, 300);
    for shown in ["1", "3"] {
        let live = undocked(shown, vec![win("b")], &[("c", moved)]);
        let (after, report) = updated(DOCKED, &live);
        let lines = changed(&after);
        let focus = format!("focus: \"{shown}\"");
        let is_known = |line: &String| *line == focus || !line.contains("rect: 500");
        assert!(lines.iter().all(is_known), "{after}");
        for text in [
            "rect: 600x400+1000+900",
            "rect: 2560x1440+1920+0, primary: true",
            "rect: 300x200+2000+100",
        ] {
            assert!(after.contains(text), "{text} in {after}");
        }
        assert_eq!(after.matches("visible: true").count(), 2, "{after}");
        let [away] = report.away.as_slice() else {
            panic!("{:?}", report.away)
        };
        assert_eq!((&*away.monitor, &*away.output), ("DP-1", "eDP-1"));
        assert_eq!(away.workspaces, ["3"]);
        // The window's place on the other monitor is not one for the file.
        assert!(report.changed.is_empty(), "{:?}", report.changed);
        let (again, _) = updated(&after, &live);
        assert_eq!(again, after);
    }
}

#[test]
fn new_windows_are_fitted_to_the_monitor_of_the_file() {
    let place = Rect::new(960 - 100, 540 - 50, 200, 100);
    let live = undocked("3", vec![win("b"), win("e")], &[("c", place), ("f", place)]);
    let (after, _) = updated(DOCKED, &live);
    // In the middle of the monitor.
    assert!(after.contains("rect: 200x100+1180+670"), "{after}");
    assert!(after.contains("id: e"), "{after}");
    assert!(after.contains("rect: 600x400+1000+900"), "{after}");
}

#[test]
fn empty_workspaces_and_monitors_in_the_place_of_others_are_not_added() {
    let live = desktop([
        output("eDP-1", LAPTOP).workspaces([
            workspace("1", [win("a")]).focused(),
            workspace("3", [win("b")]).floating([float(win("c"), Rect::new(0, 0, 10, 10))]),
        ]),
        output("HDMI-1", Rect::new(1920, 0, 800, 600)).workspaces([workspace("7", []).visible()]),
    ]);
    let (after, _) = updated(DOCKED, &live);
    assert!(
        !after.contains("name: \"7\"") && !after.contains("HDMI-1"),
        "{after}"
    );
}

#[test]
fn monitor_under_another_name_keeps_its_name_in_the_file() {
    let mut live = desktop([
        output("eDP-1", LAPTOP).workspaces([workspace("1", [win("a")]).visible()]),
        output("DP-3", Rect::new(1920, 0, 2560, 1440)).workspaces([workspace("3", [win("b")])
            .focused()
            .floating([float(win("c"), Rect::new(1920 + 1000, 900, 600, 400))])]),
    ]);
    let dell = &mut live.outputs[1];
    dell.primary = true;
    dell.edid.make = Some("DEL".to_owned());
    dell.edid.model = Some("U2719D".to_owned());
    dell.edid.serial = Some("7".to_owned());
    live.outputs[0].primary = false;
    let (after, report) = updated(DOCKED, &live);
    assert!(!after.contains("DP-3"), "{after}");
    assert!(
        report.away.is_empty() && report.changed.is_empty(),
        "{report:?}"
    );
    // Another monitor has its name now.
    let mut dp_1 = live.outputs[0].clone();
    "DP-1".clone_into(&mut dp_1.name);
    dp_1.rect = Rect::new(4480, 0, 1024, 768);
    live.outputs.push(dp_1);
    let (after, _) = updated(&DOCKED.replace("command: b", "command: x"), &live);
    assert!(after.contains("output: DP-3"), "{after}");
}
