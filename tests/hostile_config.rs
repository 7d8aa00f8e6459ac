//! A person's i3 config does not change what comes back, whatever rules are in it.

use crate::harness::{Desktop, Name, TestWindow, tree};

/// What [`LAYOUT`] looks like.
const TREE: &str = "\
1: splith[a* 1152, tabbed 768[b, c]] floating[f 800x600+100+200]
2: splith[d 2560]
";

fn layout() -> String {
    let window = |name: &str| {
        format!(
            "id: {name}, swallow: {{ instance: ^{name}$ }}, command: {}",
            TestWindow::new(name).command()
        )
    };
    format!(
        "version: 1
workspaces:
  - name: \"1\"
    output: eDP-1
    visible: true
    nodes:
      - {{ {}, percent: 60, focused: true }}
      - layout: tabbed
        percent: 40
        nodes:
          - {{ {} }}
          - {{ {} }}
    floating:
      - {{ {}, rect: 800x600+100+200 }}
  - name: \"2\"
    output: DP-1
    visible: true
    nodes:
      - {{ {} }}
focus: \"1\"
",
        window("a"),
        window("b"),
        window("c"),
        window("f"),
        window("d")
    )
}

/// Two monitors, and these lines in the config.
fn desktop(config: &str) -> Desktop {
    let desktop = Desktop::builder().two_monitors().config(config).start();
    desktop.save_text("t", &layout());
    desktop
}

/// Starts all programs, changes the desktop as a person does, closes two windows; each time
/// `apply` restores it.
#[track_caller]
fn wins(desktop: &Desktop, expected: &str) {
    desktop.run_i3("focus output eDP-1");
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), expected, "started");
    settled(desktop);

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
    assert_eq!(desktop.tree_text(), expected, "brought back");
    assert_eq!((desktop.starts(), desktop.unmaps()), (starts, unmaps));
    settled(desktop);

    desktop.run_i3("[instance=^b$] kill; [instance=^f$] kill");
    desktop.wait_until("they are closed", || {
        tree::windows(&desktop.tree()).len() == 3
    });
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), expected, "two started again");
    settled(desktop);
}

/// A second apply has nothing to do.
#[track_caller]
fn settled(desktop: &Desktop) {
    desktop.assert_idempotent("t");
    desktop.run(["diff", "t"]).success();
}

/// The config wins nothing.
#[track_caller]
fn holds_against(config: &str) {
    wins(&desktop(config), TREE);
}

#[test]
fn rule_that_floats() {
    holds_against("for_window [class=\"^[A-D]$\"] floating enable");
}

#[test]
fn rule_that_tiles() {
    holds_against("for_window [class=\"^F$\"] floating enable, floating disable");
}

#[test]
fn rule_that_moves_to_a_workspace() {
    holds_against("for_window [class=\"^[A-F]$\"] move container to workspace 9");
}

#[test]
fn rule_that_moves_and_follows() {
    holds_against("for_window [class=\"^[A-F]$\"] move container to workspace 9, workspace 9");
}

#[test]
fn rule_that_hides_in_the_scratchpad() {
    holds_against("for_window [class=\"^[A-F]$\"] move scratchpad");
}

#[test]
fn rule_that_sets_borders() {
    holds_against("for_window [class=\".*\"] border pixel 7");
}

#[test]
fn rule_that_makes_fullscreen() {
    holds_against("for_window [class=\"^[BF]$\"] fullscreen enable");
}

#[test]
fn rule_that_makes_sticky() {
    holds_against("for_window [class=\"^[AF]$\"] sticky enable");
}

#[test]
fn rule_that_resizes_and_moves() {
    holds_against(
        "for_window [class=\"^F$\"] resize set 300 200, move position center\n\
         for_window [class=\"^A$\"] resize set 20 ppt",
    );
}

#[test]
fn rule_that_marks() {
    let desktop = desktop("for_window [class=\".*\"] mark one");
    let text = layout().replace("percent: 60", "percent: 60, marks: [one]");
    desktop.save_text("t", &text);
    wins(&desktop, &TREE.replace("a* 1152", "a* 1152 (marks one)"));
}

#[test]
fn rule_that_splits_and_focuses() {
    holds_against("for_window [class=\".*\"] split v, layout tabbed, focus");
}

#[test]
fn assignment_to_a_workspace() {
    holds_against("assign [class=\"^[A-F]$\"] 9");
}

#[test]
fn assignment_to_an_output() {
    holds_against("assign [class=\"^[A-F]$\"] output DP-1");
}

#[test]
fn no_focus() {
    holds_against("no_focus [class=\".*\"]");
}

#[test]
fn workspaces_are_tabbed() {
    holds_against("workspace_layout tabbed");
}

#[test]
fn workspaces_are_stacked() {
    holds_against("workspace_layout stacking");
}

#[test]
fn default_orientation() {
    holds_against("default_orientation vertical");
}

#[test]
fn activation_none() {
    holds_against("focus_on_window_activation none");
}

