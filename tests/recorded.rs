//! Capture, compile and diff on recorded replies of i3 (`tests/data/trees/`).
//!
//! The results are snapshots beside each recording. `layout_json` checks what i3 requires of
//! every layout.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use i3pm_layout::capture::{Captured, Options, capture};
use i3pm_layout::compile::append_json::Look;
use i3pm_layout::compile::{Plan, PlannedFloating, SlotIdx, Surroundings, append_json, compile};
use i3pm_layout::diff::{Difference, diff, sentence, sign};
use i3pm_layout::discover;
use i3pm_layout::geometry::Rect;
use i3pm_layout::layout::{Format, WriteOptions, read, write};
use i3pm_layout::live::{Con, ConKind, Desktop, Output, Process, WindowFacts};
use i3pm_layout::matching::{Reuse, match_windows};
use i3pm_layout::wm::recorded;
use insta::assert_snapshot;
use serde_json::Value;

use crate::layout_json::{check_exported, check_placed};

const TREES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/trees");

/// A recorded desktop with an xterm process for each window.
fn desktop(name: &str) -> Desktop {
    let path = Path::new(TREES).join(format!("{name}.json"));
    let text = std::fs::read_to_string(path).expect("the file is in the repository");
    let mut desktop = recorded::desktop(&text).expect("the recording is valid");
    let windows: Vec<_> = desktop
        .tree
        .windows()
        .filter_map(|con| Some((con.window?, con.properties.clone()?.instance?)))
        .collect();
    for (window, instance) in windows {
        let process = Process {
            argv: ["xterm", "-name", &instance].map(str::to_owned).to_vec(),
            cwd: Some("/home/me/src".into()),
            ..Process::default()
        };
        let facts = WindowFacts {
            process: Some(process),
            ..WindowFacts::default()
        };
        desktop.windows.insert(window, facts);
    }
    desktop
}

fn captured(desktop: &Desktop) -> Captured {
    capture(
        desktop,
        &|asked| discover::discover(asked, &EveryProgram),
        &Options {
            name: Some("recorded".to_owned()),
            ..Options::default()
        },
    )
}

/// A machine that has every program.
struct EveryProgram;

impl discover::Machine for EveryProgram {
    fn home(&self) -> Option<&Path> {
        Some(Path::new("/home/me"))
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/bin").join(name))
    }
}

fn plan(captured: &Captured, outputs: &[Output]) -> Plan {
    let surroundings = Surroundings {
        name: "recorded",
        identity: None,
        workspaces: &[],
        workspace_outputs: &[],
        outputs,
        env: &BTreeMap::new(),
        home: Path::new("/home/me"),
    };
    compile(&captured.file(), surroundings)
}

/// The names of all recordings, without extension.
fn recordings() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(TREES)
        .expect("the file is in the repository")
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_suffix(".json").map(str::to_owned)
        })
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
}

/// Compares the text with the snapshot beside the recording.
#[track_caller]
fn assert_matches_snapshot(recording: &str, what: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(TREES);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(format!("{recording}.{what}"), text));
}

/// JSON with a value on one line where it fits.
fn compact(value: &Value) -> String {
    fn put(text: &mut String, value: &Value, depth: usize) {
        const WIDTH: usize = 96;
        let line = value.to_string();
        if line.len() + 2 * depth <= WIDTH {
            text.push_str(&line);
            return;
        }
        let indent = "  ".repeat(depth + 1);
        let end = "  ".repeat(depth);
        match value {
            Value::Array(values) => {
                text.push('[');
                for (position, value) in values.iter().enumerate() {
                    let comma = if position == 0 { "" } else { "," };
                    let _ = write!(text, "{comma}\n{indent}");
                    put(text, value, depth + 1);
                }
                let _ = write!(text, "\n{end}]");
            }
            Value::Object(map) => {
                text.push('{');
                for (position, (key, value)) in map.iter().enumerate() {
                    let comma = if position == 0 { "" } else { "," };
                    let _ = write!(text, "{comma}\n{indent}{}: ", Value::from(key.as_str()));
                    put(text, value, depth + 1);
                }
                let _ = write!(text, "\n{end}}}");
            }
            _ => text.push_str(&line),
        }
    }
    let mut text = String::new();
    put(&mut text, value, 0);
    text + "\n"
}

