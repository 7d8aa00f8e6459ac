//! More of what can happen while windows are waited for.

use std::fmt::Write as _;

use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow};

/// Writes the layout `t` of one workspace `1` with these slots, as name and command.
fn layout(desktop: &Desktop, slots: &[(&str, &str)]) {
    let mut text =
        "version: 1\nworkspaces:\n  - name: \"1\"\n    visible: true\n    nodes:\n".to_owned();
    for (name, command) in slots {
        let _ = writeln!(
            text,
            "      - {{ id: {name}, swallow: {{ instance: ^{name}$ }}, command: {command:?} }}"
        );
    }
    desktop.write("config/i3pm-layout/layouts/t.yaml", &text);
}

/// No placeholder, no mark of a wait and no workspace of ours is left.
#[track_caller]
pub(crate) fn nothing_of_ours_is_left(desktop: &Desktop) {
    let tree = desktop.tree();
    let text = tree.to_string();
    for trace in [
        "_i3pm:wait",
        "_i3pm:place",
        "_i3pm:keep",
        "_i3pm:new",
        "_i3pm:old",
    ] {
        assert!(!text.contains(trace), "{trace} is left:\n{text}");
    }
    let empty = tree::descendants(&tree)
        .into_iter()
        .filter(|con| tree::is_placeholder(con) && con["layout"] != "dockarea")
        .count();
    assert_eq!(
        empty,
        0,
        "empty containers are left:\n{}",
        desktop.tree_text()
    );
}

/// Waits until the places are on the screen and what waits is in the scratchpad.
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
fn eleven_of_twelve_come_and_the_twelfth_leaves_no_trace() {
    let desktop = Desktop::new();
    let names: Vec<String> = (1..=12).map(|number| format!("w{number}")).collect();
    let commands: Vec<String> = names
        .iter()
        .map(|name| match name.as_str() {
            "w5" => "sleep 1000".to_owned(),
            _ => TestWindow::new(name).command(),
        })
        .collect();
    let slots: Vec<(&str, &str)> = names
        .iter()
        .zip(&commands)
        .map(|(name, command)| (name.as_str(), command.as_str()))
        .collect();
    layout(&desktop, &slots);
    let output = desktop.run(["apply", "t", "--timeout", "1"]).code(1);
    assert!(output.stderr.contains("w5"), "{}", output.stderr);
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
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn restart_of_i3_ends_the_wait_and_the_next_run_completes() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    let late = TestWindow::new("late").arg("--map-delay", "3000").command();
    layout(&desktop, &[("late", &late), ("good", &good)]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("one window is there, the other is not", || {
        desktop.tree().to_string().contains("_i3pm:t:good")
    });
    // i3 does not answer to this.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        desktop.ipc().try_run("restart");
    }));
    let output = running.wait().code(2);
    assert!(output.stderr.contains("i3 "), "{}", output.stderr);
    assert!(output.stderr.contains("restarted"), "{}", output.stderr);
    desktop.run(["apply", "t"]).success();
    assert_eq!(desktop.tree_text(), "1: splith[late* 960, good 960]\n");
    nothing_of_ours_is_left(&desktop);
}

/// Restarts i3 in place, as Mod+Shift+R does, and waits until it answers again.
fn restart_i3(desktop: &Desktop) {
    let attempt =
        |act: &dyn Fn()| std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).is_ok();
    // i3 does not answer to this.
    attempt(&|| {
        desktop.ipc().try_run("restart");
    });
    desktop.wait_until("i3 is back", || attempt(&|| drop(desktop.tree())));
}

#[test]
fn restart_of_i3_keeps_what_apply_has_placed() {
    let desktop = Desktop::new();
    for (workspace, name) in [("1", "a"), ("1", "b"), ("2", "c"), ("2", "d")] {
        desktop.ipc().run(&format!("workspace {workspace}"));
        desktop.open_window(&TestWindow::new(name));
    }
    desktop.ipc().run("layout tabbed");
    desktop.run(["capture", "t"]).success();
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    let before = desktop.tree_text();
    restart_i3(&desktop);
    assert_eq!(desktop.tree_text(), before);
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
}

