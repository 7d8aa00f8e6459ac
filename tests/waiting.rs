//! Windows that let wait for themselves: what their places say meanwhile, how long they
//! are waited for, and what stays when they do not come.

use std::time::Duration;

use serde_json::Value;

use crate::apply_more::nothing_of_ours_is_left;
use crate::harness::tree::{self, Name};
use crate::harness::{Desktop, TestWindow};

/// Writes the layout `t`: these workspaces, as YAML below `workspaces:`.
fn layout(desktop: &Desktop, workspaces: &str) {
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!("version: 1\nworkspaces:\n{workspaces}"),
    );
}

/// A workspace `1` that is shown and has these nodes.
fn one_workspace(nodes: &[String]) -> String {
    let mut text = "  - name: \"1\"\n    visible: true\n    nodes:\n".to_owned();
    for node in nodes {
        text.push_str("      - ");
        text.push_str(node);
        text.push('\n');
    }
    text
}

/// A slot whose window is known by its instance.
fn slot(name: &str, command: &str) -> String {
    format!("{{ id: {name}, swallow: {{ instance: ^{name}$ }}, command: {command:?} }}")
}

fn late(name: &str, milliseconds: u32) -> String {
    let window = TestWindow::new(name).arg("--map-delay", &milliseconds.to_string());
    slot(name, &window.command())
}

fn with_mark<'a>(tree: &'a Value, mark: &str) -> Option<&'a Value> {
    let mut all = tree::descendants(tree).into_iter();
    all.find(|con| {
        let mut marks = con["marks"].as_array().into_iter().flatten();
        marks.any(|own| own == mark)
    })
}

/// The label in the place of a slot of the layout `t`.
fn label<'a>(tree: &'a Value, slot: &str) -> Option<&'a Value> {
    with_mark(tree, &format!("_i3pm:place:t:{slot}")).filter(|con| con["window"].is_u64())
}

#[track_caller]
fn wait_for_labels(desktop: &Desktop, slots: &[&str]) {
    desktop.wait_until("the places say what is to come", || {
        let tree = desktop.tree();
        slots.iter().all(|slot| label(&tree, slot).is_some())
    });
}

/// Whether the pixels of a title bar have more than one colour.
fn has_text(desktop: &Desktop, con: &Value) -> bool {
    let (rect, bar) = (&con["rect"], &con["deco_rect"]);
    let number = |value: &Value| value.as_i64().expect("a number");
    let area = format!(
        "{}x{}+{}+{}",
        number(&rect["width"]) / 2,
        number(&bar["height"]).max(12) - 4,
        number(&rect["x"]) + 4,
        number(&rect["y"]) + 2,
    );
    let picture = desktop.path().join("label.png");
    desktop.screenshot(&picture);
    let colours = std::process::Command::new("convert")
        .arg(&picture)
        .args(["-crop", &area, "-format", "%k", "info:"])
        .output()
        .expect("imagemagick is installed");
    String::from_utf8_lossy(&colours.stdout).trim() != "1"
}

#[test]
fn window_that_its_own_criteria_do_not_fit_is_placed_and_named() {
    let desktop = Desktop::new();
    let slot = |id: &str, swallow: &str, command: &str| {
        format!("      - {{ id: {id}, swallow: {{ {swallow} }}, command: {command:?} }}\n")
    };
    let late = TestWindow::new("late");
    let slots = [
        slot("bar", "class: ^Foo$", &TestWindow::new("bar").command()),
        slot("late", "class: ^Late$, title: ^never$", &late.command()),
    ];
    desktop.write(
        "config/i3pm-layout/layouts/t.yaml",
        &format!(
            "version: 1\nworkspaces:\n  - name: \"1\"\n    nodes:\n{}",
            slots.concat()
        ),
    );
    let output = desktop.run(["apply", "t"]).success();
    let warning = "warning: slot `bar` of workspace `1` has its window, but `swallow` does not fit \
                   it: its class is `Bar`, not `^Foo$`\n\
                   hint: `swallow: { class: ^Bar$ }` fits it;";
    assert!(output.stderr.contains(warning), "{}", output.stderr);
    // A title may come late.
    assert!(!output.stderr.contains("`late`"), "{}", output.stderr);
    desktop.sync();
    let text = desktop.tree_text().replace('*', "");
    assert_eq!(text, "1: splith[bar 960, late 960]\n");
    // It was said, and by its mark the window is known again.
    let output = desktop.run(["apply", "t"]).success();
    assert!(!output.stderr.contains("warning"), "{}", output.stderr);

    desktop.close_all_windows();
    let report = desktop.run(["apply", "t", "--json"]).success();
    assert_eq!(report.stderr, "");
    let report = report.json();
    let expected = serde_json::json!(
        [{ "criterion": "class", "pattern": "^Foo$", "window": "Bar" }]
    );
    assert_eq!(report["slots"][0]["misfits"], expected, "{report:#}");
    assert!(report["slots"][1]["misfits"].is_null(), "{report:#}");
}

