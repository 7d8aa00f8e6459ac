//! What i3 does that the program relies on, each fact by itself.
//!
//! `docs/i3-facts.md` says them in words and names these tests. One that fails with a
//! newer i3 says what has to be thought over.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use swayipc_types::CommandType;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

use crate::harness::tree;
use crate::harness::{Desktop, TestWindow};

fn open(desktop: &Desktop, name: &str) -> u64 {
    desktop.open_window(name).con()
}

/// The command that appends this.
fn append(desktop: &Desktop, file: &str, layout: &Value) -> String {
    let path = desktop.write(&format!("tmp/{file}.json"), &layout.to_string());
    format!("append_layout {}", path.display())
}

fn marked<'a>(tree: &'a Value, mark: &str) -> &'a Value {
    tree::descendants(tree)
        .into_iter()
        .find(|con| {
            con["marks"]
                .as_array()
                .is_some_and(|marks| marks.contains(&mark.into()))
        })
        .unwrap_or_else(|| panic!("nothing is marked {mark}: {tree}"))
}

fn is_marked(tree: &Value, mark: &str) -> bool {
    tree::descendants(tree)
        .iter()
        .any(|con| con["marks"].to_string().contains(mark))
}

/// A place: no criteria, a size to begin with.
fn place(mark: &str, rect: &Value) -> Value {
    let inner = json!({
        "x": 2, "y": 20,
        "width": rect["width"].as_u64().expect("it has one") - 4,
        "height": rect["height"].as_u64().expect("it has one") - 22,
    });
    json!({ "type": "con", "rect": rect, "window_rect": inner, "marks": [mark] })
}

fn rect(x: i32, y: i32, width: u32, height: u32) -> Value {
    json!({ "x": x, "y": y, "width": width, "height": height })
}

fn workspace(name: &str, nodes: &[Value], floating: &[Value]) -> Value {
    json!({ "type": "workspace", "name": name, "nodes": nodes, "floating_nodes": floating })
}

/// A floating placeholder with criteria and without a size of its own.
fn waiting(mark: &str, instance: &str) -> Value {
    json!({
        "type": "floating_con",
        "rect": rect(0, 0, 640, 480),
        "nodes": [{
            "type": "con",
            "swallows": [{ "instance": format!("^{instance}$") }],
            "marks": [mark],
            "floating": "user_on",
        }],
    })
}

/// The sizes that X gave to a window, or that i3 only told it (`synthetic`).
fn sizes(desktop: &Desktop, window: u32, synthetic: bool) -> BTreeSet<(u64, u64)> {
    desktop.sync();
    desktop
        .log()
        .into_iter()
        .filter(|line| line.window() == window && line.event() == "ConfigureNotify")
        .filter(|line| line.0["synthetic"] == synthetic)
        .map(|line| {
            let side = |name: &str| line.0[name].as_u64().unwrap_or_default();
            (side("w"), side("h"))
        })
        .collect()
}

#[test]
fn appended_workspace_is_new_and_hidden_and_changes_nothing_else() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    let layout = workspace(
        "w",
        &[
            place("p", &rect(0, 0, 800, 600)),
            json!({ "type": "con", "swallows": [{ "instance": "^b$" }], "marks": ["q"] }),
        ],
        &[],
    );
    desktop.run_i3(&append(&desktop, "w", &layout));
    desktop.sync();
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    assert_eq!(desktop.focused(), "a");
    let tree = desktop.tree();
    let names: Vec<&Value> = tree::workspaces(&tree)
        .iter()
        .map(|workspace| &workspace.con["name"])
        .collect();
    assert_eq!(names, ["1", "w"]);
    for mark in ["p", "q"] {
        assert!(marked(&tree, mark)["window"].is_null(), "{mark} is drawn");
    }
    // Not drawn, it takes windows all the same.
    let taken = marked(&tree, "q")["id"].as_u64().expect("a number");
    assert_eq!(open(&desktop, "b"), taken);
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    // A second one of the name gets another.
    desktop.run_i3(&append(
        &desktop,
        "w",
        &workspace("w", &[], &[waiting("r", "c")]),
    ));
    assert!(
        tree::workspaces(&desktop.tree())
            .iter()
            .any(|workspace| workspace.con["name"] == "w_1")
    );
}