#[test]
fn restart_of_i3_during_a_wait_keeps_the_other_windows_where_they_are() {
    let desktop = Desktop::new();
    desktop.ipc().run("workspace 5");
    desktop.open_window(&TestWindow::new("other"));
    desktop.ipc().run("workspace 1");
    let good = TestWindow::new("good").command();
    let late = TestWindow::new("late")
        .arg("--map-delay", "60000")
        .command();
    layout(&desktop, &[("late", &late), ("good", &good)]);
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("one window is there, the other is not", || {
        desktop.tree().to_string().contains("_i3pm:t:good")
    });
    restart_i3(&desktop);
    running.wait().code(2);
    desktop.run(["recover"]).success();
    let text = desktop.tree_text().replace('*', "");
    assert_eq!(text, "1: splith[good 1920]\n5: splith[other 1920]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn window_that_a_person_opens_meanwhile_stands_beside_the_layout() {
    let desktop = Desktop::new();
    let slow = |name: &str| TestWindow::new(name).arg("--map-delay", "1500").command();
    let (a, b) = (slow("a"), slow("b"));
    layout(&desktop, &[("a", &a), ("b", &b)]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    desktop.open_xterm(&["-name", "mine"]);
    running.wait().success();
    desktop.sync();
    // i3 puts it behind the container that had the focus last.
    let text = desktop.tree_text().replace('*', "");
    assert_eq!(text, "1: splith[a 640, mine 640, b 640]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn splash_screens_and_dialogs_do_not_take_the_slot() {
    let desktop = Desktop::new();
    let slow = TestWindow::new("gimp")
        .flag("--splash")
        .arg("--map-delay", "1200")
        .command();
    layout(&desktop, &[("gimp", &slow)]);
    let running = desktop.command(["apply", "t"]).start();
    wait_for_places(&desktop);
    let dialog = desktop.open_window(&TestWindow::new("gimp").kind("dialog").title("question"));
    running.wait().success();
    desktop.sync();
    let tree = desktop.tree();
    let tiling: Vec<_> = tree::workspaces(&tree)
        .iter()
        .flat_map(|workspace| tree::nodes(workspace.con))
        .map(|con| Name::Title.of(con))
        .collect();
    assert_eq!(tiling, ["gimp"], "{}", desktop.tree_text_by(Name::Title));
    let floating = desktop.tree_text_by(Name::Title);
    let line = floating.split(" floating[").nth(1).unwrap_or_default();
    assert!(line.contains("question"), "{floating}");
    assert!(tree::scratchpad(&tree).is_none_or(|con| tree::floating_nodes(con).is_empty()));
    assert!(dialog.window() > 0);
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn workspaces_without_a_number_keep_their_order() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "2560x1440+1920+0")
        .config("workspace mail output DP-1\n")
        .start();
    let names = |desktop: &Desktop| -> Vec<String> {
        tree::workspaces(&desktop.tree())
            .iter()
            .map(|workspace| {
                workspace.con["name"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    desktop.run_i3("focus output DP-1; workspace chat");
    desktop.open_window(&TestWindow::new("chat"));
    // Where the config assigns it and back: its own rename sends it there.
    for name in ["web", "mail", "notes", "2:b", "2:a"] {
        desktop.run_i3(&format!("workspace {name}; move workspace to output eDP-1"));
        desktop.open_window(&TestWindow::new(name.trim_start_matches("2:")));
    }
    desktop.run_i3("workspace notes");
    let before = desktop.tree_text();
    let order = names(&desktop);
    desktop.run(["capture", "t"]).success();
    let file = |desktop: &Desktop| {
        std::fs::read_to_string(desktop.path().join("config/i3pm-layout/layouts/t.yaml"))
            .expect("it was captured")
    };
    let saved = file(&desktop);

    for change in [
        "rename workspace web to web; rename workspace 2:b to 2:b; workspace mail",
        "[instance=mail] move container to workspace web",
        "[instance=web] move container to workspace web2; workspace web2",
    ] {
        desktop.run_i3(change);
        desktop.run(["apply", "t"]).success();
        assert_eq!(names(&desktop), order, "{change}");
        assert_eq!(desktop.tree_text(), before, "{change}");
        let report = desktop.run(["apply", "t", "--json"]).success().json();
        assert_eq!(report["commands"], 0, "{report:#}");
    }
    desktop.run_i3("rename workspace web to web; workspace 2:a");
    let output = desktop.run(["diff", "t"]).code(1);
    assert!(
        output.stdout.contains("stands in the order"),
        "{}",
        output.stdout
    );
    desktop.run(["apply", "t", "--keep-focus"]).success();
    assert_eq!(names(&desktop), order);
    assert_eq!(desktop.visible_workspaces(), ["2:a", "chat"]);
    desktop.run_i3("workspace notes");
    desktop.run(["capture", "t"]).success();
    assert_eq!(file(&desktop), saved);
}

#[test]
fn empty_workspace_that_is_shown_keeps_its_layout() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 2; layout tabbed");
    desktop.run(["capture", "t"]).success();
    let before = desktop.tree();
    for change in ["layout splith", "workspace 3"] {
        desktop.run_i3(change);
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
    }
    desktop.open_window(&TestWindow::new("floating"));
    desktop.run_i3("floating enable; focus parent; layout splith; [instance=floating] focus");
    let before = desktop.tree();
    desktop.run(["capture", "t", "--force"]).success();
    desktop.run_i3("focus parent; layout tabbed");
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
}