/// The JSON that `apply` appends when no window is open.
fn appended_by_apply(plan: &Plan, outputs: &[Output]) -> Vec<Value> {
    let slots: Vec<SlotIdx> = plan.slots().map(|(idx, _)| idx).collect();
    let scratchpad: Vec<&PlannedFloating> = plan.scratchpad.iter().collect();
    let mut values: Vec<Value> = plan
        .workspaces
        .iter()
        .map(|planned| {
            let area = outputs
                .iter()
                .find(|output| Some(&output.name) == planned.output.as_ref())
                .map_or(Rect::new(0, 0, 640, 480), |output| output.rect);
            append_json::workspace(
                plan,
                planned,
                &planned.name,
                &[],
                area,
                Look::default(),
                None,
            )
        })
        .collect();
    values.extend(append_json::waiting(plan, &slots, "waiting"));
    if !scratchpad.is_empty() {
        values.push(append_json::scratchpad(
            plan,
            &scratchpad,
            "scratchpad",
            Look::default(),
        ));
    }
    values
}

/// The workspaces and JSON values of the files that `compile -o` writes.
fn exported(plan: &Plan) -> Vec<(String, Vec<Value>)> {
    plan.workspaces
        .iter()
        .map(|planned| {
            let text = append_json::export(plan, planned);
            let values = serde_json::Deserializer::from_str(&text)
                .into_iter()
                .collect::<Result<_, _>>()
                .expect("the file is a sequence of JSON values");
            (planned.name.clone(), values)
        })
        .collect()
}

fn lines(values: &[Value]) -> String {
    values.iter().map(compact).collect()
}

/// One line per difference; differences of focus and visibility are in parentheses.
fn sentences(found: &[Difference]) -> String {
    let mut text = String::new();
    for difference in found {
        let line = format!(
            "{} {}: {}",
            sign(difference),
            [&difference.workspace, &difference.slot]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("/"),
            sentence(difference)
        );
        let _ = if difference.is_attention() {
            writeln!(text, "({line})")
        } else {
            writeln!(text, "{line}")
        };
    }
    text
}

fn differences(plan: &Plan, desktop: &Desktop) -> Vec<Difference> {
    let assignment = match_windows(plan, desktop, Reuse::All);
    diff(plan, desktop, &assignment)
}

#[test]
fn captured_layouts_match_snapshots_and_read_back_the_same() {
    for name in recordings() {
        let captured = captured(&desktop(&name));
        let yaml = write(&captured.file(), Format::Yaml, &WriteOptions::default());
        let again = read(&yaml, "it.yaml", Format::Yaml).expect("the written layout is valid");
        assert_eq!(again, captured.file(), "{name}");
        let mut text = yaml;
        for warning in &captured.warnings {
            let _ = writeln!(text, "# warning: {warning}");
        }
        assert_matches_snapshot(&name, "capture", &text);
    }
}

#[test]
fn appended_layouts_match_snapshots_and_the_rules_of_i3() {
    for name in recordings() {
        let desktop = desktop(&name);
        let plan = plan(&captured(&desktop), &desktop.outputs);
        let applied = appended_by_apply(&plan, &desktop.outputs);
        applied.iter().for_each(check_placed);
        assert_matches_snapshot(&name, "apply", &lines(&applied));

        let mut text = String::new();
        for (workspace, values) in exported(&plan) {
            values.iter().for_each(check_exported);
            let _ = write!(text, "// {workspace}\n{}", lines(&values));
        }
        assert_matches_snapshot(&name, "export", &text);
    }
}