/// Three windows, one of them hidden, are swapped into three places of the hidden
/// workspace `w`, and then this. Gives what there is afterwards, and whether any of the
/// windows had the size of its place before it had its last one.
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
    desktop.run_i3(&append(&desktop, "w", &layout));
    desktop.sync();
    let unmaps = desktop.unmaps();
    let swap = |con: u64, mark: &str| format!("[con_id={con}] swap container with mark {mark}");
    desktop.run_i3(&format!(
        "{}; {}; {}; {then}",
        swap(a.con(), "p3"),
        swap(b.con(), "p1"),
        swap(c.con(), "p2"),
    ));
    desktop.wait_until("all have their last size", || {
        [&a, &b, &c].iter().all(|window| {
            let seen = sizes(&desktop, window.window(), false);
            seen.contains(&(636, 1056))
        })
    });
    assert_eq!(desktop.unmaps(), unmaps, "a client was unmapped");
    let in_place = [a, b, c]
        .iter()
        .any(|window| sizes(&desktop, window.window(), false).contains(&(500, 300)));
    (desktop.tree_text(), in_place)
}

const SHOW: &str = "rename workspace 1 to old; rename workspace w to 1; workspace 1";

#[test]
fn one_message_is_one_render() {
    let (text, drawn) = drawn_while_hidden(SHOW);
    assert!(
        text.starts_with("1: splith[b* 640, c 640, a 640]\n"),
        "{text}"
    );
    assert!(!drawn, "drawn before the message was done");
}

#[test]
fn each_kill_of_a_container_is_a_render_of_its_own() {
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
    desktop.run_i3(&append(&desktop, "p", &place("p", &rect(0, 0, 300, 200))));
    desktop.run_i3(&append(
        &desktop,
        "q",
        &json!({ "type": "con", "swallows": [{ "instance": "^q$" }], "marks": ["q"] }),
    ));
    desktop.wait_until("the one with criteria is drawn", || {
        !marked(&desktop.tree(), "q")["window"].is_null()
    });
    desktop.sync();
    assert!(marked(&desktop.tree(), "p")["window"].is_null());
}

#[test]
fn window_that_is_swapped_into_a_hidden_place_gets_the_size_it_was_given() {
    let desktop = Desktop::new();
    let a = desktop.open_window("a");
    let size = rect(0, 0, 700, 500);
    desktop.run_i3(&append(
        &desktop,
        "w",
        &workspace("w", &[place("p", &size)], &[]),
    ));
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", a.con()));
    for synthetic in [true, false] {
        desktop.wait_until("the window has its size", || {
            sizes(&desktop, a.window(), synthetic).contains(&(696, 478))
        });
    }
}

#[test]
fn window_that_is_swapped_into_a_hidden_container_without_a_size_has_none() {
    let desktop = Desktop::new();
    let a = desktop.open_window("a");
    let bare = json!({ "type": "con", "marks": ["p"] });
    desktop.run_i3(&append(&desktop, "w", &workspace("w", &[bare], &[])));
    desktop.sync();
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", a.con()));
    let told_nothing = |window: u32| {
        desktop.wait_until("the window is told", || {
            sizes(&desktop, window, true).contains(&(0, 0))
        });
        // X refuses to do it.
        assert!(!sizes(&desktop, window, false).contains(&(0, 0)));
    };
    told_nothing(a.window());

    // The size of a floating frame is not enough.
    let b = desktop.open_window("b");
    let floating = json!({
        "type": "floating_con",
        "rect": rect(10, 20, 300, 200),
        "nodes": [{ "type": "con", "marks": ["q"], "floating": "user_on" }],
    });
    let layout = workspace("v", &[], &[floating]);
    desktop.run_i3(&append(&desktop, "v", &layout));
    desktop.run_i3(&format!("[con_id={}] swap container with mark q", b.con()));
    told_nothing(b.window());
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
            append(&desktop, "one", &one),
            append(&desktop, "two", &two)
        ));
        desktop.sync();
        let tree = desktop.tree();
        let of = |mark: &str| marked(&tree, &name(mark)).clone();
        (of("a"), of("b"))
    };
    let waits = |con: &Value| con["swallows"].to_string().contains("instance");
    let (first, second) = both(true);
    assert!(!first["window"].is_null() && !second["window"].is_null());
    assert!(!waits(&first), "its own double has taken it: {first}");
    assert!(waits(&second), "{second}");
    // X refuses to make a window without a size.
    let (first, second) = both(false);
    assert!(first["window"].is_null() && second["window"].is_null());
    assert!(waits(&first) && waits(&second));
}

