//! The moments at which i3 draws, and the sizes that windows get.

use serde_json::{Value, json};

use super::{append, append_command, marked, place, rect, workspace};
use crate::harness::Desktop;

/// Swaps three windows, one of them hidden, into three containers of the hidden workspace `w`,
/// and runs `then` in the same message. Returns the tree afterwards, and true if a window had
/// the size of its container in `w` before its final size.
fn drawn_while_hidden(then: &str) -> (String, bool) {
    let desktop = Desktop::new();
    let a = desktop.open_window("a");
    let b = desktop.open_window("b");
    desktop.run_i3("workspace 2");
    let c = desktop.open_window("c");
    desktop.run_i3("workspace 1");
    let places = ["p1", "p2", "p3"].map(|mark| place(mark, &rect(0, 0, 504, 322)));
    let mut layout = workspace("w", &places, &[]);
    layout["layout"] = "splith".into();
    append(&desktop, &layout);
    desktop.sync();
    let unmaps = desktop.unmaps();
    let swap = |con: u64, mark: &str| format!("[con_id={con}] swap container with mark {mark}");
    desktop.run_i3(&format!(
        "{}; {}; {}; {then}",
        swap(a.con(), "p3"),
        swap(b.con(), "p1"),
        swap(c.con(), "p2"),
    ));
    desktop.wait_until("all windows have their final size", || {
        [&a, &b, &c].iter().all(|window| {
            let seen = desktop.sizes_set_by_x(window.window());
            seen.contains(&(636, 1056))
        })
    });
    assert_eq!(desktop.unmaps(), unmaps, "a client was unmapped");
    let in_place = [a, b, c].iter().any(|window| {
        desktop
            .sizes_set_by_x(window.window())
            .contains(&(500, 300))
    });
    (desktop.tree_text(), in_place)
}

const SHOW: &str = "rename workspace 1 to old; rename workspace w to 1; workspace 1";

#[test]
fn one_message_is_drawn_once() {
    let (text, drawn) = drawn_while_hidden(SHOW);
    assert!(
        text.starts_with("1: splith[b* 640, c 640, a 640]\n"),
        "{text}"
    );
    assert!(!drawn, "drawn before the message was done");
}

#[test]
fn each_kill_of_a_container_draws_at_once() {
    let kill = "[con_mark=\"^p[123]$\"] kill";
    for (then, drawn) in [
        (format!("{kill}; {SHOW}"), true),
        (format!("{SHOW}; {kill}"), false),
    ] {
        let expected = ("1: splith[b* 640, c 640, a 640]\n".to_owned(), drawn);
        assert_eq!(drawn_while_hidden(&then), expected, "{then}");
    }
}

#[test]
fn container_without_criteria_is_never_drawn() {
    let desktop = Desktop::new();
    append(&desktop, &place("p", &rect(0, 0, 300, 200)));
    append(
        &desktop,
        &json!({ "type": "con", "swallows": [{ "instance": "^q$" }], "marks": ["q"] }),
    );
    desktop.wait_until("the placeholder with criteria is drawn", || {
        !marked(&desktop.tree(), "q")["window"].is_null()
    });
    desktop.sync();
    assert!(marked(&desktop.tree(), "p")["window"].is_null());
}

#[test]
fn window_swapped_into_a_hidden_container_gets_the_size_from_the_json() {
    let desktop = Desktop::new();
    let a = desktop.open_window("a");
    let size = rect(0, 0, 700, 500);
    append(&desktop, &workspace("w", &[place("p", &size)], &[]));
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", a.con()));
    desktop.wait_until("the window has its size", || {
        let size = (696, 478);
        desktop.sizes_sent_by_i3(a.window()).contains(&size)
            && desktop.sizes_set_by_x(a.window()).contains(&size)
    });
}

#[test]
fn window_swapped_into_a_hidden_container_without_a_size_is_told_0x0() {
    let desktop = Desktop::new();
    let a = desktop.open_window("a");
    let bare = json!({ "type": "con", "marks": ["p"] });
    append(&desktop, &workspace("w", &[bare], &[]));
    desktop.sync();
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", a.con()));
    let assert_told_0x0 = |window: u32| {
        desktop.wait_until("i3 has sent the window a size", || {
            desktop.sizes_sent_by_i3(window).contains(&(0, 0))
        });
        // The X server rejects the size.
        assert!(!desktop.sizes_set_by_x(window).contains(&(0, 0)));
    };
    assert_told_0x0(a.window());

    // The size of a floating frame is not enough.
    let b = desktop.open_window("b");
    let floating = json!({
        "type": "floating_con",
        "rect": rect(10, 20, 300, 200),
        "nodes": [{ "type": "con", "marks": ["q"], "floating": "user_on" }],
    });
    let layout = workspace("v", &[], &[floating]);
    append(&desktop, &layout);
    desktop.run_i3(&format!("[con_id={}] swap container with mark q", b.con()));
    assert_told_0x0(b.window());
}

#[test]
fn second_append_in_one_message_draws_the_first_again() {
    let desktop = Desktop::new();
    let leaf = |name: &str, size: bool| {
        let mut leaf = if size {
            place(name, &rect(0, 0, 300, 200))
        } else {
            json!({ "type": "con", "marks": [name] })
        };
        leaf["swallows"] = json!([{ "instance": format!("^{name}$") }]);
        leaf
    };
    let both = |size: bool| {
        let name = |name: &str| format!("{name}-{size}");
        let one = workspace(&name("one"), &[leaf(&name("a"), size)], &[]);
        let two = workspace(&name("two"), &[leaf(&name("b"), size)], &[]);
        desktop.run_i3(&format!(
            "{}; {}",
            append_command(&desktop, "one", &one.to_string()),
            append_command(&desktop, "two", &two.to_string())
        ));
        desktop.sync();
        let tree = desktop.tree();
        let of = |mark: &str| marked(&tree, &name(mark)).clone();
        (of("a"), of("b"))
    };
    let waits = |con: &Value| con["swallows"].to_string().contains("instance");
    let (first, second) = both(true);
    assert!(!first["window"].is_null() && !second["window"].is_null());
    assert!(!waits(&first), "its second window was swallowed: {first}");
    assert!(waits(&second), "{second}");
    // The X server cannot create a window without a size.
    let (first, second) = both(false);
    assert!(first["window"].is_null() && second["window"].is_null());
    assert!(waits(&first) && waits(&second));
}
