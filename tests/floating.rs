//! Floating windows keep their places to the pixel.

use serde_json::Value;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};

use crate::harness::{Desktop, TestWindow, Workspace, tree};

/// The rects of the floating frames on the screen.
fn places(desktop: &Desktop) -> Vec<String> {
    let tree = desktop.tree();
    let all = tree::descendants(&tree).into_iter();
    let frames = all.filter(|con| con["type"] == "floating_con");
    frames
        .map(|frame: &Value| tree::geometry(&frame["rect"]))
        .collect()
}

/// Two monitors of different sizes. i3 moves workspace 1 to the second one whenever it is renamed.
fn desktop_that_assigns_an_output() -> Desktop {
    Desktop::builder()
        .screen(5206, 2160)
        .monitor("eDP-1", "1366x768+0+0")
        .monitor("DP-1", "3840x2160+1366+0")
        .config("workspace 1 output DP-1")
        .start()
}

#[test]
fn floating_windows_stay_if_the_config_names_another_output() {
    let desktop = desktop_that_assigns_an_output();
    desktop.run_i3("workspace 1\nmove workspace to output eDP-1");
    desktop.open_window("note");
    desktop.run_i3(
        "[instance=note] floating enable, resize set 301 px 203 px, \
         move absolute position 577 px 333 px",
    );
    desktop.open_window("tiled");
    desktop.open_window("left");
    desktop.run_i3("split h");
    desktop.open_window("right");
    desktop.run_i3(
        "focus parent, floating enable, move absolute position 111 px 113 px
         [instance=tiled] focus",
    );
    desktop.run(["capture", "t"]).success();
    let (text, before) = (desktop.layout("t"), places(&desktop));
    assert_eq!(before[0], "301x203+577+333");
    for _ in 0..2 {
        desktop.close_all_windows();
        desktop.run_i3("workspace 7");
        desktop.run(["apply", "t"]).success();
        assert_eq!(places(&desktop), before);
        desktop.run(["capture", "t"]).success();
        assert_eq!(desktop.layout("t"), text);
    }
}

#[test]
fn floating_windows_that_are_not_in_the_layout_stay_too() {
    let desktop = desktop_that_assigns_an_output();
    desktop.run_i3("workspace 1\nmove workspace to output eDP-1");
    for name in ["a", "b"] {
        desktop.open_window(name);
    }
    desktop.run(["capture", "t"]).success();
    desktop.open_window("mine");
    desktop.run_i3(
        "floating enable, resize set 301 px 203 px, move absolute position 577 px 333 px
         [instance=a] move right",
    );
    desktop.run(["apply", "t"]).success();
    assert_eq!(places(&desktop), ["301x203+577+333"]);
}

/// i3 rounds the size of a terminal even if it is the present one.
#[test]
fn floating_terminal_is_moved_without_a_change_of_its_size() {
    let desktop = Desktop::new();
    let slot = TestWindow::new("steps").arg("--increment", "6x13");
    let workspace = Workspace::shown("1")
        .nodes([TestWindow::new("tiled").slot()])
        .floating([slot.slot().with("rect: 600x400+100+200")]);
    desktop.save_workspaces("t", [workspace]);
    desktop.apply("t");
    assert_eq!(places(&desktop), ["600x400+100+200"]);
    for _ in 0..2 {
        desktop.run_i3("[instance=steps] move absolute position 101 px 199 px");
        desktop.run(["apply", "t"]).success();
        assert_eq!(places(&desktop), ["600x400+100+200"]);
        desktop.assert_idempotent("t");
    }
}

#[test]
fn floating_container_that_was_moved_is_moved_back() {
    let desktop = Desktop::new();
    for name in ["tiled", "left"] {
        desktop.open_window(name);
    }
    desktop.run_i3("split h");
    desktop.open_window("right");
    desktop.run_i3("focus parent, floating enable, move absolute position 100 px 100 px");
    desktop.run_i3("[instance=left] focus");
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    desktop.run_i3(
        "focus parent, move absolute position 300 px 200 px
         [instance=left] resize grow width 100 px
         [instance=right] resize shrink height 57 px
         [instance=left] focus",
    );
    desktop.run(["apply", "t"]).success();
    desktop.assert_same_tree(&before);
    desktop.assert_idempotent("t");
}

/// True if the window has the property by which compositors recognise floating windows.
fn is_marked_floating(desktop: &Desktop, instance: &str) -> bool {
    let tree = desktop.tree();
    let window = tree::window(&tree, instance)["window"].as_u64();
    let window: Option<u32> = window.and_then(|id| id.try_into().ok());
    let x = desktop.display().connection();
    let property = x.intern_atom(false, b"I3_FLOATING_WINDOW");
    let property = property.expect("connected").reply().expect("an atom").atom;
    let window = window.expect("an X window");
    let value = x.get_property(false, window, property, AtomEnum::ANY, 0, 1);
    let value = value.expect("connected").reply();
    !value.expect("the window exists").value.is_empty()
}

#[test]
fn compositors_know_which_windows_float() {
    let desktop = Desktop::new();
    let names = ["opened", "adopted", "tiled"];
    let [opened, adopted, tiled] = names.map(|name| TestWindow::new(name).slot());
    let at = "rect: 400x300+100+200";
    let workspace = Workspace::shown("1")
        .nodes([tiled])
        .floating([opened.with(at), adopted.with(at)]);
    desktop.save_workspaces("t", [workspace]);
    desktop.open_window("adopted");
    desktop.open_window("tiled");
    desktop.run_i3("[instance=tiled] floating enable");
    desktop.apply("t");
    for (name, floats) in names.into_iter().zip([true, true, false]) {
        assert_eq!(is_marked_floating(&desktop, name), floats, "{name}");
    }
}