#[test]
fn placeholder_in_the_scratchpad_takes_its_window_there_unseen() {
    let desktop = Desktop::new();
    let a = open(&desktop, "a");
    desktop.run_i3(&append(
        &desktop,
        "p",
        &workspace("w", &[place("p", &rect(0, 0, 700, 500))], &[]),
    ));
    desktop.run_i3(&append(
        &desktop,
        "q",
        &workspace("v", &[], &[waiting("q", "b")]),
    ));
    desktop.run_i3("[con_mark=\"^q$\"] move scratchpad");
    desktop.sync();
    let names: Vec<String> = tree::workspaces(&desktop.tree())
        .iter()
        .map(|workspace| workspace.con["name"].to_string())
        .collect();
    assert_eq!(names, ["\"1\"", "\"w\""], "the emptied workspace is gone");
    let b = desktop.open_window("b");
    let tree = desktop.tree();
    let hidden = tree::scratchpad(&tree).expect("i3 has one");
    assert_eq!(marked(hidden, "q")["id"], b.con());
    assert_eq!(desktop.focused(), "a");
    desktop.run_i3(&format!("[con_id={}] swap container with mark p", b.con()));
    desktop.run_i3("[con_mark=\"^p$\"] kill");
    desktop.sync();
    let tree = desktop.tree();
    assert!(!is_marked(&tree, "p"));
    assert!(tree::floating_nodes(tree::scratchpad(&tree).expect("i3 has one")).is_empty());
    desktop.run_i3("workspace w");
    assert_eq!(
        desktop.tree_text(),
        "1: splith[a 1920]\nw: splith[b* 1920 (marks q)]\n"
    );
    let _ = a;
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
    desktop.run_i3(&append(&desktop, "w", &layout));
    desktop.run_i3("workspace w; [con_mark=\"^q$\"] focus");
    let place = marked(&desktop.tree(), "q")["id"]
        .as_u64()
        .expect("a number");
    assert_eq!(open(&desktop, "a"), place);
    // Not so when the workspace itself has the focus.
    desktop.run_i3("[con_mark=\"^q$\"] focus, focus parent");
    let b = open(&desktop, "b");
    let tree = desktop.tree();
    assert_ne!(marked(&tree, "p")["id"], b);
    assert!(tree::is_placeholder(marked(&tree, "p")));
}

#[test]
fn first_placeholder_that_matches_takes_the_window() {
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
    desktop.run_i3(&append(&desktop, "w", &layout));
    for mark in ["one", "two", "three", "floating"] {
        let con = marked(&desktop.tree(), mark)["id"]
            .as_u64()
            .expect("a number");
        assert_eq!(open(&desktop, "a"), con, "{mark} is the next");
    }
}

