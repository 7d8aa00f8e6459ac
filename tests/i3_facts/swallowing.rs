//! The rules by which placeholders take windows.

use serde_json::json;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, WindowClass};
use x11rb::wrapper::ConnectionExt as _;

use super::{append, append_command, marked, open, place, rect, waiting, workspace};
use crate::harness::{Desktop, tree};

#[test]
fn placeholder_in_the_scratchpad_takes_its_window_while_hidden() {
    let desktop = Desktop::new();
    let a = open(&desktop, "a");
    append(
        &desktop,
        &workspace("w", &[place("p", &rect(0, 0, 700, 500))], &[]),
    );
    append(&desktop, &workspace("v", &[], &[waiting("q", "b")]));
    desktop.run_i3("[con_mark=\"^q$\"] move scratchpad");
    desktop.sync();
    let names: Vec<String> = tree::workspaces(&desktop.tree())
        .iter()
        .map(|workspace| workspace.con["name"].to_string())
        .collect();
    assert_eq!(names, ["\"1\"", "\"w\""], "the emptied workspace is gone");
    let b = desktop.open_window("b");
    let tree = desktop.tree();
    let hidden = tree::scratchpad(&tree).expect("i3 has a scratchpad");
    assert_eq!(marked(hidden, "q")["id"], b.con());
    assert_eq!(desktop.focused(), "a");
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", b.con()));
    desktop.run_i3("[con_mark=\"^p$\"] kill");
    desktop.sync();
    let tree = desktop.tree();
    assert!(tree::with_mark(&tree, "p").is_none());
    assert!(tree::floating_nodes(tree::scratchpad(&tree).expect("i3 has a scratchpad")).is_empty());
    desktop.run_i3("workspace w");
    assert_eq!(
        desktop.tree_text(),
        "1: splith[a 1920]\nw: splith[b* 1920 (marks q)]\n"
    );
    let _ = a;
}

/// The message that removes all places marked `p…` together, but no window with such a mark.
fn removes_together(desktop: &Desktop) -> String {
    let empty = json!({ "type": "con" });
    let container = json!({
        "type": "con", "layout": "splith", "nodes": [empty], "marks": ["all"],
    });
    let layout = workspace("all", &[container], &[]).to_string();
    format!(
        "{}; [con_mark=\"^p\" instance=\"^$\"] move container to mark all; \
         [con_mark=\"^all$\" instance=\"^$\"] kill",
        append_command(desktop, "all", &layout)
    )
}

#[test]
fn placeholders_in_one_hidden_container_are_replaced_and_removed_together() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    let places = ["p1", "p2"].map(|mark| place(mark, &rect(0, 0, 700, 500)));
    append(&desktop, &workspace("w", &places, &[]));
    let mut frame = waiting("box", "none");
    let inner = |instance: &str| {
        let mut con = place(instance, &rect(0, 0, 640, 480));
        con["swallows"] = json!([{ "instance": format!("^{instance}$") }]);
        con
    };
    let inside = ["b", "c", "d"].map(inner);
    frame["nodes"] = json!([{
        "type": "con",
        "layout": "tabbed",
        "floating": "user_on",
        "nodes": inside,
        "marks": ["box"],
    }]);
    append(&desktop, &workspace("v", &[], &[frame]));
    // i3 moves the frame once, whichever of its containers is named.
    desktop.run_i3("[con_mark=\"^[bcd]$\"] move scratchpad");
    let windows = ["b", "c"].map(|name| desktop.open_window(name));
    assert_eq!(desktop.focused(), "a");
    let swaps = windows.iter().zip(["p1", "p2"]);
    let swaps: Vec<String> = swaps
        .map(|(window, mark)| format!("[con_id={}] swap container with mark {mark}", window.con()))
        .collect();
    desktop.run_i3(&swaps.join("; "));
    desktop.run_i3(&removes_together(&desktop));
    desktop.sync();
    // The other placeholder still waits.
    let d = desktop.open_window("d");
    let tree = desktop.tree();
    let scratchpad = tree::scratchpad(&tree).expect("i3 has a scratchpad");
    assert_eq!(marked(scratchpad, "d")["id"], d.con());
    assert!(tree::with_mark(&tree, "p1").is_none() && tree::with_mark(&tree, "p2").is_none());
    // A window with the mark of a place is not removed.
    desktop.run_i3(&format!(
        "[con_id={}] mark --add p3, move container to workspace w",
        d.con()
    ));
    desktop.run_i3(&removes_together(&desktop));
    desktop.sync();
    let tree = desktop.tree();
    assert!(tree::floating_nodes(tree::scratchpad(&tree).expect("i3 has a scratchpad")).is_empty());
    desktop.run_i3("workspace w");
    assert_eq!(
        desktop.tree_text(),
        "1: splith[a 1920]\nw: splith[b 640 (marks b), d* 640 (marks d p3), c 640 (marks c)]\n"
    );
}

