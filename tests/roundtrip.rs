//! What was captured comes back: capture, close everything, apply, and the tree
//! is the same, byte for byte in the file; a second apply has nothing to do.

use crate::harness::{Desktop, TestWindow};

/// Captures, closes, applies, and compares.
#[track_caller]
pub(crate) fn comes_back(desktop: &Desktop) {
    visit_all_workspaces(desktop);
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    let saved = file(desktop);
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    // Some programs say what they show only after their window is there.
    desktop.wait_until("the titles are the same", || {
        titles(&desktop.tree()) == titles(&before)
    });
    visit_all_workspaces(desktop);
    desktop.assert_same_tree(&before);
    desktop.run(["diff", "t"]).success();
    nothing_left_to_do(desktop);
    desktop.run(["capture", "t"]).success();
    assert_eq!(saved, file(desktop), "captured again");
}

fn titles(tree: &serde_json::Value) -> Vec<String> {
    let windows = crate::harness::tree::windows(tree);
    let mut titles: Vec<String> = windows
        .iter()
        .map(|con| con["window_properties"]["title"].to_string())
        .collect();
    titles.sort();
    titles
}

/// i3 lays a workspace out when it is shown; until then its tree holds old rects.
pub(crate) fn visit_all_workspaces(desktop: &Desktop) {
    let shown = desktop.visible_workspaces();
    let focused = desktop.ipc().workspaces();
    let names: Vec<String> = focused
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|workspace| workspace["name"].as_str().map(str::to_owned))
        .collect();
    let current = focused
        .as_array()
        .into_iter()
        .flatten()
        .find(|workspace| workspace["focused"] == true)
        .and_then(|workspace| workspace["name"].as_str().map(str::to_owned));
    for name in names.iter().chain(&shown).chain(&current) {
        desktop.ipc().run(&format!("workspace {name:?}"));
    }
}

fn file(desktop: &Desktop) -> String {
    let path = desktop.path().join("config/i3pm-layout/layouts/t.yaml");
    std::fs::read_to_string(path).expect("it was captured")
}

/// A second apply sends no command and starts nothing.
#[track_caller]
fn nothing_left_to_do(desktop: &Desktop) {
    let starts = desktop.starts();
    let report = desktop.run(["apply", "t", "--json"]).success().json();
    assert_eq!(report["commands"], 0, "{report:#}");
    assert_eq!(desktop.starts(), starts);
}

fn run(desktop: &Desktop, commands: &[&str]) {
    for command in commands {
        desktop.ipc().run(command);
    }
}

fn open(desktop: &Desktop, name: &str) -> u64 {
    desktop.open_window(&TestWindow::new(name)).con()
}

#[test]
fn three_windows_of_uneven_percents() {
    let desktop = Desktop::new();
    let a = open(&desktop, "a");
    let b = open(&desktop, "b");
    open(&desktop, "c");
    run(
        &desktop,
        &[
            &format!("[con_id={a}] resize set 50 ppt"),
            &format!("[con_id={b}] resize grow right 37 px"),
            &format!("[con_id={a}] focus"),
        ],
    );
    comes_back(&desktop);
}

#[test]
fn nested_splits_tabs_and_stacks() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    open(&desktop, "b");
    run(&desktop, &["split v"]);
    open(&desktop, "c");
    run(&desktop, &["layout tabbed"]);
    open(&desktop, "d");
    run(&desktop, &["split v"]);
    open(&desktop, "e");
    run(&desktop, &["layout stacking"]);
    open(&desktop, "f");
    run(&desktop, &["focus left", "focus parent", "focus parent"]);
    let g = open(&desktop, "g");
    run(
        &desktop,
        &[&format!("[con_id={g}] resize grow left 111 px")],
    );
    comes_back(&desktop);
}

#[test]
fn floating_and_sticky_windows() {
    let desktop = Desktop::new();
    open(&desktop, "tiled");
    let f = open(&desktop, "floating");
    let s = open(&desktop, "sticky");
    run(
        &desktop,
        &[
            &format!(
                "[con_id={f}] floating enable, resize set 613 px 407 px, move position 101 px 203 px"
            ),
            &format!(
                "[con_id={s}] floating enable, sticky enable, resize set 300 px 200 px, move position 1500 px 20 px"
            ),
            "[instance=tiled] focus",
        ],
    );
    comes_back(&desktop);
}

