//! The user's i3 config does not change the restored layout, regardless of its rules.

use crate::harness::{Desktop, Name, Slot, TestWindow, Workspace, layout, tree};

/// The tree of [`layout_with`] after it is restored.
const TREE: &str = "\
1: splith[a* 1152, tabbed 768[b, c]] floating[f 800x600+100+200]
2: splith[d 2560]
";

/// The layout, with this slot on its left side.
fn layout_with(a: Slot) -> String {
    let slot = |name: &str| TestWindow::new(name).slot();
    let tabs = [slot("b"), slot("c")]
        .map(|slot| slot.to_string())
        .join(", ");
    let workspaces = [
        Workspace::shown("1")
            .with("output: eDP-1")
            .nodes([
                a.with("percent: 60, focused: true").to_string(),
                format!("{{ layout: tabbed, percent: 40, nodes: [{tabs}] }}"),
            ])
            .floating([slot("f").with("rect: 800x600+100+200")]),
        Workspace::shown("2")
            .with("output: DP-1")
            .nodes([slot("d")]),
    ];
    format!("{}focus: \"1\"\n", layout(workspaces))
}

/// A desktop with two monitors and these lines in the i3 config.
fn desktop(config: &str) -> Desktop {
    let desktop = Desktop::builder().two_monitors().config(config).start();
    desktop.save_text("t", &layout_with(TestWindow::new("a").slot()));
    desktop
}

/// Applies to an empty desktop, after the user has rearranged it, and after two windows are
/// closed; each time the result is the expected tree.
#[track_caller]
fn restores_each_time(desktop: &Desktop, expected: &str) {
    desktop.run_i3("focus output eDP-1");
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), expected, "after the start");
    assert_nothing_to_do(desktop);

    for change in [
        "[instance=^a$] move container to workspace 7",
        "[instance=^d$] floating enable",
        "[instance=^f$] floating disable",
        "[instance=^b$] focus; move up",
        "workspace 7",
    ] {
        desktop.ipc().try_run(change);
    }
    desktop.sync();
    let (starts, unmaps) = (desktop.starts(), desktop.unmaps());
    desktop.apply("t");
    assert_eq!(
        desktop.tree_text(),
        expected,
        "after the user rearranged it"
    );
    assert_eq!((desktop.starts(), desktop.unmaps()), (starts, unmaps));
    assert_nothing_to_do(desktop);

    desktop.run_i3("[instance=^b$] kill; [instance=^f$] kill");
    desktop.wait_until("they are closed", || {
        tree::windows(&desktop.tree()).len() == 3
    });
    desktop.apply("t");
    assert_eq!(
        desktop.tree_text(),
        expected,
        "after two windows were closed"
    );
    assert_nothing_to_do(desktop);
}

/// Fails unless another apply and diff find nothing to do.
#[track_caller]
fn assert_nothing_to_do(desktop: &Desktop) {
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success();
}

/// Fails unless the layout is restored exactly despite this config.
#[track_caller]
fn restores_despite(config: &str) {
    restores_each_time(&desktop(config), TREE);
}

#[test]
fn rule_that_floats() {
    restores_despite("for_window [class=\"^[A-D]$\"] floating enable");
}

#[test]
fn rule_that_tiles() {
    restores_despite("for_window [class=\"^F$\"] floating enable, floating disable");
}

#[test]
fn rule_that_moves_to_a_workspace() {
    restores_despite("for_window [class=\"^[A-F]$\"] move container to workspace 9");
}

#[test]
fn rule_that_moves_and_follows() {
    restores_despite("for_window [class=\"^[A-F]$\"] move container to workspace 9, workspace 9");
}

#[test]
fn rule_that_hides_in_the_scratchpad() {
    restores_despite("for_window [class=\"^[A-F]$\"] move scratchpad");
}

#[test]
fn rule_that_sets_borders() {
    restores_despite("for_window [class=\".*\"] border pixel 7");
}

#[test]
fn rule_that_makes_fullscreen() {
    restores_despite("for_window [class=\"^[BF]$\"] fullscreen enable");
}

#[test]
fn rule_that_makes_sticky() {
    restores_despite("for_window [class=\"^[AF]$\"] sticky enable");
}

