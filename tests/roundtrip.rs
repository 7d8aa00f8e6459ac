//! Round trips: after capture, close and apply, the tree is the same, a second apply does
//! nothing, and a second capture writes the same file.

use crate::harness::{Desktop, TestWindow};

/// Captures, closes everything, applies and compares.
#[track_caller]
pub(crate) fn assert_round_trip(desktop: &Desktop) {
    desktop.visit_all_workspaces();
    let before = desktop.tree();
    desktop.run(["capture", "t"]).success();
    let saved = desktop.layout("t");
    desktop.close_all_windows();
    desktop.run(["apply", "t"]).success();
    // Some programs set their title after their window is mapped.
    desktop.wait_until("the titles are the same", || {
        titles(&desktop.tree()) == titles(&before)
    });
    desktop.visit_all_workspaces();
    desktop.assert_same_tree(&before);
    desktop.run(["diff", "t"]).success();
    desktop.assert_idempotent("t");
    desktop.run(["capture", "t"]).success();
    assert_eq!(saved, desktop.layout("t"), "the second capture differs");
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

/// Opens windows with these names, one after the other.
fn open(desktop: &Desktop, names: &[&str]) {
    for &name in names {
        desktop.open_window(name);
    }
}

#[test]
fn three_windows_of_uneven_percents() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b", "c"]);
    desktop.run_i3(
        "[instance=a] resize set 50 ppt
         [instance=b] resize grow right 37 px
         [instance=a] focus",
    );
    assert_round_trip(&desktop);
}

#[test]
fn nested_splits_tabs_and_stacks() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b"]);
    desktop.run_i3("split v");
    open(&desktop, &["c"]);
    desktop.run_i3("layout tabbed");
    open(&desktop, &["d"]);
    desktop.run_i3("split v");
    open(&desktop, &["e"]);
    desktop.run_i3("layout stacking");
    open(&desktop, &["f"]);
    desktop.run_i3("focus left\nfocus parent\nfocus parent");
    open(&desktop, &["g"]);
    desktop.run_i3("[instance=g] resize grow left 111 px");
    assert_round_trip(&desktop);
}

#[test]
fn floating_and_sticky_windows() {
    let desktop = Desktop::new();
    open(&desktop, &["tiled", "floating", "sticky"]);
    desktop.run_i3(
        "[instance=floating] floating enable, resize set 613 px 407 px, move position 101 px 203 px
         [instance=sticky] floating enable, sticky enable, resize set 300 px 200 px, move position 1500 px 20 px
         [instance=tiled] focus",
    );
    assert_round_trip(&desktop);
}

#[test]
fn floating_container_of_two_windows() {
    let desktop = Desktop::new();
    open(&desktop, &["tiled", "left"]);
    desktop.run_i3("split h");
    open(&desktop, &["right"]);
    desktop.run_i3(
        "focus parent, floating enable, resize set 900 px 500 px, move position 100 px 100 px
         [instance=right] focus",
    );
    assert_round_trip(&desktop);
}

#[test]
fn scratchpad_hidden_and_shown() {
    let desktop = Desktop::new();
    open(&desktop, &["tiled", "fresh", "placed", "shown"]);
    desktop.run_i3(
        "[instance=fresh] move scratchpad
         [instance=placed] floating enable, resize set 700 px 301 px, move position 33 px 44 px, move scratchpad
         [instance=shown] move scratchpad
         [instance=shown] scratchpad show
         [instance=shown] resize set 800 px 300 px, move position 200 px 0 px",
    );
    assert_round_trip(&desktop);
}

#[test]
fn marks_on_windows_and_containers() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b"]);
    desktop.run_i3("split v");
    open(&desktop, &["c"]);
    desktop.run_i3(
        r#"[instance=a] mark --add first, mark --add "with \"quotes\" and ünicode"
           focus parent, mark column
           focus child"#,
    );
    assert_round_trip(&desktop);
}

#[test]
fn borders_titles_and_fullscreen() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b", "c", "d"]);
    desktop.run_i3(
        "[instance=a] border pixel 5
         [instance=b] border none
         [instance=c] title_format \"<b>%title</b> [%class]\"
         [instance=d] fullscreen enable",
    );
    assert_round_trip(&desktop);
}