#[test]
fn window_that_says_late_what_capture_saw_is_no_misfit() {
    let desktop = Desktop::new();
    let office = |after: &str| {
        TestWindow::new("soffice")
            .class("Soffice")
            .arg("--class-after", &format!("{after}:writer:writer"))
    };
    desktop.open_window(&office("0"));
    desktop.wait_until("it says what it is", || {
        desktop.tree_text_by(Name::Class).contains("writer")
    });
    desktop.run(["capture", "t", "--workspace", "1"]).success();
    desktop.close_all_windows();
    // As late as programs are that read their settings first.
    let path = "config/i3pm-layout/layouts/t.yaml";
    let text = std::fs::read_to_string(desktop.path().join(path)).expect("it was captured");
    let text = text.replace(" 0:writer", " 600000:writer");
    desktop.write(path, &text);
    let output = desktop.run(["apply", "t"]).success();
    assert!(!output.stderr.contains("does not fit"), "{}", output.stderr);
    // Capture writes no part of a text: a person did, and may be wrong.
    desktop.close_all_windows();
    desktop.write(path, &text.replace("class: ^writer$", "class: ^writ"));
    let output = desktop.run(["apply", "t"]).success();
    let warning = "its class is `Soffice`, not `^writ`\n";
    assert!(output.stderr.contains(warning), "{}", output.stderr);
}

#[test]
fn slot_without_a_command_says_what_fills_it() {
    let desktop = Desktop::new();
    let nodes = [
        slot("a", &TestWindow::new("a").command()),
        "{ id: b, swallow: { instance: ^b$ } }".to_owned(),
    ];
    layout(&desktop, &one_workspace(&nodes));
    let only = ["apply", "t", "--only", "b"];
    let said = desktop.run(only).code(1).stderr;
    let expected = "its window is not open, and it has no command of its own\n\
                    hint: open its window yourself, or give the slot a `command`\n\
                    hint: then `i3pm-layout apply t --only b` tries it again\n";
    assert!(said.contains(expected), "{said}");
    desktop.open_window(&TestWindow::new("b"));
    desktop.run(only).success();
}

