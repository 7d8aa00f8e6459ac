//! Tests of single keys in i3's layout JSON. `tests/layout_json.rs` checks i3's requirements for
//! the complete JSON.

use serde_json::{Value, json};

use super::append_json::{
    Guest, Label, Look, export, labels, place, scratchpad, waiting, workspace,
};
use crate::compile::{Plan, SlotIdx};
use crate::geometry::Rect;
use crate::live::build::{desktop, output};
use crate::live::{ConId, Desktop, GapSizes};
use crate::testing::plan;
use crate::tree::Border;

const SCREEN: Rect = Rect::new(0, 0, 1000, 800);

fn monitors() -> Desktop {
    desktop([
        output("eDP-1", "1920x1080+0+0".parse().unwrap()),
        output("DP-1", "2560x1440+1920+0".parse().unwrap()),
    ])
}

/// The plan of a layout `t` with one workspace `1`, given as YAML below its name.
fn plan_of(body: &str) -> Plan {
    plan(
        &format!("version: 1\nname: t\nworkspaces:\n  - name: '1'\n{body}\n"),
        &monitors(),
    )
}

/// The JSON that a run appends for the only workspace, beside these guests.
fn appended(plan: &Plan, guests: &[Guest]) -> Value {
    let planned = &plan.workspaces[0];
    workspace(plan, planned, "new", guests, SCREEN, Look::default(), None)
}

/// The values of an exported file, which follow one another.
fn exported(plan: &Plan) -> Vec<Value> {
    plan.workspaces
        .iter()
        .flat_map(|planned| {
            let text = export(plan, planned);
            let values = serde_json::Deserializer::from_str(&text).into_iter();
            values.map(Result::unwrap).collect::<Vec<Value>>()
        })
        .collect()
}

fn regex_of(pattern: &str) -> pcre2::bytes::Regex {
    pcre2::bytes::Regex::new(pattern).unwrap()
}

/// A layout with everything that i3's JSON can express.
const EVERYTHING: &str = r"
version: 1
name: t
workspaces:
  - name: '1'
    output: eDP-1
    layout: tabbed
    gaps: { inner: 5, top: 1 }
    nodes:
      - { id: a, swallow: { class: ^A$ }, command: a, border: none, fullscreen: output }
      - layout: splitv
        marks: [column]
        title_format: 'of <i>two</i>'
        nodes:
          - { id: b, swallow: { class: ^B$ }, command: b, marks: [m], border: pixel 3 }
          - { id: c, command: c, percent: 25, title_format: '%class', focused: true }
    floating:
      - { id: f, swallow: { class: ^F$ }, command: f, rect: 300x200+10+20, sticky: true }
      - { id: g, swallow: { class: ^G$ }, command: g, fullscreen: global, scratchpad: true }
  - name: '2'
    output: DP-1
scratchpad:
  - { id: s, swallow: { class: ^S$ }, command: s, rect: 600x400+10+20 }
  - { id: u, swallow: { class: ^U$ }, command: u }
";

fn everything() -> Plan {
    plan(EVERYTHING, &monitors())
}

