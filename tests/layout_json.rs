//! Requirements of i3 on layout JSON (`src/load_layout.c` of i3). i3 ignores or misreads JSON
//! that violates them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use i3pm_layout::compile::append_json::{self, Guest, Label, Look};
use i3pm_layout::compile::{Plan, SlotIdx, Surroundings, compile};
use i3pm_layout::geometry::Rect;
use i3pm_layout::layout::{Format, read};
use i3pm_layout::live::{ConId, GapSizes, Output};
use serde_json::Value;

/// Keys that i3 knows in a container; an object under any other key becomes a container.
const KEYS: [&str; 21] = [
    "border",
    "current_border_width",
    "floating",
    "floating_nodes",
    "focus",
    "fullscreen_mode",
    "gaps",
    "id",
    "layout",
    "marks",
    "name",
    "nodes",
    "percent",
    "rect",
    "scratchpad_state",
    "sticky",
    "swallows",
    "title_format",
    "type",
    "window_icon_padding",
    "window_rect",
];

/// Fails if i3 would misread a container or one of its descendants.
#[track_caller]
pub(crate) fn check_exported(con: &Value) {
    check(con, false);
}

/// The same check for JSON appended by `apply`, which swaps windows into hidden containers.
#[track_caller]
pub(crate) fn check_placed(con: &Value) {
    check(con, true);
}

#[track_caller]
fn check(con: &Value, is_placed: bool) {
    let map = con.as_object().expect("a container is a map");
    let position = |key: &str| map.keys().position(|known| known == key);
    for key in map.keys() {
        let known = KEYS.contains(&key.as_str());
        assert!(known, "`{key}` would become a container: {con:#}");
    }
    for (late, children) in [
        ("marks", "nodes"),
        ("focus", "nodes"),
        ("focus", "floating_nodes"),
    ] {
        if let (Some(late), Some(children)) = (position(late), position(children)) {
            assert!(
                children < late,
                "i3 ignores a key that precedes the children: {con:#}"
            );
        }
    }
    if let Some(percent) = map.get("percent") {
        let text = percent.to_string();
        assert!(text.contains('.'), "{text} is ignored: {con:#}");
    }
    let has_name = map.contains_key("name");
    let is_workspace = con["type"] == "workspace";
    // The name becomes the title of the placeholder, which another placeholder could swallow.
    assert_eq!(has_name, is_workspace, "{con:#}");
    let list = |key: &str| con[key].as_array().cloned().unwrap_or_default();
    for swallow in list("swallows") {
        let criteria = swallow.as_object().expect("criteria are a map");
        assert!(!criteria.is_empty(), "i3 rejects it: {con:#}");
        for pattern in criteria.values().filter_map(Value::as_str) {
            // A placeholder's window has no class, instance, role or machine.
            let regex = regex::Regex::new(pattern);
            let fits_nothing = regex.is_ok_and(|regex| regex.is_match(""));
            assert!(
                !fits_nothing,
                "the pattern also matches placeholders: {con:#}"
            );
        }
    }
    let children = [list("nodes"), list("floating_nodes")].concat();
    for id in list("focus") {
        let is_child = children.iter().any(|child| child["id"] == id);
        assert!(is_child, "{id} is not a child of {con:#}");
    }
    let has_size = |key: &str| {
        let side = |side: &str| con[key][side].as_u64().unwrap_or(0);
        side("width") > 0 && side("height") > 0
    };
    if con["type"] == "floating_con" {
        assert!(has_size("rect"), "i3 rejects it: {con:#}");
        assert_eq!(children.len(), 1, "{con:#}");
        assert_eq!(children[0]["floating"], "user_on", "{con:#}");
    } else if is_placed && children.is_empty() && !is_workspace {
        let has_sizes = has_size("rect") && has_size("window_rect");
        assert!(
            has_sizes,
            "a window that is swapped in gets no size: {con:#}"
        );
    }
    for child in &children {
        check(child, is_placed);
    }
}

/// A layout that uses every key of the JSON.
const EVERYTHING: &str = r"
version: 1
workspaces:
  - name: '1'
    output: eDP-1
    layout: tabbed
    gaps: { inner: 5, top: 1 }
    nodes:
      - { swallow: { class: ^A$ }, command: a, border: none, fullscreen: output }
      - layout: splitv
        marks: [column]
        title_format: 'of <i>two</i>'
        nodes:
          - { swallow: { class: ^B$ }, command: b, marks: [m], border: pixel 3, sticky: true }
          - { command: c, percent: 25, title_format: '%class', title_window_icon: 3, focused: true }
    floating:
      - { swallow: { class: ^F$ }, command: f, rect: 300x200+10+20, sticky: true }
      - { swallow: { class: ^G$ }, command: g, fullscreen: global, scratchpad: true }
      - nodes: [{ swallow: { class: ^H$ } }, { swallow: { class: ^I$ }, marks: [i] }]
  - name: '2'
    output: DP-1
    visible: true
scratchpad:
  - { swallow: { class: ^S$ }, command: s, rect: 600x400+10+20 }
  - { swallow: { class: ^U$ }, command: u }
  - nodes: [{ swallow: { class: ^V$ } }, { swallow: { class: ^W$ } }]
";

/// The example layouts, the valid test layouts and [`EVERYTHING`].
fn layouts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["layouts/examples", "tests/data/layouts/valid"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("the file is in the repository"))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    let mut texts: Vec<String> = files
        .map(|path| fs::read_to_string(path).expect("the file is in the repository"))
        .collect();
    assert!(texts.len() > 5);
    texts.push(EVERYTHING.to_owned());
    texts
}

fn plan(text: &str) -> Plan {
    let output = |name: &str, rect: &str, primary| Output {
        name: name.to_owned(),
        rect: rect.parse().expect("a rect"),
        primary,
        ..Output::default()
    };
    compile(
        &read(text, "t.yaml", Format::Yaml).expect("it is valid"),
        Surroundings {
            name: "t",
            identity: None,
            workspaces: &[],
            workspace_outputs: &[],
            outputs: &[
                output("eDP-1", "1920x1080+0+0", true),
                output("DP-1", "2560x1440+1920+0", false),
            ],
            env: &BTreeMap::new(),
            home: Path::new("/home/user"),
        },
    )
}

#[test]
fn json_of_all_example_layouts_follows_the_rules_of_i3() {
    let look = Look::default();
    let screen = Rect::new(0, 0, 1000, 800);
    let guests = [None, Some(Rect::new(5, 6, 70, 80))].map(|rect| Guest {
        con: ConId(7),
        rect,
    });
    for text in layouts() {
        let plan = plan(&text);
        for planned in &plan.workspaces {
            for (guests, gaps) in [(&guests[..], Some(GapSizes::default())), (&[], None)] {
                check_placed(&append_json::workspace(
                    &plan, planned, "new", guests, screen, look, gaps,
                ));
            }
            let text = append_json::export(&plan, planned);
            for value in serde_json::Deserializer::from_str(&text).into_iter() {
                check_exported(&value.expect("the file is a sequence of JSON values"));
            }
        }
        let floating: Vec<_> = plan.scratchpad.iter().collect();
        check_placed(&append_json::scratchpad(&plan, &floating, "new", look));
        let slots: Vec<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
        if let Some(waiting) = append_json::waiting(&plan, &slots, "new") {
            check_placed(&waiting);
        }
        for slot in slots {
            check_placed(&append_json::place(&plan, slot, screen, "new"));
            let label = Label {
                slot,
                rect: screen,
                text: "text".to_owned(),
            };
            check_placed(&append_json::labels(&plan, &[label], "new", look));
        }
    }
}
