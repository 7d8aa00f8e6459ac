//! Facts about i3 that the program relies on.
//!
//! `docs/i3-facts.md` describes them and names these tests. If a test fails with a newer
//! i3, reconsider the code that relies on the fact.

mod drawing;
mod not_utf8;
mod swallowing;

use serde_json::{Value, json};

use crate::harness::Desktop;
use crate::harness::tree;

fn open(desktop: &Desktop, name: &str) -> u64 {
    desktop.open_window(name).con()
}

/// Writes a layout file, and returns the command that appends it.
fn append_command(desktop: &Desktop, file: &str, layout: &str) -> String {
    let path = desktop.write(&format!("tmp/{file}.json"), layout);
    format!("append_layout {}", path.display())
}

/// Appends a layout.
fn append(desktop: &Desktop, layout: &Value) {
    desktop.run_i3(&append_command(desktop, "layout", &layout.to_string()));
}

fn marked<'a>(tree: &'a Value, mark: &str) -> &'a Value {
    tree::with_mark(tree, mark)
        .unwrap_or_else(|| panic!("no container has the mark {mark}: {tree}"))
}

/// A container without criteria, with an initial size.
fn place(mark: &str, rect: &Value) -> Value {
    let inner = json!({
        "x": 2, "y": 20,
        "width": rect["width"].as_u64().expect("a number") - 4,
        "height": rect["height"].as_u64().expect("a number") - 22,
    });
    json!({ "type": "con", "rect": rect, "window_rect": inner, "marks": [mark] })
}

fn rect(x: i32, y: i32, width: u32, height: u32) -> Value {
    json!({ "x": x, "y": y, "width": width, "height": height })
}

fn workspace(name: &str, nodes: &[Value], floating: &[Value]) -> Value {
    json!({ "type": "workspace", "name": name, "nodes": nodes, "floating_nodes": floating })
}

/// A floating placeholder with criteria, in a frame with a size.
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
    append(&desktop, &layout);
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
    // A placeholder takes windows even if it is not drawn.
    let taken = marked(&tree, "q")["id"].as_u64().expect("a number");
    assert_eq!(open(&desktop, "b"), taken);
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    // A second workspace with the same name is renamed.
    append(&desktop, &workspace("w", &[], &[waiting("r", "c")]));
    assert!(
        tree::workspaces(&desktop.tree())
            .iter()
            .any(|workspace| workspace.con["name"] == "w_1")
    );
}

#[test]
fn marks_and_focus_before_nodes_are_lost() {
    let desktop = Desktop::new();
    let file = |name: &str, text: &str| desktop.run_i3(&append_command(&desktop, name, text));
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
            .expect("the nodes have a parent");
        let kept = name == "after";
        assert_eq!(parent["marks"] == json!([name]), kept, "marks {name}");
        assert_eq!(parent["focus"][1] == first["id"], kept, "focus {name}");
    }
}

#[test]
fn percent_needs_a_decimal_point() {
    let desktop = Desktop::new();
    let leaf = |mark: &str, percent: &str| {
        format!(
            r#"{{ "type": "con", "marks": ["{mark}"], "percent": {percent}, "rect": {{"x": 0, "y": 0, "width": 9, "height": 9}} }}"#
        )
    };
    let text = format!(
        r#"{{ "type": "workspace", "name": "w", "layout": "splith", "nodes": [{}, {}] }}"#,
        leaf("a", "1"),
        leaf("b", "0.25")
    );
    desktop.run_i3(&append_command(&desktop, "p", &text));
    desktop.run_i3("workspace w");
    // The widths would be 4:1 if i3 had read the first percent.
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
    let hidden = tree::scratchpad(&tree).expect("i3 has a scratchpad");
    let internal = &tree::nodes(&tree)[0];
    assert_eq!(internal["name"], "__i3");
    // The center (600, 300) on 1920 x 1080 becomes (2400, 1200) on the hidden output.
    assert_eq!(tree::geometry(&internal["rect"]), "7680x4320+0+0");
    let frame = &tree::floating_nodes(hidden)[0];
    assert_eq!(tree::geometry(&frame["rect"]), "600x400+2100+1000");
    desktop.run_i3(&format!("[con_id={a}] scratchpad show"));
    assert!(desktop.tree_text().contains("a* 600x400+300+100"));
    // On another output, its center is at the same relative position.
    desktop.run_i3(&format!("[con_id={a}] scratchpad show; focus output DP-1"));
    desktop.run_i3(&format!("[con_id={a}] scratchpad show"));
    assert!(desktop.tree_text().contains("a* 600x400+2420+200"));
}