#[test]
fn activation_urgent() {
    holds_against("focus_on_window_activation urgent");
}

#[test]
fn activation_focus() {
    holds_against("focus_on_window_activation focus");
}

#[test]
fn back_and_forth() {
    holds_against("workspace_auto_back_and_forth yes");
}

#[test]
fn default_borders() {
    wins(
        &desktop("default_border pixel 1\ndefault_floating_border none"),
        "\
1: splith[a* 1152 (border pixel), tabbed 768[b (border pixel), c (border pixel)]] floating[f 800x600+100+200 (border none)]
2: splith[d 2560 (border pixel)]
",
    );
}

/// i3 before 4.22 ignores what the config says about gaps.
const WITHOUT_GAPS: &str = "\
1: splith[a* 1152, tabbed 768[b, c]] floating[f 800x600+100+200]
2: splith[d 2560]
";

#[test]
fn gaps() {
    let desktop = desktop("gaps inner 10\ngaps outer 5");
    wins(
        &desktop,
        if tree::has_gaps(&desktop.tree()) {
            "\
1: splith[a* 1131, tabbed 749[b, c]] floating[f 800x600+100+200]
2: splith[d 2530]
"
        } else {
            WITHOUT_GAPS
        },
    );
}

#[test]
fn smart_gaps() {
    let desktop = desktop("gaps inner 10\nsmart_gaps on");
    wins(
        &desktop,
        if tree::has_gaps(&desktop.tree()) {
            "\
1: splith[a* 1137, tabbed 753[b, c]] floating[f 800x600+100+200]
2: splith[d 2560]
"
        } else {
            WITHOUT_GAPS
        },
    );
}

#[test]
fn hidden_edge_borders_both() {
    holds_against("hide_edge_borders both");
}

#[test]
fn hidden_edge_borders_smart() {
    holds_against("hide_edge_borders smart");
}

#[test]
fn hidden_edge_borders_smart_no_gaps() {
    holds_against("hide_edge_borders smart_no_gaps");
}

#[test]
fn popups_during_fullscreen_smart() {
    holds_against("popup_during_fullscreen smart");
}

#[test]
fn popups_during_fullscreen_leave_fullscreen() {
    holds_against("popup_during_fullscreen leave_fullscreen");
}

#[test]
fn popups_during_fullscreen_ignore() {
    holds_against("popup_during_fullscreen ignore");
}

#[test]
fn focus_follows_the_pointer() {
    // The last one counts; the harness has its own before.
    holds_against("focus_follows_mouse yes\nmouse_warping output");
}

#[test]
fn workspaces_of_outputs() {
    wins(
        &desktop("workspace 1 output DP-1\nworkspace 2 output eDP-1\nworkspace 9 output DP-1"),
        // There and back: i3 scales the place of a floating window each time.
        &TREE.replace("+100+200", "+99+199"),
    );
}

#[test]
fn urgency_hint_is_kept() {
    holds_against("force_display_urgency_hint 2000 ms");
}

#[test]
fn titles_and_fonts() {
    holds_against("for_window [all] title_window_icon on\nshow_marks yes\ntitle_align center");
}

#[test]
fn bar() {
    let desktop = Desktop::builder().two_monitors().bar().start();
    desktop.save_text("t", &layout());
    wins(&desktop, TREE);
}

/// i3 does not let it be larger, so it cannot be won.
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

/// i3 runs a rule once for each window, but again for each title that fits.
#[test]
fn rule_that_fights_forever() {
    let desktop = desktop("for_window [title=\"^(tick|tock)\"] floating toggle");
    let command = TestWindow::new("a")
        .arg("--title-after", "20:tick")
        .arg("--title-after", "40:tock")
        .arg("--title-after", "60:tick 2")
        .arg("--title-after", "80:tock 2")
        .arg("--title-after", "100:tick 3")
        .arg("--title-after", "120:tock 3")
        .command();
    let text = layout().replace(&TestWindow::new("a").command(), &command);
    desktop.save_text("t", &text);
    let output = desktop.run(["apply", "t", "--json", "--timeout", "5"]);
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{}", output.transcript());
    assert!(output.json()["commands"].as_u64() < Some(200));
    // When it is quiet, it is won.
    desktop.wait_until("the title is the last one", || {
        desktop.tree_text_by(Name::Title).contains("tock 3")
    });
    desktop.sync();
    desktop.apply("t");
    assert_eq!(desktop.tree_text(), TREE);
    settled(&desktop);
}

/// Where something cannot be won, people are told which rules to look at.
#[test]
fn rules_for_a_window_that_is_not_in_its_place_are_named() {
    let rule = "for_window [class=\"^F$\"] resize set 300 200";
    let others = "for_window [class=\"^A$\"] border none";
    let desktop = desktop(&format!(
        "floating_maximum_size 400 x 300\n{rule}\n{others}"
    ));
    let output = desktop.run(["apply", "t"]).code(1);
    output.stderr_has(&format!("; this may be due to the i3 config: `{rule}`\n"));
}