#[test]
fn title_formats_of_windows_and_containers() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b"]);
    desktop.run_i3("split v");
    open(&desktop, &["c"]);
    desktop.run_i3(
        "layout tabbed
         focus parent
         title_format \"of <i>two</i>\"
         [instance=b] title_format \"%instance\", focus",
    );
    assert_round_trip(&desktop);
    let text = desktop.layout("t");
    assert_eq!(text.matches("title_format").count(), 2, "{text}");
}

#[test]
#[expect(clippy::print_stderr, reason = "reports that the test is skipped")]
fn gaps_of_workspaces() {
    let desktop = Desktop::builder()
        .config(
            "gaps inner 8\ngaps outer 4\nworkspace 2 gaps inner 20\nworkspace 2 gaps top 30\n\
             workspace 3 gaps left 50",
        )
        .start();
    if !crate::harness::tree::has_gaps(&desktop.tree()) {
        eprintln!("skipped: i3 has gaps since 4.22");
        return;
    }
    for (workspace, gaps) in [
        // The gaps of the config.
        ("1", "nop"),
        ("2", "nop"),
        ("3", "gaps inner current set 33; gaps left current set 6"),
        ("4", "gaps outer current set 16; gaps bottom current plus 5"),
        ("5", "gaps outer current set 12"),
    ] {
        desktop.run_i3(&format!("workspace {workspace}; {gaps}"));
        for name in ["a", "b"] {
            desktop.open_window(format!("{name}{workspace}").as_str());
        }
    }
    desktop.visit_all_workspaces();
    let before = gaps(&desktop);
    assert_round_trip(&desktop);
    let text = desktop.layout("t");
    assert_eq!(text.matches("gaps:").count(), 3, "{text}");
    assert!(text.contains("gaps: { inner: 33, left: 6 }"), "{text}");
    assert!(
        text.contains("gaps: { top: 16, right: 16, bottom: 21, left: 16 }"),
        "{text}"
    );
    assert!(text.contains("gaps: { outer: 12 }"), "{text}");
    assert_eq!(gaps(&desktop), before);
    // Gaps alone are a difference.
    desktop.run_i3("workspace 4; gaps inner current set 40");
    let output = desktop.run(["diff", "t"]).code(1);
    output.stdout_has("gaps are inner 40");
    desktop.run(["apply", "t"]).success();
    assert_eq!(gaps(&desktop), before);
    desktop.assert_idempotent("t");
}

/// The gaps and the rect of each workspace.
fn gaps(desktop: &Desktop) -> Vec<String> {
    let tree = desktop.tree();
    let workspaces = crate::harness::tree::workspaces(&tree);
    let text = |con: &serde_json::Value| format!("{} {} {}", con["name"], con["gaps"], con["rect"]);
    workspaces.iter().map(|one| text(one.con)).collect()
}

#[test]
fn fullscreen_window_that_floats() {
    let desktop = Desktop::new();
    open(&desktop, &["tiled", "f"]);
    desktop.run_i3(
        "[instance=f] floating enable, border pixel 1, resize set 734 px 366 px
         [instance=f] move position 120 px 376 px, fullscreen enable",
    );
    assert_round_trip(&desktop);
    // The window is also restored behind fullscreen.
    desktop.run_i3("[instance=f] fullscreen disable");
    let text = desktop.tree_text();
    assert!(text.contains("734x366+120+376"), "{text}");
}

#[test]
fn three_workspaces_with_fifteen_windows() {
    let desktop = Desktop::new();
    for (workspace, count) in [("1", 6), ("2:web", 5), ("3: ünï ♥ code", 4)] {
        desktop.run_i3(&format!("workspace \"{workspace}\""));
        for number in 0..count {
            open(&desktop, &[&format!("w{}-{number}", &workspace[..1])]);
            if number % 2 == 1 {
                desktop.run_i3("split v");
            }
            if number == 3 {
                desktop.run_i3("layout tabbed");
            }
        }
    }
    desktop.run_i3("workspace \"2:web\"\n[instance=w2-1] focus");
    assert_round_trip(&desktop);
}

