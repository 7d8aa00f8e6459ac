//! Fullscreen windows and the focus.

use crate::harness::{Desktop, TestWindow, Workspace};

/// i3 has no command that focuses a window behind a fullscreen one.
#[test]
fn fullscreen_window_keeps_the_focus() {
    let [a, b, c, f] = ["a", "b", "c", "f"].map(|name| TestWindow::new(name).slot());
    let tabs = format!(
        "{{ layout: tabbed, nodes: [{b}, {}] }}",
        c.with("fullscreen: true")
    );
    let desktop = Desktop::new();
    let workspace = Workspace::shown("1")
        .nodes([a.with("focused: true").to_string(), tabs])
        .floating([f.with("rect: 300x200+10+20")]);
    desktop.save_workspaces("t", [workspace]);
    for change in ["workspace 9", "[instance=b] focus", "[instance=a] focus"] {
        desktop.run_i3(change);
        desktop.run(["apply", "t"]).success();
        assert_eq!(desktop.focused(), "c");
        desktop.run(["diff", "t"]).success();
        desktop.assert_idempotent("t");
    }
    desktop
        .run(["validate", "t"])
        .success()
        .stderr_has("the focus of workspace `1` is on `a`, behind the fullscreen window `c`");
    desktop.run(["capture", "t", "--force"]).success();
    let output = desktop.run(["validate", "t"]).success();
    assert!(!output.stderr.contains("fullscreen"), "{}", output.stderr);
}
