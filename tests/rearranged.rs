//! Open windows that the user has rearranged are moved back without a start or an unmap.

use crate::harness::{Desktop, TestWindow, Workspace, tree};

#[test]
fn shuffled_windows_are_reused_without_a_start_or_an_unmap() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output eDP-1; workspace 1");
    for name in ["a", "b", "c"] {
        desktop.open_window(name);
    }
    desktop.run_i3("split v");
    desktop.open_window("d");
    desktop.run_i3("layout tabbed; focus output DP-1; workspace 2");
    desktop.open_window("e");
    desktop.open_window("f");
    desktop
        .run_i3("floating enable, resize set 500 px 400 px, move absolute position 2222 px 333 px");
    desktop.open_window("g");
    desktop.run_i3("focus output eDP-1; [instance=b] focus");
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();

    desktop.run_i3(
        "[instance=a] move container to workspace 7
         [instance=e] move container to workspace 1
         [instance=f] floating disable
         [instance=d] move container to workspace 2
         [instance=g] floating enable
         [instance=c] move scratchpad
         [instance=b] fullscreen enable
         workspace 7",
    );
    // Counted here, because i3 unmaps the window that is moved to the scratchpad.
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
    assert_eq!(desktop.starts(), starts, "a program was started");
    assert_eq!(desktop.unmaps(), unmaps, "a window was unmapped");
    desktop.assert_no_traces();
    desktop.assert_idempotent("t");
}

/// Restoring the focus order disables fullscreen for a moment.
#[test]
fn fullscreen_enabled_by_the_user_is_disabled() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=a] focus, fullscreen enable");
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
}

#[test]
fn scratchpad_window_that_was_taken_out_is_hidden_again() {
    let desktop = Desktop::builder().two_monitors().start();
    for name in ["tiled", "dropdown", "fresh"] {
        desktop.open_window(name);
    }
    desktop.run_i3(
        "[instance=fresh] move scratchpad
         [instance=dropdown] floating enable, resize set 1202 px 496 px, move position 360 px 0 px, move scratchpad
         [instance=tiled] focus",
    );
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    // The position of a hidden window is the position at which i3 shows it.
    let toggle = "[instance=dropdown] scratchpad show";
    desktop.run_i3(toggle);
    let shown = desktop.tree();
    desktop.run_i3(toggle);
    desktop.run_i3("[instance=tiled] focus");
    for change in [
        "[instance=dropdown] scratchpad show; [instance=dropdown] floating disable",
        "[instance=dropdown] scratchpad show; [instance=dropdown] resize set 300 px 200 px, move scratchpad",
        "[instance=dropdown] scratchpad show",
    ] {
        desktop.run_i3(change);
        desktop.run(["diff", "t"]).code(1);
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
    }
    desktop.assert_idempotent("t");
    desktop.run_i3(toggle);
    desktop.assert_same_tree(&shown);
}

#[test]
fn scratchpad_container_is_rebuilt() {
    let desktop = Desktop::new();
    desktop.open_window("tiled");
    desktop.open_window("left");
    desktop.run_i3("split h");
    desktop.open_window("right");
    desktop.run_i3(
        "focus parent, floating enable, resize set 900 px 500 px, move position 100 px 100 px
         [instance=right] move scratchpad",
    );
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    for (change, left) in [
        ("[instance=left] kill", 2),
        ("[instance=left] move container to workspace 5", 3),
        ("scratchpad show", 3),
    ] {
        desktop.run_i3(change);
        desktop.wait_until("the window is closed", || {
            tree::windows(&desktop.tree()).len() == left
        });
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
        desktop.assert_idempotent("t");
    }
}

#[test]
fn windows_that_are_not_in_the_layout_stay_beside_it() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.open_window("b");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=a] kill; [instance=b] focus; split v");
    desktop.wait_until("a is gone", || !desktop.tree_text().contains("a "));
    desktop.open_window("stranger");
    desktop.open_window("floater");
    desktop.run_i3("floating enable, resize set 300 px 200 px, move position 10 px 10 px");
    desktop.run(["apply", "t"]).success();
    assert_eq!(
        desktop.tree_text(),
        "1: splith[a 640, b* 640, stranger 640] floating[floater 300x200+10+10]\n"
    );
    desktop.assert_idempotent("t");
    assert_eq!(desktop.unmaps(), 0);
    desktop.assert_no_traces();
}

#[test]
fn workspaces_without_a_number_keep_their_order() {
    let desktop = Desktop::builder()
        .two_monitors()
        .config("workspace mail output DP-1\n")
        .start();
    let names = || -> Vec<String> {
        tree::workspaces(&desktop.tree())
            .iter()
            .filter_map(|workspace| workspace.con["name"].as_str().map(str::to_owned))
            .collect()
    };
    desktop.run_i3("focus output DP-1; workspace chat");
    desktop.open_window("chat");
    // Renaming `mail` moves it to the output that the config assigns.
    for name in ["web", "mail", "notes", "2:b", "2:a"] {
        desktop.run_i3(&format!("focus output eDP-1; workspace {name}"));
        if name == "mail" {
            desktop.run_i3("move workspace to output eDP-1");
        }
        desktop.open_window(name.trim_start_matches("2:"));
    }
    desktop.run_i3("workspace notes");
    let before = desktop.tree_text();
    let order = names();
    desktop.run(["capture", "t"]).success();
    let saved = desktop.layout("t");

    for change in [
        "rename workspace web to web; rename workspace 2:b to 2:b; workspace mail",
        "[instance=mail] move container to workspace web",
        "[instance=web] move container to workspace web2; workspace web2",
    ] {
        desktop.run_i3(change);
        desktop.run(["apply", "t"]).success();
        assert_eq!(names(), order, "{change}");
        assert_eq!(desktop.tree_text(), before, "{change}");
        desktop.assert_idempotent("t");
    }
    desktop.run_i3("rename workspace web to web; workspace 2:a");
    let output = desktop.run(["diff", "t"]).code(1);
    output.stdout_has("order is");
    desktop.run(["apply", "t", "--keep-focus"]).success();
    assert_eq!(names(), order);
    assert_eq!(desktop.visible_workspaces(), ["2:a", "chat"]);
    desktop.run_i3("workspace notes");
    desktop.run(["capture", "t"]).success();
    assert_eq!(desktop.layout("t"), saved);
}