#[test]
fn export_writes_one_json_value_after_the_other() {
    let desktop = desktop("i3-4.22-three-uneven");
    let plan = plan(&captured(&desktop), &desktop.outputs);
    let text = append_json::export(&plan, &plan.workspaces[0]);
    let first = text.split("\n\n").next().expect("the layout has a window");
    assert_snapshot!(first, @r#"
    {
      "type": "con",
      "id": 1,
      "percent": 0.525,
      "swallows": [
        {
          "instance": "^editor$"
        }
      ]
    }
    "#);
}

#[test]
fn layouts_fit_on_one_smaller_monitor() {
    let screen = Rect::new(0, 0, 1366, 768);
    let small = [Output {
        name: "LVDS-1".to_owned(),
        rect: screen,
        primary: true,
        ..Output::default()
    }];
    for name in recordings() {
        let plan = plan(&captured(&desktop(&name)), &small);
        for planned in &plan.workspaces {
            assert_eq!(planned.output.as_deref(), Some("LVDS-1"), "{name}");
        }
        let floating = plan
            .workspaces
            .iter()
            .flat_map(|planned| &planned.content.floating);
        for floating in floating.chain(&plan.scratchpad) {
            let Some(rect) = floating.rect else { continue };
            let right = i64::from(rect.x) + i64::from(rect.width);
            let bottom = i64::from(rect.y) + i64::from(rect.height);
            assert!(
                rect.x >= 0 && rect.y >= 0 && right <= 1366 && bottom <= 768,
                "{name}: {rect} is not on {screen}"
            );
        }
        assert_eq!(
            plan.workspaces
                .iter()
                .filter(|planned| planned.visible)
                .count(),
            1,
            "{name}: one monitor shows one workspace"
        );
        let applied = appended_by_apply(&plan, &small);
        applied.iter().for_each(check_placed);
        let frames: Vec<Value> = applied
            .iter()
            .filter_map(|value| value["floating_nodes"].as_array())
            .flatten()
            .map(|frame| {
                let mark = &frame["nodes"][0]["marks"][0];
                Value::from(format!(
                    "{} {}",
                    mark.as_str().unwrap_or("-"),
                    frame["rect"]
                ))
            })
            .filter(|line| !line.to_string().contains("_i3pm:wait"))
            .collect();
        let places: Vec<Value> = plan
            .workspaces
            .iter()
            .map(|planned| Value::from(planned.name.as_str()))
            .chain(frames)
            .collect();
        assert_matches_snapshot(&name, "one-small-monitor", &lines(&places));
    }
}

#[test]
fn desktop_does_not_differ_from_its_own_layout() {
    for name in recordings() {
        let desktop = desktop(&name);
        let plan = plan(&captured(&desktop), &desktop.outputs);
        let found: Vec<Difference> = differences(&plan, &desktop)
            .into_iter()
            .filter(|difference| !difference.is_attention())
            .collect();
        assert_eq!(sentences(&found), "", "{name}");
    }
}

/// The container with this instance or mark.
fn named<'a>(con: &'a mut Con, name: &str) -> Option<&'a mut Con> {
    let is_it = con.attributes.marks.iter().any(|mark| mark == name)
        || con
            .properties
            .as_ref()
            .is_some_and(|properties| properties.instance.as_deref() == Some(name));
    if is_it {
        return Some(con);
    }
    con.nodes
        .iter_mut()
        .chain(&mut con.floating_nodes)
        .find_map(|child| named(child, name))
}

/// The tiling parent of the container, and its position there.
fn parent_of<'a>(con: &'a mut Con, name: &str) -> Option<(&'a mut Con, usize)> {
    let position = con.nodes.iter().position(|child| {
        child
            .properties
            .as_ref()
            .is_some_and(|properties| properties.instance.as_deref() == Some(name))
    });
    if let Some(position) = position {
        return Some((con, position));
    }
    con.nodes
        .iter_mut()
        .chain(&mut con.floating_nodes)
        .find_map(|child| parent_of(child, name))
}

fn change(desktop: &mut Desktop, name: &str, edit: impl FnOnce(&mut Con)) {
    edit(named(&mut desktop.tree, name).expect("the window was recorded"));
}