#[test]
fn rule_that_resizes_and_moves() {
    restores_despite(
        "for_window [class=\"^F$\"] resize set 300 200, move position center\n\
         for_window [class=\"^A$\"] resize set 20 ppt",
    );
}

#[test]
fn rule_that_marks() {
    let desktop = desktop("for_window [class=\".*\"] mark one");
    let a = TestWindow::new("a").slot().with("marks: [one]");
    desktop.save_text("t", &layout_with(a));
    restores_each_time(&desktop, &TREE.replace("a* 1152", "a* 1152 (marks one)"));
}

#[test]
fn rule_that_splits_and_focuses() {
    restores_despite("for_window [class=\".*\"] split v, layout tabbed, focus");
}

#[test]
fn assignment_to_a_workspace() {
    restores_despite("assign [class=\"^[A-F]$\"] 9");
}

#[test]
fn assignment_to_an_output() {
    restores_despite("assign [class=\"^[A-F]$\"] output DP-1");
}

#[test]
fn no_focus() {
    restores_despite("no_focus [class=\".*\"]");
}

#[test]
fn workspaces_are_tabbed() {
    restores_despite("workspace_layout tabbed");
}

#[test]
fn workspaces_are_stacked() {
    restores_despite("workspace_layout stacking");
}

#[test]
fn default_orientation() {
    restores_despite("default_orientation vertical");
}

#[test]
fn activation_none() {
    restores_despite("focus_on_window_activation none");
}

#[test]
fn activation_urgent() {
    restores_despite("focus_on_window_activation urgent");
}

#[test]
fn activation_focus() {
    restores_despite("focus_on_window_activation focus");
}

#[test]
fn back_and_forth() {
    restores_despite("workspace_auto_back_and_forth yes");
}

#[test]
fn default_borders() {
    restores_each_time(
        &desktop("default_border pixel 1\ndefault_floating_border none"),
        "\
1: splith[a* 1152 (border pixel), tabbed 768[b (border pixel), c (border pixel)]] floating[f 800x600+100+200 (border none)]
2: splith[d 2560 (border pixel)]
",
    );
}

/// Checks a config with gaps, which i3 ignores before 4.22.
#[track_caller]
fn restores_with_gaps(config: &str, expected: &str) {
    let desktop = desktop(config);
    let has_gaps = tree::has_gaps(&desktop.tree());
    let expected = if has_gaps { expected } else { TREE };
    restores_each_time(&desktop, expected);
}

#[test]
fn gaps() {
    restores_with_gaps(
        "gaps inner 10\ngaps outer 5",
        "\
1: splith[a* 1131, tabbed 749[b, c]] floating[f 800x600+100+200]
2: splith[d 2530]
",
    );
}

#[test]
fn smart_gaps() {
    restores_with_gaps(
        "gaps inner 10\nsmart_gaps on",
        "\
1: splith[a* 1137, tabbed 753[b, c]] floating[f 800x600+100+200]
2: splith[d 2560]
",
    );
}

#[test]
fn hidden_edge_borders_both() {
    restores_despite("hide_edge_borders both");
}

#[test]
fn hidden_edge_borders_smart() {
    restores_despite("hide_edge_borders smart");
}

#[test]
fn hidden_edge_borders_smart_no_gaps() {
    restores_despite("hide_edge_borders smart_no_gaps");
}

#[test]
fn popups_during_fullscreen_smart() {
    restores_despite("popup_during_fullscreen smart");
}

#[test]
fn popups_during_fullscreen_leave_fullscreen() {
    restores_despite("popup_during_fullscreen leave_fullscreen");
}

#[test]
fn popups_during_fullscreen_ignore() {
    restores_despite("popup_during_fullscreen ignore");
}

#[test]
fn focus_follows_the_pointer() {
    // The last setting counts; the harness sets another before it.
    restores_despite("focus_follows_mouse yes\nmouse_warping output");
}

#[test]
fn workspaces_of_outputs() {
    restores_despite("workspace 1 output DP-1\nworkspace 2 output eDP-1\nworkspace 9 output DP-1");
}

#[test]
fn urgency_hint_is_kept() {
    restores_despite("force_display_urgency_hint 2000 ms");
}

#[test]
fn titles_and_fonts() {
    restores_despite("for_window [all] title_window_icon on\nshow_marks yes\ntitle_align center");
}