#[test]
fn guests_reduce_the_shares_of_the_layout() {
    let plan = plan_of(
        "    nodes:
      - { swallow: { class: ^A$ }, percent: 50 }
      - { swallow: { class: ^B$ }, percent: 30 }
      - { swallow: { class: ^C$ }, percent: 20 }",
    );
    let shares = |guests: &[Guest]| -> Vec<f64> {
        let value = appended(&plan, guests);
        let nodes = value["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| (node["percent"].as_f64().unwrap() * 1000.0).round())
            .collect()
    };
    assert_eq!(shares(&[]), [500.0, 300.0, 200.0]);
    let guest = Guest {
        con: ConId(7),
        rect: None,
    };
    // A guest gets the same share as if all siblings had equal shares.
    assert_eq!(shares(&[guest]), [375.0, 225.0, 150.0, 250.0]);
    let whole = plan_of("    nodes: [{ swallow: { class: ^A$ } }]");
    let text = appended(&whole, &[]).to_string();
    assert!(text.contains("\"percent\":1.0"), "{text}");
}

#[test]
fn focus_lists_name_children_in_the_order_of_the_layout_and_guests_last() {
    let plan = everything();
    let guest = Guest {
        con: ConId(7),
        rect: None,
    };
    let value = appended(&plan, &[guest]);
    let id = |pointer: &str| value.pointer(pointer).unwrap()["id"].clone();
    let column = value.pointer("/nodes/1").unwrap();
    assert_eq!(
        column["focus"],
        json!([id("/nodes/1/nodes/1"), id("/nodes/1/nodes/0")])
    );
    let focus = value["focus"].as_array().unwrap();
    assert_eq!(focus[0], id("/nodes/1"), "{value:#}");
    assert_eq!(focus.last(), Some(&id("/nodes/2")), "{value:#}");
    assert_eq!(focus.len(), 5, "{value:#}");
}

#[test]
fn apply_marks_places_and_leaves_the_marks_of_windows_to_the_end() {
    let value = appended(&everything(), &[]);
    let marks = |pointer: &str| value.pointer(pointer).unwrap()["marks"].clone();
    assert_eq!(marks("/nodes/0"), json!(["_i3pm:place:t:a"]));
    assert_eq!(marks("/nodes/1"), json!(["column"]));
    // `m` may be on the window, wherever it is now.
    assert_eq!(marks("/nodes/1/nodes/0"), json!(["_i3pm:place:t:b"]));
    assert_eq!(
        marks("/floating_nodes/0/nodes/0"),
        json!(["_i3pm:place:t:f"])
    );
    assert!(!value.to_string().contains("swallows"), "{value:#}");
    // A fullscreen placeholder would cover everything else.
    assert!(!value.to_string().contains("fullscreen"), "{value:#}");
}

#[test]
fn guests_are_identified_by_container() {
    let plan = plan_of("    nodes: []");
    let rect = Rect::new(5, 6, 70, 80);
    let guests = [
        Guest {
            con: ConId(7),
            rect: None,
        },
        Guest {
            con: ConId(8),
            rect: Some(rect),
        },
    ];
    let value = appended(&plan, &guests);
    assert_eq!(value["nodes"][0]["marks"], json!(["_i3pm:keep:7"]));
    let frame = &value["floating_nodes"][0];
    assert_eq!(frame["nodes"][0]["marks"], json!(["_i3pm:keep:8"]));
    assert_eq!(
        frame["rect"],
        json!({ "x": 5, "y": 6, "width": 70, "height": 80 })
    );
}

#[test]
fn properties_are_written_where_the_layout_has_them() {
    let value = appended(&everything(), &[]);
    let at = |pointer: &str| value.pointer(pointer).unwrap();
    let of = |pointer: &str, key: &str| at(pointer)[key].clone();
    assert_eq!(value["layout"], "tabbed");
    assert_eq!(of("/nodes/0", "border"), "none");
    assert_eq!(of("/nodes/0", "current_border_width"), 0);
    assert_eq!(of("/nodes/1", "layout"), "splitv");
    assert_eq!(of("/nodes/1", "title_format"), "of <i>two</i>");
    assert_eq!(of("/nodes/1/nodes/0", "border"), "pixel");
    assert_eq!(of("/nodes/1/nodes/0", "current_border_width"), 3);
    assert_eq!(of("/nodes/1/nodes/1", "percent"), 0.25);
    assert_eq!(of("/nodes/1/nodes/1", "border"), Value::Null);
    assert_eq!(of("/floating_nodes/0/nodes/0", "sticky"), true);
    assert_eq!(of("/floating_nodes/1/nodes/0", "sticky"), Value::Null);
    assert_eq!(of("/floating_nodes/0", "scratchpad_state"), Value::Null);
    assert_eq!(of("/floating_nodes/1", "scratchpad_state"), "changed");
}

/// i3 lays out a hidden workspace only when it is shown, so places must already have the final size
/// of their windows.
#[test]
fn places_have_the_sizes_that_i3_will_give_their_windows() {
    let plan = plan_of(
        "    nodes:
      - { swallow: { class: ^A$ }, percent: 60 }
      - layout: stacked
        percent: 40
        nodes: [{ swallow: { class: ^B$ } }, { swallow: { class: ^C$ }, border: none }]",
    );
    let look = Look {
        title: 20,
        border: Border::Normal(2),
        floating_border: Border::Pixel(1),
    };
    let value = workspace(&plan, &plan.workspaces[0], "new", &[], SCREEN, look, None);
    let rect = |x, y, width, height| json!({ "x": x, "y": y, "width": width, "height": height });
    for (pointer, outer, inner) in [
        ("/nodes/0", rect(0, 0, 600, 800), rect(2, 20, 596, 778)),
        // Below the two titles of the stack.
        (
            "/nodes/1/nodes/0",
            rect(600, 40, 400, 760),
            rect(2, 0, 396, 758),
        ),
        (
            "/nodes/1/nodes/1",
            rect(600, 40, 400, 760),
            rect(0, 0, 400, 760),
        ),
    ] {
        let con = value.pointer(pointer).unwrap();
        assert_eq!(
            (&con["rect"], &con["window_rect"]),
            (&outer, &inner),
            "{con:#}"
        );
    }
}

#[test]
fn gaps_are_written_only_if_i3_supports_them() {
    let plan = everything();
    let planned = &plan.workspaces[0];
    let with = |gaps| workspace(&plan, planned, "new", &[], SCREEN, Look::default(), gaps);
    assert!(with(None).get("gaps").is_none());
    let gaps = GapSizes {
        inner: 5,
        top: 1,
        right: 2,
        bottom: 3,
        left: -4,
    };
    assert_eq!(
        with(Some(gaps))["gaps"],
        json!({ "inner": 5, "top": 1, "right": 2, "bottom": 3, "left": -4 })
    );
}

#[test]
fn only_slots_with_criteria_wait() {
    let plan = everything();
    let slots: Vec<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
    let value = waiting(&plan, &slots, "new").unwrap();
    let frames = value["floating_nodes"].as_array().unwrap();
    let [frame] = frames.as_slice() else {
        panic!("one frame: {value:#}");
    };
    let waiting_nodes = frame["nodes"][0]["nodes"].as_array().unwrap();
    let marks: Vec<&str> = waiting_nodes
        .iter()
        .filter_map(|con| con["marks"][0].as_str())
        .collect();
    assert_eq!(
        marks,
        ["a", "b", "f", "g", "s", "u"].map(|slot| format!("_i3pm:wait:t:{slot}"))
    );
    let c = plan.slots().find(|(_, slot)| slot.id == "c").unwrap().0;
    assert_eq!(waiting(&plan, &[c], "new"), None);
    assert_eq!(waiting(&plan, &[], "new"), None);
}

#[test]
fn label_has_a_text_and_criteria_that_no_window_matches() {
    let plan = everything();
    let label = |name: &str| Label {
        slot: plan.slots().find(|(_, slot)| slot.id == name).unwrap().0,
        rect: SCREEN,
        text: format!("{name}: xterm"),
    };
    let all = [label("a"), label("c")];
    let value = labels(&plan, &all, "new", Look::default());
    for (name, node) in ["a", "c"].iter().zip(value["nodes"].as_array().unwrap()) {
        assert_eq!(node["title_format"], format!("{name}: xterm"));
        assert_eq!(node["marks"], json!([format!("_i3pm:label:t:{name}")]));
        // Regardless of the slot's border: the label is in the title bar.
        assert_eq!(node["border"], "normal");
        let machine = node["swallows"][0]["machine"].as_str().unwrap();
        assert!(!regex_of(machine).is_match(b"host").unwrap());
        assert!(!regex_of(machine).is_match(b"").unwrap());
    }
}

#[test]
fn single_place_has_the_requested_size() {
    let plan = everything();
    let value = place(&plan, SlotIdx(0), SCREEN, "new");
    assert_eq!(
        value["nodes"],
        json!([{
            "type": "con",
            "id": 1,
            "rect": { "x": 0, "y": 0, "width": 1000, "height": 800 },
            "window_rect": { "x": 2, "y": 20, "width": 996, "height": 778 },
            "percent": 1.0,
            "marks": ["_i3pm:place:t:a"],
        }])
    );
}

#[test]
fn scratchpad_window_without_a_rect_is_left_to_i3() {
    let plan = everything();
    let floating: Vec<_> = plan.scratchpad.iter().collect();
    let value = scratchpad(&plan, &floating, "new", Look::default());
    let frames = &value["floating_nodes"];
    // `move scratchpad` changes the state of the other.
    assert_eq!(frames[0]["scratchpad_state"], Value::Null);
    assert_eq!(
        frames[0]["rect"],
        json!({ "x": 10, "y": 20, "width": 600, "height": 400 })
    );
    assert_eq!(frames[1]["scratchpad_state"], "fresh");
}

#[test]
fn exported_windows_have_criteria_marks_and_fullscreen() {
    let values = exported(&everything());
    // One container for the tabs, and the floating windows.
    assert_eq!(values.len(), 3, "{values:#?}");
    let tabs = &values[0];
    assert_eq!(tabs["layout"], "tabbed");
    assert_eq!(tabs["percent"], 1.0);
    assert_eq!(tabs["nodes"][0]["swallows"], json!([{ "class": "^A$" }]));
    assert_eq!(tabs["nodes"][0]["fullscreen_mode"], 1);
    assert_eq!(tabs["nodes"][1]["nodes"][0]["marks"], json!(["m"]));
    assert_eq!(tabs["focus"].as_array().unwrap().len(), 2);
    // i3 rejects empty criteria, so those of `c` match nothing.
    let never = &tabs["nodes"][1]["nodes"][1]["swallows"][0]["class"];
    assert!(!regex_of(never.as_str().unwrap()).is_match(b"any").unwrap());
    assert_eq!(values[1]["type"], "floating_con");
    assert_eq!(values[2]["nodes"][0]["fullscreen_mode"], 2);
    assert!(!format!("{values:?}").contains("_i3pm"), "{values:#?}");
}

#[test]
fn exported_nodes_of_a_workspace_side_by_side_need_no_container() {
    let plan = plan_of("    nodes: [{ swallow: { class: ^A$ } }, { swallow: { class: ^B$ } }]");
    let classes: Vec<Value> = exported(&plan)
        .iter()
        .map(|value| value["swallows"][0]["class"].clone())
        .collect();
    assert_eq!(classes, ["^A$", "^B$"]);
}