/// Swaps two windows, but not their sizes.
fn swap(desktop: &mut Desktop, one: &str, other: &str) {
    let mut copies = [one, other].map(|name| {
        named(&mut desktop.tree, name)
            .expect("the window was recorded")
            .clone()
    });
    let [first, second] = &mut copies;
    std::mem::swap(&mut first.percent, &mut second.percent);
    std::mem::swap(&mut first.rect, &mut second.rect);
    std::mem::swap(&mut first.deco_rect, &mut second.deco_rect);
    for name in [one, other] {
        change(desktop, name, |con| {
            con.attributes.marks.push("here".to_owned() + name);
        });
    }
    for (copy, name) in copies.into_iter().zip([other, one]) {
        change(desktop, &format!("here{name}"), |con| *con = copy);
    }
}

fn close(desktop: &mut Desktop, name: &str) -> Con {
    let (parent, position) = parent_of(&mut desktop.tree, name).expect("the window was recorded");
    let con = parent.nodes.remove(position);
    parent.focus.retain(|id| *id != con.id);
    let sum: f64 = parent.nodes.iter().filter_map(|node| node.percent).sum();
    for node in &mut parent.nodes {
        node.percent = node.percent.map(|percent| percent / sum);
    }
    con
}

#[test]
fn diff_lists_the_changes_of_a_desktop() {
    let mut desktop = desktop("i3-4.22-two-outputs");
    let plan = plan(&captured(&desktop), &desktop.outputs);
    swap(&mut desktop, "editor", "tab-one");
    close(&mut desktop, "below");
    change(&mut desktop, "mail", |con| con.percent = Some(0.3));
    change(&mut desktop, "chat", |con| con.percent = Some(0.7));
    change(&mut desktop, "calc", |con| con.attributes.sticky = false);
    // i3 gives a floating window the default floating border.
    let mut beside = close(&mut desktop, "beside");
    beside.floating = true;
    beside.attributes.border = Some(desktop.defaults.floating_border);
    let rect = Rect::new(2000, 200, 400, 300);
    let (workspace, _) = parent_of(&mut desktop.tree, "movie").expect("the window was recorded");
    let frame = Con {
        id: i3pm_layout::live::ConId(1),
        kind: ConKind::FloatingCon,
        rect,
        window: None,
        properties: None,
        percent: None,
        floating: false,
        focus: vec![beside.id],
        nodes: vec![Con {
            rect,
            percent: Some(1.0),
            ..beside.clone()
        }],
        ..beside
    };
    workspace.focus.push(frame.id);
    workspace.floating_nodes.push(frame);
    assert_snapshot!(sentences(&differences(&plan, &desktop)), @r#"
    - 1:code/below: has no window
    ~ 1:code/calc: sticky: false, expected true
    ~ 1:code: arrangement is splith[tab-one, tabbed[editor, stacked[tab-two]]], expected splith[editor, tabbed[tab-one, stacked[tab-two]]]
    ~ 2:ünï ✓/beside: is floating, expected tiled
    ~ 2:ünï ✓: arrangement is splith[movie], expected splith[movie, beside]
    ~ 3: mail: size is 30.0 % (426 px), expected 50.0 % (710 px)
    ~ 3: chat: size is 70.0 % (994 px), expected 50.0 % (710 px)
    "#);
}

#[test]
fn diff_with_another_desktop_lists_every_window() {
    let desktop = desktop("i3-4.22-two-outputs");
    let other = self::desktop("i3-4.22-three-uneven");
    let plan = plan(&captured(&desktop), &desktop.outputs);
    assert_snapshot!(sentences(&differences(&plan, &other)), @r#"
    ~ 1:code/editor: marks: none, expected main
    - 1:code/tab-one: has no window
    - 1:code/tab-two: has no window
    - 1:code/below: has no window
    - 1:code/calc: has no window
    + 1:code: `a log` is not in the layout
    + 1:code: `shell` is not in the layout
    - 2:ünï ✓/movie: has no window
    - 2:ünï ✓/beside: has no window
    - 3: does not exist
    - 3/mail: has no window
    - 3/chat: has no window
    - 3/dropdown: has no window
    - hidden-note: has no window
    "#);
}