#[test]
fn floating_container_of_two_windows() {
    let desktop = Desktop::new();
    open(&desktop, "tiled");
    open(&desktop, "left");
    run(&desktop, &["split h"]);
    open(&desktop, "right");
    run(
        &desktop,
        &[
            "focus parent, floating enable, resize set 900 px 500 px, move position 100 px 100 px",
            "[instance=right] focus",
        ],
    );
    comes_back(&desktop);
}

#[test]
fn scratchpad_hidden_and_shown() {
    let desktop = Desktop::new();
    open(&desktop, "tiled");
    let fresh = open(&desktop, "fresh");
    let placed = open(&desktop, "placed");
    let shown = open(&desktop, "shown");
    run(
        &desktop,
        &[
            &format!("[con_id={fresh}] move scratchpad"),
            &format!(
                "[con_id={placed}] floating enable, resize set 700 px 301 px, move position 33 px 44 px, move scratchpad"
            ),
            &format!("[con_id={shown}] move scratchpad"),
            &format!("[con_id={shown}] scratchpad show"),
            &format!("[con_id={shown}] resize set 800 px 300 px, move position 200 px 0 px"),
        ],
    );
    comes_back(&desktop);
}

#[test]
fn marks_on_windows_and_containers() {
    let desktop = Desktop::new();
    let a = open(&desktop, "a");
    open(&desktop, "b");
    run(&desktop, &["split v"]);
    open(&desktop, "c");
    run(
        &desktop,
        &[
            &format!(
                "[con_id={a}] mark --add first, mark --add \"with \\\"quotes\\\" and ünicode\""
            ),
            "focus parent, mark column",
            "focus child",
        ],
    );
    comes_back(&desktop);
}

#[test]
fn borders_titles_and_fullscreen() {
    let desktop = Desktop::new();
    let a = open(&desktop, "a");
    let b = open(&desktop, "b");
    let c = open(&desktop, "c");
    let d = open(&desktop, "d");
    run(
        &desktop,
        &[
            &format!("[con_id={a}] border pixel 5"),
            &format!("[con_id={b}] border none"),
            &format!("[con_id={c}] title_format \"<b>%title</b> [%class]\""),
            &format!("[con_id={d}] fullscreen enable"),
        ],
    );
    comes_back(&desktop);
}

#[test]
fn title_formats_of_windows_and_containers() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    let b = open(&desktop, "b");
    run(&desktop, &["split v"]);
    open(&desktop, "c");
    run(
        &desktop,
        &[
            "layout tabbed",
            "focus parent",
            "title_format \"of <i>two</i>\"",
            &format!("[con_id={b}] title_format \"%instance\", focus"),
        ],
    );
    comes_back(&desktop);
    let text = file(&desktop);
    assert_eq!(text.matches("title_format").count(), 2, "{text}");
}

#[test]
fn gaps_of_workspaces() {
    let desktop = Desktop::builder()
        .config(
            "gaps inner 8\ngaps outer 4\nworkspace 2 gaps inner 20\nworkspace 2 gaps top 30\n\
             workspace 3 gaps left 50",
        )
        .start();
    for (workspace, gaps) in [
        // As the config has them.
        ("1", ""),
        ("2", ""),
        ("3", "gaps inner current set 33; gaps left current set 6"),
        ("4", "gaps outer current set 16; gaps bottom current plus 5"),
        ("5", "gaps outer current set 12"),
    ] {
        run(&desktop, &[&format!("workspace {workspace}")]);
        if !gaps.is_empty() {
            run(&desktop, &[gaps]);
        }
        open(&desktop, &format!("a{workspace}"));
        open(&desktop, &format!("b{workspace}"));
    }
    visit_all_workspaces(&desktop);
    let before = gaps(&desktop);
    comes_back(&desktop);
    let text = file(&desktop);
    assert_eq!(text.matches("gaps:").count(), 3, "{text}");
    assert!(text.contains("gaps: { inner: 33, left: 6 }"), "{text}");
    assert!(
        text.contains("gaps: { top: 16, right: 16, bottom: 21, left: 16 }"),
        "{text}"
    );
    assert!(text.contains("gaps: { outer: 12 }"), "{text}");
    assert_eq!(gaps(&desktop), before);
    // Gaps alone are a difference, and no window moves for them in the end.
    run(&desktop, &["workspace 4", "gaps inner current set 40"]);
    let output = desktop.run(["diff", "t"]).code(1);
    assert!(
        output.stdout.contains("gaps: are inner 40"),
        "{}",
        output.stdout
    );
    desktop.run(["apply", "t"]).success();
    assert_eq!(gaps(&desktop), before);
    nothing_left_to_do(&desktop);
}