#[test]
fn bar() {
    let desktop = Desktop::builder().two_monitors().bar().start();
    desktop.save_text("t", &layout_with(TestWindow::new("a").slot()));
    restores_each_time(&desktop, TREE);
}

/// i3 does not allow a larger window, so the size cannot be restored.
#[test]
fn largest_floating_size() {
    let desktop = desktop("floating_maximum_size 400 x 300");
    for _ in 0..2 {
        let report = desktop.run(["apply", "t", "--json"]).code(1).json();
        let slots = report["slots"].as_array().expect("a list");
        for slot in slots {
            let is_floating = slot["slot"] == "f";
            assert_eq!(slot["outcome"] == "misplaced", is_floating, "{report:#}");
        }
        assert!(report["commands"].as_u64() < Some(60), "{report:#}");
    }
}

/// i3 runs a rule once per window and again for each new matching title.
#[test]
fn rule_that_toggles_floating_on_each_title() {
    let desktop = desktop("for_window [title=\"^(tick|tock)\"] floating toggle");
    let a = TestWindow::new("a")
        .arg("--title-after", "20:tick")
        .arg("--title-after", "40:tock")
        .arg("--title-after", "60:tick 2")
        .arg("--title-after", "80:tock 2")
        .arg("--title-after", "100:tick 3")
        .arg("--title-after", "120:tock 3")
        .slot();
    desktop.save_text("t", &layout_with(a));
    let output = desktop.run(["apply", "t", "--json", "--timeout", "5"]);
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{}", output.transcript());
    assert!(output.json()["commands"].as_u64() < Some(200));
    // After the last title, the layout is restored.
    desktop.wait_until("the last title is set", || {
        desktop.tree_text_by(Name::Title).contains("tock 3")
    });
    desktop.sync();
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), TREE);
    assert_nothing_to_do(&desktop);
}

/// The warning about a misplaced window names what can be the cause, and nothing else.
#[test]
fn causes_of_a_misplaced_window_are_named() {
    let limit = "floating_maximum_size 400 x 300";
    let resize = "for_window [class=\"^F$\"] resize set 300 200";
    let border = "for_window [class=\"^F$\"] border none";
    let desktop = desktop(&format!("{limit}\n{resize}\n{border}"));
    let output = desktop.run(["apply", "t"]).code(1);
    output
        .stderr_has(&format!("; this may be due to the i3 config: `{limit}`\n"))
        .stderr_has("hint: change this line of the i3 config, or the slot in the layout\n")
        .stderr_has("hint: then run `i3pm-layout apply t")
        .stderr_lacks("border none");
}

/// A rule on a title that the program sets after a while, as browsers do with restored tabs.
const ON_TITLE: &str =
    "for_window [title=\"^Video\"] floating disable, move workspace 10, workspace 10";

fn save_with_late_title(desktop: &Desktop) {
    let window = TestWindow::late("video").title("New");
    let slot = window.title_after("title", "Video").slot();
    let slot = slot.with("seen: { title: Video }");
    desktop.save("t", [slot, TestWindow::new("other").slot()]);
}

#[test]
fn window_that_a_rule_moves_when_its_title_comes_is_placed() {
    let desktop = Desktop::builder().config(ON_TITLE).start();
    save_with_late_title(&desktop);
    let running = desktop.command(["apply", "t"]).start();
    desktop.cue("video");
    desktop.wait_until_filled("video");
    desktop.cue("title");
    running.wait().success().stderr_lacks("i3 config");
    assert_eq!(desktop.visible_workspaces(), ["1"]);
    assert_eq!(desktop.tree_text(), "1: splith[video* 960, other 960]\n");
    desktop.assert_idempotent("t");
}

#[test]
fn rule_on_a_title_that_does_not_come_is_named() {
    let desktop = Desktop::builder().config(ON_TITLE).start();
    save_with_late_title(&desktop);
    desktop.cue("video");
    let applied = desktop.run(["apply", "t"]).success();
    applied
        .stderr_has("will change its window when the title becomes `Video`")
        .stderr_has(ON_TITLE);
    desktop.cue("title");
    desktop.wait_until("the rule moved the window", || {
        desktop.tree_text().contains("10: ")
    });
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), "1: splith[video* 960, other 960]\n");
}