#[test]
fn new_window_goes_into_a_focused_empty_container() {
    let desktop = Desktop::new();
    let layout = workspace(
        "w",
        &[
            place("p", &rect(0, 0, 700, 500)),
            place("q", &rect(700, 0, 700, 500)),
        ],
        &[],
    );
    append(&desktop, &layout);
    desktop.run_i3("workspace w; [con_mark=\"^q$\"] focus");
    let place = marked(&desktop.tree(), "q")["id"]
        .as_u64()
        .expect("a number");
    assert_eq!(open(&desktop, "a"), place);
    // This does not happen when the workspace itself has the focus.
    desktop.run_i3("[con_mark=\"^q$\"] focus, focus parent");
    let b = open(&desktop, "b");
    let tree = desktop.tree();
    assert_ne!(marked(&tree, "p")["id"], b);
    assert!(tree::is_placeholder(marked(&tree, "p")));
}

#[test]
fn first_matching_placeholder_takes_the_window() {
    let desktop = Desktop::new();
    let leaf =
        |mark: &str| json!({ "type": "con", "swallows": [{ "instance": "^a$" }], "marks": [mark] });
    let mut floating = waiting("floating", "a");
    floating["nodes"][0]["swallows"] = json!([{ "instance": "^a$" }]);
    let layout = workspace(
        "w",
        &[
            json!({ "type": "con", "nodes": [leaf("one"), leaf("two")] }),
            leaf("three"),
        ],
        &[floating],
    );
    append(&desktop, &layout);
    for mark in ["one", "two", "three", "floating"] {
        let con = marked(&desktop.tree(), mark)["id"]
            .as_u64()
            .expect("a number");
        assert_eq!(open(&desktop, "a"), con, "{mark} is the next");
    }
}

#[test]
fn window_mapped_before_its_placeholder_is_drawn_is_destroyed() {
    let desktop = Desktop::new();
    let mut placeholder = place("a", &rect(0, 0, 400, 300));
    placeholder["swallows"] = json!([{ "instance": "^a$" }]);
    let command = append_command(
        &desktop,
        "w",
        &workspace("w", &[placeholder], &[]).to_string(),
    );
    let x = desktop.display().connection();
    let window = desktop.display().create_window(WindowClass::INPUT_OUTPUT);
    desktop
        .display()
        .set_string(window, AtomEnum::WM_CLASS, b"a\0A\0");
    // i3 handles no X events while it runs a message. It sees the window after it has appended
    // the placeholder, and before the placeholder's own window arrives.
    let events = desktop.ipc().events(&["workspace"]);
    let busy = "nop; ".repeat(100_000);
    std::thread::scope(|scope| {
        scope.spawn(|| desktop.run_i3(&format!("workspace begun; {busy}{command}")));
        events.until("it has begun", |event| event.is("workspace", "focus"));
        x.map_window(window).expect("the server runs");
        x.sync().expect("the server runs");
    });
    desktop.sync();
    let attributes = x.get_window_attributes(window).expect("the server runs");
    assert!(attributes.reply().is_err(), "{}", desktop.tree_text());
}