/// The gaps and the place of each workspace.
fn gaps(desktop: &Desktop) -> Vec<String> {
    let tree = desktop.tree();
    let workspaces = crate::harness::tree::workspaces(&tree);
    let text = |con: &serde_json::Value| format!("{} {} {}", con["name"], con["gaps"], con["rect"]);
    workspaces.iter().map(|one| text(one.con)).collect()
}

#[test]
fn fullscreen_window_that_floats() {
    let desktop = Desktop::new();
    open(&desktop, "tiled");
    let f = open(&desktop, "f");
    run(
        &desktop,
        &[
            &format!("[con_id={f}] floating enable, border pixel 1, resize set 734 px 366 px"),
            &format!("[con_id={f}] move position 120 px 376 px, fullscreen enable"),
        ],
    );
    comes_back(&desktop);
    // Behind it, everything is in its place, too.
    run(&desktop, &["[instance=f] fullscreen disable"]);
    let text = desktop.tree_text();
    assert!(text.contains("734x366+120+376"), "{text}");
}

#[test]
fn three_workspaces_with_fifteen_windows() {
    let desktop = Desktop::new();
    for (workspace, count) in [("1", 6), ("2:web", 5), ("3: ünï ♥ code", 4)] {
        run(&desktop, &[&format!("workspace \"{workspace}\"")]);
        for number in 0..count {
            open(&desktop, &format!("w{}-{number}", &workspace[..1]));
            if number % 2 == 1 {
                run(&desktop, &["split v"]);
            }
            if number == 3 {
                run(&desktop, &["layout tabbed"]);
            }
        }
    }
    run(&desktop, &["workspace \"2:web\"", "[instance=w2-1] focus"]);
    comes_back(&desktop);
}

#[test]
fn two_monitors() {
    let desktop = Desktop::builder()
        .monitor("eDP-1", "1920x1080+0+0")
        .monitor("DP-1", "2560x1440+1920+0")
        .start();
    run(&desktop, &["focus output eDP-1", "workspace 1"]);
    open(&desktop, "a");
    open(&desktop, "b");
    run(&desktop, &["workspace 3"]);
    open(&desktop, "hidden");
    run(&desktop, &["workspace 1"]);
    run(&desktop, &["focus output DP-1", "workspace 2"]);
    open(&desktop, "c");
    let f = open(&desktop, "f");
    run(
        &desktop,
        &[&format!(
            "[con_id={f}] floating enable, resize set 640 px 480 px, move absolute position 3000 px 700 px"
        )],
    );
    comes_back(&desktop);
}

#[test]
fn terminals_of_one_class() {
    let desktop = Desktop::new();
    for number in 0..5 {
        let directory = desktop.path().join(format!("home/project {number}"));
        std::fs::create_dir(&directory).expect("the directory is ours");
        desktop.open_in(&["xterm"], &directory);
    }
    run(&desktop, &["layout tabbed", "split v"]);
    desktop.open_xterm(&["-e", "sh", "-c", "echo \"$HOME\" 'it''s' \\\\ é; exec cat"]);
    comes_back(&desktop);
    // Not only the shapes are the same: each terminal is in its own directory.
    for number in 0..5 {
        let directory = desktop.path().join(format!("home/project {number}"));
        let pids = desktop.programs("xterm");
        assert!(
            pids.iter().any(|pid| {
                std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == directory)
            }),
            "no terminal in {}",
            directory.display()
        );
    }
}

#[test]
fn commands_with_blanks_quotes_dollars_and_unicode() {
    let desktop = Desktop::new();
    for (number, title) in [
        "two words",
        "it's \"so\"",
        "${HOME} $HOME",
        "größe ♥",
        "back\\slash ;,[]{}#",
    ]
    .iter()
    .enumerate()
    {
        desktop.open_window(&TestWindow::new(&format!("w{number}")).title(title));
    }
    comes_back(&desktop);
}

#[test]
fn windows_that_say_little() {
    let desktop = Desktop::new();
    desktop.open_window(&TestWindow::new("nopid").arg("--pid", "none"));
    desktop.open_window(&TestWindow::new("wrongpid").arg("--pid", "wrong"));
    desktop.open_window(
        &TestWindow::new("noclass")
            .flag("--no-class")
            .title("without class"),
    );
    comes_back(&desktop);
}

#[test]
fn several_windows_of_one_process() {
    let desktop = Desktop::new();
    open(&desktop, "a");
    desktop.open_window(&TestWindow::new("web").title("page {n}").count(3));
    run(&desktop, &["layout tabbed"]);
    comes_back(&desktop);
}