#[test]
fn window_that_comes_before_its_placeholders_own_is_destroyed() {
    let desktop = Desktop::new();
    let mut placeholder = place("a", &rect(0, 0, 400, 300));
    placeholder["swallows"] = json!([{ "instance": "^a$" }]);
    let command = append(&desktop, "w", &workspace("w", &[placeholder], &[]));
    let x = desktop.display().connection();
    let window = x.generate_id().expect("ids are left");
    x.create_window(
        x11rb::COPY_DEPTH_FROM_PARENT,
        window,
        desktop.display().root(),
        0,
        0,
        200,
        100,
        0,
        WindowClass::INPUT_OUTPUT,
        0,
        &CreateWindowAux::new(),
    )
    .and_then(|_| {
        x.change_property8(
            PropMode::REPLACE,
            window,
            AtomEnum::WM_CLASS,
            AtomEnum::STRING,
            b"a\0A\0",
        )
    })
    .expect("the server runs");
    // While i3 carries out a message it hears nothing of X: it learns of the window after
    // it has appended the placeholder, and before the placeholder's own window comes.
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

#[test]
fn what_comes_before_nodes_is_lost() {
    let desktop = Desktop::new();
    let file = |name: &str, text: &str| {
        let path = desktop.write(&format!("tmp/{name}.json"), text);
        desktop.run_i3(&format!("append_layout {}", path.display()));
    };
    let nodes = r#""nodes": [
        { "type": "con", "id": 1, "marks": ["NAMEa"], "swallows": [{ "class": "^x$" }] },
        { "type": "con", "id": 2, "marks": ["NAMEb"], "swallows": [{ "class": "^x$" }] }]"#;
    let late = r#""marks": ["NAME"], "focus": [2, 1]"#;
    let with = |text: String, name: &str| text.replace("NAME", name);
    file(
        "before",
        &with(
            format!(r#"{{ "type": "con", "layout": "tabbed", {late}, {nodes} }}"#),
            "before",
        ),
    );
    file(
        "after",
        &with(
            format!(r#"{{ "type": "con", "layout": "tabbed", {nodes}, {late} }}"#),
            "after",
        ),
    );
    let tree = desktop.tree();
    for name in ["before", "after"] {
        let first = marked(&tree, &format!("{name}a"));
        let parent = tree::descendants(&tree)
            .into_iter()
            .find(|con| tree::nodes(con).contains(first))
            .expect("it has one");
        let kept = name == "after";
        assert_eq!(parent["marks"] == json!([name]), kept, "marks {name}");
        assert_eq!(parent["focus"][1] == first["id"], kept, "focus {name}");
    }
}

#[test]
fn percent_needs_a_decimal_point() {
    let desktop = Desktop::new();
    let file = |text: &str| {
        let path = desktop.write("tmp/p.json", text);
        desktop.run_i3(&format!("append_layout {}", path.display()));
    };
    let leaf = |mark: &str, percent: &str| {
        format!(
            r#"{{ "type": "con", "marks": ["{mark}"], "percent": {percent}, "rect": {{"x": 0, "y": 0, "width": 9, "height": 9}} }}"#
        )
    };
    file(&format!(
        r#"{{ "type": "workspace", "name": "w", "layout": "splith", "nodes": [{}, {}] }}"#,
        leaf("a", "1"),
        leaf("b", "0.25")
    ));
    desktop.run_i3("workspace w");
    // Four to one if i3 had read the first.
    assert_eq!(
        desktop.tree_text(),
        "w: splith[?a* 960 (marks a), ?b 960 (marks b)]\n"
    );
}

#[test]
fn hidden_scratchpad_window_is_scaled_to_the_hidden_output_and_back() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output eDP-1");
    let a = open(&desktop, "a");
    desktop.run_i3(&format!(
        "[con_id={a}] floating enable, resize set 600 px 400 px, move absolute position 300 px 100 px, move scratchpad"
    ));
    let tree = desktop.tree();
    let hidden = tree::scratchpad(&tree).expect("i3 has one");
    let internal = &tree::nodes(&tree)[0];
    assert_eq!(internal["name"], "__i3");
    // Of i3 4.22: the middle (600, 300) on 1920 x 1080 is (2400, 1200) there.
    assert_eq!(tree::geometry(&internal["rect"]), "7680x4320+0+0");
    let frame = &tree::floating_nodes(hidden)[0];
    assert_eq!(tree::geometry(&frame["rect"]), "600x400+2100+1000");
    desktop.run_i3(&format!("[con_id={a}] scratchpad show"));
    assert!(desktop.tree_text().contains("a* 600x400+300+100"));
    // On another output it has its middle in the same proportion.
    desktop.run_i3(&format!("[con_id={a}] scratchpad show; focus output DP-1"));
    desktop.run_i3(&format!("[con_id={a}] scratchpad show"));
    assert!(desktop.tree_text().contains("a* 600x400+2420+200"));
}

// --- bytes that are not UTF-8 -------------------------------------------------

/// A window whose class, instance, role and title are not UTF-8.
fn open_odd(desktop: &Desktop) -> u64 {
    let window = TestWindow::new(r"odd\xff")
        .class(r"Odd\xff")
        .role(r"role\xff")
        .title(r"title\xff");
    desktop.open_window(window).con()
}

/// Runs a command that holds any bytes; true if i3 says that it did it.
fn is_done(desktop: &Desktop, command: &[u8]) -> bool {
    let reply = desktop.ipc().request(CommandType::RunCommand, command);
    reply[0]["success"] == true
}

#[test]
fn i3_passes_on_bytes_and_repairs_titles_only() {
    let desktop = Desktop::new();
    open_odd(&desktop);
    assert!(is_done(&desktop, b"mark --add m\xed\xa0\x80"));
    assert!(is_done(&desktop, br"mark --add \\ud800"));
    assert!(is_done(&desktop, b"title_format \xfe"));
    desktop.sync();
    let tree = desktop.ipc().request_bytes(CommandType::GetTree);
    let tree = tree.escape_ascii().to_string().replace(r#"\""#, "\"");
    for part in [
        r#""class":"Odd\xff""#,
        r#""instance":"odd\xff""#,
        r#""window_role":"role\xff""#,
        // U+FFFD, the replacement character.
        r#""title":"title\xef\xbf\xbd""#,
        r#""title_format":"\xfe""#,
        // A surrogate as bytes stays; i3 never writes one as an escape.
        r#""marks":["m\xed\xa0\x80","\\\\ud800"]"#,
    ] {
        assert!(tree.contains(part), "{part} is not in {tree}");
    }
}

#[test]
fn text_that_is_not_utf8_matches_no_pattern() {
    let desktop = Desktop::new();
    open_odd(&desktop);
    open(&desktop, "plain");
    for pattern in ["Odd", ".*", "^.+$", "", r"Odd.", r"\\xff", r"\\C"] {
        let command = format!("[class=\"{pattern}\" instance=\"dd\"] mark m");
        assert!(!is_done(&desktop, command.as_bytes()), "{pattern}");
    }
    assert!(is_done(&desktop, r#"[title="^title.$"] mark m"#.as_bytes()));
    // A placeholder does not take it by its class, but by its title.
    desktop.close_all_windows();
    for (name, swallow) in [
        ("class", json!({ "class": ".*" })),
        ("title", json!({ "title": "^title\u{fffd}$" })),
    ] {
        let node = json!({ "type": "con", "swallows": [swallow], "marks": [name] });
        desktop.run_i3(&append(&desktop, name, &workspace(name, &[node], &[])));
    }
    let taken = marked(&desktop.tree(), "title")["id"].as_u64();
    assert_eq!(Some(open_odd(&desktop)), taken);
}

#[test]
fn criterion_whose_pattern_is_not_utf8_is_dropped() {
    let desktop = Desktop::new();
    let con = open(&desktop, "a");
    open(&desktop, "b");
    let id = con.to_string();
    let command = [b"[con_id=", id.as_bytes(), b" class=\"^x\xff$\"] mark m"];
    assert!(is_done(&desktop, &command.concat()));
    assert_eq!(marked(&desktop.tree(), "m")["id"], con);
}

#[test]
fn append_layout_takes_utf8_only() {
    let desktop = Desktop::new();
    let path = desktop.path().join("tmp/odd.json");
    let json = b"{ \"type\": \"con\", \"nodes\": [], \"marks\": [\"m\xff\"] }";
    std::fs::write(&path, json).expect("the directory is ours");
    let command = format!("append_layout {}", path.display());
    assert!(!is_done(&desktop, command.as_bytes()));
}