#[test]
fn two_monitors() {
    let desktop = Desktop::builder().two_monitors().start();
    desktop.run_i3("focus output eDP-1\nworkspace 1");
    open(&desktop, &["a", "b"]);
    desktop.run_i3("workspace 3");
    open(&desktop, &["hidden"]);
    desktop.run_i3("workspace 1");
    desktop.run_i3("focus output DP-1\nworkspace 2");
    open(&desktop, &["c", "f"]);
    desktop
        .run_i3("floating enable, resize set 640 px 480 px, move absolute position 3000 px 700 px");
    assert_round_trip(&desktop);
}

#[test]
fn terminals_of_one_class() {
    let desktop = Desktop::new();
    for number in 0..5 {
        let directory = desktop.create_directory(&format!("home/project {number}"));
        desktop.open_in(&["xterm"], &directory);
    }
    desktop.run_i3("layout tabbed\nsplit v");
    desktop.open_xterm(&["-e", "sh", "-c", "echo \"$HOME\" 'it''s' \\\\ é; exec cat"]);
    assert_round_trip(&desktop);
    // Each terminal is in its own directory.
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
fn commands_with_spaces_quotes_dollars_and_unicode() {
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
        desktop.open_window(TestWindow::new(&format!("w{number}")).title(title));
    }
    assert_round_trip(&desktop);
}

#[test]
fn windows_without_pid_or_class() {
    let desktop = Desktop::new();
    desktop.open_window(TestWindow::new("nopid").arg("--pid", "none"));
    desktop.open_window(TestWindow::new("wrongpid").arg("--pid", "wrong"));
    desktop.open_window(
        TestWindow::new("noclass")
            .flag("--no-class")
            .title("without class"),
    );
    assert_round_trip(&desktop);
}

#[test]
fn several_windows_of_one_process() {
    let desktop = Desktop::new();
    open(&desktop, &["a"]);
    desktop.open_window(TestWindow::new("web").title("page {n}").count(3));
    desktop.run_i3("layout tabbed");
    assert_round_trip(&desktop);
}

#[test]
fn icons_in_title_bars() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b", "c", "d"]);
    desktop.run_i3(
        "[instance=a] title_window_icon yes
         [instance=b] title_window_icon padding 7px
         [instance=d] floating enable, title_window_icon yes
         [instance=a] focus",
    );
    assert_round_trip(&desktop);
    let text = desktop.layout("t");
    assert_eq!(text.matches("title_window_icon: true").count(), 2, "{text}");
    assert_eq!(text.matches("title_window_icon: 7").count(), 1, "{text}");

    desktop.run_i3("[instance=a] title_window_icon no");
    let diff = desktop.run(["diff", "t"]).code(1).stdout;
    let line = "title_window_icon: none, expected 0 px";
    assert!(diff.contains(line), "{diff}");
    desktop.run(["apply", "t"]).success();
    desktop.run(["diff", "t"]).success();
}

/// After `split v` on a window, the next one opens below it.
#[test]
fn split_container_around_one_window() {
    let desktop = Desktop::new();
    open(&desktop, &["a", "b"]);
    desktop.run_i3("[instance=a] focus\nsplit v\n[instance=b] focus");
    assert_round_trip(&desktop);
    desktop.run_i3("[instance=a] focus");
    open(&desktop, &["below"]);
    let tree = desktop.tree();
    let holds_both = |con: &&serde_json::Value| {
        con["layout"] == "splitv" && crate::harness::tree::nodes(con).len() == 2
    };
    let cons = crate::harness::tree::descendants(&tree);
    assert!(cons.iter().any(holds_both), "{}", desktop.tree_text());
}

/// A window opened in the container floats beside the remaining window.
#[test]
fn floating_container_around_one_window() {
    let desktop = Desktop::new();
    open(&desktop, &["tiled", "a"]);
    desktop.run_i3("split v");
    open(&desktop, &["b"]);
    desktop.run_i3(
        "focus parent, floating enable, resize set 500 px 400 px, move position 100 px 100 px
         [instance=b] kill
         [instance=tiled] focus",
    );
    desktop.wait_until("b is gone", || {
        crate::harness::tree::windows(&desktop.tree()).len() == 2
    });
    assert_round_trip(&desktop);
}