#[test]
fn visible_empty_workspace_keeps_its_layout() {
    let desktop = Desktop::new();
    desktop.run_i3("workspace 2; layout tabbed");
    desktop.run(["capture", "t", "--force"]).success();
    let before = desktop.tree();
    for change in ["layout splith", "workspace 3"] {
        desktop.run_i3(change);
        desktop.run(["apply", "t"]).success();
        desktop.assert_same_tree(&before);
    }
    desktop.open_window("floating");
    desktop.run_i3("floating enable; focus parent; layout splith; [instance=floating] focus");
    let before = desktop.tree();
    desktop.run(["capture", "t", "--force"]).success();
    desktop.run_i3("focus parent; layout tabbed");
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
    desktop.assert_idempotent("t");
}

/// A user, or a daemon that names workspaces after their windows, has renamed a workspace.
#[test]
fn renamed_workspace_keeps_its_windows_and_its_name() {
    let desktop = Desktop::new();
    for name in ["a", "b"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t"]).success();
    let saved = desktop.layout("t");
    desktop.run_i3("rename workspace 1 to \"1: web\"");
    let renamed = desktop.tree();
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success();
    desktop.run(["diff", "t", "--text"]).success();
    desktop.assert_same_tree(&renamed);
    desktop.run(["capture", "t", "--update"]).success();
    assert_eq!(desktop.layout("t"), saved);

    for (change, options) in [
        ("[instance=a] move right", "t"),
        (
            "[instance=a] move container to workspace 2",
            "t --workspace 1",
        ),
        ("[instance=b] floating enable; workspace 3", "t"),
    ] {
        desktop.run_i3(change);
        desktop.apply(options);
        desktop.run_i3("workspace \"1: web\"; [instance=b] focus");
        desktop.assert_same_tree(&renamed);
    }
    desktop.run_i3("[instance=a] kill");
    desktop.wait_until("a is closed", || !desktop.tree_text().contains("a "));
    desktop.apply("t");
    assert!(
        desktop.tree_text().starts_with("1: web: splith[a"),
        "{}",
        desktop.tree_text()
    );
    desktop.close_all_windows();
    desktop.run_i3("workspace 1");
    desktop.apply("t");
    assert!(
        desktop.tree_text().starts_with("1: splith[a"),
        "{}",
        desktop.tree_text()
    );
    desktop.assert_idempotent("t");
}

#[test]
fn workspaces_that_were_visible_on_two_monitors_share_one() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output DP-1; workspace 4");
    desktop.open_window("big");
    desktop.run_i3("focus output eDP-1; workspace 1");
    desktop.open_window("small");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("[instance=big] kill; focus output DP-1; workspace 5; focus output eDP-1");
    desktop.wait_until("the window is closed", || {
        !desktop.tree_text().contains("big")
    });
    desktop.open_window("third");
    desktop.run(["capture", "empty"]).success();
    desktop.unplug("DP-1");
    for layout in ["t", "empty"] {
        desktop.apply(layout);
        assert_eq!(desktop.visible_workspaces(), ["1"]);
        desktop.assert_idempotent(layout);
        desktop.run_i3("workspace 4; workspace 1");
        desktop.assert_idempotent(layout);
    }
    assert!(
        !desktop.tree_text().contains("5:"),
        "{}",
        desktop.tree_text()
    );
}

#[test]
fn visible_workspace_is_shown_without_a_focus_in_the_layout() {
    let desktop = Desktop::new();
    desktop.open_window("here");
    let shown = Workspace::shown("2").nodes([TestWindow::new("a").slot()]);
    desktop.save_workspaces("t", [shown]);
    desktop.apply("t");
    assert_eq!(desktop.visible_workspaces(), ["2"]);
    desktop.assert_idempotent("t");
}

/// The next window opens beside the only one, or below it.
#[test]
fn layout_of_a_workspace_with_one_window_is_restored() {
    let desktop = Desktop::new();
    desktop.open_window("a");
    desktop.run_i3("split v");
    desktop.run(["capture", "t"]).success();
    desktop.run_i3("split h");
    let output = desktop.run(["diff", "t"]).code(1);
    output.stdout_has("layout is splith, expected splitv");
    desktop.run(["apply", "t"]).success();
    desktop.assert_idempotent("t");
    desktop.open_window("b");
    let text = desktop.tree_text();
    assert!(text.starts_with("1: splitv[a"), "{text}");
}