#[test]
fn place_says_which_window_is_to_come() {
    let desktop = Desktop::builder()
        .config("font pango:monospace 10\ndefault_border pixel 1\ndefault_floating_border pixel 1")
        .start();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &format!(
            "{}    floating:\n      - {}\n",
            one_workspace(&[
                late("late", 2500),
                slot("good", &good),
                "{ id: more, swallow: { instance: ^late$, title: ^more$ }, timeout: 2 }".to_owned(),
            ]),
            late("floats", 2500).replace(" }, command", " }, rect: 400x300+100+200, command"),
        ),
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late", "more", "floats"]);
    // i3 starts its placeholders as urgent.
    desktop.wait_until("nothing is urgent", || {
        let tree = desktop.tree();
        tree::descendants(&tree)
            .iter()
            .all(|con| con["urgent"] != true)
    });
    let tree = desktop.tree();
    let format = |slot: &str| {
        let label = label(&tree, slot).expect("it waits");
        label["title_format"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let text = format("late");
    assert!(
        text.starts_with("late: test-window --instance late"),
        "{text}"
    );
    assert_eq!(format("more"), "more: waits for a window of late's program");
    for slot in ["late", "more", "floats"] {
        let label = label(&tree, slot).expect("it waits");
        assert!(has_text(&desktop, label), "{label:#}");
    }
    let output = running.wait().code(1);
    assert!(output.stderr.contains("`more`"), "{}", output.stderr);
    let text = desktop.tree_text().replace('*', "");
    let text = text.replace(" (border pixel)", "");
    assert!(text.starts_with("1: splith[late 960, good 960]"), "{text}");
    assert!(text.contains("floats 400x300+100+200"), "{text}");
    let tree = desktop.tree();
    for con in tree::windows(&tree) {
        assert_eq!(con["title_format"], Value::Null, "{con:#}");
        assert_eq!(con["border"], "pixel", "{con:#}");
    }
    nothing_of_ours_is_left(&desktop);
}

/// The window has one size from the beginning, also where nobody looks.
#[test]
fn window_that_comes_late_to_a_hidden_workspace_is_told_its_size_once() {
    let desktop = Desktop::new();
    layout(
        &desktop,
        &format!(
            "{}  - name: \"2\"\n    nodes:\n      - {}\n",
            one_workspace(&[slot("good", &TestWindow::new("good").command())]),
            late("late", 1500),
        ),
    );
    let running = desktop.command(["apply", "t"]).start();
    wait_for_labels(&desktop, &["late"]);
    running.wait().success();
    desktop.sync();
    let text = desktop.tree_text().replace('*', "");
    assert_eq!(text, "1: splith[good 1920]\n2: splith[late 1920]\n");
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn interrupt_removes_what_the_places_say() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &one_workspace(&[slot("never", "sleep 1000"), slot("good", &good)]),
    );
    for keep in [false, true] {
        let keep = keep.then_some("--keep-placeholders");
        let call = ["apply", "t"].into_iter().chain(keep);
        let running = desktop.command(call).start();
        wait_for_labels(&desktop, &["never"]);
        running.interrupt();
        running.wait().code(1);
        assert_eq!(
            desktop.tree_text().replace('*', ""),
            "1: splith[good 1920]\n"
        );
        nothing_of_ours_is_left(&desktop);
    }
}

#[test]
fn killed_run_leaves_labels_that_recover_removes() {
    let desktop = Desktop::new();
    let good = TestWindow::new("good").command();
    let names: Vec<String> = (1..=6).map(|number| format!("never{number}")).collect();
    let mut nodes: Vec<String> = names.iter().map(|name| slot(name, "sleep 1000")).collect();
    nodes.push(slot("good", &good));
    layout(&desktop, &one_workspace(&nodes));
    for _ in 0..3 {
        let running = desktop.command(["apply", "t"]).start();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        wait_for_labels(&desktop, &names);
        running.signal(rustix::process::Signal::KILL);
        let _ = running.wait();
        desktop.run(["recover"]).success();
        assert_eq!(
            desktop.tree_text().replace('*', ""),
            "1: splith[good 1920]\n"
        );
        nothing_of_ours_is_left(&desktop);
    }
}

/// A layout whose second window has not come, and whose placeholder has been kept.
fn kept() -> Desktop {
    let desktop = Desktop::builder().config("font pango:monospace 10").start();
    let good = TestWindow::new("good").command();
    layout(
        &desktop,
        &one_workspace(&[
            slot("never", "sleep 1000").replace(
                ", command",
                ", percent: 25, title_format: '<b>%title</b>', command",
            ),
            slot("good", &good),
        ]),
    );
    let call = ["apply", "t", "--keep-placeholders", "--timeout", "0.5"];
    let output = desktop.run(call).code(1);
    assert!(
        output
            .stderr
            .contains("1 placeholder left for never; `i3pm-layout recover` removes it"),
        "{}",
        output.stderr
    );
    desktop.sync();
    desktop
}

fn placeholders(desktop: &Desktop) -> usize {
    let tree = desktop.tree();
    tree::descendants(&tree)
        .into_iter()
        .filter(|con| {
            con["swallows"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
        })
        .filter(|con| con["layout"] != "dockarea" && con["type"] == "con")
        .count()
}

#[test]
fn kept_placeholder_says_what_it_waits_for_and_takes_its_window() {
    let desktop = kept();
    let tree = desktop.tree();
    let placeholder = with_mark(&tree, "_i3pm:t:never").expect("it is kept");
    assert_eq!(placeholder["name"], "never: sleep 1000");
    assert!(has_text(&desktop, placeholder));
    assert_eq!(placeholder["rect"]["width"], 480);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    assert!(!tree.to_string().contains("_i3pm:wait"));
    // A stranger does not come into it, and nothing that only has no class.
    desktop.open_window(&TestWindow::new("stranger"));
    desktop.open_window(&TestWindow::new("").class("").title("bare"));
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    desktop.open_window(&TestWindow::new("never"));
    assert_eq!(placeholders(&desktop), 0, "{}", desktop.tree_text());
    let tree = desktop.tree();
    let window = with_mark(&tree, "_i3pm:t:never").expect("it has come");
    assert_eq!(window["name"], "never");
    assert_eq!(window["title_format"], "<b>%title</b>");
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
}

#[test]
fn recover_removes_kept_placeholders() {
    let desktop = kept();
    let output = desktop.run(["recover"]).success();
    assert!(
        output.stderr.contains("1 placeholder removed"),
        "{}",
        output.stderr
    );
    assert_eq!(
        desktop.tree_text().replace('*', ""),
        "1: splith[good 1920]\n"
    );
    nothing_of_ours_is_left(&desktop);
    let output = desktop.run(["recover"]).success();
    assert!(output.stderr.contains("nothing"), "{}", output.stderr);
}

#[test]
fn next_apply_knows_kept_placeholders() {
    let desktop = kept();
    let keep = ["apply", "t", "--keep-placeholders", "--timeout", "0.5"];
    desktop.run(keep).code(1);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    // Nobody is waited for, but the windows have to be arranged anew.
    desktop.open_window(&TestWindow::new("beside"));
    desktop.run_i3("[instance=\"^good$\"] move left, move left");
    desktop.run(["apply", "t", "--no-launch"]).code(1);
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    assert!(with_mark(&desktop.tree(), "_i3pm:t:never").is_some());
    // Another layout leaves it where it is.
    let other = TestWindow::new("other").command();
    desktop.write(
        "config/i3pm-layout/layouts/u.yaml",
        &format!(
            "version: 1\nworkspaces:\n{}",
            one_workspace(&[slot("other", &other)])
        ),
    );
    desktop.run(["apply", "u"]).success();
    assert_eq!(placeholders(&desktop), 1, "{}", desktop.tree_text());
    // The window that is opened elsewhere is brought in, and no other placeholder stays.
    desktop.run_i3("workspace 7");
    layout(
        &desktop,
        &one_workspace(&[
            late("never", 1000),
            slot("good", &TestWindow::new("good").command()),
        ]),
    );
    desktop.run(["apply", "t"]).success();
    assert_eq!(placeholders(&desktop), 0, "{}", desktop.tree_text());
    let tree = desktop.tree();
    let names: Vec<String> = tree::windows(&tree)
        .iter()
        .map(|con| Name::Instance.of(con))
        .collect();
    assert_eq!(names.len(), 4, "{}", desktop.tree_text());
    assert_eq!(names[..2], ["never", "good"], "{}", desktop.tree_text());
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn without_being_told_no_placeholder_stays() {
    let desktop = kept();
    desktop.run(["apply", "t", "--timeout", "0.5"]).code(1);
    assert_eq!(
        desktop.tree_text().replace('*', ""),
        "1: splith[good 1920]\n"
    );
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn all_windows_together_have_a_time() {
    let desktop = Desktop::new();
    layout(
        &desktop,
        &one_workspace(&[
            slot("one", "sleep 1000").replace(", command", ", timeout: 500, command"),
            slot("two", "sleep 1000"),
            slot("hands-over", "true"),
            slot("short", "sleep 1000").replace(", command", ", timeout: 0.2, command"),
        ]),
    );
    let output = desktop
        .run(["apply", "t", "--timeout", "400", "--total-timeout", "0.6"])
        .code(1);
    assert!(output.duration < Duration::from_secs(10));
    assert_eq!(
        output.stderr.matches("within 0.6 s").count(),
        3,
        "{}",
        output.stderr
    );
    assert_eq!(
        output.stderr.matches("within 0.2 s").count(),
        1,
        "{}",
        output.stderr
    );
    // It may have handed over to another one, so its window was waited for.
    let well = "`true` ended well, but no window came within 0.6 s";
    assert!(output.stderr.contains(well), "{}", output.stderr);
    nothing_of_ours_is_left(&desktop);
}

#[test]
fn program_that_fails_is_told_of_while_others_are_waited_for() {
    let desktop = Desktop::new();
    let fails = "test-window --exit-at-once '3:no such profile'";
    layout(
        &desktop,
        &one_workspace(&[slot("never", "sleep 1000"), slot("fails", fails)]),
    );
    let running = desktop.command(["apply", "t"]).start();
    desktop.wait_until("the failure is said", || {
        running
            .stderr_so_far()
            .contains("test-window: no such profile")
    });
    assert!(running.stderr_so_far().contains("status 3"));
    running.interrupt();
    let output = running.wait().code(1);
    assert_eq!(
        output.stderr.matches("status 3").count(),
        1,
        "{}",
        output.stderr
    );
}
